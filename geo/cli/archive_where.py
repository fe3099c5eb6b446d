"""Places and areas as they are typed for a question of an archive."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.model import Place

    Point = tuple[float, float]

_PAIR: Final = re.compile(r"\s*([-+]?[\d.]+)\s*,\s*([-+]?[\d.]+)\s*")
#: No edge of a box goes further east at once: edges go the short way round.
_EDGE_DEG: Final = 90.0
_TURN: Final = 360.0


def number(word: str) -> float:
    """A distance in kilometres, as argparse wants it read.

    Raises:
        argparse.ArgumentTypeError: when it is none.
    """
    try:
        km = float(word)
    except ValueError:
        km = math.nan
    if not 0 < km < math.inf:
        raise argparse.ArgumentTypeError(f"{word!r} is no distance; write kilometres, as 50")
    return km


def box(word: str) -> list[Point]:
    """The corners, latitude first, of ``S,W,N,E``; over the antimeridian where the west is greater than the east.

    Raises:
        argparse.ArgumentTypeError: when it is none.
    """
    try:
        south, west, north, east = (float(part) for part in word.split(","))
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{word!r} is no box; write S,W,N,E in degrees, as 42,44,44.5,47") from wrong
    if not (-90 <= south < north <= 90 and abs(west) <= 180 and abs(east) <= 180):  # noqa: PLR2004  what there is
        raise argparse.ArgumentTypeError(
            f"{word!r} is no box; S,W,N,E are degrees, the south less than the north, none beyond 90 or 180"
        )
    width = (east - west) % _TURN
    if width == 0:
        raise argparse.ArgumentTypeError(f"{word!r} is no box; it is 0° or 360° wide: let it end just before it begins")
    parts = math.ceil(width / _EDGE_DEG)
    lons = [west + width * part / parts for part in range(parts + 1)]
    lons = [lon - _TURN if lon > _TURN / 2 else lon for lon in lons]
    return [*((south, lon) for lon in lons), *((north, lon) for lon in reversed(lons))]


def area_of(file: str) -> dict[str, Any]:
    """All polygons of a file of GeoJSON as one.

    Raises:
        ArchiveError: when it is none, or holds no polygon.
        OSError: when it cannot be read.
    """
    try:
        held = json.loads(Path(file).read_bytes())
        polygons = list(_polygons(held))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise ArchiveError(f"{file}: it is no GeoJSON: {wrong}") from wrong
    if not polygons:
        raise ArchiveError(f"{file}: it holds no Polygon and no MultiPolygon; save the area as one of them")
    return {"type": "MultiPolygon", "coordinates": polygons}


def _polygons(shape: Any) -> Iterator[Any]:  # noqa: ANN401  a value of JSON
    match shape["type"]:
        case "FeatureCollection":
            for feature in shape["features"]:
                yield from _polygons(feature)
        case "GeometryCollection":
            for geometry in shape["geometries"]:
                yield from _polygons(geometry)
        case "Feature":
            if shape["geometry"] is not None:
                yield from _polygons(shape["geometry"])
        case "Polygon":
            yield shape["coordinates"]
        case "MultiPolygon":
            yield from shape["coordinates"]


def point(word: str) -> Place | Point:
    """A place by its name or code, or latitude and longitude.

    Raises:
        PlaceError: when there is no such place, or several.
    """
    pair = _PAIR.fullmatch(word)
    if pair:
        return float(pair[1]), float(pair[2])
    from geo.gazetteer import open_gazetteer  # only who names a place needs it

    return open_gazetteer().find(word)


def aerodrome(word: str) -> Place:
    """The aerodrome of a name or code; that of a city that has one.

    Raises:
        PlaceError: when there is no such place, or several.
        ArchiveError: when a city has several aerodromes; it names them.
    """
    from geo.gazetteer import open_gazetteer  # only who names a place needs it

    gazetteer = open_gazetteer()
    place = gazetteer.find(word)
    if place.kind != "city":
        return place
    behind = takewhile(lambda match: match.kind == "airport", gazetteer.search(word)[1:])
    of_city = [match for match in behind if match.place.icao]
    if len(of_city) > 1:
        choices = "\n".join(f"  {match.place.icao}  {match.name}" for match in of_city)
        raise ArchiveError(f"{word} has {len(of_city)} aerodromes; say which:\n{choices}")
    if not of_city:
        print(f"{word}: no aerodrome is known there; flights within 10 km of the city are taken", file=sys.stderr)
        return place
    print(f"{word}: taken for {of_city[0].place.icao}, {of_city[0].name}", file=sys.stderr)
    return of_city[0].place
