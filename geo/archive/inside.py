"""Who was in an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from geo.archive.boxes import of_cells
from geo.archive.outlines import outline
from geo.archive.passes import passes, selected
from geo.archive.rays import FEW, holds, joined, millionths
from geo.archive.times import during

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from geo.archive.outlines import Outline
    from geo.archive.span import Span
    from geo.archive.store import Store


def inside(store: Store, area: Any, span: Span) -> Table:  # noqa: ANN401  points, or what has __geo_interface__
    """The passes through the area (``outlines.outline``) in this time, in order of their beginning.

    Raises:
        ArchiveError: when it is no area.
    """
    held = within(store.area(span), outline(area), span)
    rows = held.select("icao24", "time", "lat", "lon", "altitude_ft", "callsign")
    at: Any = ibis.struct({"time": _.time, "lat": _.lat, "lon": _.lon})
    found = passes(rows, first_=at.min(), last_=at.max())
    first, last = found.first_, found.last_
    return selected(found, first_lat=first.lat, first_lon=first.lon, last_lat=last.lat, last_lon=last.lon).order_by(
        "first_time", "icao24"
    )


def within(table: Table, area: Outline, span: Span) -> Table:
    """The rows of a table that lie in the area in this time."""
    passed, whole = area.touched()
    rows = table.filter(*of_cells(table, (*passed, *whole)), *during(table.time, span), *area.box.holds(table))
    x, y = millionths(rows)
    rows = rows.mutate(x_=x, y_=y)
    # Trino takes no table with a question: it would have to be made there first.
    if len(area) > FEW and table.get_backend().name != "trino":
        return joined(rows, "x_", "y_", area)
    held = holds(area, rows.x_, rows.y_)
    # Most of a large area is cells that no edge passes.
    return rows.filter(rows.cell.isin(whole) | held if whole and "cell" in rows.columns else held)
