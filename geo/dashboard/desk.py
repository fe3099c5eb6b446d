"""A draft on the desk: its values, its problems, what can be shown of it, and the one way to change it."""

from __future__ import annotations

import tomllib
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from geo import tracks
from geo.basemap import basemap
from geo.casefile.editing import Document
from geo.casefile.salvage import Salvaged, salvage
from geo.dashboard import library
from geo.dashboard.drafts import Draft, Drafts
from geo.errors import FlightcaseError, TrackError
from geo.render.inline import json_text
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.casefile.editing import Place
    from geo.errors import Problem
    from geo.model import Case, TrackFile
    from geo.route import Route
    from geo.scene import Scene, Units
    from geo.scene.words import Words
    from geo.tracks import Reading

_KEPT: Final = 32
#: The most that is read of a file, inflated, bytes: one upload may not take the memory of the server.
MOST_READ: Final = 1 << 30
#: Hears how far the reading of a track is.
listening: ContextVar[Callable[[float, str], None] | None] = ContextVar("listening", default=None)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the panels of Edit work on.

    ``values`` is the document as plain Python, ``salvaged`` what can be shown of it and what is wrong, ``words`` are
    those of the interface, ``language`` is that of the texts being written. ``fail`` is told why a change could not be
    kept; without it the error is raised.
    """

    draft: Draft
    values: dict[str, Any]
    salvaged: Salvaged
    words: Words
    language: str
    fail: Callable[[str], None] | None = None

    def get(self, place: Place, default: Any = None) -> Any:  # noqa: ANN401  a TOML value
        """The value at a place, or ``default`` where there is none."""
        here: Any = self.values
        for part in place:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return default
        return here

    def said(self, place: Place) -> str:
        """The text at a place in the language of the texts, or the bare one; empty where there is none."""
        found = self.get(place, "")
        return str(found.get(self.language, "") if isinstance(found, dict) else found)

    def problems(self, place: Place) -> list[Problem]:
        """The problems at a place and below it."""
        return [problem for problem in self.salvaged.problems if problem.place[: len(place)] == place]

    def change(self, what: str, edit: Callable[[Document], None]) -> None:
        """Change the draft as it stands now, which another window may have changed; ``what`` names the change."""
        try:
            self._change(what, edit)
        except FlightcaseError as wrong:
            if self.fail is None:
                raise
            self.fail(str(wrong))

    def _change(self, what: str, edit: Callable[[Document], None]) -> None:
        drafts = library.drafts()
        draft = drafts.get(self.draft.id)
        if draft is None:
            raise FlightcaseError("this draft is no longer there; go back to the case and begin another")
        document = Document(draft.text, values(draft.text))
        edit(document)
        text = document.text
        if text != draft.text:
            drafts.change(draft.id, text, what)
            _latest[:] = [(text, document.get(()))]


def desk(draft: Draft, words: Words, language: str) -> Desk:
    """The draft, read as far as it can be."""
    return Desk(draft, values(draft.text), salvaged(draft), words, language)


#: The values of the text that was written last: they are known, and are asked for at once.
_latest: Final[list[tuple[str, dict[str, Any]]]] = []


@lru_cache(maxsize=_KEPT)
def values(text: str) -> dict[str, Any]:
    """The values of a text; nobody may change them."""
    known = next((known for written, known in tuple(_latest) if written == text), None)
    return tomllib.loads(text) if known is None else known


def salvaged(draft: Draft) -> Salvaged:
    """What can be shown of a draft, and what is wrong with it."""
    return _salvaged(library.folder(), draft.slug, draft.id, draft.text)


@lru_cache(maxsize=_KEPT)
def _salvaged(root: Path, slug: str, id_: str, text: str) -> Salvaged:
    drafts = Drafts(root)

    def read(wanted: TrackFile) -> Reading:
        file = drafts.file(slug, id_, wanted.file)
        if not file.is_file():
            raise TrackError(wanted.file, "there is no such file in the case folder")
        state = file.stat()
        return read_track(file, state.st_mtime_ns, state.st_size, wanted.file, wanted.member)

    return salvage(text, read, document=values(text))


@lru_cache(maxsize=8)
def read_track(file: Path, mtime_ns: int, size: int, name: str, member: str | None) -> Reading:  # noqa: ARG001  the key
    """The file of a track, read and judged; read again when it changed."""
    return tracks.read(file, name=name, member=member, max_bytes=MOST_READ, progress=listening.get())


def scene(draft: Draft, language: str, units: Units) -> Scene:
    """The scene of what can be shown of a draft.

    Raises:
        FlightcaseError: when nothing can be shown.
    """
    return _scene(library.folder(), draft.slug, draft.id, draft.text, language, units)


def _scene(root: Path, slug: str, id_: str, text: str, language: str, units: Units) -> Scene:
    case = _salvaged(root, slug, id_, text).case
    if case is None:
        raise FlightcaseError("nothing can be shown yet")
    return compose(case, _route(root, slug, id_, text), language, units)


def route(draft: Draft) -> Route:
    """The route of what can be shown of a draft, the same for every language and unit; raises what ``scene`` does."""
    return _route(library.folder(), draft.slug, draft.id, draft.text)


@lru_cache(maxsize=4)
def _route(root: Path, slug: str, id_: str, text: str) -> Route:
    case = _salvaged(root, slug, id_, text).case
    if case is None:
        raise FlightcaseError("nothing can be shown yet")
    return _traced.route(case)


#: What a route rests on, besides where and when events were.
_FLOWN: Final = ("id", "recorded", "reach", "intended", "gap", "known", "stretches", "flight", "apart_km")


class _Traced:
    """The latest routes, each used again for a case that differs from its own in texts alone."""

    def __init__(self) -> None:
        self._kept: deque[tuple[object, Route]] = deque(maxlen=4)

    def route(self, case: Case) -> Route:
        events = [(event.time, event.place) for event in case.events]
        flown = [*(getattr(case, name) for name in _FLOWN), events]
        known = next((route for other, route in tuple(self._kept) if other == flown), None)
        if known is None:
            known = trace(case)
            self._kept.append((flown, known))
        return known


_traced: Final = _Traced()


def scene_json(draft: Draft, language: str, units: Units) -> bytes:
    """The scene of a draft as JSON; takes and raises what ``scene`` does."""
    return _scene_json(library.folder(), draft.slug, draft.id, draft.text, language, units)


def serve_scene(draft: Draft, language: str, units: Units) -> bytes:
    """``scene_json`` for a browser, of which ``await_served`` is told."""
    made = scene_json(draft, language, units)
    _served(draft.id, draft.text, language, units).set()
    return made


def await_served(draft: Draft, language: str, units: Units, longest_s: float) -> None:
    """Wait until a browser has asked for the scene of a draft as it stands, or for so long."""
    _served(draft.id, draft.text, language, units).wait(longest_s)


@lru_cache(maxsize=_KEPT)
def _served(id_: str, text: str, language: str, units: Units) -> Event:  # noqa: ARG001  the key
    return Event()


@lru_cache(maxsize=_KEPT)
def _scene_json(root: Path, slug: str, id_: str, text: str, language: str, units: Units) -> bytes:
    return json_text(_scene(root, slug, id_, text, language, units)).encode()


@lru_cache(maxsize=_KEPT)
def basemap_json(draft: Draft) -> bytes:
    """The basemap of a draft as JSON."""
    return json_text(basemap(scene(draft, "en", "nautical")["map"]["limits"])).encode()
