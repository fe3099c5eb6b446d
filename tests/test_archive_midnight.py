"""Jumps over midnight: of days that are derived by themselves, those that there are where nothing was cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_archive import block as made
from made_rows import DAY_MS

from geo import geodesy
from geo.archive import kernel, midnight
from geo.archive.block import NONE, OTHER, Block
from geo.archive.tables import JUMPS, LEGS
from geo.measures import KNOT_M_S

LENGTH_MS = 86_400_000
FIRST = date(2023, 11, 14)
NEXT = FIRST + timedelta(days=1)
MIDNIGHT = datetime(2023, 11, 15, tzinfo=UTC)

if TYPE_CHECKING:
    from geo.archive.kernel import Derived


def by_day(block: Block) -> dict[date, Derived]:
    """What is derived of each day of these rows."""
    number = (block.time_ms - DAY_MS) // LENGTH_MS
    return {FIRST + timedelta(days=one): kernel.derive(block.take(number == one)) for one in np.unique(number).tolist()}


def joined(days: dict[date, Derived]) -> list[dict]:
    """The jumps of all days."""
    legs = {day: one.legs for day, one in days.items()}
    found = []
    for day in sorted(days):
        jumps = midnight.jumps(day, days[day].jumps, legs)
        assert jumps.schema == JUMPS
        assert {one.date() for one in jumps["time"].to_pylist()} <= {day}
        assert midnight.jumps(day, jumps, legs).equals(jumps)
        assert midnight.jumps(day, jumps, {}).num_rows == days[day].jumps.num_rows
        found += jumps.to_pylist()
    return found


def told(jumps: list[dict], *, named: bool = True) -> list[tuple]:
    return sorted(tuple(str(one) for name, one in jump.items() if named or name != "callsign") for jump in jumps)


@st.composite
def paths(draw: st.DrawFn, names: list[str]) -> Block:
    """Aircraft over one or two midnights that jump to and fro between some places, and silences of up to a day.

    Args:
        draw: of Hypothesis.
        names: how the callsigns of an aircraft may be: one, two, none, or one that not all rows carry.
    """
    parts = []
    for address in sorted(draw(st.sets(st.sampled_from([1, 2, OTHER | 2]), min_size=1, max_size=3))):
        rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        pace = draw(st.sampled_from([(0, 40, 10_000), (10_000, 600_000, 1_800_001), (4_000_000, 43_200_001)]))
        apart = rng.choice(pace, draw(st.integers(1, 40)))
        begin = LENGTH_MS - int(apart.sum() * draw(st.sampled_from([0.3, 0.7]))) % LENGTH_MS
        time_ms = begin + np.cumsum(apart)
        time_ms = time_ms[time_ms < 3 * LENGTH_MS]
        count = len(time_ms)
        # Beside each other over the antimeridian, some 330 km from there, and where no one comes in half a day.
        places = np.array([(10_000_000, 179_999_000), (10_000_000, -179_999_000), (13_000_000, 180_000_000), (0, 0)])
        often = draw(st.sampled_from([(1.0, 0, 0, 0), (0.4, 0.2, 0.2, 0.2), (0.45, 0.45, 0.05, 0.05)]))
        lat, lon = places[rng.choice(4, count, p=often)].T
        callsign = {
            "none": np.full(count, -1),
            "one": np.zeros(count),
            "two": rng.integers(0, 2, count),
            "some": np.where(rng.random(count) < 0.5, 0, -1),
        }[draw(st.sampled_from(names))]
        parts.append(
            Block.of(
                np.full(count, address),
                DAY_MS + time_ms,
                lat=np.where(rng.random(count) < draw(st.sampled_from([0.0, 0.2])), NONE, lat),
                lon=lon,
                altitude_ft=rng.choice(np.array([NONE, 0, 30_000]), count),
                on_ground=rng.integers(0, 2, count),
                callsign=callsign,
                callsigns=("SWR1", "DLH2"),
                begins=rng.random(count) < draw(st.sampled_from([0.0, 0.3])),
                is_stale=rng.random(count) < draw(st.sampled_from([0.0, 0.2])),
            )
        )
    return Block.joined(parts)


@given(paths(["none", "one", "two"]))
def test_jumps_cut_at_midnight_are_those_that_were_there(block):
    assert told(joined(by_day(block))) == told(kernel.derive(block).jumps.to_pylist())


@given(paths(["some"]))
def test_jumps_to_and_from_rows_without_callsign_are_found_too(block):
    # The callsign of a leg is the first that it carries, and a leg over midnight may carry it on one side alone.
    assert told(joined(by_day(block)), named=False) == told(kernel.derive(block).jumps.to_pylist(), named=False)


def at_midnight(lat: list[float], lon: list[float], step_s: float = 10, **columns) -> Block:
    """As many rows of an aircraft before midnight as after it."""
    return made("4b1805", MIDNIGHT - timedelta(seconds=step_s * (len(lat) - 1) / 2), lat, lon, step_s, **columns)


def over(rows: Block) -> list[dict]:
    """The jumps over midnight between these rows."""
    first, second = by_day(rows).values()
    return midnight.between(first.legs, second.legs).to_pylist()


def test_a_jump_over_midnight_is_told_as_any_other():
    rows = at_midnight([47.0] * 6, [8.0, 8.01, 8.02, 12.0, 12.01, 12.02], callsign="SWR1", altitude_ft=range(6))
    days = by_day(rows)
    assert [one.jumps.num_rows for one in days.values()] == [0, 0]
    (jump,) = joined(days)
    metres = float(geodesy.distance_m(47.0, 8.02, 47.0, 12.0))
    assert {name: str(value) for name, value in jump.items()} == {
        "icao24": "4b1805",
        "callsign": "SWR1",
        "time_before": "2023-11-14 23:59:55",
        "time": "2023-11-15 00:00:05",
        "lat_before": "47.000000",
        "lon_before": "8.020000",
        "lat": "47.000000",
        "lon": "12.000000",
        "altitude_ft": "3",
        "distance_km": str(round(metres / 1000, 3)),
        "implied_kt": str(round(metres / 10 / KNOT_M_S, 1)),
    }
    assert [jump] == kernel.derive(rows).jumps.to_pylist()


@pytest.mark.parametrize(
    ("lon", "count"),
    [((179.99, -179.99), 0), ((179.0, -179.0), 1), ((-179.99, 179.99), 0), ((180.0, -180.0), 0)],
    ids=str,
)
def test_over_the_antimeridian_a_step_goes_the_short_way(lon, count):
    found = over(at_midnight([0.0, 0.0], list(lon)))
    assert len(found) == count
    assert all(one["distance_km"] == pytest.approx(222.6, abs=0.1) for one in found)


@pytest.mark.parametrize("callsigns", [("A", ""), ("", "A"), ("", ""), ("A", "A")], ids=repr)
def test_of_legs_of_which_one_has_no_callsign_it_has_the_other(callsigns):
    rows = replace(
        at_midnight([47.0, 47.0], [8.0, 12.0]),
        callsign=np.array([-1 if not one else 0 for one in callsigns], dtype=np.int32),
        callsigns=("A",),
    )
    (jump,) = over(rows)
    assert jump["callsign"] == (next(filter(None, callsigns), None))


def test_under_another_callsign_it_is_none():
    rows = replace(
        at_midnight([47.0, 47.0], [8.0, 12.0]), callsign=np.array([0, 1], dtype=np.int32), callsigns=("A", "B")
    )
    assert over(rows) == kernel.derive(rows).jumps.to_pylist() == []


@pytest.mark.parametrize("begins", [False, True])
@pytest.mark.parametrize("step_s", [10, 1_500, 3_600, 7_200])
def test_neither_silences_nor_what_the_source_says_hide_a_jump(begins, step_s):
    rows = at_midnight([47.0, 47.0], [8.0, 160.0], step_s, callsign="A", on_ground=[1, 1], begins=[False, begins])
    assert len(over(rows)) == 1
    assert told(joined(by_day(rows))) == told(kernel.derive(rows).jumps.to_pylist())


def test_positions_that_only_jumps_reach_count_on_both_sides():
    # Jammed to one place before midnight and to another after it: both flights end at true positions, no jump does.
    lon = 8 + np.arange(80) * 0.03
    false = np.isin(np.arange(80), [38, 39, 40, 41])
    rows = at_midnight(np.where(false, 43.0, 47.0), np.where(false, np.where(np.arange(80) < 40, 45.0, 55.0), lon))
    (jump,) = over(rows)
    assert (float(jump["lon_before"]), float(jump["lon"])) == (45.0, 55.0)
    days = by_day(rows)
    assert [one.legs["last_lat"].to_pylist()[0] == 47 for one in days.values()] == [True, True]
    assert told(joined(days)) == told(kernel.derive(rows).jumps.to_pylist())
    assert len(joined(days)) == 3
    # To the same place on both sides: it did not move there.
    same = at_midnight(np.where(false, 43.0, 47.0), np.where(false, 45.0, lon))
    assert over(same) == []
    assert len(joined(by_day(same))) == 2


def test_with_a_day_between_there_is_none():
    legs = {day: one.legs for day, one in by_day(at_midnight([47.0, 47.0], [8.0, 12.0])).items()}
    own = JUMPS.empty_table()
    assert midnight.jumps(NEXT, own, legs).num_rows == 1
    assert midnight.jumps(FIRST, own, legs).num_rows == 0
    assert midnight.jumps(NEXT + timedelta(days=1), own, legs).equals(own)
    assert midnight.jumps(NEXT, own, {NEXT: legs[NEXT]}).equals(own)


def test_of_no_legs_there_are_no_jumps():
    assert midnight.between(LEGS.empty_table(), LEGS.empty_table()).equals(JUMPS.empty_table())


def test_jumps_of_many_aircraft_are_in_order_of_time():
    rows = [
        made(one, MIDNIGHT - timedelta(seconds=5 + shift), [1.0] * 4, [2.0, 9.0, 2.0, 9.0], callsign="A")
        for one, shift in (("~000001", 12), ("ffffff", 12), ("400000", 3))
    ]
    days = by_day(Block.joined(rows).sorted())
    found = joined(days)
    keys = [(one["time"], one["icao24"], one["time_before"]) for one in found]
    assert keys == sorted(keys)
    assert len(found) == 9
    # As they come from chunks in any order.
    shuffled = pa.concat_tables([days[NEXT].jumps.slice(2), days[NEXT].jumps.slice(0, 2)])
    legs = {day: one.legs for day, one in days.items()}
    assert midnight.jumps(NEXT, shuffled, legs).equals(midnight.jumps(NEXT, days[NEXT].jumps, legs))
