"""What stands on the map where no position was received: the reach, moment by moment and as a whole.

Also how far from the intended destination the aircraft was, or can have been, at every minute.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.geodesy import wrap
from geo.model import PathBasis
from geo.route.away import NOTHING, REACH, away
from geo.route.facts import LEAST_S
from geo.scene.columns import path
from geo.scene.places import beside
from geo.scene.timebar import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.geodesy import Arc
    from geo.route import Route
    from geo.route.away import Away
    from geo.route.reach import Reach
    from geo.scene.words import Words

Json = dict[str, Any]

#: So many reaches are drawn, the longest; none that is too short to be told as a fact.
MOST: Final = 12
#: Corners of a moment's area; two moments are kept so near in time that between them it is off by at most this share
#: of its smallest radius and this many metres.
_CORNERS: Final = 28
_OFF_SHARE: Final = 0.05
_OFF_M: Final = 3_000.0
_LEAST_STEP_S: Final = 60.0
#: Points of an outline are given to this part of its height, in a power of ten of degrees.
_FINE: Final = 1 / 50
_STEP_S: Final = 60.0
#: Routes whose reaches are kept: the same one is told in several languages, and again while its texts are written.
_ROUTES: Final = 4
#: The distance is told in steps of this, km, above ``_ROUGH_FROM_KM``.
_ROUGH_KM: Final = 10
_ROUGH_FROM_KM: Final = 100


@lru_cache(maxsize=_ROUTES)
def draw(route: Route, frame: float) -> list[Json]:
    """The reaches that are long enough to be seen, each with its outline and its moments; nobody may change them."""
    chosen = sorted(route.reaches, key=lambda reach: reach.start_s - reach.end_s)[:MOST]
    drawn = [_reach(reach, frame) for reach in chosen if reach.end_s - reach.start_s >= LEAST_S]
    return sorted((one for one in drawn if one is not None), key=lambda one: one["from"])


def _reach(reach: Reach, frame: float) -> Json | None:
    outlines = reach.outline()
    if not outlines:
        return None
    frames = _frames(reach)
    return {
        "from": whole(reach.start_s),
        "to": whole(reach.end_s),
        "rings": [_ring(outline, frame) for outline in outlines],
        "frames": [{"at": whole(time_s), "ring": _ring(outline, frame)} for time_s, outline in frames],
    }


def _ring(outline: Arc, frame: float) -> Json:
    height = max(float(np.ptp(outline.lat)), 1e-4)
    degrees = float(10.0 ** np.floor(np.log10(height * _FINE)))
    return path(outline, beside(float(outline.lon[0]), frame) - float(outline.lon[0]), round(degrees, 9))


def _frames(reach: Reach) -> list[tuple[float, Arc]]:
    """Moments of a reach between which a viewer may turn one outline into the other, corner by corner."""
    edges = {reach.start_s, reach.end_s}
    edges |= {time for one in reach.anchors for time in (one.early_s, one.late_s)}
    known: dict[float, Arc | None] = {}
    times = sorted(time for time in edges if reach.start_s <= time <= reach.end_s)
    _draw(reach, times, known)
    pending = list(pairwise(times))
    while pending:
        pending = [(one, other) for one, other in pending if other - one > 2 * _LEAST_STEP_S]
        middles = [(one + other) / 2 for one, other in pending]
        _draw(reach, middles, known)
        off = [_off(reach, known, *pair, middle) for pair, middle in zip(pending, middles, strict=True)]
        for middle, far in zip(middles, off, strict=True):
            if not far:
                del known[middle]
        pending = [
            half
            for (one, other), middle, far in zip(pending, middles, off, strict=True)
            for half in ((one, middle), (middle, other))
            if far
        ]
    return [(time, outline) for time, outline in sorted(known.items()) if outline is not None]


def _draw(reach: Reach, times: Sequence[float], known: dict[float, Arc | None]) -> None:
    if times:
        known |= dict(zip(times, reach.moments(times, _CORNERS, tips=False), strict=True))


def _off(reach: Reach, known: dict[float, Arc | None], one: float, other: float, middle: float) -> bool:
    """Whether half-way between two moments the outline between theirs is farther off than may be."""
    first, second = known[one], known[other]
    if first is None or second is None:
        return False
    lat = (first.lat + second.lat) / 2
    lon = (first.lon + second.lon + 360.0 * np.round((first.lon[0] - second.lon[0]) / 360.0)) / 2
    if np.abs(lat).max() > 89.9 or np.ptp(lon) > 180.0:  # noqa: PLR2004  around a pole nothing is half-way
        return True
    beyond = reach.beyond_m(lat, wrap(lon), middle)
    room = _OFF_SHARE * float(reach.radii_m(middle).min()) + _OFF_M
    return bool(beyond.min() < -room or beyond.max() > 2 * room)


@lru_cache(maxsize=_ROUTES)
def _each_minute(route: Route) -> Away:
    times = np.append(np.arange(route.start_s, route.end_s, _STEP_S), route.end_s)
    return away(route, route.intended_places[-1].position, times)


def distances(route: Route, words: Words) -> Json:
    """For every minute, how far from where it was meant to go the aircraft was or can have been, in words.

    An empty text stands where nothing can be said.
    """
    place = route.intended_places[-1]
    told = _each_minute(route)
    columns = (told.least_m.tolist(), told.greatest_m.tolist(), told.rests_on)
    name = words.plain(place.name)
    texts = [_distance(least, most, rests_on, name, words) for least, most, rests_on in zip(*columns, strict=True)]
    return {"from": whole(route.start_s), "step": whole(_STEP_S), "texts": texts}


def _distance(least_m: float, greatest_m: float, rests_on: str, place: str, words: Words) -> str:
    if rests_on == NOTHING:
        return ""
    low, high = least_m / 1000, greatest_m / 1000
    if rests_on == PathBasis.MEASURED:
        return words.say("{distance} from {place}", distance=words.distance(round(high)), place=place)
    if rests_on != REACH and high - low <= _slack(high):
        middle = words.distance(_rounded((low + high) / 2, np.round))
        return words.say("about {distance} from {place}", distance=middle, place=place)
    # A bound is rounded outwards.
    low, high = _rounded(low, np.floor), _rounded(high, np.ceil)
    if low == 0:
        return words.say("within {distance} of {place}", distance=words.distance(high), place=place)
    return words.say("{distance} from {place}", distance=words.between(low, high), place=place)


def _slack(km: float) -> float:
    return _ROUGH_KM if km > _ROUGH_FROM_KM else 1.0


def _rounded(km: float, how: Any) -> float:  # noqa: ANN401  a rounding of numpy's
    step = _slack(km)
    return float(how(km / step) * step)
