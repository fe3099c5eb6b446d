"""Case files that people bring, alone or as the ZIP of a case folder, and drafts that are carried away as one.

What is brought is looked at in memory and becomes a draft; nothing is written before all of it was found sound. An
archive is trusted in nothing: neither in the names of its files nor in the sizes that it states.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from geo import casefile
from geo.casefile.editing import Document
from geo.dashboard.naming import slug_for
from geo.errors import FlightcaseError, TrackError
from geo.start import folder_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from geo.dashboard.drafts import Draft, Drafts

#: Bytes of a case file that can be edited here; the longest shipped one has a tenth.
MOST_TEXT: Final = 1_000_000
MOST_FILES: Final = 200
#: Bytes of all files of an archive, inflated.
MOST_BYTES: Final = 256 << 20
#: A file that inflates to more than this many times its size is made to harm, if it is large.
_MOST_RATIO: Final = 100
_SMALL: Final = 4 << 20
_DIRECTORY: Final = 1 << 20
_BLOCK: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What ``zipfile`` raises for archives that are not as they say.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    OSError,
    LookupError,
    ValueError,
)
_LITTER: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_SOURCES: Final = "SOURCES.md"
#: ZIP has no time before this; one time for all keeps equal drafts equal byte for byte.
_DATE: Final = (1980, 1, 1, 0, 0, 0)


class Refused(FlightcaseError, ValueError):  # noqa: N818  it says what became of the file
    """What was brought is no case, or not safe to open; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A case that somebody brought: a name for its folder, its text, and the files that the text names."""

    name: str
    text: str
    files: tuple[tuple[str, bytes], ...] = ()


def brought(name: str, data: bytes) -> Brought:
    """The case in a file that somebody brought.

    Args:
        name: of the file.
        data: a ``case.toml``, or a ZIP archive of a case folder.

    Raises:
        Refused: when it is neither, or is not safe to open.
    """
    stem = PurePosixPath(name.replace("\\", "/")).stem
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _of_archive(stem, data)
    text = _text(data)
    return Brought(folder_name(_id(text) or stem), text)


def keep(drafts: Drafts, case: Brought, taken: Collection[str], by: str = "") -> Draft:
    """Make a draft of what was brought, in a folder of its own when one of that name is taken.

    Raises:
        FlightcaseError: when the library cannot take it; no draft is left then.
    """
    draft = drafts.new(slug_for(case.name, None, (), taken), case.text, by)
    try:
        names = {name: drafts.add_file(draft.id, PurePosixPath(name).name, data) for name, data in case.files}
    except (FlightcaseError, OSError):
        drafts.discard(draft.id)
        raise
    document = Document(case.text)
    for place, name in _named(document):
        document.put(place, names.get(name, name))
    if document.text == case.text:
        return draft
    return drafts.change(draft.id, document.text, "")


def packed(drafts: Drafts, draft: Draft) -> bytes:
    """The case folder of a draft as a ZIP archive: equal drafts give equal bytes."""
    files = {casefile.NAME: draft.text.encode()}
    for name in [*(name for _, name in _named(Document(draft.text))), _SOURCES]:
        with suppress(TrackError):  # a name that leads out of the case is a finding, told in Edit
            path = drafts.file(draft.slug, draft.id, name)
            if path.is_file():
                files[name] = path.read_bytes()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files, key=lambda each: (each != casefile.NAME, each)):
            info = zipfile.ZipInfo(f"{draft.slug}/{name}", _DATE)
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return made.getvalue()


# --- the text --------------------------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    """The text of a case file that can be edited."""
    if len(data) > MOST_TEXT:
        raise Refused(f"the case file has {len(data):,} bytes; one that is edited here has at most {MOST_TEXT:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refused(f"byte {wrong.start} of the case file is no UTF-8; save the file as UTF-8") from wrong
    try:
        document = Document(text)
    except (ValueError, RecursionError) as wrong:
        told = "it is nested too deeply" if isinstance(wrong, RecursionError) else str(wrong)
        raise Refused(f"this is no case file, for it is not TOML: {told}") from wrong
    if document.get(("format",)) is None:
        raise Refused("this is no case file: a case file says format = 1 in its first lines")
    return text


def _id(text: str) -> str:
    found = Document(text).get(("id",))
    return found if isinstance(found, str) else ""


def _named(document: Document) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The files that a document names, each with its place."""
    for table in ("track", "other"):
        for index in range(document.size((table,))):
            place = (table, index, "file")
            name = document.get(place)
            if isinstance(name, str) and name:
                yield place, name


# --- the archive -----------------------------------------------------------------------------------------------------


class _Measured(io.BytesIO):
    """An archive of which no directory larger than one of honest size is read, however large it says it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY:
            raise zipfile.BadZipFile("its directory is too large")
        return super().read(_DIRECTORY if size is None or size < 0 else size)


def _of_archive(stem: str, data: bytes) -> Brought:
    try:
        with zipfile.ZipFile(_Measured(data)) as archive:
            return _of_members(stem, archive)
    except Refused:
        raise
    except _DAMAGE as wrong:
        raise Refused("the ZIP archive breaks off or is damaged; pack the folder again") from wrong


def _of_members(stem: str, archive: zipfile.ZipFile) -> Brought:
    members = _sound(archive.infolist())
    found = [info for info in members if PurePosixPath(info.filename).name.casefold() == casefile.NAME]
    if not found:
        raise Refused(
            f"there is no {casefile.NAME} in the ZIP archive; pack the folder of the case with everything in it"
        )
    if len(found) > 1:
        told = ", ".join(sorted(info.filename[:80] for info in found[:5]))
        raise Refused(f"the ZIP archive holds {len(found)} case files: {told}; pack one case at a time")
    text = _text(_read(archive, found[0], MOST_TEXT))
    folder = PurePosixPath(found[0].filename).parent
    beside = {
        str(PurePosixPath(info.filename).relative_to(folder)): info
        for info in members
        if PurePosixPath(info.filename).is_relative_to(folder)
    }
    wanted = dict.fromkeys(name for _, name in _named(Document(text)))
    taken = [name for name in [*wanted, _SOURCES] if name in beside]
    files = tuple((name, _read(archive, beside[name], MOST_BYTES)) for name in taken)
    return Brought(folder_name(folder.name or _id(text) or stem), text, files)


def _sound(listed: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The files of an archive, when all of it can be opened without harm."""
    if len(listed) > MOST_FILES:
        raise Refused(f"the ZIP archive holds {len(listed):,} files; a case folder has at most {MOST_FILES}")
    files: dict[str, zipfile.ZipInfo] = {}
    for info in listed:
        shown = _shown(info.orig_filename)
        if _climbs(info.orig_filename):
            told = f"the ZIP archive holds a file named {shown}, which would be unpacked outside its folder"
            raise Refused(f"{told}; it is not read")
        if info.is_dir() or _is_litter(info.filename):
            continue
        _check(info, shown)
        other = files.setdefault(info.filename.casefold(), info)
        if other is not info:
            told = "twice" if other.filename == info.filename else f"beside {_shown(other.filename)}"
            raise Refused(f"the ZIP archive holds {shown} {told}; not every system can tell the two apart: rename one")
    total = sum(info.file_size for info in files.values())
    if total > MOST_BYTES:
        raise Refused(f"the ZIP archive would grow to {total:,} bytes; a case folder has at most {MOST_BYTES:,}")
    return list(files.values())


def _check(info: zipfile.ZipInfo, shown: str) -> None:
    """Refuse a file that is none, or that would harm."""
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Refused(f"{shown} in the ZIP archive is a link or no ordinary file; pack the file itself")
    if info.flag_bits & _ENCRYPTED:
        raise Refused(f"{shown} in the ZIP archive is encrypted; pack the folder without a password")
    if info.compress_type not in _METHODS:
        raise Refused(f"{shown} in the ZIP archive is compressed in a rare way; pack the folder again")
    if info.file_size > max(_SMALL, info.compress_size * _MOST_RATIO):
        raise Refused(f"{shown} in the ZIP archive would grow to {info.file_size:,} bytes; it is not unpacked")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """A file of an archive; what it states of its own size is not believed."""
    parts: list[bytes] = []
    left = min(most, info.file_size) + 1
    with archive.open(info) as member:
        while left > 0 and (part := member.read(min(left, _BLOCK))):
            parts.append(part)
            left -= len(part)
    if left <= 0:
        raise Refused(f"{_shown(info.filename)} in the ZIP archive has more than {most:,} bytes; it is not unpacked")
    return b"".join(parts)


def _climbs(name: str) -> bool:
    """Whether a file of this name would be unpacked outside its folder, on one system or another."""
    return (
        name.startswith("/")
        or "\\" in name
        or name[1:2] == ":"
        or ".." in name.split("/")
        or any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in name)  # noqa: PLR2004  control characters
    )


def _is_litter(name: str) -> bool:
    return any(part.startswith(".") or part.casefold() in _LITTER for part in name.split("/"))


def _shown(name: str) -> str:
    return repr(name[:80])
