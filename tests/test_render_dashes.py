"""Dashes: pieces of the line and of nothing else, with gaps between them."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from geo.render.dashes import dashes

LINES = st.lists(
    st.tuples(st.floats(-40, 40), st.floats(-60, 60)).map(lambda at: (round(at[0], 4), round(at[1], 4))),
    min_size=2,
    max_size=12,
    unique=True,
)


@given(line=LINES, drawn=st.floats(0.01, 5), gap=st.floats(0.01, 5))
def test_every_dash_lies_on_the_line_and_no_corner_between_dashes_is_kept(line, drawn, gap) -> None:
    pieces = dashes(line, drawn, gap)
    assert pieces[0][0] == line[0]
    assert 3 <= len(pieces) <= 401
    way = LineString(line)
    assert all(way.distance(Point(point)) < 1e-9 for piece in pieces for point in piece)
    share = MultiLineString(pieces).length / way.length
    assert share < 1


def test_dashes_and_gaps_have_the_lengths_that_were_asked_for() -> None:
    pieces = dashes([(0, 0), (0, 10)], 0.6, 0.4)
    assert len(pieces) == 10
    assert [piece[-1][1] - piece[0][1] for piece in pieces] == pytest.approx([0.6] * 10)
    assert [after[0][1] - before[-1][1] for before, after in pairwise(pieces)] == pytest.approx([0.4] * 9)


def test_a_degree_of_longitude_is_shorter_in_the_north() -> None:
    pieces = dashes([(0, 60), (20, 60)], 0.6, 0.4)
    assert len(pieces) == 10
    assert pieces[0][-1][0] == pytest.approx(0.6 / math.cos(math.radians(60)))


def test_a_short_line_is_still_dashed_and_a_point_is_no_line() -> None:
    assert len(dashes([(0, 0), (0, 0.1)], 5, 5)) == 3
    assert dashes([(1, 1), (1, 1)], 1, 1) == []
    assert dashes([(1, 1)], 1, 1) == []


def test_a_dash_goes_around_a_corner() -> None:
    pieces = dashes([(0, 0), (1, 0), (1, 5)], 1.5, 0.4)
    assert pieces[0][:2] == [(0, 0), (1, 0)]
    assert pieces[0][2][1] == pytest.approx(0.5, abs=1e-3)
