"""How fast the aircraft can have gone over the ground: the limit that bounds its reach, and what that rests on.

A limit is an airspeed and a wind behind it. The airspeed is what the case states, else the operating limit of the
aircraft type (``data/aircraft``), else what the flight itself showed with a margin, else that of the fastest subsonic
civil aircraft. It is told here in numbers and keys; the scene has the words.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from geo.atmosphere import cas_from_tas_kt, mach_from_tas, tas_from_cas_kt, tas_from_mach_kt
from geo.envelope import FASTEST_CAS_KT, FASTEST_MACH, JET_FT
from geo.measures import KNOT_M_S
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from geo.model import Case, Track
    from geo.model.stretch import ReachLimit

    Floats = NDArray[np.float64]

Basis = Literal["case", "type", "flight", "envelope"]
#: Values at altitudes in feet, rising: linear between, the first below, the last above.
Steps = tuple[tuple[float, float], ...]

#: Wind allowed for: 60 kt at the surface, rising evenly to 200 kt at 30,000 ft and above. Under the jet streams more
#: is a record of its day or of its station: 205 and 207 kt (28 December 2021, Chanhassen and Green Bay), 230 kt
#: (17 February 2024) and 232 kt (6 December 2002) in the soundings of Sterling since the 1950s.
SURFACE_WIND_KT: Final = 60.0
JET_WIND_KT: Final = 200.0
#: No type of the table may go higher; where a type has no ceiling there, this is it.
HIGHEST_FT: Final = 51_000.0
#: Two received altitudes no farther apart than this hold between them.
BETWEEN_S: Final = 60.0
#: A flight shows a speed that it kept at least so long, in fixes at most so far apart, and faster than a taxiing
#: aircraft; it shows a limit after so long a time in the air.
KEPT_S: Final = 60.0
FLYING_KT: Final = 40.0
SHOWN_S: Final = 20 * 60.0
#: What is added to it, as calibrated airspeed and as Mach number: it may not have been flown at its fastest. Of 172
#: flights of the samples of ``traffic`` 2.13, two went faster after their first 20 minutes than this and the wind
#: (docs/decisions/0032).
CAS_MARGIN: Final = 1.5
MACH_MARGIN: Final = 1.2
_LOWEST_FT: Final = -2_000.0
_TOP_FT: Final = 65_000.0
_GRID_FT: Final = 10.0


@dataclass(frozen=True, slots=True)
class AircraftType:
    """The operating limits of a type: its designator (ICAO Doc 8643), name, VMO, MMO, ceiling, and where they are from.

    Empty steps or ``None`` where no source was found. ``seen`` says whether the data sheet of the type certificate was
    seen itself (``data sheet``) or somebody who passes it on (``relayed``).
    """

    icao: str
    name: str
    called: str
    vmo_kt: Steps
    mmo: Steps
    ceiling_ft: float | None
    seen: str
    source: str
    url: str
    retrieved: str


class Shown(NamedTuple):
    """The fastest a flight was seen to go: the ground speed that it kept for a minute, when, at what altitude."""

    ground_speed_kt: float
    time_s: float
    altitude_ft: float


@dataclass(frozen=True, slots=True)
class SpeedLimit:
    """An airspeed that is not exceeded, and the wind that may add to it.

    The airspeed is the least of ``cas_kt`` (calibrated), ``mach`` and ``tas_kt`` (true). ``basis`` says what it rests
    on, and the field of that name has the particulars: ``stated`` for ``case``, ``type``, ``shown`` for ``flight``;
    ``envelope`` is ``FASTEST_CAS_KT`` and ``FASTEST_MACH``. The wind rises evenly from the surface to ``JET_FT``;
    ``wind_stated`` says that it is the case's.
    """

    basis: Basis
    cas_kt: Steps = ((0.0, FASTEST_CAS_KT),)
    mach: Steps = ((0.0, FASTEST_MACH),)
    tas_kt: float | None = None
    ceiling_ft: float = HIGHEST_FT
    wind_surface_kt: float = SURFACE_WIND_KT
    wind_jet_kt: float = JET_WIND_KT
    wind_stated: bool = False
    type: AircraftType | None = None
    shown: Shown | None = None
    stated: ReachLimit | None = None

    def airspeed_kt(self, altitude_ft: ArrayLike) -> Floats:
        """Greatest true airspeed at pressure altitudes; NaN, an unknown one, gives the greatest up to the ceiling."""
        return self._bounded(self._airspeed(_clipped(altitude_ft)), self._airspeed(self._levels()))

    def wind_kt(self, altitude_ft: ArrayLike) -> Floats:
        """The wind allowed for at pressure altitudes; NaN gives the greatest."""
        levels = _clipped(altitude_ft)
        return self._bounded(self._wind(levels), self._wind(self._levels()))

    def ground_speed_kt(self, altitude_ft: ArrayLike) -> Floats:
        """Greatest ground speed at pressure altitudes, the wind behind; NaN gives the greatest up to the ceiling."""
        levels = _clipped(altitude_ft)
        over = self._levels()
        return self._bounded(self._airspeed(levels) + self._wind(levels), self._airspeed(over) + self._wind(over))

    def farthest_m(
        self, time_s: ArrayLike, known_s: ArrayLike | None = None, known_ft: ArrayLike | None = None
    ) -> Floats:
        """Metres that can be flown from the first of the times to each: between two, the difference of theirs.

        ``time_s`` are POSIX seconds, rising. ``known_s`` and ``known_ft`` are the times and pressure altitudes that
        were received, rising. Between two that are at most ``BETWEEN_S`` apart, the greatest speed of any altitude
        between theirs counts; everywhere else the greatest of all. To interpolate in what this gives, have the known
        times among ``time_s``.
        """
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        seconds = np.asarray([] if known_s is None else known_s, dtype=np.float64)
        feet = np.asarray([] if known_ft is None else known_ft, dtype=np.float64)
        heard = ~np.isnan(feet)
        seconds, feet = seconds[heard], feet[heard]
        whole = float(self.ground_speed_kt(np.nan))
        if len(seconds) < 2 or len(times) < 2:  # noqa: PLR2004  no pair
            steady: Floats = (times - times[:1]) * whole * KNOT_M_S
            return steady
        marks = np.unique(np.concatenate([times, seconds[(seconds > times[0]) & (seconds < times[-1])]]))
        after = np.searchsorted(seconds, (marks[:-1] + marks[1:]) / 2)
        pair = np.clip(after, 1, len(seconds) - 1)
        near = (after > 0) & (after < len(seconds)) & (seconds[pair] - seconds[pair - 1] <= BETWEEN_S)
        speed = np.where(near, self._greatest_between(feet[:-1], feet[1:])[pair - 1], whole)
        flown = np.concatenate([[0.0], np.cumsum(speed * KNOT_M_S * np.diff(marks))])
        cumulative: Floats = np.interp(times, marks, flown)
        return cumulative

    def _greatest_between(self, one_ft: Floats, other_ft: Floats) -> Floats:
        """Greatest ground speed at any altitude between two, knots."""
        grid = np.arange(_LOWEST_FT, _TOP_FT + 3 * _GRID_FT, _GRID_FT)
        speed = self.ground_speed_kt(grid)
        low = np.floor((_clipped(np.minimum(one_ft, other_ft)) - _LOWEST_FT) / _GRID_FT).astype(np.int64)
        high = np.ceil((_clipped(np.maximum(one_ft, other_ft)) - _LOWEST_FT) / _GRID_FT).astype(np.int64) + 1
        greatest: Floats = np.maximum.reduceat(speed, np.column_stack([low, high]).ravel())[::2]
        return greatest

    def _levels(self) -> Floats:
        return np.append(np.arange(_LOWEST_FT, self.ceiling_ft, _GRID_FT), self.ceiling_ft)

    def _airspeed(self, levels: Floats) -> Floats:
        least = np.full(levels.shape, np.inf if self.tas_kt is None else self.tas_kt)
        if self.tas_kt is None:
            least = np.fmin(least, tas_from_cas_kt(_at(self.cas_kt, levels), levels))
            least = np.fmin(least, tas_from_mach_kt(_at(self.mach, levels), levels))
        return np.where(np.isnan(levels), np.nan, least)

    def _wind(self, levels: Floats) -> Floats:
        return _at(((0.0, self.wind_surface_kt), (JET_FT, self.wind_jet_kt)), levels)

    @staticmethod
    def _bounded(value: Floats, over: Floats) -> Floats:
        """No more than the greatest up to the ceiling, and that where the altitude is not known."""
        bounded: Floats = np.fmin(value, over.max())
        return bounded


def _at(steps: Steps, levels: Floats) -> Floats:
    found: Floats = np.interp(levels, [altitude for altitude, _ in steps], [value for _, value in steps])
    return found


def _clipped(altitude_ft: ArrayLike) -> Floats:
    return np.clip(np.asarray(altitude_ft, dtype=np.float64), _LOWEST_FT, _TOP_FT)


def limit(case: Case, tracks: Sequence[Track] | None = None) -> SpeedLimit:
    """The speed limit of a case; ``tracks`` are those that it shall be judged by in place of ``case.recorded``."""
    found = _airspeed_limit(case, case.recorded if tracks is None else tracks)
    if case.reach is not None and case.reach.wind_kt is not None:
        wind = case.reach.wind_kt
        found = replace(found, wind_surface_kt=wind, wind_jet_kt=wind, wind_stated=True, stated=case.reach)
    return found


def _airspeed_limit(case: Case, tracks: Sequence[Track]) -> SpeedLimit:
    if case.reach is not None and case.reach.speed_kt is not None:
        return SpeedLimit("case", tas_kt=case.reach.speed_kt, stated=case.reach)
    kind = type_of(case.flight.type, case.flight.aircraft)
    if kind is not None:
        envelope = SpeedLimit("type")
        return replace(
            envelope,
            cas_kt=kind.vmo_kt or envelope.cas_kt,
            mach=kind.mmo or envelope.mach,
            ceiling_ft=kind.ceiling_ft or envelope.ceiling_ft,
            type=kind,
        )
    return _of_flight(np.concatenate([np.empty((0, 3)), *(_kept(track) for track in tracks)]))


def _of_flight(seen: Floats) -> SpeedLimit:
    """What a flight showed, as if in still air, with the margins, and no more than the envelope."""
    if not len(seen):
        return SpeedLimit("envelope")
    speed = seen[:, 0]
    levels = _clipped(seen[:, 2])
    fastest = seen[speed == speed.max()]
    fastest = fastest[fastest[:, 1] == fastest[:, 1].max()]
    cas = np.fmin(FASTEST_CAS_KT, CAS_MARGIN * cas_from_tas_kt(speed, levels)).max()
    mach = np.fmin(FASTEST_MACH, MACH_MARGIN * mach_from_tas(speed, levels)).max()
    return SpeedLimit(
        "flight", cas_kt=((0.0, float(cas)),), mach=((0.0, float(mach)),), shown=max(map(Shown._make, fastest.tolist()))
    )


def _kept(track: Track) -> Floats:
    """The ground speeds that were kept for ``KEPT_S``, each the least of its time, where the altitude is known.

    Rows of the values of ``Shown``; none if the flight was in the air for less than ``SHOWN_S``.
    """
    flying = track.accepted & (track.ground_speed_kt >= FLYING_KT) & ~(track.on_ground == 1)
    heard = ~np.isnan(track.held_altitude_ft)
    time_s, speed = track.time_s[flying], track.ground_speed_kt[flying]
    gaps = np.diff(time_s)
    if float(np.minimum(gaps, KEPT_S).sum()) < SHOWN_S or not heard.any():
        return np.empty((0, 3))
    last = np.searchsorted(time_s, time_s + KEPT_S)
    whole = last < len(time_s)
    runs = np.concatenate([[0], np.cumsum(gaps > KEPT_S)])
    whole[whole] = runs[last[whole]] == runs[: len(time_s)][whole]
    first, last = np.flatnonzero(whole), last[whole]
    least = np.minimum.reduceat(np.append(speed, np.inf), np.column_stack([first, last + 1]).ravel())[::2]
    altitude = _near(time_s[first], track.time_s[heard], track.held_altitude_ft[heard])
    known = ~np.isnan(altitude)
    return np.column_stack([least[known], time_s[first][known], altitude[known]])


def _near(time_s: Floats, heard_s: Floats, value: Floats) -> Floats:
    """The value heard last before each time, NaN where that is longer ago than ``BETWEEN_S``."""
    at = np.searchsorted(heard_s, time_s, side="right") - 1
    recent = (at >= 0) & (time_s - heard_s[np.maximum(at, 0)] <= BETWEEN_S)
    return np.where(recent, value[np.maximum(at, 0)], np.nan)


def type_of(icao: str | None, aircraft: str | None) -> AircraftType | None:
    """The type of this designator, else the one that this text names; ``None`` where the table has none or several."""
    if icao is not None:
        return types().get(icao)
    if aircraft is None:
        return None
    text = re.sub(r"[^a-z0-9]+", " ", aircraft.lower()).strip()
    named = [kind for kind in types().values() if re.fullmatch(kind.called, text)]
    return named[0] if len(named) == 1 else None


@cache
def types() -> Mapping[str, AircraftType]:
    """The table of types by designator.

    Raises:
        ResourceError: when it is missing.
    """
    with data("aircraft", "speeds.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return {
        row["icao"]: AircraftType(
            icao=row["icao"],
            name=row["name"],
            called=row["called"],
            vmo_kt=_steps(row["vmo_kt"]),
            mmo=_steps(row["mmo"]),
            ceiling_ft=float(row["ceiling_ft"]) if row["ceiling_ft"] else None,
            seen=row["seen"],
            source=row["source"],
            url=row["url"],
            retrieved=row["retrieved"],
        )
        for row in rows
    }


def _steps(text: str) -> Steps:
    """``320``, or ``8000:300 10000:320``: values by altitude in feet."""
    pairs = [part.split(":") for part in text.split()]
    return tuple((float(pair[0]) if len(pair) > 1 else 0.0, float(pair[-1])) for pair in pairs)
