"""Who else is at work on the case: noted and told while the page is open, with nothing to press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.dashboard import library, saving
from geo.dashboard.cases import plain
from geo.dashboard.view import session, who

if TYPE_CHECKING:
    from geo.dashboard.steps import Draft
    from geo.scene.words import Words

#: What was drawn of the draft last, to see whether somebody else changed it.
_DRAWN: Final = "drawn"


@st.fragment(run_every=15)
def here(id_: str, words: Words) -> None:
    """Note that the draft is open here, and say who else has the case open."""
    drafts = library.drafts()
    draft = drafts.get(id_)
    if draft is None:
        return
    drafts.seen(id_, session(), who())
    drawn = st.session_state.get(_DRAWN)
    if drawn and drawn[0] == id_ and drawn != _state(draft):
        # Another window changed the draft, or somebody saved the case: the page says so without being asked.
        st.session_state[_DRAWN] = _state(draft)
        st.rerun()
    others = drafts.others(draft.slug, session())
    with st.container(key="here"):
        with_us = [by for other, by, _ in others if other == id_]
        beside = [by for other, by, _ in others if other != id_]
        if with_us:
            st.caption(
                plain(words.say("This draft is open elsewhere too: {names}.", names=_names(with_us, words)))
                + " "
                + plain(words.say("What is changed there is shown here."))
            )
        if beside:
            st.caption(
                plain(words.say("Another draft of this case is open: {names}.", names=_names(beside, words)))
                + " "
                + plain(words.say("Who saves second is shown both versions; nothing is overwritten."))
            )


def drawn(draft: Draft) -> None:
    """Note what the page shows of a draft."""
    st.session_state[_DRAWN] = _state(draft)


def _state(draft: Draft) -> tuple[object, ...]:
    return draft.id, draft.step, draft.last, draft.changed, draft.base, saving.is_behind(library.drafts(), draft)


def _names(found: list[str], words: Words) -> str:
    """The names, each once; who gave none is somebody."""
    named = list(dict.fromkeys(name for name in found if name))
    unnamed = len(found) - sum(bool(name) for name in found)
    if unnamed:
        named.append(
            words.say("1 colleague without a name" if unnamed == 1 else "{count} without a name", count=unnamed)
        )
    return words.listed(named)
