"""Altitude 0 of Flightradar24, which is no measurement.

It is written on the ground and for everything below the standard level, whatever the elevation of the field. With
walking-pace speed it says that the aircraft is on the ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geo.model.track import FloatColumn

#: No airliner flies so slowly.
TAXI_KT: Final = 50.0


def told_apart(altitude_ft: FloatColumn, speed_kt: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
    """The altitudes without those that are 0, and whether the aircraft is on the ground (1, 0, NaN for unsaid)."""
    at_zero = altitude_ft == 0
    flying = np.where(at_zero | np.isnan(altitude_ft), np.nan, 0.0)
    return np.where(at_zero, np.nan, altitude_ft), np.where(at_zero & (speed_kt <= TAXI_KT), 1.0, flying)
