"""What stands on the ground of a scene: runways of the aerodromes that a case has to do with, and tiles on request."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from geo import casefile
from geo.model import Case, Tiles
from geo.route import trace
from geo.scene import compose
from geo.scene.runways import credit, draw
from geo.scene.words import Words

CASES = Path(__file__).resolve().parents[1] / "data/cases"
TILES = {"url": "https://tile.example.org/{z}/{x}/{y}.png", "provider": "Example", "attribution": "© Example"}


def made(*route, **more):
    """A case without tracks between places."""
    return Case.model_validate(
        {
            "format": 1,
            "id": "made",
            "title": "Made",
            "flight": {"callsign": "TST1"},
            "intended": {"route": list(route), "basis": "great circle"},
            "event": [{"id": "e", "time": "2024-12-25T03:55Z", "title": "E", "grade": "confirmed"}],
            **more,
        }
    )


def place(lat, lon, icao=None):
    return {"name": icao or "P", "lat": lat, "lon": lon, "kind": "airport", "icao": icao}


GROZNY, BAKU = place(43.388, 45.699, "URMG"), place(40.4675, 50.0467, "UBBB")


def drawn(case, language="en", units="nautical", frame=48.0):
    return draw(case, trace(case), frame, Words(language, units))


@functools.cache
def shipped(name):
    return casefile.read(CASES / name)


def test_a_runway_is_drawn_from_the_end_with_its_lower_number():
    (grozny,) = [runway for runway in drawn(made(BAKU, GROZNY)) if runway["place"] == "URMG"]
    assert grozny == {
        "place": "URMG",
        "ident": ["08", "26"],
        "from": [45.6844, 43.3875],
        "to": [45.7153, 43.3888],
        "width_m": 45,
        "text": "Runway 08/26: 2,500 m long, 45 m wide",
    }


@pytest.mark.parametrize(
    ("language", "units", "text"),
    [
        ("en", "imperial", "Runway 08/26: 8,202 ft long, 148 ft wide"),
        ("en", "metric", "Runway 08/26: 2,500 m long, 45 m wide"),
        ("de", "nautical", "Landebahn 08/26: 2.500 m lang, 45 m breit"),
    ],
)
def test_its_measures_are_those_of_the_reader(language, units, text):
    assert text in [runway["text"] for runway in drawn(made(BAKU, GROZNY), language, units)]


def test_ends_that_are_not_as_far_apart_as_the_runway_is_long_are_said_to_be_unsure():
    (text,) = [runway["text"] for runway in drawn(shipped("j2-8243")) if runway["place"] == "UATE"]
    assert text == "Runway 12/30: 3,052 m long, 45 m wide; an end may be off by 0.4 km"


def test_aerodromes_of_route_events_and_places_are_drawn_once_each_in_that_order():
    case = made(
        BAKU,
        GROZNY,
        places={"aktau": place(43.8601, 51.0919, "UATE"), "again": GROZNY},
        event=[
            {"id": "e", "time": "2024-12-25T03:55Z", "title": "E", "grade": "stated", "place": GROZNY},
            {
                "id": "f",
                "time": "2024-12-25T04:55Z",
                "title": "F",
                "grade": "stated",
                "place": {"ring": place(44.2251, 43.0819, "URMM"), "km": 5},
            },
        ],
    )
    places = [runway["place"] for runway in drawn(case)]
    assert list(dict.fromkeys(places)) == ["UBBB", "URMG", "URMM", "UATE"]
    assert places.count("URMG") == 1


def test_an_aerodrome_where_the_track_ends_is_drawn_too():
    case = shipped("jl516")
    named = {place.icao for place in case.places.values()}
    found = {runway["place"] for runway in drawn(case, frame=140.0)}
    # Chitose beside New Chitose: the first position lies between the two.
    assert found - named == {"RJCJ"}


def test_a_place_that_the_author_put_elsewhere_is_not_the_aerodrome_of_its_code():
    assert {runway["place"] for runway in drawn(made(BAKU, place(44.5, 45.7, "URMG")))} == {"UBBB"}


def test_without_a_code_there_is_no_runway_and_no_credit():
    case = made(place(43.388, 45.699), place(40.4675, 50.0467))
    assert drawn(case) == []
    scene = compose(case, trace(case), "en", "nautical")
    assert "OurAirports" not in str(scene["footer"])
    assert credit([], Words("en")) is None


def test_the_footer_credits_the_source_and_says_of_when_it_is():
    case = made(BAKU, GROZNY)
    scene = compose(case, trace(case), "en", "nautical")
    assert "Runways: OurAirports, Feb 2026." in scene["footer"][1]


def test_runways_stand_in_the_frame_of_the_route():
    case = made(BAKU, GROZNY)
    here, turned = drawn(case), drawn(case, frame=48.0 + 360)
    for one, other in zip(here, turned, strict=True):
        assert np.subtract(other["from"], one["from"]) == pytest.approx([360, 0])
        assert np.subtract(other["to"], one["to"]) == pytest.approx([360, 0])


def test_a_scene_has_tiles_only_where_the_case_names_a_provider():
    plain, tiled = made(BAKU, GROZNY), made(BAKU, GROZNY, tiles=TILES)
    assert "tiles" not in compose(plain, trace(plain), "en", "nautical")["map"]
    scene = compose(tiled, trace(tiled), "de", "nautical")
    tiles = scene["map"]["tiles"]
    assert (tiles["url"], tiles["max_zoom"], tiles["attribution"]) == (TILES["url"], 19, "© Example")
    assert (tiles["load"], tiles["remove"]) == (
        "Kartenkacheln von Example laden",
        "Kartenkacheln von Example entfernen",
    )
    assert tiles["note"] in scene["footer"][1]


@pytest.mark.parametrize(
    "url",
    [
        "https://tile.example.org/{z}/{x}/{y}.png",
        "https://tile.example.org:8443/a/{z}/{y}/{x}?key=a-b_c",
        "http://127.0.0.1:8080/{z}/{x}/{y}.png",
    ],
)
def test_an_address_of_tiles_is_taken(url):
    assert Tiles.model_validate({**TILES, "url": url}).url == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//{z}/{x}/{y}",
        "data:image/png;base64,{z}{x}{y}",
        "file:///tiles/{z}/{x}/{y}.png",
        "//tile.example.org/{z}/{x}/{y}.png",
        "http://tile.example.org/{z}/{x}/{y}.png",
        "http://127.0.0.1.example.org/{z}/{x}/{y}.png",
        "https://reader:secret@tile.example.org/{z}/{x}/{y}.png",
        "https://{s}.tile.example.org/{z}/{x}/{y}.png",
        "https://tile.example.org{z}/{x}/{y}.png",
        "https://tile.example.org/{x}/{y}.png",
        "https://tile.example.org/{z}/{z}/{x}/{y}.png",
        "https://tile.example.org/{z}/{x}/{y}{r}.png",
        "https://tile.example.org; script-src */{z}/{x}/{y}.png",
        "https://tile.example.org/{z}/{x}/{y}.png\n",
        'https://tile.example.org/{z}/{x}/{y}"><script>',
        "",
    ],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ValidationError, match="no address of map tiles"):
        Tiles.model_validate({**TILES, "url": url})


@pytest.mark.parametrize(
    "changes", [{"attribution": ""}, {"provider": ""}, {"provider": "P" * 61}, {"max_zoom": 0}, {"subdomains": "abc"}]
)
def test_tiles_without_credit_or_name_are_refused(changes):
    with pytest.raises(ValidationError):
        Tiles.model_validate({**TILES, **changes})
