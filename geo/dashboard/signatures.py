"""Who stands for what only a person can say: one file in the case folder, to which entries are added and none is lost.

``published/signatures.json`` holds every signature and every withdrawal, each with its name, its time and the hash of
what ``case.toml`` said then. A signature for another version than the one that is there is still told, as one
for an earlier version.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from geo import casefile
from geo.dashboard import atomic, library
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "signatures.json"
_FOLDER: Final = "published"
_FORMAT: Final = 1
#: The longest name and note that are kept.
_LONGEST: Final = 200
_LONGEST_NOTE: Final = 2000
#: The check that nobody may sign for their own work.
SECOND: Final = "second-reader"


@dataclass(frozen=True, slots=True)
class Signature:
    """One entry: who, when (UTC, ISO 8601), for which version of the case, or taking it back."""

    check: str
    by: str
    at: str
    case: str
    note: str = ""
    withdrawn: bool = False

    @property
    def time(self) -> datetime:
        """When, as a time."""
        return datetime.fromisoformat(self.at)


def version(folder: Path) -> str:
    """SHA-256 of what the ``case.toml`` of a case folder says, but for its corrections and the day of its last change.

    Publishing adds those two, and nobody has to sign again for that.
    """
    file = folder / casefile.NAME
    state = file.stat()
    return _version(file, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=64)
def _version(file: Path, mtime_ns: int, size: int, inode: int) -> str:  # noqa: ARG001  the key
    said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    kept = {key: value for key, value in said.items() if key not in ("correction", "updated")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()


def entries(folder: Path) -> list[Signature]:
    """Every entry of a case, the first one first.

    Raises:
        FlightcaseError: when the file is damaged; it is left as it is.
    """
    file = folder / _FOLDER / NAME
    if not file.is_file():
        return []
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        made = [Signature(**entry) for entry in found["signatures"]]
        sound = found["format"] == _FORMAT and all(entry.time.tzinfo for entry in made)
    except (ValueError, KeyError, TypeError) as wrong:
        raise FlightcaseError(
            f"{_FOLDER}/{NAME} of {folder.name} cannot be read; mend it, or move it away to begin a new one"
        ) from wrong
    if not sound:
        raise FlightcaseError(
            f"{_FOLDER}/{NAME} of {folder.name} is not of format {_FORMAT}; a newer Flightcase may have written it"
        )
    return made


def signed(folder: Path) -> dict[str, Signature]:
    """The signature that stands for each check, as far as one does; takes and raises what ``entries`` does."""
    last = {entry.check: entry for entry in entries(folder)}
    return {check: entry for check, entry in last.items() if not entry.withdrawn}


def sign(folder: Path, check: str, by: str, note: str = "", *, writer: str = "") -> Signature:
    """Add a signature.

    Args:
        folder: of the case.
        check: its id.
        by: the name of the person.
        note: what they want to say with it.
        writer: who saved the case last, as far as known: the second reader is somebody else.

    Raises:
        FlightcaseError: for a missing or overlong name, for the writer as second reader, when the file is damaged or
            the folder cannot be written.
    """
    by = _named(by)
    if check == SECOND and writer and same(by, writer):
        raise FlightcaseError(f"{by} saved this case last; the second person is another one")
    return _add(folder, Signature(check, by, _now(), version(folder), _clean(note)[:_LONGEST_NOTE]))


def take_back(folder: Path, check: str, by: str, note: str = "") -> Signature:
    """Add the entry that takes the signature of a check back; takes and raises what ``sign`` does."""
    by = _named(by)
    return _add(folder, Signature(check, by, _now(), version(folder), _clean(note)[:_LONGEST_NOTE], withdrawn=True))


def _named(by: str) -> str:
    by = " ".join(_clean(by).split())
    if not any(letter.isalnum() for letter in by):
        raise FlightcaseError("a signature needs a name; write yours")
    if len(by) > _LONGEST:
        raise FlightcaseError(f"this name has {len(by)} characters; write one of at most {_LONGEST}")
    return by


def _clean(text: str) -> str:
    """A text without characters that cannot be seen and could make it look like another."""
    kept = (letter for letter in text if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def same(one: str, other: str) -> bool:
    """Whether two names are those of one person, however they are typed."""

    def folded(name: str) -> list[str]:
        return unicodedata.normalize("NFKC", _clean(name)).casefold().split()

    return folded(one) == folded(other)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _add(folder: Path, entry: Signature) -> Signature:
    home = folder / _FOLDER
    try:
        with library.drafts().alone():
            home.mkdir(exist_ok=True)
            kept = [asdict(each) for each in [*entries(folder), entry]]
            text = json.dumps({"format": _FORMAT, "signatures": kept}, ensure_ascii=False, indent=1)
            atomic.put(home / NAME, f"{text}\n".encode())
    except OSError as wrong:
        raise FlightcaseError(f"{home / NAME} cannot be written: {wrong.strerror or wrong}") from wrong
    return entry
