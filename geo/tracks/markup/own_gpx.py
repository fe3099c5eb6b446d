"""GPX as we write it: points with the rest of their fix beside them, and the fixes that are no points.

A row is a ``trkpt``, or a ``fix`` of ours outside one, numbered by its line. What is said in the extension counts
before what the point says: GPX 1.1 has no longitude of 180 degrees.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo.tracks.markup.walk import Walk
from geo.tracks.own import FORMAT, LABELS, NAMESPACE, Fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.tracks.markup.walk import Break
    from geo.tracks.rows import Rows

_WANTED: Final = frozenset({"trkpt", "time"})
_OURS: Final = {"fix": "fix", "track": "track"}
_STARTS: Final = frozenset({"trkpt", "fix", "track"})
_TAGS: Final = re.compile(rb"<(/?)(trkpt|[\w.-]{1,50}:fix)[\s/>]")
#: So much is looked at to see whose a file is.
_HEAD: Final = 1 << 12


def is_ours(text: bytes) -> bool:
    """Whether it says near its beginning that we wrote it, and still has our elements."""
    head = text[:_HEAD]
    return NAMESPACE.encode() in head and FORMAT.encode() in head


def _wanted(tag: str) -> str:
    prefix, _, name = tag.rpartition(":")
    return _OURS.get(name, "") if prefix else name if name in _WANTED else ""


class _Points:
    """What a walk finds: points, fixes, and who the track says it is."""

    def __init__(self, walk: Walk, source: str) -> None:
        self.fixes = Fixes(source)
        self.labels: dict[str, str] = {}
        self.line = 0
        self._walk = walk
        self._point: dict[str, str] | None = None
        self._more: dict[str, str] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """A point or a fix."""
        if name == "trkpt":
            self.line, self._point, self._more = self._walk.line, attributes, {}
        elif name == "fix" and self._point is None:
            self.fixes.add(self._walk.line, attributes)
        elif name == "fix":
            self._more = attributes
        elif name == "track":
            self.labels |= {label: attributes[label] for label in LABELS if label in attributes}

    def closed(self, name: str, text: str) -> None:
        """A time, or a point that is whole."""
        if self._point is None:
            return
        if name == "time":
            self._point["time"] = text
        elif name == "trkpt":
            self.fixes.add(self.line, self._point | self._more)
            self.line, self._point = 0, None

    def more(self, name: str, text: str) -> None:
        """Nothing in it is long."""


def rows_of(text: bytes, source: str) -> Rows:
    """The rows of a file of ours, in the order of the track."""
    walk = Walk(_wanted, _STARTS)
    points = _Points(walk, source)
    cut = walk.over(text, source, points)
    if cut is not None:
        points.fixes.break_off(cut, _behind(text, cut, within=points.line > 0), line=points.line)
    return points.fixes.rows(points.labels)


def _behind(text: bytes, cut: Break, *, within: bool) -> Iterator[int]:
    """The lines on which points, and fixes outside of them, begin behind the tag where a walk ended ``within`` one."""
    line, at = cut.line, cut.offset
    for found in _TAGS.finditer(text, cut.offset + 1):
        line += text.count(b"\n", at, found.start())
        at = found.start()
        if found[2] == b"trkpt":
            within = not found[1]
        if not found[1] and (found[2] == b"trkpt" or not within):
            yield line
