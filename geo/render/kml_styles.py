"""How KML looks: the colours and widths of the map (tokens §2 and §5) as styles of a document.

KML knows no dashes. What is dashed on the map has two styles: its own, in which the dashes are drawn as geometry, and
one that ends in ``-way``, in which the line itself is there for programs and not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Opacity, blue, green, red, as KML writes colours; width in pixels.
LINES: Final = {
    "received": ("ff864f0b", 3.6),
    "inferred": ("ff004b96", 2.6),
    "silent": ("ff6c6155", 1.8),
    "rejected": ("ff6c6155", 1.8),
    "partial": ("ff004b96", 1.8),
    "intended": ("ff63574a", 1.8),
    "other": ("ff2a2016", 1.8),
    "traffic": ("8073685c", 1.0),
    "runway": ("ff2a2016", 3.0),
}
#: Lengths of dashes and gaps, in pixels of a map 500 pixels wide.
DASHES: Final = {
    "inferred": (6.0, 3.3),
    "silent": (3.0, 3.5),
    "rejected": (3.0, 3.5),
    "partial": (3.0, 3.5),
    "intended": (1.2, 3.3),
}
#: Edge with its width, and fill. An edge would be drawn along the antimeridian too, where an area is cut.
_AREAS: Final = {
    "band-inferred": ("", 0.0, "421f8ad9"),
    "band-silent": ("", 0.0, "336c6155"),
    "reach": ("", 0.0, "246c6155"),
    "moment": ("", 0.0, "426c6155"),
    "ring": ("ff2a2016", 1.5, "40ffffff"),
}
_GRADES: Final = ("confirmed", "stated", "disputed", "inferred")
#: Styles whose aircraft moves, and by which picture.
_AIRCRAFT: Final = {"received": "aircraft-received", "inferred": "aircraft-inferred"}
_INK: Final = "ff2a2016"


#: What the ids of styles begin with, so that none is that of a placemark.
ID: Final = "style."


def styles(icons: str) -> Iterator[str]:
    """The styles of a document.

    Args:
        icons: the folder of the pictures beside the document, with its slash; "" where it carries none.
    """
    for name, (colour, width) in LINES.items():
        line = f"<LineStyle><color>{colour}</color><width>{width}</width></LineStyle>"
        moving = _icon(_AIRCRAFT.get(name, ""), icons, 0.6, colour)
        yield _style(name, moving + _label(0.0 if name == "traffic" else 0.7) + line)
        if name in DASHES:
            hidden = "<LineStyle><color>00ffffff</color><width>0</width></LineStyle>"
            yield _style(f"{name}-way", moving + _label(0.7) + hidden)
    for name, (edge, width, fill) in _AREAS.items():
        outlined = f"<LineStyle><color>{edge}</color><width>{width}</width></LineStyle>" if edge else ""
        outline = "1" if edge else "0"
        yield _style(name, f"{outlined}<PolyStyle><color>{fill}</color><outline>{outline}</outline></PolyStyle>")
    for grade in _GRADES:
        yield _style(f"event-{grade}", _icon(f"event-{grade}", icons, 0.5, _INK) + _label(0.8))
    yield _style("cross", _icon("cross", icons, 0.5, LINES["rejected"][0]) + _label(0.0))
    yield _style("place", _icon("place", icons, 0.4, _INK) + _label(0.8))
    yield _style("place-quiet", _icon("place", icons, 0.4, _INK) + _label(0.0))


def _style(name: str, inner: str) -> str:
    return f'<Style id="{ID}{name}">{inner}</Style>\n'


def _icon(name: str, folder: str, scale: float, colour: str) -> str:
    """A picture of ours, which has its colours; without one, the program's own in the colour, so nothing is fetched."""
    if folder and name:
        return f"<IconStyle><scale>{scale}</scale><Icon><href>{folder}{name}.png</href></Icon></IconStyle>"
    return f"<IconStyle><color>{colour}</color><scale>{scale}</scale></IconStyle>"


def _label(scale: float) -> str:
    return f"<LabelStyle><scale>{scale}</scale></LabelStyle>"
