"""Tracks: files of a million rows read and judged on one core, and what peers do with the same CSV.

A made-up flight at 2 Hz around the Earth with a false position in every ten thousand rows; *broken* is the same with a
cell of letters in every thousandth row; readsb is a trace with an aircraft object in every fourth row. Each is read in
a process of its own on one core, the best of three: rows a second from the path to the judged track, and the peak of
memory above that of the process before and of the file itself, by row. Peers read and clean the first 100,000 rows of
the CSV, once; pandas does nothing but drop duplicates and fast steps, traffic fills what it takes out from its
neighbours, so that none is missing, MovingPandas is shown for 10,000 rows, since its time grows with the square.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FIXES = 1_000_000
ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
CSV_BAR, JSON_BAR, BYTES_BAR = 500_000, 300_000, 200
ROUNDS = 3
#: Rows that each peer gets.
PEER_ROWS = {"pandas": 100_000, "traffic": 100_000, "movingpandas": 10_000}


def flight(fixes: int) -> dict[str, Any]:
    """A made-up flight of ``fixes`` reports at 2 Hz around the Earth, with an outlier in every ten thousand."""
    import numpy as np

    step = np.arange(fixes)
    angle = step / 20_000
    lat, lon = 42 + 3 * np.sin(angle), (230 + step * 5e-4) % 360 - 180
    lat[5_000::10_000] += 4
    return {
        "time_s": 1_735_103_611 + 0.5 * step,
        "lat": np.round(lat, 5),
        "lon": np.round(lon, 5),
        "altitude_ft": np.round(30_000 + 5_000 * np.sin(angle * 7)),
        "ground_speed_kt": np.full(fixes, 420.0),
        "track_deg": np.round(np.degrees(angle) % 360, 1),
    }


def write_csv(path: Path, fixes: int = FIXES) -> None:
    """The flight as a plain CSV."""
    import pyarrow as pa
    from pyarrow import compute, csv

    columns = flight(fixes)
    milliseconds: Any = pa.array((columns.pop("time_s") * 1000).astype("int64")).cast(pa.timestamp("ms", tz="UTC"))
    told = {"icao24": ["600841"] * fixes, "callsign": ["TEST1"] * fixes}
    table = {"time": compute.strftime(milliseconds, format="%Y-%m-%dT%H:%M:%SZ")} | told | columns
    csv.write_csv(pa.table(table), path)


def break_csv(source: Path, target: Path) -> None:
    """The same file with letters for the latitude in every thousandth row."""
    lines = source.read_bytes().split(b"\n")
    for index in range(500, len(lines) - 1, 1_000):
        cells = lines[index].split(b",")
        cells[3] = b"n/k?"
        lines[index] = b",".join(cells)
    target.write_bytes(b"\n".join(lines))


def write_trace(path: Path, fixes: int = FIXES) -> None:
    """The flight as a readsb trace, with an aircraft object in every fourth row."""
    columns = flight(fixes)
    start = float(columns["time_s"][0])
    aircraft = {"type": "adsb_icao", "flight": "TEST1   ", "nic": 8, "nac_p": 9, "sil": 3, "tas": 430, "rc": 186}
    values = zip(*(columns[name].tolist() for name in columns), strict=True)
    rows = (
        [
            time_s - start,
            lat,
            lon,
            altitude,
            speed,
            track,
            0,
            0,
            None if n % 4 else aircraft,
            "adsb_icao",
            altitude + 500,
        ]
        for n, (time_s, lat, lon, altitude, speed, track) in enumerate(values)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"icao":"600841","r":"4K-AZ65","timestamp":{start},"trace":[')
        file.writelines(("," if n else "") + json.dumps(row, separators=(",", ":")) for n, row in enumerate(rows))
        file.write("]}")


def _memory(what: str) -> int:
    """Memory of this process in bytes: ``VmRSS`` as it is, ``VmHWM`` at its highest."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith(what))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _read(path: Path) -> None:
    """In a process of its own, on one core: read, and print what came of it and what it took."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    import pyarrow.csv  # noqa: F401  what is loaded once is no cost of a row

    from geo.tracks import read

    with path.open("rb") as file:
        warm = file.read(2_000)
    read(warm[: warm.rfind(b"\n")] if path.suffix == ".csv" else warm[: warm.rfind(b",[")] + b"]}")  # imports
    before = _memory("VmRSS")
    start = time.perf_counter()
    report = read(path).report
    seconds = time.perf_counter() - start
    above = (_memory("VmHWM") - before - path.stat().st_size) / report.read
    told = {"read": report.read, "rejected": report.rejected, "unreadable": report.unreadable}
    print(json.dumps(told | {"rows_s": report.read / seconds, "bytes": above}))


def _ours(path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.tracks", str(path)]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
        for _ in range(ROUNDS)
    ]
    best: dict[str, float] = max(runs, key=lambda run: run["rows_s"])
    return best


def _row(what: str, measured: object, bar: str = "", *, holds: bool | None = None) -> dict[str, object]:
    return {"what": what, "measured": measured, "bar": bar, "holds": "" if holds is None else holds}


def _rows_of(title: str, path: Path, bar: int) -> list[dict[str, object]]:
    found = _ours(path)
    told = f"{title}: {found['read']:,} rows read, {found['rejected']:,} rejected, {found['unreadable']:,} unreadable"
    speed, weight = round(found["rows_s"]), round(found["bytes"])
    return [
        _row(f"{told}; rows a second", speed, f"≥ {bar:,}", holds=speed >= bar),
        _row(f"{title}: bytes a row above the file", weight, f"≤ {BYTES_BAR}", holds=weight <= BYTES_BAR),
    ]


def _peer(tool: str, path: Path) -> dict[str, object]:
    if not PEERS.exists():
        return _row(f"{tool}: not installed, see make bench", "")
    command = [str(PEERS), str(Path(__file__).with_name("peers.py")), str(path), tool]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    seconds = found["read_s"] + found["clean_s"]
    told = f"{tool} {found['version']}: {found['rows']:,} rows, {found['rows'] - found['kept']:,} cleaned away"
    return _row(f"{told}; rows a second", round(found["rows"] / seconds))


def measure(fixes: int = FIXES) -> list[dict[str, object]]:
    """The table."""
    with tempfile.TemporaryDirectory() as folder:
        clean, broken, trace = Path(folder, "clean.csv"), Path(folder, "broken.csv"), Path(folder, "trace.json")
        write_csv(clean, fixes)
        break_csv(clean, broken)
        write_trace(trace, fixes)
        rows = [
            *_rows_of("CSV", clean, CSV_BAR),
            *_rows_of("CSV, broken", broken, CSV_BAR),
            *_rows_of("readsb trace", trace, JSON_BAR),
        ]
        lines = clean.read_bytes().splitlines(keepends=True)
        for tool, count in PEER_ROWS.items():
            short = Path(folder, f"{tool}.csv")
            short.write_bytes(b"".join(lines[: count + 1]))
            rows.append(_peer(tool, short))
    return rows


if __name__ == "__main__":
    _read(Path(sys.argv[1]))
