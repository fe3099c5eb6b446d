from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from strategies import longitudes

from geo.geodesy import destination, distance_m, inverse
from geo.route import doubt, reckoning
from geo.route.integration import Chord, flown, normals, north_east, positions
from geo.route.readings import End, Velocities
from geo.route.reckoning import Gap

KNOT = 1852 / 3600
SPEED_M_S = 230.0


def vectors(up, north, east):
    to_north, to_east = north_east(up)
    return to_north * north[:, None] + to_east * east[:, None]


def flight(lat, lon, seconds, heading_deg, wind_m_s, chord):
    """A flight flown step by step along geodesics: what the integration is held against.

    The wind is constant along and across a great circle.
    """
    lats, lons = [lat], [lon]
    for first, second, one, other in zip(seconds[:-1], seconds[1:], heading_deg[:-1], heading_deg[1:], strict=True):
        up = normals(lats[-1], lons[-1])
        along, across = chord.axes(up)
        north, east = north_east(up)
        blown = along * wind_m_s[0] + across * wind_m_s[1]
        turn = np.radians((one + other) / 2)
        to_north = SPEED_M_S * np.cos(turn) + float(blown @ north)
        to_east = SPEED_M_S * np.sin(turn) + float(blown @ east)
        course = np.degrees(np.arctan2(to_east, to_north))
        spot = destination(lats[-1], lons[-1], course, np.hypot(to_north, to_east) * (second - first))
        lats.append(float(spot.lat))
        lons.append(float(spot.lon))
    return np.array(lats), np.array(lons)


def closed(lat, lon, heading_deg, wind_m_s, seconds):
    """The flight whose wind is constant along the great circle through its own ends."""
    chord = Chord.towards(normals(lat, lon), float(heading_deg[0]))
    for _ in range(4):
        lats, lons = flight(lat, lon, seconds, heading_deg, wind_m_s, chord)
        chord = Chord.between(normals(lat, lon), normals(lats[-1], lons[-1]))
    return lats, lons


def reckoned(lats, lons, heading_deg, seconds):
    """The path from exact headings and airspeeds, closed by a constant wind and nothing else."""
    start, end = End(lats[0], lons[0], seconds[0]), End(lats[-1], lons[-1], seconds[-1])
    read = Velocities(seconds, heading_deg, np.full(len(seconds), SPEED_M_S))
    gap = Gap.between(start, end, seconds[-1], seconds, None)
    constant = np.full((len(gap.knot_s), len(gap.knot_s)), 400.0)
    return gap, reckoning.reckon(gap, reckoning.read(gap, read, constant)._replace(late_s=0.0))


def apart(gap, path, lats, lons, seconds):
    """Distances of a path from the truth at the times of the path."""
    up = normals(lats, lons)
    lat, lon = positions(np.stack([np.interp(gap.time_s, seconds, up[:, part]) for part in range(3)], axis=-1))
    return distance_m(path.lat, path.lon, lat, lon)


@settings(deadline=None, max_examples=25)
@given(
    st.floats(-88.5, 88.5),
    longitudes,
    st.floats(0, 360),
    st.floats(-0.15, 0.15),
    st.floats(-30, 30),
    st.floats(-30, 30),
)
@example(0.0, 179.9, 90.0, 0.05, 20.0, -20.0)
@example(88.4, 10.0, 80.0, 0.0, 10.0, 10.0)
@example(-88.4, -170.0, 180.0, 0.1, 0.0, 30.0)
def test_a_constant_wind_is_found_and_the_path_with_it(lat, lon, first_deg, turn_deg_s, along, across):
    seconds = np.arange(0.0, 901.0)
    heading = first_deg + turn_deg_s * seconds + 30 * np.sin(seconds / 90)
    lats, lons = closed(lat, lon, heading, (along, across), seconds)
    assume(np.abs(lats).max() < 89)  # nearer to a pole, a heading from north turns faster than it is received
    gap, path = reckoned(lats, lons, heading, seconds)
    assert apart(gap, path, lats, lons, seconds).max() < 100
    assert np.hypot(*path.added_m_s) == pytest.approx(np.hypot(along, across), abs=0.5)
    assert path.spread_m[0] == path.spread_m[-1] == 0


def test_a_path_over_the_pole():
    start, end = (88.0, 20.0), (88.5, -150.0)
    way = inverse(*start, *end)
    seconds = np.linspace(0, float(way.distance_m) / 230, 2_000)
    line = destination(*start, way.azimuth_deg, 230 * seconds)
    ahead = inverse(line.lat[:-1], line.lon[:-1], *end)
    heading = np.append(ahead.azimuth_deg, ahead.azimuth_deg[-1])
    up = normals(line.lat, line.lon)
    middle_s = np.diff(seconds)

    def velocity(places):
        turn = np.radians(
            np.interp(np.arange(len(places)) + 0.5, np.arange(len(heading)), np.unwrap(heading, period=360))
        )
        return vectors(places, 230 * np.cos(turn), 230 * np.sin(turn))

    chord = Chord.between(up[0], up[-1])
    gain = np.broadcast_to(np.eye(2) / seconds[-1], (len(middle_s), 2, 2))
    path = flown(
        up[0], up[-1], step_s=middle_s, velocity=velocity, chord=chord, added=np.zeros((len(middle_s), 2)), gain=gain
    )
    lat, lon = positions(path.up)
    assert lat.max() > 89.5
    assert distance_m(lat, lon, line.lat, line.lon).max() < 100


@pytest.mark.parametrize("lat", [-80.0, 0.0, 52.0, 89.9])
def test_velocities_along_a_geodesic_follow_it(lat):
    way = destination(lat, 170.0, 60.0, 3_000_000.0)
    line = inverse(lat, 170.0, way.lat, way.lon)
    start, end = End(lat, 170.0, 0.0), End(float(way.lat), float(way.lon), 12_000.0)
    gap = Gap.between(start, end, 12_000.0, np.array([]), None)
    path = reckoning.reckon(gap, reckoning.straight(gap, end))
    exact = destination(lat, 170.0, line.azimuth_deg, line.distance_m * gap.time_s / 12_000)
    assert distance_m(path.lat, path.lon, exact.lat, exact.lon).max() < 20
    assert np.abs(np.diff(path.lon)).max() < 180


@settings(deadline=None, max_examples=15)
@given(st.floats(-80, 80), longitudes, st.floats(0, 360), st.floats(-0.1, 0.1), st.floats(100, 3_000))
def test_time_has_no_direction(lat, lon, first_deg, turn_deg_s, length_s):
    seconds = np.linspace(0, length_s, 300)
    heading = first_deg + turn_deg_s * seconds
    lats, lons = closed(lat, lon, heading, (20.0, -10.0), seconds)
    velocity = (240.0 / KNOT, first_deg), (225.0 / KNOT, float(heading[-1]))
    start = End(lats[0], lons[0], 0.0, 0.0, *velocity[0])
    end = End(lats[-1], lons[-1], length_s, 0.0, *velocity[1])
    back_start = End(lats[-1], lons[-1], 0.0, 0.0, velocity[1][0], velocity[1][1] + 180)
    back_end = End(lats[0], lons[0], length_s, 0.0, velocity[0][0], velocity[0][1] + 180)
    there = Velocities(seconds, heading, np.full(300, 230.0))
    back = Velocities(seconds, heading[::-1] + 180, np.full(300, 230.0))
    paths = []
    for first, last, read in ((start, end, there), (back_start, back_end, back)):
        gap = Gap.between(first, last, length_s, seconds, None)
        base = reckoning.read(gap, read, doubt.wind(gap.knot_s, None))
        paths.append(reckoning.reckon(gap, base._replace(north_deg=10.0, scale=0.015)))
    assert distance_m(paths[0].lat, paths[0].lon, paths[1].lat[::-1], paths[1].lon[::-1]).max() < 5
    np.testing.assert_allclose(paths[0].spread_m, paths[1].spread_m[::-1], rtol=0.01, atol=2)


def test_the_north_of_the_headings_is_found_in_a_turn():
    seconds = np.arange(0.0, 1_201.0)
    heading = 40 + 160 / (1 + np.exp(-(seconds - 600) / 60))
    lats, lons = closed(45.0, 5.0, heading, (15.0, -10.0), seconds)
    courses = inverse(lats[:-1], lons[:-1], lats[1:], lons[1:])
    ends = [
        End(lats[at], lons[at], seconds[at], 0.0, float(courses.distance_m[at]) / KNOT, float(courses.azimuth_deg[at]))
        for at in (0, -1)
    ]
    gap = Gap.between(ends[0], ends[1], 1_200.0, seconds, None)
    read = Velocities(seconds, heading - 8, np.full(len(seconds), 230.0))
    base = reckoning.read(gap, read, doubt.wind(gap.knot_s, None))
    path = reckoning.reckon(gap, base._replace(north_deg=10.0, scale=0.015))
    assert path.north_deg == pytest.approx(8, abs=1.5)
    assert apart(gap, path, lats, lons, seconds).max() < 1_000
    blind = reckoning.reckon(gap, base)
    assert apart(gap, blind, lats, lons, seconds).max() > apart(gap, path, lats, lons, seconds).max()


def test_with_no_end_the_path_goes_on_and_the_doubt_grows():
    seconds = np.arange(0.0, 601.0)
    start = End(50.0, 10.0, 0.0, 0.0, 460.0, 90.0)
    gap = Gap.between(start, None, 600.0, seconds, None)
    read = Velocities(seconds, np.full(601, 90.0), np.full(601, 450 * KNOT))
    path = reckoning.reckon(gap, reckoning.read(gap, read, doubt.wind(gap.knot_s, None)))
    assert np.all(np.diff(path.spread_m) > 0)
    assert path.open_m == 0
    # What the ground speed says of the wind at the start is carried on.
    assert float(distance_m(50.0, 10.0, path.lat[-1], path.lon[-1])) == pytest.approx(460 * KNOT * 600, rel=0.01)


def test_ends_in_the_same_place():
    seconds = np.arange(0.0, 481.0)
    heading = seconds * 360 / 480
    lats, lons = closed(60.0, 30.0, heading, (0.0, 0.0), seconds)
    start, end = End(lats[0], lons[0], 0.0), End(lats[0], lons[0], 480.0)
    gap = Gap.between(start, end, 480.0, seconds, None)
    read = Velocities(seconds, heading, np.full(481, 230.0))
    path = reckoning.reckon(gap, reckoning.read(gap, read, doubt.wind(gap.knot_s, None)))
    assert apart(gap, path, lats, lons, seconds).max() < 300  # the circle does not quite close
    straight = reckoning.reckon(gap, reckoning.straight(gap, end))
    assert distance_m(straight.lat, straight.lon, lats[0], lons[0]).max() < 1
    assert straight.spread_m.max() > 10_000
