from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_archive import lay
from made_flown import UBBB, URMG, T, hours, jump, line, opened, rows

from geo.errors import ArchiveError
from geo.geodesy import distance_m

CAIRO = (30.12, 31.40)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Two aircraft that jump from near Grozny to Cairo and back, one that jumps over the antimeridian."""
    jumps = [
        jump("600841", T + 5 * MINUTE, (43.4, 45.9), CAIRO),
        jump("600841", T + 9 * MINUTE, CAIRO, (43.5, 45.8)),
        jump("600842", T + 70 * MINUTE, (43.4, 45.2), CAIRO),
        jump("600842", T + 70 * MINUTE + timedelta(milliseconds=1), CAIRO, (30.9, 31.99)),
        jump("7e2010", T + 5 * MINUTE, (50.0, 179.9), (50.0, -179.9)),
    ]
    return opened(lay(tmp_path_factory.mktemp("jumping"), [rows("600841", None, *line(UBBB, URMG))], (), jumps))


def found(answer):
    return [(row["icao24"], round((row["time"] - T) / MINUTE)) for row in answer.rows()]


def test_jumps_come_in_order_of_time(archive):
    answer = archive.jumps(None, hours(0, 3))
    assert found(answer) == [("600841", 5), ("7e2010", 5), ("600841", 9), ("600842", 70), ("600842", 70)]
    first = answer.rows()[0]
    assert (first["lat_before"], first["lon"], first["altitude_ft"]) == (43.4, 31.40, 30_000)


def test_a_jump_counts_when_it_ends(archive):
    start, end = T + 5 * MINUTE, T + 9 * MINUTE
    assert found(archive.jumps(None, (start, end))) == [("600841", 5), ("7e2010", 5)]
    assert found(archive.jumps(None, (start + timedelta(milliseconds=1), end))) == []


@pytest.mark.parametrize(
    ("area", "whose"),
    [
        pytest.param((URMG, 30), [("600841", 5), ("600841", 9)], id="either end near a point"),
        pytest.param(((30.1, 31.4), 5.0), [("600841", 5), ("600841", 9), ("600842", 70), ("600842", 70)], id="Cairo"),
        pytest.param(
            [(43, 45), (43, 46), (44, 46), (44, 45)], [("600841", 5), ("600841", 9), ("600842", 70)], id="box"
        ),
        pytest.param([(49, 179.95), (49, -179.8), (51, -179.8), (51, 179.95)], [("7e2010", 5)], id="antimeridian"),
        pytest.param(((50.0, 180.0), 8), [("7e2010", 5)], id="both ends in it: once"),
        pytest.param(((0.0, 0.0), 100), [], id="nowhere near"),
    ],
)
def test_a_jump_is_of_an_area_that_either_end_lies_in(archive, area, whose):
    assert found(archive.jumps(area, hours(0, 3))) == whose


def test_jumps_by_hour_and_cell(archive):
    names = ("cell_lat", "cell_lon", "jumps", "aircraft", "away", "into")
    answer = archive.jumps(None, hours(0, 3), by="hour").rows()
    assert [(round((row["hour"] - T) / MINUTE), *(row[name] for name in names)) for row in answer] == [
        (0, 30, 31, 2, 1, 1, 1),
        (0, 43, 45, 2, 1, 1, 1),
        (0, 50, -180, 1, 1, 0, 1),
        (0, 50, 179, 1, 1, 1, 0),
        (60, 30, 31, 2, 1, 1, 2),
        (60, 43, 45, 1, 1, 1, 0),
    ]
    far = float(distance_m(43.4, 45.2, *CAIRO)) / 1000
    near = float(distance_m(*CAIRO, 30.9, 31.99)) / 1000
    at_cairo = answer[4]
    assert at_cairo["greatest_km"] == pytest.approx(far, abs=6e-4)
    assert at_cairo["median_km"] == pytest.approx((far + near) / 2, abs=6e-4)


def test_by_hour_only_the_ends_in_the_area_count(archive):
    answer = archive.jumps((URMG, 30), hours(0, 3), by="hour").rows()
    assert [(row["cell_lat"], row["cell_lon"], row["jumps"]) for row in answer] == [(43, 45, 2)]


@settings(max_examples=15, deadline=None)
@given(
    ends=st.lists(
        st.tuples(st.integers(-90, 90), st.integers(-180, 180), st.integers(-90, 90), st.integers(-180, 180)),
        min_size=1,
        max_size=12,
    )
)
def test_every_jump_begins_and_ends_in_one_cell(tmp_path_factory, ends):
    jumps = [
        jump(f"{0xA00000 + at:06x}", T + at * MINUTE, (lat, lon), (other_lat, other_lon))
        for at, (lat, lon, other_lat, other_lon) in enumerate(ends)
    ]
    root = lay(tmp_path_factory.mktemp("cells"), [rows("600841", None, *line(UBBB, URMG))], (), jumps)
    answer = opened(root).jumps(None, hours(0, 1), by="hour").rows()
    assert sum(row["away"] for row in answer) == sum(row["into"] for row in answer) == len(ends)
    assert all(-90 <= row["cell_lat"] <= 89 and -180 <= row["cell_lon"] <= 179 for row in answer)
    assert all(row["aircraft"] <= row["jumps"] <= row["away"] + row["into"] for row in answer)


@pytest.mark.parametrize(
    ("area", "by", "said"),
    [
        (None, "day", 'by "jump" or by "hour"'),
        ((URMG, 0), "jump", "a distance is more than 0 km"),
        (((95.0, 0.0), 5), "jump", "is no point"),
        ([(43, 45), (43, 46)], "jump", "three corners"),
    ],
)
def test_what_is_none_is_refused(archive, area, by, said):
    with pytest.raises(ArchiveError, match=said):
        archive.jumps(area, hours(0, 1), by=by)
