"""The longest chain: against brute force, and against the one bad fix that must cost only itself."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.tracks.chain import longest_chain


def linked_by(values, most):
    values = np.asarray(values, dtype=float)
    return lambda i, j: np.abs(values[j] - values[i]) <= most * (j - i)


def brute(values, most):
    linked = linked_by(values, most)
    for size in range(len(values), 0, -1):
        for chosen in combinations(range(len(values)), size):
            if all(linked(np.array([i]), np.array([j]))[0] for i, j in pairwise(chosen)):
                return size
    return 0


@given(st.lists(st.integers(0, 30), max_size=9), st.integers(1, 6))
def test_it_is_as_long_as_the_longest_there_is(values, most):
    kept = longest_chain(len(values), linked_by(values, most))
    assert kept.sum() == brute(values, most)
    assert all(linked_by(values, most)(np.array([i]), np.array([j]))[0] for i, j in pairwise(np.flatnonzero(kept)))


@given(st.integers(30, 400), st.sets(st.integers(1, 28), max_size=8))
def test_bad_fixes_cost_themselves_and_not_the_good_ones_after_them(count, bad):
    values = np.arange(count, dtype=float)
    values[list(bad)] += 10_000
    kept = longest_chain(count, linked_by(values, 2))
    assert set(np.flatnonzero(~kept)) == bad


def test_an_outlier_that_the_next_fix_can_follow_does_not_take_the_rest_with_it():
    values = np.r_[np.arange(50.0), 52.5, np.arange(51.0, 200.0)]
    kept = longest_chain(len(values), linked_by(values, 2))
    assert np.flatnonzero(~kept).tolist() == [50]


def test_two_interleaved_flights_are_told_apart_however_long():
    values = np.where(np.arange(3_000) % 3 == 0, 1e6, 0.0) + np.arange(3_000)
    kept = longest_chain(len(values), linked_by(values, 2))
    assert np.array_equal(kept, np.arange(3_000) % 3 != 0)


def test_of_nothing_nothing_and_of_one_one():
    assert longest_chain(0, linked_by([], 1)).tolist() == []
    assert longest_chain(1, linked_by([5], 1)).tolist() == [True]
