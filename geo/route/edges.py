"""Edges of areas on the ellipsoid: how far out a condition holds along geodesics, and areas joined into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.geodesy import Arc, destination, inverse, unwrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

#: An edge is found to this, m, and to this share of how far it can be.
EXACT_M: Final = 0.2
EXACT: Final = 5e-5
_MOST_STEPS: Final = 60
_TURN: Final = 360.0
_ROOM: Final = 1.5


def edge_m(
    beyond: Callable[[Floats, Floats, Indices], Floats], lat: Floats, lon: Floats, azimuth_deg: Floats, most_m: Floats
) -> Floats:
    """Distance along each geodesic at which ``beyond`` turns positive, metres, to 0.05 ‰ of the farthest it can be.

    The Illinois variant of regula falsi (M. Dowell and P. Jarratt, BIT 11 (1971) 168-174), all rays at once.

    Args:
        beyond: of latitudes, longitudes and the indices of their rays; rising along each ray, at most 0 at its start.
        lat: where the rays start, degrees.
        lon: the same.
        azimuth_deg: where they go.
        most_m: beyond the edge, for each ray; where ``beyond`` is not positive there, this is the answer.
    """
    rays = np.arange(len(lat))
    low, high = np.zeros(len(lat)), np.array(most_m)
    at_low = np.minimum(beyond(lat, lon, rays), 0.0)
    far = destination(lat, lon, azimuth_deg, high)
    at_high = beyond(far.lat, far.lon, rays)
    found = np.where(at_high <= 0, high, 0.0)
    open_ = np.flatnonzero((at_high > 0) & (at_low < 0))
    side = np.zeros(len(lat), dtype=np.int64)
    exact = np.maximum(EXACT_M, EXACT * np.asarray(most_m)) / 2
    for _ in range(_MOST_STEPS):
        if len(open_) == 0:
            break
        guess = (low[open_] * at_high[open_] - high[open_] * at_low[open_]) / (at_high[open_] - at_low[open_])
        spot = destination(lat[open_], lon[open_], azimuth_deg[open_], guess)
        value = beyond(spot.lat, spot.lon, open_)
        found[open_] = guess
        inside = value <= 0
        within, without = open_[inside], open_[~inside]
        at_high[within[side[within] == 1]] /= 2
        at_low[without[side[without] == -1]] /= 2
        low[within], at_low[within], side[within] = guess[inside], value[inside], 1
        high[without], at_high[without], side[without] = guess[~inside], value[~inside], -1
        open_ = open_[(np.abs(value) > exact[open_]) & (high[open_] - low[open_] > exact[open_])]
    return found


def bulge_m(chord_m: Floats, radius_m: Floats) -> Floats:
    """How far an arc of a radius lies beyond its chord, with room: chords of a lens are of unequal length."""
    bulge: Floats = _ROOM * chord_m**2 / (8 * np.maximum(radius_m, 1.0))
    return bulge


class Middles(NamedTuple):
    """Points inside a reach: degrees; the azimuth of its axis from there, its half-widths along and across, metres.

    ``crossing`` says that the edges of the two discs cross: the area is a lens with two tips.
    """

    lat: Floats
    lon: Floats
    along: Floats
    half_a: Floats
    half_b: Floats
    crossing: NDArray[np.bool_]


def aside(half_a: Floats, half_b: Floats, corners: int) -> Floats:
    """Angles of corners from an axis, degrees, (middles, corners): even on a circle, closer where the area is slim."""
    turn = np.arange(corners) * (2 * np.pi / corners)
    aside: Floats = np.degrees(np.arctan2(np.outer(half_b, np.sin(turn)), np.outer(half_a, np.cos(turn)))) % _TURN
    return aside


def closed(lat: Floats, lon: Floats, near: float) -> Arc:
    """Corners in order as a closed, unwrapped outline whose first longitude is within half a turn of ``near``."""
    lats, lons = np.append(lat, lat[:1]), unwrap(np.append(lon, lon[:1]))
    return Arc(lats, lons + _TURN * np.round((near - lons[0]) / _TURN))


def united(outlines: Sequence[Arc]) -> tuple[Arc, ...]:
    """Areas joined where they overlap: closed unwrapped outlines, clockwise; holes are filled.

    The union is found on an azimuthal equidistant plane around the middle of the first area: distances and directions
    from there are true, so that neither pole nor antimeridian is an edge.
    """
    if len(outlines) < 2:  # noqa: PLR2004  nothing to join
        return tuple(outlines)
    from shapely import Polygon, get_parts, union_all  # loads GEOS

    lat0, lon0 = float(np.mean(outlines[0].lat[:-1])), float(np.mean(outlines[0].lon[:-1]))
    if abs(outlines[0].lon[-1] - outlines[0].lon[0]) > _TURN / 2:
        lat0 = float(np.copysign(90.0, lat0))
    planes = [Polygon(_on_plane(outline, lat0, lon0)).buffer(0) for outline in outlines]
    whole = union_all(planes)
    parts = sorted(get_parts(whole).tolist(), key=lambda part: -part.area)
    return tuple(_on_earth(np.array(part.exterior.coords), lat0, lon0) for part in parts)


def _on_plane(outline: Arc, lat0: float, lon0: float) -> Floats:
    way = inverse(lat0, lon0, outline.lat, outline.lon)
    turn = np.radians(way.azimuth_deg)
    return np.column_stack([way.distance_m * np.sin(turn), way.distance_m * np.cos(turn)])


def _on_earth(points: Floats, lat0: float, lon0: float) -> Arc:
    azimuth = np.degrees(np.arctan2(points[:, 0], points[:, 1]))
    ends = destination(lat0, lon0, azimuth, np.hypot(points[:, 0], points[:, 1]))
    lons = unwrap(ends.lon)
    return Arc(ends.lat, lons + _TURN * np.round((lon0 - lons[0]) / _TURN))
