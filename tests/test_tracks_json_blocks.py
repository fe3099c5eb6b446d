"""Arrays taken in blocks: the same elements as if parsed whole, wherever a block ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tracks.objects.json_blocks import LONGEST, Broken, Elements, glimpse

cells = st.one_of(
    st.none(),
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.sampled_from(["ground", "],[", '"', "\\", "}, {", "[", "Ä\N{GRINNING FACE}", "\n", "\0", ""]),
    st.dictionaries(
        st.sampled_from(["flight", "],[", "nav_modes"]), st.lists(st.sampled_from(["a", "],["]), max_size=2)
    ),
)
lists = st.lists(st.lists(cells, max_size=9), max_size=30)
objects = st.lists(st.dictionaries(st.text(max_size=3), cells, max_size=4), max_size=30)


def taken(data: bytes, start: int, kind: str, block: int) -> tuple[list[Any], int]:
    elements = Elements(data, start, kind, block)
    return [element for values in elements.blocks() for element in values], elements.end


@given(rows=lists | objects, indent=st.sampled_from([None, 0, 2]), block=st.integers(1, 300))
def test_the_elements_are_those_of_the_whole(rows, indent, block):
    text = json.dumps({"rows": rows, "behind": [[1], [2], {"a": 1}]}, indent=indent, ensure_ascii=False).encode()
    start = text.index(b"[") + 1
    kind = "{" if rows and isinstance(rows[0], dict) else "["
    found, end = taken(text, start, kind, block)
    assert json.dumps(found) == json.dumps(rows)
    assert text[end - 1 : end] == b"]"
    assert json.loads(text[:start] + text[end - 1 :]) == {"rows": [], "behind": [[1], [2], {"a": 1}]}


@given(count=st.integers(1, 30), broken=st.integers(0, 29), block=st.integers(1, 300), what=st.sampled_from("[{"))
def test_a_broken_element_costs_only_itself(count, broken, block, what):
    good = '[1,"],[",{"a":["b"]}]' if what == "[" else '{"a":1,"b":"},{"}'
    bad = "[1,,2]" if what == "[" else '{"a":,}'
    parts = [bad if index == broken else good for index in range(count)]
    found, _ = taken(("[" + ",".join(parts) + "]}").encode(), 1, what, block)
    assert len(found) == count
    assert [index for index, one in enumerate(found) if isinstance(one, Broken)] == [broken] * (broken < count)


@pytest.mark.parametrize("text", [b"[1]", b"[1],", b"[1] ,\n", b"[1],[2", b"[1],[", b'[1],["a', b'[1],[{"a":'])
@pytest.mark.parametrize("block", [1, 5, 1_000])
def test_an_array_that_is_not_closed_has_one_broken_element_more(text, block):
    found, end = taken(b"[" + text, 1, "[", block)
    assert found[0] == [1]
    assert [type(one) for one in found[1:]] == [Broken]
    assert "the file breaks off" in found[1].detail
    assert end == len(text) + 1


@pytest.mark.parametrize("text", [b"", b"]", b" ]", b"]]]"])
def test_an_empty_array_has_none(text):
    found, _ = taken(b"[" + text, 1, "[", 100)
    assert [one.detail for one in found] == ([] if text else ["the file breaks off here"])


def test_an_element_longer_than_any_row_costs_only_itself():
    long = b'["' + b"a" * (3 * LONGEST) + b'"]'
    found, _ = taken(b"[[1]," + long + b",[2]]}", 1, "[", 1_000)
    assert (found[0], found[2], len(found)) == ([1], [2], 3)
    assert found[1].detail.startswith("it has more than ")
    assert len(found[1].detail) < 200


def test_lists_in_one_another_are_not_looked_at_again_and_again():
    found, _ = taken(b"[" + b"[1," * 200_000 + b"],[2]]}", 1, "[", 1 << 16)
    assert found[-1] == [2]
    assert all(isinstance(one, Broken) for one in found[:-1])


def test_a_value_nested_too_deeply_is_quoted_as_such():
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    assert glimpse(deep) == "something nested too deeply"
    assert glimpse([1, "a"]) == "\"[1, 'a']\""
