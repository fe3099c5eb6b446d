"""Other aircraft: read and judged as tracks are, drawn where received, named; nothing known of the flight is theirs."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_tracks import SHARED

from geo import casefile, cli, tracks
from geo.geodesy import distance_m, wrap
from geo.render import render
from geo.route import trace
from geo.scene import compose
from geo.scene.columns import decoded

if TYPE_CHECKING:
    from pathlib import Path

T0 = 1_735_098_900  # 2024-12-25T03:55:00Z
HEAD = "time,icao24,callsign,lat,lon,altitude_ft\n"
CASE = """format = 1
id = "made"
title.en = "Made"
[flight]
callsign = "TST1"
icao24 = "4b1814"
[intended]
route = [{{ name = "A", lat = {lat}, lon = {lon} }}, {{ name = "B", lat = 42, lon = {lon} }}]
basis.en = "great circle"
[[track]]
file = "track.csv"
{others}
[sources.S01]
publisher = "P"
title = "T"
"""


def rows(address: str, callsign: str, seconds, lat: float, lon: float) -> str:
    """A flight to the north-east, 170 m/s, a row for each of these seconds after T0."""
    return "".join(
        f"{T0 + s},{address},{callsign},{lat + s * 1e-3:.6f},{float(wrap(lon + s * 2e-3)):.6f},30000\n" for s in seconds
    )


def folder_of(folder: Path, others: str, lat: float = 40.0, lon: float = 50.0, **files: str) -> Path:
    (folder / "case.toml").write_text(CASE.format(others=others, lat=lat, lon=lon))
    for name, text in {"track": rows("4b1814", "TST1", range(0, 1801, 10), lat, lon), **files}.items():
        (folder / f"{name}.csv").write_text(HEAD + text)
    return folder


def scene_of(folder: Path, **more) -> dict:
    case = casefile.read(folder)
    return compose(case, trace(case), **more)


SECOND = """[[other]]
name.en = "The second"
name.de = "Das zweite"
file = "second.csv"
credit.en = "made up"
sources = ["S01"]
"""
ALL = '[[other]]\nfile = "all.csv"\neach = true\ncontext = true\n'


@pytest.fixture
def second(tmp_path):
    """One other, silent for five minutes, and heard before and after the flight."""
    seconds = [*range(-600, 600, 10), *range(900, 2400, 10)]
    return folder_of(tmp_path, SECOND, second=rows("4b1815", "TST2", seconds, 40.5, 50.5))


def times(one: dict) -> list[tuple[float, float]]:
    return [tuple(decoded(path["time"])[at] - T0 for at in (0, -1)) for path in one["paths"]]


def test_an_other_is_named_and_drawn_while_it_was_received_during_the_flight(second):
    (one,) = scene_of(second)["map"]["others"]["aircraft"]
    assert (one["name"], one["style"]) == ("The second", "other")
    assert times(one) == [(0, 590), (900, 1800)]
    assert one["fixes"] == 60 + 91
    assert scene_of(second, language="de")["map"]["others"]["aircraft"][0]["name"] == "Das zweite"


def test_its_line_is_as_near_as_the_caption_says(second):
    scene = scene_of(second)
    assert "Lines of other aircraft: within 10 m of their 151 received positions." in scene["footer"][0]
    (one,) = scene["map"]["others"]["aircraft"]
    assert one["within_m"] == 10
    seconds = np.array([*range(0, 600, 10), *range(900, 1801, 10)], dtype=float)
    time_s, lat, lon = (np.concatenate([decoded(path[key]) for path in one["paths"]]) for key in ("time", "lat", "lon"))
    at = (np.interp(T0 + seconds, time_s, each) for each in (lat, lon))
    off = distance_m(np.round(40.5 + seconds * 1e-3, 6), np.round(50.5 + seconds * 2e-3, 6), *at)
    assert float(off.max()) <= 10
    assert len(time_s) < 60


def test_the_legend_and_the_sources_have_it(second):
    scene = scene_of(second)
    assert {"style": "other", "text": "Other aircraft, received", "short": "Other aircraft, received"} in scene[
        "legend"
    ]["lines"]
    assert "traffic" not in [line["style"] for line in scene["legend"]["lines"]]
    assert "Track: made up." in scene["footer"][1]
    assert [source["id"] for source in scene["other_sources"]] == ["S01"]


def test_nothing_that_is_known_of_the_flight_rests_on_others(second, tmp_path_factory):
    alone = folder_of(tmp_path_factory.mktemp("alone"), "")
    without, beside = scene_of(alone), scene_of(second)
    assert "others" not in without["map"]
    for part in ("states", "facts_table", "profile", "time", "distances"):
        assert without[part] == beside[part]
    assert without["map"]["fit"] == beside["map"]["fit"]


def everyone() -> str:
    flights = [
        ("4b1814", "TST1", range(0, 1801, 10)),
        ("4b1815", "TST2", range(0, 900, 10)),
        ("4b1816", "TST3", range(300, 1200, 10)),
        ("4b1817", "", range(0, 600, 10)),
        ("4b1818", "LATE", range(5000, 5600, 10)),
        ("4b1819", "LONE", [700]),
    ]
    return "".join(rows(address, name, when, 40.2 + i / 10, 50) for i, (address, name, when) in enumerate(flights))


def test_each_aircraft_of_a_file_is_one_by_its_callsign_but_the_flight_is_none(tmp_path):
    scene = scene_of(folder_of(tmp_path, ALL, all=everyone()))
    listed = scene["map"]["others"]["aircraft"]
    assert [(one["name"], one["style"]) for one in listed] == [
        ("TST2", "traffic"),
        ("4B1817", "traffic"),
        ("TST3", "traffic"),
    ]
    assert "within 100 m" in scene["footer"][0]


def test_two_legs_of_one_callsign_are_one_aircraft(tmp_path):
    both = rows("4b1815", "TST2", range(0, 300, 10), 40.5, 50) + rows("4b1815", "TST2", range(900, 1200, 10), 40.5, 50)
    (one,) = scene_of(folder_of(tmp_path, ALL, all=both))["map"]["others"]["aircraft"]
    assert times(one) == [(0, 290), (900, 1190)]


def test_times_that_are_asked_for_hold_for_each_aircraft(tmp_path):
    between = ALL + "from = 2024-12-25T04:00:00Z\nto = 2024-12-25T04:05:00Z\n"
    listed = scene_of(folder_of(tmp_path, between, all=everyone()))["map"]["others"]["aircraft"]
    assert {one["name"]: times(one) for one in listed} == {
        "TST2": [(300, 600)],
        "4B1817": [(300, 590)],
        "TST3": [(300, 600)],
    }


def test_a_rejected_position_is_not_drawn(tmp_path):
    far = f"{T0 + 305},4b1815,TST2,10,10,30000\n"
    text = (
        rows("4b1815", "TST2", range(0, 310, 10), 40.5, 50)
        + far
        + rows("4b1815", "TST2", range(310, 900, 10), 40.5, 50)
    )
    case = casefile.read(folder_of(tmp_path, SECOND, second=text))
    (heard,) = case.others_recorded
    assert (heard.read, heard.accepted, heard.rejected, heard.unreadable) == (91, 90, 1, 0)
    (one,) = compose(case, trace(case))["map"]["others"]["aircraft"]
    assert min(decoded(one["paths"][0]["lat"])) > 40


def test_over_the_antimeridian_it_is_beside_the_flight_and_cut_in_an_export(tmp_path):
    folder = folder_of(tmp_path, SECOND, lon=179.0, second=rows("4b1815", "TST2", range(0, 900, 10), 40.5, -178.9))
    scene = scene_of(folder)
    (one,) = scene["map"]["others"]["aircraft"]
    assert decoded(one["paths"][0]["lon"])[0] == pytest.approx(181.1)
    crossing = folder_of(tmp_path, SECOND, lon=179.0, second=rows("4b1815", "TST2", range(0, 900, 10), 40.5, 179.5))
    exported = json.loads(render(scene_of(crossing), ".geojson"))
    (feature,) = [one for one in exported["features"] if one["id"] == "other-1"]
    assert len(feature["geometry"]["coordinates"]) == 2
    assert all(abs(lon) <= 180 for piece in feature["geometry"]["coordinates"] for lon, _ in piece)


def test_an_export_has_name_state_and_times(second):
    exported = json.loads(render(scene_of(second), ".geojson"))
    (feature,) = [one for one in exported["features"] if one["properties"]["kind"] == "other aircraft"]
    assert feature["properties"] | {"coordTimes": None} == {
        "kind": "other aircraft",
        "style": "other",
        "evidence": "received",
        "basis": "measured",
        "title": "The second",
        "within_m": 10,
        "sources": [{"id": "S01", "text": "T, P"}],
        "from": "2024-12-25T03:55:00Z",
        "to": "2024-12-25T04:25:00Z",
        "coordTimes": None,
    }
    shape = [len(piece) for piece in feature["geometry"]["coordinates"]]
    assert [len(piece) for piece in feature["properties"]["coordTimes"]] == shape
    assert len(shape) == 2


def test_check_accounts_for_every_row_of_their_files(tmp_path, capsys):
    folder = folder_of(
        tmp_path, ALL + SECOND, all=everyone() + "x,y,z\n", second=rows("4b1815", "", range(0, 99, 9), 41, 50)
    )
    assert cli.main(["check", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["others"]
    assert [(one["file"], one["tracks"]) for one in told] == [("all.csv", 5), ("second.csv", 1)]
    for one in told:
        counts = one["rows"]
        lines = (folder / one["file"]).read_text().count("\n") - 1
        assert counts["read"] == lines == counts["accepted"] + counts["rejected"] + counts["unreadable"]
    assert told[0]["rows"]["unreadable"] == 1
    assert cli.main(["check", str(folder)]) == 0
    assert "second.csv: 1 track; rows: 11 read, 11 accepted, 0 rejected, 0 unreadable" in capsys.readouterr().out


def test_a_case_with_others_written_anew_reads_as_the_same(second, tmp_path):
    case = casefile.read(second)
    new = tmp_path / "new"
    new.mkdir()
    for file in ("track.csv", "second.csv"):
        shutil.copyfile(second / file, new / file)
    casefile.write(case, new)
    assert casefile.read(new).model_dump() == case.model_dump()
    assert (new / "case.toml").read_text().count("[[other]]") == 1


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_real_traces_stand_beside_a_flight(tmp_path):
    """All legs of a day's trace as context."""
    folder = folder_of(tmp_path, "")
    readings = {file: tracks.read(file) for file in sorted((SHARED / "readsb_trace").glob("*.json"))}
    file, reading = max(readings.items(), key=lambda item: len(item[1].legs))
    start, end = int(reading.legs[0].track.time_s[0]), int(reading.legs[-1].track.time_s[-1])
    flown = "".join(f"{s},4b1814,TST1,{40 + (s - start) / 1e5:.5f},50,30000\n" for s in range(start, end, 600))
    (folder / "track.csv").write_text(HEAD + flown)
    shutil.copyfile(file, folder / file.name)
    other = f'[[other]]\nfile = "{file.name}"\neach = true\ncontext = true\n'
    (folder / "case.toml").write_text(CASE.format(others=other, lat=40, lon=50))
    scene = scene_of(folder)
    listed = scene["map"]["others"]["aircraft"]
    assert {one["name"] for one in listed} <= {leg.callsign or (leg.icao24 or "").upper() for leg in reading.legs}
    held = sum(int((leg.track.accepted & ~np.isnan(leg.track.lat_deg)).sum()) for leg in reading.legs)
    assert held * 0.9 < sum(one["fixes"] for one in listed) <= held
    assert len(render(scene, ".html")) > 0
