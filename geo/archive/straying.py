"""Which flights between two aerodromes left the line between them: by how far, where, and for how long.

Three steps, each with less to read than the one before. The flights between both aerodromes, from the derived table.
Of these the ones with any position beyond a great circle on a sphere, drawn so generously that none is missed: rows of
these aircraft and times alone, sifted by the engine, or here where they are few. Of those all rows, flight by flight:
their positions are judged as those of every track are, so that false ones make no flight stray, and measured against
the geodesic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.archive import positions
from geo.archive.beside import Line
from geo.archive.flying import check_apart, code_of, flights, in_order, is_at, placed
from geo.archive.near import check_km
from geo.archive.question import Question
from geo.archive.renaming import AROUND, LAST_CALLSIGN, Flight, whole
from geo.archive.span import Span
from geo.archive.times import moment
from geo.archive.tracking import joined, reading
from geo.tracks.states import GAP_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ibis.expr.types import BooleanValue, Table

    from geo.archive.answer import Answer
    from geo.archive.beside import Sphere
    from geo.archive.store import Store
    from geo.model import Place, Track

    Ask = Callable[[Question], Answer]

#: So many flights, and so many of their fixes, are asked for together.
_FLIGHTS: Final = 100
_FIXES: Final = 250_000
#: So few are not sifted by the engine first: to ask takes longer than to read and sift them here.
_AT_ONCE: Final = 20_000
_MS: Final = timedelta(milliseconds=1)
_KEY: Final = ("icao24", "time")
#: Beside the columns of ``tables.FLIGHTS``: the callsign at the end; the greatest distance, positive to the right of
#: the line, when and where it was; and for how long the flight was farther than asked for.
MORE: Final = pa.schema(
    [
        LAST_CALLSIGN,
        pa.field("stray_km", pa.float64()),
        pa.field("stray_time", pa.timestamp("ms", tz="UTC")),
        pa.field("stray_lat", pa.float64()),
        pa.field("stray_lon", pa.float64()),
        pa.field("beyond_s", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Straying:
    """The question, with both places known by position."""

    store: Store
    span: Span
    line: Line
    km: float

    @classmethod
    def of(cls, store: Store, span: Span, ends: tuple[Place | str, Place | str], km: float) -> Straying:
        """The question as it is asked.

        Raises:
            ArchiveError: when a place or the distance is none, or both places are one.
        """
        origin, destination = (placed(one) for one in ends)
        check_apart(origin, destination)
        check_km(km)
        return cls(store, span, Line(origin, destination), km)

    def candidates(self) -> Question:
        """Flights from the one to the other, and those that may be so with another; of a day around the time too."""
        span, origin, destination = self.span.wider(AROUND), self.line.origin, self.line.destination
        code = code_of(destination)

        def may_end_there(rows: Table) -> list[BooleanValue]:
            lost = rows.destination.isnull()
            return [lost if code is None else (rows.destination == code) | lost]

        found = flights(self.store, span, origin=origin, where=may_end_there)
        came = flights(self.store, span, destination=destination, where=lambda rows: [rows.origin.isnull()])
        if code is None:
            found = found.union(flights(self.store, span, origin=origin, destination=destination), distinct=True)
        return Question(found.union(came, distinct=True), in_order)

    def rows(self, candidates: Answer, ask: Ask) -> Iterator[dict[str, Any]]:
        """The rows of the answer to these candidates, in order of the beginning of flights."""
        found = sorted(self._flights(candidates.rows()), key=lambda one: (one.first_time, one.icao24))
        sphere = self.line.on_a_sphere(self.km) if found else None
        for some in _together(found, _FLIGHTS, None):
            few_fixes = sum(one.fixes for one in some) <= _AT_ONCE
            suspect = some if sphere is None or few_fixes else self._suspect(some, sphere, ask)
            for few in _together(suspect, _FLIGHTS, _FIXES):
                yield from self._strayed(few, sphere, ask)

    def _flights(self, rows: Iterable[dict[str, Any]]) -> Iterator[Flight]:
        """Of these the flights in the time that have both ends where they are asked for."""
        for flight in whole(rows):
            one, other = flight.parts[0], flight.parts[-1]
            if (
                flight.is_of(self.span)
                and is_at(one, "first", self.line.origin)
                and is_at(other, "last", self.line.destination)
            ):
                yield flight

    def _suspect(self, some: list[Flight], sphere: Sphere, ask: Ask) -> list[Flight]:
        """Those of some flights that have a position beyond, be it a false one."""
        rows = self._of(some, lambda table: [~table.is_stale])
        seen: set[int] = set()
        for batch in ask(Question(sphere.beyond(rows, _KEY), _key)).batches():
            seen |= {index for index, one in enumerate(some) if index not in seen and len(_rows_of(one, batch))}
        return [some[index] for index in sorted(seen)]

    def _of(self, some: list[Flight], where: Callable[[Table], Iterable[BooleanValue]] = lambda _: ()) -> Table:
        """The rows of these aircraft in the times of these flights, of which more may be asked."""
        aircraft = sorted({one.icao24 for one in some})
        span = Span(min(one.first_time for one in some), max(one.last_time for one in some) + _MS)
        table = self.store.aircraft(span, aircraft)

        def during(flight: Flight) -> BooleanValue:
            since, until = moment(flight.first_time), moment(flight.last_time)
            return (table.icao24 == flight.icao24) & (table.time >= since) & (table.time <= until)

        bounds = (table.time >= moment(span.start), table.time < moment(span.end))
        # The bounds of one flight say all that there is to say of it.
        each = (reduce(or_, map(during, some)),) if len(some) > 1 else ()
        return table.filter(table.icao24.isin(aircraft), *bounds, *each, *where(table))

    def _strayed(self, few: list[Flight], sphere: Sphere | None, ask: Ask) -> Iterator[dict[str, Any]]:
        held = ask(Question(self._of(few), positions.in_order)).table()
        for flight in few:
            received = _rows_of(flight, held)
            # Tables of others may have flights without their positions.
            if len(received) == 0 or (sphere is not None and not _leaves(received, sphere)):
                continue
            found = stray(_track(flight, received), self.line, self.km, sphere)
            if found is not None:
                yield {**flight.row, **found.row}


def _key(rows: Table) -> Table:
    return rows.select(*_KEY)


def _together(flights: Iterable[Flight], most: int, fixes: int | None) -> Iterator[list[Flight]]:
    """These in turn, up to so many at a time, and no more than so many fixes unless one alone has them."""
    some: list[Flight] = []
    for flight in flights:
        full = len(some) == most or (fixes is not None and sum(one.fixes for one in some) + flight.fixes > fixes)
        if some and full:
            yield some
            some = []
        some.append(flight)
    if some:
        yield some


def _rows_of(flight: Flight, rows: Any) -> Any:  # noqa: ANN401  a batch or a table of Arrow
    """Those of its aircraft in its time."""
    time = rows.schema.field("time").type
    since, until = (pa.scalar(moment, time) for moment in (flight.first_time, flight.last_time))
    during = pc.and_(pc.greater_equal(rows["time"], since), pc.less_equal(rows["time"], until))
    return rows.filter(pc.and_(pc.equal(rows["icao24"], flight.icao24), during))


def _leaves(rows: pa.Table, sphere: Sphere) -> bool:
    """Whether any position is beyond, be it a false one; stale ones do not count."""
    lat, lon = (rows[name].cast(pa.float64()).to_numpy() for name in ("lat", "lon"))
    there = ~(np.isnan(lat) | np.isnan(lon) | np.asarray(rows["is_stale"].to_numpy(), dtype=np.bool_))
    return bool(sphere.lets_pass(lat[there], lon[there]).any())


def _track(flight: Flight, rows: pa.Table) -> Track:
    """All of the flight judged as one, whatever it called itself: a garbled callsign makes no position true."""
    count = len(rows)
    same = {"callsign": pa.nulls(count, pa.string()), "begins": pa.repeat(pa.scalar(False), count)}  # noqa: FBT003  no flight begins
    for name, column in same.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, column)
    return joined(reading(rows, f"archive, {flight.icao24}"))


@dataclass(frozen=True, slots=True)
class Stray:
    """How a flight left its line: the greatest distance, signed, when and where it was, and for how long it lasted."""

    km: float
    time_s: float
    lat: float
    lon: float
    beyond_s: float

    @property
    def row(self) -> dict[str, Any]:
        """Its columns of an answer: kilometres to the metre."""
        return {
            "stray_km": round(self.km, 3),
            "stray_time": datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=round(self.time_s * 1000)),
            "stray_lat": self.lat,
            "stray_lon": self.lon,
            "beyond_s": round(self.beyond_s, 3),
        }


def stray(track: Track, line: Line, km: float, sphere: Sphere | None = None) -> Stray | None:
    """What there is to say of a judged track, or nothing where no position that holds is farther than ``km``.

    ``beyond_s`` counts the time between two such positions that are both beyond, on one side, and at most ``GAP_S``
    apart: what was received, and no more. Positions that the ``sphere`` of this line and distance does not let pass
    are not measured.
    """
    held = track.accepted & ~np.isnan(track.lat_deg) & ~np.isnan(track.lon_deg)
    time_s, lat, lon = track.time_s[held], track.lat_deg[held], track.lon_deg[held]
    maybe = np.ones(len(time_s), dtype=np.bool_) if sphere is None else sphere.lets_pass(lat, lon)
    if not maybe.any():
        return None
    away = np.zeros(len(time_s))
    away[maybe] = line.beside_m(lat[maybe], lon[maybe])
    worst = int(np.argmax(np.abs(away)))
    limit = km * 1000
    if not abs(away[worst]) > limit:
        return None
    side = np.where(np.abs(away) > limit, np.sign(away), 0)
    steps = np.diff(time_s)
    counted = (side[1:] == side[:-1]) & (side[1:] != 0) & (steps <= GAP_S)
    return Stray(
        float(away[worst]) / 1000,
        float(time_s[worst]),
        float(lat[worst]),
        float(lon[worst]),
        float(np.sum(steps[counted])),
    )
