"""The blocks of a case file: the lines of one ``[[event]]`` with all that belongs to it, to be cut out and put in.

The comment lines that stand right above a head belong to it, as people mean them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geo.casefile.problems import Place

_HEAD: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)(\]\]?)\s*(?:#.*)?$")
_QUOTES: Final = re.compile(r'"""|' + "'''")


@dataclass(frozen=True, slots=True)
class _Head:
    """One line that begins a table: its number, the keys in it, whether it is an entry of a list."""

    line: int
    path: tuple[str, ...]
    is_entry: bool


def cut(text: str, place: Place) -> tuple[str, str] | None:
    """The text without the entry of a list of tables, and the block that was taken; ``None`` when it has no block."""
    lines = text.splitlines(keepends=True)
    found = _span(lines, place)
    if found is None:
        return None
    start, end = found
    rest = "".join(lines[:start] + lines[end:])
    return rest if end < len(lines) else rest.rstrip("\r\n") + _newline(text), "".join(lines[start:end])


def put_in(text: str, place: Place, index: int, block: str) -> str | None:
    """The text with a block as entry ``index`` of the list of tables at ``place``.

    Returns:
        ``None`` when the list is not written in blocks, or stands in a table that is not.
    """
    lines = text.splitlines(keepends=True)
    before = _span(lines, (*place, index))
    last = _span(lines, (*place, index - 1)) if index else None
    around = _span(lines, place[:-1]) if len(place) > 1 else (0, len(lines))
    if around is None:
        return None
    at = before[0] if before else last[1] if last else around[1]
    above, below = "".join(lines[:at]).rstrip("\r\n"), "".join(lines[at:])
    newline = _newline(text)
    parts = [above, newline * 2 if above else "", block.strip("\r\n").replace("\n", newline), newline]
    return "".join([*parts, newline if below.strip() else "", below])


def _span(lines: list[str], place: Place) -> tuple[int, int] | None:
    """First line of the block of an entry, with the comments above it, and the first line after it."""
    heads = _heads(lines)
    names: tuple[str, ...] = ()
    low, high = 0, len(heads)
    for key, nth in zip(place[::2], place[1::2], strict=True):
        names = (*names, str(key))
        entries = [at for at in range(low, high) if heads[at].is_entry and heads[at].path == names]
        if not isinstance(nth, int) or nth >= len(entries):
            return None
        low = entries[nth]
        beyond = (at for at in range(low + 1, high) if heads[at].path[: len(names)] != names or heads[at].path == names)
        high = next(beyond, high)
    end = _with_comments(lines, heads[high].line) if high < len(heads) else len(lines)
    return _with_comments(lines, heads[low].line), end


def _with_comments(lines: list[str], head: int) -> int:
    while head and lines[head - 1].lstrip().startswith("#"):
        head -= 1
    return head


def _heads(lines: list[str]) -> list[_Head]:
    """All heads; what stands in a text of several lines is none."""
    found = []
    quote = ""
    for number, line in enumerate(lines):
        head = None if quote else _HEAD.match(line)
        if head and len(head[1]) == len(head[3]):
            path = _path(head[2])
            if path:
                found.append(_Head(number, path, len(head[1]) > 1))
        for mark in _QUOTES.findall(line):
            quote = mark if not quote else "" if mark == quote else quote
    return found


def _path(keys: str) -> tuple[str, ...]:
    try:
        here = tomllib.loads(f"[{keys}]")
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while here:
        key = next(iter(here))
        path.append(key)
        here = here[key]
    return tuple(path)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def put_line(text: str, place: Place, written: str | None) -> str | None:
    """The text with another value on the line of a key, or with a new line for it; without it for ``None``.

    Returns:
        ``None`` when the key has no line that holds its value and nothing else.
    """
    lines = text.splitlines(keepends=True)
    for depth in range(len(place) - 1, -1, -1):
        own = _own(lines, place[:depth])
        keys = place[depth:]
        if own is None or not all(isinstance(key, str) for key in keys):
            continue
        return _with_line(lines, own, [str(key) for key in keys], written, _newline(text))
    return None


def _own(lines: list[str], place: Place) -> tuple[int, int] | None:
    """First and last line (exclusive) of the values of a table itself, without the tables in it."""
    heads = _heads(lines)
    if not place:
        return 0, heads[0].line if heads else len(lines)
    if isinstance(place[-1], int):
        span = _span(lines, place) if len(place) % 2 == 0 and _alternates(place) else None
        at = next((at for at, head in enumerate(heads) if span and head.line >= span[0]), None)
    else:
        named = tuple(str(part) for part in place) if all(isinstance(part, str) for part in place) else ()
        at = next((at for at, head in enumerate(heads) if head.path == named and not head.is_entry), None)
    if at is None:
        return None
    return heads[at].line + 1, heads[at + 1].line if at + 1 < len(heads) else len(lines)


def _alternates(place: Place) -> bool:
    return all(isinstance(part, int if index % 2 else str) for index, part in enumerate(place))


def _with_line(
    lines: list[str], own: tuple[int, int], keys: list[str], written: str | None, newline: str
) -> str | None:
    start, end = own
    found = _line_of(lines[start:end], keys)
    if found is not None:
        return _with_changed_line(lines, start + found, written, newline)
    if written is None:
        return None
    # Beside its kin (title.en, title.de), else after the last value.
    kin = [at for at in range(start, end) if re.match(rf"\s*{re.escape(keys[0])}\s*\.", lines[at])]
    filled = [at for at in range(start, end) if lines[at].strip() and not lines[at].lstrip().startswith("#")]
    at = (kin or filled or [start - 1])[-1] + 1
    above = "".join(lines[:at])
    gap = newline if above and not above.endswith("\n") else ""
    return f"{above}{gap}{'.'.join(map(_key, keys))} = {written}{newline}{''.join(lines[at:])}"


def _with_changed_line(lines: list[str], at: int, written: str | None, newline: str) -> str | None:
    head, equals, value = lines[at].partition("=")
    if "#" in value or not _is_value(value):
        return None
    line = "" if written is None else f"{head}{equals} {written}{newline if value.endswith(newline) else ''}"
    return "".join([*lines[:at], line, *lines[at + 1 :]])


def _line_of(lines: list[str], keys: list[str]) -> int | None:
    pattern = re.compile(
        r"\s*" + r"\s*\.\s*".join(f"(?:{re.escape(key)}|[\"']{re.escape(key)}[\"'])" for key in keys) + r"\s*="
    )
    return next((at for at, line in enumerate(lines) if pattern.match(line)), None)


def _is_value(written: str) -> bool:
    try:
        tomllib.loads(f"a = {written}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
