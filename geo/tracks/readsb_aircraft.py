"""Snapshots of all aircraft that readsb, dump1090 or an interface like theirs gives, one after the other.

``aircraft.json`` and ``history_0.json`` … of readsb and dump1090, and the answers of adsb.lol, adsb.fi and ADS-B
Exchange: ``{"now": seconds (or milliseconds) since 1970, "aircraft" (or "ac"): [{"hex", …}, …]}``, one snapshot, a
list of them, one a line, or just one behind the other. A row is an entry of ``aircraft``, numbered from 1 through the
file. A snapshot that cannot be read is one row, for nobody knows how many it had.

Feet, knots, degrees, feet a minute (README-json.md of readsb): ``alt_baro`` (pressure altitude, ``"ground"`` on the
ground), ``alt_geom`` (above the ellipsoid), ``gs``, ``track``, ``true_heading``, ``tas``, ``ias``, ``baro_rate``, else
``geom_rate``, ``nic``, ``nac_p``, ``sil``; ``altitude``, ``speed``, ``vert_rate`` in older dump1090.

A snapshot holds the latest of everything. Its position is ``seen_pos`` seconds old, and the row is of that time,
``now`` less ``seen_pos``, when the file first has that position. A snapshot that has it again, with the same time of
hearing to ``SAME_S`` (both numbers are rounded), is of the time of the last message, ``now`` less ``seen``, and its
position is stale. Of that time is also a row without position. readsb moves a position older than 60 s to
``lastPosition``; that is not read, being no position at this time, nor are ``rr_lat``, ``rr_lon`` (where the receiver
is) and ``calc_track``.

An address that begins with ``~`` is no ICAO address; its aircraft is named by it as a part of the file. Squawk, Mach
number, magnetic heading, wind and all else have no place in a track.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from geo.tracks.objects.entries import epoch, member
from geo.tracks.objects.json_blocks import glimpse
from geo.tracks.objects.parsed import label, number
from geo.tracks.objects.snapshots import Aircraft, gathered, moment, rows_of
from geo.tracks.text import as_utf8

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.tracks.rows import Rows

NAME: Final = "readsb-aircraft"
TITLE: Final = "readsb aircraft.json"

#: By how much, in seconds, the time of hearing of one position can differ between snapshots: ``now`` and
#: ``seen_pos`` are rounded to 0.1 s each. A new position comes after 0.4 s at the soonest (DO-260B, 2.2.3.3.2.2).
SAME_S: Final = 0.25
_LISTS: Final = ("aircraft", "ac")
_SNIFFED: Final = re.compile(rb"\s*(?:\[\s*)?\{")
_NOW: Final = re.compile(rb'"now"\s*:')
_AIRCRAFT: Final = re.compile(rb'"(?:aircraft|ac)"\s*:\s*[\[n]')
#: In a long answer the time may stand far behind.
_FIRST: Final = re.compile(rb'"(?:aircraft|ac)"\s*:\s*\[\s*\{\s*"hex"\s*:')
#: Where another snapshot begins: with its time, or at the beginning of a line that is no aircraft.
_BEGINS: Final = re.compile(r'\{\s{0,9}"(?:now|aircraft|ac)"\s{0,9}:|(?<=\n)\{(?!\s{0,9}"hex")')
#: Our columns, and the names whose first that is there fills them.
_NAMES: Final = {
    "lat_deg": ("lat",),
    "lon_deg": ("lon",),
    "geometric_altitude_ft": ("alt_geom",),
    "ground_speed_kt": ("gs", "speed"),
    "track_deg": ("track",),
    "heading_deg": ("true_heading",),
    "true_airspeed_kt": ("tas",),
    "indicated_airspeed_kt": ("ias",),
    "vertical_rate_fpm": ("baro_rate", "geom_rate", "vert_rate"),
    "nic": ("nic",),
    "nacp": ("nac_p",),
    "sil": ("sil",),
}
_ALTITUDES: Final = ("alt_baro", "altitude")
_GROUND: Final = "ground"


def sniff(head: bytes) -> str | None:
    """The name of the format if it begins like a snapshot or a list of them."""
    text = as_utf8(head)
    told = _FIRST.search(text) or (_NOW.search(text) and _AIRCRAFT.search(text))
    return NAME if told and _SNIFFED.match(text) else None


def _first(entry: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    return next(((name, entry[name]) for name in names if entry.get(name) is not None), (names[0], None))


def _named(entry: Mapping[str, Any], *names: str) -> float:
    for name in names:
        value = entry.get(name)
        if value is not None:
            return value if type(value) is float else number(value, name)
    return math.nan


def _age(entry: Mapping[str, Any], name: str, unsaid_s: float) -> float:
    age_s = _named(entry, name)
    return unsaid_s if math.isnan(age_s) else age_s


def _altitude(entry: Mapping[str, Any]) -> tuple[float, float]:
    """The pressure altitude, and whether the aircraft is on the ground."""
    name, value = _first(entry, _ALTITUDES)
    if value == _GROUND:
        return math.nan, 1.0
    return number(value, name), math.nan if value is None else 0.0


def _aircraft(found: object, now_s: float) -> Aircraft:
    entry = member(found, "an aircraft")
    icao24 = label(entry.get("hex"))
    if icao24 is None:
        raise ValueError(f"it has no address (hex): {glimpse(entry)}")
    values = {column: _named(entry, *names) for column, names in _NAMES.items()}
    values["altitude_ft"], values["on_ground"] = _altitude(entry)
    seen_s = _age(entry, "seen", 0.0)
    values["contact"] = epoch(now_s - seen_s, "time of the last message")
    values["heard"] = epoch(now_s - _age(entry, "seen_pos", seen_s), "time of the position")
    return values, icao24, label(entry.get("flight"))


def _snapshot(found: object) -> tuple[list[Any], float, str]:
    snapshot = member(found, "a snapshot of aircraft")
    name, aircraft = _first(snapshot, _LISTS)
    if not isinstance(aircraft, list):
        raise ValueError(f"it is a snapshot whose {name} is {glimpse(aircraft)}, no list of aircraft")  # noqa: TRY004  the file is at fault
    return aircraft, *moment(snapshot, "now")


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the first entry of ``aircraft`` in the first snapshot is row 1."""
    return rows_of(gathered(as_utf8(data), source, _BEGINS, _snapshot, _aircraft), rounded_s=SAME_S)
