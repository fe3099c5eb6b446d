"""Signs and labels in few bytes, for the map that a page shows without script: what looks alike stands in one group."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.render.poster.drawing import Type, element, group, writing
from geo.render.poster.lines import projected
from geo.render.poster.look import BG, HALO, INK, RING, SEA
from geo.render.poster.marks import leader, outline, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.render.poster.drawing import Pen, Value
    from geo.render.poster.placing import Label, Sign
    from geo.render.poster.view import View

    Json = Mapping[str, Any]

__all__ = ["labels", "ports", "rings", "signs"]

_NUMBER: Final = 11.0
_PORT: Final = 4.0


def signs(scene: Json, placed: Sequence[Sign]) -> str:
    """The signs of the events, over their leaders; their names are in the page's table."""
    grades = {event["id"]: event["grade"] for event in scene["events"]}
    leaders = "".join(map(leader, placed))
    drawn = element("path", d=leaders, stroke=INK) if leaders else ""
    numbers = {True: "", False: ""}
    for grade in dict.fromkeys(grades[sign.event] for sign in placed):
        marks = ""
        for sign in placed:
            if grades[sign.event] != grade:
                continue
            x, y = round(sign.x), round(sign.y)
            marks += outline(grade, sign.r, (x, y))
            if sign.number:
                numbers[grade == "confirmed"] += writing(sign.number, (x, y + 4))
        look: dict[str, Value] = {"fill": BG, "stroke": INK, "stroke_width": 1.8}
        if grade == "confirmed":
            look = {"fill": INK, "stroke": HALO, "stroke_width": 1.2}
        drawn += group(marks, data_grade=grade, **look)
    written = group(numbers[True], fill=BG) + group(numbers[False], fill=INK)
    return drawn + group(written, font_size=_NUMBER, font_weight="700", text_anchor="middle")


def ports(scene: Json, view: View, placed: Sequence[Sign]) -> str:
    """Aerodromes and other places that no sign covers."""
    rings, dots = "", ""
    for place in scene["map"]["places"]:
        x, y = map(round, view.xy(place["at"]))
        if any(math.dist((x, y), (sign.x, sign.y)) < sign.r - _PORT for sign in placed):
            continue
        if place["kind"] == "airport":
            rings += element("circle", cx=x, cy=y, r=_PORT)
        dots += element("circle", cx=x, cy=y, r=2)
    return group(rings, fill=HALO, stroke=INK) + group(dots, fill=INK)


def rings(scene: Json, view: View, pen: Pen) -> str:
    """The rings of places that are known only as a distance: as circles where at this size they are."""
    drawn = ""
    for ring in scene["map"]["rings"]:
        way, (x, y) = projected(view, ring["ring"]), view.xy(ring["at"])
        away = np.hypot(way[:, 0] - x, way[:, 1] - y)
        if np.ptp(away) < 1:
            drawn += element("circle", cx=round(x), cy=round(y), r=round(float(away.mean())))
        else:
            drawn += element("path", d=pen.path(way, closed=True))
    return group(drawn, data_style="ring", fill=HALO, fill_opacity="0.55", **RING)


def labels(placed: Iterable[Label]) -> str:
    """The texts of the map, to a px."""
    alike: dict[tuple[Type, str], str] = {}
    for label in placed:
        for line, baseline in zip(label.lines, label.baselines, strict=True):
            kind = (type_of(line.kind, line.size, line.weight, line.spacing), label.align)
            text = writing(line.text, (round(label.x), round(baseline)), lang=line.language)
            alike[kind] = alike.get(kind, "") + text
    drawn = ""
    for (style, align), texts in sorted(alike.items(), key=lambda one: (one[0][0].size, one[0][0].fill, one[0][1])):
        halo = SEA if style.italic and style.spacing else None
        end = None if align == "start" else align
        drawn += group(texts, text_anchor=end, stroke=halo, **style.attributes)
    return drawn
