"""The story: its steps as the case orders them, what the map shows with each, and what is told without JavaScript."""

from __future__ import annotations

import json
import re

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from shipped_cases import LANGUAGES, shipped
from test_route import T0, case, point, stretch

from geo import casefile
from geo.geodesy import distance_m
from geo.model import Step, View
from geo.render.markup import article
from geo.route import trace
from geo.scene import compose
from geo.scene.steps import shown

TOLD = ("j2-8243", "jl516")
FLIGHT = stretch(0, 60, evidence="silent")
SOURCES = {"S1": {"publisher": "P", "title": "T"}, "S2": {"publisher": "Q", "title": "U"}}
EVENT = {
    "id": "call",
    "time": {"from": "2024-12-25T04:00Z", "to": "2024-12-25T04:05Z"},
    "title": "A call",
    "grade": "stated",
    "sources": "S1",
}
LIMITS = (40.0, 30.0, 60.0, 50.0)


def step(**more) -> dict:
    return {"title": "Now", "text": "It is told.", **more}


def told(*steps: dict, language: str = "en", **more) -> dict:
    made = case(FLIGHT, event=[EVENT], step=list(steps), sources=SOURCES, **more)
    return compose(made, trace(made), language)


@pytest.fixture(scope="module")
def scenes():
    return {
        (slug, language): compose(shipped(slug), trace(shipped(slug)), language)
        for slug in TOLD
        for language in LANGUAGES
    }


def as_html(scene):
    """The story as it stands in the text of a page; nothing where there is none."""
    found = re.search(r'<h2>[^<]*</h2>\n<ol class="steps">.*?</ol>\n', article(scene), re.DOTALL)
    return found.group() if found else ""


def test_a_case_without_steps_has_no_story():
    assert told()["story"] is None
    assert as_html(told()) == ""


def test_a_step_takes_the_time_of_its_event_or_has_its_own():
    first, second, third = told(
        step(event="call"),
        step(event="call", time="2024-12-25T04:01Z"),
        step(time="2024-12-25T08:02:03+04:00", id="own"),
    )["story"]["steps"]
    assert (first["time"], first["time_text"]) == (T0 + 300, "04:00–04:05 UTC")
    assert (second["time"], second["time_text"]) == (T0 + 360, "04:01 UTC")
    assert (third["time"], third["time_text"]) == (T0 + 423, "04:02:03 UTC")
    assert [one["event"] for one in (first, second, third)] == ["call", "call", None]
    assert [one["id"] for one in (first, second, third)] == ["step-1", "step-2", "own"]
    assert [one["count"] for one in (first, second, third)] == ["Step 1 of 3", "Step 2 of 3", "Step 3 of 3"]


def test_a_step_cites_its_own_sources_which_are_listed_with_the_others():
    scene = told(step(event="call", sources="S2"))
    assert scene["story"]["steps"][0]["sources"] == ["S2"]
    assert [source["id"] for source in scene["other_sources"]] == ["S2"]


def test_a_text_in_another_language_says_which():
    made = told(step(event="call", text={"de": "Nur deutsch."}))["story"]["steps"][0]
    assert made["text"] == {"text": "Nur deutsch.", "lang": "de"}


def test_the_interface_of_the_story_is_in_the_language_of_the_scene():
    english, german = (told(step(event="call"), language=language)["story"] for language in LANGUAGES)
    same = [key for key in english if key != "steps" and english[key] == german[key]]
    assert same == []
    assert german["steps"][0]["count"] == "Schritt 1 von 1"


def test_the_view_is_the_route_the_frame_of_the_event_a_place_or_a_box():
    route, place, box = (
        one["view"]
        for one in told(
            step(event="call"),
            step(event="call", view={"place": point(42, 47), "km": 20}),
            step(event="call", view={"west": 46, "south": 41, "east": 48, "north": 42.5}),
        )["story"]["steps"]
    )
    assert route is None
    west, south, east, north = place
    assert float(distance_m(42, 47, 42, east)) == pytest.approx(20_000, abs=600)
    assert float(distance_m(42, 47, north, 47)) == pytest.approx(20_000, abs=600)
    assert (west + east) / 2 == pytest.approx(47, abs=0.02)
    assert south < 42 < north
    assert box == [46, 41, 48, 42.5]


def test_a_view_beyond_the_map_shows_what_the_map_has_of_it():
    view = View.model_validate({"west": 50, "south": 45, "east": 80, "north": 60})
    assert shown(view, LIMITS) == [50, 45, 60, 50]
    elsewhere = View.model_validate({"place": point(-33, 151), "km": 50})
    assert shown(elsewhere, LIMITS) is None


@given(
    west=st.floats(-180, 180),
    wide=st.floats(0.5, 40),
    turns=st.integers(-2, 2),
    off=st.floats(-20, 20),
)
def test_a_box_is_found_in_whatever_turn_of_longitudes_the_map_is_drawn(west, wide, turns, off):
    east = (west + wide + 180) % 360 - 180
    middle = west + wide / 2 + off + 360 * turns
    box = View(kind="box", west=west, south=10, east=east, north=20)
    found = shown(box, (middle - 90, 0, middle + 90, 80))
    assert found is not None
    assert found[0] == pytest.approx(west + 360 * turns, abs=0.0051)
    assert found[2] - found[0] == pytest.approx(wide, abs=0.0101)


@pytest.mark.parametrize(
    "view", ["route", "event", {"place": "URMG", "km": 60.0}, {"west": 179, "south": 1, "east": -179, "north": 2}]
)
def test_a_view_is_written_as_it_was_read(view, gazetteer):
    read = View.model_validate(view, context={"find": gazetteer.find})
    assert read.model_dump() == view
    assert View.model_validate(read) == read


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ("everything", "a view is"),
        ({"place": "URMG"}, "found place"),
        ({"west": 1, "south": 2, "east": 3}, "found west, south, east"),
        ({"place": point(1, 2), "km": 0}, "greater than 0"),
        ({"west": 1, "south": 2, "east": 1, "north": 3}, "nothing lies between"),
        ({"west": 1, "south": 2, "east": 2, "north": 91}, "less than or equal to 90"),
    ],
)
def test_what_is_no_view_is_refused(view, message):
    with pytest.raises(ValidationError, match=message):
        Step.model_validate(step(event="call", view=view))


def test_an_edited_step_leaves_every_other_line(tmp_path, gazetteer):
    folder = tmp_path / "case"
    made = case(
        FLIGHT, event=[EVENT], step=[step(event="call"), step(id="b", time="2024-12-25T04:01Z")], sources=SOURCES
    )
    casefile.write(made, folder, find=gazetteer.find)
    before = (folder / "case.toml").read_text(encoding="utf-8")
    assert len(tomlkit.parse(before)["step"]) == 2
    first, second = made.steps
    view = View.model_validate({"west": 46, "south": 41, "east": 48, "north": 42.5})
    changed = made.model_copy(update={"steps": (first, second.model_copy(update={"view": view}))})
    casefile.write(changed, folder, find=gazetteer.find)
    after = (folder / "case.toml").read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert len(after.splitlines()) - len(before.splitlines()) <= 6
    assert casefile.read(folder, find=gazetteer.find).steps == changed.steps


@pytest.mark.parametrize("slug", TOLD)
def test_shipped_stories_run_forward_and_say_nothing_twice(slug, scenes):
    for language in LANGUAGES:
        scene = scenes[slug, language]
        steps = scene["story"]["steps"]
        assert 5 <= len(steps) <= 9
        assert [one["time"] for one in steps] == sorted(one["time"] for one in steps)
        events = json.dumps([event["card"] for event in scene["events"]], ensure_ascii=False)
        titles = {event["title"] for event in scene["events"]}
        for one in steps:
            assert one["title"] not in titles
            assert not any(sentence in events for sentence in one["text"].split(". ") if len(sentence) > 20)


@pytest.mark.parametrize("slug", TOLD)
def test_every_number_of_a_shipped_story_stands_in_the_case(slug, scenes):
    scene = scenes[slug, "en"]
    rest = json.dumps({**scene, "story": None}, ensure_ascii=False)
    known = set(re.findall(r"\d[\d,:.]*\d|\d", rest)) | {"67"}  # 67 s are "1 minute 7 seconds"
    told_numbers = {
        number
        for one in scene["story"]["steps"]
        for number in re.findall(r"\d[\d,:.]*\d|\d", one["title"] + one["text"])
    }
    assert told_numbers - known == set()


@pytest.mark.parametrize("slug", TOLD)
def test_every_step_rests_on_sources(slug, scenes):
    scene = scenes[slug, "en"]
    cards = {event["id"]: event["card"]["sources"] for event in scene["events"]}
    for one in scene["story"]["steps"]:
        assert [*cards.get(one["event"], ()), *one["sources"]]


@pytest.mark.parametrize("slug", TOLD)
def test_without_javascript_the_steps_stand_in_order_with_their_sources(slug, scenes):
    scene = scenes[slug, "en"]
    html = as_html(scene)
    assert html.startswith("<h2>Story</h2>\n<ol")
    assert html.count("<li>") == len(scene["story"]["steps"])
    places = [html.index(one["text"]) for one in scene["story"]["steps"]]
    assert places == sorted(places)
    leads = re.findall(r'href="#e-([^"]+)"', html)
    assert leads == [one["event"] for one in scene["story"]["steps"] if one["event"]]
    assert set(re.findall(r'href="#s-([^"]+)"', html)) <= set(shipped(slug).sources)


def test_text_of_a_story_is_never_markup():
    html = as_html(told(step(event="call", title="<img src=x>", text="a & b</p><script>")))
    assert "<img" not in html
    assert "<script" not in html
    assert "a &amp; b&lt;/p&gt;&lt;script&gt;" in html
