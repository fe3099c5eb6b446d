"""Times of fixes: what a file writes, as POSIX seconds, and back as ISO 8601 in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.model.track import FloatColumn

#: A number below this many seconds is no time of day of any flight: it counts from something other than 1970.
LEAST_EPOCH_S: Final = 1e8
#: Times outside these years are no times of flights.
FIRST_S: Final = datetime(1950, 1, 1, tzinfo=UTC).timestamp()
LAST_S: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
#: From these values on a number counts milliseconds, microseconds, nanoseconds.
_FINER: Final = ((1e11, 1e3), (1e14, 1e6), (1e17, 1e9))
_EXAMPLE: Final = "2024-12-25T05:13:31Z"
_EPOCH_CELL: Final = re.compile(r"\+?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def iso(time_s: float) -> str:
    """ISO 8601 in UTC, ``2024-01-02T07:22:55Z``, with a fraction to the millisecond if there is one."""
    milliseconds = round(time_s * 1000)
    fraction = f".{milliseconds % 1000:03d}" if milliseconds % 1000 else ""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def clock(time_s: float) -> str:
    """The time of day of ``iso``."""
    milliseconds = round(time_s * 1000) % 86_400_000
    seconds, fraction = divmod(milliseconds, 1000)
    told = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{told}.{fraction:03d}" if fraction else told


def epoch_s(values: FloatColumn) -> FloatColumn:
    """Seconds since 1970 of numbers that count seconds, milli-, micro- or nanoseconds since then; NaN for all others.

    Which of them it is follows from the size alone: as seconds, 1e11 is the year 5138; as milliseconds it is 1973.
    """
    seconds = np.array(values, dtype=np.float64)
    for least, divisor in _FINER:
        seconds = np.where(values >= least, values / divisor, seconds)
    seconds[~((values >= LEAST_EPOCH_S) & (seconds <= LAST_S))] = np.nan
    return seconds


def naive(found: str) -> str:
    """The sentence on a time without a zone."""
    return (
        f"the time {shown(found)} has no zone; write it in UTC as {_EXAMPLE}, or with an offset as "
        "2024-12-25T09:13:31+04:00, or call the column time_utc if it is in UTC"
    )


def seconds_of(cell: str, *, utc: bool = False, offset_s: float = 0.0) -> float:
    """POSIX seconds of one cell: ISO 8601 with a zone, or a number since 1970.

    ``utc``: also without a zone, and then as many seconds ahead of UTC as ``offset_s`` says.

    Raises:
        ValueError: a sentence that says what is wrong and what to write.
    """
    if _EPOCH_CELL.fullmatch(cell):
        count = float(cell)
        seconds = count / next((divisor for least, divisor in reversed(_FINER) if count >= least), 1.0)
        if not LEAST_EPOCH_S <= seconds <= LAST_S:
            raise ValueError(
                f"the time {shown(cell)} is no count of seconds or milliseconds since 1970; write {_EXAMPLE}"
            )
        return seconds
    try:
        moment = datetime.fromisoformat(cell.upper())
    except ValueError as wrong:
        raise ValueError(f"the time {shown(cell)} is none that can be read; write {_EXAMPLE}") from wrong
    if moment.tzinfo is None:
        if not utc:
            raise ValueError(naive(cell))
        moment = moment.replace(tzinfo=timezone(timedelta(seconds=offset_s)))
    try:
        seconds = moment.timestamp()
    except (OverflowError, ValueError):
        seconds = np.inf
    if not FIRST_S <= seconds <= LAST_S:
        raise ValueError(f"the time {shown(cell)} is not between 1950 and 2100")
    return seconds


def times(cells: Sequence[str], *, utc: bool = False, offset_s: float = 0.0) -> tuple[FloatColumn, dict[int, str]]:
    """POSIX seconds of these cells, and by index a sentence on each that is no time."""
    values = np.full(len(cells), np.nan)
    wrong: dict[int, str] = {}
    for index, cell in enumerate(cells):
        try:
            values[index] = seconds_of(cell, utc=utc, offset_s=offset_s)
        except ValueError as error:
            wrong[index] = str(error) if cell else f"it has no time; write {_EXAMPLE}"
    return values, wrong
