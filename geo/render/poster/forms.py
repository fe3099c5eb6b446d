"""The forms of the poster: their sizes, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "PADDING", "PAGE_PADDING", "Form"]

#: Px that labels need around what the map shows: left, top, right, bottom (tokens, section 8); mirrored for languages
#: that are written from the right.
PADDING: Final = (196.0, 96.0, 150.0, 62.0)
PAGE_PADDING: Final = (166.0, 84.0, 118.0, 50.0)


@dataclass(frozen=True, slots=True)
class Form:
    """One form. Everything is measured in px of a sheet ``width`` by ``height``, drawn ``zoom`` times as large.

    ``column`` is how wide the text beside the map is, 0 where all is stacked; ``sizes`` are the steps of headline,
    standfirst and key, the largest that fit are taken.
    """

    width: float
    height: float
    zoom: float
    margin: float
    top: float
    column: float
    sizes: tuple[tuple[float, float, float], ...]


FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "landscape": Form(
            1200,
            630,
            1.0,
            30,
            26,
            372,
            (
                (40, 18, 14.5),
                (37, 17.5, 14),
                (34, 16.5, 14),
                (31, 16.5, 14),
                (30, 16, 13.5),
                (28, 15.5, 13),
                (26, 15, 13),
                (24, 14.5, 12.5),
                (22, 14, 12),
            ),
        ),
        "portrait": Form(
            800,
            1000,
            1.35,
            28,
            30,
            0,
            ((40, 18, 14), (36, 17.5, 13.5), (33, 17, 13.5), (30, 16.5, 13), (27, 16, 12.5), (24, 15, 12)),
        ),
    }
)
