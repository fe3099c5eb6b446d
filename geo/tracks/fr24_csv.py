"""The CSV file that Flightradar24 offers for download: ``Timestamp,UTC,Callsign,Position,Altitude,Speed,Direction``.

Timestamp in seconds since 1970, position as one quoted cell ``"lat,lon"``, pressure altitude in feet, ground speed
in knots, direction of the track over ground in degrees. Altitude 0 is written on the ground and for everything
below the standard level, whatever the elevation of the field, so it is no measurement and read as none; with
walking-pace speed it says that the aircraft is on the ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.fr24_ground import told_apart
from geo.tracks.rows import Labels, Rows
from geo.tracks.text import Block, as_utf8, blocks, gathered, header_of, numbers
from geo.tracks.times import iso, times

if TYPE_CHECKING:
    from geo.model.track import FloatColumn

NAME: Final = "fr24-csv"
TITLE: Final = "Flightradar24 CSV"

_HEADER: Final = ("timestamp", "utc", "callsign", "position", "altitude", "speed", "direction")
#: How far the two times of a row may differ, in seconds: one of them is rounded.
_SAME_S: Final = 1.5


def sniff(head: bytes) -> str | None:
    """The name of the format if the first line is its header."""
    cells, _ = header_of(head)
    return NAME if tuple(cell.lower() for cell in cells) == _HEADER else None


def _positions(cells: list[str]) -> tuple[FloatColumn, FloatColumn, dict[int, str]]:
    parted = [cell.partition(",") for cell in cells]
    lat, wrong = numbers([part[0].strip() for part in parted], "the latitude in Position")
    lon, wrong_lon = numbers([part[2].strip() for part in parted], "the longitude in Position")
    return lat, lon, wrong_lon | wrong


def _times(block: Block) -> tuple[FloatColumn, dict[int, str]]:
    stamps, wrong = times(block.column(0))
    texts, unread = times(block.column(1), utc=True)
    for index in np.flatnonzero(np.abs(stamps - texts) > _SAME_S).tolist():
        if index not in unread:
            wrong[index] = f"its two times disagree: Timestamp is {iso(stamps[index])}, UTC is {iso(texts[index])}"
    return stamps, wrong


def _rows(block: Block) -> Rows:
    time_s, wrong = _times(block)
    lat, lon, wrong_position = _positions(block.column(3))
    altitude, wrong_altitude = numbers(block.column(4), "Altitude")
    speed, wrong_speed = numbers(block.column(5), "Speed")
    direction, wrong_direction = numbers(block.column(6), "Direction")
    broken = wrong_direction | wrong_speed | wrong_altitude | wrong_position | wrong
    keep = np.array([index for index in range(len(block.cells)) if index not in broken], dtype=np.int64)
    block = block.without(broken)
    altitude, ground = told_apart(altitude, speed)
    columns = {
        "time_s": time_s,
        "lat_deg": lat,
        "lon_deg": lon,
        "altitude_ft": altitude,
        "ground_speed_kt": speed,
        "track_deg": direction,
        "on_ground": ground,
    }
    return Rows(
        columns={name: column[keep] for name, column in columns.items()},
        row=np.array(block.row, dtype=np.int64),
        icao24=Labels.none(len(keep)),
        callsign=Labels.of(block.column(2)),
        unreadable=block.unreadable,
    )


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the second line of it is row 2.

    Raises:
        TrackUnreadable: when hardly a row can be read.
    """
    text = as_utf8(data)
    _, delimiter = header_of(text)
    return gathered((_rows(block) for block in blocks(text, delimiter, len(_HEADER))), source)
