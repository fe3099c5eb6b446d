"""The CSV file in which Flightradar24 publishes every message it got of a flight after an accident.

``network_time,receiver_time,hex,callsign,latitude,longitude,no_position,altitude,…``, then cells ``KEY:VALUE`` in
any number and order from column 16. Feet, knots, degrees, feet a minute.

Time of a row is ``receiver_time``, when an antenna heard the message; ``network_time`` is when it reached
Flightradar24, up to 15 s later. In the file published of flight JAL516 the mean distance of a position from a
smooth line through its neighbours is 25 m by receiver time and 42 m by network time. Receivers with a wrong clock
are among them (1970, or a week ahead): a receiver time more than 1 s after or 30 s before the network time is not
believed, and the network time stands in for it. The rows come in the order of the network, so receiver time going
back in it is no fault.

``no_position`` N says that there is none: 0, 0 is written then, or (kept, and rejected as stale) an old one.
Altitude and speed 0 are written where none was received (in the middle of the cruise, too), so 0 is read as none
unless the row says G, on ground; track and vertical rate 0 likewise where no speed came with them. ``HDG``, a
magnetic heading, is not read: it is current only in rows that hold an ``IAS`` too, and stays as it was in the
others. ``MACH``, ``OAT``, ``ROLL``, ``WIND`` have no place in a track.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.rows import Labels, Rows, address
from geo.tracks.text import Block, as_utf8, blocks, gathered, header_of, numbers, shown
from geo.tracks.times import times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.model.track import FloatColumn

NAME: Final = "fr24-granular-csv"
TITLE: Final = "Flightradar24 granular CSV"

_HEADER: Final = (
    "network_time",
    "receiver_time",
    "hex",
    "callsign",
    "latitude",
    "longitude",
    "no_position",
    "altitude",
    "squawk",
    "speed",
    "track",
    "vspeed",
    "on_ground",
    "flags",
    "position_class",
)
#: The first cell that holds ``KEY:VALUE``.
_KEYED: Final = len(_HEADER)
_AHEAD_S: Final = 1.0
_LATE_S: Final = 30.0
_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)Z\.(\d{1,6})")
_KEYS: Final = {"GPSA": "geometric_altitude_ft", "TAS": "true_airspeed_kt", "IAS": "indicated_airspeed_kt"}
_NUMBERS: Final = {
    "latitude": "lat_deg",
    "longitude": "lon_deg",
    "altitude": "altitude_ft",
    "speed": "ground_speed_kt",
    "track": "track_deg",
    "vspeed": "vertical_rate_fpm",
}


def sniff(head: bytes) -> str | None:
    """The name of the format if the first line is its header."""
    cells, _ = header_of(head)
    return NAME if tuple(cell.lower() for cell in cells[:_KEYED]) == _HEADER else None


def _stamp(cell: str) -> str:
    """``2024-01-02 07:41:03Z.515`` as ISO 8601; anything else as it came."""
    match = _STAMP.fullmatch(cell)
    return f"{match[1]}.{match[2]}Z" if match else cell


def _times(block: Block) -> tuple[FloatColumn, dict[int, str]]:
    network, wrong = times([_stamp(cell) for cell in block.column(0)])
    receiver, _ = times([_stamp(cell) for cell in block.column(1)])
    late = network - receiver
    return np.where((late >= -_AHEAD_S) & (late <= _LATE_S), receiver, network), wrong


def _keyed(rows: Sequence[Sequence[str]]) -> tuple[dict[str, FloatColumn], dict[int, str]]:
    columns = {name: np.full(len(rows), np.nan) for name in _KEYS.values()}
    wrong: dict[int, str] = {}
    for index, row in enumerate(rows):
        for cell in row[_KEYED:]:
            key, _, value = cell.partition(":")
            name = _KEYS.get(key)
            if name is None:
                continue
            try:
                columns[name][index] = float(value)
            except ValueError:
                wrong[index] = f"{key} is {shown(value)}, which is no number"
    return columns, wrong


def _unsaid(columns: dict[str, FloatColumn], ground: list[str], without: FloatColumn) -> None:
    """Put NaN where the file writes 0 for what was not received."""
    halted = (columns["ground_speed_kt"] == 0) & (np.array(ground) != "G")
    northward = columns["track_deg"] == 0
    columns["altitude_ft"][(columns["altitude_ft"] == 0) & (np.array(ground) != "G")] = np.nan
    columns["vertical_rate_fpm"][halted & northward & (columns["vertical_rate_fpm"] == 0)] = np.nan
    columns["track_deg"][northward & (halted | (without > 0))] = np.nan
    columns["ground_speed_kt"][halted] = np.nan


def _rows(block: Block) -> Rows:
    time_s, broken = _times(block)
    columns: dict[str, FloatColumn] = {"time_s": time_s}
    for title, name in _NUMBERS.items():
        columns[name], wrong = numbers(block.column(_HEADER.index(title)), title)
        broken = wrong | broken
    keyed, wrong = _keyed(block.cells)
    broken = wrong | broken
    keep = np.array([index for index in range(len(block.cells)) if index not in broken], dtype=np.int64)
    block = block.without(broken)
    columns = {name: column[keep] for name, column in (columns | keyed).items()}
    without = np.array([float(flag == "N") for flag in block.column(6)])
    ground = block.column(12)
    _unsaid(columns, ground, without)
    lat, lon = columns["lat_deg"], columns["lon_deg"]
    old = (without > 0) & ~((lat == 0) & (lon == 0))
    lat[(without > 0) & ~old] = np.nan
    lon[(without > 0) & ~old] = np.nan
    said = "Flightradar24 marks the row as without position; it carries {:.5f}, {:.5f} from before"
    return Rows(
        columns=columns | {"on_ground": np.array([{"G": 1.0, "A": 0.0}.get(flag, np.nan) for flag in ground])},
        row=np.array(block.row, dtype=np.int64),
        icao24=Labels.of(block.column(2)).renamed(address),
        callsign=Labels.of(block.column(3)),
        unreadable=block.unreadable,
        given={int(index): ("stale position", said.format(lat[index], lon[index])) for index in np.flatnonzero(old)},
        ordered=False,
    )


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the second line of it is row 2.

    Raises:
        TrackUnreadable: when hardly a row can be read.
    """
    text = as_utf8(data)
    _, delimiter = header_of(text)
    return gathered((_rows(block) for block in blocks(text, delimiter, _KEYED, ragged=True)), source)
