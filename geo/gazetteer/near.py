"""Nearness of records, to decide which belong together: thresholds on a sphere, not the distances of geo.geodesy."""

from __future__ import annotations

import math
from typing import Final

_RADIUS_KM: Final = 6_371.0
_DEGREE_KM: Final = math.radians(1) * _RADIUS_KM


def far(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two positions (degrees) on a sphere, within half a per cent; haversine formula."""
    one, other = math.radians(lat), math.radians(other_lat)
    half = (
        math.sin((other - one) / 2) ** 2
        + math.cos(one) * math.cos(other) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 2 * _RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def near(lat: float, lon: float, other_lat: float, other_lon: float, km: float) -> bool:
    """Whether two positions (degrees) lie within about ``km`` of each other."""
    return abs(lat - other_lat) * _DEGREE_KM <= km and far(lat, lon, other_lat, other_lon) <= km
