"""What is known of whose sky the aircraft was in, from moment to moment: the areas it may have been in, and why.

On a line without doubt it is one area at a time, and changes where the line crosses a boundary. On a line with doubt it
is every area that the disc of doubt touches. Where there is no line, or a bridge that claims nothing, it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.basemap.owners import owners
from geo.geodesy import distance_m
from geo.route.route import PLACED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.basemap.owners import Ground
    from geo.model import PathBasis
    from geo.route.route import Line, Route, RouteStretch

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: A disc of doubt is looked at every so many metres, or every so much of its radius.
_STEP_M: Final = 1_000.0
_STEP_SHARE: Final = 0.2
#: A change between two looks is then narrowed down to so many seconds.
_NARROW_S: Final = 1.0
#: Shorter stays between two crossings, seconds, are a corner of a boundary.
_CORNER_S: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Piece:
    """A time, POSIX seconds, with the same areas all along.

    ``groups`` are the numbers of the areas that the aircraft may have been in, ``None`` where nothing says so;
    ``borders`` the pairs of areas that meet where it may have been.
    """

    start_s: float
    end_s: float
    groups: frozenset[int] | None
    basis: PathBasis
    borders: frozenset[tuple[int, int]] = frozenset()


def pieces(route: Route, group: Ints) -> list[Piece]:
    """The whole of a route in order of time; pieces meet, and neighbours of one basis differ.

    Args:
        route: the traced case.
        group: (areas of the ground,) under which number each is to count; areas of one number count as one.
    """
    ground = owners()
    found: list[Piece] = []
    for stretch in route.stretches:
        for piece in _of_stretch(stretch, ground, group):
            last = found[-1] if found else None
            if last is not None and (last.groups, last.basis, last.borders) == (
                piece.groups,
                piece.basis,
                piece.borders,
            ):
                found[-1] = Piece(last.start_s, piece.end_s, last.groups, last.basis, last.borders)
            else:
                found.append(piece)
    return found


def _of_stretch(stretch: RouteStretch, ground: Ground, group: Ints) -> Iterator[Piece]:
    line, start, end = stretch.line, stretch.start_s, stretch.end_s
    # A bridge between measured ends may carry the doubt of such bridges: then it does claim where the aircraft was.
    doubted = line is not None and line.doubt_m is not None and bool((line.doubt_m > 0).any())
    if line is None or line.time_s is None or not (doubted or stretch.basis in PLACED):
        yield Piece(start, end, None, stretch.basis)
        return
    parts = list(_doubtful(line, ground, group) if doubted else _followed(line, ground, group))
    # Before the first and after the last point of the line the aircraft is drawn there.
    times = [start, *(begin for begin, _, _ in parts[1:]), end]
    for (begin, until), (_, groups, borders) in zip(pairwise(times), parts, strict=True):
        low, high = max(begin, start), min(until, end)
        if low < high or (start == end and len(parts) == 1):
            yield Piece(low, high, groups, stretch.basis, borders)


_Part = tuple[float, frozenset[int], frozenset[tuple[int, int]]]


def _followed(line: Line, ground: Ground, group: Ints) -> Iterator[_Part]:
    """When a line without doubt enters which area: the times of its crossings, and what lies between them."""
    times: Floats = line.time_s  # type: ignore[assignment]  # only lines with times come here
    crossings = ground.crossings(line.lat, line.lon)
    steps = np.diff(times)
    at = np.sort(times[crossings.segment] + crossings.share * steps[crossings.segment])
    breaks = np.concatenate([times[:1], at, times[-1:]])
    longer = np.diff(breaks) > _CORNER_S
    begins, ends = breaks[:-1][longer], breaks[1:][longer]
    if not len(begins):
        begins, ends = times[:1], times[:1]
    middles = (begins + ends) / 2
    labels = group[ground.at(np.interp(middles, times, line.lat), np.interp(middles, times, line.lon))]
    changed = np.concatenate([[True], labels[1:] != labels[:-1]])
    for begin, label in zip(begins[changed].tolist(), labels[changed].tolist(), strict=True):
        yield begin, frozenset({label}), frozenset()


@dataclass(slots=True)
class _Change:
    """An area that is touched at one of two looks and not at the other; ``appears``: at the later."""

    early_s: float
    late_s: float
    group: int
    appears: bool

    @property
    def middle_s(self) -> float:
        return (self.early_s + self.late_s) / 2

    @property
    def time_s(self) -> float:
        """Rather touched a little too long than too short."""
        return self.early_s if self.appears else self.late_s

    def narrow(self, touched: frozenset[int]) -> None:
        """Halve the time by what is touched in its middle."""
        if (self.group in touched) == self.appears:
            self.late_s = self.middle_s
        else:
            self.early_s = self.middle_s


class _Discs:
    """The discs of doubt along a line: which areas each touches, and in ``borders`` which of these meet in any."""

    def __init__(self, line: Line, ground: Ground, group: Ints) -> None:
        self._line, self._ground, self._group = line, ground, group
        self.borders: set[tuple[int, int]] = set()

    def at(self, time_s: Sequence[float]) -> list[frozenset[int]]:
        """The areas touched at each time."""
        line, ground = self._line, self._ground
        lat, lon, radius = (
            np.interp(time_s, line.time_s, column)  # type: ignore[arg-type]  # a line with times and doubt
            for column in (line.lat, line.lon, line.doubt_m)
        )
        touched = [{number} for number in self._group[ground.at(lat, lon)].tolist()]
        point, edge = ground.touching(lat, lon, radius)
        left, right = self._group[ground.left[edge]], self._group[ground.right[edge]]
        for number, *pair in set(zip(point.tolist(), left.tolist(), right.tolist(), strict=True)):
            touched[number].update(pair)
            if pair[0] != pair[1]:
                self.borders.add((min(pair), max(pair)))
        return [frozenset(groups) for groups in touched]


def _doubtful(line: Line, ground: Ground, group: Ints) -> Iterator[_Part]:
    """When the disc of doubt along a line begins or ceases to touch which area."""
    discs = _Discs(line, ground, group)
    looks = _looks(line)
    seen = discs.at(looks)
    changes = [
        _Change(early, late, number, number in after)
        for (early, late), (before, after) in zip(pairwise(looks), pairwise(seen), strict=True)
        for number in sorted(before ^ after)
    ]
    while wide := [change for change in changes if change.late_s - change.early_s > _NARROW_S]:
        for change, touched in zip(wide, discs.at([change.middle_s for change in wide]), strict=True):
            change.narrow(touched)
    borders = frozenset(discs.borders)
    held = set(seen[0])
    yield looks[0], frozenset(held), borders
    for change in sorted(changes, key=lambda change: change.time_s):
        held ^= {change.group}
        yield change.time_s, frozenset(held), borders


def _looks(line: Line) -> list[float]:
    """Times at which the disc of doubt along a line is looked at."""
    times, doubt = line.time_s, line.doubt_m
    if times is None or doubt is None or len(times) == 1:
        return [] if times is None else times.tolist()
    length = distance_m(line.lat[:-1], line.lon[:-1], line.lat[1:], line.lon[1:])
    # The edge of a disc moves as far as its middle does and its radius grows.
    moved = length + np.abs(np.diff(doubt))
    step = np.maximum(_STEP_M, _STEP_SHARE * np.minimum(doubt[:-1], doubt[1:]))
    weight = np.concatenate([[0.0], np.cumsum(moved / step)])
    count = max(int(np.ceil(weight[-1])), 1)
    rising = np.concatenate([[True], np.diff(weight) > 0])
    looks = np.interp(np.linspace(0.0, weight[-1], count + 1), weight[rising], times[rising])
    found: list[float] = np.unique(np.concatenate([times[:1], looks, times[-1:]])).tolist()
    return found


def runs(whole: Sequence[Piece], number: int, *, told: bool) -> Iterator[tuple[int, int]]:
    """The runs of pieces in which the aircraft may have been in an area, as ranges of their indices.

    With ``told`` a piece of which nothing is known ends a run; without, it belongs to it.
    """
    start = None
    for index, piece in enumerate(whole):
        may_be = (not told) if piece.groups is None else number in piece.groups
        if may_be and start is None:
            start = index
        if not may_be and start is not None:
            yield start, index
            start = None
    if start is not None:
        yield start, len(whole)
