from __future__ import annotations

import numpy as np
import pytest

from geo.geodesy import destination, distance_m
from geo.model import Track
from geo.route.agreement import disagreements

T0 = 1_735_098_900.0


def flown(
    every_s: float,
    *,
    off_m: float = 0.0,
    between: tuple[float, float] = (0, 0),
    lon0: float = 50.0,
    last: float = 1800.0,
):
    """A flight to the north-east at 200 m/s, set off to the right by so much between two times."""
    seconds = np.arange(0.0, last + 1, every_s)
    line = destination(40.0, lon0, 45.0, seconds * 200)
    aside = destination(line.lat, line.lon, 135.0, off_m)
    off = (seconds >= between[0]) & (seconds <= between[1])
    lat, lon = np.where(off, aside.lat, line.lat), np.where(off, aside.lon, line.lon)
    return Track.of(T0 + seconds, lat, (lon + 180) % 360 - 180)


def test_two_receivers_of_one_flight_agree_whatever_their_clocks():
    assert disagreements([flown(5.0), flown(7.3)], 60.0, 1_000.0) == ()


def test_where_they_do_not_it_is_said_when_and_by_how_much():
    (one,) = disagreements([flown(5.0), flown(7.0, off_m=8_000, between=(600, 900))], 60.0, 5_000.0)
    assert (one.first, one.second) == (0, 1)
    assert one.start_s - T0 == pytest.approx(600, abs=7)
    assert one.end_s - T0 == pytest.approx(900, abs=7)
    assert one.most_m == pytest.approx(8_000, rel=0.01)
    assert len(one.line) == round((one.end_s - one.start_s) / 7) + 1


def test_over_the_antimeridian_they_agree_too():
    assert disagreements([flown(5.0, lon0=178.5), flown(7.3, lon0=178.5)], 60.0, 1_000.0) == ()


def test_nothing_is_held_against_a_gap():
    with_gap = flown(5.0)
    held = (with_gap.time_s < T0 + 500) | (with_gap.time_s > T0 + 1000)
    other = flown(7.0, off_m=50_000, between=(600, 900))
    assert disagreements([with_gap.take(held), other], 60.0, 5_000.0) == ()


def test_rejected_positions_do_not_count():
    other = flown(7.0, off_m=50_000, between=(600, 900))
    away = distance_m(other.lat_deg, other.lon_deg, flown(7.0).lat_deg, flown(7.0).lon_deg) > 1
    judged = other.replace(reason=np.where(away, 7, 0).astype(np.uint8))
    assert disagreements([flown(5.0), judged], 60.0, 5_000.0) == ()


def test_a_track_of_one_fix_or_none_says_nothing():
    lone = flown(5.0).take(np.array([3]))
    assert disagreements([lone, flown(7.0), lone.take(np.array([], dtype=int))], 60.0, 10.0) == ()
