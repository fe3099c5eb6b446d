"""Bridges: the shortest line over a time without a line of its own, between known ends; it claims nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.geodesy import wrap
from geo.model import PathBasis, Position
from geo.route.lines import geodesic, part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.route.route import Line, RouteStretch


def bridged(stretches: Sequence[RouteStretch], ends: dict[float, Position]) -> Iterable[RouteStretch]:
    """Draw the bridges: a run of bridged stretches is one geodesic, each stretch its share by time.

    ``ends`` holds known ends that the author gives, by the time at which they are reached.
    """
    index = 0
    before: Position | None = None
    while index < len(stretches):
        stretch = stretches[index]
        if stretch.basis is not PathBasis.BRIDGED or stretch.line is not None:
            before = _end(stretch) or (before if stretch.basis is not PathBasis.NONE else None)
            yield stretch
            index += 1
            continue
        run = [stretch]
        while run[-1].end_s not in ends and index + len(run) < len(stretches):
            following = stretches[index + len(run)]
            if following.basis is not PathBasis.BRIDGED or following.line is not None:
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
    return Position(lat=float(line.lat[at]), lon=float(wrap(line.lon[at])))


def _drawn(run: Sequence[RouteStretch], first: Position | None, last: Position | None) -> Iterable[RouteStretch]:
    if first is None or last is None:
        yield from (replace(stretch, basis=PathBasis.NONE) for stretch in run)
        return
    whole = geodesic([first, last])
    start, length = run[0].start_s, run[-1].end_s - run[0].start_s
    for stretch in run:
        line = part(whole, (stretch.start_s - start) / length, (stretch.end_s - start) / length)
        yield replace(stretch, line=line)
