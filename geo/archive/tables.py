"""The tables of an archive: their columns, types and units.

Whole numbers and decimals that Parquet holds as 32-bit integers, delta-coded: half the bytes of floating point, and
the same value on every engine. Not BYTE_STREAM_SPLIT, which the vectorised reader of Spark 4.0 cannot read.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

#: UTC, without saying so: DuckDB needs an extension that it would fetch for times with a zone, and Spark reads those in
#: the zone of its session. What comes out of an archive says UTC again.
TIME: Final = pa.timestamp("ms")
DEGREES: Final = pa.decimal32(9, 6)
TENTHS: Final = pa.decimal32(5, 1)

#: Every row that was received, by aircraft: sorted by ``icao24, time``, cut into files by address. Rows that carried
#: no position are kept. ``icao24`` is lower-case hex, with ``~`` before an address that is not of ICAO. Units are
#: those of ``Track``, with speeds and angles to a tenth. ``is_stale``: the source itself says that the position is an
#: older one again; ``begins``: it says that another flight of the aircraft begins here.
AIRCRAFT: Final = pa.schema(
    [
        pa.field("icao24", pa.string(), nullable=False),
        pa.field("time", TIME, nullable=False),
        pa.field("lat", DEGREES),
        pa.field("lon", DEGREES),
        pa.field("altitude_ft", pa.int32()),
        pa.field("geometric_altitude_ft", pa.int32()),
        pa.field("ground_speed_kt", TENTHS),
        pa.field("track_deg", TENTHS),
        pa.field("heading_deg", TENTHS),
        pa.field("true_airspeed_kt", TENTHS),
        pa.field("indicated_airspeed_kt", TENTHS),
        pa.field("vertical_rate_fpm", pa.int32()),
        pa.field("nic", pa.int8()),
        pa.field("nacp", pa.int8()),
        pa.field("sil", pa.int8()),
        pa.field("on_ground", pa.bool_()),
        pa.field("callsign", pa.string()),
        pa.field("is_stale", pa.bool_(), nullable=False),
        pa.field("begins", pa.bool_(), nullable=False),
    ]
)

#: The same positions by area: one file an hour, sorted by ``cell, icao24, time``, with what questions of an area ask.
#: No stale positions and no rows without one. ``cell`` is that of ``layout.cells``.
AREA: Final = pa.schema(
    [
        pa.field("cell", pa.int16(), nullable=False),
        pa.field("icao24", pa.string(), nullable=False),
        pa.field("time", TIME, nullable=False),
        pa.field("lat", DEGREES, nullable=False),
        pa.field("lon", DEGREES, nullable=False),
        pa.field("altitude_ft", pa.int32()),
        pa.field("ground_speed_kt", TENTHS),
        pa.field("track_deg", TENTHS),
        pa.field("on_ground", pa.bool_()),
        pa.field("callsign", pa.string()),
    ]
)

#: One flight of one aircraft as it was received. ``origin`` and ``destination`` are ICAO codes of the aerodromes where
#: it was first and last received low enough and near enough to have flown from or to (rules: ``aerodromes``), null
#: where it was not. ``distance_km`` is along its positions, ``silent_s`` the longest time without one, ``fixes`` their
#: number: positions that only jumps reach count for none of it (rules: ``legs``).
FLIGHTS: Final = pa.schema(
    [
        pa.field("icao24", pa.string(), nullable=False),
        pa.field("callsign", pa.string()),
        pa.field("first_time", TIME, nullable=False),
        pa.field("last_time", TIME, nullable=False),
        pa.field("first_lat", DEGREES, nullable=False),
        pa.field("first_lon", DEGREES, nullable=False),
        pa.field("last_lat", DEGREES, nullable=False),
        pa.field("last_lon", DEGREES, nullable=False),
        pa.field("first_altitude_ft", pa.int32()),
        pa.field("last_altitude_ft", pa.int32()),
        pa.field("first_on_ground", pa.bool_()),
        pa.field("last_on_ground", pa.bool_()),
        pa.field("origin", pa.string()),
        pa.field("destination", pa.string()),
        pa.field("fixes", pa.int32(), nullable=False),
        pa.field("distance_km", pa.float64(), nullable=False),
        pa.field("highest_ft", pa.int32()),
        pa.field("silent_s", pa.int32(), nullable=False),
    ]
)

#: A flight, or the part of one, within one day: the parts from which flights over midnight are stitched. ``opens``
#: is true on the first leg of an aircraft under a callsign in the day, unless the source says that it begins there,
#: ``closes`` on the last: only those can go on beyond the day. ``opening_…`` is the very first position of an aircraft
#: under a callsign in the day, on the leg that it is in, ``closing_…`` the very last, whether only jumps reach them or
#: not, and whatever the source says; on other legs they are null. Jumps over midnight are found between those.
LEGS: Final = pa.schema(
    [
        *FLIGHTS,
        pa.field("opens", pa.bool_(), nullable=False),
        pa.field("closes", pa.bool_(), nullable=False),
        *(
            pa.field(f"{side}_{name}", kind)
            for side in ("opening", "closing")
            for name, kind in (("time", TIME), ("lat", DEGREES), ("lon", DEGREES), ("altitude_ft", pa.int32()))
        ),
    ]
)

#: Two positions of one aircraft, one received after the other, that no aircraft can have flown between.
#: ``implied_kt`` is the ground speed that it would have taken (rule: ``steps``). A jump is of the day that it ends in.
JUMPS: Final = pa.schema(
    [
        pa.field("icao24", pa.string(), nullable=False),
        pa.field("callsign", pa.string()),
        pa.field("time_before", TIME, nullable=False),
        pa.field("time", TIME, nullable=False),
        pa.field("lat_before", DEGREES, nullable=False),
        pa.field("lon_before", DEGREES, nullable=False),
        pa.field("lat", DEGREES, nullable=False),
        pa.field("lon", DEGREES, nullable=False),
        pa.field("altitude_ft", pa.int32()),
        pa.field("distance_km", pa.float64(), nullable=False),
        pa.field("implied_kt", pa.float64(), nullable=False),
    ]
)
