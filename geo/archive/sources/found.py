"""What there is to be read for an archive, and what came of reading it."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from geo.archive.block import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from geo.archive.block import Block
    from geo.tracks import Unreadable

#: Why a row is left out.
UNREADABLE: Final = "cannot be read"
OTHER_DAY: Final = "of another day"
NO_ADDRESS: Final = "no ICAO address"
NOTHING_HEARD: Final = "nothing heard of the aircraft"
NOWHERE: Final = "a position outside the Earth"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True, eq=False)
class Traces(Sequence[Trace]):
    """Many traces, one element of each column a trace, in a fifteenth of the memory: a day of the world has 60,000.

    ``path`` is an index into ``paths``, ``offset`` is -1 for a file by itself. A slice shares the columns, and has the
    paths of its own traces alone.
    """

    address: NDArray[np.uint32]
    path: NDArray[np.int32]
    offset: NDArray[np.int64]
    size: NDArray[np.int64]
    paths: tuple[str, ...]

    @classmethod
    def ordered(cls, parts: Iterable[Traces]) -> Traces:
        """All of these, each once, by address, then by path and place."""
        parts = tuple(parts)
        paths = sorted({path for part in parts for path in part.paths})
        number = {path: index for index, path in enumerate(paths)}
        columns = [
            np.concatenate([np.empty(0, kind), *(getattr(part, name) for part in parts)])
            for name, kind in (("address", np.uint32), ("offset", np.int64), ("size", np.int64))
        ]
        codes = [np.array([number[path] for path in part.paths], np.int32)[part.path] for part in parts]
        address, offset, size = columns
        path = np.concatenate([np.empty(0, np.int32), *codes])
        order = np.lexsort((size, offset, path, address))
        whole = cls(address[order], path[order], offset[order], size[order], tuple(paths))
        same = np.logical_and.reduce(
            [one[1:] == one[:-1] for one in (whole.address, whole.path, whole.offset, whole.size)]
        )
        return whole.take(np.flatnonzero(np.append(np.True_, ~same)[: len(whole)])) if same.any() else whole

    def take(self, some: slice | NDArray[np.int64]) -> Traces:
        """Those of these places."""
        path, paths = self.path[some], self.paths
        if len(paths) > 1 or len(path) == 0:
            used, codes = np.unique(path, return_inverse=True)
            path, paths = codes.astype(np.int32), tuple(paths[index] for index in used.tolist())
        return Traces(self.address[some], path, self.offset[some], self.size[some], paths)

    def places(self) -> Iterator[tuple[str, int | None, int]]:
        """Path, offset and size of each."""
        for path, offset, size in zip(self.path.tolist(), self.offset.tolist(), self.size.tolist(), strict=True):
            yield self.paths[path], None if offset < 0 else offset, size

    def by_path(self) -> tuple[list[int], list[int]]:
        """For each of the paths its traces, and their bytes."""
        count, size = (np.zeros(len(self.paths), np.int64) for _ in range(2))
        np.add.at(count, self.path, 1)
        np.add.at(size, self.path, self.size)
        return count.tolist(), size.tolist()

    def in_archives(self) -> list[bool]:
        """For each of the paths whether it is an archive, or part of one."""
        found = np.zeros(len(self.paths), np.bool_)
        found[self.path[self.offset >= 0]] = True
        return found.tolist()

    def __len__(self) -> int:
        return len(self.address)

    def __iter__(self) -> Iterator[Trace]:
        for address, place in zip(self.address.tolist(), self.places(), strict=True):
            yield Trace(address, *place)

    @overload
    def __getitem__(self, index: int) -> Trace: ...
    @overload
    def __getitem__(self, index: slice) -> Traces: ...
    def __getitem__(self, index: int | slice) -> Trace | Traces:
        if isinstance(index, slice):
            return self.take(index)
        offset = int(self.offset[index])
        path = self.paths[int(self.path[index])]
        return Trace(int(self.address[index]), path, None if offset < 0 else offset, int(self.size[index]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Traces) and len(self) == len(other) and all(map(operator.eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # as of everything whose content is compared


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

    days: Mapping[date, Traces]
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
