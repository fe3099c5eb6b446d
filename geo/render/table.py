"""The scene as one flat table in CSV, for spreadsheets: a row for everything that has a time or a place.

RFC 4180: commas, CRLF, quotes doubled. It begins with a byte order mark, because Excel takes UTF-8 without one for the
code page of its machine and shows Cyrillic, Arabic and dashes as rubbish; programs that read UTF-8 skip it.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@`` (or their wide forms), a tab or a line end for a
formula, though the texts come from anybody. Such a text is written with an apostrophe before it, as OWASP advises; line
ends and other control characters are spaces, and a separator before such a character has a space behind it, for a
spreadsheet of another country splits cells at semicolons. Numbers and times are ours and stay as they are.

Outlines of areas have no place in a flat table: they are in GeoJSON, GeoParquet and CZML.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Final

from geo.render.features import features
from geo.render.layer import sources_of
from geo.tracks.uncut import cuts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = dict[str, Any]

#: The columns, in order. ``of`` is the id of the line, event or reach that a row belongs to.
COLUMNS: Final = (
    "kind",
    "id",
    "of",
    "time_utc",
    "until_utc",
    "date",
    "lat",
    "lon",
    "style",
    "evidence",
    "basis",
    "grade",
    "within_m",
    "doubt_m",
    "number",
    "title",
    "text",
    "note",
    "sources",
    "source_urls",
    "case",
    "language",
)
_MARK: Final = "\ufeff"
_FORMULA: Final = "=+-@＝＋－＠"  # noqa: RUF001  the wide ones are meant
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SPLIT: Final = re.compile(rf"([;|])(?=[{re.escape(_FORMULA)}])")
#: What is numbers and times of ours in a row, and never begins a formula.
_OURS: Final = frozenset({"time_utc", "until_utc", "lat", "lon", "within_m", "doubt_m"})
_SAID: Final = ("style", "evidence", "basis", "grade", "within_m", "number", "title", "note", "date")
_OWNERS: Final = ("line", "event", "reach")


def table(scene: Mapping[str, Any]) -> str:
    """The table.

    Args:
        scene: what ``compose`` made.

    Returns:
        CSV, the same for equal scenes. ``lat`` and ``lon`` are WGS 84 degrees, times ISO 8601 in UTC; ``within_m`` and
        ``doubt_m`` metres. Of a line every point is a row (kind ``line point``), of an event every claim.
    """
    urls = {ident: one.get("url") or "" for ident, one in sources_of(scene).items()}
    whole = {"case": scene["id"], "language": scene["language"]}
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for feature in features(scene):
        for row in _rows(feature):
            found = {**row, **whole, "source_urls": _joined(urls.get(ident, "") for ident in row["sources"])}
            found["sources"] = " ".join(row["sources"])
            writer.writerow([_cell(name, found.get(name)) for name in COLUMNS])
    return _MARK + sheet.getvalue()


def _joined(addresses: Iterator[str]) -> str:
    return " ".join(filter(None, addresses))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, on one line."""
    line = _SPLIT.sub(r"\1 ", _CONTROL.sub(" ", text))
    return f"'{line}" if line.lstrip().startswith(tuple(_FORMULA)) else line


def _cell(name: str, value: object) -> object:
    if value is None:
        return ""
    return value if name in _OURS else harmless(str(value))


def _rows(feature: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of a feature: of a line its points, of an event itself and its claims."""
    said = feature["properties"]
    ids = [one["id"] for one in said.get("sources", ())]
    row: Row = {name: said.get(name) for name in _SAID} | {"kind": said["kind"], "id": feature["id"], "sources": ids}
    row["of"] = next((said[name] for name in _OWNERS if name in said), None)
    row |= {"time_utc": said.get("from", said.get("time")), "until_utc": said.get("to")}
    geometry = feature["geometry"] or {"type": None, "coordinates": None}
    if said["kind"] in ("line", "other aircraft"):
        yield row
        yield from _along(row, geometry, said)
        return
    if geometry["type"] == "Point":
        row["lon"], row["lat"] = geometry["coordinates"]
    elif "centre" in said:
        row["lon"], row["lat"] = said["centre"]
    if said["kind"] == "crosses":
        for lon, lat in geometry["coordinates"]:
            yield {**row, "lon": lon, "lat": lat}
        return
    if said["kind"] == "event":
        yield {
            **row,
            "time_utc": said.get("from"),
            "text": " ".join(filter(None, [said.get("text"), said.get("times")])),
        }
        yield from _claims(feature, row)
        return
    yield row


def _along(row: Row, geometry: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Row]:
    """The points of a line, without those that only say where it was cut."""
    several = geometry["type"] == "MultiLineString"
    pieces = geometry["coordinates"] if several else [geometry["coordinates"]]
    blank = [[None] * len(piece) for piece in pieces]
    times, doubts = ((found if several else [found]) if (found := said.get(name)) else blank for name in _WITH)
    kept = {name: row[name] for name in ("style", "evidence", "basis", "within_m", "sources")}
    kind = "line point" if said["kind"] == "line" else "point of other aircraft"
    left_out = cuts(pieces)
    for part, (piece, when, doubt) in enumerate(zip(pieces, times, doubts, strict=True)):
        for index, ((lon, lat), time, doubt_m) in enumerate(zip(piece, when, doubt, strict=True)):
            if (part, index) not in left_out:
                place = {"lon": lon, "lat": lat, "time_utc": time, "doubt_m": doubt_m}
                yield {**kept, **place, "kind": kind, "of": row["id"]}


_WITH: Final = ("coordTimes", "doubt_m")


def _claims(feature: Mapping[str, Any], row: Row) -> Iterator[Row]:
    """What each party says of an event, under its name."""
    for number, claim in enumerate(feature["properties"].get("claims", ()), 1):
        text = " ".join(filter(None, [claim.get(name) for name in ("says", "detail", "time_text")]))
        yield {
            "kind": "claim",
            "id": f"{feature['id']}-claim-{number}",
            "of": feature["id"],
            "grade": row["grade"],
            "number": claim.get("letter"),
            "title": claim["by"],
            "text": text,
            "note": "leak" if claim.get("leak") else None,
            "sources": re.findall(r"[^\s\[\],،]+", claim.get("cites", "")),
        }
