"""What a case must hold as a whole: sources that are listed, days that fit, stretches in order, positions not swapped.

Checks of citations and names work on the document itself, so that they speak even where other parts are wrong.
"""

from __future__ import annotations

import difflib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.steps import check_steps
from geo.errors import Problem
from geo.model import Case, Position, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.casefile.problems import Locator, Place

#: A timed event may stand this long before the first and after the last time that is known of the flight.
_SLACK: Final = timedelta(hours=36)
#: A track that is farther than this in time from what the case says of the flight is of another one.
_APART: Final = timedelta(days=3)
#: A position farther than this and than a leg of the route from every place of the flight, and less than half as far
#: when swapped, is a slip.
_FAR_KM: Final = 300.0


def cross_check(document: dict[str, Any], case: Case | None, locate: Locator) -> list[Problem]:
    """The problems that no single value shows; ``case`` is ``None`` when the document did not validate."""
    problems = [*_citations(document, locate), *_twice(document, locate)]
    for key, table in (("recorded", "track"), ("others_recorded", "other")):
        if key in document:
            told = f"unknown key {key!r}; name the file of a track: [[{table}]]"
            problems.append(locate.problem((key,), told))
    if case is not None:
        apart = list(_apart(case, locate))
        # With a track of another year the days of the flight are not known.
        days = [] if apart else _days(case, locate)
        problems += [*_order(case, locate), *apart, *days, *_swapped(case, locate)]
    problems += check_steps(document, case, None if case is None else span(case), locate)
    return problems


def span(case: Case) -> tuple[datetime, datetime] | None:
    """First and last time that stretches and tracks know of the flight, else its timed events; ``None`` without any."""
    times = [time for stretch in case.stretches for time in (stretch.from_, stretch.to)]
    for track in case.recorded:
        times += [datetime.fromtimestamp(float(second), UTC) for second in (track.time_s[0], track.time_s[-1])]
    if not times:
        times = [
            time for event in case.events if not event.time.dated_only for time in (event.time.start, event.time.end)
        ]
    return (min(times), max(times)) if times else None


def _walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:  # noqa: ANN401  a TOML value
    yield place, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _walk(child, (*place, key))


def _citations(document: dict[str, Any], locate: Locator) -> Iterator[Problem]:
    listed = document.get("sources", {})
    if not isinstance(listed, dict):
        return
    for place, value in _walk(document):
        if not place or place[-1] not in ("source", "sources") or len(place) == 1:
            continue
        several = isinstance(value, list)
        for index, name in enumerate(value if several else [value]):
            if isinstance(name, str) and name not in listed:
                close = difflib.get_close_matches(name, list(listed), n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                told = f"source {name!r} is not listed; add [sources.{name}]{hint}"
                # The line says which list; which entry of it, only who takes it away need know.
                yield Problem(locate.named(place), told, (*place, index) if several else place)


def _twice(document: dict[str, Any], locate: Locator) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    events = document.get("event", [])
    for index, event in enumerate(events if isinstance(events, list) else []):
        name = event.get("id") if isinstance(event, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            where = ("event", index, "id")
            yield locate.problem(
                where, f"the id {name!r} is taken by event[{seen[name] + 1}]; links to events need one each"
            )
        seen.setdefault(name, index)


def _order(case: Case, locate: Locator) -> Iterator[Problem]:
    ordered = sorted(enumerate(case.stretches), key=lambda item: item[1].from_)
    for (_, before), (index, stretch) in pairwise(ordered):
        if stretch.from_ < before.to:
            yield locate.problem(
                ("stretch", index, "from"),
                f"this stretch starts at {stretch.from_:%H:%M:%S}, before the one from {before.from_:%H:%M:%S} ends at "
                f"{before.to:%H:%M:%S}; a moment has one state",
            )


def _apart(case: Case, locate: Locator) -> Iterator[Problem]:
    """Tracks of another time than the rest of the case: they would make one flight of weeks or years."""
    stated = [(stretch.from_, stretch.to) for stretch in case.stretches]
    events = [(event.time.start, event.time.end) for event in case.events if event.main and not event.time.dated_only]
    known = stated or events
    if not known:
        return
    first, last = min(start for start, _ in known), max(end for _, end in known)
    for index, track in enumerate(case.recorded):
        start, end = (datetime.fromtimestamp(float(track.time_s[at]), UTC) for at in (0, -1))
        if end < first - _APART or start > last + _APART:
            told = f"this track is of {start:%Y-%m-%d}, the case of {first:%Y-%m-%d}; use the file of this flight"
            yield locate.problem(("track", index, "file"), told)


def _days(case: Case, locate: Locator) -> Iterator[Problem]:
    known = span(case)
    if known is None:
        yield Problem("", "the case has no time yet; add a [[track]], a [[stretch]] or an [[event]] with its time")
        return
    first, last = known
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    for index, event in enumerate(case.events):
        place = ("event", index, "time")
        if event.time.end < first - _SLACK or (event.time.dated_only and event.time.end < first):
            told = f"{event.time.start:%Y-%m-%d} is before the day of the flight ({days}); correct the date"
            yield locate.problem(place, told)
        elif not event.time.dated_only and event.time.start > last + _SLACK:
            yield locate.problem(
                place,
                f"{event.time.start:%Y-%m-%d %H:%M} is outside the stated days of the flight ({days}); "
                "correct it, or for the aftermath write the date alone",
            )


def _swapped(case: Case, locate: Locator) -> Iterator[Problem]:
    from geo.geodesy import along_m, distance_m  # loads PROJ

    near = [place.position for place in case.intended.route]
    for track in case.recorded:
        known = track.accepted.nonzero()[0]
        near += [Position(lat=track.lat_deg[at], lon=track.lon_deg[at]) for at in (*known[:1], *known[-1:])]
    lats, lons = [point.lat for point in near], [point.lon for point in near]
    legs_m = along_m(lats[: len(case.intended.route)], lons[: len(case.intended.route)])
    far_km = max(_FAR_KM, float((legs_m[1:] - legs_m[:-1]).max()) / 1000)
    for where, placed in _wheres(case):
        if placed.kind != "point" or placed.place is None or placed.place.asked is not None:
            continue
        spot = placed.place.position
        if abs(spot.lon) > 90:  # noqa: PLR2004  it cannot be a latitude
            continue
        as_written = float(distance_m(spot.lat, spot.lon, lats, lons).min()) / 1000
        as_swapped = float(distance_m(spot.lon, spot.lat, lats, lons).min()) / 1000
        if as_written > far_km and as_swapped < as_written / 2:
            yield locate.problem(
                where,
                f"lat = {spot.lat:g}, lon = {spot.lon:g} is {as_written:,.0f} km from every place of the flight, and "
                f"{as_swapped:,.0f} km with the two swapped; write lat = {spot.lon:g}, lon = {spot.lat:g}, or name the "
                "point under [places] if it is right",
            )


def _wheres(case: Case) -> Iterator[tuple[Place, Where]]:
    """Places of the flight itself: those of the aftermath may be anywhere."""
    for index, stretch in enumerate(case.stretches):
        for number, point in enumerate(stretch.path):
            yield ("stretch", index, "path", number), point
    for index, known in enumerate(case.known):
        yield ("known", index, "place"), known.place
    for index, event in enumerate(case.events):
        if event.time.dated_only:
            continue
        if event.place is not None:
            yield ("event", index, "place"), event.place
        for number, claim in enumerate(event.claims):
            if claim.place is not None:
                yield ("event", index, "claim", number, "place"), claim.place
