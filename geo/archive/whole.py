"""Files and folders that get their names when they are whole."""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Names of what is not whole yet have this in them, and behind it a word of their own: two that write the same, one of
#: them left over from a build that was killed, are not in each other's way.
PART: Final = ".part-"


def unfinished(path: Path) -> Path:
    """A name beside this one for what is not whole yet, and of nobody else."""
    return path.with_name(f"{path.name}{PART}{uuid.uuid4().hex}")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file that gets its name, and replaces what has it, when this ends without an error."""
    part = unfinished(path)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """The same of a folder; one that is there already stays."""
    part = unfinished(path)
    part.mkdir(parents=True)
    try:
        yield part
        if not path.exists():
            part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def settle(folder: Path) -> None:
    """Wait until a folder and the files in it are on the disk, for the power may fail too."""
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
