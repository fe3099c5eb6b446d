"""The list of what must be so before a case is published, and the names of those who stand for it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard import library, signatures
from geo.dashboard.access import may_edit, why_not
from geo.dashboard.cases import plain
from geo.dashboard.parts import component, draw
from geo.dashboard.view import who
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geo.dashboard.checklist import Check
    from geo.dashboard.library import Entry
    from geo.dashboard.signatures import Signature
    from geo.dashboard.view import View
    from geo.scene.words import Words

_CHECKS: Final = component("checks")
_SIGN: Final = "sign"
_TAKE_BACK: Final = "take-back"
_ASKED: Final = "signing"
_LONGEST_NOTE: Final = 2000
#: What was done on the page and is still to be said.
DONE: Final = "done-on-publish"


def checklist(view: View, entry: Entry, listed: Sequence[Check]) -> None:
    """Draw the list, and the question for a name where somebody signs."""
    words = view.words
    try:
        signed = signatures.signed(entry.folder)
    except FlightcaseError as wrong:
        st.warning(plain(str(wrong)))
        signed = {}
    version = signatures.version(entry.folder)
    rows = [_row(check, signed.get(check.id), version, words) for check in listed]
    # What is to be done stands first, then the names of those who stand for something.
    rows.sort(key=lambda row: (row["state"] == "ok", not row["notes"]))
    count = sum(row["state"] == "open" for row in rows)
    st.html(f"<h3>{escape(words.say('Before you publish'))} <small>{escape(told(count, words))}</small></h3>")
    draw(_CHECKS, "checks", {"label": words.say("Before you publish"), "checks": rows}, act=_asked)
    act, _, name = str(st.session_state.pop(_ASKED, "")).partition(" ")
    for check in listed:
        if check.id == name and may_edit():
            _ask(view, entry, check, act)


def told(count: int, words: Words) -> str:
    """How many checks are open."""
    if not count:
        return words.say("No check open")
    return words.say("1 check open" if count == 1 else "{count} checks open", count=count)


def open_checks(entry: Entry, listed: Sequence[Check]) -> list[Check]:
    """The checks that nothing and nobody stands for."""
    try:
        signed = signatures.signed(entry.folder)
    except FlightcaseError:
        signed = {}
    version = signatures.version(entry.folder)
    return [check for check in listed if _state(check, signed.get(check.id), version) == "open"]


def moment(time: datetime, words: Words) -> str:
    """``26 November 2026, 14:03 UTC``."""
    return f"{words.day(time.date())}{words.comma}{words.clock(time)} UTC"


def _state(check: Check, signature: Signature | None, version: str) -> str:
    if check.state != "by_hand":
        return check.state
    return "ok" if signature is not None and signature.case == version else "open"


def _row(check: Check, signature: Signature | None, version: str, words: Words) -> dict[str, Any]:
    state = _state(check, signature, version)
    count = len(check.where)
    acts: list[dict[str, str]] = []
    notes: list[str] = []
    if check.state == "by_hand":
        notes = _notes(signature, version, words)
        acts = _acts(check, signature, state, words) if may_edit() else []
    return {
        "id": check.id,
        "state": state,
        "spoken": words.say("Done") if state == "ok" else words.say("Still open"),
        "text": check.sentence,
        "notes": notes,
        "where": list(check.where),
        "places": words.say("1 place" if count == 1 else "{count} places", count=count),
        "acts": acts,
    }


def _notes(signature: Signature | None, version: str, words: Words) -> list[str]:
    if signature is None:
        return []
    said = {"name": signature.by, "time": moment(signature.time, words)}
    current = words.say("Signed by {name}, {time}", **said)
    earlier = words.say("Signed by {name}, {time}, for an earlier version", **said)
    return [current if signature.case == version else earlier, *filter(None, [signature.note])]


def _acts(check: Check, signature: Signature | None, state: str, words: Words) -> list[dict[str, str]]:
    def act(name: str, label: str) -> dict[str, str]:
        return {"id": name, "label": label, "name": f"{label}: {check.sentence}"}

    sign = act(_SIGN, words.say("Sign again") if signature else words.say("Sign"))
    take_back = act(_TAKE_BACK, words.say("Take back"))
    if state == "ok":
        return [take_back]
    return [sign, take_back] if signature else [sign]


def _asked(said: str) -> None:
    st.session_state[_ASKED] = said


def _ask(view: View, entry: Entry, check: Check, act: str) -> None:
    words = view.words
    taking_back = act == _TAKE_BACK

    @st.dialog(words.say("Take a signature back") if taking_back else words.say("Sign"))
    def ask() -> None:
        with st.form("signing", border=False):
            st.markdown(f"**{plain(check.sentence)}**")
            if check.id == signatures.SECOND and not taking_back:
                st.caption(words.say("Somebody else than the person who wrote the case."))
            name = name_field(words, "signing-name")
            note = st.text_area(words.say("Note, if you want to add one"), max_chars=_LONGEST_NOTE, key="signing-note")
            label = words.say("Take back") if taking_back else words.say("Sign")
            if st.form_submit_button(label, type="primary") and _done(entry, check, name, note, words, act):
                st.rerun()

    ask()


def name_field(words: Words, key: str) -> str:
    """The field for the name of the person at work; it cannot be changed by somebody who is signed in."""
    known = bool(st.user.get("is_logged_in"))
    st.session_state.setdefault(key, who())
    typed = st.text_input(words.say("Your name"), key=key, autocomplete="name", max_chars=200, disabled=known)
    return who() if known else typed


def _done(entry: Entry, check: Check, name: str, note: str, words: Words, act: str) -> bool:
    """Write the entry, or say why it cannot be written."""
    taking_back = act == _TAKE_BACK
    if reason := why_not(words):
        st.error(plain(reason))
        return False
    saved = library.drafts().last_saved(entry.slug)
    writer = saved[1] if saved else ""
    if not name.strip():
        st.error(words.say("Write your name: a signature needs one."))
        return False
    if check.id == signatures.SECOND and not taking_back and signatures.same(name, writer):
        st.error(words.say("{name} saved this case last: the second person is another one.", name=plain(name.strip())))
        return False
    try:
        if taking_back:
            signatures.take_back(entry.folder, check.id, name, note)
        else:
            signatures.sign(entry.folder, check.id, name, note, writer=writer)
    except FlightcaseError as wrong:
        st.error(plain(str(wrong)))
        return False
    st.session_state["name"] = name.strip()
    st.session_state[DONE] = words.say("Signature taken back") if taking_back else words.say("Signed")
    return True
