"""The gazetteer against the real index, which is built once into the user's cache folder."""

# ruff: noqa: RUF001  names in several scripts are what is tested

from __future__ import annotations

import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import resources
from geo.errors import PlaceAmbiguous, PlaceError, PlaceNotFound
from geo.gazetteer import is_clear, open_gazetteer
from geo.gazetteer.fold import fold
from geo.gazetteer.index import version
from geo.gazetteer.lookup import LONGEST
from geo.gazetteer.sources import AIRPORTS_FROM

GROZNY, BAKU, AKTAU, MAKHACHKALA = (43.312, 45.689), (40.378, 49.892), (43.661, 51.174), (42.978, 47.500)
UBBB, URMG, UATE = (40.4675, 50.0467), (43.3881, 45.6998), (43.8601, 51.092)


@pytest.mark.parametrize(
    ("name", "where", "kind"),
    [
        ("Grozny", GROZNY, "city"),
        ("Grosny", GROZNY, "city"),
        ("Грозный", GROZNY, "city"),
        ("Соьлжа-Гала", GROZNY, "city"),
        ("Соьлжа-ГӀала", GROZNY, "city"),
        ("Соьлжа-Г1ала", GROZNY, "city"),
        ("Baku", BAKU, "city"),
        ("Bakı", BAKU, "city"),
        ("BAKI", BAKU, "city"),
        ("Баку", BAKU, "city"),
        ("Ақтау", AKTAU, "city"),
        ("Aqtau", AKTAU, "city"),
        ("Актау", AKTAU, "city"),
        ("Aktau", AKTAU, "city"),
        ("Machatschkala", MAKHACHKALA, "city"),
        ("UBBB", UBBB, "airport"),
        ("ubbb", UBBB, "airport"),
        ("gyd", UBBB, "airport"),
        ("GYD", UBBB, "airport"),
        ("URMG", URMG, "airport"),
        ("GRV", URMG, "airport"),
        ("SCO", UATE, "airport"),
        ("uate", UATE, "airport"),
        ("Heydar Aliyev", UBBB, "airport"),
        ("Heydar Aliyev International Airport", UBBB, "airport"),
        ("Grozny Airport", URMG, "airport"),
        ("Flughafen Grosny", URMG, "airport"),
        ("аэропорт Актау", UATE, "airport"),
    ],
)
def test_names_of_the_flagship_case_land_right_and_in_any_script(gazetteer, name, where, kind):
    place = gazetteer.find(name)
    assert (place.lat, place.lon) == pytest.approx(where, abs=0.002)
    assert place.kind == kind
    assert place.asked == name


@pytest.mark.parametrize(
    ("misspelt", "where"),
    [
        ("Groznyy", GROZNY),
        ("Grozni", GROZNY),
        ("Groznny", GROZNY),
        ("Gorzny", GROZNY),
        ("Baqu", BAKU),
        ("Aktauu", AKTAU),
        ("Actau", AKTAU),
        ("Heidar Aliev", UBBB),
        ("Heydar Alyev", UBBB),
        ("Хейдар Алиев", UBBB),
        ("Heydar Aliyef Airport", UBBB),
        ("Makhachkalla", MAKHACHKALA),
        ("Makhachkalla, Russia", MAKHACHKALA),
    ],
)
def test_typos_of_them_land_right(gazetteer, misspelt, where):
    place = gazetteer.find(misspelt)
    assert (place.lat, place.lon) == pytest.approx(where, abs=0.002)


def test_a_city_and_its_airport_are_two_places_and_a_search_offers_both(gazetteer):
    for name in ("Grozny", "Грозный", "Grosny"):
        first, second = gazetteer.search(name)[:2]
        assert (first.kind, first.name) == ("city", "Grozny")
        assert (second.kind, second.place.icao, second.place.iata) == ("airport", "URMG", "GRV")
        assert first.clear
        assert not second.clear


def test_a_match_carries_what_find_prints(gazetteer):
    (match, *_) = matches = gazetteer.search("Соьлжа-Гала")
    assert is_clear(matches)
    assert (match.name, match.matched, match.how, match.score) == ("Grozny", "Соьлжа-ГӀала", "folded", 100.0)
    assert (match.place.country, match.place.timezone, match.place.population) == ("RU", "Europe/Moscow", 297137)
    (match, *_) = gazetteer.search("Heidar Aliev")
    assert match.how == "fuzzy"
    assert 80 < match.score < 100
    assert gazetteer.search("gyd")[0].how == "code"
    assert gazetteer.search("Grozny")[0].how == "exact"


def test_corrected_airports(gazetteer):
    assert gazetteer.find("UATE").timezone == "Asia/Aqtau"
    khankala = (43.2981, 45.7841)
    urmg = gazetteer.find("URMG")
    assert (urmg.lat, urmg.lon) == URMG
    assert (urmg.lat, urmg.lon) != pytest.approx(khankala, abs=0.05)


@pytest.mark.parametrize("name", ["Victoria", "Birmingham", "Georgia", "San José", "Springfield", "Congo", "Heathrow"])
def test_no_silent_guess(gazetteer, name):
    with pytest.raises(PlaceAmbiguous, match="say which") as caught:
        gazetteer.find(name)
    assert len(caught.value.choices) > 1
    assert not is_clear(gazetteer.search(name))


@pytest.mark.parametrize(
    "name", ["Victoria", "Birmingham", "San José", "Springfield", "Goa", "Bkau", "Ufa", "USA", "New York, NY"]
)
def test_what_an_error_says_to_write_leads_there(gazetteer, name):
    """Every line of choices names a place; each text that it says to write finds that very place, clearly."""
    try:
        gazetteer.find(name)
    except PlaceAmbiguous as ambiguous:
        for line in ambiguous.choices:
            if line.startswith("and "):
                continue
            described = line.partition(",")[0].partition(":")[0]
            ways = re.findall(r'"([^"]+)"', line.partition("; write ")[2])
            assert ways, line
            places = {(place.lat, place.lon, place.name.said("en")) for place in map(gazetteer.find, ways)}
            assert len(places) == 1, line
            assert places.pop()[2] == described


def test_georgia_is_a_country_and_a_state(gazetteer):
    with pytest.raises(PlaceAmbiguous) as caught:
        gazetteer.find("Georgia")
    assert any('country, 3,704,500 inhabitants; write "GE"' in choice for choice in caught.value.choices)
    assert any('region; write "US-GA"' in choice for choice in caught.value.choices)
    assert gazetteer.find("GE").kind == "country"
    assert gazetteer.find("US-GA").kind == "region"
    assert gazetteer.find("Georgien").country == "GE"


@pytest.mark.parametrize(
    ("name", "country", "where"),
    [
        ("Victoria, CA", None, (48.436, -123.352)),
        ("Victoria, Canada", None, (48.436, -123.352)),
        ("Victoria, Kanada", None, (48.436, -123.352)),
        ("Victoria", "CA", (48.436, -123.352)),
        ("Victoria", "canada", (48.436, -123.352)),
        ("San Jose, CA", None, (37.339, -121.895)),
        ("San José, Costa Rica", None, (9.934, -84.088)),
        ("Birmingham, Alabama", None, (33.521, -86.802)),
        ("Birmingham, GB", None, (52.481, -1.900)),
        ("Springfield, Illinois", None, (39.802, -89.644)),
        ("Washington, D.C.", None, (38.895, -77.037)),
    ],
)
def test_a_country_or_state_narrows_a_name(gazetteer, name, country, where):
    place = gazetteer.find(name, country=country)
    assert (place.lat, place.lon) == pytest.approx(where, abs=0.01)


def test_a_name_in_the_wrong_country_is_not_answered_but_explained(gazetteer):
    with pytest.raises(PlaceNotFound, match="Aktau, Mangghystau, Kazakhstan"):
        gazetteer.find("Aktau, RU")
    assert not is_clear(gazetteer.search("Aktau", country="RU"))
    with pytest.raises(PlaceNotFound, match='"Atlantis" is no country'):
        gazetteer.find("Aktau", country="Atlantis")
    assert gazetteer.search("Aktau", country="Atlantis") == ()


def test_a_city_of_this_size_is_meant_by_its_bare_name(gazetteer):
    for name, country in [
        ("London", "GB"),
        ("Paris", "FR"),
        ("Moskau", "RU"),
        ("Kyiv", "UA"),
        ("New York", "US"),
        ("東京", "JP"),
    ]:
        assert gazetteer.find(name).country == country
    assert gazetteer.find("Singapore").kind == "city"
    assert gazetteer.find("Domodedovo").kind == "city"


def test_a_code_that_is_also_a_name_is_no_guess_either(gazetteer):
    for name in ("Goa", "USA", "Ufa"):
        first, *others = gazetteer.search(name)
        assert (first.how, first.kind, first.clear) == ("code", "airport", False)
        assert others
    assert gazetteer.find("LON").kind == "city"  # IATA gives this one to the city


def test_a_mistyped_code_is_not_guessed(gazetteer):
    with pytest.raises(PlaceNotFound, match='"UBBB"'):
        gazetteer.find("UBBC")
    assert "UBBB" in [match.place.icao for match in gazetteer.search("UBBC")]


def test_london_airport_is_not_silently_the_one_in_ontario(gazetteer):
    with pytest.raises(PlaceAmbiguous) as caught:
        gazetteer.find("London Airport")
    assert any("EGLL" in choice for choice in caught.value.choices)


def test_a_region_is_not_taken_for_a_village_of_its_name(gazetteer):
    for name in ("Chechnya", "Чечня"):
        place = gazetteer.find(name)
        assert (place.kind, place.country) == ("region", "RU")
        assert 50 <= place.within_km <= 200


def test_sizes(gazetteer):
    assert gazetteer.count("city") >= 230_000
    assert gazetteer.count("airport") >= 28_000
    assert gazetteer.count("country") >= 245
    assert gazetteer.count("dragon") == 0


def test_countries_have_their_cldr_names(gazetteer):
    assert gazetteer.countries()["DE"] == "Germany"
    assert gazetteer.countries("de")["AZ"] == "Aserbaidschan"
    assert gazetteer.countries("de-AT")["GE"] == "Georgien"
    assert gazetteer.countries("tlh")["KZ"] == "Kazakhstan"
    country = gazetteer.find("Қазақстан")
    assert (country.kind, country.country) == ("country", "KZ")
    assert country.name.said("de") == "Kasachstan"
    assert country.name.said("ru") == "Казахстан"
    assert country.within_km > 1000


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("  \t ", "empty"),
        ("x" * (LONGEST + 1), "characters"),
        ("x" * 1_000_000, "characters"),
        ("Gro\x00zny", "control character"),
        ("Gro\x1b[2Jzny", "control character"),
        ("Grozny\ud800", "control character"),
    ],
)
def test_what_is_no_name_gets_a_clear_error(gazetteer, text, says):
    with pytest.raises(PlaceNotFound, match=says) as caught:
        gazetteer.find(text)
    assert len(str(caught.value)) < 300
    assert "\x1b" not in str(caught.value)
    assert gazetteer.search(text) == ()


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE place; --", '" OR 1=1 --', "a* NEAR(b) OR NOT c", "%", "_", "key:zzzzz", "OR NOT", "()"]
)
def test_query_syntax_is_just_text(gazetteer, text):
    with pytest.raises(PlaceError):
        gazetteer.find(text)
    assert gazetteer.find("Grozny").kind == "city"


def test_a_limit_is_kept_and_does_not_change_the_answer(gazetteer):
    assert len(gazetteer.search("San José", limit=3)) == 3
    assert gazetteer.search("Grozny", limit=0) == ()
    assert not is_clear(gazetteer.search("Victoria", limit=1))
    assert is_clear(gazetteer.search("Grozny", limit=1))
    assert not is_clear(())


def test_threads_share_one_gazetteer(gazetteer):
    names = ["Grozny", "Victoria", "Makhachkalla", "UBBB", "Heidar Aliev"] * 8
    expected = [[match.name for match in gazetteer.search(name)] for name in names]
    gate = threading.Barrier(4)

    def ask(part: int) -> list[list[str]]:
        gate.wait()
        return [[match.name for match in gazetteer.search(name)] for name in names[part::4]]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))
    for part, answer in enumerate(answers):
        assert answer == expected[part::4]


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60), country=st.none() | st.text(max_size=4))
def test_any_text_may_be_searched(gazetteer, text, country):
    matches = gazetteer.search(text, country=country)
    assert len(matches) <= 10
    assert sum(match.clear for match in matches) <= 1
    assert all(0 <= match.score <= 100 for match in matches)
    if is_clear(matches):
        assert gazetteer.find(text, country=country) == matches[0].place
    else:
        with pytest.raises(PlaceError) as caught:
            gazetteer.find(text, country=country)
        assert caught.value.query == text


@pytest.fixture(scope="module")
def rows():
    open_gazetteer()
    path = resources.cache_folder() / f"gazetteer-{version()}.sqlite"
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


@settings(max_examples=100, deadline=None)
@given(number=st.integers(AIRPORTS_FROM, AIRPORTS_FROM + 28_000))
def test_every_airport_answers_to_its_codes(gazetteer, rows, number):
    codes = [code for (code,) in rows.execute("SELECT code FROM code WHERE place = ?", (number,))]
    lat, lon = rows.execute("SELECT lat, lon FROM place WHERE id = ?", (number,)).fetchone()
    for code in codes:
        for written in (code, code.lower()):
            match = gazetteer.search(written)[0]
            assert (match.how, match.place.lat, match.place.lon) == ("code", lat, lon)


@settings(max_examples=200, deadline=None)
@given(number=st.integers(0, 12_000_000))
def test_a_name_that_one_place_bears_finds_it_and_a_shared_one_offers_it(gazetteer, rows, number):
    """The cities next to a random GeoNames number."""
    place, name, lat, lon = rows.execute(
        "SELECT id, name, lat, lon FROM place WHERE id >= ? AND kind = 'city' ORDER BY id LIMIT 1", (number,)
    ).fetchone()
    (bearers,) = rows.execute("SELECT count(DISTINCT place) FROM name WHERE key = ?", (fold(name),)).fetchone()
    assert f"geonames:{place}" in [match.code for match in gazetteer.search(name, limit=1000)]
    if bearers == 1 and not (3 <= len(name) <= 4):
        found = gazetteer.find(name)
        assert (found.lat, found.lon) == (lat, lon)
