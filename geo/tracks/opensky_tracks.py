"""The track of one flight as the REST interface of the OpenSky Network gives it (``/tracks/all``).

``{"icao24", "callsign", "startTime", "endTime", "path": [[time, latitude, longitude, baro_altitude, true_track,
on_ground], …]}`` with seconds since 1970, metres of pressure altitude, and degrees of the track over ground (its
documentation, "Track by Aircraft"). A row is an element of ``path``, from 1. The path has a point where course or
altitude change, else every 15 min, so times between them are no silence. Positions on the ground come from messages
without altitude, so an altitude 0 there is none. ``startTime`` and ``endTime`` are those of the first and the last
point.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from geo.tracks.objects.entries import FEET, Entries, epoch, listed
from geo.tracks.objects.json_blocks import Elements
from geo.tracks.objects.json_member import beside, first_row, key, words
from geo.tracks.objects.parsed import number
from geo.tracks.rows import Labels, Rows, address
from geo.tracks.text import as_utf8

NAME: Final = "opensky-tracks"
TITLE: Final = "OpenSky track JSON"

_PATH: Final = key("path")
_ICAO24: Final = re.compile(rb'\s*\{[^\[]*?"icao24"\s*:')
_TITLES: Final = ("time", "latitude", "longitude", "baro_altitude", "true_track", "on_ground")
#: The documentation spells it with three l.
_CALLSIGNS: Final = (("callsign",), ("calllsign",))


def sniff(head: bytes) -> str | None:
    """The name of the format if it is an object with ``icao24`` and ``path``."""
    text = as_utf8(head)
    return NAME if _ICAO24.match(text) and _PATH.search(text) else None


def _point(entry: object) -> tuple[dict[str, float], None]:
    values = [
        number(value, title)
        for title, value in zip(_TITLES, listed(entry, "a point of a path", len(_TITLES)), strict=False)
    ]
    time_s, lat, lon, altitude_m, track, ground = values
    unmeasured = ground == 1 and altitude_m == 0
    return {
        "time_s": epoch(time_s, _TITLES[0]),
        "lat_deg": lat,
        "lon_deg": lon,
        "altitude_ft": np.nan if unmeasured else altitude_m * FEET,
        "track_deg": track,
        "on_ground": ground,
    }, None


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the first element of ``path`` is row 1.

    Raises:
        TrackUnreadable: when ``path`` is no list, or a second one follows.
    """
    text = as_utf8(data)
    start = first_row(text, _PATH, source, TITLE)
    elements = Elements(text, start)
    entries = Entries(source, "none")
    for block in elements.blocks():
        entries.take(block, _point)
    about = beside(text, _PATH, start, elements.end, source)
    one = np.zeros(len(entries), dtype=np.int32)
    return Rows(
        columns=entries.columns("time_s", "lat_deg", "lon_deg"),
        row=entries.row,
        icao24=Labels(one, (words(about, ("icao24",)) or "",)).renamed(address),
        callsign=Labels(one, (words(about, *_CALLSIGNS) or "",)).renamed(str),
        unreadable=tuple(entries.unreadable),
    )
