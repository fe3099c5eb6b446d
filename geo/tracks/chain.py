"""The longest chain of fixes in which each can follow the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Indices = NDArray[np.int64]
    Linked = Callable[[Indices, Indices], NDArray[np.bool_]]

#: So many fixes on either side of a break are tried one by one; the rest of a run stands or falls as a whole.
_LOOSE: Final = 8
#: Pairs that are compared at most, and how many links back at least and at most.
_PAIRS: Final = 8_000_000
_BACK: Final = (24, 400)


def longest_chain(count: int, linked: Linked) -> NDArray[np.bool_]:
    """Mask of the fixes, of ``count`` in time order, that form the longest chain.

    ``linked(i, j)`` says for arrays of indices whether fix ``j`` can follow fix ``i``. Of all chains it is the one
    with the most fixes; so a bad fix among good ones costs itself and not the good ones after it. Where all
    neighbours are linked nothing is left to choose, and that is seen at once. Else the fixes near each break are
    tried singly, the others as runs, each after at most 400 before it, fewer where breaks are very many.
    """
    index = np.arange(count, dtype=np.int64)
    breaks = np.flatnonzero(~linked(index[:-1], index[1:])) + 1 if count > 1 else index[:0]
    if len(breaks) == 0:
        return np.ones(count, dtype=np.bool_)
    firsts = _links(count, breaks)
    lasts = np.r_[firsts[1:], count] - 1
    weights = lasts - firsts + 1
    chosen = np.zeros(len(firsts), dtype=np.bool_)
    chosen[_heaviest(weights, _follows(firsts, lasts, linked))] = True
    return np.repeat(chosen, weights)


def _links(count: int, breaks: Indices) -> Indices:
    """First index of each link: single fixes near the breaks, what lies between as one."""
    near = (breaks[:, None] + np.arange(-_LOOSE, _LOOSE + 1)).ravel()
    return np.unique(np.r_[0, near[(near > 0) & (near < count)]])


def _follows(firsts: Indices, lasts: Indices, linked: Linked) -> NDArray[np.bool_]:
    """For each link and each lag from 1, whether it can follow the link that many before it."""
    links = len(firsts)
    back = min(int(np.clip(_PAIRS // links, *_BACK)), links - 1)
    table = np.zeros((links, back), dtype=np.bool_)
    for lag in range(1, back + 1):
        table[lag:, lag - 1] = linked(lasts[:-lag], firsts[lag:])
    return table


def _heaviest(weights: Indices, follows: NDArray[np.bool_]) -> list[int]:
    """Indices of the links of the heaviest chain; of equally heavy ones the nearest before, the earliest at the end."""
    back = follows.shape[1]
    best = weights.astype(np.int64)
    before = np.full(len(best), -1, dtype=np.int64)
    for link in range(1, len(best)):
        lags = min(link, back)
        reached = best[link - lags : link][::-1] * follows[link, :lags]
        lag = int(reached.argmax())
        if reached[lag] > 0:
            best[link] += reached[lag]
            before[link] = link - lag - 1
    chosen = []
    at = int(best.argmax())
    while at >= 0:
        chosen.append(at)
        at = int(before[at])
    return chosen
