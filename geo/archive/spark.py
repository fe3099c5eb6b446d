"""Spark as an engine of archives (``docs/archive-engines.md``).

An archive is files that every machine of the cluster sees at the same path. Questions need nothing of ours there.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import uuid
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import ibis
    from ibis.expr.types import Table

#: What makes Spark answer as DuckDB does: times without a zone are UTC and are taken as they are, what is no number or
#: does not fit is an error; and what lets it skip rows of files, should a cluster have it otherwise.
EQUAL: Final[Mapping[str, str]] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.filterPushdown": "true",
    "spark.sql.parquet.enableVectorizedReader": "true",
    # The driver knows the files by name; a job to list a day of them would take longer than many a question.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "2000",
}
_QUIET: Final[Mapping[str, str]] = {"spark.log.level": "ERROR", "spark.ui.showConsoleProgress": "false"}
_OLDEST_JAVA: Final = 17
_PYTHON: Final = "spark.pyspark.python"
#: Seconds to wait for a master to take a connection.
_PATIENCE_S: Final = 10.0
_TYPES: Final = {
    pa.string(): "STRING",
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INT",
    pa.bool_(): "BOOLEAN",
    pa.float64(): "DOUBLE",
    pa.timestamp("ms"): "TIMESTAMP_NTZ",
}


def connect(
    master: str | None = None,
    *,
    session: Any = None,  # noqa: ANN401  pyspark.sql.SparkSession, which is an extra
    settings: Mapping[str, str] | None = None,
) -> ibis.BaseBackend:
    """Spark as an engine of archives: ``Archive.open(root, spark.connect("spark://host:7077"))``.

    Args:
        master: the address of a cluster, or ``local[2]`` for this machine alone.
        session: a session of Spark that is there already, in place of ``master``, and not one of Spark Connect. It
            stays as it is: questions are asked in another one beside it.
        settings: of a session that is begun here, by the names that Spark has for them, as ``spark.executor.memory``.

    Raises:
        ArchiveError: when Spark or Java is missing, nobody answers at ``master``, or Spark cannot begin.
    """
    try:
        import ibis
        import pyspark  # noqa: F401  whether it is there
    except ModuleNotFoundError as missing:
        raise ArchiveError("Spark is not installed: pip install 'flightcase[spark]'") from missing
    if (master is None) == (session is None):
        raise ArchiveError(
            "Spark is reached by the address of a master or in a session that is there: give one of them"
        )
    if session is None:
        session = _begun(str(master), settings or {})
    if not hasattr(session, "sparkContext"):
        raise ArchiveError(
            "a session of Spark Connect cannot be told to stop a question; give a session of the cluster itself"
        )
    session = session.newSession()
    for name, value in EQUAL.items():
        session.conf.set(name, value)
    return ibis.pyspark.connect(session)


def _begun(master: str, settings: Mapping[str, str]) -> Any:  # noqa: ANN401  pyspark.sql.SparkSession
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    _need_java()
    if master.startswith("spark://"):
        _need_master(master)
    before = begun_master()
    if before not in (None, master):
        raise ArchiveError(
            f"this process has a session of Spark at {before} and can have no second one; give that one, "
            "connect(session=…), or stop it first"
        )
    python = settings.get(_PYTHON) or os.environ.get("PYSPARK_PYTHON") or sys.executable
    builder = SparkSession.builder.master(master).appName("flightcase")
    for name, value in {**_QUIET, **settings}.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (Py4JError, PySparkException, RuntimeError) as wrong:
        raise ArchiveError(f"Spark cannot begin at {master}: {first_line(wrong)}") from wrong
    # pyspark takes this from its environment alone.
    session.sparkContext.pythonExec = python
    return session


def begun_master() -> str | None:
    """The master of the session of Spark that this process has; ``None`` where it has none."""
    if "pyspark" not in sys.modules:
        return None
    from pyspark import SparkContext

    active = SparkContext._active_spark_context  # noqa: SLF001  pyspark tells that of the thread that asks only
    return None if active is None else str(active.master)


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if program is None or not Path(program).exists():
        raise ArchiveError(
            f"Spark needs Java {_OLDEST_JAVA} or later, and there is none{f' at JAVA_HOME, {home}' if home else ''}; "
            "install one, or say in JAVA_HOME where it is"
        )
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603  found above
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is None or int(found[1]) < _OLDEST_JAVA:
        which = found[1] if found else "one that does not say its version"
        raise ArchiveError(
            f"Spark needs Java {_OLDEST_JAVA} or later, and {program} is {which}; say in JAVA_HOME where a later one is"
        )


def _need_master(master: str) -> None:
    """That somebody takes connections at one of these addresses: Spark itself waits a minute to say less."""
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise ArchiveError(f"{master} is no address of a Spark master; write it as spark://host:7077")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_S).close()
        except OSError:
            continue
        return
    raise ArchiveError(f"no Spark master answers at {master}; is it running, and can this machine reach it?")


def parquet(connection: Any, files: Sequence[str], schema: pa.Schema) -> Table:  # noqa: ANN401  Ibis's backend of Spark
    """The rows of these files of one schema; of no file, no row.

    The schema is told: Spark would read it from a file first, which is a job of its own.
    """
    import ibis
    from ibis.expr.operations import DatabaseTable
    from ibis.util import gen_name

    session, name = connection._session, gen_name("flightcase")  # noqa: SLF001  Ibis has no other way to it
    kinds = {one.name: _kind(one.type) for one in schema}
    if files:
        told = ", ".join(f"{column} {kind}" for column, kind in kinds.items())
        frame = session.read.schema(told).parquet(*map(_address, files))
    else:
        nothing = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in kinds.items())
        frame = session.sql(f"SELECT {nothing} WHERE FALSE")
    frame.createOrReplaceTempView(name)
    return DatabaseTable(name, ibis.Schema.from_pyarrow(schema), connection).to_expr()


def _kind(kind: pa.DataType) -> str:
    return f"DECIMAL({kind.precision}, {kind.scale})" if pa.types.is_decimal(kind) else _TYPES[kind]


def _address(file: str) -> str:
    """A file of every machine, whatever file system the cluster would else look in; no letter of it a pattern."""
    return "file://" + re.sub(r"([\\*?\[\]{}])", r"\\\1", str(Path(file).absolute()))


class Run:
    """A question that Spark answers: it can be stopped from another thread, and says how far it is."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401  Ibis's backend of Spark
        self._session = connection._session  # noqa: SLF001  Ibis has no other way to it
        self._group = f"flightcase-{uuid.uuid4().hex}"
        self._is_stopped = False

    def batches(self, sql: str, schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows of a query, partition by partition, so that no more than two of them are here at once.

        Ibis would take all rows at once and through pandas, which has no whole numbers with holes.

        Raises:
            ArchiveError: when Spark cannot answer.
        """
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            found = self._begun(sql)
            while held := list(islice(found, rows)):
                self._go_on()
                columns = zip(*held, strict=True)
                arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
            self._go_on()
        except (Py4JError, PySparkException) as wrong:
            raise ArchiveError(f"Spark cannot answer: {first_line(wrong)}") from wrong

    def _begun(self, sql: str) -> Iterator[Any]:
        """The rows of Spark; their jobs are of our group, in which what runs in the thread that asks stays not."""
        context = self._session.sparkContext
        context.setJobGroup(self._group, "flightcase", interruptOnCancel=True)
        try:
            frame = _utc(self._session.sql(sql))
            rows: Iterator[Any] = frame.toLocalIterator(prefetchPartitions=True)
        finally:
            for name in ("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel"):
                context.setLocalProperty(name, None)
        return rows

    def _go_on(self) -> None:
        """What is under way from a job that has ended still comes."""
        if self._is_stopped:
            raise ArchiveError("Spark was told to stop")

    def interrupt(self) -> None:
        """Stop it."""
        self._is_stopped = True
        self._session.sparkContext.cancelJobGroup(self._group)

    def query_progress(self) -> float:
        """The share of the tasks known so far that is done, in percent; -1 where none is known."""
        tracker = self._session.sparkContext.statusTracker()
        jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(self._group)]
        stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
        known = [stage for stage in stages if stage]
        tasks = sum(stage.numTasks for stage in known)
        return 100 * sum(stage.numCompletedTasks for stage in known) / tasks if tasks else -1.0


def _utc(frame: Any) -> Any:  # noqa: ANN401  a frame of Spark
    """The frame with its times without a zone: pyspark gives those with one in the zone of this machine."""
    from pyspark.sql.types import TimestampType

    zoned = {one.name for one in frame.schema.fields if isinstance(one.dataType, TimestampType)}
    return frame.select(
        *(frame[name].cast("timestamp_ntz").alias(name) if name in zoned else frame[name] for name in frame.columns)
    )


def first_line(wrong: BaseException) -> str:
    """What an error of Spark says, without the stack of Java under it."""
    said = str(getattr(wrong, "java_exception", None) or wrong).strip()
    return next((line.strip() for line in said.splitlines() if line.strip()), type(wrong).__name__)
