"""The reach of a case's gaps, the distances that it leaves open, and the doubt that known places bound."""

from __future__ import annotations

import numpy as np
import pytest
from test_route import T0, at, case, flown, point, stretch

from geo.geodesy import distance_m
from geo.model import Evidence, PathBasis, Position, Track
from geo.route import trace
from geo.route.away import NOTHING, REACH, away

GROZNY = Position(lat=43.3881, lon=45.6998)
SCHEMATIC = {"evidence": "received", "basis": "schematic"}
LIMIT = {"speed_kt": 400, "wind_kt": 100, "basis": "made"}


def known(minute: float, lat: float, lon: float, within_km: float, **time) -> dict:
    return {
        "time": time or at(minute),
        "place": {**point(lat, lon), "within_km": within_km},
        "basis": "established",
        "source": [],
        "sources": ["S"],
    }


def gap_case(*more_known: dict, **more):
    places = [{key: value for key, value in one.items() if key != "source"} for one in more_known]
    return case(
        stretch(0, 20, **SCHEMATIC, path=[point(40, 50), point(42, 48)]),
        stretch(80, 100, **SCHEMATIC, path=[point(43.8, 50), point(43.9, 51)]),
        known=places,
        reach=LIMIT,
        sources={"S": {"publisher": "p", "title": "t"}},
        **more,
    )


def test_a_gap_has_the_ends_of_what_was_received_around_it():
    route = trace(gap_case())
    (reach,) = route.reaches
    assert (reach.start_s, reach.end_s) == (T0 + 20 * 60, T0 + 80 * 60)
    assert [anchor.rests_on for anchor in reach.anchors] == ["schematic", "schematic"]
    assert [(anchor.lat, anchor.lon) for anchor in reach.anchors] == [(42, 48), (43.8, 50)]
    hour_m = 500 * 1852.0
    assert float(reach.budget.between_m(reach.start_s, reach.end_s)) == pytest.approx(hour_m, rel=1e-6)
    assert route.reach_at(T0 + 50 * 60) is reach
    assert route.reach_at(T0 + 10 * 60) is None


def test_a_place_that_the_case_establishes_stands_for_the_end_of_a_line_placed_by_hand():
    route = trace(gap_case(known(20, 42, 48, 25), known(50, 43.4, 45.7, 30)))
    (reach,) = route.reaches
    assert [anchor.rests_on for anchor in reach.anchors] == ["known", "known", "schematic"]
    assert reach.anchors[0].within_m == 25_000
    assert reach.area_km2 < trace(gap_case()).reaches[0].area_km2


def test_the_time_of_a_known_place_counts_with_its_precision():
    exact = {"from": at(50), "to": at(52)}
    route = trace(gap_case(known(0, 43.4, 45.7, 30, **exact), known(0, 43.4, 45.7, 30, about=at(60), within="2 min")))
    (reach,) = route.reaches
    first, second = reach.anchors[1:3]
    assert (first.early_s, first.late_s) == (T0 + 50 * 60, T0 + 52 * 60)
    assert (second.early_s, second.late_s) == (T0 + 58 * 60, T0 + 62 * 60)


def test_the_end_of_a_measured_line_is_not_replaced():
    track = flown(0, 20)
    route = trace(case(stretch(20, 40, evidence="silent"), tracks=(track,), reach=LIMIT))
    (reach,) = route.reaches
    (anchor,) = reach.anchors
    assert anchor.rests_on == "measured"
    assert anchor.lat == pytest.approx(float(track.lat_deg[-1]))
    assert reach.outline()


def test_received_altitudes_tighten_the_budget():
    seconds = np.arange(0, 1201, 10.0)
    low = Track.of(T0 + seconds, 40 + seconds * 1e-4, 50 - seconds * 1e-4, altitude_ft=np.full(len(seconds), 3_000.0))
    heard = low.replace(lat_deg=np.where((seconds > 300) & (seconds < 900), np.nan, low.lat_deg))
    silent = heard.take((seconds <= 300) | (seconds >= 900))
    flight = {"callsign": "TST1", "type": "E190"}
    tight = trace(case(tracks=(heard,), flight=flight)).reaches[0]
    wide = trace(case(tracks=(silent,), flight=flight)).reaches[0]
    assert (tight.start_s, tight.end_s) == (wide.start_s, wide.end_s)
    spans = [float(reach.budget.between_m(reach.start_s, reach.end_s)) for reach in (tight, wide)]
    assert spans[0] < 0.7 * spans[1]


def test_distances_are_of_lines_where_there_are_and_of_the_reach_elsewhere():
    route = trace(gap_case(known(50, GROZNY.lat, GROZNY.lon, 30)))
    minutes = [10, 30, 50, 90]
    told = away(route, GROZNY, T0 + 60 * np.array(minutes))
    assert told.rests_on == ("schematic", REACH, REACH, "schematic")
    assert told.least_m[0] == told.greatest_m[0]
    assert told.least_m[2] == 0
    assert told.greatest_m[2] < 60_000
    last = distance_m(GROZNY.lat, GROZNY.lon, 43.85, 50.5)
    assert told.greatest_m[3] == pytest.approx(float(last), rel=0.02)


def test_where_nothing_bounds_it_nothing_is_said():
    route = trace(case(stretch(0, 20, evidence="silent"), reach=LIMIT))
    told = away(route, GROZNY, [T0 + 60])
    assert told.rests_on == (NOTHING,)
    assert np.isnan(told.least_m[0])
    assert route.reaches == ()


def test_known_places_bound_the_doubt_of_a_line_near_them():
    drawn = stretch(0, 60, **SCHEMATIC, path=[point(40, 50), point(42, 48)], within_km=150)
    sources = {"S": {"publisher": "p", "title": "t"}}
    ends = [
        {k: v for k, v in known(m, la, lo, 2).items() if k != "source"} for m, la, lo in ((0, 40, 50), (60, 42, 48))
    ]
    (line,) = (one.line for one in trace(case(drawn, known=ends, sources=sources, reach=LIMIT)).stretches)
    assert line.doubt_m[0] < 20_000  # a minute is a minute long
    assert line.doubt_m.max() == 150_000
    (free,) = (one.line for one in trace(case(drawn, reach=LIMIT)).stretches)
    assert set(free.doubt_m.tolist()) == {150_000.0}


def test_a_gap_between_measured_ends_has_a_line_with_doubt_and_keeps_its_evidence():
    track = flown(0, 60)
    held = (track.time_s < T0 + 20 * 60) | (track.time_s > T0 + 40 * 60)
    route = trace(case(tracks=(track.take(held),), reach=LIMIT))
    (gap,) = (one for one in route.stretches if one.evidence is Evidence.SILENT)
    assert gap.basis is PathBasis.BRIDGED
    assert gap.reconstruction is not None
    assert gap.line is not None
    assert gap.line.doubt_m is not None
    assert gap.line.doubt_m[0] < gap.line.doubt_m.max()
    assert route.position_at(T0 + 30 * 60) is None
    there = distance_m(40.0 + 1800e-4, 50 - 1800e-4, *_middle(gap.line, T0 + 1800))
    assert there < np.interp(T0 + 1800, gap.line.time_s, gap.line.doubt_m)


def _middle(line, time_s: float) -> tuple[float, float]:
    return float(np.interp(time_s, line.time_s, line.lat)), float(np.interp(time_s, line.time_s, line.lon))


def test_with_track_and_ground_speed_in_the_gap_the_path_is_reconstructed():
    seconds = np.arange(0, 3601, 10.0)
    whole = flown(0, 60)
    ahead = distance_m(whole.lat_deg[:-1], whole.lon_deg[:-1], whole.lat_deg[1:], whole.lon_deg[1:])
    speed_kt = np.full(len(seconds), float(ahead.mean()) / 10 / 0.514444)
    hidden = (seconds > 1200) & (seconds < 2400)
    track = whole.replace(
        lat_deg=np.where(hidden, np.nan, whole.lat_deg),
        lon_deg=np.where(hidden, np.nan, whole.lon_deg),
        ground_speed_kt=speed_kt,
        track_deg=np.full(len(seconds), 322.6),
    )
    route = trace(case(tracks=(track,), reach=LIMIT))
    (gap,) = (one for one in route.stretches if one.evidence is Evidence.PARTIAL)
    assert gap.basis is PathBasis.RECONSTRUCTED
    assert gap.reconstruction.method == "track and ground speed"
    here = route.position_at(T0 + 1800)
    assert distance_m(here.lat, here.lon, 40 + 1800e-4, 50 - 1800e-4) < 3_000


def test_positions_of_any_track_come_before_what_another_says_without():
    seconds = np.arange(0, 3601, 10.0)
    whole = flown(0, 60)
    hidden = (seconds > 1200) & (seconds < 2400)
    partial = whole.replace(
        lat_deg=np.where(hidden, np.nan, whole.lat_deg), lon_deg=np.where(hidden, np.nan, whole.lon_deg)
    )
    route = trace(case(tracks=(partial, flown(15, 45))))
    assert [one.evidence for one in route.stretches] == [Evidence.RECEIVED] * 3
    assert [one.track for one in route.stretches] == [0, 1, 0]
    assert route.reaches == ()


def test_a_stretch_against_a_track_stands_only_with_its_reason():
    against = stretch(10, 20, evidence="rejected", basis="none")
    plain = trace(case(against, tracks=(flown(0, 30),)))
    assert [one.evidence for one in plain.stretches] == [Evidence.RECEIVED]
    (unused,) = plain.unused
    assert (unused.stretch, unused.start_s, unused.end_s) == (0, T0 + 600, T0 + 1200)
    said = trace(case({**against, "overrides": "the positions were spoofed, says the report"}, tracks=(flown(0, 30),)))
    assert [one.evidence for one in said.stretches] == [Evidence.RECEIVED, Evidence.REJECTED, Evidence.RECEIVED]
    assert said.stretches[1].overrides
    assert said.unused == ()


def test_what_two_tracks_say_apart_is_on_the_route():
    off = flown(0, 30)
    off = off.replace(lon_deg=off.lon_deg + np.where((off.time_s > T0 + 600) & (off.time_s < T0 + 900), 0.2, 0.0))
    route = trace(case(tracks=(flown(0, 30), off)))
    (one,) = route.disagreements
    assert one.most_m > 15_000
    assert trace(case(tracks=(flown(0, 30), off), apart_km=20)).disagreements == ()
