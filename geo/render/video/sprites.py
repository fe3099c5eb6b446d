"""Small pictures laid over the still one: drawn once by resvg, then blended in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.render.poster.drawing import Type, writing
from geo.render.poster.raster import png
from geo.render.video.stage import drawing

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    Picture = NDArray[np.uint8]

__all__ = ["Figures", "Sprite", "layer", "picture", "sprite"]


def picture(svg: str) -> Picture:
    """A drawing without transparency as RGB, shape (height, width, 3)."""
    from PIL import Image

    with Image.open(io.BytesIO(png(svg))) as drawn:
        return np.asarray(drawn.convert("RGB"))


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture with transparency: ``light`` is its colours times its alpha, ``alpha`` of shape (height, width, 1)."""

    light: NDArray[np.uint16]
    alpha: NDArray[np.uint16]

    @classmethod
    def of(cls, image: Image) -> Sprite:
        """A picture with transparency, RGBA."""
        pixels = np.asarray(image).astype(np.uint16)
        return cls(pixels[:, :, :3] * pixels[:, :, 3:], pixels[:, :, 3:].copy())

    def part(self, left: int, top: int, width: int, height: int) -> tuple[Sprite, int, int]:
        """What of it lies in a rectangle of its own, and where that begins."""
        x, y = max(left, 0), max(top, 0)
        cut = (slice(y, max(top + height, 0)), slice(x, max(left + width, 0)))
        return Sprite(self.light[cut], self.alpha[cut]), x, y

    def onto(self, frame: Picture, x: float, y: float, share: float = 1.0) -> None:
        """Lay it over a picture, its upper left corner at x and y, as much of it as there is room for.

        ``share`` of 0 is nothing of it, 1 all.
        """
        left, top = round(x), round(y)
        height, width = self.alpha.shape[:2]
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + width, frame.shape[1]), min(top + height, frame.shape[0])
        if x0 >= x1 or y0 >= y1 or share <= 0:
            return
        cut = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        light, alpha = self.light[cut], self.alpha[cut]
        if share < 1:
            part = np.uint32(round(share * 256))
            light, alpha = (((each * part) >> np.uint32(8)).astype(np.uint16) for each in (light, alpha))
        under = frame[y0:y1, x0:x1]
        frame[y0:y1, x0:x1] = (light + under * (255 - alpha) + 127) // 255


def layer(content: str, width: float, height: float) -> Image:
    """SVG in a box from 0, 0 as a picture with transparency."""
    from PIL import Image

    with Image.open(io.BytesIO(png(drawing(content, round(width), round(height))))) as drawn:
        return drawn.convert("RGBA")


def sprite(content: str, width: float, height: float) -> Sprite:
    """SVG in a box from 0, 0 as a sprite."""
    return Sprite.of(layer(content, width, height))


_DIGITS: Final = "0123456789:"


@dataclass(frozen=True, slots=True)
class Figures:
    """Digits of one size, from which a running clock is put together; all are equally wide."""

    style: Type
    digits: dict[str, Sprite]

    @classmethod
    def of(cls, style: Type) -> Figures:
        """The digits of a type."""
        high = style.size * 1.2
        return cls(
            style,
            {each: sprite(writing(each, (2, style.size), style), style.width(each) + 4, high) for each in _DIGITS},
        )

    def onto(self, frame: Picture, text: str, x: float, baseline: float) -> None:
        """Write a time of day from its left end."""
        for each in text:
            self.digits[each].onto(frame, x - 2, baseline - self.style.size)
            x += self.style.width(each)
