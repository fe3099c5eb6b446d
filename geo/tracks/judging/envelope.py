"""How fast an aircraft can go over the ground at an altitude, with the wind behind it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geo.model.track import FloatColumn

#: A little above what subsonic civil aircraft are certified for: by their type certificate data sheets the Boeing 747
#: to 365 kt, the Citation X to Mach 0.935.
FASTEST_CAS_KT: Final = 400.0
FASTEST_MACH: Final = 0.96
#: Wind: at the surface the strongest in which anything flies; from the lower end of the jet streams on, near the
#: strongest measured there (some 230 kt), with less between.
SURFACE_WIND_KT: Final = 60.0
JET_WIND_KT: Final = 230.0
JET_FT: Final = 30_000.0
#: International Standard Atmosphere, ICAO Doc 7488: sea level, lapse rate, tropopause.
_SOUND_KT: Final = 661.4788
_SEA_K: Final = 288.15
_LAPSE_K_FT: Final = 0.0019812
_TROPOPAUSE_FT: Final = 36_089.24
_SCALE_FT: Final = 20_805.7
_PRESSURE_POWER: Final = 5.25588


def pressure_ratio(altitude_ft: FloatColumn) -> FloatColumn:
    """Static pressure at a pressure altitude over that at sea level (ICAO Doc 7488)."""
    below = np.minimum(altitude_ft, _TROPOPAUSE_FT)
    above = np.maximum(altitude_ft - _TROPOPAUSE_FT, 0.0)
    ratio: FloatColumn = (1 - _LAPSE_K_FT / _SEA_K * below) ** _PRESSURE_POWER * np.exp(-above / _SCALE_FT)
    return ratio


def fastest_kt(altitude_ft: FloatColumn) -> FloatColumn:
    """Greatest ground speed in knots at a pressure altitude in feet; NaN, an unknown altitude, gives the greatest.

    True airspeed follows from calibrated airspeed or Mach number, whichever is less, by the equations of compressible
    flow (e.g. the Eurocontrol BADA user manual, section 3.1), then the wind is added.
    """
    levels, speed = _table()
    highest = levels[speed.argmax()]
    found: FloatColumn = np.interp(np.where(np.isnan(altitude_ft), highest, altitude_ft), levels, speed)
    return found


@cache
def _table() -> tuple[FloatColumn, FloatColumn]:
    """Levels in feet, and the greatest ground speed in knots at each."""
    levels = np.arange(-2_000.0, 62_000.0, 500.0)
    sound = _SOUND_KT * np.sqrt(1 - _LAPSE_K_FT / _SEA_K * np.minimum(levels, _TROPOPAUSE_FT))
    impact = (1 + 0.2 * (FASTEST_CAS_KT / _SOUND_KT) ** 2) ** 3.5 - 1
    mach = np.sqrt(5 * ((impact / pressure_ratio(levels) + 1) ** (2 / 7) - 1))
    wind = np.interp(levels, [0.0, JET_FT], [SURFACE_WIND_KT, JET_WIND_KT])
    speed = np.minimum(mach, FASTEST_MACH) * sound + wind
    return levels, speed


#: No altitude has a lower greatest speed.
SLOWEST_FASTEST_KT: Final = float(fastest_kt(np.array([-2_000.0]))[0])
