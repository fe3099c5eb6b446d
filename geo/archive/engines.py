"""The engines that answer: DuckDB in this process unless another connection of Ibis is given."""

from __future__ import annotations

import tempfile
import uuid
from functools import cache
from pathlib import Path
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
    # What does not fit goes to disk: not into the folder that the user happens to be in, nor where another one's does.
    spill = Path(tempfile.gettempdir()) / f"flightcase-{uuid.uuid4().hex}"
    made = ibis.duckdb.connect(memory_limit=memory, preserve_insertion_order=False, temp_directory=str(spill))
    # Files of an archive never change, so what they say of themselves need not be read twice.
    made.con.execute("SET GLOBAL parquet_metadata_cache = true")
    return made


def parquet(connection: ibis.BaseBackend, files: Sequence[str], schema: pa.Schema) -> Table:
    """The rows of these files of one schema; of no file, no row."""
    import ibis

    if connection.name == "duckdb":
        return _duckdb(connection, files, schema)
    if connection.name == "pyspark":
        from geo.archive import spark  # it knows Spark's names

        return spark.parquet(connection, files, schema)
    if not files:
        return ibis.memtable(schema.empty_table())
    return connection.read_parquet(list(files))


def _duckdb(connection: Any, files: Sequence[str], schema: pa.Schema) -> Table:  # noqa: ANN401  Ibis's backend of DuckDB
    """The files named in the query: a view would be seen by one connection alone, and would stay."""
    kinds = _kinds(schema)
    if files:
        names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        query = f"SELECT * FROM read_parquet([{names}])"  # noqa: S608  names are quoted
    else:
        columns = ", ".join(f"CAST(NULL AS {_sql(kind)}) AS {name}" for name, kind in kinds.items())
        query = f"SELECT {columns} WHERE FALSE"
    return connection.sql(query, schema=kinds)


@cache
def _kinds(schema: pa.Schema) -> ibis.Schema:
    import ibis

    return ibis.Schema.from_pyarrow(schema)


def _sql(kind: ibis.DataType) -> str:
    from ibis.backends.sql.datatypes import DuckDBType

    return str(DuckDBType.to_string(kind))
