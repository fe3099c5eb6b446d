"""Rows whose time does not fit the order of the file."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.times import clock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.model.track import FloatColumn, IntColumn

#: A file in which more than this share of the rows is out of order was not written in order of time, and is sorted.
SHARE: Final = 0.1


def out_of_order(time_s: FloatColumn) -> NDArray[np.bool_]:
    """Mask of the rows, in the order of the file, that are not on its longest chain of times that do not go back.

    So one row an hour ahead costs itself and not all rows after it. None if they are more than ``SHARE``: then the
    file is in another order (newest first, several parts) and its times say when, its order nothing.
    """
    astray = np.ones(len(time_s), dtype=np.bool_)
    if len(time_s) == 0 or bool(np.all(np.diff(time_s) >= 0)):
        return ~astray
    astray[_longest_rising(time_s.tolist())] = False
    return astray if astray.mean() <= SHARE else np.zeros_like(astray)


def _longest_rising(values: list[float]) -> list[int]:
    """Indices of the longest subsequence that does not fall.

    Patience sorting: M. L. Fredman, Discrete Mathematics 11 (1975) 29-35.
    """
    ends: list[float] = []
    at: list[int] = []
    before = [-1] * len(values)
    for index, value in enumerate(values):
        place = bisect_right(ends, value)
        before[index] = at[place - 1] if place else -1
        if place == len(ends):
            ends.append(value)
            at.append(index)
        else:
            ends[place] = value
            at[place] = index
    chosen = []
    last = at[-1]
    while last >= 0:
        chosen.append(last)
        last = before[last]
    return chosen[::-1]


def sentences(time_s: FloatColumn, row: IntColumn, astray: NDArray[np.bool_]) -> dict[int, str]:
    """By index a sentence on each row that is astray: which row it contradicts, and by how much."""
    good = np.flatnonzero(~astray)
    lost = np.flatnonzero(astray)
    place = np.searchsorted(good, lost)
    above = good[np.maximum(place - 1, 0)]
    below = good[np.minimum(place, len(good) - 1)]
    back = (place > 0) & (time_s[lost] < time_s[above])
    said = {}
    for index, before, after, early in zip(lost.tolist(), above.tolist(), below.tolist(), back.tolist(), strict=True):
        side, other, stands = ("before", before, "above") if early else ("after", after, "below")
        apart = abs(time_s[index] - time_s[other])
        its = f"its time {clock(time_s[index])} is {apart:,.1f} s"
        said[index] = f"{its} {side} that of row {row[other]}, which stands {stands} it"
    return said
