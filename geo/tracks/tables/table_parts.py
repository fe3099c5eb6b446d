"""A table in parts, as Arrow gives them: which column holds what, the rows of each part, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np

from geo.tracks.growing import Growing
from geo.tracks.rows import Labels, Unreadable, bounded
from geo.tracks.tables.columnar import codes_of, kept, labels_of, number_column, text_column, texts, time_column, whole
from geo.tracks.tables.words import LABELS, on_ground, unknown_reasons
from geo.tracks.text import numbers
from geo.tracks.times import times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from geo.model.track import FloatColumn, IntColumn

    Found = tuple[FloatColumn, dict[int, str]]

#: Labels that are words of ``REASONS``.
REASON_LABELS: Final = ("reason", "altitude_reason")
#: What programs write for the altitude of an aircraft on the ground.
_GROUND: Final = "ground"


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each quantity (with what one of ours is in its unit), of each time and label, by our names.

    Of the times, ``time`` is that of the row, any other may be missing. ``utc`` says that a time without zone is in
    UTC, or ahead of it by ``offset_s``.
    """

    titles: tuple[str, ...]
    quantities: dict[str, tuple[int, float]]
    times: dict[str, int]
    labels: dict[str, int]
    ignored: tuple[str, ...]
    utc: bool = True
    offset_s: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def places(self) -> list[int]:
        """The places of all columns that are read, each once."""
        of_quantities = [index for index, _ in self.quantities.values()]
        return sorted({*of_quantities, *self.times.values(), *self.labels.values()})


class Part(NamedTuple):
    """Some rows: quantities and times, labels as Arrow holds them, row numbers, and the rows at fault."""

    numbers: dict[str, FloatColumn]
    labels: dict[str, Any]
    row: IntColumn
    unreadable: Sequence[Unreadable]


class Whole(NamedTuple):
    """All rows: quantities in our units and times, labels, row numbers, and the rows at fault by number."""

    numbers: dict[str, FloatColumn]
    labels: dict[str, Labels]
    row: IntColumn
    unreadable: tuple[Unreadable, ...]


class Source(Protocol):
    """Some rows of a table, column by column, each by its place."""

    def times(self, place: int, columns: Columns, *, needed: bool) -> Found:
        """POSIX seconds, NaN for none, and by index a sentence on each that is missing or none, if needed."""

    def numbers(self, place: int, title: str, quantity: str) -> Found:
        """Numbers, NaN for none, and by index a sentence on each that is none."""

    def labels(self, place: int) -> Any:  # noqa: ANN401  an Arrow array
        """Text in a dictionary."""


class ArrowSource:
    """Columns as Arrow holds them; ``TypeError`` from those that can hold no times or no numbers."""

    def __init__(self, column: Callable[[int], Any]) -> None:
        self._column = column

    def times(self, place: int, columns: Columns, *, needed: bool) -> Found:
        """As ``time_column`` says."""
        return time_column(self._column(place), utc=columns.utc, offset_s=columns.offset_s, needed=needed)

    def numbers(self, place: int, title: str, quantity: str) -> Found:
        """As ``number_column`` says."""
        return number_column(self._column(place), title, lambda cells: _read(cells, title, quantity))

    def labels(self, place: int) -> Any:  # noqa: ANN401  an Arrow array
        """As ``text_column`` says."""
        return text_column(self._column(place))


class TextSource:
    """Columns as text, read cell by cell."""

    def __init__(self, cells: Callable[[int], list[str]]) -> None:
        self._cells = cells

    def times(self, place: int, columns: Columns, *, needed: bool) -> Found:
        """As ``times.times`` says."""
        seconds, wrong = times(self._cells(place), utc=columns.utc, offset_s=columns.offset_s)
        return seconds, wrong if needed else {}

    def numbers(self, place: int, title: str, quantity: str) -> Found:
        """As ``text.numbers`` says."""
        return _read(self._cells(place), title, quantity)

    def labels(self, place: int) -> Any:  # noqa: ANN401  an Arrow array
        """The cells in a dictionary."""
        return text_column(texts(self._cells(place)))


def _read(cells: Sequence[str], title: str, quantity: str) -> Found:
    """The numbers in cells of text."""
    if quantity == "on_ground":
        return on_ground(cells)
    return numbers([cell if cell.lower() != _GROUND else "" for cell in cells], title)


def part_of(columns: Columns, source: Source, row: IntColumn) -> Part:
    """The rows of these columns, those that cannot be read set apart.

    Raises:
        TypeError: when a column can hold no times or no numbers.
    """
    made: dict[str, FloatColumn] = {}
    wrong: dict[int, str] = {}
    for name, place in columns.times.items():
        made[name], against = source.times(place, columns, needed=name == "time")
        wrong = against | wrong
    for name, (place, divisor) in columns.quantities.items():
        made[name], against = source.numbers(place, columns.titles[place], name)
        wrong = against | wrong
        if divisor != 1:
            made[name] /= divisor
    labels = {name: source.labels(place) for name, place in columns.labels.items()}
    for name in REASON_LABELS:
        if name in labels:
            wrong = _misjudged(labels[name]) | wrong
    if not wrong:
        return Part(made, labels, row, ())
    good = np.ones(len(row), dtype=np.bool_)
    good[list(wrong)] = False
    return Part(
        numbers={name: values[good] for name, values in made.items()},
        labels={name: kept(found, good) for name, found in labels.items()},
        row=row[good],
        unreadable=[Unreadable(int(row[index]), wrong[index]) for index in sorted(wrong)],
    )


def _misjudged(column: Any) -> dict[int, str]:  # noqa: ANN401  an Arrow array
    """By index a sentence on each word that is no reason."""
    codes, words = codes_of(column)
    unknown = unknown_reasons([word.strip() for word in words])
    return {int(index): unknown[int(codes[index])] for index in np.flatnonzero(np.isin(codes, list(unknown)))}


def gathered(parts: Iterable[Part], columns: Columns, room: int, source: str) -> Whole:
    """These parts, of about ``room`` rows, one after the other.

    Raises:
        TrackUnreadable: when more than ``MOST_UNREADABLE`` rows cannot be read.
    """
    import pyarrow as pa

    found = Growing()
    unreadable: list[Unreadable] = []
    labels: dict[str, list[Any]] = {name: [] for name in columns.labels}
    for part in parts:
        found.add({"row": part.row, **part.numbers}, min((found.count + len(part.row)) / max(room, 1), 1.0))
        unreadable += part.unreadable
        for name, column in part.labels.items():
            labels[name].append(column)
        bounded(unreadable, source)
    named = {
        name: labels_of(whole(pa.chunked_array(chunks)), LABELS.get(name, str.strip)) if chunks else Labels.none(0)
        for name, chunks in labels.items()
    }
    made = found.columns() or {name: np.empty(0) for name in (*columns.times, *columns.quantities)}
    row: IntColumn = made.pop("row", np.empty(0)).astype(np.int64, copy=False)
    return Whole(made, named, row, tuple(sorted(unreadable)))
