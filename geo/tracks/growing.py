"""Columns that are filled block by block, and take little more memory than what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: Room that is left beyond what the blocks so far let expect, or grown by where they let expect nothing.
_SPARE: Final = 1.02
_GROWTH: Final = 1.25


class Growing:
    """Columns by name, all of one length.

    They are laid out for the whole file as soon as the first block is in, as its share of the file tells: memory
    that is not written to costs nothing, while blocks kept apart until the end would be there twice.
    """

    def __init__(self) -> None:
        self.count = 0
        self._columns: dict[str, NDArray[Any]] = {}

    def add(self, block: Mapping[str, NDArray[Any]], share: float) -> None:
        """The next rows; every block has the same names. ``share`` of the file, from 0 to 1, is read with it."""
        end = self.count + max((len(column) for column in block.values()), default=0)
        for name, column in block.items():
            held = self._columns.get(name)
            if held is None or len(held) < end:
                held = self._columns[name] = self._larger(held, column.dtype, end, share)
            held[self.count : end] = column
        self.count = end

    def _larger(self, held: NDArray[Any] | None, kind: np.dtype[Any], end: int, share: float) -> NDArray[Any]:
        expected = end / share * _SPARE if 0 < share <= 1 else 0.0
        larger = np.empty(max(end, int(expected), int(0 if held is None else len(held) * _GROWTH)), dtype=kind)
        if held is not None:
            larger[: self.count] = held[: self.count]
        return larger

    def columns(self) -> dict[str, NDArray[Any]]:
        """What was added, by name."""
        return {name: column[: self.count] for name, column in self._columns.items()}
