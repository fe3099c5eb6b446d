"""The track of a flight from OpenSky's interface: its units, the ground, and what is broken in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import made_json
import made_tracks
import numpy as np
import pytest

from geo.errors import TrackUnreadable
from geo.tracks import opensky_tracks

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

TIME = 1_517_230_790
POINT = [TIME, 50.0333, 8.5706, 3_048, 70.5, False]


def written(*path: Any, **header: Any) -> bytes:
    head = {"icao24": "3c4b26", "callsign": "DLH400  ", "startTime": TIME, "endTime": TIME + 10}
    return json.dumps(head | header | {"path": list(path)}).encode()


def read(*path: Any, **header: Any) -> Rows:
    return opensky_tracks.read(written(*path, **header), "track")


def values(rows: Rows, index: int = 0) -> dict[str, float]:
    return {name: float(column[index]) for name, column in rows.columns.items() if not np.isnan(column[index])}


def test_a_point_is_read_in_the_units_of_a_track():
    rows = read(POINT)
    assert values(rows) == {
        "time_s": TIME,
        "lat_deg": 50.0333,
        "lon_deg": 8.5706,
        "altitude_ft": pytest.approx(10_000),
        "track_deg": 70.5,
        "on_ground": 0,
    }
    assert (rows.icao24.names, rows.callsign.names, rows.row.tolist()) == (("3c4b26",), ("DLH400",), [1])
    assert rows.ordered


def test_on_the_ground_altitude_0_is_none():
    assert values(read([TIME, 50.0, 8.5, 0, 250.0, True])) == {
        "time_s": TIME,
        "lat_deg": 50,
        "lon_deg": 8.5,
        "track_deg": 250,
        "on_ground": 1,
    }
    assert values(read([TIME, 50.0, 8.5, 0, 250.0, False]))["altitude_ft"] == 0


def test_what_is_null_is_none():
    assert values(read([TIME, None, None, None, None, None], callsign=None)) == {"time_s": TIME}
    assert read(POINT, callsign=None).callsign.codes.tolist() == [-1]


def test_a_callsign_may_be_spelt_as_in_the_documentation():
    assert opensky_tracks.read(written(POINT).replace(b'"callsign"', b'"calllsign"'), "t").callsign.names == ("DLH400",)


def test_the_flight_may_stand_behind_its_path():
    body = json.dumps({"icao24": "3c4b26", "path": [POINT], "callsign": "DLH400"}).encode()
    assert opensky_tracks.read(body, "track").callsign.names == ("DLH400",)


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("point", "it is 'point', not a point of a path"),
        ([TIME, 50.0], "it has 2 values where a point of a path has 6 or more: '[1517230790, 50.0]'"),
        ([None, *POINT[1:]], "it has no time"),
        ([253_402_300_799, *POINT[1:]], "its time, 2.534023008e+11, is no count of seconds since 1970"),
        ([-62_135_596_800, *POINT[1:]], "its time, -6.21355968e+10, is no count of seconds since 1970"),
        ([TIME, "north", *POINT[2:]], "latitude is 'north', which is no number"),
        ([TIME, 10**400, *POINT[2:]], "a number in it is too large"),
    ],
)
def test_a_point_that_cannot_be_read_costs_only_itself(point, words):
    rows = read(POINT, point, POINT)
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    assert words in rows.unreadable[0].detail


def test_numbers_that_are_none_and_numbers_as_text():
    rows = read([TIME, float("nan"), float("inf"), "3048", 1, "1"])
    assert values(rows)["altitude_ft"] == pytest.approx(10_000)
    assert values(rows)["on_ground"] == 1
    assert np.isnan(rows.columns["lat_deg"][0])
    assert np.isinf(rows.columns["lon_deg"][0])


@pytest.mark.parametrize("inside", [b"[" * 100_000, b"[1,\0]", b'["' + b"a" * 1_000_000])
def test_hostile_points_are_one_unreadable_row(inside):
    rows = opensky_tracks.read(written().removesuffix(b"]}") + inside, "track")
    assert (len(rows), len(rows.unreadable)) == (0, 1)


def test_a_file_that_breaks_off_keeps_what_came_before():
    body = written(POINT, POINT, POINT)
    last = body.rindex(b"[1517")
    for cut in range(last + 1, len(body) - 2):
        rows = opensky_tracks.read(body[:cut], "track")
        assert (len(rows), [one.row for one in rows.unreadable]) == (2, [3])
        assert rows.icao24.names == ("3c4b26",)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"icao24": "3c4b26", "path": null}', "no list of rows: 'null}'"),
        (b'{"icao24": "3c4b26", "pa', "holds no rows"),
        (written(POINT) * 2, "give each track as a file of its own"),
    ],
)
def test_a_file_without_one_path_is_refused(body, words):
    with pytest.raises(TrackUnreadable, match=r"^track: ") as caught:
        opensky_tracks.read(body, "track")
    assert words in str(caught.value)


def test_files_of_other_formats_are_not_taken():
    report = [(0.0, 40.0, 50.0, 1_000.0, 400.0, "AHY8243")]
    for name, write in (made_tracks.WRITERS | made_json.WRITERS).items():
        assert (opensky_tracks.sniff(write(report)) is not None) == (name == opensky_tracks.NAME)
    for head in (b"", b"{}", b"[]", b"\0" * 100, b"<html>", b'{"icao24": ' * 10_000):
        assert opensky_tracks.sniff(head) is None
