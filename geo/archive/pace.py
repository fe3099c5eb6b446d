"""How far a build is, how fast it goes and how long it may take yet, as it is told while it runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[[float, float, str], None]

#: So long passes before a rate says something.
_SETTLED_S: Final = 2.0
#: What is never told to be more before all is done, whatever the estimates come to.
_NEARLY: Final = 0.999


class Pace:
    """What is done of a whole, both in bytes of sources.

    Args:
        told: called with what is done, the whole, and words for a person.
    """

    def __init__(self, told: Told | None) -> None:
        self._told = told
        self._begun = time.monotonic()
        self._whole = self._done = self._found = 0.0
        self._rows = 0

    def more(self, units: float) -> None:
        """There is more to do than was known."""
        self._whole += units

    def found(self, units: float) -> None:
        """So much of the whole was done before this build began."""
        self._found += units
        self._done += units

    def did(self, units: float, words: str, rows: int = 0) -> None:
        """So much more is done, and so many rows with it; tell it."""
        self._done += units
        self._rows += rows
        if self._told is not None:
            done = min(self._done, _NEARLY * self._whole)
            self._told(done, self._whole, ", ".join([words, *self._figures()]))

    def ended(self) -> None:
        """All is done."""
        if self._told is not None and self._whole > 0:
            spent = _lasting(time.monotonic() - self._begun).removeprefix("about ")
            self._told(self._whole, self._whole, ", ".join(["built", *self._figures()[:1], f"in {spent}"]))

    def _figures(self) -> list[str]:
        spent = time.monotonic() - self._begun
        done = self._done - self._found
        said = [f"{self._rows / 1e6:.1f} M rows"] if self._rows else []
        if spent >= _SETTLED_S and done > 0:
            if self._rows:
                said.append(f"{self._rows / spent / 1e6:.2f} M rows/s")
            said.append(f"{_lasting(max(self._whole - self._done, 0.0) * spent / done)} left")
        return said


def _lasting(seconds: float) -> str:
    """A duration in words, as exact as an estimate is."""
    minute, hour = 60, 3600
    if seconds < 1.5 * minute:
        return f"about {max(1, round(seconds))} s"
    if seconds < 1.5 * hour:
        return f"about {round(seconds / minute)} min"
    return f"about {seconds / hour:.1f} h"
