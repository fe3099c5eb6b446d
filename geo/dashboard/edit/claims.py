"""What each party says of an event, side by side; contradictory accounts stand on equal footing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.listed import QUESTIONS, claim_letters
from geo.dashboard.edit.times import read_when, time_field
from geo.dashboard.edit.where import where, where_said
from geo.dashboard.fields import choice, key_of, line, tick, told
from geo.scene.times import clock_text, long_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk
    from geo.model import When
    from geo.scene.words import Words

_BESIDE = 2


def add_claim(document: Document, event: Place) -> None:
    """Put an empty account beside the others of an event; what it needs is asked for."""
    document.insert((*event, "claim"), {})


def claims(desk: Desk, event: Place, day: date | None) -> None:
    """Draw the accounts of an event, two beside each other."""
    words = desk.words
    held = desk.get((*event, "claim"), [])
    if not held:
        return
    letters = claim_letters(desk.get(event))
    st.markdown(f"**{words.say('One account') if len(held) == 1 else words.say('{count} accounts', count=len(held))}**")
    order = sorted(letters, key=lambda index: (letters[index].isdigit(), letters[index]))
    for start in range(0, len(order), _BESIDE):
        columns = st.columns(_BESIDE)
        for column, index in zip(columns, order[start : start + _BESIDE], strict=False):
            with column, st.container(border=True, key=f"claim-{key_of(desk, (*event, 'claim', index))}"):
                _claim(desk, (*event, "claim", index), letters[index], len(held), day)


def _claim(desk: Desk, place: Place, letter: str, count: int, day: date | None) -> None:
    words = desk.words
    _head(desk, place, letter, count)
    own = [problem for problem in desk.problems(place) if problem.place == place]
    if own:
        told(desk, place)
    line(desk, words.say("By whom"), (*place, "by"), translated=True, placeholder=words.say("Preliminary report"))
    line(desk, words.say("What they say"), (*place, "says"), translated=True, lines=2)
    cited(desk, words.say("Source"), (*place, "source"))
    wrong = [each for each in desk.problems(place) if set(each.place[4:5]) & {"time", "place", "about", "detail"}]
    details = st.expander(plain(_summary(desk, place)), key=f"claim-more-{key_of(desk, place)}", on_change="rerun")
    if details.open or wrong:
        with details:
            _details(desk, place, day)


def _summary(desk: Desk, place: Place) -> str:
    """What the folded part of a card holds: what the account is about, whether it leaked, its own time and place."""
    words, claim = desk.words, desk.get(place)
    about = questions(words).get(claim.get("about", "account"), "")
    when = read_when(claim.get("time"))
    parts = [
        words.say("About {question}", question=about),
        words.say("leak") if claim.get("leak") else "",
        claim_clock(desk, when) if when is not None else "",
        where_said(desk, claim["place"]) if "place" in claim else "",
    ]
    return " · ".join(part for part in parts if part)


def claim_clock(desk: Desk, when: When) -> str:
    """The time of an account in short."""
    return long_time(when, desk.words) if when.dated_only else f"{clock_text(when, desk.words)} UTC"


def _details(desk: Desk, place: Place, day: date | None) -> None:
    words = desk.words
    choice(desk, words.say("About"), (*place, "about"), QUESTIONS, questions(words), default="account")
    tick(
        desk,
        words.say("Leaked, not authenticated"),
        (*place, "leak"),
        tip=words.say("The page marks the account as a leak; it stands on equal footing otherwise."),
    )
    line(desk, words.say("Detail"), (*place, "detail"), translated=True)
    time_field(desk, words.say("Time in this account"), (*place, "time"), day)
    where(desk, (*place, "place"))


def questions(words: Words) -> dict[str, str]:
    """What an account may be about."""
    return {
        "place": words.say("the place"),
        "time": words.say("the time"),
        "altitude": words.say("the altitude"),
        "distance": words.say("the distance"),
        "cause": words.say("the cause"),
        "account": words.say("what happened"),
    }


def _head(desk: Desk, place: Place, letter: str, count: int) -> None:
    """The letter of an account, and what can be done with the whole of it."""
    words = desk.words
    index = int(place[-1])
    with st.container(horizontal=True, vertical_alignment="center", key=f"head-{key_of(desk, place)}"):
        st.markdown(f"**{letter}**", width="stretch")
        if count > 1:
            earlier, later = (
                words.say("Move claim {letter} forward", letter=letter),
                words.say("Move claim {letter} back", letter=letter),
            )
            _act(desk, "↑", earlier, place, lambda document: document.move(place, index - 1), off=index == 0)
            _act(desk, "↓", later, place, lambda document: document.move(place, index + 1), off=index == count - 1)
        _act(
            desk,
            words.say("Remove"),
            words.say("Remove claim {letter}", letter=letter),
            place,
            lambda document: _remove(document, place),
        )


def _act(
    desk: Desk, text: str, what: str, place: Place, edit: Callable[[Document], None], *, off: bool = False
) -> None:
    st.button(
        text,
        key=key_of(desk, place, f"act-{text}"),
        help=what,
        on_click=desk.change,
        args=(what, edit),
        disabled=off,
    )


def _remove(document: Document, place: Place) -> None:
    document.remove(place)
    if not document.size(place[:-1]):
        document.remove(place[:-1])
