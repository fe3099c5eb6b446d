"""SVG as text: numbers, paths within their tolerance, texts that stay texts."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from geo.render.poster.drawing import Pen, clean, element, group, number, reads_left, writing
from geo.render.poster.told import told

PX = st.floats(-5000, 5000, allow_nan=False)
POINTS = st.lists(st.tuples(PX, PX), min_size=1, max_size=40)


def _read(d: str) -> np.ndarray:
    values = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", d)]
    return np.cumsum(np.array(values).reshape(-1, 2), axis=0)


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_numbers_are_rounded_to_a_tenth_and_short(value):
    written = number(value)
    assert abs(float(written) - value) <= 0.05 + 1e-6
    assert re.fullmatch(r"-?\d+(\.[1-9])?", written)
    assert written != "-0"


@given(POINTS, st.sampled_from([(0.1, 0.0), (1.0, 0.0), (2.0, 0.0)]))
def test_steps_do_not_add_up_their_rounding(points, exact):
    grid, tolerance = exact
    drawn = _read(Pen(grid, tolerance).path(points))
    wanted = np.rint(np.array(points) / grid) * grid
    kept = np.vstack([wanted[:1], wanted[1:][np.diff(wanted, axis=0).any(axis=1)]])
    if len(kept) == 1:
        # A line of one point is drawn as one: round caps show it.
        kept = np.vstack([kept, kept])
    assert drawn == pytest.approx(kept, abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=2, max_size=30, unique=True))
def test_a_simplified_line_is_within_its_tolerance(points):
    drawn = LineString(_read(Pen(0.1, 1.5).path(points)))
    assert all(drawn.distance(Point(point)) <= 1.5 + 0.1 for point in points)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_a_text_reads_back_as_it_was(text):
    svg = element("text", clean(text), data_said=text)
    root = ET.fromstring(svg)  # noqa: S314  we made it
    allowed = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    assert (root.text or "").replace("\r", "\n") == allowed.replace("\r\n", "\n").replace("\r", "\n")
    assert not len(root)


def test_attributes():
    assert (
        element("a", stroke_width=1.25, xml__lang="kk", class_="b", fill=None)
        == '<a stroke-width="1.2" xml:lang="kk" class="b"/>'
    )
    assert group("", fill="none") == ""


@pytest.mark.parametrize(
    ("text", "direction", "leftward"),
    [
        ("Grozny", "ltr", False),
        ("جروزني 05:13", "ltr", True),
        ("J2-8243 جروزني", "ltr", False),
        ("J2-8243 جروزني", "rtl", True),
        ("03:55 UTC", "rtl", False),
        ("12", "rtl", False),
    ],
)
def test_the_direction_of_a_text(text, direction, leftward):
    assert reads_left(text, direction) == leftward


def test_a_text_from_the_right_is_isolated_and_placed_by_its_right_end():
    svg = writing("ضمن 18 كم", (40, 12), anchor="end")
    assert svg == '<text x="40" y="12" text-anchor="end">\u2067ضمن 18 كم\u2069</text>'


def test_a_part_in_another_language_stays_one_on_every_line():
    from geo.render.poster.drawing import Type

    said = told(
        ["المصادر: ", {"text": "one two three four five six seven eight nine", "lang": "en"}, "."], "rtl", marks=True
    )
    lines = said.lines(Type(12, "#000000"), 110, 9)
    assert len(lines) > 2
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)
    assert said.leftward
    assert "nine EN" in said.text


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_a_text_of_the_case_cannot_turn_the_rest(text):
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", told(text, "ltr").text)
    assert not re.search("[\u202a-\u202e\u2066-\u2067]", told(["a", {"text": text, "lang": "en"}], "rtl").text)
