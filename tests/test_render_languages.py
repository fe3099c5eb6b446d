from __future__ import annotations

import json
import re
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped_cases import CASES, shipped
from small_scene import small_scene

from geo.errors import RenderError
from geo.render.languages import language_blocks
from geo.render.layer import changes, divided
from geo.route import trace
from geo.scene import compose
from geo.scene.words import own_name

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


def changed(old, change):
    """What the viewer does: assets/viewer/languages.js."""
    if isinstance(change, list):
        return change[0]
    if isinstance(old, list):
        return [changed(one, change[str(at)]) if str(at) in change else one for at, one in enumerate(old)]
    return old | {key: changed(old.get(key), part) for key, part in change.items()} if change else old


@given(JSON, JSON)
def test_changes_turn_any_value_into_any_other(old, new):
    assert changed(old, changes(old, new)) == new


@given(JSON)
def test_equal_values_need_no_change(value):
    assert changes(value, value) == {}


@pytest.mark.parametrize("name", CASES)
def test_a_shipped_case_in_another_language_is_smaller_than_its_scene(name):
    case = shipped(name)
    route = trace(case)
    scenes = [compose(case, route, language) for language in ("en", "de", "ar")]
    for one, other in permutations(scenes, 2):
        found = changes(one, other)
        assert changed(one, found) == other
        assert "lines" not in found["map"] or all("path" not in line for line in found["map"]["lines"].values())


def test_the_language_of_the_page_comes_first_and_a_page_in_one_language_carries_no_block():
    scene = small_scene()
    assert language_blocks(scene, [scene]) == ""
    blocks = language_blocks(scene, [{**scene, "language": "ar", "title": "</script><b>"}])
    assert blocks.index('lang="en"') < blocks.index('lang="ar"')
    assert "</script><b>" not in blocks


def test_another_case_is_refused():
    with pytest.raises(RenderError, match="a page of ex-1 cannot carry other; compose the same case"):
        language_blocks(small_scene(), [{**small_scene(), "id": "other", "language": "de"}])


def test_languages_name_themselves():
    assert [own_name(code) for code in ("en", "de", "ru", "az", "kk", "ar")] == [
        "English",
        "Deutsch",
        "Русский",
        "Azərbaycan",
        "Қазақ тілі",
        "العربية",
    ]


def test_each_language_and_each_units_is_a_block_of_its_own_named_in_its_language():
    case = shipped("j2-8243")
    route = trace(case)
    keys = [(language, units) for language in ("en", "de") for units in ("nautical", "metric")]
    first, *others = (compose(case, route, *key) for key in keys)
    blocks = language_blocks(first, [*others, first, others[0]])
    found = re.findall(r'lang="(\w+)" title="(\w+)" data-units="(\w+)" data-name="(\w+)">(.*)</script>', blocks)
    assert [block[:4] for block in found] == [
        ("en", "English", "nautical", "Nautical"),
        ("en", "English", "metric", "Metric"),
        ("de", "Deutsch", "nautical", "Nautisch"),
        ("de", "Deutsch", "metric", "Metrisch"),
    ]
    base = divided(first)
    for block, scene in zip(found, (first, *others), strict=True):
        assert changed(base, json.loads(block[4])) == divided(scene)
    assert len(found[1][4]) < 1000, "other units change few words"
