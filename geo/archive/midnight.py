"""Jumps over midnight: from the last position of a day to the first of the next, found by the legs of the two days.

They are of the day in which they end. Legs tell where an aircraft was first and last received under a callsign in a day
(``tables.LEGS``), so a day is derived by itself, and what lies between two follows from the legs of both, in whichever
order they are built. As within a day, positions count that only jumps reach, and neither silences nor what a source
says of where flights begin matter.

Rows without callsign are of the callsign that the rows of their day say (``paths``). So of an aircraft that changes its
callsign and sends none around midnight, the last position and the first can be of two callsigns, with no step between
them, where they would be of one if the days were.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.archive import jumps as jumping
from geo.archive.block import NONE
from geo.archive.pairing import Legs, pairs, single
from geo.archive.tables import JUMPS, LEGS, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from numpy.typing import NDArray

    Indices = NDArray[np.int64]


def touched(day: date) -> tuple[date, ...]:
    """The days whose jumps are to be found anew when the legs of a day have changed, itself among them."""
    return day, day + timedelta(days=1)


def jumps(day: date, own: pa.Table, legs: Mapping[date, pa.Table]) -> pa.Table:
    """The jumps that end on a day, as ``tables.JUMPS``, by time, aircraft and the time before.

    Args:
        day: the day.
        own: its jumps; those that began before it are found anew.
        legs: the legs (``tables.LEGS``) of some days; those of this day and the one before count, where they are there.
    """
    return together(day, own, [over(day, legs)])


def over(day: date, legs: Mapping[date, pa.Table]) -> pa.Table:
    """The jumps over the midnight with which a day begins."""
    return between(*(legs.get(one, LEGS.empty_table()) for one in (day - timedelta(days=1), day)))


def together(day: date, own: pa.Table, found: Iterable[pa.Table]) -> pa.Table:
    """Of its own jumps those that began on a day, and with them these over the midnight before, in order."""
    begin = pa.scalar(datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None), TIME)
    within = own.filter(pc.greater_equal(own["time_before"], begin))
    whole = pa.concat_tables([*found, within.cast(JUMPS)])
    return whole.sort_by([(name, "ascending") for name in ("time", "icao24", "time_before")]).combine_chunks()


def between(before: pa.Table, after: pa.Table) -> pa.Table:
    """The jumps from a day to the next, as ``tables.JUMPS``, by the legs of the two.

    A jump has the callsign of the leg that it ends in, or, where that has none, of the one that it begins in.
    """
    one, other = Legs.received(before), Legs.received(after)
    last, first = single(*pairs(one, other))
    count = len(last)
    fixes = _ends(one.table, last, "closing").joined(_ends(other.table, first, "opening"))
    at = np.arange(count)
    at = at[jumping.impossible(fixes, at, at + count)]
    rows, next_rows = one.table.take(pa.array(last[at])), other.table.take(pa.array(first[at]))
    callsign = pc.coalesce(next_rows["callsign"], rows["callsign"])
    return jumping.laid(fixes, at, at + count, next_rows["icao24"], callsign)


def _ends(table: pa.Table, rows: Indices, side: str) -> jumping.Ends:
    """The first or last positions of these legs."""
    taken = table.take(pa.array(rows))

    def numbers(name: str, kind: pa.DataType) -> NDArray[Any]:
        held = pa.concat_arrays([pa.array([], taken[name].type), *taken[name].chunks])
        found: NDArray[Any] = held.view(kind).fill_null(int(NONE)).to_numpy()
        return found

    return jumping.Ends(
        numbers(f"{side}_time", pa.int64()),
        *(numbers(f"{side}_{name}", pa.int32()) for name in ("lat", "lon", "altitude_ft")),
    )
