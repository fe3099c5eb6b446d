"""Times as rows, cards and tables write them, and whether the accounts of an event differ in theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, datetime

    from geo.model import Event, When
    from geo.scene.words import Words

#: How far a time that is only “about” may be off where nobody says how far: two minutes.
_ABOUT_S: Final = 120.0
#: The parts of a date that is known so well, by the names of CLDR.
_SKELETONS: Final = {"day": "yMMMMd", "month": "yMMMM", "year": "y"}


def machine_time(time: When, *, last: bool = False) -> str:
    """The time as HTML's ``datetime`` has it; of an interval its start, or the ``last`` moment that belongs to it."""
    formats = {
        "second": "%Y-%m-%dT%H:%M:%SZ",
        "minute": "%Y-%m-%dT%H:%MZ",
        "day": "%Y-%m-%d",
        "month": "%Y-%m",
        "year": "%Y",
    }
    # Days, months and years end where the next ones begin.
    end = time.end - timedelta(microseconds=1) if time.dated_only else time.end
    return (end if last else time.start).strftime(formats[time.precision])


def clock_text(time: When, words: Words) -> str:
    """``05:13:31``, ``04:50–05:11`` or ``about 04:50``: seconds only where a source gives them."""
    seconds = time.precision == "second"
    start = words.clock(time.start, seconds=seconds and bool(time.start.second or not time.interval))
    if time.interval:
        end = words.clock(time.end, seconds=seconds and bool(time.end.second))
        start = f"{start}–{end}"
    return words.say("about {time}", time=start) if time.about else start


def long_time(time: When, words: Words) -> str:
    """``25 December 2024, 05:13:31 UTC``, ``6–7 September 1983``."""
    first, last = first_and_last(time)
    if time.interval and time.dated_only:
        return words.days(first, last, _SKELETONS[time.precision])
    if time.precision == "year":
        return first.strftime("%Y")
    if time.precision == "month":
        return words.month(first)
    return words.day(first) if time.dated_only else f"{words.day(first)}{words.comma}{clock_text(time, words)} UTC"


def edge(time: When, words: Words, *, day: bool) -> str:
    """An end of the aftermath in short, ``25 Dec 2024`` or ``Dec 2025``, and no closer than it is known."""
    start = time.start.date()
    if time.precision == "year":
        return start.strftime("%Y")
    return words.short_day(start, year=True) if day and time.precision != "month" else words.month(start, short=True)


def first_and_last(time: When) -> tuple[date, date]:
    """The days of a time; what is known by its date alone ends with the day before the next."""
    last = time.end - timedelta(seconds=1) if time.dated_only else time.end
    return time.start.date(), last.date() if time.interval else time.start.date()


def claim_time(time: When, event: Event, words: Words) -> str:
    """The time alone on the day of the event, else the date with it."""
    same_day = time.start.date() == event.time.start.date() and not time.dated_only
    return f"{clock_text(time, words)} UTC" if same_day else long_time(time, words)


def differing_times(event: Event, words: Words) -> str:
    """``times differ: 03:55–03:56`` where accounts give times that rounding does not reconcile.

    Nothing where the row says so already: where its own time spans theirs, or its note names them.
    """
    times = [claim.time for claim in event.claims if claim.about == "time" and claim.time is not None]
    times = [time for time in times if not time.dated_only]
    if not times or max(map(_earliest, times)) <= min(map(_latest, times)):
        return ""
    first, last = min(times, key=lambda time: time.start), max(times, key=lambda time: time.end)
    if event.time.interval and event.time.start <= first.start and last.end <= event.time.end:
        return ""
    early = words.clock(first.start, seconds=first.precision == "second")
    late = words.clock(last.end, seconds=last.precision == "second")
    if len({moment.date() for moment in (event.time.start, first.start, last.end)}) > 1:
        early = f"{words.short_day(first.start.date())} {early} "
        late = f" {words.short_day(last.end.date())} {late}"
    elif all(end in f"{clock_text(event.time, words)} {words.plain(event.note)}" for end in (early, late)):
        return ""
    return words.say("times differ: {early}–{late}", early=early, late=late)


def _earliest(time: When) -> datetime:
    """The first instant that a time can mean: a minute may have been rounded up to it."""
    return time.start - timedelta(seconds=_about_s(time) + (30 if time.precision == "minute" else 0))


def _latest(time: When) -> datetime:
    return time.end + timedelta(seconds=_about_s(time) + (60 if time.precision == "minute" else 0))


def _about_s(time: When) -> float:
    return time.within_s or (_ABOUT_S if time.about else 0.0)
