"""The one track in a ZIP archive, or the one that is asked for.

Nothing is ever written to disk: a member is read into memory, as much of it as is asked for. Still an archive is
refused if the name of a member would climb out of a folder, since no honest program writes such names.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any, Final

from geo.errors import TrackUnreadable
from geo.tracks.text import shown
from geo.tracks.wrapping import Inflated, head_of, unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO, BinaryIO

    from geo.tracks.wrapping import Stream

#: What an archive begins with: its first member, or the end of its directory if it has none.
SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")
#: Members that are looked at for a track, and bytes of the directory that lists them.
MOST_MEMBERS: Final = 1_000
_DIRECTORY: Final = 4 << 20
#: Tracks that a message names.
_LISTED: Final = 10
_ENCRYPTED: Final = 0x1
#: What programs write; the other methods take more memory than they give back.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: Files and folders that operating systems leave in archives.
_LITTER: Final = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
#: In every document of an office program that is a ZIP archive.
_OFFICE: Final = "[Content_Types].xml"
#: The root of a KMZ archive; in one without, as its readers have it, the first file of its kind.
_ROOT: Final = "doc.kml"
_KML: Final = ".kml"
_KMZ: Final = ".kmz"


class _Measured:
    """A file of which a ZIP archive reads no directory larger than one of honest size, however large it says it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > _DIRECTORY:
            raise zipfile.BadZipFile("its directory is too large")
        return self._stream.read(_DIRECTORY if size < 0 else size)


class Archive:
    """A ZIP archive in a file that can be sought in.

    Raises:
        TrackUnreadable: when it is damaged, or the name of a member climbs out.
    """

    def __init__(self, stream: BinaryIO, source: str, max_bytes: int) -> None:
        self._source = source
        self._max_bytes = max_bytes
        guarded: Any = _Measured(stream)
        try:
            self._archive = zipfile.ZipFile(guarded)
        except (zipfile.BadZipFile, RuntimeError, ValueError, OSError) as wrong:
            raise TrackUnreadable(
                source, f"it is a ZIP archive that breaks off or is damaged: {wrong}; fetch the file again"
            ) from wrong
        found = self._archive.infolist()
        for info in found:
            if _climbs(info.orig_filename):
                raise TrackUnreadable(
                    source,
                    f"it is a ZIP archive with a file named {shown(info.orig_filename)}, which would be unpacked "
                    "outside its folder; it is not read",
                )
        # of two members of one name the later stands, as when an archive is unpacked
        self._members = {info.filename: info for info in found if info.filename and not info.is_dir()}

    def member(self, known: Callable[[bytes], bool], name: str | None) -> tuple[Stream, bytes]:
        """The member of this name, or else the only one that ``known`` knows by its head: its content, and its head.

        Of an archive with one member it is that, known or not. In a KMZ archive it is the root.

        Raises:
            TrackUnreadable: when there is none or several, too many to look at, or it is encrypted or damaged.
        """
        names = [one for one in self._members if not _is_litter(one)]
        if not names and name is None:
            raise TrackUnreadable(self._source, "it is a ZIP archive without files")
        if name is None and len(names) > MOST_MEMBERS:
            raise TrackUnreadable(
                self._source, f"it is a ZIP archive of more than {MOST_MEMBERS:,} files; name the track in it as member"
            )
        if name is None:
            name = names[0] if len(names) == 1 else self._only(self._tracks(names, known), names)
        elif name not in self._members:
            raise TrackUnreadable(self._source, f"it holds no {shown(name)}; it holds {_listed(names)}")
        return self._opened(name)

    def _tracks(self, names: Sequence[str], known: Callable[[bytes], bool]) -> list[str]:
        """Names of those that are tracks, the root of a KMZ archive first; after a few, no more are looked for."""
        found: list[str] = []
        for name in sorted(names, key=lambda name: name != _ROOT):
            if known(self._opened(name)[1]):
                found.append(name)
            if len(found) > _LISTED:
                break
        return found

    def _only(self, tracks: Sequence[str], names: Sequence[str]) -> str:
        if _OFFICE in names:
            raise TrackUnreadable(self._source, "it is a document of an office program; save its table as CSV")
        if not tracks:
            raise TrackUnreadable(
                self._source,
                f"it is a ZIP archive and none of its {len(names):,} files is a track of a known format: "
                f"{_listed(names)}",
            )
        is_map = tracks[0] == _ROOT or self._source.lower().endswith(_KMZ)
        if len(tracks) == 1 or (is_map and all(name.lower().endswith(_KML) for name in tracks)):
            return tracks[0]
        count, more = (str(len(tracks)), "") if len(tracks) <= _LISTED else (f"more than {_LISTED}", ", …")
        named = _listed(tracks[:_LISTED]) + more
        raise TrackUnreadable(self._source, f"it holds {count} tracks; name one of them as member: {named}")

    def _opened(self, name: str) -> tuple[Stream, bytes]:
        info = self._members[name]
        if info.flag_bits & _ENCRYPTED:
            raise TrackUnreadable(self._source, f"its file {shown(name)} is encrypted; unpack it first")
        if info.compress_type not in _METHODS:
            raise TrackUnreadable(self._source, f"its file {shown(name)} is compressed in a rare way; unpack it first")
        what = f"file {shown(name)}"
        outer = Inflated(_Late(self._archive, info), lambda: info.compress_size, what, self._source, self._max_bytes)
        head = head_of(outer)
        inner = unwrapped(outer, head, self._source, self._max_bytes)
        return (outer, head) if inner is None else (inner, head_of(inner))


class _Late:
    """A member of an archive, opened when it is read, so that all its damage shows in one place."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._info = info
        self._stream: IO[bytes] | None = None

    def read(self, size: int, /) -> bytes:
        if self._stream is None:
            self._stream = self._archive.open(self._info)
        return self._stream.read(size)


def _climbs(name: str) -> bool:
    """Whether a member of this name would be unpacked outside its folder, on one system or another."""
    return name.startswith("/") or "\\" in name or name[1:2] == ":" or ".." in name.split("/")


def _is_litter(name: str) -> bool:
    return any(part.startswith(".") or part in _LITTER for part in name.split("/"))


def _listed(names: Sequence[str]) -> str:
    more = [f"and {len(names) - _LISTED:,} more"] if len(names) > _LISTED else []
    return ", ".join([*(shown(name) for name in names[:_LISTED]), *more])
