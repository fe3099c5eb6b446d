"""State vectors in Avro files: its container is taken apart here, block by block, and each record by fastavro.

A block says how many records it has and how long it is, and a compressed one can inflate to anything: both are held to
what state vectors have. A schema of columns in columns is not read, but for lists of numbers.
"""

from __future__ import annotations

import bz2
import io
import json
import lzma
import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo.archive.sources.content import ContentError
from geo.errors import ArchiveError
from geo.tracks.objects.parsed import cell
from geo.tracks.tables.state_vectors import columns_of
from geo.tracks.tables.table_parts import ArrowSource, TextSource, part_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from geo.tracks.tables.table_parts import Columns, Part, Source
    from geo.tracks.wrapping import Stream

MAGIC: Final = b"Obj\x01"
_SYNC: Final = 16
#: Longest header, longest block, and to how much a block may inflate, in bytes.
_HEADER: Final = 1 << 20
_BLOCK: Final = 1 << 26
_INFLATED: Final = 1 << 28
#: Bytes of records that are read together.
_TOGETHER: Final = 1 << 22
_MORE: Final = 0x80
_MOST_BITS: Final = 63
_PLAIN: Final = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_WRONG: Final = (EOFError, ValueError, TypeError, LookupError, OverflowError, ArithmeticError, RecursionError)
#: Bytes of a checksum behind a block in Snappy.
_CRC: Final = 4
_INFLATING: Final[Mapping[str, Callable[[], Any]]] = {
    "deflate": lambda: zlib.decompressobj(-15),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lzma.LZMADecompressor,
}


class _Header(NamedTuple):
    schema: dict[str, Any]
    codec: str
    sync: bytes


def state_parts(stream: Stream, name: str) -> tuple[Columns, Iterator[Part]]:
    """What the columns of state vectors hold, and their rows part by part; the first record is row 1.

    Raises:
        ContentError: when it is damaged, or holds no state vectors; while the parts are taken too.
        ArchiveError: when fastavro is not installed.
    """
    try:
        import fastavro  # noqa: F401  only to say at once that it is missing
    except ModuleNotFoundError as missing:
        raise ArchiveError(
            f"{name}: Avro needs fastavro, which is not installed: pip install 'flightcase[archive]'"
        ) from missing
    source = _Source(stream)
    header = _header(source)
    titles = [str(field["name"]) for field in header.schema["fields"]]
    columns = columns_of(titles)
    if columns is None:
        raise ContentError(f"its columns are not those of state vectors: {', '.join(titles[:40])}")
    return columns, _parts(source, header, columns)


class _Source:
    """A stream of which so many bytes are taken, or it breaks off."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def take(self, size: int) -> bytes:
        pieces: list[bytes] = []
        while size and (piece := self._stream.read(size)):
            pieces.append(piece)
            size -= len(piece)
        if size:
            raise ContentError("it is an Avro file that breaks off before the end; fetch it again")
        return b"".join(pieces)

    def ended(self) -> bytes:
        """The next byte, none at the end."""
        return self._stream.read(1)

    def number(self, first: bytes = b"") -> int:
        """A whole number in as many bytes as it takes, folded so that small negative ones are short too."""
        value = self.size(first)
        return (value >> 1) ^ -(value & 1)

    def size(self, first: bytes = b"") -> int:
        """One that is not folded."""
        value = shift = 0
        while True:
            part = (first or self.take(1))[0]
            first = b""
            value |= (part & (_MORE - 1)) << shift
            if part < _MORE:
                return value
            shift += 7
            if shift > _MOST_BITS:
                raise ContentError("it is a damaged Avro file: a number in it is too large")


def _header(source: _Source) -> _Header:
    if source.take(len(MAGIC)) != MAGIC:
        raise ContentError("it is no Avro file")
    found: dict[bytes, bytes] = {}
    while count := source.number():
        if count < 0:
            source.number()
        for _ in range(min(abs(count), _HEADER)):
            key = source.take(_bounded(source.number(), _HEADER))
            found[key] = source.take(_bounded(source.number(), _HEADER))
    try:
        schema = json.loads(found.get(b"avro.schema", b""))
    except (ValueError, RecursionError) as wrong:
        raise ContentError(f"it is a damaged Avro file: its schema is none: {wrong}") from wrong
    if not isinstance(schema, dict) or schema.get("type") != "record" or not _is_table(schema.get("fields")):
        raise ContentError("its records are not rows of plain columns, as those of state vectors are")
    return _Header(schema, found.get(b"avro.codec", b"null").decode(errors="replace"), source.take(_SYNC))


def _is_table(fields: object) -> bool:
    return isinstance(fields, list) and all(
        isinstance(one, dict) and isinstance(one.get("name"), str) and _is_plain(one.get("type")) for one in fields
    )


def _is_plain(kind: object, *, listed: bool = False) -> bool:
    """Whether a column of this type holds single values, or lists of such that take a byte or more each."""
    if isinstance(kind, list):
        return bool(kind) and all(isinstance(one, str | dict) and _is_plain(one, listed=listed) for one in kind)
    if isinstance(kind, dict):
        if kind.get("type") == "array":
            items = kind.get("items")
            return not listed and items != "null" and _is_plain(items, listed=True)
        return isinstance(kind.get("type"), str) and kind["type"] in _PLAIN
    return isinstance(kind, str) and kind in _PLAIN


def _bounded(size: int, most: int) -> int:
    if not 0 <= size <= most:
        raise ContentError(f"it is a damaged Avro file: a piece of it says that it has {size:,} bytes")
    return size


def _parts(source: _Source, header: _Header, columns: Columns) -> Iterator[Part]:
    row = 1
    for records in _records(source, header):
        yield part_of(columns, _values(records, columns), np.arange(row, row + len(records), dtype=np.int64))
        row += len(records)


def _records(source: _Source, header: _Header) -> Iterator[list[dict[str, Any]]]:
    """The records, some at a time."""
    pieces: list[bytes] = []
    count = size = 0
    while first := source.ended():
        some = source.number(first)
        data = _inflated(source.take(_bounded(source.number(), _BLOCK)), header.codec)
        if source.take(_SYNC) != header.sync:
            raise ContentError("it is a damaged Avro file: a block in it does not end where it says")
        # each has a byte or more for every column
        if not 0 <= some * len(header.schema["fields"]) <= len(data):
            raise ContentError(f"it is a damaged Avro file: a block in it says that it has {some:,} records")
        pieces.append(data)
        count += some
        size += len(data)
        if size >= _TOGETHER:
            yield _decoded(pieces, count, header)
            pieces, count, size = [], 0, 0
    if count:
        yield _decoded(pieces, count, header)


def _decoded(pieces: Sequence[bytes], count: int, header: _Header) -> list[dict[str, Any]]:
    import fastavro

    schema = json.dumps(header.schema).encode()
    data = b"".join(pieces)
    container = b"".join(
        (
            *(MAGIC, written(1), written(11), b"avro.schema", written(len(schema)), schema, written(0), header.sync),
            *(written(count), written(len(data)), data, header.sync),
        )
    )
    try:
        return list(fastavro.reader(io.BytesIO(container)))  # type: ignore[arg-type]  # each is an object
    except (*_WRONG, fastavro.schema.SchemaParseException) as wrong:
        raise ContentError(f"it is a damaged Avro file: {str(wrong)[:200]}") from wrong


def written(value: int) -> bytes:
    """A whole number of 0 or more in as many bytes as it takes."""
    folded = value << 1
    found = bytearray()
    while folded >= _MORE:
        found.append(folded & (_MORE - 1) | _MORE)
        folded >>= 7
    return bytes([*found, folded])


def _inflated(data: bytes, codec: str) -> bytes:
    """A block, out of its compression."""
    if codec == "null":
        return data
    import pyarrow as pa

    try:
        if codec in _INFLATING:
            inflating = _INFLATING[codec]()
            found: bytes = inflating.decompress(data, _INFLATED + 1)
            if not inflating.eof and len(found) <= _INFLATED:
                raise ContentError("it is a damaged Avro file: the compression of a block in it breaks off")
        elif codec == "zstandard":
            with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
                found = stream.read(_INFLATED + 1)
        elif codec == "snappy":
            size = _Source(io.BytesIO(data)).size()
            found = pa.decompress(data[:-_CRC], _bounded(size, _INFLATED), codec="snappy", asbytes=True)
        else:
            raise ContentError(f"its Avro compression, {codec[:40]!r}, is none that is read")
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as wrong:
        if isinstance(wrong, ContentError):
            raise
        raise ContentError(f"it is a damaged Avro file: {wrong}") from wrong
    if len(found) > _INFLATED:
        raise ContentError(f"a block in it inflates to more than {_INFLATED:,} bytes, as no honest one does")
    return found


def _values(records: Sequence[dict[str, Any]], columns: Columns) -> Source:
    """The values of these records, by column."""
    import pyarrow as pa

    values = {place: [record.get(columns.titles[place]) for record in records] for place in columns.places}
    try:
        arrays = {place: pa.array(column) for place, column in values.items()}
    except (pa.ArrowException, OverflowError):
        return TextSource(lambda place: [cell(value) for value in values[place]])
    return ArrowSource(lambda place: arrays[place])
