"""How fast an aircraft can go: the standard atmosphere at its known levels, and bounds that real flights keep."""

from __future__ import annotations

import numpy as np
import pytest

from geo.envelope import SLOWEST_FASTEST_KT, fastest_kt, pressure_ratio


@pytest.mark.parametrize(
    ("altitude_ft", "hpa"), [(0, 1013.25), (10_000, 696.8), (18_000, 506.0), (36_089, 226.3), (45_000, 147.5)]
)
def test_the_pressure_is_that_of_the_standard_atmosphere(altitude_ft, hpa):
    assert pressure_ratio(np.array([float(altitude_ft)]))[0] * 1013.25 == pytest.approx(hpa, rel=1e-3)


def test_the_bound_grows_to_the_jet_streams_and_falls_with_the_cold_above():
    levels = np.arange(0.0, 60_000.0, 1_000.0)
    bound = fastest_kt(levels)
    assert levels[bound.argmax()] == 30_000
    assert np.all(np.diff(bound[levels <= 30_000]) > 0)
    assert np.all(np.diff(bound[(levels >= 30_000) & (levels <= 36_000)]) < 0)
    assert bound.min() >= SLOWEST_FASTEST_KT


def test_an_unknown_altitude_gives_the_greatest_speed_of_all():
    assert fastest_kt(np.array([np.nan]))[0] == fastest_kt(np.array([30_000.0]))[0]


@pytest.mark.parametrize(
    ("altitude_ft", "speed_kt"),
    [
        (0, 200),  # a fast landing
        (10_000, 365 * 1.155),  # Boeing 747 at its greatest indicated airspeed
        (37_000, 725),  # airliners with a strong jet stream behind them
    ],
)
def test_what_has_been_flown_lies_within_it(altitude_ft, speed_kt):
    assert fastest_kt(np.array([float(altitude_ft)]))[0] > speed_kt
