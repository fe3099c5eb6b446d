"""Which flights there were: by time, by aircraft and callsign, by where they began and ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

from geo.archive.boxes import around, degrees
from geo.archive.positions import addresses
from geo.archive.spheroid import measured
from geo.archive.tables import FLIGHTS
from geo.archive.times import moment
from geo.errors import ArchiveError
from geo.geodesy import distance_m
from geo.model import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ibis.expr.types import BooleanValue, Table

    from geo.archive.span import Span
    from geo.archive.store import Store

    End = Literal["origin", "destination"]
    Row = Mapping[str, Any]

#: A flight began, or ended, at a place that has no ICAO code when its first, or last, position is so near, km.
NEAR_KM: Final = 10.0
#: No two aerodromes are as near to each other, km.
_APART_KM: Final = 1.0
#: How an answer about flights is ordered; two flights of one aircraft never begin at one time.
ORDER: Final = ("first_time", "icao24")
_ICAO: Final = re.compile(r"[A-Z0-9]{4}")


def flights(
    store: Store,
    span: Span,
    *,
    icao24: str | Iterable[str] | None = None,
    callsign: str | Iterable[str] | None = None,
    origin: Place | str | None = None,
    destination: Place | str | None = None,
    where: Callable[[Table], Iterable[BooleanValue]] = lambda _: (),
) -> Table:
    """The flights that have any part in this time (``tables.FLIGHTS``), in no order.

    Where they began comes first, in a step of its own: two such questions in one have nothing else in common, which an
    engine would work out as a whole before it looks at their ends.

    Args:
        store: where the rows are.
        span: the time.
        icao24: of these aircraft.
        callsign: of these callsigns.
        origin: an ICAO code or a place.
        destination: the same.
        where: what else must be true, of a table of flights.

    Raises:
        ArchiveError: when an address, a callsign or a code is none.
    """
    table = store.flights(span)
    if origin is not None:
        table = of_end(table, "origin", origin)
    code = None if destination is None else code_of(destination)
    if destination is not None and code is None:
        table = of_end(table, "destination", destination)
    chosen = [table.last_time >= moment(span.start), table.first_time < moment(span.end), *where(table)]
    if code is not None:
        chosen.append(table.destination == code)
    if icao24 is not None:
        chosen.append(table.icao24.isin(addresses(icao24)))
    if callsign is not None:
        chosen.append(table.callsign.isin(callsigns(callsign)))
    rows = table.filter(*chosen)
    return rows if rows.columns == tuple(FLIGHTS.names) else rows.select(*FLIGHTS.names)


def in_order(rows: Table) -> Table:
    """Flights as every answer has them."""
    return rows.order_by(*ORDER)


def callsigns(given: str | Iterable[str]) -> tuple[str, ...]:
    """These callsigns as aircraft send them, each once, in order: capital letters, no space around them.

    Raises:
        ArchiveError: when there is none, or one is empty.
    """
    found = {one.strip().upper() for one in ([given] if isinstance(given, str) else given)}
    if not found or "" in found:
        raise ArchiveError("a callsign is empty; write what the aircraft sent, as AHY8243")
    return tuple(sorted(found))


def of_end(table: Table, end: End, place: Place | str) -> Table:
    """The flights that began, or ended, at this place: by its ICAO code; by their position there where it has none.

    Raises:
        ArchiveError: when the code is none.
    """
    code = code_of(place)
    if code is not None:
        return table.filter(table[end] == code)
    lat, lon = degrees(place)
    which = "first" if end == "origin" else "last"
    at = table.mutate(lat=table[f"{which}_lat"], lon=table[f"{which}_lon"])
    at = at.filter(*around(lat, lon, NEAR_KM).holds(at))
    near = measured(at, lat, lon, "metres", keep=table.columns)
    return near.filter(near.metres <= NEAR_KM * 1000).select(*table.columns)


def code_of(place: Place | str) -> str | None:
    """The ICAO code of a place; ``None`` for one that has none.

    Raises:
        ArchiveError: when the code is none.
    """
    if isinstance(place, Place):
        return place.icao
    code = place.strip().upper()
    if not _ICAO.fullmatch(code):
        raise ArchiveError(f"{place!r} is no ICAO code of an aerodrome; write four letters, as URMG, or give a place")
    return code


def placed(place: Place | str) -> Place:
    """The place of an ICAO code, with its position; a place as it is.

    Raises:
        ArchiveError: when the code is none, or of no aerodrome that is known.
    """
    if isinstance(place, Place):
        return place
    from geo.gazetteer import open_gazetteer  # only who gives a code needs it

    code = code_of(place)
    found = next((one.place for one in open_gazetteer().search(place.strip().upper()) if one.place.icao == code), None)
    if found is None:
        raise ArchiveError(f"no aerodrome has the ICAO code {code}; give its place instead, with its position")
    return found


def check_apart(origin: Place, destination: Place) -> None:
    """Nothing, if two places are two.

    Raises:
        ArchiveError: when they are one.
    """
    codes = code_of(origin), code_of(destination)
    apart_km = float(distance_m(origin.lat, origin.lon, destination.lat, destination.lon)) / 1000
    if (codes[0] is not None and codes[0] == codes[1]) or apart_km < _APART_KM:
        raise ArchiveError(f"origin and destination are both {codes[0] or 'at one position'}; name two places")


def is_at(row: Row, which: Literal["first", "last"], place: Place) -> bool:
    """Whether an end of a row of ``tables.FLIGHTS`` is at a place, by the rule of ``of_end``."""
    if place.icao is None:
        return km_from(row, which, place) <= NEAR_KM
    code: str | None = row["origin" if which == "first" else "destination"]
    return code == place.icao


def km_from(row: Row, which: Literal["first", "last"], place: Place) -> float:
    """How far an end of a row of ``tables.FLIGHTS`` is from a place, by the geodesic."""
    return float(distance_m(row[f"{which}_lat"], row[f"{which}_lon"], place.lat, place.lon)) / 1000
