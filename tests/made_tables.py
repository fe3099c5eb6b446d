"""Made-up state vectors, Parquet tables and GeoJSON."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from made_tracks import START_S, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from made_tracks import Report

STATES = (
    "time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,baroaltitude,geoaltitude,lastposupdate,lastcontact"
)


def _cell(value: float | None, factor: float = 1.0) -> str:
    return "" if value is None else str(value if factor == 1 else value * factor)


def opensky_csv(rows: Sequence[Report]) -> bytes:
    """State vectors whose position was heard a quarter of a second before, of one aircraft."""
    body = []
    for second, lat, lon, altitude, speed, who in rows:
        time_s = START_S + second
        heard = "" if lat is None or lon is None else str(time_s - 0.25)
        values = [str(time_s), "600841", _cell(lat), _cell(lon), _cell(speed, 1852 / 3600), "90", "0.0", f"{who:8}"]
        body.append(",".join([*values, "false", _cell(altitude, 0.3048), "", heard, str(time_s - 0.1)]))
    return "\n".join([STATES, *body, ""]).encode()


def table(columns: dict[str, list[Any]], **options: Any) -> bytes:
    """A Parquet file of these columns."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def parquet(rows: Sequence[Report]) -> bytes:
    """Columns named as in a plain table, times as stamps."""
    import pyarrow as pa

    columns = list(zip(*rows, strict=True))
    stamps = [round((START_S + second) * 1e6) for second in columns[0]]
    numbers = {name: pa.array(columns[index], pa.float64()) for index, name in enumerate(_NAMES, start=1)}
    return table({"time": pa.array(stamps, pa.timestamp("us", tz="UTC")), **numbers, "callsign": list(columns[5])})


_NAMES = ("lat", "lon", "altitude_ft", "ground_speed_kt")


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point(coordinates: list[Any], **properties: Any) -> dict[str, Any]:
    return feature({"type": "Point", "coordinates": coordinates}, **properties)


def line(coordinates: list[Any], **properties: Any) -> dict[str, Any]:
    return feature({"type": "LineString", "coordinates": coordinates}, **properties)


def collection(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", **members, "features": features}).encode()


def geojson(rows: Sequence[Report]) -> bytes:
    """A point for each report, no geometry for one without position."""
    features = []
    for second, lat, lon, altitude, speed, who in rows:
        said = {"time": at(second), "altitude_ft": altitude, "ground_speed_kt": speed, "callsign": who}
        features.append(feature(None, **said) if lat is None or lon is None else point([lon, lat], **said))
    return collection(*features)


WRITERS = {"opensky-states": opensky_csv, "parquet": parquet, "geojson": geojson}
