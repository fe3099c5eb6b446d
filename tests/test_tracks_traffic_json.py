"""JSON of the ``traffic`` library: records, columns, what is stale, what is broken."""

from __future__ import annotations

import json

import numpy as np
import pytest
from made_tracks import START_S

from geo import tracks
from geo.errors import TrackUnreadable
from geo.model import REASONS
from geo.tracks.objects import parsed

RECORDS = [
    {
        "timestamp": round((START_S + index) * 1000),
        "last_position": round((START_S + min(index, 3)) * 1000) - 200,
        "icao24": "600841",
        "callsign": "AHY8243",
        "latitude": 40 + min(index, 3) / 1_000,
        "longitude": 50.0,
        "altitude": 1_000 + 10 * index,
        "groundspeed": None,
        "onground": False,
    }
    for index in range(6)
]


def columns() -> dict[str, dict[str, object]]:
    return {name: {str(index): record[name] for index, record in enumerate(RECORDS)} for name in RECORDS[0]}


@pytest.mark.parametrize("form", [RECORDS, columns()])
def test_records_and_columns_read_alike(form):
    reading = tracks.read(json.dumps(form).encode())
    track = reading.legs[0].track
    assert (reading.format, reading.legs[0].icao24, reading.legs[0].callsign) == ("traffic-json", "600841", "AHY8243")
    assert track.time_s.tolist() == [START_S + index for index in range(6)]
    assert track.altitude_ft.tolist() == [1_000, 1_010, 1_020, 1_030, 1_040, 1_050]
    assert np.isnan(track.ground_speed_kt).all()
    assert track.on_ground.tolist() == [0] * 6


def test_a_position_that_is_only_repeated_is_stale():
    reading = tracks.read(json.dumps(RECORDS).encode())
    assert [REASONS[code] for code in reading.legs[0].track.reason] == ["accepted"] * 4 + ["stale position"] * 2
    assert reading.report.rejections[0].detail == "its position was last heard at 03:55:02.800, 1.2 s before"


def test_a_position_heard_long_before_its_row_is_stale_even_the_first_time():
    old = [RECORDS[0] | {"last_position": round((START_S - 20) * 1000)}, *RECORDS[1:]]
    assert tracks.read(json.dumps(old).encode()).report.rejections[0].row == 1


def test_times_in_text_and_numbers_that_json_has_not():
    record = RECORDS[0] | {"timestamp": "2024-12-25T03:55:00.000Z", "groundspeed": float("nan")}
    track = tracks.read(json.dumps([record]).encode()).legs[0].track
    assert track.time_s.tolist() == [START_S]
    assert np.isnan(track.ground_speed_kt[0])


@pytest.mark.parametrize("cut", [1, 5, 40, 120])
def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(cut):
    report = tracks.read(json.dumps(RECORDS).encode()[:-cut]).report
    assert report.unreadable == 1
    assert report.unreadables[0].detail == "the file breaks off here"
    assert report.read - 1 == report.unreadables[0].row - 1 >= 5


def test_nesting_without_end_is_refused():
    nested = json.dumps(RECORDS[:2]).encode()[:-2] + b',"x":' + b"[" * 100_000
    assert [one.row for one in tracks.read(nested).report.unreadables] == [2]
    with pytest.raises(TrackUnreadable, match="breaks off or is damaged"):
        tracks.read(nested + b"]" * 100_000 + b"}]")


def test_more_than_may_be_parsed_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(parsed, "MAX_BYTES", 500)
    with pytest.raises(TrackUnreadable, match="is more than 500; cut it"):
        tracks.read(json.dumps(RECORDS).encode())
