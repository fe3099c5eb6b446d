"""What became of every row and every file: of a day, as its catalogue keeps it, and of a whole build."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo.archive.sources.found import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from geo.archive.sources.found import Broken

#: So many broken files the catalogue names for a day; all of them are in a file beside its tables.
NAMED: Final = 1000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of sources: ``read`` is always ``written`` and what was ``left`` out, by reason, and ``unreadable``."""

    read: int = 0
    written: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    unreadable: int = 0

    @classmethod
    def of(cls, read: int, written: int, left: Mapping[str, int]) -> Rows:
        """The account of ``Taken``, which counts what cannot be read among what was left out."""
        rest = {reason: count for reason, count in sorted(left.items()) if count and reason != UNREADABLE}
        return cls(read, written, rest, left.get(UNREADABLE, 0))

    def __add__(self, other: Rows) -> Rows:
        left = Counter(self.left)
        left.update(other.left)
        return Rows(
            self.read + other.read,
            self.written + other.written,
            dict(sorted(left.items())),
            self.unreadable + other.unreadable,
        )

    @property
    def is_whole(self) -> bool:
        """Whether every row that was read is accounted for."""
        return self.read == self.written + sum(self.left.values()) + self.unreadable


@dataclass(frozen=True, slots=True)
class Source:
    """What a day has of one of the sources that were named: files, and their bytes."""

    path: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Mixed:
    """A source of rows of any days: what it is known by, its rows, and how many of them each day has."""

    identity: str
    path: str
    bytes: int
    rows: Rows
    days: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Account:
    """What a day was made of and what it weighs.

    ``identity`` is the same for the same sources, ``layout`` says in which layout they lie. ``tables`` counts rows, and
    ``bytes`` has what they take, with the sources: of the day by itself, without jumps over the midnight before it,
    which come and go with the day before. ``files`` and ``broken`` count files of sources; ``named`` is the first of
    the broken ones. ``seconds`` is what all processes together worked for it.
    """

    identity: str
    layout: str
    rows: Rows
    tables: Mapping[str, int]
    bytes: Mapping[str, int]
    sources: tuple[Source, ...]
    mixed: tuple[Mixed, ...]
    files: int
    broken: int
    named: tuple[Broken, ...]
    seconds: float
    built: str

    def said(self) -> dict[str, Any]:
        """As the catalogue keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    ``built`` has the account of each day that was laid down, ``there`` the days that were there from the same sources,
    ``refused`` those that were not touched and why, ``empty`` those of whose files no row could be written. ``broken``
    is every file that could not be read to its end, ``mixed`` every source of rows of any days that was read.
    """

    root: Path
    built: Mapping[date, Account]
    there: tuple[date, ...]
    refused: Mapping[date, str]
    empty: tuple[date, ...]
    broken: tuple[Broken, ...]
    mixed: tuple[Mixed, ...]
    rows: Rows
    seconds: float

    @property
    def is_done(self) -> bool:
        """Whether every day that was found in the sources is in the archive as they have it, and there was one."""
        return bool(self.built or self.there) and not self.refused


def total(rows: Iterable[Rows]) -> Rows:
    """All of them together."""
    return sum(rows, Rows())
