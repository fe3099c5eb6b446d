"""One moment of a flight: what was received, where the aircraft was or can have been, and what is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import GeodesyError
from geo.geodesy import area_m2
from geo.route.away import away

if TYPE_CHECKING:
    from geo.model import Evidence, PathBasis, Place, Position
    from geo.route.route import Line, Route


@dataclass(frozen=True, slots=True)
class Distance:
    """From a place: least and greatest distance, metres, NaN where nothing can be said; and what that rests on."""

    place: Place
    least_m: float
    greatest_m: float
    rests_on: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment: evidence and basis of its stretch, the drawn position with its doubt (metres), the reach (km²).

    ``position`` is ``None`` where no line claims one, ``reach_km2`` while positions are received. ``distances`` are
    those from the places of the intended route, ``nearest`` those from the airports nearest to the drawn position.
    """

    time_s: float
    evidence: Evidence
    basis: PathBasis
    position: Position | None
    doubt_m: float
    reach_km2: float | None
    distances: tuple[Distance, ...]
    nearest: tuple[Distance, ...]


def moment(route: Route, time_s: float, airports: int = 3) -> Moment:
    """What is known of the flight at POSIX seconds; with so many of the nearest airports.

    Raises:
        GeodesyError: when the flight does not cover that time.
    """
    stretch = route.stretch_at(time_s)
    if stretch is None:
        raise GeodesyError("the flight does not cover that time; give one between its first and its last")
    position = route.position_at(time_s)
    reach = route.reach_at(time_s)
    outline = None if reach is None else reach.moments([time_s])[0]
    near: tuple[Place, ...] = ()
    if position is not None and airports:
        from geo.gazetteer import open_gazetteer  # builds its index at the first use

        near = tuple(place for place, _ in open_gazetteer().nearest(position.lat, position.lon, count=airports))
    return Moment(
        time_s=time_s,
        evidence=stretch.evidence,
        basis=stretch.basis,
        position=position,
        doubt_m=0.0 if position is None or stretch.line is None else _doubt_m(stretch.line, time_s),
        reach_km2=None if outline is None else area_m2(outline.lat, outline.lon) / 1e6,
        distances=tuple(_distance(route, place, time_s) for place in route.intended_places),
        nearest=tuple(_distance(route, place, time_s) for place in near),
    )


def _doubt_m(line: Line, time_s: float) -> float:
    if line.time_s is None or line.doubt_m is None:
        return 0.0
    return float(np.interp(time_s, line.time_s, line.doubt_m))


def _distance(route: Route, place: Place, time_s: float) -> Distance:
    told = away(route, place.position, [time_s])
    return Distance(place, float(told.least_m[0]), float(told.greatest_m[0]), told.rests_on[0])
