"""What is said against the rows of a large file: a mask, and sentences that are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  the type of a field, which tools read at run time

from geo.tracks.tables.words import said_by

if TYPE_CHECKING:
    from geo.tracks.rows import Labels


@dataclass(frozen=True, slots=True, eq=False)
class Said(Mapping[int, tuple[str, str]]):
    """By index, reason and sentence of each row where ``mask`` is true.

    Of OpenSky's state vectors half may be stale; half a million sentences would weigh more than the track. ``only``
    is the reason of all of them where they have one in common, so that nothing need be made to know it.
    """

    mask: NDArray[np.bool_]
    say: Callable[[int], tuple[str, str]]
    only: str = ""

    def taken(self, rows: NDArray[np.int64]) -> Said:
        """What is said against these rows, by their place among them."""
        return Said(self.mask[rows], lambda place: self.say(int(rows[place])), self.only)

    def __getitem__(self, index: int) -> tuple[str, str]:
        if index not in self:
            raise KeyError(index)
        return self.say(index)

    def __contains__(self, index: object) -> bool:
        if not isinstance(index, int | np.integer):
            return False
        return bool(0 <= index < len(self.mask)) and bool(self.mask[index])

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.mask).tolist())

    def __len__(self) -> int:
        return int(np.count_nonzero(self.mask))


def said_of(reasons: Labels) -> Said:
    """What a column of reasons in a file says against its rows."""
    said = {code: words for code, word in enumerate(reasons.names) if (words := said_by(word))}
    return Said(np.isin(reasons.codes, list(said)), lambda index: said[int(reasons.codes[index])])
