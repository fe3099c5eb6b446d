"""The scene as GeoParquet 1.1: the features of GeoJSON as rows with typed columns.

Geometry is WKB in lon, lat of WGS 84 (OGC:CRS84, which GeoParquet takes where no other system is named), cut at the
antimeridian, rings counter-clockwise, null where a feature has no place; ``bbox`` covers it row by row. Times are
stamps in milliseconds, UTC. What is true of the whole (case, notes, corrections, facts, sources) stands in the
metadata of the file under ``flightcase`` as JSON. Equal scenes give equal bytes with the same version of Arrow, which
writes its name and version into each file.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from geo.render.antimeridian import bounding_box
from geo.render.features import FORMAT, extent, features, header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    Feature = Mapping[str, Any]

_GEOMETRY: Final = "geometry"
_TEXTS: Final = ("style", "evidence", "basis", "grade", "title", "text", "note", "times", "number", "date", "place")
#: The id of what a feature belongs to, by the names that it may have in the properties.
_OWNERS: Final = ("line", "event", "reach")
_SOURCE: Final = ("id", "text", "url", "archived", "language")
_CLAIM: Final = ("letter", "by", "says", "detail", "time_text", "cites")
_BOX: Final = ("xmin", "ymin", "xmax", "ymax")


def parquet(scene: Mapping[str, Any]) -> bytes:
    """The features of the scene as a table.

    Args:
        scene: what ``compose`` made.

    Returns:
        A Parquet file. ``coord_times`` and ``doubt_m`` of a line have a value for each position of its geometry, in
        order, all parts one after the other.
    """
    import pyarrow as pa
    from pyarrow import parquet as writer

    rows = [_row(feature) for feature in features(scene)]
    schema = _schema()
    metadata = {"geo": _geo(scene, rows), "format": FORMAT, "flightcase": json.dumps(header(scene), ensure_ascii=False)}
    table = pa.Table.from_pylist(rows, schema=schema.with_metadata(metadata))
    sink = pa.BufferOutputStream()
    writer.write_table(table, sink, compression="zstd")
    made: bytes = sink.getvalue().to_pybytes()
    return made


def _schema() -> pa.Schema:
    import pyarrow as pa

    text, stamp = pa.string(), pa.timestamp("ms", tz="UTC")
    columns: dict[str, Any] = {"id": text, "kind": text, "of": text, "from": stamp, "to": stamp, "at": stamp}
    columns |= dict.fromkeys(_TEXTS, text)
    columns |= {"within_m": pa.float64(), "coord_times": pa.list_(stamp), "doubt_m": pa.list_(pa.float64())}
    columns |= {
        "claims": pa.list_(pa.struct([*((name, text) for name in _CLAIM), ("leak", pa.bool_())])),
        "sources": pa.list_(pa.struct([(name, text) for name in _SOURCE])),
        "bbox": pa.struct([(name, pa.float64()) for name in _BOX]),
        _GEOMETRY: pa.binary(),
    }
    return pa.schema(columns)


def _row(feature: Feature) -> dict[str, Any]:
    import shapely
    from shapely.geometry import shape

    said = feature["properties"]
    drawn = shape(feature[_GEOMETRY]) if feature[_GEOMETRY] else None
    event = said["kind"] == "event"
    return {
        **{name: said.get(name) for name in ("kind", "within_m", *_TEXTS)},
        "id": feature["id"],
        "of": next((said[name] for name in _OWNERS if name in said), None),
        "from": _stamp(said.get("from")),
        "to": _stamp(said.get("to")),
        "at": None if event else _stamp(said.get("time")),
        "coord_times": [_stamp(time) for time in _flat(said.get("coordTimes", ()))] or None,
        "doubt_m": list(_flat(said.get("doubt_m", ()))) or None,
        "claims": said.get("claims"),
        "sources": said.get("sources"),
        "bbox": dict(zip(_BOX, drawn.bounds, strict=True)) if drawn else None,
        _GEOMETRY: shapely.to_wkb(drawn, byte_order=1) if drawn else None,
    }


def _stamp(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    """The values of a line, or of all its parts one after the other."""
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _geo(scene: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """The metadata that GeoParquet 1.1 asks for."""
    from shapely import from_wkb

    kinds = sorted({from_wkb(row[_GEOMETRY]).geom_type for row in rows if row[_GEOMETRY]})
    column = {
        "encoding": "WKB",
        "geometry_types": kinds,
        "edges": "planar",
        "orientation": "counterclockwise",
        "bbox": bounding_box(*extent(scene)),
        "covering": {"bbox": {name: ["bbox", name] for name in _BOX}},
    }
    return json.dumps({"version": "1.1.0", "primary_column": _GEOMETRY, "columns": {_GEOMETRY: column}})
