"""A scene as plain HTML: what is read without JavaScript, by search engines, on paper, and by the viewer itself.

Each text of the scene has an element of its own, with its name there as class and its language where that is another
than the page's. ``assets/viewer/unpack.js`` reads the words from here, so that a page says nothing twice; ``told`` in
``geo.render.told`` lists what it reads.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from geo.render.layer import sources_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.scene.words import Said

#: Names the list of the sources in the address of a page.
SOURCES: Final = "sources"
#: The tables of plain cells, and the texts above the timeline.
GRIDS: Final = ("state_table", "facts_table")
HEAD: Final = ("title", "standfirst", "description")
#: What ``html.escape`` writes, and a carriage return.
_ESCAPES: Final = str.maketrans({char: escape(char) for char in "&<>\"'"} | {"\r": "&#13;"})
_LINKED: Final = ("https://", "http://")


def plain(words: Said | None) -> str:
    """Words of a scene as a string; nothing gives nothing."""
    if isinstance(words, list):
        return "".join(map(plain, words))
    return words["text"] if isinstance(words, dict) else words or ""


def is_linked(url: str | None) -> bool:
    """Whether an address is one of the web; others are not linked."""
    return bool(url) and str(url).lower().startswith(_LINKED)


def has_clock(event: Mapping[str, Any]) -> bool:
    """Whether the time of an event is written as day and time of day, rather than as a date."""
    return bool(event["long_time"].endswith(f"{event['time_text']} UTC"))


def _text(text: str) -> str:
    """Text as HTML, from which a browser reads the same text: left as it is, a carriage return would get lost."""
    return text.translate(_ESCAPES)


def marked(words: Said) -> str:
    """Words as HTML; those in another language than the page's say so."""
    if isinstance(words, list):
        return "".join(map(marked, words))
    return _text(words) if isinstance(words, str) else _said("span", words)


def _said(element: str, words: Said | None, name: str = "", attributes: str = "") -> str:
    """An element for words of the scene, called by their name there; no words, no element."""
    if words is None:
        return ""
    opened = element + (f' class="{name}"' if name else "") + attributes
    if isinstance(words, dict):
        return f'<{opened} lang="{escape(words["lang"])}" dir="auto">{_text(words["text"])}</{element}>'
    return f"<{opened}>{marked(words)}</{element}>"


def _element(name: str, *inner: str) -> str:
    body = "".join(inner)
    return f"<{name}>{body}</{name}>\n" if body else ""


def _joined(*parts: str, between: str = " · ") -> str:
    return between.join(part for part in parts if part)


def _claim(claim: Mapping[str, Any], words: Mapping[str, str]) -> str:
    who = _joined(_said("em", words["leak"]) if claim["leak"] else "", _said("span", claim["by"], "by"))
    said = _joined(*(_said("span", claim[name], name) for name in ("says", "detail", "time_text")))
    letter, cites = _said("b", claim["letter"], "letter"), _said("span", claim["cites"], "cites")
    return f"<li>{_joined(letter, who + ':', said, cites, between=' ')}</li>\n"


def _link(url: str | None, words: Said, language: str | None = None) -> str:
    if not is_linked(url):
        return _said("span", words)
    spoken = f' hreflang="{escape(language)}"' if language else ""
    return _said("a", words, attributes=f' href="{escape(str(url))}"{spoken}')


def _source(source: Mapping[str, Any]) -> str:
    """``[S1] title, publisher, date · archived copy``: the publisher is the link."""
    ident, copy = escape(source["id"]), source.get("archived")
    kept = f"<small> · {_link(copy['url'], copy['text'])}</small>" if copy else ""
    link = _link(source.get("url"), source["link"], source.get("language"))
    return f'<li id="s-{ident}">[{ident}] {_text(source["before"])}{link}{marked(source["after"])}{kept}</li>\n'


def _cited(sources: Iterable[str], words: Mapping[str, str]) -> str:
    links = [f'<a href="#s-{escape(ident)}">{escape(ident)}</a>' for ident in sources]
    return _element("p", f"{_text(words['sources'])}: {', '.join(links)}") if links else ""


def _time(event: Mapping[str, Any]) -> str:
    opened = f'<time class="long_time" datetime="{escape(event["datetime"])}">'
    if not has_clock(event):
        return f"{opened}{_text(event['long_time'])}</time>"
    day = event["long_time"].removesuffix(f"{event['time_text']} UTC")
    clock = f"{opened}{_text(day)}{_said('b', event['time_text'], 'time_text')} UTC</time>"
    return _joined(clock, _said("span", event["local_text"] or None, "local_text"), between="<br>")


def _event(event: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """One row: number, times, and everything that is said of the event."""
    card = event["card"]
    groups = [
        _said("h4", group["heading"]) + "\n" + _element("ul", *(_claim(claim, words) for claim in group["claims"]))
        for group in card["groups"]
    ]
    graded = _joined(_said("span", event["grade_text"], "grade_text"), _said("span", event["note"], "note"))
    known = _joined(_said("span", card["text"], "text"), _said("b", card["unknown"], "unknown"), between=" ")
    differ = _said("i", card.get("times"), "times")
    number = _said("td", event["number"], "number") or "<td></td>"
    return (
        f'<tr id="e-{escape(event["id"])}">{number}<td>{_time(event)}</td><td>\n'
        + _said("h3", event["title"], "title")
        + "\n"
        + _element("p", graded)
        + _element("p", known)
        + _element("p", differ)
        + "".join(groups)
        + _cited((source["id"] for source in card["sources"]), words)
        + "</td></tr>\n"
    )


def _table(caption: str, columns: Iterable[str], rows: str, name: str = "") -> str:
    head = "".join(_said("th", column, attributes=' scope="col"') for column in columns)
    opened = f'<table class="{name}">' if name else "<table>"
    return f"{opened}{_said('caption', caption)}\n<tr>{head}</tr>\n{rows}</table>\n"


def _grid(name: str, table: Mapping[str, Any]) -> str:
    rows = [_element("tr", *(_said("td", cell) for cell in row)) for row in table["rows"]]
    return _table(table["caption"], table["columns"], "".join(rows), name)


def _event_columns(scene: Mapping[str, Any]) -> Sequence[str]:
    """Number, time and event: the other columns stand within the event's own."""
    number, time, _, event, *_ = scene["table"]["columns"]
    return number, time, event


def _step(step: Mapping[str, Any], scene: Mapping[str, Any]) -> str:
    heading = f"{_said('span', step['time_text'], 'time_text')}: {_said('span', step['title'], 'title')}"
    shown = f'<a href="#e-{escape(step["event"])}">{_text(scene["story"]["more"])}</a>' if step["event"] else ""
    text = _said("p", step["text"], "text") + "\n"
    return _element("li", _element("h3", heading), text, _element("p", shown), _cited(step["sources"], scene["words"]))


def _story(scene: Mapping[str, Any]) -> str:
    """The steps that the author ordered."""
    story = scene.get("story")
    if not story:
        return ""
    steps = "".join(_step(step, scene) for step in story["steps"])
    return _element("h2", _text(story["heading"])) + f'<ol class="steps">\n{steps}</ol>\n'


def _stamped(datetime: str) -> str:
    return f' datetime="{escape(datetime)}"'


def _corrections(scene: Mapping[str, Any]) -> str:
    """What was corrected and when, under a heading to which the head of the text leads."""
    items = [
        f"<li>{_said('time', each['date'], '', _stamped(each['datetime']))}: {_said('span', each['text'])}</li>\n"
        for each in scene["corrections"]
    ]
    heading = f'<h2 id="corrections">{_text(scene["words"]["corrections"])}</h2>\n'
    return heading + _element("ul", *items) if items else ""


def article(scene: Mapping[str, Any], still: str = "") -> str:
    """The whole scene as text: headline, what the map shows, story, every event with its claims and sources, tables.

    Args:
        scene: what ``compose`` made.
        still: a picture of the map, as HTML.

    Returns:
        HTML. The timeline is a table whose rows hold the whole text of each event.
    """
    words = scene["words"]
    sources = _element("ul", *map(_source, sources_of(scene).values()))
    corrected = f'<a href="#corrections">{_text(scene["corrected"])}</a>' if scene.get("corrected") else ""
    title, *introduced = (_said("p" if name != "title" else "h1", scene[name], name) + "\n" for name in HEAD)
    return (
        title
        # No paragraph: those that stand here are the scene's.
        + _element("div", corrected)
        + "".join(introduced)
        + _element("figure", still)
        + _story(scene)
        + _element("h2", _text(scene["list"]["heading"]))
        + _table(scene["table"]["caption"], _event_columns(scene), "".join(_event(e, words) for e in scene["events"]))
        + "".join(_grid(name, scene[name]) for name in GRIDS if scene.get(name))
        + _corrections(scene)
        + _element("footer", *(_said("p", line) for line in scene["footer"]))
        + (f'<h2 id="{SOURCES}">{_text(words["sources"])}</h2>\n{sources}' if sources else "")
    )
