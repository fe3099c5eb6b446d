"""The stored basemap of one scale: lines in pieces, rings that refer to them, territories with their codes.

A file ``data/basemap/<scale>.npz`` holds plain arrays (``data/basemap/README.md`` lists them), read once and kept.
Coordinates are in thousandths of a degree. Lines are stored end to end as steps from point to point; a line is cut into
pieces that share their end points. A ring is a list of pieces, each with a direction and a number of whole turns, so
that rings across the antimeridian need no cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo import resources
from geo.errors import ResourceError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Scale = Literal["110m", "50m", "10m"]
SCALES: Final[tuple[Scale, ...]] = ("110m", "50m", "10m")

#: Steps of the stored grid in a degree, and in a whole turn.
GRID: Final = 1000
TURN_DEG: Final = 360.0
#: Tolerance (degrees of longitude on a Mercator map) of level 0, and levels in a doubling of it.
FINEST_DEG: Final = 0.0005
LEVELS_PER_OCTAVE: Final = 14
#: The latitude at which a square Mercator map ends.
MERCATOR_LIMIT: Final = 85.051_128_779_806_59


class Kind(IntEnum):
    """What a stored line is."""

    COAST = 0
    BORDER = 1
    DISPUTED = 2
    SHORE = 3
    HIDDEN = 4


class Layer(IntEnum):
    """Whose a stored polygon is; numbers from 0 are territories."""

    LAND = -1
    LAKE = -2


def mercator_of(lat: float) -> float:
    """``mercator`` of one latitude, without the cost of an array."""
    held = math.radians(min(max(lat, -MERCATOR_LIMIT), MERCATOR_LIMIT))
    return math.degrees(math.asinh(math.tan(held)))


def mercator(lat: ArrayLike) -> Floats:
    """Ordinate on a Mercator map in degrees of longitude at the equator, latitudes held within the square map."""
    held = np.radians(np.clip(np.asarray(lat, dtype=np.float64), -MERCATOR_LIMIT, MERCATOR_LIMIT))
    return np.asarray(np.degrees(np.arcsinh(np.tan(held))), dtype=np.float64)


def eastward(points: Floats, turns: int) -> Floats:
    """Points (n, 2) some whole turns further east."""
    return np.asarray(points + np.array([turns * TURN_DEG, 0.0]), dtype=np.float64)


@dataclass(frozen=True)
class View:
    """A rectangle in degrees, west < east, that may reach beyond the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def turned(self, turns: int) -> View:
        """The same rectangle some whole turns further east."""
        return View(self.west + turns * TURN_DEG, self.south, self.east + turns * TURN_DEG, self.north)

    def overlaps(self, boxes: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which boxes, rows of west, south, east, north in steps of the stored grid, have a point in common with it."""
        west, south, east, north = self._steps()
        return (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)

    def holds(self, boxes: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of such boxes are wholly in it."""
        west, south, east, north = self._steps()
        return (boxes[:, 0] >= west) & (boxes[:, 2] <= east) & (boxes[:, 1] >= south) & (boxes[:, 3] <= north)

    def _steps(self) -> tuple[float, float, float, float]:
        return self.west * GRID, self.south * GRID, self.east * GRID, self.north * GRID


@dataclass(frozen=True, eq=False)
class Store:
    """The arrays of one scale; for their meaning see ``data/basemap/README.md``."""

    scale: Scale
    moves: NDArray[np.int16]
    level: NDArray[np.uint8]
    piece_first: Ints
    piece_last: Ints
    piece_ends: NDArray[np.int32]
    piece_box: NDArray[np.int32]
    line_piece: Ints
    line_kind: NDArray[np.uint8]
    line_box: NDArray[np.int32]
    link_piece: Ints
    link_forward: NDArray[np.bool_]
    link_turn: NDArray[np.int8]
    ring_link: Ints
    ring_box: NDArray[np.int32]
    ring_polar: NDArray[np.bool_]
    polygon_ring: Ints
    polygon_owner: NDArray[np.int16]
    codes: tuple[str, ...]

    def rings(self, polygon: int) -> range:
        """The numbers of a polygon's rings, outer ring first."""
        return range(self.polygon_ring[polygon], self.polygon_ring[polygon + 1])


@dataclass(frozen=True, slots=True)
class Simplified:
    """The lines of a store within ``tolerance_deg`` (degrees of longitude on a Mercator map) of what is stored."""

    store: Store
    tolerance_deg: float

    def line(self, number: int) -> Floats:
        """Points of a whole line: (n, 2) longitude, latitude in degrees."""
        pieces = range(self.store.line_piece[number], self.store.line_piece[number + 1])
        return np.concatenate([self._piece(pieces[0]), *(self._piece(piece)[1:] for piece in pieces[1:])])

    def ring(self, number: int, view: View) -> Floats:
        """Points of a ring, (n, 2), not closed by repetition; pieces wholly on one side of ``view`` only by their ends.

        Leaving out the inner points of such a piece changes nothing inside the view. A ring around the south pole is
        given as its coast alone, westward, over one turn.
        """
        store = self.store
        links = slice(store.ring_link[number], store.ring_link[number + 1])
        pieces, forward, turns = store.link_piece[links], store.link_forward[links], store.link_turn[links]
        if len(pieces) == 1 and not turns[0]:
            part = self._piece(int(pieces[0]))
            return part[:-1] if forward[0] else part[:0:-1]
        seen = view.overlaps(_turned(store.piece_box[pieces], turns))
        ends = store.piece_ends[pieces, np.where(forward, 0, 1)] / GRID
        parts = []
        for number_of, along, turn, whole, end in zip(
            pieces.tolist(), forward.tolist(), turns.tolist(), seen.tolist(), ends, strict=True
        ):
            part = self._piece(number_of) if whole else end[None]
            if whole:
                part = part[:-1] if along else part[:0:-1]
            parts.append(eastward(part, turn) if turn else part)
        return np.concatenate(parts)

    def _piece(self, number: int) -> Floats:
        store = self.store
        first, last = int(store.piece_first[number]), int(store.piece_last[number])
        moves = store.moves[first : last + 1].astype(np.int32)
        moves[0] = store.piece_ends[number, 0]
        kept = store.level[first : last + 1] >= _level(self.tolerance_deg)
        return np.asarray(np.cumsum(moves, axis=0)[kept] / GRID, dtype=np.float64)


def _level(tolerance_deg: float) -> int:
    if tolerance_deg <= FINEST_DEG:
        return 0
    return min(int(np.log2(tolerance_deg / FINEST_DEG) * LEVELS_PER_OCTAVE), 254)


def _starts(counts: NDArray[np.uint16]) -> Ints:
    """Where each of consecutive groups begins, and at last where the last ends."""
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def _merged(boxes: NDArray[np.int32], starts: Ints) -> NDArray[np.int32]:
    """The box of each group of consecutive boxes."""
    low = np.minimum.reduceat(boxes[:, :2], starts[:-1])
    high = np.maximum.reduceat(boxes[:, 2:], starts[:-1])
    return np.column_stack([low, high])


def _turned(boxes: NDArray[np.int32], turns: NDArray[np.int8]) -> NDArray[np.int32]:
    east = turns.astype(np.int32) * int(TURN_DEG * GRID)
    return boxes + np.column_stack([east, np.zeros_like(east), east, np.zeros_like(east)])


@cache
def load(scale: Scale) -> Store:
    """Read a scale, once in a process.

    Raises:
        ResourceError: its file is missing.
    """
    path = resources.data("basemap", f"{scale}.npz")
    try:
        with np.load(path) as arrays:
            stored = {name: arrays[name] for name in arrays.files}
    except FileNotFoundError as missing:
        raise ResourceError(f"data/basemap/{scale}.npz is missing; install flightcase again") from missing
    steps = stored["piece_steps"].astype(np.int64)
    line_piece = _starts(stored["line_pieces"])
    # A line of k steps has k + 1 points; its pieces share their ends.
    piece_first = np.cumsum(steps) - steps + np.repeat(np.arange(len(line_piece) - 1), np.diff(line_piece))
    ring_link = _starts(stored["ring_links"])
    link_piece = np.abs(stored["links"]).astype(np.int64) - 1
    return Store(
        scale=scale,
        moves=stored["moves"],
        level=stored["level"],
        piece_first=piece_first,
        piece_last=piece_first + steps,
        piece_ends=stored["piece_ends"],
        piece_box=stored["piece_box"],
        line_piece=line_piece,
        line_kind=stored["line_kind"],
        line_box=_merged(stored["piece_box"], line_piece),
        link_piece=link_piece,
        link_forward=stored["links"] > 0,
        link_turn=stored["link_turn"],
        ring_link=ring_link,
        ring_box=_merged(_turned(stored["piece_box"][link_piece], stored["link_turn"]), ring_link),
        ring_polar=stored["ring_polar"],
        polygon_ring=_starts(stored["polygon_rings"]),
        polygon_owner=stored["polygon_owner"],
        codes=tuple(stored["codes"].tolist()),
    )
