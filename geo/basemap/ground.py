"""Read the segments between the parts of the world, and sort them into cells of one degree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo import resources
from geo.basemap.owners import COLUMNS, KINDS, MIDDLE, ROWS, Area, Ground
from geo.basemap.store import GRID, TURN_DEG, load
from geo.errors import ResourceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Labels = NDArray[np.uint16]
    Arrays = dict[str, NDArray[Any]]

#: Steps of the grid of what the file adds to the basemap, in a degree.
_FINE: Final = 10_000
#: Longer segments are cut, degrees: straight on the map, they are not straight on the Earth.
_LONGEST_DEG: Final = 0.1
_POLE: Final = 90.0
#: The ground around the south pole, farther south than any line; other parallels without one are at sea all around.
_SOUTHERNMOST: Final = "AQ"


def read() -> Ground:
    """The segments of ``owners.npz`` and of the basemap at 1:10 million.

    Raises:
        ResourceError: a file is missing.
    """
    try:
        with np.load(resources.data("basemap", "owners.npz")) as arrays:
            stored = {name: arrays[name] for name in arrays.files}
    except FileNotFoundError as missing:
        raise ResourceError("data/basemap/owners.npz is missing; install flightcase again") from missing
    areas = tuple(
        Area(code, KINDS[kind], tuple(keys.split()))
        for code, kind, keys in zip(
            stored["label_code"].tolist(),
            stored["label_kind"].tolist(),
            stored["label_disputed"].astype(str).tolist(),
            strict=True,
        )
    )
    segments, begins = _sorted(_cut(_of_basemap(stored).and_(_added(stored))))
    return Ground(areas, *segments, begins, _anchors(segments, areas))


class _Segments(NamedTuple):
    """Both ends, (n, 2) longitude and latitude, and what lies to the left and right on the way."""

    first: Floats
    second: Floats
    left: Labels
    right: Labels

    def and_(self, other: _Segments) -> _Segments:
        """These and others."""
        return _Segments(
            np.concatenate([self.first, other.first]),
            np.concatenate([self.second, other.second]),
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
        )

    def take(self, number: Ints) -> _Segments:
        """Those of these numbers."""
        return _Segments(
            self.first.take(number, axis=0),
            self.second.take(number, axis=0),
            self.left.take(number),
            self.right.take(number),
        )


def _of_basemap(stored: Arrays) -> _Segments:
    """The segments of the basemap that part something, in longitudes from -180 to 180."""
    store = load("10m")
    begins = store.piece_first[store.line_piece[:-1]]
    points = np.cumsum(store.moves, axis=0, dtype=np.int64)
    offset = store.piece_ends[store.line_piece[:-1], 0] - points[begins]
    counts = np.diff(np.append(begins, len(points)))
    points += np.repeat(offset, counts, axis=0)
    lengths = np.diff(np.append(stored["run_from"], len(points)))
    left, right = (np.repeat(stored[name], lengths) for name in ("run_left", "run_right"))
    ends = np.flatnonzero(left != right)
    first, second = points[ends - 1] / GRID, points[ends] / GRID
    turns = np.floor((np.minimum(first[:, 0], second[:, 0]) + TURN_DEG / 2) / TURN_DEG) * TURN_DEG
    first[:, 0] -= turns
    second[:, 0] -= turns
    return _Segments(first, second, left[ends], right[ends])


def _added(stored: Arrays) -> _Segments:
    """The segments that the file adds."""
    counts = stored["line_points"].astype(np.int64)
    begins = np.cumsum(counts) - counts
    points = np.cumsum(stored["line_moves"], axis=0, dtype=np.int64)
    points += np.repeat(stored["line_start"] - points[begins], counts, axis=0)
    ends = np.ones(len(points), dtype=np.bool_)
    ends[begins] = False
    at = np.flatnonzero(ends)
    left, right = (np.repeat(stored[name], counts)[at] for name in ("line_left", "line_right"))
    return _Segments(points[at - 1] / _FINE, points[at] / _FINE, left, right)


def _cut(segments: _Segments) -> _Segments:
    """Long segments in parts: the first part in the place of the whole, the others at the end."""
    first, second, left, right = segments
    way = second - first
    longest = np.maximum(np.abs(way[:, 0]), np.abs(way[:, 1]))
    long = np.flatnonzero(longest > _LONGEST_DEG)
    parts = np.ceil(longest[long] / _LONGEST_DEG).astype(np.int64)
    number, whole = np.repeat(long, parts - 1), np.repeat(parts, parts - 1)[:, None]
    place = 1 + (np.arange(len(number)) - np.repeat(np.cumsum(parts - 1) - (parts - 1), parts - 1))[:, None]
    begins = first[number] + place / whole * way[number]
    ends = np.where(place + 1 == whole, second[number], first[number] + (place + 1) / whole * way[number])
    second[long] = first[long] + way[long] / parts[:, None]
    return segments.and_(_Segments(begins, ends, left[number], right[number]))


def _sorted(segments: _Segments) -> tuple[_Segments, Ints]:
    """Segments in order of the cells they touch, in each of these once, and where each cell begins."""
    cell, other = _cells(segments.first), _cells(segments.second)
    aside = np.flatnonzero(cell != other)
    row, column = np.divmod(cell[aside], COLUMNS)
    other_row, other_column = np.divmod(other[aside], COLUMNS)
    # A segment that is short crosses at most into the cells at the other corners of its box.
    corner = np.flatnonzero((column != other_column) & (row != other_row))
    corners = [row[corner] * COLUMNS + other_column[corner], other_row[corner] * COLUMNS + column[corner]]
    number = np.concatenate([np.arange(len(cell)), aside, aside[corner], aside[corner]])
    cells = np.concatenate([cell, other[aside], *corners]).astype(np.uint16)
    begins = np.concatenate([[0], np.cumsum(np.bincount(cells, minlength=ROWS * COLUMNS))])
    return segments.take(number[np.argsort(cells, kind="stable")]), begins


def _cells(points: Floats) -> NDArray[np.int32]:
    """Numbers of the cells of points, row by row."""
    columns = np.minimum((points[:, 0] + TURN_DEG / 2).astype(np.int32), COLUMNS - 1)
    return np.minimum((points[:, 1] + _POLE).astype(np.int32), ROWS - 1) * COLUMNS + columns


def _anchors(segments: _Segments, areas: tuple[Area, ...]) -> Ints:
    """What the middle of each cell lies in: the side to the east of the nearest segment to its west on its parallel."""
    first, second, left, right = segments
    row = np.floor(first[:, 1] + _POLE - MIDDLE)
    crossing = np.flatnonzero(row != np.floor(second[:, 1] + _POLE - MIDDLE))
    one, other = first[crossing], second[crossing]
    rows = np.maximum(row[crossing], np.floor(other[:, 1] + _POLE - MIDDLE)).astype(np.int64)
    share = (rows + MIDDLE - _POLE - one[:, 1]) / (other[:, 1] - one[:, 1])
    lon = one[:, 0] + share * (other[:, 0] - one[:, 0])
    east = np.where(other[:, 1] > one[:, 1], right[crossing], left[crossing])
    south = next(number for number, area in enumerate(areas) if area.code == _SOUTHERNMOST)
    found = np.zeros((ROWS, COLUMNS), dtype=np.int64)
    middles = np.arange(COLUMNS) - TURN_DEG / 2 + MIDDLE
    for number in range(ROWS):
        here = np.flatnonzero(rows == number)
        if not len(here):
            found[number] = south if number < rows.min() else 0
            continue
        here = here[np.argsort(lon[here], kind="stable")]
        # West of the first one it is as east of the last.
        found[number] = east[here][np.searchsorted(lon[here], middles) - 1]
    return found
