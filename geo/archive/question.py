"""A question in two parts: which rows are asked for, and what is made of them, the same whatever was asked for.

Ibis takes longer to build an expression and to write it as SQL than DuckDB takes for many an answer. The second part
knows nothing of the values of a question, so its SQL is made once for a connection, over rows that have but a name; the
rows of each question then get that name. Both parts are expressions of Ibis, and the whole is one too where it is asked
for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis
    from ibis.expr.types import Table

    #: A function of a module, so that it is the same every time; what it makes hangs on the columns of the rows alone.
    Then = Callable[[Table], Table]

#: What the rows of a question are called in its SQL.
ROWS: Final = "rows_"
_QUOTED: Final = re.compile(f'["`]{ROWS}["`]')
_WITH: Final = "WITH "
#: By connection: the SQL of what is made of rows, by that and by their columns.
_KEPT: Final[WeakKeyDictionary[Any, dict[tuple[Then, ibis.Schema], str]]] = WeakKeyDictionary()
#: An option of Ibis is one of the whole process.
_COMPILING: Final = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """The rows, and what is made of them; nothing where they are the answer."""

    rows: Table
    then: Then | None = None

    @property
    def expression(self) -> Table:
        """Both parts in one."""
        return self.rows if self.then is None else self.then(self.rows)

    @property
    def schema(self) -> ibis.Schema:
        """The columns of the answer."""
        return self.rows.schema() if self.then is None else _named(self.then, self.rows.schema()).schema()

    def sql(self, connection: ibis.BaseBackend) -> str:
        """The question in the SQL of an engine."""
        with _COMPILING:
            # Fusing what engines fuse themselves takes Ibis longer than DuckDB takes for many an answer.
            rows = _compiled(connection, self.rows, fused=False)
            if self.then is None:
                return rows
            kept, part = _KEPT.setdefault(connection, {}), (self.then, self.rows.schema())
            if part not in kept:
                kept[part] = _compiled(connection, _named(*part), fused=True)
            rest = kept[part]
        before, *behind = _QUOTED.split(rest)
        if len(behind) == 1:
            # DuckDB takes longer to plan a table that is named first.
            return f"{before}({rows}){behind[0]}"
        # Tables that the second part names itself come behind the rows, which they read.
        return f"{_WITH}{ROWS} AS ({rows})" + (f", {rest[len(_WITH) :]}" if rest.startswith(_WITH) else f" {rest}")


@lru_cache(maxsize=64)
def _named(then: Then, columns: ibis.Schema) -> Table:
    import ibis  # only who asks an archive needs it

    return then(ibis.table(columns, name=ROWS))


def _compiled(connection: ibis.BaseBackend, table: Table, *, fused: bool) -> str:
    import ibis

    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = fused
    try:
        return str(connection.compile(table))
    finally:
        ibis.options.sql.fuse_selects = before
