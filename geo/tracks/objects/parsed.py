"""JSON as Python values: bounded in size and depth, with the NaN and Infinity that many programs write."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from geo.errors import TrackUnreadable
from geo.tracks.text import MISSING, as_utf8, shown

#: Parsed at once, JSON takes about ten times its text in memory.
MAX_BYTES: Final = 256 * 1024**2


def loads(text: bytes) -> Any:  # noqa: ANN401  whatever JSON holds
    """The value.

    Raises:
        ValueError: when it is no JSON; ``RecursionError`` when it is nested too deeply.
    """
    import orjson

    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)  # takes NaN and Infinity, which Python programs write


def parsed(data: bytes, source: str, title: str) -> Any:  # noqa: ANN401  whatever JSON holds
    """The value of a whole file.

    Raises:
        TrackUnreadable: when it is too large, damaged or nested too deeply; ``title`` is what it looked like.
    """
    small(data, source, title)
    try:
        return loads(as_utf8(data))
    except (ValueError, RecursionError) as wrong:
        told = "it is nested too deeply" if isinstance(wrong, RecursionError) else str(wrong)
        raise TrackUnreadable(source, f"it begins like {title} and breaks off or is damaged: {told}") from wrong


def small(data: bytes, source: str, title: str) -> None:
    """Nothing, if the text is not too large to be parsed at once.

    Raises:
        TrackUnreadable: when it is.
    """
    if len(data) > MAX_BYTES:
        raise TrackUnreadable(
            source, f"{title} of {len(data):,} bytes is more than {MAX_BYTES:,}; cut it by aircraft or day"
        )


def cell(value: object) -> str:
    """A JSON value as the text that the readers of tables understand."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return value.strip() if isinstance(value, str) else repr(value)


def number(value: object, what: str) -> float:
    """The number of a JSON value: itself, a truth value as 1 or 0, a number in a text; NaN for none.

    Raises:
        ValueError: a sentence that says what it is instead.
    """
    if value is None:
        return math.nan
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in MISSING:
            return math.nan
        if "_" not in text:
            try:
                return float(text)
            except ValueError:
                pass
    raise ValueError(f"{what} is {shown(cell(value))}, which is no number")


def label(value: object) -> str | None:
    """A text, stripped; ``None`` for none."""
    return str(value).strip() or None if value is not None else None
