from __future__ import annotations

from shipped_cases import CASES, shipped

from geo.route import trace
from geo.scene import compose
from geo.scene.playback import playback, skips
from geo.scene.words import Words

MINUTE = 60


def seen(start_min, end_min):
    return {"from": start_min * MINUTE, "to": end_min * MINUTE, "aircraft": True}


def unseen(start_min, end_min):
    return {**seen(start_min, end_min), "aircraft": False}


def event(start_min, end_min=None, *, aftermath=False):
    end_min = start_min if end_min is None else end_min
    return {"start": start_min * MINUTE, "end": end_min * MINUTE, "aftermath": aftermath}


def minutes(states, events, pace=60):
    return [(skip["from"] / 60, skip["to"] / 60) for skip in skips(states, events, pace, Words("en"))]


def test_a_long_time_without_aircraft_or_event_may_be_passed_all_but_its_ends():
    flight = [seen(0, 10), unseen(10, 30), unseen(30, 60), seen(60, 90)]
    assert minutes(flight, []) == [(11, 59)]
    assert minutes([unseen(0, 90)], []) == [(1, 89)]
    assert minutes([seen(0, 90)], []) == []


def test_no_event_is_passed():
    flight = [seen(0, 10), unseen(10, 60)]
    assert minutes(flight, [event(20)]) == [(11, 19), (21, 59)]
    # What lasts is shown while it lasts, whatever begins meanwhile.
    assert minutes(flight, [event(13, 40), event(20, 22)]) == [(41, 59)]
    assert minutes(flight, [event(5, 70)]) == []
    assert minutes(flight, [event(20, aftermath=True)]) == [(11, 59)]


def test_what_playback_passes_in_a_moment_anyhow_is_not_skipped():
    flight = [seen(0, 10), unseen(10, 16), seen(16, 60)]
    assert minutes(flight, [], pace=60) == [(11, 15)]
    assert minutes(flight, [], pace=120) == []


def test_a_skip_says_how_long_it_is():
    told = skips([unseen(0, 90)], [], 60, Words("de"))
    assert [skip["text"] for skip in told] == ["88 min ohne Position werden übersprungen"]


def test_speeds_are_named_by_how_many_times_faster_they_are():
    assert playback(152.967, [], [], Words("en"))["paces"] == [
        {"factor": 0.5, "text": "76×"},
        {"factor": 1, "text": "153×"},
        {"factor": 2, "text": "306×"},
        {"factor": 4, "text": "612×"},
    ]
    assert playback(0.5, [], [], Words("de"))["paces"][0]["text"] == "0,2×"


def test_in_the_shipped_cases_nothing_seen_is_passed():
    found = 0
    for slug in CASES:
        scene = compose(shipped(slug), trace(shipped(slug)))
        for skip in scene["playback"]["skips"]:
            found += 1
            times = [time for each in scene["events"] for time in (each["start"], each["end"])]
            assert not [time for time in times if skip["from"] <= time <= skip["to"]]
            flown = [each for each in scene["states"] if each["aircraft"]]
            assert not [each for each in flown if each["from"] < skip["to"] and each["to"] > skip["from"]]
    assert found
