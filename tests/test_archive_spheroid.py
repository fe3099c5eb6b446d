"""The distance as the engine measures it, against the geodesics of PROJ."""

from __future__ import annotations

from functools import cache

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo import geodesy
from geo.archive.spheroid import measured

latitudes = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, -89.999999, 0.0, 89.999999, 90.0]))
longitudes = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 179.999999, 180.0]))
azimuths = st.one_of(st.floats(0, 360), st.sampled_from([0.0, 90.0, 180.0, 270.0]))


@cache
def engine() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def distances(lat: float, lon: float, lats: np.ndarray, lons: np.ndarray) -> np.ndarray:
    con = engine()
    con.con.register("positions", pa.table({"row": np.arange(len(lats)), "lat": lats, "lon": lons}))
    table = ibis.table({"row": "int64", "lat": "float64", "lon": "float64"}, name="positions")
    sql = con.compile(measured(table, lat, lon, "metres", keep=("row",)).order_by("row"))
    return con.con.sql(sql).to_arrow_table()["metres"].to_numpy()


@settings(max_examples=40)
@given(latitudes, longitudes, st.lists(st.tuples(azimuths, st.floats(0, 7)), min_size=1, max_size=40))
@example(90.0, 0.0, [(0.0, 5.7), (90.0, 7.0)])
@example(0.0, 180.0, [(90.0, 5.0), (270.0, 7.0)])
def test_it_is_that_of_the_geodesic(lat, lon, ends):
    azimuth, power = np.array(ends).T
    there = geodesy.destination(lat, lon, azimuth, 10**power)
    expected = geodesy.distance_m(lat, lon, there.lat, there.lon)
    off = np.abs(distances(lat, lon, there.lat, there.lon) - expected)
    assert np.all(off[expected <= 500_000] < 1)
    assert np.all(off <= np.maximum(expected * 1.5e-6, 0.1))


def test_what_is_farther_than_a_question_can_ask_stays_farther():
    azimuth = np.linspace(0, 360, 37)
    for length in (10_000_100.0, 15_000_000.0, 19_500_000.0, 19_950_000.0, 20_003_000.0):
        for lat in (0.0, 45.0, 90.0):
            there = geodesy.destination(lat, 10.0, azimuth, length)
            assert np.all(distances(lat, 10.0, there.lat, there.lon) > 10_000_000)


@pytest.mark.parametrize("lat", [0.0, 51.5, -90.0])
def test_a_point_is_where_it_is(lat):
    assert distances(lat, 180.0, np.array([lat]), np.array([-180.0])) == pytest.approx(0, abs=1e-3)
