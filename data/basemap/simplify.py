"""How much each point of a line matters: the tolerance up to which Douglas and Peucker's simplification keeps it.

D. H. Douglas, T. K. Peucker, Algorithms for the reduction of the number of points required to represent a digitized
line or its caricature, Cartographica 10 (1973) 112-122. Made nested: no point outranks the one that it was found
under, so that a tolerance chosen later gives its result by one comparison a point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.basemap.store import FINEST_DEG, LEVELS_PER_OCTAVE, mercator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.basemap.packages import Points

    Floats = NDArray[np.float64]

#: The level of a point that stays whatever the tolerance.
ALWAYS: Final = 255


def _distances(points: Floats, first: Floats, last: Floats) -> Floats:
    """How far each point is from the part of a line between two."""
    chord = last - first
    length2 = float(chord @ chord)
    away = points - first
    if length2 > 0:
        along = np.clip(away @ chord / length2, 0.0, 1.0)
        away = away - along[:, None] * chord
    return np.hypot(away[:, 0], away[:, 1])


def tolerances(points: Points, grid: int) -> Floats:
    """Tolerance in degrees of longitude on a Mercator map up to which each point of an open or closed line stays.

    Args:
        points: (n, 2) longitude, latitude in steps of 1 / ``grid`` degree.
        grid: steps in a degree.

    Returns:
        (n,), infinite at both ends.
    """
    plane = np.column_stack([points[:, 0] / grid, mercator(points[:, 1] / grid)])
    result = np.full(len(points), np.inf)
    spans = [(0, len(points) - 1, np.inf)]
    while spans:
        first, last, bound = spans.pop()
        if last - first < 2:  # noqa: PLR2004  no point between the two
            continue
        distances = _distances(plane[first + 1 : last], plane[first], plane[last])
        farthest = int(np.argmax(distances))
        bound = min(bound, float(distances[farthest]))
        middle = first + 1 + farthest
        result[middle] = bound
        spans += [(first, middle, bound), (middle, last, bound)]
    return result


def levels(tolerance: Floats) -> NDArray[np.uint8]:
    """The tolerances as stored: steps of ``1 / LEVELS_PER_OCTAVE`` of a doubling from ``FINEST_DEG``, rounded down."""
    ratio = np.maximum(tolerance / FINEST_DEG, 1.0)
    steps = np.floor(np.log2(ratio, where=np.isfinite(ratio), out=np.full(len(ratio), np.inf)) * LEVELS_PER_OCTAVE)
    return np.where(np.isfinite(steps), np.minimum(steps, ALWAYS - 1), ALWAYS).astype(np.uint8)
