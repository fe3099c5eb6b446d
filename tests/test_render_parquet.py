"""GeoParquet: the features of GeoJSON with typed columns, as another reader has them."""

from __future__ import annotations

import io
import json
from typing import Any

import geopandas
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from made_scenes import flown
from pyarrow import parquet as reader
from shapely.geometry import shape
from small_scene import small_scene

from geo.errors import TrackUnreadable
from geo.render.features import features
from geo.render.parquet import parquet
from geo.tracks import parquet as tracks


def opened(scene: dict[str, Any]) -> pa.Table:
    return reader.read_table(pa.BufferReader(parquet(scene)))


def test_the_metadata_are_those_of_geoparquet() -> None:
    table = opened(small_scene(shift=169.0))
    geo = json.loads(table.schema.metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert geo["version"] == "1.1.0"
    assert (column["encoding"], column["orientation"]) == ("WKB", "counterclockwise")
    assert "crs" not in column  # OGC:CRS84
    assert column["bbox"][0] > column["bbox"][2]  # over the antimeridian
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    kinds = {shapely.from_wkb(value).geom_type for value in table["geometry"].to_pylist() if value}
    assert set(column["geometry_types"]) == kinds
    assert json.loads(table.schema.metadata[b"flightcase"])["case"] == "ex-1"


def test_columns_have_types() -> None:
    schema = opened(small_scene()).schema
    assert schema.field("from").type == pa.timestamp("ms", tz="UTC")
    assert schema.field("coord_times").type == pa.list_(pa.timestamp("ms", tz="UTC"))
    assert schema.field("bbox").type.field("ymax").type == pa.float64()


@given(flown())
def test_geopandas_reads_the_features_of_geojson(scene: dict[str, Any]) -> None:
    frame = geopandas.read_parquet(io.BytesIO(parquet(scene)))
    listed = features(scene)
    assert str(frame.crs) == "OGC:CRS84"
    assert frame["id"].tolist() == [feature["id"] for feature in listed]
    for feature, drawn in zip(listed, frame.geometry, strict=True):
        assert (drawn is None) == (feature["geometry"] is None)
        assert drawn is None or drawn.equals_exact(shape(feature["geometry"]), 0)
    for row in opened(scene).to_pylist():
        if row["bbox"]:
            box = shapely.from_wkb(row["geometry"]).bounds
            assert tuple(row["bbox"].values()) == box
        if row["coord_times"]:
            assert len(row["coord_times"]) == shapely.get_num_coordinates(shapely.from_wkb(row["geometry"]))


def test_sources_and_claims_are_lists() -> None:
    rows = {row["id"]: row for row in opened(small_scene()).to_pylist()}
    turn = rows["event-turn"]
    assert [claim["by"] for claim in turn["claims"]] == ["The tower", "The crew"]
    assert turn["sources"][0]["url"] == "https://example.org/notes"
    assert (rows["stretch-2"]["evidence"], rows["stretch-2"]["basis"]) == ("rejected", "bridged")
    assert turn["grade"] == "disputed"


def test_equal_scenes_give_equal_bytes() -> None:
    assert parquet(small_scene()) == parquet(small_scene())


@pytest.mark.parametrize("harm", ["cut", "times", "type"])
def test_a_damaged_table_is_refused_in_words(harm: str) -> None:
    table = opened(small_scene())
    if harm == "cut":
        values = [value[:-3] if value else None for value in table["geometry"].to_pylist()]
        table = table.set_column(table.schema.get_field_index("geometry"), "geometry", pa.array(values, pa.binary()))
    elif harm == "times":
        kind = table.schema.field("coord_times").type
        short = [(value or [])[:1] for value in table["coord_times"].to_pylist()]
        table = table.set_column(table.schema.get_field_index("coord_times"), "coord_times", pa.array(short, kind))
    else:
        place = table.schema.get_field_index("geometry")
        table = table.set_column(place, "geometry", pa.array(["x"] * table.num_rows))
    sink = pa.BufferOutputStream()
    reader.write_table(table, sink)
    with pytest.raises(TrackUnreadable, match="damaged Parquet"):
        tracks.read(sink.getvalue().to_pybytes(), "case")
