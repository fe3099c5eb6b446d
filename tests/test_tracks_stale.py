"""Positions written again, by when they were heard; and sentences that are made when asked for."""

from __future__ import annotations

import numpy as np
import pytest
from made_tracks import START_S

from geo.tracks.rows import Labels
from geo.tracks.said import Said, said_of
from geo.tracks.stale import repeated

NAN = np.nan


def stale(time, heard, aircraft=None) -> list[int]:
    codes = np.zeros(len(time), dtype=np.int32) if aircraft is None else np.array(aircraft, dtype=np.int32)
    return list(repeated(np.array(time, dtype=float) + START_S, np.array(heard, dtype=float) + START_S, codes))


def test_the_first_of_equal_times_of_hearing_is_fresh():
    assert stale([0, 1, 2, 3], [-0.5, -0.5, 1.5, 1.5]) == [1, 3]


def test_each_aircraft_by_itself_in_whatever_order():
    assert stale([0, 0, 1, 1], [-0.5, -0.5, -0.5, 0.5], [0, 1, 0, 1]) == [2]
    assert stale([3, 2, 1, 0], [0, 0, 0, 0], [5, 5, 5, 5]) == [0, 1, 2]
    assert stale([1, 0, 1, 0], [0, 0, 0, 0], [0, 0, -1, -1]) == [0, 2]


def test_of_equal_times_the_first_in_the_file_is_fresh():
    assert stale([1, 1, 1], [0, 0, 0]) == [1, 2]


def test_what_is_too_old_is_stale_the_first_time():
    assert stale([2, 2.1, 100], [0, -0.0, 97]) == [1, 2]


def test_nothing_is_said_of_what_is_not_known():
    assert stale([0, 1, 2], [NAN, NAN, 1.5]) == []
    assert stale([], []) == []


def test_any_order_gives_what_a_plain_count_gives():
    rng = np.random.default_rng(7)
    for _ in range(50):
        count = 60
        time = rng.integers(0, 20, count).astype(float)
        heard = np.where(rng.random(count) < 0.2, NAN, np.minimum(time, rng.integers(0, 20, count)))
        aircraft = rng.integers(-1, 3, count)
        order = sorted(range(count), key=lambda index: (time[index], index))
        seen, expected = set(), set()
        for index in order:
            if np.isnan(heard[index]):
                continue
            if (aircraft[index], heard[index]) in seen or time[index] - heard[index] > 2:
                expected.add(index)
            seen.add((aircraft[index], heard[index]))
        assert stale(time, heard, aircraft) == sorted(expected)


def test_more_aircraft_than_sixteen_bits_number():
    aircraft = np.arange(70_000, dtype=np.int32)
    codes = np.r_[aircraft, aircraft]
    found = repeated(np.full(140_000, START_S), np.full(140_000, START_S), codes)
    assert len(found) == 70_000
    assert 69_999 not in found
    assert 70_000 in found


def test_a_sentence_is_made_for_a_row_that_has_one_and_for_no_other():
    said = Said(np.array([False, True, False]), lambda index: ("duplicate", f"row {index}"))
    assert dict(said) == {1: ("duplicate", "row 1")}
    assert said == {1: ("duplicate", "row 1")}
    assert [index in said for index in (-2, 0, 1, np.int64(1), 3, "1")] == [False, False, True, True, False, False]
    for index in (0, 3, -2):
        with pytest.raises(KeyError):
            said[index]
    assert said.get(0) is None
    assert dict(said.taken(np.array([2, 1]))) == {1: ("duplicate", "row 1")}
    assert not Said(np.zeros(3, dtype=np.bool_), lambda _: ("", ""))


def test_reasons_in_a_file_are_said_where_they_find_fault():
    reasons = Labels.of(["accepted", "duplicate", None, "no position", "out of range"])
    assert dict(said_of(reasons)) == {
        1: ("duplicate", "the file says: duplicate"),
        4: ("out of range", "the file says: out of range"),
    }
