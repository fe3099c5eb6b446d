"""Signs of the map and the time bar: grades, aerodromes, leaders, labels; as ``assets/viewer/shapes.js`` draws them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from geo.render.markup import plain
from geo.render.poster.drawing import Type, clean, element, group, number, writing
from geo.render.poster.look import BG, HALO, INK, INK2, INT, LLAND, LSEA, NAMED, SEA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.render.poster.drawing import Value
    from geo.render.poster.placing import Label, Sign
    from geo.render.poster.view import View

    Json = Mapping[str, Any]

__all__ = ["body", "grade_mark", "labels", "leader", "outline", "ports", "signs", "type_of"]

#: Half the diagonal of a diamond and the side of a square, in radii.
_DIAMOND: Final = 1.3
_SQUARE: Final = 1.86
#: From this radius on, the edges of a diamond are as heavy as on the map.
_LARGE: Final = 8.0
_KNOWN: Final = frozenset(("confirmed", "stated", "disputed"))


def body(grade: str, r: float) -> float:
    """Half the side of the box around a sign."""
    return r * (_DIAMOND if grade == "disputed" else 1.0)


def outline(grade: str, r: float, at: tuple[float, float] = (0.0, 0.0), **look: Value) -> str:
    """The outline of a grade: circle, square, diamond or dashed circle."""
    x, y = at
    if grade == "stated":
        side = _SQUARE * r
        return element("rect", x=x - side / 2, y=y - side / 2, width=side, height=side, rx=2, **look)
    if grade == "disputed":
        d = number(_DIAMOND * r)
        return element("path", d=f"M{number(x)} {number(y - _DIAMOND * r)}l{d} {d}-{d} {d}-{d}-{d}z", **look)
    dashes = None if grade in _KNOWN else f"{number(0.42 * r)} {number(0.3 * r)}"
    return element("circle", cx=x or None, cy=y or None, r=r, stroke_dasharray=dashes, **look)


def grade_mark(grade: str, r: float, text: str | None = None, least: float = 8.5) -> str:
    """The sign of a grade around 0, 0: its shape says the grade, without colour.

    Args:
        grade: of the event.
        r: px.
        text: number or letter in it.
        least: px of the smallest writing.
    """
    full = grade == "confirmed"
    look: dict[str, Value] = {"fill": INK, "stroke": HALO, "stroke_width": 1.2}
    if not full:
        look = {"fill": BG, "stroke": INK, "stroke_width": 1.8}
    drawn = outline(grade, r, (0.0, 0.0), **look)
    if grade == "disputed":
        d, heavy = number(_DIAMOND * r), 2.4 if r < _LARGE else 3.4
        drawn += element("path", d=f"M-{d} 0L0-{d}M{d} 0L0 {d}", fill="none", stroke=INK, stroke_width=heavy)
    if text:
        size = max(r * (0.94 if len(text) > 1 else 1.05), least)
        style = Type(size, BG if full else INK, 700)
        drawn += writing(text, (0, size * 0.355), style, anchor="middle")
    return drawn


def ports(scene: Json, view: View) -> str:
    """Aerodromes as a ring with a dot, other places as a dot."""
    drawn = ""
    for place in scene["map"]["places"]:
        x, y = view.xy(place["at"])
        if place["kind"] == "airport":
            drawn += element("circle", cx=x, cy=y, r=4.2, fill=HALO, stroke=INK, stroke_width=1.6)
        drawn += element("circle", cx=x, cy=y, r=1.5 if place["kind"] == "airport" else 2.6)
    return group(drawn, fill=INK)


def leader(sign: Sign) -> str:
    """Path data of the line from its place to a sign that stands beside it."""
    way = sign.leader
    if way is None or math.dist(way[:2], way[2:]) < 0.5:  # noqa: PLR2004  px that nobody sees
        return ""
    return "M{} {}L{} {}".format(*map(number, way))


def signs(scene: Json, placed: Iterable[Sign], *, least: float = 8.5) -> str:
    """The signs of the events, each named, over all leaders."""
    events = {event["id"]: event for event in scene["events"]}
    placed = tuple(placed)
    leaders = "".join(map(leader, placed))
    drawn = element("path", d=leaders, fill="none", stroke=INK) if leaders else ""
    for sign in placed:
        event = events[sign.event]
        drawn += group(
            element("title", clean(plain(event["name"]))) + grade_mark(event["grade"], sign.r, event["number"], least),
            transform=f"translate({number(sign.x)} {number(sign.y)})",
            data_event=event["id"],
            data_grade=event["grade"],
        )
    return drawn


def type_of(kind: str, size: float, weight: int, spacing: float) -> Type:
    """How a label of a kind is set; the kinds are the classes of the viewer's."""
    names = kind.split()
    if "fc-country" in names:
        return Type(size, LLAND, weight, spacing=spacing)
    if "fc-water" in names:
        return Type(size, LSEA, weight, italic=True, spacing=spacing)
    if "fc-t-intended" in names:
        return Type(size, INT, weight, italic=True)
    named = next((NAMED[name[5:]] for name in names if name.startswith("fc-t-") and name[5:] in NAMED), None)
    return Type(size, named or (INK2 if "fc-second" in names else INK), weight)


def labels(placed: Iterable[Label]) -> str:
    """The texts of the map where they were placed; the group around them gives them their halo."""
    drawn = ""
    for label in placed:
        for line, baseline in zip(label.lines, label.baselines, strict=True):
            style = type_of(line.kind, line.size, line.weight, line.spacing)
            halo = SEA if "fc-water" in line.kind else None
            at = (label.x, baseline)
            drawn += writing(line.text, at, style, anchor=label.align, lang=line.language, stroke=halo)
    return drawn
