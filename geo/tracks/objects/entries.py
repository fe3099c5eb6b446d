"""Rows that are read one by one, gathered as columns."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.measures import FOOT_M, KNOT_M_S
from geo.tracks.objects.json_blocks import Broken, glimpse
from geo.tracks.rows import Labels, Unreadable, bounded
from geo.tracks.times import LAST_S, LEAST_EPOCH_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from geo.model.track import FloatColumn, IntColumn

#: Feet of a metre, and knots of a metre a second.
FEET: Final = 1 / FOOT_M
KNOTS: Final = 1 / KNOT_M_S


class Entries:
    """Columns, labels and unreadable rows of a file so far; a row is the next entry, counted from 1."""

    def __init__(self, source: str, *labels: str) -> None:
        self._source = source
        self.count = 0
        self.unreadable: list[Unreadable] = []
        self._row = array("q")
        self._columns: dict[str, array[float]] = {}
        self._codes = {name: array("i") for name in labels}
        self._names: dict[str, dict[str, int]] = {name: {} for name in labels}

    def fail(self, detail: str) -> None:
        """The next entry cannot be read."""
        self.count += 1
        self.unreadable.append(Unreadable(self.count, detail))
        bounded(self.unreadable, self._source)

    def add(self, values: Mapping[str, float], **labels: str | None) -> None:
        """The next entry; all have the same values and labels."""
        self.count += 1
        self._row.append(self.count)
        if not self._columns:
            self._columns = {name: array("d") for name in values}
        for name, column in self._columns.items():
            column.append(values[name])
        for name, codes in self._codes.items():
            text, known = labels[name], self._names[name]
            codes.append(known.setdefault(text, len(known)) if text else -1)

    def take(self, entries: Iterable[object], read: Callable[[object], tuple[Mapping[str, float], str | None]]) -> None:
        """Read these, each for its values and its one label, which is the only one of all."""
        (label,) = self._codes
        for entry in entries:
            try:
                values, text = read(entry)
            except (OverflowError, RecursionError):
                self.fail(f"a number in it is too large, or a list too deep: {glimpse(entry)}")
            except ValueError as wrong:
                self.fail(str(wrong))
            else:
                self.add(values, **{label: text})

    def __len__(self) -> int:
        return len(self._row)

    @property
    def row(self) -> IntColumn:
        """The number of each row."""
        return np.array(self._row, dtype=np.int64)

    def columns(self, *names: str) -> dict[str, FloatColumn]:
        """The columns; those of these names too where there is no row at all."""
        return {
            name: np.array(self._columns.get(name, ()), dtype=np.float64)
            for name in dict.fromkeys([*names, *self._columns])
        }

    def labels(self, name: str) -> Labels:
        """The labels of this name."""
        return Labels(np.array(self._codes[name], dtype=np.int32), tuple(self._names[name]))


def epoch(value: float, what: str) -> float:
    """Seconds since 1970, if these are such.

    Raises:
        ValueError: a sentence on what they are instead.
    """
    if math.isnan(value):
        raise ValueError(f"it has no {what}")
    if not LEAST_EPOCH_S <= value <= LAST_S:
        raise ValueError(f"its {what}, {value:.10g}, is no count of seconds since 1970")
    return value


def member(entry: object, what: str) -> dict[str, object]:
    """The entry, if it is an object.

    Raises:
        ValueError: a sentence on what it is instead.
    """
    if isinstance(entry, Broken):
        raise ValueError(entry.detail)  # noqa: TRY004  the file is at fault
    if not isinstance(entry, dict):
        raise ValueError(f"it is {glimpse(entry)}, not {what}")  # noqa: TRY004  the file is at fault
    return entry


def listed(entry: object, what: str, least: int) -> list[object]:
    """The entry, if it is a list of so many values.

    Raises:
        ValueError: a sentence on what it is instead.
    """
    if isinstance(entry, Broken):
        raise ValueError(entry.detail)  # noqa: TRY004  the file is at fault
    if not isinstance(entry, list):
        raise ValueError(f"it is {glimpse(entry)}, not {what}")  # noqa: TRY004  the file is at fault
    if len(entry) < least:
        raise ValueError(f"it has {len(entry)} values where {what} has {least} or more: {glimpse(entry)}")
    return entry
