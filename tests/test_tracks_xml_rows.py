"""Rows as a walk over XML finds them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geo.errors import TrackUnreadable
from geo.tracks.markup.walk import Break
from geo.tracks.markup.xml_rows import Gather, distinct, moment_s, name_of, number

NAMES = ("time_s", "lat_deg", "lon_deg", "geometric_altitude_ft", "track_deg")


def test_numbers_are_read_and_blank_is_none():
    assert [number(text, "x") for text in ("1.5", " -2e3\n", "inf")] == [1.5, -2_000, math.inf]
    assert all(math.isnan(number(text, "x")) for text in ("", " ", "nan", "N/A", "-"))
    for text in ("1_000", "1,5", "<b>"):
        with pytest.raises(ValueError, match=r"x is .*, which is no number"):
            number(text, "x")


@pytest.mark.parametrize(
    "text", ["2024-12-25T05:13:31Z", "2024-12-25T05:13:31.000000000z", " 2024-12-25T09:13:31+04:00 ", "1735103611"]
)
def test_times_are_read_with_their_zone(text):
    assert moment_s(text) == 1_735_103_611


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it has no time"),
        ("2024-12-25T05:13:31", "has no zone; write it in UTC as 2024-12-25T05:13:31Z, or with an offset as .*04:00$"),
        ("0001-01-01T00:00:00Z", "not between 1950 and 2100"),
        ("9999-12-31T23:59:59Z", "not between 1950 and 2100"),
        ("noon", "none that can be read"),
    ],
)
def test_what_is_no_time_is_said_to_be_none(text, words):
    with pytest.raises(ValueError, match=words):
        moment_s(text)


def test_names_are_one_short_line_of_text():
    assert name_of(" a\n\tb\x07 <b>") == "a b\N{REPLACEMENT CHARACTER} <b>"
    assert name_of("x" * 100_000) == "x" * 79 + "…"
    assert distinct(["a", "", "a", ""], "track") == ("a", "track 2", "a (track 3)", "track 4")


def test_rows_are_numbered_by_lines_unless_two_share_one():
    rows = Gather(NAMES, "x")
    rows.keep(3, 0, (1, 2, 3, math.nan, 90))
    rows.lose(5, "why")
    rows.keep(9, -1, (2, 3, 4, 0, math.nan))
    found = rows.rows(("A",), "AHY8243")
    assert (found.row.tolist(), found.unreadable) == ([3, 9], ((5, "why"),))
    assert list(found.columns) == ["time_s", "lat_deg", "lon_deg", "track_deg"]
    assert (found.part.codes.tolist(), found.callsign.codes.tolist()) == ([0, -1], [0, 0])
    assert rows.entries().tolist() == [1, 3]
    rows.break_off(Break(9, 0, "it ends"), [])
    assert rows.rows().unreadable == ((5, "why"), (10, "it ends"))
    rows.lose(3, "again")
    found = rows.rows()
    assert found.row.tolist() == [1, 3]
    assert [one.row for one in found.unreadable] == [2, 4, 5]


def test_no_row_is_no_row():
    found = Gather(NAMES, "x").rows()
    assert (len(found), found.unreadable, found.part) == (0, (), None)
    assert all(np.array_equal(column, []) for column in found.columns.values())


def test_more_unreadable_rows_than_can_be_told_refuse_the_file():
    rows = Gather(NAMES, "x")
    for line in range(7, 1_000_007):
        rows.lose(line, "why")
    with pytest.raises(TrackUnreadable, match=r"x: more than 1,000,000 of its rows cannot be read; row 7: why"):
        rows.lose(1_000_007, "why")
