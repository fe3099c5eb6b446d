"""Where the sea is within 12 nautical miles of a coast, and where it is as near to one coast as to another's.

Distances are taken on Lambert's conformal conic projection of WGS 84, one for each band of four degrees of latitude and
each half of the world, with two true parallels so that a length within a band is right to 4 parts in 10,000: 9 m in
12 nautical miles. Curves are drawn to 35 m more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import Transformer
from shapely import MultiLineString, MultiPoint, box

from geo.measures import NAUTICAL_MILE_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: The breadth of the territorial sea, metres: 12 international nautical miles.
BREADTH_M: Final = 12 * NAUTICAL_MILE_M
_BAND_DEG: Final = 4
#: The true parallels of a band, from its southern side, degrees.
_TRUE: Final = (0.6, 3.4)
#: What of the coast beyond a band or half is looked at too, degrees of latitude and of longitude.
_BEYOND: Final = (0.4, 6.0)
#: Quarter circles are drawn by so many chords, as much beyond the circle at their ends as within it at their middles
#: (14 m); coasts and curves are simplified to so many metres.
_CHORDS: Final = 16
_COAST_M: Final = 10.0
_CURVE_M: Final = 10.0
_ROUNDED_M: Final = 40.0
_DRAWN_M: Final = 2 * BREADTH_M / (1 + np.cos(np.pi / (4 * _CHORDS)))
#: Between two coasts: points on them so many metres apart, lines simplified to so many.
_SPACING_M: Final = 300.0
_MIDDLE_M: Final = 40.0
_TILE_DEG: Final = 2.0
_TILE_BEYOND_DEG: Final = 0.25
_OVER_DEG: Final = 1e-4
_HALF: Final = 180.0
#: No segment of a coast within the breadth has its middle farther off, degrees of latitude.
_NEAR_DEG: Final = 0.5


class Band:
    """A part of the world, west, south, east, north, and the plane it is measured on."""

    def __init__(self, south: int, half: int) -> None:
        self.bounds = (-180.0 + 180 * half, float(south), 180.0 * half, float(south + _BAND_DEG))
        self._middle = 90.0 * (2 * half - 1)
        first, second = (south + true for true in _TRUE)
        self._plane = Transformer.from_crs(
            "EPSG:4326",
            f"+proj=lcc +lat_1={first} +lat_2={second} +lat_0={south + 2} +lon_0={self._middle} +ellps=WGS84",
            always_xy=True,
        )

    def within(self, west: float, south: float, east: float, north: float, first: Floats, second: Floats) -> Ints:
        """Which edges, two arrays (n, 2) of longitude and latitude, may have a point in a rectangle."""
        low, high = np.minimum(first, second), np.maximum(first, second)
        return np.flatnonzero((low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south))

    def flat(self, points: Floats) -> Floats:
        """Metres on the plane of points (n, 2)."""
        return np.column_stack(self._plane.transform(points[:, 0], points[:, 1]))

    def round(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape of the plane on the Earth again."""

        def back(at: Floats) -> Floats:
            lon, lat = self._plane.transform(at[:, 0], at[:, 1], direction="INVERSE")
            # In the frame of the band: what lies beyond the antimeridian goes on there.
            return np.column_stack([self._middle + (lon - self._middle + 180.0) % 360.0 - 180.0, lat])

        return shapely.transform(shape, back)


def bands() -> Iterator[Band]:
    """The bands that have a coast with a territorial sea; that of Antarctica is left out with its land."""
    for south in range(-60, 84, _BAND_DEG):
        yield from (Band(south, half) for half in (0, 1))


def _around(band: Band, first: Floats, second: Floats) -> tuple[Floats, Floats, Ints]:
    """The edges in and near a band, in its frame, and their numbers."""
    west, south, east, north = band.bounds
    up, aside = _BEYOND
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        shift = np.array([turn, 0.0])
        one, other = first + shift, second + shift
        near = band.within(west - aside, south - up, east + aside, north + up, one, other)
        parts.append((one[near], other[near], near))
    return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))  # type: ignore[return-value]  # three


def belt(first: Floats, second: Floats) -> BaseGeometry:
    """The area within ``BREADTH_M`` of edges of coasts, on sea and land, in longitudes from -180 to 180.

    Args:
        first: (n, 2) longitude, latitude, degrees.
        second: the same, the other ends; an edge does not cross the antimeridian.
    """
    found = []
    for band in bands():
        one, other, _ = _around(band, first, second)
        if not len(one):
            continue
        edges = shapely.linestrings(np.stack([band.flat(one), band.flat(other)], axis=1))
        coast = shapely.line_merge(shapely.union_all(edges)).simplify(_COAST_M)
        wide = shapely.union_all(shapely.buffer(shapely.get_parts(coast), _DRAWN_M, quad_segs=_CHORDS))
        found.append(shapely.intersection(band.round(wide.simplify(_CURVE_M)), box(*band.bounds)))
    return shapely.union_all(found)


def middles(first: Floats, second: Floats, label: Ints) -> Iterator[BaseGeometry]:
    """Lines as far from the coast of one label as from another's, wherever both are near.

    Between sets of points on the coasts they are sides of Voronoi cells.

    Args:
        first: (n, 2) longitude, latitude, degrees.
        second: the same, the other ends.
        label: (n,) whose coast each edge is.
    """
    for band in bands():
        one, other, number = _around(band, first, second)
        west, south, east, north = band.bounds
        for bottom in np.arange(south, north, _TILE_DEG):
            aside = _TILE_BEYOND_DEG / np.cos(np.radians(min(max(abs(bottom), abs(bottom + _TILE_DEG)), 89.0)))
            for left in np.arange(west, east, _TILE_DEG):
                tile = (left, bottom, left + _TILE_DEG, bottom + _TILE_DEG)
                wide = (left - aside, bottom - _TILE_BEYOND_DEG, tile[2] + aside, tile[3] + _TILE_BEYOND_DEG)
                near = band.within(*wide, one, other)
                if len(set(label[number[near]].tolist())) > 1:
                    yield _middles_of(band, one[near], other[near], label[number[near]], tile)


def _middles_of(
    band: Band, first: Floats, second: Floats, label: Ints, tile: tuple[float, float, float, float]
) -> BaseGeometry:
    points, whose = _spaced(band.flat(first), band.flat(second), label)
    points, kept = np.unique(points.round(1), axis=0, return_index=True)
    whose = whose[kept]
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), ordered=True))
    ring, cell = shapely.get_coordinates(shapely.get_exterior_ring(cells), return_index=True)
    here = np.flatnonzero(cell[1:] == cell[:-1])
    ends = np.column_stack([ring[here], ring[here + 1]])
    swap = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[swap] = ends[swap][:, [2, 3, 0, 1]]
    order = np.lexsort(ends.T)
    ends, side = ends[order], whose[cell[here]][order]
    # Two cells share a side; it matters if they are of two coasts.
    twins = np.flatnonzero((ends[1:] == ends[:-1]).all(axis=1) & (side[1:] != side[:-1]))
    lines = shapely.linestrings(ends[twins].reshape(-1, 2, 2))
    merged = shapely.line_merge(shapely.union_all(lines)).simplify(_MIDDLE_M)
    # Lines of neighbouring tiles do not meet to the metre: the sides of the tile close what they leave open. Ends go on
    # a little, so that lines cross rather than nearly touch.
    wide = box(*tile).buffer(_OVER_DEG, join_style="mitre")
    return shapely.union_all([shapely.intersection(band.round(merged), wide), _sides(tile)])


def _sides(tile: tuple[float, float, float, float]) -> BaseGeometry:
    west, south, east, north = tile
    over = _OVER_DEG
    # At the antimeridian the frame of the world is there already.
    upright = [at for at in (west, east) if abs(at) != _HALF]
    return MultiLineString(
        [
            *([(at, south - over), (at, north + over)] for at in upright),
            *([(max(west - over, -_HALF), at), (min(east + over, _HALF), at)] for at in (south, north)),
        ]
    )


def _spaced(first: Floats, second: Floats, label: Ints) -> tuple[Floats, Ints]:
    """Points along edges, at most ``_SPACING_M`` apart and never at an end, and their labels."""
    length = np.hypot(*(second - first).T)
    count = np.maximum(np.ceil(length / _SPACING_M), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(first)), count)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    share = ((place + 0.5) / count[edge])[:, None]
    return first[edge] + share * (second - first)[edge], label[edge]


def nearest_label(points: Floats, first: Floats, second: Floats, label: Ints) -> Ints:
    """Whose coast is nearest to each point, among those within ``BREADTH_M``; -1 where there is none.

    A margin is given to points that rounding has put outside.
    """
    found = np.full(len(points), -1, dtype=np.int64)
    middle = (first + second) / 2
    for number, (lon, lat) in enumerate(points.tolist()):
        aside = _NEAR_DEG / max(np.cos(np.radians(lat)), 0.01)
        east = (middle[:, 0] - lon + 180.0) % 360.0 - 180.0
        near = np.flatnonzero((np.abs(middle[:, 1] - lat) < _NEAR_DEG) & (np.abs(east) < aside))
        if len(near):
            away = _away_m(lat, lon, first[near], second[near])
            best = int(np.argmin(away))
            if away[best] <= BREADTH_M + _ROUNDED_M:
                found[number] = label[near[best]]
    return found


def _away_m(lat: float, lon: float, first: Floats, second: Floats) -> Any:  # noqa: ANN401  an array
    """Metres from a point to edges that are near, on a plane at the point."""
    north = 111_132.95 - 559.85 * np.cos(2 * np.radians(lat))
    east = 111_412.88 * np.cos(np.radians(lat)) - 93.5 * np.cos(3 * np.radians(lat))
    scale = np.array([east, north])
    one, other = (
        np.column_stack([(ends[:, 0] - lon + 180.0) % 360.0 - 180.0, ends[:, 1] - lat]) * scale
        for ends in (first, second)
    )
    along = other - one
    length2 = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip(-(one * along).sum(axis=1) / length2, 0.0, 1.0)[:, None]
    return np.hypot(*(one + share * along).T)
