"""The places nearest to a point, by geodesic distance.

Positions are packed in the index, a kind in a blob. Nearness on a sphere chooses the few that the geodesic then decides
between: laid on a unit sphere by latitude and longitude, no way on the ellipsoid changes its length by more than the
ratio of the largest to the smallest radius of curvature, b²/a and a²/b, so no nearer place can be left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import GeodesyError
from geo.geodesy import FLATTENING, distance_m

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.gazetteer.sources import Record

    Floats = NDArray[np.float64]

#: The kinds that have a point rather than an extent.
KINDS: Final = ("airport", "city")
#: The ratio of the radii of curvature, and a hair more for rounding.
_RATIO: Final = (1 - FLATTENING) ** -3 + 1e-9
_HAIR: Final = 1e-9
_POLE: Final = 90.0


@dataclass(frozen=True, eq=False)
class Spots:
    """Places of a kind: their numbers, degrees, which of them have an IATA code, and directions as unit vectors."""

    number: NDArray[np.int64]
    lat: Floats
    lon: Floats
    coded: NDArray[np.bool_]
    direction: Floats

    @classmethod
    def read(cls, base: sqlite3.Connection, kind: str) -> Spots:
        """The places of a kind from the index.

        Raises:
            ValueError: for a kind that the index has no positions of.
        """
        row = base.execute("SELECT number, at, coded FROM spot WHERE kind = ?", (kind,)).fetchone()
        if row is None:
            raise ValueError(f'no place of the kind "{kind}" is found by its position; there are {", ".join(KINDS)}')
        at = np.frombuffer(row[1], dtype="<f8").reshape(-1, 2)
        lat, lon = at[:, 0], at[:, 1]
        coded = np.frombuffer(row[2], dtype=np.bool_)
        return cls(np.frombuffer(row[0], dtype="<i8"), lat, lon, coded, _directions(lat, lon))

    def nearest(self, lat: float, lon: float, count: int, *, coded: bool) -> list[tuple[int, float]]:
        """Numbers and distances in metres of the ``count`` nearest places, nearest first.

        Raises:
            GeodesyError: the point does not exist.
        """
        if not (abs(lat) <= _POLE and np.isfinite(lon)):
            raise GeodesyError(f"latitude {lat}, longitude {lon}: there is no such point")
        held = np.flatnonzero(self.coded) if coded else np.arange(len(self.number))
        count = min(max(count, 0), len(held))
        if count == 0:
            return []
        point = _directions(np.array([lat]), np.array([lon]))
        chord = np.sqrt(((self.direction[held] - point) ** 2).sum(axis=1))
        angle = 2 * np.arcsin(np.minimum(chord / 2, 1.0))
        bound = np.partition(angle, count - 1)[count - 1] * _RATIO + _HAIR
        near = held[angle <= bound]
        metres = distance_m(lat, lon, self.lat[near], self.lon[near])
        order = np.lexsort([self.number[near], metres])[:count]
        return list(zip(self.number[near[order]].tolist(), metres[order].tolist(), strict=True))


def packed(records: Iterable[Record]) -> list[tuple[str, bytes, bytes, bytes]]:
    """The rows of the table ``spot``: kind, numbers, positions, and which have an IATA code."""
    held = list(records)
    rows = []
    for kind in KINDS:
        places = [record for record in held if record.kind == kind]
        number = np.array([place.id for place in places], dtype="<i8")
        at = np.array([(place.lat, place.lon) for place in places], dtype="<f8")
        coded = np.array([bool(place.iata) for place in places], dtype=np.bool_)
        rows.append((kind, number.tobytes(), at.tobytes(), coded.tobytes()))
    return rows


def _directions(lat: Floats, lon: Floats) -> Floats:
    north, east = np.radians(lat), np.radians(lon)
    flat = np.cos(north)
    return np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
