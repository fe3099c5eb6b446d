"""Facts and moments: every figure with what it rests on."""

from __future__ import annotations

import json

import numpy as np
import pytest
from shipped_cases import CASES, shipped
from test_route import T0, case, flown, stretch
from test_route_gaps import GROZNY, LIMIT, gap_case, known

from geo.errors import GeodesyError
from geo.geodesy import distance_m
from geo.model import Evidence, PathBasis
from geo.route import trace
from geo.route.facts import facts
from geo.route.moment import moment


def told(route, key: str) -> list:
    return [fact for fact in facts(route) if fact.key == key]


@pytest.mark.parametrize("slug", CASES)
def test_every_fact_of_a_shipped_case_rests_on_something_and_is_json(slug):
    route = trace(shipped(slug))
    for fact in facts(route):
        assert fact.rests_on, fact
        assert all(word for word in fact.rests_on)
        written = fact.written()
        assert json.loads(json.dumps(written, allow_nan=False)) == written
    states = [fact for fact in facts(route) if fact.key in {f"state.{one.value}" for one in Evidence}]
    assert sum(fact.values["share"] for fact in states) == pytest.approx(1)


def test_the_flagship_says_what_was_received_and_how_far_from_grozny_it_can_have_been(flagship):
    route = trace(flagship)
    minutes = {fact.key: fact.values["minutes"] for fact in facts(route) if fact.key.startswith("state.")}
    assert minutes["state.rejected"] == 3
    assert minutes["state.partial"] == pytest.approx(53 + 29 / 60)
    assert sum(minutes.values()) - minutes["state.received"] == 102
    (reach,) = told(route, "reach")
    assert reach.rests_on == ("known", "limit:type")
    assert 1e6 < reach.values["area_km2"] < 2e6
    assert [one.values["code"] for one in told(route, "country")] == ["AZ", "RU", "", "KZ"]
    # Azerbaijani airspace was left at 04:12, says the report.
    left = told(route, "country")[0].values["leave_latest"]
    assert left.startswith("2024-12-25T04:1")


def test_at_any_minute_of_the_flagship_a_distance_from_grozny_is_known(flagship):
    route = trace(flagship)
    for minute in range(0, 153, 3):
        here = moment(route, T0 + 60 * minute, airports=0)
        (grozny,) = (one for one in here.distances if one.place.icao == "URMG")
        assert 0 <= grozny.least_m <= grozny.greatest_m < 900_000, minute
    at_ten_past = moment(route, T0 + 75 * 60, airports=0)
    assert at_ten_past.position is None
    assert at_ten_past.reach_km2 == pytest.approx(np.pi * 66**2, rel=0.05)


def test_a_moment_names_the_nearest_airports_and_their_distances(gazetteer):
    del gazetteer  # built before, so that the test waits for nothing else
    route = trace(case(tracks=(flown(0, 20),)))
    here = moment(route, T0 + 600)
    assert (here.evidence, here.basis) == (Evidence.RECEIVED, PathBasis.MEASURED)
    assert here.reach_km2 is None
    assert len(here.nearest) == 3
    far = [one.least_m for one in here.nearest]
    assert far == sorted(far)
    for one in here.nearest:
        apart = distance_m(here.position.lat, here.position.lon, one.place.lat, one.place.lon)
        assert one.least_m == one.greatest_m == pytest.approx(float(apart))


def test_a_moment_outside_the_flight_is_an_error():
    with pytest.raises(GeodesyError, match="does not cover that time"):
        moment(trace(case(tracks=(flown(0, 20),))), T0 - 1)


def test_what_the_case_states_and_what_is_not_drawn_are_facts():
    against = stretch(10, 20, evidence="rejected", basis="none")
    (unused,) = told(trace(case(against, tracks=(flown(0, 30),))), "state.unused")
    assert unused.values["stretch"] == 1
    said = {**against, "overrides": "spoofed, says the report"}
    (over,) = told(trace(case(said, tracks=(flown(0, 30),))), "state.overridden")
    assert over.values["reason.und"] == "spoofed, says the report"


def test_ends_that_cannot_be_joined_are_a_fact():
    places = known(30, 43.4, 45.7, 5), known(32, 60.0, 45.7, 5)
    (fact,) = told(trace(gap_case(*places)), "reach.impossible")
    assert fact.values["lacking_km"] > 1_000
    assert told(trace(gap_case(*places)), "reach") == []


def test_a_detour_is_told_only_of_a_flight_that_arrived():
    route = trace(case(tracks=(flown(0, 30),), reach=LIMIT))
    assert told(route, "against.detour") == []
    (ended,) = told(route, "against.not_arrived")
    assert ended.rests_on == ("measured",)
    track = flown(0, 30)
    apart = distance_m(43.0, 45.0, float(track.lat_deg[-1]), float(track.lon_deg[-1]))
    assert ended.values["least_km"] == pytest.approx(float(apart) / 1000)


def test_distances_at_the_destination_itself_are_none():
    route = trace(gap_case(known(50, GROZNY.lat, GROZNY.lon, 30)))
    here = moment(route, T0 + 50 * 60, airports=0)
    assert here.position is None
    assert {one.rests_on for one in here.distances} == {"reach"}
