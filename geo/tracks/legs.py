"""Which rows of a file are one flight of one aircraft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.model import Track
from geo.tracks.judging import order
from geo.tracks.rows import QUANTITIES
from geo.tracks.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from geo.tracks.rows import Labels, Rows

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_BACKWARDS: Final = "time runs backwards"
#: After a silence of this length, on the ground at either end of it, another flight begins.
LANDED_S: Final = 30 * 60.0
#: After a silence of this length another flight begins in any case: airliners are heard again sooner even over
#: oceans.
DAY_S: Final = 12 * 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A leg not yet judged: its track, its part of the file, and what is given against positions and altitudes."""

    track: Track
    part: str | None
    given: dict[int, tuple[str, str]]
    given_altitude: dict[int, tuple[str, str]]


def split(rows: Rows, source: str) -> tuple[Raw, ...]:
    """The legs of a file by aircraft, callsign and landing, in order of time; every row is in exactly one.

    An aircraft is an ICAO address where the file has them, else a callsign; where the file keeps flights apart by
    itself, its parts count too. A row without address belongs to that of the row before it (in its part), a row
    without callsign to the leg that its aircraft flies at the time.
    """
    part = None if rows.part is None else rows.part.codes
    whose = (rows.icao24 if rows.icao24.names else rows.callsign).carried(part).codes.astype(np.int64)
    if rows.part is not None:
        whose = whose * (len(rows.part.names) + 1) + rows.part.codes
    untimely = _untimely(rows)
    legs = [
        _raw(rows, members, astray, untimely, source)
        for aircraft in _groups(whose)
        for members, astray in _flights(rows, aircraft, untimely)
    ]
    return tuple(sorted(legs, key=lambda leg: (float(leg.track.time_s[0]), int(leg.track.row[0]))))


def _groups(codes: NDArray[np.integer[Any]]) -> Iterator[Indices]:
    """Indices of equal codes, ascending."""
    if len(codes) == 0:
        return
    if bool(np.all(codes == codes[0])):
        yield np.arange(len(codes), dtype=np.int64)
        return
    arranged = np.argsort(codes, kind="stable")
    yield from np.split(arranged, np.flatnonzero(np.diff(codes[arranged])) + 1)


def _flights(rows: Rows, aircraft: Indices, untimely: Mask) -> Iterator[tuple[Indices, Indices]]:
    """For each flight of an aircraft its rows in order of time, and those of them whose time is astray."""
    whole = len(aircraft) == len(rows)
    time_s = rows.columns["time_s"] if whole else rows.columns["time_s"][aircraft]
    if not untimely.any() and bool(np.all(time_s[1:] >= time_s[:-1])):
        # most files: in order, so that nothing need be arranged
        for members in _groups(_numbered(rows, aircraft)):
            yield aircraft[members], members[:0]
        return
    astray = order.out_of_order(time_s) if rows.ordered else np.zeros(len(aircraft), dtype=np.bool_)
    astray |= untimely[aircraft]
    if bool(astray.all()):
        astray = np.zeros_like(astray)
    timely = np.flatnonzero(~astray)
    timely = timely[np.argsort(time_s[timely], kind="stable")]
    flight = np.empty(len(aircraft), dtype=np.int64)
    flight[timely] = _numbered(rows, aircraft[timely])
    if bool(astray.any()):
        sure = np.flatnonzero(~astray)
        lost = np.flatnonzero(astray)
        flight[lost] = flight[sure[np.maximum(np.searchsorted(sure, lost) - 1, 0)]]
    for members in _groups(flight):
        arranged = members[np.argsort(time_s[members], kind="stable")]
        yield aircraft[arranged], aircraft[members[astray[members]]]


def _numbered(rows: Rows, timely: Indices) -> Indices:
    """The number of the flight of each of these rows, which are of one aircraft and in order of time."""
    callsign = replace(rows.callsign, codes=rows.callsign.codes[timely]).carried().codes
    number = np.zeros(len(timely), dtype=np.int64)
    count = 0
    for members in _groups(callsign):
        gap = np.diff(rows.columns["time_s"][timely[members]])
        new = np.zeros(len(gap), dtype=np.bool_) if rows.begins is None else rows.begins[timely[members[1:]]]
        if bool(np.any(gap > LANDED_S)):
            ground = rows.column("on_ground")[timely[members]] == 1
            new = new | (gap > LANDED_S) & (ground[:-1] | ground[1:]) | (gap > DAY_S)
        number[members] = count + np.r_[0, np.cumsum(new)]
        count = int(number[members[-1]]) + 1
    return number


def _label(labels: Labels, members: Indices) -> str | None:
    codes = labels.codes[members]
    known = codes[codes >= 0]
    return labels.names[int(known[0])] if len(known) else None


def _raw(rows: Rows, members: Indices, astray: Indices, untimely: Mask, source: str) -> Raw:
    whole = len(members) == len(rows) and bool(np.all(np.diff(members) == 1))
    unsaid = np.full(len(members), np.nan)
    columns = {name: rows.columns.get(name, unsaid) for name in QUANTITIES}
    columns = {name: column if whole or column is unsaid else column[members] for name, column in columns.items()}
    track = Track(
        **columns,
        row=rows.row[members],
        reason=np.zeros(len(members), dtype=np.uint8),
        altitude_reason=np.zeros(len(members), dtype=np.uint8),
        icao24=_label(rows.icao24, members),
        callsign=_label(rows.callsign, members),
        source=source,
    )
    given = _given(rows.given, members) | _against(rows, members, astray, untimely)
    part = None if rows.part is None else _label(rows.part, members)
    return Raw(track, part, given, _given(rows.given_altitude, members))


def _given(given: Mapping[int, tuple[str, str]], members: Indices) -> dict[int, tuple[str, str]]:
    if isinstance(given, Said):
        return dict(given.taken(members))
    return {place: given[index] for place, index in enumerate(members.tolist()) if index in given} if given else {}


def _against(rows: Rows, members: Indices, astray: Indices, untimely: Mask) -> dict[int, tuple[str, str]]:
    """By place in the leg what is wrong with the times that are astray."""
    if len(astray) == 0:
        return {}
    in_file = np.sort(members)
    said = order.sentences(rows.columns["time_s"][in_file], rows.row[in_file], np.isin(in_file, astray))
    place = dict(zip(members.tolist(), range(len(members)), strict=True))
    found = {int(in_file[at]): sentence for at, sentence in said.items()}
    return {place[index]: (_BACKWARDS, sentence) for index, sentence in found.items() if not untimely[index]}


def _untimely(rows: Rows) -> Mask:
    """Mask of the rows of which the file itself says that their time does not hold."""
    found = np.zeros(len(rows), dtype=np.bool_)
    if not isinstance(rows.given, Said) or rows.given.only in ("", _BACKWARDS):
        found[[index for index, (word, _) in rows.given.items() if word == _BACKWARDS]] = True
    return found
