"""What readers get: the pages of a case as they were published, and the record of when, by whom and why.

In the case folder::

    published/record.json            every publication, the last one last
    published/<language>-<hash>.html its pages; those of earlier publications stay, they are the archive

Saving a case changes no page that readers have: only publishing does, and a page that was published once changes with
a dated correction that says why. Pages are written first and the record last, each in one step, so the record never
names a page that is not whole.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geo.casefile import NAME
from geo.casefile.editing import Document
from geo.casefile.others import read_file
from geo.casefile.problems import Locator
from geo.casefile.reading import parse, read_document
from geo.dashboard import atomic, record
from geo.dashboard.drafts import Drafts, decoded, encoded, hash_of
from geo.dashboard.record import FOLDER, RECORD, Page, Publication
from geo.errors import CaseError, CorrectionNeeded, FlightcaseError
from geo.model.case import Correction
from geo.render import render
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geo.model import Case

__all__ = [
    "FOLDER",
    "Page",
    "Publication",
    "corrected",
    "files_of",
    "freeze",
    "is_kept",
    "is_stale",
    "page",
    "publications",
    "publish",
    "start",
]


def publications(folder: Path) -> tuple[Publication, ...]:
    """The publications of a case, the last one last.

    Raises:
        FlightcaseError: when their record is damaged.
    """
    return record.read(folder) or ()


def is_kept(folder: Path) -> bool:
    """Whether the dashboard keeps account of what is published of a case: then nothing else of it is for readers."""
    return (folder / FOLDER / RECORD).is_file()


def page(folder: Path, language: str) -> bytes | None:
    """The page in a language as it was published last; ``None`` where none was.

    Raises:
        FlightcaseError: when the file is missing or not the one that was published.
    """
    found = publications(folder)
    wanted = found[-1].pages.get(language) if found else None
    if wanted is None:
        return None
    content = _content(folder, wanted)
    if hashlib.sha256(content).hexdigest() != wanted.sha256:
        raise FlightcaseError(
            f"{FOLDER}/{wanted.file} is not the page that was published; put it back from a backup, or publish again"
        )
    return content


def is_stale(folder: Path) -> bool:
    """Whether the saved case has changed since it was published; no case is stale that never was."""
    found = publications(folder)
    try:
        return bool(found) and found[-1].case != _state(folder, (folder / NAME).read_bytes())
    except (OSError, ValueError, FlightcaseError):
        return True  # what cannot be read is not what was published


def publish(
    folder: Path, by: str, languages: Sequence[str] | None = None, reason: Mapping[str, str] | None = None
) -> Publication:
    """Publish the saved case, and give the publication; where no page would change, the last one.

    Args:
        folder: of the case.
        by: who publishes.
        languages: that pages are made in; all of the case when not given. Those that were published before are always
            made anew: an embedded page never stays behind.
        reason: why a page changes that readers have, in each of the languages.

    Raises:
        CaseError: when the case has problems.
        CorrectionNeeded: when a page would change without a reason.
        FlightcaseError: when the folder cannot be written, or its record is damaged.
    """
    drafts = Drafts(folder.absolute().parent)
    try:
        with drafts.alone():
            return _publish(drafts, folder, by, languages, reason or {})
    except FlightcaseError:
        raise
    except OSError as wrong:
        raise FlightcaseError(f"{folder.name} was not published: {wrong.strerror or wrong}") from wrong


def start(folder: Path) -> None:
    """Have a new case shown to nobody before it is published."""
    record.write(folder, ())


def freeze(folder: Path) -> None:
    """Before the dashboard first saves a case that is there: record what readers have of it, so that it stays.

    Nothing happens where there is a record. A case that cannot be shown has no page to record.
    """
    if is_kept(folder):
        return
    try:
        content = (folder / NAME).read_bytes()
        case = _read(folder, decoded(content, NAME))
        made = _pages(case, case.languages)
    except (FlightcaseError, FileNotFoundError):
        start(folder)
        return
    _add(folder, (), _publication_of(case, "", _state(folder, content), _named(made), {}), made)


def corrected(text: str, told: Any) -> str:  # noqa: ANN401  a TOML value
    """The text of a case with those corrections added that it lacks; what is none is left out."""
    document = Document(text)
    there = document.get(("correction",), [])
    for each in told if isinstance(told, list) else ():
        try:
            Correction.model_validate(each)
        except ValueError:
            continue
        if each not in there:
            document.insert(("correction",), each)
    return document.text


def files_of(text: str) -> list[str]:
    """The files that the text of a case names, each once."""
    values = parse(text, NAME)
    tables = [values.get(kind) for kind in ("track", "other")]
    entries = [entry for table in tables if isinstance(table, list) for entry in table if isinstance(entry, dict)]
    return list(dict.fromkeys(entry["file"] for entry in entries if isinstance(entry.get("file"), str)))


def _content(folder: Path, wanted: Page) -> bytes:
    """The bytes of a page; none where there is none, or where its name leads out of the case."""
    file = folder / FOLDER / wanted.file
    try:
        return file.read_bytes() if file.resolve().is_relative_to(folder.resolve()) else b""
    except OSError:
        return b""


# --- steps of publishing ---------------------------------------------------------------------------------------------


def _publish(
    drafts: Drafts, folder: Path, by: str, languages: Sequence[str] | None, reason: Mapping[str, str]
) -> Publication:
    content = (folder / NAME).read_bytes()
    text = decoded(content, f"{folder.name}/{NAME}")
    case = _read(folder, text)
    before = publications(folder)
    last = before[-1] if before else None
    wanted = _languages(case, languages, last)
    made = _pages(case, wanted)
    state = _state(folder, content)
    if last and {name: last.pages.get(name) for name in made} == _named(made):
        for language in made:
            if _content(folder, last.pages[language]) != made[language]:  # damaged since
                atomic.put(folder / FOLDER / last.pages[language].file, made[language])
        if state != last.case:  # a comment, say: no reader could tell
            last = replace(last, case=state)
            record.write(folder, (*before[:-1], last))
        return last
    said: dict[str, str] = {}
    # A correction that was written by hand, or before the server was stopped, tells readers too.
    told = last is not None and len(case.corrections) > last.corrections
    if last and state != last.case and (reason or not told):
        said = _reason(folder, wanted, reason)
        entry = {"on": datetime.now(UTC).date(), "text": said}
        after = _with_correction(text, entry)
        case = _read(folder, after)
        made = _pages(case, wanted)
        if after != text:
            _correct(drafts, folder, content, after, entry)
        state = _state(folder, (folder / NAME).read_bytes())
    carried = {name: old for name, old in (last.pages if last else {}).items() if name not in made}
    publication = _publication_of(case, by, state, {**carried, **_named(made)}, said)
    _add(folder, before, publication, made)
    return publication


def _languages(case: Case, languages: Sequence[str] | None, last: Publication | None) -> tuple[str, ...]:
    unknown = [language for language in languages or () if language not in case.languages]
    if unknown:
        raise FlightcaseError(
            f"the case is not told in {', '.join(unknown)}; give it a title there, or choose of "
            f"{', '.join(case.languages)}"
        )
    kept = last.pages if last else {}
    return tuple(name for name in case.languages if languages is None or name in languages or name in kept)


def _reason(folder: Path, languages: Sequence[str], reason: Mapping[str, str]) -> dict[str, str]:
    said = {language: reason.get(language, "").strip() for language in languages}
    missing = [language for language, text in said.items() if not text]
    if missing:
        raise CorrectionNeeded(folder.name, missing)
    return said


def _with_correction(text: str, entry: Mapping[str, Any]) -> str:
    document = Document(corrected(text, [entry]))
    document.put(("updated",), entry["on"])
    return document.text


def _correct(drafts: Drafts, folder: Path, content: bytes, text: str, entry: Mapping[str, Any]) -> None:
    """Write a correction into the case file, and into the drafts of the case that stood on the file of before."""
    after = encoded(text, content)
    texts = {}
    for draft in drafts.of(folder.name):
        with suppress(ValueError, LookupError, TypeError):  # where it cannot be put in now, saving adds it
            texts[draft.text] = _with_correction(draft.text, entry)
    drafts.expect(folder.name, hash_of(content), hash_of(after))
    atomic.put(folder / NAME, after)
    drafts.follow(folder.name, hash_of(after), texts)


def _read(folder: Path, text: str) -> Case:
    case, found = read_document(parse(text, NAME), Locator(text), lambda wanted: read_file(wanted, folder))
    if found or case is None:
        raise CaseError(f"{folder.name}/{NAME}", found)
    return case


def _pages(case: Case, languages: Sequence[str]) -> dict[str, bytes]:
    route = trace(case)
    return {language: render(compose(case, route, language, "nautical"), ".html") for language in languages}


def _publication_of(case: Case, by: str, state: str, pages: dict[str, Page], reason: dict[str, str]) -> Publication:
    at = datetime.now(UTC).replace(microsecond=0)
    return Publication(at, by, state, MappingProxyType(pages), MappingProxyType(reason), len(case.corrections))


def _named(made: Mapping[str, bytes]) -> dict[str, Page]:
    found = {}
    for language, content in made.items():
        sha256 = hashlib.sha256(content).hexdigest()
        found[language] = Page(f"{language}-{sha256[:12]}.html", sha256, len(content))
    return found


def _state(folder: Path, content: bytes) -> str:
    """A hash of the case file and of the files that it names."""
    whole = hashlib.sha256(content)
    for name in files_of(decoded(content, NAME)):
        file = folder / name
        state = file.stat()
        whole.update(_file_hash(file, state.st_mtime_ns, state.st_size, state.st_ino))
    return whole.hexdigest()


@lru_cache(maxsize=256)
def _file_hash(file: Path, mtime_ns: int, size: int, inode: int) -> bytes:  # noqa: ARG001  the key
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").digest()


def _add(folder: Path, before: Sequence[Publication], publication: Publication, made: Mapping[str, bytes]) -> None:
    """Write the pages of a publication, then the record that names them."""
    (folder / FOLDER).mkdir(exist_ok=True)
    atomic.tidy(folder / FOLDER, alone=False)
    for language, content in made.items():
        atomic.put(folder / FOLDER / publication.pages[language].file, content)
    record.write(folder, (*before, publication))
