"""Whose position jumped impossibly, and where and when positions did: the picture of jamming by hour and area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import ibis

from geo.archive.boxes import MILLIONTHS, around, degrees, written
from geo.archive.inside import within as inside
from geo.archive.near import check_km
from geo.archive.outlines import outline
from geo.archive.question import Question
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
_KEY: Final = ("icao24", "time_before", "time")
_JUMP: Final = ("icao24", "time_before", "time", "lat_before", "lon_before", "lat", "lon")
_HOUR: Final = ("hour", "cell_lat", "cell_lon")


def jumps(store: Store, area: Any, span: Span, by: By = "jump") -> Question:  # noqa: ANN401  an area in any of its forms
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
    rows = table.filter(*during(table.time, span))
    if area is None:
        return Question(rows, _everywhere_by_hour if by == "hour" else _in_order)
    ends = _within(_ends(rows), area, span)
    return Question(ends, _by_hour) if by == "hour" else Question(rows.semi_join(ends, list(_KEY)), _in_order)


def _within(ends: Table, area: Any, span: Span) -> Table:  # noqa: ANN401  as above
    """The ends that lie in the area: of a pair whose second is a number, within so many kilometres of the first."""
    if not (isinstance(area, tuple | list) and len(area) == 2 and isinstance(area[1], int | float)):  # noqa: PLR2004  a pair
        return inside(ends, outline(area), span, ends.columns)
    (lat, lon), km = degrees(area[0]), area[1]
    check_km(km)
    near = measured(ends.filter(*around(lat, lon, km).holds(ends)), lat, lon, "metres", keep=ends.columns)
    return near.filter(near.metres <= km * 1000)


def _ends(rows: Table) -> Table:
    """Every jump twice: with the position that it began at, and with the one that it ended at."""
    both: Any = ibis.literal([1, 0], type="array<int64>")
    twice = rows.select(*_KEY, "distance_km", "lat_before", "lon_before", "lat", "lon", away=both.unnest())
    lat, lon = ((twice.away == 1).ifelse(twice[f"{name}_before"], twice[name]) for name in ("lat", "lon"))
    return twice.select(*_KEY, "distance_km", "away", lat=lat, lon=lon)


def _in_order(rows: Table) -> Table:
    return rows.select(*JUMPS.names).order_by("time", *(name for name in _JUMP if name != "time"))


def _everywhere_by_hour(rows: Table) -> Table:
    return _by_hour(_ends(rows))


def _by_hour(ends: Table) -> Table:
    # A jump within one cell is one jump of that cell.
    at = {"hour": ends.time.truncate("h"), "cell_lat": _cell_lat(ends.lat), "cell_lon": _cell_lon(ends.lon)}
    single = ends.group_by(*_KEY, "distance_km", **at).agg(away=ends.away.sum(), ends=ends.count().cast("int64"))
    found = single.group_by(*_HOUR).agg(
        jumps=single.count().cast("int64"),
        aircraft=single.icao24.nunique().cast("int64"),
        away=single.away.sum().cast("int64"),
        into=(single.ends.sum() - single.away.sum()).cast("int64"),
        lengths=single.distance_km.collect().sort(),
        # Spark takes small numbers alone for places.
        lower=((single.count() - 1) // 2).cast("int32"),
        upper=(single.count() // 2).cast("int32"),
        greatest_km=single.distance_km.max(),
    )
    # The median by place in order: Trino has none, and engines put the middle of two numbers together in several ways.
    middle = (found.lengths[found.lower] + found.lengths[found.upper]) / 2
    counted = ("jumps", "aircraft", "away", "into")
    return found.select(*_HOUR, *counted, median_km=middle.round(6), greatest_km=found.greatest_km).order_by(*_HOUR)


def _cell_lat(lat: Any) -> Any:  # noqa: ANN401  columns of Ibis
    """The southern edge; a pole counts to the cell beside it."""
    return ibis.least(_edge(lat), 90 - CELL_DEG).cast("int32")


def _cell_lon(lon: Any) -> Any:  # noqa: ANN401  columns of Ibis
    """The western edge; 180° E is 180° W."""
    return (lon >= written(180 * MILLIONTHS, lon)).ifelse(-180, _edge(lon)).cast("int32")


def _edge(degrees: Any) -> Any:  # noqa: ANN401  columns of Ibis
    return degrees.cast("float64").floor().cast("int32")
