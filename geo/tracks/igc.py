"""IGC files, as flight recorders of gliders, paragliders and balloons write them.

Fixed columns, by the FAI's "Technical Specification for IGC-approved GNSS Flight Recorders", Appendix A: a fix is
``B HHMMSS DDMMmmmN DDDMMmmmE A PPPPP GGGGG``, times in UTC, P the altitude in metres above 1013.25 hPa in the standard
atmosphere (``altitude_ft``), G metres above the WGS 84 ellipsoid. What the I record adds to a fix is read where the
specification gives it a meaning of ours: GSP, TAS, IAS (km/h, three digits and decimals), TRT, HDT (whole degrees
true), LAD and LOD (more decimals of the minutes), TDS (decimals of the second). HDM and TRM are magnetic, VAT is
corrected for the speed of the glider, FXA and SIU are no NACp: they have no place in a track, nor have K records.

The day is that of the HFDTE record (``HFDTE150419``, ``HFDTEDATE:150419,01``), which is the day of the first fix. Where
the time of day falls by more than twelve hours the next day begins, unless it comes back to where it was. An A record
further down, and a day, begin another flight. The registration of the glider (HFGID), or else its competition number
(HFCID), is the callsign.

No measurement, and so none: a column that is 0 throughout; a pressure altitude equal to the GNSS altitude throughout
(what programs without a sensor write); a GNSS altitude where HFALG says that it is above the geoid, a pressure altitude
where HFALP says that it is above sea level. V marks a fix without altitude, or none, when the last position is
repeated: its GNSS altitude is none, its position is none if 0, 0, stale if that of the fix before; else it stands.

Another datum than WGS 84 (HFDTM) is not turned into it, and a note says so.

A row is a line that begins with B, or that is no record at all (those begin with a letter from A to N); other records
are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import TrackUnreadable
from geo.measures import FOOT_M, KNOT_KMH
from geo.tracks.rows import Labels, Rows, Unreadable, bounded
from geo.tracks.tables.igc_records import Header, Standing, fixes
from geo.tracks.tables.line_index import Lines
from geo.tracks.text import as_utf8, pieces, shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

NAME: Final = "igc"
TITLE: Final = "IGC flight recorder file"

_DAY_S: Final = 86_400.0
_HALF_DAY_S: Final = _DAY_S / 2
#: So many fixes whose two altitudes are equal are no coincidence.
_COPIED: Final = 10
_BEGINS: Final = re.compile(
    rb"^(H[FOP]?DTE(DATE)?[ \t]*:?[ \t]*\d{6}|B[0-2]\d{5}\d{7}[NS]\d{8}[EW][AV])", re.MULTILINE | re.IGNORECASE
)
#: Our columns of what the extensions hold, with their divisors.
_EXTENSIONS: Final = {
    "GSP": ("ground_speed_kt", KNOT_KMH),
    "TAS": ("true_airspeed_kt", KNOT_KMH),
    "IAS": ("indicated_airspeed_kt", KNOT_KMH),
    "TRT": ("track_deg", 1.0),
    "HDT": ("heading_deg", 1.0),
}
_RECORDS: Final = np.frombuffer(b"ABCDEFGHIJKLMN", dtype=np.uint8)
_HEADERS: Final = np.frombuffer(b"AHI", dtype=np.uint8)


def sniff(head: bytes) -> str | None:
    """The name of the format if a line at the beginning is the record of a date or of a fix."""
    return NAME if _BEGINS.search(as_utf8(head).replace(b"\r", b"\n")) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """The fixes of some lines: their rows, the header that each stands under (its place), their columns by name."""

    row: Indices
    under: Indices
    columns: dict[str, FloatColumn]


def _under(
    lines: Lines, letter: NDArray[np.uint8], standing: Standing, headers: list[Header]
) -> tuple[Standing, Indices]:
    """Where the headers stand after these lines, and for each fix in them the place of its header in ``headers``."""
    chosen = np.flatnonzero(letter == ord("B"))
    under = np.empty(len(chosen), dtype=np.int64)
    done = 0
    for index in [*np.flatnonzero(np.isin(letter, _HEADERS)).tolist(), len(lines)]:
        above = int(np.searchsorted(chosen, index))
        if above > done and headers[-1] is not standing.header:
            headers.append(standing.header)
        under[done:above] = len(headers) - 1
        if index < len(lines):
            standing = standing.after(lines.text(index), lines.first + index, fixes=above > done)
        elif above > done:
            standing = Standing(standing.header, None, fixes=True)
        done = above
    return standing, under


def _block(
    lines: Lines, letter: NDArray[np.uint8], headers: list[Header], under: Indices
) -> tuple[_Block, list[Unreadable]]:
    """The fixes in these lines, and the rows that are none."""
    wrong: dict[int, str] = {}
    for index in np.flatnonzero(~np.isin(letter, _RECORDS) & (lines.end > lines.start)).tolist():
        line = lines.text(index)
        if line.strip():
            wrong[index] = f"it is no record of an IGC file: {shown(line)}"
    first = int(under[0]) if len(under) else len(headers)
    dated = ~np.isnan(np.array([header.day_s for header in headers[first:]]))[under - first]
    places, starts = np.unique(under, return_index=True)
    spans = zip(places.tolist(), np.split(np.arange(len(under)), starts[1:]), strict=False)
    extended = [(headers[place], span) for place, span in spans if headers[place].extensions]
    read = fixes(lines, np.flatnonzero(letter == ord("B")), dated, extended)
    wrong |= {int(read.line[index]): why for index, why in read.wrong.items()}
    if lines.cut and len(lines) - 1 in wrong:
        wrong[len(lines) - 1] = f"the file ends inside this row; {wrong[len(lines) - 1]}"
    keep = np.array([index for index in range(len(read.line)) if index not in read.wrong], dtype=np.int64)
    columns = {name: column[keep] for name, column in read.columns.items()}
    unreadable = [Unreadable(lines.first + index, wrong[index]) for index in sorted(wrong)]
    return _Block(read.line[keep] + lines.first, under[keep], columns), unreadable


def _days(clock: FloatColumn, dated: Indices) -> FloatColumn:
    """For each fix how many days after the day above it; ``dated`` tells fixes under one day from those of another."""
    new = np.r_[True, dated[1:] != dated[:-1]][: len(clock)]
    step = np.where(new, 0.0, np.diff(clock, prepend=0.0))
    more = np.zeros(len(clock))
    rose = fell = np.inf
    before = -1
    for index in np.flatnonzero(np.abs(step) > _HALF_DAY_S).tolist():
        if dated[index] != before:
            rose, fell, before = np.inf, np.inf, int(dated[index])
        if step[index] < 0:
            back = clock[index] >= rose
            more[index] = 0.0 if back else 1.0
            rose, fell = np.inf, np.inf if back else clock[index - 1]
        else:
            back = clock[index] >= fell
            more[index] = -1.0 if back else 0.0
            rose, fell = np.inf if back else clock[index - 1], np.inf
    total = np.cumsum(more)
    start = np.maximum.accumulate(np.where(new, np.arange(len(clock)), 0))
    return total - total[start]


def _rows(blocks: list[_Block], headers: list[Header], unreadable: list[Unreadable]) -> Rows:
    """The rows of these blocks, which are given up on the way so that they are not held twice."""
    names = dict.fromkeys(name for block in blocks for name in block.columns)
    found = {
        name: np.concatenate([block.columns.get(name, np.full(len(block.row), np.nan)) for block in blocks])
        for name in names
    }
    row = np.concatenate([block.row for block in blocks])
    under = np.concatenate([block.under for block in blocks])
    blocks.clear()
    flight = np.array([header.flight for header in headers])[under]
    day_s = np.array([header.day_s for header in headers])[under]
    dated = np.array([header.dated for header in headers])[under]
    clock = found.pop("time")
    time_s = day_s + _days(clock, dated) * _DAY_S + clock + np.nan_to_num(found.pop("TDS", 0.0))
    lat, lon = _positions(found)
    nowhere = (found["V"] > 0) & (lat == 0) & (lon == 0)
    lat[nowhere] = lon[nowhere] = np.nan
    columns = {"time_s": time_s, "lat_deg": lat, "lon_deg": lon} | _altitudes(found, headers, under)
    for code, (name, divisor) in _EXTENSIONS.items():
        said = found.pop(code, None)
        if said is not None and np.any(np.nan_to_num(said)):
            columns[name] = said / divisor
    datums = dict.fromkeys(header.datum for header in headers if header.datum)
    several = len(set(flight.tolist())) > 1
    return Rows(
        columns=columns,
        row=row,
        icao24=Labels.none(len(row)),
        callsign=_labels([header.name for header in headers], under),
        unreadable=tuple(unreadable),
        given=_given(found["V"] > 0, lat, lon, flight, row),
        part=_labels([f"flight {header.flight}" for header in headers], under) if several else None,
        begins=np.r_[False, flight[1:] != flight[:-1]] if several else None,
        notes=tuple(
            f"positions are said to be of the datum {shown(datum)} and are taken as WGS 84" for datum in datums
        ),
    )


def _labels(names: list[str | None] | list[str], under: Indices) -> Labels:
    whole = Labels.of(names)
    return Labels(whole.codes[under], whole.names)


def _positions(found: dict[str, FloatColumn]) -> tuple[FloatColumn, FloatColumn]:
    """Latitude and longitude with the decimals of LAD and LOD, which are of thousandths of a minute."""
    both = []
    for name, code in (("lat", "LAD"), ("lon", "LOD")):
        more = np.nan_to_num(found[code]) / 60_000 if code in found else 0.0
        both.append(found[name] + np.copysign(more, found[name]))
    return both[0], both[1]


def _altitudes(found: dict[str, FloatColumn], headers: list[Header], under: Indices) -> dict[str, FloatColumn]:
    """The columns of altitude that are measurements."""
    three_d = found["V"] == 0
    pressure, gnss = found["pressure"], np.where(three_d, found["gnss"], np.nan)
    copied = np.count_nonzero(three_d) >= _COPIED and bool(np.all(pressure[three_d] == gnss[three_d]))
    columns: dict[str, FloatColumn] = {}
    standard = np.array([header.standard for header in headers])[under]
    ellipsoid = np.array([header.ellipsoid for header in headers])[under]
    if np.any(pressure[standard]) and not copied:
        columns["altitude_ft"] = np.where(standard, pressure / FOOT_M, np.nan)
    if np.any(np.nan_to_num(gnss[ellipsoid])):
        columns["geometric_altitude_ft"] = np.where(ellipsoid, gnss / FOOT_M, np.nan)
    return columns


def _given(
    two_d: Mask, lat: FloatColumn, lon: FloatColumn, flight: Indices, row: Indices
) -> dict[int, tuple[str, str]]:
    """By index the fixes marked V that repeat a position."""
    same = np.r_[False, (lat[1:] == lat[:-1]) & (lon[1:] == lon[:-1]) & (flight[1:] == flight[:-1])][: len(row)]
    return {
        index: (
            "stale position",
            f"it is marked V, for no fix or a flat one, and repeats the position of row {row[index - 1]}",
        )
        for index in np.flatnonzero(two_d & same).tolist()
    }


def read(data: bytes, source: str) -> Rows:
    """The fixes of the file; rows are numbered as its lines.

    Raises:
        TrackUnreadable: when no day stands above any of the fixes, or too many of them cannot be read.
    """
    standing = Standing()
    headers = [standing.header]
    blocks: list[_Block] = []
    unreadable: list[Unreadable] = []
    for first, piece in pieces(as_utf8(data)):
        lines = Lines.of(piece, first)
        letter = lines.letter()
        standing, under = _under(lines, letter, standing, headers)
        block, broken = _block(lines, letter, headers, under)
        blocks.append(block)
        unreadable += broken
        bounded(unreadable, source)
    if not blocks:
        return Rows.joined([])
    if not any(len(block.row) for block in blocks) and all(np.isnan(header.day_s) for header in headers) and unreadable:
        raise TrackUnreadable(
            source,
            "it has no readable day, and a track without days is no flight; write it above the fixes as a record "
            "HFDTEDATE:150419 with day, month and year",
        )
    return _rows(blocks, headers, unreadable)
