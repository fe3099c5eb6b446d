"""A track as a Parquet file with typed columns, which the reader of Parquet reads back.

``time`` is a stamp in microseconds, UTC; quantities are doubles, null where a fix has none; labels and words are text
in dictionaries. The metadata of the file say whose it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.tracks.write.arrow_table import arrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.model import Track


def pieces(track: Track) -> Iterator[bytes]:
    """The columns of the CSV, typed."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    parquet.write_table(arrow(track), sink)
    yield sink.getvalue().to_pybytes()
