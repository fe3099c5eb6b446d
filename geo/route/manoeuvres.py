"""Manoeuvres seen in positions and altitudes: holding patterns, approaches, and those that were broken off.

They are told by their form alone. A holding is a circuit flown over one place, whatever it was flown for. A go-around
is a climb out of a low approach, whether or not a landing was meant; a touch-and-go is one too where nothing says that
the wheels touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo.geodesy import EQUATORIAL_RADIUS_M, FLATTENING
from geo.measures import NAUTICAL_MILE_M
from geo.route.swings import turning_points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: A holding circuit takes so long, s: two half turns at 3 degrees a second and two legs of a minute are 4 min (ICAO Doc
#: 8168, Volume I), 5 min above 14,000 ft; wind and leg lengths by distance change that.
CIRCUIT_S: Final = (180.0, 480.0)
#: After a circuit the aircraft has turned a whole turn one way, within this, degrees, and is back within this, m.
FULL_TURN_DEG: Final = 360.0
TURN_WITHIN_DEG: Final = 30.0
BACK_WITHIN_M: Final = 2 * NAUTICAL_MILE_M
#: In a holding nobody climbs more than this, ft, or comes down more than this, as in a circuit of an aerodrome; and
#: nobody is slower than this, kt.
RISE_FT: Final = 500.0
DROP_FT: Final = 1_000.0
SLOW_KT: Final = 60.0
_STEP_S: Final = 10.0
#: An approach is broken off so low above the field, ft, and so near to it, m: the last 5 nautical miles of a glide
#: path of 3 degrees begin that high.
LOW_FT: Final = 1_500.0
NEAR_M: Final = 5 * NAUTICAL_MILE_M
#: It came down and goes up again by this, ft, within these times, s.
CHANGE_FT: Final = 500.0
BEFORE_S: Final = 600.0
AFTER_S: Final = 300.0
#: An altitude within this of the lowest, ft, is not yet the climb: three steps of 25 ft.
LEVEL_FT: Final = 75.0
#: An approach is what leads down to a landing or go-around, below this above the field, ft, where a glide path of 3
#: degrees is 9 nautical miles out; within this of it, m, no longer than this, s, after the last climb, by this, ft.
APPROACH_FT: Final = 3_000.0
APPROACH_M: Final = 12 * NAUTICAL_MILE_M
APPROACH_S: Final = 600.0
DOWN_FT: Final = 300.0
#: A landing begins this far above the field, ft, this long before the ground, s, at most, and ends at this speed, kt,
#: at which nothing but gliders, helicopters and the lightest aircraft fly.
LANDING_FT: Final = 100.0
LANDING_S: Final = 60.0
TAXI_KT: Final = 40.0
#: So low above a field, ft, a circuit is one of the aerodrome and no holding.
CIRCUIT_FT: Final = 1_000.0
#: Two fields nearer than this are one, m.
_SAME_FIELD_M: Final = 5_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """The fixes that phases rest on, in strictly ascending time; all columns have one length.

    ``altitude_ft`` holds or is NaN, ``xyz_m`` (rows of three) is between accepted positions or NaN, ``speed_kt`` over
    the ground is of accepted positions or NaN, ``on_ground`` is 1, 0 or NaN. ``part`` numbers what has no gap in it.
    """

    time_s: Floats
    altitude_ft: Floats
    xyz_m: Floats
    speed_kt: Floats
    on_ground: Floats
    part: Indices
    ground: Mask


@dataclass(frozen=True, slots=True)
class Aerodrome:
    """A place to land that the track itself need not touch: degrees, and its elevation above the sea, ft, if known.

    Without it nobody can say how high an aircraft was above the place, and no approach to it is told.
    """

    lat: float
    lon: float
    elevation_ft: float | None = None


class Field(NamedTuple):
    """A place to land: its point in space (``earth_xyz_m``), its level in pressure altitude, ft, and how that is known.

    ``basis`` is ``landing`` where the same track landed there, ``on ground`` or ``ground speed`` where these say that
    it was on the ground before it flew, else ``aerodrome``.
    """

    xyz_m: Floats
    level_ft: float
    basis: str


class GoAround(NamedTuple):
    """Indices of the last fix before the climb and of the last of the go-around, and the field it was near."""

    first: int
    last: int
    field: Field


def earth_xyz_m(lat_deg: ArrayLike, lon_deg: ArrayLike) -> Floats:
    """Positions on the WGS 84 ellipsoid as points in space, m, one row each: Earth-centred, Earth-fixed.

    The chord between two points 20 km apart is their distance to a millionth, at the poles and the antimeridian too.
    """
    lat, lon = np.radians(np.asarray(lat_deg, dtype=np.float64)), np.radians(np.asarray(lon_deg, dtype=np.float64))
    squared = FLATTENING * (2 - FLATTENING)
    normal = EQUATORIAL_RADIUS_M / np.sqrt(1 - squared * np.sin(lat) ** 2)
    points = (
        normal * np.cos(lat) * np.cos(lon),
        normal * np.cos(lat) * np.sin(lon),
        normal * (1 - squared) * np.sin(lat),
    )
    return np.stack(points, axis=-1)


def holdings(flown: Flown, fields: Sequence[Field]) -> Iterator[tuple[int, int]]:
    """First and last fix of each time in which circuits were flown over one place, unless low over a field."""
    high = ~flown.ground & ~np.isnan(flown.xyz_m[:, 0])
    for field in fields:
        low = flown.altitude_ft < field.level_ft + CIRCUIT_FT
        high &= ~(low & (np.linalg.norm(flown.xyz_m - field.xyz_m, axis=1) <= NEAR_M))
    usable = np.flatnonzero(high)
    if len(usable) == 0:
        return
    time_s = flown.time_s[usable]
    grid_s, part = _grid(time_s, np.cumsum(np.r_[False, (np.diff(usable) > 1) | (np.diff(flown.part[usable]) > 0)]))
    if len(grid_s) == 0:
        return
    points = np.stack([np.interp(grid_s, time_s, axis) for axis in flown.xyz_m[usable].T], axis=-1)
    inside = _circling(points, np.interp(grid_s, time_s, flown.altitude_ft[usable]), part)
    for first, last in runs(inside, part):
        if inside[first]:
            begin, end = np.searchsorted(flown.time_s, [grid_s[first], grid_s[last]])
            yield int(begin), int(end)


def _circling(points: Floats, height_ft: Floats, part: Indices) -> Mask:
    """Which points, ``_STEP_S`` apart in each part, lie on a circuit of a holding."""
    step = np.diff(points, axis=0)
    turned = np.cumsum(np.r_[0.0, _turns_deg(points, step), 0.0])
    amount = np.cumsum(np.abs(np.diff(turned, prepend=0.0)))
    slow = np.cumsum(np.r_[0.0, np.linalg.norm(step, axis=1) < SLOW_KT * NAUTICAL_MILE_M / 3600 * _STEP_S])
    longest = int(CIRCUIT_S[1] / _STEP_S)
    until = np.minimum(np.arange(len(points)) + longest, len(points) - 1)
    begin = np.flatnonzero(amount[until] - amount >= FULL_TURN_DEG - TURN_WITHIN_DEG)
    covered = np.zeros(len(points) + 1, dtype=np.int64)
    top, bottom = height_ft[begin], height_ft[begin]
    for count in range(1, longest + 1):
        there = begin + count < len(points)
        begin, top, bottom = begin[there], top[there], bottom[there]
        end = begin + count
        top, bottom = np.fmax(top, height_ft[end]), np.fmin(bottom, height_ft[end])
        if count * _STEP_S < CIRCUIT_S[0]:
            continue
        circuit = np.abs(np.abs(turned[end] - turned[begin]) - FULL_TURN_DEG) <= TURN_WITHIN_DEG
        circuit &= (part[end] == part[begin]) & (slow[end] == slow[begin])
        circuit &= (
            (top - bottom <= DROP_FT) & (top - height_ft[begin] <= RISE_FT) & (height_ft[end] - bottom <= RISE_FT)
        )
        chosen = np.flatnonzero(circuit)
        back = np.linalg.norm(points[end[chosen]] - points[begin[chosen]], axis=1) <= BACK_WITHIN_M
        np.add.at(covered, begin[chosen[back]], 1)
        np.add.at(covered, end[chosen[back]] + 1, -1)
    inside: Mask = np.cumsum(covered)[:-1] > 0
    return inside


def _grid(time_s: Floats, part: Indices) -> tuple[Floats, Indices]:
    """Times ``_STEP_S`` apart in each part that is long enough for a circuit, and the number of the part."""
    first = np.flatnonzero(np.r_[True, np.diff(part) != 0][: len(part)])
    last = np.r_[first[1:], len(part)][: len(first)] - 1
    lasting_s = time_s[last] - time_s[first]
    long = lasting_s >= CIRCUIT_S[0]
    count = (lasting_s[long] // _STEP_S).astype(np.int64) + 1
    number = np.repeat(np.arange(len(count)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return time_s[first[long]][number] + within * _STEP_S, number


def _turns_deg(points: Floats, step: Floats) -> Floats:
    """Turn at each inner point from one step to the next, degrees, clockwise seen from above positive."""
    before, after, up = step[:-1], step[1:], points[1:-1]
    across = np.einsum("ij,ij->i", np.cross(after, before), up) / np.linalg.norm(up, axis=1)
    turn: Floats = np.degrees(np.arctan2(across, np.einsum("ij,ij->i", before, after)))
    return turn


def fields(flown: Flown, aerodromes: Sequence[Aerodrome]) -> tuple[Field, ...]:
    """The places where the track was on the ground, and the aerodromes; where one is both, by its level on the day."""
    found: list[Field] = []
    for first, last in runs(flown.ground, flown.part):
        place = np.median(flown.xyz_m[first : last + 1], axis=0)
        if not flown.ground[first] or bool(np.isnan(place).any()):
            continue
        airborne = first > 0 and flown.part[first - 1] == flown.part[first]
        level = ground_level_ft(flown, first, last)
        if level is not None and _new(place, found):
            said = "on ground" if flown.on_ground[first] == 1 else "ground speed"
            found.append(Field(place, level, "landing" if airborne else said))
    for one in aerodromes:
        place = earth_xyz_m(one.lat, one.lon)
        if one.elevation_ft is not None and _new(place, found):
            found.append(Field(place, one.elevation_ft, "aerodrome"))
    return tuple(found)


def _new(place: Floats, known: Sequence[Field]) -> bool:
    return all(float(np.linalg.norm(place - one.xyz_m)) > _SAME_FIELD_M for one in known)


def ground_level_ft(flown: Flown, first: int, last: int) -> float | None:
    """Pressure altitude of the field of a time on the ground: the median there, else the last or next one in flight.

    An altitude of exactly 0 is what Flightradar24 writes on any ground.
    """
    there = flown.altitude_ft[first : last + 1]
    there = there[~np.isnan(there) & (there != 0)]
    if len(there):
        return float(np.median(there))
    beside = [index for index in (first - 1, last + 1) if 0 <= index < len(flown.part)]
    near = [flown.altitude_ft[index] for index in beside if flown.part[index] == flown.part[first]]
    return float(np.nanmin(near)) if near and not bool(np.isnan(near).all()) else None


def runs(values: NDArray[Any], part: Indices) -> Iterator[tuple[int, int]]:
    """First and last index of each run of equal values in one part."""
    if len(values) == 0:
        return
    cut = np.flatnonzero((values[1:] != values[:-1]) | (part[1:] != part[:-1])) + 1
    yield from zip(np.r_[0, cut].tolist(), np.r_[cut - 1, len(values) - 1].tolist(), strict=True)


def approach(flown: Flown, climbs: Mask, last: int, field: Field) -> int | None:
    """The first fix of the approach to a field that ends with fix ``last``; ``None`` if nobody came down to it."""
    since = max(
        int(np.searchsorted(flown.time_s, flown.time_s[last] - APPROACH_S)),
        int(np.searchsorted(flown.part, flown.part[last])),
    )
    during = slice(since, last + 1)
    away_m = np.linalg.norm(flown.xyz_m[during] - field.xyz_m, axis=1)
    outside = (away_m > APPROACH_M) | (flown.altitude_ft[during] > field.level_ft + APPROACH_FT)
    outside |= climbs[during] & (np.cumsum(~climbs[during][::-1])[::-1] > 0)  # but for a climb that begins at the end
    outside |= flown.ground[during]
    outside[-1] = False
    first = since + int(np.flatnonzero(outside)[-1]) + 1 if outside.any() else since
    if not bool(np.any(away_m[first - since :] <= APPROACH_M)):
        return None  # no position tells where it was
    came_ft = flown.altitude_ft[first:last]
    lowest_ft = float(np.fmin(flown.altitude_ft[last], flown.altitude_ft[max(last - 1, 0)]))
    return first if bool(np.any(came_ft >= lowest_ft + DOWN_FT)) else None


def low_ends(flown: Flown, fields: Sequence[Field]) -> Iterator[tuple[int, Field]]:
    """Where what was received ends in flight, low and near a field: the last fix with a position, and the field."""
    placed = np.maximum.accumulate(np.where(np.isnan(flown.xyz_m[:, 0]), 0, np.arange(len(flown.part))))
    last = np.flatnonzero(np.r_[np.diff(flown.part) > 0, True][: len(placed)] & ~flown.ground)
    last = last[(flown.part[placed[last]] == flown.part[last]) & ~flown.ground[placed[last]]]
    for field in fields:
        away_m = np.linalg.norm(flown.xyz_m[placed[last]] - field.xyz_m, axis=1)
        low_ft = np.fmax(flown.altitude_ft[placed[last]], flown.altitude_ft[last])
        near = last[(away_m <= NEAR_M) & (low_ft <= field.level_ft + LOW_FT)]
        yield from ((int(placed[index]), field) for index in near)


def go_arounds(flown: Flown, climbs: Mask, fields: Sequence[Field]) -> Iterator[GoAround]:
    """The climbs out of low approaches to these fields, up to level flight or to ``APPROACH_FT`` above the field."""
    known = np.flatnonzero(~np.isnan(flown.altitude_ft))
    low = known[turning_points(flown.altitude_ft[known], CHANGE_FT)]
    low = low[~flown.ground[low]]
    told = set()
    for field in fields:
        away_m = np.linalg.norm(flown.xyz_m[low] - field.xyz_m, axis=1)
        near = low[(away_m <= NEAR_M) & (flown.altitude_ft[low] <= field.level_ft + LOW_FT)]
        for index in near.tolist():
            climb = _climb(flown, index)
            if climb is None or climb[0] in told or not climbs[climb[1]]:
                continue
            first, last = climb
            told.add(first)
            while last + 1 < len(climbs) and climbs[last + 1] and flown.part[last + 1] == flown.part[last]:
                if flown.altitude_ft[last + 1] > field.level_ft + APPROACH_FT:
                    break
                last += 1
            yield GoAround(first, last, field)


def _climb(flown: Flown, lowest: int) -> tuple[int, int] | None:
    """The last fix before the climb from a lowest point, and the first one well above it; none where it has no such."""
    since, until = np.searchsorted(flown.time_s, flown.time_s[lowest] + np.array([-BEFORE_S, AFTER_S]))
    since = max(since, int(np.searchsorted(flown.part, flown.part[lowest])))
    until = min(until, int(np.searchsorted(flown.part, flown.part[lowest], side="right")))
    stood = np.flatnonzero(flown.ground[since:lowest])
    since += int(stood[-1]) + 1 if len(stood) else 0
    before, after = flown.altitude_ft[since:lowest], flown.altitude_ft[lowest:until]
    level = float(flown.altitude_ft[lowest])
    ground = np.flatnonzero(flown.ground[lowest:until])
    above = np.flatnonzero(after[: ground[0] if len(ground) else None] >= level + CHANGE_FT)
    # what it came down from was seen on the way, so that no altitude that jumps counts
    came = (before >= level + CHANGE_FT) & (before <= level + 3 * CHANGE_FT)
    if len(above) == 0 or not bool(came.any()):
        return None
    first = int(np.flatnonzero(after[: above[0]] <= level + LEVEL_FT)[-1])
    return lowest + first, lowest + int(above[0])


def landings(flown: Flown) -> Iterator[tuple[int, int, Field]]:
    """First and last fix of each time from low above the ground to slow upon it, and where that was."""
    for first, last in runs(flown.ground, flown.part):
        if not flown.ground[first] or first == 0 or flown.part[first - 1] != flown.part[first]:
            continue
        level = ground_level_ft(flown, first, last)
        if level is None:
            continue
        since = max(
            int(np.searchsorted(flown.time_s, flown.time_s[first] - LANDING_S)),
            int(np.searchsorted(flown.part, flown.part[first])),
        )
        high = np.flatnonzero(flown.ground[since:first] | ~(flown.altitude_ft[since:first] <= level + LANDING_FT))
        slow = np.flatnonzero(flown.speed_kt[first : last + 1] <= TAXI_KT)
        until = first + int(slow[0]) - 1 if len(slow) else last
        yield since + int(high[-1]) + 1 if len(high) else since, until, Field(flown.xyz_m[first], level, "landing")
