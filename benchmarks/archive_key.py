"""What the questions of an archive have to answer, found by looking at every tile and every plant, without the archive.

Brute force in NumPy, distances by GeographicLib (pyproj), on what was written into the sources: nothing here is of
``geo``. A tile is looked at where its real trace, moved as it was, can have come into the area asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from benchmarks import archive_plants as planted
from benchmarks import archive_tiles as tiles
from benchmarks.archive_plants import EARTH, KNOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.archive_tiles import Real, Tile

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Between = tuple[datetime, datetime]

#: A pass ends where an aircraft is not received in the area for so long, seconds.
ABSENT_S: Final = 1_800
#: No aircraft here is faster, and no error of a position is greater: what the real traces have is far below both, what
#: is planted far above (``Key.greatest_kt``).
JUMP_KT, JUMP_KM = 1_000.0, 5.0
_MARGIN_DEG: Final = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Positions of one aircraft in the order of time; those that its source calls stale are not among them."""

    icao24: str
    time_ms: Ints
    lat: Floats
    lon: Floats
    altitude_ft: Floats

    def take(self, held: Any) -> Rows:  # noqa: ANN401  a mask or a slice
        """These of them."""
        return Rows(self.icao24, self.time_ms[held], self.lat[held], self.lon[held], self.altitude_ft[held])


@dataclass(frozen=True, slots=True)
class Box:
    """South and north, and the longitude in the middle and how far it goes to either side, degrees."""

    south: float
    north: float
    middle: float = 0.0
    aside: float = 180.0


class Area(Protocol):
    """Where a question is about."""

    @property
    def box(self) -> Box:
        """What holds all of it."""

    def holds(self, lat: Floats, lon: Floats) -> Bools:
        """Which of these points it holds."""


@dataclass(frozen=True, slots=True)
class Circle:
    """All within ``km`` of a point."""

    lat: float
    lon: float
    km: float

    def away_km(self, lat: Floats, lon: Floats) -> Floats:
        """Distances from its middle."""
        count = len(lat)
        _, _, metres = EARTH.inv(lon, lat, np.full(count, self.lon), np.full(count, self.lat))
        return np.asarray(metres) / 1000

    @property
    def box(self) -> Box:
        """A degree of latitude is at least 110.5 km."""
        high = self.km / 110.5
        top = abs(self.lat) + high
        aside = 180.0 if top > 89 else high / np.cos(np.radians(top))  # noqa: PLR2004  around a pole all longitudes
        return Box(self.lat - high, self.lat + high, self.lon, aside)

    def holds(self, lat: Floats, lon: Floats) -> Bools:
        """Those within it, and on its edge."""
        return self.away_km(lat, lon) <= self.km


@dataclass(frozen=True, slots=True)
class Frame:
    """From one parallel to another and from one meridian eastwards to another: ``west`` may be more than ``east``."""

    south: float
    north: float
    west: float
    east: float

    @property
    def box(self) -> Box:
        """Itself."""
        wide = (self.east - self.west) % 360 or 360
        return Box(self.south, self.north, self.west + wide / 2, wide / 2)

    def holds(self, lat: Floats, lon: Floats) -> Bools:
        """Those within it."""
        wide = (self.east - self.west) % 360 or 360
        return (lat >= self.south) & (lat <= self.north) & ((lon - self.west) % 360 <= wide)

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Anticlockwise."""
        return [(self.south, self.west), (self.south, self.east), (self.north, self.east), (self.north, self.west)]


WORLD: Final = Frame(-90, 90, -180, 180)


@dataclass(frozen=True, slots=True)
class Pass:
    """An aircraft in an area: when, how many positions, and the nearest of them to a point."""

    icao24: str
    first_ms: int
    last_ms: int
    fixes: int
    nearest_km: float | None


@dataclass(frozen=True, slots=True)
class Jump:
    """Two positions of one aircraft that cannot both be."""

    icao24: str
    before_ms: int
    time_ms: int
    km: float
    before: tuple[float, float]
    after: tuple[float, float]


def milliseconds(time: datetime) -> int:
    """Since 1970."""
    return round(time.timestamp() * 1000)


class Key:
    """Every answer about days of which these are the tiles, by day, and with the plants."""

    def __init__(self, days: Mapping[date, Sequence[int]]) -> None:
        self.days = days

    @cached_property
    def tiles(self) -> list[Tile]:
        """All of them."""
        return [tiles.tile(number, day) for day, numbers in self.days.items() for number in numbers]

    @cached_property
    def _moves(self) -> dict[int, tuple[list[Tile], Floats]]:
        """By real trace its tiles; and of each the start, and the moves to the north and the east in degrees."""
        found = {}
        for source in sorted({tile.source for tile in self.tiles}):
            own = [tile for tile in self.tiles if tile.source == source]
            found[source] = (own, np.array([(t.start_s, t.north / 1e6, t.east / 1e6) for t in own]).reshape(-1, 3))
        return found

    @property
    def rows(self) -> dict[date, int]:
        """How many rows each day has."""
        plants = planted.plants().values()
        return {
            day: sum(len(tiles.reals()[number % len(tiles.reals())]) for number in numbers)
            + sum(len(plant.of(day).time_ms) for plant in plants)
            for day, numbers in self.days.items()
        }

    def near(self, box: Box, between: Between) -> Iterator[Rows]:
        """Positions of this time of every aircraft that can have come into this box."""
        for source, (own, moves) in self._moves.items():
            for index in np.flatnonzero(_can_meet(tiles.reals()[source], moves, box, between)).tolist():
                yield _during(of_tile(own[index]), between)
        for plant in planted.plants().values():
            yield _during(of_plant(plant), between)

    def passes(self, area: Area, between: Between) -> list[Pass]:
        """All passes of an area, in order of aircraft and time."""
        found = []
        for rows in _by_aircraft(self.near(area.box, between)):
            inside = rows.take(area.holds(rows.lat, rows.lon))
            cuts = np.flatnonzero(np.diff(inside.time_ms) >= ABSENT_S * 1000) + 1
            parts = np.split(np.arange(len(inside.time_ms)), cuts)
            found += [_passed(inside.take(part), area) for part in parts if len(part)]
        return sorted(found, key=lambda one: (one.icao24, one.first_ms))

    def jumps(self, area: Area, between: Between) -> list[Jump]:
        """All jumps that end in this time and of which one end lies in this area."""
        found = []
        for rows in _by_aircraft(self.near(WORLD.box, between) if self.greatest_kt > JUMP_KT else self._plants()):
            seconds, metres = np.diff(rows.time_ms) / 1000, _steps_m(rows)
            start, end = (milliseconds(time) for time in between)
            inside = area.holds(rows.lat, rows.lon)
            held = (metres > JUMP_KM * 1000) & (metres > JUMP_KT * KNOT * seconds)
            held &= (inside[1:] | inside[:-1]) & (rows.time_ms[1:] >= start) & (rows.time_ms[1:] < end)
            found += [
                Jump(
                    rows.icao24,
                    int(rows.time_ms[at]),
                    int(rows.time_ms[at + 1]),
                    float(metres[at]) / 1000,
                    (float(rows.lat[at]), float(rows.lon[at])),
                    (float(rows.lat[at + 1]), float(rows.lon[at + 1])),
                )
                for at in np.flatnonzero(held).tolist()
            ]
        return sorted(found, key=lambda one: (one.time_ms, one.icao24))

    @cached_property
    def greatest_kt(self) -> float:
        """The greatest speed between positions over ``JUMP_KM`` apart of any real trace, wherever it is moved to."""
        found = 0.0
        for real in tiles.reals() if self.tiles else ():
            for north in (-1.5, 0.0, 1.5):
                rows = Rows("", np.rint(real.offset_s * 1000).astype(np.int64), real.lat / 1e6 + north, real.lon / 1e6,
                            real.altitude_ft).take(~real.stale)  # fmt: skip
                metres, seconds = _steps_m(rows), np.diff(rows.time_ms) / 1000
                far = metres > JUMP_KM * 1000
                found = max(found, float(np.max(metres[far] / np.maximum(seconds[far], 1e-3), initial=0.0)) / KNOT)
        return found

    def _plants(self) -> Iterator[Rows]:
        return (of_plant(plant) for plant in planted.plants().values())

    def of(self, icao24: str, between: Between) -> Rows:
        """Every position of one aircraft in this time."""
        found = [of_plant(plant) for plant in planted.plants().values() if plant.icao24 == icao24]
        found += [of_tile(tile) for tile in self.tiles if tile.icao24 == icao24]
        return _during(next(_by_aircraft(iter(found))), between)


def of_tile(tile: Tile) -> Rows:
    """The positions of a tile."""
    lat, lon = tile.positions()
    rows = Rows(tile.icao24, tile.times_ms(), lat / 1e6, lon / 1e6, tile.altitudes_ft())
    return rows.take(~tile.real.stale)


def of_plant(plant: planted.Flown) -> Rows:
    """The positions of a plant."""
    altitude = np.where(plant.on_ground, np.nan, plant.altitude_ft)
    return Rows(plant.icao24, plant.time_ms, plant.lat / 1e6, plant.lon / 1e6, altitude)


def away_m(rows: planted.Flown, origin: str, destination: str) -> Floats:
    """How far the positions of a flight are from the geodesic between two aerodromes: from points of it 50 m apart."""
    (lat, lon, _), (to_lat, to_lon, _) = planted.AERODROMES[origin], planted.AERODROMES[destination]
    _, _, length = EARTH.inv(lon, lat, to_lon, to_lat)
    line = np.array(EARTH.npts(lon, lat, to_lon, to_lat, round(length / 50)))
    chords, points = _vectors(line[:, 1], line[:, 0]), _vectors(rows.lat / 1e6, rows.lon / 1e6)
    nearest = np.empty(len(points), dtype=np.int64)
    for at, point in enumerate(points):
        nearest[at] = np.argmax(chords @ point)
    _, _, metres = EARTH.inv(line[nearest, 0], line[nearest, 1], rows.lon / 1e6, rows.lat / 1e6)
    return np.asarray(metres)


def _vectors(lat: Floats, lon: Floats) -> Floats:
    north, east = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)


def _steps_m(rows: Rows) -> Floats:
    _, _, metres = EARTH.inv(rows.lon[:-1], rows.lat[:-1], rows.lon[1:], rows.lat[1:])
    return np.asarray(metres)


def _passed(rows: Rows, area: Area) -> Pass:
    nearest = float(area.away_km(rows.lat, rows.lon).min()) if isinstance(area, Circle) else None
    return Pass(rows.icao24, int(rows.time_ms[0]), int(rows.time_ms[-1]), len(rows.time_ms), nearest)


def _can_meet(real: Real, moves: Floats, box: Box, between: Between) -> Bools:
    """Which of these tiles of a real trace can have a position in a box and a time."""
    start, north, east = moves.T
    lat, lon = real.lat / 1e6, real.lon / 1e6
    held = (start <= between[1].timestamp()) & (start + real.offset_s[-1] >= between[0].timestamp())
    held &= (lat.min() + north <= box.north + _MARGIN_DEG) & (lat.max() + north >= box.south - _MARGIN_DEG)
    middle, aside = (lon.min() + lon.max()) / 2 + east, (lon.max() - lon.min()) / 2 + _MARGIN_DEG
    apart = np.abs((middle - box.middle + 180) % 360 - 180)
    return np.asarray(held & (apart <= aside + box.aside))


def _during(rows: Rows, between: Between) -> Rows:
    start, end = (milliseconds(time) for time in between)
    return rows.take((rows.time_ms >= start) & (rows.time_ms < end))


def _by_aircraft(parts: Iterator[Rows]) -> Iterator[Rows]:
    """The same, what is of one aircraft together and in the order of time."""
    held: dict[str, list[Rows]] = {}
    for part in parts:
        held.setdefault(part.icao24, []).append(part)
    for icao24, own in held.items():
        if len(own) == 1:
            yield own[0]
            continue
        columns = {
            name: np.concatenate([getattr(one, name) for one in own])
            for name in ("time_ms", "lat", "lon", "altitude_ft")
        }
        yield Rows(icao24, **columns).take(np.argsort(columns["time_ms"], kind="stable"))


def between(day: int, first: float, last: float) -> Between:
    """From one hour to another of a day of December 2024."""
    midnight = datetime(2024, 12, day, tzinfo=UTC).timestamp()
    start, end = (datetime.fromtimestamp(midnight + hour * 3600, UTC) for hour in (first, last))
    return start, end
