"""The bytes of a file, inflated if need be, never more than allowed; and what an unknown file looks like."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from geo.errors import TrackUnreadable
from geo.tracks.text import as_utf8, lines, shown

if TYPE_CHECKING:
    from collections.abc import Callable

#: What ``read`` takes.
Given = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO

#: Largest file, inflated, in bytes.
MAX_BYTES: Final = 2 * 1024**3
#: How much of a file is looked at to tell its format.
HEAD: Final = 1 << 16
_PIECE: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_SIGNATURES: Final = (
    (b"", "an empty file"),
    (b"PK\x03\x04", "a ZIP archive (or KMZ, or a spreadsheet); unpack it first"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a rich text document"),
)
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))


def name_of(given: Given, name: str | None) -> str:
    """What messages call the file."""
    if name:
        return name
    if isinstance(given, str | os.PathLike):
        return Path(given).name
    return str(getattr(given, "name", "")) or "track"


def _too_large(source: str, max_bytes: int, *, inflated: bool) -> TrackUnreadable:
    what = "inflates to" if inflated else "has"
    return TrackUnreadable(
        source, f"it {what} more than {max_bytes:,} bytes, the most that is read; cut it by aircraft or by time"
    )


def _stored(given: Given, source: str, max_bytes: int) -> bytes | memoryview:
    if isinstance(given, bytes | bytearray | memoryview):
        data: bytes | memoryview = bytes(given) if not isinstance(given, bytes) else given
    elif isinstance(given, str | os.PathLike):
        try:
            with Path(given).open("rb") as stream:
                data = stream.read(max_bytes + 1)
        except OSError as wrong:
            raise TrackUnreadable(source, f"it cannot be opened: {wrong.strerror or wrong}") from wrong
    else:
        data = given.read(max_bytes + 1)
        if not isinstance(data, bytes):
            raise TrackUnreadable(source, "it was opened as text; open it as bytes")
    if len(data) > max_bytes:
        raise _too_large(source, max_bytes, inflated=False)
    return data


def _inflated(data: bytes, source: str, max_bytes: int, worth: Callable[[bytes], object]) -> bytes:
    """All members of a gzip file; given up before it is whole if ``worth`` does not know its beginning."""
    pieces: list[bytes] = []
    size = 0
    rest = memoryview(data)
    looked = False
    while bytes(rest[:2]) == _GZIP:
        engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        while not engine.eof:
            try:
                piece = engine.decompress(rest, _PIECE)
            except zlib.error as wrong:
                raise TrackUnreadable(source, f"its gzip compression is damaged: {wrong}") from wrong
            rest = memoryview(engine.unused_data if engine.eof else engine.unconsumed_tail)
            if not piece and not engine.eof:
                raise TrackUnreadable(source, "its gzip compression breaks off before the end; fetch the file again")
            pieces.append(piece)
            size += len(piece)
            if size > max_bytes:
                raise _too_large(source, max_bytes, inflated=True)
            if not looked and size >= HEAD:
                looked = True
                worth(b"".join(pieces)[:HEAD])
    return b"".join(pieces)


def opened(given: Given, source: str, max_bytes: int, worth: Callable[[bytes], object]) -> bytes:
    """The whole content, inflated.

    ``worth`` is called with the first ``HEAD`` bytes of a compressed file before the rest is inflated, and may raise.

    Raises:
        TrackUnreadable: when it cannot be opened, is larger than ``max_bytes``, or its compression is damaged.
    """
    data = bytes(_stored(given, source, max_bytes))
    return _inflated(data, source, max_bytes, worth) if data[:2] == _GZIP else data


def described(head: bytes) -> str:
    """What a file looks like that begins so, for a message."""
    for signature, words in _SIGNATURES:
        if head.startswith(signature) if signature else not head.strip():
            return words
    text = as_utf8(head)
    if len(text.translate(None, _CONTROL)) < len(text) or "\N{REPLACEMENT CHARACTER}" in text[:4096].decode(
        errors="replace"
    ):
        return f"binary data (first bytes {head[:8].hex(' ')})"
    start = text.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page, perhaps the error page of a download"
    kind = "XML" if start.startswith(b"<") else "JSON" if start.startswith((b"{", b"[")) else "text"
    first = next((line for line in lines(text) if line.strip()), "")
    return f"{kind} whose first line is {shown(first)}"
