"""OpenSky's database as an archive: real client and real SQL, against a stand-in for the server of Trino."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("duckdb")
pytest.importorskip("ibis")
pytest.importorskip("trino")

import sqlglot
import trino_stand_in
from made_flown import STEP_S, UBBB, URMG, T, flight, line

from benchmarks.archive_plants import GROZNY, plants
from geo.archive import Archive, build, opensky, trino
from geo.archive.renaming import whole
from geo.errors import ArchiveError
from geo.geodesy import inverse
from geo.measures import FOOT_M, KNOT_M_S

REAL = Path(__file__).resolve().parents[2] / "shared" / "tracks" / "opensky"
DAY = datetime(2024, 12, 25, tzinfo=UTC)
DAYS = (DAY, DAY + timedelta(days=2))
MORNING = (DAY + timedelta(hours=3), DAY + timedelta(hours=6))
FLOWN = ("diverted", "usual", "usual, next day", "jump", "49.9 km", "50.1 km", "antimeridian", "pole", "strayed")


def states(name):
    """What OpenSky would keep of a flight: a row a fix, and most positions once or twice more."""
    flight = plants()[name]
    rows = []
    columns = (flight.time_ms, flight.lat, flight.lon, flight.altitude_ft, flight.on_ground, flight.speed_kt)
    track = flight.track_deg().tolist()
    for number, (ms, lat, lon, feet, ground, knots) in enumerate(zip(*(one.tolist() for one in columns), strict=True)):
        heard = ms / 1000
        for again in ((0,), (0, 1), (0, 3), (0, 17))[number % 4]:
            second = math.ceil(heard) + again
            rows.append(
                {
                    "time": second,
                    "icao24": flight.icao24,
                    "lat": lat / 1e6 if number % 50 != 49 else None,
                    "lon": lon / 1e6 if number % 50 != 49 else None,
                    "velocity": knots * KNOT_M_S,
                    "heading": track[number],
                    "vertrate": -4.8768 if number % 3 else None,
                    "callsign": f"{flight.callsign:<8}" if number % 7 else None,
                    "onground": ground,
                    "baroaltitude": None if ground else feet * FOOT_M,
                    "geoaltitude": feet * FOOT_M + 30,
                    "lastposupdate": heard,
                    "lastcontact": heard + (0 if again > 3 else again),
                    "serials": [1, 2],
                    "hour": second // 3600 * 3600,
                }
            )
    return rows


def flown(name):
    """The flight in OpenSky's table of them, its waypoints with the last one first."""
    flight = plants()[name]
    first, last = int(flight.time_ms[0] // 1000), int(flight.time_ms[-1] // 1000)
    marks = [*range(0, len(flight.lat), 30), len(flight.lat) - 1]
    track = [
        {
            "time": int(flight.time_ms[one] // 1000),
            "latitude": flight.lat[one] / 1e6,
            "longitude": flight.lon[one] / 1e6,
            "altitude": float(flight.altitude_ft[one] * FOOT_M),
            "heading": 0.0,
            "onground": bool(flight.on_ground[one]),
        }
        for one in marks
    ]
    return {
        "icao24": flight.icao24,
        "firstseen": first,
        "estdepartureairport": flight.origin,
        "lastseen": last,
        "estarrivalairport": flight.destination,
        "callsign": f"{flight.callsign:<8}",
        "track": track[::-1],
        "day": last // 86_400 * 86_400,
    }


ROWS = [row for name in FLOWN for row in states(name)]


@pytest.fixture(scope="module")
def server():
    with trino_stand_in.standing() as stand_in:
        order = np.random.default_rng(8243).permutation(len(ROWS))  # a database keeps none
        stand_in.fill("state_vectors_data4", [ROWS[one] for one in order])
        stand_in.fill("flights_data4", [flown(name) for name in FLOWN if plants()[name].origin])
        yield stand_in


@pytest.fixture(scope="module")
def connection(server):
    return trino.connect("127.0.0.1", "desk", port=server.port, is_encrypted=False)


@pytest.fixture(scope="module")
def archive(connection):
    return Archive.open(opensky.tables(connection))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An archive that is built from the same rows in a file."""
    folder = tmp_path_factory.mktemp("opensky")
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "states.parquet")
    done = build([folder / "states.parquet"], folder / "archive", workers=1)
    assert done.is_done
    return Archive.open(done.root)


CIRCLE = [
    (GROZNY[0] + 0.4 * math.sin(math.radians(one)), GROZNY[1] + 0.5 * math.cos(math.radians(one)))
    for one in range(0, 360, 10)
]
QUESTIONS = {
    "positions": lambda one: one.positions(["60f001", "3c5005", "15e011"], DAYS),
    "positions, a minute": lambda one: one.positions("60f001", (DAY + timedelta(hours=5), DAY + timedelta(hours=5.02))),
    "near": lambda one: one.near(GROZNY, 50, MORNING),
    "near, antimeridian": lambda one: one.near((51.5, 179.9), 100, DAYS),
    "near, pole": lambda one: one.near((90, 77), 50, DAYS),
    "inside": lambda one: one.inside([(42.5, 45), (44, 45.2), (43.9, 46.4), (42.4, 46.3)], MORNING),
    "inside, antimeridian": lambda one: one.inside([(50, 178), (50, -178), (53, -178), (53, 178)], DAYS),
    "inside, many corners": lambda one: one.inside(CIRCLE, MORNING),
    "jumps": lambda one: one.jumps(None, MORNING),
    "jumps, of an area": lambda one: one.jumps((GROZNY, 100), MORNING),
    "jumps, by hour": lambda one: one.jumps(None, MORNING, by="hour"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_that_of_an_archive_of_the_same_rows(archive, built, question):
    found, expected = (QUESTIONS[question](one).table() for one in (archive, built))
    assert len(expected) > 0
    assert [(one.name, one.type) for one in found.schema] == [(one.name, one.type) for one in expected.schema]
    assert len(found) == len(expected)
    for name in expected.column_names:
        for row, (one, other) in enumerate(zip(found[name].to_pylist(), expected[name].to_pylist(), strict=True)):
            # Lengths of jumps are by a formula here, and rounded to a metre.
            close = isinstance(other, float) and math.isclose(one, other, rel_tol=2e-6, abs_tol=1.1e-3)
            assert one == other or (close and name.endswith(("_km", "_kt"))), (name, row, one, other)


def test_a_track_is_that_of_an_archive_of_the_same_rows(archive, built):
    found, expected = (one.track("3c5005", DAYS) for one in (archive, built))
    assert len(expected) > 100
    for name in type(expected).column_names():
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), name)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real tracks are not here")
@pytest.mark.parametrize("name", ["states_a", "states_b"])
def test_real_rows_are_told_as_an_archive_of_them_does(name, tmp_path):
    table = pq.read_table(REAL / f"{name}.parquet")
    rows = table.to_pylist()
    for row in rows:
        row |= {"time": int(row["time"].timestamp()), "hour": int(row["hour"].timestamp())}
    between = tuple(
        datetime.fromtimestamp(one(row["time"] for row in rows) + more, UTC) for one, more in ((min, -9), (max, 9))
    )
    icao24 = sorted({row["icao24"] for row in rows})
    built = Archive.open(build([REAL / f"{name}.parquet"], tmp_path / "archive", workers=1).root)
    with trino_stand_in.standing() as stand_in:
        stand_in.fill("state_vectors_data4", rows)
        connection = trino.connect("127.0.0.1", "desk", port=stand_in.port, is_encrypted=False)
        found = Archive.open(opensky.tables(connection)).positions(icao24, between).table()
    expected = built.positions(icao24, between).table()
    assert len(expected) > 1000
    assert found.to_pylist() == expected.to_pylist()


def test_flights_are_those_of_opensky_in_our_units(archive):
    flight = plants()["diverted"]
    [row] = archive.flights(MORNING, icao24="60f001").rows()
    assert row["first_time"] == datetime.fromtimestamp(flight.time_ms[0] // 1000, UTC)
    assert row["last_time"] == datetime.fromtimestamp(flight.time_ms[-1] // 1000, UTC)
    assert (row["callsign"], row["origin"], row["destination"]) == ("PLT701", "UBBB", "UATE")
    assert (row["first_lat"], row["last_lon"]) == (flight.lat[0] / 1e6, flight.lon[-1] / 1e6)
    assert (row["first_on_ground"], row["last_on_ground"]) == (True, True)
    assert (row["first_altitude_ft"], row["highest_ft"]) == (flight.altitude_ft[0], 34_000)
    assert row["silent_s"] is None
    assert row["fixes"] == len(range(0, len(flight.lat), 30)) + 1
    [whole] = [one.rows() for one in [archive.flights(DAYS, callsign="PLT701", origin="UBBB", destination="URMG")]]
    assert [one["icao24"] for one in whole] == ["60f002", "60f003"]


def test_a_flight_is_as_long_as_the_way_along_its_waypoints(archive):
    track = flown("diverted")["track"]
    km = sum(
        float(inverse(one["latitude"], one["longitude"], other["latitude"], other["longitude"]).distance_m) / 1000
        for one, other in pairwise(track)
    )
    [row] = archive.flights(MORNING, icao24="60f001").rows()
    assert row["distance_km"] == pytest.approx(km, rel=2e-6)


def test_who_was_diverted_and_who_strayed_is_found(archive):
    [row] = archive.diverted("UBBB", "URMG", DAYS).rows()
    assert (row["icao24"], row["ending"], row["usual"]) == ("60f001", "landed elsewhere", 2)
    [row] = archive.strayed("EFRO", "BIKF", DAYS, 100).rows()
    assert row["icao24"] == "46c020"
    assert abs(row["stray_km"]) == pytest.approx(120, abs=0.1)


def test_a_flight_under_two_callsigns_of_unknown_silences_is_one():
    lat, lon = line(UBBB, URMG)
    later = T + timedelta(seconds=STEP_S * 150)
    parts = [
        flight("600841", "AHY8243", lat[:150], lon[:150], of="UBBB:", silent_s=None),
        flight("600841", "AHY824", lat[150:], lon[150:], start=later, of=":URMG", silent_s=None),
    ]
    [one] = whole(parts)
    assert one.row["silent_s"] == STEP_S  # between the two: of the rest nothing is known


@pytest.mark.parametrize("question", ["strayed", "diverted", "flights", *QUESTIONS])
def test_every_query_says_of_which_hours_or_days(archive, server, question):
    ask = {
        "strayed": lambda one: one.strayed("EFRO", "BIKF", DAYS, 100),
        "diverted": lambda one: one.diverted("UBBB", "URMG", DAYS),
        "flights": lambda one: one.flights(DAYS),
    } | QUESTIONS
    before = len(server.asked)
    ask[question](archive).rows()
    asked = server.asked[before:]
    assert asked
    for sql in asked:
        selects = list(sqlglot.parse_one(sql, read="trino").find_all(sqlglot.exp.Select))
        for name, part in (("state_vectors_data4", "hour"), ("flights_data4", "day")):
            reading = [
                one
                for one in selects
                if isinstance(one.args["from_"].this, sqlglot.exp.Table) and one.args["from_"].this.name == name
            ]
            assert len(reading) == len(re.findall(rf'"{name}"', sql))
            for one in reading:
                bounds = {
                    type(node).__name__: int(node.expression.this)
                    for node in one.args["where"].find_all(sqlglot.exp.GTE, sqlglot.exp.LTE)
                    if node.this.name == part
                }
                assert set(bounds) == {"GTE", "LTE"}
                step = 3600 if part == "hour" else 86_400
                assert all(bound % step == 0 for bound in bounds.values())


def test_only_the_hours_of_the_time_asked_for_are_read(archive, server):
    archive.near(GROZNY, 50, (DAY + timedelta(hours=4, minutes=10), DAY + timedelta(hours=5, minutes=50))).rows()
    bounds = [int(one) for one in re.findall(r'"hour" [<>]= (\d+)', server.asked[-1])]
    assert bounds == [DAY.timestamp() + 4 * 3600, DAY.timestamp() + 5 * 3600]


def test_a_session_in_another_zone_is_refused():
    with trino_stand_in.standing(zone="Europe/Berlin") as stand_in:
        connection = trino.connect("127.0.0.1", "desk", port=stand_in.port, is_encrypted=False)
        with pytest.raises(ArchiveError, match="has its times in Europe/Berlin"):
            opensky.tables(connection)


def test_a_server_that_refuses_is_told():
    with trino_stand_in.standing() as stand_in:
        connection = trino.connect("127.0.0.1", "desk", port=stand_in.port, is_encrypted=False)
        with pytest.raises(ArchiveError, match="OpenSky's database does not answer"):
            opensky.tables(connection, schema="nowhere")


def test_what_the_server_says_against_a_query_is_told(connection, server):
    archive = Archive.open(opensky.tables(connection))
    server.database.execute("ALTER TABLE minio.osky.state_vectors_data4 RENAME COLUMN velocity TO speed")
    try:
        with pytest.raises(ArchiveError, match=r"Trino cannot answer: .*velocity"):
            archive.positions("60f001", MORNING).rows()
    finally:
        server.database.execute("ALTER TABLE minio.osky.state_vectors_data4 RENAME COLUMN speed TO velocity")


def test_a_question_that_is_stopped_says_so(archive):
    answer = archive.positions("60f001", DAYS)
    batches = answer.batches(rows=10)
    next(batches)
    answer.interrupt()
    with pytest.raises(ArchiveError, match="the question was stopped"):
        list(batches)
    with pytest.raises(ArchiveError, match="the question was stopped"):
        answer.table()


def test_a_password_is_sent_encrypted_and_taken_from_nowhere_else():
    connection = trino.connect("trino.example.org", "desk", "secret")
    assert connection.con.http_scheme == "https"
    assert connection.con.auth.__class__.__name__ == "BasicAuthentication"
    assert trino.connect("trino.example.org", "desk").con.auth is None
