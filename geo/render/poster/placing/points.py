"""Points every few px along all that is drawn, each with what it weighs that a text covers it.

The same as ``sampled`` and ``samplePoints`` of ``assets/viewer/lines.js``: what is changed in one is changed in the
other, and ``tests/browser/test_poster_labels.py`` compares what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from geo.render.poster.placing.boxes import Floats
    from geo.render.poster.view import View

#: What a point of a line weighs that may be crossed, and one that no text may cover. Binary fractions: sums of them
#: are exact, whatever their order.
LIGHT: Final = 0.3125
HEAVY: Final = 100.0
_WEIGHTS: Final = {"intended": LIGHT, "received": HEAVY, "inferred": HEAVY}
#: Points of a line that stand for it while labels are placed.
_ENOUGH: Final = 400
#: Px from one point to the next, and most of them between two that stand for the line.
_STEP: Final = 6.0
_MOST: Final = 200.0


@dataclass(frozen=True, slots=True)
class Points:
    """Columns of one length: ``x`` and ``y`` in px, ``weight``, and ``line``, the index of the line, -1 without."""

    x: Floats
    y: Floats
    weight: Floats
    line: NDArray[np.int64]

    @classmethod
    def of(cls, xy: Floats, weight: float, line: int = -1) -> Points:
        """Points of equal weight."""
        return cls(xy[:, 0], xy[:, 1], np.full(len(xy), weight), np.full(len(xy), line))

    @classmethod
    def joined(cls, parts: Iterable[Points]) -> Points:
        """All of these."""
        every = [cls.of(np.empty((0, 2)), 0.0), *parts]
        return cls(
            np.concatenate([part.x for part in every]),
            np.concatenate([part.y for part in every]),
            np.concatenate([part.weight for part in every]),
            np.concatenate([part.line for part in every]),
        )

    def within(self, width: float, height: float) -> Points:
        """Those on the map."""
        kept = (self.x > 0) & (self.y > 0) & (self.x < width) & (self.y < height)
        return Points(self.x[kept], self.y[kept], self.weight[kept], self.line[kept])

    def weigh(self, boxes: Floats, but: int | None = None) -> Floats:
        """What the points weigh that each box covers, but for those of one line."""
        weight = self.weight if but is None else np.where(self.line == but, 0.0, self.weight)
        across = (self.x > boxes[:, 0:1]) & (self.x < boxes[:, 2:3])
        covered: Floats = (across & (self.y > boxes[:, 1:2]) & (self.y < boxes[:, 3:4])) @ weight
        return covered


def lengths(x: ArrayLike, y: ArrayLike) -> Floats:
    """The lengths of legs, px, rounded as ``Math.hypot`` of V8 rounds them.

    Where one ends above a whole number of steps by that, the viewer has a point more.

    Args:
        x: eastward part of each leg.
        y: southward part.
    """
    across, down = np.abs(np.asarray(x, dtype=np.float64)), np.abs(np.asarray(y, dtype=np.float64))
    most = np.maximum(across, down)
    unit = np.where(most > 0, most, 1.0)
    first, second = (across / unit) ** 2, (down / unit) ** 2
    found: Floats = np.sqrt(first + second) * most
    return found


def column(packed: Mapping[str, Any]) -> Floats:
    """The values of a delta-coded column."""
    found: Floats = np.array(list(accumulate(packed["deltas"])), dtype=np.float64) * packed["quantum"]
    return found


def projected(view: View, lon: Floats | float, lat: Floats | float) -> Floats:
    """Whole px of positions, as Leaflet has them; shape (n, 2)."""
    found: Floats = np.floor(view.xys(lon, lat) + 0.5)
    return found


def spot(view: View, at: Sequence[float]) -> tuple[float, float]:
    """Whole px of one position (lon, lat)."""
    x, y = projected(view, at[0], at[1])[0]
    return float(x), float(y)


def sampled(view: View, path: Mapping[str, Any]) -> Floats:
    """Px of some points of a path, its ends among them, shape (n, 2)."""
    last = len(path["lon"]["deltas"]) - 1
    count = min(last, _ENOUGH)
    some = np.floor(np.arange(count + 1) * last / (count or 1) + 0.5).astype(np.int64)
    return projected(view, column(path["lon"])[some], column(path["lat"])[some])


def along(way: Floats, line: int, style: str) -> Points:
    """Points every few px along a line, given by its corners."""
    starts = np.vstack((way[:1], way[:-1]))
    legs = way - starts
    steps = np.clip(np.ceil(lengths(legs[:, 0], legs[:, 1]) / _STEP), 1.0, _MOST)
    leg = np.repeat(np.arange(len(way)), steps.astype(np.int64))
    nth = np.arange(len(leg)) - np.repeat(np.cumsum(steps) - steps, steps.astype(np.int64)) + 1
    xy = starts[leg] + legs[leg] * nth[:, None] / steps[leg][:, None]
    return Points.of(xy, _WEIGHTS.get(style, 1.0), line)


def leading(start: tuple[float, float], end: tuple[float, float], weight: float, apart: float) -> Points:
    """Points along a leader, the last of them before its end."""
    way = np.array(end) - np.array(start)
    steps = max(0.0, float(np.ceil(lengths(way[0], way[1]) / apart)))
    xy = np.array(start) + way * np.arange(steps)[:, None] / (steps or 1.0)
    return Points.of(xy, weight)
