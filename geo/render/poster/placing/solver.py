"""Chooses one of several options for each of many things, so that none gets in the way of another.

The same as ``assets/viewer/solver.js``, step for step: what is changed in one is changed in the other, and
``tests/browser/test_poster_labels.py`` compares what becomes of it. Here a set of options is a whole number with a bit
for each option of all things: those of one thing stand together, the cheapest at the lowest bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

#: Trials of one search: many times what the map of a flight takes. A hopeless crowd is given up after them.
_TRIALS: Final = 300
#: Rounds in which each thing takes the cheapest option that is free.
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Item:
    """``costs`` and ``tiers`` of its options, the cheapest first; a higher tier says more.

    ``ranks`` says how much each tier matters, from 0 on: low ranks come first.
    """

    costs: Sequence[float]
    tiers: Sequence[int]
    ranks: Sequence[float]


@dataclass(slots=True, eq=False)
class _Thing:
    """An item with all its ``options``, those that are left to it, and the one it has."""

    options: int
    left: int = 0
    now: int | None = None


@dataclass(slots=True)
class _Table:
    """Costs and tiers of all options, and, once it was asked for, what each excludes."""

    costs: list[float]
    tiers: list[int]
    clash: Callable[[int], NDArray[np.bool_]]
    known: dict[int, int] = field(default_factory=dict)

    def excluded(self, option: int) -> int:
        found = self.known.get(option)
        if found is None:
            row = np.packbits(self.clash(option), bitorder="little")
            found = self.known[option] = int.from_bytes(row.tobytes(), "little")
        return found

    def least(self, options: int) -> float:
        return self.costs[_first(options)] if options else 0.0

    def free(self, thing: _Thing, things: Sequence[_Thing]) -> int | None:
        """The cheapest option that is left to a thing and that excludes none of what the others have."""
        taken = 0
        for other in things:
            if other is not thing and other.now is not None:
                taken |= self.excluded(other.now)
        own = 0 if thing.now is None else 1 << thing.now
        found = thing.left & (~taken | own)
        return _first(found) if found else None


def _first(options: int) -> int:
    return (options & -options).bit_length() - 1


def _each(options: int) -> Iterator[int]:
    while options:
        yield _first(options)
        options &= options - 1


class _Branch:
    """One thing of a search, the options that are still to be tried for it, and the rest of the things."""

    __slots__ = ("cost", "more", "rest", "thing", "untried")

    def __init__(self, table: _Table, things: Sequence[tuple[_Thing, int]], cost: float) -> None:
        # That with the least choice first: a dead end shows early.
        chosen = min(things, key=lambda each: each[1].bit_count())
        self.thing = chosen[0]
        self.untried = _each(chosen[1])
        self.rest = [each for each in things if each is not chosen]
        self.cost = self.more = cost
        for _, left in self.rest:
            self.more += table.least(left)


def _search(table: _Table, things: Sequence[_Thing], limit: float, *, any_will_do: bool) -> bool:
    """Give each thing one of those left to it, at the least cost; where nothing is found, leave all as it is.

    Args:
        table: of all options.
        things: at least one.
        limit: what the whole must cost less than.
        any_will_do: whether the first that is found is taken.

    Returns:
        Whether something was found.
    """
    chosen: dict[_Thing, int] = {}
    best: dict[_Thing, int] = {}
    trials = _TRIALS
    branches = [_Branch(table, [(thing, thing.left) for thing in things], 0.0)]
    while branches:
        branch = branches[-1]
        option = next(branch.untried, None)
        if option is None or branch.more + table.costs[option] >= limit or (any_will_do and best):
            branches.pop()
            continue
        trials -= 1
        if trials < 0:
            break
        chosen[branch.thing] = option
        allowed = ~table.excluded(option)
        left = [(thing, options & allowed) for thing, options in branch.rest]
        if not all(options for _, options in left):
            continue
        cost = branch.cost + table.costs[option]
        if left:
            branches.append(_Branch(table, left, cost))
        else:
            best, limit = dict(chosen), cost
    for thing, option in best.items():
        thing.now = option
    return bool(best)


def _grant(table: _Table, items: Sequence[Item], things: Sequence[_Thing]) -> None:
    """Grant tiers in the order of their ranks, each if it can stand beside all that were granted before."""
    wishes = [
        (rank, tier, thing) for item, thing in zip(items, things, strict=True) for tier, rank in enumerate(item.ranks)
    ]
    for _, tier, thing in sorted(wishes, key=lambda wish: wish[0]):
        if tier and thing.now is None:
            continue
        before = thing.left
        thing.left = sum(1 << option for option in _each(thing.options) if table.tiers[option] >= tier)
        if thing.now is not None and table.tiers[thing.now] >= tier:
            continue
        found = table.free(thing, things)
        if found is not None:
            thing.now = found
            continue
        kept = [each for each in things if each.now is not None]
        if thing.now is None:
            kept.append(thing)
        if not _search(table, kept, inf, any_will_do=True):
            thing.left = before


def _groups(table: _Table, things: Sequence[_Thing]) -> Iterator[list[_Thing]]:
    """Those that can meet, together."""
    rest = list(things)
    while rest:
        group = rest[:1]
        for thing in group:  # grows while it is walked through
            reached = 0
            for option in _each(thing.left):
                reached |= table.excluded(option)
            group += [other for other in rest if other not in group and reached & other.left]
        rest = [thing for thing in rest if thing not in group]
        yield group


def _sum(values: Iterator[float]) -> float:
    """One after the other, as the viewer adds; Python's own ``sum`` corrects itself in some versions."""
    total = 0.0
    for value in values:
        total += value
    return total


def solve(items: Sequence[Item], clash: Callable[[int], NDArray[np.bool_]]) -> list[int | None]:
    """Grant tiers in the order of their ranks, and then take the cheapest options with which all of them stand.

    Args:
        items: equal ranks go by this order.
        clash: which options an option excludes; both are counted through the options of all items.

    Returns:
        For each item which of its options it has.
    """
    table = _Table([c for item in items for c in item.costs], [t for item in items for t in item.tiers], clash)
    starts, things, end = [], [], 0
    for item in items:
        start, end = end, end + len(item.costs)
        starts.append(start)
        things.append(_Thing((1 << end) - (1 << start)))
    _grant(table, items, things)

    def cost(thing: _Thing) -> float:
        return 0.0 if thing.now is None else table.costs[thing.now]

    kept = [thing for thing in things if thing.now is not None]
    for _ in range(_ROUNDS):
        for thing in kept:
            thing.now = table.free(thing, things)
    # What costs more than could be saved on all others is part of no cheaper choice.
    spare = _sum(cost(thing) - table.least(thing.left) for thing in kept)
    for thing in kept:
        most = table.least(thing.left) + spare
        fair = [option for option in _each(thing.left) if option == thing.now or table.costs[option] <= most]
        thing.left = sum(1 << option for option in fair)
    # Groups that cannot meet are searched one by one.
    for group in _groups(table, kept):
        _search(table, group, _sum(cost(thing) for thing in group), any_will_do=False)
    return [None if thing.now is None else thing.now - start for thing, start in zip(things, starts, strict=True)]
