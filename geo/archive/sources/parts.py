"""Archives that were cut into parts: ``….tar.aa``, ``….tar.ab``, or ``….tar.000``, ``….tar.001``."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"(?P<whole>.+\.tar)\.(?P<number>(?!gz|xz)[a-z]{2}|\d{2,3})", re.DOTALL)
_LETTERS: Final = 26
_A: Final = ord("a")


def whole_of(name: str) -> str | None:
    """The name of the archive of which a file of this name is a part."""
    found = _PART.fullmatch(name)
    return found["whole"] if found else None


def following(name: str) -> str | None:
    """The name of the part behind this one; ``None`` for what is no part, or the last that there can be."""
    found = _PART.fullmatch(name)
    if found is None:
        return None
    number = found["number"]
    if number.isdecimal():
        after = f"{int(number) + 1:0{len(number)}d}"
    else:
        count = (ord(number[0]) - _A) * _LETTERS + ord(number[1]) - _A + 1
        after = chr(_A + count // _LETTERS) + chr(_A + count % _LETTERS) if count < _LETTERS**2 else ""
    return f"{found['whole']}.{after}" if len(after) == len(number) else None


def is_first(name: str) -> bool:
    """Whether a part of this name is one with which an archive can begin."""
    found = _PART.fullmatch(name)
    return found is not None and found["number"] in ("aa", "00", "01", "000", "001")
