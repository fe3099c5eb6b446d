"""How the aircraft moved, as its fullest track shows it: phases of flight and swings of the altitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.route.phases import Aerodrome, heard, phases
from geo.route.swings import swings

if TYPE_CHECKING:
    from geo.model import Track
    from geo.route.phases import Phase
    from geo.route.route import Route
    from geo.route.swings import Swings


def fullest(route: Route) -> Track | None:
    """The track with most positions that hold; the first of equals, ``None`` without any."""
    return max(route.case.recorded, key=lambda track: int(track.accepted.sum()), default=None)


def phases_of(route: Route) -> tuple[Phase, ...]:
    """Phases of flight; near the aerodromes of the intended route and of the events these show landings."""
    track = fullest(route)
    if track is None:
        return ()
    events = [event.place.place for event in route.case.events if event.place is not None]
    places = [place for place in (*route.intended_places, *events) if place is not None]
    fields = {
        (place.lat, place.lon): Aerodrome(place.lat, place.lon, place.elevation_ft)
        for place in places
        if place.elevation_ft is not None
    }
    return phases(track, tuple(fields.values()), gap_s=route.gap_s)


def swings_of(route: Route) -> tuple[Swings, ...]:
    """Runs of regular swings of the received pressure altitude."""
    track = fullest(route)
    if track is None:
        return ()
    track = track.take(heard(track))
    held = ~np.isnan(track.held_altitude_ft)
    if not held.any():
        return ()
    over_ground = np.where(track.accepted, track.ground_speed_kt, np.nan)
    speed_kt = np.where(np.isnan(track.true_airspeed_kt), over_ground, track.true_airspeed_kt)
    return swings(track.time_s[held], track.held_altitude_ft[held], speed_kt=speed_kt[held], gap_s=route.gap_s)
