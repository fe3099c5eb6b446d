"""How values show themselves in a notebook.

Who draws them stands above them in the house: it is told here, and no value imports upwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_drawings: list[Callable[[Any], str]] = []


def draw_with(drawing: Callable[[Any], str]) -> None:
    """Say what makes HTML of the values that are ``Shown``; who is named last does."""
    _drawings[:] = [drawing]


class Shown:
    """A value that notebooks show as more than its text."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        """What Jupyter and its like ask for; ``None`` lets them write the text."""
        return _drawings[0](self) if _drawings else None
