"""Flights over midnight: put together from legs of days they are what they were before they were cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_archive import block as made
from made_rows import APART_MS, DAY_MS

from geo.archive import kernel, stitching
from geo.archive.block import NONE_8, OTHER, Block
from geo.archive.store import LONGEST
from geo.archive.tables import FLIGHTS, LEGS

if TYPE_CHECKING:
    import pyarrow as pa

LENGTH_MS = 86_400_000
FIRST = date(2023, 11, 14)
MIDNIGHT = datetime(2023, 11, 15, tzinfo=UTC)


def by_day(block: Block) -> dict[date, pa.Table]:
    """The legs of each day of these rows."""
    number = (block.time_ms - DAY_MS) // LENGTH_MS
    return {
        FIRST + timedelta(days=one): kernel.derive(block.take(number == one)).legs for one in np.unique(number).tolist()
    }


def stitched(legs: dict[date, pa.Table]) -> list[dict]:
    """The flights of all days, each from the days that are needed for it."""
    found = []
    for day in sorted(legs):
        near = {one: legs[one] for one in stitching.needed(day) if one in legs}
        flights = stitching.flights(day, near)
        assert flights.schema == FLIGHTS
        assert {one.date() for one in flights["first_time"].to_pylist()} <= {day}
        found += flights.to_pylist()
    return found


def whole(block: Block) -> list[dict]:
    """The same rows as if they were of one day."""
    return kernel.derive(block).legs.select(FLIGHTS.names).to_pylist()


def told(flights: list[dict]) -> list[tuple]:
    return sorted(tuple(map(str, one.values())) for one in flights)


@st.composite
def paths(draw: st.DrawFn) -> Block:
    """Aircraft that go on slowly over one or two midnights, under one callsign, several, or none."""
    parts = []
    for address in sorted(draw(st.sets(st.sampled_from([1, 2, OTHER | 2]), min_size=1, max_size=3))):
        rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        count = draw(st.integers(1, 80))
        # Short steps, silences on either side of every rule, or such as take two days without any that is too long.
        pace = draw(st.sampled_from([APART_MS, (600_000, 1_800_000, 1_800_001, 4_000_000), (1_700_000, 1_800_000)]))
        time_ms = draw(st.integers(20, 23)) * 3_600_000 + np.cumsum(rng.choice(pace, count))
        time_ms = time_ms[time_ms < 3 * LENGTH_MS]
        count = len(time_ms)
        names = draw(st.integers(0, 2))
        lat, lon = draw(st.integers(-89_000_000, 89_000_000)), draw(st.sampled_from([0, 8_000_000, 179_999_900]))
        parts.append(
            Block.of(
                np.full(count, address),
                DAY_MS + time_ms,
                lat=lat + np.cumsum(rng.integers(-300, 301, count)),
                lon=(lon + np.cumsum(rng.integers(-300, 301, count)) + 180_000_000) % 360_000_000 - 180_000_000,
                altitude_ft=rng.integers(0, 1_600, count) * 25,
                on_ground=rng.choice(np.array([0, 0, 0, 1, NONE_8], dtype=np.int8), count),
                callsign=rng.integers(0, names, count) if names else np.full(count, -1),
                callsigns=("SWR1", "DLH2"),
                begins=rng.random(count) < draw(st.sampled_from([0.0, 0.05])),
            )
        )
    return Block.joined(parts)


@given(paths())
def test_flights_cut_at_midnight_are_put_together_as_they_were(block):
    assert told(stitched(by_day(block))) == told(whole(block))


def test_a_flight_over_midnight_is_one_with_all_that_was_received():
    count = 400  # from 23:30 on, a position every ten seconds at 450 kt, over the antimeridian
    lon = (175 + np.arange(count) * 0.0305 + 180) % 360 - 180
    rows = made(
        "c8175a",
        datetime(2023, 11, 14, 23, 30, tzinfo=UTC),
        [-37.0083] * count,
        lon,
        callsign="ANZ5",
        altitude_ft=np.minimum(np.arange(count) * 200, 38_000),
    )
    legs = by_day(rows)
    assert [len(one) for one in legs.values()] == [1, 1]
    (flight,) = stitched(legs)
    assert told([flight]) == told(whole(rows))
    assert flight["fixes"] == count
    assert flight["highest_ft"] == 38_000


def at_midnight(apart_s: float, *, ground: bool = False, callsigns: tuple[str, str] = ("A", "A"), begins: bool = False):
    """The flights of one position before midnight and one after it."""
    start = MIDNIGHT - timedelta(seconds=apart_s / 2)
    rows = made("4b1805", start, [47.0, 47.01], [8.0, 8.0], apart_s, on_ground=[0, int(ground)])
    codes = np.array([0 if callsigns[0] else -1, 1 if callsigns[1] else -1], dtype=np.int32)
    rows = replace(rows, callsign=codes, callsigns=callsigns)
    rows.begins[1] = begins
    return stitched(by_day(rows))


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"apart_s": 1_800, "ground": True}, 1),
        ({"apart_s": 1_802, "ground": True}, 2),
        ({"apart_s": 1_802}, 1),
        ({"apart_s": 43_200}, 1),
        ({"apart_s": 43_202}, 2),
        ({"apart_s": 10, "begins": True}, 2),
        ({"apart_s": 10, "callsigns": ("A", "B")}, 2),
        ({"apart_s": 10, "callsigns": ("A", "")}, 1),
        ({"apart_s": 10, "callsigns": ("", "B")}, 1),
        ({"apart_s": 10, "callsigns": ("", "")}, 1),
    ],
    ids=lambda said: " ".join(f"{key}={value}" for key, value in said.items()) if isinstance(said, dict) else str(said),
)
def test_midnight_is_a_silence_as_any_other(said, count):
    flights = at_midnight(**said)
    assert len(flights) == count
    if count == 1:
        assert flights[0]["callsign"] == (next(filter(None, said.get("callsigns", ("A",))), None))
        assert flights[0]["silent_s"] == said["apart_s"]


def test_of_two_legs_that_end_in_one_moment_the_second_goes_on():
    """The source says that another flight begins with the second of two positions of one time."""
    rows = made("4b1805", MIDNIGHT - timedelta(seconds=20), [47.0, 47.001, 47.002], [8.0] * 3, 20)
    rows = replace(rows, time_ms=rows.time_ms - [0, 20_000, 0], callsign=np.full(3, -1, dtype=np.int32))
    rows.begins[1] = True
    assert [one["fixes"] for one in stitched(by_day(rows))] == [1, 2]
    assert told(stitched(by_day(rows))) == told(whole(rows))


def test_a_jump_over_midnight_makes_a_flight_no_longer():
    start = MIDNIGHT - timedelta(seconds=30)
    rows = made("4b1805", start, [47.0, 47.0, 47.0, 40.0, 40.0, 40.0], [8.0, 8.01, 8.02, 20.0, 20.01, 20.02])
    legs = by_day(rows)
    (flight,) = stitched(legs)
    parts = [one["distance_km"] for table in legs.values() for one in table.to_pylist()]
    assert flight["distance_km"] == pytest.approx(sum(parts))


@pytest.mark.parametrize("days", [1, 2, 3, 4, 5, 8])
def test_what_never_lands_is_cut_between_whole_days(days):
    rows = made("4b1805", datetime(2023, 11, 14, 12, tzinfo=UTC), [47.0] * (24 * days), [8.0] * (24 * days), 3_600)
    flights = stitched(by_day(rows))
    assert sum(one["fixes"] for one in flights) == 24 * days
    assert all(one["last_time"] - one["first_time"] < LONGEST for one in flights)
    # The first and the last half of a day go with the whole day beside them.
    assert len(flights) == {1: 1, 2: 1}.get(days, days - 1)


@st.composite
def legs_of_days(draw: st.DrawFn) -> dict[date, pa.Table]:
    """Legs of days with all sorts of ends, some of them the whole day long, some days missing."""
    made_of: dict[date, pa.Table] = {}
    for number in draw(st.sets(st.integers(0, 6), min_size=1)):
        parts = []
        for address in range(1, draw(st.integers(2, 3))):
            start = draw(st.sampled_from([0, 1_000, 40_000_000]))
            end = draw(st.sampled_from([41_000_000, LENGTH_MS - 1]))
            times = np.arange(start, end + 1, 20_000_000)
            named = draw(st.sampled_from([-1, 0, 1]))
            parts.append(
                Block.of(
                    np.full(len(times) + 1, address),
                    DAY_MS + number * LENGTH_MS + np.append(times, end),
                    lat=np.zeros(len(times) + 1),
                    lon=np.zeros(len(times) + 1),
                    callsign=np.full(len(times) + 1, named),
                    callsigns=("SWR1", "DLH2"),
                )
            )
        made_of[FIRST + timedelta(days=number)] = kernel.derive(Block.joined(parts)).legs
    return made_of


@given(legs_of_days())
def test_every_leg_is_in_one_flight_and_none_takes_longer_than_any_may(legs):
    flights = stitched(legs)
    assert sum(one["fixes"] for one in flights) == sum(sum(table["fixes"].to_pylist()) for table in legs.values())
    assert all(one["last_time"] - one["first_time"] <= LONGEST for one in flights)


@given(legs_of_days(), st.integers(0, 6))
def test_a_day_that_changes_changes_no_flights_but_those_of_its_neighbours(legs, number):
    day = FIRST + timedelta(days=number)
    without = {one: table for one, table in legs.items() if one != day}
    for other in set(without) - set(stitching.neighbours(day)):
        assert stitching.flights(other, legs).equals(stitching.flights(other, without))


def test_a_day_needs_those_of_which_it_is_a_neighbour():
    around = [FIRST + timedelta(days=apart) for apart in range(-9, 10)]
    assert [one for one in around if FIRST in stitching.neighbours(one)] == list(stitching.needed(FIRST))
    assert FIRST in stitching.neighbours(FIRST)


def test_of_no_legs_there_are_no_flights():
    for legs in ({}, {FIRST: LEGS.empty_table()}, {FIRST + timedelta(days=1): LEGS.empty_table()}):
        assert stitching.flights(FIRST, legs).equals(FLIGHTS.empty_table())


def test_flights_are_in_order_of_aircraft_and_time():
    rows = [made(icao24, MIDNIGHT - timedelta(minutes=1), [1.0] * 20, [2.0] * 20) for icao24 in ("~000001", "ffffff")]
    flights = stitching.flights(FIRST, by_day(Block.joined(rows).sorted()))
    assert flights["icao24"].to_pylist() == ["ffffff", "~000001"]


def test_no_leg_goes_on_in_two_and_none_is_lost():
    """Two legs of the second day could go on the last of the first: one of its callsign, and one without any."""
    evening = made("4b1805", MIDNIGHT - timedelta(seconds=40), [50.0] * 4, [8.0] * 4, callsign="A")
    evening = replace(evening, callsign=np.array([0, 0, -1, -1]))
    night = made("4b1805", MIDNIGHT + timedelta(seconds=10), [50.0] * 2, [8.0] * 2, on_ground=[0, 1])
    other = made("4b1805", MIDNIGHT + timedelta(hours=1), [50.0] * 2, [8.0] * 2, callsign="B", on_ground=[1, 0])
    same = made("4b1805", MIDNIGHT + timedelta(hours=2), [50.0] * 2, [8.0] * 2, callsign="A")
    rows = Block.joined([evening, night, other, same])
    assert sum(one["fixes"] for one in stitched(by_day(rows))) == len(rows)
