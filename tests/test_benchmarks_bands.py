from __future__ import annotations

import numpy as np
import pytest

from benchmarks.bands import Outcome, calibrated, interval, quantile
from benchmarks.hiding import Flight
from geo.geodesy import destination
from geo.route.readings import Readings


def outcome(name, errors, deviation=1_000.0):
    flight = Flight(
        name, on_purpose=False, readings=Readings.of([]), time_s=np.zeros(0), lat=np.zeros(0), lon=np.zeros(0)
    )
    error_m = np.asarray(errors, dtype=np.float64)
    line = destination(50.0, 8.0, 90.0, np.linspace(0, 100_000, 33))
    return Outcome(
        flight=flight,
        length_s=300.0,
        start_s=0.0,
        low=False,
        method="smooth path",
        error_m=error_m,
        deviation_m=np.full(len(error_m), deviation),
        end_m=np.zeros(len(error_m)),
        bridge_m=error_m,
        band=(line.lat, line.lon, np.full(33, deviation), np.zeros(33)),
        reach_km2=1.0,
    )


def test_each_window_counts_as_much_as_any_other():
    assert quantile([np.array([1.0]), np.full(99, 5.0)], 0.4) == 1
    assert quantile([np.array([1.0]), np.full(99, 5.0)], 0.6) == 5


def test_the_factor_holds_as_much_as_it_says():
    errors = np.linspace(0, 4_000, 2_001)
    found = [outcome("a", errors)]
    factor = calibrated(found)
    assert factor == pytest.approx(3.8, abs=0.01)
    assert found[0].inside(factor) == pytest.approx(0.95, abs=0.001)


def test_the_area_is_that_of_a_stadium():
    assert outcome("a", [0.0]).area_km2(2.0) == pytest.approx(100 * 4 + np.pi * 4, rel=0.01)


def test_flights_and_not_windows_are_drawn():
    found = [outcome("a", [0.0])] * 50 + [outcome("b", [9_000.0])] * 50
    assert interval(found, [one.inside(1.0) for one in found]) == (0, 100)
