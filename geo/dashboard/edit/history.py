"""The bar of Edit: how the draft stands, what keeps it from being saved, undo and redo, save, and what else to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard import library, saving
from geo.dashboard.cases import is_unsaved, plain
from geo.dashboard.desk import salvaged
from geo.dashboard.edit.jumping import go_to, panel_names, panel_of
from geo.dashboard.fields import key_of
from geo.dashboard.opening import packed
from geo.dashboard.parts import LOADER, key_for
from geo.dashboard.routes import code_address
from geo.dashboard.view import go, who
from geo.errors import FlightcaseError, SaveConflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.dashboard.desk import Desk
    from geo.dashboard.drafts import Draft
    from geo.dashboard.view import View
    from geo.errors import Problem
    from geo.scene.words import Words

_STATUS: Final = st.components.v2.component("flightcase_status", js=LOADER)
#: What a change or a save could not do, until it is said.
FAILED: Final = "failed"


def history(view: View, desk: Desk) -> None:
    """Draw the bar."""
    words, draft = desk.words, desk.draft
    findings = desk.salvaged.problems
    failed = st.session_state.pop(FAILED, None)
    with st.container(key="history", horizontal=True, vertical_alignment="center"):
        _status(desk, findings)
        _move("undo", words.say("Undo"), draft.step > draft.first, draft.what if draft.step else "", draft, "Ctrl+Z")
        _move("redo", words.say("Redo"), draft.step < draft.last, draft.ahead, draft, "Ctrl+Shift+Z")
        with st.popover(words.say("More"), key=f"more-{draft.id}"):
            _more(view, desk)
        st.button(
            words.say("Save"),
            key=f"save-{draft.id}",
            type="primary",
            disabled=bool(findings),
            help=words.say("Mend the findings first; until then the draft is kept.") if findings else None,
            on_click=save,
            args=(draft.id, words),
            shortcut="Ctrl+S",
        )
    if failed:
        st.error(plain(failed))


def standing(view: View) -> None:
    """Say at the head of a page how the draft of the case stands; on Edit the bar says it."""
    if view.draft is None or view.page == "edit":
        return
    findings = len(salvaged(view.draft).problems)
    with st.container(key="standing", width="content"):
        st.caption(told(view.draft, findings, view.words))


def told(draft: Draft, findings: int, words: Words) -> str:
    """How a draft stands, in a few words."""
    if findings:
        return words.say(
            "Draft, 1 open finding" if findings == 1 else "Draft, {count} open findings", count=words.number(findings)
        )
    if is_unsaved(draft):
        count = abs(draft.step - draft.saved)
        if not count:
            return words.say("Draft, not saved")
        return words.say(
            "Not saved: 1 change" if count == 1 else "Not saved: {count} changes", count=words.number(count)
        )
    if draft.saved_at:
        return words.say("Saved {time} UTC", time=words.clock(draft.saved_at))
    return words.say("As saved")


def _status(desk: Desk, findings: Sequence[Problem]) -> None:
    words, draft = desk.words, desk.draft
    key = key_for(f"status-{draft.id}")

    def gone() -> None:
        number = st.session_state[key].get("go")
        if isinstance(number, int) and 0 <= number < len(findings):
            go_to(desk, findings[number].place)

    names = panel_names(words)
    _STATUS(
        key=key,
        data={
            "module": code_address("dashboard", "status.js"),
            "style": code_address("dashboard", "status.css"),
            "direction": words.direction,
            "status": told(draft, len(findings), words),
            "tone": "open" if findings else "unsaved" if is_unsaved(draft) else "saved",
            "show": words.say("Show them") if len(findings) > 1 else words.say("Show it"),
            "findings": [_finding(desk, problem, names) for problem in findings],
        },
        on_go_change=gone,
        width="stretch",
    )


def _finding(desk: Desk, problem: Problem, names: dict[str, str]) -> dict[str, Any]:
    """A finding as the bar lists it: which panel, what is wrong, and the fields that it may be at."""
    panel = panel_of(problem.place)
    fields = [key_of(desk, problem.place[:depth]) for depth in range(len(problem.place), 0, -1)]
    return {
        "panel": panel,
        "name": names[panel],
        "text": problem.message,
        "keys": [re.sub(r"[^A-Za-z0-9_-]", "-", field) for field in fields],
    }


def _move(name: str, label: str, can: bool, what: str, draft: Draft, keys: str) -> None:  # noqa: FBT001  a button
    drafts = library.drafts()
    st.button(
        label,
        key=f"{name}-{draft.id}",
        disabled=not can,
        help=f"{label}: {what}" if can and what else None,
        on_click=_try,
        args=(drafts.undo if name == "undo" else drafts.redo, draft.id),
        shortcut=keys,
    )


def _try(move: Any, id_: str) -> None:  # noqa: ANN401  a method of the drafts
    try:
        move(id_)
    except FlightcaseError as wrong:
        st.session_state[FAILED] = str(wrong)


# --- save ------------------------------------------------------------------------------------------------------------


def save(id_: str, words: Words, *, over: bool = False) -> None:
    """Save a draft and let the whole page be drawn anew; where somebody else saved meanwhile, nothing is written.

    Args:
        id_: of the draft.
        words: of the page.
        over: whether it takes the place of what somebody else has saved since it began.
    """
    drafts = library.drafts()
    draft = drafts.get(id_)
    if draft is None:
        st.session_state[FAILED] = words.say("This draft is no longer there.")
        return
    try:
        saving.save(drafts, draft, who(), over=over)
    except SaveConflict:
        return  # both versions are shown by now, for the page sees the same
    except FlightcaseError as wrong:
        st.session_state[FAILED] = str(wrong)
        return
    settled(id_)


def settled(id_: str) -> None:
    """Note that a draft and its case folder agree again: the address and the list of cases have to show it."""
    st.session_state["redraw"] = True
    draft = library.drafts().get(id_)
    if draft:
        st.session_state.setdefault("drafts", {})[draft.slug] = id_
        go(case=draft.slug, page="edit", draft=id_)


# --- more ------------------------------------------------------------------------------------------------------------


def _more(view: View, desk: Desk) -> None:
    """What is seldom wanted: carry the work away, be known to colleagues, throw the draft away."""
    words, draft = desk.words, desk.draft
    st.download_button(
        words.say("Download case folder"),
        data=lambda: packed(library.drafts(), draft),
        file_name=f"{draft.slug}.zip",
        mime="application/zip",
        on_click="ignore",
        key=f"download-{draft.id}",
        width="stretch",
        help=words.say("A ZIP with case.toml and the tracks, as the draft stands"),
    )
    if not st.user.get("is_logged_in"):
        st.text_input(words.say("Your name, for colleagues"), key="typed-name", on_change=_named, max_chars=80)
    sure = f"sure-{draft.id}"
    st.checkbox(words.say("Yes, throw this draft away"), key=sure)
    st.button(
        words.say("Discard draft"),
        key=f"discard-{draft.id}",
        disabled=not st.session_state[sure],
        on_click=_discard,
        args=(draft.id, view.slug if view.entry else None),
        width="stretch",
    )


def _named() -> None:
    st.session_state["name"] = str(st.session_state["typed-name"]).strip()


def _discard(id_: str, slug: str | None) -> None:
    try:
        library.drafts().discard(id_)
    except FlightcaseError as wrong:
        st.session_state[FAILED] = str(wrong)
        return
    mine: dict[str, str] = st.session_state.get("drafts", {})
    for name in [name for name, own in mine.items() if own == id_]:
        del mine[name]
    st.session_state["redraw"] = True
    go(case=slug)
