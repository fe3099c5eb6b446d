"""Lines that were cut at the antimeridian, as RFC 7946 asks: which of their positions are cuts and no fixes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_EDGE = 180.0


def cuts(pieces: Sequence[Sequence[Any]]) -> set[tuple[int, int]]:
    """The places of the positions that only say where a line was cut.

    A cut is the last position of one piece and the first of the next, at +180 and -180 degrees and at one latitude.

    Args:
        pieces: of a line that we wrote, each with positions of longitude and latitude, degrees.

    Returns:
        Piece and position, both from 0.
    """
    found: set[tuple[int, int]] = set()
    for index, (before, after) in enumerate(pairwise(pieces)):
        if before and after and _is_cut(before[-1], after[0]):
            found |= {(index, len(before) - 1), (index + 1, 0)}
    return found


def _is_cut(last: Any, first: Any) -> bool:  # noqa: ANN401  whatever a file holds for a position
    try:
        return bool(abs(last[0]) == _EDGE and first[0] == -last[0] and first[1] == last[1])
    except (TypeError, IndexError):
        return False
