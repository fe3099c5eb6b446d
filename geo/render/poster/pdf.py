"""The poster as PDF for print: a page of A4 with the picture, and behind it what the picture rests on.

Typst draws it, with the same parser of SVG as resvg and with our fonts embedded, so that its text can be searched.
CairoSVG was tried and paints the white casing of map labels over them, shapes no Arabic and asks the machine for fonts:
``docs/decisions/0061-pdf.md``.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from geo.errors import RenderError
from geo.render.layer import sources_of
from geo.render.markup import GRIDS, is_linked, plain
from geo.render.poster.text import fonts
from geo.resources import asset_text

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

__all__ = ["pdf"]


def _event(event: Mapping[str, Any]) -> list[str]:
    """Number, time, local time, title, grade with its note, sources."""
    graded = " · ".join(part for part in (event["grade_text"], plain(event["note"])) if part)
    cited = " ".join(f"[{source['id']}]" for source in event["card"]["sources"])
    return [event["number"] or "", event["long_time"], event["local_text"] or "", plain(event["title"]), graded, cited]


def _source(source: Mapping[str, Any]) -> Json:
    url = source.get("url")
    named = {name: plain(source[name]) for name in ("id", "before", "link", "after")}
    return {**named, "url": url if is_linked(url) else None}


def _day(scene: Mapping[str, Any]) -> date:
    """The day of the last change, or else that of the flight's end: equal scenes give equal bytes."""
    changed = scene["updated"]
    return date.fromisoformat(changed) if changed else datetime.fromtimestamp(scene["time"]["end"], UTC).date()


def _said(scene: Mapping[str, Any]) -> Json:
    """What the template writes: plain texts, none of which it reads as markup."""
    updated = _day(scene)
    number, time, local, event, grade, _, sources = scene["table"]["columns"]
    return {
        "title": plain(scene["title"]),
        "description": plain(scene["description"]),
        "language": scene["language"],
        "rtl": scene["direction"] == "rtl",
        "updated": {"year": updated.year, "month": updated.month, "day": updated.day},
        "footer": plain(scene["footer"][-1]) if scene["footer"] else "",
        "events": {
            "caption": scene["table"]["caption"],
            "columns": [number, time, local, event, grade, sources],
            "rows": [_event(event) for event in scene["events"]],
        },
        "tables": [
            {
                "caption": table["caption"],
                "columns": table["columns"],
                "rows": [[*map(plain, row)] for row in table["rows"]],
            }
            for table in (scene.get(name) for name in GRIDS)
            if table
        ],
        "corrections_title": scene["words"]["corrections"],
        "corrections": [[each["date"], plain(each["text"])] for each in scene["corrections"]],
        "sources_title": scene["words"]["sources"],
        "sources": [_source(source) for source in sources_of(scene).values()],
    }


def pdf(scene: Mapping[str, Any], svg: str) -> bytes:
    """The poster as PDF, dated as the scene says, with title, language and description of the picture in it.

    Args:
        scene: what ``compose`` made.
        svg: its poster, wider than high.

    Raises:
        RenderError: when the extra ``pdf`` is not installed, or the drawing cannot be drawn.
    """
    try:
        import typst
    except ImportError as missing:
        raise RenderError("a PDF needs Typst, which is not installed: pip install 'flightcase[pdf]'") from missing

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "poster.typ").write_text(asset_text("print", "poster.typ"), encoding="utf-8")
        (folder / "poster.svg").write_text(svg, encoding="utf-8")
        (folder / "scene.json").write_bytes(orjson.dumps(_said(scene)))
        try:
            return bytes(
                typst.compile(
                    folder / "poster.typ",
                    root=folder,
                    font_paths=[Path(fonts()[0]).parent],
                    ignore_system_fonts=True,
                    format="pdf",
                    timestamp=int(datetime.combine(_day(scene), datetime.min.time(), tzinfo=UTC).timestamp()),
                )
            )
        except RuntimeError as wrong:
            raise RenderError(f"the drawing cannot be set as PDF: {wrong}") from wrong
