"""State vectors of the OpenSky Network as CSV; what they hold is said in ``state_vectors``.

A row is a line under the header that is not blank. Clean parts of a file go through Arrow at once; a part with
anything out of the way is halved until the rows at fault stand by themselves, and these are read one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import TrackUnreadable
from geo.tracks.tables.columnar import whole
from geo.tracks.tables.halving import PART, halved
from geo.tracks.tables.state_vectors import columns_of, rows_of
from geo.tracks.tables.table_parts import ArrowSource, Columns, Part, TextSource, gathered, part_of
from geo.tracks.text import (
    LONGEST,
    MISSING,
    as_utf8,
    block_of,
    cells_of,
    cut_line,
    header_of,
    lines,
    numbered,
    top_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.tracks.rows import Rows
    from geo.tracks.text import Top

NAME: Final = "opensky-states"
TITLE: Final = "OpenSky state vectors (CSV)"

_LF: Final = ord("\n")
#: What stands in a cell without value, in the spellings of programs.
_NULLS: Final = sorted({word for one in MISSING for word in (one, one.upper(), one.capitalize())} | {"NaN"})
#: The end of a line on old machines; what is left of the text then has one kind of end, or two of which Arrow knows.
_LONE_CR: Final = re.compile(rb"\r(?!\n)")
_ZONE: Final = re.compile(r"(z|[+-]\d\d:?\d\d)$", re.IGNORECASE)


def sniff(head: bytes) -> str | None:
    """The name of the format if the first line is its header."""
    cells, _ = header_of(head)
    return NAME if columns_of(cells) else None


@dataclass(frozen=True, slots=True)
class StateTable:
    """State vectors as text: what the columns hold, the delimiter, and the Arrow types of columns by their place."""

    columns: Columns
    delimiter: str
    types: dict[str, Any]

    def parts(self, text: bytes, start: int, line: int) -> Iterator[Part]:
        """The rows of whole lines from ``start`` on; ``line`` is the number of the first."""
        return halved(text, start, line, self.quick, self.careful)

    def quick(self, part: memoryview, line: int) -> tuple[Part, int] | None:
        """The rows of whole lines and their number, or ``None`` if anything in them is out of the way."""
        import pyarrow as pa
        from pyarrow import csv

        if len(part) > PART + LONGEST:
            return None
        text: Any = pa.BufferReader(pa.py_buffer(part))
        names = [str(index) for index in range(len(self.columns.titles))]
        try:
            table = csv.read_csv(
                text,
                read_options=csv.ReadOptions(column_names=names, block_size=len(part) + 1, use_threads=False),
                parse_options=csv.ParseOptions(delimiter=self.delimiter, ignore_empty_lines=False),
                convert_options=csv.ConvertOptions(
                    column_types=self.types,
                    include_columns=list(self.types),
                    null_values=_NULLS,
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None
        count = table.num_rows
        source = ArrowSource(lambda place: whole(table.column(str(place))))
        made = part_of(self.columns, source, np.arange(line, line + count))
        return None if made.unreadable or not _of_lines(part, count) else (made, count)

    def careful(self, part: memoryview, line: int) -> Part:
        """The same of any lines, one by one; of more than ``LONGEST`` bytes it is one, and no row."""
        piece = bytes(part)
        if len(part) > LONGEST:
            piece = bytes(part[: LONGEST + 1]) + (b"\n" if part[-1] == _LF else b"")
        piece = piece.replace(b"\r\n", b"\n")
        width = len(self.columns.titles)
        block = block_of(numbered(piece, line), self.delimiter, width, cut=cut_line(piece, line))
        made = part_of(self.columns, TextSource(block.column), np.array(block.row, dtype=np.int64))
        return made._replace(unreadable=[*made.unreadable, *block.unreadable])


def _of_lines(part: memoryview, count: int) -> bool:
    """Whether so many rows are so many lines: a quote that is left open takes the lines after it into its row."""
    text = bytes(part)
    return b'"' not in text or text.count(b"\n") + (not text.endswith(b"\n")) == count


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the second line of it is row 2.

    Raises:
        TrackUnreadable: when its header is not that of state vectors, or too many rows cannot be read.
    """
    text = as_utf8(data)
    if _LONE_CR.search(text):
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    top, table = begun(text, source)
    sample = text[top.end : top.end + LONGEST]
    room = len(text) * (sample.count(b"\n") + 1) // (len(sample) + 1)
    parts = table.parts(text, top.end, top.number + 1)
    return rows_of(gathered(parts, table.columns, room, source), table.columns)


def begun(text: bytes, source: str) -> tuple[Top, StateTable]:
    """The header with which a table begins, and how its rows are read.

    Raises:
        TrackUnreadable: when it is not that of state vectors.
    """
    top = top_of(text)
    columns = columns_of(top.cells)
    if columns is None:
        raise TrackUnreadable(source, f"its first line does not name the columns of {TITLE}")
    sample = text[top.end : top.end + LONGEST]
    return top, StateTable(columns, top.delimiter, _types(columns, _sample(sample, top.delimiter)))


def _sample(text: bytes, delimiter: str) -> list[list[str]]:
    """The cells of the lines of this text that have any."""
    found = []
    for line in lines(text):
        try:
            found.append(cells_of(line, delimiter))
        except ValueError:
            continue
    return found


def _types(columns: Columns, sample: list[list[str]]) -> dict[str, Any]:
    """The Arrow types in which the columns are first tried."""
    import pyarrow as pa

    types: dict[str, Any] = {str(index): pa.float64() for index, _ in columns.quantities.values()}
    if "on_ground" in columns.quantities:
        types[str(columns.quantities["on_ground"][0])] = pa.bool_()
    for index in columns.times.values():
        first = next((row[index] for row in sample if len(row) > index and row[index].lower() not in MISSING), "0")
        zone = "UTC" if _ZONE.search(first) else None
        types[str(index)] = pa.float64() if _is_number(first) else pa.timestamp("us", tz=zone)
    return types | {str(index): pa.dictionary(pa.int32(), pa.string()) for index in columns.labels.values()}


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
