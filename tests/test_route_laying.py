from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from geo.model import Evidence, PathBasis
from geo.route.laying import covered_s, lay
from geo.route.route import RouteStretch


def stretch(start: float, end: float, evidence: Evidence = Evidence.RECEIVED) -> RouteStretch:
    return RouteStretch(start, end, evidence, PathBasis.BRIDGED)


def spans(stretches) -> list[tuple[float, float]]:
    return [(one.start_s, one.end_s) for one in stretches]


@st.composite
def rows(draw):
    """Stretches in order of time without overlap, some of no duration."""
    edges = sorted(draw(st.lists(st.integers(0, 60), min_size=2, max_size=12, unique=True)))
    pairs = list(itertools.pairwise(edges))[::2]
    lone = draw(st.sets(st.integers(0, 60), max_size=3))
    outside = [at for at in lone if all(not start <= at <= end for start, end in pairs)]
    return sorted([stretch(*pair) for pair in pairs] + [stretch(at, at) for at in outside], key=lambda one: one.start_s)


def test_what_comes_later_fills_only_what_is_left():
    laid = lay([stretch(10, 20), stretch(30, 40)], [stretch(0, 35), stretch(36, 50)])
    assert spans(laid) == [(0, 10), (10, 20), (20, 30), (30, 40), (40, 50)]


def test_a_lone_fix_stays_in_silence_and_parts_it():
    laid = lay(lay([stretch(0, 10)], [stretch(20, 20)]), [stretch(0, 40, Evidence.SILENT)])
    assert spans(laid) == [(0, 10), (10, 20), (20, 20), (20, 40)]
    assert [one.evidence for one in laid][2] is Evidence.RECEIVED


def test_a_lone_fix_within_or_at_the_end_of_what_is_laid_says_nothing_more():
    assert spans(lay([stretch(0, 10)], [stretch(5, 5)])) == [(0, 10)]
    assert spans(lay([stretch(0, 10)], [stretch(10, 10)])) == [(0, 10)]


@given(rows(), rows())
def test_laying_keeps_the_first_and_covers_both_without_overlap(first, second):
    laid = lay(first, second)
    assert [one for one in laid if one in first] == first
    for one, other in itertools.pairwise(laid):
        assert one.end_s <= other.start_s
    for half in range(1, 120, 2):
        at = half / 2
        held = [one for one in laid if one.start_s < at < one.end_s]
        asked = [one for one in [*first, *second] if one.start_s < at < one.end_s]
        assert len(held) == min(len(asked), 1)
    again = lay([], first)
    assert spans(again) == spans(first)


@given(rows(), st.integers(0, 30), st.integers(31, 60))
def test_what_is_covered_and_what_is_left_make_up_the_whole(laid, start, end):
    one = stretch(start, end)
    covered = sum(last - first for first, last in covered_s(one, laid))
    left = sum(piece.end_s - piece.start_s for piece in lay(laid, [one])) - sum(a.end_s - a.start_s for a in laid)
    assert covered + left == end - start
