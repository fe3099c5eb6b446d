"""Publish cases as a static site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.errors import CaseError, FlightcaseError, Problem, SiteError
from geo.resources import asset_text
from geo.scene.composition import worded
from geo.scene.words import Words
from geo.site import index, making
from geo.site.addresses import (
    EMBED,
    FEED,
    HEADERS,
    INDEX,
    MANIFEST,
    MISSING,
    ROBOTS,
    SITEMAP,
    Addresses,
    base_of,
    check_slugs,
)
from geo.site.feed import feed
from geo.site.folder import Folder
from geo.site.headers import headers
from geo.site.links import check
from geo.site.making import Composed, Wanted
from geo.site.manifest import Made
from geo.site.sitemap import robots, sitemap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.scene import Units
    from geo.site.card import Card

    Progress = Callable[[float, str], None]

#: What of the time goes into reading cases, and what into drawing them; the rest writes lists and checks links.
_READ, _DRAWN = 0.15, 0.95
_ADDRESSED: Final = "canonical addresses, pictures for posts, oEmbed, embed code, sitemap, feed"


@dataclass(frozen=True, slots=True)
class Written:
    """One file of a site: its path in the folder, its size, and what is left of it when a server compresses it."""

    path: str
    bytes: int
    gzip: int


@dataclass(frozen=True, slots=True)
class Site:
    """A site as it stands: ``files`` are all of them, of which ``written`` are new or changed.

    ``rendered`` are the cases that were drawn anew, ``removed`` what belonged to the site before, ``left`` what did and
    was changed by somebody since, ``missing`` says what the site lacks without an address, ``broken`` what leads
    nowhere.
    """

    files: tuple[Written, ...]
    written: tuple[str, ...]
    rendered: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]
    missing: str
    broken: tuple[str, ...]


def publish(
    cases: Sequence[Path | str],
    folder: Path | str,
    *,
    url: str | None = None,
    name: str = "",
    languages: Sequence[str] = (),
    units: Units = "nautical",
    case_folder: bool = True,
    progress: Progress = lambda _share, _text: None,
) -> Site:
    """Write a static site of cases: whole cases only, and nothing at all where one of them has a problem.

    Args:
        cases: case folders; the site is these, and a case that was in it before and is not among them leaves it.
        folder: of the site: a new or an empty one, or one that was published before.
        url: where the site will stand. Without it all addresses are relative, and what needs one is left out.
        name: of who publishes.
        languages: in which; all languages of each case when not given.
        units: of the pages.
        case_folder: whether readers may take the case file and its tracks away.
        progress: is told a share of the work and what it is.

    Raises:
        CaseError: when cases have problems: all of all of them.
        SiteError: for an address or names that cannot be, and for a folder that is not ours.
        RenderError: for a language or units that do not exist.
    """
    for language in languages or ("en",):
        worded(language, units)
    wanted = Wanted(base_of(url), " ".join(name.split()), tuple(languages), units, case_folder)
    out = Folder(Path(folder))
    found = _read([Path(case) for case in cases], wanted, out, progress)
    cards = index.in_order([each.card for each in found])
    spoken = _languages(cards)
    addresses = Addresses(wanted.base, spoken[0])
    if wrong := check_slugs([each.card.slug for each in found], spoken):
        raise SiteError("\n".join(["the site cannot be published:", *(f"  {each}" for each in wrong)]))
    out.claim([*(path for one in cards for path in making.paths(one, wanted, addresses)), *_lists(spoken, addresses)])
    out.manifest.origin = out.manifest.origin or wanted.base or wanted.name
    rendered = _draw(found, wanted, addresses, out, progress)
    for slug in out.manifest.cases.keys() - {one.slug for one in cards}:
        del out.manifest.cases[slug]
    _write_lists(cards, spoken, wanted, addresses, out)
    out.tidy()
    out.save()
    progress(_DRAWN, "checking links")
    ours = sorted(out.manifest.files)
    broken = check(out.root, wanted.base, [*ours, MANIFEST])
    progress(1.0, "published")
    return Site(
        tuple(Written(path, file.bytes, file.gzip) for path, file in sorted(out.manifest.files.items())),
        tuple(out.written),
        tuple(rendered),
        tuple(out.removed),
        tuple(out.left),
        "" if wanted.base else _ADDRESSED,
        tuple(broken),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A case of the site: what is known of it, and its scenes where it has to be drawn."""

    card: Card
    drawn: Composed | None


def _read(cases: Sequence[Path], wanted: Wanted, out: Folder, progress: Progress) -> list[_Case]:
    """The cases: as they were made where nothing changed, composed anew where something did.

    Raises:
        CaseError: with the problems of all of them.
    """
    if not cases:
        raise SiteError("a site needs a case; name the folders of the cases")
    found: list[_Case] = []
    problems: list[Problem] = []
    known = {made.key: made for made in out.manifest.cases.values()}
    for number, case in enumerate(cases):
        progress(_READ * number / len(cases), f"reading {case.name}")
        folder = case.parent if case.is_file() else case
        try:
            made = known.get(making.key_of(folder, wanted))
            if made and out.is_whole(made.files):
                found.append(_Case(made.card, None))
            else:
                fresh = making.composed(folder, wanted)
                found.append(_Case(fresh.card, fresh))
        except CaseError as wrong:
            problems += [
                Problem(f"{folder.name}: {each.where}" if each.where else folder.name, each.message, each.place)
                for each in wrong.problems
            ]
        except FlightcaseError as wrong:
            problems.append(Problem(folder.name, str(wrong)))
    if problems:
        raise CaseError("nothing was published", problems)
    return found


def _languages(cards: Sequence[Card]) -> tuple[str, ...]:
    """The languages of the index: those of the cases, the most common one first, as the latest case has them."""
    all_ = [language for one in cards for language in one.languages]
    return tuple(sorted(dict.fromkeys(all_), key=lambda language: -all_.count(language)))


def _draw(found: Sequence[_Case], wanted: Wanted, addresses: Addresses, out: Folder, progress: Progress) -> list[str]:
    """Draw and write the cases that changed, one after the other; gives their names."""
    work = [path for each in found if each.drawn for path in making.paths(each.card, wanted, addresses)]
    count, rendered = 0, []

    def done(path: str) -> None:
        nonlocal count
        count += 1
        progress(_READ + (_DRAWN - _READ) * min(count / len(work), 1.0), path)

    for each in found:
        slug = each.card.slug
        if each.drawn is None:
            out.keep(out.manifest.cases[slug].files)
            continue
        contents = making.made(each.drawn, wanted, addresses, done)
        out.manifest.cases.pop(slug, None)  # not whole until all of it is there
        out.put(contents)
        out.manifest.cases[slug] = Made(each.drawn.key, each.card, tuple(contents))
        rendered.append(slug)
    return rendered


def _lists(spoken: Sequence[str], addresses: Addresses) -> list[str]:
    """The paths of what belongs to all cases."""
    own = [INDEX, FEED] if addresses.base else [INDEX]
    found = [addresses.index_folder(language) + name for language in spoken for name in own]
    found += [ROBOTS, MISSING, HEADERS, EMBED]
    return [*found, SITEMAP] if addresses.base else found


def _write_lists(
    cards: Sequence[Card], spoken: Sequence[str], wanted: Wanted, addresses: Addresses, out: Folder
) -> None:
    """Write what belongs to all cases."""
    contents: dict[str, str] = {ROBOTS: robots(addresses), HEADERS: headers(), EMBED: asset_text(EMBED)}
    if addresses.base:
        contents[SITEMAP] = sitemap(cards, spoken, addresses)
        for language in spoken:
            title = index.heading(Words(language))
            told = feed(cards, language, wanted.name or title, wanted.name or title, out.manifest.origin, addresses)
            if told:
                contents[addresses.index_folder(language) + FEED] = told
    snippets: dict[str, tuple[str, ...]] = {}
    for one in cards if addresses.base else ():
        snippets |= making.snippets(one, addresses)
    shelf = index.Shelf(
        cards=cards,
        languages=spoken,
        files=out.manifest.files,
        made={slug: made.files for slug, made in out.manifest.cases.items()},
        snippets=snippets,
        name=wanted.name,
        feed=FEED in contents,
        addresses=addresses,
    )
    contents |= {addresses.index_folder(language) + INDEX: index.index(shelf, language) for language in spoken}
    contents[MISSING] = index.missing(shelf)
    out.put({path: text.encode() for path, text in contents.items()})
