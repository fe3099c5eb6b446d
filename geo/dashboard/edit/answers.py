"""What the map of the preview answers, written into the draft: one change for each gesture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.positions import write_position
from geo.dashboard.edit.listed import held
from geo.dashboard.edit.movable import is_number, may_write, spot
from geo.dashboard.edit.picking import ask, asked, tell_replaced
from geo.geodesy import distance_m, wrap

if TYPE_CHECKING:
    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk

Point = tuple[float, float]

_POLE: Final = 90.0
#: From this distance on whole kilometres are written, below tenths.
_COARSE_KM: Final = 100
_MOST_POINTS: Final = 5_000


def take(desk: Desk, said: Any) -> None:  # noqa: ANN401  what a browser sent
    """Write what the map answers; what nobody asked for is passed over."""
    answer = said if isinstance(said, dict) else {}
    way = answer.get("place")
    place: Place = tuple(way) if isinstance(way, list) and all(isinstance(each, str | int) for each in way) else ()
    if not place or not may_write(desk, place):
        return
    wanted = asked(desk)
    mine = wanted if wanted and wanted.place == place else None
    label = mine.label if mine else desk.words.say("Moved on the map")
    at = read_point(answer.get("at"))
    if place[0] == "event" and isinstance(place[1], int):
        desk = held(desk, place[1])
    match answer.get("op"):
        case "end" if mine:
            ask(None)
        case "point" if at:
            _put(desk, label, place, at)
        case "centre" if at:
            _put_centre(desk, label, place, at)
        case "km" if at:
            _put_km(desk, label, place, at)
        case "path" if mine and mine.how == "path":
            points = answer.get("points")
            if isinstance(points, list) and len(points) <= _MOST_POINTS and all(map(_is_point, points)):
                desk.change(label, lambda document: put_path(document, place, points))


def read_point(value: Any) -> Point | None:  # noqa: ANN401  what a browser sent
    """The position of an answer, six decimals, its longitude within ±180."""
    if not isinstance(value, list) or len(value) != 2 or not all(map(is_number, value)):  # noqa: PLR2004  lat, lon
        return None
    lat, lon = map(float, value)
    if not math.isfinite(lat) or not math.isfinite(lon) or abs(lat) > _POLE:
        return None
    return round(lat, 6), round(float(wrap(lon)), 6)


def round_km(km: float) -> float | int:
    """A distance as it is written: tenths of a kilometre, from 100 on whole ones; never nothing."""
    return max(0.1, round(km, 1)) if km < _COARSE_KM else round(km)


def put_point(document: Document, place: Place, at: Point) -> None:
    """Write a position; what the table says besides stays, a name gives way to it."""
    value = document.get(place)
    lat, lon = at
    if place[0] == "places":
        if isinstance(value, str):
            document.put(place, {"find": value, "lat": lat, "lon": lon})
            return
        document.put((*place, "lat"), lat)
        document.put((*place, "lon"), lon)
    elif isinstance(value, dict) and ("ring" in value or "from" in value):
        put_point(document, (*place, "ring" if "ring" in value else "from"), at)
    elif isinstance(value, dict) and isinstance(value.get("place"), dict):
        put_point(document, (*place, "place"), at)
    elif isinstance(value, dict):
        rest = {key: entry for key, entry in value.items() if key not in ("place", "find", "lat", "lon")}
        document.put(place, {"lat": lat, "lon": lon, **rest})
    else:
        document.put(place, {"lat": lat, "lon": lon})


def put_path(document: Document, place: Place, points: list[Any]) -> None:
    """Write a path, point by point, so that those that stay keep their spelling and comments."""
    held = document.get(place)
    old = list(held) if isinstance(held, list) else []
    if not points:
        document.put(place, None)
        return
    head = next((i for i, (one, other) in enumerate(zip(old, points, strict=False)) if one != other), None)
    head = min(len(old), len(points)) if head is None else head
    tail = 0
    while tail < min(len(old), len(points)) - head and old[-1 - tail] == points[-1 - tail]:
        tail += 1
    fresh, gone = points[head : len(points) - tail], len(old) - tail - head
    both = min(len(fresh), gone)
    for offset in range(both):
        document.put((*place, head + offset), fresh[offset])
    for offset in range(gone - 1, both - 1, -1):
        document.remove((*place, head + offset))
    for offset in range(both, len(fresh)):
        document.insert(place, fresh[offset], head + offset)


def _put(desk: Desk, label: str, place: Place, at: Point) -> None:
    before = _name(desk.get(place))
    desk.change(label, lambda document: put_point(document, place, at))
    ask(None)
    _tell(desk, place, before, at)


def _put_centre(desk: Desk, label: str, place: Place, at: Point) -> None:
    value = desk.get(place)
    ring = isinstance(value, dict) and "ring" in value
    before = _name(value["ring"]) if ring else _name(value)

    def edit(document: Document) -> None:
        if ring:
            document.put((*place, "ring"), {"lat": at[0], "lon": at[1]})
        else:
            document.put(place, {"ring": {"lat": at[0], "lon": at[1]}, "km": ""})

    desk.change(label, edit)
    _tell(desk, place, before, at)


def _put_km(desk: Desk, label: str, place: Place, at: Point) -> None:
    centre = spot(desk, desk.get(place))
    if centre is None:
        return
    km = round_km(float(distance_m(*centre, *at)) / 1000)
    desk.change(label, lambda document: document.put((*place, "km"), km))
    ask(None)


def _name(value: Any) -> str:  # noqa: ANN401  a TOML value
    """The name that a value gives for a place, where it gives one."""
    if isinstance(value, dict) and "place" in value:
        value = value["place"]
    return value if isinstance(value, str) and value not in ("", "track") else ""


def _tell(desk: Desk, place: Place, before: str, at: Point) -> None:
    if before and place[0] != "places":
        said = desk.words.say(
            "“{name}” was replaced by the position {position}.", name=before, position=write_position(*at)
        )
        tell_replaced(desk, place, said)


def _is_point(value: Any) -> bool:  # noqa: ANN401  what a browser sent
    """Whether a point of a path is one that a case file can hold; what is wrong with it is told later."""
    if isinstance(value, str):
        return len(value) <= 200  # noqa: PLR2004  no name is longer
    return (
        isinstance(value, dict)
        and 0 < len(value) <= 12  # noqa: PLR2004  keys of a place
        and all(isinstance(key, str) and (_is_point(each) or is_number(each)) for key, each in value.items())
    )
