"""The form of one event: when, what, how well established, where, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.claims import claims
from geo.dashboard.edit.listed import TITLE_LETTERS, Listed, day_of, findings, free_id, held
from geo.dashboard.edit.times import read_when, time_field
from geo.dashboard.edit.where import number, shown_number, where
from geo.dashboard.fields import bind, index_of, key_of, line, tick, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk
    from geo.scene.words import Words

GRADES: Final = ("confirmed", "stated", "disputed", "inferred")


def grade_names(words: Words) -> dict[str, str]:
    """The grades as the page says them."""
    return {
        "confirmed": words.say("Confirmed"),
        "stated": words.say("Stated by a party"),
        "disputed": words.say("Disputed"),
        "inferred": words.say("Inferred"),
    }


def event_form(desk: Desk, chosen: Listed, renamed: Callable[[str], None]) -> None:
    """Draw the form of an event; ``renamed`` is told the id that it has from now on."""
    desk = held(desk, chosen.index)
    words, place = desk.words, ("event", chosen.index)
    event: Mapping[str, Any] = desk.get(place)
    day = day_of(desk, place)
    for finding in findings(desk, event):
        with st.container(key=f"problem-{finding[:12].encode().hex()}-{key_of(desk, place)}"):
            st.markdown(plain(finding))
    first, second = st.columns([1, 2])
    with first:
        time_field(desk, words.say("Time"), (*place, "time"), day)
    with second:
        _title(desk, place, renamed)
    _grade(desk, (*place, "grade"))
    where(desk, (*place, "place"))
    cited(desk, words.say("Sources of the event"), (*place, "sources"))
    claims(desk, place, day)
    texts = ("text", "note", "unknown")
    with st.expander(
        words.say("Account"), expanded=any(event.get(key) for key in texts), key=f"event-texts-{_key(desk)}"
    ):
        line(desk, words.say("Account"), (*place, "text"), translated=True, lines=4)
        one, two = st.columns(2)
        with one:
            line(
                desk,
                words.say("Note after the grade"),
                (*place, "note"),
                translated=True,
                placeholder=words.say("report gives 03:56"),
            )
        with two:
            line(
                desk,
                words.say("What is not known"),
                (*place, "unknown"),
                translated=True,
                placeholder=words.say("Positions of the approaches: not found."),
            )
    more = st.expander(words.say("Label, clock, altitude, links"), key=f"event-more-{_key(desk)}", on_change="rerun")
    if more.open:
        with more:
            _more(desk, place, event, renamed)


def _key(desk: Desk) -> str:
    """The same for every event: what was opened stays open while one goes through them."""
    return desk.draft.id


def _title(desk: Desk, place: Place, renamed: Callable[[str], None]) -> None:
    words = desk.words
    made = str(desk.get((*place, "id"), "")).startswith("event-")

    def write(document: Document, text: str) -> None:
        document.put_text((*place, "title"), desk.language, text)
        if made and text:
            # Nothing links to an id that was made up; one from the title says what it is.
            own = str(document.get((*place, "id"), ""))
            name = free_id(document.get(()), text, own)
            _rename(document, place, own, name)
            renamed(name)

    said = desk.said((*place, "title"))
    line(desk, words.say("What happened"), (*place, "title"), translated=True, write=write)
    counted = words.say("{count} of {most} letters", count=len(said), most=TITLE_LETTERS)
    st.caption(plain(counted))


def _rename(document: Document, place: Place, own: str, name: str) -> None:
    document.put((*place, "id"), name)
    for index in range(document.size(("step",))):
        if document.get(("step", index, "event")) == own:
            document.put(("step", index, "event"), name)


def _grade(desk: Desk, place: Place) -> None:
    words, key = desk.words, key_of(desk, place)
    means = {
        "confirmed": words.say("by an investigation or a measurement"),
        "stated": words.say("one party says so"),
        "disputed": words.say("accounts contradict each other; all are shown"),
        "inferred": words.say("concluded from other evidence"),
    }
    names = grade_names(words)
    found = desk.get(place)
    held = bind(key, found if found in GRADES else None)
    label = words.say("Grade")

    def changed() -> None:
        desk.change(label, lambda document: document.put(place, st.session_state[key]))

    with st.container(key=f"grade-{key}"):
        st.radio(
            label,
            GRADES,
            index=index_of(GRADES, held),
            key=key,
            format_func=names.__getitem__,
            captions=[means[grade] for grade in GRADES],
            horizontal=True,
            on_change=changed,
        )
    told(desk, place)


def _more(desk: Desk, place: Place, event: Mapping[str, Any], renamed: Callable[[str], None]) -> None:
    words = desk.words
    columns = st.columns(2)
    with columns[0]:
        line(desk, words.say("Label on the map"), (*place, "label"), translated=True)
    with columns[1]:
        line(desk, words.say("Second line of the label"), (*place, "label_note"), translated=True)
    columns = st.columns(2)
    with columns[0]:
        _clock(desk, (*place, "at"))
    with columns[1]:
        _name(desk, place, renamed)
    tick(
        desk,
        words.say("Numbered on map and list"),
        (*place, "main"),
        default=True,
        tip=words.say("Other events stand between the numbered ones in full lists."),
    )
    when = read_when(event.get("time"))
    if when is None or not when.dated_only or event.get("altitude"):
        _altitude(desk, (*place, "altitude"))


def _clock(desk: Desk, place: Place) -> None:
    """The clock whose local time the event shows."""
    words, key, found = desk.words, key_of(desk, place), desk.get(place, "")
    zones = [clock if isinstance(clock, str) else str(clock.get("zone", "")) for clock in desk.get(("clocks",), [])]
    label = words.say("Local time of")
    choices = list(dict.fromkeys(["", *zones, str(found)]))
    held = bind(key, found)

    def changed() -> None:
        desk.change(label, lambda document: document.put(place, st.session_state[key] or None))

    st.selectbox(
        label,
        choices,
        index_of(choices, held),
        key=key,
        format_func=lambda zone: f"{words.city(zone)} ({zone})" if zone else words.say("the first clock of the case"),
        on_change=changed,
        filter_mode=None,
    )
    told(desk, place)


def _name(desk: Desk, place: Place, renamed: Callable[[str], None]) -> None:
    def write(document: Document, text: str) -> None:
        name = text or free_id(document.get(()), "")
        _rename(document, place, str(document.get((*place, "id"), "")), name)
        renamed(name)

    words = desk.words
    tip = words.say("Links to the event hold this name; steps of the story follow when it changes.")
    line(desk, words.say("Name in links"), (*place, "id"), write=write, tip=tip)


def _altitude(desk: Desk, place: Place) -> None:
    words = desk.words

    def write(document: Document, text: str) -> None:
        value = number(text)
        if value is None:
            document.remove(place)
        else:
            document.put((*place, "ft"), value)

    columns = st.columns([1, 1.4, 1.4])
    with columns[0]:
        line(desk, words.say("Altitude, ft"), (*place, "ft"), shown=shown_number, write=write)
    if desk.get(place) is None:
        return
    with columns[1]:
        line(desk, words.say("Above what, or who says so"), (*place, "note"), translated=True)
    with columns[2]:
        _altitude_grade(desk, (*place, "grade"))
    tick(
        desk,
        words.say("The value is false"),
        (*place, "false"),
        tip=words.say("A false value stays, marked: it was transmitted or published, and is not credible."),
    )


def _altitude_grade(desk: Desk, place: Place) -> None:
    words, key = desk.words, key_of(desk, place)
    names = {"": words.say("that of the event"), **grade_names(words)}
    label = words.say("Grade of the altitude")
    found = desk.get(place, "")
    held = bind(key, found if found in names else "")

    def changed() -> None:
        desk.change(label, lambda document: document.put(place, st.session_state[key] or None))

    choices = list(names)
    st.selectbox(
        label,
        choices,
        index_of(choices, held),
        key=key,
        format_func=names.__getitem__,
        on_change=changed,
        filter_mode=None,
    )
    told(desk, place)
