"""What a stretch of the route rests on: the sources that the case names for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.model import Case
    from geo.route import RouteStretch


def resting(case: Case, stretch: RouteStretch) -> list[str]:
    """Ids of its sources: those of the author's stretch, then those of the track that covers it, each once.

    A source that the case does not list is left out.
    """
    return list(of(case, *stretch.sources, *_of_track(case, stretch.track)))


def heard(case: Case, track: int) -> list[str]:
    """Ids of the sources of a track, which is counted from 0."""
    return list(of(case, *_of_track(case, track)))


def _of_track(case: Case, track: int | None) -> tuple[str, ...]:
    # A case that was made in Python may have recorded tracks and name no files.
    return case.tracks[track].sources if track is not None and track < len(case.tracks) else ()


def of(case: Case, *names: str) -> dict[str, None]:
    """Those of these ids that the case lists, each once, in their order."""
    return dict.fromkeys(name for name in names if name in case.sources)
