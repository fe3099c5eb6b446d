"""Dashes as geometry, for formats that know no dashed line.

What was not received is never drawn as a solid line. Where a style cannot say so, the line is drawn in pieces.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]

#: So many dashes a line has at least, so that a short one is not one solid piece, and at most.
_FEWEST: Final = 3
_MOST: Final = 400
#: What is shorter than this share of a dash and its gap is an error of rounding.
_SLIVER: Final = 1e-9


def dashes(points: Sequence[Point], drawn: float, gap: float) -> list[list[Point]]:
    """The pieces of a line that are drawn; the first begins where it begins.

    Args:
        points: lon, lat in degrees, longitude unwrapped.
        drawn: length of a dash in degrees of latitude.
        gap: length of a gap, likewise; both are made shorter or longer together where dashes would be too few or many.

    Returns:
        Lines of two points or more, in order; corners of the line stay in them. No line where the points are one.
    """
    lengths = [_length(a, b) for a, b in pairwise(points)]
    total = sum(lengths)
    if total <= 0:
        return []
    period = min(max(drawn + gap, total / _MOST), total / _FEWEST)
    dash = period * drawn / (drawn + gap)
    pieces: dict[int, list[Point]] = {}
    behind = 0.0
    for (a, b), length in zip(pairwise(points), lengths, strict=True):
        if length <= 0:
            continue
        for number in range(math.floor(behind / period), math.ceil((behind + length) / period)):
            start, end = number * period - behind, number * period + dash - behind
            if end > 0 and start < length - _SLIVER * period:
                piece = pieces.setdefault(number, [_between(a, b, max(start, 0.0) / length)])
                piece.append(_between(a, b, min(end / length, 1.0)))
        behind += length
    return [piece for piece in pieces.values() if any(point != piece[0] for point in piece)]


def _length(a: Point, b: Point) -> float:
    """In degrees of latitude; a degree of longitude is as much shorter as it is in the middle of both."""
    return math.hypot((b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2)), b[1] - a[1])


def _between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
