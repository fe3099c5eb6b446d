"""The facts of a case for a command line: as JSON has them, and as lines to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from geo.route import trace
from geo.route.facts import facts
from geo.route.moment import moment
from geo.scene.composition import worded
from geo.scene.facts import row
from geo.scene.words import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from geo.model import Case
    from geo.route.moment import Distance, Moment
    from geo.scene.words import Units, Words


class Findings(NamedTuple):
    """Facts for a machine and for a reader."""

    written: dict[str, Any]
    lines: list[str]


def findings(case: Case, at: datetime | None, language: str | None, units: Units) -> Findings:
    """The facts of a case, and what is known of one moment of it where ``at`` is given.

    Raises:
        RenderError: for a language or units that do not exist.
        GeodesyError: when the flight does not cover that moment.
    """
    words = worded(language or case.languages[0], units)
    route = trace(case)
    told = facts(route)
    written: dict[str, Any] = {"facts": [fact.written() for fact in told]}
    lines = [" | ".join(map(bare, row(fact, case, words))) for fact in told]
    if at is not None:
        here = moment(route, at.timestamp())
        written["moment"] = _written(here, at)
        lines += ["", *_said(here, at, words)]
    return Findings(written, lines)


def _written(here: Moment, at: datetime) -> dict[str, Any]:
    return {
        "time": at.isoformat().replace("+00:00", "Z"),
        "evidence": here.evidence.value,
        "basis": here.basis.value,
        "position": None if here.position is None else {"lat": here.position.lat, "lon": here.position.lon},
        "doubt_km": round(here.doubt_m / 1000, 3),
        "reach_km2": None if here.reach_km2 is None else round(here.reach_km2),
        "distances": _distances(here.distances),
        "nearest": _distances(here.nearest),
    }


def _distances(distances: Sequence[Distance]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.place.name.said("en"),
            "icao": one.place.icao,
            "least_km": None if np.isnan(one.least_m) else round(one.least_m / 1000, 3),
            "greatest_km": None if np.isnan(one.greatest_m) else round(one.greatest_m / 1000, 3),
            "rests_on": one.rests_on,
        }
        for one in distances
    ]


def _said(here: Moment, at: datetime, words: Words) -> Iterator[str]:
    where = ""
    if here.position is not None:
        where = f", {here.position.lat:.4f}, {here.position.lon:.4f} ± {words.distance(here.doubt_m / 1000)}"
    yield f"{words.clock(at, seconds=True)} UTC: {here.evidence.value}, {here.basis.value}{where}"
    if here.reach_km2 is not None:
        yield f"{words.say('Area within reach')}: {words.area(here.reach_km2)}"
    for one in (*here.distances, *here.nearest):
        if np.isnan(one.least_m):
            continue
        low, high = one.least_m / 1000, one.greatest_m / 1000
        far = words.distance(high) if round(low, 1) == round(high, 1) else words.between(low, high)
        name = words.plain(one.place.name)
        yield f"{words.say('{distance} from {place}', distance=far, place=name)} ({one.rests_on})"
