"""Whose the ground and the sea are: the state on whose land or in whose territorial sea a point lies, in no one's else.

The world is cut into parts, and what is stored are the segments between two parts with what lies on either side
(``data/basemap/README.md``). Whose a point is follows from the nearest segment on the way to a point whose part is
known; which parts a circle touches, from the segments within it. Both therefore agree to the last metre.

The view is that of the United Nations, the territorial sea reaches 12 nautical miles from the coast of Natural Earth at
1:10 million whatever a state claims, and where two coasts are nearer, to the line as far from the one as from the
other. Baselines in law differ from that coast: see ``docs/decisions/0031-whose-sky.md`` for what it is worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from geo.basemap.store import TURN_DEG
from geo.errors import GeodesyError
from geo.geodesy import EQUATORIAL_RADIUS_M, FLATTENING, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Labels = NDArray[np.uint16]

GroundKind = Literal["land", "territorial sea", "beyond", "land and sea"]
#: In the order of the numbers of the file.
KINDS: Final[tuple[GroundKind, ...]] = ("beyond", "land", "territorial sea")
#: Segments are found by cells of one degree.
ROWS: Final = 180
COLUMNS: Final = 360
#: The middle of a cell, degrees from its south-western corner: a little off, so that no corner of a segment is level.
MIDDLE: Final = 0.500_03

#: A line is looked at in steps of at most so many degrees.
_STEP_DEG: Final = 0.1
#: No degree of latitude is shorter than so many metres, and none of longitude than that times the cosine of a latitude.
_DEGREE_M: Final = 110_500.0
_POLE: Final = 90.0
#: A line is looked at in so many segments at a time, and so many discs.
_AT_A_TIME: Final = 32
_DISCS_AT_A_TIME: Final = 16
#: Of a line far from every border so many segments are passed over at once.
_PASSED_AT_ONCE: Final = 32 * _AT_A_TIME


@dataclass(frozen=True, slots=True)
class Area:
    """A kind of ground: whose it is, whether land or sea, and in which disputed areas it lies.

    ``code`` is ISO 3166-1 alpha-2 (XK: Kosovo) and "" beyond any territorial sea, or where the ground has no code;
    ``disputed`` the keys of ``disputed_areas``, sorted. No ground is of the kind "land and sea", which tells a
    state's land and territorial sea as one.
    """

    code: str
    kind: GroundKind
    disputed: tuple[str, ...] = ()


BEYOND: Final = Area("", "beyond")


class Crossing(NamedTuple):
    """Where a line crosses from one part into another: the segment of the line and how far along it, 0 to 1."""

    segment: Ints
    share: Floats


@dataclass(frozen=True, eq=False)
class Ground:
    """The segments between the parts of the world, by cells; columns of one length.

    ``first`` and ``second`` are (n, 2) longitude and latitude in degrees, ``left`` and ``right`` numbers of ``areas``;
    ``anchor`` (rows, columns) is the part that the middle of each cell lies in.
    """

    areas: tuple[Area, ...]
    first: Floats
    second: Floats
    left: Labels
    right: Labels
    begins: Ints
    anchor: Ints

    def cell(self, row: int, column: int) -> slice:
        """The segments that touch a cell; columns count on beyond the antimeridian."""
        number = row * COLUMNS + column % COLUMNS
        return slice(self.begins[number], self.begins[number + 1])

    def at(self, lat: ArrayLike, lon: ArrayLike) -> Ints:
        """The number of the area that each point lies in: (n,).

        Raises:
            GeodesyError: for a latitude beyond a pole.
        """
        lats, lons = _points(lat, lon)
        rows = np.clip(np.floor(lats + _POLE), 0, ROWS - 1).astype(np.int64)
        columns = np.clip(np.floor(lons + TURN_DEG / 2), 0, COLUMNS - 1).astype(np.int64)
        found = self.anchor[rows, columns].copy()
        for row, column in sorted(set(zip(rows.tolist(), columns.tolist(), strict=True))):
            edges = self.cell(row, column)
            if edges.start == edges.stop:
                continue
            here = np.flatnonzero((rows == row) & (columns == column))
            middle = np.array([column - TURN_DEG / 2 + MIDDLE, row - _POLE + MIDDLE])
            for part in np.array_split(here, len(here) // 256 + 1):
                self._walk(found, part, np.column_stack([lons[part], lats[part]]), middle, edges)
        return found

    def _walk(self, found: Ints, here: Ints, points: Floats, middle: Floats, edges: slice) -> None:
        """The side of the segment that is crossed first on the straight way from each point to the middle."""
        first, second = self.first[edges], self.second[edges]
        share, turns = _meetings(points, np.broadcast_to(middle, points.shape), first, second)
        nearest = share.argmin(axis=1)
        hit = np.isfinite(share[np.arange(len(here)), nearest])
        side = np.where(turns[np.arange(len(here)), nearest] > 0, self.left[edges][nearest], self.right[edges][nearest])
        found[here[hit]] = side[hit]

    def crossings(self, lat: Floats, lon: Floats) -> Crossing:
        """Where a line, straight on the map between its points, crosses from one part of the world into another.

        Args:
            lat: (n,) degrees.
            lon: (n,) degrees, unwrapped.

        Returns:
            One for each crossing, in no order.
        """
        points = np.column_stack([lon, lat])
        steps = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0.0)
        count = np.maximum(np.ceil(steps / _STEP_DEG), 1).astype(np.int64)
        segment = np.repeat(np.arange(len(points) - 1), count)
        place = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
        low, high = ((place + add) / count[segment] for add in (0, 1))
        way = np.diff(points, axis=0)[segment]
        begins, ends = (points[segment] + share[:, None] * way for share in (low, high))
        segments, shares = [], []
        for start in self._promising(begins, ends):
            part = slice(start, start + _AT_A_TIME)
            one, other = begins[part], ends[part]
            box = (np.minimum(one, other).min(axis=0), np.maximum(one, other).max(axis=0))
            for turn, edges in self._in_box(*box):
                shift = np.array([turn, 0.0])
                share, _ = _meetings(one - shift, other - shift, self.first[edges], self.second[edges])
                row, column = np.nonzero(np.isfinite(share))
                within = share[row, column]
                segments.append(segment[part][row])
                shares.append(low[part][row] + within * (high[part] - low[part])[row])
        if not segments:
            return Crossing(np.zeros(0, dtype=np.int64), np.zeros(0))
        return Crossing(np.concatenate(segments), np.concatenate(shares))

    def _promising(self, begins: Floats, ends: Floats) -> Iterator[int]:
        """Where to look at ``_AT_A_TIME`` ways: not where none of many neighbours comes near a segment."""
        for start in range(0, len(begins), _PASSED_AT_ONCE):
            part = slice(start, start + _PASSED_AT_ONCE)
            low, high = (side(begins[part], ends[part]) for side in (np.minimum, np.maximum))
            if any(len(edges) for _, edges in self._in_box(low.min(axis=0), high.max(axis=0))):
                yield from range(start, min(start + _PASSED_AT_ONCE, len(begins)), _AT_A_TIME)

    def _in_box(self, low: Floats, high: Floats) -> Iterator[tuple[float, Ints]]:
        """Segments whose box meets a box, by the whole turns to add to their longitudes."""
        rows = range(max(math.floor(low[1] + _POLE), 0), min(math.floor(high[1] + _POLE), ROWS - 1) + 1)
        west, east = (math.floor(side + TURN_DEG / 2) for side in (low[0], high[0]))
        # A box that is wider than the world meets each column once.
        east = min(east, west + COLUMNS - 1)
        for turn in range(west // COLUMNS, east // COLUMNS + 1):
            columns = (max(west, turn * COLUMNS), min(east, (turn + 1) * COLUMNS - 1))
            ranges = [
                np.arange(self.cell(row, columns[0]).start, self.cell(row, columns[1]).stop, dtype=np.int64)
                for row in rows
            ]
            edges = np.concatenate(ranges) if ranges else np.zeros(0, dtype=np.int64)
            shift = turn * TURN_DEG
            first, second = self.first[edges], self.second[edges]
            met = (
                (np.minimum(first[:, 0], second[:, 0]) + shift <= high[0])
                & (np.maximum(first[:, 0], second[:, 0]) + shift >= low[0])
                & (np.minimum(first[:, 1], second[:, 1]) <= high[1])
                & (np.maximum(first[:, 1], second[:, 1]) >= low[1])
            )
            yield shift, edges[met]

    def touching(self, lat: ArrayLike, lon: ArrayLike, radius_m: ArrayLike) -> tuple[Ints, Ints]:
        """The segments within a distance of points: numbers of points and of segments, pair by pair.

        Args:
            lat: (n,) degrees.
            lon: (n,) degrees.
            radius_m: (n,) metres, or one for all.

        Raises:
            GeodesyError: for a latitude beyond a pole.
        """
        lats, lons = _points(lat, lon)
        lons = unwrap(lons)
        radii = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), lats.shape)
        points, edges = [], []
        for start in range(0, len(lats), _DISCS_AT_A_TIME):
            part = slice(start, start + _DISCS_AT_A_TIME)
            candidates = self._around(lats[part], lons[part], radii[part])
            if not len(candidates):
                continue
            near = self._away_m(lats[part], lons[part], candidates) <= radii[part, None]
            point, edge = np.nonzero(near)
            points.append(start + point)
            edges.append(candidates[edge])
        if not points:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate(points), np.concatenate(edges)

    def _around(self, lats: Floats, lons: Floats, radii: Floats) -> Ints:
        """Segments that may be within the radius of any of some points."""
        up = radii / _DEGREE_M
        highest = np.minimum(np.abs(lats) + up, _POLE)
        cosine = np.cos(np.radians(highest))
        aside = np.where(highest < _POLE, np.minimum(up / np.maximum(cosine, 1e-9), TURN_DEG / 2), TURN_DEG / 2)
        low = np.array([(lons - aside).min(), (lats - up).min()])
        high = np.array([(lons + aside).max(), (lats + up).max()])
        return np.concatenate([edges for _, edges in self._in_box(low, high)])

    def distance_m(self, lat: float, lon: float, wanted: NDArray[np.bool_]) -> float:
        """How far a point is from the nearest of some areas, metres; 0 in one, infinite where there is none.

        Args:
            lat: degrees.
            lon: degrees.
            wanted: which of ``areas``.
        """
        if wanted[self.at(lat, lon)[0]]:
            return 0.0
        edges = np.flatnonzero(wanted[self.left] | wanted[self.right])
        return float(self._away_m(np.array([lat]), np.array([lon]), edges).min(initial=np.inf))

    def _away_m(self, lats: Floats, lons: Floats, edges: Ints) -> Floats:
        """Distances of k points from n segments, (k, n) metres: through the Earth, then bent to its surface."""
        points = _on_earth(np.column_stack([lons, lats]))[:, None]
        first = _on_earth(self.first[edges])
        along = _on_earth(self.second[edges]) - first
        length2 = np.maximum(np.einsum("ni,ni->n", along, along), 1e-9)
        away = points - first
        share = np.clip(np.einsum("kni,ni->kn", away, along) / length2, 0.0, 1.0)
        away -= share[..., None] * along
        straight = np.sqrt(np.einsum("kni,kni->kn", away, away))
        radius = _mean_radius_m(lats)[:, None]
        return np.asarray(2 * radius * np.arcsin(np.minimum(straight / (2 * radius), 1.0)))


def owners_at(lat: ArrayLike, lon: ArrayLike) -> tuple[Area, ...]:
    """Whose land or sea each point lies in or over.

    Args:
        lat: (n,) degrees, or one number.
        lon: the same; in any turn.

    Raises:
        GeodesyError: for a latitude beyond a pole.
    """
    ground = owners()
    return tuple(ground.areas[number] for number in ground.at(lat, lon).tolist())


def owners_within(lat: float, lon: float, radius_m: float) -> tuple[Area, ...]:
    """Whose land or sea has a point within a distance of a point, by code.

    Raises:
        GeodesyError: for a latitude beyond a pole.
    """
    ground = owners()
    _, edges = ground.touching(lat, lon, radius_m)
    touched = {*ground.at(lat, lon).tolist(), *ground.left[edges].tolist(), *ground.right[edges].tolist()}
    return tuple(
        sorted((ground.areas[number] for number in touched), key=lambda one: (one.code, one.kind, one.disputed))
    )


def sky_distance_m(lat: float, lon: float, code: str) -> float:
    """How far a point is from the land and territorial sea of a state, metres; 0 within, infinite where it has none.

    Raises:
        GeodesyError: for a latitude beyond a pole.
    """
    ground = owners()
    return ground.distance_m(lat, lon, np.array([area.code == code and area != BEYOND for area in ground.areas]))


def _points(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    lats, lons = np.broadcast_arrays(np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64))
    lats, lons = np.atleast_1d(lats), np.atleast_1d(lons)
    if not (np.abs(lats) <= _POLE).all() or not np.isfinite(lons).all():
        raise GeodesyError("every point needs a latitude between -90 and 90 and a longitude")
    return lats, (lons + TURN_DEG / 2) % TURN_DEG - TURN_DEG / 2


def _meetings(begins: Floats, ends: Floats, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Where each of k ways meets each of n segments: how far along the way, 0 to 1, infinite where it does not; (k, n).

    And the sign of the turn from way to segment: positive where the segment's left side is where the way comes from.
    """
    along, edge = (ends - begins)[:, None, :], second - first
    turn = along[..., 0] * edge[:, 1] - along[..., 1] * edge[:, 0]
    off_x, off_y = first[:, 0] - begins[:, 0, None], first[:, 1] - begins[:, 1, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (off_x * edge[:, 1] - off_y * edge[:, 0]) / turn
        place = (off_x * along[..., 1] - off_y * along[..., 0]) / turn
    met = (turn != 0) & (share >= 0) & (share <= 1) & (place >= 0) & (place <= 1)
    return np.where(met, share, np.inf), turn


def _on_earth(points: Floats) -> Floats:
    """Cartesian coordinates, metres, of points (n, 2) longitude, latitude on the ellipsoid."""
    lon, lat = np.radians(points).T
    squared = FLATTENING * (2 - FLATTENING)
    across = EQUATORIAL_RADIUS_M / np.sqrt(1 - squared * np.sin(lat) ** 2)
    flat = across * np.cos(lat)
    return np.column_stack([flat * np.cos(lon), flat * np.sin(lon), across * (1 - squared) * np.sin(lat)])


def _mean_radius_m(lat: Floats) -> Floats:
    """Geometric mean of the radii of curvature at latitudes."""
    squared = FLATTENING * (2 - FLATTENING)
    return np.asarray(EQUATORIAL_RADIUS_M * math.sqrt(1 - squared) / (1 - squared * np.sin(np.radians(lat)) ** 2))


@cache
def owners() -> Ground:
    """Read the file and the basemap, once in a process.

    Raises:
        ResourceError: a file is missing.
    """
    from geo.basemap.ground import read

    return read()
