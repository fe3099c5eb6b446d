"""The chain of fixes, each able to follow the one before, that explains most of a flight's time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

    Indices = NDArray[np.int64]
    Gain = Callable[[Indices, Indices], FloatColumn]

#: Neighbours that are compared together.
_BLOCK: Final = 1 << 16
#: So many fixes on either side of a break are tried one by one; the rest of a run stands or falls as a whole.
_LOOSE: Final = 8
#: A run is parted, too, where a step explains nothing or is longer than this, s: there a false path can have begun.
#: With more than so many such places there would be nothing left to call a run.
_SILENCE_S: Final = 60.0
_DOUBTS: Final = 20_000
#: Pairs that are compared at most, and how many links back at least and at most.
_PAIRS: Final = 8_000_000
_BACK: Final = (24, 64)
#: Pairs further apart that are compared at most, where the nearer ones leave a doubt.
_FAR_PAIRS: Final = 20_000_000
#: So many links looked through for them cost as much as one pair.
_LOOKED: Final = 16


def best_chain(time_s: FloatColumn, gain: Gain, fix_s: float = 1e-3) -> NDArray[np.bool_]:
    """Mask of the fixes, in time order, that form the chain which explains most time.

    ``gain(i, j)`` gives for arrays of indices the seconds between fixes ``i`` and ``j`` that are explained if ``j``
    follows ``i``: those between them, none, or minus infinity where ``j`` cannot follow. Time counts and not fixes,
    so that a receiver that hears the false position more often than the true one does not decide. ``fix_s`` is what a
    fix is worth by itself, in seconds: of two chains that explain the same time, the one with more fixes.

    Where all neighbours can follow each other nothing is left to choose, and that is seen at once. Else the fixes
    near each break are tried singly, the others as runs. Each is compared with up to 64 before it (fewer where
    breaks are very many), and with those further back that could still do better.
    """
    count = len(time_s)
    step = _between(count, gain)
    breaks = np.flatnonzero(np.isneginf(step)) + 1
    if len(breaks) == 0:
        return np.ones(count, dtype=np.bool_)
    doubts = np.flatnonzero((step == 0) | (np.diff(time_s) > _SILENCE_S)) + 1
    firsts = _firsts(count, breaks, doubts if len(doubts) <= _DOUBTS else doubts[:0])
    lasts = np.r_[firsts[1:], count] - 1
    explained = np.cumsum(np.r_[0.0, np.where(np.isneginf(step), 0.0, step)])
    worth = explained[lasts] - explained[firsts] + fix_s * (lasts - firsts + 1)
    links = _Links(time_s[firsts], time_s[lasts], worth, lambda i, j: gain(lasts[i], firsts[j]))
    chosen = np.zeros(len(firsts), dtype=np.bool_)
    chosen[_heaviest(links)] = True
    return np.repeat(chosen, lasts - firsts + 1)


def _between(count: int, gain: Gain) -> FloatColumn:
    """The gain between each fix and the next, some at a time so that little memory is held."""
    step = np.empty(max(count - 1, 0))
    for start in range(0, len(step), _BLOCK):
        index = np.arange(start, min(start + _BLOCK, len(step)), dtype=np.int64)
        step[start : start + _BLOCK] = gain(index, index + 1)
    return step


def _firsts(count: int, breaks: Indices, doubts: Indices) -> Indices:
    """First index of each link: single fixes near the breaks, what lies between as one, parted where there is doubt."""
    near = np.r_[(breaks[:, None] + np.arange(-_LOOSE, _LOOSE + 1)).ravel(), doubts]
    return np.unique(np.r_[0, near[(near > 0) & (near < count)]])


@dataclass(frozen=True, slots=True, eq=False)
class _Links:
    """What a chain is made of: when each begins and ends, what it is worth, and what is gained between two."""

    start_s: FloatColumn
    end_s: FloatColumn
    worth: FloatColumn
    gain: Gain

    def __len__(self) -> int:
        return len(self.worth)

    def back(self) -> NDArray[np.float32]:
        """For each link and each lag from 1, the gain after the link that many before it."""
        most = min(int(np.clip(_PAIRS // len(self), *_BACK)), len(self) - 1)
        table = np.full((len(self), most), -np.inf, dtype=np.float32)
        index = np.arange(len(self), dtype=np.int64)
        for lag in range(1, most + 1):
            table[lag:, lag - 1] = self.gain(index[:-lag], index[lag:])
        return table


def _heaviest(links: _Links) -> list[int]:
    """Indices of the links of the heaviest chain; of equally heavy ones the nearest before, the earliest at the end."""
    table = links.back()
    most = table.shape[1]
    best = links.worth.copy()
    # What a chain that ends here can still come to: nothing explains more than all the time that follows.
    promise = best - links.end_s
    far_promise = -np.inf
    before = np.full(len(links), -1, dtype=np.int64)
    pairs = _FAR_PAIRS
    for link in range(1, len(links)):
        lags = min(link, most)
        reached = best[link - lags : link][::-1] + table[link, :lags]
        lag = int(reached.argmax())
        gained, source = float(reached[lag]), link - lag - 1
        far = link - lags
        if far > 0:
            far_promise = max(far_promise, float(promise[far - 1]))
            if far_promise + links.start_s[link] > max(gained, 0.0) and pairs > 0:
                doubt = np.flatnonzero(promise[:far] + links.start_s[link] > max(gained, 0.0))
                pairs -= len(doubt) + far // _LOOKED
                value = best[doubt] + links.gain(doubt, np.full(len(doubt), link))
                if value.max() > gained:
                    gained, source = float(value.max()), int(doubt[value.argmax()])
        if gained > 0:
            best[link] += gained
            before[link] = source
            promise[link] = best[link] - links.end_s[link]
    chosen = []
    at = int(best.argmax())
    while at >= 0:
        chosen.append(at)
        at = int(before[at])
    return chosen
