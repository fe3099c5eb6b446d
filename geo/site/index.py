"""The index: all cases as a list that can be searched, and on a map; and the page for what is not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from string import Template
from typing import TYPE_CHECKING, Final

from geo.model import Text
from geo.render.inline import csp_hash, script_text, shrink_css
from geo.resources import asset_text
from geo.scene.styles import STYLES
from geo.scene.words import Words, own_name
from geo.site.addresses import FEED, INDEX, MISSING, OEMBED, OEMBED_XML, Addresses
from geo.site.world import CROSS, world

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.site.card import Card
    from geo.site.manifest import File
    from geo.site.world import World

_KILO: Final = 1000
_SEPARATOR: Final = " · "


@dataclass(frozen=True, slots=True)
class Shelf:
    """What an index is made from: cases in the order of the list, languages with the first one first, and files.

    ``name`` is who publishes, empty where nobody is named; ``feed`` says whether there is a feed; ``snippets`` are the
    HTML that articles embed, by the path of the page.
    """

    cards: Sequence[Card]
    languages: Sequence[str]
    files: Mapping[str, File]
    made: Mapping[str, Sequence[str]]
    snippets: Mapping[str, Sequence[str]]
    name: str
    feed: bool
    addresses: Addresses


def in_order(cards: Sequence[Card]) -> list[Card]:
    """The latest flight first; those without a date at the end."""
    return sorted(sorted(cards, key=lambda one: one.slug), key=lambda one: one.began, reverse=True)


def heading(words: Words) -> str:
    """What the list of cases is called."""
    return words.say("Flights, as far as is known")


def index(shelf: Shelf, language: str) -> str:
    """The index in a language."""
    words = Words(language)
    drawn = world(shelf.cards, words.say("Map of all flights"))
    style = shrink_css(asset_text("site", "site.css")) + (_places(drawn) if drawn else "")
    script = script_text(asset_text("site", "search.js").strip())
    shown = words.say("{shown} of {all} flights").replace("{all}", words.number(len(shelf.cards)))
    title = heading(words)
    return Template(asset_text("site", "index.html")).substitute(
        lang=escape(language),
        dir=words.direction,
        title=escape(f"{title} – {shelf.name}" if shelf.name else title),
        heading=escape(title),
        publisher=f"<p>{escape(shelf.name)}</p>" if shelf.name else "",
        policy=_policy(style, script),
        head=_head(shelf, language, words),
        style=style,
        languages=_languages(shelf, language, words),
        map=_map(shelf, drawn, language, words) if drawn else "",
        search=escape(words.say("Search titles, flights, aircraft, places, dates")),
        shown=escape(shown),
        none=escape(words.say("No flight matches.")),
        cases="\n".join(_case(shelf, number, one, language, words) for number, one in enumerate(shelf.cards, 1)),
        footer=_footer(shelf, words),
        script=script,
    )


def missing(shelf: Shelf) -> str:
    """The page that a server gives for what is not there; only a site with an address can lead on from it."""
    style = shrink_css(asset_text("site", "site.css"))
    first = Words(shelf.languages[0])
    links = []
    for language in shelf.languages if shelf.addresses.base else ():
        words, address = Words(language), shelf.addresses.absolute(shelf.addresses.index_folder(language) + INDEX)
        links.append(
            f'<p lang="{escape(language)}"><a href="{escape(address)}">{escape(words.say("All flights"))}</a></p>'
        )
    return Template(asset_text("site", MISSING.replace("404", "missing"))).substitute(
        lang=escape(first.language),
        dir=first.direction,
        policy=_policy(style),
        title=escape(first.say("This page is not here.")),
        heading=escape(first.say("This page is not here.")),
        links="\n".join(links),
        style=style,
    )


def _policy(style: str, *scripts: str) -> str:
    rules = {
        "default-src": "'none'",
        **({"script-src": " ".join(map(csp_hash, scripts))} if scripts else {}),
        "style-src": csp_hash(style),
        "img-src": "data:",
        "connect-src": "'self'",  # crawlers ask for robots.txt through the page
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())


def _head(shelf: Shelf, language: str, words: Words) -> str:
    titles = [Text(one.title).said(language) for one in shelf.cards]
    about = escape(_SEPARATOR.join(titles[:3]))
    found = [f'<meta name="description" content="{about}">']
    addresses = shelf.addresses
    if not addresses.base:
        return found[0]
    here = addresses.absolute(addresses.index_folder(language) + INDEX)
    graph = {"type": "website", "title": heading(words), "description": about, "url": escape(here)}
    if shelf.name:
        graph["site_name"] = escape(shelf.name)
    found += [f'<meta property="og:{key}" content="{value}">' for key, value in graph.items()]
    found.append(f'<link rel="canonical" href="{escape(here)}">')
    if len(shelf.languages) > 1:
        each = {one: addresses.absolute(addresses.index_folder(one) + INDEX) for one in shelf.languages}
        pages = {**each, "x-default": each[shelf.languages[0]]}
        found += [
            f'<link rel="alternate" hreflang="{escape(one)}" href="{escape(page)}">' for one, page in pages.items()
        ]
    if shelf.feed:
        told = escape(words.say("Corrections"))
        found.append(f'<link rel="alternate" type="application/atom+xml" title="{told}" href="{FEED}">')
    return "\n".join(found)


def _languages(shelf: Shelf, language: str, words: Words) -> str:
    if len(shelf.languages) == 1:
        return ""
    here = shelf.addresses.index_folder(language)
    found = []
    for each in shelf.languages:
        name = escape(own_name(each))
        if each == language:
            found.append(f'<b aria-current="true">{name}</b>')
        else:
            way = shelf.addresses.relative(shelf.addresses.index_folder(each) + INDEX, here)
            found.append(f'<a lang="{escape(each)}" hreflang="{escape(each)}" href="{escape(way)}">{name}</a>')
    return f'<nav aria-label="{escape(words.say("Language"))}">\n' + "\n".join(found) + "\n</nav>"


def _way(shelf: Shelf, one: Card, shown: str, language: str) -> str:
    """From the index in a language to the page of a case in the language ``shown``."""
    page = shelf.addresses.folder_of(one.slug, shown, one.languages[0]) + INDEX
    return escape(shelf.addresses.relative(page, shelf.addresses.index_folder(language)))


def _shown(one: Card, language: str) -> str:
    return language if language in one.languages else one.languages[0]


def _map(shelf: Shelf, drawn: World, language: str, words: Words) -> str:
    marks = []
    for mark in drawn.marks:
        one = shelf.cards[mark.number - 1]
        shown = _shown(one, language)
        title = Text(one.title).worded(language)
        told = escape(f"{mark.number}: {title.text}")
        marks.append(
            f'<a class="mark m{mark.number}" data-of="{escape(one.slug)}" lang="{escape(title.language)}" '
            f'href="{_way(shelf, one, shown, language)}" title="{told}" aria-label="{told}">{mark.number}</a>'
        )
    said = (
        words.say("Each mark stands where the line of its flight ends."),
        words.say("Lines are simplified; schematic ones show order, not surveyed positions."),
        words.say("Basemap: Natural Earth (public domain)."),
    )
    caption = escape(" ".join(said))
    key = _key(shelf, words)
    return "\n".join(
        [
            '<figure>\n<div class="map">',
            drawn.svg,
            *marks,
            f"</div>\n<figcaption>\n{key}\n<p>{caption}</p>\n</figcaption>\n</figure>",
        ]
    )


def _key(shelf: Shelf, words: Words) -> str:
    """What the lines mean: those that are drawn."""
    drawn = {line.style for one in shelf.cards for line in one.lines}
    entries = []
    for style, said in STYLES.items():
        if style in drawn:
            cross = CROSS.format(17, 4) if style == "rejected" else ""
            swatch = f'<svg viewBox="0 0 34 8" aria-hidden="true"><path class="line {style}" d="M2 4h30"/>{cross}</svg>'
            entries.append(f"<li>{swatch}{escape(words.say(said.legend))}</li>")
    return f"<ul>{''.join(entries)}</ul>"


def _places(drawn: World) -> str:
    """Where the marks stand, as rules: the policy of the page allows no style at an element."""

    def rules(which: str) -> str:
        places = ((mark.number, getattr(mark, which)) for mark in drawn.marks)
        return "".join(f".m{number}{{left:{100 * x:.2f}%;top:{100 * y:.2f}%}}" for number, (x, y) in places)

    return f"{rules('wide')}@media (max-width: 600px){{{rules('phone')}}}"


def _text(written: str | dict[str, str], language: str, *, tag: str = "span") -> str:
    """A text of a case as HTML, with its language where it is another one."""
    said = Text(written).worded(language)
    told = escape(said.text)
    return told if said.language in (language, "und") else f'<{tag} lang="{escape(said.language)}">{told}</{tag}>'


def _case(shelf: Shelf, number: int, one: Card, language: str, words: Words) -> str:
    shown = _shown(one, language)
    title = Text(one.title).worded(language)
    other = f' lang="{escape(title.language)}"' if title.language not in (language, "und") else ""
    what = [escape(part) for part in (one.flight, one.aircraft) if part]
    if one.began:
        what.append(f'<time datetime="{escape(one.began)}">{escape(words.day(date.fromisoformat(one.began)))}</time>')
    if one.updated:
        what.append(
            escape(words.say("Last change: {day}.", day=words.day(date.fromisoformat(one.updated))).rstrip("."))
        )
    return "\n".join(
        part
        for part in (
            f'<li id="{escape(one.slug)}" data-q="{escape(one.search)}">',
            f'<span class="number" aria-hidden="true">{number}</span>',
            f'<h2><a href="{_way(shelf, one, shown, language)}"{other}>{escape(title.text)}</a></h2>',
            f'<p class="what">{_SEPARATOR.join(what)}</p>',
            f"<p>{_text(one.standfirst, language)}</p>" if one.standfirst else "",
            _pages(shelf, one, shown, language),
            _files(shelf, one, shown, language, words),
            "</li>",
        )
        if part
    )


def _pages(shelf: Shelf, one: Card, shown: str, language: str) -> str:
    """Links to the page of a case in its other languages."""
    others = [each for each in one.languages if each != shown]
    if not others:
        return ""
    links = []
    for each in others:
        way, tag = _way(shelf, one, each, language), escape(each)
        links.append(f'<a lang="{tag}" hreflang="{tag}" href="{way}">{escape(own_name(each))}</a>')
    return f'<p class="also">{" ".join(links)}</p>'


def _files(shelf: Shelf, one: Card, shown: str, language: str, words: Words) -> str:
    """What may be taken away: files of the language, the case itself, and the snippet."""
    folder = shelf.addresses.folder_of(one.slug, shown, one.languages[0])
    page = folder + INDEX
    own = [path for path in shelf.made[one.slug] if path.rpartition("/")[0] + "/" == folder]
    own += [path for path in shelf.made[one.slug] if path.endswith(".zip") and path not in own]
    wanted = [path for path in own if path != page and path.rpartition("/")[2] not in (OEMBED, OEMBED_XML)]
    here = shelf.addresses.index_folder(language)
    links = [
        f'<li><a href="{escape(shelf.addresses.relative(path, here))}" download>{escape(path.rpartition("/")[2])}</a> '
        f"<small>{escape(_size(shelf.files[path].bytes, words))}</small></li>"
        for path in wanted
    ]
    snippets = shelf.snippets.get(page, ())
    codes = "\n".join(f"<pre><code>{escape(snippet)}</code></pre>" for snippet in snippets)
    told = f"<p>{escape(words.say('Embed snippet'))}</p>\n{codes}" if codes else ""
    label = words.say("Files and embedding") if codes else words.say("Files")
    listed = "<ul>\n" + "\n".join(links) + "\n</ul>"
    return "\n".join(
        part for part in ("<details>", f"<summary>{escape(label)}</summary>", listed, told, "</details>") if part
    )


def _size(count: int, words: Words) -> str:
    if count < _KILO * _KILO:
        return words.say("{size} kB", size=words.number(count / _KILO, 0 if count >= 10 * _KILO else 1))
    return words.say("{size} MB", size=words.number(count / _KILO / _KILO, 1))


def _footer(shelf: Shelf, words: Words) -> str:
    if not shelf.feed:
        return ""
    return f'<p><a href="{FEED}">{escape(words.say("Corrections as a feed"))}</a></p>'
