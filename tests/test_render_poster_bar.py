"""The time bar of the poster: states without hole, signs in order and apart, and what a case may lack."""

from __future__ import annotations

import copy
import re
from itertools import pairwise
from typing import Any

import pytest
from drawn_svg import SVG, read
from hypothesis import given
from hypothesis import strategies as st
from shipped_cases import CASES, shipped
from small_scene import small_scene

from geo.render.poster.bar import bar, spread
from geo.route import trace
from geo.scene import compose

HALVES = st.lists(st.floats(1, 15), min_size=1, max_size=20)


def _drawn(scene: dict[str, Any], width: float = 1140, *, profiled: bool = False) -> Any:
    return read(f'<svg xmlns="http://www.w3.org/2000/svg">{bar(scene, width, profiled=profiled).svg}</svg>')


@given(HALVES, st.data())
def test_signs_are_moved_apart_in_their_order(halves, data):
    wanted = sorted(data.draw(st.lists(st.floats(0, 900), min_size=len(halves), max_size=len(halves))))
    placed = spread(wanted, halves, 0, 900)
    assert placed[0] >= -1e-6
    assert placed[-1] <= 900 + 1e-6
    gaps = [a + b for a, b in pairwise(halves)]
    squeeze = min(1.0, 900 / sum(gaps)) if gaps else 1.0
    for (one, other), gap in zip(pairwise(placed), gaps, strict=True):
        assert other - one >= gap * squeeze - 1e-6
    if all(b - a >= gap for (a, b), gap in zip(pairwise(wanted), gaps, strict=True)):
        assert placed == pytest.approx(wanted)


@pytest.mark.parametrize("slug", CASES)
def test_states_fill_the_bar_to_scale(slug):
    case = shipped(slug)
    scene = compose(case, trace(case), "en", "nautical")
    states = [node for node in _drawn(scene).iter(f"{SVG}g") if "data-evidence" in node.attrib]
    boxes = [[float(node.find(f"{SVG}rect").get(name)) for name in ("x", "width")] for node in states]
    assert [node.get("data-style") for node in states] == [span["style"] for span in scene["states"]]
    for (x, wide), (after, _) in pairwise(boxes):
        assert x + wide == pytest.approx(after, abs=0.2)
    scale = (boxes[-1][0] + boxes[-1][1] - boxes[0][0]) / (scene["time"]["end"] - scene["time"]["start"])
    for span, (x, _) in zip(scene["states"], boxes, strict=True):
        assert x - boxes[0][0] == pytest.approx((span["from"] - scene["time"]["start"]) * scale, abs=0.2)


def test_without_aftermath_the_flight_takes_the_whole_width():
    scene = small_scene()
    assert scene["aftermath"] is None
    ends = [float(rect.get("x")) + float(rect.get("width")) for rect in _drawn(scene).iter(f"{SVG}rect")]
    assert max(ends) == pytest.approx(1140 - 16, abs=1)


def test_an_aftermath_is_set_off_and_says_that_it_is_not_to_scale():
    for language, width in (("en", 1140), ("de", 744)):
        case = shipped("af1-2001")
        scene = compose(case, trace(case), language, "nautical")
        said = ["".join(node.itertext()) for node in _drawn(scene, width).iter(f"{SVG}text")]
        assert {scene["aftermath"][name] for name in ("text", "note", "from_text", "to_text")} <= set(said)
    case = shipped("j2-8243")
    scene = compose(case, trace(case), "en", "nautical")
    said = ["".join(node.itertext()) for node in _drawn(scene).iter(f"{SVG}text")]
    assert {"Aftermath", "days, not to scale", scene["aftermath"]["from_text"], scene["aftermath"]["to_text"]} <= set(
        said
    )
    crowd = copy.deepcopy(scene)
    late = [event for event in crowd["events"] if event["aftermath"] and event["main"]]
    crowd["events"] += [{**late[-1], "id": f"more-{i}", "number": "z"} for i in range(40)]
    xs = [
        float(x) for node in _drawn(crowd).iter() for x in re.findall(r"translate\(([\d.]+)", node.get("transform", ""))
    ]
    assert max(xs) <= 1140


def test_altitudes_are_drawn_where_there_are_any():
    case = shipped("j2-8243")
    scene = compose(case, trace(case), "en", "nautical")
    said = {"".join(node.itertext()) for node in _drawn(scene, 744, profiled=True).iter(f"{SVG}text")}
    assert {"30,000 ft", "14,025", "8,950"} <= said
    # A leaked value is hollow, and says so.
    assert any("leak" in text for text in said)
    without = small_scene()
    assert bar(without, 744, profiled=True) == bar(without, 744)
