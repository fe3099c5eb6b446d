"""Small pictures of markers as PNG, for files that carry their own: the shapes of grades, crosses, places, aircraft.

A shape says the grade, a colour never does (tokens §6). The pictures are computed from distances to the shapes, so that
no picture library is needed and equal shapes are equal bytes.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Grid = NDArray[np.float64]

SIZE: Final = 64
_INK: Final = (22, 32, 42)
_RECEIVED: Final = (11, 79, 134)
_INFERRED: Final = (150, 75, 0)
_GAP: Final = (85, 97, 108)
_WHITE: Final = (255, 255, 255)
#: Half the size of a marker, in pixels, and its line.
_HALF: Final = 22.0
_LINE: Final = 5.0
_THICK: Final = 9.0
#: The dart of the aircraft (tokens §6), in units of its own, and how many pixels one is.
_DART: Final = ((0.0, -10.5), (7.2, 8.5), (0.0, 4.6), (-7.2, 8.5))
_DART_PX: Final = 2.6
_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: Dashes around the circle of an inferred event.
_DASHES: Final = 12


def icons() -> Mapping[str, bytes]:
    """The pictures by their names: ``event-`` and a grade, ``cross``, ``place``, ``aircraft-`` and a style.

    Returns:
        PNG of 64 by 64 pixels, 8 bits of red, green, blue and opacity each.
    """
    x, y = np.meshgrid(np.arange(SIZE) - SIZE / 2 + 0.5, np.arange(SIZE) - SIZE / 2 + 0.5)
    around = np.hypot(x, y) - _HALF
    square = np.maximum(np.abs(x), np.abs(y)) - _HALF * 0.93
    diamond = (np.abs(x) + np.abs(y) - _HALF * 1.3) / np.sqrt(2)
    # The upper left and the lower right edge of a diamond are the thick ones.
    thick = np.where(x * y > 0, _THICK, _LINE)
    dashed = np.where(np.cos(np.arctan2(y, x) * _DASHES) > 0, np.abs(around) - _LINE / 2, _LINE)
    cross = np.minimum(np.abs(x - y), np.abs(x + y)) / np.sqrt(2) - _LINE / 2
    cross = np.maximum(cross, np.hypot(x, y) - _HALF * 0.7)
    dart = _polygon(x / _DART_PX, y / _DART_PX) * _DART_PX
    return {
        "event-confirmed": _png((around - _LINE / 2, _WHITE), (around, _INK)),
        "event-stated": _png((square, _INK), (square + _LINE, _WHITE)),
        "event-disputed": _png((diamond, _INK), (diamond + thick, _WHITE)),
        "event-inferred": _png((around, _WHITE), (dashed, _INK)),
        "cross": _png((cross - _LINE / 2, _WHITE), (cross, _GAP)),
        "place": _png((np.hypot(x, y) - 13, _WHITE), (np.hypot(x, y) - 10, _INK)),
        "aircraft-received": _png((dart - _LINE / 2, _WHITE), (dart, _RECEIVED)),
        "aircraft-inferred": _png((dart, _INFERRED), (dart + _LINE * 0.8, _WHITE)),
    }


def _polygon(x: Grid, y: Grid) -> Grid:
    """Distance to the dart, below 0 inside of it."""
    nearest = np.full(x.shape, np.inf)
    inside = np.zeros(x.shape, dtype=np.bool_)
    for (ax, ay), (bx, by) in zip(_DART, (*_DART[1:], _DART[0]), strict=True):
        along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0, 1)
        nearest = np.minimum(nearest, np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
        crosses = (ay > y) != (by > y)
        inside ^= crosses & (x < ax + (y - ay) * (bx - ax) / (by - ay if by != ay else 1.0))
    return np.where(inside, -nearest, nearest)


def _png(*layers: tuple[Grid, tuple[int, int, int]]) -> bytes:
    """Layers, each a distance below 0 where it is painted and its colour, the last on top; edges one pixel soft."""
    colour = np.zeros((SIZE, SIZE, 3))
    opacity = np.zeros((SIZE, SIZE, 1))
    for distance, painted in layers:
        share = np.clip(0.5 - distance, 0, 1)[..., None]
        whole = share + opacity * (1 - share)
        mixed = np.array(painted) * share + colour * opacity * (1 - share)
        colour = np.divide(mixed, whole, out=np.zeros_like(mixed), where=whole > 0)
        opacity = whole
    pixels = np.round(np.concatenate([colour, opacity * 255], axis=2)).astype(np.uint8)
    lines = np.concatenate([np.zeros((SIZE, 1), dtype=np.uint8), pixels.reshape(SIZE, -1)], axis=1)
    header = struct.pack(">2I5B", SIZE, SIZE, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return _PNG + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
