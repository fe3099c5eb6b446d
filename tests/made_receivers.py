"""Folders as receivers leave them: traces of readsb by day, of aircraft that fly to and fro."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DAY = date(2024, 12, 25)
NEXT = date(2024, 12, 26)
#: Between the two, in seconds since 1970.
MIDNIGHT = round(datetime(2024, 12, 26, tzinfo=UTC).timestamp())


def number(index: int) -> str:
    """The address of the aircraft of this index; they are spread over all that there are."""
    return f"{(index * 0x2E1F3 + 0x1000) % 0xF00000:06x}"


def trace(icao24: str, day: date, start_s: int, count: int, step_s: float = 20) -> dict[str, Any]:
    """A trace of one flight eastwards at 480 kt from a place that the address decides."""
    lat, lon = int(icao24, 16) % 50 + 5.0, int(icao24, 16) % 140 - 70.0
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    rows: list[list[Any]] = []
    for row in range(count):
        second = start_s + row * step_s
        detail = {"flight": f"T{icao24[-4:].upper()}  "} if row % 10 == 0 else None
        where = [lat, round(lon + row * step_s * 0.0022, 6)]
        rows.append([second, *where, 33000, 480.0, 90.0, 0, 0, detail, "adsb_icao", 33500, 0, None, None])
    return {"icao": icao24, "timestamp": midnight, "version": "made", "trace": rows}


def lay(root: Path, day: date, traces: Sequence[dict[str, Any]]) -> Path:
    """Write these traces as ``globe_history`` has them."""
    for one in traces:
        folder = root / f"{day:%Y/%m/%d}" / "traces" / one["icao"][-2:]
        folder.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(json.dumps(one).encode(), mtime=0)
        (folder / f"trace_full_{one['icao']}.json").write_bytes(packed)
    return root


def two_days(root: Path, aircraft: int = 30, rows: int = 40, hours: int = 24) -> Path:
    """Two days of traces, in so many hours of each; every third aircraft flies over the midnight between them."""
    for day in (DAY, NEXT):
        made = []
        for index in range(aircraft):
            over = index % 3 == 0
            start = (86_400 - rows * 20 if day == DAY else 0) if over else 3600 * (index % hours)
            made.append(trace(number(index), day, start, rows))
        lay(root, day, made)
    return root


def states(path: Path, aircraft: int, seconds: range) -> Path:
    """State vectors of OpenSky: every aircraft at every one of these seconds from the midnight between the days."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = "time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,squawk,baroaltitude"
        writer.writerow([*names.split(","), "geoaltitude", "lastposupdate", "lastcontact"])
        for second in seconds:
            for index in range(aircraft):
                now = MIDNIGHT + second
                where = [10.0 + index, 20 + second * 0.0022]
                writer.writerow(
                    [
                        now,
                        number(index),
                        *where,
                        247,
                        90,
                        0,
                        f"S{index}",
                        False,
                        False,
                        False,
                        "",
                        10058,
                        10200,
                        now,
                        now,
                    ]
                )
    return path
