"""The questions of an archive as somebody who knows its files would write them in DuckDB's SQL.

Each names the files that it needs, cells and boxes included, and gives the columns that the archive gives, in its
order. ``Asked`` also says which columns are read and what must be true of a row, so that ``allowed`` can tell how few
bytes a reader has to read by the statistics of the row groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from geo.archive.catalogue import Catalogue

    Between = tuple[datetime, datetime]
    #: By column the least and the greatest value that a row may have, inclusive.
    Ranges = Mapping[str, tuple[Any, Any]]
    Vector = tuple[float, float, float]

CELL_DEG: Final = 5
_ECCENTRICITY_2, _AXIS_M = 0.0066943799901413165, 6_378_137.0
#: What a pass is: positions of one aircraft, none half an hour after the one before.
_PASSES: Final = """
, steps AS (
  SELECT *, time - lag(time) OVER (PARTITION BY icao24 ORDER BY time) >= INTERVAL 30 MINUTE AS anew FROM held
), runs AS (
  SELECT *, sum(CASE WHEN anew THEN 1 ELSE 0 END) OVER (PARTITION BY icao24 ORDER BY time) AS pass FROM steps
)
SELECT icao24, arg_min(callsign, time) FILTER (callsign IS NOT NULL) AS callsign,
       min(time) AS first_time, max(time) AS last_time, count(*) AS fixes,
       {more} min(altitude_ft) AS lowest_ft, max(altitude_ft) AS highest_ft
FROM runs GROUP BY icao24, pass ORDER BY {order}
"""


@dataclass(frozen=True, slots=True)
class Reads:
    """What has to be read of some files: these columns, of row groups that may have a row in one of these ranges."""

    files: tuple[str, ...]
    columns: tuple[str, ...]
    ranges: tuple[Ranges, ...] = ({},)

    @property
    def bytes(self) -> int:
        """How much that is, and the footers that say so."""
        total = 0
        for file in self.files:
            told = pq.read_metadata(file)
            total += told.serialized_size + 8
            names = [told.schema.column(index).name for index in range(told.num_columns)]
            for group in (told.row_group(index) for index in range(told.num_row_groups)):
                chunks = {name: group.column(names.index(name)) for name in names}
                if any(all(_may(chunks[name], *span) for name, span in one.items()) for one in self.ranges):
                    total += sum(chunks[name].total_compressed_size for name in self.columns)
        return total


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in SQL, and what has to be read for it."""

    sql: str
    reads: tuple[Reads, ...]

    @property
    def allowed(self) -> int:
        """Bytes that have to be read."""
        return sum(one.bytes for one in self.reads)


def _may(chunk: Any, least: Any, most: Any) -> bool:  # noqa: ANN401  a column chunk, and values of its type
    held = chunk.statistics
    if held is None:
        return True
    if held.has_null_count and held.null_count == chunk.num_values:
        return False  # nothing but nulls is no value
    return not held.has_min_max or not (held.max < least or held.min > most)


def _names(files: Sequence[str]) -> str:
    return "read_parquet([" + ", ".join(f"'{file}'" for file in files) + "])"


def _moment(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)


def _when(between: Between, column: str = "time") -> str:
    start, end = (f"TIMESTAMP '{_moment(time):%Y-%m-%d %H:%M:%S.%f}'" for time in between)
    return f"{column} >= {start} AND {column} < {end}"


def _times(between: Between) -> tuple[datetime, datetime]:
    return _moment(between[0]), _moment(between[1]) - timedelta(microseconds=1)


def days(catalogue: Catalogue, between: Between) -> list[date]:
    """The days of an archive that a time touches."""
    first, last = (moment.date() for moment in _times(between))
    return [day for day in sorted(catalogue.days) if first <= day <= last]


def aircraft(catalogue: Catalogue, icao24: str, between: Between) -> list[str]:
    """The files that have rows of an aircraft."""
    return [
        catalogue.path(day, part.file)
        for day in days(catalogue, between)
        for part in catalogue.days[day].aircraft
        if part.first <= icao24 <= part.last
    ]


def hours(catalogue: Catalogue, between: Between) -> list[str]:
    """The files of the hours that a time touches."""
    start, end = between
    found = []
    for day in days(catalogue, between):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        for hour, name in sorted(catalogue.days[day].area.items()):
            begin = midnight + timedelta(hours=hour)
            if begin < end and begin + timedelta(hours=1) > start:
                found.append(catalogue.path(day, name))
    return found


def positions(catalogue: Catalogue, icao24: str, between: Between) -> Asked:
    """Every row of an aircraft."""
    files = aircraft(catalogue, icao24, between)
    columns = tuple(pq.read_schema(files[0]).names)
    return Asked(
        f"SELECT * FROM {_names(files)} WHERE icao24 = '{icao24}' AND {_when(between)} ORDER BY ALL",  # noqa: S608  our own words
        (Reads(tuple(files), columns, ({"icao24": (icao24, icao24), "time": _times(between)},)),),
    )


def _cells(boxes: Sequence[tuple[float, float, float, float]]) -> list[int]:
    columns = 360 // CELL_DEG
    return sorted(
        {
            min(row, 35) * columns + column % columns
            for south, north, west, east in boxes
            for row in range(int((south + 90) // CELL_DEG), int((north + 90) // CELL_DEG) + 1)
            for column in range(int((west + 180) // CELL_DEG), int((east + 180) // CELL_DEG) + 1)
        }
    )


def _held(
    catalogue: Catalogue, boxes: Sequence[tuple[float, float, float, float]], between: Between, more: str = ""
) -> tuple[str, tuple[str, ...], tuple[Ranges, ...]]:
    """Rows of some boxes (south, north, west, east), none of which goes over 180°, their files, and their ranges."""
    files = hours(catalogue, between)
    cells = _cells(boxes)
    within = " OR ".join(
        f"(lat BETWEEN {south:.6f} AND {north:.6f} AND lon BETWEEN {west:.6f} AND {east:.6f})"
        for south, north, west, east in boxes
    )
    listed = ", ".join(map(str, cells))
    sql = (
        f"SELECT icao24, time, lat, lon, altitude_ft, callsign{more} FROM {_names(files)} "  # noqa: S608  our own words
        f"WHERE cell BETWEEN {cells[0]} AND {cells[-1]} AND cell IN ({listed}) AND {_when(between)} AND ({within})"
    )
    ranges = tuple(
        {
            "cell": (cell, cell),
            "time": _times(between),
            "lat": (_degrees(south), _degrees(north)),
            "lon": (_degrees(west), _degrees(east)),
        }
        for south, north, west, east in boxes
        for cell in _cells([(south, north, west, east)])
    )
    return sql, tuple(files), ranges


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")


_AREA_COLUMNS: Final = ("cell", "icao24", "time", "lat", "lon", "altitude_ft", "callsign")


def near(
    catalogue: Catalogue,
    point: tuple[float, float],
    km: float,
    boxes: Sequence[tuple[float, float, float, float]],
    between: Between,
) -> Asked:
    """Passes of a point within some ten kilometres: distances by the radii of curvature at the middle latitude."""
    held, files, ranges = _held(catalogue, boxes, between)
    lat, lon = point
    sql = f"""
WITH placed AS MATERIALIZED ({held}), turned AS (
  SELECT *, radians((lat::DOUBLE + {lat}) / 2) AS middle,
         radians((lon::DOUBLE - {lon} + 540) % 360 - 180) AS east, radians(lat::DOUBLE - {lat}) AS north FROM placed
), curved AS (
  SELECT *, 1 - {_ECCENTRICITY_2} * sin(middle) ** 2 AS w FROM turned
), measured AS (
  SELECT *, {_AXIS_M} * sqrt((north * (1 - {_ECCENTRICITY_2}) / w) ** 2 / w + (east * cos(middle)) ** 2 / w) AS m
  FROM curved
), held AS (SELECT * FROM measured WHERE m <= {km * 1000})
{_PASSES.format(more=_NEAREST, order="nearest_km, icao24, first_time")}"""  # noqa: S608  our own words
    return Asked(sql, (Reads(files, _AREA_COLUMNS, ranges),))


_NEAREST: Final = """round(min(m)) / 1000 AS nearest_km, arg_min(time, (round(m), time)) AS nearest_time,
       arg_min(lat, (round(m), time)) AS nearest_lat, arg_min(lon, (round(m), time)) AS nearest_lon,"""


_ENDS: Final = """arg_min(lat, time) AS first_lat, arg_min(lon, time) AS first_lon,
       arg_max(lat, time) AS last_lat, arg_max(lon, time) AS last_lon,"""


def inside(catalogue: Catalogue, boxes: Sequence[tuple[float, float, float, float]], between: Between) -> Asked:
    """Passes of a frame."""
    held, files, ranges = _held(catalogue, boxes, between)
    sql = f"WITH held AS MATERIALIZED ({held}){_PASSES.format(more=_ENDS, order='first_time, icao24')}"
    return Asked(sql, (Reads(files, _AREA_COLUMNS, ranges),))


def jumps_by_hour(catalogue: Catalogue, between: Between) -> Asked:
    """What there was of jumps in each hour and cell of one degree in which one of their ends lies."""
    files = [catalogue.path(day, catalogue.days[day].jumps) for day in days(catalogue, between)]
    sql = f"""
WITH held AS (SELECT * FROM {_names(files)} WHERE {_when(between)}), ends AS (
  SELECT icao24, time_before, time, distance_km, lat_before AS lat, lon_before AS lon, 1 AS away FROM held
  UNION ALL SELECT icao24, time_before, time, distance_km, lat, lon, 0 FROM held
), single AS (
  SELECT date_trunc('hour', time) AS hour, least(floor(lat::DOUBLE)::INT, 89) AS cell_lat,
         CASE WHEN lon >= 180 THEN -180 ELSE floor(lon::DOUBLE)::INT END AS cell_lon,
         icao24, time_before, time, distance_km, sum(away) AS away, count(*) - sum(away) AS into_
  FROM ends GROUP BY ALL
)
SELECT hour, cell_lat, cell_lon, count(*) AS jumps, count(DISTINCT icao24) AS aircraft, sum(away) AS away,
       sum(into_) AS "into", round(median(distance_km), 6) AS median_km, max(distance_km) AS greatest_km
FROM single GROUP BY hour, cell_lat, cell_lon ORDER BY hour, cell_lat, cell_lon"""  # noqa: S608  our own words
    columns = ("icao24", "time_before", "time", "lat_before", "lon_before", "lat", "lon", "distance_km")
    return Asked(sql, (Reads(tuple(files), columns, ({"time": _times(between)},)),))


def _flights(catalogue: Catalogue, between: Between, around: timedelta) -> tuple[list[str], str]:
    """The files of flights that can have a part in a time, no flight lasting longer than three days, and that part."""
    wide = (between[0] - around - timedelta(days=3), between[1] + around)
    files = [catalogue.path(day, catalogue.days[day].flights) for day in days(catalogue, wide)]
    start, end = (f"TIMESTAMP '{_moment(time)}'" for time in between)
    return files, f"last_time >= {start} AND first_time < {end}"


def flights(catalogue: Catalogue, callsign: str, between: Between) -> Asked:
    """Flights under a callsign."""
    files, during = _flights(catalogue, between, timedelta())
    sql = (
        f"SELECT * FROM {_names(files)} WHERE callsign = '{callsign}' AND {during} "  # noqa: S608  our own words
        "ORDER BY first_time, icao24"
    )
    return Asked(sql, (_all(files, {"callsign": (callsign, callsign)}),))


def diverted(catalogue: Catalogue, origin: str, destination: str, between: Between) -> Asked:
    """Flights from an aerodrome that landed elsewhere than others under their callsign, within 30 days, did."""
    files, during = _flights(catalogue, between, timedelta(days=30))
    sql = f"""
WITH began AS (SELECT * FROM {_names(files)} WHERE origin = '{origin}'), usual AS (
  SELECT callsign, count(*) AS usual FROM began WHERE destination = '{destination}' GROUP BY callsign
)
SELECT began.*, usual FROM began JOIN usual USING (callsign)
WHERE destination <> '{destination}' AND {during} AND (last_on_ground OR highest_ft - last_altitude_ft >= 2000)
ORDER BY first_time, icao24"""  # noqa: S608  our own words
    return Asked(sql, (_all(files, {"origin": (origin, origin)}),))


def strayed(
    catalogue: Catalogue, origin: tuple[str, Vector], destination: tuple[str, Vector], between: Between, km: float
) -> Asked:
    """Flights with a position farther than ``km`` from a great circle, those not counted that end a step too fast.

    Ends are their code and a vector to them.
    """
    files, during = _flights(catalogue, between, timedelta())
    rows = [catalogue.path(day, part.file) for day in days(catalogue, between) for part in catalogue.days[day].aircraft]
    normal = [float(value) for value in np.cross(origin[1], destination[1])]
    x, y, z = (value / float(np.linalg.norm(normal)) for value in normal)
    sql = f"""
WITH flown AS (
  SELECT * FROM {_names(files)} WHERE origin = '{origin[0]}' AND destination = '{destination[0]}' AND {during}
), fixes AS (
  SELECT flown.icao24, first_time, time, cos(radians(lat::DOUBLE)) * cos(radians(lon::DOUBLE)) AS x,
         cos(radians(lat::DOUBLE)) * sin(radians(lon::DOUBLE)) AS y, sin(radians(lat::DOUBLE)) AS z
  FROM {_names(rows)} AS rows JOIN flown
    ON rows.icao24 = flown.icao24 AND time BETWEEN first_time AND last_time
  WHERE lat IS NOT NULL AND NOT is_stale
), steps AS (
  SELECT *, 6371 * sqrt((x - lag(x) OVER w) ** 2 + (y - lag(y) OVER w) ** 2 + (z - lag(z) OVER w) ** 2)
           / greatest(epoch(time - lag(time) OVER w), 1) AS came,
         6371 * sqrt((x - lead(x) OVER w) ** 2 + (y - lead(y) OVER w) ** 2 + (z - lead(z) OVER w) ** 2)
           / greatest(epoch(lead(time) OVER w - time), 1) AS went
  FROM fixes WINDOW w AS (PARTITION BY icao24, first_time ORDER BY time)
), beyond AS (
  SELECT icao24, first_time, max(abs(asin(x * {x} + y * {y} + z * {z})) * 6371) AS km FROM steps
  WHERE coalesce(came, 0) < 0.6 AND coalesce(went, 0) < 0.6 GROUP BY icao24, first_time
)
SELECT flown.*, km FROM flown JOIN beyond USING (icao24, first_time) WHERE km > {km} ORDER BY first_time, icao24"""  # noqa: S608  our own words
    # Every column of the flights that begin and end there is needed to judge them.
    held = [catalogue.days[day] for day in days(catalogue, between)]
    of_route = _all(files, {"origin": (origin[0],) * 2, "destination": (destination[0],) * 2})
    aircraft = pq.read_table(files, columns=["icao24", "origin", "destination"])
    chosen = pc.and_(pc.equal(aircraft["origin"], origin[0]), pc.equal(aircraft["destination"], destination[0]))
    who = sorted(set(aircraft.filter(chosen)["icao24"].to_pylist()))
    parts = {part.file for day in held for part in day.aircraft if any(part.first <= one <= part.last for one in who)}
    near = [file for file in rows if file.rpartition("/")[2] in parts]
    ranges = tuple({"icao24": (one, one), "time": _times(between)} for one in who)
    return Asked(sql, (of_route, Reads(tuple(near), tuple(pq.read_schema(near[0]).names), ranges)))


def _all(files: Sequence[str], ranges: Ranges) -> Reads:
    return Reads(tuple(files), tuple(pq.read_schema(files[0]).names), (ranges,))
