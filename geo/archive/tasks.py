"""The work of a build in pieces that any process can do: each reads files, writes files, and says little.

What a task writes gets its name when it is whole, so a task that was ended in the middle has written nothing; done
twice, it writes the same again. ``Chunk`` is all rows of a day of some addresses, ``Hour`` the positions of an hour.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
import pyarrow as pa

from geo.archive import kernel, layout, shuffling, sources
from geo.archive.account import Rows
from geo.archive.block import Block, address_of
from geo.archive.catalogue import Part
from geo.archive.clearing import CHUNKS, OUT
from geo.archive.sources.found import Broken
from geo.archive.whole import whole, whole_folder

if TYPE_CHECKING:
    from datetime import date

    from geo.archive.sources import Traces

_ACCOUNT: Final = "account.json"
_RUNS: Final = "area"
#: In the folder of a chunk: what of its legs and jumps goes into those of the day.
LEGS: Final = "legs.arrow"
JUMPS: Final = "jumps.arrow"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of a day with addresses from ``first`` up to, and without, ``end``, to be laid down in ``folder``.

    ``runs`` are files of ``shuffling``, of which the rows of these addresses are taken; ``weight`` is what all of it
    weighs in bytes of packed traces.
    """

    day: date
    number: int
    first: int
    end: int
    traces: Traces
    runs: tuple[str, ...]
    weight: float
    folder: str

    @property
    def done(self) -> Path:
        """The folder that is there when this is done."""
        return Path(self.folder, CHUNKS, f"{self.number:05}")

    @property
    def file(self) -> Path:
        """Where its rows lie by aircraft."""
        return Path(self.folder, OUT, f"aircraft-{self.number:05}.parquet")


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of a chunk: its file by aircraft, none when there was no row, and its hours with a position."""

    day: date
    number: int
    part: Part | None
    hours: tuple[int, ...]
    rows: Rows
    broken: tuple[Broken, ...]
    seconds: float


def lay(task: Chunk) -> Laid:
    """Read a chunk, find its legs and jumps, and write it by aircraft and by hour."""
    begun = time.perf_counter()
    taken = sources.read_traces(task.traces, task.day) if task.traces else None
    mixed = [shuffling.taken(run, task.first, task.end) for run in task.runs]
    rows = Rows.of(taken.read, len(taken.block), taken.left) if taken else Rows()
    broken = taken.broken if taken else ()
    count = sum(map(len, mixed))
    rows += Rows(count, count)
    block = Block.joined([*([taken.block] if taken else []), *mixed]).sorted()
    del taken, mixed
    part: Part | None = None
    hours: tuple[int, ...] = ()
    with whole_folder(task.done) as folder:
        if len(block):
            part = Part(task.file.name, address_of(int(block.address[0])), address_of(int(block.address[-1])))
            hours = _write(block, folder, task.file)
        laid = Laid(task.day, task.number, part, hours, rows, broken, time.perf_counter() - begun)
        (folder / _ACCOUNT).write_bytes(orjson.dumps(asdict(laid)))
    return laid


def _write(block: Block, folder: Path, file: Path) -> tuple[int, ...]:
    """The tables of a chunk; the hours in which it has positions."""
    derived = kernel.derive(block)
    layout.write_between(derived.legs, folder / LEGS)
    layout.write_between(derived.jumps, folder / JUMPS)
    del derived
    hours = layout.write_runs(block, folder, _RUNS)
    with whole(file) as unfinished:
        layout.write_aircraft(block, unfinished)
    return tuple(sorted(hours))


def run_name(hour: int) -> str:
    """The file of a chunk with its positions of an hour."""
    return f"{_RUNS}-{hour:02}.arrow"


def laid(task: Chunk) -> Laid | None:
    """What became of this chunk, when it is done."""
    try:
        said = orjson.loads((task.done / _ACCOUNT).read_bytes())
    except FileNotFoundError:
        return None
    part = Part(**said["part"]) if said["part"] else None
    if part and not task.file.exists():
        return None
    return Laid(
        day=task.day,
        number=task.number,
        part=part,
        hours=tuple(said["hours"]),
        rows=Rows(**said["rows"]),
        broken=tuple(Broken(**one) for one in said["broken"]),
        seconds=said["seconds"],
    )


@dataclass(frozen=True, slots=True)
class Hour:
    """The positions of an hour, in runs in the order of their addresses, to be laid down by area."""

    day: date
    hour: int
    runs: tuple[str, ...]
    folder: str

    @property
    def file(self) -> Path:
        """Where they will lie."""
        return Path(self.folder, OUT, f"area-{self.hour:02}.parquet")


@dataclass(frozen=True, slots=True)
class Merged:
    """An hour that is laid down, and the seconds that it took."""

    task: Hour
    seconds: float


def merge(task: Hour) -> Merged:
    """Lay an hour down by area."""
    begun = time.perf_counter()
    # What chunks took: to give it back after each of them would take longer than to keep it.
    pa.default_memory_pool().release_unused()
    with whole(task.file) as unfinished:
        layout.merge_hour([Path(run) for run in task.runs], unfinished)
    return Merged(task, time.perf_counter() - begun)
