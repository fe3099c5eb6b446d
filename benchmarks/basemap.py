"""The basemap of a view: time in a cold process, and weight compressed.

Each view in a process of its own, the best of several: processor time of `basemap`, `country_labels` and `water_labels`
together, the modules loaded before and no file read before. Weight is that of the JSON of `basemap` under gzip, alone.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from typing import Any

VIEWS = {
    "flagship, padded by half on each side": (39.25, 36.2, 58.25, 48.6),
    "Japan": (134.0, 33.0, 147.0, 45.0),
    "Europe": (-12.0, 34.0, 40.0, 70.0),
    "Bering Strait, across the antimeridian": (170.0, 50.0, 200.0, 72.0),
    "world": (-180.0, -90.0, 180.0, 90.0),
}
#: Milliseconds for basemap and names together; kilobytes where the design sets them.
BAR_MS = 60.0
BAR_KB = {"flagship, padded by half on each side": 12.0, "world": 25.0}

_CODE = """
import gzip, json, sys, time
import orjson
from babel import Locale
from geo.basemap import basemap, country_labels, water_labels
Locale("en").territories
bounds = json.loads(sys.argv[1])
start = time.process_time()
view = basemap(bounds)
names = [*country_labels(bounds, "en"), *water_labels(bounds, "en")]
milliseconds = (time.process_time() - start) * 1000
print(json.dumps([milliseconds, view["scale"], len(names), orjson.dumps(view).decode()]))
"""


def _once(bounds: tuple[float, ...]) -> tuple[float, str, int, int]:
    command = [sys.executable, "-c", _CODE, json.dumps(bounds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    milliseconds, scale, names, view = json.loads(done.stdout)
    return milliseconds, scale, names, len(gzip.compress(view.encode(), 9))


def measure(rounds: int = 5) -> list[dict[str, Any]]:
    """Two rows a view: milliseconds and compressed kilobytes."""
    rows: list[dict[str, Any]] = []
    for name, bounds in VIEWS.items():
        runs = [_once(bounds) for _ in range(rounds)]
        fastest = min(run[0] for run in runs)
        _, scale, names, weight = runs[0]
        bar_kb = BAR_KB.get(name)
        rows += [
            {
                "what": f"{name}: {scale}, with {names} names, ms",
                "measured": round(fastest, 1),
                "bar": f"≤ {BAR_MS:.0f}",
                "holds": fastest <= BAR_MS,
            },
            {
                "what": f"{name}: gzip, kB",
                "measured": round(weight / 1000, 1),
                "bar": f"≤ {bar_kb:.0f}" if bar_kb else "",
                "holds": weight / 1000 <= bar_kb if bar_kb else "",
            },
        ]
    return rows


if __name__ == "__main__":
    for row in measure():
        print(row)
