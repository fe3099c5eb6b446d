"""Rows whose time does not fit the order of the file."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.tracks.judging.order import SHARE, out_of_order, sentences


@given(st.integers(40, 200), st.data())
def test_one_wrong_time_costs_one_row(count, data):
    time_s = np.arange(count, dtype=float) * 10
    wrong = data.draw(st.integers(2, count - 3))
    time_s[wrong] += data.draw(st.sampled_from([-5_000.0, 5_000.0]))
    assert np.flatnonzero(out_of_order(time_s)).tolist() == [wrong]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_what_is_left_does_not_go_back_unless_the_file_is_in_another_order(values):
    time_s = np.array(values, dtype=float)
    astray = out_of_order(time_s)
    assert astray.mean() <= SHARE
    if astray.any():
        assert np.all(np.diff(time_s[~astray]) >= 0)


def test_a_file_that_is_newest_first_is_only_sorted():
    assert not out_of_order(np.arange(100.0)[::-1]).any()


def test_the_sentence_names_the_row_that_contradicts():
    time_s = np.array([0.0, 10, 20, 5, 30, 3_640, 40]) + 1.7e9
    astray = np.array([False, False, False, True, False, True, False])
    row = np.arange(2, 9)
    said = sentences(time_s, row, astray)
    assert said[3].endswith("is 15.0 s before that of row 4, which stands above it")
    assert said[5].endswith("is 3,600.0 s after that of row 8, which stands below it")
