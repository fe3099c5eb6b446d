"""Positions that a file repeats after the aircraft had left them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.tracks.said import Said
from geo.tracks.times import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

#: A position heard longer than this before the time of its row, in seconds, is not where the aircraft was at that
#: time.
AGE_S: Final = 2.0
STALE: Final = "stale position"
#: So many codes can be sorted by radix, in linear time.
_RADIX: Final = 1 << 16


def repeated(time_s: FloatColumn, heard_s: FloatColumn, aircraft: NDArray[np.int32]) -> Said:
    """By index, reason and sentence for each row whose position was heard before (``heard_s``) and is written again.

    Formats that write the state once a second fill silence with the last position. A position is stale if an
    earlier row of the same aircraft carries it with the same time of hearing, or if it was heard over ``AGE_S``
    before its row. Earlier is by time, of equal times by the order of the file; NaN in ``heard_s`` says that a row
    has no position, or that nothing is known of it.
    """
    known = np.flatnonzero(~np.isnan(heard_s))
    order = known[_arranged(aircraft[known], heard_s[known], time_s[known])]
    again = np.zeros(len(time_s), dtype=np.bool_)
    same = (heard_s[order[1:]] == heard_s[order[:-1]]) & (aircraft[order[1:]] == aircraft[order[:-1]])
    again[order[1:][same]] = True
    again[known] |= time_s[known] - heard_s[known] > AGE_S

    def say(index: int) -> tuple[str, str]:
        before = f"{time_s[index] - heard_s[index]:.1f} s before"
        return STALE, f"its position was last heard at {clock(float(heard_s[index]))}, {before}"

    return Said(again, say, STALE)


def _arranged(aircraft: NDArray[np.int32], heard_s: FloatColumn, time_s: FloatColumn) -> NDArray[np.int64]:
    """The order by aircraft, then time of hearing, then time, then place.

    Files are most often in order of time, of all aircraft or of each; then one stable sort by aircraft will do.
    """
    codes = aircraft - aircraft.min(initial=0)
    few = codes.max(initial=0) < _RADIX
    order: NDArray[np.int64] = np.argsort(codes.astype(np.uint16) if few else codes, kind="stable")
    other = _steps(codes[order], np.not_equal)
    rising = _steps(heard_s[order], np.greater_equal) & _steps(time_s[order], np.greater_equal)
    return order if bool(np.all(other | rising)) else np.lexsort((time_s, heard_s, aircraft))


def _steps(values: NDArray[Any], holds: Callable[..., NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Whether this holds of each value and the one before it."""
    return holds(values[1:], values[:-1])
