"""KML as we write it: placemarks whose columns stand in arrays, beside the times and positions of a track or alone.

A row is a ``when`` of a ``gx:Track``, or a value of the array ``time`` in a placemark without a track, numbered by
its line. In a placemark each list has as many values as there are times; of one that has not, or that is not whole,
no row can be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo.tracks.markup.walk import Walk, local
from geo.tracks.own import FORMAT, LABELS, READ, Fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.tracks.markup.walk import Break
    from geo.tracks.rows import Rows

_WANTED: Final = frozenset({"Placemark", "Track", "when", "coord", "SimpleArrayData", "Data", "value"})
_STARTS: Final = frozenset({"Placemark", "when", "SimpleArrayData", "Data", "value"})
_TIME, _COORD = "time", "coord"
_TAGS: Final = re.compile(rb"<(/?)(?:[\w.-]{1,50}:)?(when|SimpleArrayData|value)(\s{1,9}name=\"time\")?[\s/>]")
#: So much is looked at to see whose a file is.
_HEAD: Final = 1 << 12
_MARK: Final = f'<Data name="format"><value>{FORMAT}</value>'.encode()


def is_ours(text: bytes) -> bool:
    """Whether the document says near its beginning that we wrote it."""
    return _MARK in text[:_HEAD]


def _wanted(tag: str) -> str:
    name = local(tag)
    return name if name in _WANTED else ""


class _Placemarks:
    """What a walk finds: the fixes of placemarks that are whole, and the labels of the document."""

    def __init__(self, walk: Walk, source: str) -> None:
        self.fixes = Fixes(source)
        self.labels: dict[str, str] = {}
        self.array = ""
        self._walk = walk
        self._lines: list[int] = []
        self._columns: dict[str, list[str]] = {}
        self._key = ""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """A placemark, a time, or an array."""
        if name == "value":
            if self.array == _TIME and self._within("SimpleArrayData"):
                self._lines.append(self._walk.line)
        elif name == "when" and self._within("Track"):
            self._lines.append(self._walk.line)
        elif name == "SimpleArrayData":
            self.array = attributes.get("name", "")
            if self.array in READ:
                self._columns.setdefault(self.array, [])
        elif name == "Data":
            self._key = attributes.get("name", "")
        elif name == "Placemark":
            self.end("the placemark of this fix does not end")

    def closed(self, name: str, text: str) -> None:
        """A value, or a placemark that is whole."""
        if name == "value":
            if self._within("SimpleArrayData") and self.array in self._columns:
                self._columns[self.array].append(text)
            elif self._within("Data") and self._key in LABELS:
                self.labels.setdefault(self._key, text)
        elif name in {"when", "coord"} and self._within("Track"):
            self._columns.setdefault(_TIME if name == "when" else _COORD, []).append(text)
        elif name == "SimpleArrayData":
            self.array = ""
        elif name == "Placemark":
            self.end()

    def more(self, name: str, text: str) -> None:
        """Nothing in it is long."""

    def _within(self, parent: str) -> bool:
        """Whether what is told now stands right in an element of this name."""
        return self._walk.stack[-1:] == [parent]

    def end(self, why: str = "") -> bool:
        """Read the fixes of the open placemark, or say of each why it cannot be read. Whether it said so of any."""
        lines, columns = self._lines, self._columns
        self._lines, self._columns, self.array = [], {}, ""
        unequal = next((name for name, values in columns.items() if len(values) != len(lines)), "")
        if unequal and not why:
            why = f"its placemark has {len(lines):,} times and {len(columns[unequal]):,} values of {unequal}"
        if why:
            for line in lines:
                self.fixes.lose(line, why)
            return bool(lines)
        for line, values in zip(lines, zip(*columns.values(), strict=True), strict=True):
            self.fixes.add(line, _placed(dict(zip(columns, values, strict=True))))
        return False


def _placed(cells: dict[str, str]) -> dict[str, str]:
    """The columns of a fix with the position of its ``gx:coord``, where it has one."""
    coord = cells.pop(_COORD, "").split()
    if coord:
        cells["lon"], cells["lat"] = (*coord, "")[:2]
    return cells


def rows_of(text: bytes, source: str) -> Rows:
    """The rows of a file of ours, in the order of the track."""
    walk = Walk(_wanted, _STARTS)
    placemarks = _Placemarks(walk, source)
    cut = walk.over(text, source, placemarks)
    if cut is not None:
        behind = _behind(text, cut, within=placemarks.array == _TIME)
        told = placemarks.end(f"the columns of its placemark are not whole: line {cut.line}: {cut.detail}")
        placemarks.fixes.break_off(cut, behind, told=told)
    return placemarks.fixes.rows(placemarks.labels)


def _behind(text: bytes, cut: Break, *, within: bool) -> Iterator[int]:
    """The lines of the times behind the tag where a walk ended, ``within`` an array of times or not."""
    line, at = cut.line, cut.offset
    for found in _TAGS.finditer(text, cut.offset + 1):
        closes, name, times = found.groups()
        line += text.count(b"\n", at, found.start())
        at = found.start()
        if name == b"SimpleArrayData":
            within = bool(times) and not closes
        elif not closes and (name == b"when" or within):
            yield line
