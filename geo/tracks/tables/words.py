"""What the words in the cells of a plain table mean, whichever way the table is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.tracks.rows import CODE, address
from geo.tracks.text import MISSING, numbers, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.model.track import FloatColumn

_ON_GROUND: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "g", "ground"), "1"),
    **dict.fromkeys(("false", "f", "no", "n", "a", "air"), "0"),
}
#: Reasons that say nothing against a position or a value.
_NO_FAULT: Final = ("", "accepted", "no position")


def named(text: str) -> str:
    """A name without blanks around it; empty if it is a word for none."""
    short = text.strip()
    return "" if short.lower() in MISSING else short


def _addressed(text: str) -> str:
    return address(named(text))


#: How the labels of a row are written, by their columns.
LABELS: Final[Mapping[str, Callable[[str], str]]] = {"icao24": _addressed, "callsign": named}


def on_ground(cells: Sequence[str], *, decimal_comma: bool = False) -> tuple[FloatColumn, dict[int, str]]:
    """1 or 0 of these cells, words or numbers, NaN where there is none; by index a sentence on each that is neither."""
    return numbers([_ON_GROUND.get(cell.lower(), cell) for cell in cells], "on_ground", decimal_comma=decimal_comma)


def unknown_reasons(words: Sequence[str]) -> dict[int, str]:
    """By index a sentence on each word that is no reason."""
    return {
        index: f"the reason {shown(word)} is none we know"
        for index, word in enumerate(words)
        if word and word not in CODE
    }


def said_by(word: str) -> tuple[str, str] | None:
    """What a reason in a file says against a row: the reason and a sentence; nothing if it finds no fault."""
    return None if word in _NO_FAULT else (word, f"the file says: {word}")
