"""Flights of a made archive: positions along the geodesic between two aerodromes, and the rows of the table of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from made_archive import block

from geo.archive import Archive
from geo.archive.engines import local
from geo.geodesy import destination, inverse, wrap

if TYPE_CHECKING:
    from pathlib import Path

    import ibis

    from geo.archive.block import Block

    Point = tuple[float, float]

UBBB, URMG, UATE, UBTT = (40.467498, 50.04670), (43.3881, 45.6997), (43.86010, 51.09200), (40.4956, 49.9768)
T = datetime(2024, 12, 25, 4, tzinfo=UTC)
STEP_S = 10.0


@cache
def engine() -> ibis.BaseBackend:
    """One for all tests of a process: to begin another takes longer than most questions do."""
    return local()


def opened(root: Path) -> Archive:
    return Archive.open(root, engine())


def line(one: Point, other: Point, count: int = 300, off_km: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Positions from one point to another, ``off_km`` to the right of the geodesic in the middle, on it at the ends."""
    whole = inverse(*one, *other)
    length = float(whole.distance_m)
    along = np.linspace(0.0, length, count)
    on = destination(*one, float(whole.azimuth_deg), along)
    ahead = inverse(on.lat, on.lon, *other).azimuth_deg
    ahead[-1] = ahead[-2]
    aside = destination(on.lat, on.lon, ahead + 90, off_km * 1000 * np.sin(np.pi * along / length))
    return np.round(aside.lat, 6), np.round(wrap(aside.lon), 6)


def decimal(degrees: float) -> Decimal:
    return Decimal(f"{float(degrees):.6f}")


def flight(
    icao24: str, callsign: str | None, lat: Any, lon: Any, start: datetime = T, *, of: str = ":", **more: Any
) -> dict[str, Any]:
    """The row of a flight through these positions; ``of`` is ``origin:destination``, either may be empty."""
    origin, _, to = of.partition(":")
    return {
        "icao24": icao24,
        "callsign": callsign,
        "first_time": start,
        "last_time": start + timedelta(seconds=STEP_S * (len(lat) - 1)),
        "first_lat": decimal(lat[0]),
        "first_lon": decimal(lon[0]),
        "last_lat": decimal(lat[-1]),
        "last_lon": decimal(lon[-1]),
        "first_altitude_ft": 1_500,
        "last_altitude_ft": 1_000,
        "first_on_ground": False,
        "last_on_ground": False,
        "origin": origin or None,
        "destination": to or None,
        "fixes": len(lat),
        "distance_km": 500.0,
        "highest_ft": 30_000,
        "silent_s": 10,
        **more,
    }


def rows(icao24: str, callsign: str | None, lat: Any, lon: Any, start: datetime = T, **columns: Any) -> Block:
    """What was received of it, a row every ``STEP_S``."""
    return block(icao24, start, lat, lon, STEP_S, callsign=callsign, **columns)


def jump(icao24: str, time: datetime, before: Point, after: Point, **more: Any) -> dict[str, Any]:
    """The row of a jump that took ten seconds."""
    km = round(float(inverse(*before, *after).distance_m) / 1000, 3)
    return {
        "icao24": icao24,
        "callsign": "AHY8243",
        "time_before": time - timedelta(seconds=10),
        "time": time,
        "lat_before": decimal(before[0]),
        "lon_before": decimal(before[1]),
        "lat": decimal(after[0]),
        "lon": decimal(after[1]),
        "altitude_ft": 30_000,
        "distance_km": km,
        "implied_kt": 9_999.0,
        **more,
    }


def hours(first: float, last: float) -> tuple[datetime, datetime]:
    """From and to, in hours after ``T``."""
    return T + timedelta(hours=first), T + timedelta(hours=last)
