"""The page on which a case that somebody brings is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.dashboard import library
from geo.dashboard.cases import plain
from geo.dashboard.opening import brought, keep
from geo.dashboard.view import go, who
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from geo.dashboard.view import View

_FILE = "brought-file"
_WRONG = "brought-wrong"


def bringing(view: View) -> None:
    """Draw the page."""
    words = view.words
    with st.container(key="opening"):
        st.header(words.say("Open case file"), anchor=False)
        st.markdown(words.say("A case.toml, or the ZIP of a case folder with its tracks. It becomes a draft."))
        st.file_uploader(words.say("Case file or ZIP"), type=["toml", "zip"], key=_FILE, on_change=_take)
        wrong = st.session_state.pop(_WRONG, None)
        if wrong:
            st.warning(plain(wrong))
        st.caption(words.say("The file is looked at first. What is no case, or not safe to open, is not kept."))


def _take() -> None:
    """Make a draft of the file, and go there; or say what is wrong with it."""
    given = st.session_state.get(_FILE)
    if given is None:
        return
    drafts = library.drafts()
    taken = {entry.slug for entry in library.entries()} | {draft.slug for draft in drafts.of()}
    try:
        draft = keep(drafts, brought(given.name, given.getvalue()), taken, who())
    except FlightcaseError as wrong:
        st.session_state[_WRONG] = f"{given.name}: {wrong}"
        return
    st.session_state.setdefault("drafts", {})[draft.slug] = draft.id
    go(case=draft.slug, page="edit", draft=draft.id)
