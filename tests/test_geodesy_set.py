"""Geodesics held against GeographicLib over a set in the shape of its published one (C. F. F. Karney, 2010).

That set, GeodTest.dat, has 500,000 geodesics: random ones, nearly antipodal, short, with one or both ends near a pole,
nearly meridional, nearly equatorial, between vertices and ending near them. Here the same kinds are made, some hundred
of each, and the answers come from ``geographiclib``, an implementation apart from PROJ's.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from geo.geodesy import destination, inverse

#: What Karney states for the error of his algorithms in double precision, metres.
STATED_M = 15e-9
EACH = 400
REFERENCE = Geodesic.WGS84


def ends(kind: str, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Latitude and longitude of the first end, azimuth there and length, of one geodesic of a kind."""
    lat, azimuth, length = math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180), rng.uniform(0, 2e7)
    match kind:
        case "nearly antipodal":
            length = 20_003_931.0 - 10 ** rng.uniform(0, 5)
        case "short":
            length = 10 ** rng.uniform(-3, 4)
        case "from near a pole":
            lat = math.copysign(90 - 10 ** rng.uniform(-8, -1), lat)
        case "between opposite poles":
            lat, azimuth = 90 - 10 ** rng.uniform(-8, -1), 180.0 + rng.uniform(-1, 1) * 10 ** rng.uniform(-6, 0)
            length = 20_003_931.0 - 10 ** rng.uniform(0, 4)
        case "nearly meridional":
            azimuth = rng.choice([0.0, 180.0]) + rng.uniform(-1, 1) * 10 ** rng.uniform(-9, -3)
        case "nearly equatorial":
            lat, azimuth = rng.uniform(-1, 1) * 10 ** rng.uniform(-9, -3), 90.0 + rng.uniform(-1, 1) * 1e-6
            length = rng.uniform(0, 1.9e7)
        case "between vertices":
            azimuth, length = 90.0, 20_003_931.0 * rng.uniform(0.9, 0.999)
        case "ending near a vertex":
            azimuth, length = 90.0 + rng.uniform(-1, 1) * 1e-3, 10_001_965.0 + rng.uniform(-1, 1) * 1e4
        case _:
            pass
    return lat, rng.uniform(-180, 180), azimuth, length


KINDS = (
    "random",
    "nearly antipodal",
    "short",
    "from near a pole",
    "between opposite poles",
    "nearly meridional",
    "nearly equatorial",
    "between vertices",
    "ending near a vertex",
)


def apart_m(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Distance of points that are very near, on the tangent plane: geodesics so short are told by rounding alone."""
    north = np.radians(lat1 - lat2) * 6_367_000.0
    east = np.radians((lon1 - lon2 + 180) % 360 - 180) * 6_378_000.0 * np.cos(np.radians(lat2))
    return np.hypot(north, east)


@pytest.mark.parametrize("kind", KINDS)
def test_lengths_and_ends_agree_with_geographiclib(kind):
    rng = np.random.default_rng(2010 + KINDS.index(kind))
    lines = [ends(kind, rng) for _ in range(EACH)]
    lat, lon, azimuth, length = (np.array(column) for column in zip(*lines, strict=True))
    here = destination(lat, lon, azimuth, length)
    there = [REFERENCE.Direct(*line) for line in lines]
    lat2 = np.array([end["lat2"] for end in there])
    lon2 = np.array([end["lon2"] for end in there])
    assert apart_m(here.lat, here.lon, lat2, lon2).max() <= STATED_M
    back = inverse(lat, lon, lat2, lon2)
    expected = [REFERENCE.Inverse(*pair)["s12"] for pair in zip(lat, lon, lat2, lon2, strict=True)]
    assert np.abs(back.distance_m - expected).max() <= STATED_M
