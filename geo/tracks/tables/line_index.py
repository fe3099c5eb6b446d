"""A piece of text as numpy sees it: its lines by where each begins and ends, without an object for any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: No line of the formats that are read so has as many bytes; of a longer one no more is looked at.
LONGEST: Final = 1_000
_LF: Final = 10
_BLANK: Final = 32


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Some lines: their bytes, where in them each begins and ends (the LF not counted), and the number of the first.

    ``cut`` says that the last of them has no end, for there the file ends.
    """

    content: NDArray[np.uint8]
    start: Indices
    end: Indices
    first: int
    cut: bool

    @classmethod
    def of(cls, piece: bytes, first: int) -> Lines:
        """The lines of a piece that has only LF as line ends; ``first`` is the number of the first."""
        content = np.frombuffer(piece, dtype=np.uint8)
        ends = np.flatnonzero(content == _LF)
        cut = not piece.endswith(b"\n")
        start = np.r_[0, ends + 1] if cut else np.r_[0, ends[:-1] + 1]
        return cls(content, start.astype(np.int64), np.r_[ends, len(content)] if cut else ends, first, cut)

    def __len__(self) -> int:
        return len(self.start)

    def letter(self) -> NDArray[np.uint8]:
        """The first byte of each line, 0 of one that has none."""
        places = np.minimum(self.start, len(self.content) - 1)
        return np.where(self.end > self.start, self.content[places], 0).astype(np.uint8)

    def text(self, index: int) -> str:
        """A line, or as much of it as a line may be long and one byte more."""
        start = int(self.start[index])
        end = min(int(self.end[index]), start + LONGEST + 1)
        return self.content[start:end].tobytes().decode("utf-8", errors="replace")

    def only(self, lines: Indices) -> bytes:
        """These lines, ascending, with their ends."""
        bounds = np.r_[self.start, len(self.content)]
        first, last = int(lines[0]), int(lines[-1]) + 1
        kept = np.zeros(last - first, dtype=np.bool_)
        kept[lines - first] = True
        content = self.content[bounds[first] : bounds[last]]
        return (content if kept.all() else content[np.repeat(kept, np.diff(bounds[first : last + 1]))]).tobytes()

    def column(self, lines: Indices, first: int, width: int) -> NDArray[np.uint8]:
        """So many bytes of these lines from byte ``first``: a row for each line; what lies beyond a line is not it."""
        places = self.start[lines][:, np.newaxis] + np.arange(first, first + width)
        found: NDArray[np.uint8] = self.content[np.minimum(places, len(self.content) - 1)]
        return found

    def control(self) -> Mask:
        """The lines with a control character in them."""
        found = np.zeros(len(self), dtype=np.bool_)
        places = np.flatnonzero((self.content < _BLANK) & (self.content != _LF))
        found[np.searchsorted(self.start, places, side="right") - 1] = True
        return found
