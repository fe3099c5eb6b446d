"""The story: the steps that the author ordered, each with its moment and with what the map shows then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from geo.geodesy import ring
from geo.scene.places import beside
from geo.scene.timebar import whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.model import Case, Step, View
    from geo.scene.places import Bounds
    from geo.scene.words import Words

Json = dict[str, Any]


def story(case: Case, rows: Sequence[Mapping[str, Any]], limits: Bounds, words: Words) -> Json | None:
    """The steps in the order of the case; ``None`` where it has none.

    ``rows`` are the events as they are listed, ``limits`` the box that the map of the scene covers.
    """
    if not case.steps:
        return None
    listed = {row["id"]: row for row in rows}
    return {
        "heading": words.say("Story"),
        "open": words.say("Read as a story"),
        "close": words.say("Timeline"),
        "back": words.say("Back to the story"),
        "previous": words.say("Previous step"),
        "next": words.say("Next step"),
        "more": words.say("This event with its sources"),
        "steps": [
            _step(index, step, listed.get(step.event or ""), case, limits, words)
            for index, step in enumerate(case.steps, start=1)
        ],
    }


def _step(number: int, step: Step, row: Mapping[str, Any] | None, case: Case, limits: Bounds, words: Words) -> Json:
    return {
        "id": step.id or f"step-{number}",
        "count": words.say("Step {number} of {count}", number=number, count=len(case.steps)),
        "event": None if row is None else row["id"],
        **_moment(step, row, words),
        "view": "event" if step.view.kind == "event" else shown(step.view, limits),
        "title": words.of(step.title),
        "text": words.of(step.text),
        "sources": list(step.sources),
    }


def _moment(step: Step, row: Mapping[str, Any] | None, words: Words) -> Json:
    """Where time stands and how it is written: as the step has it, else as its event is listed."""
    if step.time is not None:
        text = words.clock(step.time.start, seconds=step.time.precision == "second")
        return {"time": whole(step.time.start.timestamp()), "time_text": f"{text} UTC"}
    assert row is not None  # noqa: S101  the model wants one of the two
    return {"time": row["start"], "time_text": f"{row['time_text']} UTC"}


def shown(view: View, limits: Bounds) -> list[float] | None:
    """The box that a view asks for, in the longitudes of the map and within it; ``None`` is the whole route."""
    middle = (limits[0] + limits[2]) / 2
    if view.kind == "place" and view.place is not None and view.km is not None:
        edge = ring(view.place.lat, beside(view.place.lon, middle), view.km * 1000)
        west, south, east, north = edge.lon.min(), edge.lat.min(), edge.lon.max(), edge.lat.max()
    elif view.west is not None and view.south is not None and view.east is not None and view.north is not None:
        wide = (view.east - view.west) % 360
        west = beside(view.west + wide / 2, middle) - wide / 2
        south, east, north = view.south, west + wide, view.north
    else:
        return None
    # There is no ground to show beyond the map.
    west, south, east, north = max(west, limits[0]), max(south, limits[1]), min(east, limits[2]), min(north, limits[3])
    if west >= east or south >= north:
        return None
    # To about a hundredth of its height, which nobody sees.
    digits = max(2, 2 - math.floor(math.log10(north - south)))
    return [round(float(edge), digits) for edge in (west, south, east, north)]
