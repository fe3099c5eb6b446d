"""Somebody else changed the case file since the draft began: both versions, and what can be done about it."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo import casefile
from geo.dashboard import library, saving
from geo.dashboard.cases import is_unsaved, plain
from geo.dashboard.edit.history import FAILED, save, settled
from geo.dashboard.naming import free
from geo.dashboard.view import who
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk
    from geo.dashboard.drafts import Drafts
    from geo.dashboard.steps import Draft
    from geo.scene.words import Words

#: Lines of the difference that are shown.
_MOST_LINES: Final = 400


def conflict(desk: Desk) -> None:
    """Draw the choice, when there is one to make."""
    drafts, draft, words = library.drafts(), desk.draft, desk.words
    if not saving.is_behind(drafts, draft):
        return
    theirs = _theirs(drafts, draft)
    unsaved = is_unsaved(draft)
    with st.container(key="conflict", border=True):
        st.warning(plain(_told(drafts, draft, words, gone=theirs is None)))
        if theirs is not None and unsaved:
            with st.expander(words.say("Both versions, where they differ"), expanded=True):
                st.caption(words.say("Lines with − are as saved now, lines with + as in this draft."))
                st.code(_difference(theirs, draft.text), language=None, wrap_lines=True)
        with st.container(horizontal=True, key="choices"):
            if theirs is not None:
                st.button(
                    words.say("Go on from the saved version"),
                    key=f"theirs-{draft.id}",
                    on_click=_take,
                    args=(draft.id, words),
                    help=words.say("Undo brings this draft back.") if unsaved else None,
                )
            if unsaved and not desk.salvaged.problems:
                st.button(
                    words.say("Save this draft in its place"),
                    key=f"over-{draft.id}",
                    on_click=save,
                    args=(draft.id, words),
                    kwargs={"over": True},
                    help=words.say("The version that is saved now is kept aside, in the folder .flightcase/kept."),
                )
                st.button(
                    words.say("Save this draft as another case"),
                    key=f"beside-{draft.id}",
                    on_click=_beside,
                    args=(draft.id,),
                )


def _told(drafts: Drafts, draft: Draft, words: Words, *, gone: bool) -> str:
    if gone:
        return words.say("The folder of this case is no longer there. This draft is kept, and can be saved as a case.")
    last = drafts.last_saved(draft.slug)
    if last and last[1]:
        return words.say(
            "{name} saved this case {when}, after this draft began.", name=last[1], when=words.ago(last[0])
        )
    return words.say("The case file was changed by somebody else after this draft began.")


def _theirs(drafts: Drafts, draft: Draft) -> str | None:
    try:
        return (drafts.folder(draft.slug) / casefile.NAME).read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return None


@lru_cache(maxsize=8)
def _difference(theirs: str, ours: str) -> str:
    """The lines that differ, each with its mark; what is alike between them is an ellipsis."""
    found = list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), n=1, lineterm=""))[3:]
    marks = {"-": "\u2212 ", "+": "+ ", " ": "  "}
    lines = ["…" if line.startswith("@@") else marks[line[0]] + line[1:] for line in found]
    return "\n".join([*lines[:_MOST_LINES], *(["…"] if len(lines) > _MOST_LINES else [])])


def _take(id_: str, words: Words) -> None:
    drafts = library.drafts()
    try:
        saving.take_theirs(drafts, drafts.sure(id_), words.say("The saved version"))
    except FlightcaseError as wrong:
        st.session_state[FAILED] = str(wrong)
        return
    settled(id_)


def _beside(id_: str) -> None:
    drafts = library.drafts()
    try:
        draft = drafts.sure(id_)
        saving.save_as(drafts, draft, free([draft.slug], drafts.slugs()), who())
    except FlightcaseError as wrong:
        st.session_state[FAILED] = str(wrong)
        return
    settled(id_)
