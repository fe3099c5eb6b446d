"""The list of cases in the sidebar, and what a page says of one of them."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from geo.casefile.salvage import salvage
from geo.dashboard import library
from geo.dashboard.style import CHOSEN
from geo.dashboard.view import ARCHIVE, NEW, OPEN, go
from geo.errors import CaseError, TrackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.dashboard.drafts import Draft
    from geo.dashboard.library import Entry
    from geo.model import Case, TrackFile
    from geo.scene.words import Words
    from geo.tracks import Reading


def plain(text: str) -> str:
    """Text of a case in Streamlit's Markdown, with nothing that Markdown would take for itself."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~:$^" else letter for letter in text)


def headline(entry: Entry, words: Words) -> str:
    """``J2-8243, Baku to Grozny``; the folder's name for a case that cannot be read."""
    if entry.case is None:
        return entry.slug
    return words.comma.join(filter(None, [_number(entry.case), _route(entry.case, words)]))


def draft_headline(draft: Draft, words: Words) -> str:
    """What the headline of a case is, of a draft that was never saved."""
    case = _case(draft.text)
    return (words.comma.join(filter(None, [_number(case), _route(case, words)])) if case else "") or draft.slug


def is_unsaved(draft: Draft) -> bool:
    """Whether a draft holds anything that its case folder does not, as far as this draft's own doing goes."""
    return draft.base is None or (draft.last > 0 and draft.base != hashlib.sha256(draft.text.encode()).hexdigest())


def cases(
    found: list[Entry],
    chosen: str | None,
    words: Words,
    choose: Callable[[str], None],
    *,
    editing: bool = True,
    asking: bool = False,
) -> None:
    """Draw the list of cases.

    Args:
        found: all of them.
        chosen: slug of the one that is shown, if one is.
        words: of the page.
        choose: called with the slug of the case that the reader has chosen.
        editing: whether cases may be changed here: drafts are listed, and cases can be begun, only then.
        asking: whether there is an archive that may be asked.
    """
    st.title("Flightcase", anchor=False)
    st.caption(words.say("Sourced flight maps for articles"))
    drafts = [draft for draft in library.drafts().of() if is_unsaved(draft)] if editing else []
    saved = {entry.slug for entry in found}
    cards = [(draft, _draft_lines(draft, words)) for draft in drafts if draft.slug not in saved]
    begun = {draft.slug: draft for draft in reversed(drafts)}
    query = ""
    if found or cards:
        query = st.text_input(words.say("Find a case"), placeholder=words.say("Flight, place or date"), key="query")
        st.markdown(words.say("Cases"))
    sought = (query or "").casefold().split()
    listed: list[tuple[str, str, Draft | None]] = [
        (draft.slug, _lines(*lines), draft)
        for draft, lines in cards
        if all(word in " ".join([draft.slug, *lines]).casefold() for word in sought)
    ]
    listed += [
        (entry.slug, _card(entry, words, begun.get(entry.slug)), None) for entry in found if entry.answers(query or "")
    ]
    if chosen:
        # A button of another type would be another button, and lose the focus of the reader who pressed it.
        st.html(CHOSEN.format(key=re.sub(r"[^A-Za-z0-9_-]", "-", f"case-{chosen}")))
    for slug, card, draft in listed:
        st.button(
            card,
            key=f"case-{slug}",
            on_click=_continue if draft else choose,
            args=(draft,) if draft else (slug,),
            type="tertiary",
            width="stretch",
        )
    if (found or cards) and not listed:
        st.caption(words.say("No case matches. Search by flight number, place or date."))
    begin = [(NEW, words.say("New case")), (OPEN, words.say("Open case file"))] if editing else []
    begin += [(ARCHIVE, words.say("Archive"))] if asking else []
    if begin:
        with st.container(key="begin"):
            for key, label in begin:
                st.button(label, key=f"begin-{key}", width="stretch", on_click=go, kwargs={"page": key})
    with st.container(key="promise"):
        st.caption(words.say("Works offline. Basemap: Natural Earth. Nothing is sent to third parties."))


def _continue(draft: Draft) -> None:
    go(case=draft.slug, page="edit", draft=draft.id)


def _draft_lines(draft: Draft, words: Words) -> tuple[str, ...]:
    """Number, route, and that nothing of it is saved."""
    case = _case(draft.text)
    told = (_number(case) or draft.slug, _route(case, words)) if case else (draft.slug,)
    return (*told, _changed(draft, words))


def _changed(draft: Draft, words: Words) -> str:
    return words.say("Draft, changed {when}", when=words.ago(draft.changed))


@lru_cache(maxsize=64)
def _case(text: str) -> Case | None:
    """What can be read of a draft without its tracks."""

    def read(wanted: TrackFile) -> Reading:
        raise TrackError(wanted.file, "it is not read here")

    try:
        return salvage(text, read).case
    except CaseError:
        return None


def _card(entry: Entry, words: Words, draft: Draft | None) -> str:
    """Number, route and outcome, day; a draft in progress says so."""
    begun = _changed(draft, words) if draft else ""
    case = entry.case
    if case is None:
        count = len(entry.problems)
        return _lines(
            entry.slug,
            words.say("1 problem in the case file" if count == 1 else "{count} problems in the case file", count=count),
            begun,
        )
    day = library.began(case)
    line = words.comma.join(filter(None, [_route(case, words), words.plain(case.outcome)]))
    return _lines(_number(case), line, words.day(day) if day else "", begun)


def _lines(first: str, *others: str) -> str:
    return "  \n".join([f"**{plain(first)}**", *(plain(line) for line in others if line)])


def _number(case: Case) -> str:
    return case.flight.number or case.flight.callsign


def _route(case: Case, words: Words) -> str:
    ends = [words.plain(place.name) or place.asked or "" for place in (case.intended.route[0], case.intended.route[-1])]
    return words.say("{origin} to {destination}", origin=ends[0], destination=ends[1]) if all(ends) else ""
