"""Tracks in GeoJSON (RFC 7946): lines with a time for each position, or points with a time each.

A collection, a feature, a bare geometry, a list of features, or one feature a line (RFC 8142, newline-delimited).
Longitude and latitude in WGS 84; a file that names another reference system is refused. The third coordinate is
metres above the ellipsoid (RFC 7946, 3.1.1), unless it is 0 throughout, which stands for none, or the properties hold a
geometric altitude; many programs write height above the sea there, which differs by up to 110 m.

What is a row:

* Where lines have times, each position of such a line. Times are ``coordTimes`` or ``coordinateProperties.times``
  (togeojson), ``times``, ``datetimes`` (OGC 19-045r3, of ``temporalGeometry`` too), or the fourth coordinate (trips of
  kepler.gl). A line with another number of times than positions is unreadable, position by position.
* Else, where points have times, each point and each feature without geometry (a fix without position); of the lines
  between two points that MovingPandas writes (``t``, ``prev_t``) the end, and the start of the first of a trajectory.
  Their properties are named as the columns of a plain table (``time``, ``altitude_ft``, ``reason``, …; ``t``); one that
  lacks its unit is not used.

Points beside lines with times (airports, waypoints), lines beside points with times (the same drawn again) and all
other geometries are no rows; a note counts them. So are features of ours that are only drawn. Rows count from 1 in
the order of the file; messages name the feature, too, from 1. A feature that is no JSON is one row, unreadable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from geo.errors import TrackUnreadable
from geo.tracks.objects.geojson_rows import Found
from geo.tracks.objects.json_series import series
from geo.tracks.objects.parsed import loads, small
from geo.tracks.text import as_utf8, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.tracks.rows import Rows

NAME: Final = "geojson"
TITLE: Final = "GeoJSON"

_GEOMETRIES: Final = b"Point|MultiPoint|LineString|MultiLineString|Polygon|MultiPolygon|GeometryCollection"
_GEOMETRY: Final = re.compile(rb'\{\s*"type"\s*:\s*"(' + _GEOMETRIES + rb')"')
_FEATURES: Final = re.compile(rb'"type"\s*:\s*"Feature(Collection)?"')
_COLLECTION: Final = re.compile(rb'"type"\s*:\s*"FeatureCollection"')
_ARRAY: Final = re.compile(rb'"features"\s*:\s*\[')
#: Where a feature begins, and no geometry inside one.
_BEGINS: Final = re.compile(
    r'\{\s{0,9}("id"\s{0,9}:\s{0,9}("[^"]{0,80}"|\d{1,20})\s{0,9},\s{0,9})?"type"\s{0,9}:\s{0,9}"Feature"'
)
#: Before and between the records of a sequence (RFC 8142, 2).
_BLANK: Final = b" \t\r\n\x1e"
#: Longitude and latitude in degrees of WGS 84.
_WGS84: Final = re.compile(r"(CRS:?84h?|[:/](4326|4979))$", re.IGNORECASE)


def sniff(head: bytes) -> str | None:
    """The name of the format if it begins like features or a geometry."""
    text = as_utf8(head).lstrip(_BLANK)
    if _GEOMETRY.match(text):
        return NAME
    return NAME if text[:1] in (b"{", b"[") and _FEATURES.search(text) else None


def read(data: bytes, source: str) -> Rows:
    """The rows of the file.

    Raises:
        TrackUnreadable: when it is too large or in another reference system, or nothing in it has a time.
    """
    small(data, source, TITLE)
    text = as_utf8(data)
    found = Found()
    for value in _values(text):
        if isinstance(value, dict):
            _in_degrees(value, source)
        found.take(value)
    return found.rows(source)


def _in_degrees(found: dict[str, Any], source: str) -> None:
    """Nothing, if the reference system that it names is WGS 84, or it names none.

    Raises:
        TrackUnreadable: when it is another.
    """
    try:
        name = str(found["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return
    if not _WGS84.search(name):
        raise TrackUnreadable(
            source, f"its coordinates are in {shown(name)}; write longitude and latitude in WGS 84, as RFC 7946 asks"
        )


def _values(text: bytes) -> Iterator[Any]:
    """The values of the file: one as a whole, or, if that is no JSON, feature by feature."""
    try:
        yield loads(text)
    except (ValueError, RecursionError):
        array = _ARRAY.search(text)
        if array is not None and _COLLECTION.search(text, 0, array.end()):
            yield from series(text[array.end() - 1 : _end(text)], _BEGINS)
        else:
            yield from series(text, _BEGINS)


def _end(text: bytes) -> int:
    """Where the features of a collection end that begins at the beginning of the text and may break off."""
    last = text.rfind(b"]") + 1
    return last if text.rstrip().endswith(b"}") and b"{" not in text[last:] else len(text)
