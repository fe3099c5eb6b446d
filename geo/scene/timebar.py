"""What stands on the time bar: the span, clocks, states, their names, ticks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from geo.model import Evidence
from geo.route.route import PLACED
from geo.scene.resting import resting
from geo.scene.styles import STYLES, head_of, style_of

if TYPE_CHECKING:
    from geo.model import Case, Clock
    from geo.route import Route, RouteStretch
    from geo.scene.words import Words

Json = dict[str, Any]

#: Playback shows the whole flight in this many seconds.
_PLAYBACK_S: Final = 60.0
_TICK_STEPS_MIN: Final = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
#: A tick nearer than this share of the span to an end makes room for the time of the end.
_TICK_ROOM: Final = 0.045


def at(moment_s: float) -> datetime:
    """The aware UTC time of POSIX seconds."""
    return datetime.fromtimestamp(moment_s, UTC)


def minute(moment_s: float) -> datetime:
    """The aware UTC time of POSIX seconds, rounded to the minute: ends of stretches are named alike everywhere."""
    return at(round(moment_s / 60) * 60)


def whole(moment_s: float) -> float | int:
    """Seconds without a needless fraction."""
    return int(moment_s) if float(moment_s).is_integer() else round(moment_s, 3)


def time_span(case: Case, route: Route, words: Words) -> Json:
    """The span of the bar, its ticks and where the page opens."""
    opens = case.opens.start.timestamp() if case.opens else route.start_s
    return {
        "start": whole(route.start_s),
        "end": whole(route.end_s),
        "opens": whole(min(max(opens, route.start_s), route.end_s)),
        "from_text": f"{words.clock(minute(route.start_s))} UTC",
        "to_text": words.clock(minute(route.end_s)),
        "ticks": _ticks(route, words, most=6),
        "coarse_ticks": _ticks(route, words, most=3),
        "pace": round((route.end_s - route.start_s) / _PLAYBACK_S, 3),
    }


def _ticks(route: Route, words: Words, *, most: int) -> list[Json]:
    span = route.end_s - route.start_s
    step = next((60 * step for step in _TICK_STEPS_MIN if span / (60 * step) <= most), 86400)
    first = int(np.ceil(route.start_s / step) * step)
    room = span * _TICK_ROOM
    return [
        {"at": tick, "text": words.clock(at(tick))}
        for tick in range(first, int(route.end_s) + 1, step)
        if route.start_s + room < tick < route.end_s - room
    ]


def clock_name(clock: Clock, words: Words) -> str:
    """What a named clock is called."""
    return words.plain(clock.name) or words.city(clock.zone)


def clocks(case: Case, route: Route, words: Words) -> list[Json]:
    """The named clocks with their offsets over the span (more than one where a clock changes during it)."""
    return [
        {"name": clock_name(clock, words), "zone": clock.zone, "offsets": _offsets(clock.zone, route)}
        for clock in case.clocks
    ]


def _offsets(zone: str, route: Route) -> list[list[float]]:
    step = timedelta(minutes=15)
    moment = at(route.start_s)
    changes: list[list[float]] = []
    while moment <= at(route.end_s):
        offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
        if not changes or changes[-1][1] != offset.total_seconds():
            changes.append([whole(moment.timestamp()), whole(offset.total_seconds())])
        moment += step
    return changes


def _lasting(route: Route) -> list[RouteStretch]:
    """The stretches without those of a lone fix, which take no room on the bar."""
    return [stretch for stretch in route.stretches if stretch.end_s > stretch.start_s]


def states(case: Case, route: Route, words: Words) -> list[Json]:
    """The states of the bar; neighbours that look and read alike are one, and rest on the sources of all."""
    parts: list[Json] = [
        {
            "from": whole(stretch.start_s),
            "to": whole(stretch.end_s),
            "style": style_of(stretch),
            "evidence": stretch.evidence.value,
            "basis": stretch.basis.value,
            "sources": resting(case, stretch),
            "text": words.say(STYLES[style_of(stretch)].text),
            "spoken": words.say(STYLES[style_of(stretch)].spoken),
            "aircraft": stretch.basis in PLACED,
        }
        for stretch in _lasting(route)
    ]
    merged: list[Json] = []
    for part in parts:
        if merged and all(merged[-1][key] == part[key] for key in ("style", "evidence", "basis")):
            merged[-1]["to"] = part["to"]
            merged[-1]["sources"] = list(dict.fromkeys([*merged[-1]["sources"], *part["sources"]]))
        else:
            merged.append(part)
    return merged


def heads(route: Route, words: Words) -> list[Json]:
    """The names above the bar: one for each run of stretches in which the same was received."""
    runs = [list(run) for _, run in groupby(_lasting(route), key=head_of)]
    result = []
    for run in runs:
        style = head_of(run[0])
        false = style == "silent" and all(stretch.evidence is Evidence.REJECTED for stretch in run)
        said = STYLES["rejected" if false else style]
        result.append(
            {
                "from": whole(run[0].start_s),
                "to": whole(run[-1].end_s),
                "style": style,
                "text": words.say(said.head),
                "short": words.say("Received") if style == "received" else words.say(said.text),
            }
        )
    return result
