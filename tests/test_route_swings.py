"""Swings of the altitude: made-up ones are found with their period and amplitude, and what is none is not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_tracks import SHARED, START_S

from geo import tracks
from geo.route import swings as module
from geo.route.phases import heard
from geo.route.swings import swings, turning_points

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = {
    path.name.split(".")[0]: path
    for path in ROOT.glob(".venv/peers/lib/python*/site-packages/traffic/data/samples/*/*.json.gz")
}


def swung(count, step_s, period_s, amplitude_ft, *, trend_fpm=0.0, quantum_ft=25.0, phase=0.0, seed=0):
    """Times and altitudes of swings on a trend, with uneven steps, in steps of ``quantum_ft``."""
    rng = np.random.default_rng(seed)
    time_s = START_S + np.cumsum(rng.uniform(0.6, 1.4, count) * step_s)
    since = time_s - START_S
    altitude = 12_000 + trend_fpm / 60 * since + amplitude_ft * np.sin(2 * np.pi * since / period_s + phase)
    return time_s, np.round(altitude / quantum_ft) * quantum_ft


@settings(max_examples=150, deadline=None)
@given(
    period_s=st.floats(25, 200),
    amplitude_ft=st.floats(250, 3_000),
    share=st.floats(0.02, 0.14),
    climb=st.floats(-0.4, 0.4),
    quantum_ft=st.sampled_from([1.0, 25.0, 100.0]),
    phase=st.floats(0, 6.2),
    seed=st.integers(0, 1_000),
)
def test_swings_are_found_with_their_period_and_amplitude(
    *, period_s, amplitude_ft, share, climb, quantum_ft, phase, seed
):
    """``share``: of a period, from fix to fix; ``climb``: of the greatest rate of the swings, the trend."""
    trend_fpm = climb * 2 * np.pi * amplitude_ft / period_s * 60
    assume(2 * np.pi * amplitude_ft / period_s < 300)  # 18,000 ft/min
    # a fall has to be seen in altitudes so coarse
    assume(amplitude_ft * (1 - 1.6 * abs(climb)) > 1.6 * quantum_ft + 60)
    count = int(15 / share)
    time_s, altitude_ft = swung(
        count,
        share * period_s,
        period_s,
        amplitude_ft,
        trend_fpm=trend_fpm,
        quantum_ft=quantum_ft,
        phase=phase,
        seed=seed,
    )
    (run,) = swings(time_s, altitude_ft)
    assert run.period_s.median == pytest.approx(period_s, rel=0.04)
    least = np.cos(np.pi * 1.4 * share)  # a crest falls between two fixes
    assert 0.96 * least * amplitude_ft - quantum_ft <= run.amplitude_ft.median <= 1.01 * amplitude_ft + quantum_ft
    assert run.count >= 11
    assert time_s[0] <= run.start_s < run.end_s <= time_s[-1]
    assert run.end_s - run.start_s == pytest.approx(run.count * period_s, rel=0.05)
    assert run.smooth > 0.9
    assert max(run.low, run.high) < 0.5
    peak_fpm = 2 * np.pi * amplitude_ft / period_s * 60
    slack = 60 * quantum_ft / (period_s / 6)
    assert run.climb_fpm <= peak_fpm + trend_fpm + slack + 1
    assert run.climb_fpm >= 0.75 * peak_fpm + trend_fpm - slack
    assert run.sink_fpm <= -0.75 * peak_fpm + trend_fpm + slack


@given(st.floats(-1e9, 1e9), st.floats(-20_000, 20_000))
@settings(max_examples=30, deadline=None)
def test_when_and_how_high_makes_no_difference(later_s, higher_ft):
    time_s, altitude_ft = swung(600, 1.0, 60.0, 800.0)
    (here,) = swings(time_s - START_S, altitude_ft)
    (there,) = swings(time_s - START_S + later_s, altitude_ft + higher_ft)
    assert there.period_s == pytest.approx(here.period_s, abs=1e-3)
    assert there.amplitude_ft == pytest.approx(here.amplitude_ft, abs=1e-3)
    assert (there.count, there.fixes) == (here.count, here.fixes)


def test_each_figure_can_be_followed_to_the_turning_points():
    time_s, altitude_ft = swung(900, 1.0, 60.0, 800.0)
    (run,) = swings(time_s, altitude_ft, speed_kt=np.full(900, 257.0))
    points = run.turning_points
    assert (run.start_s, run.end_s) == (points[0].time_s, points[-1].time_s)
    assert run.count == (len(points) - 1) / 2
    periods = [after.time_s - before.time_s for before, after in zip(points, points[2:], strict=False)]
    assert run.period_s == (np.median(periods), min(periods), max(periods))
    heights = np.abs(np.diff([point.altitude_ft for point in points])) / 2
    assert run.amplitude_ft.median == pytest.approx(np.median(heights), abs=25)
    assert {point.altitude_ft for point in points} <= set(altitude_ft)
    assert run.fixes == pytest.approx(np.sum((time_s >= run.start_s) & (time_s <= run.end_s)), abs=15)
    assert run.step_s == pytest.approx(1.0, abs=0.1)


def test_the_period_is_compared_with_that_of_a_phugoid_at_this_speed():
    time_s, altitude_ft = swung(900, 1.0, 60.0, 800.0)
    natural_s = np.pi * np.sqrt(2) * 257 * 0.514444 / 9.80665
    for speed_kt, like in ((257.0, True), (480.0, False), (150.0, False)):
        (run,) = swings(time_s, altitude_ft, speed_kt=np.full(900, speed_kt))
        assert run.natural_s == pytest.approx(natural_s * speed_kt / 257, rel=1e-4)
        assert run.like_phugoid is like
    (run,) = swings(time_s, altitude_ft)
    assert run.speed_kt is None
    assert run.natural_s is None
    assert run.like_phugoid is None


def test_what_rests_between_its_ups_is_no_phugoid():
    """Parabolas as in parabolic flights: up and down within a minute, then two minutes of level flight."""
    time_s = START_S + np.arange(0, 1_800, 1.0)
    within = (time_s - START_S) % 180
    altitude_ft = 20_000 + np.where(within < 60, 7_500 * np.sin(np.pi * within / 60), 0)
    (run,) = swings(time_s, np.round(altitude_ft / 25) * 25, speed_kt=np.full(len(time_s), 700.0))
    assert run.period_s.median == pytest.approx(180, abs=2)
    assert run.natural_s == pytest.approx(163, abs=1)  # the period would do
    assert run.low > 0.5
    assert run.like_phugoid is False


def test_a_phugoid_that_is_disturbed_is_one_run_or_few():
    """A lightly damped oscillator of 70 s, driven at random as by thrust and gusts: of 90 minutes most are found."""
    rng = np.random.default_rng(3)
    omega, height, rate, found = 2 * np.pi / 70, 0.0, 0.0, []
    for push in rng.normal(0, 1, 5_400):
        rate += -omega * omega * height - 2 * 0.05 * omega * rate + push
        height += rate
        found.append(height)
    altitude_ft = 9_000 + np.array(found) / np.std(found) * 600 + rng.normal(0, 10, len(found))
    runs = swings(START_S + np.arange(len(found)), np.round(altitude_ft / 25) * 25, speed_kt=np.full(len(found), 300.0))
    assert sum(run.end_s - run.start_s for run in runs) > 0.8 * len(found)
    assert len(runs) <= 8
    for run in runs:
        assert run.period_s.median == pytest.approx(70, rel=0.15)
        assert run.like_phugoid is True


def test_a_gap_ends_a_run_and_starts_another():
    time_s, altitude_ft = swung(1_200, 1.0, 60.0, 800.0)
    away = (time_s - START_S > 500) & (time_s - START_S < 600)
    runs = swings(time_s[~away], altitude_ft[~away])
    assert len(runs) == 2
    assert runs[0].end_s <= START_S + 500
    assert runs[1].start_s >= START_S + 600
    altitude_ft[away] = np.nan
    assert swings(time_s, altitude_ft) == runs
    assert len(swings(time_s, altitude_ft, gap_s=120.0)) == 2  # a hole of more than a period is no swing either


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_false_altitudes_break_no_run(count):
    time_s, altitude_ft = swung(900, 1.0, 60.0, 800.0)
    (clean,) = swings(time_s, altitude_ft)
    for at in (200, 333, 480, 700):
        altitude_ft[at : at + count] += 1_400
    (run,) = swings(time_s, altitude_ft)
    assert run.count == clean.count
    assert run.period_s == pytest.approx(clean.period_s, abs=1.5)
    assert run.amplitude_ft.greatest < clean.amplitude_ft.greatest + 60


def noise(tau_s, sd_ft, seed):
    """An hour of altitude that wanders at random around a level and comes back within ``tau_s``."""
    rng = np.random.default_rng(seed)
    keep = np.exp(-1 / tau_s)
    found = [0.0]
    for push in rng.normal(0, sd_ft * np.sqrt(1 - keep**2), 3_599):
        found.append(keep * found[-1] + push)
    return np.array(found)


def steps(minutes, rate_fpm, level_s, change_ft):
    """A climb in steps: level, then a change at a rate, again and again."""
    seconds = np.arange(minutes * 60.0)
    rise_s = change_ft / rate_fpm * 60
    whole, within = np.divmod(seconds, level_s + rise_s)
    return 5_000 + change_ft * whole + np.clip((within - level_s) / rise_s, 0, 1) * change_ft


SECONDS = np.arange(3_600.0)
NONE = {
    "level": np.full(3_600, 35_000.0),
    "one step of altitude to and fro": 35_000 + 25.0 * (SECONDS % 7 < 3),
    "two of the coarsest steps to and fro": 35_000 + 100.0 * np.round(np.sin(2 * np.pi * SECONDS / 60)),
    "small swings": 35_000 + 120 * np.sin(2 * np.pi * SECONDS / 60),
    "slow wave": 35_000 + 1_500 * np.sin(2 * np.pi * SECONDS / 600),
    "climb": 3_000 + 30 * np.minimum(SECONDS, 1_000),
    "climb in steps": steps(40, 2_000, 60, 1_000),
    "descent in steps": 60_000 - steps(40, 1_500, 90, 1_000),
    "holding, a thousand feet down a circuit": 20_000 - steps(40, 1_000, 180, 1_000),
    "two swings": 20_000 + 800 * np.sin(2 * np.pi * np.clip(SECONDS - 600, 0, 120) / 60),
    "two altitudes by turns": np.where(SECONDS % 60 < 30, 26_000.0, 27_000.0),
    "turbulence": 35_000 + noise(10, 50, 1),
    "strong turbulence": 35_000 + noise(30, 70, 2),
    "circuits with landings": 1_000
    * (SECONDS % 330 > 60)
    * np.clip((SECONDS % 330 - 60) / 60, 0, 1)
    * np.clip((330 - SECONDS % 330) / 60, 0, 1),
}


@pytest.mark.parametrize("quantum_ft", [25.0, 100.0])
@pytest.mark.parametrize("step_s", [1, 5, 10, 30])
@pytest.mark.parametrize("name", NONE)
def test_what_is_no_swing_is_not_reported(name, step_s, quantum_ft):
    altitude_ft = np.round(NONE[name] / quantum_ft) * quantum_ft
    time_s = START_S + np.arange(len(altitude_ft))
    assert swings(time_s[::step_s], altitude_ft[::step_s]) == ()


def test_nothing_gives_nothing():
    assert swings([], []) == ()
    assert swings([1.0], [2.0]) == ()
    assert swings([1.0, 2.0, 3.0], [np.nan] * 3) == ()
    assert swings([0.0, 10.0, 5.0, 5.0, 7.0], [1.0, 2.0, 3.0, 4.0, 5.0]) == ()


@given(st.lists(st.floats(-2_000, 45_000), min_size=1, max_size=200), st.floats(50, 2_000))
@settings(max_examples=100, deadline=None)
def test_between_turning_points_nothing_turns(altitudes, least_ft):
    altitude_ft = np.array(altitudes)
    turn = turning_points(altitude_ft, least_ft)
    value = altitude_ft[turn]
    if len(turn) > 2:
        assert np.all(np.abs(np.diff(value))[1:] >= least_ft)
        assert np.all(np.diff(np.sign(np.diff(value))) != 0)
    for first, last in pairwise(turn):
        part = altitude_ft[first : last + 1] * (1 if altitude_ft[last] >= altitude_ft[first] else -1)
        assert np.max(np.maximum.accumulate(part) - part) < least_ft or len(turn) == 2


def of_file(path):
    """The runs in each leg of a file."""
    for leg in tracks.read(path).legs:
        track = leg.track
        new = heard(track)
        speed_kt = np.where(np.isnan(track.true_airspeed_kt), track.ground_speed_kt, track.true_airspeed_kt)
        yield leg, swings(track.time_s[new], track.held_altitude_ft[new], speed_kt=speed_kt[new])


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tracks are not here")
@pytest.mark.parametrize(
    "path", sorted(SHARED.glob("*/*JL516*")) + sorted(SHARED.glob("readsb_trace/*")), ids=lambda path: path.name
)
def test_real_airliners_do_not_swing(path):
    assert [leg.name for leg, runs in of_file(path) if runs] == []


@pytest.mark.skipif(not SAMPLES, reason="the samples are not here")
@pytest.mark.parametrize(
    "name", ["quickstart", "savan", "elal747", "dreamliner_airfrance", "noisy_spoofing", "fuelflow_a320"]
)
def test_real_flights_of_the_samples_do_not_swing(name):
    assert [leg.name for leg, runs in of_file(SAMPLES[name]) if runs] == []


@pytest.mark.skipif("zero_gravity" not in SAMPLES, reason="the samples are not here")
def test_parabolic_flights_swing_and_are_told_apart():
    """One parabola every three minutes, some 3,500 ft up and down, at a speed whose phugoid has 100 s."""
    ((_, runs),) = of_file(SAMPLES["zero_gravity"])
    assert sum(run.count for run in runs) >= 20
    for run in runs:
        assert run.period_s.median == pytest.approx(180, abs=10)
        assert 2_500 < run.amplitude_ft.median < 4_000
        assert run.natural_s == pytest.approx(100, abs=3)
        assert run.like_phugoid is False


def test_thresholds_agree_with_each_other():
    slowest_s = np.pi * np.sqrt(2) * 500 * 0.514444 / 9.80665
    longest_s = module.PERIOD_S[1]
    assert longest_s >= 2 * slowest_s
    assert module.TURNED_FT < module.LEAST_FT
    assert module.PERIOD_S[0] / 2 >= module.SPIKE_S
