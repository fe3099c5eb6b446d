"""State vectors from OpenSky's interface: their units, when a position is, and what is repeated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import made_json
import made_tracks
import numpy as np
import pytest

from geo.tracks import opensky_states_json

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

TIME = 1_499_105_361
#: As the forum of OpenSky quotes it; the last is the category, which is there only where asked for.
STATE = [
    *("4240ec", "UTA394  ", "United Kingdom", 1_499_105_360, 1_499_105_361, 21.9943, 54.9052, 8_404.86, False),
    *(225.19, 84.89, 9.1, None, 8_397.24, "7674", False, 0, 4),
]
PLACES = {"icao24": 0, "time_position": 3, "last_contact": 4, "lon": 5, "lat": 6, "baro": 7, "ground": 8}


def with_(**changed: Any) -> list[Any]:
    state = list(STATE)
    for name, value in changed.items():
        state[PLACES[name]] = value
    return state


def answer(*states: Any, time: Any = TIME) -> dict[str, Any]:
    return {"time": time, "states": list(states)}


def written(*answers: Any) -> bytes:
    return "\n".join(json.dumps(one) for one in answers).encode()


def read(*answers: Any) -> Rows:
    return opensky_states_json.read(written(*answers), "states")


def values(rows: Rows, index: int = 0) -> dict[str, float]:
    return {name: float(column[index]) for name, column in rows.columns.items() if not np.isnan(column[index])}


@pytest.mark.parametrize("length", [18, 17, 14])
def test_a_state_vector_is_read_in_the_units_of_a_track(length):
    rows = read(answer(STATE[:length]))
    assert values(rows) == {
        "time_s": TIME - 1,
        "lat_deg": 54.9052,
        "lon_deg": 21.9943,
        "altitude_ft": pytest.approx(27_575),
        "geometric_altitude_ft": pytest.approx(27_550),
        "ground_speed_kt": pytest.approx(437.73, abs=0.01),
        "track_deg": 84.89,
        "vertical_rate_fpm": pytest.approx(1_791.3, abs=0.1),
        "on_ground": 0,
    }
    assert (rows.icao24.names, rows.callsign.names, rows.row.tolist()) == (("4240ec",), ("UTA394",), [1])


def test_on_the_ground_altitudes_are_null():
    found = values(read(answer(with_(ground=True, baro=None))))
    assert found["on_ground"] == 1
    assert "altitude_ft" not in found


def test_a_repeated_position_is_stale_at_the_time_of_the_last_message():
    rows = read(
        answer(STATE),
        answer(with_(last_contact=TIME + 9), time=TIME + 10),
        answer(with_(time_position=TIME + 18, last_contact=TIME + 19, lat=54.92), time=TIME + 20),
    )
    assert rows.columns["time_s"].tolist() == [TIME - 1, TIME + 9, TIME + 18]
    assert list(rows.given) == [1]
    assert rows.given[1] == ("stale position", "its position was last heard at 18:09:20, 10.0 s before")


def test_a_position_that_is_old_but_new_to_the_file_is_of_its_own_time():
    rows = read(answer(with_(time_position=TIME - 12)))
    assert rows.columns["time_s"].tolist() == [TIME - 12]
    assert not rows.given


def test_a_row_without_position_is_of_the_time_of_the_last_message():
    rows = read(answer(with_(time_position=None, lon=None, lat=None)))
    assert rows.columns["time_s"].tolist() == [TIME]
    assert not rows.given


def test_the_time_of_the_answer_stands_in_for_that_of_the_last_message():
    assert values(read(answer(with_(time_position=None, last_contact=None))))["time_s"] == TIME


def test_states_that_are_null_are_none():
    assert len(read({"time": TIME, "states": None}, answer(STATE))) == 1


@pytest.mark.parametrize(
    "form",
    [
        lambda many: written(*many),
        lambda many: json.dumps(many).encode(),
        lambda many: json.dumps(many, indent=2).encode(),
        lambda many: b"".join(json.dumps(one, indent=1).encode() for one in many),
        lambda many: json.dumps(many).encode("utf-16"),
    ],
    ids=["lines", "array", "pretty", "joined", "UTF-16"],
)
def test_a_series_may_have_any_form(form):
    many = [answer(with_(time_position=TIME + step), time=TIME + step) for step in range(5)]
    body = form(many)
    assert opensky_states_json.sniff(body[:65_536]) == opensky_states_json.NAME
    rows = opensky_states_json.read(body, "states")
    assert (len(rows), rows.unreadable, rows.ordered) == (5, (), False)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("4240ec", "it is '4240ec', not a state vector"),
        (STATE[:5], "it has 5 values where a state vector has 12 or more"),
        (with_(icao24=None), "it has no address (icao24)"),
        (with_(lat="north"), "latitude is 'north', which is no number"),
        (with_(lat=10**400), "a number in it is too large"),
        (with_(lat=[]), "latitude is '[]', which is no number"),
        (with_(time_position=-62_135_596_800), "its time_position, -6.21355968e+10, is no count of seconds since 1970"),
        (with_(last_contact=253_402_300_799), "its time, 2.534023008e+11, is no count of seconds since 1970"),
    ],
)
def test_a_state_vector_that_cannot_be_read_costs_only_itself(state, words):
    rows = read(answer(STATE, state, with_(icao24="abcdef")))
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    assert words in rows.unreadable[0].detail


def test_an_answer_without_time_has_rows_where_they_have_their_own():
    rows = read(answer(STATE, with_(last_contact=None), time=None))
    assert rows.row.tolist() == [1]
    assert rows.unreadable[0].detail == "its snapshot has no time (time)"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (b'{"time": 1499105361, "states": 5}', "it is an answer whose states are '5', no list"),
        (b'{"time": 1499105361}', "no list"),
        (b"[]", "it is '[]', not an answer with state vectors"),
        (b'{"time": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"time": 1499105361, "states": [["4240ec", ', "it is no JSON"),
    ],
    ids=["number", "none", "list", "deep", "cut"],
)
def test_an_answer_that_is_none_is_one_row(broken, words):
    rows = opensky_states_json.read(b"\n".join([written(answer(STATE)), broken, written(answer(STATE))]), "states")
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    assert words in rows.unreadable[0].detail


def test_numbers_that_are_none_and_numbers_as_text():
    rows = read(answer(with_(lat=float("nan")), with_(icao24="abcdef", lon=float("inf"), baro="304.8")))
    assert np.isnan(rows.columns["lat_deg"][0])
    assert np.isinf(rows.columns["lon_deg"][1])
    assert rows.columns["altitude_ft"][1] == pytest.approx(1_000)


def test_files_of_other_formats_are_not_taken():
    report = [(0.0, 40.0, 50.0, 1_000.0, 400.0, "AHY8243")]
    for name, write in (made_tracks.WRITERS | made_json.WRITERS).items():
        assert (opensky_states_json.sniff(write(report)) is not None) == (name == opensky_states_json.NAME)
    for head in (b"", b"{}", b"[]", b"\0" * 100, b"<html>", b'{"time": ' * 10_000):
        assert opensky_states_json.sniff(head) is None
