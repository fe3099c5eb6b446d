"""Signs on paper: apart from each other, on leaders that do not cross, the same whatever order lines come in."""

from __future__ import annotations

from math import dist, isclose
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.render.poster.placing.boxes import meet, stacked
from geo.render.poster.placing.points import HEAVY, Points
from geo.render.poster.placing.signs import Ground, Port, Sign, stood

if TYPE_CHECKING:
    from random import Random

WIDTH, HEIGHT = 400.0, 300.0
GRADES = ("confirmed", "stated", "disputed", "inferred")


def _sign(x: float, y: float, nth: int = 0, edge: float = 0.0) -> Sign:
    return Sign(f"event-{nth}", str(nth + 1), GRADES[nth % 4], main=True, home_x=x, home_y=y, edge=edge, r=10, x=x, y=y)


def _ground(
    points: list[tuple[float, float]] | None = None,
    boxes: list[tuple[float, float, float, float]] | None = None,
    ports: tuple[Port, ...] = (),
) -> Ground:
    way = np.array(points or [], dtype=np.float64).reshape(-1, 2)
    return Ground(WIDTH, HEIGHT, stacked(boxes or []), ports, Points.of(way, HEAVY))


def _box(sign: Sign) -> np.ndarray:
    return np.array((sign.x - sign.body, sign.y - sign.body, sign.x + sign.body, sign.y + sign.body))


def _side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


# Up to six in one spot: none overlapped in 1,500 examples. Seven can; the test behind this one holds that fault.
_middle = st.tuples(st.integers(160, 240), st.integers(120, 180))
few = st.lists(_middle, min_size=2, max_size=6)
middles = st.lists(_middle, min_size=2, max_size=7)
ways = st.lists(st.tuples(st.integers(100, 300), st.integers(80, 220)), max_size=60)


@settings(deadline=None)
@given(few, ways)
def test_no_sign_hides_another_and_no_leader_crosses_another(
    spots: list[tuple[int, int]], way: list[tuple[float, float]]
) -> None:
    signs = stood([_sign(*spot, nth=i) for i, spot in enumerate(spots)], _ground(way))
    for i, a in enumerate(signs):
        for b in signs[i + 1 :]:
            assert not meet(_box(a), _box(b))
            if a.leader and b.leader:
                (*p, ax, ay), (*q, bx, by) = a.leader, b.leader
                one, other = (p[0], p[1]), (q[0], q[1])
                crossed = _side(one, (ax, ay), other) * _side(one, (ax, ay), (bx, by)) < 0
                assert not (crossed and _side(other, (bx, by), one) * _side(other, (bx, by), (ax, ay)) < 0)


@pytest.mark.xfail(strict=True, reason="a known fault: of seven signs in one spot, two may be left one over another")
def test_seven_signs_in_one_spot_stand_apart() -> None:
    spots = [(170, 120), *[(160, 120)] * 6]
    signs = stood([_sign(*spot, nth=i) for i, spot in enumerate(spots)], _ground())
    assert not any(meet(_box(a), _box(b)) for i, a in enumerate(signs) for b in signs[i + 1 :])


@settings(deadline=None)
@given(middles, ways, st.randoms(use_true_random=False))
def test_the_order_of_what_is_drawn_does_not_matter(
    spots: list[tuple[int, int]], way: list[tuple[float, float]], random: Random
) -> None:
    signs = [_sign(*spot, nth=i) for i, spot in enumerate(spots)]
    # Thirds are what the points of a line have: sums of them depend on their order.
    points = [(x + 1 / 3, y + 2 / 3) for x, y in way]
    shuffled = list(points)
    random.shuffle(shuffled)
    assert stood(signs, _ground(points)) == stood(signs, _ground(shuffled))


@settings(deadline=None)
@given(middles)
def test_a_sign_stands_at_home_or_on_a_leader_from_there(spots: list[tuple[int, int]]) -> None:
    for sign in stood([_sign(*spot, nth=i) for i, spot in enumerate(spots)], _ground()):
        home = (sign.home_x, sign.home_y)
        assert sign.leader is None or (*home, sign.x, sign.y) == sign.leader
        assert (sign.leader is None) == ((sign.x, sign.y) == home)


def test_the_sign_of_a_ring_stands_outside_it_on_a_leader_from_its_edge() -> None:
    (sign,) = stood([_sign(200, 150, 2, edge=30)], _ground(ports=(Port(200, 150, 30),)))
    assert dist((sign.x, sign.y), (200, 150)) > 30 + sign.r
    assert sign.leader is not None
    assert isclose(dist(sign.leader[:2], (200, 150)), 30)


def test_an_aerodrome_beside_a_sign_stays_visible_and_one_under_it_is_meant() -> None:
    port = Port(205, 150, 6)
    (beside,) = stood([_sign(200, 150)], _ground(ports=(port,)))
    assert dist((beside.x, beside.y), (205, 150)) >= beside.body + port.r
    (there,) = stood([_sign(205, 150)], _ground(ports=(port,)))
    assert there.leader is None


@pytest.mark.parametrize("spot", [(140.0, 240.0), (60.0, 210.0)])
def test_no_sign_stands_under_the_furniture(spot: tuple[float, float]) -> None:
    card = (0.0, 200.0, 150.0, 300.0)
    (sign,) = stood([_sign(*spot)], _ground(boxes=[card]))
    assert not meet(_box(sign), np.array(card))


@settings(deadline=None)
@given(st.floats(-900, 1900), st.floats(-900, 1900))
def test_one_that_is_out_of_view_is_left_there(x: float, y: float) -> None:
    assume(not (0 < x < WIDTH and 0 < y < HEIGHT))
    away, near = stood([_sign(x, y), _sign(200, 150, 1)], _ground())
    assert (away.x, away.y) == (x, y)
    assert near.leader is None or dist((x, y), (200, 150)) < 60
