"""Distances on the ellipsoid as an expression, so that the engine measures where the rows are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import ibis

from geo.geodesy import EQUATORIAL_RADIUS_M, FLATTENING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import FloatingValue, Table, Value

#: Of the squared sine of half the arc: kept from 0 and 1, where two quotients have no value. What lies within 100 km of
#: the antipode is told to lie at that distance from it.
_LEAST: Final = 1e-30
_MOST: Final = 1 - 6e-5


def measured(table: Table, lat: float, lon: float, name: str, keep: Sequence[str]) -> Table:
    """These columns of the table, and the distance of ``lat``, ``lon`` of each row from a point, metres.

    The formula of Andoyer and Lambert, of the first order in the flattening, with parametric latitudes (P. D. Thomas,
    Spheroidal geodesics, reference systems, and local geometry, U.S. Naval Oceanographic Office SP-138, 1970), the arc
    from its haversine so that short distances keep their digits. Up to 10,000 km it is within 1.5 parts in a million of
    ``geodesy.distance_m``, 0.75 m in 500 km, or within 0.1 m; at poles and over the antimeridian as elsewhere.

    Args:
        table: has ``lat`` and ``lon``, degrees, on every row.
        lat: of the point, degrees.
        lon: of the point, degrees.
        name: of the distance.
        keep: the columns.
    """
    step = table.select(*keep, **parts(table, lat, lon))
    return step.select(*keep, **{name: metres(step)})


def parts(table: Table, lat: float, lon: float) -> dict[str, Value]:
    """The first step of ``measured``: columns that ``metres`` takes.

    In one expression its text would grow with every use of a part; with a step for each part, engines are slow to plan.
    """
    here = math.atan((1 - FLATTENING) * math.tan(math.radians(lat)))
    there = (table.lat.cast("float64").radians().tan() * (1 - FLATTENING)).atan()
    across = ((table.lon.cast("float64") - lon).radians() / 2).sin() ** 2 * math.cos(here)
    haversine = ((there - here) / 2).sin() ** 2 + there.cos() * across
    half = ibis.greatest(ibis.least(haversine, _MOST), _LEAST).sqrt().asin()
    return {"half_": half, "sine_": there.sin(), "sine_here_": ibis.literal(math.sin(here))}


def metres(step: Table) -> FloatingValue:
    """The distance of each row: the second step of ``measured``, the same for every point."""
    half, product = step.half_, (step.half_ * 2).sin() / 2
    # Of the mean of both latitudes F and half their difference G: sin F cos G and cos F sin G, each twice.
    summed, parted = step.sine_ + step.sine_here_, step.sine_ - step.sine_here_
    flat = (half - product) * (summed / half.cos()) ** 2 + (half + product) * (parted / half.sin()) ** 2
    return (half * 2 - flat * (FLATTENING / 4)) * EQUATORIAL_RADIUS_M
