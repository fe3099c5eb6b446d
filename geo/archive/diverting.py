"""Which flights were meant for one aerodrome and ended elsewhere.

ADS-B does not say where a flight is meant to go. It is taken from its callsign: one that flew from the origin to the
destination at other times within 30 days, or that the asker names. How a flight ended is judged by where it was last
received, and every doubt is held for the flight:

* **landed elsewhere**: last received at another aerodrome, on the ground or after it had come down by ``DOWN_FT``.
* **returned**: the same at its origin, and it flew at least ``LEAST_KM``, so that it was not only taxiing.
* **not seen to land**: last received elsewhere than at an aerodrome, or climbing, farther than ``LOST_KM`` from the
  destination; only where it is asked for, since most such flights merely left the coverage.

In the air within ``APPROACH_KM`` of the destination a flight may have been on its approach there, past another
aerodrome: it is not told. Nor is one whose aircraft next began a flight at the destination.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from geo.archive.flying import (
    callsigns,
    check_apart,
    code_of,
    flights,
    in_order,
    is_at,
    km_from,
    of_end,
    placed,
)
from geo.archive.question import Question
from geo.archive.renaming import AROUND, LAST_CALLSIGN, Flight, whole
from geo.archive.span import Span
from geo.archive.times import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ibis.expr.types import BooleanValue, Table

    from geo.archive.answer import Answer
    from geo.archive.store import Store
    from geo.model import Place

    Row = Mapping[str, Any]

#: So long before and after the time asked for, flights show what a callsign usually flies.
USUAL: Final = timedelta(days=30)
#: A flight that lands has come down from its highest by so much, ft; one that is lost in its climb has not.
DOWN_FT: Final = 2_000
#: No flight returns within fewer kilometres: aerodromes are as large as half of that (``aerodromes.WITHIN_KM``).
LEAST_KM: Final = 20.0
#: Three degrees of descent lead from the greatest height at which a position counts as at an aerodrome
#: (``aerodromes.ABOVE_FT``) so far, km.
APPROACH_KM: Final = 30.0
#: A flight lost within so many kilometres of its destination merely left the coverage.
LOST_KM: Final = 50.0
#: For so long the next flight of the aircraft is looked for.
NEXT: Final = timedelta(days=1)
ELSEWHERE, RETURNED, LOST = "landed elsewhere", "returned", "not seen to land"
_KEY: Final = ("icao24", "first_time", "callsign")
#: Behind the columns of ``tables.FLIGHTS`` and ``usual`` (how many times the callsign flew the route in the time asked
#: for and ``USUAL`` around it): the callsign at the end, the ending, and how far from the destination it was.
MORE: Final = pa.schema([LAST_CALLSIGN, pa.field("ending", pa.string()), pa.field("ended_km", pa.float64())])


@dataclass(frozen=True, slots=True, eq=False)
class Diversion:
    """The question, with both places known by position."""

    store: Store
    span: Span
    origin: Place
    destination: Place
    callsigns: tuple[str, ...] | None
    also_lost: bool

    @classmethod
    def of(
        cls,
        store: Store,
        span: Span,
        ends: tuple[Place | str, Place | str],
        named: str | Iterable[str] | None,
        *,
        also_lost: bool,
    ) -> Diversion:
        """The question as it is asked.

        Raises:
            ArchiveError: when a place or a callsign is none, or both places are one.
        """
        origin, destination = (placed(one) for one in ends)
        check_apart(origin, destination)
        return cls(store, span, origin, destination, None if named is None else callsigns(named), also_lost)

    def candidates(self) -> Question:
        """Flights that began at the origin under a callsign of the route, and are not known to have arrived."""
        usual = flights(self.store, self.span.wider(USUAL), origin=self.origin, destination=self.destination)
        usual = usual.group_by("callsign").agg(usual=usual.count().cast("int64"))
        around = Span(self.span.start - AROUND, self.span.end)
        began = flights(self.store, around, origin=self.origin, callsign=self.callsigns, where=self._may_be)
        if code_of(self.destination) is None:
            began = began.anti_join(of_end(began, "destination", self.destination), list(_KEY))
        if self.callsigns is None:
            return Question(began.join(usual, "callsign"), in_order)
        found = began.left_join(usual, "callsign")
        return Question(found.select(began, usual=found.usual.coalesce(0)), in_order)

    def _may_be(self, began: Table) -> Iterator[BooleanValue]:
        """What is known of a flight by itself, save for a destination without a code."""
        # What ended in the air before the time may have gone on into it.
        yield (began.last_time >= moment(self.span.start)) | began.destination.isnull()
        code = code_of(self.destination)
        if code is not None:
            yield (began.destination != code) | began.destination.isnull()

    def rows(self, candidates: Answer, ask: Callable[[Question], Answer]) -> Iterator[dict[str, Any]]:
        """The rows of the answer to these candidates."""
        held = {_key(row): row for row in candidates.rows()}
        others = self._others(ask, held.values())
        usual = {key: row["usual"] for key, row in held.items()}
        own = [{name: value for name, value in row.items() if name != "usual"} for row in held.values()]
        found = []
        for flight in whole([*own, *others]):
            key = _key(flight.parts[0])
            if key in usual and flight.is_of(self.span) and (told := self._told(flight, others)):
                found.append({**told, "usual": usual[key]})
        yield from sorted(found, key=lambda row: (row["first_time"], row["icao24"]))

    def _others(self, ask: Callable[[Question], Answer], rows: Iterable[Row]) -> list[dict[str, Any]]:
        """What the aircraft of flights that were not seen to land flew within a day after."""
        lost = [row for row in rows if row["destination"] is None or not _is_down(row)]
        if not lost:
            return []
        span = Span(min(row["last_time"] for row in lost), max(row["last_time"] for row in lost) + NEXT)
        return ask(Question(flights(self.store, span, icao24={row["icao24"] for row in lost}))).rows()

    def _told(self, flight: Flight, others: Iterable[Row]) -> dict[str, Any] | None:
        """The row of a flight that was diverted, or, where they are asked for, lost."""
        row = flight.row
        ended_km = km_from(row, "last", self.destination)
        ending = self._ending(row, ended_km)
        if ending is None or (ending == LOST and (not self.also_lost or self._left(flight, others))):
            return None
        return {**row, "ending": ending, "ended_km": round(ended_km, 3)}

    def _ending(self, row: Row, ended_km: float) -> str | None:
        if is_at(row, "last", self.destination):
            return None
        if row["destination"] is None or not _is_down(row):
            return LOST if ended_km > LOST_KM else None
        if not row["last_on_ground"] and ended_km <= APPROACH_KM:
            return None
        if not is_at(row, "last", self.origin):
            return ELSEWHERE
        return RETURNED if row["distance_km"] >= LEAST_KM else None

    def _left(self, flight: Flight, others: Iterable[Row]) -> bool:
        """Whether the aircraft next began at the destination."""
        later = [row for row in others if row["icao24"] == flight.icao24 and row["first_time"] > flight.last_time]
        following = min(later, key=lambda row: (row["first_time"], row["callsign"] or ""), default=None)
        if following is None or following["origin"] is None:
            return False
        return is_at(following, "first", self.destination)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEY)


def _is_down(row: Row) -> bool:
    """Whether a flight that was last received at an aerodrome was landing there, or had."""
    if row["last_on_ground"]:
        return True
    highest, last = row["highest_ft"], row["last_altitude_ft"]
    return highest is not None and last is not None and highest - last >= DOWN_FT
