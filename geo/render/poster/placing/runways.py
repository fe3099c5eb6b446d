"""The numbers of runways, beyond their ends, where a view is so near that they have room.

The same as ``assets/viewer/runways.js``: what is changed in one is changed in the other, and
``tests/browser/test_poster_labels.py`` compares what becomes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.render.poster.placing.boxes import meet, stacked
from geo.render.poster.placing.caption import apart
from geo.render.poster.placing.labels import Label, TextLine
from geo.render.poster.placing.points import LIGHT, Points, spot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.render.poster.placing.boxes import Box
    from geo.render.poster.placing.signs import Spot
    from geo.render.poster.view import View

#: Shorter ones are not drawn, and shorter ones have no numbers, px.
_SEEN: Final = 12.0
_NUMBERED: Final = 44.0
#: From the end of a runway to the middle of its number, and from there to that of a mark, px.
_BEYOND: Final = 11.0
_CLEAR: Final = 18.0
#: Half the room of a number, px, its size, and its baseline below its middle.
_HALF: Final = (10.0, 6.0)
_SIZE: Final = 10.5
_BASELINE: Final = 3.5
#: From one point along a runway to the next, px.
_STEP: Final = 8.0


def _beyond(start: Spot, end: Spot, scale: float) -> list[Spot]:
    """The middles of the numbers of a runway, in the order of its ends; none where it is too short."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    long = apart(start, end)
    if long < _NUMBERED:
        return []
    away = _BEYOND * scale
    return [
        (start[0] - dx / long * away, start[1] - dy / long * away),
        (end[0] + dx / long * away, end[1] + dy / long * away),
    ]


def numbered(
    runways: Sequence[Mapping[str, Any]], view: View, boxes: Sequence[Box], marks: Sequence[Spot], scale: float
) -> tuple[list[Label], Points]:
    """The numbers that have room, and points along the runways that are long enough to be drawn.

    Args:
        runways: of the scene.
        view: what is seen of it.
        boxes: of the furniture, which numbers leave free as they leave each other.
        marks: the middles of signs and places, from which numbers keep away.
        scale: of texts.
    """
    labels: list[Label] = []
    points: list[Points] = []
    half_x, half_y = (half * scale for half in _HALF)
    for runway in runways:
        start, end = spot(view, runway["from"]), spot(view, runway["to"])
        long = apart(start, end)
        if long >= _SEEN:
            share = np.arange(0.0, long, _STEP)[:, None] / long
            points.append(Points.of(np.array(start) + (np.array(end) - np.array(start)) * share, LIGHT))
        for ident, (x, y) in zip(runway["ident"], _beyond(start, end, scale), strict=False):
            box = (x - half_x, y - half_y, x + half_x, y + half_y)
            if box[0] < 0 or box[1] < 0 or box[2] > view.width or box[3] > view.height:
                continue
            taken = stacked([*boxes, *(label.box for label in labels)])
            if meet(np.array(box), taken).any() or any(apart(mark, (x, y)) < _CLEAR for mark in marks):
                continue
            line = TextLine(ident, None, round(_SIZE * scale, 1), 400, "fc-second")
            labels.append(Label((line,), box, "middle", x, (y + _BASELINE * scale,)))
    return labels, Points.joined(points)
