from __future__ import annotations

import json
import subprocess
import sys

import pytest
from made_receivers import DAY, NEXT, lay, number, trace, two_days

from geo.cli import main


@pytest.fixture
def run(capsys):
    """Run a command: its exit status, standard output and standard error."""

    def command(*arguments: object) -> tuple[int, str, str]:
        status = main(["archive", *map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


@pytest.fixture
def sources(tmp_path):
    return two_days(tmp_path / "sources", aircraft=3)


@pytest.fixture
def build(run, sources, tmp_path):
    def command(*options: object) -> tuple[int, str, str]:
        return run("build", sources, "-o", tmp_path / "archive", "--workers", 1, *options)

    return command


def test_build_tells_every_day(build, tmp_path):
    status, out, err = build()
    assert (status, err) == (0, "")
    assert out.splitlines()[:2] == [
        "2024-12-25: 120 rows read, 120 written, 0 unreadable; 3 files, 0 broken",
        "2024-12-26: 120 rows read, 120 written, 0 unreadable; 3 files, 0 broken",
    ]
    assert out.splitlines()[2].startswith(f"{tmp_path / 'archive'}: 2 days built, 0 already there, 0 left as they are;")


def test_build_says_so_when_nothing_was_to_do(build):
    build()
    status, out, _ = build()
    assert status == 0
    assert "2024-12-25: already there, from the same sources" in out
    assert "0 days built, 2 already there" in out


def test_build_gives_one_object(build, tmp_path):
    status, out, err = build("--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert answer["archive"] == str(tmp_path / "archive")
    assert list(answer["built"]) == ["2024-12-25", "2024-12-26"]
    assert answer["rows"] == {"read": 240, "written": 240, "left": {}, "unreadable": 0}
    assert (answer["there"], answer["refused"], answer["empty"], answer["broken"]) == ([], {}, [], [])
    again = json.loads(build("--json")[1])
    assert again["there"] == ["2024-12-25", "2024-12-26"]


def test_broken_files_are_listed_and_the_build_goes_on(build, sources):
    for index in range(25):
        (sources / f"2024/12/25/traces/trace_full_abcd{index:02}.json").write_bytes(b"\x1f\x8b broken")
    status, out, err = build()
    assert status == 0
    assert "28 files, 25 broken" in out
    assert err.count("trace_full_abcd") == 20
    assert "broken: 5 more; --json lists all" in err


def test_a_day_from_other_sources_is_an_error_that_says_what_to_do(build, sources):
    build()
    lay(sources, DAY, [trace(number(9), DAY, 0, 40)])
    status, _, err = build()
    assert status == 1
    assert "2024-12-25: it is there already, from other sources" in err
    assert "--replace" in err
    assert build("--replace")[0] == 0


@pytest.mark.parametrize("content", [None, b"no positions"], ids=["an empty folder", "another file"])
def test_nothing_to_read_is_an_error(run, tmp_path, content):
    (tmp_path / "sources").mkdir()
    if content is not None:
        (tmp_path / "sources" / "trace_full_4006c1.json").write_bytes(content)
    status, _, err = run("build", tmp_path / "sources", "-o", tmp_path / "archive", "--workers", 1)
    assert status == 1
    assert err


def test_a_source_that_is_not_there_is_an_error(run, tmp_path):
    status, _, err = run("build", tmp_path / "missing", "-o", tmp_path / "archive", "--workers", 1)
    assert status == 1
    assert "missing" in err


@pytest.mark.parametrize("count", ["0", "two", "-1"])
def test_workers_are_one_or_more(run, count, capsys):
    with pytest.raises(SystemExit) as ended:
        run("build", "x", "-o", "y", f"--workers={count}")
    assert ended.value.code == 2
    assert "is no number of processes" in capsys.readouterr().err


def test_days_lists_what_there_is(build, run, sources, tmp_path):
    (sources / "2024/12/25/traces/trace_full_abcd00.json").write_bytes(b"\x1f\x8b broken")
    build()
    status, out, _ = run("days", tmp_path / "archive")
    lines = out.splitlines()
    assert status == 0
    assert lines[0].startswith("2024-12-25: 120 rows read, 120 written, 0 unreadable; 4 files, 1 broken; ")
    assert lines[1].startswith(f"  {sources}: 4 files, ")
    assert lines[2].startswith("  broken: ")
    assert lines[3].startswith("2024-12-26: ")
    answer = json.loads(run("days", tmp_path / "archive", "--json")[1])
    assert list(answer["days"]) == [DAY.isoformat(), NEXT.isoformat()]
    assert answer["days"]["2024-12-25"]["broken"] == 1
    assert answer["unfinished"] == []


def test_days_of_no_archive_is_an_error(run, tmp_path):
    status, _, err = run("days", tmp_path)
    assert status == 1
    assert "there is no archive; build one there" in err


def test_two_processes_build_from_the_command_line(sources, tmp_path):
    command = [sys.executable, "-m", "geo.cli", "archive", "build", str(sources), "-o", str(tmp_path / "archive")]
    done = subprocess.run([*command, "--workers", "2", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["rows"]["written"] == 240
    assert done.stderr == ""
