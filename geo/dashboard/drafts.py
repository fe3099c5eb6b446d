"""Drafts of cases: every change is on disk before it is shown, and can be taken back.

A draft is the text of a ``case.toml`` under change, with the files that were dropped beside it. It lies in the folder
``.flightcase`` of the library, beside the cases and never in one: the case folder changes on Save alone. Every text
that a draft has had is kept, so undo and redo only move along them. SQLite writes each change whole or not at all,
also when the machine fails in the middle.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from geo import casefile
from geo.casefile.reading import parse
from geo.dashboard import dropped, steps
from geo.dashboard.naming import free, is_folder_name, slug_for
from geo.dashboard.steps import MOST_BYTES, Change, Draft
from geo.dashboard.store import Store
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    import sqlite3
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

__all__ = ["FOLDER", "MOST_BYTES", "Change", "Draft", "Drafts", "decoded", "encoded", "hash_of", "slug_for"]

FOLDER: Final = ".flightcase"
_BOM: Final = b"\xef\xbb\xbf"
#: Who was seen within this time has the draft open; it is noted anew after a third of it, and forgotten after an hour.
_PRESENT: Final = timedelta(seconds=30)
_FORGOTTEN: Final = timedelta(hours=1)


class Drafts:
    """The drafts of one library of cases.

    ``library`` is the folder of cases; where one case folder is given, the folder that it lies in: a case has the same
    drafts, however the dashboard was started. Methods raise ``FlightcaseError`` in words for the person at work: when
    the folder cannot be written, when a draft is no longer there.
    """

    def __init__(self, library: Path) -> None:
        #: The name of the one case that was given, if one was.
        self.single = library.absolute().name if (library / casefile.NAME).is_file() else None
        self.library = library.absolute().parent if self.single else library
        self._store = Store(self.library / FOLDER)

    @property
    def store(self) -> Path:
        """Where drafts and what belongs to them lie."""
        return self._store.folder

    def folder(self, slug: str) -> Path:
        """The folder of a case."""
        return self.library / slug

    def files(self, id_: str) -> Path:
        """The folder of the files that were dropped on a draft."""
        return self.store / "files" / id_

    def alone(self) -> AbstractContextManager[None]:
        """Keep out who else saves or publishes, also in another process."""
        return self._store.alone()

    # --- drafts ------------------------------------------------------------------------------------------------------

    def begin(self, slug: str, by: str = "") -> Draft:
        """A new draft of a case that is there.

        Raises:
            CaseError: when its file is no TOML; such a file has to be mended by hand.
        """
        _check_slug(slug)
        file = self.folder(slug) / casefile.NAME
        try:
            content = file.read_bytes()
        except OSError as wrong:
            raise FlightcaseError(f"{file} cannot be read: {wrong.strerror or wrong}") from wrong
        text = decoded(content, str(file))
        parse(text, str(file))
        with self._store.writing() as base:
            id_ = steps.add(base, slug, hash_of(content), text, by)
            dropped.tidy(self.store / "files", {name for (name,) in base.execute("select id from draft")})
        return self.sure(id_)

    def new(self, slug: str, text: str, by: str = "") -> Draft:
        """A draft of a case that is not there yet; where the name is taken, the draft has another one."""
        _check_slug(slug)
        if self.single:
            raise FlightcaseError("the dashboard was started on one case; start it on a folder of cases to add another")
        with self._store.writing() as base:
            id_ = steps.add(base, free([slug], self._taken(base)), None, text, by)
        return self.sure(id_)

    def get(self, id_: str) -> Draft | None:
        """The draft of that name, if there is one."""
        found = self._store.rows(steps.DRAFT + "where d.id = ?", (id_,))
        return steps.draft_of(found[0]) if found else None

    def of(self, slug: str | None = None) -> list[Draft]:
        """The drafts of a case, or all of them; the last changed first."""
        found = self._store.rows(
            steps.DRAFT + "where ?1 is null or d.slug = ?1 order by d.changed desc, d.rowid desc",
            (slug or self.single,),
        )
        return [steps.draft_of(row) for row in found]

    def slugs(self) -> set[str]:
        """The names that are taken: of case folders, of whatever else lies there, and of drafts."""
        folders = {each.name for each in self.library.iterdir()} if self.library.is_dir() else set()
        return folders | {slug for (slug,) in self._store.rows("select slug from draft")}

    def discard(self, id_: str) -> None:
        """Throw a draft away, with its files."""
        with self._store.writing() as base:
            gone = base.execute("delete from draft where id = ?", (id_,)).rowcount
        if gone:
            dropped.discard(self.files(id_))

    # --- changes -----------------------------------------------------------------------------------------------------

    def change(self, id_: str, text: str, what: str) -> Draft:
        """Put another text in force; what had been undone is gone.

        Raises:
            FlightcaseError: when the text is too long for a case file, also.
        """
        with self._store.writing() as base:
            steps.change(base, id_, text, what)
        return self.sure(id_)

    def undo(self, id_: str) -> Draft:
        """Take the last change back, if there is one."""
        return self._move(id_, -1)

    def redo(self, id_: str) -> Draft:
        """Bring the change back that was taken back last, if there is one."""
        return self._move(id_, 1)

    def history(self, id_: str) -> list[Change]:
        """The changes of a draft that are kept, the first one first; those after ``Draft.step`` are undone."""
        found = self._store.rows("select number, what, at from step where draft = ? order by number", (id_,))
        return [Change(number, what, datetime.fromisoformat(at)) for number, what, at in found]

    # --- files -------------------------------------------------------------------------------------------------------

    def add_file(self, id_: str, name: str, data: bytes | BinaryIO) -> str:
        """Keep a file with a draft, and give the name it has there: one that no other file of the case has.

        Args:
            id_: of the draft.
            name: as the file was called where it came from.
            data: its bytes, or what they can be read from.

        Raises:
            FlightcaseError: when the files of the draft would have more bytes than a draft may, also.
        """
        draft = self.sure(id_)
        with dropped.told(self.library), dropped.received(self.files(id_), data) as part, self._store.writing() as base:
            # Names are unlike those of all other drafts of the case, so that saving one never meets a file of another.
            drafts = [other for (other,) in base.execute("select id from draft where slug = ?", (draft.slug,))]
            folders = [self.folder(draft.slug), *map(self.files, drafts)]
            return dropped.named(part, self.files(id_), name, folders)

    def file(self, slug: str, id_: str, name: str) -> Path:
        """Where the file of that name of a draft's case is: with the draft, else in the case folder.

        Raises:
            TrackError: when the name leads out of both, or can be none of a file.
        """
        return dropped.found(name, [self.files(id_), self.folder(slug)])

    # --- who is here -------------------------------------------------------------------------------------------------

    def seen(self, id_: str, session: str, by: str = "") -> None:
        """Note that somebody has the draft open now; cheap when that was noted a moment ago."""
        now = datetime.now(UTC)
        known = self._store.rows("select by, seen from present where draft = ? and session = ?", (id_, session))
        if known and known[0][0] == by and now - datetime.fromisoformat(known[0][1]) < _PRESENT / 3:
            return
        with suppress(FlightcaseError), self._store.writing() as base:  # nobody's work hangs on it
            base.execute("delete from present where seen < ?", (steps.written(now - _FORGOTTEN),))
            base.execute(
                "insert or replace into present select id, ?, ?, ? from draft where id = ?",
                (session, by, steps.written(now), id_),
            )

    def others(self, slug: str, session: str) -> list[tuple[str, str, datetime]]:
        """Who else has a draft of the case open: id of the draft, name, and when they were last seen (30 s count)."""
        found = self._store.rows(
            "select p.draft, p.by, p.seen from present p join draft d on d.id = p.draft "
            "where d.slug = ? and p.session <> ? and p.seen > ? order by p.seen desc",
            (slug, session, steps.written(datetime.now(UTC) - _PRESENT)),
        )
        return [(id_, by, datetime.fromisoformat(seen)) for id_, by, seen in found]

    # --- for saving --------------------------------------------------------------------------------------------------

    def last_saved(self, slug: str) -> tuple[datetime, str] | None:
        """When the case was saved here last, and by whom."""
        found = self._store.rows(
            "select at, by from saved where slug = ? order by at desc, rowid desc limit 1", (slug,)
        )
        return (datetime.fromisoformat(found[0][0]), found[0][1]) if found else None

    def intend(self, draft: Draft, slug: str, text: str, saving: str) -> None:
        """Note what is about to be saved, and where; ``text`` takes the place of the draft's, if that is in force."""
        with self._store.writing() as base:
            base.execute("update draft set slug = ?, saving = ? where id = ?", (slug, saving, draft.id))
            steps.amend(base, draft.id, draft.text, text)

    def settle(self, draft: Draft, base_hash: str, by: str) -> None:
        """Note that the draft was saved."""
        at = steps.now()
        with self._store.writing() as base:
            base.execute(
                "update draft set base = ?, saving = null, saved = ?, saved_at = ? where id = ?",
                (base_hash, draft.step, at, draft.id),
            )
            (slug,) = base.execute("select slug from draft where id = ?", (draft.id,)).fetchone() or (draft.slug,)
            base.execute("insert into saved values (?, ?, ?, ?)", (slug, at, by, base_hash))

    def rebase(self, id_: str, text: str, base_hash: str | None, what: str) -> Draft:
        """Put the text of the disk in force, as one more change that can be undone, and go on from there."""
        with self._store.writing() as base:
            steps.change(base, id_, text, what)
            base.execute("update draft set base = ?, saving = null where id = ?", (base_hash, id_))
        return self.sure(id_)

    def expect(self, slug: str, old: str, new: str) -> None:
        """Note for the drafts that stand on one case file, by its hash, that another is about to take its place."""
        with self._store.writing() as base:
            base.execute(
                "update draft set base = ?2, saving = ?3 where slug = ?1 and (base = ?2 or saving = ?2)",
                (slug, old, new),
            )

    def follow(self, slug: str, new: str, texts: dict[str, str]) -> None:
        """Note that it has: ``texts`` gives, by the text in force, the one that takes its place in those drafts."""
        with self._store.writing() as base:
            found = base.execute("select id from draft where slug = ? and saving = ?", (slug, new)).fetchall()
            for (id_,) in found:
                base.execute("update draft set base = ?, saving = null where id = ?", (new, id_))
                for before, after in texts.items():
                    steps.amend(base, id_, before, after)

    def _taken(self, base: sqlite3.Connection) -> set[str]:
        folders = {each.name for each in self.library.iterdir()}
        return folders | {slug for (slug,) in base.execute("select slug from draft")}

    def _move(self, id_: str, by: int) -> Draft:
        with self._store.writing() as base:
            base.execute(
                "update draft set changed = :now, step = step + :by where id = :id "
                "and exists (select 1 from step where draft = :id and number = draft.step + :by)",
                {"now": steps.now(), "by": by, "id": id_},
            )
        return self.sure(id_)

    def sure(self, id_: str) -> Draft:
        """The draft of that name; an error in words when there is none."""
        draft = self.get(id_)
        if draft is None:
            raise FlightcaseError(steps.GONE)
        return draft


def hash_of(content: bytes) -> str:
    """The SHA-256 by which a version of a case file is known."""
    return hashlib.sha256(content).hexdigest()


def decoded(content: bytes, name: str) -> str:
    """The text of a case file.

    Raises:
        FlightcaseError: when it is no UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FlightcaseError(f"{name}: byte {wrong.start} is no UTF-8; save the file as UTF-8") from wrong


def encoded(text: str, before: bytes | None) -> bytes:
    """The bytes of a text that takes the place of a file; some editors begin theirs with a mark, which stays."""
    return (_BOM if before is not None and before.startswith(_BOM) else b"") + text.encode()


def _check_slug(slug: str) -> None:
    if not is_folder_name(slug):
        raise FlightcaseError(f"{slug[:60]!r} cannot be the name of a case folder; write letters, digits and hyphens")
