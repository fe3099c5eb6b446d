"""Where what stands in the picture, px: three shapes that social channels ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

__all__ = ["FORMS", "Box", "Form"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height, px."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    def mirrored(self, width: float) -> Box:
        """The same rectangle in a picture of a width seen in a mirror."""
        return replace(self, x=width - self.right)


@dataclass(frozen=True, slots=True)
class Form:
    """A shape of picture: where head, map, clock, caption and time bar stand, and how large their texts are.

    ``card`` holds what the first and the last cards say. ``title`` is the size of the headline, ``lines`` how many it
    may have; ``digits`` the size of the clock; ``text`` the size of a caption, from which the lesser ones follow;
    ``map_scale`` is how much larger than in the viewer texts and signs of the map are, ``bar_scale`` those of the bar.
    """

    width: int
    height: int
    head: Box
    map: Box
    clock: Box
    caption: Box
    bar: Box
    card: Box
    title: float
    lines: int
    digits: float
    text: float
    map_scale: float
    bar_scale: float

    def mirrored(self) -> Form:
        """For a language written from the right; time runs to the right there, too."""
        boxes = {name: getattr(self, name).mirrored(self.width) for name in ("head", "map", "clock", "caption", "card")}
        return replace(self, **boxes)


#: Sides are even, as the codecs want them. The portrait one leaves free what the channels cover with their own signs.
FORMS: Final = {
    "landscape": Form(
        width=1920,
        height=1080,
        head=Box(1352, 52, 520, 190),
        map=Box(48, 48, 1264, 772),
        clock=Box(1352, 262, 520, 250),
        caption=Box(1352, 540, 520, 280),
        bar=Box(48, 846, 1824, 190),
        card=Box(160, 150, 1600, 780),
        title=34,
        lines=4,
        digits=84,
        text=34,
        map_scale=1.62,
        bar_scale=1.6,
    ),
    "square": Form(
        width=1080,
        height=1080,
        head=Box(36, 32, 1008, 84),
        map=Box(36, 126, 1008, 478),
        clock=Box(36, 622, 1008, 116),
        caption=Box(36, 752, 1008, 132),
        bar=Box(36, 896, 1008, 156),
        card=Box(80, 90, 920, 900),
        title=34,
        lines=2,
        digits=70,
        text=32,
        map_scale=1.5,
        bar_scale=1.32,
    ),
    "portrait": Form(
        width=1080,
        height=1920,
        head=Box(48, 210, 984, 150),
        map=Box(48, 378, 984, 690),
        clock=Box(48, 1090, 984, 130),
        caption=Box(48, 1242, 984, 172),
        bar=Box(48, 1424, 984, 156),
        card=Box(80, 300, 920, 1240),
        title=44,
        lines=3,
        digits=78,
        text=40,
        map_scale=1.62,
        bar_scale=1.32,
    ),
}
