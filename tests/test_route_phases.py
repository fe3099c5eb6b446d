"""Phases and manoeuvres: of made-up flights as they were made, of real ones as they are known, and of gaps none."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import SHARED, START_S

from geo import tracks
from geo.geodesy import destination, distance_m, inverse
from geo.model import REASONS, Track
from geo.route.manoeuvres import earth_xyz_m
from geo.route.phases import Aerodrome, heard, phases

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = {
    path.name.split(".")[0]: path
    for path in ROOT.glob(".venv/peers/lib/python*/site-packages/traffic/data/samples/*/*.json.gz")
}
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
FIELD = (48.0, 11.0)
LEVEL_FT = 1_500.0


def flown(legs, *, at=FIELD, level_ft=LEVEL_FT, step_s=4.0, heading=80.0, said=True, **columns):
    """A track of legs (seconds, ft/min, kt, degrees a second, on the ground), from a place and an altitude on."""
    (lat, lon), altitude_ft = at, level_ft
    rows = []
    for seconds, rate_fpm, speed_kt, turn, ground in legs:
        for _ in range(round(seconds / step_s)):
            rows.append((lat, lon, altitude_ft, speed_kt, heading % 360, float(ground)))
            arc = destination(lat, lon, heading, speed_kt * 1852 / 3600 * step_s)
            heading = float(inverse(lat, lon, arc.lat, arc.lon).final_azimuth_deg) + turn * step_s
            lat, lon = float(arc.lat), (float(arc.lon) + 180) % 360 - 180
            altitude_ft += rate_fpm / 60 * step_s
    lats, lons, altitudes, speeds, headings, grounds = np.array(rows).T
    return Track.of(
        START_S + step_s * np.arange(len(rows)),
        lats,
        lons,
        **{
            "altitude_ft": np.round(altitudes / 25) * 25,
            "ground_speed_kt": speeds,
            "track_deg": headings,
            "on_ground": grounds if said else np.full(len(rows), np.nan),
        }
        | columns,
    )


TAXI_OUT = [(200, 0, 12, 0, True), (40, 0, 90, 0, True)]
TAXI_IN = [(40, 0, 90, 0, True), (200, 0, 12, 0, True)]
#: Seconds, feet a minute, knots, degrees a second: out to 30,000 ft, on to 34,000 ft, and back down over 180 degrees.
WHOLE = [
    *TAXI_OUT,
    (900, 1_900, 300, 0, False),
    (600, 0, 420, 0, False),
    (240, 1_000, 420, 0, False),
    (300, 0, 430, 0.3, False),
    (300, 0, 430, 0.3, False),
    (900, -1_800, 400, 0, False),
    (240, 0, 250, 0, False),
    (380, -1_000, 160, 0, False),
    (40, -250, 140, 0, False),
    *TAXI_IN,
]


def kinds(found, *, manoeuvres=False):
    return [phase.kind for phase in found if phase.manoeuvre == manoeuvres]


def sound(track, found, gap_s=60.0):
    """What holds of the phases of any track."""
    base = [phase for phase in found if not phase.manoeuvre]
    for one, other in pairwise(base):
        assert one.end_s <= other.start_s
        assert one.end_s < other.start_s or one.kind != other.kind
    assert list(found) == sorted(found, key=lambda phase: phase.start_s)
    usable = heard(track) & (~np.isnan(track.held_altitude_ft) | (track.on_ground == 1))
    time_s = track.time_s[usable]
    for phase in found:
        assert phase.end_s > phase.start_s
        assert phase.fixes > 0
        assert phase.rests_on
        inside = time_s[(time_s >= phase.start_s) & (time_s <= phase.end_s)]
        assert {phase.start_s, phase.end_s} <= set(time_s.tolist())
        assert np.max(np.diff(inside)) <= gap_s


@pytest.mark.parametrize("said", [True, False], ids=["says when on the ground", "says nothing of the ground"])
def test_a_whole_flight(said):
    track = flown(WHOLE, said=said)
    found = phases(track)
    sound(track, found)
    assert kinds(found) == [
        "ground", "climb", "cruise", "climb", "cruise", "descent", "level", "descent", "approach", "landing", "ground",
    ]  # fmt: skip
    assert kinds(found, manoeuvres=True) == []
    starts = [phase.start_s - START_S for phase in found]
    expected = [0, 240, 1_140, 1_740, 1_980, 2_580, 3_480, 3_720, None, None, None]
    for start, told in zip(starts, expected, strict=True):
        assert told is None or start == pytest.approx(told, abs=32)
    approach, landing, ground = found[-3:]
    altitude = dict(zip(track.time_s.tolist(), track.altitude_ft.tolist(), strict=True))
    field_ft = track.altitude_ft[-1]
    assert altitude[approach.start_s] == pytest.approx(field_ft + 3_000, abs=150)
    assert altitude[landing.start_s] <= field_ft + 100
    assert landing.end_s == ground.start_s
    assert ground.start_s - START_S == pytest.approx(4_180, abs=8)  # slower than 40 kt
    assert ground.rests_on == (("on ground",) if said else ("altitude", "ground speed"))
    assert approach.rests_on == ("altitude", "position", "landing")
    assert found[2].rests_on == ("altitude",)


def test_phases_need_no_position_but_those_near_the_ground():
    track = flown(WHOLE)
    blind = track.replace(
        lat_deg=np.full(len(track), np.nan),
        reason=np.full(len(track), REASONS.index("no position"), dtype=np.uint8),
    )
    found = phases(blind)
    sound(blind, found)
    assert kinds(found) == ["ground", "climb", "cruise", "climb", "cruise", "descent", "level", "descent", "ground"]
    assert {phase.rests_on for phase in found[1:-1]} == {("altitude",)}
    low = dict(zip(track.time_s.tolist(), track.altitude_ft.tolist(), strict=True))
    assert low[found[-2].end_s] == pytest.approx(track.altitude_ft[-1] + 300, abs=50)  # lower nobody knows if it flew


def test_where_nothing_was_received_no_phase_is_claimed():
    track = flown(WHOLE)
    away = (track.time_s > START_S + 900) & (track.time_s < START_S + 2_000)
    left = track.take(~away)
    found = phases(left)
    sound(left, found)
    assert not [phase for phase in found if phase.end_s > START_S + 900 and phase.start_s < START_S + 2_000]
    assert kinds(found)[:2] == ["ground", "climb"]
    wider = phases(left, gap_s=2_000.0)
    assert any(phase.start_s <= START_S + 900 and phase.end_s >= START_S + 2_000 for phase in wider)


def test_what_is_rejected_is_not_used():
    track = flown(WHOLE)
    rng = np.random.default_rng(1)
    false = rng.uniform(size=len(track)) < 0.3
    wrong = track.replace(
        lat_deg=np.where(false, track.lat_deg + rng.uniform(-2, 2, len(track)), track.lat_deg),
        reason=np.where(false, REASONS.index("implausible speed"), 0).astype(np.uint8),
    )
    assert kinds(phases(wrong)) == kinds(phases(track))
    spoilt = track.replace(
        altitude_ft=np.where(false, rng.uniform(0, 45_000, len(track)), track.altitude_ft),
        altitude_reason=np.where(false, REASONS.index("implausible altitude"), 0).astype(np.uint8),
    )
    assert kinds(phases(spoilt)) == kinds(phases(track))


def test_what_only_repeats_is_not_heard():
    """A file that goes on writing the last position and altitude tells of no level flight."""
    track = flown([*TAXI_OUT, (600, 1_500, 250, 0, False)])
    stale = np.arange(len(track)) > 150
    repeated = track.replace(
        altitude_ft=np.where(stale, track.altitude_ft[150], track.altitude_ft),
        reason=np.where(stale, REASONS.index("stale position"), 0).astype(np.uint8),
    )
    assert not heard(repeated)[151:].any()
    assert phases(repeated)[-1].end_s == track.time_s[150]
    fresh = track.replace(reason=np.where(stale, REASONS.index("stale position"), 0).astype(np.uint8))
    assert heard(fresh).all()
    late = track.replace(reason=np.where(stale, REASONS.index("time runs backwards"), 0).astype(np.uint8))
    assert not heard(late)[151:].any()


#: From 4,000 ft above the field down to 300 ft, up again, round, and down to the ground: the way is closed, nearly.
AROUND = [
    (60, 0, 180, 0, False),
    (370, -600, 140, 0, False),
    (150, 1_600, 160, 0, False),
    (60, 0, 180, 3, False),
    (332, 0, 180, 0, False),
    (60, 0, 180, 3, False),
    (270, -950, 140, 0, False),
    (10, -160, 130, 0, False),
    *TAXI_IN,
]


@pytest.mark.parametrize("said", [True, False])
def test_a_go_around_before_a_landing(said):
    track = flown(AROUND, level_ft=LEVEL_FT + 4_000, said=said)
    found = phases(track)
    sound(track, found)
    (around,) = [phase for phase in found if phase.manoeuvre]
    assert around.kind == "go-around"
    assert around.start_s - START_S == pytest.approx(430, abs=12)
    assert around.end_s - START_S == pytest.approx(534, abs=16)  # 3,000 ft above the field
    assert around.rests_on == ("altitude", "position", "landing")
    assert kinds(found)[-7:] == ["approach", "climb", "level", "descent", "approach", "landing", "ground"]
    before = found[kinds(found).index("approach")]
    assert before.end_s == pytest.approx(around.start_s, abs=8)


def test_a_go_around_at_an_aerodrome_where_it_did_not_land():
    track = flown([*AROUND[:3], (600, 1_500, 280, 0, False)], level_ft=LEVEL_FT + 4_000)
    low = int(np.argmin(track.altitude_ft))
    below = (float(track.lat_deg[low]), float(track.lon_deg[low]))
    assert "go-around" not in kinds(phases(track), manoeuvres=True)
    assert "go-around" not in kinds(phases(track, [Aerodrome(*below)]), manoeuvres=True)
    found = phases(track, [Aerodrome(*below, LEVEL_FT)])
    sound(track, found)
    (around,) = [phase for phase in found if phase.manoeuvre]
    assert around.rests_on == ("altitude", "position", "aerodrome")
    assert kinds(found) == ["level", "descent", "approach", "climb"]
    far = Aerodrome(below[0] + 0.3, below[1], LEVEL_FT)
    assert "go-around" not in kinds(phases(track, [far]), manoeuvres=True)
    high = Aerodrome(*below, LEVEL_FT - 3_000)
    assert "go-around" not in kinds(phases(track, [high]), manoeuvres=True)


def test_an_approach_that_was_received_to_its_end_in_the_air():
    track = flown(AROUND[:2], level_ft=LEVEL_FT + 4_000)
    below = (float(track.lat_deg[-1]), float(track.lon_deg[-1]))
    assert kinds(phases(track)) == ["level", "descent"]
    found = phases(track, [Aerodrome(*below, LEVEL_FT)])
    assert kinds(found) == ["level", "descent", "approach"]
    assert found[-1].end_s == track.time_s[-1]


def test_wheels_on_the_ground_make_no_go_around():
    touch = [(60, 0, 180, 0, False), (400, -600, 140, 0, False), (20, 0, 120, 0, True), (300, 1_600, 160, 0, False)]
    found = phases(flown(touch, level_ft=LEVEL_FT + 4_000))
    assert kinds(found, manoeuvres=True) == []
    assert kinds(found) == ["level", "descent", "approach", "landing", "climb"]


def test_a_take_off_is_no_go_around_and_a_false_word_of_the_ground_no_landing():
    assert kinds(phases(flown(WHOLE[:4])), manoeuvres=True) == []
    track = flown(WHOLE[:4])
    said = np.where((track.time_s > START_S + 1_300) & (track.time_s < START_S + 1_360), 1.0, track.on_ground)
    slower = np.where(said == 1, np.minimum(track.ground_speed_kt, 200.0), track.ground_speed_kt)
    assert kinds(phases(track.replace(on_ground=said, ground_speed_kt=slower))) == ["ground", "climb", "cruise"]


def racetrack(turn=3.0, *, sinking=0.0, circuits=3, leg_s=60.0):
    leg, bend = (leg_s, sinking, 230, 0, False), (60.0, sinking, 230, turn, False)
    return [(400, 0, 260, 0, False), *([bend, leg] * 2 * circuits), (400, 0, 260, 0, False)]


@pytest.mark.parametrize("turn", [3.0, -3.0], ids=["right", "left"])
@pytest.mark.parametrize("at", [FIELD, (10.0, 179.98), (89.9, 10.0), (-75.0, -179.99)], ids=str)
@pytest.mark.parametrize("sinking", [0.0, -230.0], ids=["level", "descending"])
def test_a_holding_is_found_anywhere(turn, at, sinking):
    track = flown(racetrack(turn, sinking=sinking), at=at, level_ft=11_000.0)
    (hold,) = [phase for phase in phases(track) if phase.manoeuvre]
    assert hold.kind == "holding"
    assert hold.rests_on == ("position", "altitude")
    # the line that leads in lies over a leg of the circuit, and so does the line that leads out
    assert hold.start_s - START_S == pytest.approx(400 - 60, abs=50)
    assert hold.end_s - START_S == pytest.approx(400 + 3 * 240 + 60, abs=50)


NO_HOLDINGS = {
    "straight": [(1_800, 0, 400, 0, False)],
    "turns to and fro": [(60, 0, 230, 3, False), (60, 0, 230, -3, False)] * 12,
    "lines of a survey": [
        *[(300, 0, 150, 0, False), (60, 0, 150, 3, False)],
        *[(300, 0, 150, 0, False), (60, 0, 150, -3, False)],
    ] * 4,
    "circles of a glider": [(1_200, 200, 50, 14, False)],
    "one whole turn on the spot": [(300, 0, 230, 0, False), (120, 0, 230, 3, False), (300, 0, 230, 0, False)],
    "circuits that climb": racetrack(sinking=400.0),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_HOLDINGS)
def test_what_is_no_holding(name):
    found = phases(flown(NO_HOLDINGS[name], level_ft=9_000.0))
    assert kinds(found, manoeuvres=True) == []


def test_circuits_of_an_aerodrome_are_no_holding():
    circuit = [
        (60, 1_000, 90, 0, False),
        (30, 0, 100, 6, False),
        (130, 0, 100, 0, False),
        (30, 0, 100, 6, False),
        (70, -857, 80, 0, False),
    ]
    found = phases(flown([*TAXI_OUT, *circuit, *circuit, *circuit]))
    assert "holding" not in kinds(found, manoeuvres=True)


def test_nothing_gives_nothing():
    assert phases(Track.of([], [], [])) == ()
    assert phases(Track.of([1.0], [2.0], [3.0], altitude_ft=[100.0])) == ()
    assert phases(Track.of([1.0, 40.0], [2.0, 2.0], [3.0, 3.0])) == ()


rows = st.lists(
    st.tuples(
        st.floats(0, 200),
        st.one_of(st.none(), st.floats(47.9, 48.1)),
        st.one_of(st.none(), st.floats(-500, 12_000), st.sampled_from([0.0, 1_500.0, 1_500.0])),
        st.one_of(st.none(), st.floats(0, 300)),
        st.sampled_from([0.0, 1.0, np.nan]),
        st.sampled_from(["accepted", "accepted", "accepted", "no position", "duplicate", "stale position"]),
    ),
    max_size=60,
)


@given(rows, st.sampled_from([(), (Aerodrome(48.0, 11.0, 400.0),)]))
@settings(max_examples=300, deadline=None)
def test_whatever_a_track_holds_its_phases_are_sound(fixes, airports):
    def column(place):
        return [np.nan if fix[place] is None else fix[place] for fix in fixes]

    lat = column(1)
    track = Track.of(
        START_S + np.cumsum([fix[0] for fix in fixes]),
        lat,
        np.full(len(fixes), 11.0),
        altitude_ft=column(2),
        ground_speed_kt=column(3),
        on_ground=column(4),
        reason=[
            REASONS.index("no position" if np.isnan(place) else fix[5]) for place, fix in zip(lat, fixes, strict=True)
        ],
    )
    sound(track, phases(track, airports))


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 360), st.floats(1, 20_000))
@settings(max_examples=200)
def test_chords_are_distances(lat, lon, azimuth, metres):
    there = destination(lat, lon, azimuth, metres)
    chord = np.linalg.norm(earth_xyz_m(lat, lon) - earth_xyz_m(there.lat, there.lon))
    assert chord == pytest.approx(float(distance_m(lat, lon, there.lat, there.lon)), rel=1e-6, abs=1e-6)


def at(hour, minute, second=0, *, day):
    return datetime(*day, hour, minute, second, tzinfo=UTC).timestamp()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tracks are not here")
@pytest.mark.parametrize("name", ["JL516.csv", "JL516_granular.csv"])
def test_flight_516_as_it_is_known(name):
    """Down from 40,000 ft at 08:11, level at 10,900 and 3,900 ft, and an approach until the last positions at 08:47."""
    day = (2024, 1, 2)
    (leg,) = [leg for leg in tracks.read(SHARED / "fr24_csv" / name).legs if leg.callsign == "JAL516"]
    found = phases(leg.track, [Aerodrome(35.5523, 139.78, 35.0)])
    assert kinds(found)[-7:] == ["cruise", "descent", "level", "descent", "level", "descent", "approach"]
    assert kinds(found, manoeuvres=True) == []
    expected = [(7, 50), (8, 11), (8, 27), (8, 32), (8, 40), (8, 42), (8, 43)]
    for phase, (hour, minute) in zip(found[-7:], expected, strict=True):
        assert phase.start_s == pytest.approx(at(hour, minute, day=day), abs=60)
    assert at(8, 47, day=day) <= found[-1].end_s <= at(8, 47, 40, day=day)
    assert found[-1].rests_on == ("altitude", "position", "aerodrome")
    assert kinds(phases(leg.track))[-1] == "descent"  # of a field that nobody named nothing is said


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tracks are not here")
def test_real_airliners_land_once():
    path = SHARED / "readsb_trace" / "trace_full_ac671b.json"
    found = {leg.callsign: phases(leg.track) for leg in tracks.read(path).legs}
    landed = {callsign: kinds(each).count("landing") for callsign, each in found.items()}
    assert landed == {"DAL1812": 1, "DAL2418": 0, "DAL1615": 1, "DAL2927": 1}
    for each in found.values():
        assert kinds(each, manoeuvres=True) == []
        if "landing" in kinds(each):
            assert "approach" in kinds(each)


@pytest.mark.skipif(not SAMPLES, reason="the samples are not here")
def test_the_holding_and_the_landing_of_a_demonstration_flight():
    """TRA051 of 30 May 2018: traffic sees the same holding, and landings tried at 2,000 ft, which are no go-arounds."""
    (leg,) = tracks.read(SAMPLES["belevingsvlucht"]).legs
    found = phases(leg.track, [Aerodrome(52.4603, 5.52722, -13.0)])
    day = (2018, 5, 30)
    (hold,) = [phase for phase in found if phase.manoeuvre]
    assert hold.kind == "holding"
    assert hold.start_s == pytest.approx(at(15, 44, day=day), abs=60)
    assert hold.end_s == pytest.approx(at(15, 53, day=day), abs=60)
    assert kinds(found)[-3:] == ["approach", "landing", "ground"]
    assert found[-2].start_s == pytest.approx(at(20, 18, day=day), abs=60)


@pytest.mark.skipif(not SAMPLES, reason="the samples are not here")
@pytest.mark.parametrize(("name", "passes"), [("munich", 14), ("nice", 12), ("toulouse", 13), ("elal747", 0)])
def test_go_arounds_of_calibration_flights_and_of_others(name, passes):
    """Calibration flights fly an approach again and again without landing."""
    (leg,) = tracks.read(SAMPLES[name]).legs
    found = phases(leg.track)
    sound(leg.track, found)
    assert kinds(found, manoeuvres=True).count("go-around") == passes


@pytest.mark.skipif(not SAMPLES, reason="the samples are not here")
@pytest.mark.parametrize("name", ["alpi_italiane", "luberon", "sisteron", "oxford_cambridge", "samu31", "rega_sg"])
def test_slow_flight_is_no_landing(name):
    """Gliders and helicopters stand still in the wind, thousands of feet up."""
    (leg,) = tracks.read(SAMPLES[name]).legs
    found = phases(leg.track)
    sound(leg.track, found)
    assert "landing" not in kinds(found)


@pytest.mark.skipif(not (SAMPLES and PEERS.exists()), reason="openap is not here")
@pytest.mark.parametrize("name", ["elal747", "dreamliner_airfrance", "fuelflow_a320"])
def test_openap_says_the_same_of_airliners(name):
    track = tracks.read(SAMPLES[name]).legs[0].track
    held = heard(track) & ~np.isnan(track.held_altitude_ft) & ~np.isnan(track.ground_speed_kt)
    time_s, altitude_ft = track.time_s[held], track.held_altitude_ft[held]
    rate = np.where(
        np.isnan(track.vertical_rate_fpm[held]), np.gradient(altitude_ft, time_s) * 60, track.vertical_rate_fpm[held]
    )
    given_to = [column.tolist() for column in (time_s, altitude_ft, track.ground_speed_kt[held], rate)]
    code = (
        "import json, sys, numpy; from openap.phase import FlightPhase; one = FlightPhase(); "
        "one.set_trajectory(*map(numpy.array, json.load(sys.stdin))); print(json.dumps(one.phaselabel()))"
    )
    done = subprocess.run(
        [str(PEERS), "-W", "ignore", "-c", code], input=json.dumps(given_to), capture_output=True, text=True, check=True
    )
    words = {
        "CL": {"climb"},
        "DE": {"descent", "approach", "landing"},
        "CR": {"cruise", "level"},
        "LVL": {"cruise", "level"},
    }
    same = total = 0.0
    lasting_s = np.diff(time_s, append=time_s[-1])
    labels = np.array(json.loads(done.stdout))
    for phase in phases(track):
        if phase.manoeuvre or phase.kind == "ground":
            continue
        inside = (time_s >= phase.start_s) & (time_s < phase.end_s) & np.isin(labels, list(words))
        total += lasting_s[inside].sum()
        same += lasting_s[inside & np.isin(labels, [word for word, of in words.items() if phase.kind in of])].sum()
    assert total > 3_600
    assert same / total > 0.95
