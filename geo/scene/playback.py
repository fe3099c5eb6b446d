"""How playback runs: its speeds, and the times without anything to see that it may pass quickly."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.scene.timebar import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.scene.words import Words

Json = dict[str, Any]

#: The speeds to choose from, in whole flights a minute.
_FACTORS: Final = (0.5, 1, 2, 4)
_FINE_BELOW: Final = 10
#: What is passed would take this long at the ordinary pace, s; so much of it is shown before and after something, s.
_LEAST_S: Final = 3.0
_AROUND_S: Final = 1.0
_LEAST_MIN: Final = 2


def playback(pace: float, states: Sequence[Json], events: Sequence[Json], words: Words) -> Json:
    """The speeds, each named by how many times faster than the flight it is, and what may be passed quickly.

    ``pace`` is the ordinary one, seconds of flight in a second.
    """
    return {
        "paces": [{"factor": factor, "text": _times(pace * factor, words)} for factor in _FACTORS],
        "skips": skips(states, events, pace, words),
    }


def _times(pace: float, words: Words) -> str:
    return f"{words.number(pace, 0 if pace >= _FINE_BELOW else 1)}×"


def skips(states: Sequence[Json], events: Sequence[Json], pace: float, words: Words) -> list[Json]:
    """Times in which no aircraft is drawn and nothing happens, if they are long at the pace of playback."""
    around = max(60.0, _AROUND_S * pace)
    least = max(60.0 * _LEAST_MIN, _LEAST_S * pace)
    busy = sorted((event["start"], event["end"]) for event in events if not event["aftermath"])
    found = [
        (last + around, first - around)
        for start, end in _unseen(states)
        for last, first in _free(start, end, busy)
        if first - last - 2 * around >= least
    ]
    return [
        {
            "from": whole(start),
            "to": whole(end),
            "text": words.say("Skipping {minutes} min without a position", minutes=words.number((end - start) / 60)),
        }
        for start, end in found
    ]


def _unseen(states: Sequence[Json]) -> Iterator[tuple[float, float]]:
    """The times without an aircraft; states that follow each other are one."""
    seen = [(state["from"], state["to"]) for state in states if state["aircraft"]]
    edges = [states[0]["from"], *(edge for span in seen for edge in span), states[-1]["to"]] if states else []
    return ((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def _free(start: float, end: float, busy: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The times between two ends that no other time reaches into; these are in order of their beginnings."""
    marks = [(start, start), *((first, last) for first, last in busy if last >= start and first <= end), (end, end)]
    latest = start
    for (_, last), (first, _) in pairwise(marks):
        latest = max(latest, last)
        if first > latest:
            yield latest, first
