"""Other aircraft: thin lines, and beside the end of each line of the story its name; as ``assets/viewer/others.js``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.render.markup import plain
from geo.render.poster.drawing import Type, element, group, writing
from geo.render.poster.lines import projected
from geo.render.poster.look import CASINGS, HALO, INK2, LINES, REC

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.render.poster.drawing import Pen
    from geo.render.poster.view import View

    Json = Mapping[str, Any]
    Box = tuple[float, float, float, float]

__all__ = ["names", "others"]

_SIZE: Final = 11.0


def _aircraft(scene: Json) -> Sequence[Json]:
    found: Sequence[Json] = (scene["map"].get("others") or {"aircraft": ()})["aircraft"]
    return found


def others(scene: Json, view: View, pen: Pen) -> str:
    """The lines of other aircraft, those that are only context lowest."""
    drawn = ""
    for style in ("traffic", "other"):
        ways = [path for each in _aircraft(scene) if each["style"] == style for path in each["paths"]]
        if d := pen.paths(projected(view, path) for path in ways):
            cased = element("path", d=d, stroke=HALO, **CASINGS[style]) if style in CASINGS else ""
            drawn += group(cased + element("path", d=d, **LINES[style]), data_style=style)
    return group(drawn, fill="none", stroke_linejoin="round")


def names(scene: Json, view: View, scale: float, taken: Iterable[Box]) -> tuple[str, str]:
    """Where the lines of the story's other aircraft end, and their names where they cover nothing.

    Args:
        scene: what ``compose`` made.
        view: the map's.
        scale: of writing.
        taken: boxes of all that stands on the map.

    Returns:
        Dots and texts, as SVG.
    """
    boxes, style, dots, texts = list(taken), Type(_SIZE * scale, INK2), "", ""
    for each in _aircraft(scene):
        if each["style"] != "other" or not each["paths"]:
            continue
        x, y = projected(view, each["paths"][-1])[-1].tolist()
        if not (0 < x < view.width and 0 < y < view.height):
            continue
        dots += element("circle", cx=x, cy=y, r=2.6)
        name = plain(each["name"])
        wide, high = style.width(name), style.size
        for left, foot in ((x + 8, y + high / 3), (x - 8 - wide, y + high / 3), (x - wide / 2, y + high + 6)):
            box = (left - 2, foot - high, left + wide + 2, foot + high / 4)
            inside = box[0] > 0 and box[1] > 0 and box[2] < view.width and box[3] < view.height
            if inside and not any(_meet(box, other) for other in boxes):
                boxes.append(box)
                texts += writing(name, (left, foot), style)
                break
    return group(dots, fill=REC, stroke=HALO, stroke_width=0.8), texts


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
