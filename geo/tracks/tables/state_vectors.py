"""What a state vector of the OpenSky Network holds, in whatever file it comes.

``time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,…,baroaltitude,geoaltitude,lastposupdate,lastcontact``
as its historical database and its weekly samples have them, or the names of its live interface (``longitude``,
``baro_altitude``, ``true_track``, ``time_position``, …). What they hold is said in the README of the samples and in
the documentation of the REST API: metres, metres a second, seconds since 1970, times in UTC; ``baroaltitude`` is
pressure altitude, ``geoaltitude`` GNSS height above the ellipsoid; ``heading`` is the direction of movement over
ground, clockwise from true north (``true_track`` in the interface), and so the track and no heading. Callsigns are
padded with blanks. Squawk, alert, SPI and the receivers have no place in a track.

A position repeats in every row until the next one comes. ``lastposupdate`` is when it was heard: the first row that
carries it is a fix at that time, and not at the whole second of ``time`` (in a sample hour over France the middle
distance of a position from the line through its neighbours is 12 m so, and 18 m by ``time``); a row that repeats it
stays at ``time``, and its position is stale. Where nothing was heard of the aircraft (``lastcontact``) for over
``HELD_S``, the altitude is a repetition as well. Where there is no ``time``, it is ``lastcontact``. Rows come in any
order, since the database sorts only when asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.measures import FOOT_M, KNOT_M_S
from geo.tracks.rows import Labels, Rows
from geo.tracks.said import Said
from geo.tracks.stale import AGE_S, STALE, repeated
from geo.tracks.tables.table_parts import Columns, Whole
from geo.tracks.times import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.model.track import FloatColumn

#: With nothing heard for longer than this, in seconds, a state is a repetition. The live interface withdraws
#: positions after 15 s.
HELD_S: Final = 15.0
#: Our column of each of theirs, and what one of ours is in theirs.
_QUANTITIES: Final = {
    **dict.fromkeys(("lat", "latitude"), ("lat_deg", 1.0)),
    **dict.fromkeys(("lon", "longitude"), ("lon_deg", 1.0)),
    "velocity": ("ground_speed_kt", KNOT_M_S),
    **dict.fromkeys(("heading", "true_track"), ("track_deg", 1.0)),
    **dict.fromkeys(("vertrate", "vertical_rate"), ("vertical_rate_fpm", FOOT_M / 60)),
    **dict.fromkeys(("baroaltitude", "baro_altitude"), ("altitude_ft", FOOT_M)),
    **dict.fromkeys(("geoaltitude", "geo_altitude"), ("geometric_altitude_ft", FOOT_M)),
    **dict.fromkeys(("onground", "on_ground"), ("on_ground", 1.0)),
}
_TIMES: Final = {
    "time": "time",
    **dict.fromkeys(("lastposupdate", "time_position"), "heard"),
    **dict.fromkeys(("lastcontact", "last_contact"), "contact"),
}
_LABELS: Final = ("icao24", "callsign")
#: Names that nobody else uses for these quantities; so many of them tell the format.
_OWN: Final = frozenset(
    (
        *("velocity", "vertrate", "baroaltitude", "geoaltitude", "lastposupdate", "lastcontact"),
        *("true_track", "baro_altitude", "geo_altitude", "time_position", "last_contact"),
    )
)
_ENOUGH: Final = 2


def columns_of(titles: Sequence[str]) -> Columns | None:
    """What columns of these names hold, or ``None`` if they are not those of state vectors."""
    names = [title.strip().lower() for title in titles]
    place = {name: index for index, name in reversed(list(enumerate(names)))}
    times = {_TIMES[name]: index for name, index in place.items() if name in _TIMES}
    known = {name: index for name, index in place.items() if name in _QUANTITIES}
    quantities = {_QUANTITIES[name][0]: (index, _QUANTITIES[name][1]) for name, index in known.items()}
    if (
        len(_OWN & place.keys()) < _ENOUGH
        or "icao24" not in place
        or not {"lat_deg", "lon_deg"} <= quantities.keys()
        or not {"time", "contact"} & times.keys()
    ):
        return None
    if "time" not in times:
        times["time"] = times.pop("contact")
    labels: dict[str, int] = {name: place[name] for name in _LABELS if name in place}
    used = {*(index for index, _ in quantities.values()), *times.values(), *labels.values()}
    ignored = tuple(title for index, title in enumerate(titles) if index not in used)
    return Columns(tuple(titles), quantities, times, labels, ignored)


def rows_of(found: Whole, columns: Columns) -> Rows:
    """The rows of state vectors, each fix at the time its position was heard."""
    made, count = found.numbers, len(found.row)
    time_s = made.pop("time")
    contact_s = made.pop("contact", time_s)
    heard_s = made.pop("heard", np.full(count, np.nan))
    heard_s[np.isnan(made["lat_deg"]) | np.isnan(made["lon_deg"])] = np.nan
    again = repeated(time_s, heard_s, found.labels["icao24"].carried().codes)
    fresh = ~again.mask & (heard_s <= time_s + AGE_S)
    return Rows(
        columns={"time_s": np.where(fresh, heard_s, time_s), **made},
        row=found.row,
        icao24=found.labels["icao24"],
        callsign=found.labels.get("callsign", Labels.none(count)),
        unreadable=found.unreadable,
        given=again,
        given_altitude=_held(time_s, contact_s, made.get("altitude_ft")),
        ordered=False,
        ignored=columns.ignored,
    )


def _held(time_s: FloatColumn, contact_s: FloatColumn, altitude_ft: FloatColumn | None) -> Said:
    """What is said against altitudes that were written again with nothing heard of the aircraft."""
    old = np.zeros(len(time_s), dtype=np.bool_)
    if altitude_ft is not None:
        old = (time_s - contact_s > HELD_S) & ~np.isnan(altitude_ft)

    def say(index: int) -> tuple[str, str]:
        before = f"{time_s[index] - contact_s[index]:.1f} s before"
        return STALE, f"nothing was heard of the aircraft since {clock(float(contact_s[index]))}, {before}"

    return Said(old, say, STALE)
