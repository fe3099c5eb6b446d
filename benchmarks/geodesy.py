"""Geodesics: how far from GeographicLib's answers, and how long a million distances take.

The kinds of geodesics are those of GeographicLib's published test set, four hundred of each, made and answered by
``tests/test_geodesy_set.py`` and the Python package ``geographiclib``; the largest difference of all. A million
distances between random points, the best of three.
"""

from __future__ import annotations

import importlib
import time
from typing import Any

import numpy as np

from geo.geodesy import destination, distance_m, inverse

SET_BAR_NM = 15
DISTANCES = 1_000_000
DISTANCES_BAR_S = 1.0


def measure() -> list[dict[str, Any]]:
    """The rows of the table."""
    ends_nm, lengths_nm = differences_nm()
    seconds = million_s()
    bars = (
        (
            "ends of geodesics off GeographicLib's, at most, nm",
            round(ends_nm, 1),
            f"≤ {SET_BAR_NM}",
            ends_nm <= SET_BAR_NM,
        ),
        ("their lengths, at most, nm", round(lengths_nm, 1), f"≤ {SET_BAR_NM}", lengths_nm <= SET_BAR_NM),
        ("1,000,000 distances, s", round(seconds, 2), f"≤ {DISTANCES_BAR_S:g}", seconds <= DISTANCES_BAR_S),
    )
    return [
        {"what": what, "measured": value, "bar": bar, "holds": "yes" if holds else "**no**"}
        for what, value, bar, holds in bars
    ]


def differences_nm() -> tuple[float, float]:
    """Largest difference of ends and of lengths over all kinds, nanometres."""
    made: Any = importlib.import_module("test_geodesy_set")
    ends_m, lengths_m = 0.0, 0.0
    for number, kind in enumerate(made.KINDS):
        rng = np.random.default_rng(2010 + number)
        lines = [made.ends(kind, rng) for _ in range(made.EACH)]
        lat, lon, azimuth, length = (np.array(column) for column in zip(*lines, strict=True))
        there = [made.REFERENCE.Direct(*line) for line in lines]
        lat2, lon2 = np.array([end["lat2"] for end in there]), np.array([end["lon2"] for end in there])
        here = destination(lat, lon, azimuth, length)
        ends_m = max(ends_m, float(made.apart_m(here.lat, here.lon, lat2, lon2).max()))
        expected = [made.REFERENCE.Inverse(*pair)["s12"] for pair in zip(lat, lon, lat2, lon2, strict=True)]
        lengths_m = max(lengths_m, float(np.abs(inverse(lat, lon, lat2, lon2).distance_m - expected).max()))
    return ends_m * 1e9, lengths_m * 1e9


def million_s() -> float:
    """Seconds for a million distances, the best of three."""
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(-89, 89, (2, DISTANCES)), rng.uniform(-180, 180, (2, DISTANCES))
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        distance_m(lat[0], lon[0], lat[1], lon[1])
        best = min(best, time.perf_counter() - start)
    return best
