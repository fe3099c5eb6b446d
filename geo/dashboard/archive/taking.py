"""What is done with an answer: a flight of it as a track of a case, all of it as the traffic around one."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard import library
from geo.dashboard.archive import asking, cutting
from geo.dashboard.archive.given import place_of
from geo.dashboard.archive.telling import name
from geo.dashboard.cases import draft_headline, headline, is_unsaved, plain
from geo.dashboard.edit import intake
from geo.dashboard.edit.finding import finder
from geo.dashboard.edit.whose import fresh
from geo.dashboard.naming import slug_for
from geo.dashboard.view import go, who
from geo.errors import FlightcaseError
from geo.start import Beginning, case_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from geo.dashboard.archive.answering import Found, Row
    from geo.dashboard.archive.asking import Asking
    from geo.dashboard.edit.intake import More
    from geo.dashboard.steps import Draft
    from geo.scene.words import Words

_NEW: Final = "new case"
#: So long the page waits for a file to be read, s.
_READ_S: Final = 5.0
_WRONG: Final = "archive-taking-wrong"
_ENDS: Final = ("begin-from", "begin-to")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a row is taken as: its flight where the archive knows one, else itself; ``end`` is the last moment."""

    row: Row
    flight: dict[str, Any] | None
    start: datetime
    end: datetime


def taking(asked: Asking, found: Found, root: Path, words: Words) -> None:
    """Draw where it goes, and the two buttons."""
    taken = _taken(found, root)
    with st.container(key="archive-taking"):
        st.subheader(words.say("Into a case"), anchor=False)
        choices, names = _targets(words)
        target = str(
            st.selectbox(
                words.say("Case"), choices, key="archive-target", format_func=lambda each: names.get(each, each)
            )
        )
        if taken:
            st.caption(plain(_said(taken, words)))
        else:
            st.caption(words.say("Choose a row of the table, or a line on the map, to use it as a track."))
        places: dict[str, Any] = st.session_state.setdefault("archive-begin", {})
        if taken and target == _NEW:
            _ends(asked, taken, places, words)
        with st.container(horizontal=True, key="archive-take"):
            label = words.say("Use as track in a case")
            if st.button(label, key="archive-track", type="primary", disabled=taken is None) and taken:
                _try(words, lambda: _track(taken, target, places, root, words))
            _context_button(asked, found, target, root, words)
        wrong = st.session_state.pop(_WRONG, None)
        if wrong:
            st.warning(plain(wrong))


def _taken(found: Found, root: Path) -> Taken | None:
    """The row that is chosen, with its flight."""
    row = chosen(found)
    if row is None or not row.icao24:
        return None
    flight = cutting.flight_of(asking.opened(root), row)
    return Taken(row, flight, *cutting.span_of(row, flight))


def _context_button(asked: Asking, found: Found, target: str, root: Path, words: Words) -> None:
    """All of the answer behind the story; jumps are no flights."""
    if asked.question.kind == "jumps":
        return
    count = len(found.rows)
    label = words.say("Use {count} as context traffic", count=words.number(count))
    if st.button(label, key="archive-context", disabled=target == _NEW):
        _try(words, lambda: _context(found.rows, target, root, words))
    if target == _NEW:
        st.caption(words.say("Traffic stands behind a case that is there: choose one."))
    elif found.count > count:
        st.caption(
            plain(
                words.say(
                    "A case has up to {most}: the first {count} of {all} are taken.",
                    most=words.number(count),
                    count=words.number(count),
                    all=words.number(found.count),
                )
            )
        )


def chosen(found: Found) -> Row | None:
    """The row that is chosen in the table."""
    held = st.session_state.get("archive-table")
    number = held.get("chosen") if held is not None else None
    return (
        found.rows[int(number)]
        if isinstance(number, str) and number.isdigit() and int(number) < len(found.rows)
        else None
    )


def _try(words: Words, act: Callable[[], None]) -> None:
    """Do it, and go where it leads; or say why it could not be done."""
    try:
        with st.spinner(words.say("Taking it into the case")):
            act()
    except FlightcaseError as wrong:
        st.session_state[_WRONG] = str(wrong)
        return
    st.rerun()


# --- where it goes ---------------------------------------------------------------------------------------------------


def _targets(words: Words) -> tuple[list[str], dict[str, str]]:
    """A new case, the saved ones, and drafts of cases that were never saved."""
    entries = library.entries()
    drafts = library.drafts()
    saved = {entry.slug for entry in entries}
    names = {entry.slug: headline(entry, words) for entry in entries if entry.case}
    names |= {
        draft.slug: words.say("{name} (draft)", name=draft_headline(draft, words))
        for draft in drafts.of()
        if draft.slug not in saved and is_unsaved(draft)
    }
    # Two drafts may have one headline: their folders tell them apart.
    alike = [told for told in names.values() if list(names.values()).count(told) > 1]
    names = {slug: f"{told} · {slug}" if told in alike else told for slug, told in names.items()}
    first = [] if drafts.single else [_NEW]
    return [*first, *names], {_NEW: words.say("A new case"), **names}


def _draft(slug: str) -> Draft:
    """The draft of a case that this session works on, else a fresh one: never somebody else's."""
    drafts = library.drafts()
    mine: dict[str, str] = st.session_state.setdefault("drafts", {})
    draft = drafts.get(mine.get(slug, ""))
    if draft is None and not (drafts.folder(slug) / "case.toml").is_file():
        draft = next(iter(drafts.of(slug)), None)
    draft = draft or fresh(slug)
    mine[slug] = draft.id
    return draft


def _bring(draft: Draft, file: str, data: bytes, more: More, words: Words) -> None:
    """Take a file into a draft as one that was dropped there, and go there."""
    # A large file is still being read when Edit opens, which shows how far it is.
    job = intake.begin(draft.id, [(file, io.BytesIO(data))], words.say("Track"), more)
    if job.names != (file,):
        raise FlightcaseError("another file is being read into this draft; try again in a moment")
    job.ended.wait(_READ_S)
    go(case=draft.slug, page="edit", draft=draft.id)


# --- a track ---------------------------------------------------------------------------------------------------------


def _said(taken: Taken, words: Words) -> str:
    """What would be taken of a row."""
    start, end, flight = taken.start, taken.end, taken.flight
    told = [name(taken.row), f"{words.day(start.date())} {words.clock(start)}–{words.clock(end)} UTC"]
    if flight and (flight["origin"] or flight["destination"]):
        told.append(f"{flight['origin'] or '?'} – {flight['destination'] or '?'}")
    return words.say("Chosen: {flight}", flight=words.comma.join(told))


def _ends(asked: Asking, taken: Taken, places: dict[str, Any], words: Words) -> None:
    """Where the flight was meant to begin and end: as asked, else where it was received low; to be changed."""
    flight, question = taken.flight or {}, asked.question
    of = (asked.id, taken.row.icao24, taken.start)
    if places.get("of") != of:
        places.clear()
        places["of"] = of
        meant = (question.origin, question.destination) if question.kind == "strayed" else (None, None)
        for end, place, key in zip(_ENDS, meant, ("origin", "destination"), strict=True):
            write = (place.icao if place else "") or flight.get(key) or ""
            places[end] = {"text": write, "write": write}
    left, right = st.columns(2)
    with left:
        _end("begin-from", words.say("Meant to depart from"), "UBBB", places, words)
    with right:
        _end("begin-to", words.say("Meant to go to"), "URMG", places, words)
    if question.kind != "strayed" and flight.get("destination"):
        st.caption(
            words.say("Where it was first and last received low. Change what it was meant to be, if it went elsewhere.")
        )


def _end(end: str, label: str, example: str, places: dict[str, Any], words: Words) -> None:
    def choose(found: dict[str, Any]) -> None:
        places[end] = {**found, "text": found["name"]}
        places.pop(f"{end}-wrong", None)

    def typed(text: str) -> None:
        places[end] = {"text": text, "write": text}

    finder(
        f"archive-{end}",
        label,
        words,
        value=places.get(end, {}).get("text", ""),
        choose=choose,
        typed=typed,
        placeholder=example,
        told=places.get(f"{end}-wrong", ""),
    )


def _track(taken: Taken, target: str, places: dict[str, Any], root: Path, words: Words) -> None:
    """Take it into a draft; nothing where a place of a new case is missing, which is said beside it."""
    draft = _begun(taken, places, words) if target == _NEW else _draft(target)
    if draft is None:
        return
    file, data = cutting.track_file(asking.opened(root), taken.row, taken.start, taken.end)
    source = cutting.source(asking.held(root), taken.start, taken.end, words)
    _bring(draft, file, data, intake.More("track", {}, source), words)


def _begun(taken: Taken, places: dict[str, Any], words: Words) -> Draft | None:
    """A draft of a new case of this flight; ``None`` while a place is missing, which is said beside it."""
    wrong: dict[str, str] = {}
    ends = [place_of(places, end, words, wrong) for end in _ENDS]
    for end in _ENDS:
        places[f"{end}-wrong"] = wrong.get(end, "")
    if ends[0] is None or ends[1] is None:
        return None
    names = [ends[0][1], ends[1][1]]
    row = taken.row
    route = words.say("{origin} to {destination}", origin=names[0], destination=names[1])
    known = Beginning(
        ends[0][0],
        ends[1][0],
        day=taken.start.date(),
        callsign=row.callsign,
        icao24="" if row.icao24.startswith("~") else row.icao24,
        title=words.comma.join(filter(None, [row.callsign, route])),
        language=words.language,
        basis=words.say("great circle; the filed route is not known"),
    )
    drafts = library.drafts()
    known_slugs = {entry.slug for entry in library.entries()} | {draft.slug for draft in drafts.of()}
    slug = slug_for(row.callsign, known.day, names, known_slugs)
    draft = drafts.new(slug, case_text(slug, known), who())
    st.session_state.setdefault("drafts", {})[draft.slug] = draft.id
    return draft


# --- traffic ---------------------------------------------------------------------------------------------------------


def _context(rows: Sequence[Row], target: str, root: Path, words: Words) -> None:
    draft = _draft(target)
    file, data = cutting.traffic_file(asking.opened(root), rows)
    start, end = cutting.spanned(rows)
    source = cutting.source(asking.held(root), start, end, words)
    _bring(draft, file, data, intake.More("other", {"each": True, "context": True}, source), words)
