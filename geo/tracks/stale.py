"""Positions that a file repeats after the aircraft had left them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.times import clock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

#: A position heard longer than this before the time of its row, in seconds, is not where the aircraft was at that
#: time.
AGE_S: Final = 2.0


def repeated(time_s: FloatColumn, heard_s: FloatColumn, aircraft: NDArray[np.int32]) -> dict[int, tuple[str, str]]:
    """By index, reason and sentence for each row whose position was heard before (``heard_s``) and is written again.

    Formats that write the state once a second fill silence with the last position. A position is stale if an
    earlier row of the same aircraft carries it with the same time of hearing, or if it was heard over ``AGE_S``
    before its row.
    """
    known = np.flatnonzero(~np.isnan(heard_s))
    order = known[np.lexsort((known, heard_s[known], aircraft[known]))]
    before = np.r_[order[:1], order[:-1]]
    again = (heard_s[order] == heard_s[before]) & (aircraft[order] == aircraft[before])
    again[:1] = False
    again |= time_s[order] - heard_s[order] > AGE_S
    return {
        int(index): (
            "stale position",
            f"its position was last heard at {clock(heard_s[index])}, {time_s[index] - heard_s[index]:.1f} s before",
        )
        for index in np.sort(order[again])
    }
