"""Who was in an area, and which points an outline holds."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import ibis
import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from ibis.expr import operations
from made_archive import block, lay

from geo.archive import Archive, inside, rays
from geo.archive.boxes import MILLIONTHS
from geo.archive.layout import cells
from geo.archive.outlines import MOST_CORNERS, outline
from geo.archive.span import Span
from geo.errors import ArchiveError
from geo.geodesy import ring

START = datetime(2024, 12, 25, 5, tzinfo=UTC)
DAY = (datetime(2024, 12, 25, tzinfo=UTC), datetime(2024, 12, 26, tzinfo=UTC))
SQUARE = [(43.0, 45.0), (43.0, 46.0), (44.0, 46.0), (44.0, 45.0)]


@cache
def engine() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def held(area, lat, lon, *, decimals=True) -> np.ndarray:
    """Which of these points, in millionths of a degree, an engine finds in the area, as a question of it does."""
    con = engine()
    number = pa.decimal128(9, 6) if decimals else pa.float64()
    table = pa.table(
        {
            "row": np.arange(len(lat)),
            "time": pa.array([START.replace(tzinfo=None)] * len(lat), pa.timestamp("ms")),
            "cell": cells(lat, lon),
            "lat": _degrees(lat, number),
            "lon": _degrees(lon, number),
        }
    )
    con.con.register("points", table)
    bound = operations.DatabaseTable("points", ibis.Schema.from_pyarrow(table.schema), con).to_expr()
    found = inside.within(bound, outline(area), Span.of(DAY), ("row",))
    for memory in found.op().find(operations.InMemoryTable):
        con.con.register(memory.name, memory.data.to_pyarrow(memory.schema))
    rows = con.con.sql(con.compile(found)).to_arrow_table()["row"].to_numpy()
    return np.isin(np.arange(len(lat)), rows)


def _degrees(millionths, kind):
    whole = pa.array(millionths.astype(np.int64))
    if pa.types.is_floating(kind):
        return pa.array(millionths / MILLIONTHS)
    words = np.zeros((len(whole), 2), dtype=np.int64)
    words[:, 0] = millionths
    words[:, 1] = np.where(millionths < 0, -1, 0)
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(words)])


def points(seed, south, north, west, east, count=400):
    draw = np.random.default_rng(seed)
    lat = draw.integers(max(south, -90) * MILLIONTHS, min(north, 90) * MILLIONTHS, count, endpoint=True)
    lon = draw.integers(west * MILLIONTHS, east * MILLIONTHS, count, endpoint=True)
    return lat, (lon + 180 * MILLIONTHS) % (360 * MILLIONTHS) - 180 * MILLIONTHS


def star(lat, lon, corners, breadth, seed):
    """A ragged outline round a point whose edges do not cross."""
    draw = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    far = draw.uniform(0.3, 1, corners)
    return np.column_stack([lat + breadth / 2 * far * np.sin(angle), lon + breadth * far * np.cos(angle)])


@settings(max_examples=20)
@given(
    st.floats(-70, 70),
    st.floats(-180, 180),
    st.sampled_from([3, 4, 7, 16, 17, 40, 300]),
    st.sampled_from([0.001, 0.5, 12.0, 35.0]),
    st.integers(0, 2**32),
    st.booleans(),
)
@example(lat=10.0, lon=180.0, corners=5, breadth=12.0, seed=1, decimals=True)
@example(lat=10.0, lon=-180.0, corners=40, breadth=12.0, seed=2, decimals=True)
@example(lat=0.0, lon=0.0, corners=300, breadth=35.0, seed=3, decimals=False)
def test_an_engine_finds_the_points_that_shapely_finds(lat, lon, corners, breadth, seed, decimals):
    area = np.round(star(lat, lon, corners, breadth, seed), 6)
    shape = shapely.Polygon(area[:, ::-1])
    assume(shape.is_valid and shape.area > 0)
    reach = math.ceil(breadth)
    lats, lons = points(
        seed, math.floor(lat) - reach, math.ceil(lat) + reach, math.floor(lon) - reach, math.ceil(lon) + reach
    )
    run_on = lons / MILLIONTHS + 360 * np.round((lon - lons / MILLIONTHS) / 360)
    expected = shapely.contains_xy(shape, run_on, lats / MILLIONTHS)
    sure = shapely.distance(shape.exterior, shapely.points(run_on, lats / MILLIONTHS)) > 1e-7
    wrapped = np.column_stack([area[:, 0], (area[:, 1] + 180) % 360 - 180])
    assert np.array_equal(held(wrapped.tolist(), lats, lons, decimals=decimals)[sure], expected[sure])


@pytest.mark.parametrize("corners", [8, 60])
@pytest.mark.parametrize("pole", [1, -1])
@pytest.mark.parametrize("turn", [1, -1])
def test_an_outline_round_a_pole_holds_it(corners, pole, turn):
    edge = ring(pole * 90.0, 0.0, 2_000_000, points=corners)
    area = list(zip(edge.lat.tolist(), edge.lon.tolist(), strict=True))[::turn]
    lat, lon = points(corners, -90, 90, -180, 180, 2_000)
    border = float(edge.lat[0])
    assert np.array_equal(held(area, lat, lon), pole * lat > pole * border * MILLIONTHS)
    ends = np.array([90, -90, 90]) * MILLIONTHS, np.array([0, 0, 180]) * MILLIONTHS
    assert held(area, *ends).tolist() == ([True, False, True] if pole == 1 else [False, True, False])


def test_a_ring_round_a_pole_has_a_hole():
    def cap(radius_m):
        edge = ring(90.0, 0.0, radius_m, points=24)
        return list(zip(edge.lon.tolist(), edge.lat.tolist(), strict=True))

    area = {"type": "Polygon", "coordinates": [cap(3_000_000), cap(1_000_000)]}
    lat = np.array([89, 82, 80, 70, 64, 60, -70]) * MILLIONTHS
    expected = [False, False, True, True, True, False, False]
    for lon in (0, 5, 180, -180):
        assert held(area, lat, np.full(len(lat), lon * MILLIONTHS)).tolist() == expected


def test_an_edge_all_round_is_one():
    arctic = [(66.5, -180), (66.5, 180), (90, 180), (90, -180)]
    lat, lon = points(1, 50, 89, -180, 180)
    assert np.array_equal(held(arctic, lat, lon), lat >= 66.5 * MILLIONTHS)
    everywhere = [(-90, -180), (-90, 180), (90, 180), (90, -180)]
    assert held(everywhere, *points(2, -90, 89, -180, 180)).all()


def test_a_hole_is_no_part_and_parts_are_together():
    outer = shapely.box(170, 10, 190, 20)
    hole = shapely.box(175, 12, 185, 18)
    other = shapely.box(100, 10, 110, 20)
    area = shapely.MultiPolygon([outer.difference(hole), other])
    lat, lon = points(3, 5, 25, 95, 195, 3_000)
    on = np.where(lon < 0, lon + 360 * MILLIONTHS, lon) / MILLIONTHS
    assert np.array_equal(held(area, lat, lon), shapely.contains_xy(area, on, lat / MILLIONTHS))
    feature = {"type": "Feature", "geometry": shapely.geometry.mapping(area)}
    assert np.array_equal(held(feature, lat, lon), held(area, lat, lon))


@pytest.mark.parametrize("corners", [4, 40])
def test_of_two_areas_with_an_edge_in_common_one_has_it(corners):
    def box(south, north, west, east):
        steps = np.linspace(0, 1, corners // 4, endpoint=False)
        square = np.array([(south, west), (south, east), (north, east), (north, west), (south, west)], dtype=float)
        return [tuple(np.round(a + (b - a) * step, 6)) for a, b in pairwise(square) for step in steps]

    tiles = [box(s, s + 5, w, w + 5) for s in (-5, 0) for w in (-180, 175)]
    grid = np.array([(lat, lon) for lat in (-5, -2.5, 0, 2.5) for lon in (175, 177.5, -180, 180, -177.5)]) * MILLIONTHS
    lat, lon = grid.astype(np.int64).T
    counts = np.sum([held(tile, lat, lon) for tile in tiles], axis=0)
    assert counts.tolist() == [1] * len(grid)


@pytest.mark.parametrize("corners", [5, 200])
def test_strips_and_expression_agree_with_the_outline(corners):
    area = outline(star(20.0, 175.0, corners, 30.0, 5).tolist())
    lat, lon = points(6, 0, 40, 140, 210, 2_000)
    west, east, width, height, level, *north = rays.strips(area)
    count = np.zeros(len(lat), dtype=np.int64)
    for row in range(len(west)):
        beside = (lon >= west[row]) & (lon < east[row])
        above = lat * width[row] - lon * height[row] >= level[row]
        count += beside & above & (lat * north[0][row] - lon * north[1][row] < north[2][row])
    assert np.array_equal(count, area.holds(lon, lat))


def test_cells_are_told_apart():
    area = outline([(1.0, 1.0), (1.0, 29.0), (29.0, 29.0), (29.0, 1.0)])
    passed, whole = area.touched()
    lat, lon = points(7, -2, 32, -2, 32, 4_000)
    here, there = area.holds(lon, lat), cells(lat, lon)
    assert set(there[here].tolist()) <= {*passed, *whole}
    assert here[np.isin(there, whole)].all()
    assert (len(passed), len(whole)) == (20, 16)


def test_a_pass_says_where_it_began_and_ended(tmp_path):
    lon = np.array([44.9, 45.0, 45.5, 45.999999, 46.0])
    flight = block("4006c1", START, np.full(5, 43.5), lon, step_s=60, callsign="AHY8243", altitude_ft=[1, 5, 4, 3, 9])
    archive = Archive.open(lay(tmp_path, [flight]))
    (found,) = archive.inside(SQUARE, DAY).rows()
    assert found == {
        "icao24": "4006c1",
        "callsign": "AHY8243",
        "first_time": START + timedelta(minutes=1),
        "last_time": START + timedelta(minutes=3),
        "fixes": 3,
        "first_lat": 43.5,
        "first_lon": 45.0,
        "last_lat": 43.5,
        "last_lon": 45.999999,
        "lowest_ft": 3,
        "highest_ft": 5,
    }
    # Many corners are looked up otherwise, and give the same.
    round_about = [(43 + step / 100, 45.0) for step in range(100)]
    many = [*SQUARE[1:], (44.0, 45.0), *round_about[::-1]]
    assert archive.inside(many, DAY).rows() == [found]


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ([(43, 45), (44, 46)], "three corners or more; found 2"),
        ([(43, 45), (43, 45), (44, 46), (43, 45)], "three corners or more; found 2"),
        ([(43, 45), (44, 46), (45, 47)], "lie on one line"),
        ([(43, 45), (44, 46), (43, 46), (44, 45)], "crosses itself"),
        ([(95, 45), (44, 46), (43, 46)], "latitude 95, longitude 45 is no point"),
        ([(float("nan"), 45), (44, 46), (43, 46)], "is no point"),
        ("square", "latitude first"),
        ([], "three corners or more; found 0"),
        ({"type": "Point", "coordinates": [45, 43]}, "found Point"),
        ({"type": "Polygon"}, "not those of GeoJSON"),
        ({"type": "Polygon", "coordinates": []}, "is empty"),
        ({}, "no type of GeoJSON"),
        ([(60, 120 * corner - 540) for corner in range(7)], "more than once"),
        (np.column_stack(ring(0, 0, 1e6, points=MOST_CORNERS + 1)), "simplify it first"),
    ],
)
def test_what_is_no_area_is_said(tmp_path, area, said):
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, [43.4], [45.7])]))
    with pytest.raises(ArchiveError, match=said):
        archive.inside(area, DAY)
