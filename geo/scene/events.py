"""The rows of the list: events in order of time, numbered, with their cards, claims and sources."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from geo.model import Grade
from geo.scene.places import closeup, spot
from geo.scene.timebar import at, clock_name, whole
from geo.scene.times import claim_time, clock_text, differing_times, first_and_last, long_time, machine_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.model import Case, Claim, Event, Source, When
    from geo.route import Route
    from geo.scene.words import Words

Json = dict[str, Any]

#: Events later than this after the flight belong to the aftermath, as do those of which only the day is known.
_AFTERMATH_S: Final = 6 * 3600.0
_GRADES: Final = {
    Grade.CONFIRMED: "Confirmed",
    Grade.STATED: "Stated by a party",
    Grade.DISPUTED: "Disputed",
    Grade.INFERRED: "Inferred",
}
_QUESTIONS: Final = {
    "place": "Where? {count} accounts",
    "time": "When? {count} accounts",
    "altitude": "At what altitude? {count} accounts",
    "distance": "How far? {count} accounts",
    "cause": "Why? {count} accounts",
    "account": "What is said: {count} accounts",
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event and the number or letter that it has on map, list and bar; none when it stands between the main ones."""

    event: Event
    number: str | None
    aftermath: bool


def numbered(case: Case, route: Route) -> tuple[Numbered, ...]:
    """The events in order of time: numbers for the main ones of the flight, letters for those of the aftermath."""
    ordered = sorted(
        (_later(event.time, route), *_in_order(event.time, route), index) for index, event in enumerate(case.events)
    )
    result: list[Numbered] = []
    counts = {False: 0, True: 0}
    for late, *_, index in ordered:
        event, number = case.events[index], None
        if event.main:
            counts[late] += 1
            number = _letters(counts[late]) if late else str(counts[late])
        result.append(Numbered(event, number, late))
    return tuple(result)


def _later(time: When, route: Route) -> bool:
    """Whether an event belongs to the aftermath; one known by its date alone does unless that is over before."""
    if time.dated_only:
        return time.end.timestamp() > route.start_s
    return time.start.timestamp() > route.end_s + _AFTERMATH_S


def _in_order(time: When, route: Route) -> tuple[float, float, float]:
    """What events are ordered by: a year that holds the flight counts from the flight on, not from its January."""
    start = time.start.timestamp()
    return max(start, route.end_s) if _later(time, route) else start, time.end.timestamp(), -start


def _letters(count: int) -> str:
    """The letter of a count: a to z, then aa, ab and so on."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def grade_text(grade: Grade, words: Words) -> str:
    """The grade as a word."""
    return words.say(_GRADES[grade])


def rows(case: Case, route: Route, words: Words) -> list[Json]:
    """All events, as they are listed."""
    return [_row(row, case, route, words) for row in numbered(case, route)]


def _row(row: Numbered, case: Case, route: Route, words: Words) -> Json:
    event, time = row.event, row.event.time
    mapped = not row.aftermath and spot(event, route) is not None
    title, note = words.of(event.title), words.of(event.note)
    unmapped = "" if mapped or row.aftermath else words.say("not mapped")
    note = words.among([part for part in (note, unmapped) if part], " · ") or None
    time_text, local_text = _row_time(event, case, words, aftermath=row.aftermath)
    grade = grade_text(event.grade, words)
    start = min(max(time.start.timestamp(), route.start_s), route.end_s)
    return {
        "id": event.id,
        "number": row.number,
        "main": event.main,
        "aftermath": row.aftermath,
        "mapped": mapped,
        "start": whole(start),
        "end": whole(min(max(time.end.timestamp(), start), route.end_s)),
        "datetime": machine_time(time),
        "until": machine_time(time, last=True) if time.interval else None,
        "time_text": time_text,
        "local_text": local_text,
        "long_time": long_time(time, words),
        "title": title,
        "grade": event.grade.value,
        "grade_text": grade,
        "note": note,
        "name": f"{_name_time(time, words, aftermath=row.aftermath)}, {words.plain(event.title)}, {grade}",
        "card": _card(event, case, words),
        "closeup": None if row.aftermath else closeup(event, _letters_of(event), words),
    }


def _row_time(event: Event, case: Case, words: Words, *, aftermath: bool) -> tuple[str, str]:
    time = event.time
    if aftermath or time.dated_only:
        first, last = first_and_last(time)
        year = words.days(first, last, "y")
        if time.precision == "year":
            return year, ""
        if first.year != last.year:
            return words.days(first, last, "yMMM"), ""
        return words.days(first, last, "MMM" if time.precision == "month" else "MMMd"), year
    zone = event.at or (case.clocks[0].zone if case.clocks else None)
    local = "" if zone is None else f"{words.clock(time.start, zone)} {_zone_name(zone, case, words)}"
    return clock_text(time, words), local


def _zone_name(zone: str, case: Case, words: Words) -> str:
    named = [clock_name(clock, words) for clock in case.clocks if clock.zone == zone]
    return named[0] if named else words.city(zone)


def _name_time(time: When, words: Words, *, aftermath: bool) -> str:
    return long_time(time, words) if aftermath or time.dated_only else f"{clock_text(time, words)} UTC"


def _letters_of(event: Event) -> dict[int, str]:
    """The letters of an event's claims, by their order in the file; the same on its card and on the map."""
    ordered = [index for _, group in _grouped(event) for index, _ in group]
    return {index: _letters(order + 1).upper() for order, index in enumerate(ordered)}


def _grouped(event: Event) -> Iterator[tuple[str, list[tuple[int, Claim]]]]:
    order = list(_QUESTIONS)
    listed = sorted(enumerate(event.claims), key=lambda item: order.index(item[1].about))
    for about, group in groupby(listed, key=lambda item: item[1].about):
        yield about, list(group)


def _card(event: Event, case: Case, words: Words) -> Json:
    letters = _letters_of(event)
    groups = [
        {
            "heading": words.say(_QUESTIONS[about], count=len(group)) if len(group) > 1 else words.say("One account"),
            "claims": [_claim(claim, letters[index], event, words) for index, claim in group],
        }
        for about, group in _grouped(event)
    ]
    cited = dict.fromkeys([*event.sources, *(source for claim in event.claims for source in claim.sources)])
    return {
        "text": words.of(event.text),
        "unknown": words.of(event.unknown),
        **({"times": differ} if (differ := differing_times(event, words)) else {}),
        "groups": groups,
        "sources": [source_text(name, case.sources[name], words) for name in cited if name in case.sources],
    }


def _claim(claim: Claim, letter: str, event: Event, words: Words) -> Json:
    time = claim.time
    told = time is not None and words.clock(time.start) in words.plain(claim.says)
    return {
        "letter": letter,
        "by": words.of(claim.by),
        "says": words.of(claim.says),
        "detail": words.of(claim.detail),
        "leak": claim.leak,
        "time_text": claim_time(time, event, words) if time and not told else None,
        "cites": f"[{words.comma.join(claim.sources)}]",
    }


def source_text(name: str, source: Source, words: Words) -> Json:
    """A citation: what stands before, in and after its link."""
    dated = "" if source.published is None else words.comma + long_time(source.published, words)
    if source.retrieved is not None:
        dated += words.comma + words.say("retrieved {day}", day=long_time(source.retrieved, words))
    cited = {
        "id": name,
        "before": f"{source.title}{words.comma}",
        "link": source.publisher,
        "after": words.joined(dated, ". " if source.note else "", words.of(source.note)),
        "url": source.url,
        "language": source.language,
    }
    if source.archived is not None:
        cited["archived"] = {"text": words.say("archived copy"), "url": source.archived}
    return cited


def other_sources(case: Case, words: Words) -> list[Json]:
    """The sources that no event cites: of stretches, known places, tracks, places, steps, the flight and its route."""
    cited = [
        *(stretch.sources for stretch in case.stretches),
        *(known.sources for known in case.known),
        *(track.sources for track in (*case.tracks, *case.others)),
        *(place.sources for place in case.places.values()),
        *(step.sources for step in case.steps),
        case.flight.sources,
        case.intended.sources,
    ]
    named = dict.fromkeys(name for names in cited for name in names)
    told = {name for event in case.events for name in (*event.sources, *(n for c in event.claims for n in c.sources))}
    if case.reach is not None:
        named |= dict.fromkeys(case.reach.sources)
    return [source_text(name, case.sources[name], words) for name in named if name in case.sources and name not in told]


def table(words: Words) -> Json:
    """The words of the table of all events; its rows are the events themselves."""
    columns = ["No.", "Time (UTC)", "Local time", "Event", "Grade", "Account", "Sources"]
    return {"caption": words.say("All events"), "columns": [words.say(column) for column in columns]}


def state_table(states: Sequence[Json], words: Words) -> Json:
    """What was received from when to when, and how the line drawn there was got."""
    basis = {
        "measured": "measured",
        "reconstructed": "reconstructed from other evidence",
        "schematic": "schematic, placed by the author",
        "bridged": "shortest line between known ends; claims nothing",
        "none": "none drawn",
    }
    return {
        "caption": words.say("What was received"),
        "columns": [words.say(column) for column in ("From (UTC)", "To (UTC)", "Evidence", "Line on the map")],
        "rows": [
            [
                words.clock(at(state["from"]), seconds=True),
                words.clock(at(state["to"]), seconds=True),
                state["text"],
                words.say(basis[state["basis"]]),
            ]
            for state in states
        ],
    }
