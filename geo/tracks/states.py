"""What was received when: a track as intervals of one evidence state."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.model import Evidence
from geo.tracks.quality import carries
from geo.tracks.rows import CODE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.model import Track
    from geo.model.track import FloatColumn

    Mask = NDArray[np.bool_]

#: Fixes further apart than this, in seconds, have silence between them.
GAP_S: Final = 60.0
_RECEIVED, _REJECTED, _PARTIAL, _SILENT = range(4)
_EVIDENCE: Final = (Evidence.RECEIVED, Evidence.REJECTED, Evidence.PARTIAL, Evidence.SILENT)


class State(NamedTuple):
    """An interval of one evidence state: POSIX seconds, and the indices of the fixes at its start and end."""

    start_s: float
    end_s: float
    evidence: Evidence
    first: int
    last: int


#: Reasons that say nothing of what was received at that time: the row is another's copy, or its time does not hold.
_UNTIMELY: Final = tuple(CODE[word] for word in ("duplicate", "time runs backwards"))
#: Reasons that say that no position was received, though the row has one: it is 0, 0, or an earlier one again.
_NONE_NEW: Final = tuple(CODE[word] for word in ("no position", "zero position", "stale position"))


def fix_states(track: Track) -> tuple[Evidence, ...]:
    """What of each fix can be used: ``received`` its position, ``partial`` other values of it, ``rejected`` nothing."""
    of_a_fix = (Evidence.RECEIVED, Evidence.REJECTED, Evidence.PARTIAL)
    return tuple(of_a_fix[code] for code in fix_codes(track).tolist())


def fix_codes(track: Track) -> NDArray[np.uint8]:
    """``fix_states`` as numbers: 0 received, 1 rejected, 2 partial."""
    usable = carries(track) & ~np.isin(track.reason, _UNTIMELY)
    return np.where(track.accepted, _RECEIVED, np.where(usable, _PARTIAL, _REJECTED)).astype(np.uint8)


def _received(track: Track) -> NDArray[np.uint8]:
    """What was received with each fix: a position that holds, one that does not, or (partial) none."""
    without = np.isin(track.reason, _NONE_NEW) | np.isnan(track.lat_deg) | np.isnan(track.lon_deg)
    return np.where(without, _PARTIAL, np.where(track.accepted, _RECEIVED, _REJECTED)).astype(np.uint8)


def states(track: Track, gap_s: float = GAP_S) -> tuple[State, ...]:
    """The evidence states between the first and the last fix whose time holds, without overlap or hole.

    Between two accepted positions at most ``gap_s`` apart the state is ``received``, whatever else came meanwhile:
    one duplicate or outlier does not break it. Elsewhere, between two rejected positions at most ``gap_s`` apart it
    is ``rejected``. Elsewhere, between any two fixes at most ``gap_s`` apart, it is ``rejected`` if either of them
    is, else ``partial``. What is left is ``silent``. A lone accepted position, or a lone fix in silence, is a state
    of no duration.

    A stretch says what was received in it, a fix what of it can be used: between false positions the state is
    ``rejected``, though each of those fixes is ``partial`` by its altitude. A repeated position counts as none.
    Fixes with reason ``duplicate`` or ``time runs backwards`` say nothing about their time and are passed over.
    """
    untimely = np.isin(track.reason, _UNTIMELY)
    index = np.flatnonzero(~untimely) if not bool(untimely.all()) else np.arange(len(track))
    if len(index) == 0:
        return ()
    time_s, kind = track.time_s[index], _received(track)[index]
    if len(index) == 1:
        at = float(time_s[0])
        return (State(at, at, _EVIDENCE[kind[0]], int(index[0]), int(index[0])),)
    between = _between(time_s, kind, gap_s)
    return tuple(
        State(float(time_s[first]), float(time_s[last]), _EVIDENCE[what], int(index[first]), int(index[last]))
        for first, last, what in _runs(between, _lone(between, kind), kind)
    )


def _bridged(time_s: FloatColumn, mask: Mask, gap_s: float) -> Mask:
    """For each step between fixes, whether the nearest fixes of ``mask`` around it are at most ``gap_s`` apart."""
    before = np.maximum.accumulate(np.where(mask, time_s, -np.inf))[:-1]
    after = np.minimum.accumulate(np.where(mask, time_s, np.inf)[::-1])[::-1][1:]
    spanned: Mask = after - before <= gap_s
    return spanned


def _between(time_s: FloatColumn, kind: NDArray[np.uint8], gap_s: float) -> NDArray[np.uint8]:
    """The state of each step from a fix to the next."""
    between = np.full(len(time_s) - 1, _SILENT, dtype=np.uint8)
    near = np.diff(time_s) <= gap_s
    doubtful = (kind[:-1] == _REJECTED) | (kind[1:] == _REJECTED)
    between[near] = _PARTIAL
    between[(near & doubtful) | _bridged(time_s, kind == _REJECTED, gap_s)] = _REJECTED
    between[_bridged(time_s, kind == _RECEIVED, gap_s)] = _RECEIVED
    return between


def _lone(between: NDArray[np.uint8], kind: NDArray[np.uint8]) -> Mask:
    """The fixes that no state shows: accepted and not in ``received``, or any with silence on both sides."""
    left = np.r_[np.uint8(_SILENT), between]
    right = np.r_[between, np.uint8(_SILENT)]
    hidden: Mask = ((kind == _RECEIVED) & (left != _RECEIVED) & (right != _RECEIVED)) | (
        (left == _SILENT) & (right == _SILENT)
    )
    return hidden


def _runs(between: NDArray[np.uint8], lone: Mask, kind: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
    """First fix, last fix and state of each run of equal steps, and of each lone fix at its place."""
    cut = np.flatnonzero((np.diff(between) != 0) | lone[1:-1]) + 1
    edges = [0, *cut.tolist(), len(between)]
    runs: list[tuple[int, int, int]] = []
    for first, last in pairwise(edges):
        if lone[first]:
            runs.append((first, first, int(kind[first])))
        runs.append((first, last, int(between[first])))
    if lone[-1]:
        runs.append((len(between), len(between), int(kind[-1])))
    return runs
