"""Measure the gazetteer: what it holds, how long it takes to open and to answer, how large its index is.

Opening is timed in fresh processes, imports included: beside the model, which every command has loaded when it needs a
place, and from nothing but the interpreter. Answers are medians in a warm process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from geo import resources
from geo.gazetteer import open_gazetteer
from geo.gazetteer.index import version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EXACT: Final = ("Grozny", "Грозный", "Соьлжа-Гала", "Bakú", "Ақтау", "UBBB", "gyd", "Heydar Aliyev", "Tokyo", "London")
SHARED: Final = ("Victoria", "San José", "Springfield", "Santa Maria")
FUZZY: Final = ("Groznny", "Aktauu", "Heidar Aliev", "Makhachkalla", "Novosibirskk", "Konstantinopolos", "Bkau")
_OPEN: Final = """
import time
{before}
start = time.perf_counter()
from geo.gazetteer import open_gazetteer
open_gazetteer()
print(time.perf_counter() - start)
"""


def measure() -> dict[str, float]:
    """Counts, milliseconds and megabytes by name."""
    gazetteer = open_gazetteer()
    size = (resources.cache_folder() / f"gazetteer-{version()}.sqlite").stat().st_size
    return {
        "populated places": gazetteer.count("city"),
        "airports": gazetteer.count("airport"),
        "countries": gazetteer.count("country"),
        "regions": gazetteer.count("region"),
        "index MB": size / 1e6,
        "open ms": statistics.median(_opening("import geo.model") for _ in range(7)),
        "open from nothing ms": statistics.median(_opening("") for _ in range(7)),
        "exact ms": _median(gazetteer.search, EXACT),
        "exact, shared by dozens, ms": _median(gazetteer.search, SHARED),
        "fuzzy ms": _median(gazetteer.search, FUZZY),
        "fuzzy, slowest, ms": max(_median(gazetteer.search, [name]) for name in FUZZY),
    }


def _opening(before: str) -> float:
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", _OPEN.format(before=before)], capture_output=True, text=True, check=True, cwd=root
    )
    return float(done.stdout) * 1e3


def _median(ask: Callable[[str], object], names: Iterable[str], rounds: int = 15) -> float:
    names = list(names)
    for name in names:
        ask(name)
    times: list[float] = []
    for name in names * rounds:
        start = time.perf_counter()
        ask(name)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


if __name__ == "__main__":
    for what, value in measure().items():
        print(f"{what:<30}{value:>12,.2f}" if value % 1 else f"{what:<30}{value:>12,.0f}")
