"""What a build has to do: which sources each day has, and the chunks into which they are cut.

Both follow from the sources alone, never from how many processes there are, so equal sources give equal files.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from geo.archive import shuffling
from geo.archive.account import Source
from geo.archive.block import OTHER
from geo.archive.sources import Traces
from geo.archive.tasks import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geo.archive.account import Mixed
    from geo.archive.catalogue import Day
    from geo.archive.shuffling import Shuffled
    from geo.archive.sources import Broken, Loose

#: How days are laid down; another number where the same rows would lie otherwise, or give other legs and jumps.
LAYOUT: Final = "2"
#: Rows of a chunk, and what a packed row weighs in a trace, roughly: so a process stays well below 500 MB.
ROWS: Final = 1_000_000
ROW_BYTES: Final = 28
#: Traces of which an identity is made at once, and its digits.
_TOGETHER: Final = 10_000
_DIGITS: Final = 16
#: No address is as high.
END: Final = 2 * OTHER


@dataclass(frozen=True, slots=True)
class Offer:
    """What the sources have of a day: traces, in order, and the sources of rows of any days that have some of it.

    ``mixed`` are identities. ``identity`` is the same for the same files: their paths, sizes, and when they were
    changed last. ``rows`` is what a chunk has, about.
    """

    day: date
    traces: Traces
    mixed: tuple[str, ...]
    identity: str
    rows: int

    @property
    def plan(self) -> str:
        """The same for the same chunks of the same files, laid down in the same way."""
        return _hash([self.identity, LAYOUT, self.rows, ROW_BYTES])


def offers(
    traces: Mapping[date, Traces],
    mixed: Mapping[str, Iterable[date]],
    changed: Mapping[str, int],
    rows: int = ROWS,
) -> tuple[Offer, ...]:
    """Every day of these traces and sources of rows of any days, which are told by their identity.

    ``changed`` says when each path was changed last, ``rows`` how many a chunk has, about.
    """
    touching = defaultdict(list)
    for identity, days in mixed.items():
        for day in days:
            touching[day].append(identity)
    none = Traces.ordered(())
    return tuple(
        _offer(day, traces.get(day, none), touching[day], changed, rows) for day in sorted({*traces, *touching})
    )


def _offer(day: date, traces: Traces, mixed: Sequence[str], changed: Mapping[str, int], rows: int) -> Offer:
    # The hash of [[[path, offset, size, changed], …], mixed] as JSON, of which a whole day would take much memory.
    hashed = hashlib.sha256(b"[[")
    for start in range(0, len(traces), _TOGETHER):
        places = traces[start : start + _TOGETHER].places()
        said = orjson.dumps([(path, offset, size, changed[path]) for path, offset, size in places])[1:-1]
        hashed.update(b"," + said if start else said)
    hashed.update(b"]," + orjson.dumps(sorted(mixed)) + b"]")
    return Offer(day, traces, tuple(mixed), hashed.hexdigest()[:_DIGITS], rows)


def identity_of(loose: Loose) -> str:
    """What a source of rows of any days is known by; the same while the file is."""
    said = Path(loose.path).stat()
    return _hash([loose.path, loose.kind, loose.offset, loose.size, loose.member, said.st_size, said.st_mtime_ns])


def changes(traces: Mapping[date, Traces]) -> dict[str, int]:
    """When each of the files of these traces was changed last."""
    return {
        path: os.stat(path).st_mtime_ns  # noqa: PTH116  a day has 60,000 of them
        for path in {path for some in traces.values() for path in some.paths}
    }


def size_of(loose: Loose) -> int:
    """The bytes of a source of rows of any days."""
    return loose.size if loose.offset is not None else Path(loose.path).stat().st_size


def _hash(said: object) -> str:
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:_DIGITS]


def chunks(offer: Offer, shuffled: Sequence[Shuffled], folder: Path) -> tuple[Chunk, ...]:
    """The chunks of a day: ranges of addresses of about as many rows each; no address is in two."""
    day = offer.day.isoformat()
    runs = tuple(run for one in shuffled for run in one.runs.get(day, ()))
    starts, weights = _cut(offer.traces, runs, offer.rows)
    edges = [0, *np.searchsorted(offer.traces.address, starts[1:]).tolist(), len(offer.traces)]
    ends = [*starts[1:].tolist(), END]
    return tuple(
        Chunk(
            day=offer.day,
            number=number,
            first=first,
            end=end,
            traces=offer.traces[edges[number] : edges[number + 1]],
            runs=runs,
            weight=weights[number],
            folder=str(folder),
        )
        for number, (first, end) in enumerate(zip(starts.tolist(), ends, strict=True))
    )


def _cut(traces: Traces, runs: Sequence[str], rows: int) -> tuple[NDArray[np.int64], list[float]]:
    """The first address of every chunk, and what it weighs in bytes of traces."""
    counted = [shuffling.counts(run) for run in runs]
    numbers = np.concatenate([traces.address.astype(np.int64), *(one[0] for one in counted)])
    weights = np.concatenate([traces.size / ROW_BYTES, *(one[1] for one in counted)])
    addresses, places = np.unique(numbers, return_inverse=True)
    weight = np.bincount(places, weights)
    total = float(weight.sum())
    parts = max(1, round(total / rows))
    part = np.floor((np.cumsum(weight) - weight / 2) * (parts / max(total, 1.0)))
    begins = np.flatnonzero(np.diff(part, prepend=-1.0))
    sums = np.add.reduceat(weight, begins) * ROW_BYTES
    return np.r_[0, addresses[begins[1:]]], sums.tolist()


def refusal(held: Day, offer: Offer) -> str | None:
    """Why a day that is there cannot stay as it is; ``None`` when it is from the same sources."""
    if held.account.get("identity") != offer.identity:
        return (
            f"{offer.day}: it is there already, from other sources; to build it anew from these alone, and lose what "
            "the others had, say --replace"
        )
    if held.account.get("layout") != LAYOUT:
        return f"{offer.day}: another version of this program laid it down; to build it anew, say --replace"
    return None


def known(accounts: Iterable[Mapping[str, Any]]) -> dict[str, tuple[date, ...]]:
    """Of the sources of rows of any days that days were built from: the days that they have rows of."""
    return {
        one["identity"]: tuple(date.fromisoformat(day) for day in one["days"])
        for account in accounts
        for one in account.get("mixed", ())
    }


def sources_of(offer: Offer, mixed: Iterable[Mixed], given: Sequence[str]) -> tuple[Source, ...]:
    """Files, and bytes, that a day has of each of the sources that were named.

    Of a file of rows of any days it has as large a part of the bytes as of the rows.
    """
    files: Counter[str] = Counter()
    size: Counter[str] = Counter()
    longest = sorted(given, key=len, reverse=True)
    counts, sizes = offer.traces.by_path()
    whole = zip(offer.traces.paths, counts, sizes, strict=True)
    day = offer.day.isoformat()
    parts = [(one.path, 1, one.bytes * one.days[day] // one.rows.written) for one in mixed]
    for path, count, weight in (*whole, *parts):
        name = next((name for name in longest if path == name or path.startswith(f"{name}{os.sep}")), path)
        files[name] += count
        size[name] += weight
    return tuple(Source(name, files[name], size[name]) for name in sorted(files))


def placed(broken: Iterable[Broken], offers: Iterable[Offer]) -> dict[date, tuple[Broken, ...]]:
    """The broken files that lie beside traces of one day alone, or in the same tar archive, by that day."""
    days: dict[str, set[date]] = defaultdict(set)
    for offer in offers:
        for path, is_archive in zip(offer.traces.paths, offer.traces.in_archives(), strict=True):
            days[path if is_archive else os.path.dirname(path)].add(offer.day)  # noqa: PTH120  60,000
    found: dict[date, list[Broken]] = defaultdict(list)
    for wrong in broken:
        path = wrong.name.partition(": ")[0]
        near = days.get(path) or days.get(os.path.dirname(path)) or set()  # noqa: PTH120  as above
        if len(near) == 1:
            found[min(near)].append(wrong)
    return {day: tuple(some) for day, some in found.items()}
