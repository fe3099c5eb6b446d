"""Tables of any engine as an archive: what a question reads from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from geo.archive.tables import AIRCRAFT, AREA, FLIGHTS, JUMPS
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import ibis
    import pyarrow as pa
    from ibis.expr.types import Table

    from geo.archive.span import Span

_SCHEMAS: Final[Mapping[str, pa.Schema]] = {"positions": AIRCRAFT, "area": AREA, "flights": FLIGHTS, "jumps": JUMPS}
#: Which questions need a table.
_NEED: Final = {
    "positions": "positions and track (near and inside where there is no table of areas)",
    "flights": "flights, strayed and diverted",
    "jumps": "jumps",
}


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Ibis tables of one connection, by what they hold: ``positions``, ``area``, ``flights``, ``jumps``.

    Their columns are those of ``geo.archive.tables``; a table may have more, and its decimals may be floating point.
    Without ``area`` questions of an area read ``positions``, all of them where the engine cannot do better.
    """

    held: Mapping[str, Table]

    @classmethod
    def of(
        cls,
        positions: Table | None = None,
        *,
        area: Table | None = None,
        flights: Table | None = None,
        jumps: Table | None = None,
    ) -> Self:
        """These tables; a question that needs one that is not given is refused.

        Raises:
            ArchiveError: when none is given, they are of several connections, or one lacks columns or has a time with
                a zone.
        """
        given = {"positions": positions, "area": area, "flights": flights, "jumps": jumps}
        held = {name: table for name, table in given.items() if table is not None}
        if not held:
            raise ArchiveError("an archive of tables needs a table: Tables.of(positions=…)")
        for name, table in held.items():
            _check(name, table)
        if len({id(table.get_backend()) for table in held.values()}) > 1:
            raise ArchiveError("the tables of an archive are of one connection")
        return cls(held)

    @property
    def connection(self) -> ibis.BaseBackend:
        """The engine that holds them."""
        return next(iter(self.held.values())).get_backend()

    @property
    def days(self) -> tuple[date, ...]:
        """None is known."""
        return ()

    def missing(self, span: Span) -> tuple[date, ...]:  # noqa: ARG002  of every store
        """None is known."""
        return ()

    def aircraft(self, span: Span, icao24: Sequence[str]) -> Table:  # noqa: ARG002  of every store
        """All rows."""
        return self._of("positions")

    def area(self, span: Span) -> Table:  # noqa: ARG002  of every store
        """All positions."""
        if "area" in self.held:
            return self.held["area"]
        rows = self._of("positions")
        return rows.filter(rows.lat.notnull(), rows.lon.notnull(), ~rows.is_stale)

    def flights(self, span: Span) -> Table:  # noqa: ARG002  of every store
        """All flights."""
        return self._of("flights")

    def jumps(self, span: Span) -> Table:  # noqa: ARG002  of every store
        """All jumps."""
        return self._of("jumps")

    def _of(self, name: str) -> Table:
        if name not in self.held:
            raise ArchiveError(
                f"these tables have no {name}, which {_NEED[name]} ask: Tables.of(…, {name}=table); an archive that "
                "flightcase archive build makes has all of them"
            )
        return self.held[name]


def _check(name: str, table: Table) -> None:
    kinds = table.schema()
    missing = [column for column in _SCHEMAS[name].names if column not in kinds and column != "cell"]
    if missing:
        raise ArchiveError(f"the table of {name} lacks {', '.join(missing)}; geo.archive.tables says what they hold")
    zoned = [column for column, kind in kinds.items() if kind.is_timestamp() and kind.timezone is not None]
    if zoned:
        raise ArchiveError(
            f"the times of an archive are UTC and have no zone; {', '.join(zoned)} of the table of {name} has one: "
            "cast it, in a session whose zone is UTC"
        )
