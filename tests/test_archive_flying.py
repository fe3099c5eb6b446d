from __future__ import annotations

from datetime import timedelta

import pytest
from made_archive import lay
from made_flown import UATE, UBBB, URMG, T, flight, hours, line, opened, rows

from geo.errors import ArchiveError
from geo.model import Place


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Three flights: to Grozny; to Aktau over midnight; and one of which only the middle was received."""
    there, elsewhere = line(UBBB, URMG), line(UBBB, UATE)
    late = T + timedelta(hours=19, minutes=40)
    flights = [
        flight("600841", "AHY8243", *there, of="UBBB:URMG"),
        flight("600842", "AHY001", *elsewhere, start=late, of="UBBB:UATE"),
        flight("~60084a", None, there[0][100:200], there[1][100:200]),
    ]
    blocks = [rows("600841", "AHY8243", *there), rows("600842", "AHY001", *elsewhere, start=late)]
    return opened(lay(tmp_path_factory.mktemp("flying"), blocks, flights))


def found(answer):
    return [row["icao24"] for row in answer.rows()]


def test_flights_come_in_order_of_their_beginning(archive):
    answer = archive.flights(hours(-4, 20))
    assert found(answer) == ["600841", "~60084a", "600842"]
    assert answer.rows()[0]["first_time"] == T


@pytest.mark.parametrize(
    ("first", "last", "whose"),
    [
        pytest.param(0.1, 0.2, ["600841", "~60084a"], id="within"),
        pytest.param(-1, 0, [], id="the end is not of it"),
        pytest.param(2990 / 3600, 1, ["600841"], id="the last fix is"),
        pytest.param(2990.001 / 3600, 1, [], id="a millisecond later"),
        pytest.param(20.1, 20.2, ["600842"], id="over midnight, asked for the day after"),
    ],
)
def test_a_flight_is_of_a_time_that_any_part_of_it_is_in(archive, first, last, whose):
    assert found(archive.flights(hours(first, last))) == whose


@pytest.mark.parametrize(
    ("chosen", "whose"),
    [
        ({"icao24": "600842"}, ["600842"]),
        ({"icao24": [" 600841", "~60084a"]}, ["600841", "~60084a"]),
        ({"callsign": " ahy8243 "}, ["600841"]),
        ({"callsign": ["AHY8243", "AHY001"]}, ["600841", "600842"]),
        ({"callsign": "AHY"}, []),
        ({"origin": "ubbb"}, ["600841", "600842"]),
        ({"origin": "UBBB", "destination": "UATE"}, ["600842"]),
        ({"origin": "UBBB", "callsign": "AHY8243", "icao24": "600842"}, []),
        ({"destination": Place(lat=0, lon=0, icao="URMG")}, ["600841"]),
    ],
)
def test_flights_are_chosen_by_aircraft_callsign_and_ends(archive, chosen, whose):
    assert found(archive.flights(hours(-4, 20), **chosen)) == whose


@pytest.mark.parametrize(
    ("lat", "whose"), [(URMG[0] + 0.0899, ["600841"]), (URMG[0] + 0.0901, [])], ids=["9.99 km", "10.01 km"]
)
def test_a_place_without_code_is_one_within_ten_kilometres(archive, lat, whose):
    assert found(archive.flights(hours(-4, 20), destination=Place(lat=lat, lon=URMG[1]))) == whose


def test_an_end_is_found_over_the_antimeridian(tmp_path):
    lat, lon = line((50.0, 179.0), (50.0, -179.96), 40)
    root = lay(tmp_path, [rows("7e2010", None, lat, lon)], [flight("7e2010", None, lat, lon)])
    archive = opened(root)
    assert found(archive.flights(hours(0, 1), destination=Place(lat=50, lon=179.95))) == ["7e2010"]
    assert found(archive.flights(hours(0, 1), destination=Place(lat=50, lon=179.8))) == []


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"icao24": "xyz"}, "no ICAO 24-bit address"),
        ({"callsign": " "}, "a callsign is empty"),
        ({"callsign": []}, "a callsign is empty"),
        ({"origin": "Baku International"}, "no ICAO code"),
        ({"destination": "GYD"}, "write four letters, as URMG"),
    ],
)
def test_what_is_none_is_refused(archive, chosen, said):
    with pytest.raises(ArchiveError, match=said):
        archive.flights(hours(0, 1), **chosen)


def test_days_that_are_not_there_are_told(archive):
    assert [day.isoformat() for day in archive.flights(hours(-40, 40)).missing_days] == ["2024-12-23", "2024-12-24"]
