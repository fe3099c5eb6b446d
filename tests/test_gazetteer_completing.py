"""Names that are still being typed, and how places are spelt in other scripts."""

from __future__ import annotations

import pytest

from geo.gazetteer import is_clear, open_gazetteer

GAZETTEER = open_gazetteer()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Groz", "geonames:558418"),
        ("groz", "geonames:558418"),
        ("Mineralnye V", "geonames:526480"),
        ("Минеральные Вод", "geonames:526480"),
        ("Heydar Aliy", "UBBB"),
        ("Akta", "geonames:610612"),
    ],
)
def test_what_a_name_may_become_is_offered_and_never_clear(typed: str, code: str) -> None:
    found = GAZETTEER.suggest(typed)
    assert code in [match.code for match in found[:3]]
    assert not is_clear(found)


@pytest.mark.parametrize(
    ("typed", "code"), [("Grosny", "geonames:558418"), ("Грозный", "geonames:558418"), ("URMG", "URMG")]
)
def test_a_whole_name_or_code_is_clear_and_comes_first(typed: str, code: str) -> None:
    found = GAZETTEER.suggest(typed)
    assert is_clear(found)
    assert found[0].code == code


def test_small_letters_of_a_code_are_no_clear_answer_while_they_may_become_a_name() -> None:
    assert not is_clear(GAZETTEER.suggest("gro"))
    assert is_clear(GAZETTEER.suggest("GRO"))


def test_misspelt_names_are_looked_for_where_nothing_begins_so() -> None:
    assert "geonames:558418" in [match.code for match in GAZETTEER.suggest("Grozzny")]


def test_completion_stays_in_the_script_that_was_typed() -> None:
    for match in GAZETTEER.suggest("Гроз"):
        assert not match.matched.isascii()


def test_a_place_is_offered_once() -> None:
    codes = [match.code for match in GAZETTEER.suggest("San")]
    assert len(codes) == len(set(codes)) == 8


@pytest.mark.parametrize("typed", ["", " ", "\0", "x" * 500, "…", "'; DROP TABLE name; --", "%", "_", "\ud800"])
def test_any_text_may_be_asked(typed: str) -> None:
    assert len(GAZETTEER.suggest(typed)) <= 8


def test_namesakes_of_a_city_are_not_crowded_out_by_airfields_near_the_first() -> None:
    cities = [match for match in GAZETTEER.suggest("Springfield") if match.kind == "city"]
    assert {match.region for match in cities} >= {"US.MO", "US.MA", "US.IL"}
    assert GAZETTEER.area_name("US.MO") == "Missouri"
    assert GAZETTEER.area_name("nowhere") == ""


def test_spellings_are_those_of_the_place_in_other_scripts() -> None:
    found = GAZETTEER.suggest("Grozny")
    spelt = GAZETTEER.spellings(found)
    assert "Грозный" in spelt[0]
    assert len(spelt) == len(found)
    assert all(not text.isascii() for texts in spelt for text in texts)
    assert GAZETTEER.spellings(()) == ()
