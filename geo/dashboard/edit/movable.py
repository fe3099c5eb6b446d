"""What of a draft can be moved on the map of the preview, and what the map is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.dashboard.edit.picking import asked
from geo.dashboard.edit.placed import where as place_of
from geo.geodesy import destination

if TYPE_CHECKING:
    from geo.casefile.editing import Place
    from geo.dashboard.desk import Desk
    from geo.dashboard.edit.picking import Asked
    from geo.scene.words import Words

Point = tuple[float, float]


def spot(desk: Desk, value: Any) -> Point | None:  # noqa: ANN401  a TOML value
    """Where a value of a case is: a place, a position, the centre of a ring, the end of ``{ from, km, bearing }``."""
    if isinstance(value, dict):
        if "ring" in value:
            return spot(desk, value["ring"])
        if "from" in value:
            return _offset(desk, value)
        if "place" in value:
            return spot(desk, value["place"])
    if isinstance(value, str) and value in ("", "track"):
        return None
    return place_of(desk, value)[1]


def has_own_position(value: Any) -> bool:  # noqa: ANN401  a TOML value
    """Whether a value gives its position itself and not by a name."""
    if isinstance(value, dict) and isinstance(value.get("place"), dict):
        value = value["place"]
    return isinstance(value, dict) and is_number(value.get("lat")) and is_number(value.get("lon"))


def is_number(value: object) -> bool:
    """Whether a TOML value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _offset(desk: Desk, value: dict[str, Any]) -> Point | None:
    start = spot(desk, value["from"])
    km, bearing = (value.get(key) for key in ("km", "bearing"))
    if start is None or not isinstance(km, int | float) or not isinstance(bearing, int | float):
        return start
    end = destination(*start, float(bearing), float(km) * 1000)
    return float(end.lat), float(end.lon)


def movable(desk: Desk) -> list[dict[str, Any]]:
    """The events that stand at a position of their own or on a ring; they can be moved once they are chosen."""
    events = desk.get(("event",), [])
    found = []
    for index, event in enumerate(events if isinstance(events, list) else []):
        value = event.get("place") if isinstance(event, dict) else None
        if not isinstance(value, dict):
            continue
        ring = "ring" in value and is_number(value.get("km"))
        if not ring and not has_own_position(value):
            continue
        at = spot(desk, value)
        if at is not None:
            found.append(
                {
                    "event": str(event.get("id", "")),
                    "place": ["event", index, "place"],
                    "kind": "ring" if ring else "point",
                    "at": at,
                    "own": has_own_position(value["ring"]) if ring else True,
                    "km": value["km"] if ring else None,
                    "name": desk.said(("event", index, "title")) or str(event.get("id", "")),
                }
            )
    return found


def request(desk: Desk) -> dict[str, Any] | None:
    """What the map is asked for, as the preview wants it."""
    wanted = asked(desk)
    if wanted is None:
        return None
    value = desk.get(wanted.place)
    centre = spot(desk, value) if wanted.how == "ring" and isinstance(value, dict) and "ring" in value else None
    km = value.get("km") if centre and isinstance(value, dict) else None
    points = value if wanted.how == "path" and isinstance(value, list) else []
    return {
        "id": f"{wanted.how}-{'-'.join(map(str, wanted.place))}",
        "how": wanted.how,
        "place": list(wanted.place),
        "sentence": sentence(desk.words, wanted, centre=centre is not None),
        "at": None if wanted.how == "path" else spot(desk, value),
        "centre": centre,
        "km": km if is_number(km) else None,
        "points": [{"value": point, "at": spot(desk, point)} for point in points],
    }


def sentence(words: Words, wanted: Asked, *, centre: bool) -> str:
    """What a click on the map will do."""
    if wanted.how == "path":
        return words.say(
            "Click the map to add points to the path; drag a point to move it, Delete removes it. Enter or Escape ends."
        )
    if wanted.how == "ring" and centre:
        return words.say(
            "Click the map for the distance from the centre. Arrow keys move the crosshair, Enter sets, Escape ends."
        )
    if wanted.how == "ring":
        return words.say(
            "Click the map for the centre of the ring. Arrow keys move the crosshair, Enter sets, Escape ends."
        )
    return words.say("Click the map to set the position. Arrow keys move the crosshair, Enter sets, Escape ends.")


def may_write(desk: Desk, place: Place) -> bool:
    """Whether the map may write at a place: it was asked to, or something that can be moved stands there."""
    wanted = asked(desk)
    return (wanted is not None and wanted.place == place) or any(
        tuple(each["place"]) == place for each in movable(desk)
    )
