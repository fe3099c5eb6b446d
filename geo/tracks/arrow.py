"""The quick way through a clean plain table: all of it at once, by Arrow; or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.tracks.rows import Labels, Rows, address
from geo.tracks.times import FIRST_S, LAST_S, epoch_s

if TYPE_CHECKING:
    from geo.model.track import FloatColumn
    from geo.tracks.header import Header


def at_once(text: bytes, header: Header, delimiter: str) -> Rows | None:
    """All rows of a table in UTF-8, or ``None`` if anything in it needs to be looked at line by line.

    That is: a number or time that Arrow does not take, a row of another length, a blank line (the numbers of the
    rows would no longer be those of the lines), semicolons (decimal commas), a column of reasons or of words for
    "on the ground".
    """
    import pyarrow as pa
    from pyarrow import csv

    if "reason" in header.labels or "on_ground" in header.quantities or b"\n" not in text or delimiter == ";":
        return None
    title, first_line, *_ = [*text[: 1 << 17].split(b"\n", 2), b""]
    first = first_line.decode("utf-8", errors="replace").rstrip("\r").split(delimiter)
    if not title.strip() or len(first) != header.width:
        return None
    types = _types(header, first)
    source: Any = pa.BufferReader(text)
    try:
        table = csv.read_csv(
            source,
            read_options=csv.ReadOptions(column_names=[str(index) for index in range(header.width)], skip_rows=1),
            parse_options=csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                null_values=["", "nan", "NaN", "null"],
                strings_can_be_null=True,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    return _rows(table, header) if table.num_rows == text.count(b"\n") - text.endswith(b"\n") else None


def _types(header: Header, first: list[str]) -> dict[str, Any]:
    import pyarrow as pa

    types: dict[str, Any] = {str(index): pa.float64() for index, _ in header.quantities.values()}
    time = header.quantities["time_s"][0]
    if not first[time].replace(".", "", 1).isdigit():
        types[str(time)] = pa.timestamp("us", tz="UTC")
    labels = {str(index): pa.dictionary(pa.int32(), pa.string()) for index in header.labels.values()}
    return types | labels


def _rows(table: Any, header: Header) -> Rows | None:  # noqa: ANN401  an Arrow table
    time_s = _time_s(table.column(str(header.quantities["time_s"][0])))
    if time_s is None or not bool(np.all((time_s >= FIRST_S) & (time_s <= LAST_S))):
        return None
    columns: dict[str, FloatColumn] = {}
    for name, (index, divisor) in header.quantities.items():
        if name != "time_s":
            column = table.column(str(index)).to_numpy()
            columns[name] = column if divisor == 1 else column / divisor

    def labels(name: str) -> Labels:
        found = header.labels.get(name)
        return Labels.none(len(time_s)) if found is None else _labels(table.column(str(found)))

    return Rows(
        columns={"time_s": time_s, **columns},
        row=np.arange(2, len(time_s) + 2, dtype=np.int64),
        icao24=labels("icao24").renamed(address),
        callsign=labels("callsign"),
        ignored=header.ignored,
    )


def _time_s(column: Any) -> FloatColumn | None:  # noqa: ANN401  an Arrow column
    import pyarrow as pa

    if not pa.types.is_timestamp(column.type):
        return epoch_s(column.to_numpy())
    if column.null_count:
        return None
    seconds: FloatColumn = column.cast(pa.int64()).to_numpy() / 1e6
    return seconds


def _labels(column: Any) -> Labels:  # noqa: ANN401  an Arrow column
    import pyarrow as pa

    whole: Any = pa.concat_arrays(column.unify_dictionaries().chunks)
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Labels(codes, tuple(name or "" for name in whole.dictionary.to_pylist())).renamed(str.strip)
