"""What stands above the time bar: altitude, ground speed and vertical rate over time, as they were received."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol, get_plus_sign_symbol

from geo.measures import FOOT_M, KNOT_KMH, MILE_KM
from geo.model import Evidence, Grade, PathBasis
from geo.model.track import ACCEPTED, NO_POSITION
from geo.route.route import Series
from geo.scene.columns import SECONDS, column
from geo.scene.timebar import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geo.model import Case, Track
    from geo.route import Route
    from geo.scene.words import Words

    Floats = NDArray[np.float64]

Json = dict[str, Any]

#: So many points of a quantity are kept; what that leaves out is smaller than the step its values are told in. Where
#: that step is more than this share of the greatest value they are drawn and not told.
_MOST_POINTS: Final = 600
_ROUGH_SHARE: Final = 0.25
_STEPS: Final = tuple(figure * 10.0**power for power in range(-1, 6) for figure in (1, 2, 5))


@dataclass(frozen=True)
class _Unit:
    """How values are told: times ``factor``, rounded to ``step``, then the unit; ``signed`` with a plus sign too."""

    factor: float
    step: float
    text: str
    signed: bool = False


def _altitude_unit(words: Words) -> _Unit:
    return _Unit(FOOT_M, 10, words.say(" m")) if words.units == "metric" else _Unit(1, 25, words.say(" ft"))


def _speed_unit(words: Words) -> _Unit:
    if words.units == "nautical":
        return _Unit(1, 1, words.say(" kt"))
    # Received in whole knots: a kilometre or mile an hour is finer than that.
    metric = words.units == "metric"
    return _Unit(KNOT_KMH, 2, words.say(" km/h")) if metric else _Unit(KNOT_KMH / MILE_KM, 2, words.say(" mph"))


def _rate_unit(words: Words) -> _Unit:
    if words.units == "metric":
        return _Unit(FOOT_M / 60, 0.5, words.say(" m/s"), signed=True)
    return _Unit(1, 50, words.say(" ft/min"), signed=True)


def profile(case: Case, route: Route, words: Words) -> Json | None:
    """Altitudes: received series, and a dot for each published value; ``None`` where there is neither."""
    dots: list[Json] = [
        {
            "at": whole(min(max(event.time.start.timestamp(), route.start_s), route.end_s)),
            "value": round(event.altitude.ft),
            "text": words.altitude(event.altitude.ft) + _note(words.plain(event.altitude.note)),
            "short": words.altitude(event.altitude.ft, unit=False),
            "filled": (event.altitude.grade or event.grade) is Grade.CONFIRMED,
            "false": event.altitude.false,
        }
        for event in sorted(case.events, key=lambda event: event.time.start)
        if event.altitude is not None and not event.time.dated_only
    ]
    if not dots and not route.altitude_ft:
        return None
    highest = max([dot["value"] for dot in dots] + [float(series.value.max()) for series in route.altitude_ft])
    top = max(1000, int(np.ceil(highest / 1000) * 1000))
    drawn = {
        "caption": words.say("Pressure altitude") if route.altitude_ft else words.say("Altitude where known"),
        "top": top,
        "top_text": words.altitude(top),
        "dots": dots,
        "series": [],
        "missing": None if route.altitude_ft else _missing(dots, route, words),
    }
    return {**drawn, **_lines(route.altitude_ft, _altitude_unit(words), words)} if route.altitude_ft else drawn


def others(case: Case, words: Words) -> list[Json]:
    """Ground speed and vertical rate, each where a track received it; nothing is derived from positions."""
    speed, rate = _speed_unit(words), _rate_unit(words)
    columns = (
        ("Ground speed", speed, 100.0, "ground_speed_kt"),
        ("Vertical rate", rate, 1000.0 if rate.factor == 1 else 5.0, "vertical_rate_fpm"),
    )
    result = []
    for caption, unit, mark, name in columns:
        series = [run for track in case.recorded for run in _runs(track, getattr(track, name), case.gap)]
        if not series:
            continue
        shown = max(float(np.abs(run.value).max()) for run in series) * unit.factor
        top = max(mark, float(np.ceil(shown / mark)) * mark)
        edge = whole(top / unit.factor)
        drawn = {
            "caption": words.say(caption),
            "low": -edge if unit.signed else 0,
            "top": edge,
            "top_text": ("±" if unit.signed else "") + words.number(top) + unit.text,
        }
        result.append({**drawn, **_lines(series, unit, words)})
    return result


def _runs(track: Track, value: Floats, gap_s: float) -> Iterable[Series]:
    """The received values of reports whose position was not found false, cut where two are farther apart than a gap."""
    return Series.runs(track.time_s, np.where(np.isin(track.reason, (ACCEPTED, NO_POSITION)), value, np.nan), gap_s)


def _lines(series: Sequence[Series], unit: _Unit, words: Words) -> Json:
    """The series, and how a value between two of their points is written."""
    share = _MOST_POINTS / max(_MOST_POINTS, sum(len(run.time_s) for run in series))
    step, lines = unit.step, []
    for run in series:
        kept, off = thinned(run.time_s, run.value, max(2, int(share * len(run.time_s))))
        step = max(step, next((each for each in _STEPS if each >= 2 * off * unit.factor), _STEPS[-1]))
        lines.append({"time": column(run.time_s[kept], SECONDS), "value": column(run.value[kept], 1.0)})
    written = {
        "factor": unit.factor,
        "step": step,
        "plus": get_plus_sign_symbol(words.locale) if unit.signed else "",
        "minus": get_minus_sign_symbol(words.locale).replace("-", "\N{MINUS SIGN}"),
        "group": get_group_symbol(words.locale),
        "point": get_decimal_symbol(words.locale),
        "unit": unit.text,
    }
    highest = max(float(np.abs(run.value).max()) for run in series) * unit.factor
    return {"series": lines, "format": written if step <= max(unit.step, _ROUGH_SHARE * highest) else None}


def thinned(time_s: Floats, value: Floats, most: int) -> tuple[NDArray[np.intp], float]:
    """Which points to keep, at most so many, and how far the lines between them are off at worst.

    Again and again the point that is farthest from the line over it is kept too, so that no peak is lost.
    """
    last = len(time_s) - 1
    if last < most:
        return np.arange(last + 1), 0.0

    def farthest(start: int, end: int) -> tuple[float, int, int, int]:
        span = slice(start, end + 1)
        slope = (value[end] - value[start]) / ((time_s[end] - time_s[start]) or 1.0)
        off = np.abs(value[span] - value[start] - slope * (time_s[span] - time_s[start]))
        off[[0, -1]] = 0.0
        middle = int(off.argmax())
        return -float(off[middle]), start, start + middle, end

    kept = [0, last]
    waiting = [farthest(0, last)]
    while len(kept) < most and waiting[0][0] < 0:
        _, start, middle, end = heapq.heappop(waiting)
        kept.append(middle)
        heapq.heappush(waiting, farthest(start, middle))
        heapq.heappush(waiting, farthest(middle, end))
    return np.sort(kept), -waiting[0][0]


def _note(note: str) -> str:
    return f" {note}" if note else ""


def _missing(dots: list[Json], route: Route, words: Words) -> Json | None:
    """The longest time without a published value within stretches where altitude was received."""
    free = [
        (max(start, stretch.start_s), min(end, stretch.end_s))
        for stretch in route.stretches
        if stretch.evidence is Evidence.PARTIAL and stretch.basis is not PathBasis.MEASURED
        for start, end in pairwise([route.start_s, *(dot["at"] for dot in dots), route.end_s])
    ]
    longest = max(free, key=lambda piece: piece[1] - piece[0], default=None)
    if longest is None or longest[1] <= longest[0]:
        return None
    return {"from": whole(longest[0]), "to": whole(longest[1]), "text": words.say("no figures published")}
