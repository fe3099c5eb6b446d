"""The traces that readsb writes for tar1090: ``trace_full_<hex>.json``, ``trace_recent_<hex>.json``.

ADS-B Exchange, adsb.lol, adsb.fi and airplanes.live publish them, mostly compressed. One object: ``icao``,
``timestamp`` in seconds since 1970, and ``trace``, a list of rows ``[seconds after timestamp, latitude, longitude,
pressure altitude in ft or "ground" or null, ground speed in kt, track in degrees, flags, vertical rate in ft/min,
details or null]``, since 2022 with ``source of the position, geometric altitude in ft, geometric vertical rate,
indicated airspeed, roll`` behind (README-json.md of readsb). A row is an element of ``trace``, from 1.

Flags: 4 says that the vertical rate is geometric (kept all the same), 8 that the altitude is geometric, 2 that a new
leg begins. Flag 1, which readsb calls stale, says that no position was received for 15 to 20 s before this row
(``traceAdd`` in its ``globe_index.c``). In the air it is held against a position that is that of the row before again.
One that is new was just received: in real traces 79 such positions in flight lie where the speed says they should, to
0.05 s in the median, as close as the others.

On the ground, where the altitude is ``"ground"``, the sixth value is the true heading. An altitude that is a number
says that the aircraft flies. The details (every fourth row has them) are those of the moment of their row: NIC,
NACp, SIL, true airspeed, true heading (in the air readsb reckons it from the magnetic one), and where the row is of
the short form geometric altitude and indicated airspeed. They are not carried on to the rows after, for nothing says
that they still hold. The callsign among them is: a row has that of the row before in its leg, the first rows of a leg,
or after a silence of ``_SILENCE_S``, the first that follows.

An address that begins with ``~`` is no ICAO address (TIS-B, or made anonymous), so the track has none, and its part
is called by it. Squawk, Mach number, magnetic heading, roll, wind, and what is selected in the cockpit have no place
in a track.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import TrackUnreadable
from geo.tracks.growing import Growing
from geo.tracks.objects.entries import listed
from geo.tracks.objects.json_blocks import Elements, glimpse
from geo.tracks.objects.json_member import beside, first_row, key, within, words
from geo.tracks.objects.parsed import label, number
from geo.tracks.objects.trace_rows import (
    ALTITUDE,
    CALLSIGN,
    DETAILS,
    DIRECTION,
    FLAGS,
    GEOMETRIC,
    GROUND,
    IAS,
    LAT,
    LEAST,
    LON,
    NAMED,
    OFFSET,
    ONLY_DETAILS,
    RATE,
    SPEED,
    WIDTH,
    carried,
    quantities,
    repeated,
)
from geo.tracks.progress import tell
from geo.tracks.rows import NEEDED, Labels, Rows, Unreadable, address, bounded
from geo.tracks.text import as_utf8
from geo.tracks.times import LAST_S, LEAST_EPOCH_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn, IntColumn

NAME: Final = "readsb-trace"
TITLE: Final = "readsb trace JSON"

_TRACE: Final = key("trace")
_ICAO: Final = re.compile(rb'\s*\{[^\[]*?"icao"\s*:')
_WORDS: Final = {
    OFFSET: "the seconds after the timestamp",
    LAT: "the latitude",
    LON: "the longitude",
    SPEED: "the ground speed",
    DIRECTION: "the track",
    FLAGS: "the flags",
    RATE: "the vertical rate",
    GEOMETRIC: "the geometric altitude",
    IAS: "the indicated airspeed",
}


def sniff(head: bytes) -> str | None:
    """The name of the format if it begins with an ``icao`` and has a ``trace``."""
    text = as_utf8(head)
    return NAME if _ICAO.match(text) and _TRACE.search(text) else None


class _Odd(Exception):  # noqa: N818  no error of the file: the rows are looked at singly then
    """Some value of these rows is of another kind than readsb writes."""


def _floats(cells: Sequence[Any]) -> FloatColumn:
    try:
        column = np.array(cells, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise _Odd from wrong
    if column.ndim != 1:
        raise _Odd
    return column


def _by_value(rows: Sequence[Any]) -> tuple[list[Sequence[Any]], int]:
    """The values of these rows, all first ones, all second ones and so on to ``WIDTH``; and how many each has."""
    if set(map(type, rows)) != {list}:
        raise _Odd
    widths = set(map(len, rows))
    if min(widths) < LEAST:
        raise _Odd
    values: list[Sequence[Any]] = list(zip(*rows, strict=True) if len(widths) == 1 else zip_longest(*rows))
    return values + [(None,) * len(rows)] * (WIDTH - len(values)), min(widths)


def _altitudes(cells: Sequence[Any]) -> tuple[FloatColumn, NDArray[np.bool_]]:
    """The altitudes, and where the aircraft is on the ground."""
    if GROUND not in cells:
        return _floats(cells), np.zeros(len(cells), dtype=np.bool_)
    ground = [cell == GROUND for cell in cells]
    return _floats([None if down else cell for cell, down in zip(cells, ground, strict=True)]), np.array(ground)


def _detailed(cells: Sequence[Any], names: Sequence[str]) -> tuple[dict[str, FloatColumn], IntColumn, list[Any]]:
    """The columns of these names from the details, the places of rows with details, and the callsigns there."""
    held = np.flatnonzero([cell is not None for cell in cells])
    found = [cell for cell in cells if cell is not None]
    if not {dict}.issuperset(map(type, found)):
        raise _Odd
    columns = {NAMED[name]: np.full(len(cells), np.nan) for name in NAMED}
    for name in names:
        columns[NAMED[name]][held] = _floats([details.get(name) for details in found])
    return columns, held, [details.get(CALLSIGN) for details in found]


def _quantities(values: Sequence[Sequence[Any]], columns: dict[str, FloatColumn]) -> dict[str, NDArray[Any]]:
    """All columns of these rows, ``columns`` being those from their details."""
    own = {place: _floats(values[place]) for place in _WORDS}
    return quantities(own, *_altitudes(values[ALTITUDE]), columns)


def _cleaned(row: Any) -> list[Any]:  # noqa: ANN401  whatever JSON holds
    """The row with every value of the kind that readsb writes.

    Raises:
        ValueError: a sentence on what cannot be read.
    """
    found = listed(row, "a row of a trace", LEAST)
    clean: list[Any] = [*found, *[None] * (WIDTH - len(found))]
    for place, word in _WORDS.items():
        clean[place] = number(clean[place], word)
    if clean[ALTITUDE] != GROUND:
        clean[ALTITUDE] = number(clean[ALTITUDE], "the altitude")
    details = clean[DETAILS]
    if details is not None and not isinstance(details, dict):
        raise ValueError(f"its details are {glimpse(details)}, not names and values")
    if details is not None:
        clean[DETAILS] = {name: number(details.get(name), name) for name in NAMED}
        clean[DETAILS][CALLSIGN] = label(details.get(CALLSIGN))
    return clean


class _Trace:
    """The rows read so far; their times still count from the timestamp."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.count = 0
        self.columns = Growing()
        self.unreadable: list[Unreadable] = []
        self.callsigns: dict[str, int] = {}

    def add(self, rows: list[Any], share: float) -> None:
        """The next rows of the trace, with which this share of the file is read."""
        try:
            self._add(rows, np.arange(len(rows)), share)
        except _Odd:
            kept = list(self._readable(rows))
            if kept:
                self._add([row for _, row in kept], np.array([place for place, _ in kept]), share)
        self.count += len(rows)

    def _readable(self, rows: list[Any]) -> Iterator[tuple[int, list[Any]]]:
        for index, row in enumerate(rows):
            try:
                yield index, _cleaned(row)
            except (OverflowError, RecursionError):
                self._broken(index, f"a number in it is too large, or a list too deep: {glimpse(row)}")
            except ValueError as wrong:
                self._broken(index, str(wrong))

    def _broken(self, index: int, detail: str) -> None:
        self.unreadable.append(Unreadable(self.count + index + 1, detail))
        bounded(self.unreadable, self._source)

    def _add(self, rows: list[Any], index: IntColumn, share: float) -> None:
        values, least = _by_value(rows)
        columns, held, flights = _detailed(values[DETAILS], ONLY_DETAILS if least >= WIDTH else tuple(NAMED))
        quantities = _quantities(values, columns)
        callsign = np.full(len(rows), -1, dtype=np.int32)
        callsign[held] = self._codes(flights)
        self.columns.add(quantities | {"row": self.count + index + 1, "callsign": callsign}, share)

    def _codes(self, flights: list[Any]) -> list[int]:
        try:
            known = {flight: label(flight) for flight in set(flights)}
        except TypeError as wrong:
            raise _Odd from wrong
        codes = {
            flight: -1 if word is None else self.callsigns.setdefault(word, len(self.callsigns))
            for flight, word in known.items()
        }
        return [codes[flight] for flight in flights]

    def rows(self, timestamp_s: float, icao: str | None) -> Rows:
        """All of them."""
        arrays = self.columns.columns()
        if not arrays:
            nothing = {name: np.empty(0) for name in NEEDED}
            return Rows(nothing, np.empty(0, np.int64), Labels.none(0), Labels.none(0), tuple(self.unreadable))
        arrays["time_s"] += timestamp_s
        self._without_time(arrays)
        row, begins, late = arrays.pop("row"), arrays.pop("begins"), arrays.pop("late")
        first = np.arange(len(row)) == 0
        callsign = carried(arrays.pop("callsign"), begins, arrays["time_s"], first)
        one = Labels(np.zeros(len(row), dtype=np.int32), (icao or "",))
        anonymous = icao is not None and icao.startswith("~")
        return Rows(
            columns=arrays,
            row=row,
            icao24=Labels.none(len(row)) if anonymous else one.renamed(address),
            callsign=Labels(callsign, tuple(self.callsigns)),
            unreadable=tuple(sorted(self.unreadable)),
            given=_against(arrays, row, late, first),
            part=one if anonymous else None,
            begins=begins,
        )

    def _without_time(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take the rows out that have no time."""
        time_s = arrays["time_s"]
        timely = (time_s >= LEAST_EPOCH_S) & (time_s <= LAST_S)
        if bool(timely.all()):
            return
        for index in np.flatnonzero(~timely).tolist():
            value = float(time_s[index])
            detail = (
                "it has no time" if np.isnan(value) else f"its time, {value:.10g}, is no count of seconds since 1970"
            )
            self.unreadable.append(Unreadable(int(arrays["row"][index]), detail))
        for name in arrays:
            arrays[name] = arrays[name][timely]


def _against(
    columns: Mapping[str, NDArray[Any]], row: IntColumn, late: NDArray[np.bool_], first: NDArray[np.bool_]
) -> dict[int, tuple[str, str]]:
    """By index what is said against positions that are old ones again."""
    return {
        index: ("stale position", f"readsb calls it stale, and it is the position of row {row[index - 1]} again")
        for index in np.flatnonzero(repeated(columns, late, first)).tolist()
    }


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the first element of ``trace`` is row 1.

    Raises:
        TrackUnreadable: when it has no trace or no timestamp, or a second trace follows.
    """
    text = as_utf8(data)
    start = first_row(text, _TRACE, source, TITLE)
    elements = Elements(text, start)
    trace = _Trace(source)
    for rows in elements.blocks():
        trace.add(rows, (elements.end - start) / max(len(text) - start, 1))
        tell(elements.end, len(text), "reading rows")
    about = beside(text, _TRACE, start, elements.end, source)
    try:
        timestamp_s = number(within(about, "timestamp"), "its timestamp")
    except (ValueError, OverflowError) as wrong:
        raise TrackUnreadable(source, f"{wrong}; the times of its rows count from there") from wrong
    if not np.isfinite(timestamp_s):
        raise TrackUnreadable(source, "it has no timestamp, and the times of its rows count from there")
    return trace.rows(timestamp_s, words(about, ("icao",)))
