"""Archives: what is built, what it weighs, and what each question takes beside the same in SQL written by hand.

A day of 10, 50 and 200 million rows, made of real traces (``archive_tiles``) with plants in it (``archive_plants``),
built by the command line. Memory is that of all its processes together, looked at ten times a second: what is
resident, and, once a second, the same with what they share counted once. Then each question in turn, on DuckDB in a
new process. Warm: the median of nine, the archive and SQL written by hand (``archive_sql``) by turns, on connections
that have answered it before. Cold: the median of three, each on a new connection after the system has let go of all
file pages (where it may not, of those of the archive). *Whole* is from the call of ``Archive`` to a table of Arrow;
building the expression and putting it into SQL takes Ibis the same time whatever the archive. *Engine* is the SQL of
Ibis alone. Bytes are what the process read through the system (``rchar``) in a cold run; *allowed* is what row groups
of the columns needed weigh where their statistics let a row of the answer be, and the footers that hold those. That
both answers are the same is checked first.
``FLIGHTCASE_ARCHIVE_ROWS`` names other sizes, in millions, ``FLIGHTCASE_ARCHIVE_WORK`` another folder.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks import archive_plants as planted
from benchmarks import archive_sql, archive_tiles
from benchmarks.archive_built import ROOT, WORK, built, row
from benchmarks.archive_key import between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.archive_sql import Asked
    from geo.archive import Archive
    from geo.archive.answer import Answer
    from geo.archive.catalogue import Catalogue

MILLIONS: Final = tuple(int(one) for one in os.environ.get("FLIGHTCASE_ARCHIVE_ROWS", "10,50,200").split(","))
WARM, COLD = 9, 3
RATIO_BAR, BYTES_BAR, GROWTH_BAR = 1.2, 3.0, 2.0
#: Whole answers, warm, at the largest size, ms.
BARS_MS: Final = {"one aircraft's day": 150, "50 km of Grozny, two hours": 200, "jumps of a day by hour": 50}
_DAY: Final = between(25, 0, 24)
_HOURS: Final = between(25, 4, 6)
_CALLSIGN: Final = "PLT701"
_KB: Final = 1_000


class Question(NamedTuple):
    """A question both ways; ``is_constant`` where the answer is the same however large the archive is."""

    name: str
    ask: Callable[[Archive], Answer]
    by_hand: Callable[[Catalogue], Asked]
    is_constant: bool = False


def questions(aircraft: str) -> list[Question]:
    """All of them; ``aircraft`` is one of the longest real trace."""
    beside, over = (51.5, 179.9), [(50.5, 52.5, 178.3, 180.0), (50.5, 52.5, -180.0, -178.5)]
    grozny, around = planted.GROZNY, [(42.93, 43.85, 45.06, 46.34)]
    frame = [(39.0, 9.0), (39.0, 14.0), (41.0, 14.0), (41.0, 9.0)]
    sql = archive_sql
    return [
        Question(
            "one aircraft's day",
            lambda archive: archive.positions(aircraft, _DAY),
            lambda held: sql.positions(held, aircraft, _DAY),
            is_constant=True,
        ),
        Question(
            "50 km of Grozny, two hours",
            lambda archive: archive.near(grozny, 50, _HOURS),
            lambda held: sql.near(held, grozny, 50, around, _HOURS),
        ),
        Question(
            "100 km of a point beside 180°, two hours",
            lambda archive: archive.near(beside, 100, between(25, 9, 11)),
            lambda held: sql.near(held, beside, 100, over, between(25, 9, 11)),
            is_constant=True,
        ),
        Question(
            "inside a frame of 2° by 5°, two hours",
            lambda archive: archive.inside(frame, between(25, 10, 12)),
            lambda held: sql.inside(held, [(39.0, 41.0, 9.0, 14.0)], between(25, 10, 12)),
        ),
        Question(
            "jumps of a day by hour",
            lambda archive: archive.jumps(None, _DAY, by="hour"),
            lambda held: sql.jumps_by_hour(held, _DAY),
            is_constant=True,
        ),
        Question(
            "flights under a callsign",
            lambda archive: archive.flights(_DAY, callsign=_CALLSIGN),
            lambda held: sql.flights(held, _CALLSIGN, _DAY),
            is_constant=True,
        ),
        Question(
            "diverted from UBBB on the way to URMG",
            lambda archive: archive.diverted("UBBB", "URMG", _DAY),
            lambda held: sql.diverted(held, "UBBB", "URMG", _DAY),
            is_constant=True,
        ),
        Question(
            "strayed by 100 km from EFRO to BIKF",
            lambda archive: archive.strayed("EFRO", "BIKF", _DAY, 100),
            lambda held: sql.strayed(held, _end("EFRO"), _end("BIKF"), _DAY, 100),
            is_constant=True,
        ),
    ]


def _end(code: str) -> tuple[str, tuple[float, float, float]]:
    lat, lon = (math.radians(value) for value in planted.AERODROMES[code][:2])
    return code, (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))


def asked(million: int, root: Path) -> list[dict[str, object]]:
    """The rows of the table about an archive, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.archive", str(root)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    rows: list[dict[str, object]] = []
    for took in json.loads(done.stdout.splitlines()[-1]):
        rows += _told(took, million)
    return rows


def _told(took: dict[str, Any], million: int) -> list[dict[str, object]]:
    name, size = took["name"], million
    bar = BARS_MS.get(name) if million == max(MILLIONS) else None
    ratio, engine = took["whole"] / took["hand"], took["engine"] / took["hand"]
    cold, weight = took["cold"] / took["cold_hand"], took["bytes"] / took["allowed"]

    def one(what: str, measured: float, bar: str = "", **more: Any) -> dict[str, object]:  # noqa: ANN401  of _row
        return row(f"{name}: {what}", size, round(measured, 1), bar, **more)

    return [
        one("rows of the answer", took["rows"]),
        one(
            "warm, whole, ms",
            took["whole"],
            "" if bar is None else f"≤ {bar}",
            holds=None if bar is None else took["whole"] <= bar,
        ),
        one(
            "warm, whole, beside SQL by hand, ms",
            took["whole"],
            f"≤ {RATIO_BAR:g} ×",
            by_hand=round(took["hand"], 1),
            ratio=ratio,
            holds=ratio <= RATIO_BAR,
        ),
        one("warm, engine, ms", took["engine"], by_hand=round(took["hand"], 1), ratio=engine),
        one("cold, whole, ms", took["cold"], by_hand=round(took["cold_hand"], 1), ratio=cold),
        one(
            "kB read",
            took["bytes"] / _KB,
            f"≤ {BYTES_BAR:g} ×",
            by_hand=round(took["allowed"] / _KB, 1),
            ratio=weight,
            holds=weight <= BYTES_BAR,
        ),
    ]


def _ask(root: Path) -> None:
    """In a process of its own: ask everything of an archive, both ways, and print what it took."""
    part = next(tile for tile in map(archive_tiles.tile, archive_tiles.numbers(50_000)) if len(tile.real) > 2_000)  # noqa: PLR2004  rows of the longest
    print(json.dumps([_both(question, root) for question in questions(part.icao24)]))


def _both(question: Question, root: Path) -> dict[str, Any]:
    from geo.archive import Archive

    archive = Archive.open(root)
    asked = question.by_hand(archive.store.catalogue)  # type: ignore[attr-defined]  # that of a folder
    hand, engine = _connected(), _connected()
    ours, theirs = question.ask(archive).table(), hand.sql(asked.sql).to_arrow_table()
    if who(ours) != who(theirs):
        raise SystemExit(f"{question.name}: the archive and SQL by hand answer otherwise: {who(ours)} {who(theirs)}")
    sql = question.ask(archive).sql()
    took: dict[str, list[float]] = {name: [] for name in ("whole", "engine", "hand", "cold", "cold_hand", "bytes")}
    for _ in range(WARM):
        took["whole"].append(_ms(lambda: question.ask(archive).table()))
        took["engine"].append(_ms(lambda: engine.sql(sql).to_arrow_table()))
        took["hand"].append(_ms(lambda: hand.sql(asked.sql).to_arrow_table()))
    for _ in range(COLD):
        forget(root)
        fresh = Archive.open(root)
        before = _read()
        took["cold"].append(_ms(lambda: question.ask(fresh).table()))  # noqa: B023  it is called at once
        took["bytes"].append(_read() - before)
        forget(root)
        con = _connected()
        took["cold_hand"].append(_ms(lambda: con.sql(asked.sql).to_arrow_table()))  # noqa: B023  the same
    medians = {name: statistics.median(some) for name, some in took.items()}
    return {"name": question.name, "rows": len(ours), "allowed": asked.allowed, **medians}


def who(table: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  a table of Arrow
    """Which rows an answer has: aircraft and times, or hours."""
    names = [name for name in ("icao24", "time", "first_time", "last_time", "hour") if name in table.column_names]
    columns = [[_plain(value) for value in table[name].to_pylist()] for name in names]
    return sorted(zip(*columns, strict=True))


def _plain(value: Any) -> str:  # noqa: ANN401  a word or a time
    return str(value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value)


def _connected() -> Any:  # noqa: ANN401  a connection of DuckDB
    import duckdb

    from geo.archive import engines

    return duckdb.connect(config={"memory_limit": engines.MEMORY, "preserve_insertion_order": False})


def _ms(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _read() -> int:
    """Bytes that this process has read so far."""
    told = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(next(line for line in told if line.startswith("rchar")).split()[1])


def forget(root: Path) -> None:
    """Let the system forget what it has of files: of all, or where it may not, of those of the archive."""
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")
    except OSError:
        for path in root.rglob("*.parquet"):
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def grown(found: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """How what a question takes and reads grows from the smallest archive to the largest, where its answer does not."""
    rows: list[dict[str, object]] = []
    least, most = str(min(MILLIONS)), str(max(MILLIONS))
    told = {(str(row["what"]), str(row["million rows"])): float(str(row["measured"])) for row in found}
    for question in questions(""):
        for what in ("warm, whole, ms", "kB read"):
            name = f"{question.name}: {what}"
            if least != most and question.is_constant and (name, least) in told:
                ratio = told[name, most] / told[name, least]
                rows.append(
                    row(
                        f"{name}, against {least} million rows, with the same answer",
                        most,
                        told[name, most],
                        f"≤ {GROWTH_BAR:g} ×",
                        by_hand=told[name, least],
                        ratio=ratio,
                        holds=ratio <= GROWTH_BAR,
                    )
                )
    return rows


def measure() -> list[dict[str, object]]:
    """The table."""
    rows: list[dict[str, object]] = []
    for million in MILLIONS:
        try:
            root, told = built(million)
            rows += told + asked(million, root)
        finally:
            shutil.rmtree(WORK / f"{million}", ignore_errors=True)
    return rows + grown(rows)


if __name__ == "__main__":
    _ask(Path(sys.argv[1]))
