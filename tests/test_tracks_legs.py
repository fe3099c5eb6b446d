"""Which rows are one flight."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import at

from geo import tracks


def legs(rows, header="time,hex,callsign,lat,lon,on_ground"):
    text = "\n".join([header, *rows])
    return [(leg.icao24, leg.callsign, leg.track.row.tolist()) for leg in tracks.read(text.encode()).legs]


def test_aircraft_are_parted_and_a_row_without_callsign_flies_with_its_aircraft():
    rows = [
        f"{at(0)},aaaaaa,A1,40,50,",
        f"{at(1)},bbbbbb,B2,40,50,",
        f"{at(2)},aaaaaa,,40,50,",
        f"{at(3)},bbbbbb,,40,50,",
    ]
    assert legs(rows) == [("aaaaaa", "A1", [2, 4]), ("bbbbbb", "B2", [3, 5])]


def test_a_callsign_that_comes_late_is_that_of_the_rows_before_it():
    assert legs([f"{at(0)},aaaaaa,,40,50,", f"{at(1)},aaaaaa,A1,40,50,"]) == [("aaaaaa", "A1", [2, 3])]


def test_another_callsign_is_another_flight():
    rows = [f"{at(0)},aaaaaa,A1,40,50,", f"{at(60)},aaaaaa,A2,40,50,", f"{at(90)},aaaaaa,,40,50,"]
    assert legs(rows) == [("aaaaaa", "A1", [2]), ("aaaaaa", "A2", [3, 4])]


def test_a_silence_in_the_air_parts_nothing_and_one_on_the_ground_does():
    rows = [f"{at(0)},aaaaaa,A1,40,50,0", f"{at(5_000)},aaaaaa,A1,44,50,0", f"{at(5_010)},aaaaaa,A1,44,50,1"]
    assert legs(rows) == [("aaaaaa", "A1", [2, 3, 4])]
    assert legs([*rows, f"{at(9_000)},aaaaaa,A1,44,50,1"]) == [("aaaaaa", "A1", [2, 3, 4]), ("aaaaaa", "A1", [5])]


def test_the_next_day_is_another_flight():
    assert len(legs([f"{at(0)},aaaaaa,A1,40,50,", f"{at(86_400)},aaaaaa,A1,40,50,"])) == 2


def test_a_row_with_a_wrong_time_stays_in_the_leg_it_stands_in():
    rows = [f"{at(index)},aaaaaa,A1,40,50," for index in range(30)]
    rows[10] = f"{at(400_000)},aaaaaa,A1,40,50,"
    found = tracks.read("\n".join(["time,hex,callsign,lat,lon,on_ground", *rows]).encode())
    assert len(found.legs) == 1
    assert found.report.rejections[0][:2] == (12, "time runs backwards")


def test_no_aircraft_and_no_callsign_is_one_leg():
    assert legs([f"{at(0)},40,50", f"{at(1)},40,50"], "time,lat,lon") == [(None, None, [2, 3])]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 100_000),
            st.sampled_from(["", "aaaaaa", "bbbbbb"]),
            st.sampled_from(["", "A1", "B2"]),
            st.sampled_from("01"),
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(deadline=None)
def test_every_row_is_in_exactly_one_leg(rows):
    text = [f"{at(second)},{address},{callsign},40,50,{ground}" for second, address, callsign, ground in rows]
    found = tracks.read("\n".join(["time,hex,callsign,lat,lon,on_ground", *text]).encode())
    assert sorted(np.concatenate([leg.track.row for leg in found.legs]).tolist()) == list(range(2, len(rows) + 2))
    for leg in found.legs:
        assert np.all(np.diff(leg.track.time_s) >= 0)
        assert {rows[row - 2][2] for row in leg.track.row.tolist()} <= {"", leg.callsign}
        assert {rows[row - 2][1] for row in leg.track.row.tolist()} <= {"", leg.icao24}
