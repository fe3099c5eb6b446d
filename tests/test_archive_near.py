"""Who passed near a point."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_archive import block, lay

from geo import geodesy
from geo.archive import Archive
from geo.archive.boxes import MILLIONTHS, around
from geo.archive.layout import cells
from geo.errors import ArchiveError
from geo.model import Place, Position

START = datetime(2024, 12, 25, 5, tzinfo=UTC)
DAY = (datetime(2024, 12, 25, tzinfo=UTC), datetime(2024, 12, 26, tzinfo=UTC))
GROZNY = (43.388, 45.698)


def placed(at, *ends):
    """Positions so many metres from a point in these directions, as an archive holds them."""
    there = geodesy.destination(*at, *np.array(ends, dtype=np.float64).T)
    return np.round(there.lat, 6), np.round(there.lon, 6)


def test_a_circle_holds_what_is_within_it(tmp_path):
    inner = block("4006c1", START, *placed(GROZNY, (30, 60_000), (30, 49_900), (30, 70_000)), callsign="AHY8243")
    outer = block("4006c2", START, *placed(GROZNY, (200, 70_000), (200, 50_100), (200, 60_000)))
    archive = Archive.open(lay(tmp_path, [inner, outer]))
    (found,) = archive.near(GROZNY, 50, DAY).rows()
    assert (found["icao24"], found["callsign"], found["fixes"]) == ("4006c1", "AHY8243", 1)
    assert found["nearest_km"] == pytest.approx(49.9, abs=0.0015)
    assert [one["icao24"] for one in archive.near(GROZNY, 50.2, DAY).rows()] == ["4006c1", "4006c2"]


def test_a_pass_says_when_and_where_it_was_nearest(tmp_path):
    lat, lon = placed(GROZNY, (90, 40_000), (90, 10_000), (270, 10_000), (270, 40_000))
    flight = block("4006c1", START, lat, lon, step_s=60, altitude_ft=[-(2**31), 1_200, 900, 3_000])
    (found,) = Archive.open(lay(tmp_path, [flight])).near(Position(lat=GROZNY[0], lon=GROZNY[1]), 50, DAY).rows()
    assert (found["first_time"], found["last_time"]) == (START, START + timedelta(minutes=3))
    # Both are 10,000 m away: the earlier counts.
    assert found["nearest_time"] == START + timedelta(minutes=1)
    assert (found["nearest_lat"], found["nearest_lon"]) == (lat[1], lon[1])
    assert found["nearest_km"] == 10.0
    assert (found["lowest_ft"], found["highest_ft"], found["callsign"]) == (900, 3_000, None)


@pytest.mark.parametrize(("silent_s", "count"), [(1_799, 1), (1_800, 2)])
def test_half_an_hour_away_makes_another_pass(tmp_path, silent_s, count):
    here = placed(GROZNY, (0, 1_000), (0, 2_000))
    before = block("4006c1", START, *here, step_s=10)
    after = block("4006c1", START + timedelta(seconds=10 + silent_s), *here, step_s=10)
    rows = Archive.open(lay(tmp_path, [before, after])).near(GROZNY, 50, DAY).rows()
    assert [one["fixes"] for one in rows] == [4 // count] * count
    assert [one["first_time"] for one in rows] == [START, START + timedelta(seconds=10 + silent_s)][:count]


def test_an_aircraft_that_is_heard_elsewhere_meanwhile_passes_twice(tmp_path):
    away = placed(GROZNY, *[(0, 100_000)] * 190)
    whole = [np.concatenate(parts) for parts in zip(placed(GROZNY, (0, 0)), away, placed(GROZNY, (0, 0)), strict=True)]
    rows = Archive.open(lay(tmp_path, [block("4006c1", START, *whole, step_s=10)])).near(GROZNY, 50, DAY).rows()
    assert [one["fixes"] for one in rows] == [1, 1]


def test_rows_of_one_time_are_of_one_pass(tmp_path):
    here = placed(GROZNY, (0, 1_000))
    twice = [block("4006c1", START + timedelta(hours=2), *placed(GROZNY, (0, m))) for m in (3_000, 2_000, 4_000)]
    rows = Archive.open(lay(tmp_path, [block("4006c1", START, *here), *twice])).near(GROZNY, 50, DAY).rows()
    assert [(one["fixes"], one["nearest_km"]) for one in rows] == [(1, 1.0), (3, 2.0)]


def test_passes_are_in_order_of_distance_then_address_then_time(tmp_path):
    rows = [
        block("4006c2", START, *placed(GROZNY, (0, 5_000))),
        block("4006c1", START + timedelta(hours=3), *placed(GROZNY, (0, 5_000))),
        block("4006c1", START, *placed(GROZNY, (180, 5_000))),
        block("4006c3", START, *placed(GROZNY, (0, 1_000))),
    ]
    found = Archive.open(lay(tmp_path, rows)).near(GROZNY, 50, DAY).rows()
    assert [(one["icao24"], one["first_time"].hour) for one in found] == [
        ("4006c3", 5),
        ("4006c1", 5),
        ("4006c1", 8),
        ("4006c2", 5),
    ]


def test_the_callsign_is_the_first_that_is_known(tmp_path):
    parts = [
        block("4006c1", START + timedelta(minutes=minute), *placed(GROZNY, (0, 9_000 - minute)), callsign=word)
        for minute, word in enumerate((None, "AHY8243", "AHY8244"))
    ]
    (found,) = Archive.open(lay(tmp_path, parts)).near(GROZNY, 50, DAY).rows()
    assert found["callsign"] == "AHY8243"


def test_stale_positions_and_other_times_do_not_count(tmp_path):
    here = placed(GROZNY, (0, 1_000), (0, 2_000), (0, 3_000))
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, *here, step_s=60, is_stale=[True, False, False])]))
    (found,) = archive.near(GROZNY, 50, (START, START + timedelta(minutes=2))).rows()
    assert (found["fixes"], found["nearest_km"]) == (1, 2.0)
    assert archive.near(GROZNY, 50, (START, START + timedelta(minutes=1, microseconds=1))).rows() == [found]
    assert archive.near(GROZNY, 50, (START, START + timedelta(minutes=1))).rows() == []


points = st.tuples(
    st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, 89.9, -89.9])),
    st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 179.99, -179.99])),
)


@given(points, st.one_of(st.floats(0.001, 10_000), st.sampled_from([0.001, 50.0, 10_000.0])), st.integers(0, 2**32))
@example((90.0, 0.0), 50.0, 0)
@example((89.9, 120.0), 50.0, 1)
@example((0.0, 180.0), 500.0, 2)
def test_a_box_and_its_cells_hold_the_whole_circle(at, km, seed):
    draw = np.random.default_rng(seed)
    azimuth = np.r_[draw.uniform(0, 360, 300), 0, 90, 180, 270]
    length = np.r_[draw.uniform(0.9, 1, 300), 1, 1, 1, 1] * km * 1000
    there = geodesy.destination(*at, azimuth, length)
    lat, lon = (np.rint(column * MILLIONTHS).astype(np.int64) for column in (there.lat, there.lon))
    box = around(*at, km)
    assert np.all((lat >= box.south) & (lat <= box.north))
    eastwards, westwards = lon >= box.west, lon <= box.east
    edge = np.abs(lon) == 180 * MILLIONTHS
    assert np.all((eastwards | westwards) if box.west > box.east else (eastwards & westwards) | edge)
    assert set(cells(lat, lon).tolist()) <= set(box.cells())


@settings(max_examples=6)
@given(points, st.sampled_from([5.0, 300.0, 8_000.0]), st.integers(0, 2**32))
@example((90.0, 0.0), 300.0, 0)
@example((-17.0, 180.0), 300.0, 1)
def test_an_archive_finds_what_geodesics_find(tmp_path_factory, at, km, seed):
    draw = np.random.default_rng(seed)
    ends = np.column_stack([draw.uniform(0, 360, 60), draw.uniform(0, 2, 60) * km * 1000])
    lat, lon = placed(at, *ends)
    root = tmp_path_factory.mktemp("near")
    rows = Archive.open(lay(root, [block("4006c1", START, lat, lon)])).near(at, km, DAY).rows()
    far = geodesy.distance_m(*at, lat, lon)
    assert sum(one["fixes"] for one in rows) == np.count_nonzero(far <= km * 1000)
    if rows:
        assert rows[0]["nearest_km"] == pytest.approx(far.min() / 1000, rel=3e-6, abs=0.001)


def test_a_place_is_a_point(tmp_path):
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, *placed(GROZNY, (0, 1_000)))]))
    place = Place(name={"en": "Grozny"}, lat=GROZNY[0], lon=GROZNY[1])
    assert archive.near(place, 2, DAY).rows() == archive.near(GROZNY, 2, DAY).rows()


@pytest.mark.parametrize(
    ("point", "km", "said"),
    [
        ((43.4, 45.7), 0, "more than 0 km and up to 10,000 km; found 0 km"),
        ((43.4, 45.7), float("nan"), "found nan km"),
        ((43.4, 45.7), 10_001, "found 10001 km"),
        ((95.0, 45.7), 50, "are they swapped"),
        ((95.0, 95.0), 50, "is no point"),
        ((float("nan"), 0), 50, "is no point"),
        ("Grozny", 50, "latitude and longitude"),
        ((43.4,), 50, "latitude and longitude"),
    ],
)
def test_what_is_no_circle_is_said(tmp_path, point, km, said):
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, [43.4], [45.7])]))
    with pytest.raises(ArchiveError, match=said):
        archive.near(point, km, DAY)
