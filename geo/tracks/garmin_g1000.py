"""The CSV files that Garmin's integrated flight decks (G1000, G3000 and kin, G3X, G5) write on their cards.

Three lines of header: ``#airframe_info, …``; the unit of each column, or its long name with the unit (G3X, G5); its
short name. Local date, time and offset from UTC (G5: date and time in UTC); cells are padded. Only columns whose unit
is the one expected are read. Knots, feet a minute. A row is every line under the header that is not blank; one of
separators only, or without date and time, as they stand before the first fix, is unreadable: it is at no time.

``AltB`` is what the altimeter shows with ``BaroA`` set: the pressure altitude is that plus the altitude at which the
standard atmosphere has the pressure that is set (ICAO Doc 7488), and none where that is not said. A G3X writes the
pressure altitude itself. ``AltGPS`` is above the ellipsoid where its unit says WGS; ``AltMSL`` is not and has no place.
``HDG`` and ``TRK`` are magnetic (in flight ``TRK`` differs from the course between the positions by ``MagVar``, east
positive), so they are read with ``MagVar`` only; a track that its unit calls true as it is; a G3X has the velocities
east and north, which are a true track, too. The callsign is ``aircraft_ident``. A position with ``GPSfix`` NoSoln is of
low integrity. Attitude, engine and radios have no place in a track.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.atmosphere import SEA_LEVEL_HPA, altitude_ft
from geo.errors import TrackUnreadable
from geo.tracks.opening import HEAD
from geo.tracks.rows import Labels, Rows
from geo.tracks.text import Block, as_utf8, block_of, cells_of, cut_line, gathered, numbered, numbers, pieces, shown
from geo.tracks.times import times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.model.track import FloatColumn

NAME: Final = "garmin-g1000"
TITLE: Final = "Garmin G1000 CSV"

_FIRST: Final = re.compile(rb"\s*#(airframe_)?info\b", re.IGNORECASE)
_IDENT: Final = re.compile(r'aircraft_ident="([^"]*)"')
#: What each column is, by its short name and its unit or long name with a bar between them.
_COLUMNS: Final = {
    "date": r"lcl date \|.*",
    "time": r"lcl time \|.*",
    "offset": r"utcofst \|.*",
    "utc_date": r"utc date \|.*",
    "utc_time": r"utc time \|.*",
    "lat_deg": r"latitude \|.*deg.*",
    "lon_deg": r"longitude \|.*deg.*",
    "altitude_ft": r"(altp|altpress) \| *ft.*|.*\| pressure altitude \(ft\)",
    "shown_ft": r"(altb|altind) \|.*\bbaro\b.*",
    "set_inhg": r"baroa \| *inch.*|.*\| baro setting \(inch hg\)",
    "set_hpa": r"baroa \| *(mb|mbar|hpa).*|.*\| baro setting \((mb|mbar|hpa)\)",
    "geometric_altitude_ft": r"altgps \|.*wgs.*",
    "ground_speed_kt": r"gndspd \|.*\bkt\b.*",
    "indicated_airspeed_kt": r"ias \|.*\bkt\b.*",
    "true_airspeed_kt": r"tas \|.*\bkt\b.*",
    "vertical_rate_fpm": r"vspd \|.*(fpm|ft/min).*",
    "track_deg": r"trk \|.*deg true.*",
    "track_magnetic": r"trk \|.*deg.*",
    "heading_magnetic": r"hdg \|.*deg.*",
    "variation": r"magvar \|.*deg.*",
    "east": r".*\| gps velocity e \(m/s(ec)?\)",
    "north": r".*\| gps velocity n \(m/s(ec)?\)",
    "fix": r"gpsfix \|.*",
}
_PATTERNS: Final = {name: re.compile(pattern) for name, pattern in _COLUMNS.items()}
_TEXTS: Final = ("date", "time", "offset", "utc_date", "utc_time", "fix")
#: Columns that are as a track has them.
_PLAIN: Final = (
    "lat_deg",
    "lon_deg",
    "altitude_ft",
    "geometric_altitude_ft",
    "ground_speed_kt",
    "indicated_airspeed_kt",
    "true_airspeed_kt",
    "vertical_rate_fpm",
    "track_deg",
)
#: Columns that say nothing without one of others.
_NEEDS: Final = {
    "track_magnetic": ("variation",),
    "heading_magnetic": ("variation",),
    "shown_ft": ("set_inhg", "set_hpa"),
    "east": ("north",),
    "north": ("east",),
}
#: Lines among which the header is.
_HEADER_LINES: Final = 10
_LINE: Final = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_HALF_TURN: Final = 180.0
_INCH_HPA: Final = 33.86389
#: No altimeter can be set to a pressure outside these.
_LEAST_HPA: Final = 800.0
_MOST_HPA: Final = 1_100.0
_OFFSET: Final = re.compile(r"[+-]?\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class _Header:
    """The titles and which of them is what; the number of their line and where it ends; the callsign."""

    titles: tuple[str, ...]
    column: Mapping[str, int]
    number: int
    end: int
    callsign: str | None

    @property
    def ignored(self) -> tuple[str, ...]:
        """The titles that are not used."""
        used = set(self.column.values())
        return tuple(title for index, title in enumerate(self.titles) if title and index not in used)


def _cells(line: str) -> list[str]:
    try:
        return cells_of(line, ",")
    except ValueError:
        return []


def _header(text: bytes) -> _Header | None:
    """The header of a file that begins so, if it has one."""
    above: list[str] = []
    for number, ended in enumerate(islice(_LINE.finditer(text[:HEAD]), _HEADER_LINES), start=1):
        line = ended[1].decode("utf-8", errors="replace")
        titles = _cells(line)
        names = {title.lower() for title in titles}
        if above and {"latitude", "longitude"} <= names and names & {"lcl date", "utc date"}:
            units = _cells(above[-1].lstrip().removeprefix("#"))
            ident = _IDENT.search("\n".join(above))
            callsign = ident[1].strip() if ident else None
            return _Header(tuple(titles), _understood(titles, units), number, ended.end(), callsign)
        above.append(line)
    return None


def _understood(titles: list[str], units: list[str]) -> dict[str, int]:
    """The column of each quantity that is there; of two the first."""
    full = [f"{title} | {unit}".lower() for title, unit in zip_longest(titles, units[: len(titles)], fillvalue="")]
    column: dict[str, int] = {}
    for name, pattern in _PATTERNS.items():
        index = next((index for index, words in enumerate(full) if pattern.fullmatch(words)), None)
        if index is not None:
            column[name] = index
    for name, needs in _NEEDS.items():
        if column.keys().isdisjoint(needs):
            column.pop(name, None)
    return column


def sniff(head: bytes) -> str | None:
    """The name of the format if the first line is of its kind and a line under it names its columns."""
    text = as_utf8(head)
    return NAME if _FIRST.match(text) and _header(text) else None


def pressure_altitude_ft(shown_ft: FloatColumn, set_hpa: FloatColumn) -> FloatColumn:
    """Pressure altitude of what an altimeter shows with this pressure set; NaN where none can be.

    The altimeter shows the altitude of its pressure in the standard atmosphere less that of the pressure set
    (ICAO Doc 7488, the layer below 11 km).
    """
    possible = np.where((set_hpa >= _LEAST_HPA) & (set_hpa <= _MOST_HPA), set_hpa, np.nan)
    return shown_ft + altitude_ft(possible / SEA_LEVEL_HPA)


def _moment(date: str, time: str, offset: str) -> str:
    """One cell of date, time and offset; empty if the date or the time is."""
    if not date or not time:
        return ""
    if _OFFSET.fullmatch(offset):
        return f"{date}T{time}{offset if offset[0] in '+-' else '+' + offset}"
    return f"{date}T{time}{offset}"


def _times(texts: Mapping[str, list[str]], count: int) -> tuple[FloatColumn, dict[int, str]]:
    none = [""] * count
    if "utc_date" in texts and "utc_time" in texts:
        cells = [_moment(*both, "Z") for both in zip(texts["utc_date"], texts["utc_time"], strict=True)]
    else:
        parts = (texts.get(name, none) for name in ("date", "time", "offset"))
        cells = [_moment(*three) for three in zip(*parts, strict=True)]
    time_s, wrong = times(cells)
    for index in wrong:
        if not cells[index]:
            wrong[index] = "it has no date and time; they are not known before the first fix"
        elif not texts.get("offset", none)[index] and "utc_date" not in texts:
            wrong[index] = f"the local time {shown(cells[index])} has no offset from UTC; write it as -07:00 in UTCOfst"
    return time_s, wrong


def _true(magnetic: FloatColumn, variation: FloatColumn) -> FloatColumn:
    """True degrees of magnetic ones; those that are none stay as they are, to be rejected."""
    inside = (magnetic >= -_HALF_TURN) & (magnetic <= 2 * _HALF_TURN)
    return np.where(inside, np.mod(np.where(inside, magnetic, 0) + variation, 2 * _HALF_TURN), magnetic)


def _derived(found: Mapping[str, FloatColumn], count: int) -> dict[str, FloatColumn]:
    """The columns that follow from several of the file."""
    columns: dict[str, FloatColumn] = {}
    unsaid = np.full(count, np.nan)
    if "altitude_ft" not in found and "shown_ft" in found:
        set_hpa = found["set_hpa"] if "set_hpa" in found else found["set_inhg"] * _INCH_HPA
        columns["altitude_ft"] = pressure_altitude_ft(found["shown_ft"], set_hpa)
    if "variation" in found:
        columns["heading_deg"] = _true(found.get("heading_magnetic", unsaid), found["variation"])
    if "track_deg" not in found and "east" in found:
        halted = (found["east"] == 0) & (found["north"] == 0)
        track = np.mod(np.degrees(np.arctan2(found["east"], found["north"])), 2 * _HALF_TURN)
        columns["track_deg"] = np.where(halted, np.nan, track)
    elif "track_deg" not in found and "variation" in found:
        columns["track_deg"] = _true(found.get("track_magnetic", unsaid), found["variation"])
    return {name: column for name, column in columns.items() if not np.isnan(column).all()}


def _given(fix: list[str], lat: FloatColumn) -> dict[int, tuple[str, str]]:
    """By index the positions that the deck itself calls none."""
    return {
        index: ("low integrity", f"GPSfix is {shown(word)}")
        for index, word in enumerate(fix)
        if word.lower().startswith("no") and not np.isnan(lat[index])
    }


def _rows(block: Block, header: _Header) -> Rows:
    texts = {name: block.column(header.column[name]) for name in _TEXTS if name in header.column}
    time_s, broken = _times(texts, len(block.cells))
    found: dict[str, FloatColumn] = {}
    for name, index in header.column.items():
        if name not in _TEXTS:
            found[name], wrong = numbers(block.column(index), header.titles[index])
            broken = wrong | broken
    blank = [index for index in broken if not any(block.cells[index])]
    broken |= dict.fromkeys(blank, "all its cells are blank")
    keep = np.array([index for index in range(len(block.cells)) if index not in broken], dtype=np.int64)
    found = {name: column[keep] for name, column in found.items()}
    columns = {name: found[name] for name in _PLAIN if name in found} | _derived(found, len(keep))
    block = block.without(broken)
    fix = block.column(header.column["fix"]) if "fix" in header.column else []
    return Rows(
        columns={"time_s": time_s[keep], **columns},
        row=np.array(block.row, dtype=np.int64),
        icao24=Labels.none(len(keep)),
        callsign=Labels.of([header.callsign] * len(keep)),
        unreadable=block.unreadable,
        given=_given(fix, columns["lat_deg"]),
        ignored=header.ignored,
    )


def read(data: bytes, source: str) -> Rows:
    """The rows of the file, numbered as its lines.

    Raises:
        TrackUnreadable: when columns for the time or the position are missing, or too many of its rows cannot be read.
    """
    text = as_utf8(data)
    header = _header(text)
    if header is None:
        raise TrackUnreadable(source, f"it has no line that names the columns of {TITLE}")
    if not {"lat_deg", "lon_deg"} <= header.column.keys():
        raise TrackUnreadable(source, "its columns Latitude and Longitude are not said to be in degrees")
    if not {"date", "time", "offset"} <= header.column.keys() and not {"utc_date", "utc_time"} <= header.column.keys():
        raise TrackUnreadable(
            source, "it has no columns Lcl Date, Lcl Time and UTCOfst, and a track without times is no flight"
        )
    width = len(header.titles)
    parts = (
        _rows(block_of(numbered(piece, first), ",", width, cut=cut_line(piece, first)), header)
        for first, piece in pieces(text, header.end, header.number + 1)
    )
    return gathered(parts, source)
