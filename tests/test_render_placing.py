"""Signs and texts of whole scenes on paper: all cases, the antimeridian, any order of the lists, any size."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_cases import CASES, shipped
from small_scene import small_scene

from geo.render.markup import plain
from geo.render.poster.placing import Arrangement, arrange
from geo.render.poster.placing.boxes import meet
from geo.render.poster.placing.points import along, lengths
from geo.render.poster.text import width
from geo.render.poster.view import View
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from random import Random

FURNITURE = ((0.0, 0.0, 46.0, 80.0), (560.0, 400.0, 668.0, 458.0))
SIZE = (668.0, 458.0)
PADDING = (166.0, 84.0, 118.0, 50.0)


@cache
def _scene(slug: str) -> dict[str, Any]:
    case = shipped(slug)
    return compose(case, trace(case), "en")


def _view(scene: dict[str, Any]) -> View:
    view = View.fitted(scene["map"]["fit"], SIZE, PADDING)
    return View(*SIZE, view.scale, float(round(view.left)), float(round(view.top)))


def _arranged(scene: dict[str, Any], **more: Any) -> Arrangement:
    return arrange(scene, _view(scene), FURNITURE, width=width, **more)


def _free(placed: Arrangement) -> list[str]:
    """What covers something that it may not cover."""
    texts = [(label.lines[0].text, label.box) for label in (*placed.labels, *placed.numbers)]
    marks = [
        (sign.event, (sign.x - sign.body, sign.y - sign.body, sign.x + sign.body, sign.y + sign.body))
        for sign in placed.signs
    ]
    pairs = [*combinations([*texts, *marks], 2), *((text, ("furniture", box)) for text in texts for box in FURNITURE)]
    over = [f"{a} on {b}" for (a, box), (b, other) in pairs if meet(np.array(box), np.array(other))]
    outside = [name for name, box in texts if box[0] < 0 or box[1] < 0 or box[2] > SIZE[0] or box[3] > SIZE[1]]
    return over + outside


@pytest.mark.parametrize("scale", [1.0, 1.28])
@pytest.mark.parametrize("slug", CASES)
def test_nothing_on_the_map_of_a_case_covers_anything(slug: str, scale: float) -> None:
    scene = _scene(slug)
    placed = _arranged(scene, text_scale=scale)
    assert not _free(placed)
    said = [line.text for label in placed.labels for line in label.lines]
    for end in scene["map"]["places"]:
        assert end["rank"] > 1 or not end["name"] or plain(end["name"]) in said
    shown = {marker["event"] for marker in scene["map"]["markers"]}
    assert [sign.event for sign in placed.signs] == [
        event["id"] for event in scene["events"] if event["main"] and event["id"] in shown
    ]
    assert [sign.number for sign in placed.signs] == [
        event["number"] for event in scene["events"] if event["main"] and event["id"] in shown
    ]


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(CASES), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(slug: str, random: Random) -> None:
    scene = _scene(slug)
    lists = ("lines", "places", "markers", "names", "rings")
    shuffled = {**scene["map"], **{name: random.sample(scene["map"][name], len(scene["map"][name])) for name in lists}}
    first, second = _arranged(scene), _arranged({**scene, "map": shuffled})
    assert second.signs == first.signs
    assert sorted(second.labels, key=repr) == sorted(first.labels, key=repr)


corner = st.tuples(st.integers(8000, 14000), st.integers(50000, 53000)).map(lambda at: [at[0] / 1000, at[1] / 1000])


@settings(deadline=None, max_examples=40)
@given(st.lists(corner, min_size=1, max_size=10), st.floats(0.8, 1.6), st.booleans())
def test_any_places_and_names_find_room_or_are_left_out(at: list[list[float]], scale: float, small: bool) -> None:
    scene = small_scene()
    data = scene["map"]
    data["places"] += [
        {"name": f"Place {i}", "note": "a note", "short_note": None, "at": spot, "kind": "place", "rank": 2 + i % 3}
        for i, spot in enumerate(at)
    ]
    data["names"] += [
        {"text": f"Land {i}", "short": None, "at": spot, "kind": "country", "rank": i} for i, spot in enumerate(at)
    ]
    assert not _free(_arranged(scene, text_scale=scale, small=small))


@pytest.mark.parametrize("shift", [164.0, 169.0, -190.0, 360.0])
def test_a_flight_over_the_antimeridian_is_labelled_as_elsewhere(shift: float) -> None:
    there = _arranged(small_scene(shift))
    assert [sign.event for sign in there.signs] == ["take-off", "turn"]
    said = {line.text for label in there.labels for line in label.lines}
    assert said == {line.text for label in _arranged(small_scene()).labels for line in label.lines}
    assert {"Westby", "Eastby", "Turn", "EXAMPLELAND"} <= said


def test_texts_keep_their_language_and_the_capitals_of_the_scenes() -> None:
    scene = small_scene()
    scene["language"] = "az"
    scene["map"]["names"][0]["text"] = "Türkiyə Birinci"
    scene["map"]["places"][1]["name"] = {"text": "Östby", "lang": "de"}
    lines = [line for label in _arranged(scene).labels for line in label.lines]
    assert "TÜRKİYƏ BİRİNCİ" in {line.text for line in lines}
    assert next(line.language for line in lines if line.text == "Östby") == "de"
    assert next(line.language for line in lines if line.text == "Westby") is None


def test_a_poster_has_larger_texts_and_signs() -> None:
    page, poster = _arranged(small_scene()), _arranged(small_scene(), text_scale=1.28)
    # Tokens, sections 3 and 6.
    assert {sign.r for sign in page.signs} == {10.5}
    assert {sign.r for sign in poster.signs} == {13.5}
    sizes = [{line.kind: line.size for label in some.labels for line in label.lines} for some in (page, poster)]
    assert [each["fc-place"] for each in sizes] == [13.5, 17.3]
    assert [each["fc-country"] for each in sizes] == [11, 14.1]


def test_a_phone_has_smaller_ones() -> None:
    lines = [line for label in _arranged(small_scene(), small=True).labels for line in label.lines]
    assert {line.size for line in lines if line.kind == "fc-place"} == {12}
    assert not any(line.kind == "fc-second" for line in lines)


@pytest.mark.parametrize("text", ["<b>&\"'", "\u202e\x07", "😀" * 9, "a" * 300, " ", "-\u0301" * 5])
def test_any_text_is_placed_or_left_out(text: str) -> None:
    scene = small_scene()
    scene["map"]["places"][0]["name"] = scene["map"]["places"][1]["note"] = text
    scene["map"]["names"][0]["text"] = text
    scene["map"]["lines"][0]["label"] = text
    assert not _free(_arranged(scene))


def test_a_scene_with_nothing_on_its_map() -> None:
    scene = small_scene()
    for name in ("lines", "places", "markers", "names", "rings"):
        scene["map"][name] = []
    assert _arranged(scene) == Arrangement((), (), ())


def test_runways_that_are_large_enough_are_numbered() -> None:
    scene = small_scene()
    runway = {
        "place": "EXAA",
        "ident": ["09", "27"],
        "from": [10.0, 52.3],
        "to": [11.0, 52.3],
        "width_m": 45,
        "text": "",
    }
    scene["map"]["runways"] = [runway, {**runway, "from": [12.0, 50.5], "to": [12.01, 50.5]}]
    placed = _arranged(scene)
    assert [number.lines[0].text for number in placed.numbers] == ["09", "27"]
    assert placed.numbers[0].x < placed.numbers[1].x
    assert not _free(placed)


@given(st.lists(st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)), min_size=1, max_size=12))
def test_points_of_a_line_are_close_and_end_where_it_ends(corners: list[tuple[int, int]]) -> None:
    way = np.array(corners, dtype=np.float64)
    points = along(way, 3, "received")
    steps = np.hypot(np.diff(points.x), np.diff(points.y))
    legs = np.hypot(*np.diff(way, axis=0).T) if len(way) > 1 else np.zeros(1)
    assert (steps <= max(6.0, legs.max() / 200) + 1e-9).all()
    assert (points.x[0], points.y[0]) == corners[0]
    assert np.allclose((points.x[-1], points.y[-1]), corners[-1])
    assert set(points.line) == {3}
    assert np.allclose(lengths(way[:, 0], way[:, 1]), np.hypot(way[:, 0], way[:, 1]))
