"""Every row that was received from one aircraft or from several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.archive.block import address_of, number_of
from geo.archive.question import Question
from geo.archive.tables import AIRCRAFT
from geo.archive.times import during
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ibis.expr.types import Table

    from geo.archive.span import Span
    from geo.archive.store import Store

#: More would be most of an archive; a whole day is read by opening its files.
MOST: Final = 20_000


def positions(store: Store, icao24: str | Iterable[str], span: Span) -> Question:
    """The rows of these aircraft in this time (``tables.AIRCRAFT``), by aircraft and time.

    Rows of one aircraft and time are in order of their other values.

    Raises:
        ArchiveError: when an address is none, or there is none, or there are more than ``MOST``.
    """
    wanted = addresses(icao24)
    table = store.aircraft(span, wanted)
    return Question(table.filter(table.icao24.isin(wanted), *during(table.time, span)), in_order)


def in_order(rows: Table) -> Table:
    """The columns of ``tables.AIRCRAFT`` and no others, in the order of them all."""
    return rows.select(*AIRCRAFT.names).order_by(*AIRCRAFT.names)


def addresses(icao24: str | Iterable[str]) -> tuple[str, ...]:
    """These ICAO 24-bit addresses as an archive writes them, each once, in order.

    Raises:
        ArchiveError: when one is no address, or there is none, or there are more than ``MOST``.
    """
    try:
        found = {address_of(number_of(one)) for one in ([icao24] if isinstance(icao24, str) else icao24)}
    except ValueError as wrong:
        raise ArchiveError(str(wrong)) from wrong
    if not found:
        raise ArchiveError("no aircraft is named; write its ICAO 24-bit address, as 4006c1")
    if len(found) > MOST:
        raise ArchiveError(f"{len(found):,} aircraft are too many for one question; ask for up to {MOST:,}")
    return tuple(sorted(found))
