"""The content of a file, whatever it is wrapped in, never more than allowed; and what an unknown file looks like.

A file is first known by its beginning: of one that is no track, however large, no more than that is read.
"""

from __future__ import annotations

import codecs
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from geo.errors import TrackUnreadable
from geo.tracks.text import LONGEST, as_utf8, lines, shown
from geo.tracks.wrapping import HEAD, head_of, too_large, unwrapped
from geo.tracks.zipped import SIGNATURES, Archive

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.tracks.wrapping import Stream

__all__ = ["HEAD", "MAX_BYTES", "Given", "described", "name_of", "opened"]

#: What ``read`` takes.
Given = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO

#: Largest file, inflated, in bytes.
MAX_BYTES: Final = 2 * 1024**3
_PIECE: Final = 1 << 20
#: Where a tar archive says that it is one.
_TAR: Final = (257, b"ustar")
_SIGNATURES: Final = (
    (b"", "an empty file"),
    (b"PK\x03\x04", "a ZIP archive inside another file; unpack it first"),
    (b"\x1f\x8b", "a gzip file inside another; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file inside another; unpack it first"),
    (b"BZh", "a bzip2 file; unpack it first"),
    (b"\xfd7zXZ", "an xz file; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a rich text document"),
    (b"\xd0\xcf\x11\xe0", "an old document of an office program; save its table as CSV"),
)
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))


def name_of(given: Given, name: str | None) -> str:
    """What messages call the file."""
    if name:
        return name
    if isinstance(given, str | os.PathLike):
        return Path(given).name
    return str(getattr(given, "name", "")) or "track"


def opened(
    given: Given, source: str, max_bytes: int, known: Callable[[bytes], bool], *, member: str | None = None
) -> bytes:
    """The whole content, out of gzip, Zstandard or a ZIP archive; of a file that is not ``known``, its first ``HEAD``.

    ``known`` tells by the first ``HEAD`` bytes. Of a ZIP archive it is the only member that is known (it may itself
    be compressed), or the one of the name ``member``. A stream may be one that cannot be sought in, as a pipe.

    Raises:
        TrackUnreadable: when it cannot be opened, is larger than ``max_bytes`` or damaged, or an archive has several
            tracks, none, or none of this name.
    """
    try:
        if isinstance(given, str | os.PathLike):
            with Path(given).open("rb") as file:
                return _content(file, source, max_bytes, known, member)
        stream = io.BytesIO(given) if isinstance(given, bytes | bytearray | memoryview) else given
        return _content(stream, source, max_bytes, known, member)
    except OSError as wrong:
        raise TrackUnreadable(source, f"it cannot be opened: {wrong.strerror or wrong}") from wrong


def _content(
    stream: BinaryIO, source: str, max_bytes: int, known: Callable[[bytes], bool], member: str | None
) -> bytes:
    start = stream.tell() if _seekable(stream) else 0
    try:
        head = head_of(stream)
    except TypeError as wrong:
        raise TrackUnreadable(source, "it was opened as text; open it as bytes") from wrong
    if head.startswith(SIGNATURES):
        if not _seekable(stream):
            stream = io.BytesIO(_whole(stream, head, source, max_bytes))
        found, head = Archive(stream, source, max_bytes).member(known, member)
        return _whole(found, head, source, max_bytes) if known(head) else head
    if member is not None:
        raise TrackUnreadable(source, f"it is no ZIP archive and holds no {shown(member)}")
    inner = unwrapped(stream, head, source, max_bytes)
    if inner is not None:
        head = head_of(inner)
        return _whole(inner, head, source, max_bytes) if known(head) else head
    if not known(head):
        return head
    if not _seekable(stream):
        return _whole(stream, head, source, max_bytes)
    size = stream.seek(0, os.SEEK_END) - start
    if size > max_bytes:
        raise too_large(source, max_bytes, inflated=False)
    stream.seek(start)
    return head_of(stream, size)  # asked for in one piece, which holds it in memory only once


def _seekable(stream: BinaryIO) -> bool:
    return bool(getattr(stream, "seekable", bool)())


def _whole(stream: Stream, head: bytes, source: str, max_bytes: int) -> bytes:
    """All of a stream that begins with ``head``, which has been read."""
    pieces = [head]
    size = len(head)
    while size <= max_bytes and (piece := stream.read(_PIECE)):
        pieces.append(piece)
        size += len(piece)
    if size > max_bytes:
        raise too_large(source, max_bytes, inflated=False)
    return b"".join(pieces)


def described(head: bytes) -> str:
    """What a file looks like that begins so, for a message."""
    for signature, words in _SIGNATURES:
        if head.startswith(signature) if signature else not head.strip():
            return words
    at, signature = _TAR
    if head.startswith(signature, at):
        return "a tar archive; unpack it first"
    text = as_utf8(head)
    letters = codecs.getincrementaldecoder("utf-8")("replace").decode(text[:4096])
    if len(text.translate(None, _CONTROL)) < len(text) or "\N{REPLACEMENT CHARACTER}" in letters:
        return f"binary data (first bytes {head[:8].hex(' ')})"
    start = text.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page, perhaps the error page of a download"
    if b"<!doctype" in start:
        return "XML with a document type (DOCTYPE), which is not read; take it out"
    kind = "XML" if start.startswith(b"<") else "JSON" if start.startswith((b"{", b"[")) else "text"
    first = next((line for line in lines(text) if line.strip()), "")
    length = f" longer than {LONGEST:,} bytes" if len(first) >= LONGEST else ""
    return f"{kind} whose first line is{length} {shown(first)}"
