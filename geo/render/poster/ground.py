"""Land, lakes, coasts and borders under the lines, as ``assets/viewer/basemap.js`` draws them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.basemap import basemap
from geo.render.poster.drawing import element, group
from geo.render.poster.look import BORDER, COAST, LAND, SEA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geo.render.poster.drawing import Pen
    from geo.render.poster.view import View

    Floats = NDArray[np.float64]

#: Share of the view that is drawn beyond each side, so that no edge of the land's frame is seen.
_BEYOND: Final = 0.006
_MOST_LAT: Final = 89.0
#: Px beyond the view within which lines are still drawn.
_NEAR: Final = 2.0
#: Px of the smallest outlines that are drawn, and of those in a small file.
_SMALLEST: Final = 1.0
_SMALLEST_PLAIN: Final = 6.0


def _bounds(view: View) -> tuple[float, float, float, float]:
    west, south, east, north = view.bounds
    more = (east - west) * _BEYOND
    return (
        west - more,
        max(south - more, -_MOST_LAT),
        min(east + more, west - more + 359.9),
        min(north + more, _MOST_LAT),
    )


def ground(view: View, pen: Pen, *, plain: bool = False) -> str:
    """What of the Earth a view shows, low to high.

    Args:
        view: the map's.
        pen: how exactly it is drawn.
        plain: whether shores are the strokes of the land and small islands are left out, for a small file.
    """
    data = basemap(_bounds(view))
    least = _SMALLEST_PLAIN if plain else _SMALLEST

    def read(flat: Sequence[int]) -> Floats:
        at = np.cumsum(np.array(flat, dtype=np.int64).reshape(-1, 2), axis=0) * data["quantum"]
        return view.xys(at[:, 0], at[:, 1])

    def seen(line: Floats) -> bool:
        low, high = line.min(axis=0), line.max(axis=0)
        inside = (high + _NEAR >= 0).all() and (low <= (view.width + _NEAR, view.height + _NEAR)).all()
        return bool(inside and max(high - low) >= least)

    def rings(polygons: Iterable[Any]) -> str:
        found = [read(ring) for polygon in polygons for ring in polygon]
        return pen.paths((ring for ring in found if seen(ring)), closed=True)

    def lines(some: Iterable[Any], by: Pen = pen) -> str:
        return by.paths(line for line in map(read, some) if seen(line))

    def stroked(d: str, **how: str) -> str:
        return element("path", d=d, **how) if d else ""

    land, lakes = rings(data["land"]), rings(data["lakes"])
    shores = {} if plain else {"stroke": "none"}
    drawn = element("rect", width=view.width, height=view.height, fill=SEA, stroke="none")
    drawn += (stroked(land, fill=LAND, **shores)) + stroked(lakes, fill=SEA, **shores)
    over = "" if plain else stroked(lines(data["coast"]))
    # Between neighbours a border is a thin dotted line: it bears more than a coast.
    bordering = replace(pen, tolerance=2 * pen.tolerance) if plain else pen
    over += stroked(lines(data["borders"], bordering), stroke=BORDER, stroke_dasharray="2 3")
    over += stroked(lines(data["disputed"], bordering), stroke=BORDER, stroke_dasharray="1 5")
    return group(drawn + group(over, fill="none"), stroke=COAST)
