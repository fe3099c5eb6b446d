"""What the text of a page tells of a scene: ``assets/viewer/unpack.js`` reads it there, and only the rest is data.

This says what that module finds in the elements that ``geo.render.markup`` writes, and what it takes for granted. Where
a scene is otherwise, the difference travels as data, so that the viewer gets exactly the scene.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from geo.render.layer import divided
from geo.render.markup import GRIDS, HEAD, has_clock, is_linked, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

_EVENT: Final = ("id", "number", "datetime", "long_time", "title", "grade_text", "note")
_CLAIM: Final = ("letter", "by", "says", "detail", "leak", "time_text", "cites")


def told(scene: Mapping[str, Any]) -> Json:
    """The parts of ``divided(scene)`` as far as the text of its page tells them."""
    parts = divided(scene)
    names = [name for name in (*HEAD, *GRIDS) if scene.get(name) is not None]
    rest = {name: scene[name] for name in names} | {"footer": scene["footer"]}
    if scene.get("story"):
        rest["story"] = {"steps": [_step(step) for step in parts["scene"]["story"]["steps"]]}
    return {
        "sources": {ident: _source(source) for ident, source in parts["sources"].items()},
        "scene": rest,
        "events": [_event(event, scene) for event in parts["events"]],
    }


def _step(step: Mapping[str, Any]) -> Json:
    return {name: step[name] for name in ("event", "time_text", "title", "text", "sources")}


def _source(source: Mapping[str, Any]) -> Json:
    linked, copy = is_linked(source.get("url")), source.get("archived")
    address = {name: source.get(name) or None if linked else None for name in ("url", "language")}
    kept = {"archived": copy} if copy and is_linked(copy["url"]) else {}
    return {**{name: source[name] for name in ("id", "before", "link", "after")}, **address, **kept}


def _event(event: Mapping[str, Any], scene: Mapping[str, Any]) -> Json:
    """An event by its row; what a row does not say is taken to be as with most events."""
    clock, card = has_clock(event), event["card"]
    if clock:
        start, times = _seconds(event["datetime"]), {"time_text": event["time_text"], "local_text": event["local_text"]}
        named = f"{event['time_text']} UTC"
    else:
        start, times = scene["time"]["end"], {"local_text": event["datetime"][:4]}
        named = event["long_time"]
    groups = [
        {"heading": group["heading"], "claims": [{name: claim[name] for name in _CLAIM} for claim in group["claims"]]}
        for group in card["groups"]
    ]
    return {
        **{name: event[name] for name in _EVENT},
        **times,
        "name": f"{named}, {plain(event['title'])}, {event['grade_text']}",
        "main": event["number"] is not None,
        "aftermath": not clock,
        "mapped": any(marker["event"] == event["id"] for marker in scene["map"]["markers"]),
        "start": start,
        "end": start,
        "grade": next((one["grade"] for one in scene["legend"]["grades"] if one["text"] == event["grade_text"]), None),
        "closeup": None,
        "card": {
            **{name: card[name] for name in ("text", "unknown", "times", "sources") if name in card},
            "groups": groups,
        },
    }


def _seconds(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
