"""The fixes of one aircraft in time order: columnar, immutable, with the reason of every rejected one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

FloatColumn = NDArray[np.float64]
IntColumn = NDArray[np.int64]

#: Why a fix was not taken as it came, by code. ``accepted`` is 0; ``no position`` is no rejection: the row had none.
REASONS: Final = (
    "accepted",
    "no position",
    "out of range",
    "zero position",
    "duplicate",
    "stale position",
    "time runs backwards",
    "implausible speed",
    "implausible altitude",
    "low integrity",
)
ACCEPTED: Final = 0
NO_POSITION: Final = 1
_KINDS: Final = {"row": np.int64, "reason": np.uint8, "altitude_reason": np.uint8}


@dataclass(frozen=True, slots=True)
class Fix:
    """One received report; what it did not carry is ``None``."""

    time: datetime
    lat: float | None
    lon: float | None
    altitude_ft: float | None
    ground_speed_kt: float | None
    track_deg: float | None
    row: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The fixes of one aircraft in time order.

    All columns have one length; NaN says that a fix did not carry the quantity. ``time_s`` is POSIX seconds (UTC),
    positions are WGS 84 degrees, angles degrees clockwise from true north. ``altitude_ft`` is pressure altitude
    (standard setting), ``geometric_altitude_ft`` above the ellipsoid. ``on_ground`` is 1, 0 or NaN. ``row`` is the
    number of the line or entry in the file, from 1. ``reason`` and ``altitude_reason`` are indices into ``REASONS``,
    for the position and for ``altitude_ft``: what was rejected stays in its column with the reason beside it, and
    the one says nothing about the other. ``held_altitude_ft`` and ``accepted`` are what to draw and reckon with.
    """

    time_s: FloatColumn
    lat_deg: FloatColumn
    lon_deg: FloatColumn
    altitude_ft: FloatColumn
    geometric_altitude_ft: FloatColumn
    ground_speed_kt: FloatColumn
    track_deg: FloatColumn
    heading_deg: FloatColumn
    true_airspeed_kt: FloatColumn
    indicated_airspeed_kt: FloatColumn
    vertical_rate_fpm: FloatColumn
    nic: FloatColumn
    nacp: FloatColumn
    sil: FloatColumn
    on_ground: FloatColumn
    row: IntColumn
    reason: NDArray[np.uint8]
    altitude_reason: NDArray[np.uint8]
    icao24: str | None = None
    callsign: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns().items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"the columns of a track have one length; found {lengths}")
        for column in self.columns().values():
            column.flags.writeable = False

    @classmethod
    def of(
        cls,
        time_s: Any,  # noqa: ANN401  array-like
        lat_deg: Any,  # noqa: ANN401  array-like
        lon_deg: Any,  # noqa: ANN401  array-like
        *,
        icao24: str | None = None,
        callsign: str | None = None,
        source: str = "",
        **columns: Any,  # noqa: ANN401  array-likes by column name
    ) -> Self:
        """A track from array-likes of one length; columns that are not given are NaN, rows count from 1, all accepted.

        Raises:
            TypeError: for a column that a track does not have.
        """
        count = len(time_s)
        given = {"time_s": time_s, "lat_deg": lat_deg, "lon_deg": lon_deg, **columns}
        unknown = given.keys() - set(cls.column_names())
        if unknown:
            raise TypeError(f"a track has no column {', '.join(sorted(unknown))}")
        filled: dict[str, Any] = {}
        for name in cls.column_names():
            kind: Any = _KINDS.get(name, np.float64)
            if name in given:
                filled[name] = np.array(given[name], dtype=kind)
            elif name == "row":
                filled[name] = np.arange(1, count + 1, dtype=kind)
            else:
                filled[name] = np.full(count, ACCEPTED if name in _KINDS else np.nan, dtype=kind)
        return cls(**filled, icao24=icao24, callsign=callsign, source=source)

    @classmethod
    def column_names(cls) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return _COLUMNS

    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns by name."""
        return {name: getattr(self, name) for name in self.column_names()}

    def take(self, rows: NDArray[Any]) -> Self:
        """The fixes at these indices or where this mask is true, in that order."""
        chosen = {name: np.array(column[rows]) for name, column in self.columns().items()}
        return type(self)(**chosen, icao24=self.icao24, callsign=self.callsign, source=self.source)

    def replace(self, **columns: NDArray[Any]) -> Self:
        """The same fixes with these columns in place of theirs."""
        merged = {name: np.array(column) for name, column in {**self.columns(), **columns}.items()}
        return type(self)(**merged, icao24=self.icao24, callsign=self.callsign, source=self.source)

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """Mask of the fixes whose position holds."""
        return np.equal(self.reason, ACCEPTED)

    @property
    def held_altitude_ft(self) -> FloatColumn:
        """Pressure altitude where it holds, NaN elsewhere."""
        if not self.altitude_reason.any():
            return self.altitude_ft
        held: FloatColumn = np.where(self.altitude_reason == ACCEPTED, self.altitude_ft, np.nan)
        return held

    def __len__(self) -> int:
        return len(self.time_s)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:  # noqa: ANN401  pydantic's own
        """A track is made by a reader and never validated cell by cell."""
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: Any) -> dict[str, Any]:  # noqa: ANN401  pydantic's own
        return {}

    def __iter__(self) -> Iterator[Fix]:
        return (self.fix(index) for index in range(len(self)))

    def fix(self, index: int) -> Fix:
        """The fix at ``index``."""

        def known(column: FloatColumn) -> float | None:
            value = float(column[index])
            return None if np.isnan(value) else value

        return Fix(
            time=datetime.fromtimestamp(float(self.time_s[index]), UTC),
            lat=known(self.lat_deg),
            lon=known(self.lon_deg),
            altitude_ft=known(self.held_altitude_ft),
            ground_speed_kt=known(self.ground_speed_kt),
            track_deg=known(self.track_deg),
            row=int(self.row[index]),
            reason=REASONS[int(self.reason[index])],
        )


_COLUMNS: Final = tuple(field.name for field in fields(Track) if field.name not in ("icao24", "callsign", "source"))
