"""An answer whose rows are worked out here, one after the other, from what its engine gives."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from geo.archive.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geo.archive.question import Question

    #: Gives the rows of the answer, from the first answer and from what else it asks the engine for.
    Work = Callable[[Answer, Callable[[Question], Answer]], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Reduced(Answer):
    """An answer of the same use as any other; ``question`` is what the engine is asked first.

    Its rows have the columns of that, and those of ``more``, in an order of their own that is the same every time.
    """

    more: pa.Schema
    work: Work

    @classmethod
    def on(cls, first: Answer, more: pa.Schema, work: Work) -> Self:
        """What is worked out from this answer, in its run: stopped with it, on its engine."""
        return cls(first.question, first.missing_days, first.asking, more, work)

    @property
    def schema(self) -> pa.Schema:
        """Columns as they come out."""
        return pa.schema([*self._first.schema, *self.more])

    @property
    def _first(self) -> Answer:
        return Answer(self.question, (), self.asking)

    def batches(self, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The rows as they are worked out, up to ``rows`` at a time.

        Raises:
            ArchiveError: when the engine cannot answer, or ``interrupt`` was called.
        """
        schema = self.schema
        found = self.work(self._first, lambda question: Answer(question, (), self.asking))
        while some := list(islice(found, rows)):
            yield pa.RecordBatch.from_pylist(some, schema=schema)
