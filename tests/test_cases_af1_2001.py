"""The case AF1 of 11 September 2001: its track is the one that its script makes, and its events agree with it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from shipped_cases import event, shipped

from geo import tracks
from geo.geodesy import distance_m, inverse
from geo.model import Evidence, PathBasis
from geo.resources import cache_folder, data
from geo.route import trace

if TYPE_CHECKING:
    from types import ModuleType

    from geo.model import Track


def make_track() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_track", data("cases", "af1-2001", "make_track.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def recorded() -> Track:
    return shipped("af1-2001").recorded[0]


def test_the_track_of_af1_is_the_one_that_its_script_makes() -> None:
    track = data("cases", "af1-2001", "track.csv").read_bytes()
    assert hashlib.sha256(track).hexdigest() == make_track().TRACK_SHA256


def waypoint(**other: object) -> dict[str, object]:
    made: dict[str, object] = {
        "utc": "2001-09-11T13:54:41Z",
        "lat": 27.4868,
        "lon": -82.5386,
        "alt_ft": 800,
        "site": "SEA11",
        "alt_src": "modec",
        "source": "radar",
    }
    return made | other


def test_the_script_of_af1_turns_each_return_into_a_row() -> None:
    header, *rows = make_track().convert(json.dumps([waypoint(), waypoint()]).encode()).splitlines()
    assert header == "time,lat,lon,altitude_ft,callsign,sensor"
    assert rows == ["2001-09-11T13:54:41Z,27.4868,-82.5386,800,AF1,SEA11"] * 2


@pytest.mark.parametrize("other", [{"source": "estimated"}, {"alt_src": "anchor"}])
def test_the_script_of_af1_takes_no_estimated_position(other: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="row 2 is no radar return"):
        make_track().convert(json.dumps([waypoint(), waypoint(**other)]).encode())


def test_the_script_of_af1_refuses_another_file(tmp_path: Path) -> None:
    other = tmp_path / "af1_leg1_waypoints.json"
    other.write_bytes(b"[]")
    with pytest.raises(ValueError, match="SHA-256"):
        make_track().read(other)


def test_the_track_of_af1_made_again_has_the_same_bytes() -> None:
    script = make_track()
    returns = Path(os.environ.get("FLIGHTCASE_RADES_WAYPOINTS", cache_folder() / script.WAYPOINTS))
    if not returns.is_file():
        pytest.skip(f"{script.WAYPOINTS} is not at hand; name it in FLIGHTCASE_RADES_WAYPOINTS")
    again = script.convert(script.read(returns)).encode()
    assert again == data("cases", "af1-2001", "track.csv").read_bytes()


def test_every_row_of_the_track_of_af1_is_accepted_and_no_two_leave_a_gap() -> None:
    reading = tracks.read(data("cases", "af1-2001", "track.csv"))
    assert (reading.report.read, reading.report.accepted) == (97, 97)
    assert int(recorded().accepted.sum()) == 97
    route = trace(shipped("af1-2001"))
    shape = [(stretch.evidence, stretch.basis) for stretch in route.stretches]
    assert shape == [(Evidence.RECEIVED, PathBasis.MEASURED), (Evidence.SILENT, PathBasis.BRIDGED)]


def test_the_turn_to_the_west_is_where_the_track_has_it() -> None:
    track, turn = recorded(), event("af1-2001", "turns-west")
    legs = inverse(track.lat_deg[:-1], track.lon_deg[:-1], track.lat_deg[1:], track.lon_deg[1:])
    course = np.asarray(legs.azimuth_deg) % 360
    leaves = track.time_s[:-1]
    before = course[(leaves >= turn.time.start.timestamp() - 600) & (leaves < turn.time.start.timestamp())]
    after = course[(leaves >= turn.time.end.timestamp()) & (leaves < turn.time.end.timestamp() + 600)]
    assert before == pytest.approx(23, abs=3)
    assert after == pytest.approx(294, abs=11)
    commission = next(claim for claim in turn.claims if claim.sources == ("K01",))
    assert commission.time is not None
    assert turn.time.start <= commission.time.start <= turn.time.end


def test_the_altitudes_of_the_events_are_those_of_the_track() -> None:
    track, cruise = recorded(), event("af1-2001", "cruise").time
    level = (track.time_s >= cruise.start.timestamp()) & (track.time_s <= cruise.end.timestamp())
    assert set(track.altitude_ft[level]) == {39_000}
    assert float(track.altitude_ft.max()) == 39_000
    for name, at in (("first-return", 0), ("last-return", -1)):
        found = event("af1-2001", name)
        assert found.time.start.timestamp() == track.time_s[at]
        assert found.altitude is not None
        assert found.altitude.ft == track.altitude_ft[at]


def test_the_distances_in_the_texts_are_those_of_the_track() -> None:
    track, places = recorded(), shipped("af1-2001").places
    start, end = places["sarasota"], places["barksdale"]
    first = float(distance_m(start.lat, start.lon, track.lat_deg[0], track.lon_deg[0]))
    last = float(distance_m(end.lat, end.lon, track.lat_deg[-1], track.lon_deg[-1]))
    assert round(first / 1000) == 10
    assert round(last / 1000) == 83


def test_the_attribution_is_called_inferred() -> None:
    assert event("af1-2001", "track-attributed").grade.value == "inferred"
    assert "inferred" in shipped("af1-2001").remarks.said("en")
