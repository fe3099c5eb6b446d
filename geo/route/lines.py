"""Lines from points: geodesic or smooth between them, timed by their length, with the doubt of a stated rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import along_m, destination, path, unwrap
from geo.model import Position
from geo.route.route import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.model import Band, Where

    Floats = NDArray[np.float64]

#: A drawn geodesic stays within this of the true one: a fifth of a pixel on a map of 1,000 km across.
TOLERANCE_M: Final = 200.0
_PARTS: Final = 8


def position_of(where: Where) -> Position:
    """The position of a point or of an offset from a place; other kinds have none.

    Raises:
        ValueError: for a ring, a direction or the track.
    """
    if where.place is not None and where.kind == "point":
        return where.place.position
    if where.place is not None and where.kind == "offset":
        km, bearing = where.km or 0.0, where.bearing_deg or 0.0
        spot = destination(where.place.lat, where.place.lon, bearing, km * 1000)
        return Position(lat=float(spot.lat), lon=float(spot.lon))
    raise ValueError(f"a {where.kind} has no single position")


def geodesic(points: Sequence[Position], times_s: tuple[float, float] | None = None) -> Line:
    """The geodesics through points; with times, the points get theirs by their share of the length."""
    drawn = path([point.lat for point in points], [point.lon for point in points], tolerance_m=TOLERANCE_M)
    return Line(drawn.lat, drawn.lon, None if times_s is None else _timed(drawn.lat, drawn.lon, times_s))


def smooth(points: Sequence[Position], times_s: tuple[float, float]) -> Line:
    """A curve through all points in order, without overshoot at the given ones, timed by its length.

    Centripetal Catmull-Rom (P. J. Schneider and D. H. Eberly, 2003; E. Catmull and R. Rom, 1974) in degrees scaled by
    the cosine of the middle latitude: the points are placed by hand and the curve between them claims no more than
    their order.
    """
    lat = np.array([point.lat for point in points])
    lon = unwrap([point.lon for point in points])
    if len(points) == 2:  # noqa: PLR2004  nothing to smooth
        return geodesic(points, times_s)
    scale = np.cos(np.radians(lat.mean()))
    given = np.column_stack([lon * scale, lat])
    framed = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    parts = [_segment(framed[index : index + 4]) for index in range(len(given) - 1)]
    curve = np.vstack([*(part[:-1] for part in parts), given[-1:]])
    lats, lons = curve[:, 1].copy(), curve[:, 0] / scale
    return Line(lats, lons, _timed(lats, lons, times_s))


def _segment(corners: Floats) -> Floats:
    """Points from the second to the third of four corners, both included."""
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(corners, axis=0), axis=1)))])
    if knots[1] == knots[2]:
        return np.vstack([corners[1], corners[2]])
    at = np.linspace(knots[1], knots[2], _PARTS + 1)[:, None]
    corner = [np.broadcast_to(point, (len(at), 2)) for point in corners]
    first = [_between(corner[i], corner[i + 1], knots[i], knots[i + 1], at) for i in range(3)]
    second = [_between(first[i], first[i + 1], knots[i], knots[i + 2], at) for i in range(2)]
    return _between(second[0], second[1], knots[1], knots[2], at)


def _between(first: Floats, second: Floats, start: float, end: float, at: Floats) -> Floats:
    if end == start:
        return first
    return ((end - at) * first + (at - start) * second) / (end - start)


def _timed(lat: Floats, lon: Floats, times_s: tuple[float, float]) -> Floats:
    length = along_m(lat, lon)
    share = length / length[-1] if length[-1] > 0 else np.linspace(0, 1, len(length))
    start, end = times_s
    return start + share * (end - start)


def doubted(line: Line, band: Band | None, within_km: float | None) -> Line:
    """The line with the half-width of its doubt: by the rule of ``band``, else ``within_km`` all along, else none."""
    if band is not None:
        length = along_m(line.lat, line.lon)
        nearest = np.minimum(length, length[-1] - length)
        doubt = np.maximum(band.share * nearest, band.least_km * 1000)
    elif within_km is not None:
        doubt = np.full(len(line), within_km * 1000)
    else:
        return line
    return Line(line.lat, line.lon, line.time_s, doubt)


def part(line: Line, first: float, last: float) -> Line:
    """The part of a line between two shares of its length."""
    length = along_m(line.lat, line.lon)
    share = length / length[-1] if length[-1] > 0 else np.linspace(0, 1, len(length))
    inner = (share > first) & (share < last)
    at = np.concatenate([[first], share[inner], [last]])
    return Line(np.interp(at, share, line.lat), np.interp(at, share, line.lon))
