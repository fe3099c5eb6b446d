"""How the name of a flight or an aircraft stands in the files that we write, and is read from them."""

from __future__ import annotations

import re
from typing import Final

from geo.tracks.text import MISSING

_ESCAPE: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_LAST_CODE: Final = 0x10FFFF


def escaped(text: str | None) -> str:
    r"""A name in one line of printable characters: ``\u{a}`` for one that is not, and for the backslash.

    XML 1.0 has no control characters, UTF-8 no surrogates, a line no line ends, marks of direction make a name read
    as another, and a name like ``nan`` is read as none. Nothing is lost: ``unescaped`` gives the name back. A usual
    name stays as it is; none is empty.
    """
    if not text:
        return ""
    if text.lower() in MISSING:
        return _coded(text[0]) + text[1:]
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(one if one.isprintable() and one != "\\" else _coded(one) for one in text)


def _coded(character: str) -> str:
    return f"\\u{{{ord(character):x}}}"


def unescaped(text: str) -> str:
    """The name that is written so."""
    return _ESCAPE.sub(_decoded, text) if "\\" in text else text


def _decoded(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= _LAST_CODE else found[0]
