"""The bytes of a file, or of a member of a tar archive; out of gzip, and never more of them than a trace can have."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from geo.archive.sources.parts import following
from geo.tracks.wrapping import HEAD

if TYPE_CHECKING:
    from types import TracebackType

_zlib: Any
try:
    from isal import isal_zlib

    _zlib = isal_zlib
except ModuleNotFoundError:  # it comes with the extra; without it the same takes twice the time
    import zlib

    _zlib = zlib

#: Most bytes of a trace, inflated; the longest that readsb writes, of a day with a row a second, has 30 MB.
MOST: Final = 200_000_000
#: Most bytes of an hour of state vectors, inflated; they are read piece by piece.
MOST_STATES: Final = 1 << 40
_GZIP: Final = b"\x1f\x8b"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
_PIECE: Final = 1 << 10
#: For ``zlib``: a gzip file.
_WRAPPED: Final = 31
#: How a file is opened: one that has become a link since it was found is not.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class ContentError(ValueError):
    """A sentence on why a file, or a member of an archive, cannot be read."""


class Contents:
    """Files that stay open while several pieces are read from them."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, at: TracebackType | None) -> None:
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()

    def read(self, path: str, offset: int | None, size: int) -> bytes:
        """So many bytes from there, or of a whole file without ``offset`` what it has.

        Raises:
            ContentError: when it cannot be read, or breaks off.
        """
        try:
            data = _whole(path, size) if offset is None else self._piece(path, offset, size)
        except OSError as wrong:
            raise ContentError(f"it cannot be opened: {wrong.strerror or wrong}") from wrong
        if len(data) != size:
            raise ContentError(f"it has {len(data):,} bytes where {size:,} were found; fetch it again")
        return data

    def beginning(self, path: str, offset: int | None, size: int | None) -> bytes:
        """The first bytes, ``HEAD`` at most; of a file without ``offset`` that has its size.

        Raises:
            ContentError: when it cannot be opened.
        """
        try:
            if offset is None:
                return _whole(path, HEAD if size is None else min(size, HEAD))[:HEAD]
            return self._piece(path, offset, min(size or 0, HEAD))
        except OSError as wrong:
            raise ContentError(f"it cannot be opened: {wrong.strerror or wrong}") from wrong

    def _piece(self, path: str, offset: int, size: int) -> bytes:
        if path not in self._open:
            self._open[path] = os.open(path, _FLAGS)
        data = os.pread(self._open[path], size, offset)
        if len(data) == size:
            return data
        pieces = [data]
        missing, at = size - len(data), offset + len(data)
        while missing:
            data = os.pread(self._open[path], missing, at)
            if not data:
                after = following(path)
                if after is None or not os.path.exists(after):  # noqa: PTH110  a plain path is quicker than an object
                    break
                path, at = after, 0
                if path not in self._open:
                    self._open[path] = os.open(path, _FLAGS)
                continue
            pieces.append(data)
            missing -= len(data)
            at += len(data)
        return b"".join(pieces)


class Stream:
    """A file, or a member of an archive, from its beginning, piece by piece."""

    def __init__(self, contents: Contents, path: str, offset: int | None, size: int) -> None:
        self._contents = contents
        self._path = path
        self._start = offset or 0
        self._size = size
        self._at = 0

    def rewind(self) -> None:
        """Back to the beginning."""
        self._at = 0

    def read(self, size: int, /) -> bytes:
        """The next bytes.

        Raises:
            ContentError: when they cannot be read.
        """
        wanted = min(size, self._size - self._at)
        data = self._contents.read(self._path, self._start + self._at, wanted) if wanted > 0 else b""
        self._at += len(data)
        return data


def _whole(path: str, size: int) -> bytes:
    descriptor = os.open(path, _FLAGS)
    try:
        data = os.read(descriptor, size + 1)
        while len(data) < size and (piece := os.read(descriptor, size - len(data) + 1)):
            data += piece
    finally:
        os.close(descriptor)
    return data


def head_inflated(head: bytes, most: int = HEAD) -> bytes:
    """The beginning of what a file holds that begins so: out of gzip or Zstandard, as far as that goes."""
    if head.startswith(_GZIP):
        try:
            inflating: Any = _zlib.decompressobj(_WRAPPED)
            found: bytes = inflating.decompress(head, most)
        except _zlib.error:
            return b""
        return found
    return _frame(head, most) if head.startswith(_ZSTANDARD) else head


def _frame(head: bytes, most: int) -> bytes:
    import pyarrow as pa

    pieces: list[bytes] = []
    with suppress(OSError), pa.CompressedInputStream(pa.BufferReader(head), "zstd") as stream:
        while len(pieces) * _PIECE < most and (piece := stream.read(_PIECE)):
            pieces.append(piece)
    return b"".join(pieces)


def inflated(data: bytes, most: int = MOST) -> bytes:
    """The bytes out of gzip, where they are in it.

    Raises:
        ContentError: when they are damaged, break off, or are more than ``most``.
    """
    if not data.startswith(_GZIP):
        if len(data) > most:
            raise _too_large(most)
        return data
    try:
        return _members(data, most)
    except _zlib.error as wrong:
        raise ContentError(f"its gzip compression is damaged: {wrong}") from wrong


def _members(data: bytes, most: int) -> bytes:
    """All members of a gzip file, one after the other."""
    pieces: list[bytes] = []
    left = most + 1
    while data.startswith(_GZIP):
        inflating: Any = _zlib.decompressobj(_WRAPPED)
        piece = inflating.decompress(data, left)
        pieces.append(piece)
        left -= len(piece)
        if left <= 0:
            raise _too_large(most)
        if not inflating.eof:
            raise ContentError("its gzip compression breaks off before the end; fetch the file again")
        data = inflating.unused_data
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _too_large(most: int) -> ContentError:
    return ContentError(f"it has more than {most:,} bytes, which no trace has; it is not read")
