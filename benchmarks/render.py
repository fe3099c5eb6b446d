"""The exported page of the flagship case: how long it takes and what it weighs.

Cold is a new process from the command line to the written file, best of five; a bare folium map is saved in the same
way beside it. Warm is the rendering alone, the median of ten in one process.
"""

from __future__ import annotations

import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from geo import casefile
from geo.render import render
from geo.resources import data
from geo.route import trace
from geo.scene import compose

CASE: Final = data("cases", "j2-8243")
TIMES: Final = 5
WARM: Final = 10
BARE: Final = "import folium, sys; folium.Map(tiles=None).save(sys.argv[1])"


def _cold(command: list[str]) -> float:
    """Seconds of the quickest of a few new processes; all but the first find their modules compiled."""
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=settings)
        taken.append(time.perf_counter() - start)
    return min(taken)


def _row(what: str, measured: float, bar: str, holds: bool | None) -> dict[str, object]:  # noqa: FBT001  a cell
    return {"what": what, "measured": measured, "bar": bar, "holds": holds}


def measure() -> list[dict[str, object]]:
    """Seconds, milliseconds and kilobytes, each with its bar."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        ours = _cold([sys.executable, "-m", "geo.cli", "render", str(CASE), "-o", str(page)])
        bare = _cold([sys.executable, "-c", BARE, str(Path(folder) / "bare.html")])
        weight = len(gzip.compress(page.read_bytes(), 9)) / 1000
    case = casefile.read(CASE)
    scene = compose(case, trace(case))
    warm = []
    for _ in range(WARM):
        start = time.perf_counter()
        render(scene, ".html")
        warm.append((time.perf_counter() - start) * 1000)
    geojson = len(gzip.compress(render(scene, ".geojson"), 9)) / 1000
    middle = statistics.median(warm)
    return [
        _row("flightcase render, cold, s", round(ours, 2), "1.0", ours <= 1.0),
        _row("the same against a bare folium map, times", round(ours / bare, 2), "1.3", ours <= 1.3 * bare),
        _row("scene to page, warm, ms", round(middle, 1), "50", middle <= 50),  # noqa: PLR2004  the bar
        _row("page, gzip -9, kB", round(weight, 1), "90", weight <= 90),  # noqa: PLR2004  the bar
        _row("GeoJSON, gzip -9, kB", round(geojson, 1), "", None),
    ]
