"""Tasks in several processes of this machine, which end when this one does; and one build at a time in a folder."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

LOCK: Final = ".building.lock"
#: Of glibc (``malloc.h``): M_MMAP_THRESHOLD, from where on memory is a mapping of its own, larger than a column of a
#: chunk; M_TRIM_THRESHOLD, how much is kept.
_KEPT: Final = {-3: 32 << 20, -1: 128 << 20}

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class Mapping(Protocol):
    """How tasks are worked off: on every one the same function, results in any order as they come.

    Tasks and results can be pickled and are small. The function is one of a module; it reads the sources and writes
    below the root of the archive, at the same paths wherever it runs.
    """

    def __call__(self, function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterable[_Result]:
        """Results of the function for each of the tasks."""


def here(function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
    """One task after the other in this process: a ``Mapping``."""
    return map(function, tasks)


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Processes:
    """A ``Mapping`` over so many processes, begun when they are first needed.

    They are begun anew (``spawn``), so a program that builds needs ``if __name__ == "__main__":`` around what it does.
    However this process ends, killed too, they see the pipe from it closed and end at once.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._context = multiprocessing.get_context("spawn")
        self._watched, self._held = self._context.Pipe(duplex=False)
        self._pool: ProcessPoolExecutor | None = None
        self._size = 0

    def __call__(self, function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
        """Results of the function for each of the tasks."""
        if len(tasks) <= 1:
            yield from here(function, tasks)
            return
        try:
            with _uninterrupted():
                begun = self._begun(len(tasks))
                futures = [begun.submit(function, task) for task in tasks]
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as broken:
            raise ArchiveError(
                "a process of the build was ended from outside, as a machine does when its memory is full; what is "
                "finished is kept: run the same command again, with fewer --workers if it was the memory"
            ) from broken

    def begin(self, tasks: int, module: str) -> None:
        """Begin them while this one does something else, and let them load this; where so many tasks need them all."""
        if self._workers <= tasks:
            with _uninterrupted(), suppress(BrokenProcessPool):  # tasks will find out
                begun = self._begun(tasks)
                for _ in range(self._workers):
                    begun.submit(_loaded, module)

    def rest(self) -> None:
        """End them, and give back what they hold; others are begun when they are needed."""
        if self._pool is not None:
            self._pool.shutdown()
        self._pool, self._size = None, 0

    def end(self) -> None:
        """End them for good, whatever they are at."""
        self._held.close()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._watched.close()

    def _begun(self, tasks: int) -> ProcessPoolExecutor:
        """No more processes than there are tasks, but those that there are."""
        size = max(min(self._workers, tasks), self._size)
        if self._pool is None or size > self._size:
            self.rest()
            self._pool = ProcessPoolExecutor(size, self._context, initializer=_begin, initargs=(self._watched,))
            self._size = size
        return self._pool


@contextmanager
def processes(workers: int) -> Iterator[Mapping]:
    """A ``Mapping`` over so many processes, which end with this context: ``Processes``, or of one worker ``here``."""
    if workers == 1:
        yield here
        return
    begun = Processes(workers)
    try:
        yield begun
    finally:
        begun.end()


def _loaded(module: str) -> None:
    importlib.import_module(module)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep Ctrl-C waiting; processes that are begun meanwhile never hear of it: it is for the one with the pipe."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _NoPandas(MetaPathFinder):
    """Without pandas, which Arrow loads where it is installed, to see whether an array is one of its own: 35 MB."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """That there is none."""
        if fullname == "pandas":
            raise ModuleNotFoundError("a process of a build does without pandas", name=fullname)


def _begin(watched: Connection) -> None:
    """What a process of the pool does first."""
    sys.meta_path.insert(0, _NoPandas())
    import pyarrow as pa  # each process loads what it needs

    pa.set_cpu_count(1)  # there are as many processes as cores
    _keep_freed()
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()


def _keep_freed() -> None:
    """Let the C library keep what is freed: given back and asked for again, the system clears every page of it anew."""
    with suppress(AttributeError, OSError):  # not every library has it
        library = ctypes.CDLL(None)
        for parameter, size in _KEPT.items():
            library.mallopt(parameter, size)


def _end_with(watched: Connection) -> None:
    try:
        watched.recv()  # nothing is ever sent
    except EOFError:
        pass
    finally:
        os._exit(1)


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold a folder for one build; the system lets go of it when the process ends, however it does.

    Raises:
        ArchiveError: when another build holds it.
    """
    with (root / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise ArchiveError(f"{root}: another build is writing there; wait until it has ended") from busy
        yield


def explained(root: Path, wrong: OSError) -> ArchiveError | None:
    """What to tell of an error of the system while an archive was written; ``None`` where it says enough itself."""
    if wrong.filename is not None and not Path(os.fsdecode(wrong.filename)).is_relative_to(root):
        return None  # of a source
    told = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your share of the disk is used up",
        errno.EROFS: "it lies on a disk that can only be read",
        errno.EACCES: "you may not write there",
        errno.EPERM: "you may not write there",
    }.get(wrong.errno or 0)
    if told is None:
        return None
    kept = (
        "what is finished is kept, and nothing that was there is lost: free some space and run the same command again"
    )
    rest = kept if wrong.errno in (errno.ENOSPC, errno.EDQUOT) else "choose another folder with -o"
    return ArchiveError(f"{root}: {told}; {rest}")
