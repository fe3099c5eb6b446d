"""How far from a place the aircraft was, or can have been, at any moment, and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.geodesy import distance_m, wrap
from geo.route.route import PLACED

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.model import Position
    from geo.route.route import Route

    Floats = NDArray[np.float64]

#: What a distance rests on where nothing is drawn: the reach, or nothing at all.
REACH = "reach"
NOTHING = "nothing"


@dataclass(frozen=True, slots=True, eq=False)
class Away:
    """Distances from a place at times: least and greatest, metres; equal where the position is taken as it is drawn.

    ``rests_on`` has a word for each time: a path basis, ``reach``, or ``nothing``, where both distances are NaN.
    """

    time_s: Floats
    least_m: Floats
    greatest_m: Floats
    rests_on: tuple[str, ...]


def away(route: Route, place: Position, time_s: ArrayLike) -> Away:
    """Distances from ``place`` at POSIX seconds within the route.

    On a drawn line it is the distance of the line give or take its doubt; elsewhere what the reach leaves open. What
    is drawn without being received, by hand or by reckoning, keeps within its doubt, not within the reach.
    """
    times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
    least, greatest = np.full(len(times), np.nan), np.full(len(times), np.nan)
    rests_on = np.full(len(times), NOTHING, dtype=object)
    for stretch in route.stretches:
        line = stretch.line
        if line is None or line.time_s is None or stretch.basis not in PLACED:
            continue
        held = np.flatnonzero((times >= stretch.start_s) & (times <= stretch.end_s))
        lat, lon = np.interp(times[held], line.time_s, line.lat), np.interp(times[held], line.time_s, line.lon)
        apart = distance_m(lat, wrap(lon), place.lat, place.lon)
        doubt = 0.0 if line.doubt_m is None else np.interp(times[held], line.time_s, line.doubt_m)
        least[held], greatest[held] = np.maximum(apart - doubt, 0.0), apart + doubt
        rests_on[held] = stretch.basis.value
    for reach in route.reaches:
        open_ = (times >= reach.start_s) & (times <= reach.end_s) & np.isnan(least)
        held = np.flatnonzero(open_)
        if len(held) == 0:
            continue
        least[held], greatest[held] = reach.away_m(place.lat, place.lon, times[held])
        rests_on[held[~np.isnan(least[held])]] = REACH
    return Away(times, least, greatest, tuple(str(word) for word in rests_on))
