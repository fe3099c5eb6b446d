"""Rings and lines cut by a rectangle, and points tested against rings, in numpy.

Rows are (x, y) throughout. shapely would do this too; loading it costs more time than a page has for its whole basemap.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.basemap.store import View

    Floats = NDArray[np.float64]


def clip_ring(points: Floats, view: View) -> Floats:
    """The part of a ring's inside that is in a rectangle, as one ring that may run along the rectangle's sides.

    Where the inside falls apart its parts stay joined by edges of no width along the sides: right to fill, not to
    stroke. Method: I. E. Sutherland, G. W. Hodgman, Reentrant polygon clipping, Comm. ACM 17 (1974) 32-42.

    Args:
        points: (n, 2), not closed by repetition.
        view: the rectangle.

    Returns:
        (m, 2), not closed by repetition; m is 0 if nothing is left.
    """
    sides = ((0, view.west, 1.0), (0, view.east, -1.0), (1, view.south, 1.0), (1, view.north, -1.0))
    for axis, limit, sign in sides:
        if not len(points):
            break
        depth = (points[:, axis] - limit) * sign
        inside = depth >= 0
        if inside.all():
            continue
        following = np.roll(points, -1, axis=0)
        after = np.roll(depth, -1)
        crossing = inside != np.roll(inside, -1)
        share = np.divide(depth, depth - after, where=crossing, out=np.zeros_like(depth))
        cut = points + share[:, None] * (following - points)
        cut[:, axis] = limit
        points = np.stack([points, cut], axis=1)[np.stack([inside, crossing], axis=1)]
    return points


def clip_line(points: Floats, view: View) -> list[Floats]:
    """The parts of a line that are in a rectangle, in order.

    A closed line (first point = last) that begins inside and leaves gives its first and last part as one. Method:
    Y.-D. Liang, B. A. Barsky, A new concept and method for line clipping, ACM Trans. Graphics 3 (1984) 1-22.

    Args:
        points: (n, 2).
        view: the rectangle.

    Returns:
        Arrays (m, 2) with m >= 2.
    """
    low, high = np.array([view.west, view.south]), np.array([view.east, view.north])
    inside = np.asarray(((points >= low) & (points <= high)).all(axis=1))
    if inside.all():
        return [points] if len(points) > 1 else []
    if inside[0] and (points[0] == points[-1]).all():
        start = int(np.argmin(inside))
        points = np.concatenate([points[start:-1], points[: start + 1]])
    first, step = points[:-1], np.diff(points, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - first) / step, (high - first) / step
    still = step == 0
    within = (first >= low) & (first <= high)
    enter = np.where(still, np.where(within, -np.inf, np.inf), np.fmin(one, other)).max(axis=1).clip(min=0.0)
    leave = np.where(still, np.where(within, np.inf, -np.inf), np.fmax(one, other)).min(axis=1).clip(max=1.0)
    seen = np.flatnonzero(enter < leave)
    if not len(seen):
        return []
    begins = first[seen] + enter[seen, None] * step[seen]
    ends = first[seen] + leave[seen, None] * step[seen]
    # A part ends where the line leaves, or where the next step that is seen is not the next of the line.
    broken = (leave[seen][:-1] < 1) | (enter[seen][1:] > 0) | (np.diff(seen) != 1)
    cuts = np.flatnonzero(broken) + 1
    edges = [0, *cuts.tolist(), len(seen)]
    parts = [np.vstack([begins[a], ends[a:b]]) for a, b in pairwise(edges)]
    return [np.clip(part, low, high) for part in parts]


def edges_of(rings: Sequence[Floats]) -> tuple[Floats, Floats]:
    """First and second points of every edge of rings that are not closed by repetition: two arrays (n, 2)."""
    first = np.concatenate(rings)
    return first, np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])


def inside_even_odd(points: Floats, first: Floats, second: Floats) -> NDArray[np.bool_]:
    """Which of the points (k, 2) a ray to the east takes out of the edges an odd number of times: (k,)."""
    x, y = points[:, 0, None], points[:, 1, None]
    spans = (first[:, 1] > y) != (second[:, 1] > y)
    rise = second[:, 1] - first[:, 1]
    run = np.divide(second[:, 0] - first[:, 0], rise, where=rise != 0, out=np.zeros_like(rise))
    return np.asarray(((spans & (x < first[:, 0] + (y - first[:, 1]) * run)).sum(axis=1) % 2) == 1)


def shoelace(points: Floats) -> float:
    """Signed area of a ring not closed by repetition, positive counter-clockwise."""
    x, y = points[:, 0], points[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y)) / 2
