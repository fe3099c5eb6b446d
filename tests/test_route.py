from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CaseError
from geo.geodesy import distance_m
from geo.model import Case, Evidence, PathBasis, Track
from geo.route import trace

T0 = 1_735_098_900  # 2024-12-25T03:55:00Z
SCHEMATIC = {"evidence": "received", "basis": "schematic"}


def at(minute: float) -> str:
    return f"2024-12-25T{3 + int(55 + minute) // 60:02d}:{int(55 + minute) % 60:02d}:{round(minute % 1 * 60):02d}Z"


def point(lat: float, lon: float) -> dict[str, float]:
    return {"lat": lat, "lon": lon}


def case(*stretches: dict, tracks: tuple[Track, ...] = (), **more) -> Case:
    made = Case.model_validate(
        {
            "format": 1,
            "id": "made",
            "title": "Made",
            "flight": {"callsign": "TST1"},
            "intended": {"route": [point(40, 50), point(43, 45)], "basis": "great circle"},
            "stretch": list(stretches),
            **more,
        }
    )
    return made.model_copy(update={"recorded": tracks})


def stretch(start: float, end: float, **more) -> dict:
    return {"from": at(start), "to": at(end), **more}


def flown(start: float, end: float, *, every_s: int = 10, lat: float = 40.0) -> Track:
    seconds = np.arange(start * 60, end * 60 + 1, every_s)
    return Track.of(
        T0 + seconds, lat + seconds * 1e-4, 50 - seconds * 1e-4, altitude_ft=np.full(len(seconds), 30_000.0)
    )


def tiles(route) -> bool:
    edges = [(one.start_s, one.end_s) for one in route.stretches]
    return (
        edges[0][0] == route.start_s
        and edges[-1][1] == route.end_s
        and all(before[1] == after[0] for before, after in itertools.pairwise(edges))
    )


def test_the_flagship_has_102_of_153_minutes_without_a_valid_position(flagship):
    route = trace(flagship)
    without = route.seconds(Evidence.SILENT, Evidence.REJECTED, Evidence.PARTIAL)
    assert without / 60 == 102
    assert round((route.end_s - route.start_s) / 60) == 153
    assert tiles(route)


def test_nothing_is_drawn_inside_the_ring_of_the_disputed_place(flagship):
    route = trace(flagship)
    grozny = flagship.places["grozny"]
    for one in route.stretches:
        if one.line is not None:
            away = distance_m(grozny.lat, grozny.lon, one.line.lat, one.line.lon)
            assert away.min() > 17_500


def test_a_track_comes_before_what_the_author_states():
    route = trace(
        case(
            stretch(0, 30, evidence="silent"),
            stretch(30, 60, **SCHEMATIC, path=[point(41, 49), point(42, 48)]),
            tracks=(flown(10, 20),),
        )
    )
    assert tiles(route)
    assert [(round(one.start_s - T0) // 60, one.evidence, one.basis) for one in route.stretches] == [
        (0, Evidence.SILENT, PathBasis.NONE),
        (10, Evidence.RECEIVED, PathBasis.MEASURED),
        (20, Evidence.SILENT, PathBasis.NONE),
        (30, Evidence.RECEIVED, PathBasis.SCHEMATIC),
    ]


def test_a_gap_of_a_track_is_silent_and_bridged_between_its_fixes():
    before, after = flown(0, 5), flown(25, 30)
    both = Track.of(
        *(np.concatenate([getattr(before, name), getattr(after, name)]) for name in ("time_s", "lat_deg", "lon_deg"))
    )
    route = trace(case(tracks=(both,)))
    gap = route.stretches[1]
    assert (gap.evidence, gap.basis) == (Evidence.SILENT, PathBasis.BRIDGED)
    assert gap.end_s - gap.start_s == 20 * 60
    assert (gap.line.lat[0], gap.line.lon[-1]) == (before.lat_deg[-1], pytest.approx(after.lon_deg[0]))
    assert route.position_at(T0 + 15 * 60) is None


def test_the_threshold_of_a_gap_is_the_case_s():
    slow = flown(0, 30, every_s=90)
    assert {one.evidence for one in trace(case(tracks=(slow,), gap="2 min")).stretches} == {Evidence.RECEIVED}
    assert Evidence.SILENT in {one.evidence for one in trace(case(tracks=(slow,))).stretches}


def test_a_run_of_bridged_stretches_is_one_line_shared_by_time():
    ends = [point(40, 50), point(41, 49)], [point(43, 46), point(43, 45)]
    route = trace(
        case(
            stretch(0, 10, **SCHEMATIC, path=ends[0]),
            stretch(10, 20, evidence="silent", basis="bridged"),
            stretch(20, 40, evidence="rejected", basis="bridged"),
            stretch(40, 50, **SCHEMATIC, path=ends[1]),
        )
    )
    first, second = route.stretches[1].line, route.stretches[2].line
    length = [float(distance_m(line.lat[0], line.lon[0], line.lat[-1], line.lon[-1])) for line in (first, second)]
    assert length[1] == pytest.approx(2 * length[0], rel=1e-3)
    assert (first.lat[-1], first.lon[-1]) == (pytest.approx(second.lat[0]), pytest.approx(second.lon[0]))
    assert (first.lat[0], second.lat[-1]) == (pytest.approx(41), pytest.approx(43))


def test_a_bridge_without_a_known_end_is_not_drawn():
    route = trace(
        case(
            stretch(0, 10, **SCHEMATIC, path=[point(40, 50), point(41, 49)]),
            stretch(10, 20, evidence="silent", basis="bridged"),
        )
    )
    assert (route.stretches[1].basis, route.stretches[1].line) == (PathBasis.NONE, None)


def test_the_doubt_of_a_band_grows_with_the_distance_to_the_nearest_known_end():
    path = [point(40, 50), point(41, 49), point(42, 48)]
    band = {"share": 0.1, "least_km": 1.2}
    line = (
        trace(case(stretch(0, 10, evidence="partial", basis="reconstructed", path=path, band=band))).stretches[0].line
    )
    assert line.doubt_m[0] == line.doubt_m[-1] == 1200
    length = float(distance_m(40, 50, 42, 48))
    assert line.doubt_m.max() == pytest.approx(length / 20, rel=0.02)


def test_a_smooth_line_passes_through_every_given_point():
    path = [point(40, 50), point(41, 49.5), point(40.5, 48), point(42, 47)]
    line = trace(case(stretch(0, 10, **SCHEMATIC, path=path))).stretches[0].line
    for given_point in path:
        assert distance_m(given_point["lat"], given_point["lon"], line.lat, line.lon).min() < 1
    assert np.all(np.diff(line.time_s) > 0)


def test_a_path_over_the_antimeridian_runs_on():
    line = (
        trace(case(stretch(0, 10, **SCHEMATIC, path=[point(60, 175), point(61, 179), point(62, -176)])))
        .stretches[0]
        .line
    )
    assert np.abs(np.diff(line.lon)).max() < 10
    assert line.lon[-1] == pytest.approx(184)


@given(st.lists(st.integers(0, 120), min_size=2, max_size=12, unique=True), st.data())
def test_stretches_always_tile_the_flight(edges, data):
    edges = sorted(edges)
    pairs = list(itertools.pairwise(edges))
    kept = data.draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    kinds = st.sampled_from(
        [
            {"evidence": "silent", "basis": "bridged"},
            {"evidence": "partial"},
            {**SCHEMATIC, "path": [point(40, 50), point(41, 49)]},
        ]
    )
    tracks = tuple(flown(*sorted(pair)) for pair in data.draw(st.lists(st.sampled_from(pairs), max_size=2)))
    route = trace(case(*(stretch(*pair, **data.draw(kinds)) for pair in sorted(kept)), tracks=tracks))
    assert tiles(route)
    for track in tracks:
        held = [one for one in route.stretches if one.start_s <= track.time_s[0] and one.end_s >= track.time_s[-1]]
        assert all(one.basis is PathBasis.MEASURED for one in held)


def test_a_case_without_any_time_says_so():
    with pytest.raises(CaseError, match="no time yet"):
        trace(case())
