"""Columns of Arrow as columns of a track: numbers, times and labels, each bad cell known by its index.

Text is read value by value of a dictionary and not row by row: a text that stands a million times costs one text.
Columns are read from their buffers, for the conversions between Arrow and NumPy load pandas where it is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.tracks.rows import Labels
from geo.tracks.tables.arrow_cells import known, values_of
from geo.tracks.text import shown
from geo.tracks.times import FIRST_S, LAST_S, epoch_s, times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

    Read = Callable[[Sequence[str]], tuple[FloatColumn, dict[int, str]]]

#: Steps of the units of Arrow's time stamps in a second.
_STEPS: Final = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
#: A label longer than this names no aircraft; its beginning stands for it.
_LONGEST: Final = 80


class DamageError(ValueError):
    """A sentence on what in a file contradicts itself."""


def whole(column: Any) -> Any:  # noqa: ANN401  Arrow arrays
    """A column in chunks as one array."""
    import pyarrow as pa

    chunks = column.unify_dictionaries().chunks if pa.types.is_dictionary(column.type) else column.chunks
    return chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks or [pa.nulls(0, column.type)])


def is_text(kind: Any) -> bool:  # noqa: ANN401  an Arrow type
    """Whether a column of this type holds text, in a dictionary or not."""
    import pyarrow as pa

    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    words = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(found(held) for found in words)


def is_number(kind: Any) -> bool:  # noqa: ANN401  an Arrow type
    """Whether a column of this type holds numbers, truth values, or nothing."""
    import pyarrow as pa

    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal, pa.types.is_null)
    return any(found(kind) for found in kinds)


def number_column(column: Any, what: str, read: Read) -> tuple[FloatColumn, dict[int, str]]:  # noqa: ANN401  an Arrow array
    """The numbers (truth values as 1 and 0), NaN where there is none, and by index a sentence on each that is none.

    ``what`` is the name of the column, ``read`` what makes numbers of text.

    Raises:
        TypeError: when the column can hold no numbers.
    """
    if is_text(column.type):
        return _by_value(column, read)
    column = _decoded(column)
    if not is_number(column.type):
        raise TypeError(f"the column {shown(what)} holds {column.type}, which are no numbers")
    return _floats(column), {}


def time_column(
    column: Any,  # noqa: ANN401  an Arrow array
    *,
    utc: bool,
    offset_s: float = 0.0,
    needed: bool = True,
) -> tuple[FloatColumn, dict[int, str]]:
    """POSIX seconds, NaN where there is none that can be, and by index a sentence on each of these if it is needed.

    Times are stamps, text in ISO 8601, or numbers since 1970. ``utc`` says that what has no zone is in UTC, or as
    much ahead of it as ``offset_s`` says.

    Raises:
        TypeError: when the column can hold no times, or stamps without zone that are not in UTC.
    """
    import pyarrow as pa

    if is_text(column.type):
        seconds, wrong = _by_value(
            column, lambda cells: times(cells, utc=utc, offset_s=offset_s), missing="it has no time"
        )
        return seconds, wrong if needed else {}
    column = _decoded(column)
    if pa.types.is_timestamp(column.type):
        zoned = column.type.tz is not None
        if not (zoned or utc):
            raise TypeError("its times have no zone; write them in UTC, with the zone, or call the column time_utc")
        said = _masked(column, np.int64) / _STEPS[column.type.unit] - (0.0 if zoned else offset_s)
        seconds = np.where((said >= FIRST_S) & (said <= LAST_S), said, np.nan)
    elif is_number(column.type) and not pa.types.is_boolean(column.type):
        said = _floats(column)
        seconds = epoch_s(said)
    else:
        raise TypeError(f"its times are {column.type}, neither stamps nor text nor numbers since 1970")
    lost = np.flatnonzero(np.isnan(seconds) & needed)
    return seconds, {int(index): _untimely(float(said[index])) for index in lost}


def _untimely(said: float) -> str:
    if np.isnan(said):
        return "it has no time"
    return f"the time {said:.16g} is no time between 1950 and 2100 in seconds or milliseconds since 1970"


def text_column(column: Any) -> Any:  # noqa: ANN401  Arrow arrays
    """A column of labels as a dictionary of text; numbers become text, what cannot be text is none.

    Raises:
        DamageError: when it points outside its dictionary, which Arrow does not look for in a damaged file.
    """
    import pyarrow as pa

    if not is_text(column.type):
        column = _decoded(column)
        column = column.cast(pa.string()) if is_number(column.type) else pa.nulls(len(column), pa.string())
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    places = (
        values_of(found.indices, found.indices.type.to_pandas_dtype()) if len(found) else np.zeros(0, dtype=np.int32)
    )
    astray = ((places < 0) | (places >= len(found.dictionary))) & known(found.indices)
    if bool(astray.any()):
        raise DamageError("a column of text points outside its dictionary")
    return found


def texts(words: Sequence[str]) -> Any:  # noqa: ANN401  an Arrow array
    """These texts as a column."""
    import pyarrow as pa

    encoded = [word.encode(errors="replace") for word in words]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def labels_of(column: Any, named: Callable[[str], str]) -> Labels:  # noqa: ANN401  an Arrow array
    """The labels of a dictionary of text, each written as ``named`` says."""
    codes, words = codes_of(column)
    return Labels(codes, tuple(word[:_LONGEST] for word in words)).renamed(named)


def _decoded(column: Any) -> Any:  # noqa: ANN401  Arrow arrays
    import pyarrow as pa

    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _masked(column: Any, kind: Any) -> FloatColumn:  # noqa: ANN401  an Arrow array
    """The values as floats, NaN where it is null."""
    if len(column) == 0:
        return np.empty(0)
    values = values_of(column, kind).astype(np.float64)
    values[~known(column)] = np.nan
    return values


def _floats(column: Any) -> FloatColumn:  # noqa: ANN401  an Arrow array
    import pyarrow as pa

    if pa.types.is_boolean(column.type) or pa.types.is_decimal(column.type) or pa.types.is_null(column.type):
        column = column.cast(pa.float64())
    return _masked(column, column.type.to_pandas_dtype())


def codes_of(column: Any) -> tuple[NDArray[np.int32], list[str]]:  # noqa: ANN401  an Arrow array
    """A code for each row, -1 for none, and the text of each code; bytes that are no UTF-8 become replacement signs."""
    import pyarrow as pa

    found = text_column(column)
    codes = np.empty(0, dtype=np.int32)
    if len(found):
        codes = values_of(found.indices, found.indices.type.to_pandas_dtype()).astype(np.int32)
        codes[~known(found.indices)] = -1
    words = found.dictionary.cast(pa.large_binary()).to_pylist()
    return codes, [word.decode(errors="replace") if word else "" for word in words]


def _by_value(column: Any, read: Read, *, missing: str = "") -> tuple[FloatColumn, dict[int, str]]:  # noqa: ANN401  Arrow
    """What ``read`` makes of each text, and a sentence on each row whose text it cannot read, or that has none."""
    codes, words = codes_of(column)
    values, wrong = read([word.strip() for word in words])
    if missing and bool(np.any(codes < 0)):
        wrong = wrong | {-1: missing}
    bad = np.flatnonzero(np.isin(codes, list(wrong)))
    return np.append(values, np.nan)[codes], {int(index): wrong[int(codes[index])] for index in bad}


def kept(column: Any, rows: NDArray[np.bool_]) -> Any:  # noqa: ANN401  Arrow arrays
    """The rows of a column where the mask is true."""
    import pyarrow as pa

    packed = pa.py_buffer(np.packbits(rows, bitorder="little").tobytes())
    return column.filter(pa.Array.from_buffers(pa.bool_(), len(rows), [None, packed]))
