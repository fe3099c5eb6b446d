"""Evidence states: they tile the time of the track, and a lone bad fix does not break what was received."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import START_S

from geo.model import REASONS, Track
from geo.tracks.states import states

WORDS = {
    "r": "accepted",
    "x": "implausible speed",
    "p": "no position",
    "d": "duplicate",
    "b": "time runs backwards",
}


def track_of(fixes):
    """A track of (second, letter of ``WORDS``)."""
    lat = [np.nan if letter == "p" else 40.0 for _, letter in fixes]
    reason = [REASONS.index(WORDS[letter]) for _, letter in fixes]
    return Track.of([START_S + second for second, _ in fixes], lat, lat, reason=reason)


def said(fixes, gap_s=60.0):
    return [
        (state.start_s - START_S, state.end_s - START_S, state.evidence.value)
        for state in states(track_of(fixes), gap_s)
    ]


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([(0, "r"), (30, "r"), (60, "r")], [(0, 60, "received")]),
        ([(0, "r"), (60, "r")], [(0, 60, "received")]),
        ([(0, "r"), (61, "r")], [(0, 0, "received"), (0, 61, "silent"), (61, 61, "received")]),
        ([(0, "r"), (10, "r"), (20, "x"), (30, "r"), (40, "r")], [(0, 40, "received")]),
        ([(0, "r"), (10, "p"), (20, "p"), (30, "r")], [(0, 30, "received")]),
        (
            [(0, "r"), (10, "r"), (40, "x"), (80, "x"), (120, "x"), (130, "r"), (140, "r")],
            [(0, 10, "received"), (10, 130, "rejected"), (130, 140, "received")],
        ),
        (
            [(0, "r"), (10, "r"), (50, "p"), (100, "p"), (150, "r"), (160, "r")],
            [(0, 10, "received"), (10, 150, "partial"), (150, 160, "received")],
        ),
        (
            [(0, "p"), (50, "p"), (200, "p"), (250, "p")],
            [(0, 50, "partial"), (50, 200, "silent"), (200, 250, "partial")],
        ),
        ([(0, "x"), (30, "p"), (60, "x")], [(0, 60, "rejected")]),
        (
            [(0, "p"), (50, "p"), (100, "r"), (150, "p"), (200, "p")],
            [(0, 100, "partial"), (100, 100, "received"), (100, 200, "partial")],
        ),
        ([(0, "r"), (0, "d"), (30, "r")], [(0, 30, "received")]),
        ([(0, "r"), (30, "r"), (9_000, "b")], [(0, 30, "received")]),
        ([(5, "p")], [(5, 5, "partial")]),
        ([(5, "b")], [(5, 5, "rejected")]),
        ([], []),
    ],
)
def test_what_was_received_when(fixes, expected):
    assert said(fixes) == expected


@given(
    st.lists(st.tuples(st.integers(0, 2_000), st.sampled_from("rrrxpd")), min_size=1, max_size=40).map(sorted),
    st.sampled_from([1.0, 30.0, 60.0, 600.0]),
)
@settings(max_examples=300)
def test_the_states_tile_the_time_from_first_to_last_fix(fixes, gap_s):
    track = track_of(fixes)
    found = states(track, gap_s)
    timely = [second for second, letter in fixes if letter != "d"] or [second for second, _ in fixes]
    assert found[0].start_s - START_S == timely[0]
    assert found[-1].end_s - START_S == timely[-1]
    for before, after in pairwise(found):
        assert before.end_s == after.start_s
        assert before.last == after.first
        assert before.evidence != after.evidence or before.start_s == before.end_s or after.start_s == after.end_s
    for state in found:
        assert state.start_s <= state.end_s
        assert (track.time_s[state.first], track.time_s[state.last]) == (state.start_s, state.end_s)


@given(st.lists(st.tuples(st.integers(0, 2_000), st.sampled_from("rrxp")), min_size=1, max_size=40).map(sorted))
def test_every_accepted_position_is_in_a_received_state_and_silence_holds_no_fix(fixes):
    found = states(track_of(fixes))
    for second, letter in fixes:
        around = [state for state in found if state.start_s <= START_S + second <= state.end_s]
        if letter == "r":
            assert "received" in {state.evidence.value for state in around}
        assert not [
            state
            for state in around
            if state.evidence.value == "silent" and state.start_s < START_S + second < state.end_s
        ]
