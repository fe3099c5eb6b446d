"""The view of the United Nations applied to de facto territories, as ``un_view.toml`` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from babel.core import get_global
from shapely import Polygon, box, contains_xy, make_valid, orient_polygons, unary_union

from data.basemap.packages import GRID, TURN, Shape, is_polar
from data.basemap.topology import Territory, oriented
from geo.basemap.store import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data.basemap.packages import Points
    from data.basemap.topology import Segment

_FAR = 10 * TURN


class View:
    """The rules of ``un_view.toml``; it counts which of them met something."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self._codes = {rule["name"]: rule["code"] for rule in rules["code"]}
        self._moves = rules["move"]
        self._cuts = rules["cut"]
        self._lines = rules["line"]
        self._de_facto = rules["de_facto"]
        self._unused = {_label(rule) for part in ("move", "cut", "line", "de_facto") for rule in rules[part]}
        self._unused |= set(self._codes)

    def demand_all_used(self) -> None:
        """Stop if a rule met nothing at any scale.

        Raises:
            SystemExit: with their names.
        """
        if self._unused:
            raise SystemExit(f"un_view.toml: these entries fit nothing in the data: {sorted(self._unused)}")

    def territories(self, shapes: Iterable[Shape]) -> list[Territory]:
        """The shapes with their codes, joined across the antimeridian, moved and cut as the rules say."""
        found = [Territory(shape.name, self._code(shape), _joined(shape.polygons)) for shape in shapes]
        for rule in self._moves:
            self._move(found, rule)
        for rule in self._cuts:
            self._cut(found, rule)
        for territory in found:
            territory.polygons = [oriented(polygon) for polygon in territory.polygons if polygon]
        return found

    def kind_between(self, one: Territory, other: Territory, segment: Segment) -> Kind:
        """What the line between two territories is at a segment."""
        for rule in self._lines:
            if {one.name, other.name} == set(rule["between"]) and _inside(segment, rule.get("box")):
                self._unused.discard(_label(rule))
                return Kind.DISPUTED if rule["kind"] == "disputed" else Kind.HIDDEN
        return Kind.HIDDEN if one.code == other.code != "" else Kind.BORDER

    def de_facto_lines(self, shapes: Iterable[Shape]) -> Iterator[Points]:
        """Lines that only the de facto data have, by the rules, each once."""
        by_name = {shape.name: shape for shape in shapes}
        for rule in self._de_facto:
            one, other = (by_name[name] for name in rule["between"])
            there = {point for polygon in other.polygons for ring in polygon for point in map(tuple, ring.tolist())}
            for polygon in one.polygons:
                for ring in polygon:
                    common = [tuple(point) in there and _holds(rule["box"], *point) for point in ring.tolist()]
                    for line in _runs(ring, np.array(common)):
                        self._unused.discard(_label(rule))
                        yield line

    def _code(self, shape: Shape) -> str:
        if shape.name in self._codes:
            self._unused.discard(shape.name)
            return str(self._codes[shape.name])
        alias = get_global("territory_aliases").get(shape.number)
        if not alias:
            raise SystemExit(f"{shape.name!r} has the id {shape.number!r}, which is no country; give it a [[code]]")
        return str(alias[0])

    def _move(self, found: list[Territory], rule: dict[str, Any]) -> None:
        source = next(territory for territory in found if territory.name == rule["of"])
        for number, polygon in enumerate(source.polygons):
            if contains_xy(Polygon(polygon[0]), *(degree * GRID for degree in rule["at"])):
                self._unused.discard(_label(rule))
                del source.polygons[number]
                found.append(Territory(rule["name"], rule["code"], [polygon]))
                return

    def _cut(self, found: list[Territory], rule: dict[str, Any]) -> None:
        """Cut south of a parallel; the neighbour tells by its polygons whether the data are cut there already."""
        source = next(territory for territory in found if territory.name == rule["of"])
        parallel = round(rule["at"][1] * GRID)
        shape = [Polygon(polygon[0], polygon[1:]) for polygon in source.polygons]
        south = [part for part in _parts(shape, box(-_FAR, -_FAR, _FAR, parallel)) if part.area > GRID * GRID]
        if not south:
            return
        self._unused.discard(_label(rule))
        source.polygons = _rings(_parts(shape, box(-_FAR, parallel, _FAR, _FAR)))
        found.append(Territory(rule["name"], rule["code"], _rings(south)))


def _label(rule: dict[str, Any]) -> str:
    return str(rule.get("name") or f"{' - '.join(rule['between'])} {rule.get('box', '')}")


def _holds(bounds: list[float], x: int, y: int) -> bool:
    west, south, east, north = (degree * GRID for degree in bounds)
    return west <= x <= east and south <= y <= north


def _inside(segment: Segment, bounds: list[float] | None) -> bool:
    return bounds is None or all(_holds(bounds, *vertex) for vertex in segment)


def _runs(ring: Points, common: np.ndarray[Any, np.dtype[np.bool_]]) -> Iterator[Points]:
    """The stretches of a closed ring whose points are all common, two points at least."""
    if not common.all():
        start = int(np.argmin(common[:-1]))
        ring = np.roll(ring[:-1], -start, axis=0)
        common = np.roll(common[:-1], -start)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], common.astype(np.int8), [0]])))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        if end - first > 1:
            yield ring[first:end]


def _parts(shape: list[Polygon], part: Polygon) -> list[Polygon]:
    found = []
    for polygon in shape:
        cut = polygon.intersection(part)
        found += [piece for piece in getattr(cut, "geoms", [cut]) if isinstance(piece, Polygon) and not piece.is_empty]
    return found


def _rings(polygons: Iterable[Polygon]) -> list[list[Points]]:
    found = []
    for polygon in orient_polygons(list(polygons)):
        rings = [polygon.exterior, *polygon.interiors]
        found.append([np.rint(np.array(ring.coords)).astype(np.int64) for ring in rings])
    return found


def _joined(polygons: list[list[Points]]) -> list[list[Points]]:
    """The polygons, those that were cut at the antimeridian joined across it; longitudes from -180 to beyond 180."""
    half = TURN // 2
    kept, touching = [], []
    for polygon in polygons:
        if not polygon:
            continue
        west = min(int(ring[:, 0].min()) for ring in polygon)
        shift = -((west + half) // TURN) * TURN
        moved = [ring + np.array([shift, 0]) for ring in polygon]
        edge = sum(int(((ring[:, 0] + half) % TURN == 0).sum()) for ring in moved)
        if is_polar(moved[0]) or edge < 2:  # noqa: PLR2004  one point does not make an edge
            kept.append(moved)
        else:
            east = min(int(ring[:, 0].min()) for ring in moved) == -half
            outer, *holes = [ring + np.array([TURN * east, 0]) for ring in moved]
            # Rounded to the grid a coast can cross itself; here, unlike elsewhere, that has to be mended.
            touching.append(make_valid(Polygon(outer, holes)))
    if touching:
        union = unary_union(touching)
        kept += _rings(part for part in getattr(union, "geoms", [union]) if isinstance(part, Polygon))
    return kept
