"""An answer in the words and units of the page: the columns and rows of its table, what the map calls them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from geo.archive import diverting, jumping
from geo.dashboard.archive.question import Circle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from geo.dashboard.archive.answering import Row
    from geo.dashboard.archive.question import Question
    from geo.scene.words import Words

    Cell = dict[str, Any]
    Times = Callable[[datetime | None], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its heading, whether it holds numbers, and the cell of a row."""

    text: str
    cell: Callable[[Row], Cell]
    numeric: bool = False


def columns(question: Question, words: Words) -> list[Column]:
    """The columns of an answer."""
    time = _times(question, words)
    who = Column(words.say("Aircraft"), lambda row: {"text": name(row)})
    address = Column(words.say("Address"), lambda row: {"text": row.icao24, "tone": "code"})
    if question.kind == "near":
        return [who, *_passes(question, time, words), address]
    if question.kind == "jumps":
        return _hours(words) if question.by == "hour" else [who, *_jumps(time, words), address]
    flown = [
        Column(words.say("From"), lambda row: {"text": row.values.get("origin") or "", "sort": None}),
        Column(words.say("To"), lambda row: {"text": row.values.get("destination") or "", "sort": None}),
        Column(words.say("First received"), lambda row: time(row.start)),
        Column(words.say("Last received"), lambda row: time(row.end)),
    ]
    if question.kind == "strayed":
        return [who, *_strayed(time, words), *flown, address]
    more = [
        _number(words.say("Distance"), "distance_km", words.distance),
        _number(words.say("Highest"), "highest_ft", words.altitude),
        _number(words.say("Longest silence"), "silent_s", lambda seconds: span(seconds, words)),
        _number(words.say("Fixes"), "fixes", words.number),
    ]
    return [who, *flown, *more, address]


def _passes(question: Question, time: Times, words: Words) -> list[Column]:
    nearest = [
        _number(words.say("Nearest"), "nearest_km", words.distance),
        Column(words.say("Nearest at"), lambda row: time(row.values.get("nearest_time"))),
    ]
    return [
        *(nearest if isinstance(question.area, Circle) else []),
        Column(words.say("First there"), lambda row: time(row.start)),
        Column(words.say("Last there"), lambda row: time(row.end)),
        _number(words.say("Lowest"), "lowest_ft", words.altitude),
        _number(words.say("Highest"), "highest_ft", words.altitude),
        _number(words.say("Fixes"), "fixes", words.number),
    ]


def _jumps(time: Times, words: Words) -> list[Column]:
    return [
        Column(words.say("Jumped at"), lambda row: time(row.values.get("time"))),
        _number(words.say("Distance"), "distance_km", words.distance),
        _number(words.say("Speed it would take"), "implied_kt", words.speed),
        _number(words.say("Altitude"), "altitude_ft", words.altitude),
    ]


def _hours(words: Words) -> list[Column]:
    return [
        Column(words.say("Hour (UTC)"), lambda row: _moment(row.values["hour"], _hour(row, words))),
        Column(words.say("Area of 1°"), lambda row: {"text": _cell(row)}),
        _number(words.say("Jumps"), "jumps", words.number),
        _number(words.say("Aircraft"), "aircraft", words.number),
        _number(words.say("Median length"), "median_km", words.distance),
        _number(words.say("Greatest length"), "greatest_km", words.distance),
    ]


def _strayed(time: Times, words: Words) -> list[Column]:
    kinds = {
        "strayed": words.say("strayed"),
        diverting.ELSEWHERE: words.say("landed elsewhere"),
        diverting.RETURNED: words.say("returned"),
        diverting.LOST: words.say("not seen to land"),
    }
    return [
        Column(words.say("What"), lambda row: {"text": kinds[row.values.get("ending") or "strayed"]}),
        Column(words.say("Off the line"), lambda row: _off(row, words), numeric=True),
        Column(words.say("Farthest at"), lambda row: time(row.values.get("stray_time"))),
    ]


def order(question: Question) -> tuple[int, bool]:
    """By which column an answer is sorted, and whether downwards."""
    if question.kind == "near":
        return 1, False
    if question.kind == "strayed":
        return 2, True
    if question.kind == "aircraft":
        return 3, False
    return (2, True) if question.by == "hour" else (1, False)


def name(row: Row) -> str:
    """What an aircraft is called: its callsign, else its address."""
    return row.callsign or row.icao24.upper()


def label(row: Row, question: Question, words: Words) -> str:
    """What the map says of a row when it is pointed at."""
    time = _times(question, words)
    if question.kind == "jumps" and question.by == "hour":
        jumps = row.values["jumps"]
        told = words.say("1 jump" if jumps == 1 else "{count} jumps", count=words.number(jumps))
        return words.comma.join([_hour(row, words), _cell(row), told])
    if question.kind == "jumps":
        km = row.values.get("distance_km")
        told = words.say("a jump of {distance}, not flown", distance=words.distance(float(km or 0)))
        return words.comma.join([name(row), time(row.values.get("time"))["text"], told])
    return words.comma.join([name(row), f"{time(row.start)['text']}–{time(row.end)['text']}"])


def span(seconds: float, words: Words) -> str:
    """A length of time in minutes, or in hours and minutes."""
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004  an hour
        return words.say("{minutes} min", minutes=minutes)
    return words.say("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def _number(text: str, key: str, said: Callable[[float], str]) -> Column:
    def cell(row: Row) -> Cell:
        value = row.values.get(key)
        return {"text": "", "sort": None} if value is None else {"text": said(float(value)), "sort": float(value)}

    return Column(text, cell, numeric=True)


def _times(question: Question, words: Words) -> Times:
    """How times are told: the day is left out where the question is of one day."""
    one_day = question.start.date() == (question.end - timedelta(milliseconds=1)).date()

    def time(moment: datetime | None) -> Cell:
        if moment is None:
            return {"text": "", "sort": None}
        clock = words.clock(moment, seconds=True)
        whole = one_day and moment.date() == question.start.date()
        return _moment(moment, clock if whole else f"{words.short_day(moment.date())} {clock}")

    return time


def _moment(moment: datetime, text: str) -> Cell:
    return {"text": text, "sort": moment.timestamp()}


def _off(row: Row, words: Words) -> Cell:
    """How far from its line a flight was, whichever side; of one that was diverted, from where it was to land."""
    km = row.values.get("stray_km")
    return {"text": "", "sort": None} if km is None else {"text": words.distance(abs(km)), "sort": abs(km)}


def _cell(row: Row) -> str:
    """The square of a degree that an hour is about: ``43–44° N, 45–46° E``."""
    south, west = int(row.values["cell_lat"]), int(row.values["cell_lon"])
    ends = []
    for low, letters in ((south, "SN"), (west, "WE")):
        edges = sorted((abs(low), abs(low + jumping.CELL_DEG)))
        ends.append(f"{edges[0]}–{edges[1]}° {letters[low >= 0]}")
    return ", ".join(ends)


def _hour(row: Row, words: Words) -> str:
    hour: datetime = row.values["hour"]
    return f"{words.day(hour.date())} {words.clock(hour)}"


def cells(row: Row, told: Sequence[Column]) -> list[Cell]:
    """The cells of a row."""
    return [column.cell(row) for column in told]
