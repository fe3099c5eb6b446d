"""Times and positions that a file writes as two lists, and which belongs to which."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, Final

from geo.measures import FOOT_M
from geo.tracks.markup.kml_values import position
from geo.tracks.markup.xml_rows import moment_s
from geo.tracks.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.tracks.markup.xml_rows import Gather

#: In place of a partner that is missing.
ALONE: Final = -1
_NOWHERE: Final = (math.nan, math.nan, math.nan)


class Pairs:
    """The times and positions of one track as they are read, to be put to ``rows``."""

    def __init__(self, rows: Gather) -> None:
        self._rows = rows
        self._times = array("d")
        self._lat, self._lon, self._height_m = array("d"), array("d"), array("d")
        self._time_line = array("q")
        self._position_line = array("q")
        self._before = array("q")
        self._wrong_time: dict[int, str] = {}
        self._wrong_position: dict[int, str] = {}

    @property
    def counts(self) -> tuple[int, int]:
        """How many times there are, and how many positions."""
        return len(self._times), len(self._before)

    @property
    def first(self) -> float:
        """The first time.

        Raises:
            ValueError: a sentence that says why it is none.
        """
        if 0 in self._wrong_time:
            raise ValueError(self._wrong_time[0])
        return self._times[0]

    @property
    def high(self) -> bool:
        """Whether any altitude is other than 0."""
        return any(height != 0 and not math.isnan(height) for height in self._height_m)

    def when(self, text: str, line: int) -> None:
        """The next time."""
        try:
            self._times.append(moment_s(text))
        except ValueError as wrong:
            self._wrong_time[len(self._times)] = str(wrong)
            self._rows.bounded(len(self._wrong_time), line, str(wrong))
            self._times.append(math.nan)
        self._time_line.append(line)

    def coord(self, text: str, line: int) -> None:
        """The next position."""
        try:
            lat, lon, height_m = position(text)
        except ValueError as wrong:
            self._wrong_position[len(self._before)] = str(wrong)
            self._rows.bounded(len(self._wrong_position), line, str(wrong))
            lat, lon, height_m = _NOWHERE
        self._lat.append(lat)
        self._lon.append(lon)
        self._height_m.append(height_m)
        self._position_line.append(line)
        self._before.append(len(self._times))

    def into_rows(self, part: int, *, with_altitude: bool, by_time: bool = False, cut: str = "") -> bool:
        """Put the pairs to the rows, in order; ``cut`` says why they are not whole. Whether each has its partner.

        A row is numbered by the line of its position, or ``by_time``.
        """
        whole = True
        for time, place in paired(len(self._times), self._before):
            timed = place == ALONE or (by_time and time != ALONE)
            line = self._time_line[time] if timed else self._position_line[place]
            why = self._wrong(time, place, cut)
            if ALONE in {time, place}:
                whole = False
            if why:
                self._rows.lose(line, why)
            else:
                altitude_ft = self._height_m[place] / FOOT_M if with_altitude else math.nan
                self._rows.keep(line, part, (self._times[time], self._lat[place], self._lon[place], altitude_ft))
        return whole

    def _wrong(self, time: int, place: int, cut: str) -> str:
        """Why a pair cannot be read, "" if it can."""
        if ALONE not in {time, place}:
            return self._wrong_time.get(time) or self._wrong_position.get(place, "")
        counts = "there are {:,} times and {:,} positions".format(*self.counts)
        if time == ALONE:
            return f"the position has no time: {cut or counts}"
        told = "" if time in self._wrong_time else f" {iso(self._times[time])}"
        return f"the time{told} has no position: {cut or counts}"


def paired(times: int, before: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of places in a list of so many times and one of positions, as they stand; ``ALONE`` for no partner.

    ``before`` says of each position how many of the times stand before it. The first belongs to the first, and so
    on. Only where their numbers differ and they stand in turn does the order tell which partner is missing.
    """
    positions = len(before)
    if times == positions or not positions or before[0] >= times or before[-1] == 0:
        for place in range(max(times, positions)):
            yield place if place < times else ALONE, place if place < positions else ALONE
    elif before[0]:
        yield from _times_first(times, before)
    else:
        yield from _positions_first(times, before)


def _times_first(times: int, before: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each time with the position behind it."""
    place = 0
    for time in range(times):
        first = place
        while place < len(before) and before[place] == time + 1:
            place += 1
        yield time, first if place > first else ALONE
        for other in range(first + 1, place):
            yield ALONE, other


def _positions_first(times: int, before: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each position with the time behind it."""
    for place, first in enumerate(before):
        end = before[place + 1] if place + 1 < len(before) else times
        yield first if first < end else ALONE, place
        for other in range(first + 1, end):
            yield other, ALONE
