"""Which style a stretch is drawn in, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from geo.model import Evidence, PathBasis
from geo.route.route import PLACED

if TYPE_CHECKING:
    from geo.route import RouteStretch

Style = Literal["intended", "received", "silent", "rejected", "partial", "inferred"]

_DRAWN_AS_INFERRED: Final = frozenset({PathBasis.RECONSTRUCTED, PathBasis.SCHEMATIC})


@dataclass(frozen=True, slots=True)
class StyleWords:
    """What is said of a style, in English: under the clock, to a screen reader, above the bar, in the legend."""

    text: str
    spoken: str
    head: str
    legend: str
    short: str


STYLES: Final[dict[Style, StyleWords]] = {
    "intended": StyleWords("", "", "", "Intended route", "intended"),
    "received": StyleWords(
        "Position received", "position received", "Position received", "Position received", "received"
    ),
    "silent": StyleWords(
        "No position received",
        "no position received",
        "No position received",
        "No position received; path unknown",
        "no position",
    ),
    "rejected": StyleWords(
        "Position false", "position false", "Position false", "Signal received, position false", "position false"
    ),
    "partial": StyleWords(
        "Altitude and heading only",
        "altitude and heading received, no position",
        "Altitude and heading only, no position",
        "Altitude and heading, no position",
        "altitude, heading",
    ),
    "inferred": StyleWords(
        "Position inferred only",
        "position inferred, not received",
        "Position inferred, not received",
        "Position inferred, not received",
        "inferred",
    ),
}


def style_of(stretch: RouteStretch) -> Style:
    """The style of a stretch: its evidence, but ``inferred`` where a line is drawn without a received position."""
    match stretch.evidence:
        case Evidence.RECEIVED:
            return "received"
        case _ if stretch.basis in _DRAWN_AS_INFERRED:
            return "inferred"
        case Evidence.REJECTED:
            return "rejected"
        case Evidence.PARTIAL:
            return "partial"
        case Evidence.SILENT:
            return "silent"


def band_style(stretch: RouteStretch) -> Style:
    """The style of the band around a line: of doubt where the line claims a path, else of silence."""
    return "inferred" if stretch.basis in PLACED else "silent"


def head_of(stretch: RouteStretch) -> Style:
    """The style that names a stretch above the bar: what was received; a false position is none."""
    match stretch.evidence:
        case Evidence.RECEIVED:
            return "received"
        case Evidence.PARTIAL:
            return "partial"
        case Evidence.REJECTED | Evidence.SILENT:
            return "silent"
