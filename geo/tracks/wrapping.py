"""What is wrapped in gzip or Zstandard, taken piece by piece and never more of it than allowed."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from struct import error as struct_error
from typing import TYPE_CHECKING, Any, Final, Protocol

from geo.errors import TrackUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

#: How much of a file is looked at to tell its format.
HEAD: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
#: A frame, or one that is skipped, with which the output of several threads begins.
_ZSTD: Final = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
#: What the libraries raise for damage; RuntimeError, and what is derived from it, for what they cannot inflate.
_DAMAGE: Final = (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError, ValueError, struct_error)
#: From this size on, inflated, a file may be this many times as long as what it is inflated from; tracks are packed to
#: a twentieth at most, bombs to a thousandth.
FREE_BYTES: Final = 64 * 1024**2
MOST_RATIO: Final = 100
#: In the message of Arrow for Zstandard that breaks off.
_TRUNCATED: Final = "Truncated"


class Stream(Protocol):
    """Anything that gives bytes: at most ``size`` of them, none at the end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


def head_of(stream: Stream, most: int = HEAD) -> bytes:
    """The first bytes, fewer than ``most`` only if there are no more."""
    pieces: list[bytes] = []
    size = 0
    while size < most and (piece := stream.read(most - size)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def too_large(source: str, max_bytes: int, *, inflated: bool) -> TrackUnreadable:
    """The error of a file of more than ``max_bytes``."""
    what = "inflates to" if inflated else "has"
    return TrackUnreadable(
        source, f"it {what} more than {max_bytes:,} bytes, the most that is read; cut it by aircraft or by time"
    )


class Inflated:
    """A stream inside another: its damage is told in a sentence, and it ends with an error where it gives too much.

    That is more than ``max_bytes``, or more than ``MOST_RATIO`` times what ``packed`` says has been taken for it.
    """

    def __init__(self, inner: Stream, packed: Callable[[], int], what: str, source: str, max_bytes: int) -> None:
        self._inner = inner
        self._packed = packed
        self._what = what
        self._source = source
        self._max_bytes = max_bytes
        self._size = 0

    def read(self, size: int, /) -> bytes:
        """The next bytes.

        Raises:
            TrackUnreadable: when it breaks off, is damaged, or gives more than allowed.
        """
        try:
            piece = self._inner.read(size)
        except TrackUnreadable:
            raise
        except _DAMAGE as wrong:
            told = (
                "breaks off before the end; fetch the file again"
                if isinstance(wrong, EOFError) or _TRUNCATED in str(wrong)
                else f"is damaged: {wrong}"
            )
            raise TrackUnreadable(self._source, f"its {self._what} {told}") from wrong
        self._size += len(piece)
        if self._size > self._max_bytes:
            raise too_large(self._source, self._max_bytes, inflated=True)
        if self._size > FREE_BYTES and self._size > MOST_RATIO * self._packed():
            raise TrackUnreadable(
                self._source,
                f"its {self._what} gives more than {MOST_RATIO} times what it holds, as no track does; it is not read",
            )
        return piece


class _Resumed(io.RawIOBase):
    """A stream of which the first bytes have been read, from its beginning."""

    def __init__(self, head: bytes, rest: Stream) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest
        self.taken = 0

    def readable(self) -> bool:
        """That it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401  anything that can be written to
        """The next bytes, into a buffer."""
        view = memoryview(buffer)
        piece = self._head.read(len(view)) or self._rest.read(len(view))
        view[: len(piece)] = piece
        self.taken += len(piece)
        return len(piece)


def unwrapped(stream: Stream, head: bytes, source: str, max_bytes: int) -> Inflated | None:
    """What is compressed with gzip or Zstandard in a stream that begins with ``head``; ``None`` if nothing is.

    ``head`` has been read from ``stream`` already. All members of a gzip file and all frames of Zstandard are read.
    """
    resumed = _Resumed(head, stream)
    inner: Any = io.BufferedReader(resumed, HEAD)
    if head.startswith(_GZIP):
        stored = gzip.GzipFile(fileobj=inner, mode="rb")
        return Inflated(stored, lambda: resumed.taken, "gzip compression", source, max_bytes)
    if _ZSTD.match(head):
        import pyarrow as pa

        frames = pa.input_stream(inner, compression="zstd")
        return Inflated(frames, lambda: resumed.taken, "Zstandard compression", source, max_bytes)
    return None
