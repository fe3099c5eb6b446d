"""The map of the poster: what is drawn in its box, low to high, with scale and stamp."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from geo.render.markup import plain
from geo.render.poster import brief, lines
from geo.render.poster.drawing import Pen, Type, element, group, number, writing
from geo.render.poster.ground import ground
from geo.render.poster.look import HALO, INK, INK2
from geo.render.poster.marks import labels, ports, signs
from geo.render.poster.others import names, others
from geo.render.poster.placing import arrange
from geo.render.poster.text import width
from geo.render.poster.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.render.poster.placing import Arrangement

    Json = Mapping[str, Any]
    Box = tuple[float, float, float, float]

__all__ = ["Chart", "chart", "fitted"]

#: The longest scale bar, and the smallest writing within signs, px at the viewer's scale.
_ROOM: Final = 110.0
_SCALE: Final = 11.0
_STAMP: Final = 11.5
#: Px that labels keep away from furniture.
_CLEAR: Final = 3.0
_EDGE: Final = 13.0


@dataclass(frozen=True, slots=True)
class Chart:
    """A map from 0, 0: its ``view``, ``base`` under the labels, ``over`` with them, ``placed`` what stands on it.

    ``reached`` says whether it shows the reach.
    """

    view: View
    base: str
    over: str
    placed: Arrangement
    reached: bool

    @property
    def svg(self) -> str:
        """All of it."""
        return self.base + self.over


@dataclass(frozen=True, slots=True)
class _Furniture:
    svg: str
    texts: str
    boxes: tuple[Box, ...]


def _halo(content: str) -> str:
    return group(content, paint_order="stroke", stroke=HALO, stroke_width=3, stroke_linejoin="round")


def _furniture(scene: Json, view: View, scale: float, *, mirrored: bool, bare: bool) -> _Furniture:
    """The scale bar at the lower end and the stamp at the upper, of the side where reading ends."""
    drawn, texts, boxes = "", "", []
    style = Type(_SCALE * scale, INK)
    metres = view.metres(view.bounds[1])
    fitting = [step for step in scene["map"].get("scale_bar") or () if step["m"] / metres <= _ROOM * scale]
    if fitting:
        step = fitting[-1]
        long, wide = step["m"] / metres, style.width(step["text"])
        taken = max(long, wide)
        left = round(_EDGE if mirrored else view.width - _EDGE - taken)
        start, foot = left + (taken - long) / 2, view.height - 12.0
        bracket = f"M{number(start)} {number(foot - 5)}v5h{number(long)}v-5"
        if not bare:
            drawn += element("path", d=bracket, fill="none", stroke=HALO, stroke_width=4.5, stroke_opacity=0.8)
        drawn += element("path", d=bracket, fill="none", stroke=INK, stroke_width=1.5)
        text = (left + taken / 2, foot - 5)
        texts += writing(step["text"], text, style, anchor="middle")
        boxes.append((left - _CLEAR, foot - 8 - style.size, left + taken + _CLEAR, foot + _CLEAR))
    if scene["map"]["stamp"]:
        said = plain(scene["map"]["stamp"])
        style = Type(_STAMP * scale, INK2, 700)
        wide, baseline = style.width(said), 9 + style.size * 0.9
        left = round(_EDGE if mirrored else view.width - _EDGE - wide)
        texts += writing(said, (left, baseline), style)
        boxes.append((left - _CLEAR, 6.0, left + wide + _CLEAR, baseline + style.size * 0.3 + _CLEAR))
    return _Furniture(drawn, texts, tuple(boxes))


def fitted(scene: Json, size: tuple[float, float], padding: tuple[float, float, float, float]) -> View:
    """The view of a map, on whole px as the viewer's is, with its paddings mirrored as the language is."""
    start, above, end, below = padding
    sides = (end, above, start, below) if scene["direction"] == "rtl" else padding
    view = View.fitted(scene["map"]["fit"], size, sides)
    return replace(view, left=float(round(view.left)), top=float(round(view.top)))


def chart(
    scene: Json,
    size: tuple[float, float],
    padding: tuple[float, float, float, float],
    scale: float,
    *,
    compact: bool = False,
    reached: bool | None = None,
) -> Chart:
    """The map of a scene in a box.

    Args:
        scene: what ``compose`` made.
        size: width and height, px.
        padding: px left free around what is shown, for a language written from the left.
        scale: of writing and signs, 1 for the viewer's.
        compact: drawn in few bytes, exact to a px.
        reached: whether the reach is drawn; by default where it says something.
    """
    mirrored = scene["direction"] == "rtl"
    view = fitted(scene, size, padding)
    reached = lines.within_reach(scene, view) if reached is None else reached
    furniture = _furniture(scene, view, scale, mirrored=mirrored, bare=compact)
    placed = arrange(scene, view, furniture.boxes, width=width, text_scale=scale)
    fine = Pen(1.0, 1.0) if compact else Pen()
    base = (
        ground(view, Pen(2.0, 2.5) if compact else Pen(0.1, 0.3), plain=compact)
        + lines.runways(scene, view)
        + lines.areas(scene, view, fine, reached=reached)
        + others(scene, view, fine)
        + lines.routes(scene, view, fine, cased=not compact)
    )
    if compact:
        base += brief.rings(scene, view, fine) + brief.ports(scene, view, placed.signs)
        over, texts = brief.signs(scene, placed.signs), brief.labels(placed.labels)
    else:
        base += lines.rings(scene, view, fine) + ports(scene, view)
        over, texts = signs(scene, placed.signs, least=12.0), labels((*placed.numbers, *placed.labels))
    taken = [label.box for label in placed.labels]
    taken += [(sign.x - sign.body, sign.y - sign.body, sign.x + sign.body, sign.y + sign.body) for sign in placed.signs]
    dots, named = names(scene, view, scale, [*taken, *furniture.boxes])
    over += dots + furniture.svg + _halo(texts + named + furniture.texts)
    return Chart(view, base, over, placed, reached)
