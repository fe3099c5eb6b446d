"""Whose the ground and the sea are, against the polygons of the basemap and distances found here by geodesics alone."""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import positions

from geo.basemap import Area, countries_at, disputed_areas, owners_at, owners_within, sky_distance_m
from geo.basemap.owners import BEYOND, owners
from geo.basemap.store import Kind, Simplified, load
from geo.errors import GeodesyError
from geo.geodesy import EQUATORIAL_RADIUS_M, destination, distance_m
from geo.resources import data

TWELVE_MILES_M = 12 * 1852.0
#: How near the limit drawn at sea is to 12 nautical miles, and a middle line to the middle.
LIMIT_M = 60.0
MIDDLE_M = 150.0
LAND, SEA = "land", "territorial sea"


@cache
def coast() -> tuple[np.ndarray, np.ndarray]:
    """Points 100 m apart on the coasts, (n, 2) in order of latitude, and the code of the land: not from the file."""
    store = load("10m")
    lines = Simplified(store, 0.0)
    kept, codes = [], []
    for polygon in np.flatnonzero(store.polygon_owner >= 0).tolist():
        code = store.codes[store.polygon_owner[polygon]]
        for ring in store.rings(polygon):
            links = range(store.ring_link[ring], store.ring_link[ring + 1])
            for piece in store.link_piece[links]:
                line = int(np.searchsorted(store.line_piece, piece, side="right")) - 1
                if store.line_kind[line] != Kind.COAST:
                    continue
                points = lines._piece(int(piece))  # noqa: SLF001  a ring does not say which of its lines are coasts
                count = np.maximum(np.ceil(np.abs(np.diff(points, axis=0)).max(axis=1) / 0.001), 1).astype(int)
                edge = np.repeat(np.arange(len(count)), count)
                share = (np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)) / count[edge]
                kept.append(points[edge] + share[:, None] * np.diff(points, axis=0)[edge])
                codes.append(np.full(len(edge), code))
    every, owner = np.concatenate(kept), np.concatenate(codes)
    order = np.argsort(every[:, 1], kind="stable")
    return every[order], owner[order]


def nearest_coasts(lat: float, lon: float) -> dict[str, float]:
    """Metres to the nearest coast of each code within half a degree of latitude."""
    points, owner = coast()
    first, last = np.searchsorted(points[:, 1], [lat - 0.5, lat + 0.5])
    near, codes = points[first:last], owner[first:last]
    aside = np.abs((near[:, 0] - lon + 180) % 360 - 180)
    close = aside < 0.5 / max(np.cos(np.radians(lat)), 0.02)
    metres = distance_m(lat, lon, near[close, 1], near[close, 0])
    return {str(code): float(metres[codes[close] == code].min()) for code in set(codes[close].tolist())}


@pytest.mark.parametrize(
    ("lat", "lon", "code", "kind", "disputed"),
    [
        (40.3, 48.5, "AZ", LAND, ()),
        (43.3, 45.7, "RU", LAND, ()),
        (40.3, 50.6, "AZ", SEA, ()),
        (42.5, 49.5, "", "beyond", ()),
        (43.6, 51.0, "KZ", SEA, ()),
        (53.5, 108.2, "RU", LAND, ()),
        (45.2, 34.2, "UA", LAND, ("crimea",)),
        (44.3, 34.3, "UA", SEA, ("crimea",)),
        (43.0, 41.0, "GE", LAND, ("abkhazia",)),
        (42.9, 41.0, "GE", SEA, ("abkhazia",)),
        (42.3, 44.0, "GE", LAND, ("south-ossetia",)),
        (33.0, 35.75, "SY", LAND, ("golan",)),
        (35.3, 79.5, "CN", LAND, ("aksai-chin",)),
        (34.1, 74.8, "IN", LAND, ("jammu-and-kashmir",)),
        (35.9, 74.3, "PK", LAND, ("jammu-and-kashmir",)),
        (28.0, 94.5, "IN", LAND, ("arunachal-pradesh",)),
        (22.4, 35.5, "EG", LAND, ("halaib-triangle",)),
        (21.9, 33.7, "SD", LAND, ("bir-tawil",)),
        (24.5, -13.5, "EH", LAND, ("western-sahara",)),
        (35.3, 33.5, "CY", LAND, ("northern-cyprus",)),
        (9.6, 44.0, "SO", LAND, ("somaliland",)),
        (42.6, 21.0, "XK", LAND, ("kosovo",)),
        (44.1, 145.9, "RU", LAND, ("southern-kuril-islands",)),
        (10.38, 114.3, "", SEA, ("spratly-islands",)),
        (48.0, 37.8, "UA", LAND, ("donetsk-luhansk-2015", "ukraine-four-regions")),
        (-51.7, -59.0, "FK", LAND, ("falkland-islands",)),
        (-16.85, 179.99, "FJ", LAND, ()),
        (-16.85, -179.99, "FJ", LAND, ()),
        (-16.85, 180.0, "FJ", LAND, ()),
        (66.5, 180.0, "RU", LAND, ()),
        (66.5, -175.5, "RU", LAND, ()),
        (71.1, -179.5, "RU", LAND, ()),
        (62.6, 179.9, "RU", SEA, ()),
        (90.0, 10.0, "", "beyond", ()),
        (-90.0, 10.0, "AQ", LAND, ("antarctica",)),
        (-66.9, 93.0, "AQ", LAND, ("antarctica",)),
        (-65.0, 93.0, "", "beyond", ()),
    ],
)
def test_places_lie_where_they_lie(lat, lon, code, kind, disputed):
    assert owners_at(lat, lon) == (Area(code, kind, disputed),)


@given(positions)
@settings(max_examples=300)
def test_on_land_it_is_whose_the_polygons_say(position):
    (area,) = owners_at(*position)
    if "golan" in area.disputed or "shebaa-farms" in area.disputed:
        assert area.code == "SY"
    else:
        assert countries_at(*position) == ((area.code,) if area.kind == LAND and area.code else ())


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_the_territorial_sea_ends_12_miles_from_the_coast_and_is_that_of_the_nearest(data):
    points, codes = coast()
    sovereign = np.flatnonzero((codes != "AQ") & (codes != ""))
    start = sovereign[data.draw(st.integers(0, len(sovereign) - 1))]
    azimuth, away = data.draw(st.floats(0, 360)), data.draw(st.floats(0, 2 * TWELVE_MILES_M))
    spot = destination(points[start, 1], points[start, 0], azimuth, away)
    lat, lon = float(spot.lat), float(spot.lon)
    (area,) = owners_at(lat, lon)
    near = {code: metres for code, metres in nearest_coasts(lat, lon).items() if code != "AQ"}
    least = min(near.values())
    assume(abs(least - TWELVE_MILES_M) > LIMIT_M)
    if area.kind == LAND:
        return
    assert area.kind == (SEA if least < TWELVE_MILES_M else "beyond")
    if area.kind == SEA:
        assert near[area.code] <= least + MIDDLE_M


@given(positions, st.floats(0, 300_000), st.floats(0, 300_000))
@settings(max_examples=100, deadline=None)
def test_a_wider_circle_touches_no_less(position, one, other):
    narrow, wide = sorted([one, other])
    assert set(owners_at(*position)) <= set(owners_within(*position, narrow)) <= set(owners_within(*position, wide))


@given(positions, st.floats(1_000, 200_000), st.floats(0, 360), st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_a_circle_touches_whatever_lies_in_it(position, radius, azimuth, share):
    spot = destination(*position, azimuth, radius * share * 0.999)
    assert owners_at(spot.lat, spot.lon)[0] in owners_within(*position, radius)


@pytest.mark.parametrize(
    ("lat", "lon", "radius_m", "codes"),
    [
        (-16.8, 179.6, 60_000, {"", "FJ"}),
        (65.75, 180.0, 600_000, {"", "RU", "US"}),
        (89.9, 0.0, 300_000, {""}),
        (-89.9, 0.0, 100_000, {"AQ"}),
        (89.0, 30.0, 900_000, {"", "CA", "GL", "NO", "RU"}),
    ],
)
def test_circles_over_the_antimeridian_and_the_poles(lat, lon, radius_m, codes):
    assert {area.code for area in owners_within(lat, lon, radius_m)} == codes


def test_the_distance_to_a_states_sky_is_that_to_its_sea():
    paris, new_york = (48.85, 2.35), (40.7, -74.0)
    assert sky_distance_m(*paris, "FR") == 0
    assert sky_distance_m(*new_york, "XX") == np.inf
    at_sea = (40.0, -72.0)
    land = nearest_coasts(*at_sea)
    assert land == {} or min(land.values()) > TWELVE_MILES_M
    points, codes = coast()
    american = points[codes == "US"]
    least = distance_m(*at_sea, american[:, 1], american[:, 0]).min()
    assert sky_distance_m(*at_sea, "US") == pytest.approx(least - TWELVE_MILES_M, abs=LIMIT_M)


@given(positions, st.floats(-30, 30), st.floats(-60, 60))
@settings(max_examples=100, deadline=None)
def test_between_crossings_nothing_changes(position, up, aside):
    lat = np.array([position[0], np.clip(position[0] + up, -90, 90)])
    lon = np.array([position[1], position[1] + aside])
    ground = owners()
    found = ground.crossings(lat, lon)
    assert (found.segment == 0).all()
    share = np.concatenate([[0.0], np.sort(found.share), [1.0]])
    for early, late in pairwise(share):
        inside = early + np.array([0.1, 0.3, 0.5, 0.9]) * (late - early)
        if (late - early) * max(abs(up), abs(aside)) > 1e-6:
            assert len(set(ground.at(*(side[0] + inside * (side[1] - side[0]) for side in (lat, lon))).tolist())) == 1


def test_every_segment_goes_on_at_both_ends():
    ground = owners()
    ends = np.rint(np.concatenate([ground.first, ground.second]) * 1e6).astype(np.int64)
    pairs = np.unique(np.hstack([ends[: len(ground.first)], ends[len(ground.first) :]]), axis=0)
    ends, count = np.unique(pairs.reshape(-1, 2), axis=0, return_counts=True)
    loose = ends[count == 1]
    # Across the antimeridian the other half has another longitude.
    assert (np.abs(loose[:, 0]) == 180_000_000).all()
    assert (ground.left != ground.right).all()


def test_the_sea_off_a_coast_is_that_of_the_land_behind_it():
    ground = owners()
    code, kind = (np.array([getattr(area, name) for area in ground.areas]) for name in ("code", "kind"))
    left, right = kind[ground.left], kind[ground.right]
    shore = ((left == LAND) & (right == SEA)) | ((left == SEA) & (right == LAND))
    other = shore & (code[ground.left] != code[ground.right])
    assert shore.sum() > 300_000
    assert other.sum() < 300  # about one segment at the end of a border


@pytest.mark.parametrize(
    ("key", "km2", "within"),
    [
        ("abkhazia", 8_665, 0.03),
        ("south-ossetia", 3_900, 0.2),
        ("transnistria", 4_163, 0.3),
        ("nagorno-karabakh", 4_388, 0.05),
        ("northern-cyprus", 3_355, 0.05),
        ("golan", 1_200, 0.1),
        ("west-bank", 5_655, 0.1),
        ("gaza", 365, 0.12),
        ("kosovo", 10_887, 0.02),
        ("western-sahara", 266_000, 0.02),
        ("halaib-triangle", 20_580, 0.15),
        ("bir-tawil", 2_060, 0.15),
        ("essequibo", 159_500, 0.12),
        ("falkland-islands", 12_173, 0.06),
    ],
)
def test_a_disputed_area_is_about_as_large_as_it_is_said_to_be(key, km2, within):
    ground = owners()
    wanted = np.array([key in area.disputed and area.kind == LAND for area in ground.areas])
    edges = wanted[ground.left] | wanted[ground.right]
    low = np.minimum(ground.first[edges], ground.second[edges]).min(axis=0)
    high = np.maximum(ground.first[edges], ground.second[edges]).max(axis=0)
    lon, lat = (np.linspace(low[axis], high[axis], 402)[1:-1:2] for axis in (0, 1))
    lons, lats = (grid.ravel() for grid in np.meshgrid(lon, lat))
    inside = wanted[ground.at(lats, lons)]
    cell = np.radians(lon[1] - lon[0]) * np.radians(lat[1] - lat[0]) * EQUATORIAL_RADIUS_M**2
    assert (inside * cell * np.cos(np.radians(lats))).sum() / 1e6 == pytest.approx(km2, rel=within + 0.01)


def test_disputed_areas_are_named_and_dated():
    areas = disputed_areas()
    held = {key for area in owners().areas for key in area.disputed}
    assert held == set(areas)
    for area in areas.values():
        assert {"de", "en", "ru"} <= set(area.names)
        assert area.why
        assert area.name("fr") == area.names["en"]
        assert area.name("de-AT") == area.names["de"]
        assert area.since_s is None or area.until_s is None or area.since_s < area.until_s
    crimea = areas["crimea"]
    assert crimea.claimed_by == ("UA", "RU")
    assert [crimea.holds_at(time) for time in (1_395_100_799, 1_395_100_800)] == [False, True]  # 18 March 2014
    assert [areas["nagorno-karabakh"].holds_at(time) for time in (1_704_067_199, 1_704_067_200)] == [True, False]


def test_readme_names_the_file_that_is_there():
    digest = hashlib.sha256(data("basemap", "owners.npz").read_bytes()).hexdigest()
    assert digest in data("basemap", "README.md").read_text(encoding="utf-8")


def test_beyond_is_the_first_area():
    assert owners().areas[0] == BEYOND


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (np.nan, 0), (0, np.inf)])
def test_a_point_that_does_not_exist_is_refused(lat, lon):
    with pytest.raises(GeodesyError):
        owners_at(lat, lon)
