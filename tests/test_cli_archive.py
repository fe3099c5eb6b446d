from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise

import pyarrow.parquet as pq
import pytest
from made_archive import lay
from made_flown import UATE, UBBB, URMG, T, flight, jump, line, rows

from geo.archive.saving import SUFFIXES
from geo.cli import main
from geo.cli.archive_where import area_of, box

HOSTILE = "AB\x1b[2J\u202eCD"
SPAN = ("--from", "2024-12-25T00:00Z", "--to", "2024-12-26T00:00Z")
USUAL = T + timedelta(hours=12)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """One flight to Grozny; one that strayed; one that landed at Aktau; one with a callsign made to do harm; jumps."""
    paths = {"600841": line(UBBB, URMG), "600842": line(UBBB, URMG, off_km=60), "600843": line(UBBB, UATE)}
    paths["600844"] = line(UATE, URMG)
    names = {"600841": "AHY8243", "600842": "AHY8243", "600843": "AHY8243", "600844": HOSTILE}
    ends = {"600841": "UBBB:URMG", "600842": "UBBB:URMG", "600843": "UBBB:UATE", "600844": "UATE:URMG"}
    starts = {"600841": T, "600842": USUAL, "600843": T, "600844": T}
    blocks = [rows(icao24, names[icao24], *path, start=starts[icao24]) for icao24, path in paths.items()]
    flights = [
        flight(icao24, names[icao24], *path, start=starts[icao24], of=ends[icao24]) for icao24, path in paths.items()
    ]
    jumps = [
        jump("600841", T + timedelta(minutes=20), (43.4, 45.9), (30.1, 31.4)),
        jump("7e2010", T + timedelta(minutes=21), (50.0, 179.5), (50.5, -179.5)),
    ]
    return str(lay(tmp_path_factory.mktemp("cli"), blocks, flights, jumps))


@pytest.fixture
def run(capsys, root):
    """Ask the archive: the exit status, standard output and standard error."""

    def command(name: str, *arguments: str, span: tuple[str, ...] = SPAN) -> tuple[int, str, str]:
        status = main(("archive", name, root, *span, *arguments))
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def found(told):
    assert told[0] == 0, told[2]
    return [row["icao24"] for row in json.loads(told[1])["rows"]]


@pytest.mark.parametrize(
    ("arguments", "whose"),
    [
        (["flights"], ["600841", "600843", "600844", "600842"]),
        (["flights", "--icao24", "600843", "--icao24", "600844"], ["600843", "600844"]),
        (["flights", "--callsign", "ahy8243", "--origin", "UBBB", "--destination", "Grozny"], ["600841", "600842"]),
        (["flights", "--destination", "SCO"], ["600843"]),
        (["near", "--of", "Grozny", "--km", "20"], ["600841", "600842", "600844"]),
        (["near", "--of", "43.86,51.09", "--km", "5"], ["600844", "600843"]),
        (["near", "--of", "-43.86,51.09", "--km", "5"], []),
        (["inside", "--box", "43,50.9,44,51.2"], ["600844", "600843"]),
        (["jumps"], ["600841", "7e2010"]),
        (["jumps", "--box", "49,179,51,-179"], ["7e2010"]),
        (["jumps", "--of", "30.1,31.4", "--km", "1"], ["600841"]),
        (["strayed", "--origin", "UBBB", "--destination", "URMG", "--km", "30"], ["600842"]),
        (["diverted", "--origin", "GYD", "--destination", "Grozny"], ["600843"]),
        (["diverted", "--origin", "UBBB", "--destination", "URMG", "--callsign", "AHY1", "--also-lost"], []),
    ],
)
def test_questions_answer_in_json(run, arguments, whose):
    answer = found(run(*arguments, "--json"))
    assert sorted(answer) == sorted(whose) if arguments[0] in ("near", "inside") else answer == whose


def test_positions_have_every_column(run):
    told = json.loads(run("positions", "--icao24", "600841", "--json")[1])
    assert len(told["rows"]) == 300
    assert told["rows"][1]["time"] == "2024-12-25T04:00:10.000Z"
    assert (told["rows"][0]["lat"], told["rows"][0]["altitude_ft"], told["missing_days"]) == (40.467498, None, [])


def test_a_screen_shows_an_aligned_table_and_how_many_more_there_are(run):
    status, out, err = run("positions", "--icao24", "600841", "--limit", "3")
    lines = out.splitlines()
    assert (status, err) == (0, "297 more rows; -o OUT writes all\n")
    assert lines[0].split()[:5] == ["time", "icao24", "callsign", "lat", "lon"]
    assert lines[1].split()[:6] == ["2024-12-25", "04:00:00Z", "600841", "AHY8243", "40.46750", "50.04670"]
    assert len(lines) == 4
    assert len({line.index("AHY8243") for line in lines[1:]}) == 1


def test_a_limit_holds_for_json_too(run):
    status, out, err = run("positions", "--icao24", "600841", "--json", "--limit", "299")
    assert (status, len(json.loads(out)["rows"]), err) == (0, 299, "1 more rows; -o OUT writes all\n")


def test_jumps_by_hour(run):
    status, out, _ = run("jumps", "--by", "hour")
    assert status == 0
    names = "hour  *cell_lat  *cell_lon  *jumps  *aircraft  *away  *into  *median_km  *greatest_km"
    assert re.fullmatch(names, out.splitlines()[0])
    assert out.splitlines()[1].split()[:4] == ["2024-12-25", "04:00:00Z", "30", "31"]


def test_hostile_text_does_nothing_to_a_terminal(run):
    for arguments in (("flights",), ("flights", "--json"), ("near", "--of", "Grozny", "--km", "20"), ("track",)):
        more = ("--icao24", "600844") if arguments == ("track",) else ()
        status, out, err = run(*arguments, *more)
        assert status == 0
        assert all(sign.isprintable() or sign == "\n" for sign in out + err)
    assert json.loads(run("flights", "--json")[1])["rows"][2]["callsign"] == HOSTILE


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rows_are_written_as_the_suffix_says(run, tmp_path, suffix):
    out = tmp_path / f"flights{suffix}"
    status, said, _ = run("flights", "-o", str(out), "--json")
    assert (status, json.loads(said)) == (0, {"path": str(out), "written": 4, "missing_days": []})
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    if suffix == ".parquet":
        table = pq.read_table(out)
        assert str(table.schema.field("first_time").type) == "timestamp[ms, tz=UTC]"
        held = table.to_pylist()
    elif suffix == ".csv":
        held = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
        assert held[0]["first_time"] == "2024-12-25T04:00:00.000Z"
    elif suffix == ".geojson":
        features = json.loads(out.read_bytes())["features"]
        assert features[0]["geometry"]["coordinates"] == [[50.0467, 40.467498], [45.6997, 43.3881]]
        held = [feature["properties"] for feature in features]
    elif suffix == ".json":
        held = json.loads(out.read_bytes())["rows"]
    else:
        held = [json.loads(row) for row in out.read_text(encoding="utf-8").splitlines()]
    assert [row["icao24"] for row in held] == ["600841", "600843", "600844", "600842"]
    assert held[2]["callsign"] == (r"AB\u{1b}[2J\u{202e}CD" if suffix == ".csv" else HOSTILE)


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        (["near", "--of", "URMG", "--km", "20"], {"Point"}),
        (["inside", "--box", "43,45,44,46"], {"MultiPoint"}),
        (["jumps"], {"LineString", "MultiLineString"}),
        (["jumps", "--by", "hour"], {"Polygon"}),
        (["strayed", "--origin", "UBBB", "--destination", "URMG", "--km", "30"], {"Point"}),
        (["positions", "--icao24", "600841"], {"Point"}),
    ],
)
def test_geojson_draws_what_was_received_and_no_more(run, tmp_path, arguments, kinds):
    out = tmp_path / "map.geojson"
    assert run(*arguments, "-o", str(out))[0] == 0
    features = json.loads(out.read_bytes())["features"]
    assert {feature["geometry"]["type"] for feature in features} == kinds
    if arguments == ["jumps"]:
        assert features[1]["geometry"]["coordinates"][0][-1] == [180.0, 50.25]


def test_a_track_is_reported_like_a_file_and_written(run, tmp_path):
    out = tmp_path / "track.csv"
    status, said, _ = run("track", "--icao24", "600841", "-o", str(out))
    assert status == 0
    assert "rows: 300 read, 300 accepted, 0 rejected, 0 unreadable" in said
    assert "leg 1: AHY8243 (600841)" in said
    assert out.read_text(encoding="utf-8").count("\n") == 301
    told = json.loads(run("track", "--icao24", "600841", "--json")[1])
    assert (told["rows"]["accepted"], told["missing_days"]) == (300, [])


def test_it_shows_how_far_it_is(run, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("geo.cli.output.progress", lambda share, words: shown.append((share, words)))
    assert run("flights")[0] == run("flights", "-o", str(tmp_path / "flights.csv"))[0] == 0
    assert shown[-1] == (1.0, "asking the archive")
    assert all(0 <= share <= 1 for share, _ in shown)


def test_days_that_are_not_there_are_told_on_standard_error(run):
    span = ("--from", "2024-12-22T00:00Z", "--to", "2024-12-27T00:00Z")
    status, out, err = run("flights", "--json", span=span)
    assert (status, len(json.loads(out)["rows"])) == (0, 4)
    assert json.loads(out)["missing_days"] == ["2024-12-22", "2024-12-23", "2024-12-24", "2024-12-26"]
    assert "not in the archive, so nothing is known of it: 2024-12-22 to 2024-12-24, 2024-12-26" in err


def test_nothing_found_is_an_answer_only_where_something_is_known(run):
    assert run("flights", "--icao24", "ffffff")[::2] == (0, "nothing was found\n")
    status, out, err = run("flights", "--json", span=("--from", "2023-01-01T00:00Z", "--to", "2023-01-02T00:00Z"))
    assert (status, json.loads(out)) == (1, {"rows": [], "missing_days": ["2023-01-01"]})
    assert "nothing is known of it: 2023-01-01" in err
    status, _, err = run("track", "--icao24", "600841", span=("--from", "2023-01-01T00Z", "--to", "2023-01-02T00Z"))
    assert (status, "the archive holds none of these days" in err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["flights", "--origin", "Baku"], "Baku has 2 aerodromes; say which:\n  UBBB"),
        (["flights", "--origin", "Qqqqzzzzx"], "no place is called"),
        (["flights", "--icao24", "xyz"], "no ICAO 24-bit address"),
        (["flights", "-o", "flights.xlsx"], "rows are written as .csv, .parquet"),
        (["track", "--icao24", "600841", "-o", "track.xlsx"], "a track is written as .csv"),
        (["near", "--of", "Grozny", "--km", "20000"], "up to 10,000 km"),
        (["inside", "--area", "nothing.geojson"], "nothing.geojson"),
        (["strayed", "--origin", "UBBB", "--destination", "UBBB", "--km", "5"], "name two places"),
    ],
)
def test_what_is_at_fault_in_the_input_is_told_with_status_1(run, arguments, said):
    status, out, err = run(*arguments)
    assert (status, out, said in err) == (1, "", True), err
    assert said.splitlines()[0] in json.loads(run(*arguments, "--json")[1])["error"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["jumps", "--of", "Grozny"], "--of and --km go together"),
        (["inside"], "one of the arguments --area --box is required"),
        (["inside", "--box", "44,45,43,46"], "the south less than the north"),
        (["inside", "--box", "44,45,43"], "write S,W,N,E"),
        (["inside", "--box", "43,-180,44,180"], "360° wide"),
        (["near", "--of", "Grozny", "--km", "-5"], "is no distance"),
        (["flights", "--limit", "0"], "is no number of rows"),
        (["flights", "--from", "2024-12-25T05:00"], "has no zone"),
    ],
)
def test_wrong_usage_ends_with_status_2(run, capsys, arguments, said):
    with pytest.raises(SystemExit, match="2"):
        run(*arguments)
    assert said in capsys.readouterr().err


def test_a_city_with_one_aerodrome_is_taken_for_it_and_that_is_told(run):
    status, _, err = run("flights", "--destination", "Aktau")
    assert (status, "Aktau: taken for UATE, Aktau International Airport" in err) == (0, True)
    status, _, err = run("flights", "--destination", "Hirtshals")
    assert "no aerodrome is known there; flights within 10 km" in err


@pytest.mark.parametrize(
    ("word", "corners"),
    [
        ("-34,18,-33,19", [(-34, 18), (-34, 19), (-33, 19), (-33, 18)]),
        ("49,179,51,-179", [(49, 179), (49, -179), (51, -179), (51, 179)]),
    ],
)
def test_a_box_is_its_corners(word, corners):
    assert box(word) == corners


def test_no_edge_of_a_wide_box_goes_the_other_way_round(run):
    lons = [lon for _, lon in box("40,-170,45,170")]
    assert max(abs(one - other) for one, other in pairwise(lons[:5])) <= 90
    assert found(run("inside", "--box", "43,-170,44,170", "--json")) != []
    assert found(run("inside", "--box", "43,60,44,40", "--json")) == []


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon", "Feature", "FeatureCollection", "GeometryCollection"])
def test_an_area_is_any_polygon_of_geojson(run, tmp_path, kind):
    ring = [[50.9, 43.5], [51.2, 43.5], [51.2, 44], [50.9, 44], [50.9, 43.5]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    shapes = {
        "Polygon": polygon,
        "MultiPolygon": {"type": "MultiPolygon", "coordinates": [[ring]]},
        "Feature": {"type": "Feature", "properties": {}, "geometry": polygon},
        "GeometryCollection": {"type": "GeometryCollection", "geometries": [polygon]},
    }
    nothing = {"type": "Feature", "properties": {}, "geometry": None}
    shapes["FeatureCollection"] = {"type": "FeatureCollection", "features": [nothing, shapes["Feature"]]}
    file = tmp_path / "area.geojson"
    file.write_text(json.dumps(shapes[kind]), encoding="utf-8")
    assert area_of(str(file)) == {"type": "MultiPolygon", "coordinates": [[ring]]}
    assert sorted(found(run("inside", "--area", str(file), "--json"))) == ["600843", "600844"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html>", "it is no GeoJSON"),
        ("[1]", "it is no GeoJSON"),
        ('{"type": "Point", "coordinates": [1, 2]}', "it holds no Polygon"),
        ('{"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}', "three corners"),
    ],
)
def test_a_file_that_holds_no_area_is_refused(run, tmp_path, text, said):
    file = tmp_path / "area.geojson"
    file.write_text(text, encoding="utf-8")
    status, _, err = run("inside", "--area", str(file))
    assert (status, said in err) == (1, True), err


def test_what_was_there_stays_when_writing_fails(run, tmp_path):
    out = tmp_path / "flights.csv"
    out.write_text("mine", encoding="utf-8")
    assert run("flights", "-o", str(tmp_path / "nowhere" / "flights.csv"))[0] == 1
    assert run("flights", "--icao24", "xyz", "-o", str(out))[0] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["flights.csv"]
    assert out.read_text(encoding="utf-8") == "mine"


def test_without_the_extra_it_says_what_to_install(root):
    block = "import sys; sys.modules['ibis'] = sys.modules['duckdb'] = None; from geo.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", block, "archive", "flights", root, *SPAN], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install 'flightcase[archive]'" in done.stderr
    assert "Traceback" not in done.stderr
