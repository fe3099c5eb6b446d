"""The cases of a folder, read again when a file of theirs changes."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo import casefile
from geo.basemap import basemap
from geo.dashboard.drafts import Drafts
from geo.errors import CaseError, FlightcaseError, Problem
from geo.render.inline import json_text
from geo.resources import data
from geo.route import trace
from geo.scene import compose
from geo.scene.words import Words

if TYPE_CHECKING:
    from datetime import date

    from geo.model import Case
    from geo.route import Route
    from geo.scene import Scene, Units

FOLDER: Final = "FLIGHTCASE_CASES"
UNITS: Final[tuple[Units, ...]] = ("nautical", "metric", "imperial")
# Scenes and cases that are kept in memory; the least used goes first.
_KEPT: Final = 64
# No file system takes a longer name, in bytes.
_LONGEST: Final = 255
# Routes are larger than what is drawn of them.
_TRACED: Final = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One case folder as the list of cases shows it.

    ``slug`` is the name of the folder, ``stamp`` changes with its files. A case that can be read has a ``case``, any
    other one its ``problems``.
    """

    slug: str
    folder: Path
    stamp: str
    case: Case | None
    problems: tuple[Problem, ...] = ()
    known_as: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the case is told in, the author's first one first."""
        return self.case.languages if self.case else ("en",)

    def answers(self, query: str) -> bool:
        """Whether every word of a search is in what the case is known by."""
        return all(word in self.known_as for word in query.casefold().split())


def folder() -> Path:
    """The folder of cases that the dashboard was started on."""
    chosen = os.environ.get(FOLDER)
    return Path(chosen) if chosen else data("cases")


def entries() -> list[Entry]:
    """All case folders, the latest flight first, those that cannot be read last; a single case may be the folder."""
    root = folder()
    if (root / casefile.NAME).is_file():
        found = [root]
    else:
        found = [file.parent for file in root.glob(f"*/{casefile.NAME}") if _is_ours(root, file.parent)]
    made = [_entry(path, stamp(path)) for path in found]
    return sorted(
        made, key=lambda entry: (entry.case is not None, str(began(entry.case) or ""), entry.slug), reverse=True
    )


def drafts() -> Drafts:
    """The drafts of the folder of cases."""
    return Drafts(folder())


def entry(slug: str) -> Entry | None:
    """The case of that name, if there is one; a name that leads elsewhere is none."""
    path = find(slug)
    return _entry(path, stamp(path)) if path else None


def find(slug: str) -> Path | None:
    """The folder of the case of that name, if there is one; never one outside the folder of cases."""
    root = folder()
    if not slug or not slug.isprintable() or len(slug.encode()) > _LONGEST or re.search(r"[/\\:]", slug):
        return None
    path = root if (root / casefile.NAME).is_file() and slug == root.name else root / slug
    return path if (path / casefile.NAME).is_file() and (path == root or _is_ours(root, path)) else None


def _is_ours(root: Path, path: Path) -> bool:
    """Whether a folder is a case of the library: no hidden one, and no link that leads out of it."""
    return not path.name.startswith(".") and path.resolve().is_relative_to(root.resolve())


def stamp(path: Path) -> str:
    """A short text that changes when a file in the folder does."""
    state = sorted(
        (file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in path.iterdir() if file.is_file()
    )
    return hashlib.sha256(repr(state).encode()).hexdigest()[:12]


@lru_cache(maxsize=_KEPT)
def _entry(path: Path, stamped: str) -> Entry:
    try:
        case = _case(path, stamped)
    except CaseError as wrong:
        return Entry(path.name, path, stamped, None, wrong.problems, path.name.casefold())
    except FlightcaseError as wrong:
        return Entry(path.name, path, stamped, None, (Problem("", str(wrong)),), path.name.casefold())
    flight = case.flight
    known = [path.name, case.id, flight.number, flight.callsign, flight.registration, flight.icao24]
    known += [text for language in case.languages for text in _named(case, language)]
    return Entry(path.name, path, stamped, case, known_as=" ".join(filter(None, known)).casefold())


def began(case: Case | None) -> date | None:
    """The day on which the flight of a case began, where the case says so."""
    if case is None:
        return None
    starts = [event.time.start for event in case.events] + [stretch.from_ for stretch in case.stretches]
    return min(starts).date() if starts else None


def _named(case: Case, language: str) -> list[str]:
    """What a reader of one language may look for."""
    places = [*case.intended.route, *case.places.values()]
    texts = [case.title, case.standfirst, case.outcome, case.flight.operator, *(place.name for place in places)]
    codes = [code for place in places for code in (place.icao, place.iata) if code]
    day = began(case)
    days = [str(day), Words(language).day(day)] if day else []
    return [text.said(language) for text in texts] + codes + days


@lru_cache(maxsize=_KEPT)
def _case(path: Path, stamped: str) -> Case:  # noqa: ARG001  the stamp is a part of the key
    return casefile.read(path)


@lru_cache(maxsize=_TRACED)
def route(path: Path, stamped: str) -> Route:
    """The route of a case, the same for every language and unit; takes what ``scene`` takes."""
    return trace(_case(path, stamped))


@lru_cache(maxsize=_KEPT)
def scene(path: Path, stamped: str, language: str, units: Units) -> Scene:
    """The scene of a case.

    Args:
        path: the case folder.
        stamped: its stamp; another one reads the folder again.
        language: of the scene.
        units: of the scene.

    Raises:
        FlightcaseError: when the case cannot be read or shown.
    """
    return compose(_case(path, stamped), route(path, stamped), language, units)


@lru_cache(maxsize=_KEPT)
def scene_json(path: Path, stamped: str, language: str, units: Units) -> bytes:
    """The scene of a case as JSON; takes what ``scene`` takes."""
    return json_text(scene(path, stamped, language, units)).encode()


@lru_cache(maxsize=_KEPT)
def basemap_json(path: Path, stamped: str) -> bytes:
    """The basemap of a case as JSON: the same for every language and unit."""
    limits: list[Any] = scene(path, stamped, "en", "nautical")["map"]["limits"]
    return json_text(basemap(limits)).encode()
