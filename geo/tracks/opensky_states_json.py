"""State vectors as the REST interface of the OpenSky Network gives them (``/states/all``, ``/states/own``).

``{"time": seconds since 1970, "states": [[icao24, callsign, …], …]}``: one answer, a list of them, one a line, or just
one behind the other. The values of a state vector stand in the order of ``_TITLES`` (its documentation, "All State
Vectors"; ``category`` is there only where asked for): metres, metres a second, degrees; ``baro_altitude`` is pressure
altitude, ``geo_altitude`` above the ellipsoid, ``true_track`` the track over ground. A row is a state vector, numbered
from 1 through the file; an answer that cannot be read is one row, for nobody knows how many it had.

An answer holds the latest of everything. The row that first carries a position is of the time at which that was
heard (``time_position``, a whole second). A row that repeats it is of the time of the last message
(``last_contact``), and its position is stale. Squawk, SPI, country, receivers, source of the position and category
have no place in a track.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from geo.tracks.objects.entries import FEET, KNOTS, epoch, listed, member
from geo.tracks.objects.json_blocks import glimpse
from geo.tracks.objects.parsed import label, number
from geo.tracks.objects.snapshots import Aircraft, gathered, moment, rows_of
from geo.tracks.text import as_utf8

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NAME: Final = "opensky-states-json"
TITLE: Final = "OpenSky state vectors (JSON)"

_TITLES: Final = (
    "icao24",
    "callsign",
    "origin_country",
    "time_position",
    "last_contact",
    "longitude",
    "latitude",
    "baro_altitude",
    "on_ground",
    "velocity",
    "true_track",
    "vertical_rate",
    "sensors",
    "geo_altitude",
    "squawk",
    "spi",
    "position_source",
    "category",
)
#: Answers before 2017 ended behind ``vertical_rate``.
_LEAST: Final = _TITLES.index("vertical_rate") + 1
_SNIFFED: Final = re.compile(rb'\s*(?:\[\s*)?\{\s*"(?:time|states)"\s*:')
_STATES: Final = re.compile(rb'"states"\s*:\s*[\[n]')
_BEGINS: Final = re.compile(r'\{\s{0,9}"(?:time|states)"\s{0,9}:')
#: Our columns, the places of theirs, and what one of theirs is in ours.
_QUANTITIES: Final = {
    "lat_deg": (_TITLES.index("latitude"), 1.0),
    "lon_deg": (_TITLES.index("longitude"), 1.0),
    "altitude_ft": (_TITLES.index("baro_altitude"), FEET),
    "geometric_altitude_ft": (_TITLES.index("geo_altitude"), FEET),
    "ground_speed_kt": (_TITLES.index("velocity"), KNOTS),
    "track_deg": (_TITLES.index("true_track"), 1.0),
    "vertical_rate_fpm": (_TITLES.index("vertical_rate"), 60 * FEET),
    "on_ground": (_TITLES.index("on_ground"), 1.0),
}
_HEARD: Final = _TITLES.index("time_position")
_CONTACT: Final = _TITLES.index("last_contact")


def sniff(head: bytes) -> str | None:
    """The name of the format if it begins like an answer or a list of them."""
    text = as_utf8(head)
    return NAME if _SNIFFED.match(text) and _STATES.search(text) else None


def _answer(found: object) -> tuple[list[Any], float, str]:
    answer = member(found, "an answer with state vectors")
    states = answer.get("states")
    if states is None and "states" in answer:
        states = []
    if not isinstance(states, list):
        raise ValueError(f"it is an answer whose states are {glimpse(states)}, no list")  # noqa: TRY004  the file is at fault
    return states, *moment(answer, "time")


def _state(found: object, time_s: float) -> Aircraft:
    state = listed(found, "a state vector", _LEAST)
    state = [*state, *[None] * (len(_TITLES) - len(state))]
    icao24 = label(state[0])
    if icao24 is None:
        raise ValueError(f"it has no address (icao24): {glimpse(found)}")
    values = {column: number(state[place], _TITLES[place]) * per for column, (place, per) in _QUANTITIES.items()}
    contact_s, heard_s = number(state[_CONTACT], _TITLES[_CONTACT]), number(state[_HEARD], _TITLES[_HEARD])
    contact_s = epoch(time_s if math.isnan(contact_s) else contact_s, "time")
    values["contact"] = contact_s
    values["heard"] = contact_s if math.isnan(heard_s) else epoch(heard_s, _TITLES[_HEARD])
    return values, icao24, label(state[1])


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the first state vector of the first answer is row 1."""
    return rows_of(gathered(as_utf8(data), source, _BEGINS, _answer, _state))
