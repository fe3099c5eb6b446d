"""Rows of an XML file as a walk finds them: numbers side by side without an object for any, and the unreadable ones."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.objects import parsed
from geo.tracks.rows import MOST_UNREADABLE, NEEDED, Labels, Rows, Unreadable, too_many
from geo.tracks.times import FIRST_S, LAST_S, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn, IntColumn
    from geo.tracks.markup.walk import Break

#: The column of altitudes of GPX and KML.
GEOMETRIC: Final = "geometric_altitude_ft"
#: The sentence on a row without time.
NO_TIME: Final = "it has no time; write 2024-12-25T05:13:31Z"
#: What is noted where altitudes are taken for what they nearly are.
ABOVE_GEOID: Final = (
    "altitudes are given from sea level (the geoid) and taken as if from the ellipsoid: up to some 100 m apart"
)
#: What ``times`` advises for tables, which an XML file has no use for.
_FOR_TABLES: Final = ", or call the column time_utc if it is in UTC"
#: No name of a part of a track is as long; the beginning stands for it.
_LONGEST_NAME: Final = 80


def number(text: str, what: str) -> float:
    """The number in a text, NaN if it is blank.

    Raises:
        ValueError: a sentence that says what it is instead.
    """
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return parsed.number(text, what)
    return parsed.number(text, what) if "_" in text else value


def moment_s(text: str, *, utc: bool = False) -> float:
    """POSIX seconds of an XML time; ``utc``: also of one without zone.

    Raises:
        ValueError: a sentence that says what is wrong and what to write.
    """
    try:  # nearly every one, in a third of the time
        seconds = datetime.fromisoformat(text).timestamp() if text.endswith("Z") else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    if FIRST_S <= seconds <= LAST_S:
        return seconds
    text = text.strip()
    if not text:
        raise ValueError(NO_TIME)
    try:
        return seconds_of(text, utc=utc)
    except ValueError as wrong:
        raise ValueError(str(wrong).removesuffix(_FOR_TABLES)) from wrong


def name_of(text: str) -> str:
    """A text as the name of a part: one line, without control characters, cut where no name is as long."""
    clean = " ".join(text.split())
    clean = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in clean)
    return clean if len(clean) <= _LONGEST_NAME else clean[: _LONGEST_NAME - 1] + "…"


def distinct(names: Sequence[str], word: str) -> tuple[str, ...]:
    """These names; for a blank one ``word`` and its number from 1, which stands behind a repeated one too."""
    taken: set[str] = set()
    found = []
    for place, given in enumerate(names, start=1):
        name = given or f"{word} {place}"
        if name in taken:
            name = f"{name} ({word} {place})"
        taken.add(name)
        found.append(name)
    return tuple(found)


def _measured(name: str, values: FloatColumn) -> bool:
    """Whether any of the values is one; an altitude that is 0 throughout is what programs without any write."""
    known = ~np.isnan(values)
    return bool(np.any(known & (values != 0) if name == GEOMETRIC else known))


def noted(rows: Rows) -> Rows:
    """The same with a note that its altitudes count from the geoid, if it has any."""
    return replace(rows, notes=(*rows.notes, ABOVE_GEOID)) if GEOMETRIC in rows.columns else rows


class Gather:
    """The rows of a file in its order: of each its line, its part and its numbers, or why it cannot be read.

    ``names`` are the columns of ``Track`` that ``keep`` is given numbers for, ``NEEDED`` first.
    """

    def __init__(self, names: Sequence[str], source: str) -> None:
        self._names = tuple(names)
        self._source = source
        self._values = array("d")
        self._line = array("q")
        self._part = array("i")
        self._broken: list[tuple[int, int, str]] = []

    def __len__(self) -> int:
        return len(self._line) + len(self._broken)

    def keep(self, line: int, part: int, values: Iterable[float]) -> None:
        """A row that can be read, in the part of this number, or in none (-1)."""
        self._values.extend(values)
        self._line.append(line)
        self._part.append(part)

    def lose(self, line: int, why: str) -> None:
        """A row that cannot be read.

        Raises:
            TrackUnreadable: when there are more of them than are told one by one.
        """
        self._broken.append((len(self) + 1, line, why))
        self.bounded(len(self._broken), self._broken[0][1], self._broken[0][2])

    def bounded(self, count: int, line: int, why: str) -> None:
        """Nothing, if so many unreadable rows can be told one by one; ``line`` and ``why`` are of one of them.

        Raises:
            TrackUnreadable: when they are too many.
        """
        if count > MOST_UNREADABLE:
            raise too_many(self._source, line, why)

    def break_off(self, cut: Break, behind: Iterable[int], *, line: int = 0, told: bool = False) -> None:
        """The row at which the file breaks off, begun on ``line`` if given, and those on the lines ``behind`` it.

        It is numbered by the next line if a row stands on its own already, and left out if ``told`` of already.
        """
        if not told:
            last = max(max(self._line, default=0), max((at for _, at, _ in self._broken), default=0))
            self.lose(max(line or cut.line, last + 1), cut.detail)
        for at in behind:
            self.lose(at, f"it stands behind line {cut.line}, from which on the file is no XML")

    def entries(self) -> IntColumn:
        """The number of each row that can be read, among all, from 1."""
        every = np.ones(len(self) + 1, dtype=np.bool_)
        every[[0, *(entry for entry, _, _ in self._broken)]] = False
        return np.flatnonzero(every)

    def rows(
        self,
        parts: tuple[str, ...] = (),
        callsign: str | None = None,
        extra: dict[str, FloatColumn] | None = None,
        notes: tuple[str, ...] = (),
    ) -> Rows:
        """All rows; numbered by their lines if no two stand on one, else as entries from 1.

        ``parts`` are the names of the parts by their numbers, ``callsign`` is of all, ``extra`` are more columns.
        """
        count = len(self._line)
        values = np.frombuffer(self._values, dtype=np.float64).reshape(count, len(self._names))
        columns = {
            name: np.array(values[:, at])
            for at, name in enumerate(self._names)
            if name in NEEDED or _measured(name, values[:, at])
        }
        row, lost = self._numbered()
        codes = np.array(self._part, dtype=np.int32)
        return Rows(
            columns=columns | (extra or {}),
            row=row,
            icao24=Labels.none(count),
            callsign=Labels(np.zeros(count, dtype=np.int32), (callsign,)) if callsign else Labels.none(count),
            unreadable=tuple(Unreadable(int(at), why) for at, (_, _, why) in zip(lost, self._broken, strict=True)),
            part=Labels(codes, parts) if parts else None,
            notes=notes,
        )

    def _numbered(self) -> tuple[IntColumn, NDArray[np.int64]]:
        line = np.array(self._line, dtype=np.int64)
        lost = np.array([at for _, at, _ in self._broken], dtype=np.int64)
        every = np.concatenate([line, lost])
        if len(np.unique(every)) == len(every):
            return line, lost
        return self.entries(), np.array([entry for entry, _, _ in self._broken], dtype=np.int64)
