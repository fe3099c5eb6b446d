"""JSON values that stand one after the other in a file: on a line each, over several lines, or in one array.

That is how programs leave what they ask a server for again and again. A value that is broken costs itself and no
other: the next is looked for where the format says that one begins.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any, Final

from geo.tracks.objects.json_blocks import Broken
from geo.tracks.progress import tell
from geo.tracks.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Text that is decoded at once, in bytes.
_PIECE: Final = 1 << 20
#: No single answer of a server is longer, in characters: of 15,000 aircraft with 1,000 each, four times.
LONGEST: Final = 1 << 26
#: A token that the end of the text cuts shows within so many characters of it.
_TOKEN: Final = 16
#: So many times what was decoded is parsed again in search of where a broken value ends.
_EFFORT: Final = 16
#: So much of a value that is nested without end is passed over where too much was looked at again.
_ENDLESS: Final = 1 << 16
#: So much of the text before is looked at again for the beginning of the next value.
_OVERLAP: Final = 256
_DECODER: Final = json.JSONDecoder()
_BETWEEN: Final = re.compile(r"[\s,\x1e]*")


class _Text:
    """The text of a file, decoded as far as it is needed."""

    def __init__(self, data: bytes) -> None:
        self.text = ""
        self.fed = 0
        self._data = data
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    @property
    def whole(self) -> bool:
        """Whether all is decoded."""
        return self.fed >= len(self._data)

    def forget(self, at: int) -> int:
        """Forget what stands before ``at``, if that is much; where it then is."""
        if at < max(_PIECE // 16, len(self.text) // 8):
            return at
        self.text = self.text[at:]
        return 0

    def more(self, at: int) -> None:
        """Forget what stands before ``at``, and decode as much again as is left."""
        rest = self.text[at:]
        piece = self._data[self.fed : self.fed + max(_PIECE, len(rest))]
        self.fed += len(piece)
        tell(self.fed, len(self._data), "reading rows")
        self.text = rest + self._decoder.decode(piece, final=self.whole)


class _Series:
    """The values of a file, one by one; ``begins`` is found where a value begins, behind a broken one."""

    def __init__(self, data: bytes, begins: re.Pattern[str]) -> None:
        self._text = _Text(data)
        self._begins = begins
        self._at = 0
        self._spent = 0
        self._listed = False

    def values(self) -> Iterator[Any]:
        """Each value, or ``Broken`` for one that is no JSON."""
        self._text.more(0)
        self._skip()
        self._listed = self._text.text.startswith("[", self._at)
        self._at += self._listed
        while True:
            self._skip()
            if self._at >= len(self._text.text):
                if self._listed:
                    yield Broken("the file breaks off here")
                return
            if self._listed and self._text.text[self._at] == "]":
                self._listed = False
                self._at += 1
                continue
            yield self._next()

    def _skip(self) -> None:
        while True:
            found = _BETWEEN.match(self._text.text, self._at)
            self._at = self._text.forget(self._at if found is None else found.end())
            if self._at < len(self._text.text) or self._text.whole:
                return
            self._more()

    def _more(self) -> None:
        self._text.more(self._at)
        self._at = 0

    def _next(self) -> Any:  # noqa: ANN401  whatever JSON holds
        while True:
            text = self._text.text
            try:
                value, self._at = _DECODER.raw_decode(text, self._at)
            except json.JSONDecodeError as wrong:
                cut = wrong.pos >= len(text) - _TOKEN or wrong.msg.startswith("Unterminated string")
                if not cut or self._text.whole or len(text) - self._at > LONGEST:
                    return self._broken(wrong.pos, wrong.msg)
                self._more()
            except (ValueError, RecursionError) as wrong:
                why = "nested too deeply" if isinstance(wrong, RecursionError) else "a number in it is too long"
                return self._broken(min(self._at + _ENDLESS, len(text)), why, endless=True)
            else:
                return value

    def _broken(self, reached: int, why: str, *, endless: bool = False) -> Broken:
        """What stands at this place, on to where the next value begins."""
        what = shown(self._text.text[self._at :])
        ends = not endless and reached >= len(self._text.text) - _TOKEN and self._text.whole
        self._spent += reached - self._at
        self._at = max(self._at + 1, 0 if self._spent < _EFFORT * self._text.fed else reached)
        if self._found() or not ends:
            return Broken(f"it is no JSON ({why}): {what}")
        self._listed = False
        return Broken(f"the file breaks off inside it: {what}")

    def _found(self) -> bool:
        """Go on to where the next value begins, or to the end."""
        while True:
            found = self._begins.search(self._text.text, self._at)
            if found is not None:
                self._at = found.start()
                return True
            if self._text.whole:
                self._at = len(self._text.text)
                return False
            self._at = max(self._at, len(self._text.text) - _OVERLAP)
            self._more()


def series(data: bytes, begins: re.Pattern[str]) -> Iterator[Any]:
    """The values of a file one by one, ``Broken`` for each that is no JSON.

    ``begins`` is found where a value of the format begins, and, for the values of a track, nowhere inside one; it is
    shorter than 256 characters.
    """
    return _Series(data, begins).values()
