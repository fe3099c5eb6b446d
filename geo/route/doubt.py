"""How far a reconstructed path can be off: what is not known of the velocity, and what known ends leave of it.

What is added to the velocity that was read, as the wind, is unknown and varies slowly. It is taken as a Gaussian
process along the gap (C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning, 2006, chapter 2):
first told what ground speed and track say at the ends, then that the path has to meet the end. The mean of what is
left is the path, its covariance says how the error grows away from the ends.

The theory gives the form. The size of the error comes from flights of which the positions were hidden:
``python -m benchmarks.reconstruction`` prints the factors below and the coverage on flights that did not set them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: What a component of the wind varies by, m/s, and over what it forgets: time flown, s, and altitude, ft.
WIND_M_S: Final = 20.6
WIND_S: Final = 9_000.0
WIND_FT: Final = 100_000.0
#: Errors of a component of the velocity through the air that pass: m/s, s.
GUST_M_S: Final = 1.5
GUST_S: Final = 60.0
#: Errors of a component of the velocity over ground: those that last and those that pass, m/s, s.
GROUND_M_S: Final = 0.5
GROUND_S: Final = 1_200.0
PASSING_M_S: Final = 2.5
PASSING_S: Final = 20.0
#: What a component of the velocity varies by where nothing was read: a share of the speed, and of what the velocities
#: at the ends differ from the mean one; and how fast it forgets, s.
UNREAD_SHARE: Final = 0.06
UNREAD_ROOM: Final = 0.8
UNREAD_S: Final = 400.0
#: The share of the speed where a velocity at an end is not known, and between two readings.
BLIND_SHARE: Final = 0.3
BETWEEN_SHARE: Final = 0.4
#: How far headings are from true north: where nobody says which north they are from, and where it is the true one.
NORTH_DEG: Final = 10.0
TRUE_NORTH_DEG: Final = 1.0
#: By which share airspeeds are off, and how late readings are, s.
AIRSPEED_SHARE: Final = 0.015
LATE_S: Final = 2.0
#: A component of a ground speed and track at an end, m/s, and how late it is in a turn, s.
END_M_S: Final = 2.5
END_LATE_S: Final = 2.0
#: Degrees of freedom with which the size of all these is known beforehand.
FREEDOM: Final = 3.0

#: A known end is met as if its mean velocity were known to this, m/s: keeps the equations solvable.
_CLOSED_M_S: Final = 1e-3

#: Lengths of the gaps for which the factors below hold, s; between them they are interpolated by the logarithm.
LENGTHS_S: Final = (300.0, 900.0, 1_800.0)
#: The methods, as a reconstruction names them.
GROUND: Final = "track and ground speed"
AIR: Final = "heading and airspeed"
SMOOTH: Final = "smooth path"
SHORTEST: Final = "shortest path"
#: How many standard deviations of the theory hold 95 % of the true positions, by method.
FACTORS: Final[Mapping[str, tuple[float, ...]]] = {
    GROUND: (1.07, 0.64, 1.03),
    AIR: (1.27, 0.85, 0.85),
    SMOOTH: (1.39, 1.37, 1.80),
    SHORTEST: (1.68, 1.98, 2.02),
}
#: The same where an end is below ``LOW_FT`` or nobody knows how high it is: there flights turn more.
LOW_FACTORS: Final[Mapping[str, tuple[float, ...]]] = {
    SMOOTH: (1.79, 1.50, 1.80),
    SHORTEST: (3.61, 2.56, 2.02),
}
#: The same with one end known only.
OPEN_FACTORS: Final[Mapping[str, tuple[float, ...]]] = {
    GROUND: (0.76, 0.49, 1.26),
    AIR: (0.96, 1.22, 1.22),
}
#: The same where no velocity over ground is known around the gap.
BLIND_FACTORS: Final[Mapping[str, tuple[float, ...]]] = {
    AIR: (0.83, 1.16, 1.16),
}
LOW_FT: Final = 20_000.0


def factor(method: str, length_s: float, *, open_ended: bool = False, low: bool = False, blind: bool = False) -> float:
    """How many standard deviations hold 95 % of the true positions in a gap of this length, s; constant beyond."""
    factors = FACTORS
    for special, holds in ((LOW_FACTORS, low), (BLIND_FACTORS, blind), (OPEN_FACTORS, open_ended)):
        factors = special if holds and method in special else factors
    return float(np.interp(np.log(length_s), np.log(LENGTHS_S), factors[method]))


def is_low(altitude: tuple[Floats, Floats] | None, start_s: float, end_s: float) -> bool:
    """Whether one of the ends is low, or nothing tells that neither is; times and altitudes as received, s and ft."""
    return altitude is None or bool(np.min(np.interp([start_s, end_s], *altitude)) < LOW_FT)


def lasting(time_s: Floats, sd: float, tau_s: float) -> Floats:
    """Covariance of what varies by ``sd`` about its mean and forgets in ``tau_s`` (Ornstein-Uhlenbeck), (n, n)."""
    faded: Floats = sd**2 * np.exp(-np.abs(time_s[:, None] - time_s) / tau_s)
    return faded


def wind(time_s: Floats, altitude_ft: Floats | None) -> Floats:
    """Covariance of a component of the wind at times and, where known, altitudes, (n, n)."""
    faded = lasting(time_s, WIND_M_S, WIND_S)
    if altitude_ft is not None:
        faded = faded * lasting(altitude_ft, 1.0, WIND_FT)
    return faded + lasting(time_s, GUST_M_S, GUST_S)


def over_ground(time_s: Floats) -> Floats:
    """Covariance of a component of the error of velocities over ground, (n, n)."""
    return lasting(time_s, GROUND_M_S, GROUND_S) + lasting(time_s, PASSING_M_S, PASSING_S)


def unread(time_s: Floats, read_s: Floats, sd: float, tau_s: float) -> Floats:
    """Covariance of what varies as in ``lasting`` and is known, 0, at the sorted times ``read_s``, (n, n).

    Between two readings it is that of an Ornstein-Uhlenbeck bridge, 2 sinh(a) sinh(b) / sinh(a + s + b) with the times
    a and b to the readings and s between the two moments in units of ``tau_s``, without overflow.
    """
    part = np.searchsorted(read_s, time_s, side="right")
    low, high = np.concatenate([[-np.inf], read_s])[part], np.concatenate([read_s, [np.inf]])[part]
    first, second = np.minimum(time_s[:, None], time_s), np.maximum(time_s[:, None], time_s)
    before, after = (first - low) / tau_s, (high - second) / tau_s
    whole = before + after + (second - first) / tau_s
    open_ = 1 - np.exp(-2 * whole)
    bridge = np.exp(-(second - first) / tau_s) * (1 - np.exp(-2 * before)) * (1 - np.exp(-2 * after))
    inside = (part[:, None] == part) & (open_ > 0)
    return np.where(inside, sd**2 * bridge / np.where(open_ > 0, open_, 1.0), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """What is not known of the velocity at n knots, and of p numbers that change it: mean and covariance.

    ``mean`` is (2n + p,), ``cov`` (2n + p, 2n + p): velocities along, m/s, those across, the numbers in their units.
    """

    knots: int
    mean: Floats
    cov: Floats

    @classmethod
    def of(cls, kernel: Floats) -> Unknown:
        """Two components of mean 0 and this covariance (n, n), independent of each other."""
        nothing = np.zeros_like(kernel)
        return cls(len(kernel), np.zeros(2 * len(kernel)), np.block([[kernel, nothing], [nothing, kernel]]))

    def with_number(self, effect: Floats, mean: float, sd: float) -> Unknown:
        """With a number more that is not known and that changes the velocities by ``effect`` (2n,) for each unit."""
        wide = np.append(np.concatenate([effect, np.zeros(len(self.mean) - 2 * self.knots)]), 1.0)
        cov = np.zeros((len(wide), len(wide)))
        cov[:-1, :-1] = self.cov
        return Unknown(self.knots, np.append(self.mean, 0.0) + wide * mean, cov + np.outer(wide, wide) * sd**2)

    @property
    def numbers(self) -> Floats:
        """The means of the numbers (p,)."""
        return self.mean[2 * self.knots :]

    def told(self, knot: int, velocity: Floats, sd: float) -> Unknown:
        """After learning the velocity (2,) at a knot, each component within the deviation ``sd``."""
        rows = np.zeros((2, len(self.mean)))
        rows[[0, 1], [knot, self.knots + knot]] = 1.0
        gain, cross = self._gain(rows, sd)
        return Unknown(self.knots, self.mean + gain @ (velocity - rows @ self.mean), self.cov - gain @ cross.T)

    def closed(self, way_s: Floats) -> tuple[Unknown, Floats, Floats]:
        """After learning where the path ends; the gain of all that is unknown for a metre missed, (2n + p, 2).

        ``way_s`` (n,) are the seconds with which each knot counts for the end. The mean is left as it is: how much is
        missed tells the integration. Last comes the covariance of what is missed, m², (2, 2).
        """
        rows = np.zeros((2, len(self.mean)))
        rows[0, : self.knots] = rows[1, self.knots : 2 * self.knots] = way_s
        gain, cross = self._gain(rows, _CLOSED_M_S * float(np.sum(way_s)))
        return Unknown(self.knots, self.mean, self.cov - gain @ cross.T), gain, rows @ cross

    def _gain(self, rows: Floats, sd: float) -> tuple[Floats, Floats]:
        cross = self.cov @ rows.T
        solved = np.linalg.solve(rows @ cross + np.eye(len(rows)) * sd**2, cross.T)
        return np.asarray(solved.T, dtype=np.float64), cross

    def spread_m(self, seconds: Floats) -> Floats:
        """Deviation of the position at each knot, m: root of the variances along and across together, (n,).

        ``seconds`` (n, n) is what each velocity counts for each position.
        """
        parts = (slice(0, self.knots), slice(self.knots, 2 * self.knots))
        variance = sum(np.einsum("ij,ij->i", seconds @ self.cov[part, part], seconds) for part in parts)
        spread: Floats = np.sqrt(np.maximum(variance, 0.0))
        return spread


def surprise(missed_m: Floats, variance: Floats) -> float:
    """By how much all deviations have to grow, or shrink, for what was missed at the end before it was closed.

    The scale of a multivariate t distribution of ``FREEDOM`` degrees after two of its components were seen (P. Ding, On
    the conditional distribution of the multivariate t distribution, Am. Stat. 70 (2016) 293-295).
    """
    squared = float(missed_m @ np.linalg.solve(variance + np.eye(2), missed_m))
    return float(np.sqrt((FREEDOM + squared) / (FREEDOM + 2)))


def sums(time_s: Floats, start_s: float, until_s: float) -> Floats:
    """The seconds with which each velocity at a knot counts for the position at each knot (trapezoids), (n, n).

    Positions are counted from ``start_s``, a knot, to ``until_s``, the same; what lies outside counts for nothing.
    """
    counts = (time_s[:-1] >= start_s) & (time_s[1:] <= until_s)
    half = np.where(counts, np.diff(time_s) / 2, 0.0)
    count = len(time_s)
    steps = np.zeros((count, count))
    at = np.arange(1, count)
    steps[at, at] = half
    steps[at, at - 1] += half
    return np.cumsum(steps, axis=0)
