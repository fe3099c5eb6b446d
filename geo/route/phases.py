"""Phases of a flight: ground, climb, cruise, level flight, descent, approach, landing; and manoeuvres over them.

The words are those of the CAST/ICAO Common Taxonomy Team (Phase of Flight, Definitions and Usage Notes, 1.3, 2013) as
far as positions and altitudes show them. Where a crew began an approach nobody can see, so each phase is defined here
by what was received. Phases rest on accepted positions, on altitudes that hold, and on what fixes with either say of
the ground. Where neither was received for longer than a gap, none is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo.measures import NAUTICAL_MILE_M
from geo.model.track import REASONS
from geo.route.manoeuvres import (
    TAXI_KT,
    Aerodrome,
    Flown,
    approach,
    earth_xyz_m,
    fields,
    go_arounds,
    holdings,
    landings,
    low_ends,
    runs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.model import Track

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["GAP_S", "MANOEUVRES", "Aerodrome", "Kind", "Phase", "heard", "phases"]

Kind = Literal["ground", "climb", "cruise", "level", "descent", "approach", "landing", "go-around", "holding"]
MANOEUVRES: Final[tuple[Kind, ...]] = ("go-around", "holding")
_KINDS: Final[tuple[Kind, ...]] = ("ground", "climb", "cruise", "level", "descent", "approach", "landing")
_GROUND, _CLIMB, _CRUISE, _LEVEL, _DESCENT, _APPROACH, _LANDING = range(7)
_NONE: Final = 7

#: Fixes farther apart than this, s, have silence between them.
GAP_S: Final = 60.0
#: The vertical rate of a fix is the mean over this around it, s (openap's window); less at the ends of what was
#: received, never less than the second.
RATE_S: Final = 60.0
LEAST_RATE_S: Final = 20.0
#: Climb and descent begin at this rate, ft/min, where level flight ends for the Performance Review Unit of EUROCONTROL
#: (trrrj: 5 ft/s), and last while it is this much, which altitudes in steps of 100 ft do not reach by themselves.
CLIMB_FPM: Final = 300.0
STILL_FPM: Final = 150.0
#: A climb or descent of less than this, ft, is level flight, and level flight shorter than this, s, is none.
CHANGE_FT: Final = 300.0
LEVEL_S: Final = 30.0
#: Cruise is level flight in the upper quarter of the altitudes up to the highest, if that lasts this long, s, in all,
#: and is above this, ft (about where openap weighs high and low alike), or has both climb and descent in the track.
UPPER: Final = 0.75
CRUISE_S: Final = 300.0
HIGH_FT: Final = 20_000.0
#: On the ground the altitude stays within this, ft, and none within this time, s, is lower by more. Without a word from
#: the aircraft it stands where it is slow for this long, s, and somewhere no faster than this, kt, within this, ft; and
#: it rolls where it is so low before and after that, for this long, s.
GROUND_FT: Final = 150.0
AROUND_S: Final = 120.0
SLOW_S: Final = 60.0
STANDS_KT: Final = 10.0
ROLL_FT: Final = 75.0
ROLL_S: Final = 120.0
#: Reported speeds grow stale on the ground. What moves less than this in 10 s, kt, is slow, whatever it reports; fixes
#: are then so near, s, that a glider's circle of 25 s is no such move.
CREEP_KT: Final = 20.0
CREEP_S: Final = 10.0
DENSE_S: Final = 6.0
#: Nothing rolls faster, kt. What never gets slower than the second may have touched down, or says of itself in level
#: flight that it is on the ground. Between two times on the ground that are nearer than this, s, nobody flew.
FASTEST_ROLL_KT: Final = 220.0
FAST_KT: Final = 100.0
HOP_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Phase:
    """A time of one kind of flight, ``[start_s, end_s)`` in POSIX seconds, by so many fixes.

    ``rests_on`` says what it was told from: ``altitude``, ``position``, ``ground speed``, ``on ground`` (the aircraft
    said so), ``landing`` (the level of the field is that of a landing in the same track), ``aerodrome`` (it is the
    elevation, off by the pressure of the day). A manoeuvre lies over other phases, which do not overlap.
    """

    kind: Kind
    start_s: float
    end_s: float
    fixes: int
    rests_on: tuple[str, ...]

    @property
    def manoeuvre(self) -> bool:
        """Whether it lies over other phases."""
        return self.kind in MANOEUVRES


def phases(track: Track, airports: Sequence[Aerodrome] = (), *, gap_s: float = GAP_S) -> tuple[Phase, ...]:
    """The phases of a track in order of time; those that are no manoeuvres do not overlap.

    Args:
        track: judged; rejected positions and altitudes are not used.
        airports: where it may have come down without landing; those without elevation do not count.
        gap_s: fixes farther apart in time have silence between them, and no phase.
    """
    flown = _flown(track, gap_s)
    code = _vertical(flown)
    climbs = code == _CLIMB
    known = fields(flown, airports)
    around = tuple(go_arounds(flown, climbs, known))
    basis = np.full(len(code), "", dtype=object)
    landed = {first: (first, last, field) for first, last, field in landings(flown)}
    ends = [(first, field) for first, _, field in landed.values()] + [(one.first, one.field) for one in around]
    for last, field in [*low_ends(flown, known), *ends]:
        first = approach(flown, climbs, last, field)
        if first is None:
            landed.pop(last, None)  # it did not come down
            continue
        code[first : last + 1] = np.where(flown.ground[first : last + 1], code[first : last + 1], _APPROACH)
        basis[first : last + 1] = field.basis
    for one in around:
        begins = one.first + 1 + int(np.argmax(climbs[one.first + 1 : one.last + 1]))
        code[one.first + 1 : begins] = _CLIMB  # its rate, a mean, is still that of the approach
    for first, last, field in landed.values():
        code[first : last + 1] = _LANDING
        basis[first : last + 1] = field.basis
    found = [*_tiles(flown, code, basis)]
    for first, last in holdings(flown, known):
        found.append(Phase("holding", *_span(flown, first, last), last - first + 1, ("position", "altitude")))
    for first, last, field in around:
        rests = ("altitude", "position", field.basis)
        found.append(Phase("go-around", *_span(flown, first, last), last - first + 1, rests))
    return tuple(sorted(found, key=lambda phase: (phase.start_s, phase.manoeuvre, -phase.end_s)))


def heard(track: Track) -> Mask:
    """Mask of the fixes that say what was so at their time.

    Copies of other fixes do not, nor those whose time is astray, nor those that repeat position and altitude: altitude
    comes in the same message as position.
    """
    fresh: Mask = ~np.isin(track.reason, [REASONS.index(word) for word in ("duplicate", "time runs backwards")])
    same = np.r_[False, track.altitude_ft[1:] == track.altitude_ft[:-1]][: len(fresh)]
    fresh &= ~((track.reason == REASONS.index("stale position")) & same)
    return fresh


def _flown(track: Track, gap_s: float) -> Flown:
    """What of a track phases rest on."""
    altitude_ft = track.held_altitude_ft
    usable = heard(track) & (~np.isnan(altitude_ft) | (track.accepted & (track.on_ground == 1)))
    chosen = np.flatnonzero(usable)
    time_s, only = np.unique(track.time_s[chosen], return_index=True)
    chosen = chosen[only]
    placed_s, xyz_m = _placed(track)
    between = np.full((len(time_s), 3), np.nan)
    if len(placed_s):
        after = np.clip(np.searchsorted(placed_s, time_s), 0, len(placed_s) - 1)
        before = np.clip(np.searchsorted(placed_s, time_s, side="right") - 1, 0, len(placed_s) - 1)
        near = (placed_s[after] >= time_s) & (placed_s[before] <= time_s)
        near &= placed_s[after] - placed_s[before] <= gap_s
        between[near] = np.stack([np.interp(time_s[near], placed_s, axis) for axis in xyz_m.T], axis=-1)
    flown = Flown(
        time_s=time_s,
        altitude_ft=altitude_ft[chosen],
        xyz_m=between,
        speed_kt=np.where(track.accepted[chosen], track.ground_speed_kt[chosen], np.nan),
        on_ground=track.on_ground[chosen],
        part=np.cumsum(np.r_[False, np.diff(time_s) > gap_s][: len(time_s)]),
        ground=np.zeros(len(time_s), dtype=np.bool_),
    )
    flown = replace(flown, speed_kt=_speed_kt(flown))
    return replace(flown, ground=_on_ground(flown))


def _speed_kt(flown: Flown) -> Floats:
    """The reported speeds; where none is, what the positions show, and where they hardly move, that too."""
    if len(flown.time_s) < 2:  # noqa: PLR2004  no step
        return flown.speed_kt
    step_s = np.diff(flown.time_s)
    moved_m = np.linalg.norm(np.diff(flown.xyz_m, axis=0), axis=1)
    if bool(np.isnan(flown.speed_kt).all()):
        shown: Floats = np.r_[np.nan, moved_m / step_s / NAUTICAL_MILE_M * 3600]
        return shown
    around = [np.clip(flown.time_s + side * CREEP_S / 2, flown.time_s[0], flown.time_s[-1]) for side in (1, -1)]
    ends = [np.stack([np.interp(at, flown.time_s, axis) for axis in flown.xyz_m.T], axis=-1) for at in around]
    pace_kt = np.linalg.norm(ends[0] - ends[1], axis=1) / CREEP_S / NAUTICAL_MILE_M * 3600
    dense = np.r_[True, step_s <= DENSE_S] & np.r_[step_s <= DENSE_S, True]
    slower: Floats = np.where(dense & (pace_kt <= CREEP_KT), np.fmin(flown.speed_kt, pace_kt), flown.speed_kt)
    return slower


def _placed(track: Track) -> tuple[Floats, Floats]:
    """Times and points in space of the accepted positions, strictly ascending in time."""
    held = np.flatnonzero(heard(track) & track.accepted & ~np.isnan(track.lat_deg) & ~np.isnan(track.lon_deg))
    time_s, only = np.unique(track.time_s[held], return_index=True)
    return time_s, earth_xyz_m(track.lat_deg[held[only]], track.lon_deg[held[only]])


def _on_ground(flown: Flown) -> Mask:
    """Which fixes are on the ground: because they say so, or because they are slow and no altitude around is lower."""
    said = _closed(flown, (flown.on_ground == 1) & ~(flown.speed_kt > FASTEST_ROLL_KT))
    slow = np.isnan(flown.on_ground) & (flown.speed_kt <= TAXI_KT)
    ground = np.zeros(len(said), dtype=np.bool_)
    for first, last in runs(said, flown.part):
        if said[first] and _lowest(flown, first, last, GROUND_FT) and _came(flown, first, last):
            ground[first : last + 1] = True
    for begin, end in runs(slow, flown.part):
        if not slow[begin] or flown.time_s[end] - flown.time_s[begin] < SLOW_S:
            continue
        away_ft = np.abs(flown.altitude_ft[begin : end + 1] - np.median(flown.altitude_ft[begin : end + 1]))
        first, last = (begin + np.flatnonzero(away_ft <= ROLL_FT)[[0, -1]]).tolist()
        long = flown.time_s[last] - flown.time_s[first] >= SLOW_S
        if long and flown.speed_kt[first : last + 1].min() <= STANDS_KT and _lowest(flown, first, last, ROLL_FT):
            ground[first : last + 1] = True
            _roll(flown, ground, first, last)
    return _closed(flown, ground)


def _closed(flown: Flown, ground: Mask) -> Mask:
    """The same with what lies between two times on the ground and is too short for a flight."""
    before = np.maximum.accumulate(np.where(ground, flown.time_s, -np.inf))
    after = np.minimum.accumulate(np.where(ground, flown.time_s, np.inf)[::-1])[::-1]
    closed: Mask = ground | (after - before < HOP_S)
    return closed


def _lowest(flown: Flown, first: int, last: int, within_ft: float) -> bool:
    """Whether the altitude is one, within so much, and none around is lower."""
    there = flown.altitude_ft[first : last + 1]
    if bool(np.isnan(there).all()):
        return True
    since, until = np.searchsorted(flown.time_s, flown.time_s[[first, last]] + np.array([-AROUND_S, AROUND_S]))
    level = float(np.nanmedian(there))
    lowest = float(np.nanmin(flown.altitude_ft[since:until]))
    return lowest >= level - within_ft and float(np.nanmax(there)) <= level + within_ft


def _came(flown: Flown, first: int, last: int) -> bool:
    """Whether a time that says of itself that it is on the ground is slow somewhere, or came down to there."""
    if not float(np.fmin.reduce(flown.speed_kt[first : last + 1])) > FAST_KT:
        return True
    since = np.searchsorted(flown.time_s, flown.time_s[first] - AROUND_S)
    since = max(since, np.searchsorted(flown.part, flown.part[first]))
    before = flown.altitude_ft[since:first]
    level = float(np.fmax(*flown.altitude_ft[[first, last]]))
    return len(before) == 0 or np.isnan(level) or bool(np.any(before >= level + CHANGE_FT))


def _roll(flown: Flown, ground: Mask, first: int, last: int) -> None:
    """Put on the ground what rolls before and after a slow time on it: its altitude is that of the ground."""
    level = float(np.nanmedian(flown.altitude_ft[first : last + 1]))
    for begin, step in ((first, -1), (last, 1)):
        index = begin + step
        while (
            0 <= index < len(ground)
            and flown.part[index] == flown.part[begin]
            and abs(flown.time_s[index] - flown.time_s[begin]) <= ROLL_S
            and abs(flown.altitude_ft[index] - level) <= ROLL_FT
        ):
            ground[index] = True
            index += step


def _vertical(flown: Flown) -> NDArray[np.int8]:
    """Ground, climb, cruise, level flight or descent for each fix."""
    rate = _rate_fpm(flown)
    code = np.full(len(rate), _LEVEL, dtype=np.int8)
    for sign, kind in ((1, _CLIMB), (-1, _DESCENT)):
        moving = (sign * rate > STILL_FPM) & ~flown.ground
        for first, last in runs(moving, flown.part):
            if not moving[first] or sign * (flown.altitude_ft[last] - flown.altitude_ft[first]) < CHANGE_FT:
                continue
            if float(np.max(sign * rate[first : last + 1])) > CLIMB_FPM:
                code[first : last + 1] = kind
    # at the lowest altitudes nobody can say without a position whether it flew
    low = flown.altitude_ft <= np.fmin.reduce(flown.altitude_ft, initial=np.inf) + CHANGE_FT
    code[np.isnan(rate) | (low & np.isnan(flown.xyz_m[:, 0]))] = _NONE
    code[flown.ground] = _GROUND
    for first, last in runs(code, flown.part):
        begin, end = first - 1, last + 1
        inner = begin >= 0 and end < len(code) and flown.part[begin] == flown.part[end]
        if code[first] == _LEVEL and inner and flown.time_s[end] - flown.time_s[first] < LEVEL_S:
            code[first:end] = next((kind for kind in code[[begin, end]] if kind in (_CLIMB, _DESCENT)), _LEVEL)
    code[_cruise(flown, code)] = _CRUISE
    return code


def _rate_fpm(flown: Flown) -> Floats:
    """Vertical rate of each fix over ``RATE_S`` around it, NaN where too little was received."""
    known = ~np.isnan(flown.altitude_ft)
    rate = np.full(len(known), np.nan)
    if not bool(known.any()):
        return rate
    time_s, altitude_ft, part = flown.time_s[known], flown.altitude_ft[known], flown.part[known]
    since = np.maximum(time_s - RATE_S / 2, time_s[np.searchsorted(part, part)])
    until = np.minimum(time_s + RATE_S / 2, time_s[np.searchsorted(part, part, side="right") - 1])
    enough = until - since >= LEAST_RATE_S
    change = np.interp(until, time_s, altitude_ft) - np.interp(since, time_s, altitude_ft)
    rate[known] = np.divide(change * 60, until - since, out=np.full(len(change), np.nan), where=enough)
    return rate


def _cruise(flown: Flown, code: NDArray[np.int8]) -> Mask:
    """Which of the fixes in level flight are in cruise."""
    level = code == _LEVEL
    none = np.zeros(len(level), dtype=np.bool_)
    if not bool(level.any()):
        return none
    held = flown.altitude_ft
    top = float(held[level].max())
    upper = level & (held >= UPPER * top)
    lasting_s = np.r_[np.diff(flown.time_s), 0.0]
    if float(lasting_s[upper].sum()) < CRUISE_S:
        return none
    first, last = np.flatnonzero(upper)[[0, -1]]
    whole = max(float(np.nanmin(held[: first + 1])), float(np.nanmin(held[last:]))) <= top / 2
    return upper if whole or top >= HIGH_FT else none


def _span(flown: Flown, first: int, last: int) -> tuple[float, float]:
    return float(flown.time_s[first]), float(flown.time_s[last])


def _tiles(flown: Flown, code: NDArray[np.int8], basis: NDArray[np.object_]) -> Iterator[Phase]:
    """The phases that tile the time, each up to the next one in its part."""
    for first, last in runs(code, flown.part):
        within = last + 1 < len(code) and flown.part[last + 1] == flown.part[last]
        start_s, end_s = _span(flown, first, last + 1 if within else last)
        if code[first] == _NONE or end_s <= start_s:
            continue
        rests: tuple[str, ...] = ("altitude",)
        if code[first] == _GROUND:
            rests = ("on ground",) if flown.on_ground[first] == 1 else ("altitude", "ground speed")
        elif code[first] in (_APPROACH, _LANDING):
            rests = ("altitude", "position", str(basis[first]))
        yield Phase(_KINDS[code[first]], start_s, end_s, last - first + 1, rests)
