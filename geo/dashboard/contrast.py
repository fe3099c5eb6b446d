"""How far the colours of the viewer stand apart, by the formula of WCAG 2."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from geo.resources import asset_text

#: What text needs.
LEAST: Final = 4.5
_TOKEN: Final = re.compile(r"--(\w+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
# Which text stands on what: on the page and a chosen row, and on the map, where each letter has its halo around it.
_PAGE: Final = ("bg", "selbg")
_MAP: Final = ("halo", "land", "sea")
_PAIRS: Final = {
    "ink": (*_PAGE, *_MAP),
    "ink2": (*_PAGE, *_MAP),
    "ink3": _PAGE,
    "link": _PAGE,
    "rec": ("bg", *_MAP),
    "inf": ("bg", *_MAP),
    "gap": ("bg", *_MAP),
    "int": _MAP,
    "lland": ("halo", "land"),
    "lsea": ("sea",),
    "bg": ("ink",),
}


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (_linear(part) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """A part of an sRGB colour as light."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  as WCAG has it


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(style: str) -> dict[str, float]:
    """The contrast of each text and what it stands on, in both schemes: ``ink on bg, light``.

    Args:
        style: a style sheet with tokens such as ``--ink: light-dark(#16202a, #eef2f5)``.

    Raises:
        KeyError: when it lacks a token.
    """
    tokens = {name: (light, dark) for name, light, dark in _TOKEN.findall(style)}
    return {
        f"{text} on {ground}, {scheme}": contrast(tokens[text][index], tokens[ground][index])
        for text, grounds in _PAIRS.items()
        for ground in grounds
        for index, scheme in enumerate(("light", "dark"))
    }


@cache
def viewer_pairs() -> dict[str, float]:
    """``pairs`` of the viewer as it is shipped."""
    return pairs(asset_text("viewer", "look.css"))
