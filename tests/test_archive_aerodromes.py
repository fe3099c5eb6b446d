"""The aerodrome at which a position is, against every aerodrome looked at one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import geodesy
from geo.archive.aerodromes import ABOVE_FT, WITHIN_KM, Aerodromes, aerodromes
from geo.archive.block import NONE, NONE_8


def at(lat: float, lon: float, altitude_ft: int = NONE, on_ground: int = NONE_8) -> str | None:
    known = aerodromes()
    return known.at(*_columns(lat, lon, altitude_ft, on_ground))[0]


def _columns(lat, lon, altitude_ft, on_ground):
    degrees = (np.array([round(one * 1e6)], dtype=np.int32) for one in (lat, lon))
    return *degrees, np.array([altitude_ft], dtype=np.int32), np.array([on_ground], dtype=np.int8)


@pytest.mark.parametrize(
    ("place", "altitude_ft", "on_ground", "code"),
    [
        ((51.4706, -0.4619), NONE, 1, "EGLL"),
        ((51.4706, -0.4619), 4_900, 0, "EGLL"),
        ((51.4706, -0.4619), 5_200, 0, None),  # 5,000 ft above its 83 ft, and more
        ((51.4706, -0.4619), 30_000, 1, "EGLL"),  # on the ground, whatever the altitude is
        ((51.4706, -0.4619), NONE, 0, None),  # nobody knows how high
        ((51.4706, -0.4619), NONE, NONE_8, None),
        ((51.4706, -0.4619), 300, NONE_8, "EGLL"),
        ((43.2981, 45.7841), NONE, 1, None),  # Khankala, 12 km from Grozny's airport, has no indicator of ICAO
        ((-16.5133, -68.1923), 17_000, 0, "SLLP"),  # La Paz lies at 13,355 ft
        ((50.0, -30.0), 0, 1, None),
    ],
)
def test_an_aircraft_is_at_an_aerodrome_on_the_ground_or_low_and_near(place, altitude_ft, on_ground, code):
    assert at(*place, altitude_ft, on_ground) == code


def test_codes_of_airstrips_that_are_none_of_icao_name_no_aerodrome():
    assert all(len(code) == 4 and code.isalpha() for code in aerodromes().code.tolist())
    assert len(aerodromes().code) > 15_000


@settings(max_examples=50)
@given(st.data())
def test_it_is_the_nearest_of_all_within_ten_kilometres(data):
    known = aerodromes()
    some = data.draw(st.integers(0, len(known.code) - 1))
    away = geodesy.destination(
        known.lat[some], known.lon[some], data.draw(st.floats(0, 360)), data.draw(st.floats(0, 25_000))
    )
    lat, lon = round(float(away.lat), 6), round(float(away.lon), 6)
    km = geodesy.distance_m(lat, lon, known.lat, known.lon) / 1000
    nearest = str(known.code[np.lexsort((known.code, km))[0]]) if km.min() <= WITHIN_KM else None
    assert at(lat, lon, on_ground=1) == nearest


@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=8),
    st.floats(0, 360),
    st.floats(0, 12_000),
)
def test_poles_and_the_antimeridian_are_places_as_others(spots, azimuth, metres):
    spots = [*spots, (90.0, 0.0), (-90.0, 0.0), (17.0, 180.0), (-17.0, -179.999)]
    lat, lon = np.array(spots).T
    known = Aerodromes.of([f"{chr(65 + number)}ABC" for number in range(len(spots))], lat, lon, np.zeros(len(spots)))
    for place in spots:
        away = geodesy.destination(*place, azimuth, metres)
        found = known.at(*_columns(round(float(away.lat), 6), round(float(away.lon), 6), ABOVE_FT, 0))[0]
        km = geodesy.distance_m(round(float(away.lat), 6), round(float(away.lon), 6), known.lat, known.lon) / 1000
        assert found == (str(known.code[np.lexsort((known.code, km))[0]]) if km.min() <= WITHIN_KM else None)


def test_of_no_position_there_is_no_aerodrome():
    nothing = (np.empty(0, dtype=kind) for kind in (np.int32, np.int32, np.int32, np.int8))
    assert aerodromes().at(*nothing).tolist() == []
