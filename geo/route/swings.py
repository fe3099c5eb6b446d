"""Altitude swings: runs of up and down like those of a phugoid, with their period and amplitude.

A phugoid trades speed for height and back at an almost constant angle of attack, slowly and with little damping.
F. W. Lanchester (Aerodonetics, London 1908) gave its period as pi * sqrt(2) * V / g: it depends on the speed alone,
30 s at 130 kt, 70 s at 300 kt, 112 s at 480 kt. What is found here is what the altitude did. Whether it has the period
and the form of a phugoid is said beside it, and is no finding on why the aircraft swung.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np

from geo.measures import KNOT_M_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: Two altitudes farther apart in time than this, s, have a gap between them, and no swing reaches across it.
GAP_S: Final = 60.0
#: Height from trough to crest that counts, ft: where autopilots hold a level to 65 ft, 300 ft off is a large deviation
#: (ICAO Doc 9574); it is also three steps of the coarsest altitudes sent, of 100 ft.
LEAST_FT: Final = 300.0
#: Swings that make a run: levelling off overshoots once or twice.
LEAST_COUNT: Final = 3
#: Periods that count, s: by Lanchester an aircraft at 90 kt has 21 s, and one at 500 kt 116 s; twice that is let in, so
#: that what swings more slowly than a phugoid is shown with its period.
PERIOD_S: Final = (20.0, 240.0)
#: Of altitudes so near to each other, s, one or two that are far off are wrong: half of the shortest period.
SPIKE_S: Final = 10.0
#: From one period to the next, and from one rise to the fall after it, the one is at most so many times the other.
STEADY: Final = 2.0
LOPSIDED: Final = 4.0
#: The altitude itself goes back by more than this in each swing, ft, one step of the coarsest altitudes: a climb or
#: descent in steps swings about its own trend and never turns.
TURNED_FT: Final = 100.0
#: In three of four rises and falls no step between two fixes is more than 3/4 of the whole: of a sine none is, with
#: four fixes a period. Two altitudes that only alternate (spikes, two aircraft under one callsign) are all such steps.
STEP: Final = 0.75
FINE: Final = 0.75
#: Of all ups and downs of more than ``TURNED_FT`` the swings are this share: of disturbed phugoids 0.7 to 1, of
#: parabolic flights 1, of an altitude that wanders at random 0.2 to 0.6 (docs/decisions/0033-phases.md).
SMOOTH: Final = 0.7
#: Of Lanchester's period, what counts as that of a phugoid: ground speed stands in for true airspeed and may be a third
#: off, and that air is thinner above shortens the period by up to a fifth at high speed.
LIKE: Final = (0.6, 1.5)
#: A sine spends a third of the time in the lowest quarter of its height and a third in the highest. What spends more
#: than this in either rests there between its swings, as in parabolic flights.
REST: Final = 0.5
#: The altitude turned halfway between its passages of the level this share of the lesser height before the extreme.
_NEAR: Final = 0.25
#: Rates are means over this part of a period, 4.5 % less than the greatest of a sine.
_RATE_PART: Final = 6.0
_GRAVITY_M_S2: Final = 9.80665


class Spread(NamedTuple):
    """The median, least and greatest of several values."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Floats) -> Self:
        """The spread of these."""
        return cls(float(np.median(values)), float(values.min()), float(values.max()))


class TurningPoint(NamedTuple):
    """Where the altitude, without its trend, turned: POSIX seconds, and the altitude received there, ft."""

    time_s: float
    altitude_ft: float


@dataclass(frozen=True, slots=True)
class Swings:
    """A run of successive swings of the altitude, from its first turning point to its last.

    It is counted from crest or trough, not from the level flight before. ``count`` is in full swings, by halves;
    ``period_s`` from crest to crest and from trough to trough; ``amplitude_ft`` half of what lies between crest and
    trough without the trend; ``climb_fpm`` and ``sink_fpm`` (negative in a descent) the greatest and least mean rates
    over a sixth of the period; ``fixes`` how many altitudes it rests on, ``step_s`` the median time between them (a
    period of less than two steps would look like a longer one); ``low`` and ``high`` the shares of time in the lowest
    and highest quarter of the height; ``smooth`` the share that the swings have in all ups and downs; ``speed_kt`` the
    median of the speeds given, ``None`` without any.
    """

    start_s: float
    end_s: float
    count: float
    period_s: Spread
    amplitude_ft: Spread
    climb_fpm: float
    sink_fpm: float
    fixes: int
    step_s: float
    low: float
    high: float
    smooth: float
    speed_kt: float | None
    turning_points: tuple[TurningPoint, ...]

    @property
    def natural_s(self) -> float | None:
        """Lanchester's period of a phugoid at this speed, or ``None`` where the speed is not known."""
        return None if self.speed_kt is None else float(np.pi * np.sqrt(2) * self.speed_kt * KNOT_M_S / _GRAVITY_M_S2)

    @property
    def like_phugoid(self) -> bool | None:
        """Whether period and form are those of a phugoid; ``None`` where the form is and no speed is known."""
        if max(self.low, self.high) > REST:
            return False
        if self.natural_s is None:
            return None
        return LIKE[0] <= self.period_s.median / self.natural_s <= LIKE[1]


def swings(
    time_s: ArrayLike, altitude_ft: ArrayLike, *, speed_kt: ArrayLike | None = None, gap_s: float = GAP_S
) -> tuple[Swings, ...]:
    """The runs of at least ``LEAST_COUNT`` successive swings, in order of time.

    Args:
        time_s: seconds, ascending; of equal times the first altitude counts. All arrays have one length.
        altitude_ft: altitudes that hold, NaN where there is none.
        speed_kt: true airspeed, else ground speed, NaN where unknown; only for comparison with ``natural_s``.
        gap_s: altitudes farther apart have a gap between them.
    """
    times, altitudes = np.asarray(time_s, dtype=np.float64), np.asarray(altitude_ft, dtype=np.float64)
    speeds = np.full(times.shape, np.nan) if speed_kt is None else np.asarray(speed_kt, dtype=np.float64)
    held = np.flatnonzero(~np.isnan(altitudes))
    held = held[np.r_[True, times[held[1:]] > np.maximum.accumulate(times[held])[:-1]][: len(held)]]
    if len(held) == 0:
        return ()
    times, altitudes, speeds = times[held], _without_spikes(times[held], altitudes[held]), speeds[held]
    away = altitudes - _trend(times, altitudes, gap_s)
    turn = _without_wiggles(away, turning_points(away, LEAST_FT))
    if len(turn) < 2 * LEAST_COUNT + 3:
        return ()
    at_s = _turned_s(times, away, turn)
    height = np.abs(np.diff(away[turn]))
    fine = np.maximum.reduceat(np.abs(np.diff(away)), turn[:-1]) <= STEP * height
    found = (
        _measured(times, altitudes, speeds, turn[first : last + 1], at_s[first : last + 1])
        for first, last in _runs(at_s, _turns(altitudes, away, turn, _fits(times, turn, at_s, height, gap_s)))
        if np.mean(fine[first:last]) >= FINE
    )
    return tuple(run for run in found if run.smooth >= SMOOTH)


def _without_spikes(time_s: Floats, altitude_ft: Floats) -> Floats:
    """The altitudes; for one or two that jump away and back within ``SPIKE_S`` the median of five stands in."""
    calm = altitude_ft.copy()
    near = np.unique(np.flatnonzero(np.abs(np.diff(calm)) > LEAST_FT / 2)[:, None] + np.arange(-1, 3))
    near = near[(near > 1) & (near < len(calm) - 2)]
    near = near[time_s[near + 2] - time_s[near - 2] <= SPIKE_S]
    middle = np.median(altitude_ft[near[:, None] + np.arange(-2, 3)], axis=1)
    off = np.abs(middle - altitude_ft[near]) > LEAST_FT / 2
    calm[near[off]] = middle[off]
    return calm


def _trend(time_s: Floats, altitude_ft: Floats, gap_s: float) -> Floats:
    """The mean altitude around each fix, over the longest period, or as far as a gap or an end is near."""
    step_s = np.diff(time_s)
    area = np.r_[0.0, np.cumsum(step_s * (altitude_ft[1:] + altitude_ft[:-1]) / 2)]
    first = np.r_[0, np.flatnonzero(step_s > gap_s) + 1]
    size = np.diff(np.r_[first, len(time_s)])
    begin, end = np.repeat(time_s[first], size), np.repeat(time_s[first + size - 1], size)
    half = np.minimum(PERIOD_S[1] / 2, np.minimum(time_s - begin, end - time_s))
    wide = half > 0
    trend = altitude_ft.copy()
    until, since = (_area(time_s, altitude_ft, area, (time_s + side * half)[wide]) for side in (1, -1))
    trend[wide] = (until - since) / (2 * half[wide])
    return trend


def _area(time_s: Floats, altitude_ft: Floats, area: Floats, at_s: Floats) -> Floats:
    """The area under the straight lines between the fixes, up to each of these times."""
    index = np.clip(np.searchsorted(time_s, at_s, side="right") - 1, 0, len(time_s) - 2)
    into = at_s - time_s[index]
    slope = (altitude_ft[index + 1] - altitude_ft[index]) / (time_s[index + 1] - time_s[index])
    found: Floats = area[index] + into * (altitude_ft[index] + slope * into / 2)
    return found


def turning_points(altitude_ft: Floats, least_ft: float) -> Indices:
    """Indices of the ends, and of the turns between which the altitude rises or falls ``least_ft`` or more.

    The altitude has turned once it is ``least_ft`` back from its extreme; smaller ups and downs are passed over. Of
    equal extremes the first counts.
    """
    if len(altitude_ft) == 0:
        return np.zeros(0, dtype=np.int64)
    slope = np.sign(np.diff(altitude_ft))
    moving = np.flatnonzero(slope)
    corner = moving[:-1][slope[moving[1:]] != slope[moving[:-1]]] + 1
    candidates = np.r_[0, corner, len(altitude_ft) - 1]
    turned, rising, high, low = [0], 0, 0, 0
    high_ft = low_ft = float(altitude_ft[0])
    for index, value in zip(candidates.tolist(), altitude_ft[candidates].tolist(), strict=True):
        if value > high_ft:
            high, high_ft = index, value
        if value < low_ft:
            low, low_ft = index, value
        if rising >= 0 and high_ft - value >= least_ft:
            turned.append(high)
            rising, low, low_ft = -1, index, value
            high, high_ft = index, value
        elif rising <= 0 and value - low_ft >= least_ft:
            turned.append(low)
            rising, high, high_ft = 1, index, value
            low, low_ft = index, value
    turned.append(high if rising > 0 else low if rising < 0 else len(altitude_ft) - 1)
    return np.unique(np.array(turned, dtype=np.int64))


def _without_wiggles(altitude_ft: Floats, turn: Indices) -> Indices:
    """The turning points without the pairs between which lies less than 1 / ``LOPSIDED`` of what is on both sides."""
    height = np.abs(np.diff(altitude_ft[turn]))
    inner = np.zeros(len(height), dtype=np.bool_)
    inner[1:-1] = height[1:-1] * LOPSIDED < np.minimum(height[:-2], height[2:])
    kept: Indices = turn[~(np.r_[inner, False] | np.r_[False, inner])]
    return kept


def _turned_s(time_s: Floats, altitude_ft: Floats, turn: Indices) -> Floats:
    """When the altitude turned: halfway between the passages near the crest or trough, which noise and steps leave."""
    value = altitude_ft[turn]
    height = np.abs(np.diff(value))
    lesser = np.minimum(np.r_[height, height[-1]], np.r_[height[0], height])
    side = np.where(np.r_[value[0] > value[1], value[1:] > value[:-1]], 1.0, -1.0)
    level = value - side * _NEAR * lesser
    flank = np.repeat(np.arange(len(turn) - 1), np.diff(turn))
    index = np.arange(turn[0], turn[-1])
    inside = altitude_ft[turn[0] : turn[-1]]
    starts = turn[:-1] - turn[0]
    # of each flank the first fix past the level of its start, and the last one before the level of its end
    past = side[flank] * (inside - level[flank]) < 0
    after = np.minimum.reduceat(np.where(past, index, turn[1:][flank]), starts)
    before_end = side[flank + 1] * (inside - level[flank + 1]) < 0
    before = np.maximum.reduceat(np.where(before_end, index, turn[:-1][flank]), starts)
    left = _passed_s(time_s, altitude_ft, before, before + 1, level[1:])
    right = _passed_s(time_s, altitude_ft, after - 1, after, level[:-1])
    at_s: Floats = np.r_[time_s[turn[0]], (left[:-1] + right[1:]) / 2, time_s[turn[-1]]]
    return at_s


def _passed_s(time_s: Floats, altitude_ft: Floats, first: Indices, second: Indices, level_ft: Floats) -> Floats:
    """When the straight line from a fix to the next passes a level."""
    rise = altitude_ft[second] - altitude_ft[first]
    share = np.divide(level_ft - altitude_ft[first], rise, out=np.ones_like(rise), where=rise != 0)
    passed: Floats = time_s[first] + np.clip(share, 0.0, 1.0) * (time_s[second] - time_s[first])
    return passed


def _fits(time_s: Floats, turn: Indices, at_s: Floats, height_ft: Floats, gap_s: float) -> Mask:
    """For each period, from a turning point to the next but one, whether it can be one of a run of swings."""
    period = at_s[2:] - at_s[:-2]
    step_s = np.maximum.reduceat(np.diff(time_s), turn[:-1])
    received = np.maximum(step_s[1:], step_s[:-1]) <= np.minimum(gap_s, period / 2)
    fits = received & (period >= PERIOD_S[0]) & (period <= PERIOD_S[1])
    fits &= np.maximum(height_ft[1:], height_ft[:-1]) <= LOPSIDED * np.minimum(height_ft[1:], height_ft[:-1])
    fits[0] = fits[-1] = False  # the ends of the series are no turning points
    return fits


def _turns(altitude_ft: Floats, away_ft: Floats, turn: Indices, fits: Mask) -> Mask:
    """Of the periods that fit, those in which the altitude itself, with its trend, goes up and down too."""
    found = np.r_[fits, False] | np.r_[False, fits]
    for index in np.flatnonzero(found).tolist():
        first, last = int(turn[index]), int(turn[index + 1])
        part = altitude_ft[first : last + 1] * (1 if away_ft[last] > away_ft[first] else -1)
        found[index] = np.max(part - np.minimum.accumulate(part)) > TURNED_FT
    turns: Mask = fits & found[:-1] & found[1:]
    return turns


def _runs(at_s: Floats, fits: Mask) -> Iterator[tuple[int, int]]:
    """First and last turning point of each run of periods that fit and are alike, if it is long enough."""
    period = at_s[2:] - at_s[:-2]
    alike = np.maximum(period[1:], period[:-1]) <= STEADY * np.minimum(period[1:], period[:-1])
    starts = np.flatnonzero(fits & ~np.r_[False, fits[:-1] & alike])
    ends = np.flatnonzero(fits & ~np.r_[fits[1:] & alike, False])
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        if last + 2 - first >= 2 * LEAST_COUNT:
            yield first, last + 2


def _measured(time_s: Floats, altitude_ft: Floats, speed_kt: Floats, turn: Indices, at_s: Floats) -> Swings:
    """What a run amounts to."""
    period = at_s[2:] - at_s[:-2]
    value = altitude_ft[turn]
    during = slice(int(turn[0]), int(turn[-1]) + 1)
    times, altitudes = time_s[during], altitude_ft[during]
    # the middle line runs halfway between each crest or trough and the line through its two neighbours
    other = value[:-2] + (value[2:] - value[:-2]) * (at_s[1:-1] - at_s[:-2]) / period
    away = altitudes - np.interp(times, at_s[1:-1], (value[1:-1] + other) / 2)
    reach = _reach(times, away, at_s, np.sign(value[1:-1] - other))
    amplitude = (np.abs(reach[1:]) + np.abs(reach[:-1])) / 2
    every = turning_points(away, TURNED_FT + 1)
    rate = _rate_fpm(times, altitudes, float(np.median(period)) / _RATE_PART)
    held_s, between = np.diff(times), (away[1:] + away[:-1]) / np.median(amplitude)
    speed = float(np.median(known)) if len(known := speed_kt[during][~np.isnan(speed_kt[during])]) else None
    return Swings(
        start_s=float(at_s[0]),
        end_s=float(at_s[-1]),
        count=(len(turn) - 1) / 2,
        period_s=Spread.of(period),
        amplitude_ft=Spread.of(amplitude),
        climb_fpm=float(rate.max()),
        sink_fpm=float(rate.min()),
        fixes=len(times),
        step_s=float(np.median(np.diff(times))),
        low=float(held_s[between < -1].sum() / held_s.sum()),
        high=float(held_s[between > 1].sum() / held_s.sum()),
        smooth=min(1.0, float(np.abs(np.diff(away[turn - turn[0]])).sum() / np.abs(np.diff(away[every])).sum())),
        speed_kt=speed,
        turning_points=tuple(TurningPoint(*point) for point in zip(at_s.tolist(), value.tolist(), strict=True)),
    )


def _reach(time_s: Floats, away_ft: Floats, at_s: Floats, side: Floats) -> Floats:
    """How far the altitude went from its middle line at each inner turning point, sought halfway to its neighbours."""
    edges = np.searchsorted(time_s, (at_s[1:] + at_s[:-1]) / 2)
    near = np.clip(np.searchsorted(edges[1:], np.arange(len(time_s)), side="right"), 0, len(side) - 1)
    reach: Floats = np.maximum.reduceat(away_ft * side[near], edges[:-1]) * side
    return reach


def _rate_fpm(time_s: Floats, altitude_ft: Floats, width_s: float) -> Floats:
    """Mean rates over ``width_s`` around the fixes that have as much on both sides."""
    inner = time_s[(time_s >= time_s[0] + width_s / 2) & (time_s <= time_s[-1] - width_s / 2)]
    ahead, behind = (np.interp(inner + side * width_s / 2, time_s, altitude_ft) for side in (1, -1))
    rate: Floats = (ahead - behind) / width_s * 60
    return rate
