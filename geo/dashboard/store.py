"""The SQLite base that drafts lie in: opened for each call, made when it is first written, its errors in plain words.

A rollback journal and not a write-ahead log: the base is two files at most, may lie on a network drive, and is whole
when the folder is copied while nobody writes. ``synchronous = extra`` has each change on the disk before it returns.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NAME: Final = "drafts.sqlite3"
_LOCK: Final = "lock.sqlite3"
#: How long one waits for another that writes, s.
_PATIENCE: Final = 10
_PATIENCE_SAVING: Final = 60
_VERSION: Final = 1
# Short values stand before the long one, so that reading them does not read that.
_SCHEMA: Final = """
create table draft (id text primary key, slug text not null, base text, saving text, by text not null,
  began text not null, changed text not null, step integer not null, saved integer not null default 0, saved_at text);
create table step (draft text not null references draft(id) on delete cascade, number integer not null,
  what text not null, at text not null, size integer not null, text text not null, primary key (draft, number));
create table present (draft text not null references draft(id) on delete cascade, session text not null,
  by text not null, seen text not null, primary key (draft, session));
create table saved (slug text not null, at text not null, by text not null, hash text not null);
create index draft_slug on draft (slug);
create index saved_slug on saved (slug, at)
"""


#: One for each base. SQLite has those who wait try again now and then, and under load some never get a turn; the
#: threads of one server stand in a queue instead, and only different processes meet at SQLite's own lock.
_QUEUES: Final[dict[Path, Lock]] = {}


class Store:
    """The base of one library of cases, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / NAME
        self._queue = _QUEUES.setdefault(self._file.absolute(), Lock())

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds; nothing where nothing was ever written, which reading does not change."""
        if not self._file.is_file():
            return []
        with self._queue, self._told(), closing(self._open("rw")) as base:
            return base.execute(query, values).fetchall() if self._is_made(base) else []

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A change that is made whole when the block ends, and not at all when it fails."""
        with self._queue, self._told():
            self.make()
            with closing(self._open("rwc")) as base:
                base.execute("pragma foreign_keys = on")
                base.execute("pragma synchronous = extra")
                base.execute("pragma secure_delete = on")
                base.execute("begin immediate")
                try:
                    if not self._is_made(base):
                        for statement in _SCHEMA.split(";"):
                            base.execute(statement)
                        base.execute(f"pragma user_version = {_VERSION}")
                    yield base
                except BaseException:
                    base.rollback()
                    raise
                base.commit()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all others out, in every process, who ask to be alone; a process that dies lets them in."""
        with self._told():
            self.make()
            lock = sqlite3.connect(self.folder / _LOCK, timeout=_PATIENCE_SAVING, isolation_level=None)
        with closing(lock):
            with self._told():
                lock.execute("begin exclusive")
            yield

    def make(self) -> None:
        """Make the folder, where it is missing; what lies in it is no matter of the Git that may keep the cases."""
        if not self.folder.is_dir():
            self.folder.mkdir(exist_ok=True)
            (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")

    def _open(self, mode: str) -> sqlite3.Connection:
        address = f"{self._file.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)

    def _is_made(self, base: sqlite3.Connection) -> bool:
        (version,) = base.execute("pragma user_version").fetchone()
        if version > _VERSION:
            raise FlightcaseError(
                f"{self._file} was written by a newer Flightcase; start the dashboard of that version"
            )
        return bool(version)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as wrong:
            raise FlightcaseError(self._words(wrong)) from wrong
        except OSError as wrong:
            raise FlightcaseError(self._unwritable(wrong.strerror or str(wrong))) from wrong

    def _words(self, wrong: sqlite3.Error) -> str:
        code = getattr(wrong, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return self._unwritable(str(wrong))
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return "somebody else is writing in this folder of cases; try again in a moment"
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            return f"the change was not kept: {wrong}; make room on the disk of {self.folder} and try again"
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return f"{self._file} is damaged ({wrong}); put a backup in its place, or move it away to begin anew"
        return f"{self._file}: {wrong}"

    def _unwritable(self, why: str) -> str:
        return (
            f"nothing can be changed here, because the folder of cases cannot be written ({why}): "
            f"{self.folder.parent}; copy it to a folder of your own, and start: flightcase serve FOLDER"
        )
