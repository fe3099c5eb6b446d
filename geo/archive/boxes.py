"""The part of the Earth that a question can be about: a box of latitudes and longitudes, and the cells it touches."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import ibis

from geo.archive.layout import CELL_DEG
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ibis.expr.types import BooleanValue, NumericValue, Table

MILLIONTHS: Final = 1_000_000
_POLE: Final = 90 * MILLIONTHS
_HALF_TURN: Final = 180 * MILLIONTHS
_CELL: Final = CELL_DEG * MILLIONTHS
_ROWS: Final = 180 // CELL_DEG
_COLUMNS: Final = 360 // CELL_DEG
#: The least length of a degree of latitude and of an arc of one degree anywhere on WGS 84, km, rounded down.
_DEGREE_KM: Final = 110.5


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and longitudes in millionths of a degree, ends included; over the antimeridian ``west > east``."""

    south: int
    north: int
    west: int = -_HALF_TURN
    east: int = _HALF_TURN

    @property
    def reaches_180(self) -> bool:
        """Whether the antimeridian is in it or on its edge."""
        return self.west > self.east or self.west == -_HALF_TURN or self.east == _HALF_TURN

    def holds(self, table: Table) -> Iterator[BooleanValue]:
        """That ``lat`` and ``lon`` of a row lie within."""
        if self.south > -_POLE:
            yield table.lat >= written(self.south, table.lat)
        if self.north < _POLE:
            yield table.lat <= written(self.north, table.lat)
        if self.east - self.west == 2 * _HALF_TURN:
            return
        westwards = table.lon <= written(self.east, table.lon)
        if self.west > self.east:
            yield (table.lon >= written(self.west, table.lon)) | westwards
        elif self.west == -_HALF_TURN:
            # The antimeridian is 180° W and 180° E.
            yield (table.lon >= written(_HALF_TURN, table.lon)) | westwards
        else:
            yield from (table.lon >= written(self.west, table.lon), westwards)

    def cells(self) -> tuple[int, ...]:
        """The numbers of the cells that it touches, in order."""
        rows = range(_row(self.south), _row(self.north) + 1)
        over = _COLUMNS if self.west > self.east else 0
        columns = {column % _COLUMNS for column in range(_column(self.west), _column(self.east) + over + 1)}
        return tuple(row * _COLUMNS + column for row in rows for column in sorted(columns))


def _row(lat: int) -> int:
    return min((lat + _POLE) // _CELL, _ROWS - 1)


def _column(lon: int) -> int:
    return min((lon + _HALF_TURN) // _CELL, _COLUMNS - 1)


def around(lat: float, lon: float, km: float) -> Box:
    """A box that holds every point within ``km`` of this one, and little more."""
    reach = km / _DEGREE_KM
    south, north = lat - reach, lat + reach
    low, high = max(math.floor(south * MILLIONTHS), -_POLE), min(math.ceil(north * MILLIONTHS), _POLE)
    if south <= -90 or north >= 90:  # noqa: PLR2004  a pole is within: every longitude
        return Box(low, high)
    # The easternmost point of a circle on a sphere; the slack covers that the Earth is none.
    sine = math.sin(math.radians(reach)) / math.cos(math.radians(lat))
    if reach >= 90 or sine >= 1:  # noqa: PLR2004  as far as a quarter of the Earth
        return Box(low, high)
    turn = math.degrees(math.asin(sine)) * 1.01 + 1 / MILLIONTHS
    if turn >= 180:  # noqa: PLR2004  all the way round
        return Box(low, high)
    return Box(
        low, high, _wrapped(math.floor((lon - turn) * MILLIONTHS)), _wrapped(math.ceil((lon + turn) * MILLIONTHS))
    )


def _wrapped(lon: int) -> int:
    return (lon + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN


def written(millionths: int, column: NumericValue) -> Any:  # noqa: ANN401  a literal of the type of the column
    """A number of degrees as the column has them: decimals compared with decimals, or engines read every row."""
    if column.type().is_decimal():
        return ibis.literal(Decimal(millionths).scaleb(-6), type="decimal(9, 6)")
    return ibis.literal(millionths / MILLIONTHS)


def of_cells(table: Table, cells: Iterable[int]) -> Iterator[BooleanValue]:
    """That a row lies in one of these cells, where the table knows its cell."""
    numbers = sorted(cells)
    if "cell" in table.columns:
        yield table.cell.between(numbers[0], numbers[-1])
        if len(numbers) <= numbers[-1] - numbers[0]:
            yield table.cell.isin(numbers)


def degrees(point: Any) -> tuple[float, float]:  # noqa: ANN401  Position, Place or a pair
    """Latitude and longitude of a point.

    Raises:
        ArchiveError: when it is none on the Earth.
    """
    try:
        lat, lon = (point.lat, point.lon) if hasattr(point, "lat") else point
        lat, lon = float(lat), float(lon)
    except (TypeError, ValueError) as wrong:
        raise ArchiveError(
            f"a point is a place, or latitude and longitude, as (43.39, 45.70); found {point!r}"
        ) from wrong
    if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004  what there is
        swapped = "; are they swapped? latitude comes first" if abs(lat) <= 180 and abs(lon) <= 90 else ""  # noqa: PLR2004  as before
        raise ArchiveError(
            f"latitude {lat:g}, longitude {lon:g} is no point; they go from -90 to 90 and from -180 to 180{swapped}"
        )
    return lat, lon
