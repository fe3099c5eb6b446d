"""The record of what was published of a case: ``published/record.json`` in its folder."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from geo.dashboard import atomic
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FOLDER: Final = "published"
RECORD: Final = "record.json"
_FORMAT: Final = 1
_PAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*-[0-9a-f]{12}\.html")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a publication: its file in ``published``, and its SHA-256 and size."""

    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication of a case.

    ``by`` is empty for the pages that stood before the dashboard first saved the case. ``case`` is a hash of the case
    file and its tracks, ``pages`` has the pages by language, ``reason`` what readers were told of the change,
    ``corrections`` the number of those that stand on the pages.
    """

    at: datetime
    by: str
    case: str
    pages: Mapping[str, Page]
    reason: Mapping[str, str]
    corrections: int


def write(folder: Path, record: Sequence[Publication]) -> None:
    """Write the record in one step, the last publication last."""
    (folder / FOLDER).mkdir(exist_ok=True)
    written = [
        {
            "at": each.at.isoformat(timespec="seconds"),
            "by": each.by,
            "case": each.case,
            "reason": dict(each.reason),
            "corrections": each.corrections,
            "pages": {language: asdict(of) for language, of in each.pages.items()},
        }
        for each in record
    ]
    text = json.dumps({"format": _FORMAT, "publications": written}, ensure_ascii=False, indent=1)
    atomic.put(folder / FOLDER / RECORD, text.encode() + b"\n")
    atomic.sync(folder)


def read(folder: Path) -> tuple[Publication, ...] | None:
    """The record of a case; ``None`` where there is none.

    Raises:
        FlightcaseError: when it is damaged.
    """
    file = folder / FOLDER / RECORD
    try:
        record = json.loads(file.read_bytes())
        if record["format"] != _FORMAT:
            raise FlightcaseError(f"{FOLDER}/{RECORD} has format {record['format']!r}; this Flightcase knows {_FORMAT}")
        return tuple(map(_publication, record["publications"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as wrong:
        raise FlightcaseError(f"{FOLDER}/{RECORD} is damaged ({wrong}); put it back from a backup") from wrong


def _publication(written: Mapping[str, Any]) -> Publication:
    pages = {}
    for language, of in written["pages"].items():
        page = Page(of["file"], of["sha256"], of["bytes"])
        if not _PAGE.fullmatch(page.file) or not _HASH.fullmatch(page.sha256):
            raise ValueError(f"{page.file!r} is no page")
        pages[language] = page
    at = datetime.fromisoformat(written["at"])
    reason = {str(language): str(text) for language, text in written["reason"].items()}
    by, case, corrections = str(written["by"]), str(written["case"]), int(written["corrections"])
    return Publication(at, by, case, MappingProxyType(pages), MappingProxyType(reason), corrections)
