"""Tracks as the Python library ``traffic`` (and pandas) writes them to JSON.

A list of records, or a table of columns (``{"altitude": {"0": 1525, …}, …}``), times in milliseconds since 1970 or
ISO 8601. Feet, knots, degrees, feet a minute, as in ``traffic``. ``last_position``, where it is given, is when the
position was heard: rows that only repeat it are stale. Rows count from 1 in the order of the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import TrackUnreadable
from geo.tracks.objects.parsed import cell, label, loads, number, small
from geo.tracks.rows import Labels, Rows, Unreadable, address
from geo.tracks.stale import repeated
from geo.tracks.text import as_utf8, shown
from geo.tracks.times import seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME: Final = "traffic-json"
TITLE: Final = "traffic JSON"

_NUMBERS: Final = {
    "latitude": "lat_deg",
    "longitude": "lon_deg",
    "altitude": "altitude_ft",
    "geoaltitude": "geometric_altitude_ft",
    "groundspeed": "ground_speed_kt",
    "track": "track_deg",
    "heading": "heading_deg",
    "TAS": "true_airspeed_kt",
    "IAS": "indicated_airspeed_kt",
    "vertical_rate": "vertical_rate_fpm",
    "nic": "nic",
    "nac_p": "nacp",
    "onground": "on_ground",
}
_TEXTS: Final = ("icao24", "callsign", "timestamp", "last_position")
_COLUMNS: Final = re.compile(
    rb'\s*\{\s*"(' + "|".join([*_NUMBERS, *_TEXTS, "alert", "spi", "squawk", "hour"]).encode() + rb')"\s*:\s*\{'
)
_RECORDS: Final = re.compile(rb"\s*\[\s*\{")


def sniff(head: bytes) -> str | None:
    """The name of the format if it begins like records or columns with the names that ``traffic`` uses."""
    text = as_utf8(head)
    if _COLUMNS.match(text):
        return NAME
    first = text.partition(b"}")[0]
    named = all(f'"{name}"'.encode() in first for name in ("timestamp", "latitude", "longitude"))
    return NAME if _RECORDS.match(text) and named else None


def _loaded(text: bytes, source: str) -> tuple[Any, bool]:
    """What the text says, and whether its end is missing."""
    try:
        return loads(text), False
    except (ValueError, RecursionError) as wrong:
        if _RECORDS.match(text) and not text.rstrip().endswith(b"]"):
            whole = max(text.rfind(b"{"), text.rfind(b"}") + 1)
            try:
                return loads(text[:whole].rstrip().rstrip(b",") + b"]"), True
            except (ValueError, RecursionError):
                pass
        raise TrackUnreadable(source, f"it begins like {TITLE} and breaks off or is damaged: {wrong}") from wrong


def _records(found: Any, source: str) -> list[Any]:  # noqa: ANN401  whatever JSON holds
    if isinstance(found, list):
        return found
    if not isinstance(found, dict) or not all(isinstance(column, dict) for column in found.values()):
        raise TrackUnreadable(source, f"it begins like {TITLE} and is neither a list of records nor a table of columns")
    keys = dict.fromkeys(key for column in found.values() for key in column)
    return [{name: column.get(key) for name, column in found.items()} for key in keys]


def _heard(record: Mapping[str, object]) -> float:
    try:
        return seconds_of(cell(record.get("last_position")))
    except ValueError:
        return np.nan


def _read_record(record: object) -> tuple[float, float, dict[str, float]]:
    """Time, time at which the position was heard (NaN if unsaid), and quantities of one record.

    Raises:
        ValueError: a sentence on what cannot be read.
    """
    if not isinstance(record, dict):
        raise ValueError(f"it is {shown(str(record))}, not a record of names and values")  # noqa: TRY004  the file is at fault
    if record.get("timestamp") is None:
        raise ValueError("it has no timestamp")
    return (
        seconds_of(cell(record["timestamp"])),
        _heard(record),
        {column: number(record.get(name), name) for name, column in _NUMBERS.items()},
    )


def _rows(records: Sequence[Any], *, cut: bool) -> Rows:
    kept: list[tuple[float, float, dict[str, float]]] = []
    row: list[int] = []
    broken: list[Unreadable] = []
    for entry, record in enumerate(records, start=1):
        try:
            kept.append(_read_record(record))
        except (ValueError, OverflowError) as wrong:
            broken.append(Unreadable(entry, str(wrong)))
        else:
            row.append(entry)
    if cut:
        broken.append(Unreadable(len(records) + 1, "the file breaks off here"))
    columns = {
        name: np.array([values.get(name, np.nan) for _, _, values in kept], dtype=np.float64)
        for name in _NUMBERS.values()
    }
    columns["time_s"] = np.array([time_s for time_s, _, _ in kept], dtype=np.float64)
    numbered = np.array(row, dtype=np.int64)
    icao24 = Labels.of([label(records[entry - 1].get("icao24")) for entry in row]).renamed(address)
    heard = np.array([heard_s for _, heard_s, _ in kept], dtype=np.float64)
    return Rows(
        columns=columns,
        row=numbered,
        icao24=icao24,
        callsign=Labels.of([label(records[entry - 1].get("callsign")) for entry in row]),
        unreadable=tuple(broken),
        given=repeated(columns["time_s"], heard, icao24.carried().codes),
    )


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the first entry is row 1.

    Raises:
        TrackUnreadable: when it is damaged or too large.
    """
    small(data, source, TITLE)
    found, cut = _loaded(as_utf8(data), source)
    return _rows(_records(found, source), cut=cut)
