"""A table of text in parts: what is clean at once, what is not halved until the lines at fault stand by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

#: Bytes that are tried at once, and below which a part is not halved further.
PART: Final = 1 << 22
LEAST: Final = 1 << 15


def halved(
    text: bytes,
    start: int,
    line: int,
    quick: Callable[[memoryview, int], tuple[T, int] | None],
    careful: Callable[[memoryview, int], T],
) -> Iterator[T]:
    """What ``quick`` makes of each part of ``text`` from ``start`` on, and ``careful`` where ``quick`` makes nothing.

    A part is whole lines; ``line`` is the number of the first. Both are given the part and the number of its first
    line; ``quick`` says how many lines there were. With few lines at fault the time is linear in the length of the
    text, at worst it takes a factor of the logarithm of ``PART / LEAST``.
    """
    view = memoryview(text)
    waiting: list[tuple[int, int]] = []
    while waiting or start < len(text):
        first, last = waiting.pop() if waiting else (start, _end_of_line(text, start + PART))
        start = max(start, last)
        made = quick(view[first:last], line)
        if made is not None:
            yield made[0]
            line += made[1]
        elif last - first > LEAST and (middle := _cut(text, first, last)):
            waiting += [(middle, last), (first, middle)]
        else:
            yield careful(view[first:last], line)
            line += text.count(b"\n", first, last)


def _end_of_line(text: bytes, at: int) -> int:
    end = text.find(b"\n", at - 1)
    return len(text) if end < 0 else end + 1


def _cut(text: bytes, first: int, last: int) -> int:
    """The beginning of a line near the middle of the part, or 0 if it is one line."""
    middle = text.find(b"\n", (first + last) // 2, last - 1) + 1
    return middle or text.rfind(b"\n", first, (first + last) // 2) + 1
