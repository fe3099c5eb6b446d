"""Build a day of 50 million rows, killed 20 times on the way, and ask everything of it, on DuckDB and on Spark.

The issue's "done when" as one command. The day is made of real traces (``archive_tiles``) and plants
(``archive_plants``), with a small second day behind it. The archive is built by the command line, once undisturbed, and
once killed (SIGKILL, by turns the program alone and all its processes) at moments drawn from a seed, over the whole of
the build; half of the times it began with nothing, then with the second day there. After each a reader opens what is
there: nothing, or days that are whole. Then every question (``archive_asked``) is asked and held against brute force
(``archive_key``)::

    python -m benchmarks.archive_accept --rows 50000000 --kills 20 --spark

It ends with 0 when every answer is right, and leaves nothing behind but with ``--keep``.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

from benchmarks import archive_plants as planted
from benchmarks import archive_tiles as tiles
from benchmarks.archive_asked import FIRST, SECOND, held, questions, told
from benchmarks.archive_key import Key
from benchmarks.run import machine, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.archive import Archive
    from geo.archive.catalogue import Catalogue

ROOT: Final = Path(__file__).resolve().parents[1]
#: The second day has so many rows to a thousand of the first.
_SECOND: Final = 4
#: Seconds that processes get to see that their program was killed.
_ORPHANS_S: Final = 5.0
#: Of an interval between two kills, from which share of it on to which it is drawn.
_EARLY, _LATE = 0.2, 1.8


def tiled(work: Path, rows: int) -> tuple[Key, list[Path]]:
    """The sources of both days below this folder, a tar and a folder; and what is in them."""
    taken = planted.addresses()
    first = tiles.numbers(rows, 0, taken)
    second = tiles.numbers(max(rows * _SECOND // 1000, 1), first[-1] + 1, taken)
    paths = [work / "v2024.12.25-planes-readsb-prod-0.tar", work / "globe_history" / "2024" / "12" / "26"]
    for path, chosen, day in zip(paths, (first, second), (FIRST, SECOND), strict=True):
        tiles.write(path, chosen, planted.traces(day), day)
    return Key({FIRST: first, SECOND: second}), paths


def command(sources: Sequence[Path], root: Path) -> list[str]:
    """The build as it is typed."""
    return [sys.executable, "-m", "geo.cli", "archive", "build", *map(str, sources), "-o", str(root)]


def build(sources: Sequence[Path], root: Path) -> float:
    """Build to the end; seconds.

    Raises:
        SystemExit: when it did not do what it was to do.
    """
    begun = time.perf_counter()
    done = subprocess.run(command(sources, root), cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"the build ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - begun


def shown(root: Path, key: Key) -> str:
    """What a reader sees: how many whole days.

    Raises:
        SystemExit: when a day is there that is not whole.
    """
    from geo.archive.catalogue import Catalogue
    from geo.errors import ArchiveError

    try:
        catalogue = Catalogue.read(root)
    except ArchiveError:
        return "no archive"
    for day in catalogue.days:
        found = counted(catalogue, day)
        if found != (key.rows[day], key.rows[day]):
            raise SystemExit(f"{day} is shown with {found} rows and positions, and has {key.rows[day]}")
    return f"{len(catalogue.days)} of {len(key.days)} days" if catalogue.days else "no day"


def counted(catalogue: Catalogue, day: datetime | object) -> tuple[int, int]:
    """Rows of a day by aircraft and by area, from the files themselves; its other tables are opened too."""
    from datetime import date

    assert isinstance(day, date)  # noqa: S101  a key of the catalogue
    one = catalogue.days[day]

    def rows(names: Sequence[str]) -> int:
        return sum(pq.read_metadata(catalogue.path(day, name)).num_rows for name in names)

    rows([one.legs, one.flights, one.jumps])
    return rows([part.file for part in one.aircraft]), rows(list(one.area.values()))


def killed(sources: Sequence[Path], root: Path, after_s: float, *, alone: bool) -> tuple[bool, int]:
    """Begin or go on with a build and kill it: whether it was still at work, and how many processes outlived it."""
    with subprocess.Popen(
        command(sources, root), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            running.wait(after_s)
        except subprocess.TimeoutExpired:
            if alone:
                os.kill(running.pid, signal.SIGKILL)
            else:
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            return True, _orphans(running.pid)
    return False, 0


def _orphans(session: int) -> int:
    """Processes of a session that are there after a while; they are ended."""
    until = time.monotonic() + _ORPHANS_S
    while (left := of_session(session)) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return len(left)


def of_session(session: int) -> list[int]:
    """The processes of a session that have not ended."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdigit() and os.getsid(int(path.name)) == session:
                state = (path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
                found += [int(path.name)] if state != "Z" else []
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found


def kill_all(sources: Sequence[Path], root: Path, key: Key, whole_s: float, kills: int) -> list[dict[str, object]]:
    """Kill builds, half of the times from nothing on, then with the second day there; one that ends is begun anew."""
    dice = random.Random(8_243)  # noqa: S311  moments, no secrets
    anew = outlived = 0
    seen: dict[str, int] = {}
    for number in range(kills):
        is_later = number >= kills // 2
        if number in {0, kills // 2}:
            _begin(sources, root, is_later=is_later)
        was = False
        while not was:
            after = 0.4 + dice.uniform(_EARLY, _LATE) * 2 * whole_s / kills
            was, orphans = killed(sources, root, after, alone=number % 2 == 0)
            what = shown(root, key)
            outlived += orphans
            if not was:
                anew += 1
                _begin(sources, root, is_later=is_later)
        if is_later and what not in {"1 of 2 days", "2 of 2 days"}:
            raise SystemExit(f"a day that was there is not shown after a kill: {what}")
        seen[what] = seen.get(what, 0) + 1
    rows: list[dict[str, object]] = [
        {"what": f"kills after which a reader saw {what}", "count": count} for what, count in seen.items()
    ]
    rows.append({"what": "builds that ended before they were killed and were begun anew", "count": anew})
    rows.append({"what": f"processes that outlived their program by {_ORPHANS_S:g} s", "count": outlived})
    return rows


def _begin(sources: Sequence[Path], root: Path, *, is_later: bool) -> None:
    """What a build finds that is to be killed: nothing, or the second day."""
    shutil.rmtree(root, ignore_errors=True)
    if is_later:
        build(sources[1:], root)


def ask(archive: Archive, key: Key, engine: str) -> tuple[list[dict[str, object]], bool]:
    """Every question: the rows of a table, and whether all are right."""
    rows: list[dict[str, object]] = []
    right = True
    for question in questions(key):
        begun = time.perf_counter()
        expected = question.key(key)
        looked = time.perf_counter()
        found = held(question, expected, archive)
        rows.append({"engine": engine} | told(found) | {
            "s": round(time.perf_counter() - looked, 2), "s by brute force": round(looked - begun, 2)
        })  # fmt: skip
        right &= found.is_right
        for name in ("false", "missing", "other", "error"):
            if some := getattr(found, name):
                print(f"{engine}: {question.words}: {name}: {some[:5] if name != 'error' else some}", file=sys.stderr)
    return rows, right


def engines(root: Path, held: ExitStack, *, spark: bool) -> list[tuple[str, Archive]]:
    """The archive on DuckDB, and on request on a cluster of Spark that is started for it."""
    from geo.archive import Archive

    found = [("DuckDB", Archive.open(root))]
    if spark:
        sys.path.append(str(ROOT / "tests"))  # the cluster is the tests'
        from spark_cluster import cluster, settings

        from geo.archive import spark as engine

        folder = root.parent / "spark"
        folder.mkdir(exist_ok=True)
        address = held.enter_context(cluster(folder))
        connection = engine.connect(address, settings=settings(folder))
        held.callback(connection.disconnect)
        found.append(("Spark", Archive.open(root, connection)))
    return found


def main() -> None:
    """Tile, build, kill, ask."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.archive_accept", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--rows", type=int, default=50_000_000, help="rows of the first day, at least")
    parser.add_argument("--kills", type=int, default=20, help="how often the build is killed")
    parser.add_argument("--spark", action="store_true", help="ask on a Spark cluster too")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "archive", help="where it is made")
    parser.add_argument("--keep", action="store_true", help="leave sources and archive there")
    chosen = parser.parse_args()
    work = chosen.work / "accept"
    shutil.rmtree(work, ignore_errors=True)
    try:
        with ExitStack() as stack:
            right = _accept(work, chosen, stack)
    finally:
        if not chosen.keep:
            shutil.rmtree(work, ignore_errors=True)
    sys.exit(0 if right else 1)


def _accept(work: Path, chosen: argparse.Namespace, stack: ExitStack) -> bool:
    print(f"{machine()}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n", flush=True)
    begun = time.perf_counter()
    key, sources = tiled(work, chosen.rows)
    size = sources[0].stat().st_size
    made: list[dict[str, object]] = [
        {"what": f"rows of {day}, {len(key.days[day]):,} real traces and the plants", "count": rows}
        for day, rows in key.rows.items()
    ]
    made.append({"what": f"seconds to tile them; {size / 1e6:,.0f} MB", "count": round(time.perf_counter() - begun, 1)})
    whole = build(sources, work / "undisturbed")
    made.append({"what": "seconds of the undisturbed build", "count": round(whole, 1)})
    made += kill_all(sources, work / "killed", key, whole, chosen.kills)
    made.append({"what": "seconds to finish the killed build", "count": round(build(sources, work / "killed"), 1)})
    made.append({"what": "files that differ from the undisturbed build", "count": _differing(work)})
    print(table(made), flush=True)
    right = made[-1]["count"] == 0 and shown(work / "killed", key) == f"{len(key.days)} of {len(key.days)} days"
    answered = []
    for engine, archive in engines(work / "killed", stack, spark=chosen.spark):
        rows, good = ask(archive, key, engine)
        answered += rows
        right &= good
    print(f"\n{table(answered)}\n\n{'All is right.' if right else 'NOT right.'}")
    return right


def _differing(work: Path) -> int:
    """Files of days that one of the two archives has alone, or with other bytes."""
    from geo.archive.catalogue import Catalogue

    both = [_files(Catalogue.read(work / name)) for name in ("undisturbed", "killed")]
    names = both[0].keys() | both[1].keys()
    return sum(
        one not in both[0] or one not in both[1] or both[0][one].read_bytes() != both[1][one].read_bytes()
        for one in names
    )


def _files(catalogue: Catalogue) -> dict[str, Path]:
    """The files of all days that are named."""
    return {
        f"{day} {name}": Path(catalogue.path(day, name))
        for day, one in catalogue.days.items()
        for name in (*(part.file for part in one.aircraft), *one.area.values(), one.legs, one.flights, one.jumps)
    }


if __name__ == "__main__":
    main()
