"""The case JL516: its track is the one that the script beside it makes."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shipped_cases import event, shipped

from geo import tracks
from geo.resources import cache_folder, data

if TYPE_CHECKING:
    from types import ModuleType


def make_track() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_track", data("cases", "jl516", "make_track.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_track_of_jl516_is_the_one_that_its_script_makes() -> None:
    track = data("cases", "jl516", "track.csv").read_bytes()
    assert hashlib.sha256(track).hexdigest() == make_track().TRACK_SHA256


def test_the_script_of_jl516_turns_each_entry_into_a_row() -> None:
    entry = {
        "latitude": 42.770142,
        "longitude": 141.691422,
        "altitude": {"feet": 550, "meters": 168},
        "speed": {"kmh": 266.7, "kts": 144},
        "verticalSpeed": {"fpm": 2944},
        "heading": 172,
        "timestamp": 1704180458,
    }
    flight = {
        "identification": {"callsign": "JAL516"},
        "aircraft": {"identification": {"modes": "8467D8"}},
        "track": [entry, entry],
    }
    playback = json.dumps({"result": {"response": {"data": {"flight": flight}}}}).encode()
    header, *rows = make_track().convert(playback).splitlines()
    assert header == "time,lat,lon,altitude_ft,ground_speed_kt,track_deg,vertical_rate_fpm,callsign,icao24"
    assert rows == ["2024-01-02T07:27:38Z,42.770142,141.691422,550,144,172,2944,JAL516,8467d8"] * 2


def test_the_script_of_jl516_refuses_another_wheel(tmp_path: Path) -> None:
    other = tmp_path / "traffic.whl"
    other.write_bytes(b"not the wheel")
    with pytest.raises(ValueError, match="SHA-256"):
        make_track().sample(other)


def test_the_track_of_jl516_made_again_has_the_same_bytes() -> None:
    script = make_track()
    wheel = Path(os.environ.get("FLIGHTCASE_TRAFFIC_WHEEL", cache_folder() / script.WHEEL))
    if not wheel.is_file():
        pytest.skip(f"{script.WHEEL} is not at hand; name it in FLIGHTCASE_TRAFFIC_WHEEL")
    again = script.convert(script.sample(wheel)).encode()
    assert again == data("cases", "jl516", "track.csv").read_bytes()


def test_every_row_of_the_track_of_jl516_is_accepted() -> None:
    reading = tracks.read(data("cases", "jl516", "track.csv"))
    case = shipped("jl516")
    assert (reading.report.read, reading.report.accepted) == (305, 305)
    assert [leg.icao24 for leg in reading.legs] == [case.flight.icao24]
    assert case.flight.killed == 0
    assert len(case.recorded[0]) == 305
    assert int(case.recorded[0].accepted.sum()) == 305


def test_the_clearance_comes_before_the_collision_and_the_last_position() -> None:
    names = (
        "take-off",
        "first-call-tower",
        "cleared-to-land",
        "holding-point-c5",
        "enters-runway",
        "collision",
        "all-out",
    )
    starts = [event("jl516", name).time.start for name in names]
    assert starts == sorted(starts)
    track = shipped("jl516").recorded[0]
    assert event("jl516", "last-position").time.start.timestamp() == track.time_s[-1]
