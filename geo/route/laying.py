"""Lay stretches over time: what was laid first stays, what comes later fills the times that are left."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.route.route import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.route.route import RouteStretch


def lay(laid: Sequence[RouteStretch], more: Iterable[RouteStretch]) -> list[RouteStretch]:
    """``laid``, and of each of ``more`` the times that nothing of ``laid`` covers; in order of time.

    A stretch of no duration, a lone fix, stays where nothing laid before reaches it, and parts what is laid after it.

    Args:
        laid: in order of time, without overlap.
        more: without overlap among themselves.
    """
    starts, ends = [stretch.start_s for stretch in laid], [stretch.end_s for stretch in laid]
    pieces = [cut(one, *span) for one in more for span in _free(one.start_s, one.end_s, starts, ends)]
    return sorted([*laid, *pieces], key=lambda stretch: (stretch.start_s, stretch.end_s))


def _free(
    start_s: float, end_s: float, starts: Sequence[float], ends: Sequence[float]
) -> Iterator[tuple[float, float]]:
    if start_s == end_s:
        if bisect_right(starts, start_s) == bisect_left(ends, start_s):
            yield start_s, end_s
        return
    for index in range(bisect_right(ends, start_s), len(starts)):
        if starts[index] >= end_s:
            break
        if start_s < starts[index]:
            yield start_s, starts[index]
        start_s = ends[index]
    if start_s < end_s:
        yield start_s, end_s


def cut(stretch: RouteStretch, start_s: float, end_s: float) -> RouteStretch:
    """The stretch cut to a time within it, and its line with it."""
    if (start_s, end_s) == (stretch.start_s, stretch.end_s):
        return stretch
    line = stretch.line
    if line is not None and line.time_s is not None:
        inner = line.time_s[(line.time_s > start_s) & (line.time_s < end_s)]
        at = np.concatenate([[max(start_s, line.time_s[0])], inner, [min(end_s, line.time_s[-1])]])
        doubt = None if line.doubt_m is None else np.interp(at, line.time_s, line.doubt_m)
        line = Line(np.interp(at, line.time_s, line.lat), np.interp(at, line.time_s, line.lon), at, doubt)
    return replace(stretch, start_s=start_s, end_s=end_s, line=line)


def covered_s(stretch: RouteStretch, laid: Sequence[RouteStretch]) -> tuple[tuple[float, float], ...]:
    """The times of a stretch that ``laid`` covers, in order."""
    spans = ((max(stretch.start_s, other.start_s), min(stretch.end_s, other.end_s)) for other in laid)
    return tuple(sorted(span for span in spans if span[0] < span[1]))
