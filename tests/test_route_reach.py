"""The reach against random feasible flights: none leaves it, and its border is touched."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, contains_xy

from geo.geodesy import LONGEST_M, area_m2, destination, distance_m, inverse, wrap
from geo.route.reach import Anchor, Budget, Reach

KNOT = 0.514444
MINUTE = 60.0
#: From A to B over ordinary land, over the antimeridian, near a pole and over it.
PLACES = {
    "Caspian": ((43.39, 45.70), (43.87, 50.3)),
    "antimeridian": ((60.0, 178.5), (58.0, -176.0)),
    "pole": ((86.0, 20.0), (87.5, -170.0)),
    "south pole": ((-89.0, 0.0), (-89.2, 100.0)),
    "one place": ((10.0, 10.0), (10.0, 10.0)),
}


def reach_of(
    name: str, minutes: float = 54.0, speed_kt: float = 480.0, within: tuple[float, float] = (0.0, 0.0)
) -> Reach:
    (lat1, lon1), (lat2, lon2) = PLACES[name]
    end = minutes * MINUTE
    ends = (Anchor(lat1, lon1, 0.0, 0.0, within[0]), Anchor(lat2, lon2, end, end, within[1]))
    return Reach(0.0, end, ends, Budget.steady(0.0, end, speed_kt * KNOT))


def plane(outline, lat0: float, lon0: float) -> Polygon:
    """The outline on an azimuthal equidistant plane, found here by geodesics alone."""
    way = inverse(lat0, lon0, outline.lat, outline.lon)
    turn = np.radians(way.azimuth_deg)
    return Polygon(np.column_stack([way.distance_m * np.sin(turn), way.distance_m * np.cos(turn)]))


def on_plane(lat, lon, lat0: float, lon0: float):
    way = inverse(lat0, lon0, lat, lon)
    turn = np.radians(way.azimuth_deg)
    return way.distance_m * np.sin(turn), way.distance_m * np.cos(turn)


def flown(reach: Reach, corners: list, room: float, rng: np.random.Generator):
    """Where flights through corners are at seven times: as fast as may be and then waiting, or late, or evenly."""
    legs = [inverse(*a, *b) for a, b in pairwise(corners)]
    length = sum(leg.distance_m for leg in legs)
    times = np.linspace(reach.start_s, reach.end_s, 7)
    share = (times - reach.start_s) / (reach.end_s - reach.start_s)
    slack = room / np.maximum(length, 1.0)
    way = rng.integers(0, 3, len(length))[:, None]
    early = np.minimum(np.outer(slack, share), 1.0)
    late = 1.0 - np.minimum(np.outer(slack, 1 - share), 1.0)
    gone = np.where(way == 0, early, np.where(way == 1, late, share)) * length[:, None]
    lat, lon = np.empty_like(gone), np.empty_like(gone)
    passed = np.zeros(len(length))
    for (a_lat, a_lon), leg in zip(corners[:-1], legs, strict=True):
        here = gone - passed[:, None]
        ahead = np.clip(here, 0, leg.distance_m[:, None])
        spot = destination(a_lat[:, None], a_lon[:, None], leg.azimuth_deg[:, None], ahead)
        lat, lon = np.where(here >= 0, spot.lat, lat), np.where(here >= 0, spot.lon, lon)
        passed += leg.distance_m
    return lat, lon, times


def flights(reach: Reach, count: int, seed: int = 7):
    """Random feasible flights: start and end within the known ends, two turning points, no faster than the limit.

    Gives latitudes, longitudes (flights, times), the times, and where each first turned, by laying out many and
    keeping those short enough.
    """
    rng = np.random.default_rng(seed)
    one, other = reach.anchors
    room = float(reach.budget.between_m(reach.start_s, reach.end_s))
    start = destination(one.lat, one.lon, rng.uniform(0, 360, count), one.within_m * np.sqrt(rng.uniform(0, 1, count)))
    end = destination(
        other.lat, other.lon, rng.uniform(0, 360, count), other.within_m * np.sqrt(rng.uniform(0, 1, count))
    )
    line = inverse(one.lat, one.lon, other.lat, other.lon)
    middle = destination(one.lat, one.lon, line.azimuth_deg, line.distance_m / 2)
    turns = [
        destination(
            middle.lat,
            middle.lon,
            rng.uniform(0, 360, count),
            (room / 2 + max(one.within_m, other.within_m)) * rng.beta(1.2, 1.0, count),
        )
        for _ in range(2)
    ]
    # Half of them begin and end anywhere about the known ends, the others on the side of the turn.
    aside = rng.uniform(size=count) < 0.5
    start, end = (
        destination(
            end.lat,
            end.lon,
            np.where(
                aside, rng.uniform(0, 360, count), inverse(end.lat, end.lon, turns[0].lat, turns[0].lon).azimuth_deg
            ),
            end.within_m * np.where(aside, np.sqrt(rng.uniform(0, 1, count)), 1.0),
        )
        for end in (one, other)
    )
    # Half of the flights turn once, far out, so that the border is tried.
    once = rng.uniform(size=count) < 0.5
    second_lat, second_lon = np.where(once, turns[0].lat, turns[1].lat), np.where(once, turns[0].lon, turns[1].lon)
    corners = [(start.lat, start.lon), (turns[0].lat, turns[0].lon), (second_lat, second_lon), (end.lat, end.lon)]
    legs = [inverse(*a, *b) for a, b in pairwise(corners)]
    length = sum(leg.distance_m for leg in legs)
    kept = np.flatnonzero(length <= room)
    lat, lon, times = flown(reach, [(a[kept], b[kept]) for a, b in corners], room, rng)
    return lat, lon, times, (turns[0].lat[kept], turns[0].lon[kept])


@pytest.mark.parametrize("within", [(0.0, 0.0), (20_000.0, 8_000.0)])
@pytest.mark.parametrize("name", PLACES)
def test_no_feasible_flight_leaves_the_area_and_its_border_is_touched(name, within):
    reach = reach_of(name, within=within)
    lat, lon, times, turned = flights(reach, 100_000)
    assert len(lat) > 5_000
    (outline,) = reach.outline()
    # The middle of the two ends, where the plane is true.
    one, other = reach.anchors
    line = inverse(one.lat, one.lon, other.lat, other.lon)
    centre = destination(one.lat, one.lon, line.azimuth_deg, line.distance_m / 2)
    lat0, lon0 = float(centre.lat), float(centre.lon)
    area = plane(outline, lat0, lon0)
    x, y = on_plane(lat.ravel(), lon.ravel(), lat0, lon0)
    assert contains_xy(area, x, y).all()
    # In each of 24 directions some flight comes within one per cent of the border.
    x, y = on_plane(*turned, lat0, lon0)
    bearing, away = np.degrees(np.arctan2(x, y)) % 360, np.hypot(x, y)
    edge_x, edge_y = np.array(area.exterior.coords).T
    edge_bearing, edge = np.degrees(np.arctan2(edge_x, edge_y)) % 360, np.hypot(edge_x, edge_y)
    order = np.argsort(edge_bearing)
    border = np.interp(bearing, edge_bearing[order], edge[order], period=360)
    for sector in range(24):
        inside = (bearing // 15) == sector
        assert (away[inside] / border[inside]).max() > 0.99
    for moment, here in zip(reach.moments(times[1:-1]), range(1, 6), strict=True):
        lens = plane(moment, lat0, lon0)
        px, py = on_plane(lat[:, here], lon[:, here], lat0, lon0)
        assert contains_xy(lens.buffer(1.0), px, py).all()


@pytest.mark.parametrize("name", PLACES)
def test_the_outlines_are_hardly_larger_than_the_condition_they_stand_for(name):
    reach = reach_of(name)
    (outline,) = reach.outline()
    one, other = reach.anchors
    room = float(reach.budget.between_m(0, reach.end_s))
    ways = distance_m(outline.lat, wrap(outline.lon), one.lat, one.lon) + distance_m(
        outline.lat, wrap(outline.lon), other.lat, other.lon
    )
    assert (ways >= room - 1).all()
    assert (ways <= room * 1.003).all()
    times = np.linspace(60, reach.end_s - 60, 9)
    for moment, time_s in zip(reach.moments(times), times, strict=True):
        beyond = reach.beyond_m(moment.lat, wrap(moment.lon), time_s)
        width = reach.radii_m(time_s).min()
        assert (beyond > -1).all()
        assert (beyond < 0.005 * width + 5).all()


def test_the_area_of_a_small_reach_is_that_of_an_ellipse():
    reach = reach_of("Caspian", minutes=40.0)
    one, other = reach.anchors
    apart = float(distance_m(one.lat, one.lon, other.lat, other.lon))
    long_m = float(reach.budget.between_m(0, reach.end_s))
    ellipse = np.pi / 4 * long_m * np.sqrt(long_m**2 - apart**2) / 1e6
    # The Earth is no plane: a few ten-thousandths at this size.
    assert reach.area_km2 == pytest.approx(ellipse, rel=5e-3)


def test_with_one_end_the_reach_grows_as_a_disc():
    gone = Reach(0.0, 600.0, (Anchor(50, 10, 0, 0),), Budget.steady(0, 600, 200.0))
    outline, *_ = gone.moments([300.0])
    assert distance_m(50, 10, outline.lat, outline.lon) == pytest.approx(60_000, rel=5e-3)
    assert gone.area_km2 == pytest.approx(np.pi * 120**2, rel=5e-3)
    coming = Reach(0.0, 600.0, (Anchor(50, 10, 600, 600),), Budget.steady(0, 600, 200.0))
    assert coming.area_km2 == pytest.approx(gone.area_km2, rel=1e-9)
    outline, *_ = coming.moments([450.0])
    assert distance_m(50, 10, outline.lat, outline.lon) == pytest.approx(30_000, rel=5e-3)


def test_a_known_place_between_makes_a_chain_smaller_than_the_gap_without_it():
    end = 100 * MINUTE
    ends = Anchor(42.8, 47.5, 0, 0), Anchor(43.87, 50.3, end, end)
    between = Anchor(43.39, 45.70, 44 * MINUTE, 46 * MINUTE, 20_000.0)
    budget = Budget.steady(0, end, 480 * KNOT)
    alone, chain = Reach(0, end, ends, budget), Reach(0, end, (ends[0], between, ends[1]), budget)
    assert chain.area_km2 < 0.6 * alone.area_km2
    for moment in chain.moments(np.arange(0, end, 300)):
        assert (alone.beyond_m(moment.lat, wrap(moment.lon), 0) > -np.inf).all()
    middle, *_ = chain.moments([45 * MINUTE])
    assert area_m2(middle.lat, middle.lon) < np.pi * (20_000 + 60 * 480 * KNOT) ** 2 * 1.01
    least, greatest = chain.away_m(43.39, 45.70, [45 * MINUTE])
    assert least[0] == 0
    assert greatest[0] <= 20_000 + 60 * 480 * KNOT + 200


def test_ends_too_far_apart_for_the_speed_are_said_to_be_so():
    reach = reach_of("Caspian", minutes=10.0, speed_kt=300)
    assert reach.lacking_m > 0
    assert reach.outline() == ()
    assert np.isnan(reach.area_km2)
    assert reach.moments([300.0]) == (None,)
    assert np.isnan(reach.away_m(43.0, 46.0, [300.0])[0]).all()


def test_what_is_wider_than_a_quarter_of_the_earth_is_not_outlined():
    day = 86_400.0
    reach = Reach(0, day, (Anchor(0, 0, 0, 0), Anchor(0, 1, day, day)), Budget.steady(0, day, 250.0))
    assert reach.outline() == ()
    assert reach.moments([day / 2]) == (None,)


@settings(deadline=None, max_examples=40)
@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(0, 360),
    st.floats(1_000, 600_000),
    st.floats(1.001, 6.0),
    st.floats(0.02, 0.98),
)
def test_the_moment_lies_in_the_whole_and_holds_its_own_distances(lat, lon, azimuth, apart, spare, share):
    end = destination(lat, lon, azimuth, apart)
    anchors = (Anchor(lat, lon, 0, 0), Anchor(float(end.lat), float(end.lon), 1000, 1000))
    reach = Reach(0, 1000, anchors, Budget.steady(0, 1000, apart * spare / 1000))
    if apart * spare > LONGEST_M / 8:
        return
    (whole,) = reach.outline()
    moment, *_ = reach.moments([share * 1000])
    ways = sum(distance_m(moment.lat, wrap(moment.lon), a.lat, a.lon) for a in anchors)
    assert (ways <= apart * spare * 1.006 + 10).all()
    assert area_m2(moment.lat, moment.lon) <= area_m2(whole.lat, whole.lon) * 1.002 + 1
    spot = destination(lat, lon, azimuth, apart / 2)
    least, greatest = reach.away_m(float(spot.lat), float(spot.lon), [share * 1000])
    away = distance_m(moment.lat, wrap(moment.lon), float(spot.lat), float(spot.lon))
    assert least[0] <= away.min() + 0.005 * apart * spare + 1
    assert greatest[0] >= away.max() * 0.995 - 50


def test_a_budget_may_be_slower_where_an_altitude_was_received():
    slow = Budget(np.array([0.0, 500.0, 1000.0]), np.array([0.0, 50_000.0, 200_000.0]))
    reach = Reach(0, 1000, (Anchor(0, 0, 0, 0),), slow)
    assert reach.radii_m([250.0, 500.0, 750.0])[0].tolist() == [25_000.0, 50_000.0, 125_000.0]
    assert slow.between_m(750.0, 250.0) == pytest.approx(100_000)


def test_the_area_around_a_pole_holds_the_pole():
    outline, *_ = reach_of("south pole").moments([27 * MINUTE])
    assert abs(outline.lon[-1] - outline.lon[0]) == pytest.approx(360, abs=1e-6)
    assert plane(outline, -90.0, 0.0).contains(Point(0, 0))
