"""Files that are there whole or not at all, also when the machine stops in the middle of writing one."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

#: How the names of files begin that are not whole yet.
UNFINISHED: Final = ".flightcase-"
#: Those of ``geo.casefile.write``, which does not wait for us: they are old when nobody can be writing them, s.
_OTHERS: Final = ".case-"
_OLD: Final = 60


def put(file: Path, content: bytes) -> None:
    """Write a file, or replace it in one step; it is on the disk when this returns."""
    part = _part(file)
    try:
        with part.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        _take_place(part, file)
    finally:
        part.unlink(missing_ok=True)
    sync(file.parent)


def copy(source: Path, target: Path) -> None:
    """Copy a file, which is there at once; the folder still has to be synced."""
    part = _part(target)
    try:
        with source.open("rb") as read, part.open("xb") as out:
            shutil.copyfileobj(read, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        _take_place(part, target)
    finally:
        part.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can be asked to."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def tidy(folder: Path, *, alone: bool) -> None:
    """Take away what writers that were killed have left in a folder; ``alone`` says that nobody else writes there."""
    for file in folder.iterdir() if folder.is_dir() else ():
        left = file.name.startswith((UNFINISHED, _OTHERS))
        if left and ((alone and file.name.startswith(UNFINISHED)) or time.time() - file.lstat().st_mtime > _OLD):
            file.unlink(missing_ok=True)


def _part(file: Path) -> Path:
    return file.with_name(f"{UNFINISHED}{secrets.token_hex(6)}")


def _take_place(part: Path, file: Path) -> None:
    if file.exists():
        part.chmod(file.stat().st_mode & 0o777)
    part.replace(file)
