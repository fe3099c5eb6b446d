"""What a click on the map of the preview writes into a case: positions, rings, paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.casefile.editing import Document
from geo.dashboard import library
from geo.dashboard.desk import desk
from geo.dashboard.edit.answers import put_path, put_point, read_point, round_km, take
from geo.dashboard.edit.movable import movable, spot
from geo.geodesy import distance_m
from geo.scene.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from geo.dashboard.desk import Desk

CASE = """format = 1
id = "made"
title = "Made"
standfirst = "Made."
[flight]
callsign = "ABC1"
[places.here]
find = "UBBB"
name.en = "Here"
[intended]
route = ["here", "URMG"]
basis = "great circle"
[[event]]
id = "own"
time = 2024-12-25T05:00:00Z
title = "Own"
grade = "confirmed"
place = { lat = 41.0, lon = 48.0, within_km = 3 }  # as surveyed
[[event]]
id = "ring"
time = 2024-12-25T05:10:00Z
title = "Ring"
grade = "stated"
place = { ring = "URMG", km = 18 }
[[event]]
id = "named"
time = 2024-12-25T05:20:00Z
title = "Named"
grade = "stated"
place = "here"
"""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    return again(library.drafts().new("made", CASE).id)


def again(id_: str) -> Desk:
    """The draft as it stands now, on the desk."""
    return desk(library.drafts().sure(id_), Words("en"), "en")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"URMG"', {"lat": 1.5, "lon": 2.5}),
        ("{ lat = 3, lon = 4, within_km = 2 }", {"lat": 1.5, "lon": 2.5, "within_km": 2}),
        ('{ place = "URMG", within_km = 2 }', {"lat": 1.5, "lon": 2.5, "within_km": 2}),
        ("{ place = { lat = 3, lon = 4 }, within_km = 2 }", {"place": {"lat": 1.5, "lon": 2.5}, "within_km": 2}),
        ('{ ring = "URMG", km = 18 }', {"ring": {"lat": 1.5, "lon": 2.5}, "km": 18}),
        ('{ from = "URMG", km = 1, bearing = 9 }', {"from": {"lat": 1.5, "lon": 2.5}, "km": 1, "bearing": 9}),
    ],
)
def test_a_position_takes_the_place_of_the_one_before_and_of_nothing_else(before: str, after: Any) -> None:
    document = Document(f"[[event]]\nplace = {before}\n")
    put_point(document, ("event", 0, "place"), (1.5, 2.5))
    assert Document(document.text).get(("event", 0, "place")) == after


def test_a_place_of_the_case_keeps_its_names_and_what_led_to_it() -> None:
    document = Document('[places]\nb = "URMG"\n[places.a]\nfind = "UBBB"\nname.en = "A"\n')
    for key in ("a", "b", "c"):
        put_point(document, ("places", key), (1.5, 2.5))
    at = {"lat": 1.5, "lon": 2.5}
    held = Document(document.text).get(("places",))
    assert held == {"a": {"find": "UBBB", "name": {"en": "A"}, **at}, "b": {"find": "URMG", **at}, "c": at}


POINTS = some.one_of(
    some.sampled_from(["URMG", "here"]),
    some.builds(lambda lat, lon: {"lat": lat, "lon": lon}, some.integers(-90, 90), some.integers(-180, 180)),
)


@given(some.lists(POINTS, min_size=1, max_size=8), some.lists(POINTS, max_size=8))
def test_a_path_becomes_the_one_that_was_drawn(before: list[Any], after: list[Any]) -> None:
    document = Document('[[stretch]]\nlabel = "kept"\n')
    document.put(("stretch", 0, "path"), before)
    put_path(document, ("stretch", 0, "path"), after)
    found = Document(document.text).get(("stretch", 0))
    assert found == ({"label": "kept", "path": after} if after else {"label": "kept"})


def test_points_of_a_path_that_stay_keep_their_spelling_and_comments() -> None:
    text = '[[stretch]]\npath = [\n  "URMG", # the airport\n  { lat = 43.90, lon = 46.4 },\n]\n'
    document = Document(text)
    put_path(document, ("stretch", 0, "path"), ["URMG", {"lat": 43.9, "lon": 46.4}, {"lat": 44.0, "lon": 47.0}])
    assert '"URMG", # the airport\n  { lat = 43.90, lon = 46.4 },\n' in document.text


@pytest.mark.parametrize("bad", [None, [1], [1, 2, 3], ["1", 2], [True, 2], [91, 0], [float("nan"), 0], {"lat": 1}])
def test_what_is_no_position_is_none(bad: Any) -> None:
    assert read_point(bad) is None


def test_longitudes_are_wrapped_and_six_decimals_kept() -> None:
    assert read_point([1.23456789, 190]) == (1.234568, -170.0)


def test_distances_are_written_as_finely_as_a_map_gives_them() -> None:
    assert [round_km(km) for km in (0.0, 18.04, 99.96, 240.4)] == [0.1, 18.0, 100.0, 240]


def test_what_stands_at_a_position_of_its_own_or_on_a_ring_can_be_moved(made: Desk) -> None:
    found = {each["event"]: each for each in movable(made)}
    assert set(found) == {"own", "ring"}
    assert found["own"]["at"] == (41.0, 48.0)
    assert not found["ring"]["own"]
    assert spot(made, {"from": "URMG", "km": 18, "bearing": 90}) != spot(made, "URMG")


def test_a_drag_is_one_change_and_can_be_taken_back(made: Desk) -> None:
    take(made, {"place": ["event", 0, "place"], "op": "point", "at": [41.5, 408.25]})
    now = again(made.draft.id)
    assert now.get(("event", 0, "place")) == {"lat": 41.5, "lon": 48.25, "within_km": 3}
    assert "# as surveyed" in now.draft.text
    assert now.draft.step == made.draft.step + 1
    assert library.drafts().undo(made.draft.id).text == CASE


def test_the_radius_of_a_ring_is_the_geodesic_to_where_its_handle_was_let_go(made: Desk) -> None:
    take(made, {"place": ["event", 1, "place"], "op": "km", "at": [43.4, 46.2]})
    centre = spot(made, "URMG")
    assert centre
    km = float(distance_m(*centre, 43.4, 46.2)) / 1000
    assert again(made.draft.id).get(("event", 1, "place")) == {"ring": "URMG", "km": round(km, 1)}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "point",
        {"place": ["event", 2, "place"], "op": "point", "at": [1, 1]},  # named: nobody asked for it
        {"place": ["title"], "op": "point", "at": [1, 1]},
        {"place": ["event", 0, "place"], "op": "point", "at": [100, 1]},
        {"place": ["event", 0, "place"], "op": "path", "points": [{"lat": 1, "lon": 1}]},
        {"place": [{"x": 1}], "op": "point", "at": [1, 1]},
        {"place": [], "op": "point", "at": [1, 1]},
    ],
)
def test_what_nobody_asked_for_changes_nothing(made: Desk, answer: Any) -> None:
    take(made, answer)
    assert again(made.draft.id).draft.text == CASE
