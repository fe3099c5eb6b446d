"""What an archive answers, as it is told: a table, JSON, or a file; and what it cannot say."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from geo.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from geo.archive import Answer

    Row = Mapping[str, Any]

#: Rows on a screen when nobody says how many.
LIMIT: Final = 1_000
_TICK_S: Final = 0.5
#: Rows that are made plain values together.
_TOGETHER: Final = 1_024
_DECIMALS: Final = {"lat": 5, "lon": 5, "nearest_km": 3}


def save(answer: Answer, path: str, *, as_json: bool) -> int:
    """Write all rows into a file and say how many there are; it gives that number."""
    from geo.archive.saving import save  # each command loads what it needs

    with waiting(answer):
        count = save(answer, path)
    if as_json:
        missing = [day.isoformat() for day in answer.missing_days]
        output.print_json({"path": path, "written": count, "missing_days": missing})
    else:
        print(f"{path}: {count:,} row{'' if count == 1 else 's'}")
    return count


def tell(answer: Answer, columns: Sequence[str], limit: int | None, *, as_json: bool) -> int:
    """Print the rows, up to ``limit`` where it is given, as JSON or as a table of some columns; how many there are."""
    stream = _Stream(answer)
    if as_json:
        from geo.archive.saving import object_of  # each command loads what it needs

        sys.stdout.writelines(object_of(islice(stream.rows(), limit), answer.missing_days))
    else:
        rows = list(islice(stream.rows(), LIMIT if limit is None else limit))
        print(*(_table(rows, columns) if rows else ()), sep="\n", end="\n" if rows else "")
    more = stream.rest()
    if more:
        print(f"{more:,} more rows; -o OUT writes all", file=sys.stderr)
    return stream.given + more


class _Stream:
    """Rows that are counted as they come; those that nobody wants to see are counted only."""

    def __init__(self, answer: Answer) -> None:
        self.given = 0
        self._batches = answer.batches()
        self._left = 0
        with waiting(answer):
            self._first = next(self._batches, None)

    def rows(self) -> Iterator[Row]:
        """One after the other."""
        for batch in chain([] if self._first is None else [self._first], self._batches):
            self._left = batch.num_rows
            for start in range(0, batch.num_rows, _TOGETHER):
                for row in batch.slice(start, _TOGETHER).to_pylist():
                    self._left -= 1
                    self.given += 1
                    yield row

    def rest(self) -> int:
        """How many there are beyond those that were given."""
        count: int = self._left + sum(batch.num_rows for batch in self._batches)
        return count


def tell_missing(days: Sequence[date]) -> None:
    """Say which days are not there, on standard error, days in a row together."""
    if days:
        print(f"not in the archive, so nothing is known of it: {', '.join(_runs(days))}", file=sys.stderr)


def _runs(days: Sequence[date]) -> Iterator[str]:
    start = last = days[0]
    for day in [*days[1:], None]:
        if day is not None and day - last == timedelta(days=1):
            last = day
            continue
        yield start.isoformat() if start == last else f"{start.isoformat()} to {last.isoformat()}"
        start = last = day or last


@contextmanager
def waiting(answer: Answer) -> Iterator[None]:
    """Show how far the engine is while this goes on."""
    done = threading.Event()

    def tick() -> None:
        while not done.wait(_TICK_S):
            output.progress(min(answer.progress or 0.0, 0.99), "asking the archive")

    ticking = threading.Thread(target=tick, daemon=True)
    ticking.start()
    try:
        yield
    finally:
        done.set()
        ticking.join()
    output.progress(1.0, "asking the archive")


def _table(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[str]:
    """Lines with a heading, columns as wide as their longest cell, numbers to the right."""
    cells = [[_cell(name, row[name]) for name in columns] for row in rows]
    wide = [max([len(name), *(len(row[at]) for row in cells)]) for at, name in enumerate(columns)]
    right = [all(row[name] is None or _is_number(row[name]) for row in rows) for name in columns]
    for line in [list(columns), *cells]:
        padded = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, wide, right, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(name: str, value: Any) -> str:  # noqa: ANN401  a value of a row
    """A value for a screen; text that could move the cursor is written with its codes."""
    from geo.tracks.names import escaped  # each command loads what it needs

    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        decimals = _DECIMALS.get(name, _DECIMALS.get(name.rpartition("_")[2], _DECIMALS.get(name.partition("_")[0], 1)))
        return f"{value:,.{decimals}f}"
    return f"{value:,}" if isinstance(value, int) else escaped(value)
