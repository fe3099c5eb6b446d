from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_route import T0, case, flown, point, stretch

from geo.geodesy import destination, distance_m, inverse
from geo.model import PathBasis, Place, Track
from geo.route import trace
from geo.route.deviation import beside_m
from geo.route.facts import facts

BAKU, GROZNY = Place(lat=40.0, lon=50.0), Place(lat=43.0, lon=45.0)


def along(offsets_m, *, places=(BAKU, GROZNY), margin: float = 0.0):
    """A track along a leg that is set off to the right by these metres at even steps."""
    one, other = places
    line = inverse(one.lat, one.lon, other.lat, other.lon)
    steps = np.linspace(margin, 1 - margin, len(offsets_m)) * line.distance_m
    foot = destination(one.lat, one.lon, line.azimuth_deg, steps)
    onward = inverse(foot.lat, foot.lon, other.lat, other.lon).azimuth_deg
    onward = np.where(np.arange(len(steps)) == len(steps) - 1, line.final_azimuth_deg, onward)
    return destination(foot.lat, foot.lon, onward + 90.0, offsets_m)


@settings(deadline=None)
@given(
    st.floats(-80, 80),
    st.floats(-180, 180),
    st.floats(0, 360),
    st.floats(50_000, 3_000_000),
    st.floats(0.05, 0.95),
    st.floats(-40_000, 40_000),
)
def test_the_distance_beside_a_leg_is_that_to_the_foot_and_its_side(lat, lon, azimuth, length, share, aside):
    end = destination(lat, lon, azimuth, length)
    leg = Place(lat=lat, lon=lon), Place(lat=float(end.lat), lon=float(end.lon))
    foot = destination(lat, lon, azimuth, length * share)
    onward = float(inverse(foot.lat, foot.lon, end.lat, end.lon).azimuth_deg)
    spot = destination(foot.lat, foot.lon, onward + 90.0, aside)
    found = beside_m(np.array([float(spot.lat)]), np.array([float(spot.lon)]), leg)
    near_end = min(share, 1 - share) * length < abs(aside) * 0.2
    assert found[0] == pytest.approx(aside, abs=0.01) or near_end


def test_past_an_end_it_is_the_distance_from_the_end():
    line = inverse(BAKU.lat, BAKU.lon, GROZNY.lat, GROZNY.lon)
    past = destination(GROZNY.lat, GROZNY.lon, line.final_azimuth_deg, 30_000)
    before = destination(BAKU.lat, BAKU.lon, line.azimuth_deg + 180, 20_000)
    found = beside_m(
        np.array([float(past.lat), float(before.lat)]), np.array([float(past.lon), float(before.lon)]), (BAKU, GROZNY)
    )
    assert np.abs(found) == pytest.approx([30_000, 20_000], abs=0.01)


def test_of_several_legs_the_nearest_counts():
    corner = Place(lat=43.0, lon=50.0)
    found = beside_m(np.array([42.0, 42.9]), np.array([50.2, 47.0]), (BAKU, corner, GROZNY))
    assert found[0] > 0  # east of a leg to the north
    assert found[0] == pytest.approx(float(distance_m(42.0, 50.2, 42.0, 50.0)), rel=1e-3)
    assert found[1] < 0  # south of a leg to the west


def test_a_round_flight_has_no_sides_and_no_detour():
    spot = destination(BAKU.lat, BAKU.lon, 40.0, 30_000.0)
    found = beside_m(np.array([float(spot.lat)]), np.array([float(spot.lon)]), (BAKU, BAKU))
    assert found[0] == pytest.approx(30_000, abs=0.01)
    home, away = point(40, 50), point(40.3, 50.2)
    drawn = stretch(0, 60, evidence="received", basis="schematic", path=[home, away, home])
    round_flight = case(drawn, intended={"route": [home, home], "basis": "round flight"})
    assert "against.detour" not in {fact.key for fact in facts(trace(round_flight))}


def test_the_largest_deviation_and_the_corridor_of_a_measured_flight():
    offsets = np.interp(np.linspace(0, 1, 400), [0, 0.3, 0.5, 0.7, 1], [0, 0, 30_000, 0, 0])
    spot = along(offsets)
    track = Track.of(T0 + np.arange(400) * 8.0, spot.lat, spot.lon)
    told = trace(case(tracks=(track,))).against
    assert told.largest is not None
    assert told.largest.metres == pytest.approx(30_000, rel=7e-3)  # the top lies between two fixes
    assert told.largest.basis is PathBasis.MEASURED
    assert told.largest.time_s == pytest.approx(T0 + 400 * 8 / 2, abs=20)
    left, back = told.crossings
    assert (left.out, back.out) == (True, False)
    assert left.earliest_s == left.latest_s
    # 18.52 km of 30 km in the fifth of the way before the middle
    assert left.earliest_s - T0 == pytest.approx(399 * 8 * (0.3 + 0.2 * 18.52 / 30), abs=15)
    assert told.arrived
    assert told.detour is not None
    assert 0.005 < told.detour.longer_m / told.detour.intended_m < 0.05
    assert told.detour.bridged_m == 0


def test_a_crossing_within_a_gap_is_an_interval():
    offsets = np.where(np.linspace(0, 1, 400) < 0.5, 0, 30_000)
    spot = along(offsets)
    seconds = np.arange(400) * 8.0
    held = (seconds < 1500) | (seconds > 1800)
    track = Track.of(T0 + seconds[held], spot.lat[held], spot.lon[held])
    (left,) = trace(case(tracks=(track,))).against.crossings[:1]
    assert left.out
    assert left.earliest_s < left.latest_s
    assert left.earliest_s >= T0 + 1490
    assert left.latest_s <= T0 + 1810


def test_nothing_is_told_from_lines_placed_by_hand():
    drawn = case(
        stretch(0, 30, evidence="received", basis="schematic", path=[{"lat": 40, "lon": 50}, {"lat": 42, "lon": 50}])
    )
    told = trace(drawn).against
    assert told.largest is None
    assert told.crossings == ()
    assert told.counted_s == 0


def test_late_is_told_only_against_a_schedule_and_only_where_it_arrived():
    spot = along(np.zeros(200))
    track = Track.of(T0 + np.arange(200) * 15.0, spot.lat, spot.lon)
    route = [{"lat": 40, "lon": 50}, {"lat": 43, "lon": 45}]
    on_time = {"route": route, "basis": "plan", "departs": "2024-12-25T03:50Z", "arrives": "2024-12-25T04:30Z"}
    told = trace(case(tracks=(track,), intended=on_time)).against
    assert told.departed_late_s == 300
    assert told.arrived_late_s == pytest.approx(T0 + 199 * 15 - (T0 + 35 * 60))
    elsewhere = trace(case(tracks=(flown(0, 10),), intended=on_time)).against
    assert elsewhere.departed_late_s == 300
    assert elsewhere.arrived_late_s is None
    assert not elsewhere.arrived
