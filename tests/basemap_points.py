"""Points whose ground is known, and reading of what `basemap` gives, for its tests."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from geo.basemap import decode
from geo.basemap.clip import edges_of, inside_even_odd

#: Latitude, longitude; all far enough from a shore for the coarsest scale.
WATER = {
    "Caspian Sea": (42.0, 50.5),
    "north of the Caspian Sea": (45.5, 50.5),
    "Lake Baikal": (53.5, 108.2),
    "Lake Victoria": (-1.0, 33.0),
    "Lake Superior": (47.7, -88.0),
    "Lake Michigan": (43.5, -87.0),
    "Lake Huron": (44.5, -82.4),
    "Lake Ladoga": (60.8, 31.5),
    "Black Sea": (43.0, 35.0),
    "Baltic Sea": (56.2, 19.6),
    "Red Sea": (20.0, 38.5),
    "Tokyo, far off": (33.0, 145.0),
    "Ross Sea": (-75.0, -177.0),
    "North Pole": (89.9, 10.0),
}
LAND = {
    "Baku's hinterland": (40.3, 48.5),
    "Grozny": (43.3, 45.7),
    "Mangystau": (43.6, 52.5),
    "Moscow": (55.75, 37.6),
    "Crimea": (45.2, 34.2),
    "Chukotka": (66.5, -175.5),
    "Honshu": (36.3, 138.2),
    "South Pole": (-89.9, 0.0),
    "Brasilia": (-15.8, -47.9),
    "Nairobi": (-1.3, 36.8),
}


def flat_lines(view: dict[str, Any]) -> list[list[int]]:
    """Every flat ring and line of a view."""
    return [*chain(*view["land"], *view["lakes"]), *view["coast"], *view["borders"], *view["disputed"]]


def _inside(polygons: list[list[list[int]]], quantum: float, lat: float, lon: float) -> bool:
    point = np.array([[lon, lat]])
    rings = [[np.array(decode(flat, quantum)) for flat in polygon] for polygon in polygons]
    return any(bool(inside_even_odd(point, *edges_of(polygon))[0]) for polygon in rings)


def inside(view: dict[str, Any], lat: float, lon: float) -> bool:
    """Whether a point of a view is dry."""
    land, lakes = (_inside(view[layer], view["quantum"], lat, lon) for layer in ("land", "lakes"))
    return land and not lakes
