"""The files in a tar archive, without reading or unpacking any: its headers are walked through, and told where.

A member can then be read by itself, by any process. An archive that is compressed as a whole has no such places.
"""

from __future__ import annotations

import bisect
import io
import os
import re
import tarfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.archive.sources.found import Broken
from geo.tracks.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Where an archive says that it is one.
_SIGNATURE: Final = (257, b"ustar")
_BLOCK: Final = 512
#: Most that is read at once: a header with a long name. Members are never read here.
_MOST: Final = 1 << 20
#: A header from its numbers on, as nearly all are: of a file, in octal, its name without a prefix. Between is what
#: ``tarfile`` makes nothing of: who owns it, and words that say which kind of archive it is.
_PLAIN: Final = re.compile(
    rb"(?:[0-7]{6}[0-7 ][ \0]){3}([0-7]{11})[ \0][0-7]{11}[ \0]([0-7]{6})\0 [0\0].{172}(?:[0-7]{7}\0|\0{8}){2}\0",
    re.DOTALL,
)
_NAME, _SUM = slice(0, 100), slice(148, 156)
_BLANK: Final = 8 * ord(" ")
#: So much the disk is asked for before it is needed: from header to header it would be waited for at each of them.
_AHEAD: Final = 4 << 20
_DAMAGE: Final = (tarfile.TarError, ValueError, OverflowError, EOFError, KeyError, IndexError, OSError)


class Member(NamedTuple):
    """A file in an archive: its name there, the file (a part) in which it begins, where in it, and its size."""

    name: str
    path: str
    offset: int
    size: int


def is_tar(head: bytes) -> bool:
    """Whether a file that begins so is a tar archive."""
    at, signature = _SIGNATURE
    return head.startswith(signature, at)


class _Joined(io.RawIOBase):
    """The parts of an archive as one file, of which no long piece is read at once."""

    def __init__(self, parts: Sequence[str]) -> None:
        self._files = [Path(part).open("rb") for part in parts]  # noqa: SIM115  they are closed together
        self._starts = [0]
        for file in self._files:
            self._starts.append(self._starts[-1] + file.seek(0, io.SEEK_END))
        self._descriptors = [file.fileno() for file in self._files]
        self._ahead = 0
        self._at = 0

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return self._starts[-1]

    def close(self) -> None:
        """Close all parts."""
        for file in self._files:
            file.close()
        super().close()

    def seekable(self) -> bool:
        """That it can be sought in."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        return self._at

    def tell(self) -> int:
        """Where it is."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        if not 0 <= size <= _MOST:
            raise tarfile.ReadError("a header in it is too long")
        pieces = []
        while size and 0 <= self._at < self.size:
            index, at = self.where(self._at)
            self._files[index].seek(at)
            piece = self._files[index].read(min(size, self._starts[index + 1] - self._at))
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
            self._at += len(piece)
        return b"".join(pieces)

    def header(self, at: int) -> bytes:
        """The block there, where one part has it as a whole; quicker than ``read``, and leaves the place as it is."""
        if at >= self.size:
            return b""
        index, place = self.where(at)
        if at + _AHEAD > self._ahead and hasattr(os, "posix_fadvise"):
            begin = max(at, self._ahead)
            self._ahead = begin + _AHEAD
            os.posix_fadvise(self._descriptors[index], place + begin - at, _AHEAD, os.POSIX_FADV_WILLNEED)
        return os.pread(self._descriptors[index], _BLOCK, place)

    def where(self, at: int) -> tuple[int, int]:
        """The part in which a place is, and the place in it."""
        index = bisect.bisect_right(self._starts, at) - 1
        return index, at - self._starts[index]


def members(parts: Sequence[str], name: str, broken: list[Broken]) -> Iterator[Member]:
    """The files in the archive of these parts, in its order; what cannot be read in it is added to ``broken``."""
    try:
        joined = _Joined(parts)
    except OSError as wrong:
        broken.append(Broken(name, f"it cannot be opened: {wrong.strerror or wrong}"))
        return
    with joined:
        try:
            archive = tarfile.open(fileobj=joined, mode="r:")  # noqa: SIM115  nothing of it needs to be closed
            yield from _walked(archive, joined, parts, name, broken)
        except _DAMAGE as wrong:
            broken.append(Broken(name, f"it is a tar archive that breaks off or is damaged: {wrong}"))


def _walked(
    archive: tarfile.TarFile, joined: _Joined, parts: Sequence[str], name: str, broken: list[Broken]
) -> Iterator[Member]:
    before = -1
    while (info := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined]  # it would keep all of them
        if archive.offset <= before:  # where the next header is
            raise tarfile.ReadError("a header in it leads back")
        before = archive.offset
        if info.isdir():
            continue
        why = _wrong(info, joined.size)
        if why:
            broken.append(Broken(f"{name}: {shown(info.name)}", why))
            continue
        index, at = joined.where(info.offset_data)
        yield Member(info.name, parts[index], at, info.size)
        if not archive.pax_headers:  # they would hold for all that follow
            yield from _plain(archive, joined, parts)
            before = archive.offset
    joined.seek(archive.offset)
    end = joined.read(_BLOCK)
    if end.strip(b"\0"):
        raise tarfile.ReadError(f"at byte {archive.offset:,} it has no header")
    if not end:
        broken.append(
            Broken(name, "it ends without the mark of its end: perhaps it breaks off, or its next part is missing")
        )


def _plain(archive: tarfile.TarFile, joined: _Joined, parts: Sequence[str]) -> Iterator[Member]:
    """The ordinary files that follow, up to anything else: ``tarfile`` takes ten times as long for the same."""
    at = archive.offset
    while (file := _file(joined.header(at))) is not None:
        name, size = file
        start = at + _BLOCK
        if start + size > joined.size:
            break
        index, place = joined.where(start)
        yield Member(name, parts[index], place, size)
        at = start + -(-size // _BLOCK) * _BLOCK
    archive.offset = at


def _file(header: bytes) -> tuple[str, int] | None:
    """Name and size of a file with a plain header; of anything else nothing, be it damaged or only unusual."""
    # Of so few bytes below 128 the sum, and 1, is half of their Adler-32. The field of it counts as if it were blank.
    if len(header) != _BLOCK or not header.isascii() or (found := _PLAIN.match(header, _NAME.stop)) is None:
        return None
    total = zlib.adler32(header[_SUM.stop :], zlib.adler32(header[: _SUM.start])) & 0xFFFF
    if total - 1 + _BLANK != int(found[2], 8):
        return None
    name = header[_NAME].partition(b"\0")[0]
    if not name or name[0] in b"/" or name[-1] in b"/" or b"\\" in name or b".." in name:
        return None
    return name.decode("ascii"), int(found[1], 8)


def _wrong(info: tarfile.TarInfo, size: int) -> str:
    """Why a member is not read, empty if it is."""
    if info.issym() or info.islnk():
        return "it is a link, which is not followed"
    if not info.isreg() or info.issparse():
        return "it is no ordinary file, and not read"
    if info.name.startswith(("/", "\\")) or ".." in info.name.replace("\\", "/").split("/"):
        return "its name leads out of the archive; it is not read"
    if info.size < 0 or info.offset_data + info.size > size:
        return "the archive breaks off inside it; fetch it again, or give its next part too"
    return ""
