"""Boxes of the map, in px: left, top, right, bottom; one is a row of an array of the shape (n, 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]

Box: TypeAlias = tuple[float, float, float, float]


def stacked(boxes: Sequence[Box]) -> Floats:
    """Boxes as rows, also where there is none."""
    return np.asarray(boxes, dtype=np.float64).reshape(-1, 4)


def grown(boxes: Floats, by: float) -> Floats:
    """Boxes with some px more at each side."""
    found: Floats = boxes + np.array([-by, -by, by, by])
    return found


def meet(a: Floats, b: Floats) -> Bools:
    """Whether boxes have room in common; the shapes are broadcast over all axes but the last."""
    apart_x = (a[..., 0] < b[..., 2]) & (b[..., 0] < a[..., 2])
    return apart_x & (a[..., 1] < b[..., 3]) & (b[..., 1] < a[..., 3])


def meeting(boxes: Floats, others: Floats) -> Bools:
    """Which boxes meet which others, shape (n, m)."""
    return meet(boxes[:, None, :], others[None, :, :])
