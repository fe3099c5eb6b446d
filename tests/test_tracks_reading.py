"""The account, choosing a leg, and what the command line prints."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from made_tracks import START_S, at

from geo import tracks
from geo.errors import TrackEmpty, TrackError
from geo.tracks import Rejection, Report, Unreadable

TEXT = "\n".join(
    [
        "time,icao24,callsign,lat,lon",
        *(f"{at(10 * index)},600841,AHY8243,{40 + index / 50},50" for index in range(5)),
        *(f"{at(100 + 10 * index)},4k0065,AHY8244,{40 + index / 50},50" for index in range(3)),
        f"{at(130)},4k0065,AHY8244,91,50",
        "later,4k0065,AHY8244,41,50",
    ]
)
READING = tracks.read(TEXT.encode(), name="day.csv")


def moment(second: float) -> datetime:
    return datetime.fromtimestamp(START_S + second, UTC)


def test_an_account_that_does_not_come_out_cannot_be_made():
    with pytest.raises(ValueError, match="5 rows read are not 3 accepted, 1 rejected, 0 unreadable"):
        Report(5, 3, 1, 0, (Rejection(1, "duplicate", "x"),))
    with pytest.raises(ValueError, match="listed once"):
        Report(4, 3, 1, 0)
    with pytest.raises(ValueError, match="listed once"):
        Report(2, 0, 1, 1, (Rejection(1, "duplicate", "x"),), (Unreadable(1, "y"),))


def test_the_leg_that_was_asked_for():
    assert tracks.select(READING, callsign=" ahy8243 ").row.tolist() == [2, 3, 4, 5, 6]
    assert tracks.select(READING, icao24="4K0065").row.tolist() == [7, 8, 9, 10]
    assert tracks.select(READING, end=moment(50)).row.tolist() == [2, 3, 4, 5, 6]
    assert tracks.select(READING, callsign="AHY8243", start=moment(10), end=moment(30)).row.tolist() == [3, 4, 5]


def test_another_aircraft_several_and_none_are_answered_with_the_list():
    with pytest.raises(TrackError, match=r"day\.csv: it holds no flight with callsign JAL516; it holds:") as caught:
        tracks.select(READING, callsign="JAL516")
    assert "AHY8243 (600841), 2024-12-25T03:55:00Z to 2024-12-25T03:55:40Z, 5 fixes" in str(caught.value)
    with pytest.raises(TrackError, match="it holds 2 flights; say which by leg, callsign"):
        tracks.select(READING)
    with pytest.raises(TrackEmpty, match="no fix from 2024-12-25T05:01:40Z"):
        tracks.select(READING, callsign="AHY8243", start=moment(4_000))
    with pytest.raises(ValueError, match="need a zone"):
        tracks.select(READING, start=datetime(2024, 12, 25))  # noqa: DTZ001  that is the fault


def test_a_leg_is_chosen_by_its_number_or_its_name():
    assert tracks.select(READING, leg=2) is READING.legs[1].track
    assert tracks.select(READING, leg="2") is READING.legs[1].track
    assert tracks.select(READING, leg="ahy8243") is READING.legs[0].track
    with pytest.raises(TrackError, match="it holds no flight with number or name 9; it holds:\n  1: AHY8243"):
        tracks.select(READING, leg=9)


def test_what_the_command_line_prints():
    found = tracks.report_json(READING)
    assert found["format"] == "csv"
    assert found["rows"] == {"read": 10, "accepted": 8, "rejected": 1, "unreadable": 1}
    assert found["rejected"] == [{"row": 10, "reason": "out of range", "detail": "latitude 91 lies outside -90 to 90"}]
    assert [(one["row"], one["reason"]) for one in found["unreadable"]] == [(11, "unreadable")]
    assert (found["values"], found["notes"]) == ([], [])
    assert found["legs"][0] == {
        "icao24": "600841",
        "callsign": "AHY8243",
        "name": "AHY8243",
        "from": "2024-12-25T03:55:00Z",
        "to": "2024-12-25T03:55:40Z",
        "fixes": 5,
        "distance_km": 8.9,
        "stretches": [{"from": "2024-12-25T03:55:00Z", "to": "2024-12-25T03:55:40Z", "evidence": "received"}],
    }


def test_the_distance_is_that_of_the_accepted_positions():
    assert tracks.flown_m(READING.legs[1].track) == pytest.approx(2 * 2_221, rel=1e-3)
    assert tracks.flown_m(READING.legs[1].track.take(np.array([0]))) == 0
