"""Territories as polygons -> lines that each are drawn once, and rings that refer to them.

Packages share arcs between neighbours; this works on the single segments instead, so that polygons may be moved, cut
and joined first. Longitudes are compared modulo a whole turn.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from shapely import Polygon, contains_xy

from data.basemap.packages import TURN, Points, area, is_polar
from geo.basemap.store import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Vertex = tuple[int, int]
Segment = tuple[Vertex, Vertex]

#: A line is stored in pieces of at most this many steps, each with its box.
_PIECE_STEPS: Final = 256
#: The longest step that fits 16 bits, with some room.
_LONGEST_STEP: Final = 30_000


@dataclass
class Territory:
    """A named part of the land with one code; ``polygons`` are lists of rings, outer ring first."""

    name: str
    code: str
    polygons: list[list[Points]]


@dataclass(frozen=True)
class Ring:
    """A closed chain of lines: (line number, forward, turns to add to its longitudes), in order."""

    links: tuple[tuple[int, bool, int], ...]
    polar: bool


@dataclass
class Topology:
    """Lines with their kinds, and the polygons made of them; a polygon's owner is a territory number, LAND or LAKE."""

    lines: list[Points] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    polygons: list[tuple[int, list[Ring]]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


LAND: Final = -1
LAKE: Final = -2


def oriented(polygon: list[Points]) -> list[Points]:
    """The polygon with its outer ring counter-clockwise and its holes clockwise (around the south pole: westward)."""

    def turned(ring: Points, *, ccw: bool) -> Points:
        positive = ring[-1, 0] < ring[0, 0] if is_polar(ring) else area(ring) > 0
        return ring if positive == ccw else ring[::-1]

    return [turned(ring, ccw=number == 0) for number, ring in enumerate(polygon)]


def _vertices(ring: Points) -> list[Vertex]:
    wrapped = (ring[:, 0] + TURN // 2) % TURN - TURN // 2
    return list(zip(wrapped.tolist(), ring[:, 1].tolist(), strict=True))


def _segments(ring: Points) -> Iterator[tuple[Segment, bool]]:
    """Each step of a ring as an undirected segment, and whether the ring goes along it forward."""
    vertices = _vertices(ring)
    for first, second in pairwise(vertices):
        yield ((first, second), True) if first < second else ((second, first), False)


@dataclass
class _Use:
    """Who uses a segment: territory numbers, and how often forward less backward."""

    owners: list[int] = field(default_factory=list)
    balance: int = 0


def build(
    territories: list[Territory], kind_between: Callable[[Territory, Territory, Segment], Kind]
) -> tuple[Topology, list[Segment]]:
    """Lines and rings of territories that tile the land, and the land itself.

    Args:
        territories: oriented polygons.
        kind_between: what the line between two territories is, for each segment.

    Returns:
        The topology, and the segments that more than two territories claim.
    """
    uses: dict[Segment, _Use] = defaultdict(_Use)
    for number, territory in enumerate(territories):
        for polygon in territory.polygons:
            for ring in polygon:
                for segment, forward in _segments(ring):
                    use = uses[segment]
                    use.owners.append(number)
                    use.balance += 1 if forward else -1
    kinds: dict[Segment, Kind] = {}
    crowded: list[Segment] = []
    for segment, use in uses.items():
        owners = sorted(set(use.owners))
        if use.balance:
            # As a rule one user; where a territory folds over itself by one step of the grid, three.
            kinds[segment] = Kind.COAST
        elif len(owners) == 1:
            kinds[segment] = Kind.HIDDEN
        else:
            kinds[segment] = kind_between(territories[owners[0]], territories[owners[1]], segment)
            if len(owners) > 2:  # noqa: PLR2004  a line has two sides
                crowded.append(segment)
    chains = _Chains({segment: (kinds[segment], tuple(sorted(use.owners))) for segment, use in uses.items()})
    topology = Topology(chains.lines, [kind for kind, _ in chains.labels])
    for number, territory in enumerate(territories):
        topology.polygons += [(number, [chains.ring(ring) for ring in polygon]) for polygon in territory.polygons]
    coast = [
        (number, uses[chains.first_segment(number)].balance > 0)
        for number, kind in enumerate(topology.kinds)
        if kind is Kind.COAST
    ]
    topology.polygons += [(LAND, rings) for rings in _land(chains, coast)]
    return topology, crowded


def add_lakes(topology: Topology, lakes: list[list[Points]]) -> None:
    """Append lakes, each ring a line of its own; water has no neighbours."""
    for polygon in lakes:
        rings = []
        for ring in polygon:
            rings.append(Ring(((len(topology.lines), True, 0),), polar=False))
            topology.lines.append(ring)
            topology.kinds.append(Kind.SHORE)
        topology.polygons.append((LAKE, rings))


class _Chains:
    """Segments joined to lines wherever two of one label meet and no other."""

    def __init__(self, labels: dict[Segment, tuple[Kind, tuple[int, ...]]]) -> None:
        self._label = labels
        self._near: dict[Vertex, list[Vertex]] = defaultdict(list)
        for first, second in labels:
            self._near[first].append(second)
            self._near[second].append(first)
        self.lines: list[Points] = []
        self.labels: list[tuple[Kind, tuple[int, ...]]] = []
        #: For each directed segment the line that it begins or ends: (line, forward).
        self._starts: dict[Segment, tuple[int, bool]] = {}
        self._length: list[int] = []
        done: set[Segment] = set()
        ends = [vertex for vertex in self._near if self._is_node(vertex)]
        for vertex in [*ends, *self._near]:
            for second in self._near[vertex]:
                if _undirected(vertex, second) not in done:
                    self._walk(vertex, second, done)

    def _is_node(self, vertex: Vertex) -> bool:
        near = self._near[vertex]
        if len(near) != 2:  # noqa: PLR2004  a line passes through
            return True
        return self._label[_undirected(vertex, near[0])] != self._label[_undirected(vertex, near[1])]

    def _walk(self, first: Vertex, second: Vertex, done: set[Segment]) -> None:
        path = [first, second]
        done.add(_undirected(first, second))
        while path[-1] != first and not self._is_node(path[-1]):
            one, other = self._near[path[-1]]
            path.append(other if one == path[-2] else one)
            done.add(_undirected(path[-2], path[-1]))
        number = len(self.lines)
        self.labels.append(self._label[_undirected(first, second)])
        self._length.append(len(path) - 1)
        self._starts[path[0], path[1]] = (number, True)
        self._starts[path[-1], path[-2]] = (number, False)
        points = np.array(path, dtype=np.int64)
        points[1:, 0] -= np.cumsum(np.rint(np.diff(points[:, 0]) / TURN).astype(np.int64)) * TURN
        self.lines.append(points)

    def first_segment(self, number: int) -> Segment:
        """The undirected segment that a line begins with."""
        first, second = _vertices(self.lines[number][:2])
        return _undirected(first, second)

    def begins_upward(self, number: int) -> bool:
        """Whether the first step of a line goes the way of its undirected segment."""
        first, second = _vertices(self.lines[number][:2])
        return first < second

    def ring(self, ring: Points) -> Ring:
        """A closed ring of points as a chain of lines."""
        vertices = _vertices(ring)[:-1]
        home = _home(ring)
        count = len(vertices)
        at = next(i for i in range(count) if (vertices[i], vertices[(i + 1) % count]) in self._starts)
        turn = int(ring[-1, 0] - ring[0, 0]) // TURN
        links: list[tuple[int, bool, int]] = []
        walked = 0
        while walked < count:
            here = (at + walked) % count
            number, forward = self._starts[vertices[here], vertices[(here + 1) % count]]
            line = self.lines[number]
            begin = line[0, 0] if forward else line[-1, 0]
            shift = (int(ring[here, 0]) - int(begin)) // TURN + (turn if at + walked >= count else 0)
            links.append((number, forward, shift + home))
            walked += self._length[number]
        return Ring(tuple(links), polar=turn != 0)


def _undirected(first: Vertex, second: Vertex) -> Segment:
    return (first, second) if first < second else (second, first)


def _land(chains: _Chains, coast: list[tuple[int, bool]]) -> Iterator[list[Ring]]:
    """Polygons of the land: the coast lines, each with the land on its left, joined end to end."""
    leaving: dict[Vertex, list[tuple[int, bool]]] = defaultdict(list)
    for number, balance_up in coast:
        forward = chains.begins_upward(number) == balance_up
        leaving[_vertices(chains.lines[number])[0 if forward else -1]].append((number, forward))
    outer: list[tuple[Ring, Points]] = []
    holes: list[tuple[Ring, Points]] = []
    for start in list(leaving):
        while leaving[start]:
            ring, points = _closed(chains, leaving, start)
            (outer if ring.polar or area(points) > 0 else holes).append((ring, points))
    for ring, points in outer:
        yield [ring, *(hole for hole, inner in holes if not ring.polar and _holds(points, inner))]


def _closed(chains: _Chains, leaving: dict[Vertex, list[tuple[int, bool]]], start: Vertex) -> tuple[Ring, Points]:
    links: list[tuple[int, bool, int]] = []
    parts: list[Points] = []
    vertex = start
    while not links or vertex != start:
        number, forward = leaving[vertex].pop()
        line = chains.lines[number] if forward else chains.lines[number][::-1]
        shift = 0 if not parts else int(parts[-1][-1, 0] - line[0, 0]) // TURN
        links.append((number, forward, shift))
        parts.append(line + np.array([shift * TURN, 0]))
        vertex = _vertices(line)[-1]
    points = np.concatenate(parts)
    home = _home(points)
    homed = tuple((number, forward, shift + home) for number, forward, shift in links)
    return Ring(homed, polar=is_polar(points)), points + np.array([home * TURN, 0])


def _home(points: Points) -> int:
    """Turns that bring the west end of a ring into [-180, 180) degrees."""
    return -((int(points[:, 0].min()) + TURN // 2) // TURN)


def _holds(outer: Points, inner: Points) -> bool:
    """Whether a ring holds the first point of another (even-odd, the ray going east)."""
    return bool(contains_xy(Polygon(outer), *inner[0].astype(float)))


def pieces(line: Points) -> list[Points]:
    """A line cut into pieces of bounded length, each beginning where the last ended; long steps get points between."""
    steps = np.abs(np.diff(line, axis=0)).max(axis=1)
    parts = [line[:1]]
    for number in np.flatnonzero(steps > 0):
        count = int(steps[number]) // _LONGEST_STEP + 1
        share = np.arange(1, count + 1)[:, None] / count
        parts.append(np.rint(line[number] + share * (line[number + 1] - line[number])).astype(np.int64))
    points = np.concatenate(parts)
    starts = range(0, max(len(points) - 1, 1), _PIECE_STEPS)
    return [points[start : start + _PIECE_STEPS + 1] for start in starts]
