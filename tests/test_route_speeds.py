"""What bounds the reach: where a limit is from, what it is at an altitude, and how far it lets an aircraft go."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atmosphere import cas_from_tas_kt, mach_from_tas
from geo.envelope import FASTEST_CAS_KT, FASTEST_MACH, fastest_kt
from geo.measures import KNOT_M_S
from geo.model import Case, Track
from geo.route import speeds
from geo.route.speeds import SpeedLimit, limit, type_of, types

LEVELS = np.arange(0.0, 60_000.0, 250.0)
names = st.sampled_from(sorted(types()))


def case(flight=None, *, tracks=(), **more) -> Case:
    made = Case.model_validate(
        {
            "format": 1,
            "id": "made",
            "title": "Made",
            "flight": {"callsign": "TST1", **(flight or {})},
            "intended": {"route": [{"lat": 40, "lon": 50}, {"lat": 43, "lon": 45}], "basis": "great circle"},
            **more,
        }
    )
    return made.model_copy(update={"recorded": tracks})


def of(designator: str) -> SpeedLimit:
    return limit(case({"type": designator}))


def cruise(minutes: float, *, kt: float = 450.0, feet: float = 36_000.0, step_s: float = 10.0, **columns) -> Track:
    time_s = np.arange(0, minutes * 60 + 1, step_s)
    every = np.ones(len(time_s))
    return Track.of(
        time_s,
        40 + time_s * 1e-4,
        every * 50,
        **{"altitude_ft": every * feet, "ground_speed_kt": every * kt, **columns},
    )


class TestTable:
    def test_every_row_says_where_it_is_from(self):
        assert len(types()) >= 40
        for kind in types().values():
            assert re.fullmatch(r"[A-Z][A-Z0-9]{3}|[A-Z]{2}\d{2}", kind.icao)
            assert kind.seen in {"data sheet", "relayed"}
            assert kind.source
            assert kind.url.startswith("http")
            assert date.fromisoformat(kind.retrieved)
            assert kind.vmo_kt or kind.mmo

    def test_every_limit_is_one_of_a_subsonic_civil_aircraft(self):
        for kind in types().values():
            assert all(100 < value <= FASTEST_CAS_KT for _, value in kind.vmo_kt)
            assert all(0.4 < value <= FASTEST_MACH for _, value in kind.mmo)
            assert kind.ceiling_ft is None or 10_000 < kind.ceiling_ft <= speeds.HIGHEST_FT
            for steps in (kind.vmo_kt, kind.mmo):
                assert np.all(np.diff([altitude for altitude, _ in steps]) > 0)

    @pytest.mark.parametrize(
        ("text", "icao"),
        [
            ("Embraer 190AR", "E190"),
            ("ERJ 190-100 IGW", "E190"),
            ("Embraer E190-E2", None),
            ("Embraer 175", "E75L"),
            ("Airbus A350-941", "A359"),
            ("Airbus A320-214", "A320"),
            ("Airbus A320-251N", "A20N"),
            ("A320neo", "A20N"),
            ("Airbus A321-271NX", "A21N"),
            ("Airbus A330", None),
            ("A330-243", "A332"),
            ("Boeing 737-800", "B738"),
            ("BOEING 737-8AS", "B738"),
            ("Boeing 737 MAX 8", "B38M"),
            ("Boeing 737-8", None),
            ("Boeing 737", None),
            ("Boeing 747-230B", "B742"),
            ("Boeing 767-3Q8(ER)", "B763"),
            ("Boeing 777-2H6ER", "B772"),
            ("Boeing 777-300", None),
            ("Boeing 777-300ER", "B77W"),
            ("ATR 72-600", "AT76"),
            ("ATR 72-212A", None),
            ("Bombardier Dash 8 Q400", "DH8D"),
            ("DHC-8-402", "DH8D"),
            ("Cessna 172S", "C172"),
            ("", None),
            (None, None),
        ],
    )
    def test_a_text_names_a_type_only_when_no_other_is_meant(self, text, icao):
        found = type_of(None, text)
        assert (found and found.icao) == icao

    def test_each_name_of_the_table_means_its_own_row(self):
        for kind in types().values():
            found = type_of(None, kind.name)
            assert found is None or found.name == kind.name

    def test_a_designator_that_is_not_there_is_not_guessed_from_the_text(self):
        assert type_of("E290", "Embraer 190AR") is None
        assert type_of("E190", "Boeing 737-800").icao == "E190"


class TestWhatItRestsOn:
    def test_the_case_comes_first(self):
        found = limit(case({"type": "E190"}, reach={"speed_kt": 300, "wind_kt": 30, "basis": "the crew's own words"}))
        assert (found.basis, found.tas_kt, found.wind_stated) == ("case", 300, True)
        assert found.stated.basis.said("en") == "the crew's own words"
        assert found.ground_speed_kt([0, 20_000, np.nan]) == pytest.approx(330)

    def test_a_stated_wind_leaves_the_speed_of_the_type(self):
        found = limit(case({"type": "E190"}, reach={"wind_kt": 0, "basis": "calm"}))
        assert (found.basis, found.type.icao, found.wind_stated) == ("type", "E190", True)
        assert found.ground_speed_kt(LEVELS) == pytest.approx(found.airspeed_kt(LEVELS))

    def test_a_stated_speed_leaves_the_wind_allowance(self):
        found = limit(case(reach={"speed_kt": 100, "basis": "one engine"}))
        assert not found.wind_stated
        assert found.ground_speed_kt([0, 15_000, 30_000, 45_000]) == pytest.approx([160, 230, 300, 300])

    def test_then_the_type(self, flagship):
        assert (limit(flagship).basis, limit(flagship).type.icao) == ("type", "E190")
        named = limit(case({"aircraft": "Airbus A350-941"}, tracks=(cruise(30),)))
        assert (named.basis, named.type.icao) == ("type", "A359")

    def test_what_is_open_in_the_table_is_that_of_the_fastest_civil_aircraft(self):
        found = of("B788")
        assert found.type.vmo_kt == ()
        assert (found.cas_kt, found.mach) == (((0, FASTEST_CAS_KT),), ((0, 0.9),))
        assert of("DH8D").mach == ((0, FASTEST_MACH),)
        assert of("E50P").ceiling_ft == speeds.HIGHEST_FT

    def test_then_what_the_flight_showed(self):
        found = limit(case(tracks=(cruise(30),)))
        assert found.basis == "flight"
        assert found.shown.ground_speed_kt == 450
        assert found.mach[0][1] == pytest.approx(1.2 * mach_from_tas(450, 36_000))
        assert found.airspeed_kt(36_000) > 450

    def test_a_speed_that_was_not_kept_for_a_minute_does_not_count(self):
        spiked = np.full(181, 450.0)
        spiked[90] = 600
        shown = limit(case(tracks=(cruise(30, ground_speed_kt=spiked),))).shown
        assert shown.ground_speed_kt == 450

    def test_a_rejected_position_takes_its_speed_along(self):
        reason = np.zeros(181, dtype=np.uint8)
        reason[:60] = 7
        fast = np.where(reason, 900.0, 400.0)
        assert limit(case(tracks=(cruise(30, ground_speed_kt=fast, reason=reason),))).shown.ground_speed_kt == 400

    @pytest.mark.parametrize(
        "track",
        [
            cruise(19),
            cruise(30, kt=15),
            cruise(30, on_ground=np.ones(181)),
            cruise(30, altitude_ft=np.full(181, np.nan)),
            cruise(600, step_s=120),
            cruise(0),
        ],
        ids=["too short", "taxiing", "on the ground", "no altitude", "too far apart", "one fix"],
    )
    def test_else_the_fastest_civil_aircraft(self, track):
        found = limit(case(tracks=(track,)))
        assert found == SpeedLimit("envelope")
        assert limit(case()).basis == "envelope"

    def test_nothing_is_faster_than_what_positions_are_judged_by(self):
        for found in (SpeedLimit("envelope"), *map(of, types()), limit(case(tracks=(cruise(30, kt=700),)))):
            assert np.all(found.ground_speed_kt(LEVELS) <= fastest_kt(LEVELS) + 1)


class TestAtAnAltitude:
    @given(names)
    def test_no_airspeed_is_above_vmo_or_mmo(self, name):
        found, kind = of(name), types()[name]
        levels = LEVELS[found.ceiling_ft >= LEVELS]
        speed = found.airspeed_kt(levels)
        for steps, shown in ((kind.vmo_kt, cas_from_tas_kt(speed, levels)), (kind.mmo, mach_from_tas(speed, levels))):
            if steps:
                assert np.all(shown <= np.interp(levels, *np.array(steps).T) * (1 + 1e-9))

    def test_the_flagship_at_its_altitudes(self, flagship):
        found = limit(flagship)
        assert found.airspeed_kt([0, 10_000, 36_000]) == pytest.approx([320, 367.9, 0.82 * 573.8], abs=0.1)
        assert found.wind_kt([-500, 0, 15_000, 30_000, 41_000]) == pytest.approx([60, 60, 130, 200, 200])
        assert found.ground_speed_kt(36_000) == pytest.approx(0.82 * 573.8 + 200, abs=0.1)

    @given(names)
    def test_an_unknown_altitude_gives_the_greatest_up_to_the_ceiling_and_no_altitude_more(self, name):
        found = of(name)
        for speed in (found.airspeed_kt, found.wind_kt, found.ground_speed_kt):
            greatest = speed(np.nan)
            assert np.all(speed(LEVELS) <= greatest)
            assert speed(LEVELS[found.ceiling_ft >= LEVELS]).max() == pytest.approx(float(greatest), abs=1)

    def test_a_turboprop_is_not_taken_above_its_ceiling(self):
        dash = of("DH8D")
        assert dash.airspeed_kt(np.nan) < 400
        assert dash.airspeed_kt(45_000) == dash.airspeed_kt(np.nan)

    def test_a_vmo_that_changes_with_altitude(self):
        assert cas_from_tas_kt(of("E170").airspeed_kt([5_000, 9_000, 12_000]), [5_000, 9_000, 12_000]) == pytest.approx(
            [300, 310, 320]
        )


times = st.lists(st.floats(0, 7_200), min_size=2, max_size=30, unique=True).map(sorted)
heard = st.lists(st.tuples(st.floats(-600, 7_800), st.floats(-1_000, 45_000) | st.just(np.nan)), max_size=30).map(
    sorted
)


class TestHowFar:
    def test_without_altitudes_at_the_greatest_speed(self):
        found = of("E190")
        assert found.farthest_m([0, 60, 600]) == pytest.approx(
            float(found.ground_speed_kt(np.nan)) * KNOT_M_S * np.array([0, 60, 600])
        )

    def test_at_a_received_altitude_at_its_speed(self):
        found = of("E190")
        low = found.farthest_m([0, 30, 60], [0, 60], [0, 0])
        assert low == pytest.approx(380 * KNOT_M_S * np.array([0, 30, 60]), rel=1e-3)

    def test_altitudes_farther_apart_than_a_minute_say_nothing_between(self):
        found = of("E190")
        assert found.farthest_m([0, 61], [0, 61], [0, 0]) == pytest.approx(found.farthest_m([0, 61]))

    def test_between_two_altitudes_the_fastest_of_those_between_counts(self):
        found = of("E190")
        grid = np.arange(25_000, 35_000, 10.0)
        flown = found.farthest_m([0, 60], [0, 60], [25_000, 35_000])[1]
        assert flown == pytest.approx(found.ground_speed_kt(grid).max() * KNOT_M_S * 60, rel=1e-4)

    def test_before_the_first_and_after_the_last_altitude_it_is_unknown(self):
        found = of("E190")
        whole = float(found.ground_speed_kt(np.nan)) * KNOT_M_S
        flown = found.farthest_m([0, 100, 160, 300], [100, 160], [1_000, 1_000])
        assert np.diff(flown)[[0, 2]] == pytest.approx([100 * whole, 140 * whole])
        assert np.diff(flown)[1] < 60 * whole * 0.7

    @given(names, times, heard)
    def test_it_never_falls_and_an_altitude_never_adds(self, name, at, altitudes):
        found = of(name)
        known_s, known_ft = (np.array([pair[index] for pair in altitudes]) for index in (0, 1))
        with_altitude = np.diff(found.farthest_m(at, known_s, known_ft))
        assert np.all(with_altitude >= 0)
        assert np.all(with_altitude <= np.diff(found.farthest_m(at)) + 1e-6)

    @given(names, times, heard, st.floats(0, 7_200))
    def test_a_moment_between_changes_nothing(self, name, at, altitudes, between):
        found = of(name)
        known_s, known_ft = (np.array([pair[index] for pair in altitudes]) for index in (0, 1))
        more = np.union1d(at, np.clip(between, at[0], at[-1]))
        fewer = np.isin(more, at)
        assert found.farthest_m(more, known_s, known_ft)[fewer] == pytest.approx(
            found.farthest_m(at, known_s, known_ft)
        )
