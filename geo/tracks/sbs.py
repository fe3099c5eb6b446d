"""BaseStation lines (SBS-1, port 30003), as receivers and their programs hand them on: BaseStation, dump1090, readsb.

``MSG,type,session,aircraft,address,flight,date,time,date,time,callsign,altitude,ground speed,track,latitude,longitude,
vertical rate,squawk,alert,emergency,ident,on ground``. Feet of pressure altitude, or with an H behind it feet above the
ellipsoid (dump1090 and readsb with ``--gnss``); knots, degrees true, feet a minute; on ground 0, or -1 for yes. The
first date and time are of the message, the second of the line; these stand in where the first are empty.

The times have no zone. readsb writes UTC, dump1090 and BaseStation the local time of their computer, and nothing in the
file says which of them wrote it. They are taken as UTC, and a note says so.

A row is every line that begins with MSG, and every line that is nothing known: neither blank nor SEL, ID, AIR, STA or
CLK, which say what a user or the receiver did. A position is in types 2 (on the ground, where the message has no room
for an altitude: what stands there is none) and 3; the others carry what they carry. Fields missing at the end are
empty, if those that the type is for are there. A message without time or address is unreadable: it belongs nowhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo.errors import TrackUnreadable
from geo.tracks.rows import Labels, Rows, Unreadable
from geo.tracks.tables import sbs_message as field
from geo.tracks.tables.line_index import LONGEST, Lines
from geo.tracks.text import as_utf8, gathered, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn
    from geo.tracks.tables.line_index import Indices, Mask

NAME: Final = "sbs"
TITLE: Final = "BaseStation (SBS-1, port 30003)"
NOTE: Final = (
    "times have no zone in this format and are taken as UTC; dump1090 and BaseStation write the local time of the "
    "receiver"
)

_BEGINS: Final = re.compile(rb"^MSG,[1-8],[^,\r\n]*,[^,\r\n]*, *[0-9A-Fa-f]{6},", re.MULTILINE)
_MSG: Final = np.frombuffer(b"MSG,", dtype=np.uint8)
_COMMA: Final = ord(",")
#: What is no message and known: selection, new callsign, new aircraft, status, clock.
_KNOWN: Final = frozenset({"SEL", "ID", "AIR", "STA", "CLK"})
_QUANTITIES: Final = field.Message._fields[:9]
_NUMBERS: Final = {
    "lat_deg": field.LATITUDE,
    "lon_deg": field.LONGITUDE,
    "ground_speed_kt": field.SPEED,
    "track_deg": field.TRACK,
}
_WORDS: Final = (
    field.TYPE,
    field.ADDRESS,
    field.GENERATED,
    field.CALLSIGN,
    field.ALTITUDE,
    field.RATE,
    field.GROUND,
)
_CLOCK: Final = field.GENERATED + 1
#: Arrow's steps in a second, as the time of day is read.
_STEPS: Final = 1e6


class _Part(NamedTuple):
    """Some rows: the places of their lines, their columns, addresses and callsigns."""

    line: Indices
    columns: dict[str, FloatColumn]
    icao24: Labels
    callsign: Labels


def sniff(head: bytes) -> str | None:
    """The name of the format if a line at the beginning is a message with an address."""
    return NAME if _BEGINS.search(as_utf8(head).replace(b"\r", b"\n")) else None


def read(data: bytes, source: str) -> Rows:
    """The messages of the file; rows are numbered as its lines.

    Raises:
        TrackUnreadable: when no message has a time, or too many cannot be read.
    """
    rows = gathered((_rows(Lines.of(_clean(piece), first)) for first, piece in pieces(as_utf8(data))), source)
    if not len(rows) and rows.unreadable and all(one.detail == field.TIMELESS for one in rows.unreadable):
        raise TrackUnreadable(
            source,
            "its messages have no date and time in fields 7 and 8 (the first dump1090 wrote none), and a track without "
            "times is no flight; write 2024/12/25,05:13:31.000 there",
        )
    return rows


def _clean(piece: bytes) -> bytes:
    """The piece in sound UTF-8, which Arrow insists on."""
    return piece if piece.isascii() else piece.decode("utf-8", errors="replace").encode()


def _rows(lines: Lines) -> Rows:
    whole = np.add.reduceat(lines.content == _COMMA, lines.start, dtype=np.int32) == field.FIELDS - 1
    whole &= np.all(lines.column(np.arange(len(lines)), 0, len(_MSG)) == _MSG, axis=1)
    whole &= lines.end - lines.start <= LONGEST
    parts, aside = _together(lines, np.flatnonzero(whole))
    alone, wrong = _one_by_one(lines, np.sort(np.r_[aside, np.flatnonzero(~whole & (lines.end > lines.start))]))
    parts.append(alone)
    line = np.concatenate([part.line for part in parts])
    order = np.argsort(line, kind="stable")
    columns = {name: np.concatenate([part.columns[name] for part in parts])[order] for name in _QUANTITIES}
    if np.isnan(columns["geometric_altitude_ft"]).all():
        del columns["geometric_altitude_ft"]
    icao24 = Labels.joined([part.icao24 for part in parts])
    callsign = Labels.joined([part.callsign for part in parts])
    return Rows(
        columns=columns,
        row=line[order] + lines.first,
        icao24=Labels(icao24.codes[order], icao24.names),
        callsign=Labels(callsign.codes[order], callsign.names),
        unreadable=tuple(Unreadable(lines.first + index, why) for index, why in wrong.items()),
        notes=(NOTE,),
    )


def _one_by_one(lines: Lines, chosen: Indices) -> tuple[_Part, dict[int, str]]:
    """The messages in these lines, and a sentence on each that is none and should be."""
    found: list[field.Message] = []
    line: list[int] = []
    wrong: dict[int, str] = {}
    for index in chosen.tolist():
        text = lines.text(index)
        if not text.strip() or text.partition(",")[0].strip() in _KNOWN:
            continue
        try:
            found.append(field.message(text, cut=lines.cut and index == len(lines) - 1))
        except ValueError as error:
            wrong[index] = str(error)
        else:
            line.append(index)
    values = np.array([one[: len(_QUANTITIES)] for one in found], dtype=np.float64).reshape(-1, len(_QUANTITIES))
    columns = {name: values[:, place] for place, name in enumerate(_QUANTITIES)}
    labels = Labels.of([one.icao24 for one in found]), Labels.of([one.callsign for one in found])
    return _Part(np.array(line, dtype=np.int64), columns, *labels), wrong


def _table(text: bytes, kinds: dict[str, Any]) -> Any:  # noqa: ANN401  an Arrow table
    """These lines as a table of one chunk, or ``None`` if a field is not of its kind."""
    import pyarrow as pa
    from pyarrow import csv

    source: Any = pa.BufferReader(text)
    try:
        return csv.read_csv(
            source,
            read_options=csv.ReadOptions(
                column_names=[str(index) for index in range(field.FIELDS)], block_size=len(text) + 1, use_threads=False
            ),
            parse_options=csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=kinds, include_columns=list(kinds), null_values=["", "nan", "NaN"]
            ),
        )
    except pa.ArrowInvalid:
        return None


def _together(lines: Lines, chosen: Indices) -> tuple[list[_Part], Indices]:
    """The messages in these whole lines, and the places of those that need to be looked at one by one.

    Numbers and times are read as such, or if one of them is none, as words, of which each means something or nothing.
    """
    import pyarrow as pa

    if len(chosen) == 0:
        return [], chosen
    word = pa.dictionary(pa.int32(), pa.string())
    words: dict[str, Any] = dict.fromkeys(map(str, (*_WORDS, *_NUMBERS.values(), _CLOCK)), word)
    typed = words | dict.fromkeys(map(str, _NUMBERS.values()), pa.float64()) | {str(_CLOCK): pa.time64("us")}
    text = lines.only(chosen)
    for kinds in (typed, words):
        table = _table(text, kinds)
        if table is not None and table.num_rows == len(chosen):
            part, bad = _part(table, chosen)
            return [part], bad
    return [], chosen


def _part(table: Any, line: Indices) -> tuple[_Part, Indices]:  # noqa: ANN401  an Arrow table
    """The rows of a table, and the places of those that need to be looked at, which are not among them."""
    kinds, kind_words = _words(table, field.TYPE)
    surface = np.array([word == field.SURFACE for word in kind_words])[kinds]
    fine = np.array([word in field.LEAST for word in kind_words])[kinds]
    day_s = _each(table, field.GENERATED, field.day_s, fine)
    pressure_ft, geometric_ft = _each(table, field.ALTITUDE, field.altitude_ft, fine, 2).T
    ground = _each(table, field.GROUND, field.on_ground, fine)[:, 0]
    columns = {name: _numbers(table, place, fine) for name, place in _NUMBERS.items()} | {
        "time_s": day_s[:, 0] + _numbers(table, _CLOCK, fine),
        "altitude_ft": np.where(surface, np.nan, pressure_ft),
        "geometric_altitude_ft": np.where(surface, np.nan, geometric_ft),
        "vertical_rate_fpm": _each(table, field.RATE, field.rate_fpm, fine)[:, 0],
        "on_ground": np.where(surface & np.isnan(ground), 1.0, ground),
    }
    icao24 = Labels(*_words(table, field.ADDRESS)).renamed(_address)
    callsign = Labels(*_words(table, field.CALLSIGN)).renamed(str.strip)
    fine &= ~np.isnan(columns["time_s"]) & (icao24.codes >= 0)
    if bool(fine.all()):
        return _Part(line, columns, icao24, callsign), line[:0]
    columns = {name: column[fine] for name, column in columns.items()}
    icao24, callsign = (Labels(labels.codes[fine], labels.names) for labels in (icao24, callsign))
    return _Part(line[fine], columns, icao24, callsign), line[~fine]


def _address(word: str) -> str:
    """The address, or nothing where there is none."""
    try:
        return field.address(word)
    except ValueError:
        return ""


def _words(table: Any, place: int) -> tuple[NDArray[np.int32], tuple[str, ...]]:  # noqa: ANN401  an Arrow table
    """The text of each row of a column, by its place among the texts that occur."""
    column = table.column(str(place)).chunk(0)
    indices = column.indices
    codes = np.frombuffer(indices.buffers()[1], dtype=np.int32, count=len(indices), offset=indices.offset * 4)
    return codes, tuple(column.dictionary.to_pylist())


def _each(
    table: Any,  # noqa: ANN401  an Arrow table
    place: int,
    meaning: Callable[[str], float | tuple[float, ...]],
    fine: Mask,
    width: int = 1,
) -> FloatColumn:
    """What the text of each row means, ``width`` values; where it means nothing, NaN, and no longer ``fine``."""
    codes, words = _words(table, place)
    values = np.full((len(words), width), np.nan)
    sound = np.ones(len(words), dtype=np.bool_)
    for code, word in enumerate(words):
        try:
            values[code] = meaning(word.strip())
        except ValueError:
            sound[code] = False
    fine &= sound[codes]
    return values[codes]


def _numbers(table: Any, place: int, fine: Mask) -> FloatColumn:  # noqa: ANN401  an Arrow table
    """The numbers or seconds of a column, NaN for none or, where there should be one, no longer ``fine``.

    They are taken from the buffers of the column, since Arrow's own conversions load pandas.
    """
    import pyarrow as pa

    column = table.column(str(place)).chunk(0)
    clock = place == _CLOCK
    if pa.types.is_dictionary(column.type):
        return _each(table, place, field.clock_s if clock else _number, fine)[:, 0]
    valid, values = column.buffers()
    kind = np.int64 if clock else np.float64
    counts = np.frombuffer(values, dtype=kind, count=len(column), offset=column.offset * 8)
    found: FloatColumn = counts.astype(np.float64) / (_STEPS if clock else 1.0)
    if column.null_count:
        bits = np.unpackbits(np.frombuffer(valid, dtype=np.uint8), bitorder="little")
        found[bits[column.offset : column.offset + len(column)] == 0] = np.nan
    return found


def _number(word: str) -> float:
    return field.number(word, "number")
