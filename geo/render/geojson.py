"""The scene as GeoJSON (RFC 7946), with the evidence state and the path basis of every line.

Longitudes are cut at the antimeridian as section 3.1.9 asks, rings run as section 3.1.6 asks, and what has a time and
no place is a feature without geometry: nothing of the case is lost on the way. What is true of the whole stands in
members of the collection, as section 6.1 allows: the case, its notes, corrections, facts and sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.render.antimeridian import bounding_box, column, cut_line, cut_ring
from geo.render.features import extent, features, header

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["bounding_box", "column", "cut_line", "cut_ring", "geojson"]


def geojson(scene: Mapping[str, Any]) -> str:
    """Everything in the scene that has a place or a time, as one feature collection.

    Args:
        scene: what ``compose`` made.

    Returns:
        JSON text, the same for equal scenes; positions are lon, lat in WGS 84 degrees, rounded to 1e-6.
    """
    import orjson

    longitudes, latitudes = extent(scene)
    told = header(scene)
    collection = {
        "type": "FeatureCollection",
        "format": told.pop("format"),
        "bbox": bounding_box(longitudes, latitudes),
        "features": features(scene),
        **told,
    }
    return orjson.dumps(collection, option=orjson.OPT_INDENT_2).decode() + "\n"
