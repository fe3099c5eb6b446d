"""The rows of the list: events in order of time, numbered, with their cards, claims and sources."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from geo.model import Grade
from geo.scene.places import closeup, spot
from geo.scene.timebar import at, clock_name, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.model import Case, Claim, Event, Source, When
    from geo.route import Route
    from geo.scene.words import Said, Words

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
    ordered = sorted(case.events, key=lambda event: (event.time.dated_only, event.time.start, event.time.end))
    result: list[Numbered] = []
    counts = {False: 0, True: 0}
    for event in ordered:
        late = event.time.dated_only or event.time.start.timestamp() > route.end_s + _AFTERMATH_S
        number = None
        if event.main:
            counts[late] += 1
            number = _letters(counts[late]) if late else str(counts[late])
        result.append(Numbered(event, number, late))
    return tuple(sorted(result, key=lambda row: row.aftermath))


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
    if event.main and not row.aftermath and not mapped:
        note = _joined(note, words.say("not mapped"))
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


def _joined(note: Said | None, more: str) -> Said:
    if note is None:
        return more
    return {**note, "text": f"{note['text']} · {more}"} if isinstance(note, dict) else f"{note} · {more}"


def machine_time(time: When) -> str:
    """The time as HTML's ``datetime`` has it."""
    formats = {
        "second": "%Y-%m-%dT%H:%M:%SZ",
        "minute": "%Y-%m-%dT%H:%MZ",
        "day": "%Y-%m-%d",
        "month": "%Y-%m",
        "year": "%Y",
    }
    return time.start.strftime(formats[time.precision])


def _row_time(event: Event, case: Case, words: Words, *, aftermath: bool) -> tuple[str, str]:
    time = event.time
    if aftermath:
        if time.precision == "year":
            return time.start.strftime("%Y"), ""
        if time.precision == "month":
            return words.month_name(time.start.date()), time.start.strftime("%Y")
        return words.short_day(time.start.date()), time.start.strftime("%Y")
    zone = event.at or (case.clocks[0].zone if case.clocks else None)
    local = "" if zone is None else f"{words.clock(time.start, zone)} {_zone_name(zone, case, words)}"
    return _clock_text(time, words), local


def _zone_name(zone: str, case: Case, words: Words) -> str:
    named = [clock_name(clock, words) for clock in case.clocks if clock.zone == zone]
    return named[0] if named else zone.rsplit("/", 1)[-1].replace("_", " ")


def _clock_text(time: When, words: Words) -> str:
    """``05:13:31``, ``04:50–05:11`` or ``about 04:50``: seconds only where a source gives them."""
    seconds = time.precision == "second"
    start = words.clock(time.start, seconds=seconds and bool(time.start.second or not time.interval))
    if time.interval:
        end = words.clock(time.end, seconds=seconds and bool(time.end.second))
        start = f"{start}–{end}"
    return words.say("about {time}", time=start) if time.about else start


def long_time(time: When, words: Words) -> str:
    """``25 December 2024, 05:13:31 UTC``."""
    if time.precision == "year":
        return time.start.strftime("%Y")
    if time.precision == "month":
        return words.month(time.start.date())
    if time.dated_only:
        return words.day(time.start.date())
    return f"{words.day(time.start.date())}, {_clock_text(time, words)} UTC"


def _name_time(time: When, words: Words, *, aftermath: bool) -> str:
    return long_time(time, words) if aftermath or time.dated_only else f"{_clock_text(time, words)} UTC"


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
        "groups": groups,
        "sources": [source_text(name, case.sources[name], words) for name in cited if name in case.sources],
    }


def _claim_time(time: When, event: Event, words: Words) -> str:
    """The time alone on the day of the event, else the date with it."""
    same_day = time.start.date() == event.time.start.date() and not time.dated_only
    return f"{_clock_text(time, words)} UTC" if same_day else long_time(time, words)


def _claim(claim: Claim, letter: str, event: Event, words: Words) -> Json:
    return {
        "letter": letter,
        "by": words.of(claim.by),
        "says": words.of(claim.says),
        "detail": words.of(claim.detail),
        "leak": claim.leak,
        "time_text": _claim_time(claim.time, event, words) if claim.time else None,
        "cites": f"[{', '.join(claim.sources)}]",
    }


def source_text(name: str, source: Source, words: Words) -> Json:
    """A citation: what stands before, in and after its link."""
    dated = "" if source.published is None else f", {long_time(source.published, words)}"
    note = f". {words.plain(source.note)}" if source.note else ""
    return {
        "id": name,
        "before": f"{source.title}, ",
        "link": source.publisher,
        "after": f"{dated}{note}",
        "url": source.url,
        "language": source.language,
    }


def other_sources(case: Case, words: Words) -> list[Json]:
    """The sources that no event cites: those of stretches, known places, tracks, places, the flight and its route."""
    cited = [
        *(stretch.sources for stretch in case.stretches),
        *(known.sources for known in case.known),
        *(track.sources for track in case.tracks),
        *(place.sources for place in case.places.values()),
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
