"""The Archive page as a whole: the question, how far it is, the answer as map and table, what is done with it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard import settings
from geo.dashboard.access import may_edit
from geo.dashboard.archive import asking, drawing, forms
from geo.dashboard.archive.given import address, given, read
from geo.dashboard.archive.question import Question, days_said, said, time_said
from geo.dashboard.archive.taking import taking
from geo.dashboard.cases import plain
from geo.dashboard.parts import LOADER
from geo.dashboard.routes import archive_address, code_address
from geo.dashboard.view import ARCHIVE, go, session_id
from geo.errors import ArchiveError
from geo.scene.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from geo.dashboard.archive.answering import Found
    from geo.dashboard.archive.asking import Asking
    from geo.dashboard.view import View

_TABLE: Final = st.components.v2.component("flightcase_passes", js=LOADER)
_DOWNLOADS: Final = st.components.v2.component("flightcase_downloads", js=LOADER, isolate_styles=False)
#: Between two looks at how far a question is, s.
_LOOK_S: Final = 0.4
#: A question that is answered sooner shows no progress, s.
_SOON_S: Final = 0.3
_STOPPED: Final = "archive-stopped"


def archive(view: View) -> None:
    """Draw the page."""
    root = settings.current().archive
    if root is None:
        return
    words = Words(view.language, view.units)
    try:
        days = tuple(sorted(asking.held(root).days))
    except (ArchiveError, OSError) as wrong:
        st.error(plain(str(wrong)))
        return
    _page(root, days, words)


@st.fragment
def _page(root: Path, days: Sequence[date], words: Words) -> None:
    """Fields, map and answer; a change in one draws them again, and nothing else of the page."""
    held = given()
    asked = asking.asked(session_id())
    running = asked is not None and not asked.ended.is_set()
    left, right = st.columns([1000, 820], gap="medium")
    with left, st.container(key="archive-page"):
        st.caption(_days(days, words))
        forms.form(held, days, words, lambda: _ask(root, held, days, words), busy=running)
        if asked is not None and running:
            _wait(asked, words)
        elif asked is not None:
            _answered(asked, root, words)
        elif st.session_state.pop(_STOPPED, False):
            with st.container(key="archive-told"):
                st.markdown(words.say("The question was stopped. Nothing of it goes on."))
    with right, st.container(key="archive-beside"):
        drawing.area(held, asked, words)


def _days(days: Sequence[date], words: Words) -> str:
    if not days:
        return plain(words.say("The archive holds no day yet."))
    count = len(days)
    return plain(
        words.say(
            "The archive holds 1 day: {days} (UTC)." if count == 1 else "The archive holds {count} days: {days} (UTC).",
            count=words.number(count),
            days=days_said(days, words),
        )
    )


# --- asking ----------------------------------------------------------------------------------------------------------


def _ask(root: Path, held: dict[str, Any], days: Sequence[date], words: Words) -> None:
    """Ask what was given, or say what is wrong with it, field by field."""
    st.session_state[drawing.DRAWS] = False
    found = read(held, words, days)
    if not isinstance(found, Question):
        st.session_state[forms.WRONG] = found
        return
    st.session_state[forms.WRONG] = {}
    st.session_state.pop(_STOPPED, None)
    st.session_state.pop("archive-table", None)
    go(page=ARCHIVE, **address(held))
    asking.ask(found, root, session_id()).ended.wait(_SOON_S)


def _wait(asked: Asking, words: Words) -> None:
    """How far a question is, and the button that stops it."""

    def look() -> None:
        if asked.ended.is_set():
            st.rerun()
        share = asked.share
        with st.container(key="archive-progress"):
            with st.container(horizontal=True, key="archive-phase"):
                # Apart from the seconds: it is read aloud when it changes.
                st.html(f'<p role="status">{escape(_phase(asked, words))}</p>')
                seconds = words.say("{count} s", count=words.number(int(asked.seconds)))
                st.html(f'<span aria-hidden="true">{escape(seconds)}</span>', width="content")
            st.progress(share if share is not None and 0 < share <= 1 else 0.0)

    with st.container(key="archive-waiting"):
        st.fragment(look, run_every=_LOOK_S)()
        if st.button(words.say("Cancel"), key="archive-cancel"):
            asking.leave(session_id())
            st.session_state[_STOPPED] = True
            st.rerun()  # the page as a whole: what looks again and again goes with it


def _phase(asked: Asking, words: Words) -> str:
    """What is being done."""
    phases = {
        "waiting": words.say("Waiting: other questions are being answered"),
        "asking": words.say("Reading the archive"),
        "drawing": words.say("Fetching what was received"),
    }
    return phases[asked.phase]


# --- the answer ------------------------------------------------------------------------------------------------------


def _answered(asked: Asking, root: Path, words: Words) -> None:
    """The answer, or why there is none."""
    question, found = asked.question, asked.found
    with st.container(key="archive-told"):
        st.subheader(plain(said(question, words)), anchor=False)
        if found is None:
            st.caption(plain(time_said(*question.between, words)))
            st.warning(plain(asked.wrong or words.say("Asking failed; the log of the server says where.")))
            return
        st.caption(plain(words.comma.join([time_said(*question.between, words), _count(question, found, words)])))
        if found.missing:
            st.markdown(plain(_missing(found, words)))
        if not found.count:
            st.markdown(plain(_nothing(question, found, words)))
        elif found.count > len(found.rows):
            st.markdown(plain(_more(question, found, words)))
        if found.unread:
            told = words.say(
                "Very many aircraft bore this callsign: of {count} of them no position was read; narrow the time.",
                count=words.number(found.unread),
            )
            st.markdown(plain(told))
    if found.rows:
        _rows(asked, words)
    if found.count:
        _files(asked, found, words)
    if found.rows and may_edit() and question.by != "hour":
        taking(asked, found, root, words)


def _count(question: Question, found: Found, words: Words) -> str:
    count, number = found.count, words.number(found.count)
    if question.kind == "jumps" and question.by == "hour":
        return words.say("1 hour" if count == 1 else "{count} hours", count=number)
    if question.kind == "jumps":
        return words.say("1 jump" if count == 1 else "{count} jumps", count=number)
    if question.kind == "near":
        return words.say("1 pass" if count == 1 else "{count} passes", count=number)
    return words.say("1 flight" if count == 1 else "{count} flights", count=number)


def _missing(found: Found, words: Words) -> str:
    count = len(found.missing)
    return words.say(
        "The archive does not hold {days}: nothing is known of that day."
        if count == 1
        else "The archive does not hold {days}: nothing is known of those {count} days.",
        days=days_said(found.missing, words),
        count=words.number(count),
    )


def _nothing(question: Question, found: Found, words: Words) -> str:
    """That nothing was found, in which days."""
    days = (question.end - question.start).days + 1
    if len(found.missing) >= days:
        return words.say("None of the days that were asked for is in the archive.")
    return words.say(
        "Nothing was found in the days that are there. That nothing was received does not say that nobody was there."
    )


def _more(question: Question, found: Found, words: Words) -> str:
    shown, count = words.number(len(found.rows)), words.number(found.count)
    if question.kind == "near":
        return words.say("{shown} of {count} drawn; narrow the time or the area.", shown=shown, count=count)
    return words.say("{shown} of {count} drawn; narrow the time.", shown=shown, count=count)


def _rows(asked: Asking, words: Words) -> None:
    """The table; a choice in it is one on the map."""
    _TABLE(
        key="archive-table",
        data={
            "module": code_address("dashboard", "passes.js"),
            "styles": [code_address("dashboard", "rows.css"), code_address("dashboard", "passes.css")],
            "answer": archive_address(f"answer/{asked.id}/{words.language}/{words.units}.json"),
            "label": words.say("Answer of the archive"),
            "words": {
                "sort": words.say("Sort by {column}"),
                "failed": words.say("The answer cannot be shown."),
            },
        },
        on_chosen_change=lambda: None,
    )


def _files(asked: Asking, found: Found, words: Words) -> None:
    """Everything that was found, to download."""
    names = {
        "passes.csv": words.say("all passes"),
        "flights.csv": words.say("all flights"),
        "positions.csv": words.say("every position and message"),
        "jump.csv": words.say("all jumps"),
        "hour.csv": words.say("all hours"),
        "strayed.csv": words.say("all that strayed"),
        "diverted.csv": words.say("all that were diverted"),
    }
    files = [
        {
            "text": f"CSV: {names[file]}",
            "label": words.say("Download {name}", name=f"archive-{file}"),
            "address": archive_address(f"file/{asked.id}/{file}"),
            "name": f"archive-{file}",
        }
        for file in found.files
    ]
    note = words.say("Times in UTC, heights in feet, speeds in knots, as the archive has them")
    _DOWNLOADS(
        key="archive-downloads",
        data={
            "module": code_address("dashboard", "downloads.js"),
            "label": words.say("Downloads"),
            "groups": [{"title": words.say("Everything that was found"), "note": note, "files": files}],
        },
    )
