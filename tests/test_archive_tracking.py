"""A track out of an archive, against the same rows read from a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from made_archive import block, lay

from geo import tracks
from geo.archive import Archive
from geo.archive.block import Block, fixed, number_of
from geo.errors import ArchiveError, TrackEmpty
from geo.model import NO_POSITION, REASONS
from geo.tracks import readsb_trace
from geo.tracks.opening import opened
from geo.tracks.rows import QUANTITIES

START = datetime(2024, 12, 25, 5, tzinfo=UTC)
DAY = (datetime(2024, 12, 25, tzinfo=UTC), datetime(2024, 12, 26, tzinfo=UTC))
TRACES = Path(__file__).resolve().parents[2] / "shared" / "tracks" / "readsb_trace"
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 2, tzinfo=UTC))


def rows_of(path: Path) -> Block:
    """The rows of a trace as an archive holds them."""
    rows = readsb_trace.read(bytes(opened(path, path.name, 1 << 30, lambda _: True)), path.name)
    stale = np.zeros(len(rows), dtype=np.bool_)
    stale[list(rows.given)] = True
    small = ("nic", "nacp", "sil", "on_ground")
    columns = {
        name: np.where(np.isnan(rows.column(name)), -128, rows.column(name))
        if name in small
        else fixed({"lat_deg": "lat", "lon_deg": "lon"}.get(name, name), rows.column(name))
        for name in QUANTITIES
        if name != "time_s"
    }
    columns["lat"], columns["lon"] = columns.pop("lat_deg"), columns.pop("lon_deg")
    return Block.of(
        np.full(len(rows), number_of(path.stem.removeprefix("trace_full_"))),
        np.rint(rows.columns["time_s"] * 1000),
        **columns,
        callsign=rows.callsign.codes,
        callsigns=rows.callsign.names,
        is_stale=stale,
        begins=rows.begins,
    )


@pytest.mark.skipif(not TRACES.is_dir(), reason="the real traces are not here")
@pytest.mark.parametrize("name", ["trace_full_4d208a.json", "trace_full_a1878a.json", "trace_full_ac671b.json"])
def test_a_real_trace_comes_back_as_it_was(tmp_path, name):
    held = rows_of(TRACES / name)
    first = datetime.fromtimestamp(int(held.time_ms.min()) / 1000, UTC)
    last = datetime.fromtimestamp(int(held.time_ms.max()) / 1000, UTC) + timedelta(seconds=1)
    archive = Archive.open(lay(tmp_path, [held]))
    icao24 = name.removeprefix("trace_full_").removesuffix(".json")
    came, was = archive.reading(icao24, (first, last)), tracks.read(TRACES / name)
    assert came.report.read == was.report.read - was.report.unreadable
    assert (came.report.accepted, came.report.rejected) == (was.report.accepted, was.report.rejected)
    assert [(leg.callsign, len(leg.track)) for leg in came.legs] == [(leg.callsign, len(leg.track)) for leg in was.legs]
    for ours, theirs in zip(came.legs, was.legs, strict=True):
        assert ours.track.icao24 == icao24
        assert np.array_equal(ours.track.reason, theirs.track.reason)
        assert np.array_equal(ours.track.altitude_reason, theirs.track.altitude_reason)
        assert np.allclose(ours.track.time_s, theirs.track.time_s, atol=0.0006, rtol=0)
        assert [state[2:] for state in tracks.states(ours.track)] == [
            state[2:] for state in tracks.states(theirs.track)
        ]
        for column, off in (("lat_deg", 1e-6), ("lon_deg", 1e-6), ("altitude_ft", 0), ("ground_speed_kt", 0.051)):
            one, other = getattr(ours.track, column), getattr(theirs.track, column)
            assert np.allclose(one, other, atol=off, rtol=0, equal_nan=True), column
    whole = archive.track(icao24, (first, last))
    assert len(whole) == came.report.read
    assert np.count_nonzero(whole.accepted) == sum(np.count_nonzero(leg.track.accepted) for leg in was.legs)
    assert np.all(np.diff(whole.time_s) >= 0)


@pytest.fixture
def archive(tmp_path):
    north = 43.0 + np.arange(120) * 0.02
    stale = np.zeros(120, dtype=np.bool_)
    stale[50] = True
    lat = np.where(np.arange(120) == 50, north[49], north)
    lat = np.where(np.arange(120) == 60, 20.0, lat)
    said = {"ground_speed_kt": np.full(120, 2_400), "altitude_ft": np.full(120, 30_000), "is_stale": stale}
    one = block("4006c1", START, lat, np.full(120, 45.0), step_s=20, callsign="AHY8243", **said)
    nowhere = Block.of(one.address[:1], one.time_ms[-1:] + 20_000, altitude_ft=np.array([30_000]),
                       callsign=np.zeros(1), callsigns=("AHY8243",))  # fmt: skip
    other = block("4006c1", START + timedelta(hours=3), [43.4, 43.41], [45.7, 45.7], callsign="AHY8244",
                  begins=np.array([True, False]))  # fmt: skip
    return Archive.open(lay(tmp_path, [one, nowhere, other, block("~4006c1", START, [43.4], [45.7])]))


def test_rows_are_judged_and_all_accounted_for(archive):
    found = archive.reading("4006c1", DAY)
    assert found.format == "archive"
    assert found.report.read == 123
    assert [(one.row, one.reason) for one in found.report.rejections] == [
        (51, "stale position"),
        (61, "implausible speed"),
    ]
    assert "its source says" in found.report.rejections[0].detail
    assert [(leg.callsign, len(leg.track)) for leg in found.legs] == [("AHY8243", 121), ("AHY8244", 2)]
    assert found.legs[0].track.reason[-1] == NO_POSITION


def test_a_track_has_all_legs_in_order_of_time(archive):
    track = archive.track("4006C1", DAY)
    assert (track.icao24, track.callsign, track.source) == ("4006c1", "AHY8243", "archive, 4006c1")
    assert len(track) == 123
    assert np.array_equal(track.row, np.arange(1, 124))
    assert [REASONS[code] for code in track.reason[[50, 60]]] == ["stale position", "implausible speed"]
    part = archive.track("4006c1", (START, START + timedelta(minutes=5)))
    assert len(part) == 15
    assert part.accepted.all()


def test_an_address_that_is_not_of_icao_names_a_part(archive):
    found = archive.reading("~4006c1", DAY)
    assert [(leg.icao24, leg.part) for leg in found.legs] == [(None, "~4006c1")]
    assert len(archive.track("~4006c1", DAY)) == 1


def test_where_there_is_nothing_it_says_what_the_archive_holds(archive):
    with pytest.raises(
        TrackEmpty, match=r"archive, 4006c9: no row from 2024-12-25 00:00:00 to 2024-12-26 00:00:00 UTC$"
    ):
        archive.track("4006c9", DAY)
    with pytest.raises(TrackEmpty, match="the archive holds none of these days, but 2024-12-25"):
        archive.track("4006c1", EVER)
    longer = (DAY[0] - timedelta(days=1), START)
    with pytest.raises(TrackEmpty, match=r"the archive does not hold 2024-12-24$"):
        archive.track("4006c1", longer)
    with pytest.raises(ArchiveError, match="is no ICAO 24-bit address"):
        archive.track("AHY8243", DAY)
