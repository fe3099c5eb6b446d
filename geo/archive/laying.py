"""Lay days down: their chunks, then their hours, then each day as a whole is put where the catalogue names it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from geo.archive import joining, layout, planning, running, tasks
from geo.archive.account import NAMED, Account, total
from geo.archive.catalogue import Catalogue, Day, changing
from geo.archive.clearing import BUILDING, CHUNKS, DAYS, JOINED, OUT, remove
from geo.archive.tables import JUMPS, LEGS
from geo.archive.tasks import Chunk, Hour, Laid
from geo.archive.whole import settle, whole
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from geo.archive.account import Mixed, Source
    from geo.archive.catalogue import Part
    from geo.archive.joining import Joined
    from geo.archive.pace import Pace
    from geo.archive.planning import Offer
    from geo.archive.running import Mapping
    from geo.archive.shuffling import Shuffled
    from geo.archive.sources import Broken

#: In the folder in which a day is built: its jumps but for those over midnight. In that of the day: every file of its
#: sources that cannot be read to its end.
_JUMPS: Final = "jumps.parquet"
BROKEN: Final = "broken.csv"
#: What merging the hours of a day takes, of what reading it takes.
_MERGING: Final = 0.1


@dataclass(frozen=True, slots=True)
class Ordered:
    """A day to be laid down: where it is built, its chunks, and what its account says of its sources."""

    offer: Offer
    chunks: tuple[Chunk, ...]
    sources: tuple[Source, ...]
    mixed: tuple[Mixed, ...]
    broken: tuple[Broken, ...]
    folder: Path

    @property
    def weight(self) -> float:
        """What reading it weighs in bytes of packed traces."""
        return sum(chunk.weight for chunk in self.chunks)

    @property
    def whole_weight(self) -> float:
        """What all of it weighs."""
        return self.weight * (1 + _MERGING)


@dataclass(frozen=True, slots=True)
class Merged:
    """A day whose chunks and hours are laid down: what became of the chunks, and the seconds that the hours took."""

    day: Ordered
    laid: tuple[Laid, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """A day that is laid down, its account ``None`` when no row of it could be written, and all its broken files."""

    day: date
    account: Account | None
    broken: tuple[Broken, ...]


def order(
    root: Path, offer: Offer, shuffled: Sequence[Shuffled], given: Sequence[str], broken: Sequence[Broken]
) -> Ordered:
    """What there is to do for a day; what was begun of it in another way is taken away.

    Args:
        root: that of the archive.
        offer: what the sources have of the day.
        shuffled: the runs of its sources of rows of any days.
        given: the sources that were named.
        broken: files of the day that are known to be broken before they are read.
    """
    folder = root / BUILDING / offer.day.isoformat() / offer.plan
    for other in folder.parent.glob("*"):
        if other != folder:
            remove(other)
    (folder / OUT).mkdir(parents=True, exist_ok=True)
    (folder / CHUNKS).mkdir(exist_ok=True)
    mixed = tuple(one.said for one in shuffled)
    return Ordered(
        offer=offer,
        chunks=planning.chunks(offer, shuffled, folder),
        sources=planning.sources_of(offer, mixed, given),
        mixed=mixed,
        broken=(*broken, *(wrong for one in shuffled for wrong in one.broken)),
        folder=folder,
    )


def lay(days: Sequence[Ordered], mapped: Mapping, pace: Pace) -> list[Merged]:
    """Lay the chunks and hours of these days down together."""
    laid = _chunks(days, mapped, pace)
    # Of one chunk the hours are small: to begin processes for them would take longer.
    seconds = _hours(days, laid, mapped if len(laid) > 1 else running.here, pace)
    return [
        Merged(day, tuple(laid[day.offer.day, chunk.number] for chunk in day.chunks), seconds[day.offer.day])
        for day in days
    ]


def _chunks(days: Sequence[Ordered], mapped: Mapping, pace: Pace) -> dict[tuple[date, int], Laid]:
    done: dict[tuple[date, int], Laid] = {}
    todo: dict[tuple[date, int], Chunk] = {}
    for chunk in (chunk for day in days for chunk in day.chunks):
        before = tasks.laid(chunk)
        if before is None:
            todo[chunk.day, chunk.number] = chunk
        else:
            done[chunk.day, chunk.number] = before
            pace.found(chunk.weight)
    for one in mapped(tasks.lay, list(todo.values())):
        done[one.day, one.number] = one
        pace.did(todo[one.day, one.number].weight, one.day.isoformat(), one.rows.written)
    return done


def _hours(
    days: Sequence[Ordered], laid: dict[tuple[date, int], Laid], mapped: Mapping, pace: Pace
) -> dict[date, float]:
    """Merge what is not merged yet; the seconds that it took for each day."""
    seconds = {day.offer.day: 0.0 for day in days}
    todo = []
    weights = {}
    for day in days:
        runs: dict[int, list[str]] = {}
        for chunk in day.chunks:
            for hour in laid[day.offer.day, chunk.number].hours:
                runs.setdefault(hour, []).append(str(chunk.done / tasks.run_name(hour)))
        for hour, some in sorted(runs.items()):
            task = Hour(day.offer.day, hour, tuple(some), str(day.folder))
            weights[task] = day.weight * _MERGING / len(runs)
            if task.file.exists():
                pace.found(weights[task])
            else:
                todo.append(task)
    for merged in mapped(tasks.merge, todo):
        seconds[merged.task.day] += merged.seconds
        pace.did(weights[merged.task], f"{merged.task.day}: by area")
    return seconds


def finish(root: Path, merged: Merged) -> Finished:
    """Put a day where the catalogue names it, with what changes of its neighbours: from then on it is seen."""
    day, laid = merged.day, merged.laid
    offer, out = day.offer, day.folder / OUT
    broken = (*day.broken, *(one for chunk in laid for one in chunk.broken))
    parts = tuple(one.part for one in laid if one.part is not None)
    if not parts:
        remove(day.folder.parent)
        return Finished(offer.day, None, broken)
    held = [chunk.done for chunk, one in zip(day.chunks, laid, strict=True) if one.part is not None]
    _gather(held, day.folder)
    if broken:
        _list(broken, out / BROKEN)
    for kind in JOINED:
        for before in out.glob(f"{kind}-*"):  # of a build that was killed here, when other days were there
            before.unlink()
    account = _account(day, laid, broken, merged.seconds)
    joined = joining.join(Catalogue.read_if_there(root), offer.day, out, day.folder / _JUMPS)
    _see(root, day, parts, account, joined)
    return Finished(offer.day, account, broken)


def _gather(chunks: Sequence[Path], folder: Path) -> None:
    """Put the legs and jumps of chunks, which are in the order of their addresses, into one file each."""
    for name, schema, path in ((tasks.LEGS, LEGS, folder / OUT / joining.LEGS), (tasks.JUMPS, JUMPS, folder / _JUMPS)):
        with whole(path) as unfinished:
            layout.write_all((_read(chunk / name) for chunk in chunks), unfinished, schema)


def _read(path: Path) -> pa.Table:
    if not path.exists():  # of a build that an older version began
        return pq.read_table(path.with_suffix(".parquet"))
    return layout.read_between(path)


def _see(root: Path, day: Ordered, parts: tuple[Part, ...], account: Account, joined: Joined) -> None:
    out, days = day.folder / OUT, root / DAYS / day.offer.day.isoformat()
    settle(out)
    days.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(path.name) for path in days.iterdir() if path.name.isdigit()), default=0)
    area = {int(path.stem.removeprefix("area-")): path.name for path in sorted(out.glob("area-*.parquet"))}
    out.rename(days / str(number))
    settle(days)
    with changing(root) as held:
        held[day.offer.day] = Day(
            folder=f"{DAYS}/{day.offer.day}/{number}",
            aircraft=parts,
            area=area,
            legs=joining.LEGS,
            flights=joined.flights[day.offer.day],
            jumps=joined.jumps[day.offer.day],
            account=account.said(),
        )
        for beside, name in joined.flights.items():
            held[beside] = replace(held[beside], flights=name)
        for beside, name in joined.jumps.items():
            held[beside] = replace(held[beside], jumps=name)
    remove(day.folder.parent)


def _account(day: Ordered, laid: Sequence[Laid], broken: Sequence[Broken], merging_s: float) -> Account:
    """What became of every row of a day.

    Raises:
        ArchiveError: when its files do not hold as many rows as were written to them: the disk or this program is
            at fault.
    """
    out = day.folder / OUT
    rows = total(one.rows for one in laid)
    tables = {"aircraft": 0, "area": 0, "legs": 0, "jumps": 0}
    sizes = {"sources": sum(one.bytes for one in day.sources), **tables}
    for path in (*sorted(out.glob("*.parquet")), day.folder / _JUMPS):
        name = path.stem.partition("-")[0]
        if name in tables:
            tables[name] += pq.read_metadata(path).num_rows
            sizes[name] += path.stat().st_size
    if not rows.is_whole or rows.written != tables["aircraft"]:
        raise ArchiveError(
            f"{day.offer.day}: of {rows.read:,} rows read, {tables['aircraft']:,} are in its files and "
            f"{rows.written:,} should be; the day is left out, and its work is in {day.folder}"
        )
    return Account(
        identity=day.offer.identity,
        layout=planning.LAYOUT,
        rows=rows,
        tables=tables,
        bytes=sizes,
        sources=day.sources,
        mixed=day.mixed,
        files=sum(one.files for one in day.sources),
        broken=len(broken),
        named=tuple(broken[:NAMED]),
        seconds=round(sum(one.seconds for one in laid) + merging_s, 3),
        built=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _list(broken: Iterable[Broken], path: Path) -> None:
    with whole(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "reason"))
        writer.writerows((one.name, one.reason) for one in broken)
