"""What can be known of a flight, as a list of facts: each with its numbers, its times, and what it rests on.

The facts are those that the modules of the route work out; here they stand together, so that the command line, the
scene and the data tell the same. They are numbers and keys; ``geo.scene.facts`` has the words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.model import Evidence, PathBasis
from geo.route.away import away
from geo.route.gaps import established

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.route.deviation import Crossing
    from geo.route.reach import Reach
    from geo.route.route import Route, RouteStretch
    from geo.route.sky import Overflight

Value = float | str | bool | None

#: Reaches and crossings shorter than this, s, or more than this many facts of a kind, would bury the others.
LEAST_S: Final = 120.0
#: The states of the basemap are those since South Sudan became one, 9 July 2011: an earlier sky may be another's.
_STATES_SINCE_S: Final = datetime(2011, 7, 9, tzinfo=UTC).timestamp()
MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its key, numbers by name (units in the names), times in POSIX seconds, and what it rests on.

    ``rests_on`` holds path bases (``measured`` …), ``known`` for places that the case establishes, ``case`` for what
    its author states, ``track N`` for tracks, ``source ID`` for sources, ``states of today`` for countries of an
    earlier flight, and for speed limits ``limit:`` with ``type``, ``flight``, ``case`` or ``envelope``.
    """

    key: str
    rests_on: tuple[str, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    start_s: float | None = None
    end_s: float | None = None

    def written(self) -> dict[str, Any]:
        """The fact as JSON has it, times in ISO 8601."""
        times = {"from": self.start_s, "to": self.end_s}
        return {
            "key": self.key,
            **{name: _iso(time_s) for name, time_s in times.items() if time_s is not None},
            "values": {name: _plain(value) for name, value in self.values.items() if value is not None},
            "rests_on": list(self.rests_on),
        }


def _iso(time_s: float) -> str:
    return datetime.fromtimestamp(round(time_s, 3), UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Value) -> Value:
    """Numbers to six digits, so that facts of equal cases are equal to the letter."""
    if isinstance(value, bool | str) or value is None:
        return value
    return float(f"{value:.6g}")


def facts(route: Route) -> tuple[Fact, ...]:
    """All facts of a route, in the order in which they are told."""
    return (
        *_states(route),
        *_known(route),
        *_reaches(route),
        *_reconstructions(route),
        *_disagreements(route),
        *_against(route),
        *_countries(route),
        *_motion(route),
    )


def _states(route: Route) -> Iterator[Fact]:
    whole_s = max(route.end_s - route.start_s, 1e-9)
    for evidence in Evidence:
        those = [stretch for stretch in route.stretches if stretch.evidence is evidence]
        seconds = sum(stretch.end_s - stretch.start_s for stretch in those)
        if seconds > 0:
            values = {"minutes": seconds / 60, "share": seconds / whole_s}
            yield Fact(f"state.{evidence.value}", _stated_by(those), values, those[0].start_s, those[-1].end_s)
    for stretch in route.stretches:
        if stretch.overrides:
            said = stretch.overrides.written()
            reason = {
                f"reason.{name}": text for name, text in ({"und": said} if isinstance(said, str) else said).items()
            }
            yield Fact("state.overridden", ("case",), reason, stretch.start_s, stretch.end_s)
    for unused in route.unused[:MOST]:
        yield Fact("state.unused", ("case",), {"stretch": unused.stretch + 1}, unused.start_s, unused.end_s)


def _stated_by(stretches: list[RouteStretch]) -> tuple[str, ...]:
    tracks = sorted({stretch.track for stretch in stretches if stretch.track is not None})
    silent = [stretch for stretch in stretches if not stretch.stated and stretch.track is None]
    words = [f"track {number + 1}" for number in tracks]
    words += ["case"] if any(stretch.stated for stretch in stretches) else []
    return tuple(words) or (("no track",) if silent else ())


def _known(route: Route) -> Iterator[Fact]:
    for number, known in enumerate(route.case.known):
        anchor = established(known, number)
        values = {"place": number + 1, "lat": anchor.lat, "lon": anchor.lon, "within_km": anchor.within_m / 1000}
        cited = tuple(f"source {name}" for name in known.sources)
        yield Fact("known", cited, values, anchor.early_s, anchor.late_s)


def _reaches(route: Route) -> Iterator[Fact]:
    long = sorted(route.reaches, key=lambda reach: reach.start_s - reach.end_s)[:MOST]
    for reach in sorted(long, key=lambda reach: reach.start_s):
        if reach.end_s - reach.start_s < LEAST_S:
            continue
        ends = dict.fromkeys(anchor.rests_on for anchor in reach.anchors)
        rests_on = (*ends, f"limit:{route.limit.basis}")
        if reach.lacking_m > 0:
            yield Fact("reach.impossible", rests_on, {"lacking_km": reach.lacking_m / 1000}, reach.start_s, reach.end_s)
            continue
        yield Fact("reach", rests_on, _reach(route, reach), reach.start_s, reach.end_s)


def _reach(route: Route, reach: Reach) -> dict[str, Value]:
    limit = route.limit
    place = route.intended_places[-1]
    times = np.append(np.arange(reach.start_s, reach.end_s, 60.0), reach.end_s)
    when_s, farthest_m = reach.farthest(place.lat, place.lon, times)
    area_km2 = reach.area_km2
    return {
        "area_km2": None if np.isnan(area_km2) else area_km2,
        "ground_speed_kt": float(limit.ground_speed_kt(np.nan)),
        "airspeed_kt": float(limit.airspeed_kt(np.nan)),
        "wind_kt": float(limit.wind_kt(np.nan)),
        "ends": float(len(reach.anchors)),
        "farthest_km": None if np.isnan(farthest_m) else farthest_m / 1000,
        "farthest_at": None if np.isnan(farthest_m) else _iso(when_s),
    }


def _reconstructions(route: Route) -> Iterator[Fact]:
    seen = set()
    for stretch in route.stretches:
        made, line = stretch.reconstruction, stretch.line
        if line is None or line.doubt_m is None or stretch.evidence is Evidence.RECEIVED:
            continue
        widest = {"widest_km": float(line.doubt_m.max()) / 1000}
        if made is None:
            author = "reconstruction.case" if stretch.basis is PathBasis.RECONSTRUCTED else "schematic.case"
            yield Fact(author, ("case",), widest, stretch.start_s, stretch.end_s)
        elif id(made) not in seen:
            seen.add(id(made))
            values = {
                "widest_km": float(made.doubt_m.max()) / 1000,
                "share": made.share,
                "open_km": None if made.open_m is None else made.open_m / 1000,
                "added_kt": made.added_kt,
                "added_from_deg": made.added_from_deg,
            }
            key = f"reconstruction.{made.method.replace(' ', '_')}"
            yield Fact(key, ("measured",), values, float(made.time_s[0]), float(made.time_s[-1]))


def _disagreements(route: Route) -> Iterator[Fact]:
    for one in sorted(route.disagreements, key=lambda one: -one.most_m)[:MOST]:
        values = {"first": one.first + 1, "second": one.second + 1, "most_km": one.most_m / 1000}
        rests_on = (f"track {one.first + 1}", f"track {one.second + 1}")
        yield Fact("disagreement", rests_on, {**values, "most_at": _iso(one.most_at_s)}, one.start_s, one.end_s)


def _against(route: Route) -> Iterator[Fact]:
    told = route.against
    if told.largest is not None:
        most = told.largest
        values = {
            "beside_km": most.metres / 1000,
            "doubt_km": most.doubt_m / 1000,
            "lat": most.lat,
            "lon": most.lon,
            "counted_share": told.counted_s / max(told.flown_s, 1e-9),
        }
        yield Fact("against.largest", (most.basis.value,), values, most.time_s)
    for crossing in told.crossings[:MOST]:
        yield _crossing(crossing, told.corridor_m)
    # Against a round flight that names only its one place, nothing is longer or shorter.
    if told.detour is not None and told.arrived and told.detour.intended_m > 0:
        detour = told.detour
        values = {
            "intended_km": detour.intended_m / 1000,
            "flown_km": detour.flown_m / 1000,
            "longer_km": detour.longer_m / 1000,
            "longer_share": detour.longer_m / detour.intended_m,
            "bridged_km": detour.bridged_m / 1000,
            "schematic_km": detour.schematic_m / 1000,
        }
        yield Fact("against.detour", _drawn(route), values)
    for key, late in (("departed", told.departed_late_s), ("arrived", told.arrived_late_s)):
        if late is not None:
            yield Fact(f"against.{key}", ("case", *_drawn(route)), {"late_minutes": late / 60})
    if not told.arrived:
        yield _ended(route)


def _drawn(route: Route) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stretch.basis.value for stretch in route.stretches if stretch.line is not None))


def _ended(route: Route) -> Fact:
    """Where a flight ended that did not get to its intended destination."""
    far = away(route, route.intended_places[-1].position, [route.end_s])
    least, greatest = float(far.least_m[0]), float(far.greatest_m[0])
    values = {} if np.isnan(least) else {"least_km": least / 1000, "greatest_km": greatest / 1000}
    return Fact("against.not_arrived", far.rests_on, values, route.end_s)


def _crossing(crossing: Crossing, corridor_m: float) -> Fact:
    key = "against.left" if crossing.out else "against.returned"
    values = {"corridor_km": corridor_m / 1000}
    return Fact(key, (crossing.basis.value,), values, crossing.earliest_s, crossing.latest_s)


def _countries(route: Route) -> Iterator[Fact]:
    yield from (_country("country", one) for one in route.countries)
    yield from (_country("area", one) for one in route.overflown if one.area.disputed or one.area.kind != "land")


def _country(key: str, one: Overflight) -> Fact:
    values: dict[str, Value] = {
        "code": one.area.code,
        "kind": one.area.kind,
        "disputed": ", ".join(one.area.disputed) or None,
        "certain": one.certain,
        "enter_earliest": _iso(one.enter.earliest_s),
        "enter_latest": _iso(one.enter.latest_s),
        "entered": one.enter.crossing,
        "leave_earliest": _iso(one.leave.earliest_s),
        "leave_latest": _iso(one.leave.latest_s),
        "left": one.leave.crossing,
    }
    rests_on = tuple(dict.fromkeys((one.enter.basis.value, one.leave.basis.value)))
    if one.enter.earliest_s < _STATES_SINCE_S:
        rests_on += ("states of today",)
    return Fact(key, rests_on, values, one.enter.earliest_s, one.leave.latest_s)


def _motion(route: Route) -> Iterator[Fact]:
    for phase in route.phases[:MOST]:
        yield Fact(f"phase.{phase.kind}", phase.rests_on, {"fixes": phase.fixes}, phase.start_s, phase.end_s)
    for run in route.swings:
        values = {
            "count": run.count,
            "period_s": run.period_s.median,
            "period_least_s": run.period_s.least,
            "period_greatest_s": run.period_s.greatest,
            "amplitude_ft": run.amplitude_ft.median,
            "amplitude_greatest_ft": run.amplitude_ft.greatest,
            "natural_s": run.natural_s,
            "like_phugoid": run.like_phugoid,
            "step_s": run.step_s,
            "climb_fpm": run.climb_fpm,
            "sink_fpm": run.sink_fpm,
        }
        yield Fact("swings", ("measured",), values, run.start_s, run.end_s)
