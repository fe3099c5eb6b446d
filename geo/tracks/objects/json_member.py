"""The one long array in a JSON object that holds the rows, and what the object says beside it."""

from __future__ import annotations

import re
from typing import Any, Final

from geo.errors import TrackUnreadable
from geo.tracks.objects.parsed import loads
from geo.tracks.text import shown

#: What stands before the rows, some kilobytes at most, is looked for in this many bytes.
_BEFORE: Final = 1 << 16
#: What stands behind them, in bytes; all that was ever seen there is pictures of the aircraft.
_BEHIND: Final = 1 << 20
#: Objects in one another around the rows, at most.
_DEEPEST: Final = 12
_SHOWN: Final = 80


def key(*names: str) -> re.Pattern[bytes]:
    """What a member of one of these names begins with."""
    return re.compile(rb'"(?:%s)"\s*:\s*' % "|".join(names).encode())


def first_row(text: bytes, member: re.Pattern[bytes], source: str, title: str) -> int:
    """Where the rows begin, behind the bracket of the first such member.

    Raises:
        TrackUnreadable: when there is none, or it is no list.
    """
    found = member.search(text[:_BEFORE])
    if found is None:
        raise TrackUnreadable(source, f"it begins like {title} and holds no rows")
    if text[found.end() : found.end() + 1] != b"[":
        name = found[0].partition(b":")[0].decode()
        value = text[found.end() : found.end() + _SHOWN].decode(errors="replace")
        raise TrackUnreadable(source, f"it begins like {title} and {name} in it is no list of rows: {shown(value)}")
    return found.end() + 1


def beside(text: bytes, member: re.Pattern[bytes], start: int, end: int, source: str) -> Any:  # noqa: ANN401  whatever JSON holds
    """What the text holds but for the rows from ``start`` to ``end``, behind their bracket; ``None`` if damaged.

    Raises:
        TrackUnreadable: when another member with rows follows.
    """
    if member.search(text, end):
        raise TrackUnreadable(source, "behind its rows come others; give each track as a file of its own")
    before, behind = text[:start] + b"]", text[end : end + _BEHIND]
    for closing in (behind, *(b"}" * depth for depth in range(_DEEPEST))):
        try:
            return loads(before + closing)
        except (ValueError, RecursionError):
            continue
    return None


def within(value: object, *path: str) -> object:
    """What stands in nested objects at this path, ``None`` if nothing."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def words(value: object, *paths: tuple[str, ...]) -> str | None:
    """The first text that is not blank at one of these paths, stripped."""
    texts = (within(value, *path) for path in paths)
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), None)
