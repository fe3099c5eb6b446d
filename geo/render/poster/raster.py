"""A drawing as PNG: by resvg, with the fonts that ship with the tool."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from geo.errors import RenderError
from geo.render.poster.text import absent, fonts

__all__ = ["png"]

_TEXT: Final = re.compile(r"<text\b.*?</text>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


def foreign(svg: str) -> str:
    """The characters of a drawing's texts that our fonts lack."""
    return absent(unescape("".join(_TAG.sub("", each) for each in _TEXT.findall(svg))))


def png(svg: str, width: int | None = None) -> bytes:
    """The drawing as PNG, the same bytes on every machine.

    Fonts of the machine are asked only for characters that ours lack (Chinese, Georgian, Hebrew ...); what no font has
    is drawn as an empty box, never left out.

    Args:
        svg: text of the drawing.
        width: px of the picture; the drawing's own where it is left out. The height follows.

    Raises:
        RenderError: when it is no SVG that can be drawn.
    """
    import resvg_py  # what draws is not loaded by those who do not

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                width=width,
                # Signs are drawn many times for a film: what has no text asks for no fonts.
                font_files=fonts() if "<text" in svg else None,
                skip_system_fonts=not foreign(svg),
                font_family="Flightcase Sans",
                sans_serif_family="Flightcase Sans",
            )
        )
    except ValueError as wrong:
        raise RenderError(f"the drawing is no SVG that resvg can draw: {wrong}") from wrong
