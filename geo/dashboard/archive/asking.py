"""Questions on their way: each asked in a thread of its own, stopped when somebody wants it or nobody waits for it.

Threads are enough: DuckDB lets go of the interpreter while it works, and answers every question on a connection of its
own, so nobody waits for another's lock. What was answered is kept until the next question of the session, on disk but
for the rows that are shown.
"""

from __future__ import annotations

import atexit
import logging
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Event, Lock, Semaphore, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal

from streamlit import runtime

from geo.archive.archive import Archive
from geo.archive.catalogue import NAME, Catalogue
from geo.dashboard.archive.answering import Found, answer
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.archive.answer import Answer
    from geo.dashboard.archive.question import Question

_LOG: Final = logging.getLogger(__name__)
#: Questions that are answered at the same time, in the whole server.
AT_ONCE: Final = 4
_ROOM: Final = Semaphore(AT_ONCE)
#: Between two looks at whether somebody still waits, s; and how long a window may be away before nobody does.
_LOOK_S: Final = 1.0
_AWAY_S: Final = 8.0
#: What was answered goes when its window has been away for so long, s: a reload finds it.
_KEPT_S: Final = 90.0

Phase = Literal["waiting", "asking", "drawing"]


class Stopped(FlightcaseError):  # noqa: N818  it says what happened
    """The question was stopped before it was answered."""


@dataclass(eq=False)
class Asking:
    """One question: how far it is, and what came of it.

    ``wrong`` says why there is no answer; it is empty where reading failed in a way nobody foresaw (``failed``).
    """

    question: Question
    root: Path
    session: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    began: float = field(default_factory=monotonic)
    phase: Phase = "waiting"
    found: Found | None = None
    wrong: str = ""
    failed: bool = False
    ended: Event = field(default_factory=Event)
    stopped: Event = field(default_factory=Event)
    folder: Path | None = None
    _lock: Lock = field(default_factory=Lock)
    _answer: Answer | None = None

    def hear(self, given: Answer) -> Answer:
        """Note the answer that is read now, so that it can be stopped.

        Raises:
            Stopped: when the question was stopped already.
        """
        with self._lock:
            self._answer = given
        self.go_on()
        return given

    def go_on(self) -> None:
        """Raise ``Stopped`` when the question was stopped."""
        if self.stopped.is_set():
            raise Stopped("the question was stopped before it was answered")

    def stop(self) -> None:
        """Stop it; the engine lets go of it at once."""
        self.stopped.set()
        with self._lock:
            if self._answer is not None:
                self._answer.interrupt()

    def clean(self) -> None:
        """Take away the files of the answer."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def drawing(self) -> None:
        """Note that the rows are known, and their lines are being fetched."""
        self.phase = "drawing"

    @property
    def share(self) -> float | None:
        """The share done of what the engine does now, 0 to 1; ``None`` where it does not say."""
        with self._lock:
            return self._answer.progress if self._answer is not None and not self.ended.is_set() else None

    @property
    def seconds(self) -> float:
        """Since it was asked."""
        return monotonic() - self.began


_kept: dict[str, Asking] = {}
_kept_lock: Final = Lock()


@atexit.register
def _clean() -> None:
    for each in tuple(_kept.values()):
        each.clean()


def opened(root: Path) -> Archive:
    """The archive as it stands now: opened anew when a build changed it.

    Raises:
        ArchiveError: when it is none, or cannot be opened.
    """
    state = (root / NAME).stat() if (root / NAME).is_file() else None
    return _opened(root, (state.st_mtime_ns, state.st_size) if state else ())


@lru_cache(maxsize=1)
def _opened(root: Path, state: tuple[int, ...]) -> Archive:  # noqa: ARG001  the key
    return Archive.open(root)


def held(root: Path) -> Catalogue:
    """The days of an archive, without an engine.

    Raises:
        ArchiveError: when it is none.
    """
    return Catalogue.read(root)


def ask(question: Question, root: Path, session: str) -> Asking:
    """Ask, in the place of what this session asked before."""
    leave(session, forget=True)
    asking = Asking(question, root, session)
    with _kept_lock:
        _kept[session] = asking
    Thread(target=_run, args=(asking,), daemon=True).start()
    Thread(target=_watch, args=(asking, _is_there), daemon=True).start()
    return asking


def asked(session: str) -> Asking | None:
    """What a session asked last."""
    return _kept.get(session)


def by_id(id_: str) -> Asking | None:
    """The question of this name."""
    with _kept_lock:
        return next((each for each in _kept.values() if secrets.compare_digest(each.id, id_)), None)


def leave(session: str, *, forget: bool = False) -> None:
    """Stop what a session still asks; with ``forget``, let go of its answer too."""
    with _kept_lock:
        asking = _kept.get(session)
        if asking is None:
            return
        running = not asking.ended.is_set()
        if running or forget:
            del _kept[session]
    if running:
        asking.stop()
    elif forget:
        asking.clean()


def _run(asking: Asking) -> None:
    try:
        # Who waits in line can leave it.
        while not _ROOM.acquire(timeout=_LOOK_S / 4):
            asking.go_on()
        try:
            asking.go_on()
            asking.phase = "asking"
            asking.folder = Path(tempfile.mkdtemp(prefix="flightcase-archive-"))
            asking.found = answer(opened(asking.root), asking.question, asking.folder, asking)
        finally:
            _ROOM.release()
    except Stopped:
        pass
    except FlightcaseError as wrong:
        if not asking.stopped.is_set():
            asking.wrong = str(wrong)
    except Exception:  # noqa: BLE001  a question that fails in a way nobody foresaw must not leave the page waiting
        _LOG.exception("asking an archive")
        asking.failed = True
    finally:
        # Who left while it was answered looks for nothing any more.
        if asking.found is None or asking.stopped.is_set():
            asking.found = None
            asking.clean()
        asking.ended.set()


def _is_there(session: str) -> bool:
    """Whether the window of a session is open."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def _watch(asking: Asking, is_there: Callable[[str], bool]) -> None:
    """Stop a question whose window is gone, and let go of an answer that nobody comes back for."""
    seen = monotonic()
    while _kept.get(asking.session) is asking:
        if is_there(asking.session):
            seen = monotonic()
        elif monotonic() - seen > (_KEPT_S if asking.ended.is_set() else _AWAY_S):
            leave(asking.session, forget=True)
        asking.stopped.wait(_LOOK_S)
        if asking.stopped.is_set():
            return
