"""Land, water and borders: what a view is given, at every scale, across the antimeridian and at the poles."""

from __future__ import annotations

import gzip
import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pytest
from basemap_points import LAND, WATER, flat_lines, inside
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.basemap import Scale, basemap, decode, scale_for
from geo.basemap.store import SCALES, Kind, Simplified, load
from geo.errors import GeodesyError

if TYPE_CHECKING:
    from geo.basemap.store import Store

FLAGSHIP = (44.0, 39.3, 53.5, 45.5)
WORLD = (-180.0, -90.0, 180.0, 90.0)
CHUKOTKA = (170.0, 50.0, 200.0, 72.0)

scales = pytest.mark.parametrize("scale", SCALES)


def padded(bounds: tuple[float, float, float, float], share: float = 0.5) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    wide, high = (east - west) * share, (north - south) * share
    return west - wide, south - high, east + wide, north + high


def segments(store: Store, *kinds: Kind) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Every step of the lines of some kinds, as stored, without direction and in one turn."""
    lines = Simplified(store, 0.0)
    found = []
    for number in np.flatnonzero(np.isin(store.line_kind, kinds)).tolist():
        points = np.rint(lines.line(number) * 1000).astype(int)
        points[:, 0] = (points[:, 0] + 180_000) % 360_000
        vertices = [tuple(point) for point in points.tolist()]
        found += [(min(a, b), max(a, b)) for a, b in pairwise(vertices)]
    return found


@scales
def test_water_is_water_and_land_is_land(scale: Scale) -> None:
    world = basemap(WORLD, scale=scale)
    for name, (lat, lon) in WATER.items():
        assert not inside(world, lat, lon), name
    for name, (lat, lon) in LAND.items():
        assert inside(world, lat, lon), name


@scales
@pytest.mark.parametrize("turns", [0, 1])
def test_a_small_view_shows_its_ground_in_any_turn(scale: Scale, turns: int) -> None:
    for dry, points in ((False, WATER), (True, LAND)):
        for name, (lat, lon) in points.items():
            there = lon - math.copysign(360 * turns, lon)
            if abs(lat) < 80:
                view = basemap((there - 6, lat - 4, there + 6, lat + 4), scale=scale)
                assert inside(view, lat, there) == dry, name


def test_the_aral_sea_is_two_remains() -> None:
    view = basemap((57, 43, 63, 48))
    assert not inside(view, 45.0, 58.6)
    assert not inside(view, 46.5, 60.8)
    assert inside(view, 44.5, 60.3)  # the bed that fell dry


def test_the_flagship_view_has_coast_islands_and_borders_and_is_light() -> None:
    view = basemap(padded(FLAGSHIP))
    assert view["scale"] == "10m"
    assert len(view["land"]) > 5
    assert view["borders"]
    assert view["credit"] == "Natural Earth"
    assert len(gzip.compress(orjson.dumps(view), 9)) <= 12_000


def test_a_world_view_is_light() -> None:
    assert len(gzip.compress(orjson.dumps(basemap(WORLD)), 9)) <= 25_000


def test_the_scale_follows_the_size_of_the_view() -> None:
    assert [scale_for(view) for view in (FLAGSHIP, (-12, 34, 40, 70), WORLD)] == ["10m", "50m", "110m"]
    assert basemap(FLAGSHIP, scale="110m")["scale"] == "110m"


@settings(deadline=None)  # the first example loads the file
@given(west=st.floats(-360, 300), south=st.floats(-89, 80), width=st.floats(0.5, 120), height=st.floats(0.5, 60))
def test_a_view_is_pure_json_inside_its_bounds(west: float, south: float, width: float, height: float) -> None:
    asked = (west, south, min(west + width, 540), min(south + height, 90))
    view = basemap(asked, scale="110m")
    assert json.loads(json.dumps(view)) == view
    assert view == basemap(asked, scale="110m")
    quantum, bounds = view["quantum"], view["bounds"]
    for drawn, wanted, sign in zip(bounds, asked, (-1, -1, 1, 1), strict=True):
        assert -1e-9 <= sign * (drawn - wanted) < quantum + 1e-9
    for flat in flat_lines(view):
        lon, lat = np.array(decode(flat, quantum)).T
        assert lon.min() >= bounds[0]
        assert lon.max() <= bounds[2]
        assert lat.min() >= bounds[1]
        assert lat.max() <= bounds[3]


@given(
    st.lists(st.tuples(st.integers(-540_000, 540_000), st.integers(-90_000, 90_000)), min_size=1, max_size=50),
    st.sampled_from([0.1, 0.02, 0.005, 0.001, 0.0002]),
)
def test_decode_gives_back_what_was_coded(points: list[tuple[int, int]], quantum: float) -> None:
    flat = np.diff(np.array(points), axis=0, prepend=[[0, 0]]).ravel().tolist()
    for (lon, lat), (x, y) in zip(decode(flat, quantum), points, strict=True):
        assert lon == pytest.approx(x * quantum, abs=1e-9)
        assert lat == pytest.approx(y * quantum, abs=1e-9)


@pytest.mark.parametrize("bounds", [FLAGSHIP, CHUKOTKA, (-12, 34, 40, 70), WORLD, (100, -90, 300, -60)])
def test_the_frame_is_never_a_coast(bounds: tuple[float, ...]) -> None:
    view = basemap(bounds)
    west, south, east, north = view["bounds"]
    for flat in [*view["coast"], *view["borders"], *view["disputed"]]:
        line = np.array(decode(flat, view["quantum"]))
        for axis, sides in ((0, (west, east)), (1, (south, north))):
            for side in sides:
                on = np.abs(line[:, axis] - side) < view["quantum"] / 2
                # Where a shore meets the frame at a sharp angle, rounding may lay a few steps of it on the frame.
                steps = np.abs(np.diff(line, axis=0)).max(axis=1)
                assert steps[on[:-1] & on[1:]].max(initial=0) < 4 * view["quantum"]


def test_the_land_is_filled_to_the_frame() -> None:
    view = basemap((20, 50, 30, 56))  # no sea but a corner of the Baltic
    west, south, east, north = view["bounds"]
    for lat, lon in [(south, east), (north, east), (south, west)]:
        assert inside(view, lat + (0.01 if lat == south else -0.01), lon + (0.01 if lon == west else -0.01))


def test_a_view_across_the_antimeridian_is_one_piece() -> None:
    east = basemap(CHUKOTKA)
    west = basemap((-190.0, 50.0, -160.0, 72.0))
    for layer in ("land", "lakes", "coast", "borders", "disputed"):
        assert len(east[layer]) == len(west[layer])
    for ours, theirs in zip(flat_lines(east), flat_lines(west), strict=True):
        there = [(lon + 360, lat) for lon, lat in decode(theirs, west["quantum"])]
        assert decode(ours, east["quantum"]) == [pytest.approx(point) for point in there]
    for lon in (179.9, 180.0, 180.1, 184.5):
        assert inside(east, 66.5, lon)
    assert not inside(east, 60.0, 180.0)
    assert east["coast"]
    for flat in east["coast"]:
        on = np.abs(np.array(decode(flat, east["quantum"]))[:, 0] - 180) < 0.005
        assert not (on[:-2] & on[1:-1] & on[2:]).any()


@scales
def test_nothing_stored_runs_along_the_antimeridian(scale: Scale) -> None:
    drawn = segments(load(scale), Kind.COAST, Kind.BORDER, Kind.DISPUTED)
    assert drawn
    assert not [(a, b) for a, b in drawn if a[0] == b[0] == 0 and abs(a[1] - b[1]) > 60]


@scales
def test_the_poles(scale: Scale) -> None:
    south = basemap((-180, -90, 180, -60), scale=scale)
    assert all(inside(south, lat, lon) for lat in (-89.9, -86) for lon in (-179.9, -60, 0, 120, 179.9))
    assert not inside(south, -62, 0)
    across = basemap((100, -90, 300, -60), scale=scale)
    assert all(inside(across, -88, lon) for lon in (100.1, 179.9, 180, 180.1, 299.9))
    assert not any(np.array(decode(flat, across["quantum"]))[:, 1].min() < -86 for flat in across["coast"])
    north = basemap((-180, 84, 180, 90), scale=scale)
    assert north["land"] == north["coast"] == []


@scales
def test_a_border_is_drawn_once_and_never_along_a_coast(scale: Scale) -> None:
    store = load(scale)
    coast = segments(store, Kind.COAST)
    between = segments(store, Kind.BORDER, Kind.DISPUTED)
    assert len(between) == len(set(between))
    assert len(coast) == len(set(coast))
    # At 1:110 million and 1:50 million a disputed line comes from another package and may touch a coast in a point.
    assert not set(coast) & set(between)


def box_has(lines: list[list[int]], quantum: float, west: float, south: float, east: float, north: float) -> bool:
    points = [point for flat in lines for point in decode(flat, quantum)]
    return any(west < lon < east and south < lat < north for lon, lat in points)


@scales
@pytest.mark.parametrize(
    "box",
    [
        pytest.param((33.3, 45.7, 35.2, 46.3), id="Perekop"),
        pytest.param((-12.9, 27.5, -9.0, 27.8), id="Western Sahara"),
        pytest.param((20.2, 42.2, 21.8, 43.3), id="Kosovo"),
        pytest.param((78.2, 34.0, 79.6, 35.3), id="Aksai Chin"),
        pytest.param((74.0, 34.0, 76.5, 34.9), id="Line of Control"),
        pytest.param((35.7, 32.75, 36.0, 33.2), id="Golan"),
        pytest.param((27.0, 9.2, 31.0, 10.3), id="Sudan and South Sudan"),
        pytest.param((32.8, 35.05, 33.4, 35.3), id="Cyprus"),
    ],
)
def test_what_is_disputed_is_no_border(scale: Scale, box: tuple[float, float, float, float]) -> None:
    west, south, east, north = box
    view = basemap((west - 1, south - 1, east + 1, north + 1), scale=scale)
    assert box_has(view["disputed"], view["quantum"], west - 0.3, south - 0.3, east + 0.3, north + 0.3)
    if box[0] != 20.2:  # Kosovo has other neighbours in the box
        assert not box_has(view["borders"], view["quantum"], *box)


@pytest.mark.parametrize(
    ("bounds", "says"),
    [
        ((53.5, 39.3, 44.0, 45.5), "west < east"),
        ((44.0, 45.5, 53.5, 39.3), "south < north"),
        ((44.0, 39.3, 53.5, 91.0), "south < north"),
        ((-200.0, 0.0, 200.0, 10.0), "360"),
        ((600.0, 0.0, 610.0, 10.0), "-540 to 540"),
        ((44.0, float("nan"), 53.5, 45.5), "number"),
    ],
)
def test_bounds_that_do_not_exist_are_refused(bounds: Any, says: str) -> None:
    with pytest.raises(GeodesyError, match=says):
        basemap(bounds)
