"""When what is seen in the film of a flight: its parts, and which time of the flight each moment of it shows.

Time runs as in the viewer's playback, at one pace; but where events follow each other faster than their captions can be
read it runs slower or waits, where they are far apart it runs faster, and what shows nothing is passed quickly.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.render.markup import has_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.scene.words import Said

    Scene = Mapping[str, Any]

__all__ = ["MARK", "Cue", "Film", "after_events", "after_lines", "closing_lines", "film", "shown_events", "told"]

#: What stands before the mark of a language: a thin space, at which no line breaks.
MARK: Final = "\u2009"
#: Seconds of the whole film that are aimed at, and of its cards at most and least.
_WHOLE_S: Final = 70.0
_CARD_S: Final = (4.5, 8.0)
#: Seconds that the time stands still before it runs.
_LEAD_S: Final = 0.8
#: Seconds in which a time without anything to see is passed: long enough to read that it is.
_SKIP_S: Final = 2.4
#: A caption stands so long, s, whatever its length; at most and at least so long, and no longer than that.
_CAPTION_S: Final = (2.6, 4.4)
_LONGEST_CAPTION_S: Final = 9.0
_SETTLE_S: Final = 1.2
#: From one event to the next it takes no longer, s.
_APART_S: Final = 14.0
#: Characters that are read in a second: beside watching a map, and of a card.
_PER_S: Final = 20.0
_CARD_PER_S: Final = 32.0
#: The paces that are tried, seconds of flight in a second: from a standing film to a flight in a moment.
_PACES: Final = (1e-3, 1e7)


def told(words: Said | None) -> str:
    """Words as they are read in a picture; those in another language than the scene's say so, as in the viewer."""
    if isinstance(words, list):
        return "".join(map(told, words))
    if isinstance(words, dict):
        return f"{words['text']}{MARK}{words['lang'].upper()}"
    return words or ""


def clock_of(event: Mapping[str, Any], scene: Scene) -> str:
    """When an event was: the time of day where it has one, else its date."""
    utc = scene["words"].get("utc") or "UTC"
    return f"{event['time_text']} {utc}" if has_clock(event) else str(event["long_time"])


def _card_s(texts: Iterable[str]) -> float:
    """How long a card stands: to be read whole, a long one has to be stopped; its words are in the captions, too."""
    return _between(_SETTLE_S + sum(map(len, texts)) / _CARD_PER_S, _CARD_S)


def _between(value: float, ends: tuple[float, float]) -> float:
    return min(max(value, ends[0]), ends[1])


@dataclass(frozen=True, slots=True)
class Cue:
    """Something said from one moment of the film to another, s.

    ``kind`` is ``opening``, ``event``, ``state``, ``skip``, ``aftermath`` or ``closing``; ``key`` the id of its event
    or the number of its state; ``lines`` are its texts.
    """

    start: float
    end: float
    kind: str
    key: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Film:
    """The parts of a film: ``opening_s`` long is the first card, then time runs; ``cues`` in order of their beginnings.

    ``moments`` and ``times`` belong together: at a moment of the film, s, the flight is at a time; between them both
    run evenly. ``duration_s`` holds the cards behind it.
    """

    opening_s: float
    moments: tuple[float, ...]
    times: tuple[float, ...]
    duration_s: float
    cues: tuple[Cue, ...]

    def time(self, at: float) -> float:
        """The time of the flight at a moment of the film, POSIX seconds."""
        i = bisect_right(self.moments, at)
        if i == 0 or i == len(self.moments):
            return self.times[0 if i == 0 else -1]
        (m0, m1), (t0, t1) = self.moments[i - 1 : i + 1], self.times[i - 1 : i + 1]
        return t0 + (t1 - t0) * (at - m0) / (m1 - m0)

    def moment(self, time: float) -> float:
        """The first moment of the film at which the flight is at a time."""
        for i in range(1, len(self.times)):
            t0, t1 = self.times[i - 1 : i + 1]
            if t0 <= time <= t1 and t1 > t0:
                return self.moments[i - 1] + (self.moments[i] - self.moments[i - 1]) * (time - t0) / (t1 - t0)
        return self.moments[0] if time <= self.times[0] else self.moments[-1]

    def shown(self, at: float, *kinds: str) -> Cue | None:
        """What is said at a moment; of several the one that began last."""
        there = [cue for cue in self.cues if cue.kind in kinds and cue.start <= at < cue.end]
        return max(there, key=lambda cue: cue.start) if there else None


def shown_events(scene: Scene) -> list[Mapping[str, Any]]:
    """The main events of the flight, in order: those that the film tells."""
    return [event for event in scene["events"] if event["main"] and not event["aftermath"]]


def _caption(event: Mapping[str, Any], scene: Scene) -> tuple[str, str, str]:
    """Time, title, grade with its note."""
    graded = " · ".join(part for part in (event["grade_text"], told(event["note"])) if part)
    return clock_of(event, scene), told(event["title"]), graded


def _hold_s(event: Mapping[str, Any], scene: Scene) -> float:
    clock, title, _ = _caption(event, scene)
    return _between(_SETTLE_S + len(clock + title) / _PER_S, _CAPTION_S)


@dataclass(frozen=True, slots=True)
class _Run:
    """The course of time: moments and times of the flight, and the moment of each event."""

    moments: tuple[float, ...]
    times: tuple[float, ...]
    events: tuple[float, ...]


def _run(scene: Scene, events: Sequence[Mapping[str, Any]], pace: float) -> _Run:
    """Lead from event to event at a pace, no faster than their captions are read."""
    start, end = scene["time"]["start"], scene["time"]["end"]
    skips = scene.get("playback", {}).get("skips", [])
    moments, times = [0.0, _LEAD_S], [start, start]
    reached: list[float] = []
    hold = 0.0

    def go(until: float) -> None:
        """On to a time of the flight, at least ``hold`` seconds long."""
        edges = sorted({edge for skip in skips for edge in (skip["from"], skip["to"]) if times[-1] < edge < until})
        steps = []
        for a, b in zip([times[-1], *edges], [*edges, until], strict=True):
            passed = any(skip["from"] <= a and b <= skip["to"] for skip in skips)
            steps.append((b, _SKIP_S if passed else (b - a) / pace))
        whole = sum(length for _, length in steps)
        stretched = max(min(whole, _APART_S), hold)
        for b, length in steps:
            share = length / whole if whole else 1.0
            moments.append(moments[-1] + stretched * share)
            times.append(b)

    for event in events:
        at = _between(event["start"], (start, end))
        if at > times[-1] or hold:
            go(max(at, times[-1]))
        reached.append(moments[-1])
        hold = _hold_s(event, scene)
    go(end)
    return _Run(tuple(moments), tuple(times), tuple(reached))


def _paced(scene: Scene, events: Sequence[Mapping[str, Any]], wanted_s: float) -> _Run:
    """The course of time whose length is as near to the wanted one as captions allow."""
    slow, fast = _PACES
    for _ in range(60):
        pace = (slow * fast) ** 0.5
        if _run(scene, events, pace).moments[-1] > wanted_s:
            slow = pace
        else:
            fast = pace
    return _run(scene, events, fast)


def after_events(scene: Scene, most: int = 6) -> list[Mapping[str, Any]]:
    """The main events after the flight; the first ones and the last two where one card does not hold them all."""
    found = [event for event in scene["events"] if event["main"] and event["aftermath"]] if scene["aftermath"] else []
    return [*found[: most - 2], *found[-2:]] if len(found) > most else found


def after_lines(scene: Scene) -> list[tuple[str, str, str]]:
    """What came after the flight: date, title, grade with its note."""
    return [_caption(event, scene) for event in after_events(scene)]


def closing_lines(scene: Scene) -> list[str]:
    """What the last card says: what nobody knows, what is meant and not depicted, sources, corrections."""
    unknown = [scene["aftermath"]["end_note"]] if scene["aftermath"] else []
    corrected = [
        f"{scene['words']['corrections']}, {each['date']}: {told(each['text'])}" for each in scene["corrections"]
    ]
    return [told(each) for each in (*unknown, *scene["footer"], *corrected) if each]


def film(scene: Scene) -> Film:
    """The film of a scene: an opening card, the flight, a card of what came after if there is one, a closing card."""
    head = (told(scene["title"]), told(scene["standfirst"]))
    after, closing = after_lines(scene), closing_lines(scene)
    opening_s, closing_s = _card_s(head), _card_s(closing)
    after_s = _card_s(" ".join(each) for each in after) if after else 0.0
    events = shown_events(scene)
    run = _paced(scene, events, max(_WHOLE_S - opening_s - after_s - closing_s, 1.0))
    moments = tuple(opening_s + each for each in run.moments)
    bare = Film(opening_s, moments, run.times, moments[-1] + after_s + closing_s, ())
    cues = [Cue(0.0, opening_s, "opening", "", head)]
    reached = [opening_s + each for each in run.events]
    followed = [*reached[1:], moments[-1]] if reached else []
    for event, at, following in zip(events, reached, followed, strict=True):
        until = min(following, at + _LONGEST_CAPTION_S)
        cues.append(Cue(at, until, "event", event["id"], _caption(event, scene)))
    for number, state in enumerate(scene["states"]):
        cues.append(Cue(bare.moment(state["from"]), bare.moment(state["to"]), "state", str(number), (state["text"],)))
    cues += [
        Cue(bare.moment(skip["from"]), bare.moment(skip["to"]), "skip", "", (skip["text"],))
        for skip in scene.get("playback", {}).get("skips", [])
    ]
    if after:
        lines = tuple(" · ".join(each) for each in after)
        cues.append(Cue(moments[-1], moments[-1] + after_s, "aftermath", "", (scene["aftermath"]["link"], *lines)))
    cues.append(Cue(moments[-1] + after_s, bare.duration_s, "closing", "", tuple(closing)))
    kept = tuple(sorted((cue for cue in cues if cue.end > cue.start), key=lambda cue: (cue.start, cue.end)))
    return Film(opening_s, moments, run.times, bare.duration_s, kept)
