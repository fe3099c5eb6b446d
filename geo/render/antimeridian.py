"""Longitudes that run on over the antimeridian, cut there as RFC 7946 asks, for formats that end at ±180.

In a scene longitudes are unwrapped: a line over the antimeridian goes on beyond ±180 (docs/scene.md).
"""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Point = tuple[float, float]

DIGITS = 6  # a tenth of a metre
_WORLD = 360.0


def column(packed: Mapping[str, Any]) -> list[float]:
    """Values of a delta-coded column of a scene."""
    quantum = packed["quantum"]
    return [total * quantum for total in accumulate(packed["deltas"])]


def points(path: Mapping[str, Any]) -> list[Point]:
    """Longitudes and latitudes of a path of a scene, degrees, longitudes unwrapped."""
    return list(zip(column(path["lon"]), column(path["lat"]), strict=True))


def bounding_box(longitudes: Sequence[float], latitudes: Sequence[float]) -> list[float]:
    """West, south, east, north as section 5 has it: west is greater than east where the antimeridian lies between."""
    if not longitudes:
        return [-180.0, -90.0, 180.0, 90.0]
    west, east = min(longitudes), max(longitudes)
    if east - west >= _WORLD:
        west, east = -180.0, 180.0
    elif not (west >= -180.0 and east <= 180.0):  # noqa: PLR2004  half the way around
        west, east = wrap(west), wrap(east)
    return [round(value, DIGITS) for value in (west, min(latitudes), east, max(latitudes))]


def wrap(lon: float) -> float:
    """A longitude within ±180; the antimeridian stays on the side that it was on."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % _WORLD - 180.0  # noqa: PLR2004  half the way around


def wrapped(at: Sequence[float]) -> list[float]:
    """A position, lon and lat in degrees, with its longitude within ±180, rounded."""
    return [round(wrap(at[0]), DIGITS), round(at[1], DIGITS)]


def spot(at: Sequence[float]) -> dict[str, Any]:
    """A point of GeoJSON."""
    return {"type": "Point", "coordinates": wrapped(at)}


def _turn(lon: float, towards: float) -> int:
    """How often around the Earth a longitude lies; on the antimeridian, that of the side where the line comes from."""
    turn = math.floor((lon + 180.0) / _WORLD)
    on_the_line = (lon + 180.0) % _WORLD == 0
    return turn - 1 if on_the_line and towards < lon else turn


def cut_line(
    points: Sequence[Point], extras: Sequence[Sequence[float]] = ()
) -> tuple[list[list[list[float]]], list[list[list[float]]]]:
    """Cut a line at the antimeridian.

    Args:
        points: lon, lat in degrees, longitude unwrapped; at least one.
        extras: further columns of the same length, such as times; at a cut they are interpolated.

    Returns:
        The pieces, each with longitudes within ±180 and with the cut on both sides of it, and each extra in the
        same pieces.
    """
    turn = _turn(points[0][0], next((lon for lon, _ in points if lon != points[0][0]), points[0][0]))
    pieces: list[list[list[float]]] = [[]]
    kept: list[list[list[float]]] = [[[]] for _ in extras]

    def put(lon: float, lat: float, values: Sequence[float]) -> None:
        pieces[-1].append([round(lon - turn * _WORLD, DIGITS), round(lat, DIGITS)])
        for column_, value in zip(kept, values, strict=True):
            column_[-1].append(value)

    for index, (lon, lat) in enumerate(points):
        while not turn * _WORLD - 180.0 <= lon <= turn * _WORLD + 180.0:
            edge = turn * _WORLD + math.copysign(180.0, lon - turn * _WORLD)
            before_lon, before_lat = points[index - 1]
            share = (edge - before_lon) / (lon - before_lon)
            at = before_lat + (lat - before_lat) * share
            between = [extra[index - 1] + (extra[index] - extra[index - 1]) * share for extra in extras]
            put(edge, at, between)
            turn += 1 if lon > edge else -1
            pieces.append([])
            for column_ in kept:
                column_.append([])
            put(edge, at, between)
        put(lon, lat, [extra[index] for extra in extras])
    return pieces, kept


def area(points: Sequence[Point]) -> dict[str, Any]:
    """What an unwrapped ring encloses, as a geometry of GeoJSON; a ring that is one spot is a point."""
    if len({tuple(wrapped(at)) for at in points}) == 1:
        return spot(points[0])
    polygons = cut_ring(points)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def cut_ring(points: Sequence[Point]) -> list[list[list[list[float]]]]:
    """Polygons within ±180 that together cover what an unwrapped ring encloses.

    A ring around a pole does not close by itself: its longitude ends a whole turn from where it began. It is closed
    along the pole that is nearer.

    Args:
        points: lon, lat in degrees, longitude unwrapped; the last may repeat the first.

    Returns:
        Polygons of closed rings, the outer counter-clockwise, holes clockwise.
    """
    ring = list(points)
    turned = ring[-1][0] - ring[0][0]
    if abs(turned) > _WORLD / 2:
        pole = math.copysign(90.0, sum(lat for _, lat in ring))
        # The first point again, a turn further, in case the ring leaves it out.
        end = ring[0][0] + math.copysign(_WORLD, turned)
        ring += [(end, ring[0][1]), (end, pole), (ring[0][0], pole)]
    if all(-180.0 <= lon <= 180.0 for lon, _ in ring):  # noqa: PLR2004  half the way around
        return [[_turned(ring, counter_clockwise=True)]]
    return _clipped(ring)


def _clipped(ring: Sequence[Point]) -> list[list[list[list[float]]]]:
    from shapely import Polygon, affinity, box, get_parts, make_valid

    whole = make_valid(Polygon(ring))
    west, _, east, _ = whole.bounds
    polygons = []
    for turn in range(_turn(west, east), _turn(east, west) + 1):
        strip = whole.intersection(box(turn * _WORLD - 180.0, -90.0, turn * _WORLD + 180.0, 90.0))
        moved = affinity.translate(strip, xoff=-turn * _WORLD)
        for part in get_parts(get_parts(moved)):
            if part.geom_type == "Polygon" and part.area > 0:
                holes = [_turned(hole.coords, counter_clockwise=False) for hole in part.interiors]
                polygons.append([_turned(part.exterior.coords, counter_clockwise=True), *holes])
    return polygons


def _turned(ring: Sequence[Point], *, counter_clockwise: bool) -> list[list[float]]:
    closed = [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in ring]
    if closed[0] != closed[-1]:
        closed.append(closed[0])
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed))
    return closed if (twice_area >= 0) == counter_clockwise else closed[::-1]
