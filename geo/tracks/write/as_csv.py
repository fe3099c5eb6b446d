"""A track as a table of text, which the reader of plain CSV reads back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.tracks.write import table
from geo.tracks.write.arrow_table import arrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.model import Track


def pieces(track: Track) -> Iterator[bytes]:
    """Columns: ``time``, the quantities of ``COLUMNS``, ``icao24``, ``callsign``, the words on each fix, its row."""
    import pyarrow as pa
    from pyarrow import csv

    columns: Any = arrow(track)
    columns = columns.set_column(0, "time", _times(track, columns["time"]))
    for index, name in enumerate(columns.column_names):
        if pa.types.is_dictionary(columns.schema.field(name).type):
            columns = columns.set_column(index, name, columns[name].cast(pa.string()))
    sink = pa.BufferOutputStream()
    csv.write_csv(columns, sink, csv.WriteOptions(quoting_style="needed"))
    yield sink.getvalue().to_pybytes()


def _times(track: Track, stamps: Any) -> Any:  # noqa: ANN401  Arrow arrays
    """The times as text, with as many decimals as they need."""
    import pyarrow as pa
    from pyarrow import compute

    unit = table.unit_of(table.microseconds(track.time_s))
    return compute.strftime(stamps.cast(pa.timestamp(unit, tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
