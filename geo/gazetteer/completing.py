"""What a name that is still being typed may become, and how a place is spelt in other scripts."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from geo.gazetteer.fold import clean, exact, fold
from geo.gazetteer.match import ALTERNATE, COLUMN_COUNT, NAME, Found

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

#: The fewest letters that are completed; fewer may become anything.
_LEAST: Final = 3
#: How many names are looked at: a large place has dozens that begin alike.
_LOOKED_AT: Final = 400
#: What a name beside the main one counts, as a share of the place's inhabitants.
_BESIDE: Final = 100
_BEGUN: Final = (
    "SELECT place.*, role, text FROM name JOIN place ON place.id = name.place"
    " WHERE key >= ? AND key < ? AND role <= ? ORDER BY CASE role WHEN ? THEN weight * ? ELSE weight END DESC, place"
    " LIMIT ?"
)
_TEXTS: Final = "SELECT place, text FROM name WHERE place IN (SELECT value FROM json_each(?)) AND role <= ?"
#: The first sign of ASCII behind the letters of a key.
_BEHIND: Final = "{"


def begun(base: sqlite3.Connection, name: str, limit: int) -> list[Found]:
    """The places with a name that begins so, in the script in which it was typed; the largest first."""
    key = fold(name)
    if len(key) < _LEAST or not key.isascii():
        return []
    script = _script(exact(name))
    found: dict[int, Found] = {}
    for row in base.execute(_BEGUN, (key, key + _BEHIND, ALTERNATE, NAME, _BESIDE, _LOOKED_AT)):
        if len(found) == limit:
            break
        if row[0] not in found and _script(exact(row[-1])) == script:
            found[row[0]] = Found._make((*row[:COLUMN_COUNT], *row[COLUMN_COUNT:], "begun", 100.0, 0))
    return list(found.values())


def spellings(base: sqlite3.Connection, places: Sequence[tuple[int, str]], scripts: int = 3) -> dict[int, list[str]]:
    """How places are written in the scripts in which most names of theirs are, beside the Latin one.

    Args:
        base: the index.
        places: number and main name of each.
        scripts: how many scripts, a spelling each: the one that sounds most like the main name.
    """
    texts: dict[int, list[str]] = defaultdict(list)
    for place, text in base.execute(_TEXTS, (json.dumps([number for number, _ in places]), ALTERNATE)):
        texts[place].append(text)
    return {number: _one_of_each(name, texts[number], scripts) for number, name in places}


def _one_of_each(name: str, texts: Iterable[str], scripts: int) -> list[str]:
    from rapidfuzz.fuzz import ratio

    by_script: dict[str, list[str]] = defaultdict(list)
    for text in sorted(texts):
        if not any(sign.isascii() and sign.isalpha() for sign in text):
            by_script[_script(text)].append(text)
        else:
            by_script["LATIN"].append(text)
    # No name says its language. The one that others repeat (with "City" before it), and that most Latin spellings sound
    # like, is the name itself, not an older or a short one.
    heard = [fold(name), *map(fold, by_script.pop("LATIN", []))]
    by_script.pop("", None)
    most = sorted(by_script, key=lambda script: (-len(by_script[script]), script))[:scripts]

    def likeness(text: str) -> tuple[int, float]:
        repeated = sum(text in other.split() for other in by_script[_script(text)] if other != text)
        key = fold(text)
        return repeated, len(heard) * ratio(key, heard[0]) / 2 + sum(ratio(key, other) for other in heard)

    return [max(by_script[script], key=likeness) for script in most]


def _script(text: str) -> str:
    """The script of the first letter, as Unicode names it; empty where there is none."""
    letter = next((sign for sign in clean(text) if sign.isalpha()), "")
    return unicodedata.name(letter, "").split(" ", 1)[0] if letter else ""
