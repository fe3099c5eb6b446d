"""Builds that are killed, at any moment, and go on: nothing half is ever seen, and the end is the same."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from made_receivers import DAY, NEXT, lay, number, states, trace, two_days

from geo.archive import building, midnight, stitching
from geo.archive.catalogue import Catalogue

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")

ROWS = 120
#: What builds, as a program of its own. Its processes begin with the same file, so it looks who it is.
PROGRAM = """
import sys
from geo.archive import building

if __name__ == "__main__":
    *sources, root = sys.argv[1:]
    building.build(sources, root, workers=2, replace=True, chunk_rows={rows})
"""


Shown = dict[str, dict[str, str]]


def seen(root: Path) -> Shown:
    """What the catalogue shows: of every day each file that it names but the flights and jumps, by what is in it.

    The flights and the jumps over midnight always are those that follow from the legs that are shown.
    """
    catalogue = Catalogue.read_if_there(root)
    legs = {day: pq.read_table(catalogue.path(day, held.legs)) for day, held in catalogue.days.items()}
    shown = {}
    for day, held in catalogue.days.items():
        names = [*(part.file for part in held.aircraft), *held.area.values(), held.legs]
        files = {name: Path(catalogue.path(day, name)).read_bytes() for name in names}
        shown[day.isoformat()] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        flights = pq.read_table(catalogue.path(day, held.flights))
        followed = stitching.flights(day, legs)
        order = [(name, "ascending") for name in ("icao24", "first_time", "callsign")]
        assert flights.sort_by(order).to_pylist() == followed.sort_by(order).to_pylist()
        jumps = pq.read_table(catalogue.path(day, held.jumps))
        assert jumps.equals(midnight.jumps(day, jumps, legs))
        shown[day.isoformat()]["jumps"] = str(midnight.jumps(day, jumps, {}).to_pylist())
    return shown


@dataclass(frozen=True)
class Made:
    """Sources of two days; an archive of the first of them, from other sources; and the one that is to come of it."""

    sources: list[str]
    before: Path
    after: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    folder = tmp_path_factory.mktemp("restart")
    old = lay(folder / "old", DAY, [trace(number(index), DAY, 40_000, 30) for index in range(5)])
    traces = two_days(folder / "sources", aircraft=12, hours=3)
    sources = [str(traces), str(states(folder / "states.csv", 4, range(-200, 200, 20)))]
    building.build([old], folder / "before", workers=1, chunk_rows=ROWS)
    shutil.copytree(folder / "before", folder / "after")
    building.build(sources, folder / "after", workers=1, replace=True, chunk_rows=ROWS)
    return Made(sources, folder / "before", folder / "after")


def files_in(root: Path) -> set[str]:
    found = set()
    for folder, _, names in os.walk(root):
        found |= {os.path.join(folder, name) for name in names}  # noqa: PTH118  quick, since it is asked all the time
    return found


def living(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, pgrp = path.read_text().rpartition(")")[2].split()[:3]
            if int(pgrp) == group and state != "Z":
                found.append(int(path.parent.name))
    return found


def wait_for_the_last(build: subprocess.Popen[bytes]) -> None:
    """Wait for the processes that a build began; they end by themselves, or the test fails."""
    patience = time.monotonic() + 60
    while living(build.pid):
        assert time.monotonic() < patience, "processes go on without the one that began them"


def begin(made: Made, root: Path) -> subprocess.Popen[bytes]:
    program = root.parent / "program.py"
    program.write_text(PROGRAM.format(rows=ROWS))
    command = [sys.executable, str(program), *made.sources, str(root)]
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE)


def ended(build: subprocess.Popen[bytes]) -> bool:
    """Whether a build has ended by itself, a moment from now."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        build.wait(0.002)
    return build.returncode is not None


def kill_after(build: subprocess.Popen[bytes], root: Path, changes: int, *, alone: bool) -> bool:
    """Kill a build, or its main process alone, when so many files have come; whether it was not done before."""
    before = files_in(root)
    came: set[str] = set()
    while not ended(build):
        came |= files_in(root) - before
        if len(came) >= changes:
            with contextlib.suppress(ProcessLookupError):
                (os.kill if alone else os.killpg)(build.pid, signal.SIGKILL)
            build.wait()
    _, told = build.communicate()
    assert build.returncode in (0, -signal.SIGKILL), told.decode()
    return build.returncode != 0


def test_a_build_of_several_processes_that_is_killed_goes_on(made, tmp_path):
    before, after = seen(made.before), seen(made.after)
    chance = random.Random(8)  # noqa: S311  the same moments every time
    root = shutil.copytree(made.before, tmp_path / "archive")
    kills = 0
    for _ in range(4):
        build = begin(made, root)
        kills += kill_after(build, root, chance.randint(1, 40), alone=chance.random() < 0.5)
        shown = seen(root)
        first, second = DAY.isoformat(), NEXT.isoformat()
        assert shown in (before, {first: after[first]}, after), sorted(shown)
        assert second not in shown or shown[second] == after[second]
    assert kills > 0
    left = begin(made, root)
    assert left.wait() == 0, left.communicate()
    assert seen(root) == after
    assert sorted(Catalogue.read(root).files) == sorted(Catalogue.read(made.after).files)
    assert list((root / ".building").iterdir()) == []
    left.communicate()


def test_no_process_outlives_the_one_that_began_it(made, tmp_path):
    root = shutil.copytree(made.before, tmp_path / "archive")
    build = begin(made, root)
    assert kill_after(build, root, 12, alone=True)
    wait_for_the_last(build)


def test_a_build_that_is_interrupted_ends_at_once_and_says_nothing_more(made, tmp_path):
    root = shutil.copytree(made.before, tmp_path / "archive")
    command = [sys.executable, "-m", "geo.cli", "archive", "build", *made.sources, "-o", str(root), "--replace"]
    build = subprocess.Popen([*command, "--workers", "2"], start_new_session=True, stderr=subprocess.PIPE)
    before = files_in(root)
    while not ended(build) and len(files_in(root) - before) < 4:
        pass
    os.killpg(build.pid, signal.SIGINT)
    _, told = build.communicate()
    assert (build.returncode, told.strip()) == (1, b"")
    wait_for_the_last(build)
    assert seen(root) == seen(made.before)


def test_no_moment_shows_half_a_day(made, tmp_path):
    program = Path(__file__).with_name("killed_builds.py")
    command = [sys.executable, str(program), *made.sources, str(made.before), str(tmp_path), str(ROWS)]
    subprocess.run(command, check=True)
    before, after = seen(made.before), seen(made.after)
    half_way = {DAY.isoformat(): after[DAY.isoformat()]}
    shown = [seen(root) for root in sorted(tmp_path.glob("*.killed"))]
    for state in (before, half_way, after):
        assert state in shown
    assert [state for state in shown if state not in (before, half_way, after)] == []
    for root in tmp_path.glob("*.finished"):
        assert seen(root) == after
        assert list((root / ".building").iterdir()) == []
