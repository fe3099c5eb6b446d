"""Files as receivers and archives of others write them, for what an archive is built from."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: 2024-12-25T00:00:00Z.
MIDNIGHT = 1_735_084_800.0
DETAILS = {
    "type": "adsb_icao",
    "flight": "AHY8243 ",
    "alt_geom": 31_150,
    "tas": 455,
    "true_heading": 301.25,
    "nav_modes": ["autopilot", "vnav"],
    "nic": 8,
    "nac_p": 9,
    "sil": 3,
}
STATES = (
    "time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,squawk,baroaltitude,geoaltitude,"
    "lastposupdate,lastcontact"
)


def rows(count: int = 8, step_s: float = 10.0, start_s: float = 3_600.0) -> list[list[Any]]:
    """Rows of a trace, every fourth with details, eastwards along 43° N."""
    return [
        [
            *(round(start_s + index * step_s, 2), 43.25, round(45.5 + index / 64, 6), 30_000 + 25 * index, 400.5, 90.5),
            *(0, -64, DETAILS if index % 4 == 0 else None, "adsb_icao", 31_000, -32, 251, 0.5),
        ]
        for index in range(count)
    ]


def trace(icao24: str, of: Sequence[Any] | None = None, timestamp: Any = MIDNIGHT, **about: Any) -> bytes:
    """A trace as readsb writes it: a row a line, no blanks in it."""
    head = json.dumps({"icao": icao24, "r": "4K-AZ65", "timestamp": timestamp} | about, separators=(",", ":"))
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in (rows() if of is None else of))
    return f'{head.removesuffix("}")},\n"trace":[ \n{lines} ]\n}}\n'.encode()


def history(folder: Path, traces: Mapping[str, bytes], day: str = "2024/12/25") -> Path:
    """A folder of readsb's history with these traces, compressed and called JSON all the same."""
    for icao24, text in traces.items():
        path = folder / day / "traces" / icao24[-2:] / f"trace_full_{icao24}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text, mtime=0))
    return folder


def tarred(files: Mapping[str, bytes], *more: tarfile.TarInfo) -> bytes:
    """A tar archive of these files, and of members without content."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in more:
            archive.addfile(info)
    return made.getvalue()


def packed(traces: Mapping[str, bytes]) -> dict[str, bytes]:
    """Members of a release of adsb.lol: compressed traces, by their names there."""
    return {
        f"./traces/{icao24[-2:]}/trace_full_{icao24}.json": gzip.compress(text, mtime=0)
        for icao24, text in traces.items()
    }


def state(time: float, icao24: str = "4006c1", heard: float | None = None, **more: Any) -> dict[str, Any]:
    """A state vector at this time, its position heard then too, or at ``heard``."""
    heard = time if heard is None else heard
    return {
        "time": int(time),
        "icao24": icao24,
        "lat": 43.0 + heard % 100 / 100,
        "lon": 45.5,
        "velocity": 200.0,
        "heading": 90.0,
        "vertrate": -3.25,
        "callsign": "AHY8243 ",
        "onground": False,
        "alert": False,
        "spi": False,
        "squawk": "1000",
        "baroaltitude": 9_144.0,
        "geoaltitude": 9_300.0,
        "lastposupdate": heard,
        "lastcontact": heard,
    } | more


def states_csv(states: Sequence[Mapping[str, Any]]) -> bytes:
    """State vectors as CSV."""
    names = STATES.split(",")
    lines = [",".join("" if one[name] is None else str(one[name]) for name in names) for one in states]
    return "\n".join([STATES, *lines, ""]).encode()
