"""The standard atmosphere at its published levels, and airspeeds at the altitudes where aircraft change from one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atmosphere import (
    SEA_LEVEL_HPA,
    SEA_LEVEL_SOUND_KT,
    altitude_ft,
    cas_from_tas_kt,
    mach_from_tas,
    pressure_ratio,
    speed_of_sound_kt,
    tas_from_cas_kt,
    tas_from_mach_kt,
    temperature_k,
)

FOOT_M = 0.3048
KNOT_M_S = 1852 / 3600
altitudes_ft = st.floats(-16_000, 104_000)
flown_ft = st.floats(-2_000, 60_000)


# ICAO Doc 7488, table 1, and US Standard Atmosphere 1976, table I: geopotential altitude, K, hPa, speed of sound
@pytest.mark.parametrize(
    ("metres", "kelvin", "hpa", "sound_m_s"),
    [
        (-1_000, 294.65, 1139.29, 344.111),
        (0, 288.15, 1013.25, 340.294),
        (5_000, 255.65, 540.199, 320.529),
        (11_000, 216.65, 226.320, 295.069),
        (20_000, 216.65, 54.7489, 295.069),
        (32_000, 228.65, 8.68019, 303.131),
    ],
)
def test_the_atmosphere_is_that_of_the_tables(metres, kelvin, hpa, sound_m_s):
    level = metres / FOOT_M
    assert temperature_k(level) == pytest.approx(kelvin)
    assert pressure_ratio(level) * SEA_LEVEL_HPA == pytest.approx(hpa, rel=1e-5)
    assert speed_of_sound_kt(level) * KNOT_M_S == pytest.approx(sound_m_s, rel=1e-5)


# VMO and MMO with the altitude of the change, as published: ANAC data sheets EA-2003T05-19 (8,805 m), EA-9606-22
# (8,015 m) and EA-2008T09-01; placards and manuals of the Global 6000, Citation Longitude, M2 and A320
@pytest.mark.parametrize(
    ("cas_kt", "mach", "level_ft"),
    [
        (320, 0.82, 8_805 / FOOT_M),
        (320, 0.78, 8_015 / FOOT_M),
        (340, 0.89, 30_267),
        (325, 0.84, 29_375),
        (263, 0.71, 30_500),
        (350, 0.82, 24_600),
        (275, 0.70, 28_000),
    ],
)
def test_calibrated_airspeed_becomes_the_mach_number_where_aircraft_change_over(cas_kt, mach, level_ft):
    assert mach_from_tas(tas_from_cas_kt(cas_kt, level_ft), level_ft) == pytest.approx(mach, abs=0.003)


def test_at_sea_level_all_airspeeds_are_one():
    speeds = np.array([0.0, 100, 350, 600])
    assert tas_from_cas_kt(speeds, 0) == pytest.approx(speeds)
    assert cas_from_tas_kt(speeds, 0) == pytest.approx(speeds)
    assert tas_from_mach_kt(1, 0) == pytest.approx(SEA_LEVEL_SOUND_KT)


@given(altitudes_ft)
def test_an_altitude_comes_back_from_its_pressure(level):
    assert altitude_ft(pressure_ratio(level)) == pytest.approx(level, abs=1e-3)


@given(altitudes_ft, st.floats(10, 2_000))
def test_the_air_is_thinner_above(level, more):
    higher = min(level + more, 104_500.0)
    assert pressure_ratio(higher) < pressure_ratio(level)


@given(flown_ft, st.floats(0.01, 0.99))
def test_airspeeds_come_back(level, mach):
    tas_kt = tas_from_mach_kt(mach, level)
    assert mach_from_tas(tas_kt, level) == pytest.approx(mach)
    if level >= 0:  # below, the air is denser than at sea level, and a fast aircraft has more than Mach 1 of it
        assert tas_from_cas_kt(cas_from_tas_kt(tas_kt, level), level) == pytest.approx(tas_kt)


@given(st.floats(0, 60_000), st.floats(1, 660), st.floats(0.1, 300))
def test_more_calibrated_airspeed_is_more_true_airspeed_and_true_is_never_less(level, cas_kt, more):
    slow, fast = tas_from_cas_kt(cas_kt, level), tas_from_cas_kt(cas_kt + more, level)
    assert np.isnan(slow) or slow >= cas_kt - 1e-6
    assert np.isnan(fast) or fast > slow


def test_what_is_outside_the_range_is_no_number():
    outside = np.array([np.nan, np.inf, -16_500, 105_000])
    for value in (pressure_ratio(outside), temperature_k(outside), speed_of_sound_kt(outside)):
        assert np.isnan(value).all()
    assert np.isnan(altitude_ft([np.nan, 0, -1, 1.8, 0.008])).all()
    assert np.isnan(tas_from_mach_kt([-0.1, 1.01, np.nan], 0)).all()
    assert np.isnan(tas_from_cas_kt([-1, 662, np.nan], 0)).all()
    assert np.isnan(tas_from_cas_kt(400, 40_000))  # more than Mach 1 there
    assert np.isnan(cas_from_tas_kt(600, 40_000))


def test_altitudes_and_speeds_broadcast():
    levels, speeds = np.array([[0.0], [10_000.0]]), np.array([200.0, 250.0, 300.0])
    assert tas_from_cas_kt(speeds, levels).shape == (2, 3)
    assert tas_from_cas_kt(speeds, levels)[1, 1] == tas_from_cas_kt(250, 10_000) == pytest.approx(288.7, abs=0.05)
