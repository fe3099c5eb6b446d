"""Do several tracks of one aircraft agree: where two of them hold positions for one time, how far apart are these."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from geo.geodesy import distance_m, unwrap, wrap
from geo.route.route import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.model import Track

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Disagreement:
    """A time during which two tracks hold positions farther apart than the case allows.

    ``first`` and ``second`` are the places of the tracks in the case, from 0; ``most_m`` is the greatest distance, at
    ``most_at_s``. ``line`` is what the second says; what the first says is drawn as received.
    """

    first: int
    second: int
    start_s: float
    end_s: float
    most_m: float
    most_at_s: float
    line: Line


def disagreements(tracks: Sequence[Track], gap_s: float, apart_m: float) -> tuple[Disagreement, ...]:
    """Where two tracks are farther apart than ``apart_m`` at one time, in order of time.

    Positions of the one are held against those of the other interpolated to their times, where two of these lie at most
    ``gap_s`` apart around it. Single fixes count: a disagreement may have no duration.
    """
    found = [
        one
        for (first, a), (second, b) in combinations(enumerate(tracks), 2)
        for one in _between(first, second, _held(a), _held(b), gap_s, apart_m)
    ]
    return tuple(sorted(found, key=lambda one: (one.start_s, one.first, one.second)))


def _held(track: Track) -> tuple[Floats, Floats, Floats]:
    """Times, latitudes and unwrapped longitudes of the positions that hold, one a time."""
    held = np.flatnonzero(track.accepted & ~np.isnan(track.lat_deg))
    _, once = np.unique(track.time_s[held], return_index=True)
    held = held[once]
    return track.time_s[held], track.lat_deg[held], unwrap(track.lon_deg[held])


def _between(
    first: int,
    second: int,
    one: tuple[Floats, Floats, Floats],
    other: tuple[Floats, Floats, Floats],
    gap_s: float,
    apart_m: float,
) -> Iterator[Disagreement]:
    time_s, lat, lon = other
    known_s = one[0]
    if len(known_s) < 2 or len(time_s) == 0:  # noqa: PLR2004  nothing to interpolate between
        return
    after = np.clip(np.searchsorted(known_s, time_s), 1, len(known_s) - 1)
    near = (time_s >= known_s[after - 1]) & (time_s <= known_s[after]) & (known_s[after] - known_s[after - 1] <= gap_s)
    time_s, lat, lon = time_s[near], lat[near], lon[near]
    if len(time_s) == 0:
        return
    there_lat, there_lon = np.interp(time_s, known_s, one[1]), np.interp(time_s, known_s, one[2])
    apart = distance_m(lat, wrap(lon), there_lat, wrap(there_lon))
    off = apart > apart_m
    edges = np.flatnonzero(np.diff(np.r_[False, off, False].astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        part = slice(int(start), int(end))
        most = int(start) + int(apart[part].argmax())
        yield Disagreement(
            first,
            second,
            float(time_s[start]),
            float(time_s[end - 1]),
            float(apart[most]),
            float(time_s[most]),
            Line(lat[part].copy(), lon[part].copy(), time_s[part].copy()),
        )
