"""Legs and jumps of a day against the rules of single tracks, geodesics, and flights whose truth is known."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_archive import block as made
from made_rows import DAY_MS, blocks

from geo import geodesy
from geo.archive import jumps, kernel, steps
from geo.archive.block import NONE, Block, address_of
from geo.archive.legs import PARTS
from geo.archive.paths import Paths
from geo.archive.sources.blocks import block_of
from geo.archive.tables import JUMPS, LEGS
from geo.measures import KNOT_M_S
from geo.tracks import legs as tracks_legs
from geo.tracks import readsb_trace
from geo.tracks.rows import Labels, Rows

TRACES = Path(__file__).resolve().parents[2] / "shared" / "tracks" / "readsb_trace"
START = datetime(2023, 11, 14, 6, tzinfo=UTC)
HALF = 0.5 / PARTS


def as_rows(block: Block) -> Rows:
    """The rows as a reader of a file of tracks hands them on."""
    known = np.unique(block.address)
    return Rows(
        columns={
            "time_s": block.time_ms / 1000,
            "lat_deg": block.lat / 1e6,
            "lon_deg": block.lon / 1e6,
            "on_ground": np.where(block.on_ground < 0, np.nan, block.on_ground),
        },
        row=np.arange(1, len(block) + 1),
        icao24=Labels(
            np.searchsorted(known, block.address).astype(np.int32), tuple(address_of(one) for one in known.tolist())
        ),
        callsign=Labels(block.callsign, block.callsigns),
        begins=block.begins,
    )


def told(legs: pa.Table) -> list[tuple]:
    """What tells legs apart."""
    rows = legs.to_pylist()
    return sorted(
        (one["icao24"], one["callsign"] or "", one["first_time"], one["last_time"], one["fixes"]) for one in rows
    )


def split(block: Block) -> list[tuple]:
    """The same by the legs of single tracks."""

    def moment(time_s: float) -> datetime:
        return datetime.fromtimestamp(round(time_s, 3), UTC).replace(tzinfo=None)

    found = [leg.track for leg in tracks_legs.split(as_rows(block), "rows")]
    return sorted(
        (one.icao24, one.callsign or "", moment(one.time_s[0]), moment(one.time_s[-1]), len(one)) for one in found
    )


@given(blocks(placed=True))
def test_legs_are_told_apart_as_in_single_tracks(block):
    assert told(kernel.derive(block).legs) == split(block)


@pytest.mark.skipif(not TRACES.is_dir(), reason="the real traces are not here")
@pytest.mark.parametrize("path", sorted(TRACES.glob("*.json")), ids=lambda path: path.stem)
def test_real_traces_are_cut_as_single_tracks_are(path):
    packed = path.read_bytes()
    rows = readsb_trace.read(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed, path.name)
    stale = np.zeros(len(rows), dtype=np.bool_)
    stale[list(rows.given)] = True
    address = np.full(len(rows), int(path.stem[-6:], 16), dtype=np.uint32)
    block = block_of(
        address, rows.columns, rows.callsign.codes, rows.callsign.names, is_stale=stale, begins=rows.begins
    ).sorted()
    found = kernel.derive(block)
    assert told(found.legs) == split(block.take(~block.is_stale))
    assert found.jumps.num_rows == 0
    # Along the way of single tracks, each step rounded to a tenth of a metre.
    tracks = [leg.track for leg in tracks_legs.split(as_rows(block.take(~block.is_stale)), "rows")]
    for leg, track in zip(found.legs.to_pylist(), tracks, strict=True):
        along_km = geodesy.along_m(track.lat_deg, track.lon_deg)[-1] / 1000
        assert leg["distance_km"] == pytest.approx(along_km, abs=HALF * len(track))


@given(blocks())
def test_every_position_is_in_one_leg(block):
    found = kernel.derive(block).legs
    held = (block.lat != NONE) & ~block.is_stale
    assert sum(found["fixes"].to_pylist()) == int(held.sum())
    assert found.schema == LEGS


@given(blocks())
def test_what_is_derived_of_an_aircraft_does_not_hang_on_the_others(block):
    whole = kernel.derive(block)
    parts = [kernel.derive(block.take(block.address == one)) for one in np.unique(block.address)]
    for name, schema in (("legs", LEGS), ("jumps", JUMPS)):
        apart = pa.concat_tables([schema.empty_table(), *(getattr(part, name) for part in parts)])
        assert getattr(whole, name).equals(apart)


def test_of_no_row_nothing_is_derived():
    found = kernel.derive(Block.of(np.empty(0), np.empty(0)))
    assert found.legs.equals(LEGS.empty_table())
    assert found.jumps.equals(JUMPS.empty_table())
    nowhere = Block.of(np.array([1]), np.array([DAY_MS]))
    assert kernel.derive(nowhere).legs.equals(LEGS.empty_table())


def test_a_leg_tells_its_ends_its_length_and_its_longest_silence():
    rows = made(
        "4b1805",
        START,
        [47.4582, 47.6, 47.8, 47.9],
        [8.5481, 8.6, 8.7, 8.8],
        60,
        altitude_ft=[NONE, 3_000, 9_000, NONE],
        on_ground=[1, 0, 0, 0],
        callsign="SWR1",
    )
    rows = replace(rows, time_ms=rows.time_ms + np.array([0, 0, 1_500, 1_500]))
    (leg,) = kernel.derive(rows).legs.to_pylist()
    metres = geodesy.along_m(rows.lat / 1e6, rows.lon / 1e6)[-1]
    assert leg.pop("distance_km") == pytest.approx(metres / 1000, abs=4 * HALF)
    assert {name: str(value) for name, value in leg.items()} == {
        "icao24": "4b1805",
        "callsign": "SWR1",
        "first_time": "2023-11-14 06:00:00",
        "last_time": "2023-11-14 06:03:01.500000",
        "first_lat": "47.458200",
        "first_lon": "8.548100",
        "last_lat": "47.900000",
        "last_lon": "8.800000",
        "first_altitude_ft": "None",
        "last_altitude_ft": "None",
        "first_on_ground": "True",
        "last_on_ground": "False",
        "origin": "LSZH",
        "destination": "None",
        "fixes": "4",
        "highest_ft": "9000",
        "silent_s": "61",
        "opens": "True",
        "closes": "True",
        "opening_time": "2023-11-14 06:00:00",
        "opening_lat": "47.458200",
        "opening_lon": "8.548100",
        "opening_altitude_ft": "None",
        "closing_time": "2023-11-14 06:03:01.500000",
        "closing_lat": "47.900000",
        "closing_lon": "8.800000",
        "closing_altitude_ft": "None",
    }


def test_a_leg_begins_where_a_row_without_position_says_so():
    rows = made("4b1805", START, [47.0, 47.0, 47.01, 47.02], [8.0] * 4)
    rows.begins[1] = True
    rows.lat[1] = rows.lon[1] = NONE
    legs = kernel.derive(rows).legs.to_pylist()
    assert [(one["fixes"], one["opens"], one["closes"]) for one in legs] == [(1, True, False), (2, False, True)]


def test_a_day_that_begins_with_another_flight_opens_nothing():
    rows = made("4b1805", START, [47.0, 47.01], [8.0, 8.0])
    rows.begins[0] = True
    (leg,) = kernel.derive(rows).legs.to_pylist()
    assert (leg["opens"], leg["closes"]) == (False, True)


def test_two_aircraft_under_one_address_are_two_legs_and_no_jumps():
    one = made("4b1805", START, 47 + np.arange(50) / 100, [8.0] * 50, callsign="SWR1")
    other = made("4b1805", START, -33 - np.arange(50) / 100, [151.0] * 50, callsign="QFA2")
    found = kernel.derive(Block.joined([one, replace(other, time_ms=other.time_ms + 5_000)]).sorted())
    assert [(leg["callsign"], leg["fixes"]) for leg in found.legs.to_pylist()] == [("SWR1", 50), ("QFA2", 50)]
    assert found.jumps.num_rows == 0


def test_the_same_callsign_under_two_numbers_is_one():
    rows = made("4b1805", START, 47 + np.arange(6) / 100, [8.0] * 6, callsign="SWR1")
    rows = replace(rows, callsign=np.array([0, 1, 0, 1, 1, 0], dtype=np.int32), callsigns=("SWR1", "SWR1"))
    assert kernel.derive(rows).legs["fixes"].to_pylist() == [6]


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 360), st.sampled_from([0.0, 10.0, 2_000.0, 19_000.0])
        ),
        min_size=1,
        max_size=20,
    )
)
def test_steps_are_as_long_as_geodesics_over_poles_and_antimeridian_too(ways):
    lat, lon, azimuth, length = np.array(ways).T
    end = geodesy.destination(lat, lon, azimuth, length)
    lats = np.rint(np.column_stack([lat, end.lat]).ravel() * 1e6).astype(np.int32)
    lons = np.rint(np.column_stack([lon, end.lon]).ravel() * 1e6).astype(np.int32)
    asked = np.arange(len(lats)) % 2 == 1
    found = steps.lengths_m(lats, lons, asked)
    exact = geodesy.distance_m(lats[::2] / 1e6, lons[::2] / 1e6, lats[1::2] / 1e6, lons[1::2] / 1e6)
    np.testing.assert_allclose(found[1::2], exact, rtol=steps.ERROR, atol=1e-6)
    assert not found[::2].any()


def test_many_steps_at_once_are_as_long_as_each_alone():
    rng = np.random.default_rng(5)
    lat = np.cumsum(rng.integers(-999, 1_000, 100_000)).astype(np.int32)
    lon = np.cumsum(rng.integers(-999, 1_000, 100_000)).astype(np.int32)
    within = rng.random(100_000) < 0.9
    within[0] = False
    index = np.flatnonzero(within)
    exact = np.zeros(100_000)
    exact[index] = steps.geodesics_m(lat, lon, index - 1, index)
    np.testing.assert_allclose(steps.lengths_m(lat, lon, within), exact, rtol=steps.ERROR, atol=1e-6)


@given(
    st.floats(-89.9, 89.9),
    st.floats(-180, 180),
    st.floats(0, 360),
    st.floats(1, 2_000),
    st.integers(0, 3_600_000),
)
def test_a_step_is_a_jump_when_nothing_flies_so_fast(lat, lon, azimuth, km, apart_ms):
    end = geodesy.destination(lat, lon, azimuth, km * 1000)
    rows = made("4b1805", START, [lat, float(end.lat)], [lon, float(end.lon)], apart_ms / 1000)
    found = kernel.derive(rows).jumps.to_pylist()
    metres = float(geodesy.distance_m(*(array[i] / 1e6 for i in (0, 1) for array in (rows.lat, rows.lon))))
    # The fastest of the envelope is at 796 kt, to a knot.
    most = max(10_000.0, (apart_ms / 1000 + 15) * steps.FASTEST_M_S)
    assert 790 < steps.FASTEST_M_S / KNOT_M_S < 800
    assert bool(found) == (metres > most)
    for jump in found:
        assert jump["distance_km"] == round(metres / 1000, 3)
        assert jump["implied_kt"] == pytest.approx(metres / KNOT_M_S / max(apart_ms / 1000, 1), abs=0.05)
        assert (jump["time"] - jump["time_before"]).total_seconds() == pytest.approx(apart_ms / 1000)


def eastwards(count: int, callsign: str = "AHY1", **columns) -> Block:
    """A flight at 450 kt along 47° N, a position every ten seconds."""
    return made("4b1805", START, [47.0] * count, 8 + np.arange(count) * 0.0305, 10, callsign=callsign, **columns)


def falsified(rows: Block, false: np.ndarray, lat: float = 43.0, lon: float = 45.0) -> Block:
    """The rows, some of them at a place that the aircraft is not at."""
    return replace(
        rows,
        lat=np.where(false, round(lat * 1e6), rows.lat).astype(np.int32),
        lon=np.where(false, round(lon * 1e6), rows.lon).astype(np.int32),
    )


@given(st.integers(60, 90), st.data())
def test_false_positions_cost_a_leg_only_themselves(count, data):
    rows = eastwards(count, altitude_ft=np.arange(count) * 100)
    # True for longer at a time than false anywhere.
    false = np.zeros(count, dtype=np.bool_)
    for start in data.draw(st.lists(st.integers(0, count - 1), max_size=3)):
        false[start : start + data.draw(st.integers(1, 4))] = True
    false[20:40] = False
    found = kernel.derive(falsified(rows, false))
    (leg,) = found.legs.to_pylist()
    (true,) = kernel.derive(rows.take(~false)).legs.to_pylist()
    received = {name: leg[name] for name in leg if name.startswith(("opening", "closing"))}
    assert leg | {"distance_km": None} == true | received | {"distance_km": None}
    assert leg["distance_km"] == pytest.approx(true["distance_km"], abs=2 * HALF * count)
    edges = np.flatnonzero(np.diff(false))
    assert found.jumps.num_rows == len(edges)
    if len(edges):
        before = [one.replace(tzinfo=UTC).timestamp() * 1000 for one in found.jumps["time_before"].to_pylist()]
        assert before == rows.time_ms[edges].tolist()


def test_what_spoofing_shows_far_away_is_not_where_the_flight_ended():
    rows = eastwards(200, on_ground=np.zeros(200), altitude_ft=np.full(200, 900))
    # Over the runway of Simferopol, as spoofers showed it.
    late = falsified(rows, np.arange(200) >= 150, 45.0522, 33.9751)
    (leg,) = kernel.derive(late).legs.to_pylist()
    assert (leg["destination"], leg["fixes"]) == (None, 150)
    assert leg["last_lat"] == pa.scalar(47, pa.decimal32(9, 6)).as_py()
    assert leg["closing_lat"] == pa.scalar("45.0522").cast(pa.decimal32(9, 6)).as_py()


def test_the_very_first_and_last_positions_under_a_callsign_are_told_once():
    rows = eastwards(9)
    rows.begins[[0, 3, 6]] = True
    legs = kernel.derive(rows).legs.to_pylist()
    assert [(one["opens"], one["closes"]) for one in legs] == [(False, False), (False, False), (False, True)]
    assert [one["opening_lon"] for one in legs] == [legs[0]["first_lon"], None, None]
    assert [one["closing_lon"] for one in legs] == [None, None, legs[2]["last_lon"]]


def test_pieces_that_are_reached_again_count_beyond_those_that_are_not():
    rows = eastwards(120)
    false = np.isin(np.arange(120), [3, 4, 30, 31, 32, 90, 117])
    mixed = falsified(falsified(rows, false), np.arange(120) == 31, -10.0, 100.0)
    paths = Paths.of(mixed)
    assert jumps.unreached(paths, np.array([0]), jumps.find(paths)).tolist() == np.flatnonzero(false).tolist()


def test_jumps_are_told_with_the_callsign_that_is_carried_in_order_of_time():
    rows = eastwards(20)
    rows.callsign[8:] = -1
    found = kernel.derive(falsified(rows, np.isin(np.arange(20), [4, 12]))).jumps
    assert found["callsign"].to_pylist() == ["AHY1"] * 4
    assert found["time"].to_pylist() == sorted(found["time"].to_pylist())
    assert found.schema == JUMPS
