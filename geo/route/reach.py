"""Reach: where the aircraft can have been while no position was received, given its known ends and its speed.

The space-time prism of time geography (T. Hagerstrand, What about people in regional science?, 1970; H. J. Miller,
Int. J. Geogr. Inf. Syst. 5 (1991) 287-301) on the ellipsoid: at a moment the intersection of geodesic discs around the
known ends, over time what their two distances leave room for (with two ends a geodesic ellipse). It claims nothing of
where the aircraft was, only where it cannot have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import EQUATORIAL_RADIUS_M, Arc, area_m2, destination, distance_m, inverse
from geo.route.edges import Middles, aside, bulge_m, closed, edge_m, united

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.geodesy import Inverse

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

#: Corners of the area of a moment, and of the area over time.
MOMENT_CORNERS: Final = 48
WHOLE_CORNERS: Final = 96
#: Corners of the areas that distances are told from, and how many are looked at together for the farthest.
AWAY_CORNERS: Final = 32
_AT_ONCE: Final = 8
#: Discs wider than this, m, are no longer convex: such a reach is not outlined, and said in words.
WIDEST_M: Final = 9_900_000.0
_TURN: Final = 360.0
#: A point that an anchor excludes is moved towards it by this share of its disc more than it must, so many times.
_INSIDE: Final = 0.1
_MOST_MOVES: Final = 64


@dataclass(frozen=True, slots=True)
class Anchor:
    """A known end: the aircraft was within ``within_m`` of a point at some moment from ``early_s`` to ``late_s``.

    ``rests_on`` says what it is known from: ``measured``, ``schematic`` or ``reconstructed`` (the end of such a line),
    or ``known`` (a place that the case establishes), whose index in the case is then ``known``.
    """

    lat: float
    lon: float
    early_s: float
    late_s: float
    within_m: float = 0.0
    rests_on: str = "measured"
    known: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Budget:
    """How far the aircraft can have flown: cumulative metres at POSIX seconds, linear between, never falling."""

    time_s: Floats
    metres: Floats

    @classmethod
    def steady(cls, start_s: float, end_s: float, speed_m_s: float) -> Budget:
        """That of one speed from ``start_s`` to ``end_s``."""
        return cls(np.array([start_s, end_s]), np.array([0.0, speed_m_s * (end_s - start_s)]))

    def between_m(self, one_s: ArrayLike, other_s: ArrayLike) -> Floats:
        """Metres that can be flown between two times, in either order."""
        ends = [np.interp(np.asarray(at, dtype=np.float64), self.time_s, self.metres) for at in (one_s, other_s)]
        spans: Floats = np.abs(np.asarray(ends[1]) - np.asarray(ends[0]))
        return spans


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The reach from ``start_s`` to ``end_s`` between ``anchors`` in order of time.

    The last anchor may lie before ``end_s``, or the first after ``start_s``: then only the one end is known.
    """

    start_s: float
    end_s: float
    anchors: tuple[Anchor, ...]
    budget: Budget

    @property
    def lacking_m(self) -> float:
        """By how many metres the worst pair of successive anchors exceeds what can be flown.

        Negative is room left; above 0 the anchors contradict the speed limit, and nothing can be outlined.
        """
        spare = [
            float(distance_m(one.lat, one.lon, other.lat, other.lon))
            - one.within_m
            - other.within_m
            - float(self.budget.between_m(one.early_s, other.late_s))
            for one, other in pairwise(self.anchors)
        ]
        return max(spare, default=-np.inf)

    def radii_m(self, time_s: ArrayLike) -> Floats:
        """How far from each anchor the aircraft can be at each time: (anchors, times), metres.

        Of the moments at which it may have been at the anchor, the one that leaves most room counts.
        """
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        return np.stack(
            [
                anchor.within_m
                + np.maximum(
                    np.where(times > anchor.early_s, self.budget.between_m(anchor.early_s, times), 0.0),
                    np.where(times < anchor.late_s, self.budget.between_m(times, anchor.late_s), 0.0),
                )
                for anchor in self.anchors
            ]
        )

    def beyond_m(self, lat: ArrayLike, lon: ArrayLike, time_s: ArrayLike) -> Floats:
        """How far points lie beyond what can be reached at a time, metres; negative or 0 inside. Broadcasts."""
        lats, lons, times = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (lat, lon, time_s)))
        radii = self.radii_m(times.ravel()).reshape(len(self.anchors), *times.shape)
        return self._beyond_m(lats, lons, radii)

    def _beyond_m(self, lat: Floats, lon: Floats, radii: Floats) -> Floats:
        """How far points lie beyond the disc that they exceed most; ``radii`` has a row for each anchor."""
        away = [
            distance_m(lat, lon, anchor.lat, anchor.lon) - room
            for anchor, room in zip(self.anchors, radii, strict=True)
        ]
        farthest: Floats = np.max(away, axis=0)
        return farthest

    def moments(self, time_s: ArrayLike, corners: int = MOMENT_CORNERS, *, tips: bool = True) -> tuple[Arc | None, ...]:
        """The outline of the reach at each time, closed, unwrapped; ``None`` where there is no room or it is too wide.

        With ``tips`` the two points where the edges of two discs cross are corners of their own; without them the
        corners lie evenly around from north, so that one outline can be turned into another.

        The true area lies within the outline, which reaches beyond it by at most 0.5 % of the smallest disc's radius
        with 48 corners.
        """
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        radii = self.radii_m(times)
        middles = self._middles(times, radii)
        centre_lat, centre_lon = middles.lat, middles.lon
        least = radii.min(axis=0)
        grown = bulge_m(2 * np.pi / corners * np.maximum(middles.half_a, middles.half_b), least)
        if tips:
            even = aside(middles.half_a, middles.half_b, corners)
            turned = np.sort(np.column_stack([even, self._tips(times, radii + grown, middles)]), axis=1)
            around = (middles.along[:, None] + turned) % _TURN
        else:
            around = np.broadcast_to(np.arange(corners) * (_TURN / corners), (len(times), corners))
        rays = np.broadcast_to(np.arange(len(times))[:, None], around.shape).ravel()

        def beyond(lat: Floats, lon: Floats, ray: Indices) -> Floats:
            which = rays[ray]
            return self._beyond_m(lat, lon, radii[:, which]) - grown[which]

        drawn = (self.beyond_m(centre_lat, centre_lon, times) <= 1.0) & (least < WIDEST_M)
        lengths = edge_m(beyond, centre_lat[rays], centre_lon[rays], around.ravel(), 2 * (least + grown)[rays] + 1.0)
        ends = destination(centre_lat[rays], centre_lon[rays], around.ravel(), lengths)
        shape = around.shape
        return tuple(
            closed(lats, lons, lon) if good else None
            for lats, lons, lon, good in zip(
                ends.lat.reshape(shape), ends.lon.reshape(shape), centre_lon, drawn, strict=True
            )
        )

    def _middles(self, times: Floats, radii: Floats) -> Middles:
        """A point inside the reach at each time, and how far it extends from there.

        Between two anchors it is the middle of what is left on the geodesic that joins them; if a third one cuts that
        off, the point is moved towards the one most exceeded until none is.
        """
        before, after, line = self._around(times)
        picked = np.arange(len(times))
        first, second, apart = radii[before, picked], radii[after, picked], line.distance_m
        low, high = np.maximum(-first, apart - second), np.minimum(first, apart + second)
        single = before == after
        half_a = np.where(single, first, np.maximum((high - low) / 2, 0.0))
        middle = np.where(single, 0.0, (low + high) / 2)
        foot = np.where(apart > 0, (apart**2 + first**2 - second**2) / (2 * np.maximum(apart, 1e-6)), np.inf)
        crossing = (np.abs(foot) < first) & ~single
        # A lens is widest where its tips are, unless the larger part of one disc is in it.
        tips = np.sqrt(np.maximum(first**2 - foot**2, 0.0))
        half_b = np.where(crossing, np.where(foot < 0, first, np.where(foot > apart, second, tips)), half_a)
        spot = destination(self._lat[before], self._lon[before], line.azimuth_deg, middle)
        lats, lons = spot.lat, spot.lon
        if len(self.anchors) > 2:  # noqa: PLR2004  a chain
            lats, lons, moved = self._inwards(lats, lons, radii)
            crossing = crossing & ~moved
            half_a, half_b = (np.where(moved, radii.min(axis=0), half) for half in (half_a, half_b))
        onward = inverse(lats, lons, self._lat[after], self._lon[after])
        along = np.where(onward.distance_m > 0, onward.azimuth_deg, line.azimuth_deg)
        return Middles(lats, lons, along, half_a, np.maximum(half_b, 1e-3), crossing)

    def _tips(self, times: Floats, radii: Floats, middles: Middles) -> Floats:
        """Where the edges of two discs cross, as angles aside from ``along``, (times, 2); 0 where they do not.

        By the law of cosines on the sphere: the edge is then sought in that direction on the ellipsoid.
        """
        before, after, line = self._around(times)
        picked = np.arange(len(times))
        one, other, apart = (
            np.maximum(way, 1.0) / EQUATORIAL_RADIUS_M
            for way in (radii[before, picked], radii[after, picked], line.distance_m)
        )
        angle = np.degrees(
            np.arccos(np.clip((np.cos(other) - np.cos(one) * np.cos(apart)) / (np.sin(one) * np.sin(apart)), -1.0, 1.0))
        )
        asides = []
        for side in (-1.0, 1.0):
            lat, lon = self._lat[before], self._lon[before]
            tip = destination(lat, lon, line.azimuth_deg + side * angle, radii[before, picked])
            to_tip = inverse(middles.lat, middles.lon, tip.lat, tip.lon).azimuth_deg
            asides.append(np.where(middles.crossing, (to_tip - middles.along) % _TURN, 0.0))
        return np.column_stack(asides)

    def _around(self, times: Floats) -> tuple[Indices, Indices, Inverse]:
        before, after = self._neighbours(times)
        line = inverse(self._lat[before], self._lon[before], self._lat[after], self._lon[after])
        return before, after, line

    @property
    def _lat(self) -> Floats:
        return np.array([anchor.lat for anchor in self.anchors])

    @property
    def _lon(self) -> Floats:
        return np.array([anchor.lon for anchor in self.anchors])

    def _neighbours(self, times: Floats) -> tuple[Indices, Indices]:
        """Index of the anchor before and after each time; the same one twice where there is only one."""
        late = np.array([anchor.late_s for anchor in self.anchors])
        after = np.minimum(np.searchsorted(late, times), len(late) - 1)
        before = np.maximum(np.searchsorted([anchor.early_s for anchor in self.anchors], times, side="right") - 1, 0)
        return np.minimum(before, after), np.where(times > late[-1], before, after)

    def _inwards(self, lats: Floats, lons: Floats, radii: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Move the points that an anchor excludes towards it, each time by what it lacks and a little more."""
        lats, lons = lats.copy(), lons.copy()
        moved = np.zeros(len(lats), dtype=np.bool_)
        for _ in range(_MOST_MOVES):
            away = np.stack([distance_m(lats, lons, anchor.lat, anchor.lon) for anchor in self.anchors]) - radii
            worst, lacking = away.argmax(axis=0), away.max(axis=0)
            out = np.flatnonzero(lacking > 0)
            if len(out) == 0:
                break
            moved[out] = True
            way = inverse(lats[out], lons[out], self._lat[worst[out]], self._lon[worst[out]])
            step = np.minimum(way.distance_m, lacking[out] + _INSIDE * radii[worst[out], out])
            spot = destination(lats[out], lons[out], way.azimuth_deg, step)
            lats[out], lons[out] = spot.lat, spot.lon
        return lats, lons, moved

    def outline(self, corners: int = WHOLE_CORNERS) -> tuple[Arc, ...]:
        """The area of all moments together, as closed unwrapped outlines; empty where nothing can be outlined."""
        parts = [self._between(one, other, corners) for one, other in pairwise(self.anchors)]
        # Where one end alone is known the area grows all the time, and the widest moment holds the others.
        parts += self.moments([self.start_s], corners) if self.anchors[0].early_s > self.start_s else ()
        parts += self.moments([self.end_s], corners) if self.anchors[-1].late_s < self.end_s else ()
        return united([part for part in parts if part is not None])

    def _between(self, one: Anchor, other: Anchor, corners: int) -> Arc | None:
        """The outline between two anchors: the sum of the ways to them is no longer than what can be flown.

        With no room to be within an anchor this is a geodesic ellipse with the anchors in its foci.
        """
        room = float(self.budget.between_m(one.early_s, other.late_s))
        line = inverse(one.lat, one.lon, other.lat, other.lon)
        apart = float(line.distance_m)
        slack = room + one.within_m + other.within_m
        if slack < apart or slack / 2 > WIDEST_M:
            return None
        half_a, half_b = slack / 2, np.sqrt(max(slack**2 - apart**2, 0.0)) / 2
        centre = destination(one.lat, one.lon, float(line.azimuth_deg), apart / 2)
        at_centre = inverse(centre.lat, centre.lon, other.lat, other.lon)
        around = float(at_centre.azimuth_deg) + aside(np.array([half_a]), np.array([max(half_b, 1e-3)]), corners)[0]

        def beyond(lat: Floats, lon: Floats, _: Indices) -> Floats:
            return (
                np.maximum(distance_m(lat, lon, one.lat, one.lon) - one.within_m, 0.0)
                + np.maximum(distance_m(lat, lon, other.lat, other.lon) - other.within_m, 0.0)
                - room
            )

        lat, lon = np.full(len(around), centre.lat), np.full(len(around), centre.lon)
        lengths = edge_m(beyond, lat, lon, around, np.full(len(around), slack + 1.0))
        # An ellipse lies within the polygon of its points moved out by this factor: it is a circle seen aslant.
        ends = destination(lat, lon, around, lengths / np.cos(np.pi / corners))
        return closed(ends.lat, ends.lon, float(centre.lon))

    @property
    def area_km2(self) -> float:
        """Area of ``outline`` on the ellipsoid, square kilometres; NaN where nothing can be outlined."""
        outlines = self.outline()
        return sum(float(area_m2(part.lat, part.lon)) for part in outlines) / 1e6 if outlines else float("nan")

    def away_m(self, lat: float, lon: float, time_s: ArrayLike) -> tuple[Floats, Floats]:
        """Least and greatest distance from a point that the aircraft can have had at each time, metres; NaN where none.

        Both are bounds: the aircraft was not nearer than the one nor farther than the other.
        """
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        least, bound = self._bounds_m(lat, lon, times)
        farthest = [
            np.nan if part is None else distance_m(lat, lon, part.lat, part.lon).max()
            for part in self.moments(times, AWAY_CORNERS)
        ]
        none = np.isnan(farthest)
        return np.where(none, np.nan, least), np.where(none, np.nan, np.fmin(farthest, bound))

    def farthest(self, lat: float, lon: float, time_s: ArrayLike) -> tuple[float, float]:
        """At which of these times it can have been farthest from a point, and how far, metres; NaN where none.

        Times are looked at in the order of what the discs alone allow, until no other can be farther.
        """
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        _, bound = self._bounds_m(lat, lon, times)
        best = (np.nan, np.nan)
        for some in np.array_split(np.argsort(-bound), max(len(times) // _AT_ONCE, 1)):
            if bound[some].max() <= best[1]:
                break
            _, greatest = self.away_m(lat, lon, times[some])
            if not np.isnan(greatest).all() and not np.nanmax(greatest) <= best[1]:
                best = float(times[some[np.nanargmax(greatest)]]), float(np.nanmax(greatest))
        return best

    def _bounds_m(self, lat: float, lon: float, times: Floats) -> tuple[Floats, Floats]:
        """Least distance from a point, and a bound of the greatest, by each disc alone."""
        apart = np.array([[float(distance_m(lat, lon, anchor.lat, anchor.lon))] for anchor in self.anchors])
        radii = self.radii_m(times)
        return np.maximum((apart - radii).max(axis=0), 0.0), (apart + radii).min(axis=0)
