"""What the steps of a story must hold: events that exist, moments of the flight, frames that events have."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from geo.casefile.problems import Locator
    from geo.errors import Problem
    from geo.model import Case, Event, Step

    Flown = tuple[datetime, datetime] | None


def check_steps(document: dict[str, Any], case: Case | None, flown: Flown, locate: Locator) -> Iterator[Problem]:
    """The problems of all steps; ``case`` is ``None`` when the document did not validate, ``flown`` is its span."""
    yield from _named(document, locate)
    for index, step in enumerate(case.steps if case is not None else ()):
        event = next((event for event in case.events if event.id == step.event), None) if case is not None else None
        if step.event is None or event is not None:
            yield from _moment(index, step, event, flown, locate)
        if step.view.kind == "event" and event is not None and not event.has_frame:
            yield locate.problem(
                ("step", index, "view"),
                f"event {event.id!r} has no frame of its own: fewer than two accounts say where it was; "
                "write { place = …, km = … }",
            )


def _named(document: dict[str, Any], locate: Locator) -> Iterator[Problem]:
    """Events that the case has not, and two steps of one name."""
    events, steps = (_tables(document, key) for key in ("event", "step"))
    known = [event["id"] for _, event in events if isinstance(event.get("id"), str)]
    seen: dict[str, int] = {}
    for index, step in steps:
        event, name = step.get("event"), step.get("id", f"step-{index + 1}")
        if isinstance(event, str) and event not in known:
            close = difflib.get_close_matches(event, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "; write the id of an [[event]]"
            yield locate.problem(("step", index, "event"), f"there is no event {event!r}{hint}")
        if isinstance(name, str) and seen.setdefault(name, index) != index:
            where = ("step", index, "id")
            yield locate.problem(
                where, f"the id {name!r} is taken by step[{seen[name] + 1}]; links to steps need one each"
            )


def _tables(document: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    listed = document.get(key, [])
    entries = enumerate(listed if isinstance(listed, list) else [])
    return [(index, entry) for index, entry in entries if isinstance(entry, dict)]


def _moment(index: int, step: Step, event: Event | None, flown: Flown, locate: Locator) -> Iterator[Problem]:
    if flown is None:
        return
    first, last = flown
    during = f"{first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S} UTC"
    time = step.time or (event.time if event is not None else None)
    if time is None or (first <= time.start <= last and not time.dated_only):
        return
    if step.time is not None:
        told = f"{time.start:%Y-%m-%d %H:%M:%S} is outside the flight ({during}); write a time within it"
        yield locate.problem(("step", index, "time"), told)
    elif event is not None:
        told = f"event {event.id!r} has no time within the flight ({during}); give the step one: time = …"
        yield locate.problem(("step", index, "event"), told)
