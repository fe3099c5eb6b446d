"""How far the reading of a file is, for whoever wants to show it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Listener = Callable[[float, str], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener | None) -> Iterator[None]:
    """While this holds, ``tell`` reaches the listener."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(done: int, whole: int, words: str) -> None:
    """So much of the whole is done; cheap enough for every block of a file, not for every row."""
    listener = _listener.get()
    if listener is not None:
        listener(min(done / max(whole, 1), 1.0), words)
