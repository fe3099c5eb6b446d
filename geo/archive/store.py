"""Where the rows are that a question reads: the files of a folder, or tables of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from geo.archive import engines
from geo.archive.span import Span
from geo.archive.tables import AIRCRAFT, AREA, FLIGHTS, JUMPS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import ibis
    from ibis.expr.types import Table

    from geo.archive.catalogue import Catalogue

#: No flight that is stitched together lasts longer.
LONGEST: Final = timedelta(days=3)


@runtime_checkable
class Store(Protocol):
    """Tables for questions. They may hold more rows than are asked for, never less: each question filters its own."""

    @property
    def connection(self) -> ibis.BaseBackend:
        """The engine that holds them."""

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are there, in order; empty where the store does not know."""

    def missing(self, span: Span) -> tuple[date, ...]:
        """The days of this time that are not there, as far as the store knows."""

    def aircraft(self, span: Span, icao24: Sequence[str]) -> Table:
        """Rows of these aircraft, of all where none is named (``tables.AIRCRAFT``)."""

    def area(self, span: Span) -> Table:
        """Positions in this time (``tables.AREA``)."""

    def flights(self, span: Span) -> Table:
        """Flights that have any part in this time (``tables.FLIGHTS``)."""

    def jumps(self, span: Span) -> Table:
        """Jumps that end in this time (``tables.JUMPS``)."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of an archive that were named when it was opened, read by this connection."""

    catalogue: Catalogue
    connection: ibis.BaseBackend

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are there, in order."""
        return tuple(sorted(self.catalogue.days))

    def missing(self, span: Span) -> tuple[date, ...]:
        """The days of this time that are not there."""
        return tuple(day for day in span.days if day not in self.catalogue.days)

    def _held(self, span: Span) -> list[date]:
        return [day for day in span.days if day in self.catalogue.days]

    def aircraft(self, span: Span, icao24: Sequence[str]) -> Table:
        """Rows of these aircraft: of the files that their addresses can be in."""
        files = [
            self.catalogue.path(day, part.file)
            for day in self._held(span)
            for part in self.catalogue.days[day].aircraft
            if not icao24 or any(part.first <= one <= part.last for one in icao24)
        ]
        return engines.parquet(self.connection, files, AIRCRAFT)

    def area(self, span: Span) -> Table:
        """Positions in the hours of this time."""
        files = [
            self.catalogue.path(day, self.catalogue.days[day].area[hour])
            for day in self._held(span)
            for hour in span.hours(day)
            if hour in self.catalogue.days[day].area
        ]
        return engines.parquet(self.connection, files, AREA)

    def flights(self, span: Span) -> Table:
        """Flights: they lie in the day in which they begin."""
        days = self._held(Span(span.start - LONGEST, span.end))
        return engines.parquet(
            self.connection, [self.catalogue.path(day, self.catalogue.days[day].flights) for day in days], FLIGHTS
        )

    def jumps(self, span: Span) -> Table:
        """Jumps of the days of this time."""
        files = [self.catalogue.path(day, self.catalogue.days[day].jumps) for day in self._held(span)]
        return engines.parquet(self.connection, files, JUMPS)
