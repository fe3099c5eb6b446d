"""What a question of an archive gives: an expression that nobody has run yet, and its rows as a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.archive.asking import Asking
from geo.archive.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import ibis
    from ibis.expr.types import Table

#: What times are when they leave an archive.
UTC_MS: Final = pa.timestamp("ms", tz="UTC")


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The rows that a question asks for, in a fixed order; nothing is read before they are.

    ``missing_days`` are the days asked for that the archive does not hold: of those it says nothing. Each call of
    ``batches``, ``table`` and ``rows`` runs the question anew.
    """

    question: Question
    missing_days: tuple[date, ...]
    asking: Asking

    @classmethod
    def of(cls, asked: Question | Table, connection: ibis.BaseBackend, missing_days: tuple[date, ...] = ()) -> Self:
        """The answer to this question, or the one that this expression is, on this engine."""
        return cls(asked if isinstance(asked, Question) else Question(asked), missing_days, Asking(connection))

    @property
    def expression(self) -> Table:
        """An Ibis table, to be asked further; its times are UTC without a zone, its decimals decimals."""
        return self.question.expression

    @property
    def schema(self) -> pa.Schema:
        """Columns as they come out: times in milliseconds with UTC as their zone, decimals as floating point."""
        return pa.schema([_leaving(field) for field in self.question.schema.to_pyarrow()])

    def sql(self) -> str:
        """The question in the SQL of its engine; that of DuckDB names its files, and can be run as it is."""
        return self.asking.sql(self.question)

    def batches(self, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The rows as they come, up to ``rows`` at a time; memory is that of a few batches and of the engine.

        Positions are the nearest floating point numbers to the decimals in the archive: rounded to six digits they
        are those again, to one digit those with tenths.

        Raises:
            ArchiveError: when the engine cannot answer, or ``interrupt`` was called.
        """
        schema = self.schema
        for batch in self.asking.batches(self.question, rows):
            if batch.num_rows:
                columns = [_left(column, kind) for column, kind in zip(batch.columns, schema.types, strict=True)]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)

    def table(self) -> pa.Table:
        """All rows in memory.

        Raises:
            ArchiveError: as ``batches``.
        """
        return pa.Table.from_batches(self.batches(), self.schema)

    def rows(self) -> list[dict[str, Any]]:
        """All rows as plain values; times are aware.

        Raises:
            ArchiveError: as ``batches``.
        """
        found: list[dict[str, Any]] = self.table().to_pylist()
        return found

    def interrupt(self) -> None:
        """Stop the question from another thread; whoever reads its rows gets an ``ArchiveError``."""
        self.asking.interrupt()

    @property
    def is_stopped(self) -> bool:
        """Whether ``interrupt`` was called."""
        return self.asking.is_stopped

    @property
    def progress(self) -> float | None:
        """The share done of the question that runs, 0 to 1; ``None`` where none runs or the engine does not say."""
        return self.asking.progress


def _leaving(field: pa.Field) -> pa.Field:
    if pa.types.is_timestamp(field.type):
        return field.with_type(UTC_MS)
    return field.with_type(pa.float64()) if pa.types.is_decimal(field.type) else field


def _left(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(column.type):
        return _floats(column)
    if kind == UTC_MS and column.type.tz is None:
        return pc.assume_timezone(column.cast(pa.timestamp("ms"), safe=False), "UTC")
    return column if column.type == kind else column.cast(kind, safe=kind != UTC_MS)


def _floats(column: pa.Array) -> pa.Array:
    """The nearest floating point numbers; Arrow's own cast is off by a last digit now and then."""
    wide = column.cast(pa.decimal128(38, column.type.scale))
    words = np.frombuffer(wide.buffers()[1], dtype=np.int64)[2 * wide.offset : 2 * (wide.offset + len(wide)) : 2]
    return pa.array(words / 10.0**column.type.scale, mask=np.asarray(wide.is_null()))
