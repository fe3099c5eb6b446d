"""Which draft a person who opens Edit works on: their own, one that is there, or a new one of the saved case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.dashboard import library, saving
from geo.dashboard.cases import is_unsaved, plain
from geo.dashboard.edit.history import FAILED
from geo.dashboard.view import go, session, who
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from geo.dashboard.steps import Draft
    from geo.dashboard.view import View
    from geo.scene.words import Words


def whose(view: View) -> Draft | None:
    """The draft to work on; ``None`` when the page asks the person which."""
    mine: dict[str, str] = st.session_state.setdefault("drafts", {})
    if view.draft:
        mine[view.draft.slug] = view.draft.id
        return view.draft
    if view.entry is None:
        return None
    if st.query_params.get("draft"):
        st.info(view.words.say("The draft of this address is no longer there: it was discarded."))
    try:
        drafts = library.drafts()
        own = drafts.get(mine.get(view.slug, ""))
        if own is None:
            begun = [draft for draft in drafts.of(view.slug) if is_unsaved(draft)]
            if begun:
                _choice(view, begun)
                return None
            own = fresh(view.slug)
    except FlightcaseError as wrong:
        st.error(plain(str(wrong)))
        return None
    mine[view.slug] = own.id
    st.query_params["draft"] = own.id
    return own


def fresh(slug: str) -> Draft:
    """A draft of the saved case: one that nobody has touched or has open, else a new one."""
    drafts = library.drafts()
    taken = {id_ for id_, _, _ in drafts.others(slug, session())}
    for draft in drafts.of(slug):
        if draft.last or draft.id in taken:
            continue
        if not saving.is_behind(drafts, draft):
            return draft
        # What nobody changed and nobody looks at is litter once the case has moved on.
        drafts.discard(draft.id)
    return drafts.begin(slug, who())


def _choice(view: View, begun: list[Draft]) -> None:
    """Offer the drafts that are there, and a new one beside them."""
    words = view.words
    open_now = {id_: by for id_, by, _ in library.drafts().others(view.slug, session())}
    failed = st.session_state.pop(FAILED, None)
    if failed:
        st.error(plain(failed))
    with st.container(key="whose"):
        st.subheader(words.say("This case has a draft" if len(begun) == 1 else "This case has drafts"), anchor=False)
        for draft in begun:
            with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"draft-{draft.id}"):
                told = [words.say("changed {when}", when=words.ago(draft.changed)), _count(draft, words)]
                if draft.id in open_now:
                    name = open_now[draft.id]
                    told.append(
                        words.say("open now by {name}", name=name) if name else words.say("open now in another window")
                    )
                name = draft.by and words.say("Draft of {name}", name=draft.by)
                st.markdown(
                    f"**{plain(name or words.say('Draft'))}**  \n{plain(words.comma.join(filter(None, told)))}",
                    width="stretch",
                )
                st.button(
                    words.say("Continue this draft"),
                    key=f"continue-{draft.id}",
                    on_click=_continue,
                    args=(view.slug, draft.id),
                )
        st.button(words.say("Start from the saved case"), key="start-saved", on_click=_start, args=(view.slug,))
        st.caption(words.say("Drafts stay apart: who saves second is shown both versions, and nothing is overwritten."))


def _count(draft: Draft, words: Words) -> str:
    count = abs(draft.step - draft.saved)
    if not count:
        return ""
    return words.say("1 change" if count == 1 else "{count} changes", count=words.number(count))


def _continue(slug: str, id_: str) -> None:
    st.session_state.setdefault("drafts", {})[slug] = id_
    go(case=slug, page="edit", draft=id_)


def _start(slug: str) -> None:
    try:
        _continue(slug, fresh(slug).id)
    except FlightcaseError as wrong:
        st.session_state[FAILED] = str(wrong)
