"""Drafts of cases: every change is on disk before it is shown, and can be taken back.

A draft is the text of a ``case.toml`` under change, with the files that were dropped beside it. It lies in the folder
``.flightcase`` of the library, beside the cases and never in one: the case folder changes on Save alone. Every text
that a draft has had is kept, so undo and redo only move along them. SQLite writes each change whole or not at all,
also when the machine fails in the middle.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo import casefile
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = ".flightcase"
#: Who was seen within this time has the draft open, s.
_PRESENT: Final = 30
_SCHEMA: Final = """
create table if not exists draft (
  id text primary key, slug text not null, base text, by text not null, began text not null, changed text not null,
  step integer not null);
create table if not exists step (
  draft text not null references draft(id) on delete cascade, number integer not null, text text not null,
  what text not null, at text not null, primary key (draft, number));
create table if not exists present (
  draft text not null, session text not null, by text not null, seen text not null, primary key (draft, session));
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft as it stands.

    ``slug`` is the case folder that it is for, ``base`` the SHA-256 of the ``case.toml`` that it began with (``None``
    for a new case), ``step`` the number of changes in force, ``last`` that of changes there are: more can be redone.
    ``what`` names the last change in force.
    """

    id: str
    slug: str
    base: str | None
    by: str
    changed: datetime
    text: str
    step: int
    last: int
    what: str


class Drafts:
    """The drafts of one library of cases."""

    def __init__(self, library: Path) -> None:
        self.library = library
        self._folder = library / FOLDER

    def begin(self, slug: str, by: str = "") -> Draft:
        """A new draft of a case that is there."""
        text = (self.library / slug / casefile.NAME).read_bytes()
        return self._add(slug, hashlib.sha256(text).hexdigest(), text.decode("utf-8-sig"), by)

    def new(self, slug: str, text: str, by: str = "") -> Draft:
        """A draft of a case that is not there yet."""
        return self._add(slug, None, text, by)

    def get(self, id_: str) -> Draft | None:
        """The draft of that name, if there is one."""
        with self._base() as base:
            row = base.execute(
                "select d.id, d.slug, d.base, d.by, d.changed, s.text, d.step, "
                "(select max(number) from step where draft = d.id), s.what "
                "from draft d join step s on s.draft = d.id and s.number = d.step where d.id = ?",
                (id_,),
            ).fetchone()
        if row is None:
            return None
        name, slug, began_with, by, changed, text, step, last, what = row
        return Draft(name, slug, began_with, by, datetime.fromisoformat(changed), text, step, last, what)

    def of(self, slug: str | None = None) -> list[Draft]:
        """The drafts of a case, or all of them; the last changed first."""
        with self._base() as base:
            rows = base.execute(
                "select id from draft where ?1 is null or slug = ?1 order by changed desc", (slug,)
            ).fetchall()
        return [draft for (id_,) in rows if (draft := self.get(id_))]

    def change(self, id_: str, text: str, what: str) -> Draft:
        """Put another text in force; what had been undone is gone."""
        now = _now()
        with self._base() as base:
            (step,) = base.execute("select step from draft where id = ?", (id_,)).fetchone()
            base.execute("delete from step where draft = ? and number > ?", (id_, step))
            base.execute("insert into step values (?, ?, ?, ?, ?)", (id_, step + 1, text, what, now))
            base.execute("update draft set step = ?, changed = ? where id = ?", (step + 1, now, id_))
        return self._sure(id_)

    def undo(self, id_: str) -> Draft:
        """Take the last change back, if there is one."""
        return self._move(id_, -1)

    def redo(self, id_: str) -> Draft:
        """Bring the change back that was taken back last, if there is one."""
        return self._move(id_, 1)

    def discard(self, id_: str) -> None:
        """Throw a draft away."""
        with self._base() as base:
            base.execute("delete from draft where id = ?", (id_,))

    def add_file(self, id_: str, name: str, data: bytes) -> str:
        """Keep a file with a draft, and give the name it has there: one that no other file of the case has."""
        draft = self._sure(id_)
        folder = self._folder / "files" / id_
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.\- ]+", "-", Path(name.replace("\\", "/")).name).strip(". ") or "track"
        stem, dot, suffix = name.partition(".")
        taken, number = name, 1
        while (folder / taken).exists() or (self.library / draft.slug / taken).exists():
            number += 1
            taken = f"{stem}-{number}{dot}{suffix}"
        part = folder / f".{secrets.token_hex(4)}"
        part.write_bytes(data)
        part.replace(folder / taken)
        return taken

    def file(self, slug: str, id_: str, name: str) -> Path:
        """Where the file of that name of a draft's case is: with the draft, else in the case folder."""
        own = self._folder / "files" / id_ / name
        return own if own.is_file() else self.library / slug / name

    def seen(self, id_: str, session: str, by: str = "") -> None:
        """Note that somebody has the draft open now."""
        with self._base() as base:
            base.execute("insert or replace into present values (?, ?, ?, ?)", (id_, session, by, _now()))

    def others(self, slug: str, session: str) -> list[tuple[str, str, datetime]]:
        """Who else has a draft of the case open: id of the draft, name, and when they were last seen (30 s count)."""
        with self._base() as base:
            rows = base.execute(
                "select p.draft, p.by, p.seen from present p join draft d on d.id = p.draft "
                "where d.slug = ? and p.session <> ?",
                (slug, session),
            ).fetchall()
        found = [(id_, by, datetime.fromisoformat(seen)) for id_, by, seen in rows]
        return [each for each in found if (datetime.now(UTC) - each[2]).total_seconds() < _PRESENT]

    def _add(self, slug: str, base_hash: str | None, text: str, by: str) -> Draft:
        id_, now = secrets.token_urlsafe(12), _now()
        with self._base() as base:
            base.execute("insert into draft values (?, ?, ?, ?, ?, ?, 0)", (id_, slug, base_hash, by, now, now))
            base.execute("insert into step values (?, 0, ?, '', ?)", (id_, text, now))
        return self._sure(id_)

    def _move(self, id_: str, by: int) -> Draft:
        with self._base() as base:
            base.execute(
                "update draft set changed = :now, step = max(0, min(step + :by, "
                "(select max(number) from step where draft = :id))) where id = :id",
                {"now": _now(), "by": by, "id": id_},
            )
        return self._sure(id_)

    def _sure(self, id_: str) -> Draft:
        draft = self.get(id_)
        if draft is None:
            raise FlightcaseError("this draft is no longer there; go back to the case and begin another")
        return draft

    @contextmanager
    def _base(self) -> Iterator[sqlite3.Connection]:
        self._folder.mkdir(exist_ok=True)
        with closing(sqlite3.connect(self._folder / "drafts.sqlite3", timeout=10)) as base, base:
            base.execute("pragma foreign_keys = on")
            base.executescript(_SCHEMA)
            base.execute("begin immediate")
            yield base


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
