"""The International Standard Atmosphere, and what an airspeed is in it: true, calibrated, Mach number.

Every function takes and gives numpy arrays and broadcasts; NaN in gives NaN out, as does what lies outside the valid
range. Altitudes are pressure altitudes in feet, from -5 to 32 km (-16,404 to 104,987 ft); speeds are knots, from 0 to
Mach 1, since the impact pressure behind a shock wave follows another law.

Pressure and temperature: ICAO Doc 7488, Manual of the ICAO Standard Atmosphere, third edition (1993); US Standard
Atmosphere 1976 has the same layers up to 32 km. Airspeeds: the isentropic flow of a perfect gas with a ratio of
specific heats of 1.4 (e.g. NACA Report 1135, 1953, equations 44 and 45; Eurocontrol BADA user manual, section 3.1).
A received pressure altitude fixes the pressure; that the air has the standard temperature there is an assumption: air
that is 10 K warmer at cruising level makes the same Mach number or calibrated airspeed some 2 % faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.measures import FOOT_M, KNOT_M_S

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

#: Sea level: pressure, temperature.
SEA_LEVEL_HPA: Final = 1013.25
SEA_LEVEL_K: Final = 288.15
#: Gas constant of air, J/(kg K); standard gravity, m/s²; ratio of specific heats.
_GAS: Final = 287.05287
_GRAVITY_M_S2: Final = 9.80665
_HEATS: Final = 1.4
#: Layers: geopotential altitude at the foot, and how temperature changes with it (K/m). The lowest holds below it too.
_FOOT_OF_LAYER_M: Final = np.array([0.0, 11_000.0, 20_000.0])
_CHANGE_K_M: Final = np.array([-0.0065, 0.0, 0.001])
_LEAST_M: Final = -5_000.0
_MOST_M: Final = 32_000.0
_LAYER_K: Final = SEA_LEVEL_K + np.concatenate([[0.0], np.cumsum(_CHANGE_K_M[:-1] * np.diff(_FOOT_OF_LAYER_M))])


def _within(layer: NDArray[np.int64], above_m: Floats) -> Floats:
    """Pressure over that at the foot of the layer, so many metres above it (Doc 7488, equations 12 and 13)."""
    change, foot_k = _CHANGE_K_M[layer], _LAYER_K[layer]
    power = -_GRAVITY_M_S2 / _GAS / np.where(change == 0, 1.0, change)
    falling = (1 + change * above_m / foot_k) ** power
    even = np.exp(-_GRAVITY_M_S2 / _GAS * above_m / foot_k)
    ratio: Floats = np.where(change == 0, even, falling)
    return ratio


def _feet_of_layers() -> Floats:
    """Pressure ratio at the foot of each layer."""
    steps = _within(np.array([0, 1]), np.diff(_FOOT_OF_LAYER_M))
    return np.concatenate([[1.0], np.cumprod(steps)])


_LAYER_RATIO: Final = _feet_of_layers()
_MOST_RATIO: Final = float(_within(np.array([0]), np.array([_LEAST_M]))[0])
_LEAST_RATIO: Final = float(_LAYER_RATIO[2] * _within(np.array([2]), np.array([_MOST_M - _FOOT_OF_LAYER_M[2]]))[0])
#: Speed of sound at sea level.
SEA_LEVEL_SOUND_KT: Final = float(np.sqrt(_HEATS * _GAS * SEA_LEVEL_K)) / KNOT_M_S


def _metres(altitude_ft: ArrayLike) -> Floats:
    """Altitude in metres, NaN outside the layers."""
    metres = np.asarray(altitude_ft, dtype=np.float64) * FOOT_M
    inside: Floats = np.where((metres >= _LEAST_M) & (metres <= _MOST_M), metres, np.nan)
    return inside


def _layer_of(metres: Floats) -> NDArray[np.int64]:
    layer = np.searchsorted(_FOOT_OF_LAYER_M, np.nan_to_num(metres), side="right") - 1
    return np.maximum(layer, 0)


def pressure_ratio(altitude_ft: ArrayLike) -> Floats:
    """Static pressure over that at sea level."""
    metres = _metres(altitude_ft)
    layer = _layer_of(metres)
    ratio: Floats = _LAYER_RATIO[layer] * _within(layer, metres - _FOOT_OF_LAYER_M[layer])
    return ratio


def altitude_ft(pressure_over_sea_level: ArrayLike) -> Floats:
    """Pressure altitude at which the static pressure is this part of that at sea level: ``pressure_ratio`` inverted."""
    ratio = np.asarray(pressure_over_sea_level, dtype=np.float64)
    ratio = np.where((ratio >= _LEAST_RATIO) & (ratio <= _MOST_RATIO), ratio, np.nan)
    layer = np.maximum(np.searchsorted(-_LAYER_RATIO, -np.nan_to_num(ratio, nan=1.0), side="right") - 1, 0)
    change, foot_k = _CHANGE_K_M[layer], _LAYER_K[layer]
    logarithm = np.log(ratio / _LAYER_RATIO[layer]) * -_GAS / _GRAVITY_M_S2
    sloped = np.where(change == 0, 1.0, change)
    above = np.where(change == 0, logarithm * foot_k, foot_k / sloped * np.expm1(logarithm * change))
    feet: Floats = (_FOOT_OF_LAYER_M[layer] + above) / FOOT_M
    return feet


def temperature_k(altitude_ft: ArrayLike) -> Floats:
    """Standard temperature."""
    metres = _metres(altitude_ft)
    layer = _layer_of(metres)
    temperature: Floats = _LAYER_K[layer] + _CHANGE_K_M[layer] * (metres - _FOOT_OF_LAYER_M[layer])
    return temperature


def speed_of_sound_kt(altitude_ft: ArrayLike) -> Floats:
    """Speed of sound in air of the standard temperature."""
    speed: Floats = np.sqrt(_HEATS * _GAS * temperature_k(altitude_ft)) / KNOT_M_S
    return speed


def tas_from_mach_kt(mach: ArrayLike, altitude_ft: ArrayLike) -> Floats:
    """True airspeed of a Mach number."""
    return _subsonic(np.asarray(mach, dtype=np.float64)) * speed_of_sound_kt(altitude_ft)


def mach_from_tas(tas_kt: ArrayLike, altitude_ft: ArrayLike) -> Floats:
    """Mach number of a true airspeed."""
    return _subsonic(np.asarray(tas_kt, dtype=np.float64) / speed_of_sound_kt(altitude_ft))


def tas_from_cas_kt(cas_kt: ArrayLike, altitude_ft: ArrayLike) -> Floats:
    """True airspeed of a calibrated airspeed.

    The impact pressure that makes a speed at sea level makes another in thinner air.
    """
    at_sea = _impact(_subsonic(np.asarray(cas_kt, dtype=np.float64) / SEA_LEVEL_SOUND_KT))
    return _subsonic(_mach(at_sea / pressure_ratio(altitude_ft))) * speed_of_sound_kt(altitude_ft)


def cas_from_tas_kt(tas_kt: ArrayLike, altitude_ft: ArrayLike) -> Floats:
    """Calibrated airspeed of a true airspeed."""
    impact = _impact(mach_from_tas(tas_kt, altitude_ft)) * pressure_ratio(altitude_ft)
    return _subsonic(_mach(impact)) * SEA_LEVEL_SOUND_KT


def _subsonic(mach: Floats) -> Floats:
    kept: Floats = np.where((mach >= 0) & (mach <= 1 + 1e-12), mach, np.nan)
    return kept


def _impact(mach: Floats) -> Floats:
    """Impact pressure over static pressure."""
    pressure: Floats = (1 + (_HEATS - 1) / 2 * mach**2) ** (_HEATS / (_HEATS - 1)) - 1
    return pressure


def _mach(impact: Floats) -> Floats:
    """Mach number that has this impact pressure over static pressure."""
    mach: Floats = np.sqrt(2 / (_HEATS - 1) * ((1 + impact) ** ((_HEATS - 1) / _HEATS) - 1))
    return mach
