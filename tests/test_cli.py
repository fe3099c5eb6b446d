from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from geo.cli import main
from geo.resources import data

FLAGSHIP = str(data("cases", "j2-8243"))
TRACK = str(data("cases", "jl516", "track.csv"))


@pytest.fixture
def run(capsys):
    """Run a command: its exit status, standard output and standard error."""

    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def answer(told: tuple[int, str, str]) -> dict:
    return json.loads(told[1])


def test_find_gives_the_clear_answer(run):
    told = run("find", "URMG", "--json")
    assert told[0] == 0
    first = answer(told)["matches"][0]
    assert (first["icao"], first["kind"], first["country"]) == ("URMG", "airport", "RU")
    keys = ["name", "kind", "lat", "lon", "country", "icao", "iata", "population", "matched", "score"]
    assert list(first) == keys


def test_find_offers_the_city_and_its_airport(run):
    kinds = [match["kind"] for match in answer(run("find", "Grozny", "--json"))["matches"]]
    assert kinds[0] == "city"
    assert "airport" in kinds


@pytest.mark.parametrize(("name", "message"), [("Victoria", "say which"), ("Qqqqzzzzx", "no place is called")])
def test_find_says_why_there_is_no_single_answer(run, name, message):
    status, _, err = run("find", name)
    assert status == 1
    assert message in err
    assert run("find", name, "--json")[0] == 1


def test_track_accounts_for_every_row(run):
    told = run("track", TRACK, "--json")
    rows = answer(told)["rows"]
    assert told[0] == 0
    assert rows["read"] == rows["accepted"] + rows["rejected"] + rows["unreadable"] == 305
    assert answer(told)["legs"][0]["callsign"] == "JAL516"


def test_track_prints_no_command_to_a_terminal(run, tmp_path):
    rows = "".join(f"2024-12-25T04:00:{second}Z,\x1b]0;x\x07\x1b[31m,43.{second},50.1\n" for second in (10, 20, 30))
    (tmp_path / "day.csv").write_text("timestamp,callsign,latitude,longitude\n" + rows, encoding="utf-8")
    status, told, _ = run("track", str(tmp_path / "day.csv"))
    assert (status, "\x1b" in told, "\\u{1b}" in told) == (0, False, True)


def test_track_converts_and_reads_its_own_output(run, tmp_path):
    out = tmp_path / "out.csv"
    assert run("track", TRACK, "-o", str(out))[0] == 0
    assert answer(run("track", str(out), "--json"))["rows"] == answer(run("track", TRACK, "--json"))["rows"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".geojson", ".gpx", ".kml", ".czml"])
def test_track_writes_every_format_and_reads_it_back(run, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    assert run("track", TRACK, "-o", str(out))[0] == 0
    found, original = (answer(run("track", str(path), "--json")) for path in (out, TRACK))
    assert found["rows"] == original["rows"]
    assert found["legs"] == original["legs"]


def test_track_chooses_a_leg_and_a_time(run, tmp_path):
    day = tmp_path / "day.csv"
    rows = [f"2024-12-25T0{hour}:00:0{second}Z,60084{hour},40,50.00{second}" for hour in (4, 5) for second in range(5)]
    day.write_text("\n".join(["time,icao24,lat,lon", *rows]), encoding="utf-8")
    out = tmp_path / "out.csv"
    status, _, said = run("track", str(day), "-o", str(out))
    assert status == 1
    assert "it holds 2 flights; say which by leg" in said
    assert run("track", str(day), "-o", str(out), "--leg", "2", "--from", "2024-12-25T05:00:02Z")[0] == 0
    (leg,) = answer(run("track", str(out), "--json"))["legs"]
    assert (leg["icao24"], leg["from"], leg["fixes"]) == ("600845", "2024-12-25T05:00:02Z", 3)


def test_track_says_which_suffixes_it_writes_and_what_a_time_is(run, tmp_path):
    status, _, said = run("track", TRACK, "-o", str(tmp_path / "out.xlsx"))
    assert (status, "out.xlsx: a track is written as .csv, .parquet" in said) == (1, True)
    with pytest.raises(SystemExit, match="2"):
        run("track", TRACK, "--from", "yesterday")


def test_what_is_piped_into_head_ends_quietly(tmp_path):
    rows = [f"2024-12-25T04:{second // 60:02d}:{second % 60:02d}Z,91,50" for second in range(3_000)]
    (tmp_path / "much.csv").write_text("\n".join(["time,lat,lon", *rows]), encoding="utf-8")
    command = f"{sys.executable} -m geo.cli track {tmp_path / 'much.csv'} | head -c 20"
    done = subprocess.run(["/bin/bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (len(done.stdout), done.stderr, done.returncode) == (20, "", 0)


def test_track_tells_how_far_it_is(run, monkeypatch):
    shown = []
    monkeypatch.setattr("geo.cli.output.progress", lambda share, words: shown.append((share, words)))
    assert run("track", TRACK)[0] == 0
    assert shown[-1] == (1.0, "judging track.csv")
    assert all(0 <= share <= 1 for share, _ in shown)


def test_track_refuses_what_is_no_track(run, tmp_path):
    page = tmp_path / "track.csv"
    page.write_text("<!doctype html><title>404</title>")
    status, out, err = run("track", str(page), "--json")
    assert status == 1
    assert "no track of a known format" in json.loads(out)["error"]
    assert "Traceback" not in err


def test_check_lists_problems_and_exits_1(run, tmp_path):
    assert run("check", FLAGSHIP)[0] == 0
    (tmp_path / "case.toml").write_text("format = 1\n")
    told = run("check", str(tmp_path), "--json")
    assert told[0] == 1
    assert {problem["where"] for problem in answer(told)["problems"]} >= {"id", "title", "flight", "intended"}


def test_render_writes_page_and_geojson(run, tmp_path):
    page, geojson = tmp_path / "a" / "page.html", tmp_path / "map.geojson"
    told = run("render", FLAGSHIP, "-o", str(page), "-o", str(geojson), "--json")
    assert told[0] == 0
    files = answer(told)["files"]
    assert [file["bytes"] for file in files] == [page.stat().st_size, geojson.stat().st_size]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(geojson.read_text())["type"] == "FeatureCollection"


def test_render_in_german_and_metres(run, tmp_path):
    page = tmp_path / "page.html"
    assert run("render", FLAGSHIP, "-o", str(page), "--language", "de", "--units", "metric")[0] == 0
    assert '<html lang="de"' in page.read_text(encoding="utf-8")


def test_render_makes_one_page_in_several_languages(run, tmp_path):
    page = tmp_path / "page.html"
    assert run("render", FLAGSHIP, "-o", str(page), "--also", "de", "--also", "ar")[0] == 0
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r'class="fc-words" lang="(\w+)" title="([^"]+)"', text)
    assert blocks == [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]


def test_render_makes_one_page_in_several_units(run, tmp_path):
    page = tmp_path / "page.html"
    assert run("render", FLAGSHIP, "-o", str(page), "--also", "de", "--also-units", "metric")[0] == 0
    blocks = re.findall(r'class="fc-words" lang="(\w+)" title="\w+" data-units="(\w+)"', page.read_text("utf-8"))
    assert blocks == [("en", "nautical"), ("de", "nautical"), ("en", "metric"), ("de", "metric")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["render", FLAGSHIP, "-o", "page.docx"], "no rendering makes page.docx"),
        (["render", FLAGSHIP, "-o", "page.html", "--language", "xx-nonsense"], "no language"),
        (["render", FLAGSHIP, "-o", "page.html", "--also", "xx-nonsense"], "no language"),
        (["render", "nowhere", "-o", "page.html"], "no case.toml"),
    ],
)
def test_render_says_what_it_cannot_do(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, _, err = run(*arguments)
    assert status == 1
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_new_makes_a_case_that_renders(run, tmp_path):
    folder = tmp_path / "mine"
    told = run("new", "--from", "RJCC", "--to", "RJTT", "--track", TRACK, str(folder), "--json")
    assert (told[0], answer(told)["path"]) == (0, str(folder))
    assert run("check", str(folder))[0] == 0
    assert run("render", str(folder), "-o", str(tmp_path / "page.html"))[0] == 0
    assert run("new", "--from", "RJCC", "--to", "RJTT", str(folder))[0] == 1


def test_new_without_a_track_says_what_is_missing(run, tmp_path):
    folder = tmp_path / "mine"
    assert run("new", "--from", "Baku", "--to", "URMG", str(folder))[0] == 0
    status, out, _ = run("check", str(folder))
    assert status == 1
    assert "no time yet" in out


def test_new_writes_nothing_when_a_place_is_not_clear(run, tmp_path):
    status, _, err = run("new", "--from", "Victoria", "--to", "URMG", str(tmp_path / "mine"))
    assert status == 1
    assert "Victoria" in err
    assert not (tmp_path / "mine").exists()


def test_schema_is_json(run):
    told = run("schema")
    assert told[0] == 0
    assert answer(told)["$id"].endswith("case-1.json")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["render", FLAGSHIP], ["find"]])
def test_wrong_usage_exits_2(arguments):
    done = subprocess.run([sys.executable, "-m", "geo.cli", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "usage: flightcase" in done.stderr


def test_check_tells_the_facts_and_what_they_rest_on(run):
    told = run("check", FLAGSHIP, "--facts", "--json")
    assert told[0] == 0
    facts = {fact["key"]: fact for fact in answer(told)["facts"]}
    assert answer(told)["problems"] == []
    assert facts["reach"]["rests_on"] == ["known", "limit:type"]
    assert facts["reach"]["from"] == "2024-12-25T04:25:00Z"
    assert facts["state.partial"]["values"]["minutes"] == pytest.approx(53.4833)
    status, out, _ = run("check", FLAGSHIP, "--facts", "--language", "de", "--units", "metric")
    assert status == 0
    assert "Erreichbares Gebiet | 04:25:00–06:07:00 | " in out
    assert "km/h" in out


def test_check_tells_a_moment(run):
    told = run("check", FLAGSHIP, "--at", "2024-12-25T05:10:00Z", "--json")
    moment = answer(told)["moment"]
    assert told[0] == 0
    assert (moment["evidence"], moment["basis"], moment["position"]) == ("silent", "bridged", None)
    grozny = next(one for one in moment["distances"] if one["icao"] == "URMG")
    assert (grozny["least_km"], grozny["rests_on"]) == (0, "reach")
    assert grozny["greatest_km"] < 100
    assert "Area within reach" in run("check", FLAGSHIP, "--at", "2024-12-25T05:10:00Z")[1]


def test_check_at_a_time_without_flight_says_so(run):
    status, _, err = run("check", FLAGSHIP, "--at", "2024-12-25T12:00:00Z")
    assert status == 1
    assert "does not cover that time" in err


def test_check_tells_no_facts_of_a_case_with_problems(run, tmp_path):
    (tmp_path / "case.toml").write_text("format = 1", encoding="utf-8")
    told = run("check", str(tmp_path), "--facts", "--json")
    assert told[0] == 1
    assert "facts" not in answer(told)
