"""The records of an IGC file: what its header says, and its fixes by their fixed columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.tracks.tables.line_index import LONGEST, Lines
from geo.tracks.text import shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: How much of a line a fix takes before its extensions.
WIDTH: Final = 35
FORM: Final = "B HHMMSS DDMMmmmN DDDMMmmmE A PPPPP GGGGG"
#: Extensions that are read, with the digits before the decimal point; 0: all are decimals.
WHOLE: Final = {"GSP": 3, "TAS": 3, "IAS": 3, "TRT": 3, "HDT": 3, "LAD": 0, "LOD": 0, "TDS": 0}
#: Directions are read in whole degrees only: programs fill longer fields in two ways.
_DIRECTIONS: Final = frozenset({"TRT", "HDT"})
_ANY_ALTITUDE: Final = r"\d{5}|-\d{4}"
_FIELDS: Final = tuple(
    (name, first, last, re.compile(form, re.ASCII), words)
    for name, first, last, form, words in (
        ("time", 1, 7, r"([01]\d|2[0-3])[0-5]\d[0-5]\d", "HHMMSS"),
        ("latitude", 7, 15, r"\d\d[0-5]\d{4}[NS]", "DDMMmmmN with minutes below 60"),
        ("longitude", 15, 24, r"\d{3}[0-5]\d{4}[EW]", "DDDMMmmmE with minutes below 60"),
        ("validity", 24, 25, "[AV]", "A or V"),
        ("pressure altitude", 25, 30, _ANY_ALTITUDE, "five digits, or a minus and four"),
        ("GNSS altitude", 30, 35, _ANY_ALTITUDE, "five digits, or a minus and four"),
    )
)
_DATE: Final = re.compile(r"H[FOP]?DTE(?:DATE)?\s*:?\s*(\d\d)(\d\d)(\d\d)\s*(?:,.*)?", re.ASCII)
_EXTENSION: Final = re.compile(r"(\d{4}|\d{6})([A-Z][A-Z0-9]{2})", re.ASCII)
_UNNAMED: Final = frozenset({"", "nil", "nkn", "nk", "none", "n/a", "not set", "unknown"})
#: Years of two digits from this on are of the last century; the format is of 1994.
_CENTURY: Final = 80
_HOURS: Final = 24
_SIXTY: Final = 60
_ZERO: Final = ord("0")
_MINUS: Final = ord("-")
_GAPS: Final = tuple(map(ord, " -"))


@dataclass(frozen=True, slots=True)
class Header:
    """What holds for the fixes under it: number of the flight, day (POSIX s, NaN unsaid) and its line, and the rest."""

    flight: int = 1
    day_s: float = np.nan
    dated: int = 0
    glider: str = ""
    competition: str = ""
    ellipsoid: bool = True
    standard: bool = True
    datum: str = ""
    extensions: tuple[tuple[str, int, int], ...] = ()

    @property
    def name(self) -> str | None:
        """Registration of the glider, or its competition number."""
        return next((name for name in (self.glider, self.competition) if name.lower() not in _UNNAMED), None)

    def under(self, line: str, number: int) -> Header:
        """The header with what this record of type H or I says."""
        if line.startswith("I"):
            return self if self.extensions else replace(self, extensions=_extensions(line))
        said = line.partition(":")[2].strip()
        new: dict[str, Any] = {}
        match line[2:5]:
            case "DTE" if not np.isnan(day_s := _day_s(line)):
                new = {"day_s": day_s, "dated": number}
            case "GID":
                new = {"glider": said}
            case "CID":
                new = {"competition": said}
            case "DTM":
                new = {"datum": "" if line[5:8] == "100" or "WGS" in line.upper() else line[5:].strip()}
            case "ALG":
                new = {"ellipsoid": said[:3].upper() not in ("GEO", "NKM", "NIL")}
            case "ALP":
                new = {"standard": said[:3].upper() not in ("MSL", "NKM", "NIL")}
        return replace(self, **new) if new else self


def _extensions(line: str) -> tuple[tuple[str, int, int], ...]:
    """Code, first and last byte of each extension of the I record."""
    spans = [(code, span[: len(span) // 2], span[len(span) // 2 :]) for span, code in _EXTENSION.findall(line, 3)]
    return tuple((code, int(first), int(last)) for code, first, last in spans)


def _day_s(line: str) -> float:
    """POSIX seconds of the beginning of the day; NaN if it is none."""
    match = _DATE.fullmatch(line.strip())
    if not match:
        return np.nan
    day, month, year = map(int, match.groups())
    try:
        return datetime(year + (1900 if year >= _CENTURY else 2000), month, day, tzinfo=UTC).timestamp()
    except ValueError:
        return np.nan


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the headers have been read: the one that holds, the one that an A record began, whether fixes came."""

    header: Header = Header()
    coming: Header | None = None
    fixes: bool = False

    def after(self, line: str, number: int, *, fixes: bool) -> Standing:
        """The standing after this record of type A, H or I; ``fixes`` says whether some stand between it and the last.

        An A record begins a flight when a date comes before a fix: a piece of a broken line can begin with A, too.
        """
        coming = None if fixes else self.coming
        seen = self.fixes or fixes
        if line.startswith("A"):
            return Standing(self.header, Header(self.header.flight + 1) if seen else None, seen)
        if coming is None:
            return Standing(self.header.under(line, number), None, seen)
        coming = coming.under(line, number)
        return Standing(self.header, coming, seen) if np.isnan(coming.day_s) else Standing(coming)


@dataclass(frozen=True, slots=True, eq=False)
class Fixes:
    """Fixes by column (seconds of the day, degrees, metres, marks, extensions), and by index what is wrong."""

    line: Indices
    columns: dict[str, FloatColumn]
    wrong: dict[int, str]


def _digits(found: NDArray[np.uint8]) -> tuple[FloatColumn, Mask]:
    """The numbers these digits write, and which of the rows are digits only."""
    digits = found.astype(np.int64) - _ZERO
    fine = np.all((digits >= 0) & (digits <= 9), axis=1)  # noqa: PLR2004  a digit
    powers = 10 ** np.arange(found.shape[1] - 1, -1, -1, dtype=np.int64)
    return np.where(fine, digits @ powers, 0).astype(np.float64), fine


def _angle(found: NDArray[np.uint8], letters: bytes) -> tuple[FloatColumn, Mask]:
    """Degrees of DDMMmmmN or DDDMMmmmE."""
    degrees, fine = _digits(found[:, :-6])
    minutes, also = _digits(found[:, -6:-1])
    positive, negative = letters
    side = found[:, -1]
    size = degrees + minutes / 60_000
    known = (side == positive) | (side == negative)
    return np.where(side == negative, -size, size), fine & also & known & (minutes < _SIXTY * 1_000)


def _altitude(found: NDArray[np.uint8]) -> tuple[FloatColumn, Mask]:
    """Metres of five digits, or a minus and four."""
    below = found[:, 0] == _MINUS
    rest, fine = _digits(found[:, 1:])
    first, also = _digits(found[:, :1])
    return np.where(below, -rest, first * 10_000 + rest), fine & (also | below)


def fixes(lines: Lines, chosen: Indices, dated: Mask, extended: list[tuple[Header, Indices]]) -> Fixes:
    """The fixes in the chosen lines, which begin with B.

    ``dated`` says which of them stand under a day, ``extended`` which, by place among the chosen, under which header.
    """
    length = lines.end[chosen] - lines.start[chosen]
    first = lines.column(chosen, 0, WIDTH)
    clock, fine = _digits(first[:, 1:7])
    hours, minutes, seconds = clock // 10_000, clock // 100 % 100, clock % 100
    lat, lat_fine = _angle(first[:, 7:15], b"NS")
    lon, lon_fine = _angle(first[:, 15:24], b"EW")
    pressure, pressure_fine = _altitude(first[:, 25:30])
    gnss, gnss_fine = _altitude(first[:, 30:35])
    two_d = first[:, 24] == ord("V")
    fine &= (hours < _HOURS) & (minutes < _SIXTY) & (seconds < _SIXTY) & lat_fine & lon_fine & pressure_fine & gnss_fine
    fine &= two_d | (first[:, 24] == ord("A"))
    fine &= (length >= WIDTH) & (length <= LONGEST) & ~lines.control()[chosen] & dated
    columns = {"time": hours * 3600 + minutes * 60 + seconds, "lat": lat, "lon": lon, "pressure": pressure}
    columns |= {"gnss": gnss, "V": two_d.astype(np.float64)}
    wrong = {index: _fault(lines.text(int(chosen[index]))) for index in np.flatnonzero(~fine).tolist()}
    for header, places in extended:
        for code, begin, last in _read(header):
            values, broken = _extension(lines, chosen[places], begin - 1, last, WHOLE[code])
            columns.setdefault(code, np.full(len(chosen), np.nan))[places] = values
            for index in places[broken].tolist():
                cell = lines.text(int(chosen[index]))[begin - 1 : last]
                said = f"{code} in bytes {begin} to {last} is {shown(cell)}, which is no number"
                wrong.setdefault(index, said)
    return Fixes(chosen, columns, wrong)


def _read(header: Header) -> list[tuple[str, int, int]]:
    """The extensions with a place in a track, where they are as the specification has them."""
    return [
        (code, first, last)
        for code, first, last in header.extensions
        if code in WHOLE
        and WIDTH < first <= last <= LONGEST
        and last - first + 1 >= WHOLE[code]
        and (code not in _DIRECTIONS or last - first + 1 == WHOLE[code])
        and last - first < 15  # noqa: PLR2004  digits that a float holds
    ]


def _extension(lines: Lines, chosen: Indices, first: int, last: int, whole: int) -> tuple[FloatColumn, Mask]:
    """The values of an extension, NaN where the line ends before it or it is blank, and which of them are none."""
    found = lines.column(chosen, first, last - first)
    there = lines.end[chosen] - lines.start[chosen] >= last
    values, fine = _digits(found)
    blank = np.all(np.isin(found, _GAPS), axis=1)
    return np.where(there & fine, values / 10.0 ** (last - first - whole), np.nan), there & ~fine & ~blank


def _fault(line: str) -> str:
    """What is wrong with a line that begins with B."""
    if len(line) > LONGEST:
        return f"it has more than {LONGEST:,} characters; a fix is {FORM}"
    if len(line) < WIDTH:
        return f"it has {len(line)} characters where a fix has {WIDTH} at least: {shown(line)}"
    for name, first, last, form, words in _FIELDS:
        if not form.fullmatch(line[first:last]):
            return f"its {name} is {shown(line[first:last])}, not {words}"
    if not line.isprintable():
        return f"it holds a control character: {shown(line)}"
    return "no day stands above it; write it as a record HFDTEDATE:150419 with day, month and year"
