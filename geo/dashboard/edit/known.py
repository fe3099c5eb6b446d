"""Places where the aircraft is established to have been without a received position: they bound the reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.jumping import asked
from geo.dashboard.edit.texts import day_of, text
from geo.dashboard.edit.times import shown_time, time_field
from geo.dashboard.edit.where import where, where_said
from geo.dashboard.fields import key_of
from geo.dashboard.rows import cell, rows

if TYPE_CHECKING:
    from geo.casefile.editing import Document
    from geo.dashboard.desk import Desk


def known_places(desk: Desk) -> None:
    """Draw the table and the form."""
    words = desk.words
    held = desk.get(("known",), [])
    entries = [entry for entry in held if isinstance(entry, dict)] if isinstance(held, list) else []
    memory = f"known-{desk.draft.id}"
    wanted = asked("known")
    if wanted is not None:
        st.session_state[memory] = wanted
    chosen = st.session_state.get(memory)
    chosen = chosen if isinstance(chosen, int) and chosen < len(entries) else None

    def choose(name: str) -> None:
        st.session_state[memory] = None if chosen == int(name) else int(name)

    with st.container(horizontal=True, vertical_alignment="center", key="known-head"):
        st.subheader(words.say("Known places"), anchor=False, width="content")
        st.caption(plain(words.say("established without a received position; they bound where it can have been")))
    if entries:
        rows(
            f"known-table-{desk.draft.id}",
            words.say("Known places"),
            [words.say("Time"), words.say("Where"), words.say("Rests on")],
            [(str(index), _cells(desk, index, entry)) for index, entry in enumerate(entries)],
            chosen=None if chosen is None else str(chosen),
            choose=choose,
        )
    label = words.say("Add known place")

    def add() -> None:
        def edit(document: Document) -> None:
            entry = {"time": "", "place": "", "basis": {desk.language: ""}, "sources": []}
            st.session_state[memory] = document.insert(("known",), entry)

        desk.change(label, edit)

    st.button(label, key=key_of(desk, ("known",), "add"), on_click=add)
    if chosen is not None:
        _form(desk, chosen, memory)


def _cells(desk: Desk, index: int, entry: dict[str, Any]) -> list[str | dict[str, Any]]:
    wrong = desk.problems(("known", index))
    time = entry.get("time")
    return [
        "" if time in (None, "") else shown_time(time, day_of(desk.values)),
        where_said(desk, entry.get("place")),
        cell(desk.words.say("to mend"), tone="warn") if wrong else desk.said(("known", index, "basis")),
    ]


def _form(desk: Desk, index: int, memory: str) -> None:
    words, place = desk.words, ("known", index)
    with st.container(border=True, key="known-form"):
        time_field(desk, words.say("Time"), (*place, "time"), day_of(desk.values))
        where(desk, (*place, "place"))
        text(desk, words.say("What establishes it"), (*place, "basis"))
        cited(desk, words.say("Sources"), (*place, "sources"))
        label = words.say("Remove this known place")

        def removed() -> None:
            desk.change(label, lambda document: document.remove(place))
            st.session_state.pop(memory, None)

        st.button(label, key=key_of(desk, place, "remove"), on_click=removed)
