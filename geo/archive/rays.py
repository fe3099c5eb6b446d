"""Whether positions lie in an area: as one expression where it has few edges, else by strips that rows are joined with.

Whole numbers throughout, so that every engine draws the same border: of the edges of an area the southern and western
ones belong to it, and of two areas with an edge in common one alone has it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import ibis
import numpy as np
import pyarrow as pa

from geo.archive.boxes import MILLIONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ibis.expr.types import BooleanValue, IntegerValue, NumericValue, Table

    from geo.archive.outlines import Outline, Whole

    Written = Callable[[int, NumericValue], Any]

_HALF_TURN: Final = 180 * MILLIONTHS
#: Up to so many edges are looked at for every row; of more, an expression takes longer to plan than to run.
FEW: Final = 16
#: Strips are found by the part of the circle of longitudes that a row lies in; so many parts at most, for all strips.
_PARTS: Final = 200_000
#: Coefficients of lines south and north of everything.
_SOUTH: Final = (0, 0, -1)
_NORTH: Final = (0, 0, 1)


def millionths(table: Table, *, wraps: bool) -> tuple[IntegerValue, IntegerValue]:
    """Longitude and latitude of rows as whole millionths of a degree, the longitude from -180° up to, without, 180°.

    ``wraps`` is whether a row may lie at 180°.
    """
    x, y = _whole(table.lon), _whole(table.lat)
    return (x >= _HALF_TURN).ifelse(x - 2 * _HALF_TURN, x) if wraps else x, y


def _whole(column: NumericValue) -> IntegerValue:
    exact = column.type().is_decimal()
    return (column * MILLIONTHS if exact else (column * MILLIONTHS).round()).cast("int64")


def is_level(outline: Outline) -> bool:
    """Whether an area has few edges, all of them along meridians and parallels, and ends before the antimeridian."""
    level = (outline.x1 == outline.x2) | (outline.y1 == outline.y2)
    return len(outline) <= FEW and not outline.box.reaches_180 and bool(level.all())


def holds(
    outline: Outline, x: NumericValue, y: NumericValue, as_written: Written = lambda value, _: value
) -> BooleanValue:
    """Whether points lie in an area: whether an odd number of edges is north of each.

    Args:
        outline: of the area.
        x: longitudes as ``millionths`` gives them; where the area ``is_level``, of any type.
        y: latitudes.
        as_written: how a number of millionths is written beside a column of that type.
    """
    over: dict[tuple[int, int], list[BooleanValue]] = {}
    for west, east, width, height, level in np.column_stack(_lines(outline)).tolist():
        # Of a level edge the line is at a whole number; else whole numbers hold what the line makes of a point.
        south = y * width - x * height < level if height else y < as_written(level // width, y)
        over.setdefault((west, east), []).append(south)
    terms = [
        (x >= as_written(west, x)) & (x < as_written(east, x)) & _odd(south) for (west, east), south in over.items()
    ]
    if outline.holds_north_pole or not terms:
        terms.append(ibis.literal(outline.holds_north_pole))
    return _odd(terms)


def _odd(terms: list[BooleanValue]) -> BooleanValue:
    """Whether an odd number of these is true: in pairs, so that it is as deep as the logarithm of their number."""
    while len(terms) > 1:
        terms = [one != other for one, other in zip(terms[::2], terms[1::2], strict=False)] + terms[len(terms) & ~1 :]
    return terms[0]


def _lines(outline: Outline) -> tuple[Whole, Whole, Whole, Whole, Whole]:
    """Of each edge that is not straight north its ends in longitude, and the coefficients of its line.

    A point is south of it where ``y * width - x * height < level``.
    """
    slanted = outline.x1 < outline.x2
    x1, y1, x2, y2 = (column[slanted] for column in (outline.x1, outline.y1, outline.x2, outline.y2))
    width, height = x2 - x1, y2 - y1
    return x1, x2, width, height, y1 * width - x1 * height


def joined(table: Table, x: str, y: str, outline: Outline, keep: Sequence[str]) -> Table:
    """The rows of a table that lie in an area, ``x`` and ``y`` being columns as ``millionths`` gives them; ``keep``."""
    found = strips(outline)
    size = _part_size(found)
    first, last = (found[0] + _HALF_TURN) // size, (found[1] - 1 + _HALF_TURN) // size
    times = last - first + 1
    index = np.repeat(np.arange(len(first)), times)
    part = np.repeat(first, times) + np.arange(len(index)) - np.repeat(np.cumsum(times) - times, times)
    columns = dict(zip(_NAMES, (column[index] for column in found), strict=True))
    strip = ibis.memtable(pa.table({"part_": part, **columns}))
    rows = table.mutate(part_=(table[x] + _HALF_TURN) // size)
    rows = rows.join(strip, [rows.part_ == strip.part_, rows[x] >= strip.west_, rows[x] < strip.east_])
    return rows.filter(
        rows[y] * rows.width_ - rows[x] * rows.height_ >= rows.level_,
        rows[y] * rows.north_width_ - rows[x] * rows.north_height_ < rows.north_level_,
    ).select(*keep)


_NAMES: Final = (
    "west_",
    "east_",
    "width_",
    "height_",
    "level_",
    "north_width_",
    "north_height_",
    "north_level_",
)


def _part_size(found: tuple[Whole, ...]) -> int:
    """How broad the parts of the circle are: about as many as strips, fewer where strips overlap them much."""
    west, east = found[0], found[1]
    breadth = int(east.max() - west.min())
    fit = int((east - west).sum()) // _PARTS
    return max(breadth // (2 * len(west)), fit, 1)


def strips(outline: Outline) -> tuple[Whole, ...]:
    """An area cut along meridians into strips between two edges each, of which no two have a point in common.

    Returns:
        West and east of each, and the coefficients of the line that it lies north of and of that which it lies south
        of, as arrays of one length.
    """
    west, east, *lines = _lines(outline)
    ends = np.unique(np.clip(np.r_[west, east, -_HALF_TURN, _HALF_TURN], -_HALF_TURN, _HALF_TURN))
    whole = outline.holds_north_pole
    open_: dict[tuple[int, int], int] = {}
    found: list[tuple[int, int, int, int]] = []
    for start, end in pairwise(ends.tolist()):
        here = np.flatnonzero((west <= start) & (east >= end))
        middle = (lines[2][here] + (start + end) / 2 * lines[1][here]) / lines[0][here]
        order = here[np.argsort(middle, kind="stable")].tolist()
        if (len(order) % 2 == 1) != whole:
            order = [-1, *order]
        if whole:
            order.append(-2)
        between = list(zip(order[::2], order[1::2], strict=True))
        found += [(open_.pop(pair), start, *pair) for pair in open_.keys() - set(between)]
        for pair in between:
            open_.setdefault(pair, start)
    found += [(start, _HALF_TURN, *pair) for pair, start in open_.items()]
    found.sort()
    # Behind the edges stand a line north of everything and one south of it, which -2 and -1 point to.
    table = np.concatenate([np.column_stack(lines), np.array([_NORTH, _SOUTH], dtype=np.int64)])
    made: Any = np.array(found, dtype=np.int64).reshape(-1, 4)
    return (made[:, 0], made[:, 1], *table[made[:, 2]].T, *table[made[:, 3]].T)
