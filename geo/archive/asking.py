"""How an answer comes out of its engine: in batches, stopped from another thread, with the share that is done."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis
    import pyarrow as pa

    from geo.archive.question import Question

_STOPPED: Final = "the question was stopped before it was answered"
#: One question at a time on a connection that is not ours to double.
_LOCKS: Final[WeakKeyDictionary[Any, RLock]] = WeakKeyDictionary()
_LOCKS_LOCK: Final = Lock()
#: What a connection of DuckDB is told before it answers: to know how far it is without printing that, and to take no
#: variable of Python for a table.
_OF_A_RUN: Final = (
    "SET enable_progress_bar = true",
    "SET enable_progress_bar_print = false",
    "SET python_enable_replacements = false",
)


def _brought(connection: Any, question: Question) -> None:  # noqa: ANN401  a connection of DuckDB
    """Tables in memory that a question brings with it, made known."""
    from ibis.expr import operations

    for held in question.rows.op().find(operations.InMemoryTable):
        connection.register(held.name, held.data.to_pyarrow(held.schema))


class Asking:
    """The runs of one answer.

    DuckDB answers every run on a connection of its own to the same database, which shares its memory and its bound:
    so several threads ask at once, and an answer may be read while the next one begins. Tables that only the given
    connection sees (temporary ones) are asked there, one question at a time, and so are those of other engines. Spark
    takes any number at once.
    """

    def __init__(self, connection: ibis.BaseBackend) -> None:
        self._connection = connection
        self._open: list[Any] = []
        self._lock = Lock()
        self.is_stopped = False

    def sql(self, question: Question) -> str:
        """The question in the SQL of its engine."""
        return question.sql(self._connection)

    def interrupt(self) -> None:
        """Stop what runs, and what would."""
        with self._lock:
            self.is_stopped = True
            for one in self._open:
                one.interrupt()

    @property
    def progress(self) -> float | None:
        """The share done of what runs, 0 to 1; ``None`` where nothing runs or the engine does not say."""
        with self._lock:
            shares = [one.query_progress() for one in self._open if hasattr(one, "query_progress")]
        known = [share / 100 for share in shares if share >= 0]
        return min(known) if known else None

    def batches(self, question: Question, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows of the answer as the engine gives them, up to so many at a time.

        Raises:
            ArchiveError: when it was stopped, or the engine cannot answer.
        """
        if self.is_stopped:
            raise ArchiveError(_STOPPED)
        if self._connection.name != "duckdb":
            yield from (self._spark if self._connection.name == "pyspark" else self._others)(question, rows)
            return
        import duckdb

        try:
            yield from self._duckdb(question, rows)
        except duckdb.InterruptException as stopped:
            raise ArchiveError(_STOPPED) from stopped
        except duckdb.OutOfMemoryException as much:
            raise ArchiveError(
                "the answer takes more memory than DuckDB may have; ask for less time or a smaller area, or open the "
                "archive with a connection that may take more"
            ) from much
        except duckdb.IOException as gone:
            raise ArchiveError(f"a file of the archive cannot be read; open the archive again: {gone}") from gone
        except duckdb.Error as wrong:
            raise ArchiveError(f"DuckDB cannot answer: {wrong}") from wrong

    def _duckdb(self, question: Question, rows: int) -> Iterator[pa.RecordBatch]:
        import duckdb

        con, sql = self._connection.con, self.sql(question)
        cursor = con.cursor()
        try:
            for setting in _OF_A_RUN:
                cursor.execute(setting)
            _brought(cursor, question)
            with self._noted(cursor):
                try:
                    found = cursor.sql(sql).to_arrow_reader(rows)
                except duckdb.CatalogException:
                    yield from self._where_it_is(con, question, sql, rows)
                else:
                    yield from found
        finally:
            cursor.close()

    def _where_it_is(self, con: Any, question: Question, sql: str, rows: int) -> Iterator[pa.RecordBatch]:  # noqa: ANN401  as above
        """The rows of tables that this connection alone sees: all at once, for it can do nothing else until then."""
        with self._alone(), self._noted(con):
            _brought(con, question)
            found = con.sql(sql).to_arrow_table()
        yield from found.to_batches(rows)

    def _spark(self, question: Question, rows: int) -> Iterator[pa.RecordBatch]:
        from ibis.expr import operations

        from geo.archive import spark  # it knows Spark's names

        run = spark.Run(self._connection)
        session = self._connection._session  # noqa: SLF001  Ibis has no other way to it
        brought = question.rows.op().find(operations.InMemoryTable)
        try:
            for held in brought:
                session.createDataFrame(held.data.to_pyarrow(held.schema)).createOrReplaceTempView(held.name)
            with self._noted(run):
                yield from run.batches(self.sql(question), question.schema.to_pyarrow(), rows)
        except ArchiveError as wrong:
            if self.is_stopped:
                raise ArchiveError(_STOPPED) from wrong
            raise
        finally:
            for held in brought:
                session.catalog.dropTempView(held.name)

    def _others(self, question: Question, rows: int) -> Iterator[pa.RecordBatch]:
        with self._alone():
            if self._connection.name == "trino":
                yield from self._trino(question, rows)
            else:
                yield from question.expression.to_pyarrow_batches(chunk_size=rows)

    def _trino(self, question: Question, rows: int) -> Iterator[pa.RecordBatch]:
        from geo.archive import trino  # it knows Trino's names

        run = trino.Run(self._connection)
        try:
            with self._noted(run):
                yield from run.batches(self.sql(question), question.schema.to_pyarrow(), rows)
        except ArchiveError as wrong:
            if self.is_stopped:
                raise ArchiveError(_STOPPED) from wrong
            raise

    def _alone(self) -> RLock:
        with _LOCKS_LOCK:
            return _LOCKS.setdefault(self._connection, RLock())

    @contextmanager
    def _noted(self, run: Any) -> Iterator[None]:  # noqa: ANN401  a connection of DuckDB
        with self._lock:
            if self.is_stopped:
                raise ArchiveError(_STOPPED)
            self._open.append(run)
        try:
            yield
        finally:
            with self._lock:
                self._open.remove(run)
