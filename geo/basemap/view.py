"""What of the basemap is seen in a rectangle, simplified for its size, as pure JSON."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo.basemap.clip import clip_line, clip_ring
from geo.basemap.store import (
    GRID,
    SCALES,
    TURN_DEG,
    Kind,
    Layer,
    Scale,
    Simplified,
    Store,
    View,
    eastward,
    load,
    mercator,
    mercator_of,
)
from geo.errors import GeodesyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CREDIT: Final = "Natural Earth"
#: The longer side of a view is taken to be drawn on this many pixels.
_PIXELS: Final = 1500
#: Lines stay within this of what is stored, and steps of the delivered grid are at most this, in pixels.
_TOLERANCE_PX: Final = 0.5
_QUANTUM_PX: Final = 0.2
#: Land and lakes that are smaller in both directions are left out, in pixels.
_SMALLEST_PX: Final = 1.0
#: The widest view (degrees of longitude on a Mercator map) that each scale serves; beyond them the coarsest.
_WIDEST_DEG: Final[tuple[tuple[Scale, float], ...]] = (("10m", 40.0), ("50m", 200.0))
_POLE: Final = 90.0
_FARTHEST: Final = 540.0


def view_of(bounds: Sequence[float]) -> View:
    """West, south, east, north in degrees as a checked rectangle.

    Raises:
        GeodesyError: a side is no number or does not exist, the sides are swapped, or the view is wider than the Earth.
    """
    west, south, east, north = (float(side) for side in bounds)
    if not all(map(math.isfinite, (west, south, east, north))):
        raise GeodesyError(f"bounds {tuple(bounds)}: every side must be a number of degrees")
    if not -_POLE <= south < north <= _POLE:
        raise GeodesyError(f"bounds {tuple(bounds)}: write (west, south, east, north) with -90 <= south < north <= 90")
    if not (-_FARTHEST <= west < east <= _FARTHEST and east - west <= TURN_DEG):
        raise GeodesyError(
            f"bounds {tuple(bounds)}: write west < east, at most 360 degrees apart, within -540 to 540; "
            "across the antimeridian east goes on beyond 180"
        )
    return View(west, south, east, north)


def side_deg(view: View) -> float:
    """The longer side of a view in degrees of longitude on a Mercator map."""
    return max(view.east - view.west, mercator_of(view.north) - mercator_of(view.south))


def scale_for(bounds: Sequence[float]) -> Scale:
    """The scale that a view is drawn at.

    Chosen by looking: simplified to half a pixel, a finer source costs hardly more than a coarser one of the same
    size and looks better, as long as its own points are nearer than a few pixels.

    Raises:
        GeodesyError: the bounds do not exist.
    """
    side = side_deg(view_of(bounds))
    return next((scale for scale, widest in _WIDEST_DEG if side <= widest), SCALES[0])


def turns_of(view: View) -> range:
    """Whole turns to add to stored longitudes, which lie in [-180, 180 + a little beyond], to meet the view."""
    return range(math.floor((view.west - 190.5) / TURN_DEG) + 1, math.floor((view.east + 180) / TURN_DEG) + 1)


class Outline(NamedTuple):
    """A ring as it is filled, not closed by repetition, and as it is stroked, closed: (n, 2), degrees."""

    fill: Floats
    shore: Floats
    whole: bool = False  # all of it is in the view

    def filled(self, view: View) -> Floats:
        """What of the fill is in the view."""
        return self.fill if self.whole else clip_ring(self.fill, view)

    def shores(self, view: View) -> list[Floats]:
        """What of the stroke is in the view."""
        return [self.shore] if self.whole else clip_line(self.shore, view)


def outline(lines: Simplified, ring: int, view: View, turn: int, *, whole: bool = False) -> Outline:
    """A ring for a view.

    A ring around the south pole is filled down to the pole and stroked along the coast, over three turns whatever
    ``turn`` is.
    """
    if lines.store.ring_polar[ring]:
        turns = [
            eastward(lines.ring(ring, view.turned(-other)), other)
            for other in (1, 0, -1)  # the coast goes westward
        ]
        coast = np.concatenate(turns)
        return Outline(np.vstack([coast, (coast[-1, 0], -_POLE), (coast[0, 0], -_POLE)]), coast)
    points = lines.ring(ring, view.turned(-turn))
    closed = eastward(np.concatenate([points, points[:1]]), turn)
    return Outline(closed[:-1], closed, whole)


def seen_polygons(
    lines: Simplified, view: View, layer: Layer | None, smallest_deg: float
) -> Iterator[tuple[int, list[Outline]]]:
    """Owner and rings of the polygons of a layer that meet the view and are large enough.

    ``None`` is the layer of the territories.
    """
    store = lines.store
    wanted = store.polygon_owner >= 0 if layer is None else store.polygon_owner == layer
    large = np.diff(store.ring_box[:, ::2], axis=1)[:, 0] >= smallest_deg * GRID
    heights = mercator(store.ring_box[:, 3] / GRID) - mercator(store.ring_box[:, 1] / GRID)
    large |= heights >= smallest_deg
    outer = store.polygon_ring[:-1]
    polar = store.ring_polar[outer] & (store.ring_box[outer, 3] >= view.south * GRID)
    for turn in turns_of(view):
        there = view.turned(-turn)
        met = large & ~store.ring_polar & there.overlaps(store.ring_box)
        whole = there.holds(store.ring_box)
        for polygon in np.flatnonzero(wanted & (met[outer] | polar)).tolist():
            rings = [ring for ring in store.rings(polygon) if met[ring] or polar[polygon]]
            yield (
                int(store.polygon_owner[polygon]),
                [outline(lines, ring, view, turn, whole=bool(whole[ring])) for ring in rings],
            )
        polar = np.zeros_like(polar)  # all turns at once


def basemap(bounds: Sequence[float], *, scale: Scale | None = None) -> dict[str, Any]:
    """Land, lakes, coasts and borders of a rectangle, as pure JSON.

    Args:
        bounds: (west, south, east, north) in degrees, west < east; across the antimeridian west is below -180 or east
            above 180, and longitudes come out in that frame.
        scale: the source; by default the one of ``scale_for``.

    Returns:
        ``scale``; ``bounds`` as drawn, moved outward to the grid by less than a step; ``quantum``, degrees in a step;
        ``land`` and ``lakes``: polygons, each a list of rings, outer first, to be filled by either fill rule and not to
        be stroked, as they run along the frame; ``coast``: lines, the shores of both without the frame;
        ``borders``: lines between countries, each once and never along a coast; ``disputed``: lines that are held
        on the ground or claimed and are no agreed boundary; ``credit``. A ring (not closed by repetition) or a line is
        one flat list ``[lon, lat, dlon, dlat, dlon, dlat, ...]`` of integers in steps: the first pair a position, the
        others each the way from the one before, so that a coordinate is the running sum times ``quantum``.

    Raises:
        GeodesyError: the bounds do not exist.
    """
    asked = view_of(bounds)
    side = side_deg(asked)
    pixel = side / _PIXELS
    quantum = _nice(pixel * _QUANTUM_PX)
    grid = _Grid(quantum)
    view = grid.outward(asked)
    store = load(scale or scale_for(bounds))
    lines = Simplified(store, pixel * _TOLERANCE_PX)
    land, coast = _filled(lines, view, grid, Layer.LAND, pixel * _SMALLEST_PX)
    lakes, shores = _filled(lines, view, grid, Layer.LAKE, pixel * _SMALLEST_PX)
    return {
        "scale": store.scale,
        "bounds": [grid.degrees(side) for side in (view.west, view.south, view.east, view.north)],
        "quantum": quantum,
        "land": land,
        "coast": coast + shores,
        "lakes": lakes,
        "borders": list(grid.lines(_lines(lines, view, Kind.BORDER))),
        "disputed": list(grid.lines(_lines(lines, view, Kind.DISPUTED))),
        "credit": CREDIT,
    }


def decode(flat: Sequence[int], quantum: float) -> list[tuple[float, float]]:
    """The (longitude, latitude) pairs, in degrees, of a flat ring or line of ``basemap``."""
    steps = np.cumsum(np.array(flat, dtype=np.int64).reshape(-1, 2), axis=0)
    per_degree = round(1 / quantum)
    return [(lon / per_degree, lat / per_degree) for lon, lat in steps.tolist()]


def _nice(most: float) -> float:
    """The largest of 1, 1/2, 1/5, 1/10 ... of a degree that is at most ``most``."""
    steps = (1 / (divisor * 10.0**zeros) for zeros in range(7) for divisor in (1, 2, 5))
    return next((step for step in steps if step <= most), 1e-7)


class _Grid:
    """The integer grid that coordinates are delivered on."""

    def __init__(self, quantum: float) -> None:
        self._per_degree = round(1 / quantum)

    def degrees(self, value: float) -> float:
        return round(value * self._per_degree) / self._per_degree

    def outward(self, view: View) -> View:
        """The smallest view with its sides on the grid that holds the given one."""

        def down(side: float) -> float:
            return math.floor(round(side * self._per_degree, 6)) / self._per_degree

        return View(down(view.west), down(view.south), -down(-view.east), -down(-view.north))

    def flat(self, points: Floats, *, least: int, closed: bool = False) -> list[int] | None:
        """Points (n, 2) as a flat list of steps without repeated points; None with fewer than ``least`` points."""
        if len(points) < least:
            return None
        steps = np.rint(points * self._per_degree).astype(np.int64)
        moves = steps.copy()
        moves[1:] -= steps[:-1]
        kept = np.asarray(moves.any(axis=1))
        kept[0] = True
        if closed and (steps[-1] == steps[0]).all():
            # The last point that is left would repeat the first.
            kept[int(np.flatnonzero(kept)[-1]) :] = False
        moves = moves[kept]
        return moves.ravel().tolist() if len(moves) >= least else None

    def lines(self, lines: Iterable[Floats]) -> Iterator[list[int]]:
        """The lines that are more than a point on the grid."""
        return (flat for line in lines if (flat := self.flat(line, least=2)))


def _filled(
    lines: Simplified, view: View, grid: _Grid, layer: Layer, smallest_deg: float
) -> tuple[list[list[list[int]]], list[list[int]]]:
    """Polygons of a layer and the lines of their shores, both inside the view."""
    polygons, shores = [], []
    for _, rings in seen_polygons(lines, view, layer, smallest_deg):
        flat = [grid.flat(ring.filled(view), least=3, closed=True) for ring in rings]
        if flat and flat[0]:
            polygons.append([ring for ring in flat if ring])
            shores += list(grid.lines(chain.from_iterable(ring.shores(view) for ring in rings)))
    return polygons, shores


def _lines(lines: Simplified, view: View, kind: Kind) -> Iterator[Floats]:
    store: Store = lines.store
    of_kind = store.line_kind == kind
    for turn in turns_of(view):
        there = view.turned(-turn)
        whole = there.holds(store.line_box)
        for number in np.flatnonzero(of_kind & there.overlaps(store.line_box)).tolist():
            line = eastward(lines.line(number), turn)
            yield from [line] if whole[number] else clip_line(line, view)
