"""An archive that is built to be measured: how quickly, in how much memory, and what it weighs."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks import archive_plants as planted
from benchmarks import archive_tiles
from benchmarks.archive_accept import of_session

ROOT: Final = Path(__file__).resolve().parents[1]
WORK: Final = Path(os.environ.get("FLIGHTCASE_ARCHIVE_WORK", ROOT / "build" / "archive"))
ROW_BAR, INGEST_BAR, MEMORY_BAR = 22.0, 500_000, 1_000_000_000


@dataclass(slots=True)
class Watch:
    """The memory of the processes of a session, as long as this watches: its greatest sum, bytes.

    What is shared is looked at once a second, for that holds the processes up.
    """

    session: int
    resident: int = 0
    shared_once: int = 0
    _end: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look ten times a second."""
        for turn in count():
            if self._end.wait(0.1):
                return
            resident = shared_once = 0
            for pid in of_session(self.session):
                try:
                    resident += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
                    if turn % 10 == 0:
                        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
                        shared_once += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
                except (OSError, StopIteration):
                    continue  # it has ended
            self.resident = max(self.resident, resident * resource.getpagesize())
            self.shared_once = max(self.shared_once, shared_once * 1024)

    def end(self) -> None:
        """Look no more."""
        self._end.set()


def built(million: int) -> tuple[Path, list[dict[str, object]]]:
    """Tile, build and weigh an archive of a day; its folder and the rows of the table."""
    work = WORK / f"{million}"
    shutil.rmtree(work, ignore_errors=True)
    source, root = work / "v2024.12.25-planes-readsb-prod-0.tar", work / "root"
    chosen = archive_tiles.numbers(million * 1_000_000, 0, planted.addresses())
    archive_tiles.write(source, chosen, planted.traces(archive_tiles.DAY))
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "geo.cli", "archive", "build", str(source), "-o", str(root)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True) as running:
        watch = Watch(running.pid)
        thread = threading.Thread(target=watch.run, daemon=True)
        thread.start()
        code = running.wait()
        watch.end()
        thread.join()
    if code != 0:
        raise SystemExit(f"the build of {million} million rows ended with {code}")
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    core_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = source.stat().st_size
    source.unlink()
    return root, _weighed(million, root, watch, {"seconds": seconds, "core_s": core_s, "source": size})


def _weighed(million: int, root: Path, watch: Watch, took: dict[str, float]) -> list[dict[str, object]]:
    from geo.archive.catalogue import Catalogue

    catalogue = Catalogue.read(root)
    (day,) = catalogue.days
    one = catalogue.days[day]
    folder = root / one.folder
    aircraft = sum((folder / part.file).stat().st_size for part in one.aircraft)
    area = sum((folder / name).stat().st_size for name in one.area.values())
    derived = sum((folder / name).stat().st_size for name in (one.legs, one.flights, one.jumps))
    rows = int(one.account["rows"]["written"])
    cores = os.cpu_count() or 1
    speed = rows / took["seconds"] / cores
    both = (aircraft + area) / rows
    return [
        row("rows of the day", million, rows),
        row("build: rows a second and core", million, round(speed), f"≥ {INGEST_BAR:,}", holds=speed >= INGEST_BAR),
        row(f"build: seconds on {cores} cores", million, round(took["seconds"], 1)),
        row("build: core-minutes", million, round(took["core_s"] / 60, 2)),
        row(
            "build: memory of all processes, MB",
            million,
            round(watch.resident / 1e6),
            f"≤ {MEMORY_BAR / 1e6:,.0f}",
            holds=watch.resident <= MEMORY_BAR,
        ),
        row("build: the same, what they share counted once, MB", million, round(watch.shared_once / 1e6)),
        row("source: bytes a row", million, round(took["source"] / rows, 2)),
        row("bytes a row, both copies", million, round(both, 2), f"≤ {ROW_BAR:g}", holds=both <= ROW_BAR),
        row("bytes a row, by aircraft", million, round(aircraft / rows, 2)),
        row("bytes a row, by area", million, round(area / rows, 2)),
        row("bytes a row, legs, flights and jumps", million, round(derived / rows, 2)),
        row("the whole day, MB", million, round((aircraft + area + derived) / 1e6, 1)),
    ]


def row(
    what: str,
    million: int | str,
    measured: float,
    bar: str = "",
    *,
    by_hand: float | None = None,
    ratio: float | None = None,
    holds: bool | None = None,
) -> dict[str, object]:
    """A row of the table."""
    return {
        "what": what,
        "million rows": str(million),
        "measured": measured,
        "by hand, or allowed": by_hand,
        "ratio": None if ratio is None else round(ratio, 2),
        "bar": bar,
        "holds": "" if holds is None else holds,
    }
