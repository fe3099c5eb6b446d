"""The one Earth (WGS 84): distances, azimuths, arcs, cross-track distances, rings, unwrapped longitudes.

Every function takes and gives numpy arrays and broadcasts. Angles are degrees, azimuths clockwise from true north in
[0, 360), distances metres on the ellipsoid. NaN in gives NaN out. Argument order is latitude before longitude, as the
field writes positions; where rows are pairs it is said.

Geodesics are those of C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013) 43-55, through pyproj (PROJ).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.errors import GeodesyError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pyproj import Geod

    Floats = NDArray[np.float64]

#: Equatorial radius and flattening of WGS 84 (NIMA TR8350.2, third edition, 2000).
EQUATORIAL_RADIUS_M: Final = 6_378_137.0
FLATTENING: Final = 1 / 298.257_223_563
#: The longest geodesic there is, half a meridian ellipse, rounded up.
LONGEST_M: Final = 20_003_932.0
_POLE: Final = 90.0
_HALF_TURN: Final = 180.0
_TURN: Final = 360.0
#: An arc is never cut finer than this, whatever the tolerance asks for.
_MOST_PARTS: Final = 4096


class Inverse(NamedTuple):
    """The geodesic from one point to another: length and the azimuths at its ends, all forward along the line."""

    distance_m: Floats
    azimuth_deg: Floats
    final_azimuth_deg: Floats


class Arc(NamedTuple):
    """Points along a line, in order: degrees; neighbouring longitudes differ by less than half a turn."""

    lat: Floats
    lon: Floats


@cache
def _geod() -> Geod:
    from pyproj import Geod  # slow to load, and not every command measures

    return Geod(a=EQUATORIAL_RADIUS_M, f=FLATTENING)


def _columns(*values: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.array(column, dtype=np.float64, order="C") for column in np.broadcast_arrays(*values))


def _checked(lat: Floats) -> Floats:
    if np.any(np.abs(lat) > _POLE):
        worst = float(lat[np.abs(lat) > _POLE][0]) if lat.ndim else float(lat)
        raise GeodesyError(f"latitude {worst:g} is not between -90 and 90; latitude comes before longitude here")
    return lat


def inverse(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Inverse:
    """Length and azimuths of the geodesics from points 1 to points 2.

    Raises:
        GeodesyError: for a latitude beyond a pole.
    """
    a, b, c, d = _columns(lat1, lon1, lat2, lon2)
    holes = np.isnan(a + b + c + d)
    nan: Floats | float = 0.0
    if holes.any():
        a, b, c, d = (np.where(holes, 0.0, column) for column in (a, b, c, d))
        nan = np.where(holes, np.nan, 0.0)
    forward, back, length = _geod().inv(b, _checked(a), d, _checked(c))
    final = np.asarray(back) + _HALF_TURN
    return Inverse(np.asarray(length) + nan, np.asarray(forward) % _TURN + nan, final % _TURN + nan)


def distance_m(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Length of the geodesics from points 1 to points 2, metres.

    Raises:
        GeodesyError: for a latitude beyond a pole.
    """
    return inverse(lat1, lon1, lat2, lon2).distance_m


def destination(lat: ArrayLike, lon: ArrayLike, azimuth_deg: ArrayLike, distance: ArrayLike) -> Arc:
    """Where one is after ``distance`` metres from each point in direction ``azimuth_deg``; longitudes in [-180, 180].

    Raises:
        GeodesyError: for a latitude beyond a pole.
    """
    a, b, azimuth, length = _columns(lat, lon, azimuth_deg, distance)
    holes = np.isnan(a + b + azimuth + length)
    nan: Floats | float = 0.0
    if holes.any():
        a, b, azimuth, length = (np.where(holes, 0.0, column) for column in (a, b, azimuth, length))
        nan = np.where(holes, np.nan, 0.0)
    lons, lats, _ = _geod().fwd(b, _checked(a), azimuth, length)
    return Arc(np.asarray(lats) + nan, np.asarray(lons) + nan)


def unwrap(lon: ArrayLike) -> Floats:
    """Longitudes without jumps: each within half a turn of the one before; the first is kept as it is."""
    degrees = np.asarray(lon, dtype=np.float64)
    return np.unwrap(degrees, period=_TURN) if degrees.size else degrees


def wrap(lon: ArrayLike) -> Floats:
    """Longitudes brought into [-180, 180)."""
    return (np.asarray(lon, dtype=np.float64) + _HALF_TURN) % _TURN - _HALF_TURN


def arc(lat1: float, lon1: float, lat2: float, lon2: float, *, tolerance_m: float = 100.0) -> Arc:
    """The geodesic between two points, dense enough that straight lines between its points stay within ``tolerance_m``.

    Straight means straight on an equirectangular or Web Mercator map; the distance between chord and geodesic is
    measured at the middle of each part, where it is largest for a smooth curve, and parts are halved until it holds.
    Longitudes run on from ``lon1``.

    Raises:
        GeodesyError: for a latitude beyond a pole or a tolerance that is not positive.
    """
    if not tolerance_m > 0:
        raise GeodesyError(f"a tolerance is a positive number of metres; found {tolerance_m:g}")
    whole = inverse(lat1, lon1, lat2, lon2)
    length, azimuth = float(whole.distance_m), float(whole.azimuth_deg)
    parts = 1
    while parts < _MOST_PARTS:
        line = _cut(lat1, lon1, azimuth, length, 2 * parts)
        if _chord_error_m(line) <= tolerance_m:
            break
        parts *= 2
    line = _cut(lat1, lon1, azimuth, length, parts)
    lats, lons = line.lat.copy(), line.lon.copy()
    lats[0], lats[-1] = lat1, lat2
    if abs(lat2) < _POLE:
        lons[-1] += float(wrap(lon2 - lons[-1]))
    return Arc(lats, lons)


def _cut(lat: float, lon: float, azimuth: float, length: float, parts: int) -> Arc:
    points = destination(lat, lon, azimuth, np.linspace(0.0, length, parts + 1))
    lons = points.lon.copy()
    lons[0] = lon
    return Arc(points.lat, unwrap(lons))


def _chord_error_m(line: Arc) -> float:
    """Largest distance, metres, of every second point from the straight chord between its neighbours on a map."""
    middle_lat = (line.lat[:-2:2] + line.lat[2::2]) / 2
    middle_lon = (line.lon[:-2:2] + line.lon[2::2]) / 2
    return float(np.max(distance_m(line.lat[1::2], line.lon[1::2], middle_lat, middle_lon)))


def path(lat: ArrayLike, lon: ArrayLike, *, tolerance_m: float = 100.0) -> Arc:
    """Geodesics through points in order, as ``arc`` draws each; longitudes unwrapped over the whole.

    Raises:
        GeodesyError: for fewer than two points, a latitude beyond a pole, or a tolerance that is not positive.
    """
    lats, lons = _columns(lat, lon)
    if lats.size < 2:  # noqa: PLR2004  a line
        raise GeodesyError(f"a path needs two points or more; found {lats.size}")
    arcs = [
        arc(float(a), float(b), float(c), float(d), tolerance_m=tolerance_m)
        for a, b, c, d in zip(lats[:-1], lons[:-1], lats[1:], lons[1:], strict=True)
    ]
    return Arc(
        np.concatenate([arcs[0].lat[:1], *(part.lat[1:] for part in arcs)]),
        unwrap(np.concatenate([arcs[0].lon[:1], *(part.lon[1:] for part in arcs)])),
    )


def along_m(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Distance from the first point along a line of geodesics, metres, at each of its points."""
    lats, lons = _columns(lat, lon)
    if lats.size == 0:
        return lats
    steps = distance_m(lats[:-1], lons[:-1], lats[1:], lons[1:])
    return np.concatenate([[0.0], np.cumsum(steps)])


def cross_track_m(lat: ArrayLike, lon: ArrayLike, lat1: float, lon1: float, lat2: float, lon2: float) -> Floats:
    """Signed distance of points from the geodesic through points 1 and 2, metres, positive to the right of it.

    The foot of the perpendicular is found by stepping along the geodesic, each step the along-track distance of a
    sphere of the local scale; two steps leave less than a millimetre within 10,000 km (Baselga and Martinez-Llario,
    Intersection and point-to-line solutions for geodesics on the ellipsoid, Stud. Geophys. Geod. 62 (2018) 353-363).

    Raises:
        GeodesyError: when points 1 and 2 are the same, or for a latitude beyond a pole.
    """
    lats, lons = _columns(lat, lon)
    line = inverse(lat1, lon1, lat2, lon2)
    if not float(line.distance_m) > 0:
        raise GeodesyError("the line has no direction: its two points are the same")
    foot_m = np.zeros_like(lats)
    for _ in range(8):
        foot = destination(lat1, lon1, float(line.azimuth_deg), foot_m)
        ahead = inverse(foot.lat, foot.lon, lats, lons)
        turn = np.radians(ahead.azimuth_deg - _heading_at(line, lat1, lon1, foot_m))
        angle = ahead.distance_m / EQUATORIAL_RADIUS_M
        step = np.arctan2(np.sin(angle) * np.cos(turn), np.cos(angle)) * EQUATORIAL_RADIUS_M
        foot_m = foot_m + step
        if np.all(np.abs(np.nan_to_num(step)) < 1e-4):  # noqa: PLR2004  a tenth of a millimetre
            break
    return np.where(np.sin(turn) < 0, -1.0, 1.0) * ahead.distance_m


def beside_leg_m(lat: ArrayLike, lon: ArrayLike, lat1: float, lon1: float, lat2: float, lon2: float) -> Floats:
    """Signed distance of points from the geodesic between points 1 and 2, metres, positive to the right of it.

    Across it where the foot of the perpendicular lies between them, else from the nearer of the two.

    Raises:
        GeodesyError: when points 1 and 2 are the same, or for a latitude beyond a pole.
    """
    across = cross_track_m(lat, lon, lat1, lon1, lat2, lon2)
    to_one, to_other = distance_m(lat, lon, lat1, lon1), distance_m(lat, lon, lat2, lon2)
    line = inverse(lat1, lon1, lat2, lon2)
    # The foot is past an end where the way to it leads away from the other.
    from_one = np.cos(np.radians(inverse(lat1, lon1, lat, lon).azimuth_deg - line.azimuth_deg))
    from_other = np.cos(np.radians(inverse(lat2, lon2, lat, lon).azimuth_deg - line.final_azimuth_deg))
    beyond = np.where(from_one < 0, to_one, np.where(from_other > 0, to_other, np.abs(across)))
    return np.copysign(np.maximum(beyond, np.abs(across)), across)


def _heading_at(line: Inverse, lat1: float, lon1: float, at_m: Floats) -> Floats:
    lats, lons, azimuths, lengths = _columns(lat1, lon1, float(line.azimuth_deg), np.nan_to_num(at_m))
    _, _, back = _geod().fwd(lons, lats, azimuths, lengths)
    return np.asarray(back) + _HALF_TURN


def ring(lat: float, lon: float, radius_m: float, *, points: int = 72) -> Arc:
    """Points at ``radius_m`` around a point, closed (the last equals the first), clockwise from north, unwrapped.

    A ring around a pole does not close in longitude: its last longitude is a whole turn from its first.

    Raises:
        GeodesyError: for a radius that is not positive or longer than half a meridian.
    """
    if not 0 < radius_m < LONGEST_M:
        raise GeodesyError(f"a ring has a radius between 0 and {LONGEST_M / 1000:.0f} km; found {radius_m / 1000:g} km")
    edge = destination(lat, lon, np.linspace(0.0, _TURN, points + 1), radius_m)
    lons = unwrap(edge.lon)
    return Arc(edge.lat, lons + _TURN * np.round((lon - lons[0]) / _TURN))


def area_m2(lat: ArrayLike, lon: ArrayLike) -> float:
    """Area that a closed outline of geodesics encloses, square metres, whichever way it runs.

    The outline may run around a pole or over the antimeridian; of the two areas that it parts, the smaller is meant.

    Raises:
        GeodesyError: for fewer than three points or a latitude beyond a pole.
    """
    lats, lons = _columns(lat, lon)
    if lats.size < 3:  # noqa: PLR2004  an area
        raise GeodesyError(f"an area needs an outline of three points or more; found {lats.size}")
    area, _ = _geod().polygon_area_perimeter(lons, _checked(lats))
    return abs(float(area))


def wedge(
    lat: float, lon: float, azimuth_deg: float, half_angle_deg: float, radius_m: float, *, points: int = 24
) -> Arc:
    """A closed sector around a direction, from the point out to ``radius_m``.

    Raises:
        GeodesyError: for a radius or an angle that is not positive.
    """
    if not (half_angle_deg > 0 and 0 < radius_m < LONGEST_M):
        raise GeodesyError("a wedge has a positive half-angle and radius")
    edge = destination(
        lat, lon, np.linspace(azimuth_deg - half_angle_deg, azimuth_deg + half_angle_deg, points + 1), radius_m
    )
    lons = np.concatenate([[lon], edge.lon, [lon]])
    return Arc(np.concatenate([[lat], edge.lat, [lat]]), unwrap(lons))


def band(lat: ArrayLike, lon: ArrayLike, half_width_m: ArrayLike) -> Arc:
    """The closed outline of a strip around a line: its right side in order, then its left side back, unwrapped.

    ``half_width_m`` is one number or one for each point.

    Raises:
        GeodesyError: for fewer than two points.
    """
    lats, lons, half = _columns(lat, lon, half_width_m)
    if lats.size < 2:  # noqa: PLR2004  a line
        raise GeodesyError(f"a band needs a line of two points or more; found {lats.size}")
    steps = inverse(lats[:-1], lons[:-1], lats[1:], lons[1:])
    incoming = np.radians(np.concatenate([steps.azimuth_deg[:1], steps.final_azimuth_deg]))
    outgoing = np.radians(np.concatenate([steps.azimuth_deg, steps.final_azimuth_deg[-1:]]))
    heading = np.degrees(np.arctan2(np.sin(incoming) + np.sin(outgoing), np.cos(incoming) + np.cos(outgoing)))
    right = destination(lats, lons, heading + 90, half)
    left = destination(lats, lons, heading - 90, half)
    outline_lat = np.concatenate([right.lat, left.lat[::-1], right.lat[:1]])
    outline_lon = np.concatenate([right.lon, left.lon[::-1], right.lon[:1]])
    anchored = unwrap(np.concatenate([lons[:1], outline_lon]))[1:]
    return Arc(outline_lat, anchored)
