"""One BaseStation message: what each of its fields says, in the units of a track."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from geo.tracks.tables.line_index import LONGEST
from geo.tracks.text import MISSING, shown
from geo.tracks.times import FIRST_S, LAST_S

#: Fields of a whole message, and which of them (from 0) holds what.
FIELDS: Final = 22
TYPE: Final = 1
ADDRESS: Final = 4
GENERATED: Final = 6
LOGGED: Final = 8
CALLSIGN: Final = 10
ALTITUDE: Final = 11
SPEED: Final = 12
TRACK: Final = 13
LATITUDE: Final = 14
LONGITUDE: Final = 15
RATE: Final = 16
GROUND: Final = 21
#: So many fields a message of each type has at least, to have what the type is for.
LEAST: Final = {"1": 11, "2": 16, "3": 16, "4": 17, "5": 12, "6": 18, "7": 12, "8": 10}
#: Type of a position on the ground.
SURFACE: Final = "2"
TIMELESS: Final = "it has no date and time"
_DATE: Final = re.compile(r"(\d{4})[/-](\d\d)[/-](\d\d)", re.ASCII)
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)", re.ASCII)
_ADDRESS: Final = re.compile(r"[0-9a-f]{6}")
_GROUND: Final = {"": math.nan, "0": 0.0, "-1": 1.0, "1": 1.0}


class Message(NamedTuple):
    """A message in the units of a track; NaN and "" for what it does not carry."""

    time_s: float
    lat_deg: float
    lon_deg: float
    altitude_ft: float
    geometric_altitude_ft: float
    ground_speed_kt: float
    track_deg: float
    vertical_rate_fpm: float
    on_ground: float
    icao24: str
    callsign: str


def day_s(cell: str) -> float:
    """POSIX seconds of the beginning of a day, NaN of none.

    Raises:
        ValueError: when it is no day between 1950 and 2100.
    """
    if not cell:
        return math.nan
    match = _DATE.fullmatch(cell)
    try:
        year, month, day = map(int, match.groups()) if match else (0, 0, 0)
        seconds = datetime(year, month, day, tzinfo=UTC).timestamp()
    except ValueError:
        seconds = math.inf
    if not FIRST_S <= seconds < LAST_S:
        raise ValueError(f"its date is {shown(cell)}; write 2024/12/25")
    return seconds


def clock_s(cell: str) -> float:
    """Seconds of the day, NaN of none.

    Raises:
        ValueError: when it is no time of day.
    """
    if not cell:
        return math.nan
    match = _TIME.fullmatch(cell)
    if not match:
        raise ValueError(f"its time is {shown(cell)}; write 05:13:31.000")
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3])


def number(cell: str, what: str) -> float:
    """The number in a field, NaN for none.

    Raises:
        ValueError: when it is no number.
    """
    if cell.lower() in MISSING:
        return math.nan
    try:
        if "_" not in cell:
            return float(cell)
    except ValueError:
        pass
    raise ValueError(f"its {what} is {shown(cell)}, which is no number")


def altitude_ft(cell: str) -> tuple[float, float]:
    """Pressure altitude and geometric altitude; at most one of them is there.

    Raises:
        ValueError: when it is no number.
    """
    if cell.endswith("H"):
        return math.nan, number(cell[:-1], "altitude")
    return number(cell, "altitude"), math.nan


def rate_fpm(cell: str) -> float:
    """Vertical rate, of either altitude.

    Raises:
        ValueError: when it is no number.
    """
    return number(cell.removesuffix("H"), "vertical rate")


def on_ground(cell: str) -> float:
    """1 on the ground, 0 in the air, NaN unsaid.

    Raises:
        ValueError: when it says neither.
    """
    if cell not in _GROUND:
        raise ValueError(f"on ground is {shown(cell)}, not 0 or -1")
    return _GROUND[cell]


def address(cell: str) -> str:
    """An ICAO 24-bit address in lower case.

    Raises:
        ValueError: when it is none.
    """
    found = cell.strip().lower()
    if not _ADDRESS.fullmatch(found):
        raise ValueError(f"its aircraft address is {shown(cell)}, not six hexadecimal digits")
    return found


def message(line: str, *, cut: bool = False) -> Message:
    """The message in a line; ``cut`` says that the file ends there, before the line does.

    Raises:
        ValueError: a sentence on what is wrong with it.
    """
    cells = [cell.strip() for cell in line.split(",")]
    if cells[0] != "MSG" or len(line) > LONGEST:
        raise ValueError(f"it is no line of BaseStation: {shown(line)}")
    kind = cells[TYPE] if len(cells) > TYPE else ""
    if kind not in LEAST:
        raise ValueError(f"its type is {shown(kind)}, not 1 to 8")
    if cut and len(cells) < FIELDS:
        raise ValueError(f"the file ends inside this row; it has {len(cells)} fields of {FIELDS}: {shown(line)}")
    if len(cells) < LEAST[kind] or any(cells[FIELDS:]):
        raise ValueError(f"it has {len(cells)} fields where a message of type {kind} has {FIELDS}: {shown(line)}")
    cells += [""] * (FIELDS - len(cells))
    time_s = day_s(cells[GENERATED]) + clock_s(cells[GENERATED + 1])
    if math.isnan(time_s):
        time_s = day_s(cells[LOGGED]) + clock_s(cells[LOGGED + 1])
    if math.isnan(time_s):
        raise ValueError(TIMELESS)
    pressure_ft, geometric_ft = altitude_ft(cells[ALTITUDE])
    grounded = on_ground(cells[GROUND])
    if kind == SURFACE:
        pressure_ft = geometric_ft = math.nan
        grounded = 1.0 if math.isnan(grounded) else grounded
    return Message(
        time_s,
        number(cells[LATITUDE], "latitude"),
        number(cells[LONGITUDE], "longitude"),
        pressure_ft,
        geometric_ft,
        number(cells[SPEED], "ground speed"),
        number(cells[TRACK], "track"),
        rate_fpm(cells[RATE]),
        grounded,
        address(cells[ADDRESS]),
        cells[CALLSIGN],
    )
