from __future__ import annotations

import pytest
from shipped_cases import CASES

from geo import casefile
from geo.dashboard.missing import missing
from geo.model.value import Text
from geo.resources import data


@pytest.mark.parametrize("name", CASES)
def test_shipped_cases_lack_nothing(name):
    case = casefile.read(data("cases", name))
    assert missing(case) == {language: [] for language in case.languages}


def test_each_text_that_lacks_a_language_is_named():
    case = casefile.read(data("cases", "fr4978"))
    number, event = next((number, each) for number, each in enumerate(case.events, 1) if each.claims)
    claim = event.claims[0].model_copy(update={"says": Text({"de": "Nur hier."}), "by": Text("fits all")})
    event = event.model_copy(update={"title": Text({"en": "Only here"}), "claims": (claim, *event.claims[1:])})
    events = (*case.events[: number - 1], event, *case.events[number:])
    name = next(iter(case.places))
    place = case.places[name].model_copy(update={"name": Text({"en": "Somewhere"})})
    found = missing(case.model_copy(update={"events": events, "places": {**case.places, name: place}}))
    assert found["en"] == [f"event[{number}].claim[1].says"]
    assert sorted(found["de"]) == sorted([f"event[{number}].title", f"places.{name}.name"])


def test_a_title_in_a_new_language_asks_for_all_other_texts():
    case = casefile.read(data("cases", "fr4978"))
    titled = case.model_copy(update={"title": Text({**case.title.written(), "lt": "Antraštė"})})
    assert {"standfirst", "event[1].title", "not_depicted"} <= set(missing(titled)["lt"])
    assert "title" not in missing(titled)["lt"]
