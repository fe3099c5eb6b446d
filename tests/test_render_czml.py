"""CZML: an aircraft where it is known, when it is known, and none in a gap."""

from __future__ import annotations

import itertools
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from made_scenes import flown
from shipped_cases import CASES, shipped
from small_scene import path, small_scene, with_every_word

from geo.render.czml import czml
from geo.route import trace
from geo.scene import compose


def packets(scene: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = json.loads(czml(scene))
    assert len({packet["id"] for packet in listed}) == len(listed)
    return {packet["id"]: packet for packet in listed}


def span(text: str) -> tuple[float, float]:
    start, end = text.split("/")
    return datetime.fromisoformat(start).timestamp(), datetime.fromisoformat(end).timestamp()


def samples(packet: dict[str, Any]) -> list[float]:
    epoch = datetime.fromisoformat(packet["position"]["epoch"]).timestamp()
    return [epoch + value for value in packet["position"]["cartographicDegrees"][::4]]


def moving(scene: dict[str, Any]) -> list[dict[str, Any]]:
    return [packet for packet in packets(scene).values() if "epoch" in packet.get("position", {})]


def in_gap(scene: dict[str, Any], start: float, end: float) -> bool:
    return any(not one["aircraft"] and one["from"] < end and start < one["to"] for one in scene["states"])


@given(flown())
def test_no_sample_interval_covers_a_time_without_an_aircraft(scene: dict[str, Any]) -> None:
    for packet in moving(scene):
        start, end = span(packet["availability"])
        times = samples(packet)
        assert (times[0], times[-1]) == pytest.approx((start, end), abs=1e-3)
        assert times == sorted(times)
        assert not in_gap(scene, start, end)
        assert packet["position"]["forwardExtrapolationType"] == "NONE"
        assert packet["position"]["backwardExtrapolationType"] == "NONE"


@given(flown())
def test_every_point_of_an_aircraft_line_is_a_sample_at_its_time(scene: dict[str, Any]) -> None:
    drawn = {round(time, 1) for packet in moving(scene) for time in samples(packet)}
    for line in scene["map"]["lines"]:
        if "time" in line["path"] and line["style"] in ("received", "inferred"):
            first = line["path"]["time"]["deltas"][0] * line["path"]["time"]["quantum"]
            assert round(first, 1) in drawn


@pytest.mark.parametrize("slug", CASES)
def test_shipped_cases_leave_their_gaps_open(slug: str) -> None:
    case = shipped(slug)
    scene = compose(case, trace(case), "en", "nautical")
    found = moving(scene)
    assert found
    assert not [packet["id"] for packet in found if in_gap(scene, *span(packet["availability"]))]
    for packet in json.loads(czml(scene))[1:]:
        assert packet["properties"]["kind"]
        assert None not in packet["properties"].values()


def test_each_style_looks_its_own_and_says_what_it_is() -> None:
    found = packets(small_scene())
    solid, dotted, dashed = (found[name]["polyline"] for name in ("stretch-1", "intended", "stretch-2"))
    assert "polylineOutline" in solid["material"]
    assert dotted["material"]["polylineDash"]["dashPattern"] != dashed["material"]["polylineDash"]["dashPattern"]
    assert found["stretch-2-cross-1"]["label"]["text"] == "×"
    said = found["stretch-2"]["properties"]
    assert (said["evidence"], said["basis"], said["style"]) == ("rejected", "bridged", "rejected")
    assert all(line["clampToGround"] for line in (solid, dotted, dashed))


def test_areas_and_events_are_there_in_their_time() -> None:
    scene = small_scene()
    scene["map"]["lines"][2] |= {"from": scene["states"][1]["from"], "to": scene["states"][1]["to"]}
    scene["map"]["bands"][0]["line"] = "stretch-2"
    found = packets(scene)
    gap = (scene["states"][1]["from"], scene["states"][1]["to"])
    for ident in ("band-1", "reach-1-1", "reach-1-moments", "state-2"):
        assert span(found[ident]["availability"]) == gap
    intervals = [span(one["interval"]) for one in found["reach-1-moments"]["polygon"]["positions"]]
    assert (intervals[0][0], intervals[-1][1]) == gap
    assert all(before[1] == after[0] for before, after in itertools.pairwise(intervals))
    assert span(found["event-turn"]["availability"]) == (scene["events"][2]["start"], scene["time"]["end"])
    assert "position" not in found["event-call"]
    assert found["event-turn"]["properties"]["grade"] == "disputed"
    assert found["event-turn"]["properties"]["sources"] == {"array": ["S1", "S2"]}
    assert found["case"]["properties"]["corrections"]["array"][0]["date"] == "2023-12-01"
    assert span(found["document"]["clock"]["interval"]) == (scene["time"]["start"], scene["time"]["end"])


def test_other_aircraft_have_a_packet_for_each_time_without_a_gap() -> None:
    scene = small_scene()
    paths = [path([(1, 1), (2, 2)], [0, 60]), path([(179.9, 3), (180.1, 3)], [120, 180])]
    one = {"name": "N1", "style": "other", "fixes": 4, "within_m": 10, "paths": paths}
    scene["map"]["others"] = {"text": "Other aircraft", "aircraft": [one]}
    found = packets(scene)
    assert span(found["other-1-2-aircraft"]["availability"]) == (120, 180)
    assert found["other-1-2"]["polyline"]["positions"]["cartographicDegrees"][3] == pytest.approx(-179.9)
    assert found["other-1-1"]["properties"]["kind"] == "other aircraft"


def test_hostile_words_are_text() -> None:
    nasty = "</p><script>alert(1)</script>]]>\u202e\x00"
    listed = json.loads(czml(with_every_word(small_scene(), lambda _: nasty)))
    for packet in listed:
        assert "<script" not in packet.get("description", "")


def test_a_source_that_is_no_page_of_the_web_is_no_link() -> None:
    scene = small_scene()
    scene["events"][2]["card"]["sources"][0]["url"] = "javascript:alert(1)"
    assert 'href="javascript' not in packets(scene)["event-turn"]["description"]


def test_equal_scenes_give_equal_text() -> None:
    assert czml(small_scene()) == czml(small_scene())
