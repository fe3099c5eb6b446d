"""From a finding to the place where it can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.dashboard.edit.listed import row_names

if TYPE_CHECKING:
    from geo.casefile.editing import Place
    from geo.dashboard.desk import Desk
    from geo.scene.words import Words

#: The place that a finding leads to; the panel that it lies in takes it from here.
GO_TO: Final = "go-to"
#: Which panel shows a key of the case file; all others are basics.
_PANELS: Final = {
    "places": "places",
    "intended": "route",
    "event": "events",
    "step": "events",
    "correction": "sources",
    "sources": "sources",
    "track": "tracks",
    "other": "tracks",
    "stretch": "stretches",
    "known": "stretches",
    "reach": "stretches",
}


def panel_of(place: Place) -> str:
    """The panel in which a place of the case file is written."""
    # What is wrong with a case as a whole is that it has no time yet.
    return _PANELS.get(str(place[0]), "basics") if place else "events"


def panel_names(words: Words) -> dict[str, str]:
    """What the panels are called."""
    return {
        "basics": words.say("The flight"),
        "places": words.say("Places"),
        "route": words.say("Intended route"),
        "events": words.say("Events"),
        "sources": words.say("Sources"),
        "tracks": words.say("Track"),
        "stretches": words.say("Stretches"),
    }


def go_to(desk: Desk, place: Place) -> None:
    """Let the panel of a place show it: what is one of many there is chosen, as if by hand."""
    st.session_state[GO_TO] = tuple(place)
    match place:
        case ("event", int(index), *_):
            # Panels keep what is chosen by draft; a row of events has a name of its own.
            st.session_state[f"event-of-{desk.draft.id}"] = row_names(desk.values)[index]
        case ("sources", str(name), *_):
            st.session_state[f"source-of-{desk.draft.id}"] = name
        case ("places", str(name), *_):
            st.session_state[f"place-{desk.draft.id}"] = name


def asked(table: str) -> int | None:
    """The entry of a list of tables that was asked for, once: 2 of ``event`` for ``("event", 2, "time")``."""
    place = st.session_state.get(GO_TO)
    if not place or len(place) < 2 or place[0] != table or not isinstance(place[1], int):  # noqa: PLR2004  key and index
        return None
    del st.session_state[GO_TO]
    return int(place[1])
