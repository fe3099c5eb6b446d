"""What the files that we write ourselves have in common: their columns, and how they are read."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.model import REASONS
from geo.tracks.markup.xml_rows import Gather, moment_s, number
from geo.tracks.names import unescaped
from geo.tracks.objects import parsed
from geo.tracks.rows import CODE, NEEDED, QUANTITIES, Labels, Rows
from geo.tracks.said import said_of
from geo.tracks.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.tracks.markup.walk import Break

#: What a file of ours says of itself.
FORMAT: Final = "flightcase track 1"
#: The namespace of our elements in XML; nothing is fetched from there.
NAMESPACE: Final = "https://example.invalid/flightcase/track-1"
#: How the columns of ``Track`` are called in files, where they are not called the same.
_WRITTEN: Final = {"time_s": "time", "lat_deg": "lat", "lon_deg": "lon"}
#: The quantities by their names in files, in order, time first.
COLUMNS: Final = {_WRITTEN.get(name, name): name for name in QUANTITIES}
#: The labels of a track.
LABELS: Final = ("icao24", "callsign")
#: What a table of ours has beside quantities and labels, and no other has all of it.
WORDS: Final = ("state", "reason", "altitude_reason", "source_row")
#: The row of a fix in the file it came from, and its number in the track where a format cannot keep the order.
SOURCE_ROW: Final = "source_row"
NUMBER: Final = "number"
#: The packet of CZML that holds the columns.
FIXES: Final = "fixes"
#: What is read of a fix.
READ: Final = (*COLUMNS, NUMBER, "reason", "altitude_reason")

_JUDGED: Final = ("reason", "altitude_reason")


class Fixes:
    """The fixes of a file of ours as they are read."""

    def __init__(self, source: str) -> None:
        self._rows = Gather(NEEDED, source)
        self._more = {name: array("d") for name in (*COLUMNS, NUMBER, *_JUDGED) if COLUMNS.get(name) not in NEEDED}

    def add(self, line: int, cells: Mapping[str, object]) -> None:
        """The fix of which these are the columns by their names in files, as text or as values of JSON."""
        try:
            placed = (_moment(cells.get("time")), _number(cells.get("lat"), "lat"), _number(cells.get("lon"), "lon"))
            more = [(_code if name in _JUDGED else _number)(cells.get(name), name) for name in self._more]
        except ValueError as wrong:
            self._rows.lose(line, str(wrong))
            return
        self._rows.keep(line, -1, placed)
        for values, value in zip(self._more.values(), more, strict=True):
            values.append(value)

    def lose(self, line: int, why: str) -> None:
        """A fix that cannot be read."""
        self._rows.lose(line, why)

    def break_off(self, cut: Break, behind: Iterable[int], *, line: int = 0, told: bool = False) -> None:
        """The fix at which the file breaks off, begun on ``line`` if given, unless ``told`` of, and those behind."""
        self._rows.break_off(cut, behind, line=line, told=told)

    def rows(self, labels: Mapping[str, str]) -> Rows:
        """All of them, in order of time and number, with the labels of the track.

        A reason is believed, unless it says that there is nothing against the fix, or no position.
        """
        rows = self._rows.rows()
        count = len(rows)
        more = {name: np.array(values, dtype=np.float64) for name, values in self._more.items()}
        order = np.lexsort((more.pop(NUMBER), rows.columns["time_s"]))
        said = {name: said_of(Labels(more.pop(name)[order].astype(np.int32), REASONS)) for name in _JUDGED}
        columns = rows.columns | {name: values for name, values in more.items() if not bool(np.isnan(values).all())}
        return replace(
            rows,
            columns={name: column[order] for name, column in columns.items()},
            row=rows.row[order],
            icao24=_label(labels.get("icao24"), count),
            callsign=_label(labels.get("callsign"), count),
            given=said["reason"],
            given_altitude=said["altitude_reason"],
        )


def _label(text: str | None, count: int) -> Labels:
    return Labels(np.zeros(count, dtype=np.int32), (unescaped(text),)) if text else Labels.none(count)


def _moment(value: object) -> float:
    return moment_s(parsed.cell(value))


def _number(value: object, what: str) -> float:
    """The number, NaN for none.

    Raises:
        ValueError: a sentence that says what it is instead.
    """
    if value is None or value == "":
        return math.nan
    try:
        return number(value, what) if isinstance(value, str) else parsed.number(value, what)
    except OverflowError as wrong:
        raise ValueError(f"{what} is {shown(parsed.cell(value))}, which is too large") from wrong


def _code(value: object, _: str) -> float:
    """The code of a reason, that of ``accepted`` for none.

    Raises:
        ValueError: when it is none of ours.
    """
    word = parsed.cell(value) or REASONS[0]
    if word not in CODE:
        raise ValueError(f"the reason {shown(word)} is none we know")
    return CODE[word]
