"""Aircraft that change their callsign in flight: an archive has a flight for each, and here they are one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from geo.tracks.legs import LANDED_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from geo.archive.span import Span

    Row = Mapping[str, Any]

#: A flight that ends in the air goes on in the next of its aircraft, if that begins in the air within so long: too
#: short a time to land, turn round and climb again.
APART: Final = timedelta(seconds=LANDED_S)
#: No part of such a flight lasts longer: so far around a time its other parts are looked for.
AROUND: Final = timedelta(days=1)
#: What a flight says beside the columns of ``tables.FLIGHTS``: the callsign that it ended under, if it is another.
LAST_CALLSIGN: Final = pa.field("last_callsign", pa.string())


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight as one or more rows of ``tables.FLIGHTS``, in order of time."""

    parts: tuple[Row, ...]

    @property
    def icao24(self) -> str:
        """Its aircraft."""
        return str(self.parts[0]["icao24"])

    @property
    def fixes(self) -> int:
        """How many positions it has."""
        return sum(part["fixes"] for part in self.parts)

    @property
    def first_time(self) -> datetime:
        """When it was first received."""
        time: datetime = self.parts[0]["first_time"]
        return time

    @property
    def last_time(self) -> datetime:
        """When it was last received."""
        time: datetime = self.parts[-1]["last_time"]
        return time

    def is_of(self, span: Span) -> bool:
        """Whether any part of it is in this time."""
        return self.last_time >= span.start and self.first_time < span.end

    @property
    def row(self) -> dict[str, Any]:
        """The columns of ``tables.FLIGHTS`` for all of it, and ``last_callsign``."""
        first, last = self.parts[0], self.parts[-1]
        of_last = {name: value for name, value in last.items() if name.startswith("last_") or name == "destination"}
        highest = [part["highest_ft"] for part in self.parts if part["highest_ft"] is not None]
        silent = [part["silent_s"] for part in self.parts if part["silent_s"] is not None]
        apart = [
            int((later["first_time"] - one["last_time"]).total_seconds())
            for one, later in zip(self.parts, self.parts[1:], strict=False)
        ]
        return {
            **first,
            **of_last,
            "fixes": self.fixes,
            "distance_km": sum(part["distance_km"] for part in self.parts),
            "highest_ft": max(highest, default=None),
            "silent_s": max([*silent, *apart], default=None),
            "last_callsign": None if last["callsign"] == first["callsign"] else last["callsign"],
        }


def whole(rows: Iterable[Row]) -> Iterator[Flight]:
    """The flights that these rows are, by aircraft and time of their beginning; rows that are there twice count once.

    One goes on in another of its aircraft where the former was last received at no aerodrome and the latter first
    received at none, neither on the ground, within ``APART``. Where several would, the one of most fixes does: a
    callsign that is garbled for a moment is a flight of its own.
    """
    ordered = sorted(rows, key=lambda row: (row["icao24"], row["first_time"], row["last_time"], row["callsign"] or ""))
    for _, of_one in groupby(ordered, key=itemgetter("icao24")):
        flights: list[list[Row]] = []
        for row in of_one:
            if any(row in parts for parts in flights):
                continue
            before = max(
                (parts for parts in flights if _goes_on(parts[-1], row)),
                key=lambda parts: (parts[-1]["fixes"], parts[-1]["last_time"]),
                default=None,
            )
            if before is None:
                flights.append([row])
            else:
                before.append(row)
        yield from (Flight(tuple(parts)) for parts in flights)


def _goes_on(one: Row, later: Row) -> bool:
    nowhere = one["destination"] is None and later["origin"] is None
    in_the_air = not one["last_on_ground"] and not later["first_on_ground"]
    apart: timedelta = later["first_time"] - one["last_time"]
    return nowhere and in_the_air and timedelta() <= apart <= APART
