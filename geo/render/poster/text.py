"""How wide a text is, without drawing it, and where its lines break: for the fonts that ship with the tool.

Widths come from ``data/fonts/widths.json``, which ``data/fonts/make.py`` makes from the files that resvg draws with.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.errors import ResourceError
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["BOLD", "FAMILY", "absent", "fonts", "width", "wrapped"]

#: What ``font-family`` is to say: ours, then faces of the same widths that a reader's machine may have.
FAMILY: Final = "Flightcase Sans, Helvetica Neue, Arial, Liberation Sans, sans-serif"
#: The least weight that is drawn bold.
BOLD: Final = 600
_ELLIPSIS: Final = "…"
_SPACES: Final = re.compile(r"[ \t\r\n]+")
#: A long word may be broken behind these where nothing else helps.
_SOFT: Final = re.compile(r"(?<=[-–—/_.@·])")
_WIDE: Final = frozenset("WF")
_NON_JOINER: Final = "\u200c"
_NOTHING: Final = frozenset(("Mn", "Me", "Cf", "Cc"))


@dataclass(frozen=True, slots=True)
class Face:
    """The widths of one face, in units of the em.

    ``advances`` by character, ``kerns`` by pair of characters, ``forms`` of an Arabic letter: isolated, initial,
    medial, final (0: it has none); ``ligatures`` by pair of Arabic letters: alone, and joined to the letter before.
    """

    em: int
    missing: int
    advances: Mapping[str, int]
    kerns: Mapping[str, int]
    forms: Mapping[str, tuple[int, int, int, int]]
    ligatures: Mapping[str, tuple[int, int]]

    def advance(self, char: str) -> int:
        """Of one character that joins no other; one that the font lacks is as wide as others have it."""
        known = self.advances.get(char)
        if known is not None:
            return known
        if unicodedata.category(char) in _NOTHING:
            return 0
        return self.em if unicodedata.east_asian_width(char) in _WIDE else self.missing

    def shaped(self, text: str) -> Iterator[int]:
        """The widths of the characters of a text with Arabic in it, each in the form that its neighbours give it."""
        # Marks take no room and part no letters; the one sign without width that does is U+200C.
        chars = [char for char in text if self.advance(char) or char == _NON_JOINER]
        joined = False  # whether the letter before reaches for this one
        skip = False
        for i, char in enumerate(chars):
            if skip:
                skip = False
                continue
            following = chars[i + 1] if i + 1 < len(chars) else ""
            shapes = self.forms.get(char)
            if shapes is None:
                joined = False
                yield self.advance(char)
                continue
            pair = self.ligatures.get(char + following)
            if pair:
                yield pair[joined]
                joined, skip = False, True
                continue
            isolated, initial, medial, final = shapes
            # Only a letter with an initial form reaches forward, only one with a final form backward.
            ahead = bool(initial) and bool(self.forms.get(following, (0, 0, 0, 0))[3])
            behind = joined and bool(final)
            yield (medial if ahead and behind else initial if ahead else final if behind else isolated) or isolated
            joined = bool(initial)


def _face(em: int, kept: Mapping[str, Any]) -> Face:
    advances = {chr(run[0] + i): value for run in kept["runs"] for i, value in enumerate(run[1:])}
    forms = {letter: (a, b, c, d) for letter, (a, b, c, d) in kept["forms"].items()}
    ligatures = {pair: (alone, after) for pair, (alone, after) in kept["ligatures"].items()}
    return Face(em, kept["missing"], advances, kept["kerns"], forms, ligatures)


@cache
def _faces() -> Mapping[str, Face]:
    """By name of the file: ``regular``, ``bold``, ``italic``."""
    path = data("fonts", "widths.json")
    try:
        kept = json.loads(path.read_bytes())
    except FileNotFoundError as missing:
        raise ResourceError("data/fonts/widths.json is missing; install flightcase again") from missing
    return {name: _face(kept["em"], face) for name, face in kept["faces"].items()}


def fonts() -> list[str]:
    """Paths of the font files, for those who draw."""
    return [str(data("fonts", f"{name}.ttf")) for name in ("regular", "bold", "italic")]


def absent(text: str) -> str:
    """The characters of a text that the fonts lack, each once, in order: empty for all that is drawn by ours alone."""
    known = _faces()["regular"].advances
    return "".join(sorted({c for c in text if c not in known and unicodedata.category(c) not in _NOTHING}))


@lru_cache(maxsize=8192)
def _units(text: str, name: str) -> float:
    """Width in em."""
    face = _faces()[name]
    if any(char in face.forms for char in text):
        return sum(face.shaped(text)) / face.em
    total = sum(map(face.advance, text)) + sum(face.kerns.get(a + b, 0) for a, b in pairwise(text))
    return total / face.em


def width(text: str, size: float, weight: int = 400, italic: bool = False, spacing: float = 0.0) -> float:  # noqa: FBT001, FBT002  as CSS has it
    """How wide a text is drawn, px.

    Args:
        text: one line.
        size: ``font-size``, px.
        weight: ``font-weight``; from 600 on it is bold.
        italic: ``font-style``; there is no bold italic face, a bold one is measured upright.
        spacing: ``letter-spacing``, px, which stands behind every character.
    """
    name = "bold" if weight >= BOLD else "italic" if italic else "regular"
    return _units(text, name) * size + spacing * sum(unicodedata.category(char) not in _NOTHING for char in text)


@dataclass(frozen=True, slots=True)
class _Ruler:
    size: float
    weight: int
    italic: bool
    room: float

    def fits(self, text: str) -> bool:
        return width(text, self.size, self.weight, self.italic) <= self.room

    def pieces(self, word: str) -> list[str]:
        """A word in parts that fit: broken behind its dashes, else where it has to be; a mark stays with its letter."""
        found = [""]
        for part in _SOFT.split(word):
            letters = [part] if self.fits(part) else re.findall(r".[\u0300-\u036f\u0610-\u061a\u064b-\u065f]*", part)
            for each in letters:
                if found[-1] and not self.fits(found[-1] + each):
                    found.append("")
                found[-1] += each
        return found

    def lines(self, text: str) -> list[str]:
        """As many words on each line as it takes."""
        found = [""]
        for word in _SPACES.split(text.strip()):
            longer = f"{found[-1]} {word}" if found[-1] else word
            if self.fits(longer):
                found[-1] = longer
                continue
            parts = [word] if self.fits(word) else self.pieces(word)
            found = [*found, *parts] if found[-1] else parts
        return found

    def shortened(self, text: str) -> str:
        """As many words as fit, and an ellipsis; of a single word as much as fits."""
        words = _SPACES.split(text.strip())
        while len(words) > 1 and not self.fits(" ".join(words) + _ELLIPSIS):
            words.pop()
        kept = " ".join(words).rstrip(" ,;:–—-،؛")
        while kept and not self.fits(kept + _ELLIPSIS):
            kept = kept[:-1].rstrip()
        return kept + _ELLIPSIS


def wrapped(
    text: str,
    size: float,
    weight: int,
    room: float,
    most_lines: int,
    *,
    italic: bool = False,
    balanced: bool = True,
) -> list[str]:
    """A text in lines, as few as can be and then as even as can be.

    Args:
        text: breaks at spaces, not at no-break spaces, and within a word only where that alone is too wide.
        size: px.
        weight: from 600 on it is bold.
        room: px that a line may be wide.
        most_lines: more than these are cut off, and the last one says so by an ellipsis behind a whole word.
        italic: whether it is drawn so.
        balanced: whether the lines are to be as even as can be; else each holds what it takes.
    """
    if not text.strip() or most_lines < 1:
        return []
    ruler = _Ruler(size, weight, italic, room)
    lines = ruler.lines(text)
    if len(lines) > most_lines:
        kept = lines[: most_lines - 1]
        rest = " ".join(lines[most_lines - 1 :])
        return [*kept, ruler.shortened(rest)]
    if not balanced or len(lines) == 1:
        return lines
    # The narrowest room that needs no more lines, to a px; a word is broken in the full one at most.
    widest = max(width(word, size, weight, italic) for word in _SPACES.split(text.strip()))
    low, high = min(max(room / 4, widest), room), room
    while high - low > 1:
        middle = (low + high) / 2
        if len(_Ruler(size, weight, italic, middle).lines(text)) <= len(lines):
            high = middle
        else:
            low = middle
    return lines if high == room else _Ruler(size, weight, italic, high).lines(text)
