"""Dead reckoning in a gap, and its closing: from velocities between two ends to a path, its doubt, and what was added.

The velocities are base plus unknown. The base is what was read, or without readings the shortest path at one speed. The
unknown is described in ``doubt``: wind, the north of the headings, the scale of the airspeeds, what was not read. It
is told the velocities over ground at the ends where these are known, then the path is integrated and closed. North
and scale change the base other than in proportion, so the whole is done again about their first estimate.

Doubt and path do not depend on the direction of time, to less than a metre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.geodesy import EQUATORIAL_RADIUS_M, destination, inverse
from geo.measures import FOOT_M
from geo.route import doubt
from geo.route.doubt import Unknown
from geo.route.integration import Chord, Flown, flown, from_north, line, middle, normals, north_east, points, positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.route.readings import Around, End, Velocities

    Floats = NDArray[np.float64]

#: A path has a point each second, or this many steps; the unknown has knots, and some more around unread times.
_MOST_STEPS: Final = 1_024
_KNOTS: Final = 49
_MOST_UNREAD: Final = 40
_UNREAD_S: Final = 25.0
#: Without any speed known, m/s: that of a slow airliner.
_SOME_SPEED_M_S: Final = 130.0
#: Over this many seconds the turn at an end is taken.
_TURN_S: Final = 10.0
_NONE: Final = np.zeros(0)


class Base(NamedTuple):
    """Where velocities come from: what is read in the middle of the steps, and what is unknown besides.

    ``read_m_s`` (steps, 2) are components north and east, or if not ``to_north`` along and across the chord, ``kernel``
    (n, n) is the covariance of a component at the knots. ``late_s``, ``north_deg`` and ``scale`` are the
    deviations of three numbers that change the base: how late readings are, how far from true north, how far from the
    true speed. 0 where they are known; the last two go together and need the first.
    """

    read_m_s: Floats
    kernel: Floats
    to_north: bool = True
    late_s: float = 0.0
    north_deg: float = 0.0
    scale: float = 0.0
    around: Around | None = None


class Reckoned(NamedTuple):
    """A path: degrees (unwrapped), the deviation of each position in theory, m, and what was added to get there.

    ``open_m`` is what was missing at the end before it was closed, ``added_m_s`` the mean of what was added to the
    base, north and east in the middle of the path, beside a turn of all directions by ``north_deg``; by ``surprise``
    all deviations grew for what was missing. If not ``settled`` the integration found no path.
    """

    lat: Floats
    lon: Floats
    spread_m: Floats
    open_m: float
    added_m_s: tuple[float, float]
    north_deg: float
    surprise: float
    settled: bool


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """A gap cut into steps, and the knots of what is unknown in it: POSIX seconds; pressure altitudes, where known."""

    start: End
    end: End | None
    time_s: Floats
    knot_s: Floats
    altitude: tuple[Floats, Floats] | None

    @classmethod
    def between(
        cls,
        start: End,
        end: End | None,
        until_s: float,
        read_s: Floats,
        altitude: tuple[Floats, Floats] | None,
        around_s: Floats = _NONE,
    ) -> Gap:
        """From ``start`` until a time, with knots around what is not read and at some times outside."""
        length_s = until_s - start.time_s
        steps = int(np.clip(np.ceil(length_s), 2, _MOST_STEPS))
        inside = read_s[(read_s > start.time_s) & (read_s < until_s)]
        edges = np.concatenate([[start.time_s], inside, [until_s]])
        widths = np.diff(edges)
        wide = np.flatnonzero(widths > _UNREAD_S)
        wide = wide[np.argsort(-widths[wide], kind="stable")[:_MOST_UNREAD]] if len(inside) else wide[:0]
        regular = np.linspace(start.time_s, until_s, _KNOTS)
        between = [edges[wide], (edges[wide] + edges[wide + 1]) / 2, edges[wide + 1]]
        knots = np.unique(np.concatenate([regular, *between, around_s]))
        return cls(start, end, np.linspace(start.time_s, until_s, steps + 1), knots, altitude)

    @property
    def inside(self) -> slice:
        """The knots in the gap, both ends included."""
        first, last = np.searchsorted(self.knot_s, self.time_s[[0, -1]])
        return slice(int(first), int(last) + 1)

    @property
    def length_s(self) -> float:
        """How long it is."""
        return float(self.time_s[-1] - self.time_s[0])

    @property
    def middle_s(self) -> Floats:
        """The middle of each step."""
        middle: Floats = (self.time_s[1:] + self.time_s[:-1]) / 2
        return middle

    def altitude_ft(self, time_s: Floats) -> Floats | None:
        """The altitude at some times, between two of them interpolated; none where never received."""
        return None if self.altitude is None else np.interp(time_s, *self.altitude)

    def step_s(self) -> Floats:
        """The length of each step, shortened as the way on the surface is shorter than that at altitude."""
        feet = self.altitude_ft(self.middle_s)
        length: Floats = np.diff(self.time_s)
        return length if feet is None else length / (1 + feet * FOOT_M / EQUATORIAL_RADIUS_M)

    def chord(self, direction_deg: float) -> Chord:
        """The great circle through both ends, or from the first in a direction."""
        first = normals(self.start.lat, self.start.lon)
        if self.end is None:
            return Chord.towards(first, direction_deg)
        return Chord.between(first, normals(self.end.lat, self.end.lon))


def read(gap: Gap, velocities: Velocities, kernel: Floats) -> Base:
    """The base of velocities that were read, between two of them turning at one rate, and unknown between."""
    direction = np.interp(gap.middle_s, velocities.time_s, velocities.direction_deg)
    speed = np.interp(gap.middle_s, velocities.time_s, velocities.speed_m_s)
    edges = np.concatenate([[-np.inf], velocities.time_s, [np.inf]])
    after = np.searchsorted(velocities.time_s, gap.knot_s)
    known = edges[after + 1] - edges[after] <= _UNREAD_S
    known[: gap.inside.start] = known[gap.inside.stop :] = True
    read_s = np.union1d(velocities.time_s, gap.knot_s[known])
    missing = doubt.unread(gap.knot_s, read_s, doubt.BETWEEN_SHARE * float(np.mean(speed)), doubt.UNREAD_S)
    turn = np.radians(direction)
    return Base(speed[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1), kernel + missing, late_s=doubt.LATE_S)


def straight(gap: Gap, end: End) -> Base:
    """The base without readings: the shortest path at one speed; what is unknown grows with what the ends leave open.

    At their speed the aircraft could have covered more than the distance between them, or they point elsewhere: the
    difference of their velocities from the mean one is that by which it has to have varied.
    """
    start = gap.start
    way = inverse(start.lat, start.lon, end.lat, end.lon)
    mean_m_s = float(way.distance_m) / gap.length_s
    ends = [
        (found[0], np.radians(found[1] - azimuth))
        for found, azimuth in (
            (start.velocity, float(way.azimuth_deg)),
            (end.velocity, float(way.final_azimuth_deg)),
        )
        if found is not None
    ]
    if ends:
        speed = float(np.mean([speed for speed, _ in ends]))
        apart = [np.hypot(v * np.cos(turn) - mean_m_s, v * np.sin(turn)) for v, turn in ends]
        room = float(np.sqrt(np.mean(np.square(apart))))
    else:
        speed = max(mean_m_s, _SOME_SPEED_M_S)
        room = float(np.sqrt(speed**2 - mean_m_s**2))
    share = doubt.UNREAD_SHARE if len(ends) == 2 else doubt.BLIND_SHARE  # noqa: PLR2004  both ends
    sd = share * speed + doubt.UNREAD_ROOM * room
    kernel = doubt.unread(gap.knot_s, np.array([]), sd, doubt.UNREAD_S)
    spots = destination(start.lat, start.lon, way.azimuth_deg, way.distance_m * np.linspace(0, 1, len(gap.time_s)))
    up = normals(spots.lat, spots.lon)
    along = gap.chord(0.0).components(middle(up), np.diff(points(up), axis=0) / gap.step_s()[:, None])
    return Base(along, kernel, to_north=False)


def reckon(gap: Gap, base: Base) -> Reckoned:
    """The path of a gap from its base, closed on the end if there is one."""
    chord = gap.chord(float(np.degrees(np.arctan2(base.read_m_s[0, 1], base.read_m_s[0, 0]))))
    first = normals(gap.start.lat, gap.start.lon)
    last = None if gap.end is None else normals(gap.end.lat, gap.end.lon)
    step_s = gap.step_s()
    seconds = doubt.sums(gap.knot_s, gap.start.time_s, float(gap.time_s[-1]))
    still = np.zeros((len(step_s), 2))
    path: Flown | None = None
    turned, scale = 0.0, 1.0
    wind = still
    for _ in range(2 if base.north_deg else 1):
        parts = scale * _turned(base.read_m_s, turned)

        def velocity(up: Floats, parts: Floats = parts) -> Floats:
            return from_north(up, parts) if base.to_north else chord.vectors(up, parts)

        if path is not None:
            up = path.up
        elif last is not None:
            up = line(first, last, step_s)
        else:
            up = flown(first, None, step_s=step_s, velocity=velocity, chord=chord, added=still).up
        read_m_s = chord.components(middle(up), velocity(middle(up)))
        at_knots = _at_knots(gap, chord, base, read_m_s, turned, scale)
        unknown = _told(gap, chord, read_m_s, at_knots, _unknown(gap, base, at_knots, turned, scale))
        unknown = _told_around(gap, chord, base, at_knots, unknown)
        gain = None
        if gap.end is not None:
            unknown, gains, variance = unknown.closed(seconds[-1])
            gain = _at_steps(gap, gains)
        added = _at_steps(gap, unknown.mean[:, None])[..., 0]
        path = flown(first, last, step_s=step_s, velocity=velocity, chord=chord, added=added, gain=gain)
        numbers = unknown.numbers if gap.end is None else unknown.numbers + gains[2 * unknown.knots :] @ path.open_m
        effects = _effects(read_m_s, gap.middle_s)[: len(numbers)]
        wind = path.added - sum((number * effect for number, effect in zip(numbers, effects, strict=True)), still)
        if base.north_deg:
            turned, scale = turned + float(numbers[1]), scale * (1 + float(numbers[2]))
    assert path is not None  # noqa: S101  the loop runs once or twice
    scatter = 1.0 if gap.end is None else doubt.surprise(path.open_m, variance)
    found = _result(gap, chord, path, unknown.spread_m(seconds) * scatter, wind)
    return found._replace(north_deg=float(np.degrees(turned)), surprise=scatter)


def _turned(parts: Floats, angle: float) -> Floats:
    """Components (n, 2), north and east or along and across, turned to the right by an angle in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    turned: Floats = parts @ np.array([[cos, sin], [-sin, cos]])
    return turned


def _effects(read_m_s: Floats, time_s: Floats) -> tuple[Floats, Floats, Floats]:
    """How velocities (n, 2) change if readings are a second late, a radian too far left, or 100 % too slow."""
    return np.gradient(read_m_s, time_s, axis=0), _turned(read_m_s, np.pi / 2), read_m_s


def _unknown(gap: Gap, base: Base, at_knots: Floats, turned: float, scale: float) -> Unknown:
    """What is unknown beside the base as it is turned and scaled by now."""
    unknown = Unknown.of(base.kernel)
    _, right, forward = _effects(at_knots, gap.knot_s)
    if base.late_s:
        late = np.zeros_like(at_knots)
        late[gap.inside] = np.gradient(at_knots[gap.inside], gap.knot_s[gap.inside], axis=0)
        unknown = unknown.with_number(late.T.ravel(), 0.0, base.late_s)
    if base.north_deg:
        unknown = unknown.with_number(right.T.ravel(), -turned, np.radians(base.north_deg))
        unknown = unknown.with_number(forward.T.ravel(), 1 / scale - 1, base.scale)
    return unknown


def _told(gap: Gap, chord: Chord, read_m_s: Floats, at_knots: Floats, unknown: Unknown) -> Unknown:
    """The unknown after the velocities over ground at the ends; in a turn they are late, and told with more doubt."""
    over = max(1, min(len(read_m_s) - 1, round(_TURN_S / float(gap.time_s[1] - gap.time_s[0]))))
    over_s = over * float(gap.time_s[1] - gap.time_s[0])
    for end, knot, change in (
        (gap.start, gap.inside.start, read_m_s[over] - read_m_s[0]),
        (gap.end, gap.inside.stop - 1, read_m_s[-1] - read_m_s[-1 - over]),
    ):
        if end is None or end.velocity is None:
            continue
        speed, direction = end.velocity
        up, turn = normals(end.lat, end.lon), np.radians(direction)
        told = chord.components(up, from_north(up, speed * np.array([np.cos(turn), np.sin(turn)])))
        late = doubt.END_LATE_S * float(np.hypot(*change)) / over_s
        unknown = unknown.told(knot, told - at_knots[knot], float(np.hypot(doubt.END_M_S, late)))
    return unknown


def _told_around(gap: Gap, chord: Chord, base: Base, at_knots: Floats, unknown: Unknown) -> Unknown:
    """The unknown after what was received outside the gap."""
    if base.around is None:
        return unknown
    for time_s, ground_m_s in zip(base.around.time_s, base.around.ground_m_s, strict=True):
        knot = int(np.searchsorted(gap.knot_s, time_s))
        told = _along(gap, chord, float(time_s), ground_m_s[None, :])[0]
        unknown = unknown.told(knot, told - at_knots[knot], doubt.END_M_S)
    return unknown


def _along(gap: Gap, chord: Chord, time_s: float, north_east_m_s: Floats) -> Floats:
    """Velocities north and east (m, 2) as along and across, at the end of the gap that is nearer in time."""
    end = gap.start if gap.end is None or time_s <= gap.start.time_s else gap.end
    up = normals(end.lat, end.lon)
    return chord.components(up, from_north(up, north_east_m_s))


def _at_knots(gap: Gap, chord: Chord, base: Base, read_m_s: Floats, turned: float, scale: float) -> Floats:
    """Components along and across (n, 2) of the base at the knots: of what was read in the steps, and outside."""
    found = np.stack([np.interp(gap.knot_s, gap.middle_s, read_m_s[:, part]) for part in (0, 1)], axis=-1)
    if base.around is None:
        return found
    air_m_s = scale * _turned(base.around.air_m_s, turned)
    for time_s, air in zip(base.around.time_s, air_m_s, strict=True):
        found[int(np.searchsorted(gap.knot_s, time_s))] = _along(gap, chord, float(time_s), air[None, :])[0]
    return found


def _at_steps(gap: Gap, unknown: Floats) -> Floats:
    """Columns (2n + p, k) of what is unknown at the knots, in the middle of the steps: (steps, 2, k)."""
    count = len(gap.knot_s)
    parts = [
        [np.interp(gap.middle_s, gap.knot_s, column[part * count : (part + 1) * count]) for column in unknown.T]
        for part in (0, 1)
    ]
    return np.moveaxis(np.array(parts), -1, 0)


def _result(gap: Gap, chord: Chord, path: Flown, spread_m: Floats, wind: Floats) -> Reckoned:
    lat, lon = positions(path.up)
    variance = np.interp(gap.time_s, gap.knot_s, spread_m**2)
    variance[0] = 0.0
    if gap.end is not None:
        variance[-1] = 0.0
    halfway = path.up[len(path.up) // 2]
    vector = chord.vectors(halfway, np.mean(wind, axis=0))
    north, east = north_east(halfway)
    return Reckoned(
        lat=lat,
        lon=lon,
        spread_m=np.sqrt(variance),
        open_m=float(np.hypot(*path.open_m)),
        added_m_s=(float(vector @ north), float(vector @ east)),
        north_deg=0.0,
        surprise=1.0,
        settled=path.settled,
    )
