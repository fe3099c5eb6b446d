"""Each rule of the first judgement, on what it must catch and on what it must leave."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import SHARED, WRITERS, reports, straight

from geo import tracks
from geo.geodesy import destination, distance_m
from geo.model import REASONS, Evidence, Track
from geo.tracks.judging.finding import placed
from geo.tracks.judging.flying import Steps
from geo.tracks.quality import RULES, judge
from geo.tracks.states import fix_states


def reasons(track: Track) -> list[str]:
    return [REASONS[code] for code in judge(track).track.reason]


def changed(track: Track, **cells: dict[int, float]) -> Track:
    columns = {}
    for name, values in cells.items():
        columns[name] = np.array(getattr(track, name))
        columns[name][list(values)] = list(values.values())
    return track.replace(**columns)


def flyable(track: Track) -> bool:
    """Whether no step between accepted positions is longer than what the rule itself says can be flown."""
    held = placed(track.reason)
    steps = Steps(track, held)
    index = np.arange(len(held))
    return bool(np.all(steps.apart_m(index[:-1], index[1:]) <= steps.room_m(index[:-1], index[1:])[0] + 1e-6))


def test_a_plain_flight_is_accepted_whole():
    assert set(reasons(straight(500))) == {"accepted"}


@pytest.mark.parametrize(("name", "value"), [("lat_deg", 91), ("lon_deg", -180.5), ("lat_deg", np.inf)])
def test_a_position_that_cannot_be_is_out_of_range(name, value):
    judged, rejections, withheld = judge(changed(straight(20), **{name: {7: value}}))
    assert [REASONS[code] for code in judged.reason].count("out of range") == 1
    assert [(one.row, one.reason) for one in rejections] == [(8, "out of range")]
    assert withheld == ()
    kept = getattr(judged, name)[7]
    assert kept == value if np.isfinite(value) else np.isnan(kept)


@pytest.mark.parametrize(("name", "value"), [("ground_speed_kt", -1), ("track_deg", 361), ("nic", 12), ("sil", np.inf)])
def test_a_value_that_cannot_be_goes_and_the_position_beside_it_stays(name, value):
    judged, rejections, withheld = judge(changed(straight(20), **{name: {7: value}}))
    assert judged.accepted.all()
    assert rejections == ()
    assert [(one.row, one.quantity, one.reason) for one in withheld] == [(8, name, "out of range")]
    assert np.isnan(getattr(judged, name)[7])


def test_an_altitude_that_cannot_be_stays_in_its_column_with_its_reason():
    judged, rejections, withheld = judge(straight(20, altitude_ft=np.full(20, 30_000.0)))
    assert (rejections, withheld) == ((), ())
    high = changed(judged, altitude_ft={7: 131_000, 9: np.inf})
    judged, rejections, withheld = judge(high)
    assert rejections == ()
    assert [(one.row, one.quantity, one.reason) for one in withheld] == [
        (8, "altitude_ft", "out of range"),
        (10, "altitude_ft", "out of range"),
    ]
    assert judged.altitude_ft[7] == 131_000
    assert [REASONS[judged.altitude_reason[index]] for index in (6, 7, 9)] == [
        "accepted",
        "out of range",
        "out of range",
    ]
    assert np.flatnonzero(np.isnan(judged.held_altitude_ft)).tolist() == [7, 9]


def test_zero_zero_is_no_position_and_the_equator_is_one():
    track = changed(straight(9), lat_deg={2: 0.0}, lon_deg={2: 0.0})
    assert reasons(track)[2] == "zero position"
    equator = Track.of(np.arange(5) * 10 + 1.7e9, np.zeros(5), np.arange(1, 6) / 100)
    assert set(reasons(equator)) == {"accepted"}


def test_of_two_equal_rows_the_first_stays_and_the_second_names_it():
    track = straight(10).take(np.array([0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9])).replace(row=np.arange(2, 13))
    judged, rejections, _ = judge(track)
    assert [REASONS[code] for code in judged.reason].count("duplicate") == 1
    assert rejections[0] == (5, "duplicate", "time and position of row 4 again")


def test_two_positions_of_one_second_both_stay_if_speed_allows_and_the_odd_one_goes_if_not():
    near = straight(10)
    near = near.take(np.array([0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9]))
    assert set(reasons(changed(near, lat_deg={3: near.lat_deg[3] + 0.002}))) == {"accepted"}
    far = reasons(changed(near, lat_deg={3: near.lat_deg[3] + 1}))
    assert far[3] == "implausible speed"
    assert far.count("accepted") == 10


def test_a_position_that_is_repeated_in_flight_is_stale_and_a_parked_aircraft_is_not():
    track = straight(20, step_s=1.0)
    held = changed(track, lat_deg=dict.fromkeys(range(6, 10), float(track.lat_deg[5])))
    assert [index for index, reason in enumerate(reasons(held)) if reason == "stale position"] == [6, 7, 8, 9]
    late = changed(track, lat_deg={8: float(track.lat_deg[5])})
    assert [index for index, reason in enumerate(reasons(late)) if reason == "stale position"] == [8]
    parked = Track.of(
        np.arange(600) * 5 + 1.7e9, np.full(600, 40.0), np.full(600, 50.0), ground_speed_kt=np.arange(600) % 3
    )
    assert set(reasons(parked)) == {"accepted"}


def test_one_jump_costs_the_fix_that_jumped_and_not_those_after_it():
    track = changed(straight(200), lon_deg={80: 54.0, 81: 54.0, 120: 46.0})
    judged, rejections, _ = judge(track)
    assert [REASONS[code] for code in judged.reason].count("accepted") == 197
    assert {one.row for one in rejections} == {81, 82, 121}
    assert rejections[0].detail.startswith("334.1 km from row 80 within 10.0 s, where 4.5 km can be flown")


def test_a_jump_away_for_minutes_and_back_costs_the_time_away():
    track = straight(300)
    away = changed(track, lon_deg=dict.fromkeys(range(100, 160), 62.0))
    assert reasons(away) == ["accepted"] * 100 + ["implausible speed"] * 60 + ["accepted"] * 140


def test_flying_over_the_date_line_and_the_pole_is_no_jump():
    lon = (179.5 + np.arange(40) * 0.03 + 180) % 360 - 180
    assert set(reasons(Track.of(np.arange(40) * 10 + 1.7e9, np.full(40, 10.0), lon))) == {"accepted"}
    lat = np.r_[np.linspace(89.8, 89.99, 20), np.linspace(89.99, 89.8, 20)]
    pole = Track.of(np.arange(40) * 10 + 1.7e9, lat, np.repeat([20.0, -160.0], 20))
    assert set(reasons(pole)) == {"accepted"}


def test_an_altitude_spike_costs_the_altitude_and_not_the_position_and_a_dive_stays():
    altitude = np.full(60, 30_000.0)
    altitude[30] = 2_000
    judged, rejections, withheld = judge(straight(60, altitude_ft=altitude, step_s=2.0))
    assert rejections == ()
    assert withheld == (
        (31, "altitude_ft", "implausible altitude", "altitude 2,000 ft, 2.0 s after 30,000 ft in row 30"),
    )
    assert judged.accepted.all()
    assert np.flatnonzero(np.isnan(judged.held_altitude_ft)).tolist() == [30]
    dive = np.r_[np.full(30, 29_000.0), 29_000 - np.arange(1, 31) * 31_000 / 60 * 2]
    assert judge(straight(60, altitude_ft=np.maximum(dive, 0), step_s=2.0)).withheld == ()


def test_altitudes_of_an_upset_with_steep_steps_both_ways_stay():
    upset = np.r_[
        np.full(60, 36_000.0), 36_000 - 350 * np.arange(1, 21), 29_000 + 300 * np.arange(20), np.full(60, 35_000)
    ]
    assert judge(straight(160, altitude_ft=upset, step_s=1.0)).withheld == ()


def test_an_altitude_in_the_air_of_an_aircraft_on_the_ground_goes():
    track = straight(
        5, altitude_ft=[100, 100, 36_000, 100, 100], on_ground=np.ones(5), step_s=120.0, ground_speed_kt=np.zeros(5)
    )
    judged, _, withheld = judge(track.replace(lat_deg=np.full(5, 40.0)))
    assert np.isnan(judged.held_altitude_ft[2])
    assert withheld[0].detail == "altitude 36,000 ft while on the ground"


def test_a_rejected_position_leaves_its_altitude_and_the_fix_is_partial():
    track = changed(straight(60, altitude_ft=np.full(60, 30_000.0)), lon_deg={30: 55.0})
    judged, rejections, withheld = judge(track)
    assert [one.row for one in rejections] == [31]
    assert withheld == ()
    assert judged.held_altitude_ft[30] == 30_000
    assert [fix_states(judged)[index] for index in (29, 30)] == [Evidence.RECEIVED, Evidence.PARTIAL]


def test_a_fix_of_which_nothing_is_left_is_rejected():
    track = Track.of(
        1.7e9 + np.arange(9.0),
        [40.0] * 4 + [np.nan] + [40.0] * 4,
        [50.0] * 9,
        altitude_ft=[100.0] * 4 + [9e9] + [100.0] * 4,
    )
    judged, rejections, withheld = judge(track)
    assert [(one.row, one.reason) for one in rejections] == [(5, "out of range")]
    assert [one.quantity for one in withheld] == ["altitude_ft"]
    assert fix_states(judged)[4] is Evidence.REJECTED


def test_integrity_counts_where_the_aircraft_gives_it_at_other_times():
    lost = dict.fromkeys(range(20, 30), 0.0)
    track = changed(straight(60, nic=np.full(60, 8.0), nacp=np.full(60, 9.0), sil=np.full(60, 3.0)), nic=lost)
    assert set(reasons(track)) == {"accepted"}  # NACp still gives a bound
    both = changed(track, nacp=lost)
    assert [index for index, reason in enumerate(reasons(both)) if reason == "low integrity"] == list(range(20, 30))
    assert (
        judge(both).rejections[0].detail
        == "NIC 0 and NACp 0: the aircraft gives no bound for the error of its position"
    )
    assert set(reasons(straight(60, nic=np.zeros(60), nacp=np.zeros(60), sil=np.zeros(60)))) == {"accepted"}
    unsure = changed(straight(60, nic=np.full(60, 8.0), sil=np.full(60, 3.0)), sil=lost)
    assert reasons(unsure).count("low integrity") == 10


def spoofed(minutes: int, off_km: float, bearing: float, often: int, start: int = 40) -> tuple[Track, np.ndarray]:
    """A two-hour flight heard every ten seconds, with a false position ``often`` times between two true ones."""
    true = straight(720, ground_speed_kt=np.full(720, 400.0), altitude_ft=np.full(720, 34_000.0))
    window = np.flatnonzero(
        (true.time_s >= true.time_s[0] + start * 60) & (true.time_s < true.time_s[0] + (start + minutes) * 60)
    )
    chosen = np.repeat(window, often)
    apart = np.tile(np.arange(1, often + 1) * 10 / (often + 1), len(window))
    lat, lon = destination(
        true.lat_deg[chosen], true.lon_deg[chosen], np.full(len(chosen), bearing), np.full(len(chosen), off_km * 1e3)
    )
    time_s = np.r_[true.time_s, true.time_s[chosen] + apart]
    order = np.argsort(time_s, kind="stable")
    track = Track.of(
        time_s[order],
        np.r_[true.lat_deg, lat][order],
        np.r_[true.lon_deg, lon][order],
        ground_speed_kt=np.full(len(order), 400.0),
        altitude_ft=np.full(len(order), 34_000.0),
    )
    return track, np.r_[np.zeros(720, dtype=bool), np.ones(len(chosen), dtype=bool)][order]


@given(st.integers(2, 45), st.floats(30, 800), st.floats(0, 360), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_the_true_path_is_kept_though_the_false_one_is_heard_more_often(minutes, off_km, bearing, often):
    track, false = spoofed(minutes, off_km, bearing, often)
    judged = judge(track).track
    assert not judged.accepted[false].any()
    assert judged.accepted[~false].all()


@given(st.integers(5, 40), st.floats(60, 800), st.floats(0, 360))
@settings(max_examples=30, deadline=None)
def test_a_false_stretch_in_which_nothing_true_is_heard_is_not_flown_to(minutes, off_km, bearing):
    track, false = spoofed(minutes, off_km, bearing, 5)
    window = (track.time_s >= track.time_s[false][0]) & (track.time_s <= track.time_s[false][-1])
    track = track.take(false | ~window)
    judged = judge(track).track
    assert np.array_equal(judged.accepted, ~false[false | ~window])


def test_the_speed_reported_bounds_the_step_where_it_fits_and_is_passed_over_where_it_does_not():
    track = straight(120)
    jump = changed(track, lon_deg=dict.fromkeys(range(60, 63), 50.35))  # 30 km in 10 s, back after 30 s
    assert reasons(jump).count("implausible speed") == 3
    metres = track.replace(ground_speed_kt=np.full(120, 40.0))  # a column that says a tenth of what the positions do
    assert set(reasons(metres)) == {"accepted"}


def test_a_fix_without_position_is_no_rejection_and_keeps_its_altitude():
    raw = tracks.read(b"time,lat,lon,altitude_ft\n2024-12-25T04:00:00Z,,,30000\n2024-12-25T04:00:10Z,40,50,30000\n")
    assert raw.report.rejected == 0
    assert [REASONS[code] for code in raw.legs[0].track.reason] == ["no position", "accepted"]
    assert raw.legs[0].track.altitude_ft.tolist() == [30_000, 30_000]


@given(rows=reports)
@settings(max_examples=80, deadline=None)
def test_judging_twice_changes_nothing_and_what_is_left_can_be_flown(rows):
    for leg in tracks.read(WRITERS["csv"](rows)).legs:
        again = judge(leg.track).track
        for name, column in leg.track.columns().items():
            assert np.array_equal(column, getattr(again, name), equal_nan=True), name
        assert flyable(leg.track)


def test_every_rule_has_a_reason_of_the_model_a_threshold_and_a_source():
    assert {rule.reason for rule in RULES} <= set(REASONS)
    assert all(rule.judges and rule.threshold and rule.source for rule in RULES)
    assert {rule.reason for rule in RULES} == set(REASONS) - {"accepted", "no position"}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
@pytest.mark.parametrize(("name", "fewest"), [("noisy_landing", 675), ("noisy_takeoff", 525)])
def test_the_bad_positions_of_the_noisy_flights_go_and_the_good_ones_stay(name, fewest):
    path = SHARED / "traffic_json" / f"{name}.json.gz"
    found = json.loads(gzip.decompress(path.read_bytes()))
    heard = found["last_position"].values() if isinstance(found, dict) else [one["last_position"] for one in found]
    heard = np.array(list(heard))
    fresh = np.r_[True, np.diff(heard) > 0]
    track = tracks.read(path).legs[0].track
    assert not track.accepted[~fresh].any()
    assert fewest <= track.accepted.sum() <= fresh.sum()
    held = track.take(track.accepted)
    steps = distance_m(held.lat_deg[:-1], held.lon_deg[:-1], held.lat_deg[1:], held.lon_deg[1:]) / np.diff(held.time_s)
    assert steps.max() < 2 * 400 * 1852 / 3600


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_the_granular_file_keeps_the_whole_flight_and_agrees_with_the_download():
    granular = tracks.read(SHARED / "fr24_csv" / "JL516_granular.csv").legs[0].track
    download = tracks.read(SHARED / "fr24_csv" / "JL516.csv").legs[0].track
    held = granular.take(granular.accepted)
    assert np.diff(held.time_s).max() < 60
    common = (download.time_s > held.time_s[0]) & (download.time_s < held.time_s[-1])
    lat = np.interp(download.time_s[common], held.time_s, held.lat_deg)
    lon = np.interp(download.time_s[common], held.time_s, held.lon_deg)
    apart = distance_m(lat, lon, download.lat_deg[common], download.lon_deg[common])
    assert common.sum() > 200
    assert np.median(apart) < 400
    assert apart.max() < 4_000
