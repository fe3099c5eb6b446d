"""The Edit page as a whole: which draft is on the desk, the panels in their order, the preview beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.dashboard import library
from geo.dashboard.desk import desk
from geo.dashboard.edit.basics import basics
from geo.dashboard.edit.events import events
from geo.dashboard.edit.history import history
from geo.dashboard.edit.places import places
from geo.dashboard.edit.preview import preview
from geo.dashboard.edit.route import route
from geo.dashboard.edit.sources import sources
from geo.dashboard.edit.stretches import stretches
from geo.dashboard.edit.tracks import tracks
from geo.dashboard.view import session, who

if TYPE_CHECKING:
    from geo.dashboard.drafts import Draft
    from geo.dashboard.view import View


def edit(view: View) -> None:
    """Draw the page."""
    draft = view.draft or _begun(view)
    if draft is None:
        return
    _panels(view, draft.id)


def _begun(view: View) -> Draft | None:
    """A draft of a saved case, begun when nobody has one."""
    if view.entry is None:
        return None
    drafts = library.drafts()
    found = drafts.of(view.slug)
    draft = found[0] if found else drafts.begin(view.slug, who())
    st.query_params["draft"] = draft.id
    return draft


@st.fragment
def _panels(view: View, id_: str) -> None:
    """All panels and the preview: a change in one draws them again, and nothing else of the page."""
    drafts = library.drafts()
    draft = drafts.get(id_)
    if draft is None:
        st.info(view.words.say("This draft is no longer there."))
        return
    drafts.seen(draft.id, session(), who())
    language = st.session_state.get("text-language") or view.language
    here = desk(draft, view.words, language)
    history(view, here)
    left, right = st.columns([1000, 480], gap="medium")
    with left:
        for panel in (basics, places, route, events, sources, tracks, stretches):
            panel(here)
    with right:
        preview(view, here)
