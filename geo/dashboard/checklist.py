"""What must be so before a case is published: worked out where it can be, left to a person where it cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from geo.dashboard.contrast import LEAST, viewer_pairs
from geo.dashboard.missing import missing
from geo.model import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from geo.errors import Problem
    from geo.model import Case, Event
    from geo.scene.words import Words

State = Literal["ok", "open", "by_hand"]

#: A description has at least this many sentences.
_SENTENCES: Final = 2
#: A title of an event has at most this many characters, so that its row has two lines at most.
TITLE: Final = 40
_CLAIMS: Final = 2
_SHORT: Final = frozenset({"st", "mr", "mrs", "ms", "dr", "no", "nr", "capt", "lt", "gen", "prof", "approx", "ca"})
_ORDINAL: Final = re.compile(r"[12]?\d|3[01]")
_END: Final = re.compile(r"([\w:]*)[.!?…。؟]+[\"”»’)]*(?=\s+(\S)|\s*$)")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list.

    ``by_hand`` is what only a person can say; the name that stands for it is kept by ``signatures``. ``where`` are the
    places of the case file that keep a check open, as ``event[3].title``.
    """

    id: str
    state: State
    sentence: str
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """What the checks look at."""

    case: Case
    scene: Mapping[str, Any]
    words: Words
    today: date


def checks(
    case: Case, scene: Mapping[str, Any], words: Words, today: date, problems: Sequence[Problem] = ()
) -> list[Check]:
    """The whole list.

    Args:
        case: the case as it would be published.
        scene: of the case, in any of its languages.
        words: of the interface.
        today: no correction is of a later day.
        problems: of the case file.
    """
    look = _Look(case, scene, words, today)
    return [
        _problems(problems, words),
        *(make(look) for make in _WORKED_OUT),
        Check("keyboard", "ok", words.say("Keyboard: play, time, events, zoom. Holds for every page, by our tests")),
        *(Check(name, "by_hand", sentence) for name, sentence in _by_hand(case, words)),
    ]


def _check(name: str, wrong: Sequence[str], good: str, bad: str) -> Check:
    return Check(name, "open" if wrong else "ok", bad if wrong else good, tuple(wrong))


def _problems(problems: Sequence[Problem], words: Words) -> Check:
    count = len(problems)
    return _check(
        "problems",
        [problem.where or "case.toml" for problem in problems],
        words.say("No problem in the case file"),
        words.say("1 problem in the case file" if count == 1 else "{count} problems in the case file", count=count),
    )


def _description(look: _Look) -> Check:
    """What a page says to those who do not see it: the standfirst, and the paragraph that the map is given."""
    counts = {language: sentences(look.case.standfirst.said(language)) for language in look.case.languages}
    short = [f"standfirst.{language}" for language, count in counts.items() if count < _SENTENCES]
    return _check(
        "description",
        short if look.scene["description"] else [*short, "description"],
        look.words.say("Alt text written ({count} sentences)", count=min(counts.values())),
        look.words.say("Alt text: write a standfirst of two sentences, what happened and to whom"),
    )


def sentences(text: str) -> int:
    """How many sentences a text has; the point of an abbreviation, an initial or an ordinal number ends none."""
    return sum(
        not after or not (after.islower() or len(word) == 1 or word.casefold() in _SHORT or _ORDINAL.fullmatch(word))
        for word, after in _END.findall(text)
    )


def _sources(look: _Look) -> Check:
    without = _where(look.case, lambda event: not event.sources and not any(claim.sources for claim in event.claims))
    have, count = len(look.case.events) - len(without), len(look.case.events)
    if not look.case.events:
        return Check("sources", "open", look.words.say("No event yet"), ("event",))
    said = look.words.say("{have} of {count} events have a source", have=have, count=count)
    return _check("sources", without, said, said)


def _disputed(look: _Look) -> Check:
    alone = _where(look.case, lambda event: event.grade is Grade.DISPUTED and len(event.claims) < _CLAIMS)
    return _check(
        "disputed",
        alone,
        look.words.say("Every disputed event shows at least two claims"),
        look.words.say("A disputed event shows fewer than two claims"),
    )


def _where(case: Case, wrong: Callable[[Event], bool], key: str = "") -> list[str]:
    return [f"event[{number}]{key}" for number, event in enumerate(case.events, 1) if wrong(event)]


def _clocks(look: _Look) -> Check:
    names = [clock["name"] for clock in look.scene["clocks"]]
    said = look.words.comma.join(["UTC", *(name["text"] if isinstance(name, dict) else name for name in names)])
    return _check(
        "clocks",
        [] if names else ["clocks"],
        look.words.say("Named time zones: {names}", names=said),
        look.words.say("Only UTC is shown: name the time zones of the places"),
    )


def _links(look: _Look) -> Check:
    linked = {name: source for name, source in look.case.sources.items() if source.url}
    wrong = [
        f"sources.{name}.{key}"
        for name, source in linked.items()
        for key, url in (("url", source.url), ("archived", source.archived))
        if url and not well_formed(url)
    ]
    said = look.words.say(
        "{have} of {count} links of sources are well-formed", have=len(linked) - len(wrong), count=len(linked)
    )
    return _check("links", wrong, said, said)


def well_formed(url: str) -> bool:
    """Whether an address can lead a reader somewhere: http or https, a host with a dot, no name and no password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    labels = host.split(".")
    plain = all(re.fullmatch(r"[^\W_]([\w-]*[^\W_])?", label) for label in labels)
    return parts.scheme in ("http", "https") and len(labels) > 1 and plain and "@" not in parts.netloc


def _dated(look: _Look) -> Check:
    linked = {name: source for name, source in look.case.sources.items() if source.url}
    without = [f"sources.{name}.retrieved" for name, source in linked.items() if not source.retrieved]
    said = look.words.say(
        "{have} of {count} links say when they were read", have=len(linked) - len(without), count=len(linked)
    )
    return _check("retrieved", without, said, said)


def _archived(look: _Look) -> Check:
    linked = {name: source for name, source in look.case.sources.items() if source.url}
    without = [f"sources.{name}.archived" for name, source in linked.items() if not source.archived]
    said = look.words.say(
        "{have} of {count} links have an archived copy", have=len(linked) - len(without), count=len(linked)
    )
    return _check("archived", without, said, said)


def _contrast(look: _Look) -> Check:
    found = viewer_pairs()
    low = [name for name, ratio in found.items() if ratio < LEAST]
    least = look.words.number(int(min(found.values()) * 10) / 10, 1)
    return _check(
        "contrast",
        low,
        look.words.say("Contrast at least 4.5:1, light and dark (lowest {ratio}:1)", ratio=least),
        look.words.say("Contrast below 4.5:1 (lowest {ratio}:1)", ratio=least),
    )


def _languages(look: _Look) -> Check:
    lacking = [f"{name}.{language}" for language, names in missing(look.case).items() for name in names]
    names = look.words.listed(named(language, look.words) for language in look.case.languages)
    count = len(lacking)
    return _check(
        "languages",
        lacking,
        look.words.say("Every text is there in {languages}", languages=names),
        look.words.say("1 text is not translated" if count == 1 else "{count} texts are not translated", count=count),
    )


def named(language: str, words: Words) -> str:
    """What a language is called in the language of the interface."""
    return str(words.locale.languages.get(language.replace("-", "_"), language))


def _titles(look: _Look) -> Check:
    long = [
        f"event[{number}].title.{language}"
        for number, event in enumerate(look.case.events, 1)
        for language in look.case.languages
        if len(event.title.said(language)) > TITLE
    ]
    count = len(long)
    return _check(
        "titles",
        long,
        look.words.say("Titles of events have at most {most} characters", most=TITLE),
        look.words.say(
            "1 title of an event has more than {most} characters"
            if count == 1
            else "{count} titles of events have more than {most} characters",
            count=count,
            most=TITLE,
        ),
    )


def _caption(look: _Look) -> Check:
    return _check(
        "caption",
        [] if look.case.not_depicted else ["not_depicted"],
        look.words.say("Caption says what is not depicted"),
        look.words.say("Caption does not say what is not depicted"),
    )


def _opens(look: _Look) -> Check:
    return _check(
        "opens",
        [] if look.case.opens else ["opens"],
        look.words.say("Opening moment chosen: {time} UTC", time=look.words.clock(look.case.opens.start))
        if look.case.opens
        else "",
        look.words.say("Opening moment not chosen: the page opens where the flight begins"),
    )


def _legend(look: _Look) -> Check:
    """Each style that is drawn has its entry and no other has one; so has each grade of a main event."""
    styles = {state["style"] for state in look.scene["states"]} | {line["style"] for line in look.scene["map"]["lines"]}
    entries = {line["style"] for line in look.scene["legend"]["lines"]} & {*_STYLES}
    grades = {event["grade"] for event in look.scene["events"] if event["main"]}
    named = {grade["grade"] for grade in look.scene["legend"]["grades"]}
    return _check(
        "legend",
        sorted((styles & {*_STYLES}) ^ entries) + sorted(grades ^ named),
        look.words.say("Legend lists what is drawn and nothing else"),
        look.words.say("Legend and drawing differ"),
    )


_STYLES: Final = ("intended", "received", "silent", "rejected", "partial", "inferred")


def _numbers(look: _Look) -> Check:
    """Map, list and bar take their numbers from one list: each is there once, and each marker has its event."""
    listed = {event["id"]: event["number"] for event in look.scene["events"]}
    given = [number for number in listed.values() if number]
    marked = {marker["event"] for marker in look.scene["map"]["markers"]}
    wrong = sorted(marked - listed.keys()) + sorted({number for number in given if given.count(number) > 1})
    return _check(
        "numbers",
        wrong,
        look.words.say("Numbers are the same on map, list and time bar"),
        look.words.say("Numbers differ between map, list and time bar"),
    )


def _corrections(look: _Look) -> Check:
    case, words = look.case, look.words
    count = len(case.corrections)
    today = look.today
    wrong = [f"correction[{number}]" for number, each in enumerate(case.corrections, 1) if not each.text]
    wrong += [f"correction[{number}].on" for number, each in enumerate(case.corrections, 1) if each.on > today]
    return _check(
        "corrections",
        wrong,
        words.say(
            "No correction yet"
            if not count
            else "1 correction, dated and shown"
            if count == 1
            else "{count} corrections, dated and shown",
            count=count,
        ),
        words.say("A correction has no text, or a date to come"),
    )


_WORKED_OUT: Final = (
    _description,
    _sources,
    _disputed,
    _clocks,
    _contrast,
    _caption,
    _languages,
    _titles,
    _legend,
    _numbers,
    _opens,
    _corrections,
    _links,
    _dated,
    _archived,
)


def _by_hand(case: Case, words: Words) -> list[tuple[str, str]]:
    """What only a person can say, by name."""
    receiver = words.plain(case.received_by)
    found = [
        ("second-reader", words.say("Second person has read the sources")),
        ("wording", words.say("Wording checked against the sources: no verdict beyond theirs")),
        ("dignity", words.say("Those who died and their relatives considered")),
        ("rights", words.say("Rights to pictures, quotations and positions cleared")),
    ]
    if not case.tracks:
        asked = words.say("Position file requested ({receiver})", receiver=receiver)
        found.append(("position-file", asked if receiver else words.say("Position file requested")))
    return found
