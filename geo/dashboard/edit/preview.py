"""The live preview of a draft: the viewer on what can be shown of it, and what is left out, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.component import preview as component
from geo.dashboard.desk import await_served, scene_json
from geo.dashboard.edit.answers import take
from geo.dashboard.edit.movable import movable, request
from geo.dashboard.edit.picking import replaced
from geo.errors import FlightcaseError
from geo.scene.words import languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.dashboard.desk import Desk
    from geo.dashboard.view import View
    from geo.scene import Units
    from geo.scene.words import Words

#: So many parts that are left out are named; of more their number is told.
_NAMED: Final = 6
#: The longest that the panels wait for the browser, s.
_PATIENCE_S: Final = 0.1
#: Fixes up to which a scene is made at once.
_AT_ONCE: Final = 20_000


def preview(view: View, desk: Desk) -> None:
    """Draw the panel."""
    language = desk.language if desk.language in languages() else view.language
    shown = _composed(desk, language, view.units)
    with st.container(key="preview"):
        component(
            desk.draft,
            language,
            view.units,
            {
                "empty": "" if shown else nothing_shown(desk),
                "notes": [*([replaced(desk)] if replaced(desk) else []), *left_out(desk)],
                "picking": request(desk),
                "movable": movable(desk),
                "words": _words(desk.words),
            },
            shown=shown,
            picked=lambda said: take(desk, said),
        )
    if shown:
        # The panels want all of the processor; the browser has asked for the scene before they get it.
        await_served(desk.draft, language, view.units, _PATIENCE_S)


def _composed(desk: Desk, language: str, units: Units) -> bool:
    """Whether there is a scene; it is made now, before the panels want the processor, and waits for the browser.

    That of a large track takes seconds, for which the panels do not wait: the browser asks for it beside them.
    """
    case = desk.salvaged.case
    if case is None:
        return False
    if sum(len(track) for track in case.recorded) > _AT_ONCE:
        return True
    try:
        scene_json(desk.draft, language, units)
    except FlightcaseError:
        return False
    return True


def nothing_shown(desk: Desk) -> str:
    """Why nothing of a draft can be shown, and what it needs first."""
    words = desk.words
    begins = words.say("Nothing can be shown yet. The map appears once this is mended:")
    told = [problem.message.splitlines()[0] for problem in desk.salvaged.problems[:_NAMED]]
    return " ".join([begins, *(f"{message}." if not message.endswith((".", "?")) else message for message in told)])


def left_out(desk: Desk) -> list[str]:
    """What the preview lacks, in words."""
    words = desk.words
    if desk.salvaged.case is None:
        return []
    parts = list(dict.fromkeys(part_of(desk, place) for place in desk.salvaged.left_out))
    if not parts:
        return []
    named = parts[:_NAMED]
    more = len(parts) - len(named)
    listed = words.listed([*named, *([words.say("{count} more", count=more)] if more else [])])
    return [words.say("Not in the preview until it is mended: {parts}.", parts=listed)]


def part_of(desk: Desk, place: tuple[str | int, ...]) -> str:
    """What people call the part of a case at a place: ``event 3``, ``claim B of event 3``, ``title``."""
    words = desk.words
    tables: Mapping[str, str] = {
        "event": words.say("event"),
        "claim": words.say("claim"),
        "track": words.say("track"),
        "other": words.say("other aircraft"),
        "stretch": words.say("stretch"),
        "known": words.say("known place"),
        "step": words.say("step of the story"),
        "places": words.say("place"),
        "sources": words.say("source"),
    }
    said: list[str] = []
    for part, after in zip(place, [*place[1:], None], strict=True):
        if isinstance(part, str) and part in tables and after is not None:
            name = _title(desk, (*place[: place.index(part)], part, after))
            said.append(f"{tables[part]} {after + 1 if isinstance(after, int) else after}{name}")
    return ", ".join(said) or ".".join(str(part) for part in place) or words.say("the case as a whole")


def _title(desk: Desk, place: tuple[str | int, ...]) -> str:
    title = desk.said((*place, "title")) if place[0] == "event" and len(place) == 2 else ""  # noqa: PLR2004  an event
    return f" “{title}”" if title else ""


def _words(words: Words) -> dict[str, Any]:
    """What the preview says by itself; it puts the values in."""
    return {
        "title": words.say("Live preview"),
        "width": words.say("width {px}"),
        "wide": words.say("Wide"),
        "phone": words.say("Phone"),
        "stop": words.say("End"),
        "cross": words.say("Crosshair on the map."),
        "set": words.say("Set at {position}."),
        "km": words.say("{km} km"),
        "move": words.say("Move “{name}”: drag it, or use the arrow keys"),
        "radius": words.say("Distance of “{name}”, {km} km: drag it, or use the arrow keys"),
        "point": words.say("Point {number} of {count}: drag it, use the arrow keys, or remove it with Delete"),
        "removed": words.say("Point {number} removed."),
    }
