"""The Edit page as a whole: which draft is on the desk, the panels in their order, the preview beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.dashboard import library
from geo.dashboard.desk import desk
from geo.dashboard.edit.basics import basics
from geo.dashboard.edit.conflict import conflict
from geo.dashboard.edit.events import events
from geo.dashboard.edit.here import drawn, here
from geo.dashboard.edit.history import FAILED, history
from geo.dashboard.edit.places import places
from geo.dashboard.edit.preview import preview
from geo.dashboard.edit.route import route
from geo.dashboard.edit.sources import sources
from geo.dashboard.edit.stretches import stretches
from geo.dashboard.edit.texts import language_of
from geo.dashboard.edit.tracks import tracks
from geo.dashboard.edit.whose import whose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo.dashboard.desk import Desk
    from geo.dashboard.view import View

_PANELS: Final[Mapping[str, Callable[[Desk], None]]] = {
    "basics": basics,
    "places": places,
    "route": route,
    "events": events,
    "sources": sources,
    "tracks": tracks,
    "stretches": stretches,
}


def edit(view: View) -> None:
    """Draw the page."""
    draft = whose(view)
    if draft is None:
        return
    here(draft.id, view.words)
    _panels(view, draft.id)


@st.fragment
def _panels(view: View, id_: str) -> None:
    """All panels and the preview: a change in one draws them again, and nothing else of the page."""
    if st.session_state.pop("redraw", False):
        st.rerun()
    draft = library.drafts().get(id_)
    if draft is None:
        st.info(view.words.say("This draft is no longer there."))
        return
    drawn(draft)
    language = language_of(draft, view.language)
    here_is = replace(desk(draft, view.words, language), fail=_fail)
    history(view, here_is)
    conflict(here_is)
    left, right = st.columns([1000, 480], gap="medium")
    with right:
        # First, so that the browser draws the scene while the panels are drawn.
        preview(view, here_is)
    with left:
        for name, panel in _PANELS.items():
            with st.container(key=f"panel-{name}"):
                panel(here_is)


def _fail(message: str) -> None:
    """Keep what a change could not do, for the bar to say."""
    st.session_state[FAILED] = message
