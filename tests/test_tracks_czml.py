"""CZML of ours is read, that of others refused, and a damaged one accounted for."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_czml import czml as made
from made_tracks import START_S, WRITERS, reports, straight

from geo.errors import TrackError, TrackUnreadable
from geo.tracks import czml
from geo.tracks.write import write

GOOD = [(float(second), 40 + second / 500, 50.0, 1_000 + second, 400, "AHY8243") for second in range(0, 50, 10)]
#: The beginning of a file of another program.
FOREIGN = [
    {"id": "document", "name": "demo", "version": "1.0"},
    {
        "id": "plane",
        "position": {"epoch": "2024-12-25T03:55:00Z", "cartographicDegrees": [0, 50, 40, 0, 60, 51, 40, 0]},
    },
]


def columns(data):
    packets = json.loads(data)
    return packets, packets[1]["properties"]


def test_rows_are_entries_in_the_order_of_the_track():
    rows = czml.read(made(GOOD), "a.czml")
    assert rows.row.tolist() == [1, 2, 3, 4, 5]
    assert rows.columns["time_s"].tolist() == [START_S + second for second in range(0, 50, 10)]
    assert rows.columns["altitude_ft"].tolist() == [1000, 1010, 1020, 1030, 1040]
    assert rows.callsign.names == ("AHY8243",)
    assert not rows.unreadable


def test_reasons_in_the_file_are_believed():
    packets, said = columns(made(GOOD))
    said["reason"] = {"array": ["accepted", "out of range", "no position", None, "mistaken"]}
    said["altitude_reason"] = {"array": ["accepted"] * 2 + ["implausible altitude"] + ["accepted"] * 2}
    rows = czml.read(json.dumps(packets).encode(), "a.czml")
    assert dict(rows.given) == {1: ("out of range", "the file says: out of range")}
    assert dict(rows.given_altitude) == {2: ("implausible altitude", "the file says: implausible altitude")}
    assert [tuple(one) for one in rows.unreadable] == [(5, "the reason 'mistaken' is none we know")]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("time", None, "it has no time; write 2024-12-25T05:13:31Z"),
        ("time", "0001-01-01T00:00:00Z", "is not between 1950 and 2100"),
        ("time", [1], "is none that can be read"),
        ("lat", "forty", "lat is 'forty', which is no number"),
        ("lat", {"deep": []}, "which is no number"),
        ("altitude_ft", 10**400, "which is too large"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_broken_entry_costs_its_row_and_no_other(name, value, sentence):
    packets, said = columns(made(GOOD))
    said[name]["array"][2] = value
    rows = czml.read(json.dumps(packets).encode(), "a.czml")
    assert rows.row.tolist() == [1, 2, 4, 5]
    ((row, detail),) = rows.unreadable
    assert row == 3
    assert sentence in detail
    assert len(detail) < 300


def test_nan_and_infinity_are_no_value_or_stay_for_the_rule_on_ranges():
    rows = czml.read(made(GOOD).replace(b"1010", b"NaN").replace(b"1020", b"-Infinity"), "a.czml")
    assert np.array_equal(rows.columns["altitude_ft"], [1000, np.nan, -np.inf, 1030, 1040], equal_nan=True)


@pytest.mark.parametrize(
    "packets", [FOREIGN, [FOREIGN[0], 5, None, {"id": "fixes"}], [FOREIGN[0], {"id": "fixes", "properties": []}]]
)
def test_the_scene_of_another_program_is_refused(packets):
    data = json.dumps(packets).encode()
    assert czml.sniff(data) == "czml"
    with pytest.raises(TrackUnreadable, match=r"^a\.czml: it is CZML of another program, which says what to draw"):
        czml.read(data, "a.czml")


def test_columns_of_two_lengths_are_refused():
    packets, said = columns(made(GOOD))
    said["lat"]["array"].pop()
    with pytest.raises(TrackUnreadable, match="its column 'lat' has 4 values and its column time 5; make it anew"):
        czml.read(json.dumps(packets).encode(), "a.czml")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (made(GOOD)[:-30], "breaks off or is damaged"),
        (b'[{"id":"document"},' + b"[" * 100_000, "CZML"),
    ],
)
def test_a_damaged_file_is_refused(data, words):
    assert czml.sniff(data[: 1 << 16]) == "czml"
    with pytest.raises(TrackUnreadable, match=words):
        czml.read(data, "a.czml")


def test_a_file_without_fixes_has_no_rows(tmp_path):
    write(straight(0), tmp_path / "out.czml")
    assert len(czml.read((tmp_path / "out.czml").read_bytes(), "out.czml")) == 0


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_no_other_format_is_taken(name):
    assert czml.sniff(WRITERS[name](GOOD)[: 1 << 16]) is None


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'[{"id":"document"', "czml"),
        (b'\xef\xbb\xbf\n[\n  {\n    "version": "1.0",\n    "id" : "document"', "czml"),
        ('[{"id":"document"'.encode("utf-16"), "czml"),
        (b'{"id":"document"}', None),
        (b'[{"icao24":"document"}]', None),
        (b'[{"id":"plane"},{"id":"document"}]', None),
        (b"", None),
        (b"[" * 70_000, None),
        (b" " * 70_000, None),
    ],
)
def test_it_is_known_by_its_first_packet(head, name):
    assert czml.sniff(head) == name


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_entry_is_accounted_for(rows):
    found = czml.read(made(rows), "a.czml")
    assert len(found) + len(found.unreadable) == len(rows)
    assert sorted([*found.row.tolist(), *(one.row for one in found.unreadable)]) == list(range(1, len(rows) + 1))


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_damage_never_breaks_the_reader(data):
    content = bytearray(made(GOOD))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b'"', b"null", b",", b"[]", b"{", b"9" * 400, b"\0"])
        )
    refused = ""
    try:
        czml.read(bytes(content), "a.czml")
    except TrackError as error:
        refused = str(error)
    assert len(refused) < 1_000
