"""Who was in an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from geo.archive.boxes import of_cells, written
from geo.archive.outlines import outline
from geo.archive.passes import KEPT, passes, selected
from geo.archive.question import Question
from geo.archive.rays import FEW, holds, is_level, joined, millionths
from geo.archive.times import during

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table

    from geo.archive.outlines import Outline
    from geo.archive.span import Span
    from geo.archive.store import Store


def inside(store: Store, area: Any, span: Span) -> Question:  # noqa: ANN401  points, or what has __geo_interface__
    """The passes through the area (``outlines.outline``) in this time, in order of their beginning.

    Raises:
        ArchiveError: when it is no area.
    """
    return Question(within(store.area(span), outline(area), span, KEPT), _in_order)


def _in_order(rows: Table) -> Table:
    at: Any = ibis.struct({"time": _.time, "lat": _.lat, "lon": _.lon})
    found = passes(rows, KEPT, first_=at.min(), last_=at.max())
    first, last = found.first_, found.last_
    return selected(found, first_lat=first.lat, first_lon=first.lon, last_lat=last.lat, last_lon=last.lon).order_by(
        "first_time", "icao24"
    )


def within(table: Table, area: Outline, span: Span, keep: Sequence[str]) -> Table:
    """The rows of a table that lie in the area in this time: these columns, maybe among others."""
    passed, whole = area.touched()
    near = (*of_cells(table, (*passed, *whole)), *during(table.time, span), *area.box.holds(table))
    if is_level(area) and table.lat.type().is_decimal():
        # Decimals are whole millionths as they are: a frame takes no step of its own.
        return table.filter(*near, holds(area, table.lon, table.lat, written))
    rows = table.filter(*near)
    x, y = millionths(rows, wraps=area.box.reaches_180)
    by_cell = whole and "cell" in table.columns
    rows = rows.select(*keep, *(("cell",) if by_cell else ()), x_=x, y_=y)
    # Trino takes no table with a question: it would have to be made there first.
    if len(area) > FEW and table.get_backend().name != "trino":
        return joined(rows, "x_", "y_", area, keep)
    held = holds(area, rows.x_, rows.y_)
    # Most of a large area is cells that no edge passes.
    return rows.filter(rows.cell.isin(whole) | held if by_cell else held)
