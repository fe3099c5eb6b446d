"""Flightradar24 playback: where things stand in it, altitude 0, older Mode S data, and the same flight as the CSV."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import made_json
import made_tracks
import numpy as np
import pytest
from made_tracks import SHARED

from geo.errors import TrackUnreadable
from geo.geodesy import distance_m
from geo.tracks import fr24_csv, fr24_json

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

STAMP = 1_704_180_458
POINT = {
    "latitude": 42.770142,
    "longitude": 141.691422,
    "altitude": {"feet": 550, "meters": 168},
    "speed": {"kmh": 266.7, "kts": 144, "mph": 165.7},
    "verticalSpeed": {"fpm": 2_944, "ms": 15},
    "heading": 172,
    "squawk": "0",
    "timestamp": STAMP,
    "ems": None,
}
TRAIL = {"lat": 42.770142, "lng": 141.691422, "alt": 550, "spd": 144, "ts": STAMP, "hd": 172}
WHO = {
    "identification": {"id": "3376ab31", "number": {"default": None}, "callsign": "JAL516"},
    "aircraft": {"identification": {"modes": "8467D8", "registration": "JA13XJ"}},
}


def written(*points: Any) -> bytes:
    flight = {**WHO, "track": list(points), "aircraftImages": [{"images": {"large": [{"src": "a"}, {"src": "b"}]}}]}
    return json.dumps({"result": {"request": {}, "response": {"data": {"flight": flight}}}, "_api": {}}).encode()


def read(*points: Any) -> Rows:
    return fr24_json.read(written(*points), "playback")


def values(rows: Rows, index: int = 0) -> dict[str, float]:
    return {name: float(column[index]) for name, column in rows.columns.items() if not np.isnan(column[index])}


READ = {
    "time_s": STAMP,
    "lat_deg": 42.770142,
    "lon_deg": 141.691422,
    "altitude_ft": 550,
    "ground_speed_kt": 144,
    "vertical_rate_fpm": 2_944,
    "track_deg": 172,
    "on_ground": 0,
}


def test_a_point_is_read_in_the_units_of_a_track():
    rows = read(POINT)
    assert values(rows) == READ
    assert (rows.icao24.names, rows.callsign.names, rows.row.tolist()) == (("8467d8",), ("JAL516",), [1])


def test_a_number_of_the_flight_that_is_null_is_no_callsign():
    body = written(POINT).replace(b'"JAL516"', b"null")
    rows = fr24_json.read(body, "playback")
    assert rows.callsign.codes.tolist() == [-1]
    assert rows.icao24.names == ("8467d8",)


def test_metres_and_kilometres_an_hour_stand_in():
    rows = read(
        POINT | {"altitude": {"meters": 304.8}, "speed": {"kts": None, "kmh": 185.2}, "verticalSpeed": {"ms": 5.08}}
    )
    found = values(rows)
    assert found["altitude_ft"] == pytest.approx(1_000)
    assert found["ground_speed_kt"] == pytest.approx(100)
    assert found["vertical_rate_fpm"] == pytest.approx(1_000)


@pytest.mark.parametrize(("speed", "ground"), [(8, 1.0), (50, 1.0), (122, None)])
def test_altitude_0_is_none_and_says_at_walking_pace_that_it_is_on_the_ground(speed, ground):
    found = values(read(POINT | {"altitude": {"feet": 0, "meters": 0}, "speed": {"kts": speed}}))
    assert "altitude_ft" not in found
    assert found.get("on_ground") == ground


def test_mode_s_data_are_read_where_they_are_of_the_time_of_the_row():
    ems = {"ts": STAMP, "ias": 304, "tas": 384, "mach": 592, "altGPS": 16_200, "heading": 312}
    found = values(read(POINT | {"ems": ems}))
    assert found == READ | {"indicated_airspeed_kt": 304, "true_airspeed_kt": 384, "geometric_altitude_ft": 16_200}
    assert values(read(POINT | {"ems": ems | {"ts": STAMP + 15}})) == READ
    assert "geometric_altitude_ft" not in values(read(POINT | {"ems": ems | {"altGPS": 0}}))


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([POINT, POINT]),
        json.dumps([POINT, POINT], indent=2),
        json.dumps({"track": [POINT, POINT]}),
        json.dumps({"flight": {**WHO, "track": [POINT, POINT]}}),
        json.dumps({**WHO, "track": [POINT, POINT]}),
        json.dumps({"trail": [TRAIL, TRAIL]}),
        json.dumps([TRAIL, TRAIL]),
    ],
    ids=["list", "pretty", "track", "flight", "bare flight", "trail", "trail list"],
)
def test_what_stands_inside_may_be_saved_alone(body):
    assert fr24_json.sniff(body.encode()) == fr24_json.NAME
    rows = fr24_json.read(body.encode(), "saved")
    assert rows.row.tolist() == [1, 2]
    found = values(rows)
    assert found.pop("vertical_rate_fpm", 2_944) == 2_944
    assert found == {name: value for name, value in READ.items() if name != "vertical_rate_fpm"}
    assert rows.callsign.names == (("JAL516",) if "identification" in body else ())


def test_a_trail_has_the_newest_first_and_the_address_elsewhere():
    page = {"identification": WHO["identification"], "aircraft": {"hex": "8467d8"}, "trail": [TRAIL]}
    rows = fr24_json.read(json.dumps(page).encode(), "page")
    assert (rows.icao24.names, rows.ordered) == (("8467d8",), False)
    assert read(POINT).ordered


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("point", "it is 'point', not a point of a track"),
        (POINT | {"timestamp": None}, "it has no timestamp"),
        (POINT | {"timestamp": 253_402_300_799}, "its timestamp, 2.534023008e+11, is no count of seconds since 1970"),
        (POINT | {"latitude": "forty"}, "latitude is 'forty', which is no number"),
        (POINT | {"altitude": {"feet": []}}, "altitude.feet is '[]', which is no number"),
        (POINT | {"altitude": "high"}, "altitude is 'high', which is no number"),
        (POINT | {"latitude": 10**400}, "a number in it is too large"),
        (POINT | {"ems": {"ts": "soon"}}, "ems.ts is 'soon', which is no number"),
    ],
)
def test_a_point_that_cannot_be_read_costs_only_itself(point, words):
    rows = read(POINT, point, POINT)
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    assert words in rows.unreadable[0].detail


def test_numbers_that_are_none_and_a_point_without_position():
    rows = read(POINT | {"latitude": float("nan")}, POINT | {"longitude": float("inf")}, POINT | {"latitude": None})
    assert np.isnan(rows.columns["lat_deg"]).tolist() == [True, False, True]
    assert np.isinf(rows.columns["lon_deg"]).tolist() == [False, True, False]


def test_a_point_that_is_no_json_costs_only_itself():
    broken = json.dumps(POINT).replace("141.691422", "141.6.9")
    rows = fr24_json.read(written(POINT, "here", POINT).replace(b'"here"', broken.encode()), "playback")
    assert rows.row.tolist() == [1, 3]
    assert "it is no JSON" in rows.unreadable[0].detail


def test_a_file_that_breaks_off_keeps_what_came_before_and_whose_it_is():
    body = written(POINT, POINT, POINT)
    last = body.rindex(b'{"latitude"')
    for cut in range(last + 1, body.index(b"]", last)):
        rows = fr24_json.read(body[:cut], "playback")
        whole = 3 if body[:cut].endswith(b'"ems": null}') else 2
        assert (len(rows), [one.row for one in rows.unreadable]) == (whole, [whole + 1])
        assert (rows.icao24.names, rows.callsign.names) == (("8467d8",), ("JAL516",))
        assert "the file breaks off" in rows.unreadable[0].detail


@pytest.mark.parametrize("inside", [b"[" * 100_000, b'{"a":' * 100_000, b"\0", b"{" + b" " * 1_000_000])
def test_hostile_points_are_one_unreadable_row(inside):
    head = written().partition(b'"track": [')[0] + b'"track": ['
    rows = fr24_json.read(head + inside, "playback")
    assert (len(rows), len(rows.unreadable)) == (0, 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (json.dumps({**WHO, "track": None}), "no list of rows: 'null}'"),
        (json.dumps({**WHO, "track": {"a": 1}}), "no list of rows"),
        (written(POINT).decode() * 2, "give each track as a file of its own"),
    ],
)
def test_a_file_without_one_track_is_refused(body, words):
    with pytest.raises(TrackUnreadable, match=r"^playback: ") as caught:
        fr24_json.read(body.encode(), "playback")
    assert words in str(caught.value)


def test_files_of_other_formats_are_not_taken():
    report = [(0.0, 40.0, 50.0, 1_000.0, 400.0, "AHY8243")]
    for name, write in (made_tracks.WRITERS | made_json.WRITERS).items():
        assert (fr24_json.sniff(write(report)) is not None) == (name == fr24_json.NAME)
    for head in (b"", b"{}", b"[]", b"\0" * 100, b"<html>", b'{"track": ' * 10_000):
        assert fr24_json.sniff(head) is None


FILES = sorted((SHARED / "fr24_json").glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_point_of_the_real_files_is_read(path):
    body = path.read_bytes()
    assert fr24_json.sniff(body[:65_536]) == fr24_json.NAME
    rows = fr24_json.read(body, path.name)
    count = {"JL516": 305, "372355e5": 634}[path.stem]
    assert len(re.findall(rb'"verticalSpeed"', body)) == count
    assert rows.row.tolist() == list(range(1, count + 1))
    assert not rows.unreadable
    track = json.loads(body)["result"]["response"]["data"]["flight"]["track"]
    assert rows.columns["time_s"].tolist() == [point["timestamp"] for point in track]
    zero = sum(point["altitude"]["feet"] == 0 for point in track)
    assert np.isnan(rows.columns["altitude_ft"]).sum() == zero == {"JL516": 3, "372355e5": 113}[path.stem]
    who = {"JL516": (("8467d8",), ("JAL516",)), "372355e5": (("4baac6",), ("THY9BP",))}
    assert (rows.icao24.names, rows.callsign.names) == who[path.stem]


@pytest.mark.skipif(not FILES, reason="the shared real files are not here")
def test_a_point_of_a_real_file_by_hand():
    rows = fr24_json.read((SHARED / "fr24_json" / "JL516.json").read_bytes(), "JL516.json")
    assert values(rows, 1) == READ


@pytest.mark.skipif(not FILES, reason="the shared real files are not here")
def test_the_same_flight_as_json_and_as_csv_has_the_same_times_and_places():
    played = fr24_json.read((SHARED / "fr24_json" / "JL516.json").read_bytes(), "JL516.json")
    loaded = fr24_csv.read((SHARED / "fr24_csv" / "JL516.csv").read_bytes(), "JL516.csv")
    assert len(played) == len(loaded) == 305
    assert played.columns["time_s"].tolist() == loaded.columns["time_s"].tolist()
    places = [rows.columns[name] for rows in (played, loaded) for name in ("lat_deg", "lon_deg")]
    assert distance_m(*places).max() < 200
    for name in ("altitude_ft", "ground_speed_kt", "track_deg", "on_ground"):
        np.testing.assert_array_equal(played.columns[name], loaded.columns[name])
