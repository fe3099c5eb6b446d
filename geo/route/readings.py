"""What was received of an aircraft beside its position: velocities over ground and through the air."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np

from geo.measures import FOOT_M, KNOT_M_S
from geo.model.track import REASONS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.model import Track

    Floats = NDArray[np.float64]

#: A direction and a speed are of one moment if they were received within this, s: the speed changes slowly.
TOGETHER_S: Final = 60.0
#: Two readings farther apart than this have time without a reading between them, s.
APART_S: Final = 60.0
#: A value that stayed the same for this long, s, and then jumps by so much was not received all that time.
COPIED_S: Final = 15.0
JUMP_DEG: Final = 8.0
JUMP_KT: Final = 12.0
#: How well the time of a received position is known, s: what the position may be off along the flight.
TIMED_S: Final = 0.4
#: For so long around a gap both velocities are compared, s, in parts of so long, if received this close together.
AROUND_S: Final = 900.0
AROUND_STEP_S: Final = 120.0
AROUND_APART_S: Final = 6.0
#: Winds around a gap that differ from their median by more than this, m/s, are those of a false ground speed.
ALIKE_M_S: Final = 40.0
#: Over how many seconds the climb is taken; the least part of an airspeed that is level flight.
_CLIMB_S: Final = 10.0
_LEVEL: Final = 0.3
#: Reasons for which a fix is not believed, and with it its ground speed and track, which come from the same receiver.
_FALSE: Final = tuple(REASONS.index(word) for word in ("out of range", "implausible speed", "low integrity"))
#: Reasons for which the time of a fix says nothing.
_UNTIMELY: Final = tuple(REASONS.index(word) for word in ("duplicate", "time runs backwards"))


@dataclass(frozen=True, slots=True)
class End:
    """A known end of a gap: degrees, POSIX seconds, how well the position is known, knots and degrees over ground."""

    lat: float
    lon: float
    time_s: float
    within_m: float = 0.0
    ground_speed_kt: float | None = None
    track_deg: float | None = None

    @classmethod
    def measured(
        cls, lat: float, lon: float, time_s: float, ground_speed_kt: float | None, track_deg: float | None
    ) -> Self:
        """A received position: where it was at that time is known as well as the time."""
        speed_kt = ground_speed_kt if ground_speed_kt is not None and np.isfinite(ground_speed_kt) else 0.0
        return cls(lat, lon, time_s, TIMED_S * speed_kt * KNOT_M_S, ground_speed_kt, track_deg)

    @property
    def velocity(self) -> tuple[float, float] | None:
        """Speed in m/s and direction in degrees over ground, if both are known."""
        if self.ground_speed_kt is None or self.track_deg is None:
            return None
        known = np.isfinite(self.ground_speed_kt) and np.isfinite(self.track_deg)
        return (self.ground_speed_kt * KNOT_M_S, self.track_deg) if known else None


class Around(NamedTuple):
    """Velocities through the air and over ground received together outside a gap: POSIX seconds, m/s.

    The velocities are (m, 2), north and east.
    """

    time_s: Floats
    air_m_s: Floats
    ground_m_s: Floats


class Velocities(NamedTuple):
    """Velocities read: POSIX seconds in order, degrees clockwise from north (unwrapped), m/s; of one length."""

    time_s: Floats
    direction_deg: Floats
    speed_m_s: Floats

    def between(self, start_s: float, end_s: float) -> Velocities:
        """Those of an interval, and the nearest on either side if it is near enough to speak of its ends."""
        first, last = np.searchsorted(self.time_s, start_s), np.searchsorted(self.time_s, end_s, side="right")
        if first > 0 and start_s - self.time_s[first - 1] <= APART_S:
            first -= 1
        if last < len(self.time_s) and self.time_s[last] - end_s <= APART_S:
            last += 1
        return Velocities(*(column[first:last] for column in self))

    def share(self, start_s: float, end_s: float) -> float:
        """The share of an interval in which two successive readings are at most ``APART_S`` apart.

        The first and the last reading speak for half of that before and after them.
        """
        if not len(self.time_s) or end_s <= start_s:
            return 0.0
        reach = APART_S / 2
        edges = np.concatenate([[start_s - reach], self.time_s, [end_s + reach]])
        edges = np.clip(edges, start_s - reach, end_s + reach)
        left, right = edges[:-1], edges[1:]
        missing = np.where(right - left > APART_S, right - left - 2 * reach, 0.0)
        return float(np.clip(1 - np.sum(missing) / (end_s - start_s), 0.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What was received with or without a position, in order of time; NaN where a message did not carry it.

    Columns of one length: POSIX seconds, degrees clockwise from north, knots, feet (pressure altitude). ``true_north``
    says that headings are from true north; most are from magnetic north, and no format but readsb's says which.
    """

    time_s: Floats
    heading_deg: Floats
    true_airspeed_kt: Floats
    indicated_airspeed_kt: Floats
    mach: Floats
    ground_speed_kt: Floats
    track_deg: Floats
    altitude_ft: Floats
    true_north: bool = False

    @classmethod
    def of(cls, time_s: ArrayLike, *, true_north: bool = False, **columns: ArrayLike) -> Self:
        """From array-likes of one length; columns that are not given are NaN.

        Raises:
            TypeError: for a column that readings do not have.
        """
        times = np.asarray(time_s, dtype=np.float64)
        names = _COLUMNS[1:]
        if unknown := columns.keys() - set(names):
            raise TypeError(f"readings have no column {', '.join(sorted(unknown))}")
        order = np.argsort(times, kind="stable")
        filled = {
            name: np.asarray(columns[name], dtype=np.float64)[order] if name in columns else np.full(len(times), np.nan)
            for name in names
        }
        return cls(times[order], **filled, true_north=true_north)

    @classmethod
    def of_track(cls, track: Track, *, true_north: bool = False) -> Self:
        """Those of a track. Ground speed and track of a fix whose position is false are left out: they are its kin."""
        track = track.take(~np.isin(track.reason, _UNTIMELY))
        believed = ~np.isin(track.reason, _FALSE)
        return cls.of(
            track.time_s,
            true_north=true_north,
            heading_deg=track.heading_deg,
            true_airspeed_kt=track.true_airspeed_kt,
            indicated_airspeed_kt=track.indicated_airspeed_kt,
            ground_speed_kt=np.where(believed, track.ground_speed_kt, np.nan),
            track_deg=np.where(believed, track.track_deg, np.nan),
            altitude_ft=track.held_altitude_ft,
        )

    def columns(self) -> dict[str, Floats]:
        """The columns beside the times, by name."""
        return {name: getattr(self, name) for name in _COLUMNS[1:]}

    def part(self, start_s: float, end_s: float) -> Self:
        """Those of an interval, both of its ends included."""
        inside = slice(np.searchsorted(self.time_s, start_s), np.searchsorted(self.time_s, end_s, side="right"))
        columns = {name: column[inside] for name, column in self.columns().items()}
        return type(self)(self.time_s[inside], **columns, true_north=self.true_north)

    def without(self, *names: str) -> Self:
        """Without these columns."""
        kept = {name: column for name, column in self.columns().items() if name not in names}
        return type(self).of(self.time_s, true_north=self.true_north, **kept)

    def over_ground(self) -> Velocities:
        """Velocities over ground, at the times of the tracks."""
        return self._velocities(self.track_deg, self.ground_speed_kt)

    def through_air(self) -> Velocities:
        """Horizontal velocities through the air, at the times of the headings."""
        return self._velocities(self.heading_deg, self._level_airspeed_kt())

    def around(self, start_s: float, end_s: float) -> Around | None:
        """Means of what was received both through the air and over ground shortly before and after an interval."""
        air, ground = self.through_air(), self.over_ground()
        if not len(air.time_s) or not len(ground.time_s):
            return None
        near = np.searchsorted(ground.time_s, air.time_s)
        near = np.clip(near, 1, len(ground.time_s) - 1) if len(ground.time_s) > 1 else np.zeros_like(near)
        near = np.where(
            np.abs(ground.time_s[near - 1] - air.time_s) < np.abs(ground.time_s[near] - air.time_s), near - 1, near
        )
        aside = np.where(air.time_s < start_s, start_s - air.time_s, air.time_s - end_s)
        good = (np.abs(ground.time_s[near] - air.time_s) <= AROUND_APART_S) & (aside > 0) & (aside <= AROUND_S)
        if not bool(good.any()):
            return None
        part = np.floor(air.time_s[good] / AROUND_STEP_S)
        _, which, count = np.unique(part, return_inverse=True, return_counts=True)

        def mean(values: Floats) -> Floats:
            summed: Floats = np.bincount(which, weights=values) / count
            return summed

        columns = [
            np.stack(
                [mean(one.speed_m_s[rows] * turn(np.radians(one.direction_deg[rows]))) for turn in (np.cos, np.sin)], -1
            )
            for one, rows in ((air, np.flatnonzero(good)), (ground, near[good]))
        ]
        wind = columns[1] - columns[0]
        alike = np.hypot(*(wind - np.median(wind, axis=0)).T) <= ALIKE_M_S
        return Around(mean(air.time_s[good])[alike], columns[0][alike], columns[1][alike])

    def _velocities(self, direction_deg: Floats, speed_kt: Floats) -> Velocities:
        speed_m_s = self._filled(speed_kt) * KNOT_M_S
        both = np.flatnonzero(~np.isnan(direction_deg) & ~np.isnan(speed_m_s))
        both = both[_fresh(self.time_s[both], direction_deg[both], speed_kt[both])]
        turned = np.unwrap(direction_deg[both], period=360.0) if len(both) else direction_deg[both]
        return Velocities(self.time_s[both], turned, speed_m_s[both])

    def _filled(self, values: Floats) -> Floats:
        """The values, between two of them or near one interpolated; NaN where none was received within a minute."""
        held = ~np.isnan(values)
        if not bool(held.any()):
            return values
        times = self.time_s[held]
        after = np.minimum(np.searchsorted(times, self.time_s), len(times) - 1)
        before = np.maximum(np.searchsorted(times, self.time_s, side="right") - 1, 0)
        away = np.minimum(np.abs(times[after] - self.time_s), np.abs(self.time_s - times[before]))
        return np.where(away <= TOGETHER_S, np.interp(self.time_s, times, values[held]), np.nan)

    def altitude(self) -> tuple[Floats, Floats] | None:
        """Times and altitudes, feet, where received; none where never."""
        held = ~np.isnan(self.altitude_ft)
        return (self.time_s[held], self.altitude_ft[held]) if bool(held.any()) else None

    def _level_airspeed_kt(self) -> Floats:
        """The horizontal part of the true airspeed: received, else reckoned from indicated airspeed or Mach number.

        What is reckoned holds for the standard atmosphere; where the true airspeed was received too, the median of
        their ratio carries over what is not so.
        """
        altitude = self.altitude()
        true_kt = self.true_airspeed_kt
        if altitude is None:
            return true_kt
        times, feet = altitude
        received_kt = self._filled(true_kt)
        for reckoned_kt in self._reckoned_kt(np.interp(self.time_s, times, feet)):
            ratio = np.divide(received_kt, reckoned_kt, out=np.full_like(reckoned_kt, np.nan), where=reckoned_kt > 0)
            scale = float(np.nanmedian(ratio)) if bool(np.any(~np.isnan(ratio))) else 1.0
            true_kt = np.where(np.isnan(true_kt), reckoned_kt * scale, true_kt)
        half_s = _CLIMB_S / 2
        rise_ft = np.interp(self.time_s + half_s, times, feet) - np.interp(self.time_s - half_s, times, feet)
        climb_kt = rise_ft * FOOT_M / _CLIMB_S / KNOT_M_S
        level_kt: Floats = np.sqrt(np.maximum(true_kt**2 - climb_kt**2, (_LEVEL * true_kt) ** 2))
        return level_kt

    def _reckoned_kt(self, altitude_ft: Floats) -> tuple[Floats, Floats]:
        from geo.atmosphere import tas_from_cas_kt, tas_from_mach_kt

        return (
            np.asarray(tas_from_cas_kt(self.indicated_airspeed_kt, altitude_ft)),
            np.asarray(tas_from_mach_kt(self.mach, altitude_ft)),
        )


def _fresh(time_s: Floats, direction_deg: Floats, speed_kt: Floats) -> NDArray[np.bool_]:
    """Mask of the readings that are no copies of an older one.

    Some sources repeat the last velocity while none is received. In level flight nothing tells that from a steady one,
    and nothing is lost; where the next value is far off, the copies before it were old, and only the first holds.
    """
    if len(time_s) < 2:  # noqa: PLR2004  nothing repeated
        return np.ones(len(time_s), dtype=np.bool_)
    turn = np.abs((np.diff(direction_deg) + 180.0) % 360.0 - 180.0)
    change = np.nan_to_num(np.abs(np.diff(speed_kt)))
    first = np.concatenate([[True], (turn > 0) | (change > 0)])
    jump = np.concatenate([(turn > JUMP_DEG) | (change > JUMP_KT), [False]])
    run = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], len(time_s)) - 1
    old = (time_s[ends] - time_s[starts] > COPIED_S) & jump[ends]
    fresh: NDArray[np.bool_] = first | ~old[run]
    return fresh


_COLUMNS: Final = tuple(field.name for field in fields(Readings) if field.name != "true_north")
