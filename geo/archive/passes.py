"""Passes: the rows of an area, one aircraft after the other, each as often as it was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ibis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table, Value

#: When an aircraft was not received in the area for so long, its next fix there begins another pass.
ABSENT_MIN: Final = 30
#: What is asked of the positions in an area.
KEPT: Final = ("icao24", "time", "lat", "lon", "altitude_ft", "callsign")


def passes(rows: Table, keep: Sequence[str], **more: Value) -> Table:
    """One row an aircraft and pass: ``icao24``, ``called_``, ``first_time``, ``last_time``, ``fixes``, and ``more``.

    Args:
        rows: the positions in the area.
        keep: their columns that are needed: ``KEPT`` and what ``more`` asks.
        more: further aggregates of these rows by name, deferred (``ibis._``).

    Returns:
        A table with ``lowest_ft`` and ``highest_ft`` behind the rest; ``called_.callsign`` is the first that is known.
    """
    before = rows.time.lag().over(ibis.window(group_by="icao24", order_by="time"))
    rows = rows.select(*keep, begins_=(rows.time >= before + ibis.interval(minutes=ABSENT_MIN)).ifelse(1, 0))
    # By value of time and not by row: rows of one time are of one pass, in whatever order they come.
    until = ibis.range_window(group_by="icao24", order_by="time", preceding=None, following=0)
    rows = rows.select(*keep, pass_=rows.begins_.sum().over(until))
    called: Any = ibis.struct({"time": rows.time, "callsign": rows.callsign})
    return rows.group_by("icao24", "pass_").agg(
        called_=called.min(where=rows.callsign.notnull()),
        first_time=rows.time.min(),
        last_time=rows.time.max(),
        fixes=rows.count().cast("int64"),
        **more,
        lowest_ft=rows.altitude_ft.min(),
        highest_ft=rows.altitude_ft.max(),
    )


def selected(found: Table, **more: Value) -> Table:
    """The passes with the columns of every answer, and these in their midst."""
    return found.select(
        found.icao24,
        found.called_.callsign.name("callsign"),
        found.first_time,
        found.last_time,
        found.fixes,
        *(value.name(name) for name, value in more.items()),
        found.lowest_ft,
        found.highest_ft,
    )
