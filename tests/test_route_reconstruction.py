from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import SHARED
from strategies import inhabited

from geo.geodesy import destination, distance_m, inverse
from geo.route.reconstruction import AIR, GROUND, SHORTEST, SMOOTH, End, Readings, reconstruct
from geo.tracks import read

KNOT = 1852 / 3600


def turned(count=901, speed_kt=450.0):
    """A flight at one a second that turns by a right angle in its middle: times, positions, tracks."""
    seconds = np.arange(0.0, count)
    track = 40 + 90 / (1 + np.exp(-(seconds - count / 2) / 20))
    lat, lon = [50.0], [8.0]
    for degrees in (track[1:] + track[:-1]) / 2:
        spot = destination(lat[-1], lon[-1], degrees, speed_kt * KNOT)
        lat.append(float(spot.lat))
        lon.append(float(spot.lon))
    return seconds, np.array(lat), np.array(lon), track


def ends(seconds, lat, lon, track, speed_kt=450.0):
    return tuple(End(lat[at], lon[at], seconds[at], 0.0, speed_kt, float(track[at])) for at in (0, -1))


def error_m(found, seconds, lat, lon):
    return distance_m(
        np.interp(seconds, found.time_s, found.lat), np.interp(seconds, found.time_s, found.lon), lat, lon
    )


NOTHING = Readings.of([])


def test_tracks_and_ground_speeds_give_the_path():
    flown = turned()
    seconds, lat, lon, track = flown
    start, end = ends(*flown)
    found = reconstruct(start, end, 0, 900, Readings.of(seconds, track_deg=track, ground_speed_kt=seconds * 0 + 450))
    assert found is not None
    assert found.method == GROUND
    assert found.share == 1
    assert error_m(found, seconds, lat, lon).max() < 30
    assert (found.lat[0], found.lon[0], found.lat[-1], found.lon[-1]) == (lat[0], lon[0], lat[-1], lon[-1])
    assert found.doubt_m[0] == found.doubt_m[-1] == 0
    assert found.doubt_m[1:-1].min() > 0
    assert found.passed_over == ()


def test_headings_and_airspeeds_give_the_path_and_the_wind():
    flown = turned()
    seconds, lat, lon, track = flown
    start, end = ends(*flown)
    to_north, to_east = 450 * np.cos(np.radians(track)), 450 * np.sin(np.radians(track)) - 60  # a west wind of 60 kt
    series = Readings.of(
        seconds,
        heading_deg=np.degrees(np.arctan2(to_east, to_north)) % 360,
        true_airspeed_kt=np.hypot(to_north, to_east),
        true_north=True,
    )
    found = reconstruct(start, end, 0, 900, series)
    assert found is not None
    assert found.method == AIR
    assert error_m(found, seconds, lat, lon).max() < 300
    assert np.all(error_m(found, seconds, lat, lon) <= np.interp(seconds, found.time_s, found.doubt_m) + 30)
    assert found.added_kt == pytest.approx(60, abs=5)
    assert found.added_from_deg == pytest.approx(270, abs=5)
    bare = reconstruct(start, end, 0, 900, NOTHING)
    assert bare is not None
    assert error_m(found, seconds, lat, lon).max() < error_m(bare, seconds, lat, lon).max() / 5


def test_without_readings_the_path_leaves_and_arrives_as_it_was_seen():
    flown = turned()
    start, end = ends(*flown)
    found = reconstruct(start, end, 0, 900, NOTHING)
    assert found is not None
    assert found.method == SMOOTH
    assert inverse(found.lat[0], found.lon[0], found.lat[9], found.lon[9]).azimuth_deg == pytest.approx(40, abs=8)
    assert inverse(found.lat[-9], found.lon[-9], found.lat[-1], found.lon[-1]).azimuth_deg == pytest.approx(130, abs=8)


@settings(deadline=None, max_examples=25)
@given(inhabited, st.floats(0, 360), st.floats(20_000, 8_000_000), st.floats(60, 300))
def test_without_any_velocity_it_is_the_shortest_path(one, azimuth, length_m, speed_m_s):
    other = destination(*one, azimuth, length_m)
    length_s = length_m / speed_m_s
    found = reconstruct(End(*one, 0.0), End(float(other.lat), float(other.lon), length_s), 0, length_s, NOTHING)
    assert found is not None
    assert found.method == SHORTEST
    spots = destination(*one, azimuth, length_m * found.time_s / length_s)
    assert distance_m(found.lat, found.lon, spots.lat, spots.lon).max() < 20
    half = len(found.time_s) // 2
    assert np.all(np.diff(found.doubt_m[: int(0.8 * half)]) > 0)
    np.testing.assert_allclose(found.doubt_m, found.doubt_m[::-1], rtol=0.02, atol=2)


def test_the_room_that_a_speed_leaves_is_doubt():
    straight = destination(50.0, 8.0, 90.0, 450 * KNOT * 900)
    near = destination(50.0, 8.0, 90.0, 450 * KNOT * 300)
    widths = []
    for spot in (straight, near):
        start = End(50.0, 8.0, 0.0, 0.0, 450.0, 90.0)
        found = reconstruct(start, End(float(spot.lat), float(spot.lon), 900.0, 0.0, 450.0, 90.0), 0, 900, NOTHING)
        assert found is not None
        widths.append(found.doubt_m.max())
    assert widths[1] > 5 * widths[0]


def test_the_doubt_is_no_larger_than_the_reach_and_has_that_of_the_ends():
    start, end = End(50.0, 8.0, 0.0, 200.0), End(50.0, 9.0, 900.0, 500.0)
    free = reconstruct(start, end, 0, 900, NOTHING)
    bound = reconstruct(start, end, 0, 900, NOTHING, limit_m_s=90.0)
    assert free is not None
    assert bound is not None
    assert free.doubt_m[0] == 200
    assert free.doubt_m[-1] == 500
    assert np.all(bound.doubt_m <= free.doubt_m)
    # Wherever it was reachable from both ends lies within the disc.
    room = 90.0 * np.minimum(bound.time_s, 900 - bound.time_s) + 500
    assert np.all(
        bound.doubt_m
        <= room + distance_m(bound.lat, bound.lon, *np.where((bound.time_s < 450)[:, None], [50.0, 8.0], [50.0, 9.0]).T)
    )


def test_false_ground_speeds_are_passed_over():
    flown = turned()
    seconds, _, _, track = flown
    start, end = ends(*flown)
    false = Readings.of(seconds, track_deg=track * 0 + 270, ground_speed_kt=seconds * 0 + 51)
    found = reconstruct(start, end, 0, 900, false)
    assert found is not None
    assert found.method == SMOOTH
    assert [(one.method, one.reason) for one in found.passed_over] == [(GROUND, "correction not credible")]
    assert found.passed_over[0].value > 100
    with_air = replace(false, heading_deg=track, true_airspeed_kt=seconds * 0 + 450)
    found = reconstruct(start, end, 0, 900, with_air)
    assert found is not None
    assert found.method == AIR


def test_too_few_readings_are_passed_over():
    flown = turned()
    seconds, _, _, track = flown
    start, end = ends(*flown)
    some = seconds < 300
    found = reconstruct(
        start, end, 0, 900, Readings.of(seconds[some], track_deg=track[some], ground_speed_kt=seconds[some] * 0 + 450)
    )
    assert found is not None
    assert found.method == SMOOTH
    assert found.passed_over[0].reason == "read too little"
    assert found.passed_over[0].value == pytest.approx(0.36, abs=0.02)


def test_where_a_part_was_not_read_the_doubt_is_there():
    flown = turned()
    seconds, _, _, track = flown
    start, end = ends(*flown)
    known = (seconds < 350) | (seconds > 650)
    part = Readings.of(seconds[known], track_deg=track[known], ground_speed_kt=seconds[known] * 0 + 450)
    whole = Readings.of(seconds, track_deg=track, ground_speed_kt=seconds * 0 + 450)
    found, full = (reconstruct(start, end, 0, 900, one) for one in (part, whole))
    assert found is not None
    assert full is not None
    assert found.share == pytest.approx(0.73, abs=0.02)
    at = np.interp([200, 500, 700], found.time_s, found.doubt_m)
    assert at[1] == pytest.approx(found.doubt_m.max(), rel=0.05)
    assert found.doubt_m.max() > 3 * full.doubt_m.max()


def test_a_signal_that_does_not_come_back():
    flown = turned()
    seconds, lat, lon, track = flown
    start, _ = ends(*flown)
    read_ = seconds <= 600
    series = Readings.of(seconds[read_], heading_deg=track[read_], true_airspeed_kt=seconds[read_] * 0 + 450)
    found = reconstruct(start, None, 0, 900, series)
    assert found is not None
    assert found.method == AIR
    assert found.time_s[-1] == 600  # as far as the readings go
    assert np.all(np.diff(found.doubt_m) > 0)
    assert error_m(found, seconds[read_], lat[read_], lon[read_]).max() < 3_000
    assert reconstruct(start, None, 0, 900, NOTHING) is None
    assert reconstruct(start, None, 900, 900, series) is None or start.time_s < 900


def test_over_the_antimeridian():
    start, end = End(60.0, 179.0, 0.0, 0.0, 450.0, 85.0), End(60.5, -178.0, 720.0, 0.0, 450.0, 80.0)
    found = reconstruct(start, end, 0, 720, NOTHING)
    assert found is not None
    assert found.lon[0] == 179
    assert found.lon[-1] == 182
    assert np.all(np.diff(found.lon) > 0)


def test_equal_inputs_give_equal_outputs():
    flown = turned()
    seconds, _, _, track = flown
    start, end = ends(*flown)
    series = Readings.of(seconds, heading_deg=track, true_airspeed_kt=seconds * 0 + 440)
    one, other = (reconstruct(start, end, 0, 900, series) for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.lat.tobytes() == other.lat.tobytes()
    assert one.doubt_m.tobytes() == other.doubt_m.tobytes()
    with pytest.raises(ValueError, match="read-only"):
        one.lat[0] = 0


@pytest.mark.skipif(not SHARED.exists(), reason="the real tracks are not in a checkout alone")
def test_a_real_flight_with_its_positions_hidden():
    track = read(SHARED / "fr24_csv" / "JL516.csv").legs[0].track
    held = track.take(track.accepted & (track.ground_speed_kt > 300))
    first, last = 10, 60
    start, end = (
        End.measured(
            float(held.lat_deg[at]),
            float(held.lon_deg[at]),
            float(held.time_s[at]),
            float(held.ground_speed_kt[at]),
            float(held.track_deg[at]),
        )
        for at in (first, last)
    )
    inner = held.take(np.arange(first + 1, last))
    found = reconstruct(start, end, start.time_s, end.time_s, Readings.of_track(held))
    assert found is not None
    assert found.method == GROUND
    off = error_m(found, inner.time_s, inner.lat_deg, inner.lon_deg)
    assert off.max() < 1_000
    assert np.mean(off <= np.interp(inner.time_s, found.time_s, found.doubt_m)) > 0.8
