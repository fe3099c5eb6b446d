"""XML as text: names escaped, and columns as the attributes of one element a fix."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SPECIAL: Final = frozenset("&<>\"'")
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def attributes(columns: Mapping[str, Sequence[str]], index: Iterable[int]) -> list[str]:
    """For each of these fixes its columns as attributes, those without a value left out."""
    chosen = list(index)
    named = [_named(name, [column[at] for at in chosen]) for name, column in columns.items()]
    return ["".join(parts) for parts in zip(*named, strict=True)]


def _named(name: str, texts: Sequence[str]) -> list[str]:
    if not _SPECIAL.isdisjoint("".join(texts)):
        texts = [escape(text) for text in texts]
    return [f' {name}="{text}"' if text else "" for text in texts]


def element(name: str, text: str, attributes: str = "") -> str:
    """An element that holds this text."""
    return f"<{name}{attributes}>{escape(text, quote=False)}</{name}>"
