"""Which rows are one flight."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import at

from geo import tracks
from geo.tracks.legs import split
from geo.tracks.rows import Labels, Rows


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


def rows(seconds, **columns):
    count = len(seconds)
    return Rows(
        {"time_s": np.array(seconds, dtype=float), "lat_deg": np.full(count, 40.0), "lon_deg": np.full(count, 50.0)},
        np.arange(1, count + 1),
        **({"icao24": Labels.none(count), "callsign": Labels.none(count)} | columns),
    )


def test_the_parts_of_a_file_are_flights_and_give_their_names():
    part = Labels.of(["Out", "Out", "Back", "Back", None])
    found = split(rows([0, 10, 20, 30, 40], part=part), "a")
    assert [(leg.part, leg.track.row.tolist()) for leg in found] == [("Out", [1, 2]), ("Back", [3, 4]), (None, [5])]
    address = Labels.of(["600841"] * 5)
    both = split(rows([0, 10, 20, 30, 40], part=part, icao24=address), "a")
    assert [(leg.part, leg.track.icao24) for leg in both] == [("Out", "600841"), ("Back", "600841"), (None, "600841")]


def test_where_the_file_says_that_a_flight_begins_another_leg_does():
    begins = np.array([False, False, True, False, True])
    found = split(rows([0, 10, 20, 30, 40], begins=begins), "a")
    assert [leg.track.row.tolist() for leg in found] == [[1, 2], [3, 4], [5]]


def test_an_address_is_carried_within_its_part_only():
    address = Labels.of(["600841", None, None, "4k0065", None])
    part = Labels.of([None, None, "~2b1234", None, "~2b1234"])
    found = split(rows([0, 10, 20, 30, 40], icao24=address, part=part), "a")
    assert [(leg.track.icao24, leg.part, leg.track.row.tolist()) for leg in found] == [
        ("600841", None, [1, 2]),
        (None, "~2b1234", [3, 5]),
        ("4k0065", None, [4]),
    ]


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 3)), max_size=30))
def test_carrying_within_parts_is_carrying_in_each_part_by_itself(pairs):
    part = np.array([one for one, _ in pairs], dtype=np.int32)
    labels = Labels(np.array([two for _, two in pairs], dtype=np.int32), ("a", "b", "c", "d"))
    together = labels.carried(part).codes
    for code in set(part.tolist()):
        alone = Labels(labels.codes[part == code], labels.names).carried().codes
        assert together[part == code].tolist() == alone.tolist()
