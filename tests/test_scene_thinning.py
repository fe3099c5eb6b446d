"""Lines of many fixes: what a page draws stays within what it says of what was received."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_route import T0, case

from geo.geodesy import distance_m, unwrap, wrap
from geo.model import Track
from geo.render import render
from geo.route import Line, trace
from geo.scene import compose
from geo.scene.columns import DEGREES, decoded
from geo.scene.thinning import MOST_FIXES, WITHIN_M, columns, length, thinned
from geo.scene.words import Words


def off_m(line: Line, path: dict, turn_deg: float = 0.0) -> np.ndarray:
    """How far each fix is from where the decoded path is at its time, along the Earth."""
    time_s = np.array(decoded(path["time"]))
    lat = np.interp(line.time_s, time_s, np.array(decoded(path["lat"])))
    lon = np.interp(line.time_s, time_s, np.array(decoded(path["lon"]))) - turn_deg
    return distance_m(line.lat, wrap(line.lon), lat, wrap(lon))


@st.composite
def flights(draw) -> Line:
    """Positions as a judged track may have them: turns, stops, odd clocks, over the antimeridian and near a pole."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(2, 400))
    tick_s = draw(st.sampled_from([0.02, 0.137, 0.5, 1.0, 7.0]))
    fastest_m_s = draw(st.sampled_from([0.0, 3.0, 60.0, 300.0, 800.0]))
    noise_m = draw(st.sampled_from([0.0, 1.0, 8.0]))
    time_s = T0 + draw(st.sampled_from([0.0, 0.333])) + np.cumsum(tick_s * dice.integers(1, 4, count))
    steps = np.diff(time_s, prepend=time_s[0]) * fastest_m_s * dice.choice([0.0, 0.5, 1.0], count)
    heading = np.cumsum(dice.normal(0, draw(st.sampled_from([0.0, 0.05, 1.0])), count))
    lat = draw(st.floats(-88, 88)) + np.cumsum(steps * np.cos(heading)) / 111_194
    lat = np.clip(lat + dice.normal(0, noise_m, count) / 111_194, -89, 89)
    metres_east = np.cumsum(steps * np.sin(heading) / np.cos(np.radians(lat))) + dice.normal(0, noise_m, count)
    lon = draw(st.sampled_from([-180.0, -12.3, 0.0, 179.999])) + metres_east / 111_320
    return Line(lat, unwrap(wrap(lon)), time_s)


@given(flights(), st.sampled_from([0.0, 360.0, -360.0]), st.sampled_from([5.0, 10.0, 100.0]))
def test_at_every_fix_the_decoded_line_is_within_the_tolerance(line, turn_deg, tolerance_m):
    path = columns(line, turn_deg, tolerance_m)
    assert len(path["lat"]["deltas"]) == len(path["lon"]["deltas"]) == len(path["time"]["deltas"]) <= len(line)
    assert float(off_m(line, path, turn_deg).max()) <= tolerance_m


@given(flights())
def test_the_ends_stay_and_times_run_on(line):
    kept = thinned(line.lat, line.lon, line.time_s, 10.0)
    assert (kept[0], kept[-1]) == (0, len(line) - 1)
    assert bool((np.diff(kept) > 0).all())


def straight(fixes: int, **changed: float) -> Line:
    """Due north at 100 m/s, with single fixes off to the east by so many metres."""
    seconds = np.arange(float(fixes))
    lon = np.full(fixes, 20.0)
    for at, metres in changed.items():
        lon[int(at.removeprefix("at"))] += metres / (111_320 * np.cos(np.radians(10)))
    return Line(10 + seconds * 100 / 110_600, lon, T0 + seconds)


def test_a_straight_flight_needs_few_points_and_a_single_spike_stays():
    line = straight(5_000, at1234=300)
    kept = thinned(line.lat, line.lon, line.time_s, 10.0)
    assert len(kept) < 20
    assert {1233, 1234, 1235} <= set(kept.tolist())


def test_a_stop_on_a_straight_line_stays_for_the_sake_of_time():
    line = straight(1_000)
    lat = line.lat.copy()
    lat[400:700] = lat[400]
    lat[700:] -= lat[700] - lat[400]
    stopped = Line(lat, line.lon, line.time_s)
    path = columns(stopped, 0.0, 10.0)
    assert float(off_m(stopped, path).max()) <= 10
    times = np.array(decoded(path["time"])) - T0
    assert any(abs(times - 400) < 1)
    assert any(abs(times - 700) < 1)


@pytest.mark.parametrize(("unit", "expected"), [(1.0, 1.0), (0.1, 0.1), (0.25, 0.01), (0.015625, 0.001)])
def test_the_clock_is_as_coarse_as_the_times_allow(unit, expected):
    line = straight(500)
    timed = Line(line.lat, line.lon, T0 + np.arange(500) * unit)
    assert columns(timed, 0.0, 10.0)["time"]["quantum"] == expected


def test_without_a_tolerance_every_fix_is_drawn():
    line = straight(500)
    path = columns(line, 360.0, 0.0)
    assert len(path["lat"]["deltas"]) == 500
    assert np.abs(np.array(decoded(path["lon"])) - 380).max() <= DEGREES


def circling(fixes: int) -> Track:
    """Circles of 2 km at 60 m/s, a fix a second."""
    seconds = np.arange(float(fixes))
    angle = seconds * 60 / 2000
    return Track.of(T0 + seconds, 45 + 0.018 * np.sin(angle), 50 + 0.025 * np.cos(angle))


def flight_of(fixes: int, **more):
    return case(**more).model_copy(update={"recorded": (circling(fixes),)})


def drawn(scene: dict) -> dict:
    return next(line for line in scene["map"]["lines"] if line["style"] == "received")


def test_a_page_keeps_every_fix_of_a_flight_of_many_and_says_nothing():
    made = flight_of(MOST_FIXES)
    scene = compose(made, trace(made))
    assert len(drawn(scene)["path"]["lat"]["deltas"]) == MOST_FIXES
    assert "within_m" not in drawn(scene)
    assert "simplified" not in scene["footer"][0]


def test_a_page_says_how_near_the_line_of_a_flight_of_more_is_and_it_is():
    made = flight_of(MOST_FIXES + 1)
    route = trace(made)
    scene = compose(made, route)
    assert f"Line simplified: within 10 m of the {MOST_FIXES + 1:,} received positions." in scene["footer"][0]
    assert drawn(scene)["within_m"] == WITHIN_M
    exported = json.loads(render(scene, ".geojson"))
    assert [one["properties"]["within_m"] for one in exported["features"] if "within_m" in one["properties"]] == [10]
    path = drawn(scene)["path"]
    assert len(path["lat"]["deltas"]) < MOST_FIXES / 2
    (line,) = [stretch.line for stretch in route.stretches if stretch.line is not None]
    assert 5 < float(off_m(line, path).max()) <= WITHIN_M


def test_a_gap_stays_where_it_was():
    track = circling(MOST_FIXES + 200)
    held = (track.time_s < T0 + 9_000) | (track.time_s > T0 + 9_100)
    made = case().model_copy(update={"recorded": (track.take(held),)})
    lines = [line for line in compose(made, trace(made))["map"]["lines"] if line["style"] == "received"]
    ends = [(decoded(line["path"]["time"])[0] - T0, decoded(line["path"]["time"])[-1] - T0) for line in lines]
    assert ends == [(0, 8_999), (9_101, MOST_FIXES + 199)]


def test_a_short_length_is_told_in_the_reader_s_unit():
    assert length(10, Words("en")) == "10 m"
    assert length(10, Words("en", "imperial")) == "33 ft"
