"""A part of the map on paper: Web Mercator with north up, as the viewer has it, in px of the map's box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

#: Px of the whole world at zoom 0, and metres of its equator.
_TILE: Final = 256.0
_EQUATOR_M: Final = 40_075_016.7
#: Where Web Mercator ends, degrees.
_MOST_LAT: Final = 85.0511287798
_MOST_ZOOM: Final = 15.0


def _world(lon: ArrayLike, lat: ArrayLike, scale: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lats = np.radians(np.clip(np.asarray(lat, dtype=np.float64), -_MOST_LAT, _MOST_LAT))
    x = (np.asarray(lon, dtype=np.float64) + 180.0) / 360.0 * scale
    return x, (0.5 - np.arctanh(np.sin(lats)) / (2 * math.pi)) * scale


@dataclass(frozen=True, slots=True)
class View:
    """``width`` and ``height`` in px; ``scale`` px of the whole world; ``left`` and ``top`` of the box in these."""

    width: float
    height: float
    scale: float
    left: float
    top: float

    @classmethod
    def fitted(
        cls, box: Sequence[float], size: tuple[float, float], padding: tuple[float, float, float, float]
    ) -> View:
        """The view that shows a box as large as it can be.

        Args:
            box: west, south, east, north in degrees, longitude unwrapped.
            size: width and height, px.
            padding: px left free at the left, top, right and bottom.
        """
        west, south, east, north = box
        (width, height), (start, above, end, below) = size, padding
        (x0, x1), (y1, y0) = _world([west, east], [south, north], _TILE)
        room = max(width - start - end, 1.0), max(height - above - below, 1.0)
        across, down = max(float(x1 - x0), 1e-9), max(float(y1 - y0), 1e-9)
        scale = _TILE * min(room[0] / across, room[1] / down, 2**_MOST_ZOOM)
        middle_x, middle_y = (float(x0 + x1) / 2 * scale / _TILE, float(y0 + y1) / 2 * scale / _TILE)
        left = middle_x - start - room[0] / 2
        return cls(width, height, scale, left, middle_y - above - room[1] / 2)

    def xy(self, at: Sequence[float]) -> tuple[float, float]:
        """Px of a position (lon, lat)."""
        x, y = _world(at[0], at[1], self.scale)
        return float(x) - self.left, float(y) - self.top

    def xys(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Px of positions, shape (n, 2): x and y."""
        x, y = _world(lon, lat, self.scale)
        return np.column_stack((x - self.left, y - self.top))

    def metres(self, lat: float) -> float:
        """Metres of one px at a latitude."""
        return _EQUATOR_M * math.cos(math.radians(lat)) / self.scale

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the box, degrees."""

        def lat(y: float) -> float:
            return math.degrees(math.asin(math.tanh((0.5 - y / self.scale) * 2 * math.pi)))

        west, east = (x / self.scale * 360.0 - 180.0 for x in (self.left, self.left + self.width))
        return west, lat(self.top + self.height), east, lat(self.top)
