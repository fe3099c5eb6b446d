"""Save a draft: the case folder changes whole or not at all, and nobody's work is overwritten unseen.

The track files that are new go first, under names that the case file of before does not know; then the case file is
replaced in one step. So the folder is at every moment the case of before or the one of after, and a server that is
killed in between leaves at most files that nothing names, which the next Save tidies away. A new case is made beside
the others and moved into its place as a whole.
"""

from __future__ import annotations

import filecmp
import secrets
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from geo.casefile import NAME
from geo.casefile.editing import Document
from geo.casefile.problems import Locator
from geo.casefile.reading import parse, read_document
from geo.dashboard import atomic, publications
from geo.dashboard.desk import read_track
from geo.dashboard.drafts import decoded, encoded, hash_of
from geo.dashboard.naming import free, is_folder_name
from geo.errors import CaseError, FlightcaseError, Problem, SaveConflict, TrackError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo.dashboard.drafts import Draft, Drafts
    from geo.model import TrackFile
    from geo.tracks import Reading

_MADE: Final = "new-"


def problems(drafts: Drafts, draft: Draft) -> tuple[Problem, ...]:
    """What keeps a draft from being saved: all problems of its text and of the tracks that it names."""

    def read(wanted: TrackFile) -> Reading:
        file = drafts.file(draft.slug, draft.id, wanted.file)
        if not file.is_file():
            raise TrackError(wanted.file, "there is no such file in the case folder")
        state = file.stat()
        return read_track(file, state.st_mtime_ns, state.st_size, wanted.file, wanted.member)

    try:
        _, found = read_document(parse(draft.text, NAME), Locator(draft.text), read)
    except CaseError as wrong:
        return wrong.problems
    return tuple(found)


def is_clean(drafts: Drafts, draft: Draft) -> bool:
    """Whether the case file holds what the draft does."""
    return _text(_on_disk(drafts.folder(draft.slug))) == draft.text


def is_behind(drafts: Drafts, draft: Draft) -> bool:
    """Whether somebody else changed the case file since the draft began or was saved."""
    content = _on_disk(drafts.folder(draft.slug))
    return draft.base is not None and not _is_ours(draft, content) and _text(content) != draft.text


def save(drafts: Drafts, draft: Draft, by: str, *, over: bool = False) -> Path:
    """Save a draft into its case folder, and give the folder.

    A new case whose name was taken meanwhile gets another folder: then the name of what is given is not ``draft.slug``.
    Where anything changed, ``updated`` says today. Corrections of the case on disk stay, also when the draft lost them.

    Args:
        drafts: that has it.
        draft: as the person saw it.
        by: who saves.
        over: whether to save also where somebody else changed the case file; their version is kept in ``kept``.

    Raises:
        CaseError: when the draft has problems.
        SaveConflict: when the case file is another one than the draft began with.
        FlightcaseError: when the folder cannot be written, or a file of the case would be overwritten.
    """
    _check(drafts, draft)
    with _told(drafts, draft), drafts.alone():
        known = drafts.sure(draft.id)
        folder = drafts.folder(known.slug)
        content = _on_disk(folder)
        if content is None and not folder.exists():
            if known.base is not None and not over:
                raise SaveConflict(f"{known.slug}/{NAME}", draft.text, "")
            return _create(drafts, known, draft, known.slug, by)
        if known.base is None and not (content is not None and _is_ours(known, content)):
            return _create(drafts, known, draft, free([known.slug], drafts.slugs()), by)
        if _text(content) != draft.text and not _is_ours(known, content):
            if not over:
                raise SaveConflict(f"{known.slug}/{NAME}", draft.text, _text(content) or "")
            _keep(drafts, known.slug, content)
        _replace(drafts, draft, folder, content, by)
        return folder


def save_as(drafts: Drafts, draft: Draft, slug: str, by: str = "") -> Path:
    """Save a draft as another case, and give its folder; the draft is one of that case from then on.

    Raises:
        CaseError: when the draft has problems.
        FlightcaseError: when the folder cannot be written, or can have no such name.
    """
    if not is_folder_name(slug) or drafts.single:
        raise FlightcaseError(f"{slug[:60]!r} cannot be the name of a new case here; write letters, digits and hyphens")
    _check(drafts, draft)
    with _told(drafts, draft), drafts.alone():
        known = drafts.sure(draft.id)
        for name in publications.files_of(draft.text):
            _own(drafts, known, name)
        return _create(drafts, known, draft, free([slug], drafts.slugs()), by)


def take_theirs(drafts: Drafts, draft: Draft, what: str = "") -> Draft:
    """Put the version on disk in force, as one more change of the draft: undo brings ours back.

    Raises:
        FlightcaseError: when there is none, or when it is no TOML.
    """
    file = drafts.folder(draft.slug) / NAME
    content = _on_disk(file.parent)
    if content is None:
        raise FlightcaseError(f"{file} is no longer there; save yours, or discard the draft")
    text = decoded(content, str(file))
    parse(text, str(file))
    return drafts.rebase(draft.id, text, hash_of(content), what)


# --- steps of saving -------------------------------------------------------------------------------------------------


def _check(drafts: Drafts, draft: Draft) -> None:
    found = problems(drafts, draft)
    if found:
        raise CaseError(f"{draft.slug}/{NAME}", found)


def _replace(drafts: Drafts, draft: Draft, folder: Path, content: bytes | None, by: str) -> None:
    """Save into a folder that is there."""
    atomic.tidy(folder, alone=True)
    before = _text(content)
    text = draft.text if before == draft.text else _finished(draft.text, before)
    after = encoded(text, content)
    if after != content:
        publications.freeze(folder)
        for name in publications.files_of(text):
            _bring(drafts.files(draft.id) / name, folder / name)
        atomic.sync(folder)
        drafts.intend(draft, folder.name, text, hash_of(after))
        atomic.put(folder / NAME, after)
    drafts.settle(draft, hash_of(after), by)


def _create(drafts: Drafts, known: Draft, draft: Draft, slug: str, by: str) -> Path:
    """Save into a folder that is not there yet."""
    for left in drafts.store.glob(f"{_MADE}*"):
        shutil.rmtree(left, ignore_errors=True)
    text = _finished(draft.text, None)
    if slug != known.slug and Document(text).get(("id",)) == known.slug:
        text = _with(text, ("id",), slug[:64])
    made = drafts.store / f"{_MADE}{secrets.token_hex(6)}"
    made.mkdir()
    for name in publications.files_of(text):
        _bring(drafts.files(draft.id) / name, made / name)
    publications.start(made)
    atomic.put(made / NAME, text.encode())
    drafts.intend(draft, slug, text, hash_of(text.encode()))
    folder = drafts.folder(slug)
    made.rename(folder)
    atomic.sync(drafts.library)
    drafts.settle(draft, hash_of(text.encode()), by)
    return folder


def _finished(text: str, before: str | None) -> str:
    """The text of a draft as it is saved: with the day, and with every correction that the readers have been told."""
    text = _with(text, ("updated",), datetime.now(UTC).date())
    try:
        told = Document(before).get(("correction",), []) if before is not None else []
    except ValueError:
        return text
    return publications.corrected(text, told)


def _with(text: str, place: tuple[str, ...], value: Any) -> str:  # noqa: ANN401  a TOML value
    document = Document(text)
    document.put(place, value)
    return document.text


def _bring(source: Path, target: Path) -> None:
    """Copy a file of the draft into the case folder, where it has a name of its own."""
    if not source.is_file():
        return
    if target.exists():
        if not filecmp.cmp(source, target, shallow=False):
            raise FlightcaseError(
                f"{target.name} is in the case folder already, and is another file than that of this draft; take one "
                "of them away, or add the track again: it gets another name then"
            )
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    atomic.copy(source, target)


def _own(drafts: Drafts, draft: Draft, name: str) -> None:
    """Give a draft a copy of a file that only the case folder has."""
    file, own = drafts.file(draft.slug, draft.id, name), drafts.files(draft.id) / name
    if file != own:
        own.parent.mkdir(parents=True, exist_ok=True)
        atomic.copy(file, own)


def _keep(drafts: Drafts, slug: str, content: bytes | None) -> None:
    """Keep a version that is about to be replaced."""
    if content is None:
        return
    folder = drafts.store / "kept"
    folder.mkdir(exist_ok=True)
    name = f"{slug}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    name = free([name], {file.stem for file in folder.iterdir()})
    atomic.put(folder / f"{name}.toml", content)


def _on_disk(folder: Path) -> bytes | None:
    try:
        return (folder / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _text(content: bytes | None) -> str | None:
    """The text of a case file; one that is no UTF-8 is none that a draft could have."""
    return None if content is None else content.decode("utf-8-sig", errors="replace")


def _is_ours(draft: Draft, content: bytes | None) -> bool:
    """Whether a case file is the one that the draft began with, or one that was being saved when the server stopped."""
    return content is not None and hash_of(content) in (draft.base, draft.saving)


@contextmanager
def _told(drafts: Drafts, draft: Draft) -> Iterator[None]:
    try:
        yield
    except FlightcaseError:
        raise
    except OSError as wrong:
        raise FlightcaseError(
            f"{draft.slug} was not saved: {wrong.strerror or wrong}; the draft is kept: look at the disk and at who "
            f"may write in {drafts.library}, then save again"
        ) from wrong
