"""The archive and its questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from geo.archive import diverting, engines, straying
from geo.archive.answer import Answer
from geo.archive.catalogue import Catalogue
from geo.archive.diverting import Diversion
from geo.archive.flying import flights, in_order
from geo.archive.given import Tables
from geo.archive.inside import inside
from geo.archive.jumping import jumps
from geo.archive.near import near
from geo.archive.positions import addresses, positions
from geo.archive.question import Question
from geo.archive.reduced import Reduced
from geo.archive.span import Span
from geo.archive.store import Folder, Store
from geo.archive.straying import Straying
from geo.archive.tracking import joined, nothing, reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import ibis
    from ibis.expr.types import Table

    from geo.archive.jumping import By
    from geo.archive.span import Between
    from geo.model import Place, Position, Track
    from geo.tracks import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """An archive of received positions, and what can be asked of it.

    ``between`` is two aware times, from and to, the second not included. Every question gives an ``Answer``, which
    says which days of that time the archive does not hold.
    """

    store: Store
    connection: ibis.BaseBackend

    @classmethod
    def open(cls, root_or_tables: str | Path | Store | Table, connection: ibis.BaseBackend | None = None) -> Self:
        """The archive in a folder, or in tables of an engine.

        Args:
            root_or_tables: the folder that ``flightcase archive build`` made; or ``Tables``, or those of ``opensky``;
                or an Ibis table of positions alone (``tables.AIRCRAFT``).
            connection: an Ibis connection that reads the files; DuckDB in this process when not given. Tables have
                their own.

        Raises:
            ArchiveError: when there is no archive, or it is of another format, or the extra ``archive`` is missing.
        """
        if isinstance(root_or_tables, str | Path):
            catalogue = Catalogue.read(Path(root_or_tables))
            used = engines.local() if connection is None else connection
            return cls(Folder(catalogue, used), used)
        store = root_or_tables if isinstance(root_or_tables, Store) else Tables.of(root_or_tables)
        return cls(store, connection or store.connection)

    @property
    def days(self) -> tuple[date, ...]:
        """The days that it holds, in order; of tables, none is known."""
        return self.store.days

    def _answer(self, question: Question, span: Span) -> Answer:
        return Answer.of(question, self.connection, self.store.missing(span))

    def positions(self, icao24: str | Iterable[str], between: Between) -> Answer:
        """Every row that was received from one aircraft or several (``tables.AIRCRAFT``), by aircraft and time.

        Args:
            icao24: ICAO 24-bit address, six hexadecimal digits, or several.
            between: from and to.

        Raises:
            ArchiveError: when an address or the time is none.
        """
        span = Span.of(between)
        return self._answer(positions(self.store, icao24, span), span)

    def near(self, point: Position | Place | tuple[float, float], km: float, between: Between) -> Answer:
        """Who passed within ``km`` of a point: a row for each aircraft and pass, the nearest first.

        Distances are those of geodesics on WGS 84. An aircraft that was not received there for half an hour begins
        another pass when it is. ``lowest_ft`` and ``highest_ft`` are pressure altitudes, null where none was sent, as
        on the ground. Stale positions do not count; positions that a receiver was made to believe do (``jumps``).

        Args:
            point: a place, a position, or latitude and longitude in degrees.
            km: more than 0 and up to 10,000.
            between: from and to.

        Raises:
            ArchiveError: when the point, the distance or the time is none.
        """
        span = Span.of(between)
        return self._answer(near(self.store, point, km, span), span)

    def inside(self, area: Any, between: Between) -> Answer:  # noqa: ANN401  points, or what has __geo_interface__
        """Who was in an area: a row for each aircraft and pass, in order of their beginning.

        Passes and altitudes are those of ``near``. Edges are straight on a map of longitude and latitude, as GeoJSON
        says, and go the short way round: over the antimeridian where that is shorter. An outline that goes round a
        pole holds that pole. A position on the edge is in the area on its southern and western sides.

        Args:
            area: latitude and longitude of each corner; or a Polygon or MultiPolygon by ``__geo_interface__`` or as
                GeoJSON (longitude first), whose holes are no part of it. Up to 2,000 corners.
            between: from and to.

        Raises:
            ArchiveError: when it is no area (three corners or more, edges that do not cross), or the time is none.
        """
        span = Span.of(between)
        return self._answer(inside(self.store, area, span), span)

    def reading(self, icao24: str, between: Between) -> Reading:
        """The flights of one aircraft, cut and judged as those of a file are, and an account of every row.

        Args:
            icao24: ICAO 24-bit address, six hexadecimal digits.
            between: from and to.

        Raises:
            TrackEmpty: when there is no row; it says which days the archive does not hold.
            ArchiveError: when the address or the time is none.
        """
        span = Span.of(between)
        (address,) = addresses(icao24)
        answer = self.positions(address, between)
        table = answer.table()
        source = f"archive, {address}"
        if not len(table):
            raise nothing(source, span, self.days, answer.missing_days)
        return reading(table, source)

    def track(self, icao24: str, between: Between) -> Track:
        """All that was received from one aircraft, judged: flight by flight, as ``reading`` cuts them.

        Args:
            icao24: ICAO 24-bit address, six hexadecimal digits.
            between: from and to.

        Raises:
            TrackEmpty: when there is no row; it says which days the archive does not hold.
            ArchiveError: when the address or the time is none.
        """
        return joined(self.reading(icao24, between))

    def flights(
        self,
        between: Between,
        *,
        icao24: str | Iterable[str] | None = None,
        callsign: str | Iterable[str] | None = None,
        origin: Place | str | None = None,
        destination: Place | str | None = None,
    ) -> Answer:
        """The flights that have any part in this time (``tables.FLIGHTS``), in order of their beginning.

        An aircraft that changes its callsign in flight has a flight for each. ``origin`` and ``destination`` are those
        that the archive was built with: null where a flight was not received at an aerodrome.

        Args:
            between: from and to.
            icao24: of these aircraft.
            callsign: of these callsigns, in full.
            origin: an ICAO code, or a place: by its code, or, where it has none, within 10 km of it.
            destination: the same.

        Raises:
            ArchiveError: when an address, a callsign, a code or the time is none.
        """
        span = Span.of(between)
        found = flights(self.store, span, icao24=icao24, callsign=callsign, origin=origin, destination=destination)
        return self._answer(Question(found, in_order), span)

    def jumps(self, area: Any, between: Between, *, by: By = "jump") -> Answer:  # noqa: ANN401  an area in any of its forms
        """Whose position jumped impossibly (``tables.JUMPS``), in order of time; or how many did, by hour and area.

        A jump counts for an area when either of its ends lies there: by itself it does not say which one is false.

        Args:
            area: a polygon as ``inside`` takes it; ``(point, km)``; ``None`` for everywhere.
            between: from and to; a jump counts when it ends.
            by: ``jump``, or ``hour`` for each hour and cell of 1°: ``jumps``, ``aircraft``, ``away`` and ``into`` (the
                jumps that begin and end in the cell), ``median_km`` and ``greatest_km`` of their lengths.

        Raises:
            ArchiveError: when the area or the time is none.
        """
        span = Span.of(between)
        return self._answer(jumps(self.store, area, span, by), span)

    def strayed(self, origin: Place | str, destination: Place | str, between: Between, km: float) -> Answer:
        """Flights between two aerodromes that were received farther than ``km`` from the geodesic between them.

        Both ends of a flight must be known (``flights``); one that changed its callsign in flight counts as one. Its
        positions, all of them if any part of it is in the time asked for, are judged as those of a track are: a
        position that is not believed makes no flight stray. Past an end of the line the distance is that from the end.

        Args:
            origin: an ICAO code or a place, as for ``flights``.
            destination: the same.
            between: from and to.
            km: more than 0 and up to 10,000.

        Returns:
            The columns of ``flights`` and ``last_callsign`` (where it is another), ``stray_km`` (the greatest distance,
            positive to the right of the line), ``stray_time``, ``stray_lat``, ``stray_lon``, and ``beyond_s``: for how
            long it was received farther than ``km``, silences of over a minute not counted.

        Raises:
            ArchiveError: when a place, the distance or the time is none, or both places are one.
        """
        span = Span.of(between)
        asked = Straying.of(self.store, span, (origin, destination), km)
        return Reduced.on(self._answer(asked.candidates(), span), straying.MORE, asked.rows)

    def diverted(
        self,
        origin: Place | str,
        destination: Place | str,
        between: Between,
        *,
        callsigns: str | Iterable[str] | None = None,
        also_lost: bool = False,
    ) -> Answer:
        """Flights that began at one aerodrome, were meant for another, and ended elsewhere.

        ADS-B does not say where a flight is meant to go; its callsign stands for that (``diverting`` has the rules).

        Args:
            origin: an ICAO code or a place, as for ``flights``.
            destination: the same.
            between: from and to.
            callsigns: those of flights that were meant for the destination; when not given, every callsign that flew
                there from the origin within 30 days of the time asked for, on the days that the archive holds.
            also_lost: also flights that were not seen to land; most of them merely left the coverage.

        Returns:
            The columns of ``flights``, ``usual`` (how many times the callsign flew the route in those days),
            ``last_callsign`` (where it is another), ``ending`` ("landed elsewhere", "returned", "not seen to land"),
            and ``ended_km``: how far from the destination the flight was last received.

        Raises:
            ArchiveError: when a place, a callsign or the time is none, or both places are one.
        """
        span = Span.of(between)
        asked = Diversion.of(self.store, span, (origin, destination), callsigns, also_lost=also_lost)
        return Reduced.on(self._answer(asked.candidates(), span), diverting.MORE, asked.rows)
