from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped_cases import CASES, LANGUAGES, shipped
from test_route import case, flown, point, stretch

from geo.errors import RenderError
from geo.geodesy import distance_m
from geo.model import Evidence, Text
from geo.route import trace
from geo.scene import compose
from geo.scene.columns import column, decoded

GOLDEN = Path(__file__).parent / "golden"


def scene_of(slug: str, language: str = "en", units: str = "nautical") -> dict:
    return compose(shipped(slug), trace(shipped(slug)), language, units)


def walk(value):
    yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(child)


@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scene_is_that_of_the_golden_file(slug, language):
    file = GOLDEN / f"{slug}.{language}.json"
    made = json.dumps(scene_of(slug, language), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("FLIGHTCASE_RENEW"):
        file.write_text(made, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == made, "when the change is meant: make golden, and read the difference"


@pytest.mark.parametrize("slug", CASES)
def test_equal_cases_give_equal_scenes(slug):
    again = type(shipped(slug)).model_validate(shipped(slug).model_copy())
    assert json.dumps(compose(again, trace(again))) == json.dumps(scene_of(slug))


@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complete_language_falls_back_nowhere(slug, language):
    scene = scene_of(slug, language)
    assert [value for value in walk(scene) if isinstance(value, dict) and "lang" in value] == []


def test_a_missing_text_is_shown_in_another_language_and_says_which():
    made = case(stretch(0, 10, evidence="silent"), title={"de": "Nur deutsch"})
    assert compose(made, trace(made), "en")["title"] == {"text": "Nur deutsch", "lang": "de"}


@pytest.mark.parametrize("slug", CASES)
def test_states_tile_the_bar_and_agree_with_the_route(slug):
    scene, route = scene_of(slug), trace(shipped(slug))
    states = scene["states"]
    assert (states[0]["from"], states[-1]["to"]) == (scene["time"]["start"], scene["time"]["end"])
    assert all(one["to"] == other["from"] for one, other in pairwise(states))
    for evidence in Evidence:
        drawn = sum(state["to"] - state["from"] for state in states if state["evidence"] == evidence)
        assert drawn == pytest.approx(route.seconds(evidence))


@pytest.mark.parametrize("slug", CASES)
def test_the_legend_lists_what_is_drawn_and_nothing_else(slug):
    scene = scene_of(slug)
    drawn = {line["style"] for line in scene["map"]["lines"]} | {state["style"] for state in scene["states"]}
    drawn |= {"ring"} if scene["map"]["rings"] else set()
    # The hatch of the reach is that of silence, whose entry says so; without one it has its own.
    drawn |= {"reach"} if scene["map"]["reaches"] and "silent" not in drawn else set()
    assert {entry["style"] for entry in scene["legend"]["lines"]} == drawn
    grades = {event["grade"] for event in scene["events"] if event["main"]}
    assert {entry["grade"] for entry in scene["legend"]["grades"]} == grades


@pytest.mark.parametrize("slug", CASES)
def test_no_solid_line_where_no_position_was_received(slug):
    for line in scene_of(slug)["map"]["lines"]:
        assert (line["style"] == "received") == (line["evidence"] == "received")


@pytest.mark.parametrize("slug", CASES)
def test_numbers_are_the_same_everywhere_and_in_order_of_time(slug):
    scene = scene_of(slug)
    flown_rows = [event for event in scene["events"] if event["main"] and not event["aftermath"]]
    assert [event["number"] for event in flown_rows] == [str(count) for count in range(1, len(flown_rows) + 1)]
    assert [event["start"] for event in flown_rows] == sorted(event["start"] for event in flown_rows)
    late = [event["number"] for event in scene["events"] if event["main"] and event["aftermath"]]
    assert late == [chr(ord("a") + count) for count in range(len(late))]
    known = {event["id"] for event in scene["events"]}
    assert {marker["event"] for marker in scene["map"]["markers"]} <= known


@pytest.mark.parametrize("slug", CASES)
def test_an_event_without_a_place_is_on_no_map(slug):
    scene = scene_of(slug)
    drawn = {marker["event"] for marker in scene["map"]["markers"]}
    for event in scene["events"]:
        assert (event["id"] in drawn) == event["mapped"]
        if event["main"] and not event["aftermath"] and not event["mapped"]:
            assert event["note"].endswith("not mapped")


def test_both_approaches_stand_before_the_first_bang():
    order = [event["id"] for event in scene_of("j2-8243")["events"]]
    assert order.index("two-approaches") < order.index("first-bang")


def test_conflicting_accounts_stand_side_by_side_with_their_sources():
    bang = next(event for event in scene_of("j2-8243")["events"] if event["id"] == "first-bang")
    where = next(group for group in bang["card"]["groups"] if group["heading"].startswith("Where?"))
    assert len(where["claims"]) >= 2
    assert all(claim["cites"] for claim in where["claims"])
    letters = {claim["letter"] for group in bang["card"]["groups"] for claim in group["claims"]}
    assert {mark["letter"] for mark in bang["closeup"]["marks"]} <= letters


def test_units_change_the_words_and_not_the_data():
    nautical, metric = scene_of("j2-8243"), scene_of("j2-8243", units="metric")
    assert nautical["profile"]["dots"][0]["text"] == "30,000 ft"
    assert metric["profile"]["dots"][0]["text"] == "9,144 m"
    assert scene_of("j2-8243", "de")["profile"]["dots"][0]["text"] == "30.000 ft"
    assert [dot["value"] for dot in nautical["profile"]["dots"]] == [dot["value"] for dot in metric["profile"]["dots"]]
    assert any("mi" in step["text"] for step in scene_of("j2-8243", units="imperial")["map"]["scale_bar"])


def test_clocks_follow_their_zones():
    scene = scene_of("j2-8243")
    hours = {clock["name"]: clock["offsets"][0][1] / 3600 for clock in scene["clocks"]}
    assert hours == {"Baku": 4, "Grozny": 3, "Aktau": 5}
    bang = next(event for event in scene["events"] if event["id"] == "first-bang")
    assert (bang["time_text"], bang["local_text"]) == ("05:13:31", "08:13 Grozny")


def test_the_caption_prints_the_threshold_of_a_gap():
    assert "more than 60 s apart" in scene_of("jl516")["footer"][0]


def test_a_measured_line_keeps_every_fix():
    made = case(tracks=(flown(0, 30),))
    line = next(line for line in compose(made, trace(made))["map"]["lines"] if line["basis"] == "measured")
    lats, lons = decoded(line["path"]["lat"]), decoded(line["path"]["lon"])
    assert len(lats) == 181
    assert distance_m(lats, lons, flown(0, 30).lat_deg, flown(0, 30).lon_deg).max() < 1


def test_the_map_over_the_antimeridian_is_one_piece():
    made = case(
        stretch(0, 10, evidence="received", basis="schematic", path=[point(60, 175), point(62, -176)]),
        intended={"route": [point(60, 170), point(60, -170)], "basis": "great circle"},
    )
    drawn = compose(made, trace(made))["map"]
    west, _, east, _ = drawn["fit"]
    assert east - west < 25
    for line in drawn["lines"]:
        lons = decoded(line["path"]["lon"])
        assert west - 1 <= min(lons) <= max(lons) <= east + 1


@given(st.lists(st.floats(-1e4, 1e4), max_size=50), st.sampled_from([1e-5, 0.1, 1.0]))
def test_columns_decode_within_half_a_quantum(values, quantum):
    coded = json.loads(json.dumps(column(values, quantum)))
    assert decoded(coded) == pytest.approx(values, abs=quantum * 0.51)
    assert all(isinstance(step, int) for step in coded["deltas"])


def test_hostile_text_stays_text():
    hostile = "</script><img src=x onerror=alert(1)>`${alert(1)}`"
    made = case(stretch(0, 10, evidence="silent"), title=hostile)
    assert compose(made, trace(made))["title"] == hostile
    assert Text(hostile).said("en") == hostile


@pytest.mark.parametrize(("language", "units"), [("zz-nonsense", "nautical"), ("en", "furlongs")])
def test_what_does_not_exist_is_an_error(language, units):
    with pytest.raises(RenderError):
        scene_of("j2-8243", language, units)


def test_a_profile_keeps_its_peaks():
    seconds = np.arange(0, 6000)
    track = flown(0, 100, every_s=1)
    altitude = np.full(len(track), 10_000.0)
    altitude[len(seconds) // 2] = 33_000
    made = case(tracks=(track.replace(altitude_ft=altitude),))
    profile = compose(made, trace(made))["profile"]
    assert max(decoded(profile["series"][0]["value"])) == 33_000
    assert profile["top"] == 33_000
