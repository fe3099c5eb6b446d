"""The received positions in a table of a rendering, and how much of it is left out because it was drawn."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, Final

from geo.tracks import exported
from geo.tracks.rows import Labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

#: Columns that no other table has all of.
MARKS: Final = frozenset({*exported.SAID, "id", "of", "time_utc", "until_utc", "lat", "lon"})
#: What rows with a position of a line are called, and the kind of their line.
_POINTS: Final = {"line point": "line", "point of other aircraft": "other aircraft"}
_FLIGHT: Final = "stretch-"


class Sifted:
    """A table without the lines that hold no received position.

    ``text`` is the table with these lines blank, so that the others keep their numbers; ``left_out`` what they were.
    """

    def __init__(self, text: bytes, delimiter: str) -> None:
        """Sift a table in UTF-8."""
        lines = text.splitlines(keepends=True)
        records = csv.reader((line.decode(errors="replace") for line in lines), delimiter=delimiter)
        titles = [title.strip() for title in next(records, [])]
        self.left_out = exported.LeftOut()
        self._part: dict[int, str] = {}
        self._drawn: Counter[tuple[str, str]] = Counter()
        kept, done = lines[: records.line_num], records.line_num
        for record in records:
            mine, done = lines[done : records.line_num], records.line_num
            kept += mine if self._holds(dict(zip(titles, record, strict=False)), done) else [b"\n"] * len(mine)
        self.text = b"".join(kept)
        for (why, _), positions in self._drawn.items():
            self.left_out.add(why, positions)

    def _holds(self, said: dict[str, str], line: int) -> bool:
        """Whether a row holds a received position of an aircraft."""
        kind, belongs = said.get("kind", ""), said.get("of", "")
        why = exported.why_not({**said, "kind": _POINTS.get(kind, kind)}, ours=True)
        if why and said.get("lat"):
            self._drawn[why, belongs or said.get("id", "")] += 1
        if why or kind not in _POINTS:
            return False
        if not belongs.startswith(_FLIGHT):
            self._part[line] = belongs
        return True

    def part(self, rows: NDArray[np.int64]) -> Labels | None:
        """The aircraft of each of these rows, by their numbers, where it is another than that of the flight."""
        return Labels.of([self._part.get(row) for row in rows.tolist()]) if self._part else None


def is_scene(titles: Sequence[str]) -> bool:
    """Whether these are the columns of a rendering."""
    return {title.strip() for title in titles} >= MARKS
