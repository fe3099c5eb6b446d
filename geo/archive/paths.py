"""Rows to paths: the positions of each aircraft under each callsign in order of time, and the steps between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.archive import steps
from geo.archive.block import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.archive.block import Block

    Mask = NDArray[np.bool_]

_TAKEN: Final = ("address", "time_ms", "lat", "lon", "altitude_ft", "on_ground")


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Positions sorted by aircraft, callsign and time; rows without a position and stale ones are left out.

    A row without callsign belongs to that of the row before of its aircraft, the first rows of an aircraft to that of
    the first row that has one; ``callsign`` is what the row itself says. ``another`` is true on the first position of
    each aircraft and callsign; ``begins`` where the source says that another flight begins, be it on a row without
    position before this one.
    ``metres`` and ``apart_ms`` are those of the step from the position before, 0 where ``another`` is true. The other
    columns are those of a block.
    """

    address: NDArray[np.uint32]
    time_ms: NDArray[np.int64]
    lat: NDArray[np.int32]
    lon: NDArray[np.int32]
    altitude_ft: NDArray[np.int32]
    on_ground: NDArray[np.int8]
    callsign: NDArray[np.int32]
    begins: Mask
    another: Mask
    metres: NDArray[np.float64]
    apart_ms: NDArray[np.int64]
    callsigns: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.address)

    @classmethod
    def of(cls, block: Block) -> Paths:
        """The paths of a block that is sorted by address and time."""
        columns: dict[str, Any] = {name: getattr(block, name) for name in _TAKEN}
        codes = _codes(block)
        columns |= {"callsign": codes, "carried": _carried(block.address, codes), "begins": block.begins}
        held = (block.lat != NONE) & (block.lon != NONE) & ~block.is_stale
        if not bool(held.all()):
            columns["begins"] = _begins(block, held)
            columns = {name: column[held] for name, column in columns.items()}
        another = _changes(columns["address"], columns["carried"])
        order = _together(columns["address"], columns["carried"], another)
        if order is not None:
            columns = {name: column[order] for name, column in columns.items()}
            another = _changes(columns["address"], columns["carried"])
        del columns["carried"]
        apart_ms = np.diff(columns["time_ms"], prepend=columns["time_ms"][:1])
        apart_ms[another] = 0
        metres = steps.lengths_m(columns["lat"], columns["lon"], ~another)
        return cls(**columns, another=another, metres=metres, apart_ms=apart_ms, callsigns=block.callsigns)


def _changes(*columns: NDArray[Any]) -> Mask:
    """Whether an element is the first, or differs from the one before in any column."""
    found = np.zeros(len(columns[0]), dtype=np.bool_)
    found[:1] = True
    for column in columns:
        found[1:] |= column[1:] != column[:-1]
    return found


def _codes(block: Block) -> NDArray[np.int32]:
    """The callsigns as numbers, the same where the word is."""
    numbers: dict[str, int] = {}
    first = [numbers.setdefault(word, index) for index, word in enumerate(block.callsigns)]
    return np.array([*first, -1], dtype=np.int32)[block.callsign] if len(numbers) < len(first) else block.callsign


def _carried(address: NDArray[np.uint32], codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The callsigns that rows belong to."""
    known = codes >= 0
    if bool(known.all()):
        return codes
    index = np.arange(len(codes), dtype=np.int32)
    start = np.maximum.accumulate(np.where(_changes(address), index, np.int32(0)))
    before = np.maximum.accumulate(np.where(known, index, np.int32(-1)))
    carried = np.where(before >= start, codes[before], np.int32(-1))
    # What is left stands before the first callsign of its aircraft, or has none after it either.
    early = np.flatnonzero(carried < 0)
    named = np.flatnonzero(known)
    if len(early) and len(named):
        after = named[np.minimum(np.searchsorted(named, early), len(named) - 1)]
        same = (after > early) & (start[after] == start[early])
        carried[early[same]] = codes[after[same]]
    return carried


def _begins(block: Block, held: Mask) -> Mask:
    """``begins``, with what a row without a position says moved to the next position of its aircraft."""
    lost = np.flatnonzero(block.begins & ~held)
    if len(lost) == 0:
        return block.begins
    rows = np.flatnonzero(held)
    after = np.searchsorted(rows, lost)
    lost, after = lost[after < len(rows)], rows[after[after < len(rows)]]
    begins = block.begins.copy()
    begins[after[block.address[after] == block.address[lost]]] = True
    return begins


def _together(address: NDArray[np.uint32], carried: NDArray[np.int32], another: Mask) -> NDArray[np.int64] | None:
    """The order in which the rows of an aircraft under a callsign stand together; none where they do."""
    starts = np.flatnonzero(another)
    key = address[starts].astype(np.int64) << 32 | carried[starts] + 1
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    if len(first) == len(starts):
        return None
    # Groups in the order in which they are first met, so that the order is nearly that of the rows.
    return np.argsort(first[group][np.cumsum(another) - 1], kind="stable")
