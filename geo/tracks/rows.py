"""What a reader of one format hands to the rest: columns, row numbers, labels, and the rows it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from geo.errors import TrackUnreadable
from geo.model import REASONS, Track

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn, IntColumn

#: The columns a reader may fill, by the names of ``Track``.
QUANTITIES: Final = tuple(name for name in Track.column_names() if name not in ("row", "reason", "altitude_reason"))
#: The least a readable row has; a row without a position has NaN there.
NEEDED: Final = ("time_s", "lat_deg", "lon_deg")

#: Unreadable rows that are told one by one; each takes some 200 bytes.
MOST_UNREADABLE: Final = 1_000_000
#: Codes of the reasons by their words.
CODE: Final = {word: code for code, word in enumerate(REASONS)}


class Rejection(NamedTuple):
    """A row whose position or value is not believed: its number, a word of ``REASONS``, a sentence with the values."""

    row: int
    reason: str
    detail: str


class Withheld(NamedTuple):
    """A value not believed in a row that may stand otherwise: its column, a word of ``REASONS``, a sentence."""

    row: int
    quantity: str
    reason: str
    detail: str


class Unreadable(NamedTuple):
    """A row that could not be read at all: its number, and what stands in it."""

    row: int
    detail: str


def bounded(unreadable: Sequence[Unreadable], source: str) -> None:
    """Nothing, if so many unreadable rows can be told one by one.

    Raises:
        TrackUnreadable: when they are more than ``MOST_UNREADABLE``: the file is another, or damaged throughout.
    """
    if len(unreadable) > MOST_UNREADABLE:
        raise too_many(source, *unreadable[0])


def too_many(source: str, row: int, why: str) -> TrackUnreadable:
    """The error on a file with more unreadable rows than ``MOST_UNREADABLE``, of which this is one."""
    return TrackUnreadable(source, f"more than {MOST_UNREADABLE:,} of its rows cannot be read; row {row}: {why}")


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of text: a code for each row, -1 where it has none, and the text of each code."""

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Labels:
        """Labels of these texts; ``None`` and blank are none."""
        known: dict[str, int] = {}
        codes = [known.setdefault(text, len(known)) if text else -1 for text in texts]
        return cls(np.array(codes, dtype=np.int32), tuple(known))

    @classmethod
    def none(cls, count: int) -> Labels:
        """No label on any of ``count`` rows."""
        return cls(np.full(count, -1, dtype=np.int32), ())

    @classmethod
    def joined(cls, parts: Sequence[Labels]) -> Labels:
        """These one after the other."""
        known: dict[str, int] = {}
        recoded = []
        for part in parts:
            table = np.array([known.setdefault(name, len(known)) for name in part.names] + [-1], dtype=np.int32)
            recoded.append(table[part.codes])
        return cls(np.concatenate(recoded), tuple(known))

    def renamed(self, rename: Callable[[str], str]) -> Labels:
        """The same under other names; names that become equal become one, an empty one none."""
        known: dict[str, int] = {}
        new = [rename(name) for name in self.names]
        table = np.array([known.setdefault(name, len(known)) if name else -1 for name in new] + [-1], dtype=np.int32)
        return Labels(table[self.codes], tuple(known))

    def carried(self, within: NDArray[np.int32] | None = None) -> Labels:
        """The same with every gap filled from the row before, and a gap at the start from the first that is known.

        ``within`` gives a code for each row; nothing is carried from rows of one code to those of another.
        """
        known = self.codes >= 0
        if known.all() or not known.any():
            return self
        count = len(self.codes)
        order = np.arange(count) if within is None else np.argsort(within, kind="stable")
        known = known[order]
        begins = np.zeros(count, dtype=np.bool_)
        begins[0] = True
        if within is not None:
            begins[1:] = np.diff(within[order]) != 0
        first = np.maximum.accumulate(np.where(begins, np.arange(count), 0))
        last = np.r_[np.flatnonzero(begins)[1:], count][np.cumsum(begins) - 1] - 1
        before = np.maximum.accumulate(np.where(known, np.arange(count), -1))
        after = np.minimum.accumulate(np.where(known, np.arange(count), count)[::-1])[::-1]
        source = np.where(before >= first, before, after)
        held = source <= last
        codes = np.full(count, -1, dtype=np.int32)
        codes[order[held]] = self.codes[order[source[held]]]
        return Labels(codes, self.names)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The readable rows of a file in the order of the file, not judged.

    ``columns`` has ``time_s``, ``lat_deg``, ``lon_deg`` and any of ``QUANTITIES`` in the units of ``Track``; NaN
    where the row has none. ``row`` counts as an editor counts lines (a table) or entries from 1 (JSON). ``given``
    holds by index what the file itself says against a position, ``given_altitude`` against an altitude: a reason and
    a sentence. ``part`` names the part of the file (placemark, segment, aircraft without address) that a row stands
    in, where the file keeps flights apart so; ``begins`` is true on a row with which, so says the file, another
    flight of its aircraft begins. ``ordered`` is false for a format whose rows arrive out of order by design.
    ``ignored`` names the columns that were not used, ``notes`` says what was taken for granted.
    """

    columns: dict[str, FloatColumn]
    row: IntColumn
    icao24: Labels
    callsign: Labels
    unreadable: tuple[Unreadable, ...] = ()
    given: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    given_altitude: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    part: Labels | None = None
    begins: NDArray[np.bool_] | None = None
    ordered: bool = True
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.row)

    def column(self, name: str) -> FloatColumn:
        """The column, or NaN throughout."""
        found = self.columns.get(name)
        return np.full(len(self), np.nan) if found is None else found

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """These one after the other, as the blocks of one file; of no block, no row."""
        if not parts:
            nothing = {name: np.empty(0) for name in NEEDED}
            return cls(nothing, np.empty(0, dtype=np.int64), Labels.none(0), Labels.none(0))
        if len(parts) == 1:
            return parts[0]
        names = dict.fromkeys(name for part in parts for name in part.columns)
        starts = np.cumsum([0, *(len(part) for part in parts)]).tolist()
        pairs = list(zip(starts, parts, strict=False))
        return cls(
            columns={name: np.concatenate([part.column(name) for part in parts]) for name in names},
            row=np.concatenate([part.row for part in parts]),
            icao24=Labels.joined([part.icao24 for part in parts]),
            callsign=Labels.joined([part.callsign for part in parts]),
            unreadable=tuple(one for part in parts for one in part.unreadable),
            given={start + index: said for start, part in pairs for index, said in part.given.items()},
            given_altitude={
                start + index: said for start, part in pairs for index, said in part.given_altitude.items()
            },
            part=None
            if all(part.part is None for part in parts)
            else Labels.joined([part.part or Labels.none(len(part)) for part in parts]),
            begins=None
            if all(part.begins is None for part in parts)
            else np.concatenate(
                [np.zeros(len(part), dtype=np.bool_) if part.begins is None else part.begins for part in parts]
            ),
            ordered=parts[0].ordered,
            ignored=parts[0].ignored,
            notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        )


class Format(Protocol):
    """What every module of a format has."""

    NAME: str
    TITLE: str

    def sniff(self, head: bytes) -> str | None:
        """The name of the format if the file begins like it."""

    def read(self, data: bytes, source: str) -> Rows:
        """The rows of the file.

        Raises:
            TrackUnreadable: when no row can be read.
        """


def address(text: str) -> str:
    """An ICAO 24-bit address as we write it: lower case, without ``0x``."""
    return text.strip().lower().removeprefix("0x")
