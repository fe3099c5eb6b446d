"""Reconstruction: positions hidden for a while in real flights, the path reconstructed, and how far off it was.

Windows of 5, 15, 30 and 50 minutes in the samples of `traffic` and, where at hand, the real tracks of the workshop
(`benchmarks/hiding.py` says which, and what counts as truth). The great-circle bridge of other tools is the first row
of each block: one speed along the shortest line, without a band. *Inside* is the share of true positions within the
95 % band at their moment, each window counting as one; the interval is where that share lies in 95 % of 1,000 draws of
the flights, since windows of one flight are not independent. *Band* is the median area of the bands, *of reach* its
share of what the aircraft could have reached at the greatest ground speed of its flight and 10 % more; *of bridge* is
the median error against that of the bridge in the same windows.

The constants of `geo/route/doubt.py` come from half of the transport flights, by a hash of their names, and the rows
are of the other half. Windows of half an hour and more, those of a quarter that begin or end below 20,000 ft, and
headings have so few flights that all of them set the constants, and each is judged here with a factor from the others.
Flights that turn on purpose (measuring, drawing, training, watching, soaring, a parabolic flight) set nothing.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.bands import (
    BLIND,
    BRIDGE,
    LENGTHS_S,
    LEVEL,
    LOW,
    OPEN,
    PARTLY,
    Outcome,
    constants,
    crossed,
    interval,
    pool,
    pools,
    quantile,
    shipped,
)
from benchmarks.hiding import Window, flights, windows
from geo.geodesy import destination, distance_m, inverse
from geo.route import doubt
from geo.route.doubt import AIR, GROUND, SHORTEST, SMOOTH
from geo.route.readings import Readings
from geo.route.reconstruction import LEAST_SHARE, reconstruct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LOWEST: Final = 93.0
HIGHEST: Final = 97.0
#: From so many flights on a share outside the bar is said to miss it.
TELLING: Final = 20
#: The median error of the bridge that a path with readings may have.
HALF: Final = 0.5
FASTER: Final = 1.1
_AIR: Final = ("heading_deg", "true_airspeed_kt", "indicated_airspeed_kt", "mach")
_GROUND: Final = ("ground_speed_kt", "track_deg")
_BAND_POINTS: Final = 33
_LONG_S: Final = 1_800.0


def _tries(window: Window) -> Iterator[tuple[str, str, Callable[[], Readings], bool, bool]]:
    """What is tried on a window: its name, the method that has to come of it, the readings, velocities, the end."""
    series = window.series
    start_s, end_s = window.start.time_s, window.end.time_s
    yield SHORTEST, SHORTEST, lambda: series.without(*_AIR, *_GROUND), False, True
    yield SMOOTH, SMOOTH, lambda: series.without(*_AIR, *_GROUND), True, True
    yield GROUND, GROUND, lambda: series.without(*_AIR), True, True
    yield GROUND + OPEN, GROUND, lambda: series.without(*_AIR), True, False
    if window.length_s >= _LONG_S:
        yield GROUND + PARTLY, GROUND, lambda: _partly(series.without(*_AIR), start_s, end_s), True, True
    if series.through_air().share(start_s, end_s) > LEAST_SHARE:
        jammed = _hidden(series, _GROUND, start_s, end_s)
        yield AIR, AIR, lambda: jammed, True, True
        yield AIR + BLIND, AIR, lambda: series.without(*_GROUND), False, True
        yield AIR + OPEN, AIR, lambda: _hidden(jammed, _GROUND, start_s, np.inf), True, False
        yield AIR + PARTLY, AIR, lambda: _partly(jammed, start_s, end_s), True, True


def _partly(series: Readings, start_s: float, end_s: float) -> Readings:
    """Without what was read in the middle two fifths."""
    length_s = end_s - start_s
    return _hidden(series, (*_AIR, *_GROUND), start_s + 0.3 * length_s, end_s - 0.3 * length_s)


def _hidden(series: Readings, names: Sequence[str], start_s: float, end_s: float) -> Readings:
    """Without these columns between two times."""
    hidden = (series.time_s > start_s) & (series.time_s < end_s)
    columns = series.columns()
    return Readings.of(
        series.time_s,
        true_north=series.true_north,
        **columns | {name: np.where(hidden, np.nan, columns[name]) for name in names},
    )


def outcomes(window: Window) -> Iterator[Outcome]:
    """The window by every method that serves, the bridge first."""
    start, end = window.start, window.end
    way = inverse(start.lat, start.lon, end.lat, end.lon)
    share = (window.time_s - start.time_s) / (end.time_s - start.time_s)
    on_line = destination(start.lat, start.lon, way.azimuth_deg, way.distance_m * share)
    bridge_m = distance_m(on_line.lat, on_line.lon, window.lat, window.lon)
    most_m = FASTER * window.fastest_m_s * (end.time_s - start.time_s)
    reach_km2 = np.pi / 4 * most_m * np.sqrt(max(most_m**2 - float(way.distance_m) ** 2, 0.0)) / 1e6
    nothing = np.zeros(len(bridge_m))
    none = (nothing, nothing, nothing, nothing)
    low = doubt.is_low(window.series.altitude(), start.time_s, end.time_s)
    yield Outcome(
        window.flight, window.length_s, start.time_s, low, BRIDGE, bridge_m, nothing, nothing, bridge_m, none, reach_km2
    )
    for name, method, series, velocities, closed in _tries(window):
        first = start if velocities else replace(start, ground_speed_kt=None, track_deg=None)
        last = (end if velocities else replace(end, ground_speed_kt=None, track_deg=None)) if closed else None
        found = reconstruct(first, last, start.time_s, end.time_s, series())
        if found is None or found.method != method:
            continue
        held = window.time_s <= found.time_s[-1]
        if int(held.sum()) < 2:  # noqa: PLR2004  it ends at once
            continue
        within_m = np.interp(found.time_s, found.time_s[[0, -1]], [start.within_m, (last or start).within_m])
        factor = doubt.factor(
            method, float(found.time_s[-1] - found.time_s[0]), open_ended=not closed, low=low, blind=not velocities
        )
        spread_m = np.sqrt(np.maximum(found.doubt_m**2 - within_m**2, 0.0)) / factor
        lat, lon, deviation_m, end_m = (
            np.interp(window.time_s[held], found.time_s, column)
            for column in (found.lat, found.lon, spread_m, within_m)
        )
        some = np.linspace(0, len(found.time_s) - 1, _BAND_POINTS).astype(int)
        yield Outcome(
            flight=window.flight,
            length_s=window.length_s,
            start_s=start.time_s,
            low=low,
            method=name,
            error_m=distance_m(lat, lon, window.lat[held], window.lon[held]),
            deviation_m=deviation_m,
            end_m=end_m,
            bridge_m=bridge_m[held],
            band=(found.lat[some], found.lon[some], spread_m[some], within_m[some]),
            reach_km2=reach_km2,
        )


def row(what: str, found: Sequence[Outcome], factors: Sequence[float] | None, *, barred: bool) -> dict[str, object]:
    """A row of the table; ``factors`` are those of the windows, none for the bridge."""
    errors = [one.error_m / 1000 for one in found]
    cells: dict[str, object] = {
        "what": what,
        "min": round(found[0].length_s / 60),
        "flights": len({one.flight.name for one in found}),
        "windows": len(found),
        "median, km": f"{quantile(errors, 0.5):.2f}",
        "95 %, km": f"{quantile(errors, LEVEL):.1f}",
    }
    told = dict.fromkeys(("inside, %", "interval, %", "band, km²", "of reach, %", "of bridge, %", "bar", "holds"), "")
    if factors is None:
        return cells | told
    inside = [one.inside(factor) for one, factor in zip(found, factors, strict=True)]
    share, (low, high) = 100 * float(np.mean(inside)), interval(found, inside)
    areas = np.array([one.area_km2(factor) for one, factor in zip(found, factors, strict=True)])
    reaches = np.array([one.reach_km2 for one in found])
    bridge = quantile([one.error_m / 1000 for one in found], 0.5) / quantile(
        [one.bridge_m / 1000 for one in found], 0.5
    )
    told |= {
        "inside, %": f"{share:.1f}",
        "interval, %": f"{low:.1f}-{high:.1f}",
        "band, km²": f"{np.median(areas):,.0f}",
        "of reach, %": f"{100 * np.median(areas / np.maximum(reaches, 1e-9)):.2g}",
        "of bridge, %": f"{100 * bridge:.0f}",
    }
    if barred:
        half = what.partition(";")[0] in (AIR, GROUND)
        told |= {
            "bar": "93-97" + (", ≤ 50" if half else ""),
            "holds": _judged(share, len({one.flight.name for one in found}), bridge if half else 0),
        }
    return cells | told


def _judged(share: float, flown: int, of_bridge: float) -> str:
    if of_bridge > HALF:
        return "**no**"
    if LOWEST <= share <= HIGHEST:
        return "yes" if flown >= TELLING else "yes, of few flights"
    return "**no**" if flown >= TELLING else "too few flights to tell"


def table(everything: Sequence[Outcome]) -> Iterator[dict[str, object]]:
    """The rows: transport flights, windows with headings among them, flights that turn on purpose."""
    setting = pools(everything)
    with_air = {one.key for one in everything if one.method == AIR}

    def unseen(one: Outcome) -> bool:
        return not one.flight.on_purpose and (one.length_s >= doubt.LENGTHS_S[-1] or not one.flight.training)

    blocks: tuple[tuple[str, tuple[str, ...], Callable[[Outcome], bool]], ...] = (
        ("", (BRIDGE, SHORTEST, SMOOTH, GROUND, GROUND + PARTLY, GROUND + OPEN), unseen),
        ("", (SHORTEST + LOW, SMOOTH + LOW), lambda one: one.low and (unseen(one) or crossed(one))),
        ("; headings", (BRIDGE, AIR, AIR + BLIND, AIR + PARTLY, AIR + OPEN), lambda one: one.key in with_air),
        ("; on purpose", (BRIDGE, SHORTEST, SMOOTH, GROUND, AIR), lambda one: one.flight.on_purpose),
    )
    for title, methods, belongs in blocks:
        purpose = title == "; on purpose"
        for length, name in itertools.product(LENGTHS_S, methods):
            found = [
                one
                for one in everything
                if (one.method, one.length_s, one.flight.on_purpose) == (name.removesuffix(LOW), length, purpose)
                and belongs(one)
            ]
            if not found:
                continue
            factors = None
            if name != BRIDGE:
                factors = [
                    shipped(one) if purpose or not crossed(one) else setting[pool(one)].without(one.flight.name)
                    for one in found
                ]
            yield row(name + title, found, factors, barred=not purpose)


def tried() -> list[Outcome]:
    """Every window of every flight by every method."""
    return [
        outcome
        for flight in flights()
        for length in LENGTHS_S
        for window in windows(flight, length)
        for outcome in outcomes(window)
    ]


def measure() -> list[dict[str, object]]:
    """The table; the constants go to standard error, those that ship beside them."""
    everything = tried()
    for method, (factors, ships) in constants(everything).items():
        print(f"{method}: {', '.join(f'{one:.2f}' for one in factors)}; ships {ships}", file=sys.stderr)
    return list(table(everything))


if __name__ == "__main__":
    from benchmarks.run import table as as_table

    print(as_table(measure()))
