"""The files in a tar archive, without reading or unpacking any: its headers are walked through, and told where.

A member can then be read by itself, by any process. An archive that is compressed as a whole has no such places.
"""

from __future__ import annotations

import bisect
import io
import tarfile
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
    joined.seek(archive.offset)
    end = joined.read(_BLOCK)
    if end.strip(b"\0"):
        raise tarfile.ReadError(f"at byte {archive.offset:,} it has no header")
    if not end:
        broken.append(
            Broken(name, "it ends without the mark of its end: perhaps it breaks off, or its next part is missing")
        )


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
