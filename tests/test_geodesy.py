from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies import azimuths, inhabited, positions

from geo import geodesy
from geo.errors import GeodesyError

BAKU, GROZNY, AKTAU = (40.4675, 50.0467), (43.3881, 45.6998), (43.8601, 51.0919)


def test_known_distances():
    assert geodesy.distance_m(*BAKU, *GROZNY) == pytest.approx(484_877, abs=1)
    assert geodesy.inverse(*GROZNY, *AKTAU).azimuth_deg == pytest.approx(81.27, abs=0.01)
    assert geodesy.distance_m(0, 0, 0, 180) == pytest.approx(20_003_931.4586, abs=1e-3)


@given(positions, positions)
@example((0.0, 0.0), (0.5, 179.7))
def test_distance_is_that_of_geographiclib(a, b):
    # An implementation of its own, in another language, by the author of the algorithm: 15 nm is what he states.
    expected = Geodesic.WGS84.Inverse(*a, *b)["s12"]
    assert float(geodesy.distance_m(*a, *b)) == pytest.approx(expected, rel=1e-12, abs=3e-8)


@given(positions, positions)
def test_distance_is_symmetric(a, b):
    assert float(geodesy.distance_m(*a, *b)) == pytest.approx(float(geodesy.distance_m(*b, *a)), abs=1e-6)


@given(inhabited, azimuths, st.floats(1, 9_000_000))
def test_destination_and_inverse_undo_each_other(a, azimuth, length):
    end = geodesy.destination(*a, azimuth, length)
    back = geodesy.inverse(*a, end.lat, end.lon)
    assert float(back.distance_m) == pytest.approx(length, abs=1e-5)


@given(inhabited, inhabited, st.sampled_from([20.0, 200.0, 2000.0]))
@example((60.0, 170.0), (60.0, -170.0), 200.0)
def test_an_arc_keeps_its_tolerance(a, b, tolerance):
    assume(float(geodesy.distance_m(*a, *b)) < 15_000_000)
    arc = geodesy.arc(*a, *b, tolerance_m=tolerance)
    assume(np.abs(arc.lat).max() < 85)  # no map draws a chord across a pole
    assert (arc.lat[0], arc.lon[0]) == a
    assert arc.lat[-1] == b[0]
    assert np.abs(np.diff(arc.lon)).max() < 180
    assert (arc.lon[-1] - b[1]) % 360 == pytest.approx(0, abs=1e-9) or (arc.lon[-1] - b[1]) % 360 == pytest.approx(360)
    middle = geodesy.inverse(arc.lat[:-1], arc.lon[:-1], arc.lat[1:], arc.lon[1:])
    true = geodesy.destination(arc.lat[:-1], arc.lon[:-1], middle.azimuth_deg, middle.distance_m / 2)
    off = geodesy.distance_m(true.lat, true.lon, (arc.lat[:-1] + arc.lat[1:]) / 2, (arc.lon[:-1] + arc.lon[1:]) / 2)
    assert off.max() <= tolerance


@given(inhabited, inhabited)
def test_an_arc_is_as_long_as_the_geodesic(a, b):
    arc = geodesy.arc(*a, *b)
    assert geodesy.along_m(arc.lat, arc.lon)[-1] == pytest.approx(float(geodesy.distance_m(*a, *b)), rel=1e-6, abs=1e-3)


def test_an_arc_crosses_the_antimeridian_and_runs_on():
    arc = geodesy.arc(60, 170, 60, -170)
    assert arc.lon[-1] == pytest.approx(190)
    assert np.all(np.diff(arc.lon) > 0)


def test_an_arc_to_a_pole_ends_there():
    assert geodesy.arc(80, 20, 90, 0).lat[-1] == 90


@given(st.lists(positions, min_size=2, max_size=6))
def test_a_path_holds_its_points_in_order(points):
    drawn = geodesy.path([lat for lat, _ in points], [lon for _, lon in points])
    assert np.abs(np.diff(drawn.lon)).max() <= 180 + 1e-9
    at = 0
    for lat, lon in points:
        near = (np.abs(drawn.lat[at:] - lat) < 1e-9) & (
            (np.abs((drawn.lon[at:] - lon + 180) % 360 - 180) < 1e-6) | (abs(lat) == 90)
        )
        assert near.any()
        at += int(np.argmax(near))


@given(inhabited, azimuths, st.floats(1000, 5_000_000), st.floats(-800_000, 800_000))
def test_cross_track_distance_is_signed_to_the_right(a, azimuth, along, aside):
    assume(abs(aside) > 1)
    b = geodesy.destination(*a, azimuth, 6_000_000)
    foot = geodesy.destination(*a, azimuth, along)
    heading = (float(geodesy.inverse(*a, foot.lat, foot.lon).final_azimuth_deg) + (90 if aside > 0 else -90)) % 360
    point = geodesy.destination(foot.lat, foot.lon, heading, abs(aside))
    found = float(geodesy.cross_track_m(point.lat, point.lon, *a, float(b.lat), float(b.lon)))
    assert found == pytest.approx(aside, abs=0.05)


@given(positions, st.floats(1, 5_000_000))
def test_every_point_of_a_ring_is_at_its_radius(centre, radius):
    ring = geodesy.ring(*centre, radius)
    assert geodesy.distance_m(*centre, ring.lat, ring.lon) == pytest.approx(np.full(len(ring.lat), radius), abs=1e-4)
    assert ring.lat[0] == pytest.approx(ring.lat[-1], abs=1e-9)
    assert np.abs(np.diff(ring.lon)).max() <= 180


def test_a_ring_around_a_pole_turns_once():
    ring = geodesy.ring(89.9, 10, 50_000)
    assert abs(ring.lon[-1] - ring.lon[0]) == pytest.approx(360)


@given(inhabited, azimuths, st.floats(10_000, 500_000), st.floats(100, 5_000))
def test_a_band_holds_its_half_width_at_the_ends(a, azimuth, length, half):
    b = geodesy.destination(*a, azimuth, length)
    line = geodesy.arc(*a, float(b.lat), float(b.lon))
    band = geodesy.band(line.lat, line.lon, half)
    assert (band.lat[0], band.lon[0]) == (band.lat[-1], band.lon[-1])
    assert float(geodesy.distance_m(*a, band.lat[0], band.lon[0])) == pytest.approx(half, rel=1e-6)


@given(st.lists(st.floats(-720, 720), min_size=1))
def test_unwrapped_longitudes_mean_the_same(lons):
    unwrapped = geodesy.unwrap(lons)
    assert np.cos(np.radians(unwrapped)) == pytest.approx(np.cos(np.radians(lons)), abs=1e-9)
    assert np.abs(np.diff(unwrapped)).max(initial=0) <= 180 + 1e-9


@given(st.floats(-1e6, 1e6))
def test_wrapped_longitudes_are_in_range(lon):
    assert -180 <= float(geodesy.wrap(lon)) < 180


def test_missing_values_stay_missing():
    assert np.isnan(geodesy.distance_m([40.0, np.nan], 50, 43, [45.0, 45.0])).tolist() == [False, True]
    assert np.isnan(geodesy.destination(np.nan, 0, 0, 1).lat)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: geodesy.distance_m(91, 0, 0, 0), "latitude 91 is not between"),
        (lambda: geodesy.arc(0, 0, 1, 1, tolerance_m=0), "positive number of metres"),
        (lambda: geodesy.path([1], [1]), "two points or more"),
        (lambda: geodesy.ring(0, 0, 0), "radius"),
        (lambda: geodesy.cross_track_m(1, 1, 2, 2, 2, 2), "no direction"),
        (lambda: geodesy.band([1], [1], 5), "two points or more"),
        (lambda: geodesy.wedge(0, 0, 0, 0, 10), "positive half-angle"),
    ],
)
def test_what_does_not_exist_is_an_error(call, message):
    with pytest.raises(GeodesyError, match=message):
        call()
