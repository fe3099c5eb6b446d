"""How good reconstructions were: errors against a band, the factor that would hold them, and the share that is held."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.geodesy import inverse
from geo.route import doubt
from geo.route.doubt import AIR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.hiding import Flight

    Floats = NDArray[np.float64]

LENGTHS_S: Final = (300.0, 900.0, 1_800.0, 3_000.0)
BRIDGE: Final = "great-circle bridge"
OPEN: Final = ", end unknown"
PARTLY: Final = ", the middle two fifths not read"
BLIND: Final = ", no ground speed around"
LOW: Final = ", below 20,000 ft"
LEVEL: Final = 0.95
DRAWS: Final = 1_000
_SEED: Final = 20241225


class Outcome(NamedTuple):
    """A window reconstructed by one method: errors at the true positions, and deviations there without the factor.

    ``band`` has latitudes, longitudes, deviations and the doubt of the ends along the path, ``bridge_m`` the errors of
    the bridge at the same positions.
    """

    flight: Flight
    length_s: float
    start_s: float
    low: bool
    method: str
    error_m: Floats
    deviation_m: Floats
    end_m: Floats
    bridge_m: Floats
    band: tuple[Floats, Floats, Floats, Floats]
    reach_km2: float

    @property
    def key(self) -> tuple[str, float, float]:
        """The window."""
        return (self.flight.name, self.length_s, self.start_s)

    def inside(self, factor: float) -> float:
        """The share of true positions within the band that this factor makes."""
        return float(np.mean(self.error_m <= np.hypot(factor * self.deviation_m, self.end_m)))

    def scores(self) -> Floats:
        """The factor that would just hold each true position."""
        beyond = np.sqrt(np.maximum(self.error_m**2 - self.end_m**2, 0.0))
        scores: Floats = beyond / np.maximum(self.deviation_m, 1e-3)
        return scores

    def area_km2(self, factor: float) -> float:
        """The area of the band that this factor makes, square kilometres."""
        lat, lon, spread_m, within_m = self.band
        return _area_km2(lat, lon, np.maximum(np.hypot(factor * spread_m, within_m), 1.0))


def _area_km2(lat: Floats, lon: Floats, radius_m: Floats) -> float:
    """Area of all discs around the points and of what lies between two neighbours, on a plane around the middle."""
    from shapely import Point, union_all

    way = inverse(lat[len(lat) // 2], lon[len(lon) // 2], lat, lon)
    turn = np.radians(way.azimuth_deg)
    discs = [
        Point(x, y).buffer(radius)
        for x, y, radius in zip(way.distance_m * np.sin(turn), way.distance_m * np.cos(turn), radius_m, strict=True)
    ]
    return float(union_all([one.union(other).convex_hull for one, other in itertools.pairwise(discs)]).area) / 1e6


def quantile(values: Sequence[Floats], level: float) -> float:
    """The quantile of values of which each array counts as much as any other."""
    together = np.concatenate(values)
    weight = np.concatenate([np.full(len(one), 1 / len(one)) for one in values])
    order = np.argsort(together, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(together[order][min(int(np.searchsorted(reached, level)), len(order) - 1)])


def calibrated(found: Sequence[Outcome]) -> float:
    """The factor that holds 95 % of the true positions of these windows."""
    return quantile([one.scores() for one in found], LEVEL)


def interval(found: Sequence[Outcome], inside: Sequence[float]) -> tuple[float, float]:
    """Where the share inside lies in 95 % of the draws of as many flights from these, per cent."""
    by_flight: dict[str, list[float]] = defaultdict(list)
    for one, share in zip(found, inside, strict=True):
        by_flight[one.flight.name].append(share)
    total = np.array([sum(shares) for shares in by_flight.values()])
    count = np.array([len(shares) for shares in by_flight.values()])
    drawn = np.random.default_rng(_SEED).integers(len(total), size=(DRAWS, len(total)))
    shares = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.percentile(100 * shares, [2.5, 97.5])
    return float(low), float(high)


def pool(one: Outcome) -> tuple[object, ...]:
    """The windows that share a factor: by method and length, those of long gaps together, low ones apart."""
    if one.method.startswith(AIR):
        return (one.method.removesuffix(PARTLY), one.length_s > LENGTHS_S[0])
    method = one.method.removesuffix(PARTLY)
    long_ = one.length_s >= doubt.LENGTHS_S[-1]
    return (method, LENGTHS_S[2] if long_ else one.length_s, one.low and method in doubt.LOW_FACTORS and not long_)


def crossed(one: Outcome) -> bool:
    """Whether so few flights have such windows that each is judged by the others, not one half by the other half."""
    few = one.length_s >= doubt.LENGTHS_S[-1] or (one.length_s > LENGTHS_S[0] and pool(one)[-1] is True)
    return few or one.method.startswith(AIR)


class Pool:
    """Windows that share a factor."""

    def __init__(self) -> None:
        self.found: list[Outcome] = []
        self._without: dict[str, float] = {}

    def without(self, flight: str) -> float:
        """The factor from the windows of other flights."""
        if flight not in self._without:
            self._without[flight] = calibrated([one for one in self.found if one.flight.name != flight])
        return self._without[flight]


def pools(found: Sequence[Outcome]) -> dict[tuple[object, ...], Pool]:
    """The windows that set the factors."""
    result: dict[tuple[object, ...], Pool] = defaultdict(Pool)
    for one in found:
        whole = one.method != BRIDGE and not one.method.endswith(PARTLY)
        if whole and not one.flight.on_purpose and (crossed(one) or one.flight.training):
            result[pool(one)].found.append(one)
    return result


def constants(found: Sequence[Outcome]) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """The factors from the flights that set them, by length, and those that ship."""
    setting = {key: calibrated(own.found) for key, own in pools(found).items()}
    result: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {}
    for title, ships in (
        ("", doubt.FACTORS),
        (LOW, doubt.LOW_FACTORS),
        (OPEN, doubt.OPEN_FACTORS),
        (BLIND, doubt.BLIND_FACTORS),
    ):
        for method, factors in ships.items():
            name = method + (title if title in (OPEN, BLIND) else "")
            keys = [
                (name, length > LENGTHS_S[0])
                if method == AIR
                else (name, length, title == LOW and length < doubt.LENGTHS_S[-1])
                for length in doubt.LENGTHS_S
            ]
            result[method + title] = (tuple(setting[key] for key in keys), tuple(factors))
    return result


def shipped(one: Outcome) -> float:
    """The factor of ``geo/route/doubt.py`` for a window."""
    method, _, special = one.method.partition(",")
    return doubt.factor(
        method,
        one.length_s,
        open_ended=OPEN.endswith(special or "-"),
        low=one.low,
        blind=BLIND.endswith(special or "-"),
    )
