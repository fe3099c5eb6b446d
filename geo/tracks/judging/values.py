"""Rules on values other than positions: what cannot be, and altitudes far from those around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.model import ACCEPTED
from geo.tracks.judging.chain import best_chain
from geo.tracks.judging.finding import Finding, contradicting
from geo.tracks.rows import CODE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo.model import Track
    from geo.model.track import FloatColumn
    from geo.tracks.judging.finding import Indices, Mask, Reasons

#: Steepest change of altitude, ft/s (airliners in a dive out of control lost some 30,000 ft/min); how far reports
#: scatter at most, and how far they may before a report counts as explained, ft.
STEEPEST_FT_S: Final = 40_000 / 60
SCATTER_FT: Final = 1_500.0
STEADY_FT: Final = 300.0
#: What a fix is worth beside the time that its steps explain, s: a steep step alone costs no run of altitudes, two
#: around a spike cost the spike.
FIX_S: Final = 0.5
#: No airport is as high; the highest, Daocheng Yading (ZUDC), is at 14,472 ft.
HIGHEST_GROUND_FT: Final = 16_000.0
#: Stamps of whole seconds make a step up to one second shorter than it was, and receivers' clocks differ by as much.
STAMP_S: Final = 1.0
#: Least and greatest value of each quantity that can be: what the messages can encode, or what aircraft can do,
#: with room.
RANGES: Final[Mapping[str, tuple[str, str, float, float]]] = {
    "lat_deg": ("latitude", "", -90.0, 90.0),
    "lon_deg": ("longitude", "", -180.0, 180.0),
    "altitude_ft": ("altitude", " ft", -2_000.0, 130_000.0),
    "geometric_altitude_ft": ("geometric altitude", " ft", -3_000.0, 130_000.0),
    "ground_speed_kt": ("ground speed", " kt", 0.0, 2_000.0),
    "track_deg": ("track", "°", -180.0, 360.0),
    "heading_deg": ("heading", "°", -180.0, 360.0),
    "true_airspeed_kt": ("true airspeed", " kt", 0.0, 2_000.0),
    "indicated_airspeed_kt": ("indicated airspeed", " kt", 0.0, 1_000.0),
    "vertical_rate_fpm": ("vertical rate", " ft/min", -60_000.0, 60_000.0),
    "nic": ("NIC", "", 0.0, 11.0),
    "nacp": ("NACp", "", 0.0, 15.0),
    "sil": ("SIL", "", 0.0, 3.0),
    "on_ground": ("on ground", "", 0.0, 1.0),
}
POSITION: Final = ("lat_deg", "lon_deg")
#: The same in words.
ALLOWED: Final = "; ".join(f"{word} {least:,.0f} to {most:,.0f}{unit}" for word, unit, least, most in RANGES.values())


def outside(track: Track, name: str) -> Mask:
    """Mask of the values of a column that cannot be, or are infinite."""
    _, _, least, greatest = RANGES[name]
    values = getattr(track, name)
    wrong: Mask = (values < least) | (values > greatest)
    return wrong


def said(track: Track, name: str, index: int) -> str:
    """The sentence on a value that cannot be."""
    word, unit, least, greatest = RANGES[name]
    value = float(getattr(track, name)[index])
    return f"{word} {value:,.10g}{unit} lies outside {least:,.0f} to {greatest:,.0f}{unit}"


def out_of_range(track: Track) -> tuple[Finding, ...]:
    """The values outside ``RANGES``, column by column."""
    found = []
    unsaid: FloatColumn | None = None
    for name in RANGES:
        values = getattr(track, name)
        if values is unsaid:
            continue  # quantities that a file does not hold share one column
        wrong = outside(track, name)
        if len(values) and np.isnan(values[0]) and bool(np.isnan(values).all()):
            unsaid = values
        if name == "altitude_ft":
            wrong &= track.altitude_reason == ACCEPTED
        if name not in POSITION and bool(wrong.any()):
            found.append(Finding(wrong, _sayer(track, name), name))
    return tuple(found)


def _sayer(track: Track, name: str) -> Callable[[Indices], list[str]]:
    return lambda indices: [said(track, name, index) for index in indices.tolist()]


def altitude(track: Track, reason: Reasons, name: str) -> Finding:
    """The altitudes that are on the ground higher than any airport, or not in the chain that explains most time."""
    values = track.held_altitude_ft if name == "altitude_ft" else getattr(track, name)
    if bool(np.isnan(values).all()):
        return Finding(np.zeros(len(track), dtype=np.bool_), lambda _: [], name)
    known = np.flatnonzero((reason != CODE["time runs backwards"]) & ~np.isnan(values))
    parked = (track.on_ground[known] == 1) & (values[known] > HIGHEST_GROUND_FT)
    flying = known[~parked]

    def gain(before: Indices, after: Indices) -> FloatColumn:
        i, j = flying[before], flying[after]
        apart_s = track.time_s[j] - track.time_s[i]
        steep = np.abs(values[j] - values[i]) - STEEPEST_FT_S * apart_s
        explained: FloatColumn = np.where(steep <= STEADY_FT, apart_s, 0.0)
        explained[steep > SCATTER_FT + STEEPEST_FT_S * STAMP_S] = -np.inf
        return explained

    chain = best_chain(track.time_s[flying], gain, FIX_S)
    found = np.zeros(len(track), dtype=np.bool_)
    found[known[parked]] = True
    found[flying[~chain]] = True
    good = flying[chain]

    def excess(i: Indices, j: Indices) -> FloatColumn:
        over: FloatColumn = np.abs(values[j] - values[i]) - STEEPEST_FT_S * np.abs(track.time_s[j] - track.time_s[i])
        return over

    def why(indices: Indices) -> list[str]:
        against = contradicting(good, indices, excess)
        return [_sentence(track, values, i, j) for i, j in zip(indices.tolist(), against.tolist(), strict=True)]

    return Finding(found, why, name)


def _sentence(track: Track, values: FloatColumn, index: int, other: int) -> str:
    told = f"altitude {values[index]:,.0f} ft"
    if track.on_ground[index] == 1 and values[index] > HIGHEST_GROUND_FT:
        return f"{told} while on the ground"
    apart = track.time_s[index] - track.time_s[other]
    side = f"{abs(apart):.1f} s {'after' if apart >= 0 else 'before'}"
    return f"{told}, {side} {values[other]:,.0f} ft in row {track.row[other]}"
