"""What the finder of places shows, and what a choice in it means."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from geo.dashboard.finding_route import LONGEST, answer, candidate, give_places
from geo.gazetteer import open_gazetteer
from geo.scene.words import Words, languages

EN = Words("en")
BAKU = (40.4675, 50.0467)


def ask(query: str) -> tuple[int, Any, str]:
    """Status, answer and Cache-Control of the address for a query."""
    scope = {"type": "http", "method": "GET", "path": "/find", "headers": [], "query_string": query.encode()}
    given = asyncio.run(give_places(Request(scope)))
    return given.status_code, json.loads(bytes(given.body)), given.headers["cache-control"]


def test_a_candidate_says_what_it_is_where_and_how_far() -> None:
    found = answer("Grosny", EN, (BAKU,))
    city, airport = found["candidates"][:2]
    assert (found["clear"], found["count"], found["told"]) == (True, "2 matches", "")
    assert (city["name"], city["detail"]) == ("Grozny", "City, Chechnya, Russia, 297,137 inhabitants")
    assert "Грозный" in city["names"]
    assert (airport["code"], airport["position"]) == ("URMG", "43.3881, 45.6998")
    assert airport["detail"] == "Airport, URMG GRV, Russia"
    assert airport["notes"] == [{"text": "485 km from the nearest place of the flight", "warn": False}]


def test_what_is_far_from_the_flight_or_has_a_namesake_is_warned_of() -> None:
    first = answer("Springfield", EN, (BAKU,))["candidates"][0]
    warnings = [note["text"] for note in first["notes"] if note["warn"]]
    assert any(text.startswith("Same name also in: ") and "Illinois" in text for text in warnings)
    assert any(text.endswith(" km from every place of the flight") for text in warnings)


def test_distances_are_in_the_units_of_the_page() -> None:
    note = answer("URMG", Words("en", "imperial"), (BAKU,))["candidates"][0]["notes"][0]
    assert note["text"] == "301 mi from the nearest place of the flight"


def test_a_place_that_the_flight_has_is_told() -> None:
    position = (43.3881, 45.6998)
    assert answer("URMG", EN, (position,))["candidates"][0]["notes"][0]["text"] == "already a place of the flight"


def test_an_aerodrome_that_two_sources_have_far_apart_is_warned_of() -> None:
    assert answer("URMG", EN)["candidates"][0]["notes"] == []
    # Ishigaki moved to a new field in 2013; one of the two sources still has the old one.
    note = {"text": "OurAirports has its runways 7.3 km away", "warn": True}
    assert answer("ROIG", EN)["candidates"][0]["notes"] == [note]


def test_several_places_are_not_clear_and_say_so() -> None:
    found = answer("Springfield", EN)
    assert not found["clear"]
    assert found["told"] == "Several places may be meant; choose one."


def test_nothing_found_says_what_to_try() -> None:
    found = answer("xyzzyq", EN)
    assert found["candidates"] == []
    assert "ICAO code" in found["told"]


def test_a_position_is_a_candidate_too() -> None:
    found = answer("43°23'17\"N 45°41'56\"E", EN, (BAKU,))
    (point,) = found["candidates"]
    assert found["clear"]
    assert point["position"] == "43.388056, 45.698889"
    assert candidate(point["code"]) == {
        "write": {"lat": 43.388056, "lon": 45.698889},
        "name": "43.388056, 45.698889",
        "kind": "point",
        "lat": 43.388056,
        "lon": 45.698889,
        "icao": None,
        "iata": None,
        "country": None,
        "timezone": None,
    }


def test_swapped_coordinates_are_hinted_at() -> None:
    found = answer("145.7, 43.4", EN)
    assert found["candidates"] == []
    assert "are the two swapped? write 43.4, 145.7" in found["told"]


@pytest.mark.parametrize(
    ("code", "write"),
    [
        ("URMG", "URMG"),
        ("geonames:558418", "Grozny"),
        ("geonames:4250542", "geonames:4250542"),
        ("AZ", "Azerbaijan"),
    ],
)
def test_what_a_choice_writes_leads_to_that_place_and_no_other(code: str, write: str) -> None:
    found = candidate(code)
    assert found is not None
    assert found["write"] == write
    again = open_gazetteer().find(write)
    assert (again.lat, again.lon) == (found["lat"], found["lon"])


@pytest.mark.parametrize("code", ["", "nowhere", "geonames:1", "@", "@x", "@91, 500", "Grosny", "\0", "x" * 5000])
def test_a_code_that_nobody_was_shown_is_no_choice(code: str) -> None:
    assert candidate(code) is None


@pytest.mark.parametrize("language", languages())
def test_every_candidate_can_be_chosen_in_every_language(language: str) -> None:
    for query in ("Grosny", "Springfield", "London", "Azerbaijan"):
        for shown in answer(query, Words(language))["candidates"]:
            found = candidate(shown["code"])
            assert found is not None
            assert f"{found['lat']:.4f}, {found['lon']:.4f}" == shown["position"]


def test_the_address_answers_and_is_not_kept() -> None:
    query = urlencode({"q": "Grosny", "language": "de", "near": "40.4675,50.0467"})
    assert ask(query) == (200, answer("Grosny", Words("de"), (BAKU,)), "private, no-store")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%00",
        "q=" + "x" * 5000,
        "q=Grosny&language=../../etc&units=furlongs&near=;;1;a,b;91,0;nan,1;inf,inf",
        "near=" + "1,1;" * 5000,
    ],
)
def test_any_question_is_answered(query: str) -> None:
    status, given, _ = ask(query)
    assert status == 200
    assert len(given["candidates"]) <= 8


def test_a_text_that_is_too_long_is_told() -> None:
    assert str(LONGEST) in answer("x" * (LONGEST + 1), EN)["told"]
