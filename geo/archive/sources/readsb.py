"""Traces of readsb, many files at once: what a row means is said in ``geo.tracks.readsb_trace``.

Pieces of text of about ``_TOGETHER`` bytes are read as columns (``trace_text``). A piece in which anything is written
otherwise than readsb does is halved until the file at fault stands alone; that is read by the reader of tracks, row
by row, and a row that cannot be read costs no other.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import orjson

from geo.archive.block import Block
from geo.archive.sources.blocks import NO_NUMBER, addresses, block_of, left_out
from geo.archive.sources.content import ContentError, Contents, inflated
from geo.archive.sources.digits import OddError
from geo.archive.sources.found import NO_ADDRESS, OTHER_DAY, UNREADABLE, Broken, Taken, partly
from geo.archive.sources.trace_text import parsed
from geo.errors import TrackError
from geo.tracks import readsb_trace
from geo.tracks.objects.trace_rows import ALTITUDE, OFFSET, carried, quantities, repeated
from geo.tracks.times import LAST_S, LEAST_EPOCH_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.archive.sources.found import Loose, Trace

#: Bytes of text that are read together: enough that a call of NumPy costs little beside its work, and so few that all
#: of it stays in the cache of a core.
_TOGETHER: Final = 2_000_000
_DAY_MS: Final = 86_400_000
_ROWS: Final = b'"trace":['
_CLOSED: Final = b"}"


class File(NamedTuple):
    """A trace to be read: its name, the number of its address where its name says one, and its text."""

    name: str
    address: int | None
    text: bytes


class Body(NamedTuple):
    """What is in a trace that is written as usual: its address, the time from which its rows count, and their text."""

    address: int
    timestamp_s: float
    rows: bytes


@dataclass(slots=True)
class Account:
    """What was taken so far, of one day where there is one."""

    day: date | None
    blocks: list[Block] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    read: int = 0

    def add(self, block: Block) -> None:
        """These rows."""
        self.read += len(block)
        reasons = {NO_ADDRESS: block.address == NO_NUMBER}
        if self.day is not None:
            midnight = (self.day - date(1970, 1, 1)).days * _DAY_MS
            reasons[OTHER_DAY] = (block.time_ms < midnight) | (block.time_ms >= midnight + _DAY_MS)
        block, left = left_out(block, reasons)
        self.left.update(left)
        self.blocks.append(block)

    def fail(self, name: str, reason: str) -> None:
        """A file of which nothing can be read."""
        self.broken.append(Broken(name, reason))

    def add_unreadable(self, broken: Broken, count: int) -> None:
        """So many rows of a file that cannot be read."""
        self.broken.append(broken)
        self.read += count
        self.left[UNREADABLE] += count

    def taken(self) -> Taken:
        """All of it."""
        block = Block.joined(self.blocks) if self.blocks else Block.of(np.empty(0), np.empty(0))
        return Taken(block, self.read, tuple(self.broken), dict(self.left))


def traces(found: Sequence[Trace], day: date) -> Taken:
    """The rows of these traces that are of this day; what is wrong with a file costs no other."""
    account = Account(day)
    with Contents() as contents, _uncollected():
        files = ((one.name, one.address, one.path, one.offset, one.size) for one in found)
        take(_read(files, contents, account), account)
    return account.taken()


def loose(found: Loose) -> Taken:
    """The rows of a trace of which nobody says the day."""
    account = Account(None)
    with Contents() as contents, _uncollected():
        take(_read([(found.name, None, found.path, found.offset, found.size)], contents, account), account)
    return account.taken()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles of objects, of which there are none: that would take half the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _read(
    files: Iterable[tuple[str, int | None, str, int | None, int]], contents: Contents, account: Account
) -> Iterator[File]:
    for name, address, path, offset, size in files:
        try:
            text = inflated(contents.read(path, offset, size))
        except ContentError as wrong:
            account.fail(name, str(wrong))
        else:
            yield File(name, address, text)


def take(files: Iterable[File], account: Account) -> None:
    """The rows of these files, into the account."""
    together: list[File] = []
    size = 0
    for file in files:
        together.append(file)
        size += len(file.text)
        if size >= _TOGETHER:
            _piece(together, account)
            together, size = [], 0
    _piece(together, account)


def _piece(files: Sequence[File], account: Account) -> None:
    """The rows of these files: together where all are written as usual, else with care."""
    bodies: list[tuple[File, Body]] = []
    for file in files:
        try:
            bodies.append((file, body_of(file)))
        except OddError:
            _together(bodies, account)
            bodies = []
            carefully(file, account)
    _together(bodies, account)


def _together(bodies: Sequence[tuple[File, Body]], account: Account) -> None:
    if not bodies:
        return
    try:
        block = at_once([body for _, body in bodies])
    except OddError:
        if len(bodies) == 1:
            carefully(bodies[0][0], account)
            return
        half = len(bodies) // 2
        _together(bodies[:half], account)
        _together(bodies[half:], account)
    else:
        account.add(block)


def body_of(file: File) -> Body:
    """What is in a trace that is written as usual.

    Raises:
        OddError: when it is not, or its address is another than its name says.
    """
    text = file.text
    start = text.find(_ROWS) + len(_ROWS)
    close = text.rfind(b"]")
    end = text.rfind(b"]", start, close) + 1
    if (
        start < len(_ROWS)
        or end <= start
        or not text.isascii()
        or b"\\" in text
        or text[close + 1 :].strip() != _CLOSED
        or text[end:close].strip()
    ):
        raise OddError
    try:
        about: Any = orjson.loads(text[:start] + text[close:])
    except orjson.JSONDecodeError as wrong:
        raise OddError from wrong
    timestamp_s, icao = about.get("timestamp"), about.get("icao")
    if type(timestamp_s) not in (int, float) or type(icao) is not str:
        raise OddError
    address = _address(icao)
    if address == NO_NUMBER or file.address not in (None, address):
        raise OddError
    return Body(address, float(timestamp_s), text[start:end])


def _address(icao: str) -> int:
    return int(addresses([icao])[0])


def at_once(bodies: Sequence[Body]) -> Block:
    """The rows of these traces.

    Raises:
        OddError: when one of them is written otherwise than usual.
    """
    found = parsed([body.rows for body in bodies])
    counts = found.counts
    timestamp_s = np.array([body.timestamp_s for body in bodies])
    address = np.array([body.address for body in bodies], dtype=np.uint32)
    found.own[OFFSET] += np.repeat(timestamp_s, counts)
    columns = quantities(found.own, found.own[ALTITUDE], found.ground, found.details)
    time_s = columns["time_s"]
    if int(counts.min()) < 1 or not bool(((time_s >= LEAST_EPOCH_S) & (time_s <= LAST_S)).all()):
        raise OddError
    first = np.zeros(len(time_s), dtype=np.bool_)
    first[np.cumsum(counts)[:-1]] = first[0] = True
    begins, late = columns.pop("begins"), columns.pop("late")
    return block_of(
        np.repeat(address, counts),
        columns,
        carried(found.callsign, begins, time_s, first),
        found.callsigns,
        is_stale=repeated(columns, late, first),
        begins=begins,
    )


def carefully(file: File, account: Account) -> None:
    """The rows of one trace, as the reader of tracks has them."""
    if readsb_trace.sniff(file.text[: 1 << 16]) is None:
        account.fail(file.name, "it is no trace of readsb: it has no icao with a trace behind it")
        return
    try:
        rows = readsb_trace.read(file.text, file.name)
    except TrackError as wrong:
        account.fail(file.name, str(wrong).removeprefix(f"{file.name}: "))
        return
    labels = rows.part or rows.icao24
    address = file.address
    if labels.names:
        said = _address(labels.names[0])
        if file.address not in (None, said):
            account.fail(file.name, f"it says that it is of {labels.names[0]}, and its name that it is of another")
            return
        address = said
    if rows.unreadable:
        many = len(rows.unreadable)
        account.add_unreadable(partly(file.name, rows.unreadable, many + len(rows)), many)
    elif not len(rows):
        account.fail(file.name, "its trace is empty")
    stale = np.zeros(len(rows), dtype=np.bool_)
    stale[list(rows.given)] = True
    number = NO_NUMBER if address is None else address
    account.add(
        block_of(
            np.full(len(rows), number, dtype=np.uint32),
            rows.columns,
            rows.callsign.codes,
            rows.callsign.names,
            is_stale=stale,
            begins=rows.begins,
        )
    )
