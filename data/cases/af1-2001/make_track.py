"""Make track.csv: radar returns of the 84th Radar Evaluation Squadron, one a minute, attributed to Air Force One.

Run it as ``python make_track.py FILE`` with ``packages/tools/flight-recon/data/rades/af1_leg1_waypoints.json`` of the
public repository Keeping-History/rt911 at commit 4e0b8195a918a434b52278214bc25dd811f63a1f. The checksums of that file
and of the result are pinned, so that the same bytes come out on every machine. Nothing is judged, thinned or corrected
here: each return of the file becomes one row, in its order. Each of them is a radar return with a transponder altitude;
another kind of row is refused.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Final

WAYPOINTS: Final = "af1_leg1_waypoints.json"
WAYPOINTS_SHA256: Final = "015e049d52ad4829b20358df0ab40f424d48dc426665254ccda6f6bc9643ef1c"
TRACK_SHA256: Final = "05b360a34b39ac492dd1cccfe5e408896a016580f67ea07e9fe9792d5586c4fd"
COLUMNS: Final = ("time", "lat", "lon", "altitude_ft", "callsign", "sensor")
CALLSIGN: Final = "AF1"


def read(path: Path) -> bytes:
    """The file of the returns, with the pinned checksum.

    Raises:
        ValueError: when the checksum is another one.
    """
    content = path.read_bytes()
    _expect(path.name, content, WAYPOINTS_SHA256)
    return content


def _expect(name: str, content: bytes, sha256: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(
            f"{name}: SHA-256 is {found}, expected {sha256}; use {WAYPOINTS} of the commit that the script names, "
            "and this script as it is"
        )


def convert(waypoints: bytes) -> str:
    """The returns as plain CSV: UTC, degrees, feet of pressure altitude; one row for each return.

    Raises:
        ValueError: when a row is not a radar return with a transponder altitude.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for number, entry in enumerate(json.loads(waypoints), start=1):
        if (entry["source"], entry["alt_src"]) != ("radar", "modec"):
            raise ValueError(f"row {number} is no radar return with a transponder altitude; leave it out")
        rows.writerow((entry["utc"], entry["lat"], entry["lon"], entry["alt_ft"], CALLSIGN, entry["site"]))
    return text.getvalue()


def main(arguments: list[str]) -> None:
    """Write track.csv beside this script."""
    if len(arguments) != 1:
        raise SystemExit(f"usage: python make_track.py PATH/{WAYPOINTS}")
    target = Path(__file__).with_name("track.csv")
    text = convert(read(Path(arguments[0])))
    _expect(target.name, text.encode(), TRACK_SHA256)
    target.write_bytes(text.encode())
    print(f"{target.name}: {text.count(chr(10)) - 1} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
