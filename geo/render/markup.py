"""A scene as plain HTML: what is read without JavaScript, by search engines, and on paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from geo.render.layer import sources_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LINKED = ("https://", "http://")
# Cells of tables that the list of events does not already say at length, characters.
_LONGEST = 80


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


def link(url: str | None, text: str) -> str:
    """HTML of a link; an address that is not of the web is not linked."""
    if not url or not url.lower().startswith(_LINKED):
        return escape(text)
    return f'<a href="{escape(url)}" rel="noopener">{escape(text)}</a>'


def _claim(claim: Mapping[str, Any]) -> str:
    said = _joined([marked(claim["says"]), marked(claim.get("detail")), escape(claim.get("time_text") or "")], " · ")
    letter = f"<b>{escape(claim['letter'])}</b>" if claim.get("letter") else ""
    return f"<li>{_joined([letter, marked(claim['by']) + ':', said, escape(claim.get('cites') or '')])}</li>\n"


def _source(source: Mapping[str, Any]) -> str:
    cited = escape(source["before"]) + link(source.get("url"), source["link"]) + escape(source["after"])
    ident = escape(source["id"])
    return f'<li id="source-{ident}">[{ident}] {cited}</li>\n'


def _cited(source: Mapping[str, Any]) -> str:
    ident = escape(source["id"])
    return f'<a href="#source-{ident}">{ident}</a>'


def _event(event: Mapping[str, Any], words: Mapping[str, str], data: str) -> str:
    card = event["card"]
    time = f'<time datetime="{escape(event["datetime"])}">{escape(event["long_time"])}</time>'
    unknown = f"<b>{marked(card['unknown'])}</b>" if card.get("unknown") else ""
    groups = [
        _element("h4", marked(group["heading"])) + _element("ul", *map(_claim, group["claims"]))
        for group in card["groups"]
    ]
    sources = ", ".join(map(_cited, card["sources"]))
    return (
        "<li>\n"
        + _element(
            "h3", _joined([escape(f"{event['number']}.") if event["number"] else "", time, marked(event["title"])])
        )
        + _element(
            "p", _joined([escape(event["local_text"]), escape(event["grade_text"]), marked(event.get("note"))], " · ")
        )
        + _element("p", _joined([marked(card.get("text")), unknown]))
        + "".join(groups)
        + (_element("p", f"{escape(words['sources'])}: {sources}") if sources else "")
        + f"{data}</li>\n"
    )


def _table(table: Mapping[str, Any], *, longest: int | None = None) -> str:
    """A table; with ``longest``, without the columns that have a longer cell."""
    rows = table["rows"]
    kept = [
        column
        for column in range(len(table["columns"]))
        if longest is None or all(len(plain(row[column])) <= longest for row in rows)
    ]
    head = "".join(f'<th scope="col">{marked(table["columns"][column])}</th>' for column in kept)
    body = "".join(_element("tr", "".join(f"<td>{marked(row[column])}</td>" for column in kept)) for row in rows)
    return f"<table><caption>{marked(table['caption'])}</caption>\n<tr>{head}</tr>\n{body}</table>\n"


def article(scene: Mapping[str, Any], data: Sequence[str]) -> str:
    """The whole scene as text: headline, what the map shows, every event with its claims and sources, tables, footer.

    Args:
        scene: what ``compose`` made.
        data: HTML that stands at the end of each event.

    Returns:
        HTML. The table of the events leaves out the columns of long text, which the list above it has.
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
        + _element("ol", *events)
        + _table(scene["table"], longest=_LONGEST)
        + (_table(scene["state_table"]) if scene.get("state_table") else "")
        + (_element("h2", escape(words["corrections"])) + _element("ul", *corrections) if corrections else "")
        + _element("footer", *(_element("p", marked(line)) for line in scene["footer"]))
        + (_element("h2", escape(words["sources"])) + sources if sources else "")
    )
