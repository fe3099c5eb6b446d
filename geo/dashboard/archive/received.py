"""What was received of the flights and passes of an answer: their lines on the map, their rows in a file."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.archive.answer import Answer
from geo.archive.boxes import MILLIONTHS, of_cells
from geo.archive.boxes import around as box_around
from geo.archive.outlines import outline
from geo.archive.passes import ABSENT_MIN
from geo.archive.span import Span
from geo.archive.times import during
from geo.dashboard.archive.question import Circle
from geo.geodesy import distance_m, unwrap
from geo.model import Track
from geo.scene.thinning import thinned
from geo.tracks import GAP_S, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from geo.archive.archive import Archive
    from geo.archive.span import Between
    from geo.dashboard.archive.question import Polygon

    Floats = NDArray[np.float64]

#: What is read of a position of an area, and of an aircraft.
AREA: Final = ("icao24", "time", "lat", "lon", "altitude_ft", "ground_speed_kt", "track_deg", "on_ground", "callsign")
#: Lines on the map keep so near to what was received, m.
_WITHIN_M: Final = 60.0
#: What is not received for so long is another part, where no flight is known, ms.
APART_MS: Final = ABSENT_MIN * 60_000


@dataclass(frozen=True, slots=True)
class Window:
    """A row of an answer: the aircraft, and from when to when, milliseconds since 1970, ends included."""

    row: int
    icao24: str
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows of one aircraft in order of time: milliseconds since 1970, and the columns of the archive as numbers."""

    icao24: str
    time_ms: NDArray[np.int64]
    columns: Mapping[str, Any]

    def take(self, rows: Any) -> Part:  # noqa: ANN401  a mask or a slice
        """Some of the rows."""
        return Part(self.icao24, self.time_ms[rows], {name: column[rows] for name, column in self.columns.items()})


def within(archive: Archive, area: Circle | Polygon, icao24: Sequence[str], between: Between) -> Answer:
    """The positions of these aircraft in a box around an area, by aircraft and time."""
    span = Span.of(between)
    held = (
        box_around(area.place.lat, area.place.lon, area.km) if isinstance(area, Circle) else outline(area.corners).box
    )
    table = archive.store.area(span)
    rows = table.filter(
        *of_cells(table, held.cells()), *during(table.time, span), *held.holds(table), table.icao24.isin(list(icao24))
    )
    return Answer.of(rows.select(*AREA).order_by("icao24", "time", "lat", "lon"), archive.connection)


def inside(area: Circle | Polygon, lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    """Which of these positions, in degrees, lie in an area."""
    if isinstance(area, Circle):
        near: NDArray[np.bool_] = distance_m(lat, lon, area.place.lat, area.place.lon) <= area.km * 1000
        return near
    x, y = (np.rint(column * MILLIONTHS).astype(np.int64) for column in (lon, lat))
    return outline(area.corners).holds(np.where(x == 180 * MILLIONTHS, -x, x), y)


def parts(batches: Iterable[Any], numbers: Sequence[str], words: Sequence[str] = ()) -> Iterator[Part]:
    """The rows of an answer by aircraft, as they come: one aircraft may come in several parts.

    Args:
        batches: of Arrow, sorted by aircraft.
        numbers: columns that become floating point, NaN for none.
        words: columns that stay objects, ``None`` for none.
    """
    for batch in batches:
        addresses = batch.column("icao24").dictionary_encode()
        codes = np.asarray(addresses.indices)
        names = addresses.dictionary.to_pylist()
        time_ms = np.asarray(batch.column("time").cast("int64"))
        # Not known is NaN: Arrow gives floating point where a value is missing, and objects for missing truths.
        columns = {name: np.asarray(batch.column(name).cast("float64"), dtype=np.float64) for name in numbers}
        columns |= {name: np.array(batch.column(name).to_pylist(), dtype=object) for name in words}
        edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
        for start, end in pairwise(edges):
            some = slice(start, end)
            yield Part(names[codes[start]], time_ms[some], {name: column[some] for name, column in columns.items()})


def windowed(found: Iterable[Part], windows: Sequence[Window]) -> Iterator[tuple[Window, Part]]:
    """The rows of each window, in parts as they come."""
    by_aircraft: dict[str, list[Window]] = {}
    for window in windows:
        by_aircraft.setdefault(window.icao24, []).append(window)
    for part in found:
        for window in by_aircraft.get(part.icao24, ()):
            first, last = np.searchsorted(part.time_ms, (window.first_ms, window.last_ms + 1)).tolist()
            if last > first:
                yield window, part.take(slice(first, last))


def joined(some: Sequence[Part]) -> Part:
    """Parts of one aircraft as one."""
    columns = {name: np.concatenate([part.columns[name] for part in some]) for name in some[0].columns}
    return Part(some[0].icao24, np.concatenate([part.time_ms for part in some]), columns)


def judged(part: Part) -> Part:
    """The positions that hold."""
    track = Track.of(part.time_ms / 1000, part.columns["lat"], part.columns["lon"], icao24=part.icao24)
    return part.take(judge(track).track.accepted)


def lines(part: Part) -> list[tuple[Floats, Floats]]:
    """Latitudes and longitudes of the received line, one for each time without a gap; longitudes run on."""
    placed = part.take(~np.isnan(part.columns["lat"]) & ~np.isnan(part.columns["lon"]))
    time_s, lat, lon = placed.time_ms / 1000, placed.columns["lat"], placed.columns["lon"]
    found = []
    for rows in np.split(np.arange(len(time_s)), np.flatnonzero(np.diff(time_s) > GAP_S) + 1):
        if len(rows) == 0:
            continue
        along = unwrap(lon[rows])
        kept = thinned(lat[rows], along, time_s[rows], _WITHIN_M)
        found.append((lat[rows][kept], along[kept]))
    return found


def box(points: Sequence[tuple[float, float]]) -> list[float] | None:
    """West, south, east and north of positions, the narrowest that holds them: over the antimeridian east is past 180.

    Args:
        points: latitude and longitude, degrees.
    """
    if not points:
        return None
    lat, lon = np.array(points).T
    around = np.sort(np.mod(lon, 360.0))
    gaps = np.diff(np.append(around, around[0] + 360.0))
    widest = int(np.argmax(gaps))
    west = float(around[(widest + 1) % len(around)])
    width = max(0.0, 360.0 - float(gaps[widest]))
    west -= 360.0 if west > 180.0 else 0.0  # noqa: PLR2004  half a turn
    return [west, float(lat.min()), west + width, float(lat.max())]


def milliseconds(moment: datetime) -> int:
    """Of a time since 1970."""
    return round(moment.timestamp() * 1000)
