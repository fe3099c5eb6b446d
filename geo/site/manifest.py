"""The list of what a site consists of: ``site.json`` in its folder, with the SHA-256 of every file.

By it a run knows what is its own, what is still as it was made, and what readers no longer need.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo.errors import SiteError
from geo.site.addresses import MANIFEST, is_safe
from geo.site.card import Card

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class File:
    """One file: its SHA-256, its size, and what is left of it when a server compresses it."""

    sha256: str
    bytes: int
    gzip: int


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a case: ``key`` is a hash of all that it was made from, ``files`` the paths."""

    key: str
    card: Card
    files: tuple[str, ...]


@dataclass(slots=True)
class Manifest:
    """``origin`` is what the ids of the feed begin with: it stays when the site moves to another address."""

    origin: str = ""
    cases: dict[str, Made] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    def written(self) -> bytes:
        """The bytes of ``site.json``."""
        told = {
            "flightcase_site": _FORMAT,
            "origin": self.origin,
            "cases": {
                slug: {"key": made.key, "files": list(made.files), "card": made.card.written()}
                for slug, made in sorted(self.cases.items())
            },
            "files": {path: asdict(file) for path, file in sorted(self.files.items())},
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def read(folder: Path) -> Manifest | None:
    """The manifest of a site; ``None`` where there is none.

    Raises:
        SiteError: when it is damaged or of another program.
    """
    file = folder / MANIFEST
    try:
        told = json.loads(file.read_bytes())
        if told["flightcase_site"] != _FORMAT:
            raise SiteError(f"{file} has format {told['flightcase_site']!r}; this Flightcase knows {_FORMAT}")
        return _manifest(told)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, LookupError, TypeError, AttributeError) as wrong:
        if isinstance(wrong, SiteError):
            raise
        raise SiteError(
            f"{file} is damaged or not ours ({type(wrong).__name__}: {wrong}); put it back from a backup, or publish "
            "into an empty folder"
        ) from wrong


def _manifest(told: dict[str, Any]) -> Manifest:
    files = {
        _path(path): File(str(each["sha256"]), int(each["bytes"]), int(each["gzip"]))
        for path, each in told["files"].items()
    }
    cases = {
        str(slug): Made(str(each["key"]), Card.read(each["card"]), tuple(map(_path, each["files"])))
        for slug, each in told["cases"].items()
    }
    return Manifest(str(told["origin"]), cases, files)


def _path(path: str) -> str:
    if not is_safe(path):
        raise ValueError(f"{path!r} leads out of the site")
    return path
