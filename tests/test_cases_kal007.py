"""The case KAL 007: its sourced places, the 180th meridian, the order of events, what is drawn and what is not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from shipped_cases import LANGUAGES, event, shipped

from geo.geodesy import distance_m
from geo.model import Evidence, PathBasis
from geo.route import trace

#: The rows of the fact sheet that are events, the time as sourced to the minute.
CHRONOLOGY = (
    ("12:50", "clearance"),
    ("13:00", "take-off"),
    ("13:10", "drift"),
    ("13:28", "kenai-radar"),
    ("13:50", "bethel"),
    ("17:00", "nippi"),
    ("17:42", "fighters"),
    ("18:16", "sakhalin"),
    ("18:22", "order"),
    ("18:26", "missile"),
    ("18:26", "crash"),
)


def test_the_places_of_kal007_are_those_with_a_source() -> None:
    places = shipped("kal007").places
    assert {name: (place.lat, place.lon) for name, place in places.items()} == {
        "anchorage": (61.1744, -149.996),
        "bethel": (60.784833, -161.824333),
        "nippi": (49.710667, 159.34675),
        "seoul": (37.5583, 126.791),
        "crash_site": (46.567, 141.283),
    }
    assert all(place.sources for place in places.values())


def test_both_lines_cross_the_180th_meridian_once_and_without_a_jump() -> None:
    route = trace(shipped("kal007"))
    bridge = [stretch.line for stretch in route.stretches if stretch.basis is PathBasis.BRIDGED]
    assert len(bridge) == 2
    for line in (route.intended, bridge[-1]):
        assert line is not None
        lons = np.asarray(line.lon)
        assert float(np.abs(np.diff(lons)).max()) < 10
        turned = lons % 360
        assert int((np.diff(np.sign(turned - 180)) != 0).sum()) == 1


def test_after_cairn_mountain_only_a_straight_bridge_is_drawn() -> None:
    case = shipped("kal007")
    assert case.tracks == ()
    first, *rest = case.stretches
    assert (first.evidence, first.basis) == (Evidence.RECEIVED, PathBasis.SCHEMATIC)
    assert {(s.evidence, s.basis) for s in rest} == {(Evidence.PARTIAL, PathBasis.BRIDGED)}
    for before, after in pairwise(case.stretches):
        assert before.to == after.from_
    assert case.stretches[-1].to == event("kal007", "missile").time.start


def test_what_has_no_place_is_not_placed() -> None:
    for name in ("drift", "fighters", "sakhalin", "order", "missile"):
        assert event("kal007", name).place is None
        assert "not found" in event("kal007", name).unknown.said("en")


@pytest.mark.parametrize(("time", "name"), CHRONOLOGY)
def test_every_row_of_the_facts_is_an_event(time: str, name: str) -> None:
    found = event("kal007", name).time.start
    assert found.strftime("%Y-%m-%dT%H:%M") == f"1983-08-31T{time}"


def test_the_distances_given_in_miles_are_the_kilometres_drawn() -> None:
    bethel, nippi = event("kal007", "bethel").place, event("kal007", "nippi").place
    assert bethel is not None
    assert bethel.km == pytest.approx(12 * 1.852, abs=0.1)
    assert nippi is not None
    assert nippi.kind == "ring"
    assert nippi.km is not None
    assert nippi.within_km is not None
    assert nippi.km - nippi.within_km == pytest.approx(185 * 1.609344, abs=1)
    assert nippi.km + nippi.within_km == pytest.approx(185 * 1.852, abs=1)


def test_the_four_known_places_can_be_reached_in_time() -> None:
    known = shipped("kal007").known
    spots = [(61.1744, -149.996), (61.18255, -155.56865), (60.98422, -161.824333), (46.567, 141.283)]
    assert len(known) == len(spots)
    for (before, here), (after, there) in pairwise(zip(known, spots, strict=True)):
        hours = (after.time.end - before.time.start).total_seconds() / 3600
        assert 250 < float(distance_m(*here, *there)) / 1852 / hours < 560


def test_the_dead_are_counted_in_the_standfirst() -> None:
    case = shipped("kal007")
    assert (case.flight.aboard, case.flight.killed) == (269, 269)
    for language in LANGUAGES:
        assert "269" in case.standfirst.said(language)
