"""Who passed near a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ibis
from ibis import _

from geo.archive.boxes import around, degrees, of_cells
from geo.archive.passes import KEPT, passes, selected
from geo.archive.question import Question
from geo.archive.spheroid import metres, parts
from geo.archive.times import during
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from geo.archive.span import Span
    from geo.archive.store import Store

#: A quarter of the Earth; further, "near" has no sense.
FURTHEST_KM: Final = 10_000.0


def check_km(km: float) -> None:
    """Nothing, if this is a distance that can be asked for.

    Raises:
        ArchiveError: when it is none.
    """
    if not 0 < km <= FURTHEST_KM:
        raise ArchiveError(f"a distance is more than 0 km and up to {FURTHEST_KM:,.0f} km; found {km:g} km")


def near(store: Store, point: Any, km: float, span: Span) -> Question:  # noqa: ANN401  Position, Place or a pair
    """The passes within ``km`` of the point in this time, the nearest first.

    ``nearest_km`` is to a metre; of several positions at that distance the earliest is given.

    Raises:
        ArchiveError: when the point or the distance is none.
    """
    lat, lon = degrees(point)
    check_km(km)
    table = store.area(span)
    box = around(lat, lon, km)
    rows = table.filter(*of_cells(table, box.cells()), *during(table.time, span), *box.holds(table))
    # How far is near goes with the rows, so that the rest is the same for every point and distance.
    return Question(rows.select(*KEPT, **parts(rows, lat, lon), most_=ibis.literal(km * 1000.0)), _nearest)


def _nearest(placed: Table) -> Table:
    rows = placed.select(*KEPT, "most_", metres=metres(placed))
    rows = rows.filter(rows.metres <= rows.most_)
    nearest: Any = ibis.struct({"metres": _.metres.round().cast("int64"), "time": _.time, "lat": _.lat, "lon": _.lon})
    found = passes(rows, (*KEPT, "metres"), at_=nearest.min())
    at = found.at_
    return selected(
        found, nearest_km=at.metres / 1000, nearest_time=at.time, nearest_lat=at.lat, nearest_lon=at.lon
    ).order_by("nearest_km", "icao24", "first_time")
