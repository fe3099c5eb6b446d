"""The JSON from which Flightradar24 plays a flight back, and what its pages load of a flight under way.

Playback: ``result.response.data.flight.track``, or the ``flight``, or just the list: objects with ``latitude``,
``longitude``, ``altitude`` (``feet``, ``meters``; pressure altitude), ``speed`` (``kts``, ``kmh``; over ground),
``verticalSpeed`` (``fpm``, ``ms``), ``heading`` (the direction of the track over ground, as in the CSV of the same
flight), ``timestamp`` (seconds since 1970). Of a page: ``trail``, newest first, with ``lat``, ``lng``, ``alt`` (ft),
``spd`` (kt), ``hd``, ``ts``. A row is an element of the list, from 1. Flightradar24 documents neither; this is what
two saved files and the CSV download of one of them show.

Altitude 0 is none, as in the CSV (``fr24_ground``). Of ``ems`` (enhanced Mode S) ``ias``, ``tas`` and ``altGPS`` are
kept where its ``ts`` is the time of the row, for it repeats older messages; ``altGPS`` 0 is none. Its ``heading`` is
not, nobody saying from which north. Squawk, Mach number, wind and what is selected in the cockpit have no place in a
track.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from geo.measures import KNOT_KMH
from geo.tracks.fr24_ground import told_apart
from geo.tracks.objects.entries import FEET, Entries, epoch, member
from geo.tracks.objects.json_blocks import Elements
from geo.tracks.objects.json_member import beside, first_row, key, within, words
from geo.tracks.objects.parsed import number
from geo.tracks.rows import Labels, Rows, address
from geo.tracks.text import as_utf8

NAME: Final = "fr24-json"
TITLE: Final = "Flightradar24 playback JSON"

_TRACK: Final = key("track", "trail")
_WHOLE: Final = re.compile(rb'"identification"\s*:')
#: A list of points as they stand in a playback, or on a page.
_POINT: Final = rb"""\[\s*\{\s*(?:
    "latitude"\s*:[^{}]*"altitude"\s*:\s*\{\s*"(?:feet|meters)"\s*:
    |"lat"\s*:[^{}]*"lng"\s*:[^{}]*"ts"\s*:)"""
_POINTS: Final = re.compile(rb"\s*" + _POINT, re.VERBOSE)
_TRAIL: Final = re.compile(rb'\s*\{[^{}]*"lng"\s*:')
_MEMBER: Final = re.compile(rb'"(?:track|trail)"\s*:\s*' + _POINT, re.VERBOSE)
_FLIGHT: Final = (("result", "response", "data", "flight"), ("flight",), ())
_CALLSIGN: Final = ("identification", "callsign")
_ADDRESSES: Final = (("aircraft", "identification", "modes"), ("aircraft", "hex"))
#: How far apart, in seconds, the times of a row and of its Mode S data may be, being whole ones.
_SAME_S: Final = 1.0
_KNOTS_OF_KMH: Final = 1 / KNOT_KMH


def sniff(head: bytes) -> str | None:
    """The name of the format if it holds such a list, or a flight of Flightradar24 without any."""
    text = as_utf8(head).lstrip()
    if text.startswith(b"["):
        return NAME if _POINTS.match(text) else None
    told = _MEMBER.search(text) or (_WHOLE.search(text) and _TRACK.search(text))
    return NAME if text.startswith(b"{") and told else None


def _in(value: object, name: str, units: dict[str, float]) -> float:
    """The number in the first of these units that has one; of an object, or the bare number in the first."""
    if not isinstance(value, dict):
        return number(value, name)
    for unit, factor in units.items():
        if value.get(unit) is not None:
            return number(value[unit], f"{name}.{unit}") * factor
    return np.nan


def _received(ems: Any, time_s: float) -> dict[str, float]:  # noqa: ANN401  whatever JSON holds
    """The quantities of the Mode S data, if they are of this time."""
    names = {"tas": "true_airspeed_kt", "ias": "indicated_airspeed_kt", "altGPS": "geometric_altitude_ft"}
    if not isinstance(ems, dict) or not abs(number(ems.get("ts"), "ems.ts") - time_s) <= _SAME_S:
        return dict.fromkeys(names.values(), np.nan)
    values = {column: number(ems.get(name), f"ems.{name}") for name, column in names.items()}
    if values["geometric_altitude_ft"] == 0:
        values["geometric_altitude_ft"] = np.nan
    return values


def _point(entry: object) -> tuple[dict[str, float], None]:
    point = member(entry, "a point of a track")
    if "lng" in point:
        point = {
            "latitude": point.get("lat"),
            "longitude": point["lng"],
            "altitude": point.get("alt"),
            "speed": point.get("spd"),
            "heading": point.get("hd"),
            "timestamp": point.get("ts"),
        }
    time_s = epoch(number(point.get("timestamp"), "timestamp"), "timestamp")
    return {
        "time_s": time_s,
        "lat_deg": number(point.get("latitude"), "latitude"),
        "lon_deg": number(point.get("longitude"), "longitude"),
        "altitude_ft": _in(point.get("altitude"), "altitude", {"feet": 1.0, "meters": FEET}),
        "ground_speed_kt": _in(point.get("speed"), "speed", {"kts": 1.0, "kmh": _KNOTS_OF_KMH}),
        "vertical_rate_fpm": _in(point.get("verticalSpeed"), "verticalSpeed", {"fpm": 1.0, "ms": 60 * FEET}),
        "track_deg": number(point.get("heading"), "heading"),
        **_received(point.get("ems"), time_s),
    }, None


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the first element of the track is row 1.

    Raises:
        TrackUnreadable: when the track is no list, or a second one follows.
    """
    text = as_utf8(data)
    bare = _POINTS.match(text)
    start = text.index(b"[") + 1 if bare else first_row(text, _TRACK, source, TITLE)
    elements = Elements(text, start, "{")
    entries = Entries(source, "none")
    for block in elements.blocks():
        entries.take(block, _point)
    about = beside(text, _TRACK, start, elements.end, source)
    flight = next((found for path in _FLIGHT if isinstance(found := within(about, *path), dict)), None)
    columns = entries.columns("time_s", "lat_deg", "lon_deg", "altitude_ft", "ground_speed_kt")
    columns["altitude_ft"], columns["on_ground"] = told_apart(columns["altitude_ft"], columns["ground_speed_kt"])
    one = np.zeros(len(entries), dtype=np.int32)
    return Rows(
        columns=columns,
        row=entries.row,
        icao24=Labels(one, (words(flight, *_ADDRESSES) or "",)).renamed(address),
        callsign=Labels(one, (words(flight, _CALLSIGN) or "",)).renamed(str),
        unreadable=tuple(entries.unreadable),
        ordered=_TRAIL.match(text, start) is None,
    )
