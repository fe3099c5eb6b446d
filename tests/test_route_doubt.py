from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.route import doubt
from geo.route.doubt import Unknown

times = st.lists(st.integers(0, 3_000), min_size=2, max_size=12, unique=True).map(
    lambda found: np.array(sorted(found), dtype=np.float64)
)


def smallest(kernel):
    return np.linalg.eigvalsh((kernel + kernel.T) / 2).min()


@given(times, times)
def test_covariances_are_those_of_something(knots, read):
    for kernel in (
        doubt.wind(knots, 30_000 * np.sin(knots)),
        doubt.over_ground(knots),
        doubt.unread(knots, read, 30.0, 400.0),
    ):
        np.testing.assert_allclose(kernel, kernel.T, atol=1e-9)
        assert smallest(kernel) > -1e-6


@given(times)
def test_what_was_read_is_known_and_what_lies_between_is_not(read):
    knots = np.unique(np.concatenate([read, (read[1:] + read[:-1]) / 2, [-500.0, 4_000.0]]))
    deviation = np.sqrt(np.diag(doubt.unread(knots, read, 30.0, 400.0)))
    assert deviation[np.isin(knots, read)].max() < 1e-6
    assert np.all(deviation <= 30)
    outside = np.exp(-2 * (read[0] + 500.0) / 400.0)
    assert deviation[0] == pytest.approx(30 * np.sqrt(1 - outside))
    apart = np.diff(read)
    middle = np.isin(knots, (read[1:] + read[:-1]) / 2)
    if int(middle.sum()) == len(apart):
        # An Ornstein-Uhlenbeck bridge is widest in its middle: sd² tanh(length / 2 tau).
        np.testing.assert_allclose(deviation[middle], 30 * np.sqrt(np.tanh(apart / 800.0)), rtol=1e-6)


def test_without_any_reading_all_is_unknown():
    knots = np.linspace(0, 3_000, 7)
    np.testing.assert_allclose(doubt.unread(knots, np.array([]), 20.0, 400.0), doubt.lasting(knots, 20.0, 400.0))


def test_the_doubt_of_a_closed_path_is_that_of_a_brownian_bridge():
    # Errors of velocity that forget at once make a random walk of the position, and a bridge once it is closed.
    knots = np.linspace(0, 1_000, 201)
    seconds = doubt.sums(knots, 0.0, 1_000.0)
    unknown = Unknown.of(doubt.lasting(knots, 3.0, 1.0))
    closed, gain, variance = unknown.closed(seconds[-1])
    walk, bridge = unknown.spread_m(seconds), closed.spread_m(seconds)
    share = knots / 1_000
    np.testing.assert_allclose(walk[20:], walk[-1] * np.sqrt(share[20:]), rtol=0.03)
    np.testing.assert_allclose(bridge[20:-20], walk[-1] * np.sqrt(share * (1 - share))[20:-20], rtol=0.03)
    assert bridge[0] == 0
    assert bridge[-1] < 0.05 * bridge.max()
    np.testing.assert_allclose(seconds[-1] @ gain[:201, 0], 1, rtol=1e-3)
    np.testing.assert_allclose(variance, np.eye(2) * walk[-1] ** 2 / 2, atol=1e-3)


def test_what_was_told_is_known():
    knots = np.linspace(0, 600, 13)
    unknown = Unknown.of(doubt.wind(knots, None)).told(0, np.array([10.0, -5.0]), 0.01)
    assert unknown.mean[0] == pytest.approx(10, abs=0.01)
    assert unknown.mean[13] == pytest.approx(-5, abs=0.01)
    deviation = np.sqrt(np.diag(unknown.cov))
    assert deviation[0] < 0.02
    assert np.all(np.diff(deviation[:13]) > 0)


def test_a_number_is_found_from_what_it_changes():
    knots = np.linspace(0, 600, 13)
    effect = np.concatenate([np.sin(knots), np.cos(knots)])
    unknown = Unknown.of(doubt.lasting(knots, 0.001, 100.0)).with_number(effect, 0.0, 1.0)
    unknown = unknown.told(3, 0.7 * np.array([np.sin(150.0), np.cos(150.0)]), 0.001)
    assert unknown.numbers[0] == pytest.approx(0.7, abs=0.01)


def test_knots_outside_count_for_nothing():
    knots = np.array([-300.0, 0.0, 100.0, 200.0, 900.0])
    seconds = doubt.sums(knots, 0.0, 200.0)
    np.testing.assert_array_equal(seconds[-1], [0, 50, 100, 50, 0])
    np.testing.assert_array_equal(seconds[3], seconds[-1])
    np.testing.assert_array_equal(seconds[:2], np.zeros((2, 5)))


def test_a_surprise_widens_and_its_absence_narrows():
    variance = np.eye(2) * 1e6
    assert doubt.surprise(np.zeros(2), variance) == pytest.approx(np.sqrt(3 / 5))
    assert doubt.surprise(np.array([1_000.0, 1_000.0]), variance) == pytest.approx(1, rel=1e-5)
    assert doubt.surprise(np.array([30_000.0, 0.0]), variance) > 10


@pytest.mark.parametrize("method", [doubt.GROUND, doubt.AIR, doubt.SMOOTH, doubt.SHORTEST])
def test_factors_are_constant_beyond_the_lengths_that_set_them(method):
    assert doubt.factor(method, 60) == doubt.FACTORS[method][0]
    assert doubt.factor(method, 300) == doubt.FACTORS[method][0]
    assert doubt.factor(method, 900) == pytest.approx(doubt.FACTORS[method][1])
    assert doubt.factor(method, 90_000) == doubt.FACTORS[method][2]
    between = sorted(doubt.FACTORS[method][:2])
    assert between[0] <= doubt.factor(method, 600) <= between[1]


def test_factors_of_special_gaps():
    assert doubt.factor(doubt.SMOOTH, 300, low=True) == doubt.LOW_FACTORS[doubt.SMOOTH][0]
    assert doubt.factor(doubt.AIR, 300, low=True) == doubt.FACTORS[doubt.AIR][0]
    assert doubt.factor(doubt.AIR, 300, blind=True) == doubt.BLIND_FACTORS[doubt.AIR][0]
    assert doubt.factor(doubt.AIR, 300, blind=True, open_ended=True) == doubt.OPEN_FACTORS[doubt.AIR][0]


def test_low_is_what_is_low_at_an_end_or_unknown():
    altitude = (np.array([0.0, 600.0]), np.array([36_000.0, 12_000.0]))
    assert doubt.is_low(None, 0.0, 600.0)
    assert doubt.is_low(altitude, 0.0, 600.0)
    assert not doubt.is_low(altitude, 0.0, 300.0)
