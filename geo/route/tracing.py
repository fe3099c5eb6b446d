"""Trace a case: put its tracks and what its author states into stretches, and draw the line of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.casefile.checks import span
from geo.errors import CaseError, Problem
from geo.geodesy import unwrap
from geo.model import Evidence, PathBasis, Position
from geo.route.lines import doubted, geodesic, part, position_of, smooth
from geo.route.route import Line, Route, RouteStretch, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.model import Case, Stretch, Track

#: What a track says before what the author states, and a silence of a track gives way to the author.
_RECEIVED_SOMETHING = frozenset({Evidence.RECEIVED, Evidence.REJECTED, Evidence.PARTIAL})


def trace(case: Case) -> Route:
    """The route of a case.

    Tracks come first; the author's stretches complete them where they are silent and never overwrite what was received.
    What is left over between is silent. Runs of stretches without a line of their own are bridged between known ends.

    Raises:
        CaseError: when the case has no time at all.
    """
    known = span(case)
    if known is None:
        raise CaseError(
            case.id, [Problem("", "the case has no time yet; add a [[track]], a [[stretch]] or an [[event]]")]
        )
    start_s, end_s = known[0].timestamp(), known[1].timestamp()
    measured = [stretch for track in case.recorded for stretch in _of_track(track, case.gap)]
    laid = _lay([], (stretch for stretch in measured if stretch.evidence in _RECEIVED_SOMETHING))
    laid = _lay(laid, (_of_author(stretch) for stretch in case.stretches))
    laid = _lay(laid, measured)
    laid = _lay(laid, [RouteStretch(start_s, end_s, Evidence.SILENT, PathBasis.BRIDGED)])
    ends = {stretch.to.timestamp(): position_of(stretch.path[-1]) for stretch in case.stretches if _is_bridge(stretch)}
    return Route(
        start_s=start_s,
        end_s=end_s,
        gap_s=case.gap,
        intended=geodesic([place.position for place in case.intended.route]),
        intended_places=case.intended.route,
        stretches=tuple(_bridge(laid, ends)),
        altitude_ft=tuple(series for track in case.recorded for series in _altitudes(track, case.gap)),
    )


def _is_bridge(stretch: Stretch) -> bool:
    return stretch.basis is PathBasis.BRIDGED and bool(stretch.path)


def _of_track(track: Track, gap_s: float) -> Iterable[RouteStretch]:
    from geo.tracks.states import states  # only a case with a track needs it

    for state in states(track, gap_s=gap_s):
        line = _measured(track, state.first, state.last) if state.evidence is Evidence.RECEIVED else None
        yield RouteStretch(
            start_s=state.start_s,
            end_s=state.end_s,
            evidence=state.evidence,
            basis=PathBasis.BRIDGED if line is None else PathBasis.MEASURED,
            line=line,
            fixes=0 if state.evidence is Evidence.SILENT else state.last - state.first + 1,
        )


def _measured(track: Track, first: int, last: int) -> Line | None:
    held = track.take(np.arange(first, last + 1))
    held = held.take(held.accepted & ~np.isnan(held.lat_deg))
    if len(held) == 0:
        return None
    return Line(np.array(held.lat_deg), unwrap(held.lon_deg), np.array(held.time_s))


def _of_author(stretch: Stretch) -> RouteStretch:
    times = (stretch.from_.timestamp(), stretch.to.timestamp())
    line = None
    if stretch.basis in (PathBasis.SCHEMATIC, PathBasis.RECONSTRUCTED):
        line = doubted(smooth([position_of(point) for point in stretch.path], times), stretch.band, stretch.within_km)
    return RouteStretch(
        *times,
        evidence=stretch.evidence,
        basis=stretch.basis,
        line=line,
        stated=True,
        within_km=stretch.within_km,
        band_share=stretch.band.share if stretch.band else None,
        band_least_km=stretch.band.least_km if stretch.band else 0.0,
        label=stretch.label,
        note=stretch.note,
        sources=stretch.sources,
    )


def _lay(laid: Sequence[RouteStretch], more: Iterable[RouteStretch]) -> list[RouteStretch]:
    """``laid``, and of each of ``more`` the times that nothing laid before it covers; in order of time."""
    result = list(laid)
    for stretch in more:
        free = [(stretch.start_s, stretch.end_s)]
        for other in result:
            free = [
                piece
                for start, end in free
                for piece in ((start, min(end, other.start_s)), (max(start, other.end_s), end))
                if piece[0] < piece[1]
            ]
        result += [_between(stretch, start, end) for start, end in free]
    return sorted(result, key=lambda stretch: stretch.start_s)


def _between(stretch: RouteStretch, start_s: float, end_s: float) -> RouteStretch:
    """The stretch cut to a time within it, and its line with it."""
    if (start_s, end_s) == (stretch.start_s, stretch.end_s):
        return stretch
    line = stretch.line
    if line is not None and line.time_s is not None:
        inner = line.time_s[(line.time_s > start_s) & (line.time_s < end_s)]
        at = np.concatenate([[max(start_s, line.time_s[0])], inner, [min(end_s, line.time_s[-1])]])
        doubt = None if line.doubt_m is None else np.interp(at, line.time_s, line.doubt_m)
        line = Line(np.interp(at, line.time_s, line.lat), np.interp(at, line.time_s, line.lon), at, doubt)
    return replace(stretch, start_s=start_s, end_s=end_s, line=line)


def _bridge(stretches: Sequence[RouteStretch], ends: dict[float, Position]) -> Iterable[RouteStretch]:
    """Draw the bridges: a run of bridged stretches is one geodesic, each stretch its share by time.

    ``ends`` holds known ends that the author gives, by the time at which they are reached.
    """
    index = 0
    before: Position | None = None
    while index < len(stretches):
        stretch = stretches[index]
        if stretch.basis is not PathBasis.BRIDGED:
            before = _end(stretch) or (before if stretch.basis is not PathBasis.NONE else None)
            yield stretch
            index += 1
            continue
        run = [stretch]
        while run[-1].end_s not in ends and index + len(run) < len(stretches):
            following = stretches[index + len(run)]
            if following.basis is not PathBasis.BRIDGED:
                break
            run.append(following)
        index += len(run)
        after = ends.get(run[-1].end_s) or (_start(stretches[index]) if index < len(stretches) else None)
        yield from _drawn(run, before, after)
        before = after


def _start(stretch: RouteStretch) -> Position | None:
    return _point(stretch.line, 0)


def _end(stretch: RouteStretch) -> Position | None:
    return _point(stretch.line, -1)


def _point(line: Line | None, at: int) -> Position | None:
    if line is None:
        return None
    return Position(lat=float(line.lat[at]), lon=(float(line.lon[at]) + 180) % 360 - 180)


def _drawn(run: Sequence[RouteStretch], first: Position | None, last: Position | None) -> Iterable[RouteStretch]:
    if first is None or last is None:
        yield from (replace(stretch, basis=PathBasis.NONE) for stretch in run)
        return
    whole = geodesic([first, last])
    start, length = run[0].start_s, run[-1].end_s - run[0].start_s
    for stretch in run:
        line = part(whole, (stretch.start_s - start) / length, (stretch.end_s - start) / length)
        yield replace(stretch, line=line)


def _altitudes(track: Track, gap_s: float) -> Iterable[Series]:
    """The received altitudes, cut where two are farther apart than a gap."""
    altitude_ft = track.held_altitude_ft
    held = ~np.isnan(altitude_ft)
    time_s, value = track.time_s[held], altitude_ft[held]
    cuts = np.flatnonzero(np.diff(time_s) > gap_s) + 1
    for times, values in zip(np.split(time_s, cuts), np.split(value, cuts), strict=True):
        if len(times):
            yield Series(times, values)
