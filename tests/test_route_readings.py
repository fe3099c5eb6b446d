from __future__ import annotations

import numpy as np
import pytest

from geo.atmosphere import cas_from_tas_kt
from geo.model import Track
from geo.model.track import REASONS
from geo.route.readings import End, Readings

KNOT = 1852 / 3600


def test_an_end_is_as_sure_as_its_time():
    end = End.measured(50.0, 8.0, 100.0, 450.0, 90.0)
    assert end.within_m == pytest.approx(0.4 * 450 * KNOT)
    assert end.velocity == pytest.approx((450 * KNOT, 90.0))
    assert End.measured(50.0, 8.0, 100.0, None, 90.0).velocity is None
    assert End.measured(50.0, 8.0, 100.0, float("nan"), 90.0).within_m == 0


def test_columns_of_one_length_in_order_of_time():
    readings = Readings.of([20, 10], heading_deg=[2, 1])
    assert readings.time_s.tolist() == [10, 20]
    assert readings.heading_deg.tolist() == [1, 2]
    assert np.isnan(readings.mach).all()
    with pytest.raises(TypeError, match="no column headings"):
        Readings.of([1], headings=[2])


def test_a_direction_and_a_speed_come_in_different_messages():
    readings = Readings.of(
        [0, 10, 20, 200],
        heading_deg=[350, np.nan, 10, 20],
        true_airspeed_kt=[np.nan, 450, np.nan, np.nan],
    )
    found = readings.through_air()
    assert found.time_s.tolist() == [0, 20]  # at 200 s the last speed is too old
    assert found.direction_deg.tolist() == [350, 370]
    assert found.speed_m_s == pytest.approx([450 * KNOT] * 2)


def test_the_share_that_was_read():
    times = np.concatenate([np.arange(0, 301, 10), np.arange(700, 1_001, 10)])
    found = Readings.of(times, track_deg=times * 0, ground_speed_kt=times * 0 + 400).over_ground()
    assert found.share(0, 1_000) == pytest.approx(1 - 340 / 1_000)
    assert found.share(0, 300) == 1
    assert found.share(350, 650) == pytest.approx(0, abs=0.1)
    assert found.share(2_000, 3_000) == 0


def test_indicated_airspeeds_fill_what_true_ones_leave_open():
    altitude = np.full(5, 33_000.0)
    true = np.array([450.0, 455.0, 460.0, 465.0, 470.0])
    indicated = cas_from_tas_kt(true, altitude)
    readings = Readings.of(
        np.arange(5) * 10.0,
        heading_deg=np.zeros(5),
        altitude_ft=altitude,
        indicated_airspeed_kt=indicated,
        true_airspeed_kt=[1.02 * 450, np.nan, np.nan, np.nan, 1.02 * 470],  # air warmer than the standard
    )
    assert readings.through_air().speed_m_s / KNOT == pytest.approx(1.02 * true, rel=1e-3)
    bare = readings.without("true_airspeed_kt").through_air()
    assert bare.speed_m_s / KNOT == pytest.approx(true, rel=1e-6)
    assert len(readings.without("true_airspeed_kt", "indicated_airspeed_kt").through_air().time_s) == 0


def test_a_climb_takes_its_part_of_the_airspeed():
    times = np.arange(0, 61.0)
    readings = Readings.of(
        times, heading_deg=times * 0, true_airspeed_kt=times * 0 + 300, altitude_ft=10_000 + times * 100
    )
    climb = 100 * 0.3048 / KNOT
    assert readings.through_air().speed_m_s[30] / KNOT == pytest.approx(np.sqrt(300**2 - climb**2), rel=1e-6)


def test_copies_before_a_jump_are_old():
    times = np.arange(0, 100.0, 10)
    track = np.array([90, 90, 90, 90, 90, 150, 150, 150, 151, 152.0])
    found = Readings.of(times, track_deg=track, ground_speed_kt=times * 0 + 100).over_ground()
    assert found.time_s.tolist() == [0, 50, 60, 70, 80, 90]
    steady = Readings.of(times, track_deg=times * 0 + 90, ground_speed_kt=times * 0 + 100).over_ground()
    assert len(steady.time_s) == 10


def test_a_false_position_takes_its_ground_speed_along_but_not_its_heading():
    reason = [REASONS.index(word) for word in ("accepted", "implausible speed", "no position", "duplicate")]
    track = Track.of(
        [0, 1, 2, 3],
        [50.0, 60.0, np.nan, 50.0],
        [8.0, 8.0, np.nan, 8.0],
        ground_speed_kt=[400, 50, 410, 400],
        track_deg=[90, 270, 91, 90],
        heading_deg=[95, 95, 95, 95],
        true_airspeed_kt=[420] * 4,
        reason=reason,
    )
    readings = Readings.of_track(track)
    assert readings.over_ground().time_s.tolist() == [0, 2]
    assert readings.through_air().time_s.tolist() == [0, 1, 2]


def test_winds_around_a_gap_and_not_those_of_a_false_speed():
    times = np.arange(0, 1_800.0, 5)
    ground = np.where(times < 100, 60.0, 470.0)
    readings = Readings.of(
        times,
        heading_deg=times * 0 + 90,
        true_airspeed_kt=times * 0 + 450,
        track_deg=times * 0 + 90,
        ground_speed_kt=ground,
    )
    around = readings.around(600, 1_200)
    assert around is not None
    assert not np.any((around.time_s > 600) & (around.time_s < 1_200))
    wind = around.ground_m_s - around.air_m_s
    np.testing.assert_allclose(wind / KNOT, np.tile([0, 20], (len(wind), 1)), atol=1)
    assert Readings.of(times, heading_deg=times * 0).around(600, 1_200) is None
