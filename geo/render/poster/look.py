"""Colours, dashes and hatches: one look for each style, the same on map, time bar and key, and the viewer's.

The figures are those of the design's tokens, sections 2 and 5, in the light scheme; ``assets/viewer/look.css`` and
``map.css`` have them too.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geo.render.poster.drawing import element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.render.poster.drawing import Value

BG: Final = "#ffffff"
HALO: Final = "#ffffff"
INK: Final = "#16202a"
INK2: Final = "#45525e"
INK3: Final = "#5c6873"
REC: Final = "#0b4f86"
INF: Final = "#964b00"
BAND: Final = "#d98a1f"
GAP: Final = "#55616c"
INT: Final = "#4a5763"
LAND: Final = "#f5f2eb"
SEA: Final = "#dfe9ef"
COAST: Final = "#a9b7c1"
BORDER: Final = "#b3aa9b"
LLAND: Final = "#6e6759"
LSEA: Final = "#456578"
RULE: Final = "#d3dae0"

#: How the line of each style is drawn. Intended alone has dots; what was not received has dashes.
LINES: Final[Mapping[str, Mapping[str, Value]]] = MappingProxyType(
    {
        "intended": {"stroke": INT, "stroke_width": 1.8, "stroke_dasharray": "0 5", "stroke_linecap": "round"},
        "received": {"stroke": REC, "stroke_width": 3.6, "stroke_linecap": "round"},
        "silent": {"stroke": GAP, "stroke_width": 1.8, "stroke_dasharray": "3 5"},
        "rejected": {"stroke": GAP, "stroke_width": 1.8, "stroke_dasharray": "3 5"},
        "partial": {"stroke": INF, "stroke_width": 1.8, "stroke_dasharray": "3 5"},
        "inferred": {"stroke": INF, "stroke_width": 2.6, "stroke_dasharray": "9 5"},
        "other": {"stroke": REC, "stroke_width": 1.6, "stroke_linecap": "round"},
        "traffic": {"stroke": INK3, "stroke_width": 0.7, "stroke_opacity": 0.5},
    }
)
#: What lies under the lines of some styles, so that they stand out of the ground.
CASINGS: Final[Mapping[str, Mapping[str, Value]]] = MappingProxyType(
    {
        "intended": {"stroke_width": 4.0, "stroke_opacity": 0.6},
        "received": {"stroke_width": 6.5},
        "other": {"stroke_width": 3.6, "stroke_opacity": 0.8},
    }
)
#: The hatch of each style that has one.
HATCHES: Final[Mapping[str, str]] = MappingProxyType({"silent": "silent", "rejected": "rejected", "partial": "partial"})
RING: Final[Mapping[str, Value]] = MappingProxyType({"stroke": INK, "stroke_width": 1.5, "stroke_dasharray": "4 3"})
REACH: Final[Mapping[str, Value]] = MappingProxyType(
    {"stroke": GAP, "stroke_width": 1.0, "stroke_opacity": 0.8, "stroke_dasharray": "1 4", "stroke_linecap": "round"}
)
#: The colours that name a state in words.
NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "received": REC,
        "inferred": INF,
        "partial": INF,
        "silent": GAP,
        "rejected": GAP,
        "intended": INT,
    }
)
_TILES: Final[Mapping[str, tuple[int, str, str, float]]] = MappingProxyType(
    {
        "silent": (6, "M0 0V6", GAP, 1.1),
        "partial": (6, "M0 0V6", INF, 1.1),
        "rejected": (5, "M0 0L5 5M5 0L0 5", GAP, 1.3),
    }
)


def hatch(style: str) -> str:
    """What a fill or a stroke says to be hatched."""
    return f"url(#fcp-{style})"


def patterns(styles: Iterable[str]) -> str:
    """The hatches that a drawing refers to, in its <defs>."""
    found = ""
    for style in sorted(set(styles)):
        size, d, stroke, wide = _TILES[style]
        tile = element(
            "path", d=d, stroke=stroke, stroke_width=wide, stroke_opacity=None if style == "rejected" else "0.75"
        )
        found += element(
            "pattern",
            tile,
            id=f"fcp-{style}",
            patternUnits="userSpaceOnUse",
            width=size,
            height=size,
            patternTransform=None if style == "rejected" else "rotate(45)",
        )
    return element("defs", found) if found else ""
