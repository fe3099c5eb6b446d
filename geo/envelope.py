"""How fast an aircraft can go over the ground at an altitude, with the wind behind it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.atmosphere import pressure_ratio, tas_from_cas_kt, tas_from_mach_kt

if TYPE_CHECKING:
    from geo.model.track import FloatColumn

__all__ = [
    "FASTEST_CAS_KT",
    "FASTEST_MACH",
    "JET_FT",
    "JET_WIND_KT",
    "SLOWEST_FASTEST_KT",
    "SURFACE_WIND_KT",
    "fastest_kt",
    "pressure_ratio",
]

#: A little above what subsonic civil aircraft are certified for: by their type certificate data sheets the Boeing 747
#: to 375 kt (FAA A20WE), the Citation X to Mach 0.935.
FASTEST_CAS_KT: Final = 400.0
FASTEST_MACH: Final = 0.96
#: Wind: at the surface the strongest in which anything flies; from the lower end of the jet streams on, near the
#: strongest measured there (some 230 kt), with less between.
SURFACE_WIND_KT: Final = 60.0
JET_WIND_KT: Final = 230.0
JET_FT: Final = 30_000.0


def fastest_kt(altitude_ft: FloatColumn) -> FloatColumn:
    """Greatest ground speed in knots at a pressure altitude in feet; NaN, an unknown altitude, gives the greatest.

    The true airspeed of the greatest calibrated airspeed or Mach number, whichever is less, and the wind.
    """
    levels, speed = _table()
    highest = levels[speed.argmax()]
    found: FloatColumn = np.interp(np.where(np.isnan(altitude_ft), highest, altitude_ft), levels, speed)
    return found


@cache
def _table() -> tuple[FloatColumn, FloatColumn]:
    """Levels in feet, and the greatest ground speed in knots at each."""
    levels = np.arange(-2_000.0, 62_000.0, 500.0)
    wind = np.interp(levels, [0.0, JET_FT], [SURFACE_WIND_KT, JET_WIND_KT])
    speed = np.fmin(tas_from_cas_kt(FASTEST_CAS_KT, levels), tas_from_mach_kt(FASTEST_MACH, levels)) + wind
    return levels, speed


#: No altitude has a lower greatest speed.
SLOWEST_FASTEST_KT: Final = float(fastest_kt(np.array([-2_000.0]))[0])
