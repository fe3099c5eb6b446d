"""Which files there are to be read, and of which day and aircraft: told by names, and by the beginnings of files.

Nothing else is read. A day is told by the path (``2024/12/25``, ``2024-12-25``, ``20241225``, ``v2024.12.25-…``), the
last one in it, unless the first trace there counts its rows from another day. Without a day in the path it is that
from whose midnight all traces of the source count, as those of readsb's history do; else they are loose.
"""

from __future__ import annotations

import os
import re
from array import array
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.archive.block import OTHER
from geo.archive.sources import sniffing
from geo.archive.sources.content import ContentError, Contents
from geo.archive.sources.found import Broken, Found, Loose, Trace, Traces
from geo.archive.sources.parts import following, is_first, whole_of
from geo.archive.sources.tarred import members
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_TRACE: Final = re.compile(r"trace_(full|recent)_(~?)([0-9a-fA-F]{6})\.json(?:\.gz)?")
_DATE: Final = re.compile(r"(?<!\d)(\d{4})(?:([-._/])(\d\d)\2(\d\d)|(\d\d)(\d\d))(?!\d)")
_YEARS: Final = range(1990, 2100)
#: Folders of readsb's history that hold other things than traces.
_BESIDE: Final = frozenset({"heatmap", "acas", "__MACOSX"})
#: Files that accompany data and hold none.
_PAPERS: Final = re.compile(r"(?i)(readme|licen[cs]e|copying|sources|checksums|(sha|md5)\w*)(\.(txt|md|rst))?|.*\.md")
_RECENT: Final = "recent"


class _Candidates:
    """Traces by their names; in ``folder`` the number of the path, among ``folders``, in which a day is looked for."""

    def __init__(self) -> None:
        self._address, self._path, self._folder = array("I"), array("I"), array("I")
        self._offset, self._size = array("q"), array("q")
        self._paths: dict[str, int] = {}
        self._folders: dict[str, int] = {}

    def add(self, address: int, path: str, offset: int | None, size: int, folder: str) -> None:
        """A trace of this address."""
        self._address.append(address)
        self._path.append(self._paths.setdefault(path, len(self._paths)))
        self._offset.append(-1 if offset is None else offset)
        self._size.append(size)
        self._folder.append(self._folders.setdefault(folder, len(self._folders)))

    def traces(self) -> Traces:
        """All of them, in their order."""
        return Traces(
            np.array(self._address, np.uint32),
            np.array(self._path, np.int32),
            np.array(self._offset, np.int64),
            np.array(self._size, np.int64),
            tuple(self._paths),
        )

    def by_day(self) -> dict[date | None, NDArray[np.int64]]:
        """The places of those of each day, in the order of the first of each; of no day ``None``."""
        days = [_day_in(folder) for folder in self._folders]
        number = {day: index for index, day in enumerate(dict.fromkeys(days))}
        of = np.array([number[day] for day in days], np.int64)[np.array(self._folder, np.int64)]
        ends = np.cumsum(np.bincount(of, minlength=len(number)))
        return dict(zip(number, np.split(np.argsort(of, kind="stable"), ends[:-1]), strict=True)) if number else {}


def find(paths: Sequence[str | os.PathLike[str]]) -> Found:
    """What there is to be read in these files and folders, each once, in an order that depends on names alone.

    Raises:
        ArchiveError: when there is no such file or folder.
    """
    search = _Search()
    for path in paths:
        search.source(Path(path).absolute())
    return search.found()


class _Search:
    """What was found so far."""

    def __init__(self) -> None:
        self._days: dict[date, list[Traces]] = defaultdict(list)
        self._loose: dict[Loose, None] = {}
        self._broken: dict[Broken, None] = {}
        self._parts: dict[str, set[str]] = defaultdict(set)
        self._candidates = _Candidates()
        self._seen: set[str] = set()

    def source(self, path: Path) -> None:
        """A file or folder that was named; where it is a link, what it leads to."""
        if path.is_dir():
            self._folder(str(path))
        elif path.is_file():
            self._file(path.name, str(path), path.stat().st_size)
        elif path.exists():
            self._fail(str(path), "it is neither a file nor a folder")
        else:
            raise ArchiveError(f"{path}: there is no such file or folder")
        self._sort()

    def found(self) -> Found:
        """All of it."""
        for whole, parts in sorted(self._parts.items()):
            self._cut(whole, sorted(parts))
        self._sort()
        return Found(
            {day: Traces.ordered(self._days[day]) for day in sorted(self._days)},
            tuple(sorted(self._loose, key=lambda one: (one.path, one.offset or 0))),
            tuple(sorted(self._broken, key=lambda one: (one.name, one.reason))),
        )

    def _fail(self, name: str, reason: str) -> None:
        self._broken[Broken(name, reason)] = None

    def _folder(self, folder: str) -> None:
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as wrong:
            self._fail(folder, f"it cannot be opened: {wrong.strerror or wrong}")
            return
        names = {entry.name for entry in entries}
        for entry in entries:
            if entry.is_symlink():
                self._fail(entry.path, "it is a link, which is not followed; name what it leads to")
            elif entry.is_dir():
                if entry.name not in _BESIDE and not entry.name.startswith("."):
                    self._folder(entry.path)
            elif entry.is_file():
                self._file(entry.name, entry.path, entry.stat().st_size, names)
            else:
                self._fail(entry.path, "it is neither a file nor a folder")

    def _file(self, name: str, path: str, size: int, beside: Iterable[str] = ()) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        if self._named(name, path, None, size, os.path.dirname(path), beside):  # noqa: PTH120  60,000 of them
            return
        if whole_of(path) is not None:
            self._parts[str(whole_of(path))].add(path)
        elif not _is_paper(name):
            kind = sniffing.kind_of_file(path)
            if kind == sniffing.TAR:
                self._tar([path], path)
            else:
                self._sniffed(kind, Loose(path, kind.word, None, size))

    def _named(
        self, name: str, path: str, offset: int | None, size: int, folder: str, beside: Iterable[str] = ()
    ) -> bool:
        """Whether it is a trace by its name, and then taken as one."""
        found = _TRACE.fullmatch(name)
        if found is None:
            return False
        if found[1] == _RECENT and name.replace(_RECENT, "full", 1) in beside:
            self._fail(path, "its rows stand in the full trace beside it, too; to have the last of them, give it alone")
            return True
        address = int(found[3], 16)
        self._candidates.add(address | OTHER if found[2] else address, path, offset, size, folder)
        return True

    def _sniffed(self, kind: sniffing.Kind, loose: Loose) -> None:
        if kind.refusal:
            self._fail(loose.name, kind.refusal)
        else:
            self._loose[loose] = None

    def _cut(self, whole: str, parts: list[str]) -> None:
        """An archive of which these parts were found."""
        if not is_first(parts[0]):
            self._fail(whole, f"its first part is missing; there is {Path(parts[0]).name}")
            return
        gap = next((at for at in range(1, len(parts)) if parts[at] != following(parts[at - 1])), len(parts))
        if gap < len(parts):
            self._fail(whole, f"its part {Path(str(following(parts[gap - 1]))).name} is missing, and what is behind it")
        self._tar(parts[:gap], whole)

    def _tar(self, parts: list[str], name: str) -> None:
        broken: list[Broken] = []
        folders: dict[str, str | None] = {}
        with Contents() as contents:
            for member in members(parts, name, broken):
                within, _, last = member.name.rpartition("/")
                if within not in folders:
                    folders[within] = f"{name}/{within}" if _BESIDE.isdisjoint(within.split("/")) else None
                folder = folders[within]
                if folder is None or self._named(last, member.path, member.offset, member.size, folder):
                    continue
                if not _is_paper(last):
                    kind = sniffing.kind_of_member(contents, member)
                    self._sniffed(kind, Loose(member.path, kind.word, member.offset, member.size, member.name))
        self._broken |= dict.fromkeys(broken)

    def _sort(self) -> None:
        """Tell the days of the traces found since."""
        traces, days = self._candidates.traces(), self._candidates.by_day()
        self._candidates = _Candidates()
        undated = [days.pop(None, np.empty(0, np.int64))]
        with Contents() as contents:
            for day, some in days.items():
                said = _counted_from(traces[some[0]], contents)
                if day is None or (said is not None and abs(said.date() - day) > timedelta(days=1)):
                    undated.append(some)
                else:
                    self._days[day].append(traces.take(some))
            rest = traces.take(np.concatenate(undated))
            if not rest:
                return
            midnight = _counted_from(rest[0], contents)
            one_day = midnight is not None and midnight.timestamp() % 86_400 == 0
            if one_day and midnight and all(_counted_from(one, contents) == midnight for one in rest):
                self._days[midnight.date()].append(rest)
            else:
                self._loose |= dict.fromkeys(
                    Loose(one.path, sniffing.TRACE.word, one.offset, one.size, _member(one)) for one in rest
                )


def _member(one: Trace) -> str:
    return "" if one.offset is None else one.member


def _is_paper(name: str) -> bool:
    return name.startswith(".") or _PAPERS.fullmatch(name) is not None


@cache
def _day_in(path: str) -> date | None:
    """The last day that a path names."""
    for found in reversed(list(_DATE.finditer(path.replace(os.sep, "/")))):
        year, _, month, day, month_, day_ = found.groups()
        try:
            named = date(int(year), int(month or month_), int(day or day_))
        except ValueError:
            continue
        if named.year in _YEARS:
            return named
    return None


def _counted_from(one: Trace, contents: Contents) -> datetime | None:
    """The time from which the rows of a trace count, where its beginning says so."""
    try:
        seconds = sniffing.timestamp_s(contents.beginning(one.path, one.offset, min(one.size, sniffing.BEGINNING)))
    except ContentError:
        return None
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
