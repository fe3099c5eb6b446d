"""Which countries and waters a view names, and where their names stand."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from geo import resources
from geo.basemap.clip import edges_of, inside_even_odd, shoelace
from geo.basemap.store import GRID, TURN_DEG, Simplified, View, load, mercator, mercator_of
from geo.basemap.view import outline, scale_for, seen_polygons, side_deg, turns_of, view_of
from geo.errors import GeodesyError, ResourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.basemap.store import Scale

    Floats = NDArray[np.float64]

#: Outlines for labels need be right to this part of the view's longer side.
_COARSE: Final = 1 / 160
#: A country is named if an ellipse of this height fits into what is seen of it, in parts of the view's longer side.
_ROOM: Final = 0.012
#: Names are wider than high: the ellipse that has to fit is this many times as wide as high.
_WIDER: Final = 2.0
#: A first grid of about this many points, and then finer ones of this many a side.
_FIRST: Final = 120
_FINER: Final = 5
_ROUNDS: Final = 3
#: A water is named if it measures this part of the view's longer side and its point is this far from the frame.
_WATER: Final = 0.09
_MARGIN: Final = 0.03
#: Whole turns by which a point of the file may come into a view.
_TURNS: Final = range(-2, 3)


@dataclass(frozen=True, slots=True)
class CountryLabel:
    """A country in a view: ISO 3166-1 alpha-2 code (XK: Kosovo), name, where the name stands, how much is seen.

    ``share`` is the part of the view that the country covers; ``room`` the half-height of the largest ellipse around
    the point, twice as wide as high, that stays in country and view, in parts of the view's longer side. Both are
    measured on a Mercator map. ``lon`` is in the frame of the view.
    """

    code: str
    name: str
    lat: float
    lon: float
    share: float
    room: float


@dataclass(frozen=True, slots=True)
class WaterLabel:
    """A sea, gulf, strait or lake in a view: name, the language it is in, point, and rank (0 oceans to 3 small)."""

    name: str
    language: str
    kind: str
    lat: float
    lon: float
    rank: int


def country_labels(bounds: Sequence[float], language: str) -> tuple[CountryLabel, ...]:
    """The countries of a view that have room for a name, those that cover most first.

    Args:
        bounds: as for ``basemap``; what the reader sees, without padding.
        language: tag of the names, which are those of CLDR; English where it has none.

    Raises:
        GeodesyError: the bounds do not exist.
    """
    view = view_of(bounds)
    side = side_deg(view)
    lines = Simplified(load(scale_for(bounds)), side * _COARSE)
    rings: dict[str, list[Floats]] = defaultdict(list)
    # Smaller islands can neither hold a name nor change much in what is covered.
    for owner, outlines in seen_polygons(lines, view, None, 2 * _ROOM * side):
        code = lines.store.codes[owner]
        clipped = (ring.filled(view) for ring in outlines) if code else ()
        rings[code] += [_projected(ring) for ring in clipped if len(ring)]
    whole = (view.east - view.west) * (mercator_of(view.north) - mercator_of(view.south))
    names = _country_names(language)
    found = []
    for code, seen in rings.items():
        covered = sum(map(shoelace, seen))
        # What is smaller than the ellipse cannot hold it.
        if covered < np.pi * _WIDER * (_ROOM * side) ** 2:
            continue
        (x, y), radius = _roomiest(seen)
        if radius >= _ROOM * side:
            lat = float(np.degrees(np.arctan(np.sinh(np.radians(y)))))
            place = (round(lat, 4), round(x, 4))
            found.append(CountryLabel(code, names.get(code, code), *place, covered / whole, radius / side))
    return tuple(sorted(found, key=lambda label: (-label.share, label.code)))


def water_labels(bounds: Sequence[float], language: str) -> tuple[WaterLabel, ...]:
    """The waters of a view, oceans first, then by rank and by how much of the view they measure.

    A water is named where its file puts the name, at that of its points which is farthest from the frame.

    Args:
        bounds: as for ``basemap``; what the reader sees, without padding.
        language: tag of the names; English where there is none.

    Raises:
        GeodesyError: the bounds do not exist.
    """
    view = view_of(bounds)
    side = side_deg(view)
    short = language.split("-", 1)[0]
    found: list[tuple[float, WaterLabel]] = []
    for water in _waters():
        size = max(_span(view, water["extent"], turn) for turn in _TURNS) / side
        if size < _WATER:
            continue
        points = [
            (_depth(view, lon + turn * TURN_DEG, lat) / side, lat, lon + turn * TURN_DEG)
            for lon, lat in water["at"]
            for turn in _TURNS
        ]
        depth, lat, lon = max(points, key=lambda point: point[0])
        if depth >= _MARGIN:
            spoken = next(tag for tag in (language, short, "en") if tag in water["name"])
            label = WaterLabel(water["name"][spoken], spoken, water["kind"], lat, lon, water["rank"])
            found.append((size, label))
    return tuple(label for _, label in sorted(found, key=lambda each: (each[1].rank, -each[0], each[1].name)))


def countries_at(lat: float, lon: float, scale: Scale = "10m") -> tuple[str, ...]:
    """The codes of the countries that a point is in, in the view of the United Nations; none at sea.

    A point on a border may be in either or in both. Territories without a code of their own give none.

    Args:
        lat: degrees.
        lon: degrees, in any turn.
        scale: the source.

    Raises:
        GeodesyError: the point does not exist.
    """
    east = (lon + TURN_DEG / 2) % TURN_DEG - TURN_DEG / 2
    if not (abs(lat) <= 90 and math.isfinite(east)):  # noqa: PLR2004  the poles
        raise GeodesyError(f"latitude {lat}, longitude {lon}: there is no such point")
    store = load(scale)
    lines = Simplified(store, 0.0)
    point = np.array([[east, lat]])
    found = set()
    here = View(east, lat, east, lat)
    ray = View(east, lat, east + 2 * TURN_DEG, lat)
    for turn in turns_of(here):
        met = here.turned(-turn).overlaps(store.ring_box) | (store.ring_polar & (store.ring_box[:, 3] >= lat * GRID))
        for polygon in np.flatnonzero((store.polygon_owner >= 0) & met[store.polygon_ring[:-1]]).tolist():
            rings = [outline(lines, ring, ray, turn).fill for ring in store.rings(polygon)]
            if inside_even_odd(point, *edges_of(rings))[0]:
                found.add(store.codes[store.polygon_owner[polygon]])
    return tuple(sorted(found - {""}))


def _projected(ring: Floats) -> Floats:
    return np.column_stack([ring[:, 0], mercator(ring[:, 1])])


def _roomiest(rings: list[Floats]) -> tuple[tuple[float, float], float]:
    """Centre and half-height of the largest ellipse, ``_WIDER`` times as wide as high, inside rings on a plane.

    A grid over their box, and finer ones around the best point: within a few parts in a hundred of the largest.
    """
    flat = [ring * (1.0, _WIDER) for ring in rings]
    first, second = edges_of(flat)
    low, high = first.min(axis=0), first.max(axis=0)
    step = float(np.sqrt(np.prod(high - low) / _FIRST))
    counts = np.maximum(np.ceil((high - low) / step), 1).astype(int)
    axes = [low[i] + (np.arange(counts[i]) + 0.5) * (high[i] - low[i]) / counts[i] for i in (0, 1)]
    best, radius = _deepest(_mesh(*axes), first, second)
    for _ in range(_ROUNDS):
        around = np.linspace(-step, step, _FINER)
        candidate, depth = _deepest(_mesh(best[0] + around, best[1] + around), first, second)
        if depth > radius:
            best, radius = candidate, depth
        step *= 2 / (_FINER - 1)
    return (float(best[0]), float(best[1]) / _WIDER), radius / _WIDER


def _mesh(x: Floats, y: Floats) -> Floats:
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _deepest(points: Floats, first: Floats, second: Floats) -> tuple[Floats, float]:
    """That of the points inside the edges which is farthest from every edge, and how far; 0 if none is inside."""
    points = points[inside_even_odd(points, first, second)]
    if not len(points):
        return first[0], 0.0
    along = second - first
    length2 = np.maximum((along**2).sum(axis=1), 1e-18)
    away_x, away_y = (points[:, axis, None] - first[:, axis] for axis in (0, 1))
    share = np.clip((away_x * along[:, 0] + away_y * along[:, 1]) / length2, 0.0, 1.0)
    square = (away_x - share * along[:, 0]) ** 2 + (away_y - share * along[:, 1]) ** 2
    nearest = square.min(axis=1)
    best = int(np.argmax(nearest))
    return points[best], float(np.sqrt(nearest[best]))


def _span(view: View, extent: Sequence[float], turn: int) -> float:
    """The side of a square as large as what a view and an extent have in common, degrees on a Mercator map."""
    west, south, east, north = extent
    width = min(view.east, east + turn * TURN_DEG) - max(view.west, west + turn * TURN_DEG)
    if width <= 0:
        return 0.0
    height = mercator_of(min(view.north, north)) - mercator_of(max(view.south, south))
    return math.sqrt(width * height) if height > 0 else 0.0


def _depth(view: View, lon: float, lat: float) -> float:
    """How far a point is inside a view, in degrees on a Mercator map; negative outside."""
    y, south, north = (mercator_of(side) for side in (lat, view.south, view.north))
    return min(lon - view.west, view.east - lon, y - south, north - y)


@cache
def _waters() -> tuple[dict[str, Any], ...]:
    try:
        return tuple(orjson.loads(resources.data("basemap", "waters.json").read_bytes()))
    except FileNotFoundError as missing:
        raise ResourceError("data/basemap/waters.json is missing; install flightcase again") from missing


@cache
def _country_names(language: str) -> dict[str, str]:
    from babel import Locale, UnknownLocaleError

    try:
        spoken = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        spoken = Locale("en")
    return {**Locale("en").territories, **spoken.territories}
