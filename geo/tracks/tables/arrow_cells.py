"""Cells of an Arrow array as NumPy columns, read from their buffers: what converts them otherwise loads pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

    Mask = NDArray[np.bool_]

#: Cells that are looked at one by one once Arrow has refused so few of them together.
_FEW: Final = 64
#: If so few of the cells are longer or shorter than the others, they are looked at by themselves.
_UNEVEN: Final = 1 / 16


def known(array: Any) -> Mask:  # noqa: ANN401  an Arrow array
    """Mask of the cells that are not null."""
    bits = array.buffers()[0]
    if bits is None:
        return np.ones(len(array), dtype=np.bool_)
    flags = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")
    held: Mask = flags[array.offset : array.offset + len(array)] != 0
    return held


def values_of(array: Any, kind: type[np.generic]) -> NDArray[Any]:  # noqa: ANN401  an Arrow array
    """The values of the cells; of one that is null, anything."""
    size = np.dtype(kind).itemsize
    return np.frombuffer(array.buffers()[1], kind, count=len(array), offset=array.offset * size)


def floats(array: Any) -> tuple[FloatColumn, Mask]:  # noqa: ANN401  an Arrow array
    """The numbers, NaN for null; a NaN that is written in another way than ``MISSING`` says is astray."""
    held, values = known(array), values_of(array, np.float64)
    return np.where(held, values, np.nan), held & np.isnan(values)


def floats_of_text(cells: Any) -> tuple[FloatColumn, Mask]:  # noqa: ANN401  an Arrow array of text
    """The numbers in the cells, as ``floats`` gives them.

    Raises:
        ArrowInvalid: when one is no number.
    """
    import pyarrow as pa

    return floats(cells.cast(pa.float64()))


def bare(cells: Any) -> Any:  # noqa: ANN401  Arrow arrays of text
    """The cells without blanks around them, if the first has any; single ones are looked at by themselves anyway."""
    first = cells[0].as_py() or ""
    if first == first.strip():
        return cells
    from pyarrow import compute

    return compute.utf8_trim_whitespace(cells)


def nowhere(cells: Any) -> Mask:  # noqa: ANN401  an Arrow array
    """A mask of none of the cells."""
    return np.zeros(len(cells), dtype=np.bool_)


def odd_cells(cells: Any, letters: bytes, *, even: bool = False) -> Mask:  # noqa: ANN401  an Arrow array of text
    """Mask of the cells with other letters; ``even``: and of the few that are longer or shorter than most."""
    _, starts, text = cells.buffers()
    at = np.frombuffer(starts, np.int32, count=len(cells) + 1, offset=cells.offset * 4)
    others = np.ones(256, dtype=np.bool_)
    others[np.frombuffer(letters, np.uint8)] = False
    odd = nowhere(cells)
    if at[-1] > at[0]:
        found = np.flatnonzero(others[np.frombuffer(text, np.uint8)[at[0] : at[-1]]]) + at[0]
        odd[np.searchsorted(at, found, side="right") - 1] = True
    if even:
        length = np.diff(at)
        uneven = length != np.bincount(length).argmax()
        odd |= uneven & (np.count_nonzero(uneven) < len(cells) * _UNEVEN)
    return odd


def cast(
    cells: Any,  # noqa: ANN401  an Arrow array of text
    convert: Callable[[Any], tuple[FloatColumn, Mask]],
    odd: Mask,
    one_by_one: Callable[[Sequence[str]], tuple[FloatColumn, dict[int, str]]],
) -> tuple[FloatColumn, Mask]:
    """What ``convert`` makes of the cells, and ``one_by_one`` of the odd ones and of those that Arrow refuses."""
    import pyarrow as pa

    sound = np.concatenate([np.zeros(cells.offset, dtype=np.bool_), known(cells) & ~odd])
    bits = pa.py_buffer(np.packbits(sound, bitorder="little").tobytes())
    rest = pa.Array.from_buffers(cells.type, len(cells), [bits, *cells.buffers()[1:]], offset=cells.offset)
    values, astray = _halved(rest, convert, one_by_one)
    where = np.flatnonzero(odd)
    if len(where):
        values[where], wrong = one_by_one([(cells[index].as_py() or "").strip() for index in where.tolist()])
        astray[where[list(wrong)]] = True
    return values, astray


def _halved(
    cells: Any,  # noqa: ANN401  an Arrow array of text
    convert: Callable[[Any], tuple[FloatColumn, Mask]],
    one_by_one: Callable[[Sequence[str]], tuple[FloatColumn, dict[int, str]]],
) -> tuple[FloatColumn, Mask]:
    """What ``convert`` makes of the cells, halved until it takes them or only a few are left."""
    import pyarrow as pa

    try:
        return convert(cells)
    except pa.ArrowInvalid:
        pass
    if len(cells) > _FEW:
        middle = len(cells) // 2
        parts = [_halved(part, convert, one_by_one) for part in (cells[:middle], cells[middle:])]
        return np.concatenate([values for values, _ in parts]), np.concatenate([astray for _, astray in parts])
    values, wrong = one_by_one([(cell or "").strip() for cell in cells.to_pylist()])
    astray = nowhere(cells)
    astray[list(wrong)] = True
    return values, astray
