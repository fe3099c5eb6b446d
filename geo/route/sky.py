"""Whose sky: the states whose land or territorial sea was overflown, from when to when, and how sure that is.

The states are those of today in the view of the United Nations, the territorial sea reaches 12 nautical miles from the
coast of Natural Earth at 1:10 million (``geo.basemap.owners`` says what that leaves out). A disputed area is named
beside the state if it was disputed at the time of the flight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.basemap.disputes import disputed_areas
from geo.basemap.owners import Area, owners
from geo.model import PathBasis
from geo.route.territory import Piece, pieces, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from geo.route.reach import Reach
    from geo.route.route import Route

    Ints = NDArray[np.int64]

#: From the best to the least.
_BASES: Final = (
    PathBasis.MEASURED,
    PathBasis.RECONSTRUCTED,
    PathBasis.SCHEMATIC,
    PathBasis.BRIDGED,
    PathBasis.NONE,
)
#: What is left of a time by a speed limit is told to the second, and never in more steps than this.
_MOST_STEPS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Moment:
    """When an area was entered or left, POSIX seconds: not before the first, not after the second.

    The two are equal where the line says it to the second. ``basis`` is what the time rests on: only ``measured`` is a
    measurement. Without ``crossing`` it is no boundary that was crossed, but the record that begins or ends.
    """

    earliest_s: float
    latest_s: float
    basis: PathBasis
    crossing: bool = True

    @property
    def instant(self) -> bool:
        """Whether it is one second rather than an interval."""
        return self.earliest_s == self.latest_s


@dataclass(frozen=True, slots=True)
class Overflight:
    """A stay over an area.

    ``certain`` is false where the aircraft may never have been there: then both times are those between which it may
    have been. ``unseen`` are times in between, POSIX seconds, at which it may have been elsewhere.
    """

    area: Area
    enter: Moment
    leave: Moment
    certain: bool = True
    unseen: tuple[tuple[float, float], ...] = ()

    @property
    def basis(self) -> frozenset[PathBasis]:
        """What its times rest on."""
        return frozenset({self.enter.basis, self.leave.basis})

    @property
    def measured(self) -> bool:
        """Whether both its times are measurements."""
        return self.basis == {PathBasis.MEASURED}


def overflown(route: Route, *, whole: bool = False) -> tuple[Overflight, ...]:
    """Whose sky the aircraft flew through, in order of time.

    On a measured line a crossing is an instant, interpolated between two fixes. On a line with doubt it is from
    the first moment at which the disc of doubt touches the area to the first at which it lies wholly inside, and holds
    as often as the band does. On a line placed by hand without doubt it is read off the line, and its basis says so.
    Across a time of which nothing is known it is that time, less what the speed limit excludes; nothing is said of
    areas in between, whatever a bridge crosses.

    Args:
        route: the traced case.
        whole: a state's land and territorial sea as one, without disputed areas; the areas are then of the kind
            "land and sea".
    """
    areas, group = _areas(route.start_s, whole=whole)
    told = pieces(route, group)
    return tuple(
        sorted(
            _Reading(route, areas, group, told).overflights(),
            key=lambda one: (one.enter.earliest_s, one.enter.latest_s, one.leave.latest_s),
        )
    )


def _areas(time_s: float, *, whole: bool) -> tuple[list[Area], Ints]:
    """The areas as they are told at a time, and for each area of the ground the number of the one it counts as."""
    disputes = disputed_areas()
    numbers: dict[Area, int] = {}
    group = []
    for area in owners().areas:
        disputed = tuple(key for key in area.disputed if disputes[key].holds_at(time_s))
        told = Area(area.code, area.kind, disputed)
        if whole and area.kind != "beyond":
            told = Area(area.code, "land and sea")
        group.append(numbers.setdefault(told, len(numbers)))
    return list(numbers), np.array(group)


@dataclass(frozen=True, slots=True)
class _Run:
    """Pieces from ``first`` up to ``end`` in which the aircraft was in one area and no other."""

    group: int
    first: int
    end: int


class _Reading:
    """What is read off the pieces of a route."""

    def __init__(self, route: Route, areas: Sequence[Area], group: Ints, told: Sequence[Piece]) -> None:
        self._route, self._areas, self._group, self._told = route, areas, group, told

    def overflights(self) -> Iterator[Overflight]:
        """All of them, in no order."""
        certain = list(self._certain())
        if not certain:
            yield from self._perhaps(0, len(self._told), None, None)
            return
        entered = self._begun(certain[0])
        yield from self._perhaps(0, certain[0].first, None, certain[0].group)
        unseen: list[tuple[float, float]] = []
        for before, after in pairwise(certain):
            first, end = before.end, after.first
            yield from self._perhaps(first, end, before.group, after.group)
            if before.group == after.group and self._reaches_over(first, end, before.group):
                unseen.append((self._told[first].start_s, self._told[end - 1].end_s))
                continue
            leave, enter = self._left(before, end), self._entered(after, first)
            yield Overflight(self._areas[before.group], entered, leave, unseen=tuple(unseen))
            entered, unseen = enter, []
        last = certain[-1]
        yield Overflight(self._areas[last.group], entered, self._ended(last), unseen=tuple(unseen))
        yield from self._perhaps(last.end, len(self._told), last.group, None)

    def _certain(self) -> Iterator[_Run]:
        index = 0
        while index < len(self._told):
            groups = self._told[index].groups
            end = index + 1
            if groups is not None and len(groups) == 1:
                while end < len(self._told) and self._told[end].groups == groups:
                    end += 1
                yield _Run(next(iter(groups)), index, end)
            index = end

    def _reaches_over(self, first: int, end: int, group: int) -> bool:
        """Whether the aircraft may have been in an area all the time."""
        return all(piece.groups is None or group in piece.groups for piece in self._told[first:end])

    def _left(self, run: _Run, end: int) -> Moment:
        """When an area was left after which it is certain: up to the last moment at which it is possible."""
        since = self._told[run.end - 1].end_s
        zone = self._told[run.end : end]
        if not zone:
            return Moment(since, since, _least(self._told[run.end - 1 : run.end + 1]))
        latest = since
        for piece in zone:
            if piece.groups is not None and run.group not in piece.groups:
                break
            until = self._within(piece, run.group, first=True)
            latest = until
            if until < piece.end_s:
                break
        return Moment(since, latest, _least(zone))

    def _entered(self, run: _Run, first: int) -> Moment:
        """When an area was entered before which it is certain: from the first moment at which it is possible."""
        since = self._told[run.first].start_s
        zone = self._told[first : run.first]
        if not zone:
            return Moment(since, since, _least(self._told[run.first - 1 : run.first + 1]))
        earliest = since
        for piece in reversed(zone):
            if piece.groups is not None and run.group not in piece.groups:
                break
            begin = self._within(piece, run.group, first=False)
            earliest = begin
            if begin > piece.start_s:
                break
        return Moment(earliest, since, _least(zone))

    def _begun(self, run: _Run) -> Moment:
        if run.first == 0:
            start = self._told[0]
            return Moment(start.start_s, start.start_s, start.basis, crossing=False)
        moment = self._entered(run, 0)
        return replace(moment, crossing=moment.earliest_s > self._told[0].start_s)

    def _ended(self, run: _Run) -> Moment:
        last = self._told[-1]
        if run.end == len(self._told):
            return Moment(last.end_s, last.end_s, last.basis, crossing=False)
        moment = self._left(run, len(self._told))
        return replace(moment, crossing=moment.latest_s < last.end_s)

    def _within(self, piece: Piece, group: int, *, first: bool) -> float:
        """Until when from its start (or since when to its end) a piece leaves it possible to be in an area."""
        outer = piece.end_s if first else piece.start_s
        if piece.groups is not None:
            return outer
        reach = self._route.reach_at((piece.start_s + piece.end_s) / 2)
        if reach is None:
            return outer
        count = min(int(np.ceil(piece.end_s - piece.start_s)), _MOST_STEPS) + 1
        times = np.linspace(piece.start_s, piece.end_s, count)
        able = np.all(self._away_m(reach, group)[:, None] <= reach.radii_m(times), axis=0)
        # The second that is cut off may still belong to it.
        if first:
            return float(times[int(np.argmin(able))]) if not able.all() else outer
        return float(times[count - 1 - int(np.argmin(able[::-1]))]) if not able.all() else outer

    def _away_m(self, reach: Reach, group: int) -> NDArray[np.float64]:
        ground, wanted = owners(), self._group == group
        return np.array([ground.distance_m(anchor.lat, anchor.lon, wanted) for anchor in reach.anchors])

    def _perhaps(self, first: int, end: int, before: int | None, after: int | None) -> Iterator[Overflight]:
        """Areas that only the doubt of a line reaches between two that are certain."""
        zone = self._told[first:end]
        seen = set().union(*(piece.groups for piece in zone if piece.groups is not None))
        for group in sorted(seen):
            for begin, until in runs(zone, group, told=True):
                # What goes on from the area before, or on into the area after, is no stay of its own.
                if (group == before and begin == 0) or (group == after and until == len(zone)):
                    continue
                moment = Moment(zone[begin].start_s, zone[until - 1].end_s, _least(zone[begin:until]))
                sure = before is not None and after is not None and _parts(zone, group, before, after)
                yield Overflight(self._areas[group], moment, moment, certain=sure)


def _least(zone: Iterable[Piece]) -> PathBasis:
    """The least of the bases of some pieces."""
    return max((piece.basis for piece in zone), key=_BASES.index)


def _parts(zone: Sequence[Piece], group: int, before: int, after: int) -> bool:
    """Whether one cannot come from one area into another in a zone without passing through a third."""
    if group in (before, after) or before == after or any(piece.groups is None for piece in zone):
        return False
    pairs = frozenset().union(*(piece.borders for piece in zone))
    found, ends = {before}, [before]
    while ends:
        here = ends.pop()
        for pair in pairs:
            if here in pair and group not in pair:
                other = pair[0] if pair[1] == here else pair[1]
                if other not in found:
                    found.add(other)
                    ends.append(other)
    return after not in found
