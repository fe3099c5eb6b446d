"""What a Parquet file says of itself, read without trust: how many rows it has, and to what its columns inflate.

The footer and the header before each page are structs of Thrift's compact protocol, as ``parquet.thrift`` of the
format lays them out. They are read here and not by pyarrow, whose classes for metadata end the whole process when a
footer is damaged, and which believes a page of a few bytes that says it inflates to two gigabytes.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.tracks.tables.columnar import DamageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    Struct = dict[int, Any]

#: Begins and ends the file.
MAGIC: Final = b"PAR1"
#: Longest footer in bytes: of 20 columns in 4,000 row groups, with statistics.
_LONGEST: Final = 1 << 24
#: Structs in one another; the deepest of the format is 6.
_DEEPEST: Final = 16
#: Pages that a column may have in any case, and rows that each further one must have.
_FREE_PAGES: Final = 1_000
_ROWS_A_PAGE: Final = 100
_TRUE, _FALSE, _BYTE, _SHORT, _INT, _LONG, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_MORE: Final = 0x80
_LONG_SIZE: Final = 15
_MOST_BITS: Final = 63
# fields of the structs, by their numbers
_ROWS, _GROUPS = 3, 4
_CHUNKS, _GROUP_ROWS = 1, 3
_META = 3
_PATH, _VALUES, _SIZE, _DATA, _DICTIONARY = 3, 5, 7, 9, 11
_INFLATED, _DEFLATED = 2, 3


class Footer(NamedTuple):
    """Rows of the file, and the bytes to which the pages of the columns that were asked for inflate."""

    rows: int
    inflated: int


def footer_of(data: bytes, wanted: Collection[str]) -> Footer:
    """What the file says of itself and of these columns.

    Raises:
        DamageError: a sentence on what in it is damaged or contradicts itself.
    """
    length = int.from_bytes(data[-8:-4], "little")
    start = len(data) - 8 - length
    if not data.endswith(MAGIC) or start < len(MAGIC) or length > _LONGEST:
        raise DamageError(f"it has {len(data):,} bytes, and its footer claims {length:,} of them")
    try:
        return _footer(data, start, wanted)
    except (IndexError, KeyError, TypeError, AttributeError, struct.error) as wrong:
        raise DamageError("its footer is no footer, or a page has no header") from wrong


def _footer(data: bytes, start: int, wanted: Collection[str]) -> Footer:
    file, _ = _struct(data, start, 0)
    groups = file.get(_GROUPS, [])
    rows = file[_ROWS]
    if (
        rows < 0
        or any(group[_GROUP_ROWS] < 0 for group in groups)
        or sum(group[_GROUP_ROWS] for group in groups) != rows
    ):
        raise DamageError("its footer contradicts itself on the number of rows")
    inflated = 0
    for group in (group for group in groups if group[_GROUP_ROWS]):  # of an empty one no page is ever read
        for chunk in group[_CHUNKS]:
            if b".".join(chunk[_META][_PATH]).decode(errors="replace") in wanted:
                most = _FREE_PAGES + group[_GROUP_ROWS] // _ROWS_A_PAGE
                inflated += sum(_pages(data, start, chunk[_META], most))
    return Footer(rows, inflated)


def _pages(data: bytes, footer: int, chunk: Struct, most: int) -> Iterator[int]:
    """To how many bytes each page of a column in a row group inflates; pages stand before the footer."""
    at = min(chunk[_DATA], chunk.get(_DICTIONARY) or chunk[_DATA])
    end = at + chunk[_SIZE]
    if not len(MAGIC) <= at <= end <= footer:
        raise DamageError("its footer places a column outside the file")
    for _ in range(most):
        if at >= end:
            return
        page, behind = _struct(data, at, 0)
        if min(page[_INFLATED], page[_DEFLATED]) < 0:
            raise DamageError("a page in it has a negative size")
        yield page[_INFLATED]
        at = behind + page[_DEFLATED]
    raise DamageError("a column in it has more pages than rows to fill them")


def _struct(data: bytes, at: int, depth: int) -> tuple[Struct, int]:
    """The fields of a struct by their numbers, and where it ends."""
    if depth > _DEEPEST:
        raise DamageError("its footer is nested too deeply")
    found: Struct = {}
    number = 0
    while head := data[at]:
        at += 1
        if head >> 4:
            number += head >> 4
        else:
            number, at = _integer(data, at)
        kind = head & 15
        if kind in (_TRUE, _FALSE):
            found[number] = kind == _TRUE
        else:
            found[number], at = _value(data, at, kind, depth)
    return found, at + 1


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (_TRUE, _FALSE, _BYTE):
        return data[at], at + 1
    if kind in (_SHORT, _INT, _LONG):
        return _integer(data, at)
    if kind == _DOUBLE:
        return struct.unpack_from("<d", data, at)[0], at + 8
    if kind == _BINARY:
        size, at = _varint(data, at)
        if size > len(data) - at:
            raise DamageError("its footer breaks off")
        return data[at : at + size], at + size
    if kind in (_LIST, _SET):
        return _list(data, at, depth)
    if kind == _STRUCT:
        return _struct(data, at, depth + 1)
    raise DamageError("its footer is no footer")  # maps do not occur in the format


def _list(data: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    head = data[at]
    size, at = (head >> 4, at + 1) if head >> 4 < _LONG_SIZE else _varint(data, at + 1)
    if size > len(data) - at or depth > _DEEPEST:
        raise DamageError("its footer breaks off")
    found = []
    for _ in range(size):
        value, at = _value(data, at, head & 15, depth + 1)
        found.append(value)
    return found, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        part = data[at]
        at += 1
        value |= (part & (_MORE - 1)) << shift
        if part < _MORE:
            return value, at
        shift += 7
        if shift > _MOST_BITS:
            raise DamageError("a number in its footer is too large")


def _integer(data: bytes, at: int) -> tuple[int, int]:
    """A signed number, folded so that small ones are short."""
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at
