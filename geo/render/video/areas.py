"""Where the aircraft can have been at a moment without a position: the ring of its reach, as the viewer has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.render.poster.drawing import element, group
from geo.render.poster.lines import projected
from geo.render.poster.look import GAP, hatch
from geo.render.video.sprites import layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from PIL.Image import Image

    from geo.render.poster.chart import Chart
    from geo.render.video.forms import Box

    Picture = NDArray[np.uint8]

__all__ = ["Reaches"]

#: Px of the outline.
_OUTLINE: Final = 2
#: Corners that are equal.
_CORNER: Final = 2


@dataclass(frozen=True, slots=True)
class _Reach:
    start: float
    end: float
    at: tuple[float, ...]
    rings: tuple[NDArray[np.float64], ...]  # px of the picture, (n, 2) each, all as long

    def outline(self, time: float) -> NDArray[np.float64] | None:
        """The ring of a time, between those of the two moments around it, corner by corner."""
        if not self.rings or not self.start <= time <= self.end:
            return None
        after = min(int(np.searchsorted(self.at, time)), len(self.at) - 1)
        before = max(after - 1, 0)
        span = self.at[after] - self.at[before]
        share = min(max((time - self.at[before]) / span, 0.0), 1.0) if span > 0 else 0.0
        a, b = self.rings[before], self.rings[after]
        return a + (b - a) * share if len(a) == len(b) else a


@dataclass(frozen=True, slots=True)
class Reaches:
    """The reaches of a scene in px of the map's box in the picture, and what is laid on them.

    ``tile`` is how strong the hatch is, ``over`` the signs and texts of the map; both are as large as the map.
    """

    reaches: tuple[_Reach, ...]
    tile: Image
    over: Image
    box: Box

    @classmethod
    def of(cls, scene: Mapping[str, Any], drawn: Chart, box: Box, zoom: float) -> Reaches:
        """Those of a scene on a map that is drawn ``zoom`` times as large in a box of the picture."""
        found = []
        whole = drawn.view.scale * zoom
        for reach in scene["map"]["reaches"]:
            rings = [projected(drawn.view, frame["ring"]) * zoom for frame in reach["frames"]]
            for i in range(1, len(rings)):  # beside the one before, if it was written a turn away
                rings[i] = rings[i] - [round((rings[i][0, 0] - rings[i - 1][0, 0]) / whole) * whole, 0.0]
            times = tuple(float(frame["at"]) for frame in reach["frames"])
            found.append(_Reach(reach["from"], reach["to"], times, tuple(rings)))
        filled = element(
            "rect", width=box.width / zoom, height=box.height / zoom, fill=hatch("silent"), fill_opacity="0.55"
        )
        scaled = f"scale({zoom:g})"
        hatched = layer(group(filled, transform=scaled), box.width, box.height)
        over = layer(group(drawn.over, transform=scaled), box.width, box.height)
        return cls(tuple(found), hatched.getchannel("A"), over, box)

    def onto(self, frame: Picture, time: float) -> bool:
        """Draw the area of a time on a picture, below the signs and texts of the map; whether there is one."""
        found = (each.outline(time) for each in self.reaches)
        ring = next((each for each in found if each is not None and len(each) > _CORNER), None)
        if ring is None:
            return False
        from PIL import Image, ImageChops, ImageDraw

        x, y = round(self.box.x), round(self.box.y)
        width, height = self.tile.size
        corners = [(float(right), float(down)) for right, down in ring]
        mask = Image.new("L", self.tile.size, 0)
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        mask = ImageChops.multiply(mask, self.tile)
        # Drawn on four times as many px and made smaller, so that the outline has no steps.
        edge = Image.new("L", (2 * width, 2 * height), 0)
        twice = [(2 * right, 2 * down) for right, down in [*corners, corners[0]]]
        ImageDraw.Draw(edge).line(twice, fill=255, width=2 * _OUTLINE, joint="curve")
        mask = ImageChops.lighter(mask, edge.reduce(2))
        area = Image.fromarray(frame[y : y + height, x : x + width])
        area.paste(GAP, mask=mask)
        area.paste(self.over, mask=self.over)
        frame[y : y + height, x : x + width] = np.asarray(area)
        return True
