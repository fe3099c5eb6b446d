"""Rules on values: what cannot be, and altitudes far from those around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.chain import longest_chain
from geo.tracks.finding import Finding, contradicting
from geo.tracks.rows import CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.model import Track
    from geo.model.track import FloatColumn
    from geo.tracks.finding import Indices, Mask, Reasons

#: Steepest change of altitude, ft/s (airliners in a dive out of control lost some 30,000 ft/min), and how far
#: reports scatter, ft.
STEEPEST_FT_S: Final = 40_000 / 60
SCATTER_FT: Final = 1_500.0
#: No airport is as high; the highest, Daocheng Yading (ZUDC), is at 14,472 ft.
HIGHEST_GROUND_FT: Final = 16_000.0
#: Stamps of whole seconds make a step up to one second shorter than it was, and receivers' clocks differ by as much.
STAMP_S: Final = 1.0
_POSITION: Final = ("lat_deg", "lon_deg")
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
    "on_ground": ("on ground", "", 0.0, 1.0),
}


#: The same in words.
ALLOWED: Final = "; ".join(f"{word} {least:,.0f} to {most:,.0f}{unit}" for word, unit, least, most in RANGES.values())


def out_of_range(track: Track, reason: Reasons) -> Finding:  # noqa: ARG001  every rule is called alike
    """A value outside ``RANGES``, or infinite."""
    wrong: dict[str, Mask] = {}
    for name, (_, _, least, greatest) in RANGES.items():
        values = getattr(track, name)
        outside = (values < least) | (values > greatest)
        if bool(outside.any()):
            wrong[name] = outside

    def why(indices: Indices) -> list[str]:
        hint = "; latitude and longitude look swapped" if _swapped(track) else ""
        return [_outside(track, index, wrong, hint) for index in indices.tolist()]

    goes = {name: mask for name, mask in wrong.items() if name not in _POSITION}
    return Finding(np.logical_or.reduce([np.zeros(len(track), dtype=np.bool_), *wrong.values()]), why, goes)


def _outside(track: Track, index: int, wrong: Mapping[str, Mask], hint: str) -> str:
    name = next(name for name, mask in wrong.items() if mask[index])
    word, unit, least, greatest = RANGES[name]
    value = float(getattr(track, name)[index])
    sentence = f"{word} {value:,.10g}{unit} lies outside {least:,.0f} to {greatest:,.0f}{unit}"
    return f"{sentence}{hint if name == 'lat_deg' else ''}"


def _swapped(track: Track) -> bool:
    """Whether most latitudes cannot be, and all could be longitudes and the longitudes latitudes."""
    known = ~np.isnan(track.lat_deg) & ~np.isnan(track.lon_deg)
    lat, lon = np.abs(track.lat_deg[known]), np.abs(track.lon_deg[known])
    pole, turn = RANGES["lat_deg"][3], RANGES["lon_deg"][3]
    return len(lat) > 0 and bool(np.mean(lat > pole) > 1 / 2 and lat.max() <= turn and lon.max() <= pole)


def altitude(track: Track, reason: Reasons) -> Finding:
    """An altitude far from what comes before and after it, or one no airport has while on the ground."""
    timely = reason != CODE["time runs backwards"]
    known = np.flatnonzero(timely & ~np.isnan(track.altitude_ft))
    parked = (track.on_ground[known] == 1) & (track.altitude_ft[known] > HIGHEST_GROUND_FT)
    flying = np.flatnonzero(~parked)

    def linked(before: Indices, after: Indices) -> Mask:
        i, j = known[flying[before]], known[flying[after]]
        near: Mask = _altitude_excess(track, i, j) <= 0
        return near

    chain = longest_chain(len(flying), linked)
    found = np.zeros(len(track), dtype=np.bool_)
    found[known[parked]] = True
    found[known[flying[~chain]]] = True
    good = known[flying[chain]]

    def why(indices: Indices) -> list[str]:
        against = contradicting(good, indices, lambda i, j: _altitude_excess(track, i, j))
        return [_altitude_sentence(track, i, j) for i, j in zip(indices.tolist(), against.tolist(), strict=True)]

    return Finding(found, why, {"altitude_ft": found})


def _altitude_excess(track: Track, i: Indices, j: Indices) -> FloatColumn:
    """By how many feet the altitudes of two fixes are further apart than they can be."""
    room = SCATTER_FT + STEEPEST_FT_S * (np.abs(track.time_s[j] - track.time_s[i]) + STAMP_S)
    excess: FloatColumn = np.abs(track.altitude_ft[j] - track.altitude_ft[i]) - room
    return excess


def _altitude_sentence(track: Track, index: int, other: int) -> str:
    altitude = f"altitude {track.altitude_ft[index]:,.0f} ft"
    if track.on_ground[index] == 1 and track.altitude_ft[index] > HIGHEST_GROUND_FT:
        return f"{altitude} while on the ground"
    apart = track.time_s[index] - track.time_s[other]
    side = f"{abs(apart):.1f} s {'after' if apart >= 0 else 'before'}"
    return f"{altitude}, {side} {track.altitude_ft[other]:,.0f} ft in row {track.row[other]}"
