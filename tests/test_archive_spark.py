"""A real cluster of Spark on this machine: the same questions have the same answers as on DuckDB."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import made_archive
import numpy as np
import pytest
import spark_cluster

pytest.importorskip("duckdb")
pytest.importorskip("ibis")
pytest.importorskip("pyspark")

import archive_plants

from benchmarks.archive_asked import FIRST, SECOND
from benchmarks.archive_key import Key
from benchmarks.archive_plants import GROZNY
from geo.archive import Archive, build, executors, spark
from geo.archive.block import NONE_8
from geo.archive.catalogue import Catalogue
from geo.cli import main
from geo.errors import ArchiveError

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(bool(spark_cluster.java()), reason=str(spark_cluster.java())),
    # pyspark leaves the sockets over which it reads results to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

DAY = datetime(2024, 12, 25, tzinfo=UTC)
BETWEEN = (DAY + timedelta(hours=5), DAY + timedelta(hours=7))
DAYS = (DAY, DAY + timedelta(days=2))


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    with spark_cluster.cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


@pytest.fixture(scope="module")
def engine(master, tmp_path_factory):
    with spark_cluster.driver(master, tmp_path_factory.mktemp("driver")) as connection:
        yield connection


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Two days of made flights, a tar and a folder."""
    return archive_plants.sources(tmp_path_factory.mktemp("sources"), Key({FIRST: [], SECOND: []}))


@pytest.fixture(scope="module")
def root(tmp_path_factory, sources):
    """Their archive, built in this process."""
    return build(sources, tmp_path_factory.mktemp("archive") / "of [two] days", workers=1).root


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Rows that no receiver would send so close together: ties, silences, whatever can be missing."""
    at = BETWEEN[0] + timedelta(milliseconds=123)
    rows = 60
    run = np.arange(rows)
    way = {"lat": np.full(rows, 43.31), "lon": np.linspace(45.4, 45.9, rows)}
    blocks = [
        made_archive.block(
            "600841", at, way["lat"], way["lon"], 6.25, callsign="AHY8243", altitude_ft=run * 25 - 100,
            ground_speed_kt=4000 + run, track_deg=run * 9 % 3600, is_stale=run % 50 == 7,
            on_ground=np.where(run < 5, 1, np.where(run < 9, NONE_8, 0)),
        ),
        # the same way twice, an hour apart: two passes; every place at two times; no callsign
        made_archive.block("3c6444", at, way["lat"], np.repeat(way["lon"][::2], 2), 10),
        made_archive.block("3c6444", at + timedelta(hours=1), way["lat"], way["lon"][::-1], 10),
        made_archive.block("~2a0001", at, way["lat"], way["lon"] - 0.2, 0.001, callsign="A"),
        made_archive.block("~2a0001", at, way["lat"], way["lon"], 0.001, callsign="B"),
    ]  # fmt: skip
    return made_archive.lay(tmp_path_factory.mktemp("odd"), blocks)


CIRCLE = [
    (GROZNY[0] + 0.4 * math.sin(math.radians(one)), GROZNY[1] + 0.5 * math.cos(math.radians(one)))
    for one in range(0, 360, 10)
]
QUESTIONS = {
    "positions": lambda one: one.positions(["60f001", "3C5005"], DAYS),
    "near": lambda one: one.near(GROZNY, 50, (DAY + timedelta(hours=2), DAY + timedelta(hours=8))),
    "near, antimeridian": lambda one: one.near((51.5, 179.9), 100, DAYS),
    "near, pole": lambda one: one.near((90, 77), 50, DAYS),
    "inside": lambda one: one.inside([(42.5, 45), (44, 45.2), (43.9, 46.4), (42.4, 46.3)], DAYS),
    "inside, many corners": lambda one: one.inside(CIRCLE, DAYS),
    "inside, antimeridian": lambda one: one.inside([(50, 178), (50, -178), (53, -178), (53, 178)], DAYS),
    "inside, pole": lambda one: one.inside([(89, lon) for lon in (-180, -90, 0, 90)], DAYS),
    "flights": lambda one: one.flights(DAYS),
    "flights, chosen": lambda one: one.flights(DAYS, origin="UBBB", callsign=["PLT701", "PLT1"]),
    "jumps": lambda one: one.jumps((GROZNY, 100), DAYS),
    "jumps, everywhere": lambda one: one.jumps(None, DAYS),
    "jumps, by hour": lambda one: one.jumps(None, DAYS, by="hour"),
    "strayed": lambda one: one.strayed("EFRO", "BIKF", DAYS, 30),
    "diverted": lambda one: one.diverted("UBBB", "URMG", DAYS, also_lost=True),
}
ODD = {
    "positions": lambda one: one.positions(["600841", "3c6444", "~2a0001"], BETWEEN),
    "near": lambda one: one.near((43.3882, 45.6989), 15, BETWEEN),
    "inside": lambda one: one.inside([(42.9, 45.2), (43.9, 45.2), (43.7, 46.0), (42.9, 46.1)], BETWEEN),
}


def same(found, expected):
    """Floating point to a billionth, everything else as it is."""
    assert found.schema == expected.schema
    assert len(found) == len(expected)
    for name in expected.column_names:
        for row, (one, other) in enumerate(zip(found[name].to_pylist(), expected[name].to_pylist(), strict=True)):
            if isinstance(one, float) and isinstance(other, float):
                assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9), (name, row)
            else:
                assert one == other, (name, row)


def compared(ask, root, engine):
    expected = ask(Archive.open(root)).table()
    assert len(expected) > 0
    same(ask(Archive.open(root, engine)).table(), expected)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_the_answer_of_duckdb(engine, root, question):
    compared(QUESTIONS[question], root, engine)


@pytest.mark.parametrize("question", ODD)
def test_what_is_odd_is_told_the_same(engine, odd, question):
    compared(ODD[question], odd, engine)


def test_the_zone_of_this_machine_changes_nothing(engine, root, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Baku")
    time.tzset()
    try:
        compared(QUESTIONS["jumps, by hour"], root, engine)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_track_is_the_same(engine, root):
    found, expected = (Archive.open(root, one).track("3c5005", DAYS) for one in (engine, None))
    assert len(expected) > 100
    assert (found.icao24, found.callsign) == (expected.icao24, expected.callsign)
    for name in type(expected).column_names():
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), name)


def test_a_time_without_a_file_has_no_row(engine, root):
    before = (DAY - timedelta(days=9), DAY - timedelta(days=8))
    answer = Archive.open(root, engine).near((43, 45), 50, before)
    assert answer.rows() == []
    assert answer.schema == Archive.open(root).near((43, 45), 50, before).schema


def test_an_archive_built_on_the_cluster_is_the_one_built_here(engine, sources, root, tmp_path):
    where = set()

    def mapped(function, tasks):
        for folder, result in executors.mapping(engine)(spark_cluster.Told(function), tasks):
            where.add(folder)
            yield result

    done = build(sources, tmp_path / "archive", mapping=mapped)
    assert done.is_done
    assert len(where) == spark_cluster.WORKERS  # both took part, and nobody else
    there, here = (Catalogue.read(one).days for one in (done.root, root))
    assert {day: (one.aircraft, one.area) for day, one in there.items()} == {
        day: (one.aircraft, one.area) for day, one in here.items()
    }
    assert tables(done.root) == tables(root)


def tables(root):
    """The bytes of every table, by day and name."""
    return {
        (day, Path(name).name): Path(name).read_bytes()
        for day, one in Catalogue.read(root).days.items()
        for name in (Catalogue.read(root).path(day, file) for file in files_of(one))
    }


def files_of(day):
    return [*(part.file for part in day.aircraft), *day.area.values(), day.legs, day.flights, day.jumps]


@pytest.mark.usefixtures("engine")
def test_the_command_line_builds_and_asks_on_a_cluster(master, sources, root, tmp_path, capsys):
    built = tmp_path / "archive"
    command = [sys.executable, "-m", "geo.cli", "archive", "build", *map(str, sources), "-o", str(built), "--json"]
    command += ["--spark", master]
    for setting in ("spark.cores.max=2", "spark.ui.enabled=false", *spark_cluster.QUICK):
        command += ["--spark-conf", setting]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["built"]) == 2
    assert tables(built) == tables(root)
    asked = ["archive", "flights", str(built), "--from", "2024-12-25T00:00Z", "--to", "2024-12-27T00:00Z", "--json"]
    assert main([*asked, "--spark", master]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(asked) == 0
    assert told == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--spark-conf", "spark.executor.memory=1g"], "--spark-conf is of --spark"),
        (["--spark", "spark://127.0.0.1:9", "--workers", "2"], "give one of them"),
        (["--spark", "spark://127.0.0.1:9", "--spark-conf", "memory=1g"], "no setting of Spark"),
    ],
)
def test_options_of_a_cluster_that_do_not_go_together_are_told(options, message, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["archive", "build", str(tmp_path), "-o", str(tmp_path / "archive"), *options])
    assert message in capsys.readouterr().err


def test_an_error_of_a_task_is_that_of_the_function(engine):
    mapped = executors.mapping(engine)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(mapped(os.listdir, ["/nowhere"]))


def test_a_folder_that_the_executors_do_not_see_is_told(engine, tmp_path):
    executors.check_shared(engine, executors.mapping(engine), tmp_path)

    def elsewhere(function, tasks):
        there = tmp_path / "elsewhere"  # what another machine has at the same path
        there.mkdir()
        return [function(str(there / Path(task).name)) for task in tasks]

    with pytest.raises(ArchiveError, match="not every executor of Spark sees this folder"):
        executors.check_shared(engine, elsewhere, tmp_path)


def test_executors_without_what_is_needed_are_told(engine, monkeypatch):
    context = engine._session.sparkContext  # noqa: SLF001  as the setting that says it
    monkeypatch.setattr(context, "pythonExec", sys._base_executable)  # noqa: SLF001  the one of this environment, bare
    with pytest.raises(ArchiveError, match="the executors of Spark have no flightcase"):
        list(executors.mapping(engine)(os.listdir, ["/"]))


def test_files_are_skipped_by_what_is_asked(engine, root, capsys):
    archive = Archive.open(root, engine)
    pushed = pushed_down(engine, archive.near((43.3882, 45.6989), 50, BETWEEN), capsys)
    for one in (
        "GreaterThanOrEqual(cell,1917)",
        "LessThanOrEqual(cell,1917)",
        "GreaterThanOrEqual(lat,42.93",
        "LessThanOrEqual(lon,46.32",
        "GreaterThanOrEqual(time,2024-12-25T05:00",
    ):
        assert one in pushed
    assert "EqualTo(icao24,60f001)" in pushed_down(engine, archive.positions("60f001", BETWEEN), capsys)


def pushed_down(engine, answer, capsys):
    """What the reader of files is told, which reads whole columns at once."""
    engine.raw_sql(answer.sql()).explain("formatted")
    plan = capsys.readouterr().out
    assert "Batched: true" in plan
    [pushed] = [line for line in plan.splitlines() if line.startswith("PushedFilters")]
    return pushed


def test_a_question_that_is_stopped_says_so(engine, root):
    answer = Archive.open(root, engine).positions("60f001", DAYS)
    batches = answer.batches(rows=10)
    next(batches)
    answer.interrupt()
    with pytest.raises(ArchiveError, match="the question was stopped"):
        list(batches)
    with pytest.raises(ArchiveError, match="the question was stopped"):
        answer.table()


def test_a_master_that_is_none_is_told():
    with pytest.raises(ArchiveError, match=r"no Spark master answers at spark://127\.0\.0\.1:9"):
        spark.connect("spark://127.0.0.1:9")
    with pytest.raises(ArchiveError, match="no address of a Spark master"):
        spark.connect("spark://somewhere")
    with pytest.raises(ArchiveError, match="give one"):
        spark.connect()


def test_java_that_is_missing_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ArchiveError, match="Spark needs Java 17 or later, and there is none"):
        spark.connect("local[1]")
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    program.chmod(0o755)
    with pytest.raises(ArchiveError, match=f"{program} is 11"):
        spark.connect("local[1]")
