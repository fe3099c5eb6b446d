"""Whose sky: instants on measured lines, intervals where the path is not measured, nothing where nothing is known."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import inhabited

from geo.basemap import Area, owners_at, owners_within
from geo.geodesy import destination, distance_m, path, unwrap, wrap
from geo.model import Case, Evidence, PathBasis, Track
from geo.route import Line, Route, RouteStretch, trace
from geo.route.sky import Moment, overflown

T0 = 1_735_084_800.0  # 2024-12-25T00:00:00Z
HOUR = 3600.0
MEASURED, RECONSTRUCTED, SCHEMATIC, BRIDGED, NONE = (
    PathBasis.MEASURED,
    PathBasis.RECONSTRUCTED,
    PathBasis.SCHEMATIC,
    PathBasis.BRIDGED,
    PathBasis.NONE,
)


def case(*stretches: dict, tracks: tuple[Track, ...] = (), **more) -> Case:
    made = Case.model_validate(
        {
            "format": 1,
            "id": "made",
            "title": "Made",
            "flight": {"callsign": "TST1"},
            "intended": {"route": [{"lat": 40, "lon": 50}, {"lat": 43, "lon": 45}], "basis": "great circle"},
            "stretch": list(stretches),
            **more,
        }
    )
    return made.model_copy(update={"recorded": tracks})


def along(
    *points: tuple[float, float], hours: float = 2.0, start_s: float = T0, doubt_m=None, count: int = 400
) -> Line:
    """A line of geodesics through points, flown evenly."""
    drawn = path([lat for lat, _ in points], [lon for _, lon in points], tolerance_m=20)
    share = np.concatenate([[0.0], np.cumsum(distance_m(drawn.lat[:-1], drawn.lon[:-1], drawn.lat[1:], drawn.lon[1:]))])
    at = np.linspace(0, share[-1], count)
    doubt = None if doubt_m is None else np.broadcast_to(np.asarray(doubt_m, dtype=float), (count,)).copy()
    return Line(
        np.interp(at, share, drawn.lat), np.interp(at, share, drawn.lon), start_s + at / share[-1] * hours * HOUR, doubt
    )


def stretch(line: Line | None, basis: PathBasis, start_s: float | None = None, end_s: float | None = None):
    evidence = Evidence.RECEIVED if basis is MEASURED else Evidence.SILENT
    start = line.time_s[0] if start_s is None else start_s
    end = line.time_s[-1] if end_s is None else end_s
    return RouteStretch(float(start), float(end), evidence, basis, line)


def route(*stretches: RouteStretch) -> Route:
    return Route(
        case=case(),
        start_s=stretches[0].start_s,
        end_s=stretches[-1].end_s,
        gap_s=60.0,
        intended=stretches[0].line or along((0, 0), (1, 1)),
        intended_places=(),
        stretches=stretches,
    )


def position(line: Line, time_s: float) -> tuple[float, float]:
    return float(np.interp(time_s, line.time_s, line.lat)), float(wrap(np.interp(time_s, line.time_s, line.lon)))


def clock(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%H:%M")


def told(flown, **more) -> list[tuple[str, str]]:
    return [(one.area.code, one.area.kind) for one in overflown(flown, **more)]


def test_the_flagship_crossed_azerbaijan_russia_and_kazakhstan(flagship):
    found = overflown(trace(flagship), whole=True)
    assert [(one.area.code, one.certain) for one in found] == [("AZ", True), ("RU", True), ("", True), ("KZ", True)]
    azerbaijan, russia, beyond, kazakhstan = found
    assert (azerbaijan.enter.crossing, kazakhstan.leave.crossing) == (False, False)
    # What is read off a line placed by hand is not measured.
    assert azerbaijan.leave.basis == kazakhstan.enter.basis == SCHEMATIC
    assert not any(one.measured for one in found)
    # It is not known where the aircraft was from the last to the first position, but on both sides it was over Russia.
    assert [(clock(start), clock(end)) for start, end in russia.unseen] == [("04:25", "05:25")]
    assert russia.leave.basis == beyond.enter.basis == RECONSTRUCTED
    assert russia.leave.earliest_s < russia.leave.latest_s
    assert russia.leave.earliest_s == beyond.enter.earliest_s
    assert not any(one.area.disputed for one in overflown(trace(flagship)))


def test_where_the_flagship_left_russia_is_as_wide_as_its_band(flagship):
    flown = trace(flagship)
    beyond = next(one for one in overflown(flown, whole=True) if one.area.code == "")
    line = next(one.line for one in flown.stretches if one.basis is RECONSTRUCTED)
    for time_s, touched in ((beyond.enter.earliest_s - 1, {"RU"}), (beyond.enter.earliest_s + 1, {"RU", ""})):
        at = position(line, time_s)
        assert {area.code for area in owners_within(*at, np.interp(time_s, line.time_s, line.doubt_m))} == touched
    last = position(line, beyond.enter.latest_s + 1)
    radius = float(np.interp(beyond.enter.latest_s + 1, line.time_s, line.doubt_m))
    assert {area.code for area in owners_within(*last, radius)} == {""}


def test_a_recorded_flight_crosses_by_the_second(shipped_jl516):
    found = overflown(shipped_jl516, whole=True)
    assert [one.area.code for one in found] == ["JP", "", "JP"]
    assert all(one.measured and one.certain for one in found)
    assert all(before.leave == after.enter for before, after in pairwise(found))
    assert all(one.enter.instant and one.leave.instant for one in found)


@pytest.fixture(scope="module")
def shipped_jl516(gazetteer):
    from geo import casefile
    from geo.resources import data

    return trace(casefile.read(data("cases", "jl516"), find=gazetteer.find))


@given(inhabited, st.floats(0, 360), st.floats(50, 3000))
@settings(max_examples=60, deadline=None)
def test_on_a_measured_line_every_moment_is_somewhere(start, azimuth, km):
    end = destination(*start, azimuth, km * 1000)
    line = along(start, (float(end.lat), float(end.lon)))
    found = overflown(route(stretch(line, MEASURED)))
    assert found[0].enter == Moment(line.time_s[0], line.time_s[0], MEASURED, crossing=False)
    assert found[-1].leave == Moment(line.time_s[-1], line.time_s[-1], MEASURED, crossing=False)
    assert all(before.leave == after.enter and before.leave.crossing for before, after in pairwise(found))
    assert all(before.area != after.area for before, after in pairwise(found))
    assert all(one.certain and one.measured and not one.unseen for one in found)
    for one in found:
        if one.leave.latest_s - one.enter.latest_s < 2:
            continue
        for time_s in (
            one.enter.latest_s + 0.5,
            (one.enter.latest_s + one.leave.latest_s) / 2,
            one.leave.latest_s - 0.5,
        ):
            (area,) = owners_at(*position(line, time_s))
            assert (area.code, area.kind) == (one.area.code, one.area.kind)


@given(st.floats(0, 40_000), st.floats(0, 40_000), st.sampled_from([(40.4, 49.0), (44.6, 33.0), (-16.9, 179.0)]))
@settings(max_examples=25, deadline=None)
def test_more_doubt_gives_wider_intervals_around_the_same_crossing(one, other, start):
    narrow, wide = sorted([one, other])
    end = destination(*start, 90, 200_000)
    points = (start, (float(end.lat), float(end.lon)))
    found = {
        doubt: overflown(route(stretch(along(*points, doubt_m=doubt), RECONSTRUCTED)), whole=True)
        for doubt in (0.0, narrow, wide)
    }
    exact = found[0.0]
    for doubt in (narrow, wide):
        for crossing in exact:
            same = [one for one in found[doubt] if one.area == crossing.area]
            assert any(
                one.enter.earliest_s - 1 <= crossing.enter.earliest_s
                and crossing.leave.latest_s <= one.leave.latest_s + 1
                for one in same
            )
    for narrower in found[narrow]:
        assert any(
            wider.area == narrower.area
            and wider.enter.earliest_s <= narrower.enter.earliest_s + 2
            and wider.leave.latest_s >= narrower.leave.latest_s - 2
            for wider in found[wide]
        )


def test_what_only_the_band_touches_is_perhaps():
    # Along the border of Belgium with the Netherlands, on the Belgian side.
    line = along((50.95, 4.2), (50.95, 5.4), doubt_m=45_000)
    found = overflown(route(stretch(line, RECONSTRUCTED)), whole=True)
    assert not any(one.certain for one in found if one.area.code in ("NL", "DE", "FR", "LU"))
    assert "NL" in {one.area.code for one in found}


def test_what_lies_between_two_is_certain_although_never_alone():
    # Across Liechtenstein, which is narrower than the band, or around it: not certain. Across Chile, which is as
    # narrow, and from one ocean to Argentina there is no way around: certain.
    around = overflown(route(stretch(along((47.14, 8.0), (47.14, 11.0), doubt_m=30_000), RECONSTRUCTED)), whole=True)
    assert {one.area.code: one.certain for one in around}["LI"] is False
    through = overflown(
        route(stretch(along((-30.0, -76.0), (-30.0, -64.0), doubt_m=120_000), RECONSTRUCTED)), whole=True
    )
    assert [(one.area.code, one.certain) for one in through] == [("", True), ("CL", True), ("AR", True)]
    assert not through[1].enter.instant


def test_a_line_placed_by_hand_is_read_off_and_not_measured():
    found = overflown(route(stretch(along((40.4, 49.0), (43.5, 52.5)), SCHEMATIC)), whole=True)
    assert [one.area.code for one in found] == ["AZ", "", "KZ"]
    assert all(one.enter.instant and one.basis == {SCHEMATIC} and not one.measured for one in found)


def gap(first: Line, last: Line, basis: PathBasis = BRIDGED) -> Route:
    bridge = along((float(first.lat[-1]), float(first.lon[-1])), (float(last.lat[0]), float(last.lon[0])))
    between = RouteStretch(
        float(first.time_s[-1]),
        float(last.time_s[0]),
        Evidence.SILENT,
        basis,
        Line(bridge.lat, bridge.lon) if basis is BRIDGED else None,
    )
    return route(stretch(first, MEASURED), between, stretch(last, MEASURED))


def test_across_a_gap_the_crossing_is_the_gap_and_a_bridge_claims_nothing():
    # From Portugal to Italy the bridge crosses Spain and the sea: of which nothing is known.
    first = along((39.0, -8.5), (39.0, -8.0), hours=0.1)
    last = along((42.0, 13.0), (42.0, 13.5), hours=0.1, start_s=T0 + 9 * HOUR)
    for basis in (BRIDGED, NONE):
        found = overflown(gap(first, last, basis))
        assert [(one.area.code, one.certain) for one in found] == [("PT", True), ("IT", True)]
        portugal, italy = found
        assert portugal.leave.earliest_s == first.time_s[-1]
        assert italy.enter.latest_s == last.time_s[0]
        assert portugal.leave.basis == italy.enter.basis == basis


def test_the_speed_limit_narrows_the_crossing_within_a_gap():
    first, last = (39.0, -8.5), (42.0, 13.0)
    seconds = np.arange(0, 300, 10.0)
    tracks = [
        Track.of(start + seconds, lat + seconds * 0, lon + seconds * 1e-3, altitude_ft=np.full(len(seconds), 30_000.0))
        for start, (lat, lon) in ((T0, first), (T0 + 2 * HOUR, last))
    ]
    joined = Track.of(
        np.concatenate([track.time_s for track in tracks]),
        np.concatenate([track.lat_deg for track in tracks]),
        np.concatenate([track.lon_deg for track in tracks]),
        altitude_ft=np.full(2 * len(seconds), 30_000.0),
    )
    traced = trace(case(tracks=(joined,)))
    bare = [
        RouteStretch(one.start_s, one.end_s, one.evidence, one.basis if one.basis is MEASURED else BRIDGED, line)
        for one in traced.stretches
        for line in (one.line if one.basis is MEASURED else None,)
    ]
    flown = Route(traced.case, traced.start_s, traced.end_s, traced.gap_s, traced.intended, (), tuple(bare))
    portugal, italy = overflown(flown, whole=True)
    ends = (T0 + seconds[-1], T0 + 2 * HOUR)
    assert ends[0] == portugal.leave.earliest_s < portugal.leave.latest_s < ends[1]
    assert ends[0] < italy.enter.earliest_s < italy.enter.latest_s == ends[1]
    (reach,) = flown.reaches
    for moment, code in ((portugal.leave.latest_s, "PT"), (italy.enter.earliest_s, "IT")):
        for early in (-2.0, 2.0):
            radii = reach.radii_m(moment + early)[:, 0]
            touched = [
                {area.code for area in owners_within(anchor.lat, anchor.lon, radius)}
                for anchor, radius in zip(reach.anchors, radii, strict=True)
            ]
            possible = all(code in codes for codes in touched)
            assert possible == ((early < 0) if code == "PT" else (early > 0))


def test_a_gap_that_begins_and_ends_over_one_country_is_told_as_unseen():
    first = along((47.5, 2.0), (47.5, 2.5), hours=0.1)
    last = along((45.5, 3.0), (45.5, 3.5), hours=0.1, start_s=T0 + HOUR)
    (france,) = overflown(gap(first, last))
    assert france.certain
    assert france.unseen == ((first.time_s[-1], last.time_s[0]),)
    assert france.measured


def test_before_and_after_the_record_is_not_known():
    line = along((47.5, 2.0), (47.5, 2.5), hours=0.1)
    before, after = (RouteStretch(*times, Evidence.SILENT, NONE) for times in ((T0 - HOUR, T0), (T0 + 360, T0 + HOUR)))
    (france,) = overflown(route(before, stretch(line, MEASURED, T0, T0 + 360), after))
    assert france.enter == Moment(T0 - HOUR, T0, NONE, crossing=False)
    assert france.leave == Moment(T0 + 360, T0 + HOUR, NONE, crossing=False)


def test_nothing_known_is_nothing_told():
    assert overflown(route(RouteStretch(T0, T0 + HOUR, Evidence.SILENT, NONE))) == ()


def test_a_stretch_of_one_point():
    line = Line(np.array([47.5]), np.array([2.0]), np.array([T0]))
    (france,) = overflown(route(stretch(line, MEASURED, T0, T0 + 1)))
    assert (france.area.code, france.enter.earliest_s, france.leave.latest_s) == ("FR", T0, T0 + 1)


def test_fiji_is_one_country_on_both_sides_of_the_antimeridian():
    over_taveuni = along((-16.7, 179.2), (-16.85, 179.99), (-16.85, -179.9), hours=0.2)
    assert told(route(stretch(over_taveuni, MEASURED)), whole=True) == [("FJ", "land and sea")]


def test_chukotka_is_not_cut_at_the_antimeridian():
    eastward = along((66.5, 175.0), (66.5, -176.0))
    westward = along((66.5, -176.0), (66.5, 175.0))
    for line in (eastward, westward):
        assert told(route(stretch(line, MEASURED)), whole=True) == [("RU", "land and sea")]
    turned = Line(eastward.lat.copy(), eastward.lon + 720, eastward.time_s.copy())
    assert overflown(route(stretch(turned, MEASURED))) == overflown(route(stretch(eastward, MEASURED)))


def test_over_the_north_pole():
    up, down = along((75.0, 90.0), (89.99, 90.0)), along((89.99, -90.0), (75.0, -90.0))
    lon = unwrap(np.concatenate([up.lon, down.lon]))
    line = Line(np.concatenate([up.lat, down.lat]), lon, np.concatenate([up.time_s, down.time_s + 2 * HOUR + 60]))
    codes = [code for code, _ in told(route(stretch(line, MEASURED)), whole=True)]
    assert codes[0] == "RU"
    assert codes[-1] == "CA"
    assert set(codes) == {"RU", "", "CA"}


@pytest.mark.parametrize(("year", "disputed"), [(2013, ()), (2015, ("crimea",))])
def test_a_disputed_area_is_named_if_it_was_disputed_then(year, disputed):
    start_s = datetime(year, 6, 1, tzinfo=UTC).timestamp()
    line = along((46.3, 34.0), (45.0, 34.0), hours=0.2, start_s=start_s)
    found = overflown(route(stretch(line, MEASURED)))
    assert found[-1].area == Area("UA", "land", disputed)


def test_the_sea_off_a_disputed_area_is_disputed_too():
    line = along((43.0, 34.2), (44.9, 34.2), hours=0.5)
    assert [one.area for one in overflown(route(stretch(line, MEASURED)))] == [
        Area("", "beyond"),
        Area("UA", "territorial sea", ("crimea",)),
        Area("UA", "land", ("crimea",)),
    ]


@given(st.floats(0, 359), st.floats(2_000, 60_000))
@settings(max_examples=20, deadline=None)
def test_a_disc_that_stands_still_touches_what_lies_around_it(azimuth, radius):
    spot = destination(46.2, 6.1, azimuth, 20_000)  # around Geneva
    line = Line(np.full(2, float(spot.lat)), np.full(2, float(spot.lon)), np.array([T0, T0 + 60]), np.full(2, radius))
    found = overflown(route(stretch(line, RECONSTRUCTED)), whole=True)
    codes = {area.code for area in owners_within(float(spot.lat), float(spot.lon), radius)}
    assume(codes)
    assert {one.area.code for one in found} == codes
    assert all(one.certain == (len(codes) == 1) for one in found)
