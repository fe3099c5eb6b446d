"""The list of cases in the sidebar, and what a page says of one of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from geo.dashboard import library
from geo.dashboard.style import CHOSEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.dashboard.library import Entry
    from geo.model import Case
    from geo.scene.words import Words


def plain(text: str) -> str:
    """Text of a case in Streamlit's Markdown, with nothing that Markdown would take for itself."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~:$^" else letter for letter in text)


def headline(entry: Entry, words: Words) -> str:
    """``J2-8243, Baku to Grozny``; the folder's name for a case that cannot be read."""
    if entry.case is None:
        return entry.slug
    return ", ".join(filter(None, [_number(entry.case), _route(entry.case, words)]))


def cases(found: list[Entry], chosen: Entry | None, words: Words, choose: Callable[[str], None]) -> None:
    """Draw the list of cases.

    Args:
        found: all of them.
        chosen: the one that is shown, if one is.
        words: of the page.
        choose: called with the slug of the case that the reader has chosen.
    """
    st.title("Flightcase", anchor=False)
    st.caption(words.say("Sourced flight maps for articles"))
    listed = found
    if found:
        query = st.text_input(words.say("Find a case"), placeholder=words.say("Flight, place or date"), key="query")
        listed = [entry for entry in found if entry.answers(query or "")]
        st.markdown(words.say("Cases"))
    if chosen:
        # A button of another type would be another button, and lose the focus of the reader who pressed it.
        st.html(CHOSEN.format(key=re.sub(r"[^A-Za-z0-9_-]", "-", f"case-{chosen.slug}")))
    for entry in listed:
        st.button(
            _card(entry, words),
            key=f"case-{entry.slug}",
            on_click=choose,
            args=(entry.slug,),
            type="tertiary",
            width="stretch",
        )
    if found and not listed:
        st.caption(words.say("No case matches. Search by flight number, place or date."))
    with st.container(key="promise"):
        st.caption(words.say("Works offline. Basemap: Natural Earth. Nothing is sent to third parties."))


def _card(entry: Entry, words: Words) -> str:
    """Number, route and outcome, day."""
    case = entry.case
    if case is None:
        count = len(entry.problems)
        return _lines(
            entry.slug,
            words.say("1 problem in the case file" if count == 1 else "{count} problems in the case file", count=count),
        )
    day = library.began(case)
    line = ", ".join(filter(None, [_route(case, words), words.plain(case.outcome)]))
    return _lines(_number(case), line, words.day(day) if day else "")


def _lines(first: str, *others: str) -> str:
    return "  \n".join([f"**{plain(first)}**", *(plain(line) for line in others if line)])


def _number(case: Case) -> str:
    return case.flight.number or case.flight.callsign


def _route(case: Case, words: Words) -> str:
    ends = [words.plain(place.name) or place.asked or "" for place in (case.intended.route[0], case.intended.route[-1])]
    return words.say("{origin} to {destination}", origin=ends[0], destination=ends[1]) if all(ends) else ""
