"""What there is to be read for an archive, and what came of reading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geo.archive.block import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from geo.archive.block import Block
    from geo.tracks import Unreadable

#: Why a row is left out.
UNREADABLE: Final = "cannot be read"
OTHER_DAY: Final = "of another day"
NO_ADDRESS: Final = "no ICAO address"
NOTHING_HEARD: Final = "nothing heard of the aircraft"
NOWHERE: Final = "a position outside the Earth"


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """The file of one aircraft of one day, by itself or in a tar archive.

    ``address`` is as in ``block.Block``; ``offset`` is where it begins in the archive ``path``, ``None`` for a file by
    itself; ``size`` is its length in bytes. In an archive that was cut into parts, ``path`` is the part in which it
    begins; it may end in the next.
    """

    address: int
    path: str
    offset: int | None
    size: int

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path if self.offset is None else f"{self.path}: {self.member}"

    @property
    def member(self) -> str:
        """Its name in an archive, without the folders before it."""
        return f"trace_full_{address_of(self.address)}.json"


@dataclass(frozen=True, slots=True)
class Loose:
    """A file of rows of any aircraft and times: its path, and the name of what reads it.

    Within a tar archive ``offset`` and ``size`` are as in ``Trace``, and ``member`` is its name there.
    """

    path: str
    kind: str
    offset: int | None = None
    size: int = 0
    member: str = ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.path}: {self.member}" if self.member else self.path


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be read, wholly or in part, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: traces by day, each day by address; loose files; and what is none of these."""

    days: Mapping[date, tuple[Trace, ...]]
    loose: tuple[Loose, ...]
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Rows that were read, and an account of all: ``read == len(block) + sum(left.values())``.

    ``left`` counts rows that were left out by reason, those that cannot be read among them; ``broken`` names files
    that cannot be read, or some rows of which cannot.

    Raises:
        ValueError: when the account does not come out.
    """

    block: Block
    read: int
    broken: tuple[Broken, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        left = sum(self.left.values())
        if self.read != len(self.block) + left:
            raise ValueError(f"{self.read} rows read are not {len(self.block)} taken and {left} left out")


def partly(name: str, unreadable: Sequence[Unreadable], read: int) -> Broken:
    """A file of which these rows, of so many that were read, cannot be read."""
    first = unreadable[0]
    return Broken(
        name, f"{len(unreadable):,} of its {read:,} rows cannot be read, the first is row {first.row}: {first.detail}"
    )
