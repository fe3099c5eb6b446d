"""The names of countries and waters in a view, and which country a point is in."""

from __future__ import annotations

import pytest
from basemap_points import WATER, inside

from geo.basemap import Scale, basemap, countries_at, country_labels, water_labels
from geo.basemap.labels import _waters
from geo.basemap.store import SCALES
from geo.errors import GeodesyError

FLAGSHIP = (44.0, 39.3, 53.5, 45.5)

scales = pytest.mark.parametrize("scale", SCALES)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", {"RU": "Russia", "AZ": "Azerbaijan", "KZ": "Kazakhstan", "GE": "Georgia"}),
        ("de", {"RU": "Russland", "AZ": "Aserbaidschan", "KZ": "Kasachstan", "GE": "Georgien"}),
        ("ru-RU", {"RU": "Россия", "AZ": "Азербайджан"}),
        ("zz", {"RU": "Russia"}),
    ],
)
def test_countries_are_named_in_the_language(language: str, names: dict[str, str]) -> None:
    found = {label.code: label.name for label in country_labels(FLAGSHIP, language)}
    assert names.items() <= found.items()


@pytest.mark.parametrize(
    "bounds",
    [FLAGSHIP, (-12.0, 34.0, 40.0, 70.0), (170.0, 50.0, 200.0, 72.0), (28.0, 43.0, 41.0, 50.0), (100, -90, 300, -50)],
)
def test_a_name_stands_in_its_country_and_in_the_view(bounds: tuple[float, float, float, float]) -> None:
    labels = country_labels(bounds, "en")
    assert labels
    west, south, east, north = bounds
    for label in labels:
        assert west < label.lon < east
        assert south < label.lat < north
        assert label.code in countries_at(label.lat, label.lon)
        assert 0 < label.share <= 1
        assert label.room > 0
    shares = [label.share for label in labels]
    assert shares == sorted(shares, reverse=True)
    assert len({label.code for label in labels}) == len(labels)
    assert sum(shares) < 1.001


def test_a_country_that_only_touches_the_view_has_no_name() -> None:
    assert countries_at(43.0, 56.03) == ("UZ",)
    assert "UZ" not in {label.code for label in country_labels((44.0, 39.3, 56.05, 45.5), "en")}


def test_crimea_does_not_count_as_russia() -> None:
    labels = {label.code: label for label in country_labels((32.5, 44.3, 35.2, 46.0), "en")}
    assert set(labels) == {"UA"}


@scales
@pytest.mark.parametrize(
    ("place", "lat", "lon", "code"),
    [
        ("Crimea", 45.2, 34.2, "UA"),
        ("Sevastopol", 44.6, 33.7, "UA"),
        ("Grozny", 43.3, 45.7, "RU"),
        ("Baku", 40.4, 49.5, "AZ"),
        ("Aktau", 43.7, 51.6, "KZ"),
        ("Chukotka", 66.5, -175.5, "RU"),
        ("Chukotka a turn on", 66.5, 184.5, "RU"),
        ("Western Sahara at the coast", 24.5, -14.0, "EH"),
        ("Western Sahara inland", 26.0, -11.0, "EH"),
        ("Pristina", 42.6, 20.9, "XK"),
        ("Hargeisa", 9.6, 44.5, "SO"),
        ("Taipei", 24.8, 121.3, "TW"),
        ("Cayenne", 4.0, -53.0, "GF"),
        ("Baikonur", 45.7, 63.3, "KZ"),
        ("South Pole", -90.0, 0.0, "AQ"),
        ("Antarctica at the antimeridian", -87.0, 180.0, "AQ"),
        ("Lesotho", -29.6, 28.3, "LS"),
    ],
)
def test_which_country_a_point_is_in(place: str, lat: float, lon: float, code: str, scale: Scale) -> None:
    assert countries_at(lat, lon, scale) == (code,), place


@scales
def test_the_sea_is_no_country(scale: Scale) -> None:
    for name in ("Caspian Sea", "Black Sea", "Ross Sea", "North Pole"):
        assert countries_at(*WATER[name], scale) == (), name


def test_northern_cyprus_is_cyprus_and_the_siachen_glacier_nobodys() -> None:
    assert countries_at(35.3, 33.4) == countries_at(34.9, 32.8) == ("CY",)
    assert countries_at(35.4, 77.1) == ()


@pytest.mark.parametrize(("lat", "lon"), [(91.0, 0.0), (float("nan"), 0.0), (0.0, float("inf"))])
def test_a_point_that_does_not_exist_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(GeodesyError, match="no such point"):
        countries_at(lat, lon)


@pytest.mark.parametrize(
    ("language", "name", "spoken"),
    [
        ("en", "Caspian Sea", "en"),
        ("de", "Kaspisches Meer", "de"),
        ("ru", "Каспийское море", "ru"),
        ("az", "Xəzər dənizi", "az"),
        ("kk", "Каспий теңізі", "kk"),
        ("de-AT", "Kaspisches Meer", "de"),
        ("fr", "Caspian Sea", "en"),
    ],
)
def test_waters_are_named_in_the_language_or_in_english(language: str, name: str, spoken: str) -> None:
    first = water_labels(FLAGSHIP, language)[0]
    assert (first.name, first.language, first.kind) == (name, spoken, "sea")
    assert 44.0 < first.lon < 53.5
    assert 39.3 < first.lat < 45.5


def test_waters_come_oceans_first_and_in_the_frame_of_the_view() -> None:
    labels = water_labels((100.0, -60.0, 300.0, 66.0), "en")
    assert labels[0].name == "Pacific Ocean"
    assert [label.rank for label in labels] == sorted(label.rank for label in labels)
    assert all(100 < label.lon < 300 for label in labels)
    assert "Bering Sea" in {label.name for label in labels}


def test_a_view_of_dry_land_names_no_water() -> None:
    assert water_labels((66.0, 47.0, 71.0, 50.0), "en") == ()


def test_the_name_of_every_water_stands_on_water() -> None:
    languages = set()
    for water in _waters():
        west, south, east, north = water["extent"]
        languages |= set(water["name"])
        assert {"en", "de", "ru"} <= set(water["name"])
        assert water["kind"] in {"ocean", "sea", "gulf", "strait", "lake"}
        for lon, lat in water["at"]:
            assert any(west < lon + turn < east for turn in (-360, 0, 360)), water["name"]["en"]
            assert south < lat < north, water["name"]["en"]
            near = basemap((lon - 2, max(lat - 2, -90), lon + 2, min(lat + 2, 90)), scale="10m")
            assert not inside(near, lat, lon), (water["name"]["en"], lon, lat)
    assert languages == {"en", "de", "ru", "az", "kk"}
