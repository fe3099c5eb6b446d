"""The nearest places, against the distances to all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import positions

from geo.errors import GeodesyError
from geo.gazetteer import open_gazetteer
from geo.geodesy import distance_m


def every(kind: str, *, coded: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of all places of a kind, read from the table that names are found in."""
    base = open_gazetteer()._base  # noqa: SLF001  the index has no list of its own
    rows = base.execute("SELECT lat, lon FROM place WHERE kind = ? AND (iata != '' OR NOT ?)", (kind, coded)).fetchall()
    lat, lon = np.array(rows).T
    return lat, lon


@given(positions, st.integers(1, 12), st.booleans())
@settings(max_examples=100, deadline=None)
def test_none_is_nearer(gazetteer, position, count, coded):
    found = gazetteer.nearest(*position, count, coded=coded)
    metres = np.sort(distance_m(*position, *every("airport", coded=coded)))[:count]
    assert [away for _, away in found] == pytest.approx(metres, abs=1e-6)
    for place, away in found:
        assert away == pytest.approx(float(distance_m(*position, place.lat, place.lon)), abs=1e-6)
        assert place.kind == "airport"
        assert place.iata or not coded


@given(positions)
@settings(max_examples=10, deadline=None)
def test_no_town_is_nearer(gazetteer, position):
    ((place, away),) = gazetteer.nearest(*position, 1, "city")
    assert place.kind == "city"
    assert away == pytest.approx(float(distance_m(*position, *every("city")).min()), abs=1e-6)


@pytest.mark.parametrize(
    ("lat", "lon", "icao", "km"),
    [
        (43.3, 45.7, "URMG", 9.8),
        (43.8825, 51.01, "UATE", 6.6),
        (40.47, 50.05, "UBBB", 0.4),
        (35.55, 139.78, "RJTT", 0.5),
        (-16.69, -179.88, "NFNM", 0.3),
        (-90.0, 123.0, "NZSP", 1.0),
    ],
)
def test_places_where_one_knows_the_answer(gazetteer, lat, lon, icao, km):
    place, away = gazetteer.nearest(lat, lon)[0]
    assert place.icao == icao
    assert away / 1000 == pytest.approx(km, abs=1.5)


def test_across_the_antimeridian_and_around_the_pole_it_is_one_earth(gazetteer):
    for lat in (-17.0, 65.0, 89.0):
        west, east = (gazetteer.nearest(lat, lon, 5) for lon in (-180.0, 180.0))
        assert west == east
    assert gazetteer.nearest(52.0, 179.9999, 1)[0][0] == gazetteer.nearest(52.0, -179.9999, 1)[0][0]


def test_a_place_found_by_position_is_written_by_its_code(gazetteer):
    ((place, _),) = gazetteer.nearest(43.3, 45.7, 1)
    assert gazetteer.find(place.asked) == place.model_copy(update={"asked": place.asked})


def test_none_asked_for_none_given(gazetteer):
    assert gazetteer.nearest(0, 0, 0) == ()
    assert len(gazetteer.nearest(0, 0, 10**9, coded=True)) > 5_000


def test_what_has_no_position_or_no_place_is_refused(gazetteer):
    with pytest.raises(ValueError, match="airport, city"):
        gazetteer.nearest(0, 0, kind="country")
    with pytest.raises(GeodesyError):
        gazetteer.nearest(91, 0)
