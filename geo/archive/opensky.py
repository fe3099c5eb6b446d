"""OpenSky's own database as an archive: the same questions, asked of its Trino (``docs/archive-engines.md``).

What its tables hold is said in the documentation of its Trino interface and in ``geo.tracks.tables.state_vectors``:
metres, metres a second, seconds since 1970, callsigns padded with blanks, a position repeated until the next one is
heard. It is cut by hour (``state_vectors_data4.hour``) and by day (``flights_data4.day``), and a query that does not
say of which reads all of it: every table here says so, from the time that is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

import ibis
from ibis.expr.operations import TimestampFromUNIX

from geo.archive import steps
from geo.archive.span import Span
from geo.archive.tables import AIRCRAFT, AREA, FLIGHTS, JUMPS
from geo.errors import ArchiveError
from geo.geodesy import EQUATORIAL_RADIUS_M, FLATTENING
from geo.measures import FOOT_M, KNOT_M_S
from geo.tracks.judging.flying import LATE_S
from geo.tracks.judging.values import STAMP_S
from geo.tracks.stale import AGE_S
from geo.tracks.tables.state_vectors import HELD_S

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pyarrow as pa
    from ibis.expr.types import NumericValue, Table, Value

#: Where its tables are, and those that are read here.
CATALOG: Final = "minio"
SCHEMA: Final = "osky"
STATES: Final = "state_vectors_data4"
FLOWN: Final = "flights_data4"
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400
#: A position is told at whole seconds and was heard up to ``AGE_S`` before or after; first told it is so far, at most,
#: from a row that repeats it and does not say itself that it is older.
_MARGIN_S: Final = ceil(2 * AGE_S)
#: A flight lies in the day of its beginning or of its end, and lasts no longer.
_LONGEST: Final = timedelta(days=1)
#: So long before the time asked for the position is looked for from which the first one jumped.
_BEFORE: Final = timedelta(minutes=10)
_FPM_M_S: Final = FOOT_M / 60
#: As in ``spheroid``: of the squared sine of half the arc.
_LEAST: Final = 1e-30
_MOST: Final = 1 - 6e-5


def tables(connection: ibis.BaseBackend, *, catalog: str = CATALOG, schema: str = SCHEMA) -> OpenSky:
    """The tables of OpenSky's database: ``Archive.open(opensky.tables(trino.connect(…)))``.

    Raises:
        ArchiveError: when the server does not answer, has no such tables, or has times in another zone than UTC.
    """
    try:
        found = [connection.table(name, database=(catalog, schema)) for name in (STATES, FLOWN)]
        ((zone,),) = connection.raw_sql("SELECT current_timezone()").fetchall()
    except Exception as wrong:
        raise ArchiveError(f"OpenSky's database does not answer: {type(wrong).__name__}: {wrong}") from wrong
    if zone != "UTC":
        raise ArchiveError(f'the session of Trino has its times in {zone}; connect with timezone="UTC"')
    return OpenSky(*found)


@dataclass(frozen=True, slots=True, eq=False)
class OpenSky:
    """Tables for questions out of OpenSky's own: of states, and of flights."""

    states: Table
    flown: Table

    @property
    def connection(self) -> ibis.BaseBackend:
        """The connection to its database."""
        return self.states.get_backend()

    @property
    def days(self) -> tuple[date, ...]:
        """None is known."""
        return ()

    def missing(self, span: Span) -> tuple[date, ...]:  # noqa: ARG002  of every store
        """None is known."""
        return ()

    def aircraft(self, span: Span, icao24: Sequence[str]) -> Table:
        """Rows of these aircraft (``tables.AIRCRAFT``): what OpenSky does not keep is null."""
        return _as(self._rows(span, icao24), AIRCRAFT)

    def area(self, span: Span) -> Table:
        """Positions in this time (``tables.AREA``, but for the cell)."""
        return _as(self._positions(span), AREA)

    def flights(self, span: Span) -> Table:
        """Flights that have any part in this time (``tables.FLIGHTS``).

        Of a flight OpenSky keeps waypoints: where it turned or climbed, or every quarter of an hour. They stand for
        its positions: ``fixes`` counts them, ``distance_km`` is along them. ``silent_s`` is not known. A flight without
        a waypoint is left out.
        """
        first, last = floor(span.start.timestamp()), ceil(span.end.timestamp())
        room = _LONGEST // timedelta(seconds=1)
        rows = self.flown.filter(
            self.flown.day >= _floored(first - room, _DAY_S),
            self.flown.day <= _floored(last + room, _DAY_S),
            self.flown.lastseen >= first,
            self.flown.firstseen <= last,
        )
        key = {"icao24": rows.icao24.strip().lower(), "callsign": _callsign(rows.callsign)}
        key |= {"firstseen": rows.firstseen, "lastseen": rows.lastseen}
        key |= {"origin": rows.estdepartureairport, "destination": rows.estarrivalairport}
        # Trino makes columns of the fields of rows that are unnested themselves: so the numbers of the waypoints are.
        rows = rows.select(**key, track=rows.track, number=ibis.range(rows.track.length())).unnest("number")
        rows = rows.mutate(at=rows.track[rows.number]).drop("track")
        return _as(_flown(rows, list(key)), FLIGHTS)

    def jumps(self, span: Span) -> Table:
        """Jumps that end in this time (``tables.JUMPS``), by the rule of ``steps``.

        Distances are within 1.5 parts in a million of those of geodesics.
        """
        rows = self._positions(Span(span.start - _BEFORE, span.end))
        rows = _carried(rows.mutate(ms=_ms(rows.at)))
        path = ibis.window(group_by=["icao24", "callsign"], order_by="time")
        rows = rows.mutate(
            time_before=rows.time.lag().over(path),
            lat_before=rows.lat.lag().over(path),
            lon_before=rows.lon.lag().over(path),
            apart_s=(rows.ms - rows.ms.lag().over(path)) / 1000,
        )
        rows = _stepped(rows.filter(rows.time_before.notnull()))
        room = ibis.greatest((rows.apart_s + LATE_S) * steps.FASTEST_M_S, steps.LEAST_KM * 1000)
        rows = rows.filter(rows.metres > room)
        knots = rows.metres / ibis.greatest(rows.apart_s, STAMP_S) / KNOT_M_S
        return _as(rows.mutate(distance_km=(rows.metres / 1000).round(3), implied_kt=knots.round(1)), JUMPS)

    def _rows(self, span: Span, icao24: Sequence[str]) -> Table:
        """Rows of states in the columns of ``tables.AIRCRAFT``, and ``at``, their time in seconds.

        As they are read from files (``sources.opensky``): a position is a fix at the time it was heard
        (``lastposupdate``) where it is told first, and stale where it is told again or was heard over ``AGE_S`` before;
        a fix stays in the day of its row; rows of aircraft of which nothing was heard for ``HELD_S`` are left out.
        """
        first, last = floor(span.start.timestamp()) - _MARGIN_S, ceil(span.end.timestamp()) + _MARGIN_S
        table = self.states
        rows = table.filter(
            table.hour >= _floored(first, _HOUR_S),
            table.hour <= _floored(last, _HOUR_S),
            table.time >= first,
            table.time <= last,
            table.lastcontact.isnull() | (table.time - table.lastcontact <= HELD_S),
        )
        if icao24:
            rows = rows.filter(rows.icao24.isin(icao24))
        rows = rows.mutate(lat=rows.lat.try_cast("decimal(9, 6)"), lon=rows.lon.try_cast("decimal(9, 6)"))
        rows = rows.filter(
            (rows.lat.isnull() | rows.lat.between(-90, 90)) & (rows.lon.isnull() | rows.lon.between(-180, 180))
        )
        placed = rows.lat.notnull() & rows.lon.notnull()
        rows = rows.mutate(
            lat=placed.ifelse(rows.lat, ibis.null()),
            lon=placed.ifelse(rows.lon, ibis.null()),
            heard=placed.ifelse(rows.lastposupdate, ibis.null()),
        )
        told = ibis.window(group_by=["icao24", "heard"], order_by=["time", "lastcontact", "lat", "lon"])
        rows = rows.mutate(again=ibis.row_number().over(told) > 0)
        stale = rows.heard.notnull() & (rows.again | (rows.time - rows.heard > AGE_S))
        fresh = rows.heard.notnull() & ~stale & (rows.heard <= rows.time + AGE_S)
        fresh &= (rows.heard / _DAY_S).floor() == (rows.time / _DAY_S).floor()
        rows = rows.mutate(is_stale=stale, at=fresh.ifelse(rows.heard, rows.time.cast("float64")))
        return rows.select(
            "lat",
            "lon",
            "is_stale",
            "at",
            icao24=rows.icao24.strip().lower(),
            time=_time(rows.at),
            altitude_ft=(rows.baroaltitude / FOOT_M).try_cast("int32"),
            geometric_altitude_ft=(rows.geoaltitude / FOOT_M).try_cast("int32"),
            ground_speed_kt=(rows.velocity / KNOT_M_S).try_cast("decimal(5, 1)"),
            track_deg=rows.heading.try_cast("decimal(5, 1)"),
            vertical_rate_fpm=(rows.vertrate / _FPM_M_S).try_cast("int32"),
            on_ground=rows.onground,
            callsign=_callsign(rows.callsign),
            begins=ibis.literal(False),  # noqa: FBT003  no source says so here
        )

    def _positions(self, span: Span) -> Table:
        rows = self._rows(span, ())
        return rows.filter(rows.lat.notnull(), ~rows.is_stale)


def _flown(rows: Table, key: list[str]) -> Table:
    """A row for each flight of its waypoints."""
    at = rows.at
    rows = rows.select(
        *key, time=at.time, lat=at.latitude, lon=at.longitude, ground=at.onground, number="number",
        altitude_ft=(at.altitude / FOOT_M).try_cast("int32"),
    )  # fmt: skip
    rows = rows.filter(rows.lat.notnull(), rows.lon.notnull())
    path = ibis.window(group_by=key, order_by=["time", "number"])
    back = ibis.window(group_by=key, order_by=[ibis.desc("time"), ibis.desc("number")])
    rows = rows.mutate(
        lat_before=rows.lat.lag().over(path),
        lon_before=rows.lon.lag().over(path),
        after_first=ibis.row_number().over(path),
        before_last=ibis.row_number().over(back),
    )
    rows = _stepped(rows)
    ends: dict[str, Any] = {
        f"{end}_{name}": rows[name].max(where=rows[number] == 0)
        for end, number in (("first", "after_first"), ("last", "before_last"))
        for name in ("lat", "lon", "altitude_ft", "ground")
    }
    found = rows.group_by(key).agg(
        **ends,
        fixes=rows.count().cast("int32"),
        distance_km=(rows.metres.sum().coalesce(0.0) / 1000).round(3),
        highest_ft=rows.altitude_ft.max(),
    )
    return found.mutate(
        first_time=_time(found.firstseen.cast("float64")),
        last_time=_time(found.lastseen.cast("float64")),
        first_on_ground=found.first_ground,
        last_on_ground=found.last_ground,
    )


def _carried(rows: Table) -> Table:
    """The rows, those without a callsign under that of the row before of their aircraft, or else of the next one.

    Every callsign begins a run, and the first run begins with the first row.
    """
    so_far = ibis.window(group_by="icao24", order_by="ms", preceding=None, following=0)
    rows = rows.mutate(run=ibis.greatest(rows.callsign.count().over(so_far), 1))
    of_run = ibis.window(group_by=["icao24", "run"])
    return rows.mutate(callsign=rows.callsign.max().over(of_run))


def _stepped(rows: Table) -> Table:
    """The table with ``metres``: the way to each position from the one before, by the formula of ``spheroid``."""
    here, there = _reduced(rows.lat_before), _reduced(rows.lat)
    turn = (rows.lon.cast("float64") - rows.lon_before.cast("float64")).radians() / 2
    step = rows.mutate(mean_=((there + here) / 2).sin() ** 2, half_=((there - here) / 2).sin() ** 2)
    arc = step.half_ + (1 - step.half_ - step.mean_) * turn.sin() ** 2
    step = step.mutate(arc_=ibis.greatest(ibis.least(arc, _MOST), _LEAST))
    angle, sine = step.arc_.sqrt().asin() * 2, (step.arc_ * (1 - step.arc_)).sqrt() * 2
    across = (angle - sine) * step.mean_ * (1 - step.half_) / (1 - step.arc_)
    along = (angle + sine) * step.half_ * (1 - step.mean_) / step.arc_
    length = (angle - (across + along) * (FLATTENING / 2)) * EQUATORIAL_RADIUS_M
    # Of two positions that are the same it is a millimetre or so too much.
    return step.mutate(metres=step.lat_before.isnull().ifelse(ibis.null(), length))


def _reduced(lat: NumericValue) -> NumericValue:
    """The parametric latitude, radians."""
    reduced: NumericValue = (lat.cast("float64").radians().tan() * (1 - FLATTENING)).atan()
    return reduced


def _floored(second: int, to: int) -> int:
    return second - second % to


def _callsign(column: Any) -> Value:  # noqa: ANN401  a column of words
    return column.strip().upper().nullif("")


def _ms(seconds: Any) -> Any:  # noqa: ANN401  columns of numbers
    return (seconds * 1000).round().cast("int64")


def _time(seconds: Value) -> Value:
    """Seconds since 1970 as archives write times."""
    return TimestampFromUNIX(seconds, "s").to_expr().cast("timestamp(3)")


def _as(rows: Table, schema: pa.Schema) -> Table:
    """The columns of a table of archives, in their types; null what the rows do not have."""
    kinds = ibis.Schema.from_pyarrow(schema)
    return rows.select(
        **{
            name: rows[name].cast(kind.copy(nullable=True))
            if name in rows.columns
            else ibis.null(kind.copy(nullable=True))
            for name, kind in kinds.items()
            if name in rows.columns or name != "cell"
        }
    )
