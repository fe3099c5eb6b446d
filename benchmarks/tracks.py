"""Reading and judging a plain CSV of a million fixes: fixes a second, and the peak of memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FIXES = 1_000_000


def write_csv(path: Path, fixes: int = FIXES) -> None:
    """A made-up flight of ``fixes`` reports at 2 Hz around the Earth, with an outlier in every ten thousand."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute, csv

    step = np.arange(fixes)
    angle = step / 20_000
    lat, lon = 42 + 3 * np.sin(angle), (230 + step * 5e-4) % 360 - 180
    lat[5_000::10_000] += 4
    milliseconds: Any = pa.array(1_735_103_611_000 + 500 * step).cast(pa.timestamp("ms", tz="UTC"))
    table = {
        "time": compute.strftime(milliseconds, format="%Y-%m-%dT%H:%M:%SZ"),
        "icao24": ["600841"] * fixes,
        "callsign": ["TEST1"] * fixes,
        "lat": np.round(lat, 5),
        "lon": np.round(lon, 5),
        "altitude_ft": np.round(30_000 + 5_000 * np.sin(angle * 7)),
        "ground_speed_kt": np.full(fixes, 420.0),
        "track_deg": np.round(np.degrees(angle) % 360, 1),
    }
    csv.write_csv(pa.table(table), path)


def _read(path: Path) -> None:
    """In a process of its own: read, and print seconds, fixes, rejected, and the peak of memory in bytes."""
    from geo.tracks import read

    read(b"time,lat,lon\n2024-12-25T03:55:00Z,40,50\n")  # what is imported on first use is not the throughput
    start = time.perf_counter()
    reading = read(path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(seconds, reading.report.read, reading.report.rejected, peak)


def measure(fixes: int = FIXES, rounds: int = 3) -> dict[str, float]:
    """Best of ``rounds`` fresh processes: fixes a second from the path to the judged track, peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "fixes.csv")
        write_csv(path, fixes)
        command = [sys.executable, __file__, str(path)]
        runs = [
            subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(rounds)
        ]
    best = min(runs, key=lambda run: float(run[0]))
    seconds, read, rejected, peak = map(float, best)
    return {
        "fixes_per_s": read / seconds,
        "seconds": seconds,
        "fixes": read,
        "rejected": rejected,
        "peak_mb": peak / 1e6,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _read(Path(sys.argv[1]))
    else:
        for name, value in measure().items():
            print(f"{name:>12}  {value:,.1f}")
