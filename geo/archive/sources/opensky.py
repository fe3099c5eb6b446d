"""State vectors of the OpenSky Network as CSV, Parquet or Avro, of any length, some rows at a time.

What they mean is said in ``geo.tracks.tables.state_vectors``, and applied here by it: a position is as old as
``lastposupdate`` says, and one that is written again is stale. Beyond one file of one track there is this to an hour
of all aircraft: repetitions are known across the batches in which it is read; a fix stays in the day of its row, so
that an hour gives rows of its own day only; and a row of an aircraft of which nothing was heard for ``HELD_S`` is left
out, for nothing in it was received.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.archive.sources import avro, own
from geo.archive.sources.blocks import NO_NUMBER, addresses, block_of, left_out
from geo.archive.sources.content import MOST_STATES, ContentError, Contents, Stream
from geo.archive.sources.found import NO_ADDRESS, NOTHING_HEARD, UNREADABLE, Broken, Loose, Taken
from geo.errors import TrackError
from geo.tracks import opensky_states, parquet
from geo.tracks.stale import AGE_S
from geo.tracks.tables.state_vectors import HELD_S, rows_of
from geo.tracks.tables.table_parts import gathered
from geo.tracks.wrapping import head_of, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.tracks.tables.table_parts import Columns, Part, Whole

#: Bytes of text that are read together.
PIECE: Final = 1 << 23
_DAY_S: Final = 86_400
#: Rows of one second stand in one place of a file that is in order of time; so much later, in seconds, none of an
#: earlier second follows.
_SLACK_S: Final = 10.0
#: Bits of a time in milliseconds, within eight years; an address stands before them.
_BITS: Final = 38
_MILLISECONDS: Final = (1 << _BITS) - 1
#: So many positions are kept in any case; by then it is known in what order a file is.
_FREE: Final = 1 << 17


def states(found: Loose) -> Iterator[Taken]:
    """The rows of a CSV file."""
    yield from _told(found, _csv(found))


def avro_states(found: Loose) -> Iterator[Taken]:
    """The rows of an Avro file."""
    yield from _told(found, _avro(found))


def parquet_states(found: Loose) -> Iterator[Taken]:
    """The rows of a Parquet file; one that holds no state vectors is read as a track."""
    yield from _told(found, _parquet(found))


def _told(found: Loose, taken: Iterator[Taken]) -> Iterator[Taken]:
    """The same; where reading ends with an error, what came before stands, and the error is told."""
    try:
        yield from taken
    except TrackError as wrong:
        yield own.nothing(Broken(found.name, str(wrong).removeprefix(f"{found.name}: ")))
    except ContentError as wrong:
        yield own.nothing(Broken(found.name, str(wrong)))


def _csv(found: Loose) -> Iterator[Taken]:
    with Contents() as contents:
        stream: Any = _unwrapped(contents, found)
        piece, rest = _lines(stream, b"")
        top, table = opensky_states.begun(piece, found.name)
        batches = _Batches(found.name, table.columns)
        start, line = top.end, top.number + 1
        while piece:
            for part in table.parts(piece, start, line):
                yield from batches.taken(part)
            line += piece.count(b"\n", start)
            start = 0
            piece, rest = _lines(stream, rest)


def _unwrapped(contents: Contents, found: Loose) -> Any:  # noqa: ANN401  a stream
    stream = Stream(contents, found.path, found.offset, found.size)
    inner = unwrapped(stream, head_of(stream), found.name, MOST_STATES)
    if inner is not None:
        return inner
    stream.rewind()
    return stream


def _lines(stream: Any, rest: bytes) -> tuple[bytes, bytes]:  # noqa: ANN401  a stream
    """The next whole lines, and what of another was read behind them."""
    pieces = [rest]
    size = len(rest)
    while piece := stream.read(min(PIECE, 1 << 20)):
        pieces.append(piece)
        size += len(piece)
        if size >= PIECE:
            break
    text = b"".join(pieces)
    if not piece:
        return text, b""
    end = text.rfind(b"\n") + 1
    if end == 0:
        raise ContentError(f"it has a line of more than {PIECE:,} bytes, as no table of state vectors does")
    return text[:end], text[end:]


class _Mapped(mmap.mmap):
    """A file in memory as far as it is looked at, with what the reader of Parquet asks of bytes."""

    def endswith(self, ending: bytes) -> bool:
        """Whether it ends so."""
        return self[-len(ending) :] == ending


def _parquet(found: Loose) -> Iterator[Taken]:
    with Contents() as contents:
        if found.offset is None:
            with Path(found.path).open("rb") as file:
                data: Any = _Mapped(file.fileno(), 0, access=mmap.ACCESS_READ)
        else:
            data = contents.read(found.path, found.offset, found.size)
    with parquet.damage_told(found.name):
        made = parquet.state_parts(data, found.name)
        if made is None:
            yield own.taken(found)
            return
        columns, parts = made
        batches = _Batches(found.name, columns)
        for part in parts:
            yield from batches.taken(part)


def _avro(found: Loose) -> Iterator[Taken]:
    with Contents() as contents:
        columns, parts = avro.state_parts(_unwrapped(contents, found), found.name)
        batches = _Batches(found.name, columns)
        for part in parts:
            yield from batches.taken(part)


class _Batches:
    """The rows of one file, as they come."""

    def __init__(self, name: str, columns: Columns) -> None:
        self._name = name
        self._columns = columns
        self._heard = _Heard()
        self._told = False

    def taken(self, part: Part) -> Iterator[Taken]:
        """What is in some rows, if there are any."""
        if len(part.row) + len(part.unreadable) == 0:
            return
        whole = gathered([part], self._columns, len(part.row), self._name)
        broken: tuple[Broken, ...] = ()
        if whole.unreadable and not self._told:
            self._told = True
            first = whole.unreadable[0]
            broken = (Broken(self._name, f"rows of it cannot be read, the first is row {first.row}: {first.detail}"),)
        block, left = left_out(*self._block(whole))
        if whole.unreadable:
            left[UNREADABLE] = len(whole.unreadable)
        yield Taken(block, len(whole.row) + len(whole.unreadable), broken, left)

    def _block(self, whole: Whole) -> Any:  # noqa: ANN401  what ``left_out`` takes
        time_s = whole.numbers["time"]
        contact_s = whole.numbers.get("contact", time_s)
        heard_s = whole.numbers.get("heard", np.full(len(time_s), np.nan))
        numbers = {**whole.numbers, "heard": heard_s}
        rows = rows_of(whole._replace(numbers=numbers), self._columns)
        address = addresses(rows.icao24.names)[rows.icao24.codes]
        stale = np.zeros(len(rows), dtype=np.bool_)
        stale[list(rows.given)] = True
        again = self._heard.again(address, time_s, heard_s, ~stale)
        before = np.floor(rows.columns["time_s"] / _DAY_S) != np.floor(time_s / _DAY_S)
        rows.columns["time_s"] = np.where(again | before, time_s, rows.columns["time_s"])
        block = block_of(address, rows.columns, rows.callsign.codes, rows.callsign.names, is_stale=stale | again)
        return block, {NO_ADDRESS: address == NO_NUMBER, NOTHING_HEARD: time_s - contact_s > HELD_S}


class _Heard:
    """Which positions of earlier batches, known by aircraft and time of hearing, can be written again in later ones.

    In a file in order of time that is those of the last seconds, in one in order of address those of the last
    aircraft; in any other it is all of them, of eight bytes each.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, dtype=np.int64)
        self._last_s = -np.inf
        self._last: np.uint32 | None = None
        self._timely = self._by_aircraft = True

    def again(
        self,
        address: NDArray[np.uint32],
        time_s: NDArray[np.float64],
        heard_s: NDArray[np.float64],
        fresh: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        """Which of the positions that are ``fresh`` within this batch stood in an earlier one."""
        known = np.flatnonzero(fresh & ~np.isnan(heard_s))
        heard_ms = np.rint(heard_s[known] * 1000).astype(np.int64)
        keys = (address[known].astype(np.int64) << _BITS) | (heard_ms & _MILLISECONDS)
        found = np.zeros(len(address), dtype=np.bool_)
        found[known] = np.isin(keys, self._keys)
        self._keep(np.union1d(self._keys, keys), address, time_s)
        return found

    def _keep(self, keys: NDArray[np.int64], address: NDArray[np.uint32], time_s: NDArray[np.float64]) -> None:
        self._keys = keys
        if not len(address):
            return
        self._timely &= bool(time_s.min() >= self._last_s - _SLACK_S)
        self._by_aircraft &= bool(self._last is None or address.min() >= self._last)
        self._last_s = max(self._last_s, float(time_s.max()))
        self._last = address.max()
        if len(keys) <= _FREE:
            return
        if self._timely:
            late = round((self._last_s - _SLACK_S - AGE_S) * 1000) & _MILLISECONDS
            self._keys = keys[(keys & _MILLISECONDS) >= late]
        elif self._by_aircraft:
            self._keys = keys[keys >> _BITS == int(self._last)]
