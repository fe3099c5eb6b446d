"""Cutting rings and lines by a rectangle, held against shapely."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.basemap.clip import clip_line, clip_ring, edges_of, inside_even_odd, shoelace
from geo.basemap.store import View

VIEW = View(-3.0, -2.0, 4.0, 2.5)
BOX = shapely.box(-3.0, -2.0, 4.0, 2.5)


@st.composite
def stars(draw: st.DrawFn) -> np.ndarray:
    """Simple rings: vertices at any distance around a centre, in order of their direction."""
    count = draw(st.integers(3, 24))
    away = np.array(draw(st.lists(st.floats(0.3, 9.0), min_size=count, max_size=count)))
    turn = (np.arange(count) + draw(st.floats(0, 0.9))) * 2 * np.pi / count
    centre = np.array(draw(st.tuples(st.floats(-6, 6), st.floats(-6, 6))))
    return np.asarray(centre + np.column_stack([np.cos(turn), np.sin(turn)]) * away[:, None])


@given(stars())
def test_a_clipped_ring_covers_what_shapely_says(ring: np.ndarray) -> None:
    clipped = clip_ring(ring, VIEW)
    area = shapely.Polygon(ring).buffer(0).intersection(BOX).area
    assert (shoelace(clipped) if len(clipped) else 0.0) == pytest.approx(area, abs=1e-9)
    if len(clipped):
        assert (clipped >= (VIEW.west, VIEW.south)).all()
        assert (clipped <= (VIEW.east, VIEW.north)).all()


@given(stars())
def test_a_clipped_line_is_as_long_as_shapely_says(ring: np.ndarray) -> None:
    closed = np.vstack([ring, ring[:1]])
    parts = clip_line(closed, VIEW)
    wanted = shapely.LineString(closed).intersection(BOX)
    assert sum(shapely.LineString(part).length for part in parts) == pytest.approx(wanted.length, abs=1e-9)
    # Each end of a part is on the frame, unless the whole line is inside.
    for part in parts if len(parts) > 1 else []:
        for x, y in (part[0], part[-1]):
            assert min(abs(x - VIEW.west), abs(x - VIEW.east), abs(y - VIEW.south), abs(y - VIEW.north)) < 1e-9


def test_a_closed_line_that_leaves_has_no_end_inside() -> None:
    square = np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    (part,) = clip_line(square, VIEW)
    assert part.tolist() == [[4.0, 1.0], [0.0, 1.0], [0.0, 0.0], [4.0, 0.0]]


def test_a_ring_around_the_view_becomes_the_view() -> None:
    around = np.array([[-9.0, -9.0], [9.0, -9.0], [9.0, 9.0], [-9.0, 9.0]])
    assert shoelace(clip_ring(around, VIEW)) == pytest.approx(7 * 4.5)
    assert clip_line(np.vstack([around, around[:1]]), VIEW) == []


def test_what_is_outside_leaves_nothing() -> None:
    far = np.array([[10.0, 10.0], [11.0, 10.0], [10.0, 11.0]])
    assert len(clip_ring(far, VIEW)) == 0
    assert clip_line(far, VIEW) == []


@given(stars(), st.tuples(st.floats(-8, 8), st.floats(-8, 8)))
def test_inside_is_what_shapely_says(ring: np.ndarray, point: tuple[float, float]) -> None:
    polygon = shapely.Polygon(ring)
    if polygon.exterior.distance(shapely.Point(point)) > 1e-9:
        answer = inside_even_odd(np.array([point]), *edges_of([ring]))
        assert bool(answer[0]) == polygon.contains(shapely.Point(point))
