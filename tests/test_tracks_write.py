"""A track written as CSV and read back is the same track."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from made_tracks import START_S, WRITERS, reports, straight

from geo import tracks


def same(track, other):
    assert (track.icao24, track.callsign) == (other.icao24, other.callsign)
    for name, column in track.columns().items():
        if name != "row":
            assert np.array_equal(column, getattr(other, name), equal_nan=True), name


@pytest.mark.parametrize("name", sorted(WRITERS))
@given(rows=reports)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_reads_back(name, rows, tmp_path):
    for leg in tracks.read(WRITERS[name](rows)).legs:
        tracks.to_csv(leg.track, tmp_path / "out.csv")
        (again,) = tracks.read(tmp_path / "out.csv").legs
        same(leg.track, again.track)


def test_state_reason_and_the_row_it_came_from_are_in_the_file(tmp_path):
    track, _ = tracks.judge(straight(4).replace(lat_deg=np.array([40.0, 91, 40.04, 40.06]), row=np.array([5, 6, 8, 9])))
    tracks.to_csv(track, tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert [row["state"] for row in rows] == ["received", "rejected", "received", "received"]
    assert [row["reason"] for row in rows] == ["accepted", "out of range", "accepted", "accepted"]
    assert [row["source_row"] for row in rows] == ["5", "6", "8", "9"]
    assert rows[0]["time"] == "2024-12-25T03:55:00Z"


@pytest.mark.parametrize("part", [0.0, 0.5, 0.515, 0.000001, 0.123456])
def test_times_keep_their_microseconds(part, tmp_path):
    track = straight(3).replace(time_s=np.array([START_S + part, START_S + 10, START_S + 20]))
    tracks.to_csv(track, tmp_path / "out.csv")
    assert tracks.read(tmp_path / "out.csv").legs[0].track.time_s.tolist() == track.time_s.tolist()


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(OSError, match=r"out\.csv"):
        tracks.to_csv(straight(3), tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
