"""Columns of floating point, as readers of tracks give them, as the whole numbers of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.archive.block import NONE, NONE_8, OTHER, Block, fixed, number_of
from geo.archive.sources.found import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

#: No address of a block: what a row without one has until it is left out.
NO_NUMBER: Final = np.uint32(2**32 - 1)
_POLE, _TURN = 90_000_000, 180_000_000
_BYTES: Final = ("nic", "nacp", "sil")
_NUMBERS: Final = (
    "altitude_ft",
    "geometric_altitude_ft",
    "ground_speed_kt",
    "track_deg",
    "heading_deg",
    "true_airspeed_kt",
    "indicated_airspeed_kt",
    "vertical_rate_fpm",
)


def block_of(
    address: NDArray[np.uint32],
    columns: Mapping[str, FloatColumn],
    callsign: NDArray[np.int32],
    callsigns: Sequence[str],
    *,
    is_stale: NDArray[np.bool_] | None = None,
    begins: NDArray[np.bool_] | None = None,
) -> Block:
    """A block of these columns by their names in ``Track``, ``time_s`` among them; times to the millisecond.

    A position of which half is missing is none.
    """
    made: dict[str, Any] = {name: fixed(name, columns[name]) for name in _NUMBERS if name in columns}
    lat, lon = fixed("lat", columns["lat_deg"]), fixed("lon", columns["lon_deg"])
    half = (lat == NONE) | (lon == NONE)
    lat[half] = lon[half] = NONE
    made |= {name: _small(columns[name]) for name in (*_BYTES, "on_ground") if name in columns}
    if is_stale is not None:
        made["is_stale"] = is_stale & ~half
    if begins is not None:
        made["begins"] = begins
    time_ms = np.rint(columns["time_s"] * 1000).astype(np.int64)
    return Block.of(address, time_ms, lat=lat, lon=lon, callsign=callsign, callsigns=tuple(callsigns), **made)


def _small(values: FloatColumn) -> NDArray[np.int8]:
    held = np.abs(values) <= np.iinfo(np.int8).max
    return np.where(held, np.where(held, np.rint(values), 0), NONE_8).astype(np.int8)


def left_out(block: Block, reasons: Mapping[str, NDArray[np.bool_]]) -> tuple[Block, dict[str, int]]:
    """The block without the rows of which one of these masks is true, or whose position is none on the Earth.

    Beside it the number of rows by reason; a row counts under the first that holds.
    """
    nowhere = (block.lat != NONE) & ((np.abs(block.lat) > _POLE) | (np.abs(block.lon) > _TURN))
    gone = np.zeros(len(block), dtype=np.bool_)
    left = {}
    for reason, mask in {**reasons, NOWHERE: nowhere}.items():
        count = int(np.count_nonzero(mask & ~gone))
        if count:
            left[reason] = count
            gone |= mask
    return (block.take(~gone) if left else block), left


def addresses(names: Sequence[str]) -> NDArray[np.uint32]:
    """The numbers of these texts, ``NO_NUMBER`` for what is no address; behind them one more for the code -1."""
    return np.array([*(_number(name) for name in names), NO_NUMBER], dtype=np.uint32)


def _number(name: str) -> int:
    try:
        number = number_of(name.strip().lower().removeprefix("0x"))
    except ValueError:
        return int(NO_NUMBER)
    return number if number & (OTHER - 1) else int(NO_NUMBER)
