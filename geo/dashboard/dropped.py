"""Files that people drop on a draft: taken in whole, under a safe name that never comes to mean another file."""

from __future__ import annotations

import io
import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from geo import casefile
from geo.dashboard import atomic
from geo.dashboard.naming import file_name
from geo.errors import FlightcaseError, TrackError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

#: All files of a draft together, bytes.
MOST_BYTES: Final = 2_000_000_000
_BLOCK: Final = 1 << 20
#: Names in a case folder that are no track's: of the case file, of its account of sources, of what is published.
_KEPT: Final = (casefile.NAME, "SOURCES.md", "published")


@contextmanager
def received(folder: Path, data: bytes | BinaryIO) -> Iterator[Path]:
    """Take a file in, under a name that it has only until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    atomic.tidy(folder, alone=False)
    left = MOST_BYTES - sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    source = io.BytesIO(data) if isinstance(data, bytes | bytearray | memoryview) else data
    part = folder / f"{atomic.UNFINISHED}{secrets.token_hex(6)}"
    try:
        with part.open("xb") as out:
            while block := source.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise FlightcaseError(
                        f"the files of this draft would have more than {MOST_BYTES:,} bytes; cut the track to the "
                        "flight first"
                    )
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        yield part
    finally:
        part.unlink(missing_ok=True)


def named(part: Path, folder: Path, wanted: str, folders: Sequence[Path]) -> str:
    """Give a file that was taken in its name, one that no file in ``folders`` has; nobody else may be naming one."""
    taken = {each.name for where in folders if where.is_dir() for each in where.iterdir()}
    name = file_name(wanted, {*taken, *_KEPT})
    part.replace(folder / name)
    atomic.sync(folder)
    return name


def found(name: str, folders: Sequence[Path]) -> Path:
    """The file of a name in the first of some folders that has it, else where the last one would have it.

    Raises:
        TrackError: when the name leads out of them, or can be none of a file.
    """
    try:
        for folder in folders:
            path = folder / name
            if not path.resolve().is_relative_to(folder.resolve()):
                raise TrackError(name, "leads out of the case folder; put the file beside case.toml")
            if path.is_file():
                return path
    except (OSError, ValueError) as wrong:
        if isinstance(wrong, TrackError):
            raise
        raise TrackError(f"{name[:60]}…", "no file can have this name; write that of one beside case.toml") from wrong
    return path


def discard(folder: Path) -> None:
    """Take away the files of a draft."""
    shutil.rmtree(folder, ignore_errors=True)


def tidy(folder: Path, kept: Collection[str]) -> None:
    """Take away the files of drafts that are no longer there."""
    for each in folder.iterdir() if folder.is_dir() else ():
        if each.name not in kept:
            discard(each)


@contextmanager
def told(library: Path) -> Iterator[None]:
    """Say in plain words why a file could not be kept.

    Raises:
        FlightcaseError: for whatever the system says.
    """
    try:
        yield
    except OSError as wrong:
        raise FlightcaseError(
            f"the file was not kept: {wrong.strerror or wrong}; look at the disk of {library}"
        ) from wrong
