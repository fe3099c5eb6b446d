"""What is said of the flight as a whole: headline, identifiers, clocks, captions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.clocks import clocks
from geo.dashboard.edit.texts import day_of, language_field, number, text, told_of_all
from geo.dashboard.edit.times import time_field
from geo.dashboard.fields import line

if TYPE_CHECKING:
    from geo.casefile.editing import Document
    from geo.dashboard.desk import Desk

#: What of a document the panel shows, for counting what is wrong in it.
_OURS = (
    "id", "title", "standfirst", "outcome", "clocks", "not_depicted", "received_by", "remarks", "not_found", "credit",
    "opens", "gap", "apart_km", "flight",
)  # fmt: skip


def basics(desk: Desk) -> None:
    """Draw the panel: one line while it is folded."""
    words = desk.words
    opened = f"basics-open-{desk.draft.id}"
    wrong = sum(problem.place[:1] in {(name,) for name in _OURS} for problem in desk.salvaged.problems)
    # Decided once: a panel that folds itself while one writes in it would be a nuisance.
    st.session_state.setdefault(opened, not desk.said(("standfirst",)) or wrong > 0)
    with st.container(key="basics"):
        with st.container(horizontal=True, vertical_alignment="bottom", key="basics-head"):
            st.subheader(words.say("The flight"), anchor=False, width="stretch")
            with st.container(width=300, key="basics-language"):
                language_field(desk)
        with st.expander(_summary(desk, wrong), expanded=bool(st.session_state[opened])):
            _story(desk)
            _flight(desk)
            clocks(desk)
            _captions(desk)
            _more(desk)


def _summary(desk: Desk, wrong: int) -> str:
    """What the panel says, in one line."""
    words = desk.words
    flight = desk.get(("flight",), {})
    flight = flight if isinstance(flight, dict) else {}
    said = [str(flight.get("number") or flight.get("callsign") or ""), desk.said(("flight", "operator"))]
    said += [str(flight.get(name) or "") for name in ("aircraft", "registration")]
    said.append(_people(desk, flight))
    parts = [plain(part) for part in said if part]
    if wrong:
        told = words.say("1 to be mended" if wrong == 1 else "{count} to be mended", count=words.number(wrong))
        parts.append(f"**{plain(told)}**")
    return " · ".join(parts) or words.say("Headline, flight, clocks, captions")


def _people(desk: Desk, flight: dict[str, Any]) -> str:
    words = desk.words
    aboard, killed = flight.get("aboard"), flight.get("killed")
    if not isinstance(aboard, int):
        return ""
    said = words.say("{count} aboard", count=words.number(aboard))
    if not isinstance(killed, int):
        return said
    return words.comma.join([said, words.say("{count} killed", count=words.number(killed))])


def _story(desk: Desk) -> None:
    words = desk.words
    text(desk, words.say("Headline"), ("title",))
    text(
        desk,
        words.say("Standfirst"),
        ("standfirst",),
        lines=3,
        tip=words.say("Two or three sentences under the headline; also read out as the description of the page."),
    )
    text(
        desk,
        words.say("Outcome"),
        ("outcome",),
        shown=words.say("landed safely"),
        tip=words.say("How the flight ended, in a few words; stands in lists of cases."),
    )


def _flight(desk: Desk) -> None:
    words = desk.words
    fields: tuple[tuple[str, str, str, str | None], ...] = (
        (words.say("Flight number"), "number", "J2-8243", None),
        (words.say("Callsign"), "callsign", "AHY8243", words.say("As transmitted; needed.")),
        (words.say("Aircraft"), "aircraft", "Embraer 190AR", None),
        (
            words.say("Type designator"),
            "type",
            "E190",
            words.say("Of ICAO Doc 8643; its speed limits bound where the aircraft can have been."),
        ),
        (words.say("Registration"), "registration", "4K-AZ65", None),
        (words.say("ICAO 24-bit address"), "icao24", "600841", words.say("Six hexadecimal digits.")),
    )
    for batch in (fields[:3], fields[3:]):
        for column, (label, name, example, tip) in zip(st.columns(3, gap="small"), batch, strict=True):
            with column:
                line(desk, label, ("flight", name), placeholder=example, tip=tip)
    left, middle, right = st.columns([2, 1, 1], gap="small")
    with left:
        text(desk, words.say("Operator"), ("flight", "operator"))
    with middle:
        number(desk, words.say("People aboard"), ("flight", "aboard"))
    with right:
        number(desk, words.say("People killed"), ("flight", "killed"))
    told_of_all(desk, ("flight",))
    cited(desk, words.say("Sources of these"), ("flight", "sources"))


def _captions(desk: Desk) -> None:
    words = desk.words
    captions: tuple[tuple[str, str, str], ...] = (
        (words.say("Received by"), "received_by", words.say("Whose receivers “received” refers to.")),
        (words.say("Not depicted"), "not_depicted", words.say("What the map leaves out; stands in the caption.")),
        (words.say("Remarks"), "remarks", words.say("What a reader must know of the lines; stands in the caption.")),
        (words.say("Not found"), "not_found", words.say("What is not known or not published; ends the list.")),
    )
    for batch in (captions[:2], captions[2:]):
        for column, (label, name, tip) in zip(st.columns(2, gap="small"), batch, strict=True):
            with column:
                text(desk, label, (name,), lines=2, tip=tip)
    text(
        desk, words.say("Credit"), ("credit",), lines=2, tip=words.say("Who the data come from; stands in the footer.")
    )


def _more(desk: Desk) -> None:
    words = desk.words
    left, right = st.columns(2, gap="small")
    with left:
        time_field(desk, words.say("The page opens at"), ("opens",), day_of(desk.values))
    with right:
        line(desk, words.say("Name for links"), ("id",), placeholder="j2-8243")
    left, right = st.columns(2, gap="small")
    with left:

        def span(document: Document, said: str) -> None:
            document.put(("gap",), f"{said} s" if said.isdecimal() else said or None)

        line(
            desk,
            words.say("Longest time between fixes"),
            ("gap",),
            placeholder="60 s",
            tip=words.say("Two positions farther apart in time than this leave a gap; 60 s unless you say."),
            shown=lambda value: f"{value:g} s" if isinstance(value, int | float) else str(value),
            write=span,
        )
    with right:
        number(
            desk,
            words.say("Tracks disagree beyond, km"),
            ("apart_km",),
            placeholder="5",
            tip=words.say("Two tracks farther apart than this at one time disagree; 5 km unless you say."),
        )
