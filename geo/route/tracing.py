"""Trace a case: put its tracks and what its author states into stretches, and draw the line of each."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from geo.casefile.checks import span
from geo.errors import CaseError, Problem
from geo.geodesy import unwrap
from geo.measures import KNOT_M_S
from geo.model import Evidence, PathBasis
from geo.route.agreement import disagreements
from geo.route.bounding import bounded
from geo.route.bridging import bridged
from geo.route.filling import filled
from geo.route.laying import covered_s, lay
from geo.route.lines import doubted, geodesic, position_of, smooth
from geo.route.route import Line, Route, RouteStretch, Series, Unused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.model import Case, Stretch, Track

#: What a track says before what the author states, the strongest first; its silence gives way to the author.
_RECEIVED_SOMETHING = (Evidence.RECEIVED, Evidence.REJECTED, Evidence.PARTIAL)


def trace(case: Case) -> Route:
    """The route of a case.

    What tracks received comes first, positions before false ones, and these before what came without any, whichever
    track it is in; of two tracks the one that the case names first is drawn. The author's stretches complete them where
    nothing was received, and stand in their place only with a reason (``overrides``). What is left over is silent.
    Stretches without a line of their own are reconstructed where a track lets it be, else bridged between known ends.

    Raises:
        CaseError: when the case has no time at all.
    """
    known = span(case)
    if known is None:
        raise CaseError(
            case.id, [Problem("", "the case has no time yet; add a [[track]], a [[stretch]] or an [[event]]")]
        )
    start_s, end_s = known[0].timestamp(), known[1].timestamp()
    authored = [_of_author(stretch) for stretch in case.stretches]
    measured = [list(_of_track(track, number, case.gap)) for number, track in enumerate(case.recorded)]
    laid = lay([], [stretch for stretch in authored if stretch.overrides])
    for evidence in _RECEIVED_SOMETHING:
        for of_track in measured:
            laid = lay(laid, [stretch for stretch in of_track if stretch.evidence is evidence])
    unused = _unused(authored, laid)
    for stretch in authored:
        laid = lay(laid, [] if stretch.overrides else [stretch])
    for of_track in measured:
        laid = lay(laid, [stretch for stretch in of_track if stretch.evidence is Evidence.SILENT])
    laid = lay(laid, [RouteStretch(start_s, end_s, Evidence.SILENT, PathBasis.BRIDGED)])
    ends = {stretch.to.timestamp(): position_of(stretch.path[-1]) for stretch in case.stretches if _is_bridge(stretch)}
    fastest_m_s = cache(partial(greatest_m_s, case))
    return Route(
        case=case,
        start_s=start_s,
        end_s=end_s,
        gap_s=case.gap,
        intended=geodesic([place.position for place in case.intended.route]),
        intended_places=case.intended.route,
        stretches=tuple(
            bounded(list(bridged(filled(laid, case.recorded, fastest_m_s), ends)), case.known, fastest_m_s)
        ),
        altitude_ft=tuple(
            series for track in case.recorded for series in Series.runs(track.time_s, track.held_altitude_ft, case.gap)
        ),
        disagreements=disagreements(case.recorded, case.gap, case.apart_km * 1000) if len(case.recorded) > 1 else (),
        unused=unused,
    )


def greatest_m_s(case: Case) -> float:
    """The greatest ground speed that the limit of a case allows at any altitude."""
    from geo.route.speeds import limit  # reads the table of types, which only a doubt that it bounds needs

    return float(limit(case).ground_speed_kt(np.nan)) * KNOT_M_S


def _unused(authored: Sequence[RouteStretch], laid: Sequence[RouteStretch]) -> tuple[Unused, ...]:
    return tuple(
        Unused(number, *span)
        for number, stretch in enumerate(authored)
        if not stretch.overrides
        for span in covered_s(stretch, laid)
    )


def _is_bridge(stretch: Stretch) -> bool:
    return stretch.basis is PathBasis.BRIDGED and bool(stretch.path)


def _of_track(track: Track, number: int, gap_s: float) -> Iterable[RouteStretch]:
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
            track=None if state.evidence is Evidence.SILENT else number,
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
        overrides=stretch.overrides,
        within_km=stretch.within_km,
        band_share=stretch.band.share if stretch.band else None,
        band_least_km=stretch.band.least_km if stretch.band else 0.0,
        label=stretch.label,
        note=stretch.note,
        sources=stretch.sources,
    )
