"""Altitude over time: received series, single published values, and where there are none."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.render.markup import plain
from geo.render.poster.drawing import Pen, Type, element, group, number, writing
from geo.render.poster.look import BG, GAP, INK, INK2, INK3, REC, RULE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Json = Mapping[str, Any]
    Box = tuple[float, float, float, float]

__all__ = ["PROFILE", "profile"]

#: Px that it takes over the signs of the events; those of its axis from the greatest value down to zero.
PROFILE: Final = 56.0
_HIGH: Final = 40.0
_VALUE: Final = Type(12, INK)
_QUIET: Final = Type(12, INK3)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _column(packed: Json) -> np.ndarray[Any, np.dtype[np.float64]]:
    values: np.ndarray[Any, np.dtype[np.float64]] = np.cumsum(packed["deltas"]) * packed["quantum"]
    return values


def _dots(spots: Sequence[tuple[Json, float, float]], foot: float) -> str:
    drawn = ""
    for dot, x, y in spots:
        drawn += element("path", d=f"M{number(x)} {number(y)}V{number(foot)}", stroke=INK2)
        if dot["false"]:
            d = f"M{number(x - 3)} {number(y - 3)}l6 6m0-6l-6 6"
            drawn += element("path", d=d, stroke=GAP, stroke_width=1.9)
        elif dot["filled"]:
            drawn += element("circle", cx=x, cy=y, r=3.6, fill=INK)
        else:
            drawn += element("circle", cx=x, cy=y, r=3.2, fill=BG, stroke=INK, stroke_width=1.4)
    return drawn


def _texts(dot: Json, *, first: bool) -> list[str]:
    """What may be written beside a value: the first names the unit, later ones keep their words and do without it."""
    full, short = plain(dot["text"]), plain(dot["short"])
    lean = short if not first and len(full) - len(short) < 5 else full  # noqa: PLR2004  a unit, no word
    return [lean, short] if dot["filled"] else [full]


def profile(known: Json, x: Callable[[float], float], ends: tuple[float, float], top: float) -> str:
    """The altitude where it is known, over the axis of the time bar.

    Args:
        known: the scene's ``profile``.
        x: px of a time.
        ends: px of the axis.
        top: y of the greatest value.
    """
    (left, right), foot, top_value = ends, top + _HIGH, float(known["top"])

    def y(value: float) -> float:
        return foot - _HIGH * min(value, top_value) / top_value

    drawn = element("path", d=f"M{number(left)} {number(foot)}H{number(right)}", stroke=RULE)
    pen, series = Pen(tolerance=0.4), ""
    taken: list[Box] = []
    for run in known["series"]:
        times, values = _column(run["time"]), _column(run["value"])
        way = [(x(at), y(value)) for at, value in zip(times.tolist(), values.tolist(), strict=True)]
        series += pen.path(way)
        taken += [(a - 1, min(b, d) - 2, c + 1, max(b, d) + 2) for (a, b), (c, d) in pairwise(way)]
    if series:
        drawn += element("path", d=f"M{number(left)} {number(top)}H{number(right)}", stroke=RULE)
        drawn += element("path", d=series, fill="none", stroke=REC, stroke_width=1.4, stroke_linejoin="round")
    spots = [(dot, x(dot["at"]), y(dot["value"])) for dot in known["dots"]]
    drawn += _dots(spots, foot)
    lines = tuple(taken)
    taken = [(at - 3, high - 3, at + 3, foot) for _, at, high in spots]
    written = ""

    def write(text: str, style: Type, boxes: Sequence[Box]) -> bool:
        nonlocal written
        for box in boxes:
            inside = box[0] > left and box[2] < right + 60 and box[1] > top - 9 and box[3] < foot + 6
            if inside and not any(_meet(box, other) for other in taken):
                taken.append(box)
                written += writing(text, (box[0], box[3] - 2.5), style)
                return True
        return False

    for i, (dot, at, high) in enumerate(spots):
        any(write(text, _VALUE, _around(_VALUE.width(text), at, high)) for text in _texts(dot, first=not i))
    taken += lines
    if series:
        long = _QUIET.width(known["top_text"])
        starts = [right - by - long - 4 for by in range(0, round(max(1.0, right - left - long)), 30)]
        write(known["top_text"], _QUIET, [(start, top - 6.5, start + long, top + 6.5) for start in starts])
    wide = _QUIET.width(known["caption"])
    spread = range(5, max(6, round(right - left - wide)), 12)
    spots_free = [(left + at, top + by, left + at + wide, top + by + 13) for at in spread for by in (22, 0, 11)]
    write(known["caption"], _QUIET, spots_free)
    if missing := known.get("missing"):
        end = x(missing["to"]) - 3
        write(missing["text"], _QUIET, [(end - _QUIET.width(missing["text"]), top + 18, end, top + 31)])
    return drawn + group(written, paint_order="stroke", stroke=BG, stroke_width=3, stroke_linejoin="round")


def _around(wide: float, x: float, y: float) -> list[Box]:
    """Where a value may stand beside its dot: after it, before it, over it, under it."""

    def box(left: float, middle: float) -> Box:
        return left, middle - 6.5, left + wide, middle + 6.5

    sides = [box(x + 7, y), box(x + 7, y - 5), box(x + 7, y + 3), box(x - 7 - wide, y)]
    return [*sides, box(x - wide / 2, y - 12), box(x - wide / 2 + 4, y + 13)]
