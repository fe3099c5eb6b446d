"""The folder of a site on the disk: whole files, nobody else's files, only what changed."""

from __future__ import annotations

import gzip
import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from geo.errors import SiteError
from geo.site import manifest
from geo.site.addresses import MANIFEST
from geo.site.manifest import File, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: How the names of files begin that are not whole yet.
_UNFINISHED: Final = ".flightcase-"
_TOLD: Final = 8


class Folder:
    """Writes a site. ``written``, ``same``, ``removed`` and ``left`` say what became of each path.

    The manifest is written before the files that it is to own, so that a run that is stopped leaves nothing behind that
    the next one would take for somebody else's.
    """

    def __init__(self, root: Path) -> None:
        """Open a folder.

        Raises:
            SiteError: when it is no folder, or has files in it and is no site of ours.
        """
        self.root = root
        if root.exists() and not root.is_dir():
            raise SiteError(f"{root} is a file; name a folder for the site")
        found = manifest.read(root)
        if found is None and root.is_dir() and any(not path.name.startswith(".") for path in root.iterdir()):
            raise SiteError(f"{root} is not empty and has no {MANIFEST} of ours; name an empty folder or a new one")
        self.manifest = found or Manifest()
        self.written: list[str] = []
        self.same: list[str] = []
        self.removed: list[str] = []
        self.left: list[str] = []

    def claim(self, paths: Iterable[str]) -> None:
        """Make sure that all paths are free or ours before anything is written.

        Raises:
            SiteError: when somebody else's file or folder stands at one, or a link leads out of the site.
        """
        here = self.root.resolve()
        foreign = []
        for path in paths:
            file = self.root / path
            inside = file.resolve().is_relative_to(here)
            blocked = any(
                part.is_symlink() or part.is_file()
                for part in file.parents
                if part != self.root and here in part.resolve().parents
            )
            taken = file.is_symlink() or file.is_dir() or (file.exists() and path not in self.manifest.files)
            if blocked or taken or not inside:
                foreign.append(path)
        if foreign:
            more = f" and {len(foreign) - _TOLD} more" if len(foreign) > _TOLD else ""
            raise SiteError(
                f"{', '.join(foreign[:_TOLD])}{more} in {self.root} is not ours, so nothing was written; move it away, "
                "or publish into another folder"
            )

    def is_whole(self, paths: Iterable[str]) -> bool:
        """Whether files are there as they were made."""
        return all(
            path in self.manifest.files and self._hash(path) == self.manifest.files[path].sha256 for path in paths
        )

    def put(self, contents: dict[str, bytes]) -> None:
        """Write files that are not there with these bytes already, each in one step."""
        fresh = {}
        for path, content in contents.items():
            sha256 = hashlib.sha256(content).hexdigest()
            known = self.manifest.files.get(path)
            if known is None or known.sha256 != sha256:
                known = File(sha256, len(content), len(gzip.compress(content, 9, mtime=0)))
            self.manifest.files[path] = known
            if self._hash(path) == sha256:
                self.same.append(path)
            else:
                fresh[path] = content
        if fresh:
            self.save()
        for path, content in fresh.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            _replace(file, content)
            self.written.append(path)

    def keep(self, paths: Iterable[str]) -> None:
        """Leave files as they are."""
        self.same += paths

    def tidy(self) -> None:
        """Take away what is ours and belongs to the site no longer; what was changed since it was made stays."""
        current = {*self.written, *self.same}
        for path in [path for path in self.manifest.files if path not in current]:
            known = self.manifest.files.pop(path)
            file = self.root / path
            found = self._hash(path)
            if found is None:
                continue
            if found != known.sha256 or not file.resolve().is_relative_to(self.root.resolve()):
                self.left.append(path)
                continue
            file.unlink()
            self.removed.append(path)
            for folder in file.parents:
                if folder == self.root or any(folder.iterdir()):
                    break
                folder.rmdir()

    def save(self) -> None:
        """Write the manifest."""
        content = self.manifest.written()
        file = self.root / MANIFEST
        if not file.exists() or file.read_bytes() != content:
            self.root.mkdir(parents=True, exist_ok=True)
            _replace(file, content)

    def _hash(self, path: str) -> str | None:
        file = self.root / path
        if file.is_symlink() or not file.is_file():
            return None
        with file.open("rb") as read:
            return hashlib.file_digest(read, "sha256").hexdigest()


def _replace(file: Path, content: bytes) -> None:
    part = file.with_name(f"{_UNFINISHED}{secrets.token_hex(6)}")
    try:
        part.write_bytes(content)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
