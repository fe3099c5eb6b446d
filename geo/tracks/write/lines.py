"""Lines in longitude and latitude as GeoJSON wants them: cut at the antimeridian, with the box around them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import unwrap

if TYPE_CHECKING:
    from geo.model.track import FloatColumn

Line = list[list[float]]
_TURN: Final = 360.0
_HALF_TURN: Final = 180.0


def pieces_of(lon: FloatColumn, lat: FloatColumn) -> list[Line]:
    """The line through these positions, cut where it crosses the antimeridian (RFC 7946, 3.1.9); repeats left out.

    Each step goes the shorter way around. A cut stands on both sides of it, at 180 and at -180 degrees, its latitude
    on the straight line. Pieces of one position are no lines and are left out.
    """
    moved = np.r_[True, (np.diff(lon) != 0) | (np.diff(lat) != 0)]
    path, across = unwrap(lon[moved]), lat[moved]
    pieces: list[Line] = [[]]
    turn = 0.0
    for index, (at, high) in enumerate(zip(path.tolist(), across.tolist(), strict=True)):
        while abs(at - turn) > _HALF_TURN:
            side = math.copysign(_HALF_TURN, at - turn)
            before, low = float(path[index - 1]), float(across[index - 1])
            cut = low + (high - low) * (turn + side - before) / (at - before)
            _put(pieces[-1], side, cut)
            pieces.append([[-side, cut]])
            turn += 2 * side
        _put(pieces[-1], at - turn, high)
    return [piece for piece in pieces if len(piece) > 1]


def _put(piece: Line, lon: float, lat: float) -> None:
    if not piece or piece[-1] != [lon, lat]:
        piece.append([lon, lat])


def box(lon: FloatColumn, lat: FloatColumn) -> list[float] | None:
    """West, south, east, north (RFC 7946, 5) of positions with longitudes from -180 to 180; none of none.

    West is the greater where the antimeridian lies between.
    """
    if len(lon) == 0:
        return None
    path = unwrap(lon)
    first, last = int(path.argmin()), int(path.argmax())
    west, east = float(lon[first]), float(lon[last])
    if path[last] - path[first] >= _TURN:
        west, east = -_HALF_TURN, _HALF_TURN
    return [west, float(lat.min()), east, float(lat.max())]
