"""Lines and cells of a table of text, one line at a time, so that one broken row costs no other.

A line ends with LF, CRLF or CR, in any mix, as editors count them. Every line is a row: a quote that is left open
at the end of a line is a fault of that row and of no other.
"""

from __future__ import annotations

import codecs
import csv
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.tracks.progress import tell
from geo.tracks.rows import Rows, Unreadable, bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.model.track import FloatColumn

#: Bytes of text that are looked at together: enough to be quick, little enough to hold.
PIECE: Final = 1 << 20
#: No row of a track is as long, in bytes; a longer line is never decoded or parted.
LONGEST: Final = 1 << 16
#: Delimiters that are tried, the likeliest first.
DELIMITERS: Final = (",", ";", "\t", "|")
#: What stands in a cell that has no value.
MISSING: Final = frozenset({"", "nan", "null", "none", "na", "n/a", "-", "--"})
_SHOWN: Final = 60
_QUOTED: Final = re.compile(r'"[^"]*"')
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
#: So much is looked at to see whether every other byte is NUL.
_SAMPLE: Final = 512


def shown(text: str) -> str:
    """A cell as a message quotes it: short, and without control characters."""
    clean = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[: _SHOWN + 1]
    )
    return repr(clean[:_SHOWN] + ("…" if len(text) > _SHOWN else ""))


def as_utf8(data: bytes) -> bytes:
    """The text of a file as UTF-8 without byte order mark, whatever of UTF-8 and UTF-16 it came in."""
    wide = _utf16(data)
    if wide is None:
        return data.removeprefix(codecs.BOM_UTF8)
    decoder = codecs.getincrementaldecoder(wide)("replace")
    start = len(codecs.BOM_UTF16) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else 0
    parts = [decoder.decode(data[at : at + PIECE]).encode() for at in range(start, len(data), PIECE)]
    return b"".join([*parts, decoder.decode(b"", final=True).encode()])


def _utf16(data: bytes) -> str | None:
    """The encoding, if it is UTF-16: said by its mark, or seen in a NUL beside each of the letters of a header."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    first, second = data[:_SAMPLE:2], data[1:_SAMPLE:2]
    for name, high, low in (("utf-16-le", second, first), ("utf-16-be", first, second)):
        if high.count(0) > len(high) / 2 > 8 * low.count(0):
            return name
    return None


def pieces(text: bytes, start: int = 0, number: int = 1) -> Iterator[tuple[int, bytes]]:
    """Lines from ``start`` on, about ``PIECE`` bytes at a time, with the number of the first, which is ``number``.

    All ends become LF; only a file that ends inside its last line gives a piece that does not end so. A line longer
    than a piece stands alone, cut to more than ``LONGEST``.
    """
    while start < len(text):
        end = _last_end(text, start)
        stop = end
        if end < 0:
            end = _end(text, start)
            stop = min(end, start + LONGEST + 1)
        piece = text[start:stop]
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if stop < end and text[end - 1] in b"\r\n":
            piece += b"\n"
        if len(text) > PIECE:
            tell(end, len(text), "reading rows")
        yield number, piece
        number += piece.count(b"\n")
        start = end


def _last_end(text: bytes, start: int) -> int:
    """Where the last line ends that ends within a piece from ``start``, -1 for none."""
    stop = start + PIECE
    if stop >= len(text):
        return len(text)
    last = max(text.rfind(b"\n", start, stop), text.rfind(b"\r", start, stop))
    if last < start:
        return -1
    return last + 2 if text.startswith(b"\r\n", last) else last + 1


def _end(text: bytes, start: int) -> int:
    """Where the line ends that begins at ``start``."""
    for at in range(start, len(text), PIECE):
        found = [one for one in (text.find(b"\n", at, at + PIECE), text.find(b"\r", at, at + PIECE)) if one >= 0]
        if found:
            return min(found) + (2 if text.startswith(b"\r\n", min(found)) else 1)
    return len(text)


def numbered(piece: bytes, first: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a piece with their numbers."""
    return enumerate(piece.removesuffix(b"\n").split(b"\n"), start=first)


def lines(data: bytes) -> Iterator[str]:
    """The lines as an editor counts them, without their ends; of one longer than ``LONGEST`` only the beginning."""
    for first, piece in pieces(data):
        for _, line in numbered(piece, first):
            yield line[:LONGEST].decode("utf-8", errors="replace")


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line, quotes undone, blanks around them removed.

    Raises:
        ValueError: when a quote is not closed or a cell is longer than any cell of a track.
    """
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        return [
            cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
        ]
    except csv.Error as wrong:
        raise ValueError(f"the quotes in it do not close: {shown(line)}") from wrong


class Top(NamedTuple):
    """The first line that is not blank: its cells, the delimiter that parts it best, its number, where it ends."""

    cells: list[str]
    delimiter: str
    number: int
    end: int


def top_of(text: bytes, start: int = 0, number: int = 1, delimiter: str = "") -> Top:
    """The first line from ``start`` on that is not blank, parted by ``delimiter`` if given.

    It has no cells if there is none in the first ``LONGEST`` bytes, or if its quotes do not close.
    """
    head = text[start : start + LONGEST + len(b"\r\n")]
    at = 0
    while at < len(head):
        found = _LINE_END.search(head, at)
        end = found.end() if found else len(head)
        line = head[at:end].decode("utf-8", errors="replace").rstrip("\r\n")
        if line.strip():
            delimiter = delimiter or max(DELIMITERS, key=_QUOTED.sub("", line).count)
            try:
                cells = cells_of(line, delimiter) if len(line) < LONGEST and _ended(head, end) else []
            except ValueError:
                cells = []
            return Top(cells, delimiter, number, start + end)
        at = end
        number += 1
    return Top([], delimiter or DELIMITERS[0], number, start + at)


def _ended(head: bytes, end: int) -> bool:
    """Whether the line that ends there is whole: it has an end, or the file ends with it."""
    return head[end - 1] in b"\r\n" or len(head) <= LONGEST


def header_of(head: bytes) -> tuple[list[str], str]:
    """The cells of the first line that is not blank, and the delimiter that parts it best.

    It is looked for in the first ``LONGEST`` bytes; a longer line is no header and gives no cells.
    """
    top = top_of(as_utf8(head[: LONGEST + 1]))
    return top.cells, top.delimiter


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
            unreadable=tuple(
                sorted([*self.unreadable, *(Unreadable(self.row[index], why) for index, why in broken.items())])
            ),
        )


def _parted(line: bytes, delimiter: str, width: int, *, ragged: bool) -> list[str]:
    """The cells of a line, none of a blank one.

    Raises:
        ValueError: a sentence on what is wrong with it.
    """
    text = line[:LONGEST].decode("utf-8", errors="replace")
    if not text.strip():
        return []
    if len(line) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST:,} bytes: {shown(text)}")
    cells = cells_of(text, delimiter)
    if len(cells) < width or (not ragged and any(cells[width:])):
        raise ValueError(f"it has {len(cells)} cells where the header has {width}: {shown(text)}")
    return cells


def block_of(
    found: Iterable[tuple[int, bytes]], delimiter: str, width: int, *, ragged: bool = False, cut: int = 0
) -> Block:
    """The rows of these numbered lines; blank lines are no rows.

    A row with fewer cells than ``width`` is unreadable, and so is one with more that are not empty unless ``ragged``.
    ``cut`` is the number of the line inside which the file ends, if it does.
    """
    cells: list[list[str]] = []
    row: list[int] = []
    broken: list[Unreadable] = []
    for number, line in found:
        try:
            parted = _parted(line, delimiter, width, ragged=ragged)
        except ValueError as wrong:
            broken.append(Unreadable(number, ("the file ends inside this row; " if number == cut else "") + str(wrong)))
        else:
            if parted:
                cells.append(parted)
                row.append(number)
    return Block(cells, row, tuple(broken))


def cut_line(piece: bytes, first: int) -> int:
    """The number of the line inside which the file ends with this piece, 0 if it does not."""
    return 0 if piece.endswith(b"\n") else first + piece.count(b"\n")


def blocks(data: bytes, delimiter: str, width: int, *, ragged: bool = False) -> Iterator[Block]:
    """The rows under the header, in blocks, as ``block_of`` says; of nothing but a header, none."""
    top = top_of(data)
    for first, piece in pieces(data, top.end, top.number + 1):
        block = block_of(numbered(piece, first), delimiter, width, ragged=ragged, cut=cut_line(piece, first))
        if block.cells or block.unreadable:
            yield block


def gathered(parts: Iterable[Rows], source: str) -> Rows:
    """These one after the other, unless too many rows cannot be read.

    Raises:
        TrackUnreadable: when more than ``MOST_UNREADABLE`` cannot.
    """
    kept: list[Rows] = []
    broken: list[Unreadable] = []
    for part in parts:
        kept.append(part)
        broken += part.unreadable
        bounded(broken, source)
    return Rows.joined(kept)


def numbers(cells: Sequence[str], what: str, *, decimal_comma: bool = False) -> tuple[FloatColumn, dict[int, str]]:
    """The numbers in these cells, NaN where there is none, and by index a sentence on each that is no number.

    With ``decimal_comma`` the comma is the decimal sign, and a point is none: ``35.000`` may be meant as 35,000.
    """
    values = [math.nan] * len(cells)
    wrong: dict[int, str] = {}
    for index, cell in enumerate(cells):
        if cell.lower() in MISSING:
            continue
        value = _number(cell.replace(",", ".") if decimal_comma and "." not in cell else cell)
        if value is None or (decimal_comma and "." in cell):
            wrong[index] = f"{what} is {shown(cell)}, which is no number" + (
                " where a comma is the decimal sign" if decimal_comma and value is not None else ""
            )
        else:
            values[index] = value
    return np.array(values, dtype=np.float64), wrong


def _number(cell: str) -> float | None:
    """The number, or ``None``; Python's digit groups (``1_000``) are none."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None
