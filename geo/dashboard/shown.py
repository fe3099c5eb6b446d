"""What the Data page shows: a saved case or a draft of one, its route, its scene, and the readings of its tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.dashboard import desk, library
from geo.errors import ResourceError, TrackError

if TYPE_CHECKING:
    from pathlib import Path

    from geo.dashboard.drafts import Draft
    from geo.dashboard.library import Entry
    from geo.model import Case
    from geo.route import Route
    from geo.scene import Scene, Units
    from geo.tracks import Reading


@dataclass(frozen=True, slots=True)
class Shown:
    """One state of one case: ``stamp`` changes with it, ``draft`` is set where it is not the saved one."""

    slug: str
    folder: Path
    stamp: str
    case: Case
    draft: Draft | None = None

    def route(self) -> Route:
        """Its route, worked out once."""
        return desk.route(self.draft) if self.draft else library.route(self.folder, self.stamp)

    def scene(self, language: str, units: Units) -> Scene:
        """Its scene."""
        if self.draft:
            return desk.scene(self.draft, language, units)
        return library.scene(self.folder, self.stamp, language, units)

    def reading(self, number: int) -> Reading:
        """The file of a track, read and judged with the account of its rows; ``number`` is its place, from 0.

        Raises:
            TrackError: when the file is no longer there or can no longer be read.
        """
        wanted = self.case.tracks[number]
        root = self.folder.resolve()
        file = self.folder / wanted.file
        if self.draft:
            file = library.drafts().file(self.slug, self.draft.id, wanted.file)
            root = library.folder().resolve()
        if not file.resolve().is_relative_to(root):
            raise TrackError(wanted.file, "leads out of the case folder; put the file beside case.toml")
        if not file.is_file():
            raise TrackError(wanted.file, "there is no such file in the case folder")
        state = file.stat()
        return desk.read_track(file, state.st_mtime_ns, state.st_size, wanted.file, wanted.member)

    def named(self, number: int) -> str:
        """What a file of the track is called but for its suffix: ``jl516-track``; a second one ends in its number."""
        return f"{self.slug}-track{f'-{number + 1}' if len(self.case.recorded) > 1 else ''}"


def shown(entry: Entry | None, draft: Draft | None) -> Shown | None:
    """The draft where there is one of which something can be shown, else the saved case."""
    if draft is not None:
        case = desk.salvaged(draft).case
        if case is not None:
            return Shown(draft.slug, library.folder() / draft.slug, f"{draft.id}.{draft.step}", case, draft)
    if entry is None or entry.case is None:
        return None
    return Shown(entry.slug, entry.folder, entry.stamp, entry.case)


def asked(slug: str | None, draft: str | None) -> Shown:
    """The same for an address, which names a case or a draft.

    Raises:
        ResourceError: when there is no such case or draft.
    """
    found = library.drafts().get(draft) if draft else None
    if draft and found is None:
        raise ResourceError("this draft is no longer there")
    name = found.slug if found else slug or ""
    what = shown(library.entry(name), found)
    if what is None:
        raise ResourceError(f"there is no case {name} that can be shown")
    return what
