"""The map of the Archive page: the area that is drawn on it, and what the answer says was received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.basemap.view import CREDIT
from geo.dashboard.archive.given import MOST_CORNERS, WHERE, point_of, where_of
from geo.dashboard.archive.received import box
from geo.dashboard.edit.answers import read_point
from geo.dashboard.parts import LOADER
from geo.dashboard.routes import archive_address, code_address
from geo.measures import MILE_KM

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.dashboard.archive.asking import Asking
    from geo.scene.words import Words

_AREA: Final = st.components.v2.component("flightcase_area", js=LOADER)
_KEY: Final = "archive-map"
#: Whether corners are being drawn.
DRAWS: Final = "archive-draws"
#: Degrees around a place that is shown before anything is asked.
_AROUND: Final = 3.0
#: Of the bar of scale, in the unit of the reader.
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


def area(held: dict[str, Any], asked: Asking | None, words: Words) -> None:
    """Draw the map.

    Args:
        held: what was given so far; corners that are drawn go into it.
        asked: the question whose answer is shown.
        words: of the page.
    """
    drawing = bool(st.session_state.get(DRAWS)) and is_drawn(held)
    sentence = words.say(
        "Click the map to add corners; drag one to move it, Delete removes it. Arrow keys move the crosshair, Enter "
        "sets a corner, Escape ends."
    )
    answered = asked is not None and asked.found is not None
    address = archive_address(f"answer/{asked.id}/{words.language}/{words.units}.json") if asked and answered else None

    def picked() -> None:
        answer = st.session_state[_KEY].get("picked")
        if isinstance(answer, dict):
            take(held, answer)

    _AREA(
        key=_KEY,
        data={
            "module": code_address("dashboard", "area.js"),
            "leaflet": code_address("viewer", "leaflet.js"),
            "styles": [
                code_address("viewer", "leaflet.css"),
                code_address("viewer", "viewer.css"),
                code_address("dashboard", "preview.css"),
                code_address("dashboard", "area.css"),
            ],
            "ground": archive_address(f"ground/{words.language}/"),
            "scale": [{"m": round(m), "text": words.distance(m / 1000)} for m in _scale(words)],
            "credit": CREDIT,
            "answer": address,
            "drawing": sentence if drawing else None,
            "key": _key(asked, words),
            **_shown(held),
            "words": _words(words),
        },
        on_picked_change=picked,
    )


def is_drawn(held: dict[str, Any]) -> bool:
    """Whether the question is about an area with corners."""
    return held["kind"] in WHERE and where_of(held) == "drawn"


def take(held: dict[str, Any], answer: dict[str, Any]) -> None:
    """Keep the corners that the map answers with."""
    if answer.get("op") == "end":
        st.session_state[DRAWS] = False
        return
    points = answer.get("points")
    if answer.get("op") != "area" or not isinstance(points, list) or len(points) > MOST_CORNERS:
        return
    corners = [read_point(point) for point in points]
    if all(corners):
        held["corners"] = corners


def _shown(held: dict[str, Any]) -> dict[str, Any]:
    """The area and the places of the question."""
    kind = held["kind"]
    where = where_of(held) if kind in WHERE else ""
    names = ("place",) if where == "place" else ("origin", "destination") if kind == "strayed" else ()
    places = [found for found in (point_of(held, name) for name in names) if found]
    corners = list(held.get("corners") or ()) if where == "drawn" else []
    centre = places[0] if where == "place" and places else None
    return {
        "corners": corners,
        "circle": {"at": centre[:2], "km": float(held.get("km") or 50)} if centre else None,
        "places": [{"at": found[:2], "name": found[2]} for found in places],
        "view": _view([*[found[:2] for found in places], *corners], float(held.get("km") or 50) if centre else 0.0),
    }


def _view(points: list[tuple[float, float]], km: float) -> list[float] | None:
    """What of the Earth the map shows first: the places, with room around them."""
    found = box(points)
    if found is None:
        return None
    room = max(_AROUND if len(points) == 1 and not km else 0.3, km / 80)
    west, south, east, north = found
    return [west - room, max(-85.0, south - room), east + room, min(85.0, north + room)]


def _scale(words: Words) -> list[float]:
    """The lengths that the bar of scale may have, in metres."""
    unit_m = MILE_KM * 1000 if words.units == "imperial" else 1000.0
    return [step * unit_m for step in _STEPS]


def _key(asked: Asking | None, words: Words) -> list[dict[str, str]]:
    """What the lines of the map mean: of what is drawn."""
    if asked is None or asked.found is None or not asked.found.rows:
        return []
    if asked.question.kind != "jumps":
        return [{"kind": "line", "text": words.say("received")}]
    if asked.question.by == "hour":
        return [{"kind": "cell", "text": words.say("positions jumped here, the darker the more")}]
    return [{"kind": "hop", "text": words.say("a jump, not flown")}]


def _words(words: Words) -> dict[str, str]:
    return {
        "map": words.say("Map of the archive"),
        "nearer": words.say("Zoom in"),
        "farther": words.say("Zoom out"),
        "stop": words.say("End"),
        "cross": words.say("Crosshair on the map."),
        "set": words.say("Set at {position}."),
        "point": words.say("Corner {number} of {count}: drag it, use the arrow keys, or remove it with Delete"),
        "removed": words.say("Corner {number} removed."),
    }


def corner_acts(held: dict[str, Any], words: Words, drawn: Callable[[], None]) -> None:
    """The buttons for corners: draw, take the last back, clear."""
    draws = bool(st.session_state.get(DRAWS))

    def turn() -> None:
        st.session_state[DRAWS] = not draws

    def back() -> None:
        held["corners"] = list(held.get("corners") or ())[:-1]
        drawn()

    def clear() -> None:
        held["corners"] = []
        drawn()

    none = not held.get("corners")
    with st.container(horizontal=True, key="archive-corners"):
        st.button(
            words.say("Stop drawing") if draws else words.say("Draw on the map"), key="archive-draw", on_click=turn
        )
        st.button(words.say("Take back the last corner"), key="archive-back", on_click=back, disabled=none)
        st.button(words.say("Clear the area"), key="archive-clear", on_click=clear, disabled=none)
