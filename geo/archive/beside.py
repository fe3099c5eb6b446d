"""How far beside the line between two aerodromes a position lies: exactly, and as an engine reckons it quickly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import arc, beside_leg_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import NumericValue, Table
    from numpy.typing import ArrayLike, NDArray

    from geo.model import Place

    Floats = NDArray[np.float64]
    Vector = tuple[float, float, float]

#: The radius of the sphere on which the engine measures, km.
_SPHERE_KM: Final = 6_371.0
#: No way on the ellipsoid is longer than the same one on that sphere divided by this: the radii of curvature of WGS 84
#: lie between 6,335 and 6,400 km, and 6371/6400 is 0.9955.
_SHORTER: Final = 0.995
#: How far the points that are looked at on a line may lie beside what lies between them, km.
_BETWEEN_KM: Final = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """The geodesic from one aerodrome to another."""

    origin: Place
    destination: Place

    def beside_m(self, lat: ArrayLike, lon: ArrayLike) -> Floats:
        """Signed distance of points from it, metres, positive to the right; past an end of it, from that end."""
        one, other = self.origin, self.destination
        return beside_leg_m(lat, lon, one.lat, one.lon, other.lat, other.lon)

    def on_a_sphere(self, km: float) -> Sphere | None:
        """What an engine can reckon quickly, and lets every point pass that is farther than ``km`` from the line.

        The great circle of a sphere lies beside the geodesic by some kilometres on long ways: by how many is measured
        along it. ``None`` where that is so near to ``km`` that nothing is gained.
        """
        a, b = _vector(self.origin), _vector(self.destination)
        normal = _cross(a, b)
        length = math.hypot(*normal)
        if length < 1e-6:  # noqa: PLR2004  ends a few metres apart, or opposite each other: no great circle
            return None
        n = (normal[0] / length, normal[1] / length, normal[2] / length)
        points = arc(
            self.origin.lat,
            self.origin.lon,
            self.destination.lat,
            self.destination.lon,
            tolerance_m=_BETWEEN_KM * 1000,
        )
        beside = np.arcsin(np.clip(_dot(n, points.lat, points.lon), -1.0, 1.0)) * _SPHERE_KM
        least_km = km * _SHORTER - float(np.max(np.abs(beside))) - _BETWEEN_KM
        if least_km <= 0:
            return None
        return Sphere(n, a, b, _cross(n, a), _cross(n, b), least_km / _SPHERE_KM)


@dataclass(frozen=True, slots=True)
class Sphere:
    """A great circle from ``a`` to ``b`` as unit vectors: its normal, its directions at both ends, an angle."""

    normal: Vector
    a: Vector
    b: Vector
    at_a: Vector
    at_b: Vector
    angle: float

    def lets_pass(self, lat: Floats, lon: Floats) -> NDArray[np.bool_]:
        """Whether points, none of them NaN, are farther from it than the angle."""
        nearest, across = math.cos(self.angle), math.sin(self.angle)
        from_ends = np.where(
            _dot(self.at_a, lat, lon) < 0, _dot(self.a, lat, lon) < nearest, _dot(self.b, lat, lon) < nearest
        )
        between = (_dot(self.at_a, lat, lon) >= 0) & (_dot(self.at_b, lat, lon) <= 0)
        return np.where(between, np.abs(_dot(self.normal, lat, lon)) > across, from_ends)

    def beyond(self, table: Table, keep: Sequence[str]) -> Table:
        """The rows whose ``lat`` and ``lon`` are farther from it than the angle: these columns, and some of its own.

        Args:
            table: has ``lat`` and ``lon``, degrees; rows without them are left out.
            keep: the columns.
        """
        north, east = table.lat.cast("float64").radians(), table.lon.cast("float64").radians()
        step = table.select(*keep, x_=north.cos() * east.cos(), y_=north.cos() * east.sin(), z_=north.sin())

        def along(vector: Vector) -> NumericValue:
            return step.x_ * vector[0] + step.y_ * vector[1] + step.z_ * vector[2]

        nearest, across = math.cos(self.angle), math.sin(self.angle)
        behind, past = along(self.at_a) < 0, along(self.at_b) > 0
        far = behind.ifelse(
            along(self.a) < nearest, past.ifelse(along(self.b) < nearest, along(self.normal).abs() > across)
        )
        return step.filter(far)


def _vector(place: Place) -> Vector:
    lat, lon = math.radians(place.lat), math.radians(place.lon)
    return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))


def _cross(one: Vector, other: Vector) -> Vector:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def _dot(vector: Vector, lat: Floats, lon: Floats) -> Floats:
    north, east = np.radians(lat), np.radians(lon)
    flat = np.cos(north)
    return flat * np.cos(east) * vector[0] + flat * np.sin(east) * vector[1] + np.sin(north) * vector[2]
