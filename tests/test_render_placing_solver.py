"""The choice of places: as good as trying everything where that can be done, free of clashes where it cannot."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.render.poster.placing.solver import Item, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Option = tuple[int, int, int, int]  # cost, tier, x, y


@st.composite
def crowds(draw: st.DrawFn, things: int, choice: int, side: int) -> list[list[Option]]:
    """Options of things that want to stand near each other, the cheapest first."""
    option = st.tuples(st.integers(0, 20), st.integers(1, 2), st.integers(0, side), st.integers(0, side))
    return draw(st.lists(st.lists(option, max_size=choice).map(sorted), max_size=things))


def _meet(a: Option, b: Option) -> bool:
    return abs(a[2] - b[2]) < 10 and abs(a[3] - b[3]) < 6


def _clash(crowd: Sequence[Sequence[Option]]) -> Callable[[int], NDArray[np.bool_]]:
    every = [option for options in crowd for option in options]
    return lambda k: np.array([_meet(every[k], other) for other in every], dtype=np.bool_)


def _solved(crowd: Sequence[Sequence[Option]]) -> list[Option | None]:
    items = [
        Item([option[0] for option in options], [option[1] for option in options], [i, i, 100 + i])
        for i, options in enumerate(crowd)
    ]
    chosen = solve(items, _clash(crowd))
    return [None if k is None else options[k] for options, k in zip(crowd, chosen, strict=True)]


def _worth(chosen: Sequence[Option | None]) -> tuple[list[bool], int]:
    """Which wishes are granted, those that matter most first, and less what it costs: more is better."""
    tiers = [-1 if option is None else option[1] for option in chosen]
    wishes = [tier >= least for tier in tiers for least in (0, 1)] + [tier >= 2 for tier in tiers]
    return wishes, -sum(option[0] for option in chosen if option)


@settings(deadline=None)
@given(crowds(4, 4, 24))
def test_of_few_things_the_choice_is_the_best_of_all(crowd: list[list[Option]]) -> None:
    choices = product(*[[None, *options] for options in crowd])
    free = [
        chosen
        for chosen in choices
        if not any(a and b and _meet(a, b) for i, a in enumerate(chosen) for b in chosen[i + 1 :])
    ]
    assert _worth(_solved(crowd)) == max(map(_worth, free))


@settings(deadline=None)
@given(crowds(24, 8, 90))
def test_nothing_that_is_chosen_gets_in_the_way_of_another(crowd: list[list[Option]]) -> None:
    chosen = [option for option in _solved(crowd) if option]
    assert not any(_meet(a, b) for i, a in enumerate(chosen) for b in chosen[i + 1 :])


def test_one_that_stands_makes_way_where_the_next_has_only_its_place() -> None:
    assert _solved([[(0, 1, 0, 0), (5, 1, 50, 0)], [(0, 1, 0, 0)]]) == [(5, 1, 50, 0), (0, 1, 0, 0)]


@pytest.mark.parametrize("crowd", [[], [[]], [[], [(0, 1, 0, 0)]]])
def test_what_has_no_option_is_left_out(crowd: list[list[Option]]) -> None:
    assert _solved(crowd) == [options[0] if options else None for options in crowd]


def test_a_crowd_comes_to_an_end() -> None:
    # More things than Python lets functions call each other: each has a place, and would like a better one.
    many = [[(0, 1, 0, 0), (1, 1, 20 * i, 50), (2, 2, 20 * i, 100)] for i in range(1200)]
    assert sum(option is not None for option in _solved(many)) == len(many)
    # No two of these fit; nothing is found that lets a second stand.
    hopeless = [[(cost, 1, cost % 7, i % 5) for cost in range(30)] for i in range(40)]
    assert sum(option is not None for option in _solved(hopeless)) == 1
