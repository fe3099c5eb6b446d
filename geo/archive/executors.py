"""Builds as Spark jobs: tasks on the executors of a cluster, which need Python and this package there.

Sources and archive are folders that every machine of the cluster sees at the same path.
"""

from __future__ import annotations

import pickle
import re
import uuid
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import pyarrow as pa

from geo.archive.spark import begun_master, connect, first_line
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import ibis

    from geo.archive import running

#: So many jobs of a build are handed to the cluster at once, at most; each is a thread here.
_JOBS: Final = 64
#: A file that every archive has, and whose content nobody reads.
_MARK: Final = ".lock"

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[_Task, _Result]):
    """A function of tasks that gives its error back: Spark would do the task three times more, and tell it as text."""

    function: Callable[[_Task], _Result]

    def __call__(self, task: _Task) -> tuple[bool, Any]:
        pa.set_cpu_count(1)  # there are as many tasks as cores
        try:
            return True, self.function(task)
        except Exception as wrong:  # noqa: BLE001  it is raised again where it can be told
            try:
                pickle.loads(pickle.dumps(wrong))  # noqa: S301  our own, to see whether it comes through
            except Exception:  # noqa: BLE001  not all do
                return False, ArchiveError(f"{type(wrong).__name__}: {wrong}")
            return False, wrong


def mapping(connection: ibis.BaseBackend) -> running.Mapping:
    """How a build works its tasks off on the executors of a cluster: ``build(…, mapping=mapping(connection))``.

    A task whose executor is lost is done again on another one.
    """
    context = connection._session.sparkContext  # noqa: SLF001  Ibis has no other way to it

    def mapped(function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
        group = f"flightcase-{uuid.uuid4().hex}"
        size = max(1, 2 * context.defaultParallelism // _JOBS)
        jobs = [tasks[start : start + size] for start in range(0, len(tasks), size)]

        def work(job: Sequence[_Task]) -> list[tuple[bool, Any]]:
            context.setJobGroup(group, "flightcase archive build", interruptOnCancel=True)
            found: list[tuple[bool, Any]] = context.parallelize(job, len(job)).map(_Kept(function)).collect()
            return found

        with ThreadPoolExecutor(_JOBS) as pool:
            running_ = [pool.submit(work, job) for job in jobs]
            try:
                for done in as_completed(running_):
                    for is_done, result in _collected(done):
                        if not is_done:
                            raise result
                        yield result
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                context.cancelJobGroup(group)

    return mapped


def _collected(done: Any) -> list[tuple[bool, Any]]:  # noqa: ANN401  a future of these
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        found: list[tuple[bool, Any]] = done.result()
    except (Py4JError, PySparkException) as wrong:
        if re.search(r"No module named '(geo|isal|numpy|pyarrow|orjson|pyspark)", str(wrong)):
            raise ArchiveError(
                "the executors of Spark have no flightcase: install it on every machine of the cluster, "
                "pip install 'flightcase[spark]', and say in PYSPARK_PYTHON which Python that is"
            ) from wrong
        raise ArchiveError(f"Spark cannot build: {first_line(wrong)}") from wrong
    return found


@contextmanager
def building(master: str, root: Path, settings: Mapping[str, str] | None = None) -> Iterator[running.Mapping]:
    """A ``Mapping`` over the executors of this cluster; a session that is begun for it ends with this.

    Raises:
        ArchiveError: as ``connect``; the mapping does when an executor does not see the folder of the archive.
    """
    is_ours = begun_master() is None
    connection = connect(master, settings=settings)
    try:
        yield _checking(connection, root)
    finally:
        if is_ours:
            connection.disconnect()


def _checking(connection: ibis.BaseBackend, root: Path) -> running.Mapping:
    """The mapping, which looks first whether the folder is shared: the build has made it by then."""
    mapped, is_checked = mapping(connection), False

    def checked(function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
        nonlocal is_checked
        if not is_checked:
            check_shared(connection, mapped, root)
            is_checked = True
        yield from mapped(function, tasks)

    return checked


def check_shared(connection: Any, mapped: running.Mapping, root: Path) -> None:  # noqa: ANN401  Ibis's backend of Spark
    """That the executors see what is written here.

    Raises:
        ArchiveError: when one does not.
    """
    there = root.absolute()
    mark, token = there / _MARK, uuid.uuid4().hex
    mark.write_text(token, encoding="ascii")
    count = 2 * connection._session.sparkContext.defaultParallelism  # noqa: SLF001  Ibis has no other way to it
    if set(mapped(_said, [str(mark)] * count)) != {token}:
        raise ArchiveError(
            f"{there}: not every executor of Spark sees this folder; name one that all machines of the cluster have at "
            "the same path, as one of a network file system"
        )


def _said(path: str) -> str:
    """What stands in a file, nothing where there is none."""
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""
