"""What is derived of the rows of a day while it is built: the legs that were flown, and the jumps.

Whole columns of some million rows of thousands of aircraft at once: ``paths`` puts the positions in order, ``steps``
measures between them, ``jumps`` and ``legs`` say what they find and by which rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.archive import jumps, legs
from geo.archive.paths import Paths

if TYPE_CHECKING:
    import pyarrow as pa

    from geo.archive.block import Block


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """The legs (``tables.LEGS``) and jumps (``tables.JUMPS``) of some rows, each by aircraft and time."""

    legs: pa.Table
    jumps: pa.Table


def derive(block: Block) -> Derived:
    """What follows from the rows of one day.

    Args:
        block: all rows that there are of each of its aircraft in that day, sorted by address and time.

    Returns:
        Their legs and jumps.
    """
    paths = Paths.of(block)
    reached = jumps.find(paths)
    first = legs.firsts(paths)
    callsign = legs.callsigns(paths, first)
    of_jumps = callsign[np.searchsorted(first, reached, side="right") - 1]
    return Derived(legs.table(paths, first, callsign, reached), jumps.table(paths, reached, of_jumps))
