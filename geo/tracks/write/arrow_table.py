"""A track as a table of Arrow, made from buffers: given a list or an array to look at, Arrow loads pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.model import REASONS
from geo.tracks.own import COLUMNS, FORMAT, SOURCE_ROW
from geo.tracks.states import fix_codes
from geo.tracks.write import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.model import Track
    from geo.model.track import FloatColumn


def arrow(track: Track) -> Any:  # noqa: ANN401  a table of Arrow
    """Every column: ``time`` a stamp in microseconds, quantities doubles, null for none, text in dictionaries."""
    import pyarrow as pa

    count = len(track)
    stamps = _array(pa.timestamp("us", tz="UTC"), table.microseconds(track.time_s))
    columns = {"time": stamps} | {name: _floats(getattr(track, COLUMNS[name])) for name in list(COLUMNS)[1:]}
    columns |= {name: _label(text, count) for name, text in table.labels(track).items()}
    columns["state"] = _coded(fix_codes(track), table.STATES)
    columns["reason"] = _coded(track.reason, REASONS)
    columns["altitude_reason"] = _coded(track.altitude_reason, REASONS)
    columns[SOURCE_ROW] = _array(pa.int64(), track.row)
    return pa.table(columns).replace_schema_metadata({"format": FORMAT})


def _array(kind: Any, values: NDArray[Any], known: Any = None) -> Any:  # noqa: ANN401  Arrow's own
    import pyarrow as pa

    return pa.Array.from_buffers(kind, len(values), [known, pa.py_buffer(np.ascontiguousarray(values).data)])


def _floats(values: FloatColumn) -> Any:  # noqa: ANN401  an Arrow array
    import pyarrow as pa

    known = pa.py_buffer(np.packbits(np.isfinite(values), bitorder="little").data)
    return _array(pa.float64(), values, known)


def _coded(codes: NDArray[Any], names: Sequence[str]) -> Any:  # noqa: ANN401  an Arrow array
    import pyarrow as pa

    texts = [name.encode() for name in names]
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    words = pa.StringArray.from_buffers(len(texts), pa.py_buffer(ends.data), pa.py_buffer(b"".join(texts)))
    return pa.DictionaryArray.from_arrays(_array(pa.int32(), codes.astype(np.int32)), words)


def _label(text: str, count: int) -> Any:  # noqa: ANN401  an Arrow array
    import pyarrow as pa

    if text:
        return _coded(np.zeros(count), [text])
    return pa.nulls(count, pa.dictionary(pa.int32(), pa.string()))
