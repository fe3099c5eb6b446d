"""The columns of a track as text and as values of JSON, and the parts of it that are drawn."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from geo.measures import FOOT_M
from geo.model import REASONS, Evidence
from geo.tracks.names import escaped
from geo.tracks.own import COLUMNS, SOURCE_ROW
from geo.tracks.states import GAP_S, fix_codes, states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.model import Track
    from geo.model.track import FloatColumn, IntColumn

#: States of a fix by the codes of ``fix_codes``.
STATES: Final = (Evidence.RECEIVED.value, Evidence.REJECTED.value, Evidence.PARTIAL.value)
#: Metres in a foot.
_MICRO: Final = 1_000_000
#: Units of time by their number of microseconds, the coarsest first.
_UNITS: Final[tuple[tuple[Literal["s", "ms", "us"], int], ...]] = (("s", _MICRO), ("ms", 1_000), ("us", 1))
_POLE: Final = 90.0
_HALF_TURN: Final = 180.0


class Stretch(NamedTuple):
    """An interval in which positions were received: its ends in POSIX seconds, the indices of what is drawn of it."""

    start_s: float
    end_s: float
    fixes: IntColumn


def microseconds(time_s: FloatColumn) -> IntColumn:
    """The times in whole microseconds since 1970, finer than which the clock of no receiver is."""
    return np.round(time_s * _MICRO).astype(np.int64)


def unit_of(micro: IntColumn) -> Literal["s", "ms", "us"]:
    """The coarsest unit in which these microseconds are whole."""
    return next(unit for unit, width in _UNITS if not np.any(micro % width))


def stamps(time_s: FloatColumn | Sequence[float]) -> list[str]:
    """The times in ISO 8601, UTC, all with as many decimals as they need."""
    micro = microseconds(np.asarray(time_s, dtype=np.float64))
    texts: list[str] = np.datetime_as_string(micro.astype("datetime64[us]"), unit=unit_of(micro)).tolist()
    return [f"{text}Z" for text in texts]


def text_of(value: float) -> str:
    """The shortest decimal fraction that is read as this number, without exponent; empty for none."""
    if not isfinite(value):
        return ""
    text = repr(value).removesuffix(".0")
    return np.format_float_positional(value, trim="-") if "e" in text else text


def texts(values: FloatColumn) -> list[str]:
    """Each number as ``text_of`` writes it."""
    return [text_of(value) for value in values.tolist()]


def values_of(values: FloatColumn) -> list[float | None]:
    """The numbers, ``None`` for none: JSON has no NaN."""
    return [value if isfinite(value) else None for value in values.tolist()]


def filled(track: Track) -> tuple[str, ...]:
    """Names, as files write them, of the quantities beside time and position of which the track holds any value."""
    names = list(COLUMNS)[len(("time", "lat", "lon")) :]
    return tuple(name for name in names if not bool(np.isnan(getattr(track, COLUMNS[name])).all()))


def words(track: Track) -> dict[str, list[str]]:
    """Columns ``state``, ``reason`` and ``altitude_reason``."""
    return {
        "state": [STATES[code] for code in fix_codes(track).tolist()],
        "reason": [REASONS[code] for code in track.reason.tolist()],
        "altitude_reason": [REASONS[code] for code in track.altitude_reason.tolist()],
    }


def labels(track: Track) -> dict[str, str]:
    """``icao24`` and ``callsign`` as every format can hold them, empty for none."""
    return {"icao24": escaped(track.icao24), "callsign": escaped(track.callsign)}


def title(track: Track) -> str:
    """What people call the track, in one line."""
    return escaped(track.callsign) or escaped(track.icao24) or "track"


def text_columns(track: Track) -> dict[str, list[str]]:
    """Every column but the labels by its name in files, as text; quantities of which nothing is known left out."""
    columns = {"time": stamps(track.time_s), "lat": texts(track.lat_deg), "lon": texts(track.lon_deg)}
    columns |= {name: texts(getattr(track, COLUMNS[name])) for name in filled(track)}
    return columns | words(track) | {SOURCE_ROW: [str(row) for row in track.row.tolist()]}


def value_columns(track: Track) -> dict[str, list[float | None] | list[str] | list[int]]:
    """The same as values of JSON, times as text."""
    columns: dict[str, list[float | None] | list[str] | list[int]] = {"time": [*stamps(track.time_s)]}
    columns |= {name: values_of(getattr(track, COLUMNS[name])) for name in ("lat", "lon", *filled(track))}
    return columns | words(track) | {SOURCE_ROW: track.row.tolist()}


def drawn(track: Track) -> NDArray[np.bool_]:
    """Mask of the fixes whose position may be drawn as the path: it holds, and lies on the Earth."""
    placed: NDArray[np.bool_] = (
        track.accepted & (np.abs(track.lat_deg) <= _POLE) & (np.abs(track.lon_deg) <= _HALF_TURN)
    )
    return placed


def stretches(track: Track) -> tuple[Stretch, ...]:
    """The intervals in which positions were received; every fix that is drawn is in one of them."""
    held = np.flatnonzero(drawn(track))
    received = [state for state in states(track) if state.evidence is Evidence.RECEIVED]
    first = np.searchsorted(held, [state.first for state in received])
    after = np.searchsorted(held, [state.last for state in received], side="right")
    return tuple(
        Stretch(state.start_s, state.end_s, held[start:stop])
        for state, start, stop in zip(received, first.tolist(), after.tolist(), strict=True)
        if stop > start
    )


def heights_m(track: Track, fixes: IntColumn) -> FloatColumn | None:
    """Metres above the ellipsoid at which to draw these fixes, or ``None`` where that is not known.

    Programs that draw in space need a height at every position. Where a fix carries no geometric altitude, the line
    between those beside it stands in, as for positions only over ``GAP_S``; the columns say which were received.
    """
    known = fixes[~np.isnan(track.geometric_altitude_ft[fixes])]
    if len(known) == 0:
        return None
    times = track.time_s[known]
    ends = np.array([times[0] - track.time_s[fixes[0]], track.time_s[fixes[-1]] - times[-1]])
    if np.any(ends > 0) or np.any(np.diff(times) > GAP_S):
        return None
    height_ft: FloatColumn = np.interp(track.time_s[fixes], times, track.geometric_altitude_ft[known])
    return np.round(height_ft * FOOT_M, 2)
