"""Build an archive: every day of the sources is laid down by itself, and is there when it is whole.

What a build needs on the way lies in ``ROOT/.building``. A build that was killed, at whatever moment, goes on where it
was when the same sources are given again; finished chunks are kept as long as no file of the day has changed.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.archive import clearing, laying, planning, running, shuffling, sources
from geo.archive.account import Built, total
from geo.archive.catalogue import NAME, Catalogue
from geo.archive.clearing import BUILDING, DAYS
from geo.archive.pace import Pace
from geo.archive.shuffling import Shuffle
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from geo.archive.laying import Finished, Ordered
    from geo.archive.pace import Told
    from geo.archive.planning import Offer
    from geo.archive.running import Mapping
    from geo.archive.shuffling import Shuffled
    from geo.archive.sources import Broken, Loose

#: Days are built so many together that there are as many chunks to do at once; a day of the world has more by itself.
_AT_ONCE: Final = 32
_MIXED: Final = "mixed"
#: What processes load before there is anything to do.
_WORK: Final = "geo.archive.tasks"


@dataclass(frozen=True, slots=True)
class _Site:
    """Where it is built, from what, by whom."""

    root: Path
    given: tuple[str, ...]
    replace: bool
    chunk_rows: int
    mapped: Mapping
    pace: Pace


def build(
    paths: Sequence[str | os.PathLike[str]],
    root: str | os.PathLike[str],
    *,
    workers: int | None = None,
    replace: bool = False,
    progress: Told | None = None,
    mapping: Mapping | None = None,
    chunk_rows: int = planning.ROWS,
) -> Built:
    """Build the days of these sources into an archive, or go on with them.

    A day that is there from the same files stays as it is. One that is there from others is refused, while the other
    days are built, unless it is to be replaced.

    Args:
        paths: files and folders of ``sources``.
        root: the folder of the archive; made when it is not there.
        workers: processes, as many as this machine has cores when not given. They are spawned: a program that builds
            with more than one needs ``if __name__ == "__main__":``.
        replace: build anew what is there from other files, from these alone.
        progress: called with what is done, the whole, and words for a person.
        mapping: who works the tasks off, instead of processes of this machine.
        chunk_rows: about so many rows a process holds in memory; of a million it takes 300 MB.

    Returns:
        What became of each day, each row, and each file that could not be read.

    Raises:
        ArchiveError: when it cannot be built there, another build is at it, or a process was ended from outside.
    """
    begun = time.perf_counter()
    if workers is not None and workers < 1:
        raise ArchiveError(f"{workers} workers cannot build; one or more can")
    place = Path(os.path.abspath(root))  # noqa: PTH100  links stay as they are named
    given = tuple(dict.fromkeys(os.path.abspath(path) for path in paths))  # noqa: PTH100  the same
    with _telling(place):
        _ready(place, given)
        with running.alone(place):
            clearing.clear(place)
            at_work = nullcontext(mapping) if mapping else running.processes(workers or running.cores())
            with at_work as mapped:
                if isinstance(mapped, running.Processes):
                    mapped.begin(_in_archives(given) // (chunk_rows * planning.ROW_BYTES), _WORK)
                return _build(_Site(place, given, replace, chunk_rows, mapped, Pace(progress)), begun)


@contextmanager
def _telling(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        told = running.explained(root, wrong)
        if told is None:
            raise
        raise told from wrong
    except MemoryError as wrong:
        raise ArchiveError(
            f"{root}: the memory of this machine is used up; what is finished is kept: run the same command again with "
            "fewer --workers"
        ) from wrong


def _ready(root: Path, given: Sequence[str]) -> None:
    """Make the folder of an archive, or see that it is one.

    Raises:
        ArchiveError: when it is not, and would not be.
    """
    for path in given:
        held = Path(path).resolve()
        if held == root.resolve() or root.resolve() in held.parents:
            raise ArchiveError(f"{path}: it lies in the archive itself; name files of receivers")
        if held in root.resolve().parents:
            raise ArchiveError(f"{root}: it lies in its own source {path}; choose another folder with -o")
    if root.exists() and not root.is_dir():
        raise ArchiveError(f"{root}: it is a file; name a folder with -o")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise ArchiveError(f"{root}: no folder can be made there: {wrong.strerror}") from wrong
    names = {path.name for path in root.iterdir()}
    ours = {NAME, f".{NAME}.part", ".lock", running.LOCK, BUILDING, DAYS}
    if NAME not in names and (names - ours or (DAYS in names and running.LOCK not in names)):
        raise ArchiveError(f"{root}: it holds other files and no archive; name an empty or a new folder with -o")


def _in_archives(given: Sequence[str]) -> int:
    """The bytes of those of the sources that are archives: how much there is to do, where that is told at once."""
    return sum(path.stat().st_size for path in map(Path, given) if ".tar" in path.name and path.is_file())


def _build(site: _Site, begun: float) -> Built:
    found = sources.find(site.given)
    catalogue = Catalogue.read_if_there(site.root)
    loose = {planning.identity_of(one): one for one in sorted(found.loose, key=lambda one: (one.path, one.member))}
    known = planning.known(day.account for day in catalogue.days.values())
    shuffled = _shuffled(site, {name: one for name, one in loose.items() if name not in known})
    dates = {name: known[name] if name in known else shuffled[name].days for name in loose}
    offers = planning.offers(found.days, dates, planning.changes(found.days), site.chunk_rows)
    there, refused = _held(catalogue, offers)
    if site.replace:
        refused = {}
    wanted = [offer for offer in offers if offer.day not in {*there, *refused}]
    needed = {name for offer in wanted for name in offer.mixed} - shuffled.keys()
    shuffled |= _shuffled(site, {name: one for name, one in loose.items() if name in needed})
    finished = list(_laid(site, wanted, shuffled, planning.placed(found.broken, wanted)))
    site.pace.ended()
    if (site.root / BUILDING / _MIXED).exists():
        clearing.remove(site.root / BUILDING / _MIXED)
    broken = [*found.broken, *(wrong for one in shuffled.values() for wrong in one.broken)]
    broken += [wrong for one in finished for wrong in one.broken]
    built = {one.day: one.account for one in finished if one.account is not None}
    return Built(
        root=site.root,
        built=built,
        there=there,
        refused=refused,
        empty=tuple(one.day for one in finished if one.account is None),
        broken=tuple(dict.fromkeys(broken)),
        mixed=tuple(one.said for one in shuffled.values()),
        rows=total(one.rows for one in built.values()),
        seconds=round(time.perf_counter() - begun, 3),
    )


def _held(catalogue: Catalogue, offers: Sequence[Offer]) -> tuple[tuple[date, ...], dict[date, str]]:
    """The days that are there from the same sources, and those that are there from others, with what to say."""
    there, refused = [], {}
    for offer in offers:
        day = catalogue.days.get(offer.day)
        if day is None:
            continue
        reason = planning.refusal(day, offer)
        if reason is None:
            there.append(offer.day)
        else:
            refused[offer.day] = reason
    return tuple(there), refused


def _shuffled(site: _Site, loose: dict[str, Loose]) -> dict[str, Shuffled]:
    """The rows of these sources by day, read unless that was done before."""
    todo = [
        Shuffle(one, identity, planning.size_of(one), str(site.root / BUILDING / _MIXED / identity))
        for identity, one in loose.items()
    ]
    done = {task.identity: before for task in todo if (before := shuffling.shuffled(task)) is not None}
    # Once read they are laid down like the others, which is about as much again.
    site.pace.more(2 * sum(task.size for task in todo))
    site.pace.found(sum(task.size for task in todo if task.identity in done))
    for one in site.mapped(shuffling.shuffle, [task for task in todo if task.identity not in done]):
        done[one.said.identity] = one
        site.pace.did(one.said.bytes, one.said.path)
    return {identity: done[identity] for identity in loose}


def _laid(
    site: _Site, offers: Sequence[Offer], shuffled: dict[str, Shuffled], placed: dict[date, tuple[Broken, ...]]
) -> Iterator[Finished]:
    ordered = []
    for offer in offers:
        runs = [shuffled[name] for name in offer.mixed]
        ordered.append(laying.order(site.root, offer, runs, site.given, placed.get(offer.day, ())))
    site.pace.more(sum(day.whole_weight for day in ordered) - sum(one.said.bytes for one in shuffled.values()))
    groups = _together(ordered)
    for number, group in enumerate(groups, 1):
        merged = laying.lay(group, site.mapped, site.pace)
        # What comes now is for one process, which may need as much memory as the others hold.
        if isinstance(site.mapped, running.Processes) and (number == len(groups) or _chunks(group) > _AT_ONCE):
            site.mapped.rest()
            site.mapped.begin(sum(map(_chunks, groups[number : number + 1])), _WORK)
        for one in merged:
            yield laying.finish(site.root, one)


def _together(days: Sequence[Ordered]) -> list[list[Ordered]]:
    """The days that are built together."""
    groups: list[list[Ordered]] = []
    for day in days:
        if groups and _chunks([*groups[-1], day]) <= _AT_ONCE:
            groups[-1].append(day)
        else:
            groups.append([day])
    return groups


def _chunks(days: Sequence[Ordered]) -> int:
    return sum(len(day.chunks) for day in days)
