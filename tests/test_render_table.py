"""The table of a scene: everything with a time or a place, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_scene import path, small_scene, with_every_word

from geo.render.table import COLUMNS, harmless, table

NUMBERS = ("lat", "lon", "within_m", "doubt_m")


def rows(scene: dict[str, Any]) -> list[dict[str, str]]:
    text = table(scene)
    assert text.startswith("\ufeff")
    assert text.count("\n") == text.count("\r\n")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_lines_events_claims_places_and_states_are_rows() -> None:
    found = rows(small_scene())
    assert {row["kind"] for row in found} >= {"line", "line point", "crosses", "band", "ring", "reach",
                                             "reach at a moment", "place", "event", "claim", "state"}  # fmt: skip
    points = [row for row in found if row["kind"] == "line point" and row["of"] == "stretch-1"]
    assert [(row["time_utc"], row["lon"], row["lat"]) for row in points] == [
        ("2023-11-14T22:13:20Z", "8.0", "50.0"),
        ("2023-11-14T22:33:20Z", "10.0", "51.0"),
    ]
    assert {(row["style"], row["evidence"], row["basis"]) for row in points} == {("received", "received", "measured")}
    turn = next(row for row in found if row["id"] == "event-turn")
    assert (turn["grade"], turn["sources"], turn["source_urls"]) == ("disputed", "S1 S2", "https://example.org/notes")
    claims = [row for row in found if row["kind"] == "claim"]
    assert [(row["title"], row["text"], row["sources"]) for row in claims] == [
        ("The tower", "over the lake", "S1"),
        ("The crew", "über dem Wald by radio 22:33", "S1"),
    ]
    assert claims[1]["note"] == "leak"
    assert {row["case"] for row in found} == {"ex-1"}


def test_a_line_over_the_antimeridian_has_its_own_points_and_no_others() -> None:
    scene = small_scene()
    scene["map"]["lines"][1]["path"] = path([(179.0, 1.0), (181.0, 2.0)], [1_700_000_000, 1_700_000_600])
    points = [row for row in rows(scene) if row["of"] == "stretch-1" and row["kind"] == "line point"]
    assert [row["lon"] for row in points] == ["179.0", "-179.0"]


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@\t\r\n;|＝＠ ")))  # noqa: RUF001  the wide ones are meant
def test_no_text_is_a_formula(text: str) -> None:
    made = harmless(text)
    assert not made.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))  # noqa: RUF001  the wide ones are meant
    assert not any(f"{mark}{sign}" in made for mark in ";|" for sign in "=+-@")
    assert made.splitlines() in ([], [made])
    assert [char for char in made if char.isalnum()] == [char for char in text if char.isalnum()]


@pytest.mark.parametrize("nasty", ['=HYPERLINK("http://x","y")', "+1", "-1+1", "@SUM(A1)", "\t=1", "a;=1+1", 'q"\n=1'])
def test_hostile_words_reach_no_cell_as_a_formula(nasty: str) -> None:
    found = rows(with_every_word(small_scene(), lambda _: nasty))
    for row in found:
        assert set(row) == set(COLUMNS)
        for name, cell in row.items():
            if name not in NUMBERS:
                assert not cell.lstrip().startswith(("=", "+", "-", "@"))
            elif cell:
                float(cell)


def test_equal_scenes_give_equal_text() -> None:
    assert table(small_scene()) == table(small_scene())
