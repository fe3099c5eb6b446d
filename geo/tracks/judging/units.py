"""Whether a column is in the unit its name says: speeds against positions, one altitude against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.measures import FOOT_M, KNOT_KMH, KNOT_M_S
from geo.tracks.judging.finding import placed
from geo.tracks.judging.flying import MOVING_KT, Steps, recent

if TYPE_CHECKING:
    from geo.model import Track
    from geo.model.track import FloatColumn

#: What a value is of the right one if it was written in another unit and read as ours. Not miles an hour: positions
#: once in ten seconds show a turning aircraft as much too slow.
_SPEEDS: Final = (("m/s", KNOT_M_S), ("km/h", KNOT_KMH))
#: The median is that near to the factor; so many values at least; altitudes from here on, ft.
_NEAR: Final = 0.04
_FEWEST: Final = 30
_HIGH_FT: Final = 3_000.0


def doubts(track: Track) -> tuple[str, ...]:
    """A sentence for each column of a judged track that looks as if it were in another unit; nothing is changed."""
    return tuple(sentence for sentence in (_speed(track), _altitude(track)) if sentence)


def _speed(track: Track) -> str | None:
    held = placed(track.reason)
    if len(held) < _FEWEST or bool(np.isnan(track.ground_speed_kt).all()):
        return None
    shown, reported = Steps(track, held).sample(recent(track)[held])
    ratio = _median((reported / shown)[(shown >= MOVING_KT) & ~np.isnan(reported)])
    for unit, factor in _SPEEDS:
        if abs(ratio / factor - 1) <= _NEAR:
            return f"the ground speeds are {ratio:.2f} of what the positions show, as if in {unit} and not in knots"
    return None


def _altitude(track: Track) -> str | None:
    pressure, geometric = track.held_altitude_ft, track.geometric_altitude_ft
    for low, high, word in ((pressure, geometric, "altitudes"), (geometric, pressure, "geometric altitudes")):
        ratio = _median((low / np.where(high >= _HIGH_FT, high, np.nan))[~np.isnan(low)])
        if abs(ratio / FOOT_M - 1) <= _NEAR:
            return f"the {word} are {ratio:.2f} of the others, as if they were in metres and not in feet"
    return None


def _median(ratios: FloatColumn) -> float:
    known = ratios[np.isfinite(ratios)]
    return float(np.median(known)) if len(known) >= _FEWEST else np.nan
