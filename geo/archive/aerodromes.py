"""The aerodrome that a position is at: from which a flight began, or at which it ended."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.archive.block import NONE
from geo.gazetteer import sources
from geo.geodesy import distance_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

#: So far, km, a position may lie from the reference point of an aerodrome, and so high above it, ft, in the air.
WITHIN_KM: Final = 10.0
ABOVE_FT: Final = 5_000
#: Side of the cubes that the aerodromes are sorted into, in radii of the unit sphere: no way of ``WITHIN_KM`` on the
#: ellipsoid is longer there, whose smallest radius of curvature is 6,335 km.
_SIDE: Final = WITHIN_KM / 6_335
_CUBES: Final = int(2 / _SIDE) + 4
_ACROSS: Final = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)])


@dataclass(frozen=True, slots=True, eq=False)
class Aerodromes:
    """Aerodromes with a location indicator of ICAO, sorted by ``cube``: the number of the cube that each lies in."""

    code: NDArray[np.str_]
    lat: Floats
    lon: Floats
    elevation_ft: Floats
    cube: Indices

    @classmethod
    def of(cls, code: Sequence[str], lat: Floats, lon: Floats, elevation_ft: Floats) -> Aerodromes:
        """These aerodromes: codes, degrees, and feet above the sea."""
        x, y, z = _cubes(lat, lon)
        cube = (x * _CUBES + y) * _CUBES + z
        order = np.argsort(cube, kind="stable")
        return cls(np.array(code)[order], lat[order], lon[order], elevation_ft[order], cube[order])

    def at(
        self,
        lat: NDArray[np.int32],
        lon: NDArray[np.int32],
        altitude_ft: NDArray[np.int32],
        on_ground: NDArray[np.int8],
    ) -> NDArray[Any]:
        """The code of the aerodrome that each position is at, ``None`` where it is at none.

        That is the nearest one within ``WITHIN_KM`` for an aircraft that is on the ground, or no higher above it than
        ``ABOVE_FT`` by its pressure altitude. In the air at an unknown altitude it is at none. An aerodrome whose
        elevation is not known counts as one at sea level.

        Args:
            lat: millionths of a degree, as all of these in the columns of a block.
            lon: the same.
            altitude_ft: pressure altitude, ``NONE`` where there is none.
            on_ground: 1 where the aircraft said so.
        """
        found = np.full(len(lat), None, dtype=object)
        ask = np.flatnonzero((on_ground == 1) | (altitude_ft != NONE))
        degrees = lat[ask] / 1e6, lon[ask] / 1e6
        asked, spot = self._around(*degrees)
        km = distance_m(degrees[0][asked], degrees[1][asked], self.lat[spot], self.lon[spot]) / 1000
        near = km <= WITHIN_KM
        asked, spot, km = asked[near], spot[near], km[near]
        order = np.lexsort((self.code[spot], km, asked))
        asked, spot = asked[order], spot[order]
        nearest = np.r_[True, asked[1:] != asked[:-1]][: len(asked)]
        asked, spot = ask[asked[nearest]], spot[nearest]
        low = (on_ground[asked] == 1) | (altitude_ft[asked] <= self.elevation_ft[spot] + ABOVE_FT)
        found[asked[low]] = self.code[spot[low]]
        return found

    def _around(self, lat: Floats, lon: Floats) -> tuple[Indices, Indices]:
        """Pairs of the indices of a point and of an aerodrome in its cube or one beside it."""
        x, y, z = _cubes(lat, lon)
        column = (x[:, None] + _ACROSS[:, 0]) * _CUBES + y[:, None] + _ACROSS[:, 1]
        lowest = (column * _CUBES + z[:, None] - 1).ravel()
        first = np.searchsorted(self.cube, lowest)
        count = np.searchsorted(self.cube, lowest + 2, side="right") - first
        point = np.repeat(np.arange(len(lowest)) // len(_ACROSS), count)
        spot = np.arange(len(point)) - np.repeat(np.cumsum(count) - count - first, count)
        return point, spot


@cache
def aerodromes() -> Aerodromes:
    """Those of the gazetteer's sources, read once in a process (a sixth of a second), without its index.

    Codes with a digit are those that a country gives to airstrips and heliports, not ICAO's. An elevation of 0 may
    stand for one that is not known.
    """
    held = [(icao, one) for icao, one in sources.aerodromes() if icao.isalpha()]
    lat, lon, elevation_ft = np.array([(one["lat"], one["lon"], one["elevation"]) for _, one in held], dtype=float).T
    return Aerodromes.of([icao for icao, _ in held], lat, lon, elevation_ft)


def _cubes(lat: Floats, lon: Floats) -> tuple[Indices, Indices, Indices]:
    north, east = np.radians(lat), np.radians(lon)
    flat = np.cos(north)
    axes = (flat * np.cos(east), flat * np.sin(east), np.sin(north))
    x, y, z = (((axis + 1) / _SIDE).astype(np.int64) + 1 for axis in axes)
    return x, y, z
