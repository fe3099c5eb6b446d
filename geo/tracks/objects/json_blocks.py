"""The elements of one long JSON array, some at a time, so that memory stays small and a broken element costs no other.

The elements are lists, or objects. A block ends where ``] , [`` (``} , {``) stands. If that is inside a text or a
nested list, or if an element is broken, the block is no JSON, and its elements are then taken one by one: each is
parsed from where the one before ended, and a broken one ends where the next can begin.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.tracks.objects.parsed import loads
from geo.tracks.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of text that are parsed together: enough to be quick, little enough to hold as Python values.
BLOCK: Final = 1 << 16
#: No row of a track is longer, in bytes; those of readsb with all details have about 1,000.
LONGEST: Final = 1 << 16
#: So much of a block is looked at again for where an element that is longer ends.
_OVERLAP: Final = 64
#: So many times the length of a block is parsed again in search of where a broken element ends.
_EFFORT: Final = 16
#: Where a block can end, and where behind a broken element the next can begin, by what elements begin with.
_BETWEEN: Final = {"[": re.compile(rb"\]\s*,\s*(?=\[)"), "{": re.compile(rb"\}\s*,\s*(?=\{)")}
_AFAR: Final = {kind: re.compile(pattern.pattern.decode()) for kind, pattern in _BETWEEN.items()}
_RESUME: Final = {"[": re.compile(r"[,\]]\s*(?=\[)"), "{": re.compile(r"[,\]}]\s*(?=\{)")}
#: How the object around the array ends.
_CLOSED: Final = re.compile(r"\]\s*\}[\s}]*$")
_SPACE: Final = re.compile(r"[\s,]*")
_DECODER: Final = json.JSONDecoder()
_CUT: Final = "the file breaks off here"


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands in place of an element that is no JSON: a sentence on it."""

    detail: str


def glimpse(value: object) -> str:
    """A JSON value as a message quotes it."""
    try:
        return shown(str(value))
    except RecursionError:
        return "something nested too deeply"


class Elements:
    """The elements of the array in ``data`` whose first begins at ``start``, behind the bracket.

    ``kind`` is what elements begin with, ``[`` or ``{``; ``block`` is how many bytes are parsed together. ``end`` is,
    once all are taken, where the array ended: behind its closing bracket, or the end of the data.
    """

    def __init__(self, data: bytes, start: int, kind: str = "[", block: int = BLOCK) -> None:
        self.end = start
        self._block = block
        self._kind = kind
        self._data = data
        self._done = False

    def blocks(self) -> Iterator[list[Any]]:
        """The elements in the order of the text, in lists; ``Broken`` for each that cannot be parsed."""
        while not self._done:
            values = self._together()
            yield self._singly() if values is None else values

    def _together(self) -> list[Any] | None:
        """The next block parsed as a whole, ``None`` if that cannot be."""
        start, data = self.end, self._data
        between = _BETWEEN[self._kind].search(data, start + self._block, start + self._block + LONGEST)
        if between is None:
            return self._last() if len(data) - start <= self._block + LONGEST else None
        try:
            values: list[Any] = loads(b"".join((b"[", memoryview(data)[start : between.start() + 1], b"]")))
        except (ValueError, RecursionError):
            return None
        self.end = between.end()
        return values

    def _last(self) -> list[Any] | None:
        """The rest of the array, if it is closed and whole."""
        rest = self._data[self.end :].decode("latin-1")
        try:
            values, end = _DECODER.raw_decode("[" + rest)
            if not rest.isascii():
                values = _utf8("[" + rest[: end - 1])
        except (ValueError, RecursionError):
            return None
        self.end += end - 1
        self._done = True
        return list(values)

    def _singly(self) -> list[Any]:
        """The elements that begin in the next block, parsed one by one."""
        window = self._data[self.end : self.end + self._block + LONGEST].decode("latin-1")
        last = self.end + len(window) == len(self._data)
        values: list[Any] = []
        at = spent = 0
        while at < (len(window) if last else self._block):
            at = _after(_SPACE, window, at)
            if window.startswith("]", at):
                self._finish(self.end + at + 1)
                return values
            if at >= len(window):
                break
            try:
                value, end = _element(window, at)
            except _NoElement as wrong:
                spent += wrong.reached - at
                following = self._following(window, at + 1 if spent < _EFFORT * self._block else wrong.reached, wrong)
            else:
                values.append(value if window.isascii() else _utf8(window[at:end]))
                at = end
                continue
            if following is None:
                values.append(self._broken_off(window, at))
                return values
            values.append(Broken(f"it is no JSON: {shown(window[at : following.start() + 1])}"))
            at = following.end()
        if last:
            self._finish(len(self._data))
            values.append(Broken(_CUT))
        self.end += 0 if last else at
        return values

    def _following(self, window: str, at: int, wrong: _NoElement) -> re.Match[str] | None:
        """Where behind a broken element the next may begin: behind any comma, unless lists are nested without end."""
        pattern = _AFAR if wrong.endless else _RESUME
        return pattern[self._kind].search(window, at)

    def _finish(self, end: int) -> None:
        self.end, self._done = end, True

    def _broken_off(self, window: str, at: int) -> Broken:
        """The element at ``at``, behind which no other begins in the window; on to the next, if there is any."""
        begins = self.end + at
        following = _BETWEEN[self._kind].search(self._data, begins + max(len(window) - at - _OVERLAP, 1))
        if following is not None:
            self.end = following.end()
            return Broken(f"it has more than {len(window) - at:,} bytes, or is no JSON: {shown(window[at:])}")
        self._finish(len(self._data))
        if begins >= len(self._data):
            return Broken(_CUT)
        if _CLOSED.search(window):
            return Broken(f"it is no JSON: {shown(window[at:])}")
        return Broken(f"the file breaks off inside it: {shown(window[at:])}")


class _NoElement(Exception):  # noqa: N818  no error of the program: the element is broken
    """No element stands there; it was looked at as far as ``reached``, or is nested or long beyond all measure."""

    def __init__(self, reached: int, *, endless: bool = False) -> None:
        super().__init__(reached)
        self.reached = reached
        self.endless = endless


def _element(window: str, at: int) -> tuple[Any, int]:
    """The element that begins at ``at``, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(window, at)
    except json.JSONDecodeError as wrong:
        raise _NoElement(wrong.pos) from wrong
    except (ValueError, RecursionError) as wrong:
        raise _NoElement(at + LONGEST, endless=True) from wrong
    if isinstance(value, list) and any(isinstance(one, list) for one in value):
        raise _NoElement(at)  # a row in a row: the bracket behind the first is missing
    return value, end


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _utf8(window: str) -> Any:  # noqa: ANN401  whatever JSON holds
    """The value of a text that was decoded byte by byte."""
    return loads(window.encode("latin-1").decode("utf-8", errors="replace").encode())
