"""Words of the scene as text that may be broken into lines, whatever directions and languages meet in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.render.poster.drawing import Type, reads_left, writing
from geo.render.poster.text import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.scene.words import Said

__all__ = ["Told", "told"]

#: What a text may not bring itself: marks that turn the direction of what follows.
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATE: Final = "\u2068"
_END: Final = "\u2069"


@dataclass(frozen=True, slots=True)
class Told:
    """A paragraph: ``text`` with its parts in another language isolated, ``leftward`` whether it is read so.

    Where all of it is in another language than the scene's, ``lang`` is that.
    """

    text: str
    leftward: bool
    lang: str | None = None

    def lines(self, style: Type, room: float, most: int, *, after: str = "", balanced: bool = True) -> list[str]:
        """The paragraph in lines, each of which isolates what it holds of a part that is broken.

        Args:
            style: how it is set.
            room: px.
            most: lines.
            after: what stands behind it on the last line.
            balanced: whether the lines are to be as even as can be.
        """
        found, inside = [], False
        for line in wrapped(self.text + after, style.size, style.weight, room, most, balanced=balanced):
            opened = f"{_ISOLATE}{line}" if inside else line
            inside = opened.count(_ISOLATE) > opened.count(_END)
            found.append(f"{opened}{_END}" if inside else opened)
        return found

    def written(self, lines: Sequence[str], at: tuple[float, float], leading: float, *, end: bool) -> str:
        """Lines one under the other, the first with its baseline at a place that is their left end or their right."""
        x, y = at
        anchor = "end" if end else "start"
        return "".join(
            writing(line, (x, y + leading * i), anchor=anchor, leftward=self.leftward, lang=self.lang)
            for i, line in enumerate(lines)
        )


def _plain(said: Said, *, marks: bool) -> str:
    if isinstance(said, list):
        return "".join(
            f"{_ISOLATE}{_plain(part, marks=marks)}{_END}" if isinstance(part, dict) else _plain(part, marks=marks)
            for part in said
        )
    if isinstance(said, dict):
        return _TURNS.sub("", said["text"]) + (f" {said['lang'].upper()}" if marks else "")
    return _TURNS.sub("", said)


def told(said: Said | None, direction: str, *, marks: bool = False) -> Told:
    """Words as a paragraph.

    Args:
        said: of the scene.
        direction: of the scene: a text of its own language is read so, wherever a word in it comes from.
        marks: whether what is only there in another language is followed by that language's mark.
    """
    text = _plain(said or "", marks=marks)
    if isinstance(said, dict):
        return Told(text, reads_left(text, "ltr"), said["lang"])
    return Told(text, reads_left(text, direction))
