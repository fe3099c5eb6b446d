"""What a document packs: sources once, only the changes to what its text tells, numbers in letters."""

from __future__ import annotations

import copy
import json
from itertools import accumulate
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_scene import small_scene

from geo.render.layer import changes, divided, layer_data, sources_of
from geo.render.told import told

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


def changed(old: Any, change: Any) -> Any:
    """What the viewer does: assets/viewer/languages.js."""
    if isinstance(change, list):
        return change[0]
    items = list(old) if isinstance(old, list) else dict(old) if change else old
    for key, part in change.items():
        index = int(key) if isinstance(items, list) else key
        items[index] = changed(None if isinstance(items, dict) and key not in items else items[index], part)
    return items


def integers(text: str) -> list[int]:
    """What the viewer does: assets/viewer/unpack.js."""
    numbers, value = [], 0
    for letter in text:
        value = value * 26 + (ord(letter) & 31) - 1
        if letter.islower():
            numbers.append(-(value + 1) // 2 if value % 2 else value // 2)
            value = 0
    return numbers


def deltas(text: str) -> list[int]:
    first, *rest = integers(text[1:]) or [None]
    for _ in range(int(text[0])):
        rest = list(accumulate(rest))
    return [] if first is None else [first, *rest]


def packed(values: list[int]) -> str:
    scene = small_scene()
    scene["map"]["lines"][0]["path"]["time"] = {"quantum": 0.1, "deltas": values}
    written: str = json.loads(layer_data(scene))["scene"][0]["map"]["lines"][0]["path"]["time"]["deltas"]
    return written


@given(JSON, JSON)
def test_changes_turn_any_value_into_any_other(old: Any, new: Any) -> None:
    assert changed(copy.deepcopy(old), changes(old, new)) == new


def test_a_value_that_is_new_and_null_is_told() -> None:
    assert changes({}, {"profile": None}) == {"profile": [None]}


@settings(deadline=None)  # the first call opens the basemap
@given(st.lists(st.integers(-(2**40), 2**40) | st.integers(-30, 30), max_size=40))
def test_a_column_is_written_in_letters_without_loss(values: list[int]) -> None:
    assert deltas(packed(values)) == values


def test_a_long_column_is_judged_by_its_beginning_and_written_whole() -> None:
    values = [7, *(n * n for n in range(900)), *((-1) ** n * n for n in range(900))]
    assert deltas(packed(values)) == values
    assert packed(values)[0] == "3", "the third differences of squares are all nought"


def spelled(packed: Any) -> list[str]:
    """What the viewer does: assets/viewer/unpack.js."""
    if isinstance(packed, list):
        return packed
    forms = list(accumulate(deltas(packed["which"]["deltas"])))
    values = iter(accumulate(deltas(packed["values"]["deltas"])))
    pieces = [packed["forms"][form].split("#") for form in forms]
    grouped = (f"{value:,}".replace(",", packed["mark"]) for value in values)
    return ["".join(part if at == 0 else next(grouped) + part for at, part in enumerate(parts)) for parts in pieces]


@given(
    st.lists(
        st.from_regex(r"(about |#)?[0-9]{0,2}[,.]?[0-9]{0,5}(–[1-9][0-9]{0,2})?( km)?", fullmatch=True), max_size=9
    )
    | st.lists(st.integers(0, 10**7).map(lambda n: f"within {n:,} km of A"), max_size=9)
)
def test_texts_that_differ_in_numbers_come_back_letter_by_letter(texts: list[str]) -> None:
    scene = small_scene()
    scene["distances"]["texts"] = texts
    assert spelled(json.loads(layer_data(scene))["scene"][0]["distances"]["texts"]) == texts


def test_texts_that_differ_in_numbers_are_written_as_numbers() -> None:
    written = layer_data(small_scene())
    assert written.count("km from Eastby") == 1


def test_a_column_of_noise_keeps_its_deltas() -> None:
    assert packed([5, *((-1) ** n * 300 for n in range(50))])[0] == "0"


def test_a_source_stands_once_in_the_order_of_its_citation() -> None:
    scene = small_scene()
    assert list(sources_of(scene)) == ["S1", "S2", "S9"]
    parts = divided(scene)
    assert parts["events"][2]["card"]["sources"] == ["S1", "S2"]
    assert parts["scene"]["other_sources"] == ["S9"]


def test_what_the_text_tells_is_no_data() -> None:
    scene = small_scene()
    data = json.loads(layer_data(scene, told(scene)))
    assert not {"title", "standfirst", "description", "footer", "facts_table"} & data["scene"].keys()
    # The text does not tell that the name of the third event ends otherwise than its grade is written.
    assert data["events"]["2"]["name"] == ["22:33:20 UTC, Turn, disputed"]
    assert "Two accounts of the turn" not in json.dumps(data)


def test_no_template_stands_in_the_data() -> None:
    scene = {**small_scene(), "pill": "{{7*7}}{%x%}{#y#}{{{z}}}"}
    text = layer_data(scene)
    assert not any(pair in text for pair in ("{{", "{%", "{#"))
    assert json.loads(text)["scene"][0]["pill"] == scene["pill"]
