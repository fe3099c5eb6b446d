"""Lines and cells of a table of text, one line at a time, so that one broken row costs no other."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.rows import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.model.track import FloatColumn

#: Rows that are converted together: enough to be quick, little enough to hold.
BLOCK: Final = 50_000
#: Delimiters that are tried, the likeliest first.
DELIMITERS: Final = (",", ";", "\t", "|")
#: What stands in a cell that has no value.
MISSING: Final = frozenset({"", "nan", "null", "none", "na", "n/a", "-", "--"})
_SHOWN: Final = 60


def shown(text: str) -> str:
    """A cell as a message quotes it: short, and without control characters."""
    clean = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[: _SHOWN + 1]
    )
    return repr(clean[:_SHOWN] + ("…" if len(text) > _SHOWN else ""))


def as_utf8(data: bytes) -> bytes:
    """The text of a file as UTF-8 without byte order mark, whatever of UTF-8 and UTF-16 it came in."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf")


def lines(data: bytes) -> Iterator[str]:
    """The lines as an editor counts them, without their ends (LF, CRLF, or CR alone)."""
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield data[start:end].decode("utf-8", errors="replace").rstrip("\r")
        start = end + 1


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line, quotes undone, blanks around them removed.

    Raises:
        ValueError: when a quote is not closed or a cell is longer than any cell of a track.
    """
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True))]
    except csv.Error as wrong:
        raise ValueError(f"the quotes in it do not close: {shown(line)}") from wrong


def header_of(head: bytes) -> tuple[list[str], str]:
    """The cells of the first line that is not blank, and the delimiter that parts it best."""
    first = next((line for line in lines(as_utf8(head)) if line.strip()), "")
    delimiter = max(DELIMITERS, key=first[:10_000].count)
    try:
        return cells_of(first, delimiter), delimiter
    except ValueError:
        return [], delimiter


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table: their cells (no fewer than asked for), their line numbers, and the broken ones."""

    cells: Sequence[Sequence[str]]
    row: Sequence[int]
    unreadable: tuple[Unreadable, ...]

    def column(self, index: int) -> list[str]:
        """The cells of one column."""
        return [row[index] for row in self.cells]

    def without(self, broken: dict[int, str]) -> Block:
        """The block less the rows at these indices, which are unreadable for the reason given."""
        if not broken:
            return self
        kept = [index for index in range(len(self.cells)) if index not in broken]
        return Block(
            cells=[self.cells[index] for index in kept],
            row=[self.row[index] for index in kept],
            unreadable=(*self.unreadable, *(Unreadable(self.row[index], broken[index]) for index in sorted(broken))),
        )


def _misfit(found: Sequence[str], width: int, *, ragged: bool) -> bool:
    return len(found) < width or (not ragged and any(found[width:]))


def blocks(data: bytes, delimiter: str, width: int, *, ragged: bool = False) -> Iterator[Block]:
    """The rows under the header, in blocks; blank lines are no rows.

    A row with fewer cells than ``width`` is unreadable, and so is one with more that are not empty unless ``ragged``.
    """
    cells: list[list[str]] = []
    row: list[int] = []
    broken: list[Unreadable] = []
    under_header = False
    open_end = not data.endswith((b"\n", b"\r"))
    number = 0
    for number, line in enumerate(lines(data), start=1):
        if not line.strip():
            continue
        if not under_header:
            under_header = True
            continue
        try:
            found = cells_of(line, delimiter)
        except ValueError as wrong:
            broken.append(Unreadable(number, str(wrong)))
            continue
        if _misfit(found, width, ragged=ragged):
            broken.append(Unreadable(number, f"it has {len(found)} cells where the header has {width}: {shown(line)}"))
        else:
            cells.append(found)
            row.append(number)
        if len(row) + len(broken) >= BLOCK:
            yield Block(cells, row, tuple(broken))
            cells, row, broken = [], [], []
    if open_end and broken and broken[-1].row == number:
        last = broken.pop()
        broken.append(Unreadable(last.row, f"the file ends inside this row; {last.detail}"))
    if cells or broken:
        yield Block(cells, row, tuple(broken))


def numbers(cells: Sequence[str], what: str, *, decimal_comma: bool = False) -> tuple[FloatColumn, dict[int, str]]:
    """The numbers in these cells, NaN where there is none, and by index a sentence on each that is no number."""
    values = [math.nan] * len(cells)
    wrong: dict[int, str] = {}
    for index, cell in enumerate(cells):
        if cell.lower() in MISSING:
            continue
        value = _number(cell)
        if value is None and decimal_comma:
            value = _number(cell.replace(",", ".", 1))
        if value is None:
            wrong[index] = f"{what} is {shown(cell)}, which is no number"
        else:
            values[index] = value
    return np.array(values, dtype=np.float64), wrong


def _number(cell: str) -> float | None:
    """The number, or ``None``; Python's digit groups (``1_000``) are none."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None
