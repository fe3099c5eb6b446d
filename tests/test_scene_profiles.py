from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped_cases import shipped
from test_route import case, flown, stretch

from geo.model.track import REASONS
from geo.route import trace
from geo.scene import compose
from geo.scene.columns import decoded
from geo.scene.profiles import thinned


def composed(made, language="en", units="nautical"):
    return compose(made, trace(made), language, units)


def named(scene, caption):
    return next(each for each in scene["profiles"] if each["caption"] == caption)


def test_what_a_track_did_not_receive_has_no_line():
    assert composed(shipped("j2-8243"))["profiles"] == []
    assert [each["caption"] for each in composed(shipped("jl516"))["profiles"]] == ["Ground speed", "Vertical rate"]
    # A track with positions and altitudes only: no speed is derived from its positions.
    assert composed(shipped("af1-2001"))["profiles"] == []


def test_lines_are_cut_where_two_values_are_farther_apart_than_a_gap():
    track = flown(0, 60)
    speed = np.full(len(track), 400.0)
    speed[100:200] = np.nan
    made = case(tracks=(track.replace(ground_speed_kt=speed),))
    series = named(composed(made), "Ground speed")["series"]
    ends = [(decoded(run["time"])[0], decoded(run["time"])[-1]) for run in series]
    assert ends == [(track.time_s[0], track.time_s[99]), (track.time_s[200], track.time_s[-1])]


def test_a_report_with_a_false_position_tells_no_speed():
    track = flown(0, 10)
    reason = np.array(track.reason)
    reason[20:40] = REASONS.index("implausible speed")
    reason[40:45] = REASONS.index("no position")
    speed = np.where((reason > 1), 900.0, 400.0)
    made = case(tracks=(track.replace(ground_speed_kt=speed, reason=reason),))
    line = named(composed(made), "Ground speed")
    told = [value for run in line["series"] for value in decoded(run["value"])]
    assert set(told) == {400.0}
    assert len(told) == len(track) - 20


def test_the_scale_of_a_rate_has_nought_in_its_middle():
    line = named(composed(shipped("jl516")), "Vertical rate")
    assert (line["low"], line["top"], line["top_text"]) == (-7000, 7000, "±7,000 ft/min")
    assert named(composed(shipped("jl516")), "Ground speed")["low"] == 0


@pytest.mark.parametrize(
    ("units", "speed", "rate"),
    [
        ("nautical", "500 kt", "±7,000 ft/min"),
        ("metric", "900 km/h", "±35 m/s"),
        ("imperial", "600 mph", "±7,000 ft/min"),
    ],
)
def test_units_change_the_words_and_not_the_values(units, speed, rate):
    plain, scene = composed(shipped("jl516")), composed(shipped("jl516"), units=units)
    assert [each["top_text"] for each in scene["profiles"]] == [speed, rate]
    assert [each["series"] for each in scene["profiles"]] == [each["series"] for each in plain["profiles"]]


def test_values_are_written_as_the_language_writes_them():
    signs = {language: composed(shipped("jl516"), language)["profile"]["format"] for language in ("en", "de", "ru")}
    assert [signs[language]["group"] for language in signs] == [",", ".", "\N{NO-BREAK SPACE}"]
    assert [signs[language]["unit"] for language in signs] == [" ft", " ft", " фт"]


def test_published_altitudes_alone_are_not_read_off():
    assert "format" not in composed(shipped("j2-8243"))["profile"]


def test_a_long_series_is_told_in_steps_that_cover_what_was_left_out():
    track = flown(0, 100, every_s=1)
    altitude = 10_000 + 3_000 * np.sin(np.arange(len(track)) / 40)
    line = composed(case(tracks=(track.replace(altitude_ft=altitude),)))["profile"]
    run = line["series"][0]
    assert len(run["time"]["deltas"]) <= 600
    off = np.abs(np.interp(track.time_s, decoded(run["time"]), decoded(run["value"])) - altitude).max()
    assert 2 * (off - 0.5) <= line["format"]["step"]


def test_what_can_be_told_only_roughly_is_drawn_and_not_told():
    track = flown(0, 100, every_s=1)
    speed = np.where(np.arange(len(track)) % 2, 100.0, 500.0)
    line = named(composed(case(tracks=(track.replace(ground_speed_kt=speed),))), "Ground speed")
    assert line["series"]
    assert line["format"] is None


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=80), st.integers(2, 20))
def test_thinning_keeps_ends_and_says_how_far_it_is_off(values, most):
    time_s, value = np.arange(len(values), dtype=float), np.array(values, dtype=float)
    kept, off = thinned(time_s, value, most)
    assert len(kept) <= max(most, 1)
    assert {0, len(values) - 1} <= set(kept.tolist())
    assert np.abs(np.interp(time_s, time_s[kept], value[kept]) - value).max() == pytest.approx(off)


def test_a_stretch_without_a_track_has_no_lines():
    scene = composed(case(stretch(0, 10, evidence="silent")))
    assert (scene["profile"], scene["profiles"]) == (None, [])
