"""How values stand in the TOML of a case file: which have a head of their own, which share a line."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import tomlkit

if TYPE_CHECKING:
    from tomlkit.items import Table

#: A table whose values are all shorter reads best on one line.
_SHORT: Final = 30
#: Keys of lists of tables, written as ``[[event]]`` and not as one long line.
LISTS: Final = frozenset({"track", "other", "stretch", "known", "event", "claim", "step", "correction"})


def as_it_was(text: str, parsed: str, merged: str) -> str:
    """``merged`` with the lines of ``text`` that parsing alone has changed put back.

    tomlkit 0.15 loses the space after a date that ends an inline table.
    """
    if parsed == text:
        return merged
    before, after = text.splitlines(keepends=True), parsed.splitlines(keepends=True)
    if len(before) != len(after):
        return merged
    spelled = {new: old for old, new in zip(before, after, strict=True) if old != new}
    return "".join(spelled.get(line, line) for line in merged.splitlines(keepends=True))


def item(key: str, value: Any) -> Any:  # noqa: ANN401  a TOML value
    """What is written for a value under a key: a table, a list of tables, a list on one line, or the value."""
    if isinstance(value, dict):
        return filled(tomlkit.table(), value)
    if are_tables(key, value):
        tables = tomlkit.aot()
        for entry in value:
            tables.append(filled(tomlkit.table(), entry))
        return tables
    if isinstance(value, list):
        array = tomlkit.array()
        for entry in value:
            array.append(inline(entry))
        return array
    return value


def filled(table: Table, value: dict[str, Any]) -> Table:
    """``table`` with these keys, tables after values, as TOML wants them."""
    for key, entry in sorted(value.items(), key=lambda item: is_table(item[0], item[1])):
        table.add(key, item(key, entry) if is_table(key, entry) or isinstance(entry, list) else inline(entry))
    return table


def are_tables(key: str, value: object) -> bool:
    """Whether a value is a list of tables that is written as ``[[…]]``."""
    return key in LISTS and isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def is_table(key: str, value: object) -> bool:
    """Whether a value has a head of its own (``[…]`` or ``[[…]]``), after which no plain value may stand."""
    if isinstance(value, list):
        return are_tables(key, value)
    return isinstance(value, dict) and not is_small(value)


def is_small(value: dict[str, Any]) -> bool:
    """Whether a table reads best on one line: a time, a position, a clock."""
    return all(isinstance(entry, int | float | datetime | date) or len(str(entry)) < _SHORT for entry in value.values())


def inline(value: Any) -> Any:  # noqa: ANN401  a TOML value
    """A value on one line."""
    if not isinstance(value, dict):
        return value
    table = tomlkit.inline_table()
    for key, entry in value.items():
        table.append(key, inline(entry))
    return table
