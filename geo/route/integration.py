"""Integrate velocities over the ellipsoid to a path, and close the path on a known end.

A path is integrated in three dimensions. At the middle of each step the velocity is a vector tangent to the ellipsoid;
the vectors are summed, and the sum put back on the surface. The positions that the vectors hang on are those of the
pass before (Picard iteration), until none moves by more than a millimetre: all steps are taken at once, and neither
pole nor antimeridian is an edge. The error is of the second order in the turn within a step: after a full circle at 3
degrees a second, in steps of 3 s, less than 2 m.

What is added to the readings, as the wind, is a vector along and across the great circle through both ends, constant
along it: in components north and east it would turn as the meridians do, and at a pole mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.geodesy import EQUATORIAL_RADIUS_M, FLATTENING, unwrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_E2: Final = FLATTENING * (2 - FLATTENING)
#: Two passes of an integration differ by no more than this, m.
EXACT_M: Final = 1e-3
_SETTLED_M: Final = 1.0
_MOST_PASSES: Final = 100
#: Sine of an angle between two ends below which they give no direction: 10 cm apart, or as far from antipodes.
_NO_DIRECTION: Final = 1.6e-8


def normals(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """The upward unit vectors at positions in degrees, (n, 3), Earth-centred, x to 0 N 0 E and z to the north pole."""
    phi, lam = np.radians(np.asarray(lat, dtype=np.float64)), np.radians(np.asarray(lon, dtype=np.float64))
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)


def positions(up: Floats) -> tuple[Floats, Floats]:
    """Latitudes and longitudes, degrees, the latter unwrapped along the line, of upward vectors (n, 3)."""
    lat = np.degrees(np.arctan2(up[..., 2], np.hypot(up[..., 0], up[..., 1])))
    return lat, unwrap(np.degrees(np.arctan2(up[..., 1], up[..., 0])))


def points(up: Floats) -> Floats:
    """Where on the ellipsoid the upward vectors stand, m, Earth-centred."""
    across_m = EQUATORIAL_RADIUS_M / np.sqrt(1 - _E2 * up[..., 2:] ** 2)
    where: Floats = across_m * up * np.array([1.0, 1.0, 1 - _E2])
    return where


def _up(points: Floats) -> Floats:
    """The upward vectors at points on, or metres off, the ellipsoid."""
    return _unit(points * np.array([1.0, 1.0, 1 / (1 - _E2)]))


def _unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Floats = vectors / np.where(length > 0, length, 1.0)
    return units


def middle(up: Floats) -> Floats:
    """The upward vectors in the middle between each (n, 3) and the next, (n - 1, 3)."""
    return _unit(up[:-1] + up[1:])


def from_north(up: Floats, components: Floats) -> Floats:
    """Vectors (n, 3) of components north and east (n, 2)."""
    north, east = north_east(up)
    return north * components[..., :1] + east * components[..., 1:]


def north_east(up: Floats) -> tuple[Floats, Floats]:
    """Unit vectors north and east at upward vectors (n, 3); at a pole those along the meridian of 0."""
    away = np.hypot(up[..., :1], up[..., 1:2])
    polar = away == 0
    cos_lon = np.where(polar, 1.0, up[..., :1] / np.where(polar, 1.0, away))
    sin_lon = np.where(polar, 0.0, up[..., 1:2] / np.where(polar, 1.0, away))
    north = np.concatenate([-up[..., 2:] * cos_lon, -up[..., 2:] * sin_lon, away], axis=-1)
    return north, np.concatenate([-sin_lon, cos_lon, np.zeros_like(away)], axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Chord:
    """The directions along and across (to the right of) the great circle around ``pole``, a unit vector (3,)."""

    pole: Floats

    @classmethod
    def between(cls, start: Floats, end: Floats) -> Chord:
        """That from one upward vector to another; eastward where they are the same or opposite."""
        pole = np.cross(start, end)
        if float(np.linalg.norm(pole)) < _NO_DIRECTION:
            return cls.towards(start, 90.0)
        return cls(_unit(pole))

    @classmethod
    def towards(cls, start: Floats, azimuth_deg: float) -> Chord:
        """That from an upward vector in a direction clockwise from north."""
        north, east = north_east(start)
        turn = np.radians(azimuth_deg)
        return cls(_unit(np.cross(start, north * np.cos(turn) + east * np.sin(turn))))

    def axes(self, up: Floats) -> tuple[Floats, Floats]:
        """Unit vectors along and across at upward vectors (n, 3)."""
        along = _unit(np.cross(self.pole, up))
        return along, np.cross(along, up)

    def vectors(self, up: Floats, components: Floats) -> Floats:
        """Vectors (n, 3) of components along and across (n, 2)."""
        along, across = self.axes(up)
        return along * components[..., :1] + across * components[..., 1:]

    def components(self, up: Floats, vectors: Floats) -> Floats:
        """Components along and across (n, 2) of vectors (n, 3)."""
        along, across = self.axes(up)
        return np.stack([np.sum(vectors * along, axis=-1), np.sum(vectors * across, axis=-1)], axis=-1)


class Flown(NamedTuple):
    """A path: upward vectors (n, 3), what was added to the velocity of each step (n - 1, 2) along and across, m/s.

    ``open_m`` is by how much the path missed the end, along and across, before anything was added to close it.
    ``settled`` says that the last passes agree, and that the end is met: within a degree of a pole, where north turns
    faster than headings are received, they may not.
    """

    up: Floats
    added: Floats
    open_m: Floats
    settled: bool


def line(start: Floats, end: Floats, step_s: Floats) -> Floats:
    """Upward vectors (n, 3) below the straight line between two, at the times of steps (n - 1,)."""
    share = np.concatenate([[0.0], np.cumsum(step_s)])[:, None] / np.sum(step_s)
    return _up(points(start) + share * (points(end) - points(start)))


def flown(
    start: Floats,
    end: Floats | None,
    *,
    step_s: Floats,
    velocity: Callable[[Floats], Floats],
    chord: Chord,
    added: Floats,
    gain: Floats | None = None,
) -> Flown:
    """Integrate velocities from ``start``, and close the path on ``end``.

    Args:
        start: upward vector (3,).
        end: upward vector (3,), or none: then nothing is closed.
        step_s: length of each step in seconds (n - 1,), shortened by the share by which the surface below is shorter
            than the way at altitude.
        velocity: of the upward vectors in the middle of the steps, (n - 1, 3): vectors in m/s, (n - 1, 3).
        chord: the frame of ``added``.
        added: along and across, m/s, (n - 1, 2), added to the velocities from the beginning.
        gain: how a metre missed at the end, along and across, is made up in each step, m/s, (n - 1, 2, 2).
    """
    origin = points(start)
    up = np.broadcast_to(start, (len(step_s) + 1, 3)) if end is None else line(start, end, step_s)
    steps = np.concatenate([[0.0], step_s])[:, None]
    moved, open_m = np.inf, np.zeros(2)
    closing = np.zeros_like(added)
    missed = np.zeros(2)
    for turn in range(_MOST_PASSES):
        halfway = middle(up)
        vectors = velocity(halfway) + chord.vectors(halfway, added + closing)
        reached = origin + np.cumsum(np.concatenate([np.zeros((1, 3)), vectors]) * steps, axis=0)
        if end is not None and gain is not None:
            missed = chord.components(end, points(end) - reached[-1])
            closing = closing + gain @ missed
        found = _up(reached)
        moved = float(np.max(np.abs(found - up))) * EQUATORIAL_RADIUS_M
        up = found
        if turn and moved < EXACT_M and float(np.max(np.abs(missed))) < EXACT_M:
            break
    if gain is not None:
        open_m = np.sum(closing * step_s[:, None], axis=0)
    settled = max(moved, float(np.max(np.abs(missed)))) < _SETTLED_M
    return Flown(up, added + closing, open_m, settled)
