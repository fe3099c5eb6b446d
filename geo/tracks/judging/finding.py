"""What a rule of judgement gives: the fixes or values it objects to, with a sentence for each."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  the types of fields, which tools read at run time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.model import ACCEPTED

Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]
Reasons = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a rule objects to in one column, ``position`` or a quantity: a mask of fixes, and a sentence for each."""

    fixes: Mask
    why: Callable[[Indices], list[str]]
    quantity: str = "position"


def placed(reason: Reasons) -> Indices:
    """Indices of the fixes whose position is not doubted so far."""
    return np.flatnonzero(reason == ACCEPTED)


def contradicting(good: Indices, indices: Indices, excess: Callable[[Indices, Indices], Floats]) -> Indices:
    """For each fix that was left out of a chain, that of its two neighbours in the chain that it contradicts more."""
    if len(good) == 0:
        return indices
    place = np.searchsorted(good, indices)
    before, after = good[np.maximum(place - 1, 0)], good[np.minimum(place, len(good) - 1)]
    return np.where(excess(before, indices) >= excess(after, indices), before, after)
