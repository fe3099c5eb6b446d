"""Areas as they are asked for: outlines of whole millionths of a degree, whose edges do not cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.archive.boxes import MILLIONTHS, Box
from geo.archive.layout import CELL_DEG
from geo.errors import ArchiveError
from geo.geodesy import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

#: More corners than any sector or country simplified for a question has; each is compared with rows.
MOST_CORNERS: Final = 2_000
_TURN: Final = 360 * MILLIONTHS
_HALF_TURN: Final = _TURN // 2
_POLE: Final = 90 * MILLIONTHS
_LEAST_CORNERS: Final = 3
#: Degrees; longitudes may run on for a turn beyond the map.
_FURTHEST: Final = (90.0, 540.0)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The edges of an area on a map of the longitudes from -180° to 180°, in millionths of a degree.

    Edge ``i`` runs from ``x1[i]``, ``y1[i]`` eastwards or straight north or south to ``x2[i]``, ``y2[i]``: ``x`` are
    longitudes, ``y`` latitudes. One that goes over the antimeridian is there twice, once beyond either end of the map.
    A point of the map lies in the area if an odd number of edges is north of it, or an even one where the area
    ``holds_north_pole``.
    """

    x1: Whole
    y1: Whole
    x2: Whole
    y2: Whole
    holds_north_pole: bool
    box: Box

    def __len__(self) -> int:
        return len(self.x1)

    def touched(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The numbers of the cells that an edge passes or touches, and of those that lie in the area as a whole."""
        side, columns = CELL_DEG * MILLIONTHS, 360 // CELL_DEG
        cells = np.array(self.box.cells(), dtype=np.int64)
        south, west = cells // columns * side - _POLE, cells % columns * side - _HALF_TURN
        passed = np.zeros(len(cells), dtype=np.bool_)
        for row in np.unique(south):
            here = south == row
            passed[here] = self._passes(int(row), west[here], side)
        within = ~passed & self.holds(west + side // 2, south + side // 2)
        return tuple(cells[passed].tolist()), tuple(cells[within].tolist())

    def _passes(self, south: int, west: Whole, side: int) -> NDArray[np.bool_]:
        """Whether an edge has a point in common with each of these squares, sides included."""
        x1, y1, x2, y2 = (column[:, None] for column in (self.x1, self.y1, self.x2, self.y2))
        near = (x1 <= west + side) & (x2 >= west)
        near &= (np.minimum(y1, y2) <= south + side) & (np.maximum(y1, y2) >= south)
        # The corners of the square are not all on one side of the line that the edge lies on.
        sides = [
            np.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1))
            for x in (west, west + side)
            for y in (south, south + side)
        ]
        apart = np.abs(np.sum(sides, axis=0)) == len(sides)
        return np.asarray(np.any(near & ~apart, axis=0))

    def holds(self, x: Whole, y: Whole) -> NDArray[np.bool_]:
        """Whether points of the map lie in the area; of its own edges the southern and western ones belong to it."""
        x1, y1, x2, y2 = (column[:, None] for column in (self.x1, self.y1, self.x2, self.y2))
        north = (x1 <= x) & (x < x2) & ((y - y1) * (x2 - x1) < (x - x1) * (y2 - y1))
        return np.asarray(np.count_nonzero(north, axis=0) % 2 == (0 if self.holds_north_pole else 1))


def outline(area: Any) -> Outline:  # noqa: ANN401  points, or what has __geo_interface__
    """The outline of an area.

    Edges are straight on a map of longitude and latitude, as GeoJSON says, and go the short way round: one of more
    than 180° of longitude needs a corner in between, but for one from 180° W to 180° E, which goes all the way. An
    outline that goes round a pole holds that pole; of the two areas that it parts the smaller is meant.

    Args:
        area: latitude and longitude of each corner; or a Polygon or MultiPolygon by ``__geo_interface__`` or as
            GeoJSON, whose holes are no part of it.

    Raises:
        ArchiveError: when it is no area: too few or too many corners, none of the Earth, edges that cross.
    """
    rings = [_ring(corners) for corners in _corners(area)]
    count = sum(len(ring) - 1 for ring in rings)
    if count > MOST_CORNERS:
        raise ArchiveError(
            f"an area may have up to {MOST_CORNERS:,} corners; this one has {count:,}: simplify it first"
        )
    poles = [_pole(ring) for ring in rings]
    edges = np.concatenate([_on_map(np.column_stack([ring[:-1], ring[1:]])) for ring in rings])
    _uncrossed(edges)
    for ring, pole in zip(rings, poles, strict=True):
        _broad(ring, pole)
    south, north = int(edges[:, [1, 3]].min()), int(edges[:, [1, 3]].max())
    west, east = (-_HALF_TURN, _HALF_TURN) if any(poles) else _breadth(rings)
    box = Box(-_POLE if -1 in poles else south, _POLE if 1 in poles else north, west, east)
    x1, y1, x2, y2 = edges.T.copy()
    return Outline(x1, y1, x2, y2, holds_north_pole=poles.count(1) % 2 == 1, box=box)


def _corners(area: Any) -> list[Any]:  # noqa: ANN401  as given
    """Of each ring of an area its corners, latitude first."""
    shape = getattr(area, "__geo_interface__", area)
    if not isinstance(shape, Mapping):
        return [area]
    if shape.get("type") == "Feature":
        shape = shape.get("geometry") or {}
    kind = shape.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ArchiveError(f"an area is a Polygon or a MultiPolygon; found {kind or 'no type of GeoJSON'}")
    try:
        polygons = [shape["coordinates"]] if kind == "Polygon" else shape["coordinates"]
        rings = [[(point[1], point[0]) for point in ring] for polygon in polygons for ring in polygon]
    except (KeyError, IndexError, TypeError) as wrong:
        raise ArchiveError(f"the coordinates of the {kind} are not those of GeoJSON") from wrong
    if not rings:
        raise ArchiveError(f"the {kind} is empty")
    return rings


def _ring(corners: Any) -> Whole:  # noqa: ANN401  as given
    """Longitude and latitude of each corner, the first again at the end; longitudes run on.

    Raises:
        ArchiveError: when it is no ring.
    """
    try:
        degrees = np.array([(float(lat), float(lon)) for lat, lon in corners], dtype=np.float64).reshape(-1, 2)
    except (TypeError, ValueError) as wrong:
        raise ArchiveError(
            "an area is a list of corners, latitude first: [(43, 45), (43, 46), (44, 46)]; or a Polygon"
        ) from wrong
    there = (np.abs(degrees[:, 0]) <= _FURTHEST[0]) & (np.abs(degrees[:, 1]) <= _FURTHEST[1])
    for lat, lon in degrees[~there].tolist():
        raise ArchiveError(
            f"latitude {lat:g}, longitude {lon:g} is no point; in a list of corners latitude comes first"
        )
    points = np.rint(degrees[:, ::-1] * MILLIONTHS).astype(np.int64)
    points = points[np.r_[True, np.any(np.diff(points, axis=0) != 0, axis=1)][: len(points)]]
    if len(points) > 1 and _closes(points):
        points = points[:-1]
    if len(points) < _LEAST_CORNERS:
        raise ArchiveError(f"an area has three corners or more; found {len(points)}")
    closed = np.concatenate([points, points[:1]])
    given = np.diff(closed[:, 0])
    short = (given + _HALF_TURN) % _TURN - _HALF_TURN
    steps = np.where((np.abs(given) <= _HALF_TURN) | (np.abs(given) == _TURN), given, short)
    first = (closed[0, 0] + _HALF_TURN) % _TURN - _HALF_TURN
    return np.column_stack([first + np.r_[0, np.cumsum(steps)], closed[:, 1]])


def _closes(points: Whole) -> bool:
    """Whether the last point is the first again, in its place or, round a pole, a turn further."""
    apart = points[-1] - points[0]
    turns = np.abs(np.diff(points[:, 0])) == _TURN
    return bool(apart[1] == 0 and (apart[0] == 0 or (abs(apart[0]) == _TURN and not turns.any())))


def _pole(ring: Whole) -> int:
    """1 where a ring goes round the North Pole, -1 where round the South Pole, else 0.

    Raises:
        ArchiveError: when it goes round more than once.
    """
    turned = int(ring[-1, 0] - ring[0, 0])
    if abs(turned) > _TURN:
        raise ArchiveError("the outline of the area goes round a pole more than once")
    if turned == 0:
        return 0
    # The area north of a parallel is that part of the sphere which the sine of its latitude leaves.
    sines = np.sin(np.radians(ring[:, 1] / MILLIONTHS))
    mean = float(np.sum((sines[1:] + sines[:-1]) / 2 * np.diff(ring[:, 0])) / turned)
    return 1 if mean >= 0 else -1


def _on_map(edges: Whole) -> Whole:
    """Edges from west to east, on the map or partly beyond its eastern end, and those again beyond its western one."""
    eastwards = np.where((edges[:, 0] <= edges[:, 2])[:, None], edges, edges[:, [2, 3, 0, 1]])
    home = (eastwards[:, 0] + _HALF_TURN) % _TURN - _HALF_TURN - eastwards[:, 0]
    eastwards[:, [0, 2]] += home[:, None]
    over = eastwards[eastwards[:, 2] > _HALF_TURN]
    over[:, [0, 2]] -= _TURN
    return np.concatenate([eastwards, over])


def _uncrossed(edges: Whole) -> None:
    """Nothing, where no two edges cross.

    Raises:
        ArchiveError: when two do, with a place near which.
    """
    x1, y1, x2, y2 = edges.T
    for index, (a, b, c, d) in enumerate(edges[:-1].tolist()):
        rest = slice(index + 1, None)
        e, f, g, h = x1[rest], y1[rest], x2[rest], y2[rest]
        here = _side(a, b, c, d, e, f) * _side(a, b, c, d, g, h) < 0
        there = _side(e, f, g, h, a, b) * _side(e, f, g, h, c, d) < 0
        if bool(np.any(here & there)):
            lat, lon = (b + d) / 2 / MILLIONTHS, float(wrap((a + c) / 2 / MILLIONTHS))
            raise ArchiveError(
                f"the outline of the area crosses itself, on the edge whose middle is {lat:.4f}, {lon:.4f}; give its "
                "corners in order"
            )


def _side(x1: Any, y1: Any, x2: Any, y2: Any, x: Any, y: Any) -> Any:  # noqa: ANN401  numbers or columns
    """1 or -1 by the side of a line on which a point lies, 0 on it."""
    return np.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1))


def _broad(ring: Whole, pole: int) -> None:
    """Nothing, where a ring encloses something.

    Raises:
        ArchiveError: when its corners lie on one line.
    """
    pairs = zip(ring[:-1].tolist(), ring[1:].tolist(), strict=True)
    if pole == 0 and sum(a * d - c * b for (a, b), (c, d) in pairs) == 0:
        raise ArchiveError("the outline of the area encloses nothing: its corners lie on one line")


def _breadth(rings: Sequence[Whole]) -> tuple[int, int]:
    """West and east of what the rings take of the circle of longitudes, the widest gap between them left out."""
    ends = sorted((int(ring[:, 0].min()), int(ring[:, 0].max())) for ring in rings)
    spans = sorted(((west + _HALF_TURN) % _TURN - _HALF_TURN, east - west) for west, east in ends)
    reached = max(west + length for west, length in spans) - _TURN
    widest, found = 0, (-_HALF_TURN, _HALF_TURN)
    for west, length in spans:
        if west - reached > widest:
            widest, found = west - reached, (west, reached)
        reached = max(reached, west + length)
    return (found[0], (found[1] + _HALF_TURN) % _TURN - _HALF_TURN) if widest else found
