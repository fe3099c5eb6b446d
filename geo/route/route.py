"""The values that tracing gives: lines with times and doubts, stretches, and the route they make up."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geo.model import Evidence, PathBasis, Position, Text
from geo.showing import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.model import Case, Place
    from geo.route.agreement import Disagreement
    from geo.route.deviation import Against
    from geo.route.phases import Phase
    from geo.route.reach import Reach
    from geo.route.reconstruction import Reconstruction
    from geo.route.sky import Overflight
    from geo.route.speeds import SpeedLimit
    from geo.route.swings import Swings

    Floats = NDArray[np.float64]

#: On these bases a moment has a place on the line; a bridge claims nothing of the kind.
PLACED = frozenset({PathBasis.MEASURED, PathBasis.RECONSTRUCTED, PathBasis.SCHEMATIC})


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Points in order: degrees (longitudes unwrapped), POSIX seconds or none, half-width of doubt in metres or none."""

    lat: Floats
    lon: Floats
    time_s: Floats | None = None
    doubt_m: Floats | None = None

    def __post_init__(self) -> None:
        for column in (self.lat, self.lon, self.time_s, self.doubt_m):
            if column is not None:
                column.flags.writeable = False

    def __len__(self) -> int:
        return len(self.lat)


@dataclass(frozen=True, slots=True, eq=False)
class RouteStretch:
    """A time with one evidence state and one path basis, ``[start_s, end_s)``, and the line drawn for it, if any.

    ``stated`` says that the state comes from the case and not from a track, ``overrides`` why it then stands in place
    of what a track received; ``fixes`` how many fixes a track has there, and ``track`` which of the case's, from 0.
    ``reconstruction`` is how the line was computed where it was.
    """

    start_s: float
    end_s: float
    evidence: Evidence
    basis: PathBasis
    line: Line | None = None
    stated: bool = False
    overrides: Text = Text()  # noqa: RUF009  immutable
    fixes: int = 0
    track: int | None = None
    reconstruction: Reconstruction | None = None
    within_km: float | None = None
    band_share: float | None = None
    band_least_km: float = 0.0
    label: Text = Text()  # noqa: RUF009  immutable
    note: Text = Text()  # noqa: RUF009  immutable
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A received series without a gap: POSIX seconds and values of one length."""

    time_s: Floats
    value: Floats

    @classmethod
    def runs(cls, time_s: Floats, value: Floats, gap_s: float) -> Iterator[Series]:
        """The values that are not NaN, cut where two are farther apart than a gap, seconds."""
        held = ~np.isnan(value)
        time_s, value = time_s[held], value[held]
        cuts = np.flatnonzero(np.diff(time_s) > gap_s) + 1
        for times, values in zip(np.split(time_s, cuts), np.split(value, cuts), strict=True):
            if len(times):
                yield cls(times, values)


@dataclass(frozen=True, slots=True)
class Unused:
    """A time for which the case states a stretch that is not drawn, because a track received something then.

    ``stretch`` is its place in the case, from 0.
    """

    stretch: int
    start_s: float
    end_s: float


@dataclass(frozen=True, eq=False)
class Route(Shown):
    """The intended route and what is known of the actual one.

    ``stretches`` tile ``start_s`` to ``end_s`` without hole or overlap. ``gap_s``: two fixes farther apart in time have
    a gap between them. ``altitude_ft`` holds the received pressure altitudes, one series for each unbroken run.
    ``disagreements`` are times at which two tracks contradict each other, ``unused`` those for which the case states
    something else than a track received. What follows from these is worked out when it is first asked for.
    """

    case: Case
    start_s: float
    end_s: float
    gap_s: float
    intended: Line
    intended_places: tuple[Place, ...]
    stretches: tuple[RouteStretch, ...]
    altitude_ft: tuple[Series, ...] = ()
    disagreements: tuple[Disagreement, ...] = field(default=())
    unused: tuple[Unused, ...] = ()

    @cached_property
    def limit(self) -> SpeedLimit:
        """How fast the aircraft can have been."""
        from geo.route.speeds import limit

        return limit(self.case)

    @cached_property
    def reaches(self) -> tuple[Reach, ...]:
        """Where it can have been in each time without a received position."""
        from geo.route.gaps import reaches

        return reaches(self)

    @cached_property
    def against(self) -> Against:
        """The flight against its intended route."""
        from geo.route.deviation import against

        return against(self.case, self)

    @cached_property
    def countries(self) -> tuple[Overflight, ...]:
        """Whose sky it flew through, in order of time: land and territorial sea as one, without disputed areas."""
        from geo.route.sky import overflown

        return overflown(self, whole=True)

    @cached_property
    def overflown(self) -> tuple[Overflight, ...]:
        """The same with land, territorial sea and disputed areas apart."""
        from geo.route.sky import overflown

        return overflown(self)

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """Phases of flight where a track shows them."""
        from geo.route.motion import phases_of  # only a track shows any

        return phases_of(self) if self.case.recorded else ()

    @cached_property
    def swings(self) -> tuple[Swings, ...]:
        """Runs of regular swings of the altitude."""
        from geo.route.motion import swings_of  # only a track shows any

        return swings_of(self) if self.case.recorded else ()

    def stretch_at(self, time_s: float) -> RouteStretch | None:
        """The stretch that holds at a time; the last one holds at its end too."""
        for stretch in self.stretches:
            if stretch.start_s <= time_s < stretch.end_s or (stretch is self.stretches[-1] and time_s == stretch.end_s):
                return stretch
        return None

    def reach_at(self, time_s: float) -> Reach | None:
        """The reach that holds at a time; ``None`` while positions are received."""
        return next((reach for reach in self.reaches if reach.start_s <= time_s <= reach.end_s), None)

    def position_at(self, time_s: float) -> Position | None:
        """Where the drawn aircraft is at a time, or ``None`` where nothing is known but a bridge."""
        for stretch in (self.stretch_at(time_s), *(other for other in self.stretches if other.end_s == time_s)):
            if stretch is None or stretch.basis not in PLACED or stretch.line is None or stretch.line.time_s is None:
                continue
            times, line = stretch.line.time_s, stretch.line
            lat, lon = float(np.interp(time_s, times, line.lat)), float(np.interp(time_s, times, line.lon))
            return Position(lat=lat, lon=(lon + 180) % 360 - 180)
        return None

    def seconds(self, *evidence: Evidence) -> float:
        """How many seconds of the flight had one of these states."""
        return sum(stretch.end_s - stretch.start_s for stretch in self.stretches if stretch.evidence in evidence)
