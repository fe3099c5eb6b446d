"""What is asked of an archive, as a value; and said back in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from geo.model import Place
    from geo.scene.words import Words

Kind = Literal["aircraft", "near", "jumps", "strayed"]
By = Literal["jump", "hour"]


@dataclass(frozen=True, slots=True)
class Circle:
    """The area within ``km`` of a place."""

    place: Place
    name: str
    km: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """The area between corners: latitude and longitude in degrees, in order, not closed by repetition."""

    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    ``start`` and ``end`` are UTC, the second not included. ``aircraft`` is about the one of ``icao24`` or ``callsign``;
    ``near`` and ``jumps`` are about ``area``, ``None`` for everywhere; ``strayed`` is about flights from ``origin`` to
    ``destination``: those that left the line between them by more than ``km``, and those that ended elsewhere, told by
    ``callsigns`` where they are known; with ``also_lost`` those too that were not seen to land.
    """

    kind: Kind
    start: datetime
    end: datetime
    icao24: str = ""
    callsign: str = ""
    area: Circle | Polygon | None = None
    by: By = "jump"
    origin: Place | None = None
    destination: Place | None = None
    names: tuple[str, str] = ("", "")
    km: float = 0.0
    callsigns: tuple[str, ...] = ()
    also_lost: bool = False

    @property
    def between(self) -> tuple[datetime, datetime]:
        """From and to, as an archive is asked."""
        return self.start, self.end


def said(question: Question, words: Words) -> str:
    """The question as a sentence without its time: what is named, where, by what."""
    area = question.area
    match question.kind:
        case "aircraft":
            return words.say("Where {name} was", name=question.callsign or question.icao24)
        case "near":
            return words.say("Who was {area}", area=area_said(area, words))
        case "jumps":
            return words.say("Whose position jumped {area}", area=area_said(area, words))
        case "strayed":
            origin, destination = question.names
            return words.say(
                "Which flights from {origin} to {destination} strayed by more than {distance}, or were diverted",
                origin=origin,
                destination=destination,
                distance=words.distance(question.km),
            )


def area_said(area: Circle | Polygon | None, words: Words) -> str:
    """Where, as it goes on in a sentence."""
    if isinstance(area, Circle):
        return words.say("within {distance} of {name}", distance=words.distance(area.km), name=area.name)
    if isinstance(area, Polygon):
        return words.say("in the area that was drawn ({count} corners)", count=words.number(len(area.corners)))
    return words.say("anywhere")


def time_said(start: datetime, end: datetime, words: Words) -> str:
    """A time from one moment to another, in UTC: ``25 December 2024, 04:00 to 06:00 UTC``."""
    whole = all(moment == moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in (start, end))
    if whole:
        return days_said(_days(start.date(), (end - timedelta(days=1)).date()), words)
    seconds = bool(start.second or end.second)
    first, last = (words.clock(moment, seconds=seconds) for moment in (start, end))
    if start.date() == end.date():
        return words.say("{day}, {start} to {end} UTC", day=words.day(start.date()), start=first, end=last)
    return words.say(
        "{day}, {start} UTC to {other}, {end} UTC",
        day=words.day(start.date()),
        start=first,
        other=words.day(end.date()),
        end=last,
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def days_said(days: Sequence[date], words: Words) -> str:
    """Days as a list in which those that follow each other are one: ``3–5 and 7 December 2024``."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    told = [words.day(run[0]) if len(run) == 1 else words.days(run[0], run[-1], "yMMMMd") for run in runs]
    return words.listed(told)


def utc(moment: datetime) -> datetime:
    """A moment in UTC."""
    return moment.astimezone(UTC)
