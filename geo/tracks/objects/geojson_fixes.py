"""Fixes in GeoJSON: a position, a time, and what the properties of its feature say, as rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.tracks.names import unescaped
from geo.tracks.objects.entries import FEET
from geo.tracks.objects.json_blocks import glimpse
from geo.tracks.objects.parsed import cell, number
from geo.tracks.rows import NEEDED, Labels, Rows
from geo.tracks.said import said_of
from geo.tracks.tables.header import understood
from geo.tracks.tables.words import LABELS, on_ground, unknown_reasons
from geo.tracks.times import seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.tracks.objects.entries import Entries

#: Names of a trajectory in the properties of its points.
TRAJECTORY: Final = ("traj_id", "trajectory_id", "track_id", "trip_id")
#: The labels of a row while it is read.
LABELS_HELD: Final = ("icao24", "callsign", "part", "reason", "altitude_reason")
_REASONS: Final = ("reason", "altitude_reason")
#: Names of times that are as plain as ``time`` in properties: MovingPandas writes ``t``, togeojson ``when``.
_ALIASES: Final = {"t": "time", "when": "time"}
#: More names than this are those of no properties of a fix, and no name of an aircraft is longer.
_MOST: Final = 1_000
_LONGEST: Final = 80
#: What stands for the altitude of an aircraft on the ground.
_GROUND: Final = "ground"
_HEIGHT: Final = "geometric_altitude_ft"
_LEAST: Final = 2


def sentence(wrong: Exception) -> str:
    """What is wrong, as a row says it."""
    return str(wrong) if isinstance(wrong, ValueError) else "a number in it is too large, or a list too deep"


def text(value: object) -> str | None:
    """A name: text or a number, short; ``None`` for none."""
    if isinstance(value, str):
        return value.strip()[:_LONGEST] or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return repr(value)[:_LONGEST]


def moment(value: object, *, utc: bool = False, offset_s: float = 0.0) -> float:
    """POSIX seconds of a time as JSON has it.

    Raises:
        ValueError: a sentence on what it is instead.
    """
    if value is None:
        raise ValueError("it has no time")
    return seconds_of(cell(value), utc=utc, offset_s=offset_s)


def placed(position: object) -> dict[str, float]:
    """Longitude, latitude and height (in metres) of a position; NaN for all of an empty one.

    Raises:
        ValueError: a sentence on what it is instead.
    """
    if position is None or position == []:
        return {"lon_deg": math.nan, "lat_deg": math.nan, _HEIGHT: math.nan}
    if not isinstance(position, list) or len(position) < _LEAST:
        raise ValueError(f"its position is {glimpse(position)}, not longitude and latitude")
    height = position[_LEAST] if len(position) > _LEAST else None
    return {
        "lon_deg": number(position[0], "longitude"),
        "lat_deg": number(position[1], "latitude"),
        _HEIGHT: number(height, "the third coordinate"),
    }


def line_labels(properties: Mapping[str, Any]) -> dict[str, str | None]:
    """The labels of all positions of a line."""
    titles = list(properties)[:_MOST]
    found = understood(titles).labels
    held = {name: text(properties[titles[found[name]]]) if name in found else None for name in ("icao24", "callsign")}
    return dict.fromkeys(LABELS_HELD) | held


@dataclass(frozen=True, slots=True)
class Properties:
    """What the properties of points hold: by our names theirs, with what one of ours is in their unit."""

    time: str
    quantities: dict[str, tuple[str, float]]
    labels: dict[str, str]
    trajectory: tuple[str, ...]
    utc: bool
    offset_s: float
    ignored: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, points: Sequence[Mapping[str, Any]]) -> Properties | None:
        """What these say, or ``None`` if none of them has a time."""
        titles = list(dict.fromkeys(name for properties in points for name in properties))[:_MOST]
        header = understood([_ALIASES.get(title, title) for title in titles])
        named = {name: (titles[index], divisor) for name, (index, divisor) in header.quantities.items()}
        time, _ = named.pop("time_s", ("", 1.0))
        if not any(properties.get(time) is not None for properties in points):
            return None
        return cls(
            time=time,
            quantities=named,
            labels={name: titles[index] for name, index in header.labels.items()},
            trajectory=tuple(name for name in TRAJECTORY if name in titles),
            utc=header.utc,
            offset_s=header.offset_s,
            ignored=(*header.ignored, *header.unitless),
            notes=header.notes,
        )

    def add(
        self,
        table: Entries,
        feature: int,
        position: object,
        properties: Mapping[str, Any],
        time: str | None = None,
    ) -> None:
        """Add the fix of a feature of this number; ``time`` is the name of its time if it is another than of most."""
        try:
            values = self._values(position, properties, time or self.time)
            labels = self._labels(properties)
        except (ValueError, OverflowError, RecursionError) as wrong:
            table.fail(f"feature {feature:,}: {sentence(wrong)}")
        else:
            table.add(values, **labels)

    def _values(self, position: object, properties: Mapping[str, Any], time: str) -> dict[str, float]:
        values = placed(position) | {"time_s": moment(properties.get(time), utc=self.utc, offset_s=self.offset_s)}
        for name, (title, divisor) in self.quantities.items():
            value = properties.get(title)
            if name not in NEEDED or position is None:
                values[name] = _quantity(name, value, title) / divisor
        if "altitude_ft" in self.quantities:
            said = values.get("on_ground", math.nan)
            parked = _parked(properties.get(self.quantities["altitude_ft"][0]))
            values["on_ground"] = 1.0 if parked and math.isnan(said) else said
        return values

    def _labels(self, properties: Mapping[str, Any]) -> dict[str, str | None]:
        held = dict.fromkeys(LABELS_HELD)
        for name, title in self.labels.items():
            word = held[name] = text(properties.get(title))
            if word and name in _REASONS:
                for wrong in unknown_reasons([word]).values():
                    raise ValueError(wrong)
        held["part"] = next((name for name in map(text, map(properties.get, self.trajectory)) if name), None)
        return held


def _parked(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower() == _GROUND


def _quantity(name: str, value: object, title: str) -> float:
    if name == "on_ground" and isinstance(value, str):
        values, wrong = on_ground([value.strip()])
        for told in wrong.values():
            raise ValueError(told)
        return float(values[0])
    return math.nan if name == "altitude_ft" and _parked(value) else number(value, title)


def rows_of(table: Entries, properties: Properties | None, *, ours: bool, notes: tuple[str, ...]) -> Rows:
    """The rows that were read, with what was taken for granted.

    Heights that are 0 throughout are none. In a file of ours names are written as ``names.escaped`` says.
    """
    columns = table.columns(*NEEDED)
    labels = {name: table.labels(name) for name in LABELS_HELD}
    if properties is None or _HEIGHT not in properties.quantities:
        heights = columns.pop(_HEIGHT, np.empty(0))
        if bool(np.any(np.nan_to_num(heights) != 0)):
            columns[_HEIGHT] = heights * FEET
            notes = ("third coordinates are read as metres above the ellipsoid, as RFC 7946 has them", *notes)
    named = {name: labels[name].renamed(LABELS[name]) for name in ("icao24", "callsign")}
    if ours:
        named = {name: found.renamed(unescaped) for name, found in named.items()}
    part = Labels(np.where(named["icao24"].codes < 0, labels["part"].codes, -1).astype(np.int32), labels["part"].names)
    return Rows(
        columns=columns,
        row=table.row,
        icao24=named["icao24"],
        callsign=named["callsign"],
        unreadable=tuple(table.unreadable),
        given=said_of(labels["reason"]),
        given_altitude=said_of(labels["altitude_reason"]),
        part=part if bool(np.any(part.codes >= 0)) else None,
        ignored=() if properties is None else properties.ignored,
        notes=(*notes, *(() if properties is None else properties.notes)),
    )
