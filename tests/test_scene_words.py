from __future__ import annotations

import ast
import string
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from shipped_cases import CASES, shipped

import geo.scene
from geo.model import Evidence, Grade
from geo.resources import asset
from geo.route import trace
from geo.scene import compose, facts, languages
from geo.scene.styles import STYLES
from geo.scene.words import Words


def catalogue(language: str) -> dict[str, str]:
    with asset("locale", language, "flightcase.po").open("rb") as lines:
        return {str(message.id): str(message.string) for message in read_po(lines) if message.id}


def literals(node: ast.expr) -> set[str]:
    """The texts that an argument can be: a literal, or either side of a choice between two."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def said_in_code() -> set[str]:
    """Every literal that is given to ``say``, and the words of the styles and facts."""
    found = set(facts.SAID)
    found |= {text for said in STYLES.values() for text in (said.text, said.spoken, said.head, said.legend, said.short)}
    scene = Path(geo.scene.__file__).parent
    for file in (*scene.glob("*.py"), *(scene.parent / "site").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                found |= literals(node.args[0])
    return found - {""}


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_message_is_translated(language):
    known = catalogue(language)
    assert said_in_code() - known.keys() == set()
    assert [message for message, text in known.items() if not text] == []


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_translations_keep_the_places_of_values(language):
    for message, text in catalogue(language).items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (message, text)]
        assert fields[0] == fields[1], message


@pytest.mark.parametrize("slug", CASES)
def test_nothing_that_is_composed_in_german_was_left_in_english(slug, monkeypatch):
    missing: list[str] = []
    known = catalogue("de")
    say = Words.say

    def listening(self, message, **values):
        if message not in known:
            missing.append(message)
        return say(self, message, **values)

    monkeypatch.setattr(Words, "say", listening)
    compose(shipped(slug), trace(shipped(slug)), "de")
    assert missing == []


def test_there_is_a_word_for_every_state_and_grade():
    assert set(Evidence) <= {"received", "rejected", "partial", "silent"}
    assert {"Confirmed", "Disputed", "Inferred", "Stated by a party"} <= set(catalogue("de"))
    assert len(Grade) == 4


def test_dates_and_numbers_are_those_of_the_language():
    day = date(2024, 12, 25)
    assert Words("en").day(day) == "25 December 2024"
    assert Words("de").day(day) == "25. Dezember 2024"
    assert Words("en").number(1234.5, 1) == "1,234.5"
    assert Words("de").number(1234.5, 1) == "1.234,5"
    assert Words("ru").number(12345) == "12\xa0345"
    assert Words("ar").direction == "rtl"


@pytest.mark.parametrize(("language", "range_km"), [("en", "1,200–2,200 km"), ("de", "1.200–2.200 km")])
def test_a_range_has_its_unit_once_and_its_numbers_whole(language, range_km):
    assert Words(language).between(1200, 2200) == range_km


def test_a_range_in_miles():
    assert Words("en", "imperial").between(160.9344, 321.8688) == "100–200 mi"


@pytest.mark.parametrize(
    ("language", "zone", "city"),
    [("ru", "Asia/Baku", "Баку"), ("en", "America/New_York", "New York"), ("de", "Etc/UTC", "UTC")],
)
def test_a_clock_is_named_after_the_city_of_its_zone_in_the_language(language, zone, city):
    assert Words(language).city(zone) == city
