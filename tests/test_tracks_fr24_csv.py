"""The Flightradar24 download."""

from __future__ import annotations

import numpy as np
import pytest
from made_tracks import SHARED, START_S

from geo import tracks
from geo.tracks import fr24_csv

HEADER = "Timestamp,UTC,Callsign,Position,Altitude,Speed,Direction\n"


def test_a_row_is_read_with_its_units():
    row = '1735098900,2024-12-25T03:55:00Z,AHY8243,"40.467500,50.046700",1200,180,350\n'
    reading = tracks.read((HEADER + row).encode())
    track = reading.legs[0].track
    assert (reading.format, reading.legs[0].callsign) == ("fr24-csv", "AHY8243")
    values = [
        track.time_s[0],
        track.lat_deg[0],
        track.lon_deg[0],
        track.altitude_ft[0],
        track.ground_speed_kt[0],
        track.track_deg[0],
    ]
    assert values == [START_S, 40.4675, 50.0467, 1_200, 180, 350]
    assert track.on_ground[0] == 0


def test_altitude_zero_is_no_measurement():
    rows = [
        '1735098900,2024-12-25T03:55:00Z,AHY8243,"40.467500,50.046700",0,3,350',
        '1735099900,2024-12-25T04:11:40Z,AHY8243,"40.467500,50.046700",0,140,350',
    ]
    track = tracks.read((HEADER + "\n".join(rows)).encode()).legs[0].track
    assert np.isnan(track.altitude_ft).all()
    assert track.on_ground[0] == 1
    assert np.isnan(track.on_ground[1])


def test_two_callsigns_in_one_download_are_two_legs_and_a_blank_one_belongs_to_the_leg_before():
    rows = [
        f'{1735098900 + 60 * index},,{who},"40.{index},50.0",1000,180,350'
        for index, who in enumerate(["A1", "", "A1", "B2", "", "B2"])
    ]
    reading = tracks.read((HEADER + "\n".join(rows)).encode())
    assert [(leg.callsign, leg.track.row.tolist()) for leg in reading.legs] == [("A1", [2, 3, 4]), ("B2", [5, 6, 7])]


def test_a_line_without_end_costs_one_row():
    row = '1735098900,2024-12-25T03:55:00Z,AHY8243,"40.467500,50.046700",1200,180,350\n'
    report = tracks.read(
        (HEADER + row + "1," * 2_000_000 + "\n" + row.replace("8900", "8910").replace(":00Z", ":10Z")).encode()
    ).report
    assert (report.read, [(one.row, one.detail[:30]) for one in report.unreadables]) == (
        3,
        [(3, "it is longer than 65,536 bytes")],
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_the_real_download():
    reading = tracks.read(SHARED / "fr24_csv" / "JL516.csv")
    assert (reading.report.read, reading.report.accepted) == (305, 305)
    assert len(reading.legs) == 1


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_the_real_download_that_ends_without_a_line_end():
    path = SHARED / "fr24_csv" / "hand_edited_excerpt.csv"
    rows = fr24_csv.read(path.read_bytes(), path.name)
    assert (len(rows), len(rows.unreadable)) == (path.read_bytes().count(b"\n"), 0) == (13, 0)
    assert (rows.column("time_s")[-1], rows.column("lat_deg")[-1], rows.row[-1]) == (1_635_481_977, 33.944855, 14)
