"""JSON values one after the other: whatever stands between them, and with broken ones among them."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tracks.objects.json_blocks import Broken
from geo.tracks.objects.json_series import series

BEGINS = re.compile(r'\{\s{0,9}"now"')
contents = st.recursive(
    st.none() | st.integers(-99, 99) | st.text(max_size=5) | st.sampled_from(["{", "]", '{"no', "\x1e"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
values = st.lists(st.builds(lambda now, x: {"now": now, "x": x}, st.integers(0, 9), contents), max_size=8)


@given(many=values, between=st.sampled_from(["", "\n", "\r\n\r\n", ",", " ,\n ", "\x1e"]), listed=st.booleans())
def test_every_value_is_found(many, between, listed):
    if listed:
        between = ","
    text = between.join(json.dumps(one, ensure_ascii=False) for one in many)
    text = f" [{text} ]\n" if listed else text
    assert list(series(text.encode(), BEGINS)) == many


@given(
    many=values, place=st.integers(0, 8), broken=st.sampled_from(['{"now": x}', '{"now": 1, "x": [1, 2}', '{"now" 1}'])
)
def test_a_broken_value_costs_only_itself(many, place, broken):
    parts = [json.dumps(one) for one in many]
    parts.insert(place, broken)
    found = list(series("\n".join(parts).encode(), BEGINS))
    assert [one for one in found if not isinstance(one, Broken)] == many
    assert len(found) == len(many) + 1


def test_a_value_longer_than_what_is_decoded_at_once():
    long = {"now": 1, "x": ["Ä" * 1_000] * 3_000}
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in (long, {"now": 2}, long)).encode()
    assert list(series(text, BEGINS)) == [long, {"now": 2}, long]


@pytest.mark.parametrize("cut", [b'{"now": 1', b'{"now": "a', b"{", b'{"now": [1, 2', b'{"now": tr', b'{"now": 1.5e'])
@pytest.mark.parametrize("listed", [True, False])
def test_a_value_that_breaks_off_is_broken(cut, listed):
    head = b'[{"now": 0},' if listed else b'{"now": 0}\n'
    found = list(series(head + cut, BEGINS))
    assert found[0] == {"now": 0}
    assert [one.detail.partition(":")[0] for one in found[1:]] == ["the file breaks off inside it"]


def test_an_array_that_is_not_closed_has_one_broken_value_more():
    found = list(series(b'[{"now": 0},\n', BEGINS))
    assert found == [{"now": 0}, Broken("the file breaks off here")]


@pytest.mark.parametrize("deep", [b'{"now":' * 300_000, b"[" * 300_000, b'{"now": ' + b"[" * 300_000])
def test_what_is_nested_without_end_is_left_soon(deep):
    found = list(series(deep + b"x\n" + b" " * 100_000 + b'{"now": 2}', BEGINS))
    assert {"now": 2} in found
    assert all(isinstance(one, Broken) for one in found if one != {"now": 2})
