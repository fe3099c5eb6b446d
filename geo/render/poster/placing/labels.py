"""Places texts on the map so that none covers a sign, a heavy line, the furniture or another text.

The same as ``assets/viewer/labels.js``, step for step: what is changed in one is changed in the other, and
``tests/browser/test_poster_labels.py`` compares what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from geo.render.poster.placing.boxes import grown, meet, meeting, stacked
from geo.render.poster.placing.solver import Item, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.render.poster.placing.boxes import Bools, Box, Floats
    from geo.render.poster.placing.points import Points

    Ruler: TypeAlias = Callable[[str, float, int], float]

Align: TypeAlias = Literal["start", "middle", "end"]

_EDGE: Final = 5.0
#: Most options of one form that are looked at.
_ENOUGH: Final = 32
_NEAR: Final = 8.0
#: How much farther from its anchor a text may stand, px, and one that must stand somewhere.
_FARTHER: Final = (0.0, 6.0, 14.0)
_FARTHEST: Final = (0.0, 6.0, 14.0, 24.0, 36.0)
#: From the top of a line to its baseline, as a share of its height.
_BASELINE: Final = 0.79


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: ``language`` where it differs from the scene's, ``size`` and ``spacing`` (between letters) in px.

    ``kind`` is the class that the viewer gives it: ``fc-place``, ``fc-second``, ``fc-linelabel fc-t-received``, ...
    """

    text: str
    language: str | None
    size: float
    weight: int
    kind: str
    spacing: float = 0.0

    @property
    def height(self) -> int:
        """Px from its top to that of the next."""
        return floor(self.size * 1.2 + 0.5)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point that a text may stand at; along a line with its normal."""

    x: float
    y: float
    nx: float = 0.0
    ny: float = 0.0


@dataclass(frozen=True, slots=True)
class Caption:
    """A text that the map wants.

    ``forms`` is what it says, the fullest first; ``anchors`` are in order of preference, ``gap`` is px from them. Low
    ranks find room first; ``full`` is the rank of what the shortest form leaves out. One that ``must`` be stands rather
    on a line than not at all; ``line`` is the index of the line that it stands along.
    """

    forms: tuple[tuple[TextLine, ...], ...]
    anchors: tuple[Anchor, ...]
    gap: float
    mode: Literal["beside", "along", "centre"]
    rank: float
    full: float
    must: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A text where it stands, in px of the map.

    ``align`` says which part of each line is at ``x``, read from left to right in every script; ``baselines`` are those
    of the lines.
    """

    lines: tuple[TextLine, ...]
    box: Box
    align: Align
    x: float
    baselines: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scenery:
    """What texts leave free: boxes of the furniture, of signs and aerodromes, and lines."""

    width: float
    height: float
    boxes: Floats
    marks: Floats
    points: Points


@dataclass(frozen=True, slots=True)
class _Options:
    """Places of one text, the best first: columns of one length."""

    forms: tuple[int, ...]
    boxes: Floats
    zones: Floats
    aligns: tuple[Align, ...]
    costs: tuple[float, ...]
    tiers: tuple[int, ...]


def units(text: str) -> int:
    """The length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _candidates(
    caption: Caption, at: Anchor, w: float, h: float, first: int
) -> list[tuple[float, float, Align, float]]:
    """Left, top, alignment and cost of the places to try: right, left, below, above, then the corners."""
    x, y, nx, ny = at.x, at.y, at.nx, at.ny
    if caption.mode == "centre":
        return [(x - w / 2, y - h / 2, "middle", 0.0)]
    found: list[tuple[float, float, Align, float]] = []
    for more in _FARTHEST if caption.must else _FARTHER:
        gap = caption.gap + more
        if caption.mode == "along":
            for side in (1, -1):
                left = x + side * nx * (gap + abs(nx) * (w / 2)) - w / 2
                top = y + side * ny * (gap + (abs(ny) * h) / 2) - h / 2
                found.append((left, top, "middle", (0.0 if side > 0 else 0.7) + more / 20))
            continue
        corner = gap * 0.75
        far = more / 5
        found += [
            (x + gap, y - first / 2, "start", far),
            (x - gap - w, y - first / 2, "end", 0.8 + far),
            (x - w / 2, y + gap, "middle", 1.6 + far),
            (x - w / 2, y - gap - h, "middle", 2 + far),
            (x + corner, y - corner - h, "start", 2.6 + far),
            (x + corner, y + corner, "start", 2.7 + far),
            (x - corner - w, y - corner - h, "end", 2.8 + far),
            (x - corner - w, y + corner, "end", 2.9 + far),
            (x + gap, y - h, "start", 3 + far),
            (x - gap - w, y - h, "end", 3.1 + far),
        ]
    return found


def _extent(lines: Sequence[TextLine], width: Ruler) -> tuple[float, float]:
    widths = [width(line.text, line.size, line.weight) + units(line.text) * line.spacing for line in lines]
    return max(widths) + 2, float(sum(line.height for line in lines))


def _between(boxes: Floats, x: Floats, y: Floats, points: Points, line: int) -> Floats:
    """What other lines weigh that run between a text and its own."""
    near_x = np.maximum(boxes[:, 0], np.minimum(x, boxes[:, 2]))
    near_y = np.maximum(boxes[:, 1], np.minimum(y, boxes[:, 3]))
    corners = (np.minimum(near_x, x), np.minimum(near_y, y), np.maximum(near_x, x), np.maximum(near_y, y))
    return points.weigh(grown(np.stack(corners, axis=1), 4), line)


def _free(zones: Floats, boxes: Floats, scenery: Scenery) -> Bools:
    """Whether places are on the map, and free of the furniture and of signs."""
    inside = (boxes[:, 0] >= _EDGE) & (boxes[:, 1] >= _EDGE)
    inside &= (boxes[:, 2] <= scenery.width - _EDGE) & (boxes[:, 3] <= scenery.height - _EDGE)
    taken = np.concatenate((scenery.boxes, scenery.marks))
    free: Bools = inside & ~meeting(zones, taken).any(axis=1)
    return free


def _form(caption: Caption, nth: int, scenery: Scenery, width: Ruler) -> _Options:
    """Where one form of a text may stand, the best places first."""
    lines = caption.forms[nth]
    shortest = nth == len(caption.forms) - 1
    # Names of countries and waters keep away from what is drawn.
    centre = caption.mode == "centre"
    pad = 4.0 if centre else 1.0
    w, h = _extent(lines, width)
    tried = [
        (i, place) for i, at in enumerate(caption.anchors) for place in _candidates(caption, at, w, h, lines[0].height)
    ]
    boxes = np.array([(x, y, x + w, y + h) for _, (x, y, _, _) in tried])
    kept = np.flatnonzero(_free(grown(boxes, pad), boxes, scenery))
    boxes = boxes[kept]
    anchors = np.array([tried[k][0] for k in kept], dtype=np.int64)
    taste = np.array([tried[k][1][3] for k in kept])
    x, y = np.array([at.x for at in caption.anchors])[anchors], np.array([at.y for at in caption.anchors])[anchors]
    # No other line runs between a text and its own.
    between = 0.0 if caption.line is None else _between(boxes, x, y, scenery.points, caption.line)
    covers = scenery.points.weigh(grown(boxes, pad + 1)) + between
    bearable = covers == 0 if centre else covers < (12 if shortest else 4)
    # A text stands nearer to its own sign than to others.
    others = ~meeting(grown(np.stack((x, y, x, y), axis=1), 3), scenery.marks)
    rivals = (meeting(grown(boxes, _NEAR), scenery.marks) & others).sum(axis=1)
    costs = (anchors * 0.15 + taste + covers + rivals) / (1 + caption.rank)
    usable = np.flatnonzero(bearable | (caption.must and shortest))
    best = usable[np.argsort(costs[usable], kind="stable")][:_ENOUGH]
    return _Options(
        forms=(nth,) * len(best),
        boxes=boxes[best],
        zones=grown(boxes[best], pad),
        aligns=tuple(tried[kept[k]][1][2] for k in best),
        costs=tuple(costs[best].tolist()),
        tiers=tuple(len(caption.forms) - nth if bearable[k] else 0 for k in best),
    )


def _options(caption: Caption, scenery: Scenery, width: Ruler) -> _Options:
    """Where a text may stand in any of its forms, the best places first."""
    each = [_form(caption, nth, scenery, width) for nth in range(len(caption.forms))]
    costs = [cost for some in each for cost in some.costs]
    order = sorted(range(len(costs)), key=costs.__getitem__)
    forms = [form for some in each for form in some.forms]
    aligns = [align for some in each for align in some.aligns]
    tiers = [tier for some in each for tier in some.tiers]
    return _Options(
        forms=tuple(forms[k] for k in order),
        boxes=np.concatenate([some.boxes for some in each])[order],
        zones=np.concatenate([some.zones for some in each])[order],
        aligns=tuple(aligns[k] for k in order),
        costs=tuple(costs[k] for k in order),
        tiers=tuple(tiers[k] for k in order),
    )


def _number(value: float) -> str:
    """A number as JavaScript writes it."""
    return repr(int(value)) if value == floor(value) else repr(value)


def _key(caption: Caption) -> bytes:
    """What texts of one rank are sorted by: their order in the scene must not matter."""
    said = ",".join(line.text for line in caption.forms[0])
    at = caption.anchors[0]
    return f"{said} {_number(at.x)} {_number(at.y)} {_number(caption.rank)}".encode("utf-16-be", "surrogatepass")


def _label(lines: tuple[TextLine, ...], box: Box, align: Align) -> Label:
    x = box[0] + 1 if align == "start" else box[2] - 1 if align == "end" else (box[0] + box[2]) / 2
    top, baselines = box[1], []
    for line in lines:
        baselines.append(top + line.height * _BASELINE)
        top += line.height
    return Label(lines, box, align, x, tuple(baselines))


def placed(captions: Sequence[Caption], scenery: Scenery, width: Ruler) -> list[Label]:
    """Place texts: those of the story all together, then the names of countries and waters where they leave room.

    Args:
        captions: each with one anchor or more.
        scenery: what they leave free.
        width: of a text, px, by its size and weight.
    """
    ordered = sorted(captions, key=_key)
    labels: list[Label] = []
    for names in (False, True):
        boxes = np.concatenate((scenery.boxes, stacked([label.box for label in labels])))
        free = Scenery(scenery.width, scenery.height, boxes, scenery.marks, scenery.points)
        some = [caption for caption in ordered if (caption.mode == "centre") == names]
        options = [_options(caption, free, width) for caption in some]
        items = [
            Item(each.costs, each.tiers, [caption.rank, caption.rank, *[caption.full] * (len(caption.forms) - 1)])
            for caption, each in zip(some, options, strict=True)
        ]
        zones = np.concatenate([stacked([]), *[each.zones for each in options]])
        chosen = solve(items, lambda option, zones=zones: meet(zones[option], zones))  # type: ignore[misc]  # a default
        for caption, each, k in zip(some, options, chosen, strict=True):
            if k is not None:
                left, top, right, bottom = each.boxes[k].tolist()
                labels.append(_label(caption.forms[each.forms[k]], (left, top, right, bottom), each.aligns[k]))
    return labels
