"""A draft as it lies in the base: its row, and the texts that it has had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Final

from geo.errors import FlightcaseError

if TYPE_CHECKING:
    import sqlite3

GONE: Final = "this draft is no longer there; go back to the case and begin another"
#: A draft's text is smaller than this, as a case file must be; bytes in UTF-8.
MOST_BYTES: Final = 5_000_000
#: The oldest texts of a draft go when all of them have more bytes than this: a thousand changes of a long case.
_KEPT_BYTES: Final = 64_000_000
#: How many changes go by between two looks at that.
_SELDOM: Final = 64
#: Finds the drafts of a condition; ``draft_of`` reads its rows.
DRAFT: Final = (
    "select d.id, d.slug, d.base, d.by, d.changed, s.text, d.step, (select max(number) from step where draft = d.id), "
    "s.what, coalesce((select what from step where draft = d.id and number = d.step + 1), ''), "
    "(select min(number) from step where draft = d.id), d.saved, d.saved_at, d.saving "
    "from draft d join step s on s.draft = d.id and s.number = d.step "
)


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft as it stands.

    ``slug`` is the case folder that it is for, ``base`` the SHA-256 of the ``case.toml`` that it began with or that it
    was saved as last (``None`` for a case that was never saved), ``step`` the number of the change in force, ``last``
    and ``first`` those of the last and first that there are: more can be redone, or undone. ``what`` names the change
    in force, ``ahead`` the one that redo would bring back. ``saved`` is the step that was saved last, at ``saved_at``;
    ``saving`` is the SHA-256 of a file that was being saved when the server was stopped.
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
    ahead: str = ""
    first: int = 0
    saved: int = 0
    saved_at: datetime | None = None
    saving: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a draft: its number, what it was, and when it was made."""

    number: int
    what: str
    at: datetime


def draft_of(row: tuple[Any, ...]) -> Draft:
    """The draft of a row that ``DRAFT`` finds."""
    id_, slug, base, by, changed, text, step, last, what, ahead, first, saved, saved_at, saving = row
    when = datetime.fromisoformat(saved_at) if saved_at else None
    changed_at = datetime.fromisoformat(changed)
    return Draft(id_, slug, base, by, changed_at, text, step, last, what, ahead, first, saved, when, saving)


def add(base: sqlite3.Connection, slug: str, base_hash: str | None, text: str, by: str) -> str:
    """Add a draft with its first text, and give its name, which nobody can guess."""
    id_, began = token_urlsafe(12), now()
    base.execute(
        "insert into draft (id, slug, base, by, began, changed, step) values (?, ?, ?, ?, ?, ?, 0)",
        (id_, slug, base_hash, by, began, began),
    )
    base.execute("insert into step values (?, 0, '', ?, ?, ?)", (id_, began, _size(text), text))
    return id_


def change(base: sqlite3.Connection, id_: str, text: str, what: str) -> None:
    """Put another text in force; what had been undone is gone."""
    size, at = _size(text), now()
    found = base.execute("select step from draft where id = ?", (id_,)).fetchone()
    if found is None:
        raise FlightcaseError(GONE)
    step = found[0] + 1
    base.execute("delete from step where draft = ? and number >= ?", (id_, step))
    base.execute("insert into step values (?, ?, ?, ?, ?, ?)", (id_, step, what, at, size, text))
    base.execute("update draft set step = ?, changed = ? where id = ?", (step, at, id_))
    if step % _SELDOM == 0:
        base.execute(
            "delete from step where draft = ?1 and number < (select min(number) from (select number, sum(size) over "
            "(order by number desc) total from step where draft = ?1) where total <= ?2 or number = ?3)",
            (id_, _KEPT_BYTES, step),
        )


def amend(base: sqlite3.Connection, id_: str, before: str, after: str) -> None:
    """Put one text in the place of another, if that is the one in force: no change that a person could undo."""
    base.execute(
        "update step set text = ?, size = ? where draft = ? and text = ? "
        "and number = (select step from draft where id = step.draft)",
        (after, _size(after), id_, before),
    )


def _size(text: str) -> int:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as wrong:
        raise FlightcaseError("the text holds half a character (a lone surrogate), which no file can hold") from wrong
    if size >= MOST_BYTES:
        raise FlightcaseError(
            f"the case file would have {size:,} bytes; the most is {MOST_BYTES:,}: keep tracks in files beside it"
        )
    return size


def written(moment: datetime) -> str:
    """A moment as the base has it: such texts sort by time."""
    return moment.isoformat(timespec="milliseconds")


def now() -> str:
    """This moment as the base has it."""
    return written(datetime.now(UTC))
