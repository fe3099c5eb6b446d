"""Where a case names its places: every mention is found, and follows when a place gets another key."""

from __future__ import annotations

import tomllib

import pytest
from shipped_cases import CASES

from geo.casefile.editing import Document
from geo.casefile.mentions import free_key, key_problem, mentions, rename_place
from geo.resources import data

TEXT = """\
[places.grozny]
find = "URMG"   # the airport

[places.site]
lat = 43.88
lon = 51.01

[intended]
route = ["UBBB", "grozny", { lat = 43.0, lon = 47.0 }]

[[stretch]]
path = ["grozny", { place = "site", within_km = 2 }, { from = "grozny", km = 18, bearing = 90 }, "track"]

[[known]]
place = { place = "grozny", within_km = 30 }

[[event]]
id = "grozny"
title.en = "grozny"
place = { ring = "grozny", km = 18 }

[[event.claim]]
by = "grozny"
place = { find = "Aktau" }

[[event]]
place = "site"

[[step]]
view = "route"

[[step]]
view = { place = "site", km = 60 }
"""


def test_every_mention_of_a_place_is_found() -> None:
    found = mentions(tomllib.loads(TEXT))
    assert found == {
        "UBBB": [("intended", "route", 0)],
        "grozny": [
            ("intended", "route", 1),
            ("event", 0, "place", "ring"),
            ("stretch", 0, "path", 0),
            ("stretch", 0, "path", 2, "from"),
            ("known", 0, "place", "place"),
        ],
        "Aktau": [("event", 0, "claim", 0, "place", "find")],
        "site": [("event", 1, "place"), ("stretch", 0, "path", 1, "place"), ("step", 1, "view", "place")],
    }


def test_mentions_of_a_document_that_is_no_case_yet() -> None:
    assert mentions({"intended": "x", "event": "y", "stretch": [1, {"path": 3}], "step": [{"view": 1}]}) == {}


def test_another_key_is_followed_everywhere_and_nowhere_else() -> None:
    document = Document(TEXT)
    assert rename_place(document, "grozny", "grozny_north") == 5
    after = tomllib.loads(document.text)
    assert mentions(after)["grozny_north"] == mentions(tomllib.loads(TEXT))["grozny"]
    assert "grozny" not in mentions(after)
    assert after["places"]["grozny_north"] == {"find": "URMG"}
    assert "grozny" not in after["places"]
    # Texts and ids that read the same are no mentions.
    event = after["event"][0]
    assert (event["id"], event["title"]["en"], event["claim"][0]["by"]) == ("grozny", "grozny", "grozny")


@pytest.mark.parametrize("slug", CASES)
def test_a_shipped_case_stays_what_it_was_but_for_the_key(slug: str) -> None:
    document = Document(data("cases", slug, "case.toml").read_text(encoding="utf-8"))
    before = tomllib.loads(document.text)
    key = max(before["places"], key=lambda name: len(mentions(before).get(name, [])))
    rename_place(document, key, "elsewhere")
    assert mentions(tomllib.loads(document.text))["elsewhere"] == mentions(before)[key]
    rename_place(document, "elsewhere", key)
    assert tomllib.loads(document.text) == before


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("site", "names another place"),
        ("", "cannot name a place"),
        ("track", "cannot name a place"),
        ("two words", "write letters"),
        ('"', "write letters"),
        ("x" * 65, "write letters"),
    ],
)
def test_a_key_that_cannot_be_is_refused_and_nothing_changes(to: str, told: str) -> None:
    document = Document(TEXT)
    with pytest.raises(ValueError, match=told):
        rename_place(document, "grozny", to)
    assert document.text == TEXT


def test_the_same_key_changes_nothing() -> None:
    document = Document(TEXT)
    assert rename_place(document, "grozny", "grozny") == 0
    assert document.text == TEXT


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Mineralnye Vody", "mineralnye_vody"),
        ("Грозный", "groznyy"),
        ("Grozny", "grozny_2"),
        ("track", "track_2"),
        ("…", "place"),
        ("", "place"),
    ],
)
def test_a_new_place_has_a_key_of_its_own(name: str, key: str) -> None:
    assert free_key({"grozny": {}}, name) == key
    assert key_problem({"grozny": {}}, "", key) is None
