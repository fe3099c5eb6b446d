"""The quick way through a plain table: a piece of it at once, by Arrow, but for the lines that need to be looked at.

What Arrow takes, it takes as ``plain_csv`` does line by line; a line on which the two could differ is put aside. No
call here loads pandas, as the conversions between Arrow and NumPy do: columns are read from their buffers.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from geo.tracks.rows import Labels, Rows
from geo.tracks.tables.arrow_cells import bare, cast, floats, floats_of_text, known, nowhere, odd_cells, values_of
from geo.tracks.tables.words import LABELS, on_ground, said_by, unknown_reasons
from geo.tracks.text import LONGEST, MISSING, cells_of, numbers
from geo.tracks.times import FIRST_S, LAST_S, epoch_s, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn
    from geo.tracks.tables.header import Layout

    Mask = NDArray[np.bool_]

#: As Arrow tells upper from lower case, the usual writings of each.
_NOTHING: Final = sorted({write(word) for word in MISSING for write in (str.lower, str.upper, str.title)} | {"NaN"})
#: What numbers and ISO times are written with; a cell with anything else is looked at by itself.
_IN_NUMBERS: Final = b"0123456789.+-eE"
_IN_TIMES: Final = b"0123456789-:.+TZ "
_LF: Final = ord("\n")
_QUOTE: Final = ord('"')


class Quick(NamedTuple):
    """The rows of some lines, the lines put aside with their numbers, and whether numbers had to be read as text."""

    rows: Rows
    aside: list[tuple[int, bytes]]
    as_text: bool


class _Table(NamedTuple):
    """What Arrow makes of some lines: its table, a mask of the lines in it, and the types that columns of text get."""

    columns: Any
    taken: Mask
    still: Mapping[str, Any]

    def column(self, index: int) -> Any:  # noqa: ANN401  an Arrow array
        """The column of this index."""
        import pyarrow as pa

        chunks = self.columns.column(str(index)).chunks
        return chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks)


def at_once(piece: bytes, first: int, layout: Layout, *, as_text: bool = False) -> Quick | None:
    """The rows of whole lines in UTF-8 that end with LF; ``None`` if all of them need to be looked at.

    ``first`` is the number of the first line. ``as_text`` spares the attempt to take numbers as numbers, where it is
    likely to fail.
    """
    piece = piece if piece.endswith(b"\n") else piece + b"\n"
    ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == _LF)
    starts = np.concatenate([[0], ends[:-1] + 1])
    length = ends - starts
    aside = length > LONGEST
    if b'"' in piece:
        aside |= _misquoted(piece, ends, layout.delimiter)
    clean = ~aside & (length > 0)
    lines = np.flatnonzero(clean)
    rows = dataclasses.replace(Rows.joined([]), ignored=layout.header.ignored, notes=layout.header.notes)
    if len(lines):
        text = piece if clean.all() else np.frombuffer(piece, np.uint8)[np.repeat(clean, length + 1)].tobytes()
        table = _table(text, len(lines), layout, as_text=as_text)
        if table is None:
            return None
        aside[lines[~table.taken]] = True
        lines = lines[table.taken]
        rows, wrong = _rows(table, lines + first, layout)
        aside[lines[wrong]] = True
        as_text = bool(table.still)
    put_aside = np.flatnonzero(aside).tolist()
    return Quick(rows, [(index + first, piece[starts[index] : ends[index]]) for index in put_aside], as_text)


def _misquoted(piece: bytes, ends: NDArray[np.intp], delimiter: str) -> Mask:
    """Mask of the lines with a quote that does not stand right before or after a whole cell."""
    letters = np.frombuffer(piece, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    in_line = np.diff(np.searchsorted(quotes, ends), prepend=0)
    wrong: Mask = in_line % 2 == 1
    if wrong.any():
        quotes = quotes[~np.repeat(wrong, in_line)]
    parts = np.zeros(256, dtype=np.bool_)
    parts[[_LF, ord(delimiter)]] = True
    before, after = quotes[::2], quotes[1::2]
    # the piece ends with LF, which so stands before a quote at its beginning
    astray = ~(parts[letters[before - 1]] & parts[letters[after + 1]])
    wrong[np.searchsorted(ends, before[astray])] = True
    return wrong


def _table(text: bytes, count: int, layout: Layout, *, as_text: bool) -> _Table | None:
    """These lines in columns of numbers; if one is no number, in columns of text; ``None`` if they make no table."""
    import pyarrow as pa

    if not text.isascii():
        text = text.decode("utf-8", errors="replace").encode()
    types = _types(layout, text[: text.index(b"\n")].decode())
    table = None if as_text else _parsed(text, count, layout, types)
    if table is not None:
        return table
    still = {name: kind for name, kind in types.items() if not pa.types.is_dictionary(kind)}
    table = _parsed(text, count, layout, types | dict.fromkeys(still, pa.string()))
    return None if table is None else table._replace(still=still)


def _types(layout: Layout, line: str) -> dict[str, Any]:
    """The Arrow type of each column that is read, that of the times as in this line."""
    import pyarrow as pa

    header = layout.header
    types: dict[str, Any] = {str(index): pa.float64() for index, _ in header.quantities.values()}
    time = header.quantities["time_s"][0]
    cells = cells_of(line, layout.delimiter)
    if time < len(cells) and not cells[time].replace(",", ".").replace(".", "", 1).isdecimal():
        types[str(time)] = _stamps(layout)
    words = [*header.labels.values(), header.quantities.get("on_ground", (-1, 1.0))[0]]
    return types | {str(index): pa.dictionary(pa.int32(), pa.string()) for index in words if index >= 0}


def _stamps(layout: Layout) -> Any:  # noqa: ANN401  an Arrow type
    import pyarrow as pa

    return pa.timestamp("us", tz=None if layout.header.utc else "UTC")


def _parsed(text: bytes, count: int, layout: Layout, types: dict[str, Any]) -> _Table | None:
    import pyarrow as pa
    from pyarrow import csv

    source: Any = pa.BufferReader(text)
    taken = np.ones(count, dtype=np.bool_)

    def put_aside(row: Any) -> Literal["skip"]:  # noqa: ANN401  a row with more or fewer cells than the header
        taken[row.number - 1] = False
        return "skip"

    try:
        table = csv.read_csv(
            source,
            # one thread: only then are the rows that are put aside told by their numbers
            read_options=csv.ReadOptions(
                column_names=[str(index) for index in range(layout.header.width)],
                use_threads=False,
                block_size=len(text) + 1,
            ),
            parse_options=csv.ParseOptions(
                delimiter=layout.delimiter, ignore_empty_lines=False, invalid_row_handler=put_aside
            ),
            convert_options=csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                null_values=_NOTHING,
                strings_can_be_null=True,
                decimal_point="," if layout.decimal_comma else ".",
            ),
        )
    except pa.ArrowInvalid:
        return None
    return _Table(table, taken, {}) if 0 < table.num_rows == np.count_nonzero(taken) else None


def _rows(table: _Table, row: NDArray[np.int64], layout: Layout) -> tuple[Rows, Mask]:
    """The rows of a table, and a mask of those that are not among them since something in them is not understood."""
    header = layout.header
    wrong = np.zeros(len(row), dtype=np.bool_)
    columns: dict[str, FloatColumn] = {}
    for name, (index, divisor) in header.quantities.items():
        read = {"time_s": _times, "on_ground": _grounded}.get(name, _numbers)
        values, astray = read(table, index, layout)
        columns[name] = values if divisor == 1 else values / divisor
        wrong |= astray
    labels = {name: _labels(table.column(index)) for name, index in header.labels.items()}
    for name in ("reason", "altitude_reason"):
        if name in labels:
            wrong |= np.isin(labels[name].codes, list(unknown_reasons(labels[name].names)))
    kept = ~wrong
    labels = {name: Labels(found.codes[kept], found.names) for name, found in labels.items()}

    def named(name: str) -> Labels:
        return labels[name].renamed(LABELS[name]) if name in labels else Labels.none(int(np.count_nonzero(kept)))

    rows = Rows(
        columns={name: column[kept] for name, column in columns.items()},
        row=row[kept],
        icao24=named("icao24"),
        callsign=named("callsign"),
        given=_given(labels.get("reason")),
        given_altitude=_given(labels.get("altitude_reason")),
        ignored=header.ignored,
        notes=header.notes,
    )
    return rows, wrong


def _numbers(table: _Table, index: int, layout: Layout) -> tuple[FloatColumn, Mask]:
    column = table.column(index)
    if not table.still:
        return floats(column)
    column = bare(column)
    if layout.decimal_comma:
        from pyarrow import compute

        # a point is no decimal sign then, and what has one no number
        column = compute.replace_substring(compute.replace_substring(column, ".", "_"), ",", ".")
    return cast(column, floats_of_text, odd_cells(column, _IN_NUMBERS), lambda few: numbers(few, ""))


def _times(table: _Table, index: int, layout: Layout) -> tuple[FloatColumn, Mask]:
    """POSIX seconds; what has none, or one that cannot be, is astray."""
    import pyarrow as pa

    column = table.column(index)
    kind = table.still.get(str(index), column.type)
    header = layout.header

    def moments(array: Any) -> tuple[FloatColumn, Mask]:  # noqa: ANN401  an Arrow array
        array = array.cast(kind) if table.still else array
        if not pa.types.is_timestamp(kind):
            return epoch_s(floats(array)[0]), nowhere(array)
        stamps = values_of(array, np.int64) - round(header.offset_s * 1e6)
        return np.where(known(array), stamps / 1e6, np.nan), nowhere(array)

    if not table.still:
        values, _ = moments(column)
    else:
        column = bare(column)
        if layout.decimal_comma:
            from pyarrow import compute

            column = compute.replace_substring(column, ",", ".")
        odd = odd_cells(column, _IN_TIMES, even=True) if pa.types.is_timestamp(kind) else odd_cells(column, _IN_NUMBERS)
        values, _ = cast(column, moments, odd, lambda few: times(few, utc=header.utc, offset_s=header.offset_s))
    return values, ~((values >= FIRST_S) & (values <= LAST_S))


def _labels(column: Any) -> Labels:  # noqa: ANN401  an Arrow array
    codes = np.where(known(column), values_of(column.indices, np.int32), -1)
    return Labels(codes.astype(np.int32), tuple(name or "" for name in column.dictionary.to_pylist())).renamed(
        str.strip
    )


def _grounded(table: _Table, index: int, layout: Layout) -> tuple[FloatColumn, Mask]:
    labels = _labels(table.column(index))
    values, wrong = on_ground(labels.names, decimal_comma=layout.decimal_comma)
    return np.append(values, np.nan)[labels.codes], np.isin(labels.codes, list(wrong))


def _given(reasons: Labels | None) -> dict[int, tuple[str, str]]:
    if reasons is None:
        return {}
    said = {code: found for code, word in enumerate(reasons.names) if (found := said_by(word))}
    faulty = np.flatnonzero(np.isin(reasons.codes, list(said)))
    return {index: said[code] for index, code in zip(faulty.tolist(), reasons.codes[faulty].tolist(), strict=True)}
