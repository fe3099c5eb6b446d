"""The events of a draft in the order of the page, with their numbers, and what is still to be done about each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.dashboard.desk import Desk, route
from geo.dashboard.desk import values as read_values
from geo.dashboard.edit.times import read_when
from geo.dashboard.library import drafts
from geo.errors import FlightcaseError
from geo.gazetteer.fold import fold
from geo.scene.events import numbered
from geo.scene.words import own_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from geo.casefile.editing import Document, Place

#: Letters of a title for which a row on two lines has room (TOKENS 13).
TITLE_LETTERS: Final = 40
#: The questions that accounts answer, in the order in which the page asks them and letters its claims.
QUESTIONS: Final = ("place", "time", "altitude", "distance", "cause", "account")


@dataclass(frozen=True, slots=True)
class Listed:
    """One event of the list: its index in the file, the name of its row, and its number or letter on the page."""

    index: int
    name: str
    number: str
    aftermath: bool


def listed(desk: Desk) -> list[Listed]:
    """The events as the page orders them; first those that the page cannot show yet, as they want mending."""
    names = row_names(desk.values)
    shown: list[Listed] = []
    case = desk.salvaged.case
    if case is not None and case.events:
        try:
            order = numbered(case, route(desk.draft))
        except FlightcaseError:
            order = ()
        by_id = {event.get("id"): index for index, event in _events(desk.values)}
        shown = [
            Listed(by_id[each.event.id], names[by_id[each.event.id]], each.number or "", each.aftermath)
            for each in order
            if each.event.id in by_id
        ]
    known = {each.index for each in shown}
    return [Listed(index, names[index], "", aftermath=False) for index in names if index not in known] + shown


def row_names(values: Mapping[str, Any]) -> dict[int, str]:
    """A name for each event by its index: its id, and its index where it has none of its own."""
    taken: set[str] = set()
    names: dict[int, str] = {}
    for index, event in _events(values):
        name = event.get("id")
        own = isinstance(name, str) and bool(name) and name not in taken
        names[index] = str(name) if own else f"#{index}"
        taken.add(names[index])
    return names


def _events(values: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    held = values.get("event", [])
    return [
        (index, event) for index, event in enumerate(held if isinstance(held, list) else []) if isinstance(event, dict)
    ]


def day_of(desk: Desk, place: Place = ()) -> date | None:
    """The day that a time without a day means: that of the event, else that on which the flight began."""
    own = read_when(desk.get((*place, "time"))) if place else None
    if own is not None and not own.dated_only:
        return own.start.date()
    times = [read_when(stretch.get("from")) for stretch in desk.get(("stretch",), []) if isinstance(stretch, dict)]
    times += [read_when(event.get("time")) for _, event in _events(desk.values)]
    case = desk.salvaged.case
    starts = [when.start for when in times if when is not None and not when.dated_only]
    tracks = [track.time_s[0] for track in case.recorded] if case is not None else []
    if tracks:
        from datetime import UTC, datetime

        starts += [datetime.fromtimestamp(float(second), UTC) for second in tracks]
    if starts:
        return min(starts).date()
    departs = read_when(desk.get(("intended", "departs")))
    dated = [when.start for when in times if when is not None]
    return departs.start.date() if departs else min(dated).date() if dated else None


def findings(desk: Desk, event: Mapping[str, Any]) -> list[str]:
    """What an event still wants, in words; what the case format refuses is told beside its field."""
    words = desk.words
    claims = [claim for claim in event.get("claim", []) if isinstance(claim, dict)]
    found: list[str] = []
    if event.get("grade") == "disputed" and len(claims) < 2:  # noqa: PLR2004  a dispute has two sides
        found.append(
            words.say(
                "Disputed needs two accounts; this event has 1. Add a conflicting claim, or choose another grade."
            )
            if claims
            else words.say("Disputed needs two accounts; this event has none. Add them, or choose another grade.")
        )
    if not cited_by(event):
        found.append(words.say("No source yet: choose who says so."))
    title = event.get("title", "")
    for language, text in title.items() if isinstance(title, dict) else [(desk.language, title)]:
        if len(str(text)) <= TITLE_LETTERS:
            continue
        found.append(
            words.say(
                "The title in {language} has {count} letters; up to {most} keep its row short.",
                language=_language_name(language),
                count=len(str(text)),
                most=TITLE_LETTERS,
            )
        )
    return found


def _language_name(language: str) -> str:
    try:
        return own_name(language)
    except (ValueError, LookupError):
        return language


def cited_by(event: Mapping[str, Any]) -> list[str]:
    """The sources that an event and its claims name."""
    claims = [claim for claim in event.get("claim", []) if isinstance(claim, dict)]
    lists = [event.get("sources", []), *(claim.get("source", []) for claim in claims)]
    return list(dict.fromkeys(name for held in lists for name in ([held] if isinstance(held, str) else held or [])))


def claim_letters(event: Mapping[str, Any]) -> dict[int, str]:
    """The letters of an event's claims by their index, as card and map have them."""
    about = [claim.get("about", QUESTIONS[-1]) for claim in event.get("claim", [])]
    order = sorted(range(len(about)), key=lambda index: _question(about[index]))
    return {index: chr(ord("A") + count) if count < 26 else str(count + 1) for count, index in enumerate(order)}  # noqa: PLR2004  letters


def _question(about: object) -> int:
    return QUESTIONS.index(str(about)) if about in QUESTIONS else len(QUESTIONS)


def free_id(values: Mapping[str, Any], title: str, own: str = "") -> str:
    """An id for an event: from its title where there is one, else ``event-3``; one that no other event has."""
    taken = {str(event.get("id")) for _, event in _events(values)} - {own}
    wanted = "-".join(fold(word) for word in re.split(r"[\W_]+", title) if word)[:48].strip("-")
    if not wanted or not wanted.isascii():
        count = len(taken) + 1
        while f"event-{count}" in taken:
            count += 1
        return f"event-{count}"
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name


@dataclass(frozen=True, slots=True)
class Held(Desk):
    """A desk whose changes go to one event, and to no other that has taken its place since it was drawn."""

    index: int = 0

    def change(self, what: str, edit: Callable[[Document], None]) -> None:
        """Change the draft if the event still stands where it stood.

        It may have got another id meanwhile, which follows its title: then all others are as they were.
        """
        draft = drafts().get(self.draft.id)
        now = _ids(read_values(draft.text)) if draft else []
        was = _ids(self.values)
        others = [each[: self.index] + each[self.index + 1 :] for each in (was, now)]
        here = self.index < len(now) and (now[self.index] == was[self.index] or others[0] == others[1])
        if draft and not here:
            return
        Desk.change(self, what, edit)


def _ids(values: Mapping[str, Any]) -> list[Any]:
    return [event.get("id") for event in values.get("event", [])]


def held(desk: Desk, index: int) -> Held:
    """A desk for one event."""
    return Held(desk.draft, desk.values, desk.salvaged, desk.words, desk.language, desk.fail, index)
