"""What a row of a trace of readsb means: where its values stand, what its flags say, what holds from row to row.

``readsb_trace`` says where this is known from. It stands here once, for the reader of one track and for that of the
archive, which takes the rows of many files together: ``first`` is true on the first row of each file there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

    Mask = NDArray[np.bool_]

#: Places of the values in a row.
OFFSET, LAT, LON, ALTITUDE, SPEED, DIRECTION, FLAGS, RATE, DETAILS, SOURCE, GEOMETRIC, IAS = *range(11), 12
#: Those of numbers, of which the altitude may be ``GROUND`` instead.
PLACES: Final = (OFFSET, LAT, LON, ALTITUDE, SPEED, DIRECTION, FLAGS, RATE, GEOMETRIC, IAS)
#: A row has nine values or fourteen; those behind the flags may be missing.
WIDTH: Final = 14
LEAST: Final = 7
#: What stands for the altitude of an aircraft on the ground.
GROUND: Final = "ground"
#: What a row says its position is from, where it does (``addrtype_enum_string`` of readsb).
SOURCES: Final = (
    *("adsb_icao", "adsb_icao_nt", "adsr_icao", "tisb_icao", "adsc", "mlat", "other", "mode_s"),
    *("adsb_other", "adsr_other", "tisb_trackfile", "tisb_other", "mode_ac"),
)
#: Names in the details, and the columns that they fill.
NAMED: Final = {
    "nic": "nic",
    "nac_p": "nacp",
    "sil": "sil",
    "tas": "true_airspeed_kt",
    "true_heading": "heading_deg",
    "alt_geom": "geometric_altitude_ft",
    "ias": "indicated_airspeed_kt",
}
#: What only the details have where the row is of the long form.
ONLY_DETAILS: Final = ("nic", "nac_p", "sil", "tas", "true_heading")
#: The name of the callsign in the details.
CALLSIGN: Final = "flight"
#: After a silence of this length, in seconds, an aircraft may fly under another callsign.
_SILENCE_S: Final = 1_800.0
_IS_STALE, _NEW_LEG, _IS_GEOMETRIC = 1, 2, 8
_GREATEST_FLAGS: Final = 255


def quantities(
    own: Mapping[int, FloatColumn], altitude: FloatColumn, ground: Mask, details: Mapping[str, FloatColumn]
) -> dict[str, NDArray[Any]]:
    """All columns of some rows, their times still counting from the timestamp.

    Beside them ``begins`` says that another leg begins with the row, ``late`` that no position was received for a while
    before it.

    Args:
        own: the values of the rows by their places, NaN for none, without altitude and details.
        altitude: the altitudes, NaN on the ground.
        ground: where the aircraft is on the ground.
        details: the columns of ``NAMED`` from the details.
    """
    said = own[FLAGS]
    flags = np.where((said >= 0) & (said <= _GREATEST_FLAGS), said, 0).astype(np.int64)
    known = ~np.isnan(altitude)
    geometric = (flags & _IS_GEOMETRIC > 0) & known
    first = {
        "geometric_altitude_ft": np.where(geometric, altitude, own[GEOMETRIC]),
        "indicated_airspeed_kt": own[IAS],
        "heading_deg": np.where(ground, own[DIRECTION], np.nan),
    }
    filled = {name: np.where(np.isnan(column), details[name], column) for name, column in first.items()}
    return {
        **details,
        **filled,
        "time_s": own[OFFSET],
        "lat_deg": own[LAT],
        "lon_deg": own[LON],
        "altitude_ft": np.where(geometric, np.nan, altitude),
        "ground_speed_kt": own[SPEED],
        "track_deg": np.where(ground, np.nan, own[DIRECTION]),
        "vertical_rate_fpm": own[RATE],
        "on_ground": np.where(ground, 1.0, np.where(known, 0.0, np.nan)),
        "begins": flags & _NEW_LEG > 0,
        "late": flags & _IS_STALE > 0,
    }


def repeated(columns: Mapping[str, NDArray[Any]], late: Mask, first: Mask) -> Mask:
    """Where a position in the air comes after a silence and is the one from before it."""
    again: Mask = late & (columns["on_ground"] != 1) & ~first
    for name in ("lat_deg", "lon_deg"):
        again[1:] &= np.diff(columns[name]) == 0
    return again


def carried(codes: NDArray[np.int32], begins: Mask, time_s: FloatColumn, first: Mask) -> NDArray[np.int32]:
    """Callsigns by code, -1 for none, with the gaps filled from the row before in the same leg, or the first in it."""
    count = len(codes)
    index = np.arange(count, dtype=np.int32)
    known = codes >= 0
    anew = first | begins
    anew[1:] |= np.diff(time_s) > _SILENCE_S
    start = np.maximum.accumulate(np.where(anew, index, np.int32(0)))
    before = np.maximum.accumulate(np.where(known, index, np.int32(-1)))
    after = np.minimum.accumulate(np.where(known, index, np.int32(count))[::-1])[::-1]
    source = np.where(before >= start, before, after)
    inside = source < count
    source[~inside] = 0
    inside &= start[source] == start
    return np.where(inside, codes[source], np.int32(-1))
