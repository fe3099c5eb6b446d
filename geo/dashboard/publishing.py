"""What is published of a case, and the question for a name and a reason before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.dashboard import publications
from geo.dashboard.access import may_edit, why_not
from geo.dashboard.cases import plain
from geo.dashboard.checklist import named
from geo.dashboard.signing import DONE, moment, name_field, told
from geo.errors import FlightcaseError
from geo.scene.words import own_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.dashboard.checklist import Check
    from geo.dashboard.library import Entry
    from geo.dashboard.view import View
    from geo.scene.words import Words

#: A problem of the case file keeps it from being published; nothing else of the list does.
_HINDERS: Final = "problems"


def publishing(view: View, entry: Entry, open_: Sequence[Check]) -> str:
    """Draw the bar: what is published, the language of the files, the button; gives that language.

    Args:
        view: of the page.
        entry: a case that can be read.
        open_: the checks that are open.
    """
    words = view.words
    try:
        kept, stale = publications.publications(entry.folder), publications.is_stale(entry.folder)
    except FlightcaseError as wrong:
        st.error(plain(str(wrong)))
        kept, stale = (), True
    with st.container(horizontal=True, vertical_alignment="center", key="state"):
        st.markdown(_state(entry, kept, words, stale=stale), width="stretch")
        language = _language(view, entry)
        hindered = any(check.id == _HINDERS for check in open_) or not may_edit()
        pressed = st.button(
            words.say("Publish again") if kept and stale else words.say("Publish"),
            type="primary",
            key="publish-now",
            disabled=hindered or bool(kept and not stale),
            help=why_not(words),
        )
    if done := st.session_state.pop(DONE, ""):
        st.toast(done)  # it is spoken too, wherever the focus is
    if pressed:
        _ask(entry, open_, words, reasons=bool(kept))
    return language


def _state(entry: Entry, kept: Sequence[publications.Publication], words: Words, *, stale: bool) -> str:
    if not kept:
        lead = f"**{words.say('Not published yet')}**"
        if publications.is_kept(entry.folder):
            return lead
        return f"{lead}  \n{words.say('Until it is, its address shows the case as it is saved.')}"
    last = kept[-1]
    time, name = moment(last.at, words), plain(last.by)
    said = (
        words.say("Published {time} by {name}", time=time, name=name)
        if name
        else words.say("Readers see the case as it stood before it was first saved here, {time}", time=time)
    )
    changed = words.say("Saved changes are not published yet.")
    return f"**{said}**" + (f"  \n{changed}" if stale else "")


def _language(view: View, entry: Entry) -> str:
    """The language of the files and of the preview: of the case, that of the interface before it is chosen."""
    first = view.language if view.language in entry.languages else entry.languages[0]
    if len(entry.languages) == 1:
        return first
    st.markdown(view.words.say("Files and preview in"), width="content")
    chosen = st.segmented_control(
        view.words.say("Language of the files"),
        entry.languages,
        default=first,
        required=True,
        key=f"files-in-{entry.slug}",
        format_func=own_name,
        label_visibility="collapsed",
    )
    return chosen if chosen in entry.languages else first


def _ask(entry: Entry, open_: Sequence[Check], words: Words, *, reasons: bool) -> None:
    @st.dialog(words.say("Publish the changes") if reasons else words.say("Publish"))
    def ask() -> None:
        if open_:
            st.markdown(f"**{told(len(open_), words)}**")
            st.markdown("\n".join(f"- {plain(check.sentence)}" for check in open_))
        with st.form("publishing", border=False):
            name = name_field(words, "publishing-name")
            said: dict[str, str] = {}
            if reasons:
                st.caption(words.say("Readers have the page already. What changed stands on it as a dated correction."))
                for language in entry.languages:
                    label = words.say("What changed, in {language}", language=named(language, words))
                    said[language] = st.text_area(label, key=f"reason-{language}", max_chars=1000)
            if st.form_submit_button(words.say("Publish"), type="primary") and _done(entry, name, said, words):
                st.rerun()

    ask()


def _done(entry: Entry, name: str, said: dict[str, str], words: Words) -> bool:
    """Publish, or say what is missing."""
    if reason := why_not(words):
        st.error(plain(reason))
        return False
    name = " ".join(name.split())
    missing = [named(language, words) for language, text in said.items() if not text.strip()]
    if not name:
        st.error(words.say("Write your name: readers are told of the change, colleagues who made it public."))
        return False
    if missing:
        st.error(words.say("Say what changed in {languages} too.", languages=words.listed(missing)))
        return False
    try:
        publications.publish(entry.folder, name, reason=said or None)
    except FlightcaseError as wrong:
        st.error(plain(str(wrong)))
        return False
    st.session_state["name"] = name
    st.session_state[DONE] = words.say("Published")
    return True
