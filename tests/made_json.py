"""Made-up tracks in the JSON formats of receivers and web sites."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from made_tracks import START_S, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

ICAO24 = "600841"


def _over(value: float | None, factor: float) -> float | None:
    return None if value is None else value / factor


def readsb_trace(rows: Sequence[Report]) -> bytes:
    trace: list[list[Any]] = []
    for index, (t, lat, lon, alt, gs, who) in enumerate(rows):
        details = {
            "type": "adsb_icao",
            "flight": f"{who:8}",
            "nic": 8,
            "nac_p": 10,
            "sil": 3,
            "nav_modes": ["autopilot"],
        }
        kept = details if who or index % 4 == 0 else None
        trace.append([t, lat, lon, alt, gs, 90.0, 0, 64, kept, "adsb_icao", alt, None, None, None])
    head = json.dumps({"icao": ICAO24, "r": "4K-AZ65", "timestamp": START_S}).removesuffix("}")
    body = ",\n".join(map(json.dumps, trace))
    return f'{head},\n"trace":[ \n{body} ]\n }}\n'.encode()


def readsb_aircraft(rows: Sequence[Report]) -> bytes:
    """A snapshot a line, every two seconds after what was heard, as no two rows need have the same time."""
    lines = []
    for t, lat, lon, alt, gs, who in rows:
        place = {} if lat is None or lon is None else {"lat": lat, "lon": lon, "seen_pos": 1.5}
        entry = {"hex": ICAO24, "flight": f"{who:8}", "alt_baro": alt, "gs": gs, "track": 90.0, **place, "seen": 1.5}
        lines.append(json.dumps({"now": START_S + t + 1.5, "messages": 1, "aircraft": [entry]}))
    return "\n".join([*lines, ""]).encode()


def fr24_json(rows: Sequence[Report]) -> bytes:
    track = [
        {
            "latitude": lat,
            "longitude": lon,
            "altitude": {"feet": alt, "meters": _over(alt, 3.28084)},
            "speed": {"kmh": _over(gs, 0.54), "kts": gs, "mph": _over(gs, 0.87)},
            "verticalSpeed": {"fpm": 64, "ms": 0.3},
            "heading": 90,
            "squawk": "0",
            "timestamp": START_S + t,
            "ems": None,
        }
        for t, lat, lon, alt, gs, _ in rows
    ]
    who = next((who for *_, who in rows if who), None)
    flight = {
        "identification": {"id": "3376ab31", "number": {"default": None}, "callsign": who},
        "aircraft": {"identification": {"modes": ICAO24.upper()}},
        "track": track,
    }
    return json.dumps({"result": {"response": {"data": {"flight": flight}}}}, indent=1).encode()


def opensky_tracks(rows: Sequence[Report]) -> bytes:
    path = [[START_S + t, lat, lon, _over(alt, 3.28084), 90.0, False] for t, lat, lon, alt, _, _ in rows]
    who = next((who for *_, who in rows if who), None)
    said = {"icao24": ICAO24, "callsign": who, "startTime": START_S, "endTime": START_S, "path": path}
    return json.dumps(said).encode()


def opensky_states(rows: Sequence[Report]) -> bytes:
    answers = []
    for t, lat, lon, alt, gs, who in rows:
        time_s = START_S + t
        seen = None if lat is None or lon is None else time_s
        one = [
            ICAO24,
            f"{who:8}",
            "Azerbaijan",
            seen,
            time_s,
            lon,
            lat,
            _over(alt, 3.28084),
            False,
            _over(gs, 1.943844),
        ]
        answers.append({"time": time_s, "states": [[*one, 90.0, 0.3, None, None, None, False, 0]]})
    return "\n".join([*map(json.dumps, answers), ""]).encode()


WRITERS = {
    "readsb-trace": readsb_trace,
    "readsb-aircraft": readsb_aircraft,
    "fr24-json": fr24_json,
    "opensky-tracks": opensky_tracks,
    "opensky-states-json": opensky_states,
}
