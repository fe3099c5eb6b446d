"""A track as GeoJSON (RFC 7946), which the reader of GeoJSON reads back.

Every fix is a feature, in order, with its columns as properties; what it did not carry is left out. Its geometry is
a point where its position holds, with the geometric altitude in metres where it has one. A position that is not
believed stands in the properties ``lat`` and ``lon`` and is no geometry, so that no map shows it as a place where the
aircraft was. After the fixes comes a line for each interval in which positions were received, for drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.measures import FOOT_M
from geo.tracks.own import FORMAT
from geo.tracks.write import table
from geo.tracks.write.lines import box, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.model import Track

#: So many features are put into text together.
_TOGETHER: Final = 4096


def pieces(track: Track) -> Iterator[bytes]:
    """The feature collection, a line of text for each feature."""
    import orjson

    held = track.take(np.flatnonzero(table.drawn(track)))
    frame = {"type": "FeatureCollection", "flightcase": FORMAT.removeprefix("flightcase "), "name": table.title(track)}
    bounds = box(held.lon_deg, held.lat_deg)
    head = orjson.dumps(frame | ({"bbox": bounds} if bounds else {})).removesuffix(b"}")
    yield head + b',"features":['
    separator = b"\n"
    batch: list[bytes] = []
    for feature in _features(track):
        batch.append(orjson.dumps(feature))
        if len(batch) == _TOGETHER:
            yield separator + b",\n".join(batch)
            separator = b",\n"
            batch = []
    yield (separator if batch else b"") + b",\n".join(batch) + b"\n]}\n"


def _features(track: Track) -> Iterator[dict[str, Any]]:
    yield from _fixes(track)
    yield from _stretches(track)


def _fixes(track: Track) -> Iterator[dict[str, Any]]:
    columns: dict[str, list[Any]] = dict(table.value_columns(track))
    labels = {name: text for name, text in table.labels(track).items() if text}
    lats, lons = columns.pop("lat"), columns.pop("lon")
    heights = table.values_of(np.round(track.geometric_altitude_ft * FOOT_M, 2))
    drawn = table.drawn(track).tolist()
    for index, values in enumerate(zip(*columns.values(), strict=True)):
        properties = {name: value for name, value in zip(columns, values, strict=True) if value is not None} | labels
        lat, lon, height = lats[index], lons[index], heights[index]
        if drawn[index]:
            geometry = {"type": "Point", "coordinates": [lon, lat] if height is None else [lon, lat, height]}
        else:
            geometry = None
            properties |= {name: value for name, value in (("lat", lat), ("lon", lon)) if value is not None}
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def _stretches(track: Track) -> Iterator[dict[str, Any]]:
    for stretch in table.stretches(track):
        lines = pieces_of(track.lon_deg[stretch.fixes], track.lat_deg[stretch.fixes])
        geometry: dict[str, Any] | None = None
        if lines:
            several = len(lines) > 1
            geometry = {
                "type": "MultiLineString" if several else "LineString",
                "coordinates": lines if several else lines[0],
            }
        start, end = table.stamps([stretch.start_s, stretch.end_s])
        said = {"flightcase": "stretch", "evidence": table.STATES[0], "from": start, "to": end}
        yield {"type": "Feature", "geometry": geometry, "properties": said}
