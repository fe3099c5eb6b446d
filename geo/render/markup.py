"""A scene as plain HTML: what is read without JavaScript, by search engines, and on paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from geo.render.layer import GRIDS, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LINKED = ("https://", "http://")


def plain(words: str | Mapping[str, str] | None) -> str:
    """Words of a scene as a string; nothing gives nothing."""
    if words is None:
        return ""
    return words if isinstance(words, str) else words["text"]


def marked(words: str | Mapping[str, str] | None) -> str:
    """Words of a scene as HTML text; those in another language than the page say so."""
    if words is None or isinstance(words, str):
        return escape(words or "")
    return f'<span lang="{escape(words["lang"])}">{escape(words["text"])}</span>'


def _element(name: str, *inner: str, attributes: str = "") -> str:
    body = "".join(inner)
    return f"<{name}{attributes}>{body}</{name}>\n" if body else ""


def _joined(parts: Iterable[str], between: str = " ") -> str:
    return between.join(part for part in parts if part)


def link(url: str | None, text: str, language: str | None = None) -> str:
    """HTML of a link; an address that is not of the web is not linked."""
    if not url or not url.lower().startswith(_LINKED):
        return escape(text)
    spoken = f' hreflang="{escape(language)}"' if language else ""
    return f'<a href="{escape(url)}"{spoken} rel="noopener">{escape(text)}</a>'


def _claim(claim: Mapping[str, Any]) -> str:
    said = _joined([marked(claim["says"]), marked(claim.get("detail")), escape(claim.get("time_text") or "")], " · ")
    letter = f"<b>{escape(claim['letter'])}</b>" if claim.get("letter") else ""
    return f"<li>{_joined([letter, marked(claim['by']) + ':', said, escape(claim.get('cites') or '')])}</li>\n"


def _source(source: Mapping[str, Any]) -> str:
    cited = (
        escape(source["before"])
        + link(source.get("url"), source["link"], source.get("language"))
        + escape(source["after"])
    )
    ident = escape(source["id"])
    return f'<li id="source-{ident}">[{ident}] {cited}</li>\n'


def _cited(source: Mapping[str, Any]) -> str:
    ident = escape(source["id"])
    return f'<a href="#source-{ident}">{ident}</a>'


def _event(event: Mapping[str, Any], words: Mapping[str, str], data: str) -> str:
    """One row: number, times, and everything that is said of the event."""
    card = event["card"]
    time = f'<time datetime="{escape(event["datetime"])}">{escape(event["long_time"])}</time>'
    unknown = f"<b>{marked(card['unknown'])}</b>" if card.get("unknown") else ""
    groups = [
        _element("h4", marked(group["heading"])) + _element("ul", *map(_claim, group["claims"]))
        for group in card["groups"]
    ]
    sources = ", ".join(map(_cited, card["sources"]))
    graded = _joined([escape(event["grade_text"]), marked(event.get("note"))], " · ")
    local = "" if event["aftermath"] else escape(event["local_text"])
    return (
        f"<tr><td>{escape(event['number'] or '')}</td><td>{_joined([time, local], '<br>')}</td><td>\n"
        + _element("h3", marked(event["title"]))
        + _element("p", graded)
        + _element("p", _joined([marked(card.get("text")), unknown]))
        + "".join(groups)
        + (_element("p", f"{escape(words['sources'])}: {sources}") if sources else "")
        + f"{data}</td></tr>\n"
    )


def _table(caption: str, columns: Iterable[str], rows: str, kind: str = "") -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    opened = f'<table class="{kind}">' if kind else "<table>"
    return f"{opened}<caption>{escape(caption)}</caption>\n<tr>{head}</tr>\n{rows}</table>\n"


def _grid(name: str, table: Mapping[str, Any]) -> str:
    """A table of plain cells; its class is the name that page.js gives it back in the scene."""
    rows = ["".join(f"<td>{marked(cell)}</td>" for cell in row) for row in table["rows"]]
    return _table(table["caption"], table["columns"], "".join(_element("tr", row) for row in rows), f"fc-{name}")


def _event_columns(scene: Mapping[str, Any]) -> Sequence[str]:
    """Number, time and event: the other columns stand within the event's own."""
    number, time, _, event, *_ = scene["table"]["columns"]
    return number, time, event


def article(scene: Mapping[str, Any], data: Sequence[str]) -> str:
    """The whole scene as text: headline, what the map shows, every event with its claims and sources, tables, footer.

    Args:
        scene: what ``compose`` made.
        data: HTML that stands at the end of each event.

    Returns:
        HTML. The timeline is a table whose rows hold the whole text of each event.
    """
    words = scene["words"]
    events = [_event(event, words, text) for event, text in zip(scene["events"], data, strict=True)]
    sources = _element("ul", *map(_source, sources_of(scene).values()))
    corrections = [
        f"<li>{escape(correction['date'])}: {marked(correction['text'])}</li>\n" for correction in scene["corrections"]
    ]
    return (
        _element("h1", marked(scene["title"]))
        + _element("p", marked(scene["standfirst"]))
        + _element("p", marked(scene["description"]))
        + _element("h2", escape(scene["list"]["heading"]))
        + _table(scene["table"]["caption"], _event_columns(scene), "".join(events))
        + "".join(_grid(name, scene[name]) for name in GRIDS if scene.get(name))
        + (_element("h2", escape(words["corrections"])) + _element("ul", *corrections) if corrections else "")
        + _element("footer", *(_element("p", marked(line)) for line in scene["footer"]))
        + (_element("h2", escape(words["sources"])) + sources if sources else "")
    )
