"""How a day lies on disk: what is sorted by what, and how it is packed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Cells are squares of so many degrees, numbered eastwards from 180° W and northwards from the South Pole.
CELL_DEG: Final = 5
_MILLIONTHS: Final = 1_000_000


def cells(lat: NDArray[Any], lon: NDArray[Any]) -> NDArray[np.int16]:
    """The number of the cell of each position, in millionths of a degree; the poles count to the cells beside them."""
    rows, columns = 180 // CELL_DEG, 360 // CELL_DEG
    side = CELL_DEG * _MILLIONTHS
    row = np.minimum((lat.astype(np.int64) + 90 * _MILLIONTHS) // side, rows - 1)
    column = (lon.astype(np.int64) + 180 * _MILLIONTHS) // side % columns
    return (row * columns + column).astype(np.int16)
