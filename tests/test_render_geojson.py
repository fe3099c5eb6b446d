"""The GeoJSON rendering: RFC 7946, the antimeridian, and every state kept."""

from __future__ import annotations

import itertools
import json
import math
from typing import TYPE_CHECKING, Any

import pyogrio
import pyogrio.raw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import from_wkb
from shapely.geometry import Polygon, shape
from small_scene import column as packed
from small_scene import path, small_scene

from geo.render.geojson import bounding_box, column, cut_line, cut_ring, geojson

if TYPE_CHECKING:
    from pathlib import Path

LAT = st.floats(-89, 89).map(lambda value: round(value, 5))
STEP = st.floats(-170, 170).map(lambda value: round(value, 5))


@st.composite
def unwrapped(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Lines that wander over the antimeridian as often as they like."""
    lon = draw(st.floats(-180, 180).map(lambda value: round(value, 5)))
    points = [(lon, draw(LAT))]
    for step in draw(st.lists(STEP, min_size=1, max_size=8)):
        lon = round(lon + step, 5)
        points.append((lon, draw(LAT)))
    return points


def length(line: list[list[float]] | list[tuple[float, float]]) -> float:
    return sum(math.dist(a, b) for a, b in itertools.pairwise(line))


def features(scene: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {feature["id"]: feature for feature in json.loads(geojson(scene))["features"]}


@given(unwrapped())
def test_a_cut_line_stays_on_the_earth_and_loses_nothing(points: list[tuple[float, float]]) -> None:
    pieces, (kept,) = cut_line(points, [list(range(len(points)))])
    assert all(-180 <= lon <= 180 for piece in pieces for lon, _ in piece)
    assert sum(map(length, pieces)) == pytest.approx(length(points), abs=1e-4)
    assert [len(piece) for piece in pieces] == [len(part) for part in kept]
    for before, after in itertools.pairwise(pieces):
        assert {before[-1][0], after[0][0]} == {-180, 180}
        assert before[-1][1] == after[0][1]


@given(unwrapped())
def test_every_point_of_a_line_is_in_it_in_order(points: list[tuple[float, float]]) -> None:
    pieces, _ = cut_line(points)
    found = iter([(lon, lat) for piece in pieces for lon, lat in piece])
    for lon, lat in points:
        assert any(abs((lon - x + 180) % 360 - 180) < 2e-6 and abs(lat - y) < 2e-6 for x, y in found)


@given(st.floats(-540, 540), st.floats(-60, 60), st.floats(0.5, 25), st.booleans())
def test_a_cut_ring_covers_the_same_area_the_right_way_round(lon: float, lat: float, half: float, back: bool) -> None:
    points = [(lon + half * math.cos(a * math.tau / 24), lat + half * math.sin(a * math.tau / 24)) for a in range(24)]
    polygons = cut_ring(points[::-1] if back else points)
    shapes = [Polygon(rings[0], rings[1:]) for rings in polygons]
    assert all(each.is_valid and each.exterior.is_ccw for each in shapes)
    assert all(-180 <= x <= 180 for rings in polygons for ring in rings for x, _ in ring)
    assert sum(each.area for each in shapes) == pytest.approx(Polygon(points).area, rel=1e-3)


@pytest.mark.parametrize("closed", [True, False])
def test_a_ring_around_the_pole_covers_the_pole(closed: bool) -> None:
    points = [(170.0 + turn, 80.0) for turn in range(0, 361 if closed else 351, 10)]
    shapes = [Polygon(rings[0]) for rings in cut_ring(points)]
    assert sum(each.area for each in shapes) == pytest.approx(360 * 10)
    assert max(each.bounds[3] for each in shapes) == 90


@pytest.mark.parametrize(
    ("longitudes", "west", "east"),
    [([10.0, 20.0], 10, 20), ([170.0, 190.0], 170, -170), ([-200.0, -170.0], 160, -170), ([-10.0, 360.0], -180, 180)],
)
def test_the_bounding_box_goes_over_the_antimeridian(longitudes: list[float], west: float, east: float) -> None:
    assert bounding_box(longitudes, [1.0, 2.0]) == [west, 1.0, east, 2.0]


@given(st.lists(st.integers(-(10**8), 10**8), min_size=1))
def test_columns_unpack_to_what_was_packed(values: list[int]) -> None:
    assert column(packed([value * 1e-5 for value in values])) == pytest.approx([value * 1e-5 for value in values])


def test_states_and_bases_survive() -> None:
    found = features(small_scene())
    line = found["stretch-2"]["properties"]
    assert (line["style"], line["evidence"], line["basis"]) == ("rejected", "rejected", "bridged")
    assert found["stretch-1"]["properties"]["from"] == "2023-11-14T22:13:20Z"
    assert found["stretch-1"]["properties"]["coordTimes"] == ["2023-11-14T22:13:20Z", "2023-11-14T22:33:20Z"]
    assert found["stretch-2-crosses"]["geometry"]["coordinates"] == [[11.0, 51.25]]
    states = [each["properties"] for each in found.values() if each["properties"]["kind"] == "state"]
    assert [state["evidence"] for state in states] == ["received", "rejected", "received"]


def test_an_event_without_a_place_is_there_without_geometry() -> None:
    found = features(small_scene())
    assert found["event-call"]["geometry"] is None
    assert found["event-call"]["properties"]["title"] == "Funkspruch"
    turn = found["event-turn"]["properties"]
    assert [claim["says"] for claim in turn["claims"]] == ["over the lake", "über dem Wald"]
    assert turn["sources"][0]["url"] == "https://example.org/notes"
    assert turn["text"] == "Two accounts of the turn contradict each other. No recording was published."


def test_a_flight_over_the_antimeridian_is_cut() -> None:
    scene = small_scene(shift=169.0)
    collection = json.loads(geojson(scene))
    found = features(scene)
    assert found["stretch-1"]["geometry"]["type"] == "LineString"
    assert found["intended"]["geometry"]["type"] == "MultiLineString"
    assert found["band-1"]["geometry"]["type"] == "MultiPolygon"
    assert found["place-2"]["geometry"]["coordinates"] == [-177.0, 53.0]
    assert collection["bbox"][0] > collection["bbox"][2]
    for feature in collection["features"]:
        if feature["geometry"]:
            west, _, east, _ = shape(feature["geometry"]).bounds
            assert -180 <= west <= east <= 180


def test_times_are_cut_with_their_line() -> None:
    scene = small_scene()
    scene["map"]["lines"][1]["path"] = {**path([(179.0, 1.0), (181.0, 2.0)], [1_700_000_000, 1_700_000_600])}
    found = features(scene)["stretch-1"]
    assert [len(piece) for piece in found["geometry"]["coordinates"]] == [2, 2]
    assert [len(piece) for piece in found["properties"]["coordTimes"]] == [2, 2]


def test_equal_scenes_give_equal_text() -> None:
    assert geojson(small_scene()) == geojson(small_scene())


def test_the_reach_is_there_as_a_whole_and_by_moments() -> None:
    drawn = features(small_scene())
    whole = drawn["reach-1"]
    assert whole["geometry"]["type"] == "MultiPolygon"
    assert whole["properties"] == {"kind": "reach", "from": "2023-11-14T22:33:20Z", "to": "2023-11-14T22:53:20Z"}
    middle = drawn["reach-1-moment-2"]
    assert middle["properties"]["time"] == "2023-11-14T22:43:20Z"
    assert shape(whole["geometry"]).contains(shape(middle["geometry"]))


def test_a_reach_over_the_antimeridian_is_cut() -> None:
    (*_, whole) = (one for one in features(small_scene(169.0)).values() if one["properties"]["kind"] == "reach")
    longitudes = [lon for polygon in whole["geometry"]["coordinates"] for ring in polygon for lon, _ in ring]
    assert len(whole["geometry"]["coordinates"]) == 2
    assert max(map(abs, longitudes)) == 180
    area = sum(Polygon(polygon[0]).area for polygon in whole["geometry"]["coordinates"])
    assert area == pytest.approx(4.0)


def test_the_facts_come_along() -> None:
    (fact,) = json.loads(geojson(small_scene()))["facts"]
    assert fact == {
        "what": "Area within reach",
        "when": "22:33:20–22:53:20",
        "finding": "14,000 km²",
        "rests_on": "received positions",
    }


@pytest.mark.parametrize("shift", [0.0, 169.0])
def test_gdal_reads_every_feature(shift: float, tmp_path: Path) -> None:
    scene = small_scene(shift)
    file = tmp_path / "scene.geojson"
    file.write_text(geojson(scene), encoding="utf-8")
    listed = json.loads(file.read_text(encoding="utf-8"))["features"]
    info = pyogrio.read_info(file)
    assert (info["driver"], info["crs"], info["features"]) == ("GeoJSON", "EPSG:4326", len(listed))
    _, _, drawn, values = pyogrio.raw.read(file)
    names = list(info["fields"])
    for feature, geometry, kind in zip(listed, drawn, values[names.index("kind")], strict=True):
        assert kind == feature["properties"]["kind"]
        assert (geometry is None) == (feature["geometry"] is None)
        assert geometry is None or from_wkb(geometry).equals_exact(shape(feature["geometry"]), 1e-9)


def test_the_collection_tells_of_the_whole() -> None:
    told = json.loads(geojson(small_scene()))
    assert told["case"] == "ex-1"
    assert told["updated"] == "2023-12-01"
    assert [one["id"] for one in told["sources"]] == ["S1", "S2", "S9"]
    assert told["corrections"][0]["text"] == "The turn was given a minute late."
