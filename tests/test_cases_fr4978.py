"""The case FR4978: the computed turning point and tolerance, the order of events, what is drawn and what is not."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest
from shipped_cases import event, shipped

from geo.geodesy import distance_m
from geo.model import Evidence, Grade, PathBasis

#: The rows of the fact sheet that are events, the time as sourced to the minute.
CHRONOLOGY = (
    ("07:29", "departure"),
    ("09:28", "first-call"),
    ("09:30", "enters-belarus"),
    ("09:30", "bomb-message"),
    ("09:31", "minsk-recommended"),
    ("09:34", "company-frequency"),
    ("09:46", "turn"),
    ("09:47", "mayday"),
    ("09:47", "squawk"),
    ("09:56", "email-in-minsk"),
    ("10:16", "landing"),
)


def away_km(name: str, other: str) -> float:
    places = shipped("fr4978").places
    one, two = places[name], places[other]
    return float(distance_m(one.lat, one.lon, two.lat, two.lon)) / 1000


def test_the_turning_point_lies_at_both_measured_distances() -> None:
    tolerance = shipped("fr4978").places["turn"].within_km
    assert tolerance == 3
    assert away_km("turn", "vilnius") == pytest.approx(72, abs=1)
    assert away_km("turn", "minsk") == pytest.approx(183, abs=1)
    assert shipped("fr4978").places["turn"].lon < shipped("fr4978").places["vilnius"].lon


def test_the_tolerance_after_the_turn_is_that_of_a_way_of_300_km() -> None:
    half_axis = sqrt(150**2 - (away_km("turn", "minsk") / 2) ** 2)
    assert shipped("fr4978").stretches[1].within_km == round(half_axis)


def test_no_line_of_fr4978_pretends_to_be_measured() -> None:
    case = shipped("fr4978")
    assert case.tracks == ()
    assert {stretch.basis for stretch in case.stretches} == {PathBasis.SCHEMATIC}
    assert {stretch.evidence for stretch in case.stretches} == {Evidence.RECEIVED}
    assert case.stretches[0].to == case.stretches[1].from_
    placed = [e.id for e in case.events if e.place is not None]
    assert placed == ["departure", "turn", "landing"]


@pytest.mark.parametrize(("time", "name"), CHRONOLOGY)
def test_every_row_of_the_facts_is_an_event(time: str, name: str) -> None:
    assert event("fr4978", name).time.start.strftime("%H:%M") == time


def test_the_warning_comes_before_the_turn_and_the_mayday_after_it() -> None:
    names = ("bomb-message", "minsk-recommended", "turn", "mayday", "landing")
    starts = [event("fr4978", name).time.start for name in names]
    assert starts == sorted(starts)


def test_the_accounts_of_the_e_mail_lie_on_both_sides_of_the_turn() -> None:
    mail = event("fr4978", "email-in-minsk")
    turn = event("fr4978", "turn").time.start
    times = [claim.time.start for claim in mail.claims if claim.time]
    assert mail.grade is Grade.DISPUTED
    assert min(times) < turn < max(times)


def test_the_known_places_can_be_reached_from_each_other() -> None:
    known = shipped("fr4978").known
    assert len(known) == 3
    for before, after in pairwise(known):
        assert before.place.place is not None
        assert after.place.place is not None
        one, two = before.place.place, after.place.place
        hours = (after.time.end - before.time.start).total_seconds() / 3600
        assert float(distance_m(one.lat, one.lon, two.lat, two.lon)) / 1852 / hours < 500
