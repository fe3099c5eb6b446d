"""The best chain: against an exhaustive reference, and against the bad fixes that must cost only themselves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tracks.judging.chain import best_chain


def gain_by(time_s, values, most, usual=None):
    """Steps of more than ``most`` a second are impossible, of more than ``usual`` unexplained."""
    time_s, values = np.asarray(time_s, dtype=float), np.asarray(values, dtype=float)

    def gain(i, j):
        apart_s = time_s[j] - time_s[i]
        far = np.abs(values[j] - values[i])
        explained = np.where(far <= (most if usual is None else usual) * apart_s, apart_s, 0.0)
        return np.where(far <= most * apart_s, explained, -np.inf)

    return gain


def worth(chosen, gain, fix_s=1e-3):
    steps = [float(gain(np.array([i]), np.array([j]))[0]) for i, j in pairwise(chosen)]
    return sum(steps) + fix_s * len(chosen)


def most_there_is(count, gain, fix_s=1e-3):
    """The worth of the best chain, by comparing every fix with every one before it."""
    best = np.full(count, fix_s)
    for j in range(1, count):
        before = np.arange(j)
        best[j] = fix_s + max(0.0, float((best[:j] + gain(before, np.full(j, j))).max()))
    return float(best.max(initial=0.0))


def chain(values, most, usual=None, time_s=None):
    time_s = np.arange(len(values), dtype=float) if time_s is None else time_s
    return best_chain(time_s, gain_by(time_s, values, most, usual))


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 30)), min_size=1, max_size=17),
    st.integers(1, 6),
    st.integers(0, 3),
)
def test_it_explains_as_much_as_any_chain_can(fixes, most, less):
    time_s = np.array(sorted(time for time, _ in fixes), dtype=float)
    gain = gain_by(time_s, [value for _, value in fixes], most, max(most - less, 1))
    kept = np.flatnonzero(best_chain(time_s, gain)).tolist()
    index = np.arange(len(fixes))
    if np.isfinite(gain(index[:-1], index[1:])).all():
        assert kept == index.tolist()  # every fix can follow the one before it: there is nothing to choose
        return
    assert worth(kept, gain) == pytest.approx(most_there_is(len(fixes), gain), abs=1e-3)


@given(st.integers(30, 400), st.sets(st.integers(1, 28), max_size=8))
def test_bad_fixes_cost_themselves_and_not_the_good_ones_after_them(count, bad):
    values = np.arange(count, dtype=float)
    values[list(bad)] += 10_000
    assert set(np.flatnonzero(~chain(values, 2))) == bad


def test_an_outlier_that_the_next_fix_can_follow_does_not_take_the_rest_with_it():
    values = np.r_[np.arange(50.0), 52.5, np.arange(51.0, 200.0)]
    assert np.flatnonzero(~chain(values, 2)).tolist() == [50]


@pytest.mark.parametrize("false_of", [2, 10])
def test_of_two_interleaved_flights_the_longer_in_time_is_kept_though_the_other_is_heard_more(false_of):
    time_s = np.arange(6_000, dtype=float)
    window = (time_s > 1_500) & (time_s < 4_500)
    false = window & (np.arange(6_000) % false_of != 0)
    kept = chain(np.where(false, 1e6, 0.0) + time_s, 2)
    assert false.sum() >= window.sum() / 2 - 1
    assert np.array_equal(kept, ~false)


@given(st.integers(500, 900), st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_noise_longer_than_what_is_compared_at_once_does_not_part_the_flight(noisy, seed):
    values = np.arange(noisy + 400, dtype=float)
    values[200 : 200 + noisy] = np.random.default_rng(seed).uniform(1e6, 1e9, noisy)
    kept = chain(values, 2)
    assert np.flatnonzero(~kept).tolist() == list(range(200, 200 + noisy))


def test_a_false_stretch_that_could_be_reached_but_not_left_is_not_kept():
    time_s = np.r_[np.arange(0.0, 600), np.arange(1_600.0, 2_200), np.arange(2_400.0, 3_000)]
    values = np.r_[np.arange(0.0, 600), np.full(600, 1_900.0), 3_300 + np.arange(600.0)]
    kept = best_chain(time_s, gain_by(time_s, values, 2, 1.6))
    assert np.array_equal(kept, (time_s < 600) | (time_s > 2_300))


def test_of_nothing_nothing_and_of_one_one():
    assert chain([], 1).tolist() == []
    assert chain([5], 1).tolist() == [True]
