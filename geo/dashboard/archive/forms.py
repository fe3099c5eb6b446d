"""The four questions as forms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

import streamlit as st

from geo.dashboard.archive import drawing
from geo.dashboard.archive.given import KINDS, WHERE, box_of, times, where_of
from geo.dashboard.archive.question import time_said
from geo.dashboard.cases import plain
from geo.dashboard.edit.finding import finder
from geo.dashboard.fields import bind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.scene.words import Words

#: What is wrong with what was given, by field.
WRONG: Final = "archive-wrong"
_MOST_KM: Final = {"km": 2000.0, "off": 5000.0}


def form(held: dict[str, Any], days: Sequence[date], words: Words, ask: Callable[[], None], *, busy: bool) -> None:
    """Draw the fields of the question that is chosen.

    Args:
        held: what was given so far, and is given here.
        days: that the archive holds.
        words: of the page.
        ask: called when the question is to be asked.
        busy: whether one is being answered, in whose place the next would be asked.
    """
    names = {
        "aircraft": words.say("Where was this aircraft"),
        "near": words.say("Who was near"),
        "jumps": words.say("Whose position jumped"),
        "strayed": words.say("Which flights strayed"),
    }
    with st.container(key="archive-kinds"):
        _choice(held, "kind", words.say("Question"), KINDS, names, "collapsed")
    {"aircraft": _aircraft, "near": _near, "jumps": _jumps, "strayed": _strayed}[held["kind"]](held, words)
    first, last = st.columns(2)
    example = words.day(days[-1] if days else date(2024, 12, 25))
    with first:
        _text(held, "from", words.say("From"), f"{example} 04:00 UTC")
        told("from")
    with last:
        _text(held, "to", words.say("To"), "06:00 UTC")
        told("to")
    meant = times(held, words, days) if held.get("from") and held.get("to") else None
    with st.container(horizontal=True, vertical_alignment="center", key="archive-ask"):
        label = words.say("Ask this instead") if busy else words.say("Ask the archive")
        st.button(label, key="archive-go", type="primary", on_click=ask)
        if meant:
            st.caption(plain(time_said(*meant, words)))
    told("question")


def _aircraft(held: dict[str, Any], words: Words) -> None:
    _text(held, "aircraft", words.say("ICAO address or callsign"), "4006c1, AHY8243")
    told("aircraft")


def _near(held: dict[str, Any], words: Words) -> None:
    _where(held, words)


def _jumps(held: dict[str, Any], words: Words) -> None:
    _where(held, words)
    names = {"jump": words.say("each jump"), "hour": words.say("counted by hour")}
    _choice(held, "by", words.say("List"), ("jump", "hour"), names)


def _strayed(held: dict[str, Any], words: Words) -> None:
    first, last = st.columns(2)
    with first:
        _place(held, "origin", words.say("From which airport"), "UBBB", words)
        _number(held, "off", words.say("Off the direct line by more than, km"))
    with last:
        _place(held, "destination", words.say("To which airport"), "URMG", words)
        _text(held, "callsigns", words.say("Callsigns meant to go there, if known"), "AHY8243")
    told("callsigns")
    if not held.get("callsigns"):
        st.caption(
            words.say(
                "Without them: every callsign that flew this way within 30 days, as far as the archive holds them."
            )
        )
    key = "archive-lost"
    st.checkbox(
        words.say("Also flights that were not seen to land"),
        bind(key, bool(held.get("lost"))),
        key=key,
        on_change=_noted(held, "lost", key),
    )


def _where(held: dict[str, Any], words: Words) -> None:
    """A place and a distance, corners, or everywhere."""
    names = {
        "place": words.say("around a place"),
        "drawn": words.say("in an area"),
        "anywhere": words.say("anywhere"),
    }
    held["where"] = where_of(held)
    _choice(held, "where", words.say("Where"), WHERE[held["kind"]], names)
    if held["where"] == "place":
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        with left:
            _place(held, "place", words.say("Place"), "Grozny", words)
        with right:
            _number(held, "km", words.say("Within, km"))
    elif held["where"] == "drawn":
        _corners(held, words)


def _corners(held: dict[str, Any], words: Words) -> None:
    """Corners by the map, or four sides typed."""

    def drawn() -> None:
        st.session_state.get(WRONG, {}).pop("corners", None)

    drawing.corner_acts(held, words, drawn)
    count = len(held.get("corners") or ())
    if count:
        st.caption(words.say("1 corner" if count == 1 else "{count} corners", count=words.number(count)))
    key = "archive-box"

    def typed() -> None:
        text = str(st.session_state[key]).strip()
        if not text:
            return
        try:
            held["corners"] = box_of(text)
            drawn()
        except ValueError:
            st.session_state.setdefault(WRONG, {})["corners"] = words.say(
                "Write the south, west, north and east side in degrees, such as 42, 44, 45, 48; over the antimeridian "
                "west is greater than east."
            )

    st.text_input(
        words.say("Or type its sides: south, west, north, east"), key=key, placeholder="42, 44, 45, 48", on_change=typed
    )
    told("corners")


# --- fields ----------------------------------------------------------------------------------------------------------


def told(field: str) -> None:
    """Say what is wrong with a field."""
    message = st.session_state.get(WRONG, {}).get(field)
    if message:
        with st.container(key=f"problem-archive-{field}"):
            st.markdown(plain(message))


def _noted(held: dict[str, Any], field: str, key: str) -> Callable[[], None]:
    def call() -> None:
        held[field] = st.session_state[key]
        st.session_state.get(WRONG, {}).pop(field, None)
        if field == "where":
            st.session_state.get(WRONG, {}).pop("corners", None)

    return call


def _text(held: dict[str, Any], field: str, label: str, example: str) -> None:
    key = f"archive-text-{field}"
    value = bind(key, str(held.get(field) or ""))
    st.text_input(label, value, key=key, placeholder=example, on_change=_noted(held, field, key))


def _number(held: dict[str, Any], field: str, label: str) -> None:
    key = f"archive-number-{field}"
    value = bind(key, min(max(float(held[field]), 0.1), _MOST_KM[field]))
    st.number_input(label, 0.1, _MOST_KM[field], value, 5.0, format="%g", key=key, on_change=_noted(held, field, key))


def _choice(
    held: dict[str, Any],
    field: str,
    label: str,
    choices: Sequence[str],
    names: dict[str, str],
    visibility: Literal["visible", "collapsed"] = "visible",
) -> None:
    key = f"archive-choice-{field}"
    value: str = bind(key, next((each for each in choices if each == held.get(field)), choices[0]))
    st.segmented_control(
        label,
        choices,
        default=value,
        key=key,
        required=True,
        format_func=names.__getitem__,
        on_change=_noted(held, field, key),
        label_visibility=visibility,
    )


def _place(held: dict[str, Any], field: str, label: str, example: str, words: Words) -> None:
    """A field that finds a place."""

    def choose(found: dict[str, Any]) -> None:
        held[field] = {**found, "text": found["name"]}
        st.session_state.get(WRONG, {}).pop(field, None)

    def typed(text: str) -> None:
        held[field] = {"text": text, "write": text}

    finder(
        f"archive-{field}",
        label,
        words,
        value=(held.get(field) or {}).get("text", ""),
        choose=choose,
        typed=typed,
        placeholder=example,
        told=st.session_state.get(WRONG, {}).get(field, ""),
    )
