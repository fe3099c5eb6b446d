"""The engines that answer: DuckDB in this process unless another connection of Ibis is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis
    import pyarrow as pa
    from ibis.expr.types import Table

#: Memory that DuckDB may take before it writes to disk.
MEMORY: Final = "2GB"


def local(memory: str = MEMORY) -> ibis.BaseBackend:
    """DuckDB in this process.

    Raises:
        ArchiveError: when the extra ``archive`` is not installed.
    """
    try:
        import ibis  # only who asks an archive needs it
    except ModuleNotFoundError as missing:
        raise ArchiveError(
            "an archive needs DuckDB and Ibis, which are not installed: pip install 'flightcase[archive]'"
        ) from missing
    return ibis.duckdb.connect(memory_limit=memory, preserve_insertion_order=False)


def parquet(connection: ibis.BaseBackend, files: Sequence[str], schema: pa.Schema) -> Table:
    """The rows of these files of one schema; of no file, no row."""
    import ibis

    if not files:
        return ibis.memtable(schema.empty_table())
    if connection.name == "pyspark":
        return _spark(connection, files)
    return connection.read_parquet(list(files))


def _spark(connection: Any, files: Sequence[str]) -> Table:  # noqa: ANN401  Ibis's backend of Spark
    from ibis.util import gen_name

    name = gen_name("flightcase")
    connection._session.read.parquet(*files).createOrReplaceTempView(name)  # noqa: SLF001  read_parquet takes one path
    return connection.table(name)
