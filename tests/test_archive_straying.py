from __future__ import annotations

import json
from datetime import timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from made_archive import lay
from made_flown import UATE, UBBB, UBTT, URMG, T, engine, flight, hours, line, opened, rows

from geo.archive import straying
from geo.archive.beside import Line
from geo.archive.straying import stray
from geo.errors import ArchiveError
from geo.geodesy import distance_m
from geo.model import Place, Track
from geo.route.deviation import beside_m

ROUTE = "UBBB:URMG"
FIJI, SAMOA = Place(lat=-17.7554, lon=177.4431), Place(lat=-13.8300, lon=-172.0083)
DAY = hours(-4, 20)


def scans(plan):
    """What each scan of files in a plan of DuckDB filters by itself."""
    if plan["name"].strip() == "READ_PARQUET":
        yield str(plan["extra_info"].get("Filters"))
    for step in plan["children"]:
        yield from scans(step)


def test_no_engine_is_asked_for_all_flights_to_find_those_of_a_route(tmp_path):
    path = line(UBBB, URMG)
    routes = ("UBBB:URMG", "UBBB:UATE", "UATE:UBTT", "URMG:UBBB", "UBBB:", ":URMG", ":")
    flights = [flight(f"60084{number}", "AHY8243", *path, of=of) for number, of in enumerate(routes)]
    archive = opened(lay(tmp_path, [rows("600840", "AHY8243", *path)], flights))
    for answer in (archive.strayed("UBBB", "URMG", DAY, 20), archive.diverted("UBBB", "URMG", DAY)):
        ((_, told),) = archive.connection.con.execute(f"EXPLAIN (FORMAT JSON) {answer.sql()}").fetchall()
        found = [filters for plan in json.loads(told) for filters in scans(plan)]
        assert found
        assert all("origin = 'UBBB'" in one or "destination = 'URMG'" in one for one in found), found


def places(one, other):
    return Place(lat=one[0], lon=one[1]), Place(lat=other[0], lon=other[1])


def asked(archive, km, ends=("UBBB", "URMG"), between=DAY):
    return [(row["icao24"], round(row["stray_km"])) for row in archive.strayed(*ends, between, km).rows()]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Flights to Grozny: 60 km right of the line, 30 km left of it, and on it with two positions 330 km away."""
    held = {"600841": line(UBBB, URMG, off_km=60), "600842": line(UBBB, URMG, off_km=-30), "600843": line(UBBB, URMG)}
    flights = [flight(icao24, "AHY8243", *path, of=ROUTE) for icao24, path in held.items()]
    held["600843"][0][100:102] += 3
    blocks = [rows(icao24, "AHY8243", *path) for icao24, path in held.items()]
    far = line(UBBB, UATE, off_km=90)
    flights.append(flight("600844", "AHY001", *far, of="UBBB:UATE"))
    blocks.append(rows("600844", "AHY001", *far))
    return opened(lay(tmp_path_factory.mktemp("straying"), blocks, flights))


@pytest.mark.parametrize(
    ("km", "whose"),
    [
        (20, [("600841", 60), ("600842", -30)]),
        (29.9, [("600841", 60), ("600842", -30)]),
        (30.1, [("600841", 60)]),
        (60.1, []),
        (0.3, [("600841", 60), ("600842", -30)]),
    ],
)
@pytest.mark.parametrize("at_once", [0, 20_000], ids=["the engine sifts", "sifted here"])
def test_flights_stray_by_more_than_is_asked_to_the_right_or_left(archive, monkeypatch, km, whose, at_once):
    monkeypatch.setattr(straying, "_AT_ONCE", at_once)
    assert asked(archive, km) == whose


def test_where_when_and_for_how_long(archive):
    first = archive.strayed("UBBB", "URMG", DAY, 30).rows()[0]
    assert first["stray_km"] == pytest.approx(60, abs=0.01)
    # Half-way along, and beyond half of the greatest distance for two thirds of the flight: a sine.
    assert abs((first["stray_time"] - T).total_seconds() - 1495) <= 10
    assert first["beyond_s"] == pytest.approx(2990 * 2 / 3, abs=20)
    assert (first["stray_lat"], first["origin"], first["last_callsign"]) == (
        pytest.approx(42.34, abs=0.01),
        "UBBB",
        None,
    )


def test_a_part_of_the_flight_in_the_time_is_enough_and_all_of_it_counts(archive):
    assert asked(archive, 20, between=hours(0.8, 1)) == [("600841", 60), ("600842", -30)]
    assert asked(archive, 20, between=hours(1, 2)) == []


def test_false_positions_make_no_flight_stray_whatever_callsign_they_came_with(tmp_path):
    lat, lon = line(UBBB, URMG)
    shifted = lat.copy()
    shifted[100:102] += 3
    parts = [rows("600843", "AHY8243", lat[:100], lon[:100]), rows("600843", "AHY8243", lat[102:], lon[102:], T_AFTER)]
    parts.append(rows("600843", "A#Y8243", shifted[100:102], lon[100:102], T + timedelta(seconds=1_000)))
    held = [
        flight("600843", "AHY8243", lat, lon, of=ROUTE),
        flight("600843", "A#Y8243", shifted[100:102], lon[100:102], T + timedelta(seconds=1_000)),
    ]
    assert asked(opened(lay(tmp_path, parts, held)), 20) == []


T_AFTER = T + timedelta(seconds=1_020)


def test_stale_positions_and_rows_without_one_do_not_stray(tmp_path):
    lat, lon = line(UBBB, URMG)
    shifted = lat + np.where(np.arange(300) == 150, 1.0, 0.0)
    block = rows("600841", "AHY8243", shifted, lon, is_stale=np.arange(300) == 150)
    assert asked(opened(lay(tmp_path, [block], [flight("600841", "AHY8243", lat, lon, of=ROUTE)])), 20) == []


def test_a_flight_that_changes_its_callsign_in_flight_is_one(tmp_path):
    lat, lon = line(UBBB, URMG, off_km=50)
    later = T + timedelta(seconds=1_500)
    blocks = [rows("600841", "AHY8243", lat[:150], lon[:150]), rows("600841", "AHY9", lat[150:], lon[150:], later)]
    held = [
        flight("600841", "AHY8243", lat[:150], lon[:150], of="UBBB:", highest_ft=None),
        flight("600841", "AHY9", lat[150:], lon[150:], later, of=":URMG", silent_s=90),
    ]
    archive = opened(lay(tmp_path, blocks, held))
    (row,) = archive.strayed("UBBB", "URMG", DAY, 20).rows()
    told = ("callsign", "last_callsign", "origin", "destination", "fixes", "distance_km", "highest_ft", "silent_s")
    assert [row[name] for name in told] == ["AHY8243", "AHY9", "UBBB", "URMG", 300, 1000.0, 30_000, 90]
    assert (row["first_time"], row["last_time"]) == (T, T + timedelta(seconds=2_990))
    assert row["beyond_s"] == pytest.approx(2990 * 0.738, abs=20)  # where a sine is above 0.4
    assert [asked(archive, 20, between=hours(*part)) for part in ((0.1, 0.2), (0.6, 0.7))] == [[("600841", 50)]] * 2
    assert [asked(archive, 20, between=hours(*part)) for part in ((-1, 0), (0.9, 1))] == [[], []]


def test_what_came_half_an_hour_later_is_another_flight(tmp_path):
    lat, lon = line(UBBB, URMG, off_km=50)
    later = T + timedelta(seconds=1_490 + 1_801)
    blocks = [rows("600841", "AHY8243", lat[:150], lon[:150]), rows("600841", "AHY9", lat[150:], lon[150:], later)]
    held = [
        flight("600841", "AHY8243", lat[:150], lon[:150], of="UBBB:"),
        flight("600841", "AHY9", lat[150:], lon[150:], later, of=":URMG"),
    ]
    assert asked(opened(lay(tmp_path, blocks, held)), 20) == []


def test_over_midnight_and_over_the_antimeridian(tmp_path):
    late = T + timedelta(hours=19, minutes=40)
    ends = (FIJI.lat, FIJI.lon), (SAMOA.lat, SAMOA.lon)
    paths = {"c88001": line(*ends, 600, off_km=40), "c88002": line(*ends, 600)}
    blocks = [rows(icao24, "FJI253", *path, start=late) for icao24, path in paths.items()]
    held = [flight(icao24, "FJI253", *path, start=late) for icao24, path in paths.items()]
    archive = opened(lay(tmp_path, blocks, held))
    assert len(archive.days) == 2
    assert asked(archive, 25, (FIJI, SAMOA), hours(19, 22)) == [("c88001", 40)]
    assert asked(archive, 25, (FIJI, SAMOA), hours(20.5, 22)) == [("c88001", 40)]
    assert asked(archive, 25, (SAMOA, FIJI), hours(19, 22)) == []


def test_more_flights_than_are_asked_for_together(tmp_path, monkeypatch):
    monkeypatch.setattr("geo.archive.straying._FLIGHTS", 2)
    monkeypatch.setattr("geo.archive.straying._FIXES", 400)
    paths = {f"60084{at}": line(UBBB, URMG, off_km=20 + at) for at in range(7)}
    starts = {icao24: T + timedelta(hours=9 - int(icao24[-1])) for icao24 in paths}
    blocks = [rows(icao24, "AHY8243", *path, start=starts[icao24]) for icao24, path in paths.items()]
    held = [flight(icao24, "AHY8243", *path, start=starts[icao24], of=ROUTE) for icao24, path in paths.items()]
    found = asked(opened(lay(tmp_path, blocks, held)), 22.5)
    assert found == [(f"60084{at}", 20 + at) for at in (6, 5, 4, 3)]


def test_two_flights_of_one_aircraft_are_told_apart(tmp_path):
    near, far = line(UBBB, URMG), line(UBBB, URMG, off_km=40)
    later = T + timedelta(hours=5)
    blocks = [rows("600841", "AHY8243", *near), rows("600841", "AHY8243", *far, start=later)]
    held = [
        flight("600841", "AHY8243", *near, of=ROUTE),
        flight("600841", "AHY8243", *far, start=later, of=ROUTE),
    ]
    (row,) = opened(lay(tmp_path, blocks, held)).strayed("UBBB", "URMG", DAY, 10).rows()
    assert row["first_time"] == later


@pytest.mark.parametrize(
    ("ends", "km", "said"),
    [
        (("UBBB", "UBBB"), 5, "origin and destination are both UBBB"),
        (("UBBB", "QQQQ"), 5, "no aerodrome has the ICAO code QQQQ"),
        (("UBBB", "Grozny"), 5, "no ICAO code"),
        (("UBBB", "URMG"), 0, "a distance is more than 0 km"),
        ((FIJI, FIJI), 5, "name two places"),
    ],
)
def test_what_is_none_is_refused(archive, ends, km, said):
    with pytest.raises(ArchiveError, match=said):
        archive.strayed(*ends, DAY, km)


def test_an_answer_that_is_stopped_says_so(archive):
    answer = archive.strayed("UBBB", "URMG", DAY, 20)
    answer.interrupt()
    with pytest.raises(ArchiveError, match="stopped"):
        answer.rows()


@pytest.mark.parametrize(("km", "at_once"), [(0.01, 0), (20, 0), (20, 20_000)], ids=["all", "sifted there", "here"])
def test_a_flight_without_positions_says_nothing(tmp_path, monkeypatch, km, at_once):
    monkeypatch.setattr(straying, "_AT_ONCE", at_once)
    path = line(UBBB, URMG, off_km=60)
    root = lay(tmp_path, [rows("600842", None, *path)], [flight("600841", "AHY8243", *path, of=ROUTE)])
    assert asked(opened(root), km) == []


def test_silence_is_not_counted_as_time_beyond():
    lat, lon = line(UBBB, URMG, off_km=60)
    time_s = np.arange(300) * 10.0
    track = Track.of(time_s, lat, lon)
    ends = Line(*places(UBBB, URMG))
    whole = stray(track, ends, 30)
    gap = (time_s > 1_200) & (time_s < 1_800)
    with_gap = stray(track.take(~gap), ends, 30)
    assert whole.beyond_s - with_gap.beyond_s == 600
    assert stray(track.take(np.zeros(300, dtype=bool)), ends, 30) is None


def passed(sphere, lat, lon):
    """The indices of the positions that the engine takes for beyond."""
    table = ibis.memtable(pa.table({"lat": lat, "lon": lon, "at": np.arange(len(lat))}))
    found = set(engine().to_pyarrow(sphere.beyond(table, ["at"]))["at"].to_pylist())
    assert found == set(np.flatnonzero(sphere.lets_pass(np.array(lat), np.array(lon))).tolist())
    return found


degrees = st.tuples(st.floats(-89, 89), st.floats(-180, 180))


@settings(max_examples=25, deadline=None)
@given(one=degrees, other=degrees, points=st.lists(degrees, min_size=1, max_size=30), km=st.floats(1, 3_000))
def test_the_engine_misses_no_position_that_is_beyond(one, other, points, km):
    assume(float(distance_m(*one, *other)) > 1_000)
    ends = Line(*places(one, other))
    sphere = ends.on_a_sphere(km)
    assume(sphere is not None)
    lat, lon = np.array(points).T
    exact = np.abs(ends.beside_m(lat, lon)) > km * 1000
    assert set(np.flatnonzero(exact).tolist()) <= passed(sphere, lat, lon)


def test_the_engine_passes_little_that_is_not_beyond():
    ends = Line(*places(UBBB, URMG))
    held = [line(UBBB, URMG, 50, off_km=off) for off in (0, 15, -15, 25, -25)]
    lat, lon = (np.concatenate(columns) for columns in zip(*held, strict=True))
    found = passed(ends.on_a_sphere(20), lat, lon)
    assert all(abs(ends.beside_m(lat[at], lon[at])) > 19_500 for at in found)
    assert len(found) == pytest.approx(np.count_nonzero(np.abs(ends.beside_m(lat, lon)) > 20_000), abs=4)


def vector(position: tuple[float, float]) -> np.ndarray:
    lat, lon = np.radians(position)
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


@settings(max_examples=25, deadline=None)
@given(one=degrees, other=degrees, at=degrees)
@example(one=(0.0, 2e-05), other=(1.0, 2e-05), at=(-1.0, 2e-05))
def test_beside_the_line_is_what_it_is_beside_an_intended_route(one, other, at):
    assume(float(distance_m(*one, *other)) > 1_000)
    ends = places(one, other)
    intended = float(beside_m(*(np.array([degree]) for degree in at), ends)[0])
    found = float(Line(*ends).beside_m(*at))
    assert abs(found) == pytest.approx(abs(intended), abs=1e-3)
    # Behind an end, on the line itself, neither side is the right one.
    here, there, point = (vector(position) for position in (one, other, at))
    across = np.cross(here, there)
    if abs(point @ across) / np.linalg.norm(across) > 1e-6:
        assert np.sign(found) == np.sign(intended)


def test_past_an_end_the_distance_is_from_it():
    ends = Line(*places(UBBB, UBTT))
    lat, lon = line(UBTT, (2 * UBTT[0] - UBBB[0], 2 * UBTT[1] - UBBB[1]), 3)
    away = np.abs(ends.beside_m(lat, lon))
    assert away[0] < 1
    assert away[2] == pytest.approx(6_700, rel=0.02)
