"""A column in another unit than its name says is noticed, and one in the right unit is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from made_tracks import straight

from geo.tracks.judging.units import doubts


@pytest.mark.parametrize(("unit", "factor"), [("m/s", 1852 / 3600), ("km/h", 1.852)])
def test_speeds_in_another_unit_are_noticed(unit, factor):
    (told,) = doubts(straight(200, ground_speed_kt=np.full(200, 400 * factor)))
    assert f"as if in {unit} and not in knots" in told


def test_altitudes_in_metres_are_noticed_whichever_they_are():
    feet, metres = np.linspace(20_000, 34_000, 200), np.linspace(20_000, 34_000, 200) * 0.3048
    (pressure,) = doubts(straight(200, altitude_ft=metres, geometric_altitude_ft=feet + 700))
    assert pressure == "the altitudes are 0.30 of the others, as if they were in metres and not in feet"
    (geometric,) = doubts(straight(200, altitude_ft=feet, geometric_altitude_ft=metres))
    assert "the geometric altitudes are 0.30 of the others" in geometric


def test_right_units_few_values_and_none_raise_no_doubt():
    assert doubts(straight(200, altitude_ft=np.full(200, 30_000.0), geometric_altitude_ft=np.full(200, 31_200.0))) == ()
    assert doubts(straight(20, ground_speed_kt=np.full(20, 206.0))) == ()
    assert doubts(straight(200, ground_speed_kt=np.full(200, np.nan))) == ()
    assert doubts(straight(200, ground_speed_kt=np.zeros(200))) == ()
