"""Against the intended route: how far beside it the flight was, where it left the corridor, how much longer it flew."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import along_m, beside_leg_m, distance_m, wrap
from geo.model import PathBasis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.model import Case, Place
    from geo.route.route import Line, Route, RouteStretch

    Floats = NDArray[np.float64]

#: Only from these the deviation is told: a bridge and a hand-placed line say nothing of how far aside the flight was.
COUNTED: Final = (PathBasis.MEASURED, PathBasis.RECONSTRUCTED)
#: Points that are looked at in each stretch; around the largest deviation all are.
_LOOKED_AT: Final = 2_000
#: A flight that ends this near to a place got there, km.
ARRIVED_KM: Final = 15.0


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where the flight was farthest from the intended route: signed metres, positive to the right of it."""

    metres: float
    time_s: float
    lat: float
    lon: float
    basis: PathBasis
    doubt_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Crossing:
    """A crossing of the edge of the corridor: at some moment from ``earliest_s`` to ``latest_s``.

    ``out`` says whether the flight left the corridor or came back. Where nothing was received between the last position
    on the one side and the first on the other, the two times lie apart.
    """

    out: bool
    earliest_s: float
    latest_s: float
    basis: PathBasis


@dataclass(frozen=True, slots=True)
class Detour:
    """What was flown against what was intended, metres.

    ``flown_m`` is at least what was flown: over the share ``bridged`` of it the shortest line stands for the way.
    """

    intended_m: float
    flown_m: float
    bridged_m: float
    schematic_m: float

    @property
    def longer_m(self) -> float:
        """How much longer than intended."""
        return self.flown_m - self.intended_m


@dataclass(frozen=True, slots=True)
class Against:
    """A flight against its intended route.

    ``largest`` and ``crossings`` rest on measured and reconstructed stretches only, ``counted_s`` of ``flown_s``
    seconds. ``departed_late_s`` and ``arrived_late_s`` compare with the schedule of the case, and are ``None`` where it
    states none or the flight did not leave from there or arrive there.
    """

    corridor_m: float
    counted_s: float
    flown_s: float
    largest: Deviation | None
    crossings: tuple[Crossing, ...]
    detour: Detour | None
    arrived: bool
    departed_late_s: float | None
    arrived_late_s: float | None


def beside_m(lat: Floats, lon: Floats, places: Sequence[Place]) -> Floats:
    """Signed distance of points from the intended route through ``places``, metres, positive to the right of it.

    It is that from the nearest leg: across it where the foot of the perpendicular lies on it, else from its nearer end.
    A round flight that names only its one place has no sides: there it is the distance from that place.
    """
    nearest = np.full(np.shape(lat), np.inf)
    for one, other in pairwise(places):
        away = _from_leg(lat, wrap(lon), one, other)
        nearest = np.where(np.abs(away) < np.abs(nearest), away, nearest)
    return nearest


def _from_leg(lat: Floats, lon: Floats, one: Place, other: Place) -> Floats:
    if one.position == other.position:
        return distance_m(lat, lon, one.lat, one.lon)
    return beside_leg_m(lat, lon, one.lat, one.lon, other.lat, other.lon)


def against(case: Case, route: Route) -> Against:
    """The flight against its intended route."""
    corridor_m = case.intended.corridor_km * 1000
    counted = [stretch for stretch in route.stretches if stretch.basis in COUNTED and stretch.line is not None]
    sampled = [_sampled(stretch, route.intended_places) for stretch in counted]
    arrived = _near_end(route, -1)
    # A day alone is no hour to be late against.
    departs, arrives = (
        None if when is None or when.dated_only else when for when in (case.intended.departs, case.intended.arrives)
    )
    return Against(
        corridor_m=corridor_m,
        counted_s=sum(stretch.end_s - stretch.start_s for stretch in counted),
        flown_s=route.end_s - route.start_s,
        largest=max(
            (_largest(s, route.intended_places, *at) for s, at in zip(counted, sampled, strict=True)),
            key=lambda one: abs(one.metres),
            default=None,
        ),
        crossings=_crossings(counted, sampled, route.intended_places, corridor_m),
        detour=_detour(route),
        arrived=arrived,
        departed_late_s=route.start_s - departs.start.timestamp() if departs and _near_end(route, 0) else None,
        arrived_late_s=route.end_s - arrives.start.timestamp() if arrives and arrived else None,
    )


def _near_end(route: Route, end: int) -> bool:
    """Whether the drawn flight begins (0) or ends (-1) at that end of the intended route."""
    lines = [stretch.line for stretch in route.stretches if stretch.line is not None]
    if not lines:
        return False
    place, line = route.intended_places[end], lines[end]
    return float(distance_m(place.lat, place.lon, line.lat[end], wrap(line.lon[end]))) < ARRIVED_KM * 1000


def _sampled(stretch: RouteStretch, places: Sequence[Place]) -> tuple[NDArray[np.int64], Floats]:
    line = _line(stretch)
    step = max(len(line) // _LOOKED_AT, 1)
    index = np.unique(np.r_[np.arange(0, len(line), step), len(line) - 1])
    return index, beside_m(line.lat[index], line.lon[index], places)


def _line(stretch: RouteStretch) -> Line:
    assert stretch.line is not None  # noqa: S101  the caller chose those with a line
    return stretch.line


def _largest(stretch: RouteStretch, places: Sequence[Place], index: NDArray[np.int64], beside: Floats) -> Deviation:
    line, most = _line(stretch), int(np.abs(beside).argmax())
    near = np.arange(index[max(most - 1, 0)], index[min(most + 1, len(index) - 1)] + 1)
    exactly = beside_m(line.lat[near], line.lon[near], places)
    at = int(near[np.abs(exactly).argmax()])
    return Deviation(
        metres=float(exactly[np.abs(exactly).argmax()]),
        time_s=float(_times(line)[at]),
        lat=float(line.lat[at]),
        lon=float(wrap(line.lon[at])),
        basis=stretch.basis,
        doubt_m=0.0 if line.doubt_m is None else float(line.doubt_m[at]),
    )


def _crossings(
    counted: Sequence[RouteStretch],
    sampled: Sequence[tuple[NDArray[np.int64], Floats]],
    places: Sequence[Place],
    corridor_m: float,
) -> tuple[Crossing, ...]:
    found: list[Crossing] = []
    before: tuple[float, bool] | None = None
    for stretch, (index, beside) in zip(counted, sampled, strict=True):
        time_s = _times(_line(stretch))
        outside = np.abs(beside) > corridor_m
        if before is not None and before[1] != bool(outside[0]):
            found.append(Crossing(bool(outside[0]), before[0], float(time_s[0]), PathBasis.BRIDGED))
        found += [
            _crossing(stretch, places, corridor_m, int(index[at]), int(index[at + 1]))
            for at in np.flatnonzero(np.diff(outside.astype(np.int8))).tolist()
        ]
        before = float(time_s[-1]), bool(outside[-1])
    return tuple(found)


def _crossing(stretch: RouteStretch, places: Sequence[Place], corridor_m: float, first: int, last: int) -> Crossing:
    """The crossing between two points of a stretch: where the distance, linear between neighbours, meets the edge.

    On a reconstructed line it lies between the moments at which the disc of doubt begins and ends to cover the edge.
    """
    line = _line(stretch)
    near = np.arange(first, last + 1)
    aside = np.abs(beside_m(line.lat[near], line.lon[near], places)) - corridor_m
    at = int(np.flatnonzero((aside[:-1] > 0) != (aside[1:] > 0))[0])
    time_s = _times(line)[near]
    when = float(time_s[at] + aside[at] / (aside[at] - aside[at + 1]) * (time_s[at + 1] - time_s[at]))
    out = bool(aside[at + 1] > 0)
    if line.doubt_m is None:
        return Crossing(out, when, when, stretch.basis)
    whole = np.abs(beside_m(line.lat, line.lon, places)) - corridor_m
    unsure = np.abs(whole) <= line.doubt_m
    middle = first + at
    early = middle if not unsure[middle] else int(np.flatnonzero(~unsure[: middle + 1])[-1:].sum()) + 1
    after = np.flatnonzero(~unsure[middle + 1 :])
    late = middle + 1 + int(after[0]) if len(after) else len(line) - 1
    times = _times(line)
    return Crossing(out, min(float(times[early]), when), max(float(times[late]), when), stretch.basis)


def _times(line: Line) -> Floats:
    assert line.time_s is not None  # noqa: S101  measured and reconstructed lines have times
    return line.time_s


def _detour(route: Route) -> Detour | None:
    """What was flown: along the lines, and straight over what is left between them."""
    lines = [(stretch.basis, stretch.line) for stretch in route.stretches if stretch.line is not None]
    if not lines:
        return None
    lengths = dict.fromkeys(PathBasis, 0.0)
    for basis, line in lines:
        lengths[basis] += float(along_m(line.lat, wrap(line.lon))[-1])
    for (_, one), (_, other) in pairwise(lines):
        lengths[PathBasis.BRIDGED] += float(
            distance_m(one.lat[-1], wrap(one.lon[-1]), other.lat[0], wrap(other.lon[0]))
        )
    return Detour(
        intended_m=float(along_m(route.intended.lat, wrap(route.intended.lon))[-1]),
        flown_m=sum(lengths.values()),
        bridged_m=lengths[PathBasis.BRIDGED],
        schematic_m=lengths[PathBasis.SCHEMATIC],
    )
