"""Whose position jumped impossibly, and where and when positions did: the picture of jamming by hour and area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import ibis

from geo.archive.boxes import around, degrees
from geo.archive.inside import within as inside
from geo.archive.near import check_km
from geo.archive.outlines import outline
from geo.archive.spheroid import measured
from geo.archive.tables import JUMPS
from geo.archive.times import during
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from geo.archive.span import Span
    from geo.archive.store import Store

By = Literal["jump", "hour"]
#: Side of the cells of the picture, degrees; they are named by their south-western corner.
CELL_DEG: Final = 1
_JUMP: Final = ("icao24", "time_before", "time", "lat_before", "lon_before", "lat", "lon")
_HOUR: Final = ("hour", "cell_lat", "cell_lon")


def jumps(store: Store, area: Any, span: Span, by: By = "jump") -> Table:  # noqa: ANN401  an area in any of its forms
    """The jumps that end in this time and have an end in an area, or what there was of them in each hour and cell.

    Either end of a jump may be the false position, and nobody can say which by the jump alone: positions jump away and
    back again. So a jump counts for an area, and for a cell, when either of its ends lies there.

    Args:
        store: where the rows are.
        area: a polygon, or a point and kilometres around it; everywhere when ``None``.
        span: the time.
        by: ``jump`` for ``tables.JUMPS``, in order of time; ``hour`` for ``hour``, ``cell_lat``, ``cell_lon``,
            ``jumps``, ``aircraft``, ``away`` (jumps that begin in the cell), ``into`` (that end there), ``median_km``
            and ``greatest_km`` (of their lengths).

    Raises:
        ArchiveError: for another ``by``, or when the area is none.
    """
    if by not in get_args(By):
        raise ArchiveError(f'jumps are told by "jump" or by "hour"; found {by!r}')
    table = store.jumps(span)
    rows = table.filter(*during(table.time, span)).select(*JUMPS.names)
    ends = _ends(rows) if area is None else _within(_ends(rows), area, span)
    return _by_hour(ends) if by == "hour" else _by_jump(rows, ends, everywhere=area is None)


def _within(ends: Table, area: Any, span: Span) -> Table:  # noqa: ANN401  as above
    """The ends that lie in the area: of a pair whose second is a number, within so many kilometres of the first."""
    if not (isinstance(area, tuple | list) and len(area) == 2 and isinstance(area[1], int | float)):  # noqa: PLR2004  a pair
        return inside(ends, outline(area), span)
    (lat, lon), km = degrees(area[0]), area[1]
    check_km(km)
    near = measured(ends.filter(*around(lat, lon, km).holds(ends)), lat, lon, "metres", keep=ends.columns)
    return near.filter(near.metres <= km * 1000).drop("metres")


def _ends(rows: Table) -> Table:
    """Every jump twice: with the position that it began at, and with the one that it ended at."""
    key = {name: rows[name] for name in ("icao24", "time_before", "time", "distance_km")}
    away = rows.select(**key, lat=rows.lat_before, lon=rows.lon_before, away=ibis.literal(1, type="int64"))
    into = rows.select(**key, lat=rows.lat, lon=rows.lon, away=ibis.literal(0, type="int64"))
    return away.union(into, distinct=False)


def _by_jump(rows: Table, ends: Table, *, everywhere: bool) -> Table:
    if not everywhere:
        rows = rows.semi_join(ends, ["icao24", "time_before", "time"])
    return rows.select(*JUMPS.names).order_by("time", *(name for name in _JUMP if name != "time"))


def _by_hour(ends: Table) -> Table:
    at = ends.mutate(hour=ends.time.truncate("h"), cell_lat=_cell(ends.lat, 90), cell_lon=_cell(ends.lon, 180))
    # A jump within one cell is one jump of that cell.
    single = at.group_by(*_HOUR, "icao24", "time_before", "time", "distance_km").agg(
        away=at.away.sum(), ends=at.count().cast("int64")
    )
    # The median by place in order: Trino has none, and engines put the middle of two numbers together in several ways.
    of_cell = ibis.window(group_by=_HOUR)
    ordered = ibis.window(group_by=_HOUR, order_by=("distance_km", "icao24", "time_before", "time"))
    single = single.mutate(
        into=single.ends - single.away, twice=ibis.row_number().over(ordered) * 2, size=single.count().over(of_cell)
    )
    middle = single.twice.between(single.size - 2, single.size)
    found = single.group_by(*_HOUR).agg(
        jumps=single.count().cast("int64"),
        aircraft=single.icao24.nunique().cast("int64"),
        away=single.away.sum().cast("int64"),
        into=single.into.sum().cast("int64"),
        median_km=single.distance_km.mean(where=middle).round(6),
        greatest_km=single.distance_km.max(),
    )
    return found.order_by(*_HOUR)


def _cell(degrees: Any, most: int) -> Any:  # noqa: ANN401  columns of Ibis
    """The southern, or western, edge; a pole, and 180° E, count to the cell beside them."""
    edge = degrees.cast("float64").floor().cast("int32")
    if most == 180:  # noqa: PLR2004  longitude: 180° E is 180° W
        return (edge >= most).ifelse(-most, edge).cast("int32")
    return ibis.least(edge, most - CELL_DEG).cast("int32")
