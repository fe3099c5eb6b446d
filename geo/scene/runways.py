"""The runways of the aerodromes that a case has to do with, and the credit of those who know where they lie."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.basemap.aerodromes import EDITION, Runway, aerodromes_near, runways_of
from geo.geodesy import distance_m
from geo.measures import FOOT_M
from geo.scene.places import beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.model import Case, Place, Position
    from geo.route import Route
    from geo.scene.words import Words

Json = dict[str, Any]

#: A track ends at an aerodrome when its last position is this near to an end of a runway.
_AT_END_KM: Final = 5.0
#: A place of the case is taken for the aerodrome with its code within this distance of the runway.
_SAME_KM: Final = 10.0
#: Ends that are not as far apart as the runway is long are said to be uncertain from this difference on.
_SAID_M: Final = 100.0


def draw(case: Case, route: Route, frame: float, words: Words) -> list[Json]:
    """The runways of the case's aerodromes, in a frame of longitudes."""
    return [_drawn(runway, frame, words) for runway in _runways(case, route)]


def credit(runways: Sequence[Json], words: Words) -> str | None:
    """Who is to be credited for the runways and of when they are; ``None`` when none are drawn."""
    if not runways:
        return None
    return words.say("Runways: OurAirports, {month}.", month=words.month(date(*EDITION, 1), short=True))


def _runways(case: Case, route: Route) -> Iterator[Runway]:
    found: dict[str, Position | None] = {
        place.icao: place.position for place in _places(case, route) if place.icao is not None
    }
    for track in case.recorded:
        seen = np.flatnonzero(track.accepted & np.isfinite(track.lat_deg) & np.isfinite(track.lon_deg))
        for fix in seen[[0, -1]] if len(seen) else ():
            for code in aerodromes_near(float(track.lat_deg[fix]), float(track.lon_deg[fix]), _AT_END_KM):
                found.setdefault(code, None)
    for code, position in found.items():
        yield from (runway for runway in runways_of(code) if position is None or _near(runway, position))


def _places(case: Case, route: Route) -> Iterator[Place]:
    yield from route.intended_places
    yield from (event.place.place for event in case.events if event.place is not None and event.place.place is not None)
    yield from case.places.values()


def _near(runway: Runway, position: Position) -> bool:
    end = runway.ends[0]
    return float(distance_m(position.lat, position.lon, end.lat, end.lon)) <= _SAME_KM * 1000


def _drawn(runway: Runway, frame: float, words: Words) -> Json:
    start, end = runway.ends
    apart_m = float(distance_m(start.lat, start.lon, end.lat, end.lon))
    unsure_m = abs(apart_m - runway.length_ft * FOOT_M)
    length, width = (_measure(feet, words) for feet in (runway.length_ft, runway.width_ft))
    said = {"numbers": "/".join(runway.numbers), "length": length, "width": width}
    return {
        "place": runway.aerodrome,
        "ident": list(runway.numbers),
        "from": [round(beside(start.lon, frame), 5), start.lat],
        "to": [round(beside(end.lon, frame), 5), end.lat],
        "width_m": round(runway.width_ft * FOOT_M),
        "text": words.say("Runway {numbers}: {length} long, {width} wide", **said)
        if unsure_m <= _SAID_M
        else words.say(
            "Runway {numbers}: {length} long, {width} wide; an end may be off by {distance}",
            **said,
            distance=words.distance(unsure_m / 1000),
        ),
    }


def _measure(feet: int, words: Words) -> str:
    if words.units == "imperial":
        return words.altitude(feet)
    return words.number(feet * FOOT_M) + words.say(" m")
