"""Texts on paper: none covers another, a sign, the furniture or a heavy line, or leaves the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.render.poster.placing.boxes import meet, stacked
from geo.render.poster.placing.labels import Anchor, Caption, Label, Scenery, TextLine, placed
from geo.render.poster.placing.points import HEAVY, LIGHT, Points

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

WIDTH, HEIGHT = 400.0, 300.0


def _ruler(text: str, size: float, weight: int) -> float:
    del weight
    return len(text) * size * 0.5


def _line(text: str, kind: str = "fc-place") -> TextLine:
    return TextLine(text, None, 12, 400, kind)


def _place(name: str, x: float, y: float, rank: float = 1, **rest: Any) -> Caption:
    forms = ((_line(name), _line(f"{name} at noon")), (_line(name),))
    return Caption(forms, (Anchor(x, y),), rest.pop("gap", 11), "beside", rank, 4, **rest)


def _name(name: str, x: float, y: float) -> Caption:
    return Caption(((_line(name.upper()),),), (Anchor(x, y),), 0, "centre", 6, 6)


def _points(way: Sequence[tuple[float, float]], weight: float = HEAVY) -> Points:
    return Points.of(np.array(way, dtype=np.float64).reshape(-1, 2), weight)


def _scenery(
    points: Points | None = None, boxes: Any = (), marks: Any = (), size: tuple[float, float] = (WIDTH, HEIGHT)
) -> Scenery:
    return Scenery(*size, stacked(list(boxes)), stacked(list(marks)), points or _points([]))


spots = st.tuples(st.integers(0, int(WIDTH)), st.integers(0, int(HEIGHT)))


@st.composite
def views(draw: st.DrawFn) -> tuple[list[Caption], Scenery]:
    """A map with places, names, a heavy line and furniture."""
    places = [
        _place(f"Place {i}", *at, rank=1 + i % 3, must=i == 0)
        for i, at in enumerate(draw(st.lists(spots, min_size=1, max_size=9)))
    ]
    names = [_name(f"Country {i}", *at) for i, at in enumerate(draw(st.lists(spots, max_size=4)))]
    marks = [(at.x - 6, at.y - 6, at.x + 6, at.y + 6) for each in places for at in each.anchors]
    x = draw(st.integers(0, int(WIDTH)))
    way = [(float(x), float(y)) for y in range(40, 260, 5)]
    light = draw(st.lists(spots, max_size=80))
    points = Points.joined([_points(way), _points([(float(a), float(b)) for a, b in light], LIGHT)])
    return [*places, *names], _scenery(points, [(0, 0, 60, 60), (300, 250, 400, 300)], marks)


def _said(labels: Sequence[Label]) -> list[list[str]]:
    return sorted([line.text for line in label.lines] for label in labels)


@settings(deadline=None)
@given(views())
def test_no_text_covers_anything_or_leaves_the_map(view: tuple[list[Caption], Scenery]) -> None:
    captions, scenery = view
    labels = placed(captions, scenery, _ruler)
    must = captions[0].forms[0][0].text
    heavy = scenery.points.weight == HEAVY
    for i, label in enumerate(labels):
        box = np.array(label.box)
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= WIDTH
        assert box[3] <= HEIGHT
        others = [other.box for other in labels[i + 1 :]]
        assert not meet(box, np.concatenate((scenery.boxes, scenery.marks, stacked(others)))).any()
        assert all(box[1] < y < box[3] for y in label.baselines)
        x, y = scenery.points.x[heavy], scenery.points.y[heavy]
        under = (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])
        # Only what the story cannot do without may lie on a line.
        assert label.lines[0].text == must or not under.any()


@settings(deadline=None)
@given(views(), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_and_of_what_is_drawn_does_not_matter(
    view: tuple[list[Caption], Scenery], random: Random
) -> None:
    captions, scenery = view
    shuffled = random.sample(captions, len(captions))
    order = random.sample(range(len(scenery.points.x)), len(scenery.points.x))
    some = scenery.points
    points = Points(some.x[order], some.y[order], some.weight[order], some.line[order])
    other = Scenery(WIDTH, HEIGHT, scenery.boxes[::-1], scenery.marks[::-1], points)
    assert placed(shuffled, other, _ruler) == placed(captions, scenery, _ruler)


@settings(deadline=None)
@given(views())
def test_names_of_countries_move_no_text_of_the_story(view: tuple[list[Caption], Scenery]) -> None:
    captions, scenery = view
    story = placed([caption for caption in captions if caption.mode != "centre"], scenery, _ruler)
    assert placed(captions, scenery, _ruler)[: len(story)] == story


def test_right_of_its_place_first_then_left_of_it() -> None:
    (right,) = placed([_place("Baku", 200, 150)], _scenery(), _ruler)
    assert (right.align, right.x) == ("start", right.box[0] + 1)
    assert right.box[0] > 200
    (left,) = placed([_place("Baku", 380, 150)], _scenery(), _ruler)
    assert (left.align, left.x) == ("end", left.box[2] - 1)
    assert left.box[2] < 380


def test_a_second_line_goes_before_a_text_is_lost_and_the_lowest_rank_after_that() -> None:
    tight, narrow = _scenery(size=(130, 48)), _scenery(size=(130, 26))
    assert _said(placed([_place("Baku", 10, 20)], tight, _ruler)) == [["Baku", "Baku at noon"]]
    both = [_place("Baku", 10, 14), _place("Aktau", 10, 34, 3)]
    assert _said(placed(both, tight, _ruler)) == [["Aktau"], ["Baku"]]
    assert _said(placed([_place("Aktau", 10, 13, 3), _place("Baku", 10, 13)], narrow, _ruler)) == [["Baku"]]


@pytest.mark.parametrize("must", [False, True])
def test_only_what_the_story_cannot_do_without_may_lie_on_a_heavy_line(must: bool) -> None:
    fence = _points([(x, y) for x in range(0, 120, 10) for y in range(0, 40, 5)])
    labels = placed([_place("Baku", 60, 20, must=must)], _scenery(fence, size=(120, 40)), _ruler)
    assert _said(labels) == ([["Baku"]] if must else [])


def test_no_other_line_runs_between_a_text_and_its_own() -> None:
    anchors = tuple(Anchor(200, y, 1, 0) for y in (150, 100, 200))
    along = Caption(((_line("intended"),),), anchors, 7, "along", 5, 5, line=0)
    own = Points.of(np.array([(200.0, float(y)) for y in range(50, 250, 5)]), LIGHT, 0)
    (alone,) = placed([along], _scenery(own), _ruler)
    assert alone.box[0] > 200
    beside = _points([(204, y) for y in range(50, 250, 5)])
    (moved,) = placed([along], _scenery(Points.joined([own, beside])), _ruler)
    assert moved.box[2] < 200


def test_a_hopeless_crowd_comes_to_an_end() -> None:
    many = [_place(f"Place {i:03}", 200 + i % 5, 150 + i % 3) for i in range(120)]
    assert 0 < len(placed(many, _scenery(), _ruler)) < len(many)
