"""The steps of aircraft from one position to the next: how long they are, and which of them nothing can have flown.

A step is a **jump** if it is at least ``LEAST_KM`` long and longer than the fastest subsonic civil aircraft goes, with
the strongest wind behind it, at the altitude at which that is most (``geo.envelope``: some 800 kt), in the time between
the two and ``LATE_S`` more. Positions are written down up to so long after they were true in files that sample once in
ten seconds (``geo.tracks.judging.flying``). Altitudes, NIC and NACp do not count: the rule is the same whatever a
source carries, and what it finds no airliner can have flown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.envelope import fastest_kt
from geo.geodesy import EQUATORIAL_RADIUS_M, FLATTENING, distance_m
from geo.measures import KNOT_M_S
from geo.tracks.judging.flying import LATE_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

#: No shorter step is a jump, km.
LEAST_KM: Final = 10.0
#: Nothing flies faster over the ground, m/s.
FASTEST_M_S: Final = float(fastest_kt(np.array([np.nan]))[0]) * KNOT_M_S
#: Up to this length, m, and latitude, degrees, a step is measured on the ellipsoid's radii at its middle: within
#: ``ERROR`` of its length of the geodesic. Others are measured as geodesics.
_SHORT_M: Final = 20_000.0
_LEVEL_DEG: Final = 80.0
ERROR: Final = 2e-5
_ECCENTRICITY_2: Final = FLATTENING * (2 - FLATTENING)
_TURN: Final = 360e6
_RADIANS: Final = np.pi / 180e6
#: Steps that are worked at together, so that what is between stays in the processor's cache.
_TOGETHER: Final = 1 << 15


def room_m(apart_ms: NDArray[np.int64]) -> Floats:
    """How far a step between stamps so far apart can be without being a jump, metres."""
    room: Floats = np.maximum((apart_ms / 1000 + LATE_S) * FASTEST_M_S, LEAST_KM * 1000)
    return room


def lengths_m(lat: NDArray[np.int32], lon: NDArray[np.int32], within: NDArray[np.bool_]) -> Floats:
    """Length of the step to each position from the one before it; 0 where it is not asked for.

    Args:
        lat: millionths of a degree.
        lon: the same.
        within: whether the step to this position is asked for; never the first.

    Returns:
        Metres, one for each position.
    """
    metres = np.zeros(len(lat))
    for start in range(0, len(lat) - 1, _TOGETHER):
        part = slice(start, min(start + _TOGETHER, len(lat) - 1) + 1)
        metres[part][1:] = _short(lat[part], lon[part])
    metres *= within
    far = np.flatnonzero((metres > _SHORT_M) | ((np.abs(lat) > _LEVEL_DEG * 1e6) & within))
    metres[far] = geodesics_m(lat, lon, far - 1, far)
    return metres


def geodesics_m(lat: NDArray[np.int32], lon: NDArray[np.int32], before: Whole, after: Whole) -> Floats:
    """Length of the geodesics between positions of these indices, metres."""
    return distance_m(lat[before] / 1e6, lon[before] / 1e6, lat[after] / 1e6, lon[after] / 1e6)


def _short(lat: NDArray[np.int32], lon: NDArray[np.int32]) -> Floats:
    """Lengths by the radii of curvature in the meridian and across it at the middle latitude."""
    north = lat * _RADIANS
    across: Any = np.diff(lon).astype(np.float64)
    across -= np.rint(across / _TURN) * _TURN
    across *= _RADIANS
    flat = np.cos((north[1:] + north[:-1]) / 2)
    flat_2 = flat * flat
    bulge = 1 - _ECCENTRICITY_2 + _ECCENTRICITY_2 * flat_2
    up = np.diff(north) * ((1 - _ECCENTRICITY_2) / bulge)
    length: Floats = np.sqrt((up * up + across * across * flat_2) / bulge) * EQUATORIAL_RADIUS_M
    return length
