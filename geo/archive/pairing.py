"""Legs of two days that follow each other, of which the one may go on in the other: pairs over midnight.

The last leg of an aircraft under a callsign in a day is paired with its first under the same callsign in the next. So
is the last leg of an aircraft in a day with its first in the next, where one of the two has no callsign: rows without
callsign are of the flight that their aircraft flies at the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

#: Earlier, and later with the other sign, than any time.
_NEVER: Final = -(1 << 62)


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """The legs of a day, when each of them begins and ends, and which can go on in the days beside it."""

    table: pa.Table
    first_ms: Indices
    last_ms: Indices
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]

    @classmethod
    def held(cls, table: pa.Table) -> Legs:
        """From their first held position to their last: as flights are stitched."""
        table = table.combine_chunks()
        first, last = (_milliseconds(table, name) for name in ("first_time", "last_time"))
        return cls(table, first, last, truth(table, "opens"), truth(table, "closes"))

    @classmethod
    def received(cls, table: pa.Table) -> Legs:
        """From the first position to the last that was received, whatever the source says of where flights begin."""
        table = table.combine_chunks()
        first = _milliseconds(table, "opening_time", -_NEVER)
        last = _milliseconds(table, "closing_time", _NEVER)
        return cls(table, first, last, first < -_NEVER, last > _NEVER)

    def __len__(self) -> int:
        return len(self.first_ms)


def pairs(before: Legs, after: Legs) -> tuple[Indices, Indices]:
    """The legs of a day, and of the next those that they are paired with; see ``single``."""
    if len(before) == 0 or len(after) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    aircraft, next_aircraft = _codes(before.table["icao24"], after.table["icao24"])
    callsign, next_callsign = _codes(before.table["callsign"], after.table["callsign"])
    closing = np.flatnonzero(before.closes & (callsign >= 0))
    opening = np.flatnonzero(after.opens & (next_callsign >= 0))
    _, i, j = np.intersect1d(
        (aircraft << 32 | callsign)[closing],
        (next_aircraft << 32 | next_callsign)[opening],
        return_indices=True,
    )
    one, other = _unnamed(before, after, (aircraft, callsign), (next_aircraft, next_callsign))
    return np.append(closing[i], one), np.append(opening[j], other)


def single(before: Indices, after: Indices) -> tuple[Indices, Indices]:
    """These pairs, but of those that have a leg in common the last alone: no leg goes on in two.

    The last are those of a leg without callsign, which lies next to midnight on its side.
    """
    one, other = (len(legs) - 1 - np.unique(legs[::-1], return_index=True)[1] for legs in (before, after))
    held = np.intersect1d(one, other)
    return before[held], after[held]


def _unnamed(
    before: Legs, after: Legs, codes: tuple[Indices, Indices], next_codes: tuple[Indices, Indices]
) -> tuple[Indices, Indices]:
    """Pairs of the last leg of an aircraft in a day and its first in the next, where one has no callsign."""
    asked = np.zeros(max(one.max(initial=-1) for one, _ in (codes, next_codes)) + 1, dtype=np.bool_)
    for aircraft, callsign in (codes, next_codes):
        asked[aircraft[callsign < 0]] = True
    sides = []
    # Of legs that end in the same moment the last one is next to midnight: legs lie in order of time.
    for (aircraft, _), time_ms, place in ((codes, -before.last_ms, -1), (next_codes, after.first_ms, 1)):
        held = np.flatnonzero(asked[aircraft])
        order = held[np.lexsort((place * held, time_ms[held], aircraft[held]))]
        sides.append(order[np.r_[True, np.diff(aircraft[order]) != 0][: len(order)]])
    latest, earliest = sides
    _, i, j = np.intersect1d(codes[0][latest], next_codes[0][earliest], return_indices=True)
    one, other = latest[i], earliest[j]
    unnamed = (codes[1][one] < 0) | (next_codes[1][other] < 0)
    unnamed &= before.closes[one] & after.opens[other]
    return one[unnamed], other[unnamed]


def truth(table: pa.Table, name: str) -> NDArray[np.bool_]:
    """A column of truths; what is not known is not so."""
    found: NDArray[np.bool_] = table[name].fill_null(False).to_numpy().astype(np.bool_)  # noqa: FBT003  for null
    return found


def _codes(one: pa.ChunkedArray, other: pa.ChunkedArray) -> tuple[Indices, Indices]:
    """Numbers of the words of two columns, -1 for none."""
    words = pa.concat_arrays([*one.chunks, *other.chunks]).dictionary_encode().indices
    codes = words.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes[: len(one)], codes[len(one) :]


def _milliseconds(table: pa.Table, name: str, missing: int = 0) -> Indices:
    times = pa.concat_arrays(table[name].chunks) if len(table) else pa.array([], table[name].type)
    found: Indices = times.view(pa.int64()).fill_null(missing).to_numpy()
    return found
