from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from made_archive import lay
from made_flown import UATE, UBBB, UBTT, URMG, T, decimal, flight, hours, line, opened, rows

from geo.archive.renaming import whole
from geo.errors import ArchiveError
from geo.model import Place

DAY = hours(-4, 20)
THERE, ELSEWHERE = line(UBBB, URMG, 20), line(UBBB, UATE, 20)
BACK = tuple(np.r_[one, one[::-1]] for one in (THERE[0][:12], THERE[1][:12]))
ON_DAY = timedelta(days=1)
USUAL = flight("600850", "AHY8243", *THERE, T - 3 * ON_DAY, of="UBBB:URMG")
GROUND = {"last_on_ground": True, "last_altitude_ft": None}


def laid(tmp_path, *flights):
    days = {one["first_time"].date(): one["first_time"] for one in (*flights, USUAL)}
    blocks = [rows("000001", None, [0.0], [0.0], start) for start in days.values()]
    return opened(lay(tmp_path, blocks, [USUAL, *flights]))


def asked(archive, between=DAY, **more):
    found = archive.diverted("UBBB", "URMG", between, **more).rows()
    return [(row["icao24"], row["ending"], round(row["ended_km"]), row["usual"]) for row in found]


def at(lat, lon, **more):
    return {"last_lat": decimal(lat), "last_lon": decimal(lon), **more}


def test_a_flight_that_landed_elsewhere_is_found_and_what_arrived_is_not(tmp_path):
    archive = laid(
        tmp_path,
        flight("600841", "AHY8243", *ELSEWHERE, of="UBBB:UATE"),
        flight("600842", "AHY8243", *THERE, T + timedelta(hours=8), of="UBBB:URMG"),
        flight("600843", "AHY001", *ELSEWHERE, of="UBBB:UATE"),  # is meant for there
        flight("600844", None, *ELSEWHERE, of="UBBB:UATE"),
        flight("600845", "AHY8243", *ELSEWHERE, of="URMG:UATE"),
    )
    assert asked(archive) == [("600841", "landed elsewhere", 438, 2)]
    (row,) = archive.diverted("UBBB", "URMG", DAY).rows()
    assert (row["origin"], row["destination"], row["last_callsign"]) == ("UBBB", "UATE", None)
    assert asked(archive, hours(6, 20)) == []


def test_flights_come_in_order_of_their_beginning(tmp_path):
    later = T + timedelta(hours=2)
    archive = laid(
        tmp_path,
        flight("600842", "AHY8243", *ELSEWHERE, later, of="UBBB:UATE"),
        flight("600841", "AHY8243", *ELSEWHERE, later, of="UBBB:UATE"),
        flight("600843", "AHY8243", *ELSEWHERE, of="UBBB:UATE"),
    )
    assert [one[0] for one in asked(archive)] == ["600843", "600841", "600842"]


def test_a_flight_that_returned(tmp_path):
    archive = laid(
        tmp_path,
        flight("600841", "AHY8243", *BACK, of="UBBB:UBBB", **GROUND),
        flight("600842", "AHY8243", *BACK, of="UBBB:UBBB"),
    )
    assert asked(archive) == [("600841", "returned", 485, 1), ("600842", "returned", 485, 1)]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({**GROUND, "distance_km": 4.0, "highest_ft": None}, id="taxied"),
        pytest.param({"distance_km": 9.0, "last_altitude_ft": 4_000, "highest_ft": 4_100}, id="was lost in its climb"),
        pytest.param({"distance_km": 90.0, "last_altitude_ft": 4_000, "highest_ft": 5_900}, id="circled in its climb"),
    ],
)
def test_a_flight_that_was_received_at_its_origin_only_did_not_return(tmp_path, more):
    archive = laid(tmp_path, flight("600841", "AHY8243", *BACK, of="UBBB:UBBB", **more))
    assert asked(archive) == []


def test_a_flight_that_was_lost_climbing_past_another_aerodrome_did_not_land_there(tmp_path):
    low = {"last_altitude_ft": 4_000, "highest_ft": 4_000}
    archive = laid(tmp_path, flight("600841", "AHY8243", *line(UBBB, UBTT, 9), of="UBBB:UBTT", **low))
    assert asked(archive) == []
    assert asked(archive, also_lost=True) == [("600841", "not seen to land", 478, 1)]


@pytest.mark.parametrize(
    ("lat", "ground", "found"),
    [
        pytest.param(URMG[0] - 0.26, False, [], id="29 km off, in the air"),
        pytest.param(URMG[0] - 0.28, False, ["landed elsewhere"], id="31 km off, in the air"),
        pytest.param(URMG[0] - 0.10, True, ["landed elsewhere"], id="11 km off, on the ground"),
    ],
)
def test_near_the_destination_only_the_ground_is_elsewhere(tmp_path, lat, ground, found):
    end = at(lat, URMG[1], last_on_ground=ground)
    archive = laid(tmp_path, flight("600841", "AHY8243", *THERE, of="UBBB:URMO", **end))
    assert [one[1] for one in asked(archive)] == found


@pytest.mark.parametrize(
    ("lat", "found"), [(URMG[0] - 0.44, []), (URMG[0] - 0.46, ["not seen to land"])], ids=["49 km off", "51 km off"]
)
def test_a_flight_that_left_the_coverage_is_told_when_asked_for_and_not_near_its_destination(tmp_path, lat, found):
    archive = laid(tmp_path, flight("600841", "AHY8243", *THERE, of="UBBB:", **at(lat, URMG[1])))
    assert asked(archive) == []
    assert [one[1] for one in asked(archive, also_lost=True)] == found


@pytest.mark.parametrize(
    ("following", "found"), [("URMG:UBBB", []), ("UATE:UBBB", ["not seen to land"]), (":UBBB", ["not seen to land"])]
)
def test_a_flight_whose_aircraft_next_left_the_destination_was_there(tmp_path, following, found):
    lost = flight("600841", "AHY8243", *THERE, of="UBBB:", **at(42.0, 47.5))
    archive = laid(tmp_path, lost, flight("600841", "AHY8244", *THERE, T + timedelta(hours=3), of=following))
    assert [one[1] for one in asked(archive, also_lost=True)] == found


@pytest.mark.parametrize(
    ("ends", "apart_s", "found"),
    [
        pytest.param(":UATE", 5, [("landed elsewhere", "AHY9", "UATE")], id="went on and landed elsewhere"),
        pytest.param(":URMG", 5, [], id="went on and arrived"),
        pytest.param(":UATE", 1_800, [("landed elsewhere", "AHY9", "UATE")], id="half an hour later"),
        pytest.param(":UATE", 1_801, [], id="more than half an hour later"),
        pytest.param("UBBB:UATE", 5, [], id="began at an aerodrome"),
    ],
)
def test_a_flight_that_changes_its_callsign_in_flight_is_one(tmp_path, ends, apart_s, found):
    first = flight("600841", "AHY8243", *THERE, of="UBBB:", **at(42.0, 47.5))
    later = first["last_time"] + timedelta(seconds=apart_s)
    archive = laid(tmp_path, first, flight("600841", "AHY9", *ELSEWHERE, later, of=ends))
    rows = archive.diverted("UBBB", "URMG", DAY).rows()
    assert [(row["ending"], row["last_callsign"], row["destination"]) for row in rows] == found


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [(0, 0.1, 1), (0.1, 0.2, 1), (-1, 0, 0), (0.2, 0.3, 0)],
    ids=["one", "other", "before", "after"],
)
def test_a_flight_under_two_callsigns_is_of_the_time_of_both(tmp_path, first, last, count):
    one = flight("600841", "AHY8243", *THERE, of="UBBB:")
    other = flight("600841", "AHY9", *ELSEWHERE, one["last_time"] + timedelta(seconds=200), of=":UATE")
    assert len(asked(laid(tmp_path, one, other), hours(first, last))) == count


def test_a_callsign_garbled_for_a_moment_does_not_part_a_flight():
    first = flight("600841", "AHY8243", *THERE, of="UBBB:")
    garbled = flight("600841", "A#Y8243", [42.0], [47.0], T + timedelta(seconds=100))
    later = flight("600841", "AHY9", *ELSEWHERE, first["last_time"] + timedelta(seconds=5), of=":UATE")
    flights = list(whole([later, garbled, first, dict(later)]))
    assert [[part["callsign"] for part in one.parts] for one in flights] == [["AHY8243", "AHY9"], ["A#Y8243"]]


def test_over_midnight(tmp_path):
    late = T + timedelta(hours=19, minutes=58)
    archive = laid(tmp_path, flight("600841", "AHY8243", *ELSEWHERE, late, of="UBBB:UATE"))
    assert asked(archive, hours(20, 44)) == [("600841", "landed elsewhere", 438, 1)]


@pytest.mark.parametrize(("days", "found"), [(29, 1), (31, 0), (-29, 1), (-31, 0)])
def test_a_route_is_usual_within_thirty_days(tmp_path, days, found):
    usual = flight("600850", "AHY7", *THERE, T + days * ON_DAY, of="UBBB:URMG")
    archive = laid(tmp_path, usual, flight("600841", "AHY7", *ELSEWHERE, of="UBBB:UATE"))
    assert len(asked(archive)) == found


def test_callsigns_that_are_named_need_not_be_usual(tmp_path):
    archive = laid(
        tmp_path,
        flight("600841", "AHY8243", *ELSEWHERE, of="UBBB:UATE"),
        flight("600842", "AHY100", *ELSEWHERE, of="UBBB:UATE"),
    )
    assert asked(archive, callsigns="ahy100") == [("600842", "landed elsewhere", 438, 0)]
    assert asked(archive, callsigns=["AHY8243", "AHY100"])[0] == ("600841", "landed elsewhere", 438, 1)


def test_places_without_code_go_by_distance(tmp_path):
    origin, grozny = Place(lat=UBBB[0] + 0.05, lon=UBBB[1]), Place(lat=URMG[0], lon=URMG[1] + 0.05)
    archive = laid(
        tmp_path,
        flight("600841", "AHY8243", *ELSEWHERE, of="UBBB:UATE"),
        flight("600842", "AHY8243", *THERE, of="UBBB:"),
        flight("600843", "AHY8243", *BACK, of="UBBB:UBBB"),
    )
    rows = archive.diverted(origin, grozny, DAY).rows()
    assert [(row["icao24"], row["ending"], row["usual"]) for row in rows] == [
        ("600841", "landed elsewhere", 2),
        ("600843", "returned", 2),
    ]


def test_nothing_is_found_on_days_that_are_not_there(tmp_path):
    answer = laid(tmp_path).diverted("UBBB", "URMG", DAY)
    assert answer.rows() == []
    assert [day.isoformat() for day in answer.missing_days] == ["2024-12-25"]


def test_what_is_none_is_refused(tmp_path):
    archive = laid(tmp_path)
    with pytest.raises(ArchiveError, match="name two places"):
        archive.diverted("URMG", "URMG", DAY)
    with pytest.raises(ArchiveError, match="a callsign is empty"):
        archive.diverted("UBBB", "URMG", DAY, callsigns=[])
