"""The form of one source: who published what, where and when, and the copy that proves it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.casefile.addresses import original
from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import kept, name_problem, redirect, rename
from geo.dashboard.edit.times import time_field
from geo.dashboard.fields import bind, key_of, line, unless_late

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk

_WEB = re.compile(r"https?://[^\s<>\"'`\\]+")


def source_form(desk: Desk, name: str, places: Sequence[Place], opened: Callable[[str | None], None]) -> None:
    """Draw the form.

    Args:
        desk: with the draft.
        name: of the source.
        places: where it is named.
        opened: told which source is shown from now on.
    """
    words, place, desk = desk.words, ("sources", name), kept(desk, name)
    _head(desk, name, places, opened)
    columns = st.columns([1, 2, 3])
    with columns[0]:
        _name(desk, name, opened)
    with columns[1]:
        line(desk, words.say("Publisher"), (*place, "publisher"), write=_needed((*place, "publisher")))
    with columns[2]:
        line(desk, words.say("Title"), (*place, "title"), write=_needed((*place, "title")))
    for part in ("publisher", "title"):
        if not desk.get((*place, part)):
            with st.container(key=f"problem-{part}-{key_of(desk, place)}"):
                st.markdown(
                    words.say("Write who published it.")
                    if part == "publisher"
                    else words.say("Write its title as it stands there.")
                )
    _address(desk, (*place, "url"), words.say("Web address"))
    _address(desk, (*place, "archived"), words.say("Archived copy"))
    dates = st.columns(3)
    with dates[0]:
        time_field(desk, words.say("Published"), (*place, "published"), None, dated=True)
    with dates[1]:
        time_field(desk, words.say("Retrieved"), (*place, "retrieved"), None, dated=True)
    with dates[2]:
        line(desk, words.say("Language"), (*place, "language"), placeholder="en, de, ru …")
    line(desk, words.say("Note"), (*place, "note"), translated=True)
    _sha256(desk, (*place, "sha256"))


def _needed(place: Place) -> Callable[[Document, str], None]:
    """Keeps a text that a source needs also when it is empty, so that it is asked for."""
    return lambda document, text: document.put(place, text)


def _head(desk: Desk, name: str, places: Sequence[Place], opened: Callable[[str | None], None]) -> None:
    words = desk.words
    used = words.say("used once") if len(places) == 1 else words.say("used {count} times", count=len(places))

    def remove() -> None:
        desk.change(words.say("Remove source"), lambda document: _remove(document, name))
        opened(None)

    with st.container(horizontal=True, vertical_alignment="center", key="source-head"):
        st.markdown(f"**{plain(name)}** · {used if places else words.say('unused')}", width="stretch")
        st.button(
            words.say("Remove, with all its mentions") if places else words.say("Remove"),
            key="remove-source",
            on_click=remove,
        )
        st.button(words.say("Close"), key="close-source", on_click=opened, args=(None,))
    if places:
        st.caption(plain(words.comma.join(dict.fromkeys(_told(desk, each) for each in places))))


def _told(desk: Desk, place: Place) -> str:
    """Where a source is named, for people: the event by its id, else the place as the case file has it."""
    if place[0] == "event" and isinstance(place[1], int):
        return str(desk.get(("event", place[1], "id")) or f"event {place[1] + 1}")
    return " ".join(str(part + 1 if isinstance(part, int) else part) for part in place[:-1])


def _remove(document: Document, name: str) -> None:
    redirect(document, name, None)
    for place in _emptied(document.get(())):
        document.remove(place)
    document.remove(("sources", name))


def _emptied(values: Any, place: Place = ()) -> list[Place]:  # noqa: ANN401  TOML values
    """Lists of sources that hold none."""
    children = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    found: list[Place] = []
    for key, child in children:
        here = (*place, key)
        found += [here] if key in ("source", "sources") and child == [] else _emptied(child, here)
    return found


def _name(desk: Desk, name: str, opened: Callable[[str | None], None]) -> None:
    words, key = desk.words, key_of(desk, ("sources", name), "name")
    label = words.say("Short name")
    held = bind(key, name)

    def changed() -> None:
        wanted = str(st.session_state[key]).strip()
        wrong = name_problem(desk, name, wanted)
        st.session_state[f"{key}-wrong"] = wrong
        if wrong is None and wanted != name:
            desk.change(label, lambda document: rename(document, name, wanted))
            opened(wanted)

    st.text_input(label, held, key=key, on_change=unless_late(key, changed))
    wrong = st.session_state.get(f"{key}-wrong")
    if wrong:
        with st.container(key=f"problem-{key}"):
            st.markdown(plain(wrong))


def _address(desk: Desk, place: Place, label: str) -> None:
    """A web address, which may be that of an archived copy, and the way there."""

    def write(document: Document, text: str) -> None:
        page, copy = original(text)
        if copy and place[-1] == "url":
            # An archived copy says what it is a copy of.
            document.put((*place[:-1], "archived"), copy)
            document.put(place, page or document.get(place))
        else:
            document.put(place, (copy or page or text) if text else None)

    first, second = st.columns([6, 1], vertical_alignment="bottom")
    with first:
        line(desk, label, place, placeholder="https://…", write=write)
    address = desk.get(place)
    with second:
        if isinstance(address, str) and _WEB.fullmatch(address):
            st.link_button(desk.words.say("Open"), address, help=label, width="stretch")


def _sha256(desk: Desk, place: Place) -> None:
    """SHA-256 of a file that was kept: typed, or computed of a file dropped here, which is not kept."""
    words = desk.words
    with st.expander(
        words.say("Checksum of a kept copy"), expanded=bool(desk.get(place)), key=f"source-sum-{desk.draft.id}"
    ):
        line(desk, "SHA-256", place, write=lambda document, text: document.put(place, text.lower() or None))
        key = key_of(desk, place, "file")

        def dropped() -> None:
            file = st.session_state.get(key)
            if file is not None:
                computed = hashlib.sha256(file.getbuffer()).hexdigest()
                desk.change(words.say("Checksum of a kept copy"), lambda document: document.put(place, computed))

        st.file_uploader(
            words.say("Drop the file to compute it; the file itself is not stored"), key=key, on_change=dropped
        )
