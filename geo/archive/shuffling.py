"""Rows of any aircraft and times, sorted into runs: files of one day each, by address, of which a range can be read.

A source is read once, in pieces that fit into memory; every piece becomes one run a day. A run is an Arrow file with
the columns of a block, cut between addresses into batches, so that a task reads only those of its own range. The rows
of an address stay in the order of their source.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pyarrow as pa

from geo.archive import sources
from geo.archive.account import Mixed, Rows
from geo.archive.block import Block, spoken
from geo.archive.sources.found import Broken
from geo.archive.whole import whole_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from geo.archive.sources import Loose

#: Rows that are sorted at once, and the least that a batch of a run has.
PIECE: Final = 1_000_000
BATCH: Final = 16_384
_DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1)
#: The days that have a name are those of the years 1 to 9999.
_FIRST_MS: Final = (date.min - _EPOCH).days * _DAY_MS
_END_MS: Final = ((date.max - _EPOCH).days + 1) * _DAY_MS
_BEYOND: Final = "a time beyond the year 9999"
_ACCOUNT: Final = "account.json"
_COLUMNS: Final = tuple(name for name in Block.__dataclass_fields__ if name != "callsigns")


@dataclass(frozen=True, slots=True)
class Shuffle:
    """A source of so many bytes to be sorted into runs in a folder."""

    loose: Loose
    identity: str
    size: int
    folder: str


@dataclass(frozen=True, slots=True)
class Shuffled:
    """The runs of a source by day, and what became of its rows."""

    said: Mixed
    runs: Mapping[str, tuple[str, ...]]
    broken: tuple[Broken, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days that it has rows of."""
        return tuple(map(date.fromisoformat, self.said.days))


def shuffle(task: Shuffle) -> Shuffled:
    """Sort a source into runs; ``written`` of its rows are those in runs."""
    left: Counter[str] = Counter()
    broken: list[Broken] = []
    runs: dict[str, list[str]] = {}
    days: Counter[str] = Counter()
    read = 0

    def blocks() -> Iterator[Block]:
        nonlocal read
        for batch in sources.read_loose(task.loose):
            read += batch.read
            left.update(batch.left)
            broken.extend(batch.broken)
            block, beyond = _within(batch.block)
            left[_BEYOND] += beyond
            yield block

    with whole_folder(Path(task.folder)) as folder:
        for number, piece in enumerate(pieces(blocks())):
            for day, rows in by_day(piece):
                name = f"{day.isoformat()}-{number:05}.run"
                write(rows, folder / name)
                runs.setdefault(day.isoformat(), []).append(str(Path(task.folder, name)))
                days[day.isoformat()] += len(rows)
        done = Shuffled(
            said=Mixed(
                identity=task.identity,
                path=task.loose.name,
                bytes=task.size,
                rows=Rows.of(read, sum(days.values()), left),
                days=dict(sorted(days.items())),
            ),
            runs={day: tuple(names) for day, names in sorted(runs.items())},
            broken=tuple(broken),
        )
        (folder / _ACCOUNT).write_bytes(orjson.dumps(asdict(done)))
    return done


def shuffled(task: Shuffle) -> Shuffled | None:
    """The runs of a source, when they are there."""
    try:
        said = orjson.loads((Path(task.folder) / _ACCOUNT).read_bytes())
    except FileNotFoundError:
        return None
    return Shuffled(
        said=Mixed(**{**said["said"], "rows": Rows(**said["said"]["rows"])}),
        runs={day: tuple(names) for day, names in said["runs"].items()},
        broken=tuple(Broken(**one) for one in said["broken"]),
    )


def _within(block: Block) -> tuple[Block, int]:
    """The rows of days that can be named, and how many are of none."""
    beyond = (block.time_ms < _FIRST_MS) | (block.time_ms >= _END_MS)
    count = int(np.count_nonzero(beyond))
    return (block.take(~beyond) if count else block), count


def pieces(blocks: Iterable[Block], count: int = PIECE) -> Iterator[Block]:
    """The same rows in blocks of so many, the last of fewer."""
    held: list[Block] = []
    for block in blocks:
        held.append(block)
        while sum(map(len, held)) >= count:
            joined = Block.joined(held)
            yield joined.take(slice(0, count))
            held = [_said(joined.take(slice(count, None)))]
    if any(map(len, held)):
        yield Block.joined(held)


def _said(block: Block) -> Block:
    """The same rows, with none but their own callsigns."""
    codes, names = spoken(block.callsign, block.callsigns)
    return replace(block, callsign=codes, callsigns=tuple(names))


def by_day(block: Block) -> Iterator[tuple[date, Block]]:
    """The rows of each day, by address; those of an address in their order."""
    days = block.time_ms // _DAY_MS
    order = np.lexsort((block.address, days))
    days = days[order]
    for start, end in pairwise([*np.flatnonzero(np.diff(days, prepend=days[0] - 1)).tolist(), len(days)]):
        yield _EPOCH + timedelta(days=int(days[start])), block.take(order[start:end])


def write(block: Block, path: Path, least: int = BATCH) -> None:
    """Write a run, in batches of at least so many rows but for the last."""
    block = _said(block)
    words = pa.DictionaryArray.from_arrays(
        pa.array(block.callsign, mask=block.callsign < 0), pa.array(block.callsigns, pa.string())
    )
    columns = {name: words if name == "callsign" else pa.array(getattr(block, name)) for name in _COLUMNS}
    whole = pa.record_batch(columns)
    begins = np.r_[0, np.flatnonzero(np.diff(block.address)) + 1]
    rows = np.diff(np.r_[begins, len(block)])
    batches = _batches(rows, least)
    edges = [*begins[np.flatnonzero(np.diff(batches, prepend=-1))].tolist(), len(block)]
    np.save(_index(path), np.stack([block.address[begins].astype(np.int64), rows, batches]))
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, whole.schema, options=options) as writer:
        for start, end in pairwise(edges):
            writer.write_batch(whole.slice(start, end - start))


def _batches(rows: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """The number of the batch in which each address is, of which so many rows follow each other."""
    found, number, held = [], 0, 0
    for count in rows.tolist():
        found.append(number)
        held += count
        if held >= least:
            number, held = number + 1, 0
    return np.array(found, dtype=np.int64)


def _index(run: Path) -> Path:
    """What says of a run its addresses, in order, how many rows each has, and in which batch."""
    return run.with_suffix(".npy")


def counts(run: str) -> NDArray[np.int64]:
    """The addresses of a run, in order, and the number of their rows: two rows of whole numbers."""
    found: NDArray[np.int64] = np.load(_index(Path(run)))[:2]
    return found


def taken(run: str, first: int, end: int) -> Block:
    """The rows of a run with addresses from ``first`` up to, and without, ``end``."""
    addresses, _, batches = np.load(_index(Path(run)))
    wanted = batches[np.searchsorted(addresses, first) : np.searchsorted(addresses, end)]
    if len(wanted) == 0:
        return Block.of(np.empty(0), np.empty(0))
    with pa.memory_map(run) as file:
        reader = pa.ipc.open_file(file)
        held = [reader.get_batch(number) for number in range(wanted[0], wanted[-1] + 1)]
        return Block.joined([_block(one, first, end) for one in held])


def _block(batch: pa.RecordBatch, first: int, end: int) -> Block:
    low, high = np.searchsorted(batch["address"].to_numpy(), (first, end)).tolist()
    batch = batch.slice(low, high - low)
    words = batch["callsign"]
    columns: dict[str, Any] = {
        name: batch[name].to_numpy(zero_copy_only=False) for name in _COLUMNS if name != "callsign"
    }
    codes = words.indices.fill_null(-1).to_numpy()
    used, found = np.unique(np.r_[-1, codes], return_inverse=True)
    names = words.dictionary.take(pa.array(used[1:])).to_pylist()
    return Block.of(**columns, callsign=found[1:] - 1, callsigns=tuple(names))
