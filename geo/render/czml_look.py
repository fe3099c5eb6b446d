"""How CZML draws what a scene holds: the colours, widths and dashes of the map, in the words of Cesium.

Colours are those of the light map (tokens §2), red, green, blue and opacity. A dash is a pattern of 16 bits over a
length in pixels. Everything lies on the ground, since a scene knows no heights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.render.antimeridian import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    Packet = dict[str, Any]

_RECEIVED: Final = (11, 79, 134)
_INFERRED: Final = (150, 75, 0)
_GAP: Final = (85, 97, 108)
_INTENDED: Final = (74, 87, 99)
_INK: Final = (22, 32, 42)
_BAND: Final = (217, 138, 31)
_HALO: Final = (255, 255, 255)
_CLEAR: Final = 70
_FAINT: Final = 66
#: As on the map, and somewhat wider, since Cesium has no round dots and its ground is no plain colour: colour, width in
#: pixels, and of dashes their length in pixels and the bits of it that are drawn; a solid line has none.
_LINES: Final[dict[str, tuple[tuple[int, int, int], float, tuple[int, int] | None]]] = {
    "received": (_RECEIVED, 3.6, None),
    "inferred": (_INFERRED, 3.0, (20, 0b1111111111100000)),
    "silent": (_GAP, 2.6, (12, 0b1111111100000000)),
    "rejected": (_GAP, 2.6, (12, 0b1111111100000000)),
    "partial": (_INFERRED, 2.6, (12, 0b1111111100000000)),
    "intended": (_INTENDED, 2.2, (8, 0b1111000000000000)),
    "ring": (_INK, 1.5, (7, 0b1111111110000000)),
    "other": (_INK, 1.8, None),
    "traffic": (_INTENDED, 1.0, None),
}
_FILLS: Final = {"inferred": (*_BAND, _FAINT), "ring": (*_HALO, 140), "reach": (*_GAP, 30), "moment": (*_GAP, 100)}


def _colour(rgb: tuple[int, ...], opacity: int = 255) -> Packet:
    return {"rgba": [*rgb[:3], rgb[3] if len(rgb) > len(_INK) else opacity]}


def degrees(points: Iterable[tuple[float, float]]) -> list[float]:
    """Longitude, latitude in degrees and a height of 0 m for each; Cesium joins them around the Earth the short way."""
    return [value for lon, lat in points for value in (round(wrap(lon), 6), round(lat, 6), 0)]


def polyline(style: str, points: Iterable[tuple[float, float]]) -> Packet:
    """A line on the ground in its style, straight in Earth's geometry between its points."""
    rgb, width, dash = _LINES.get(style, _LINES["silent"])
    if dash is None:
        outlined = {"color": _colour(rgb), "outlineColor": _colour(_HALO, 150), "outlineWidth": 1.5}
        material: Packet = {"polylineOutline": outlined}
    else:
        length, pattern = dash
        gaps = {"gapColor": _colour(_HALO, _CLEAR), "dashLength": length, "dashPattern": pattern}
        material = {"polylineDash": {"color": _colour(rgb), **gaps}}
    return {
        "positions": {"cartographicDegrees": degrees(points)},
        "width": width,
        "material": material,
        "arcType": "GEODESIC",
        "clampToGround": True,
    }


def polygon(style: str, positions: Any) -> Packet:  # noqa: ANN401  positions, or some for each time
    """An area on the ground in its style, without an edge: Cesium draws none there."""
    colour = _colour(_FILLS.get(style, _FILLS["reach"]))
    return {"positions": positions, "material": {"solidColor": {"color": colour}}, "arcType": "GEODESIC"}


def point(style: str, size: float = 7) -> Packet:
    """A dot of this many pixels in the colour of a style."""
    rgb = _LINES[style][0]
    edge = {"outlineColor": _colour(_HALO), "outlineWidth": 1.5}
    return {"pixelSize": size, "color": _colour(rgb), **edge, "heightReference": "CLAMP_TO_GROUND"}


def label(text: str, *, style: str = "ring", beside: bool = True) -> Packet:
    """Text beside a point, or in its place, in the colour of a style."""
    return {
        "text": text,
        "font": "600 13px sans-serif",
        "style": "FILL_AND_OUTLINE",
        "fillColor": _colour(_LINES[style][0]),
        "outlineColor": _colour(_HALO),
        "outlineWidth": 4,
        "horizontalOrigin": "LEFT" if beside else "CENTER",
        "verticalOrigin": "CENTER",
        "pixelOffset": {"cartesian2": [10, 0] if beside else [0, 0]},
        "heightReference": "CLAMP_TO_GROUND",
        "disableDepthTestDistance": 2_000_000,
    }
