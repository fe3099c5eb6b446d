"""The signs and texts of the map, placed: what a view wants to say, and what it has to leave free.

The same as ``settling`` of ``assets/viewer/map.js`` and ``assets/viewer/annotate.js``, step for step, for the view that
a page opens with: what is changed in one is changed in the other, and ``tests/browser/test_poster_labels.py`` compares
what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any, Final

from geo.render.poster.placing.boxes import Box, stacked
from geo.render.poster.placing.caption import Sheet, apart, line_captions, name_captions, place_captions
from geo.render.poster.placing.labels import Label, Scenery, placed
from geo.render.poster.placing.points import Points, along, column, leading, projected, sampled, spot
from geo.render.poster.placing.runways import numbered
from geo.render.poster.placing.signs import Ground, Port, Sign, stood

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.render.poster.placing.labels import Caption, Ruler
    from geo.render.poster.placing.signs import Spot
    from geo.render.poster.view import View

#: A narrower map is that of a phone, px.
_SMALL: Final = 480.0
#: What a point of a leader weighs, and px from one to the next.
_LEADER: Final = 3.0
_STEP: Final = 5.0
#: Radii of signs, px: with a number, with one on a phone, without.
_NUMBERED: Final = 10.5
_NUMBERED_SMALL: Final = 9.5
_BARE: Final = 5.0
#: What signs and texts keep clear around a place, px; texts, of a ring around it, so much of its radius.
_PORT: Final = 6.0
_PLACE: Final = 5.0
_RING: Final = 0.8


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What stands on a map, in px of its box.

    ``signs`` are those of the main events in the order of time, ``labels`` the texts, ``numbers`` those of runways.
    """

    signs: tuple[Sign, ...]
    labels: tuple[Label, ...]
    numbers: tuple[Label, ...]


def _edge(scene: Mapping[str, Any], view: View, ring: str | None) -> float:
    """The radius of a ring, px; 0 without."""
    found = next((each for each in scene["map"]["rings"] if each["id"] == ring), None) if ring else None
    if not found:
        return 0.0
    outline = projected(view, column(found["ring"]["lon"]), column(found["ring"]["lat"]))
    return abs(spot(view, found["at"])[1] - float(outline[:, 1].min()))


def _signs(sheet: Sheet) -> list[Sign]:
    """The signs of the main events that are on the map, at their places, in the order of time."""
    markers = {marker["event"]: marker for marker in reversed(sheet.scene["map"]["markers"])}
    found = []
    for event in sheet.scene["events"]:
        marker = markers.get(event["id"])
        if not marker or not event["main"]:
            continue
        x, y = sheet.spot(marker["at"])
        r = (_NUMBERED_SMALL if sheet.small else _NUMBERED) if event["number"] else _BARE
        # To half a px.
        r = floor(r * sheet.scale * 2 + 0.5) / 2
        edge = _edge(sheet.scene, sheet.view, marker["ring"])
        found.append(Sign(event["id"], event["number"], event["grade"], event["main"], x, y, edge, r, x, y))
    return found


def _ports(sheet: Sheet, signs: Sequence[Sign]) -> tuple[Port, ...]:
    """The places of the map; one within a ring takes as much room as the ring."""
    found = []
    for place in sheet.scene["map"]["places"]:
        at = sheet.spot(place["at"])
        rings = [sign.edge for sign in signs if sign.edge and apart((sign.home_x, sign.home_y), at) < sign.edge]
        found.append(Port(*at, max([_PORT, *rings])))
    return tuple(found)


def _around(x: float, y: float, r: float) -> Box:
    return x - r, y - r, x + r, y + r


def _marks(signs: Sequence[Sign], ports: Sequence[Port]) -> list[Box]:
    """The boxes of places and signs."""
    places = [_around(port.x, port.y, port.r * _RING if port.r > _PORT else _PLACE) for port in ports]
    return places + [_around(sign.x, sign.y, sign.body + 2) for sign in signs]


def _on(captions: Sequence[Caption], view: View) -> list[Caption]:
    """Those of which some anchor is on the map."""
    return [
        caption
        for caption in captions
        if any(0 < at.x < view.width and 0 < at.y < view.height for at in caption.anchors)
    ]


def arrange(
    scene: Mapping[str, Any],
    view: View,
    boxes: Sequence[Box],
    *,
    width: Ruler,
    text_scale: float = 1.0,
    small: bool | None = None,
) -> Arrangement:
    """Place the signs of the main events and all texts of the map, as the viewer does when it opens.

    Args:
        scene: what ``compose`` made.
        view: what is seen of it. Where its ``left`` and ``top`` are whole px the result is the viewer's.
        boxes: left, top, right, bottom of what stands on the map besides, with the room around it that signs and texts
            leave (in the viewer 3 px).
        width: px of a text, by its size (px) and weight, without its spacing.
        text_scale: multiplies the sizes of texts and signs; tokens §3 has 1.28 for a poster.
        small: whether sizes and texts are those of a phone; by default where the view is narrower than 480 px.
    """
    sheet = Sheet(scene, view, view.width < _SMALL if small is None else small, text_scale)
    lines = scene["map"]["lines"]
    ways = [sampled(view, line["path"]) for line in lines]
    drawn = Points.joined([along(way, i, line["style"]) for i, (line, way) in enumerate(zip(lines, ways, strict=True))])
    homes = _signs(sheet)
    ports = _ports(sheet, homes)
    signs = stood(homes, Ground(view.width, view.height, stacked(boxes), ports, drawn))
    middles: list[Spot] = [*((sign.x, sign.y) for sign in signs), *((port.x, port.y) for port in ports)]
    numbers, runways = numbered(scene["map"].get("runways", []), view, boxes, middles, text_scale)

    def around(at: Spot) -> float:
        return next((port.r for port in ports if apart((port.x, port.y), at) < 1), 0.0)

    captions = [*place_captions(sheet, signs, around), *name_captions(sheet), *line_captions(sheet, ways)]
    leaders = [leading((sign.home_x, sign.home_y), (sign.x, sign.y), _LEADER, _STEP) for sign in signs]
    scenery = Scenery(
        view.width,
        view.height,
        stacked([*boxes, *(number.box for number in numbers)]),
        stacked(_marks(signs, ports)),
        Points.joined([drawn, runways, *leaders]).within(view.width, view.height),
    )
    return Arrangement(tuple(signs), tuple(placed(_on(captions, view), scenery, width)), tuple(numbers))
