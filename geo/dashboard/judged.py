"""The rows of a track for a table of any length: which there are, in which order, and a block of them in words.

A row is a fix of the track, or a row of its file that could not be read; such a row has no time and stands last in the
order of time. Nothing here is worked out for more rows than a block has, but for masks and orders of whole columns.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from geo.measures import FOOT_M, KNOT_KMH, MILE_KM
from geo.model.track import ACCEPTED, NO_POSITION, REASONS
from geo.tracks.states import fix_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.model import Track
    from geo.scene.words import Words
    from geo.tracks import Reading, Rejection, Unreadable, Withheld

    Indices = NDArray[np.int32]

Kind = Literal["all", "holds", "rejected", "none", "values", "unreadable"]
KINDS: Final[tuple[Kind, ...]] = ("all", "holds", "rejected", "none", "values", "unreadable")
ORDERS: Final = ("time", "row")
#: Rows that are given at once.
MOST: Final = 500
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A track of a case, and the reading of the file that it is from."""

    track: Track
    reading: Reading

    @property
    def unreadables(self) -> tuple[Unreadable, ...]:
        """The rows of the file that could not be read."""
        return self.reading.report.unreadables

    @property
    def dated(self) -> bool:
        """Whether its times need their day."""
        times = self.track.time_s
        return len(times) > 0 and int(times[0] // 86400) != int(times[-1] // 86400)

    @property
    def parts(self) -> bool:
        """Whether its times are finer than a second, as far as its beginning shows."""
        return bool(np.any(self.track.time_s[:5000] % 1))

    def counts(self) -> dict[Kind, int]:
        """How many rows there are of each kind."""
        return {kind: len(order(self.track, self.reading, kind, "time")) for kind in KINDS}

    def place_at(self, kind: Kind, by: str, time_s: float) -> int | None:
        """Where in that order the row stands whose time is nearest; ``None`` where no row has a time."""
        rows = order(self.track, self.reading, kind, by)
        timed = np.flatnonzero(rows >= 0)
        if not len(timed):
            return None
        return int(timed[np.abs(self.track.time_s[rows[timed]] - time_s).argmin()])

    def moment(self, asked: str) -> float | None:
        """POSIX seconds of a time in ISO 8601 or ``08:45`` or ``08:45:11`` (UTC), on the day on which the track has it.

        ``None`` for what is no time.
        """
        text = asked.strip()
        start_s = float(self.track.time_s[0]) if len(self.track) else 0.0
        day = datetime.fromtimestamp(start_s, UTC).date()
        try:
            found = datetime.fromisoformat(text if len(text) > len("08:45:11.000") else f"{day}T{text}")
        except ValueError:
            return None
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        if len(text) <= len("08:45:11.000"):
            last = datetime.fromtimestamp(float(self.track.time_s[-1]) if len(self.track) else 0.0, UTC)
            while found.timestamp() < np.floor(start_s / 60) * 60 and found + _DAY <= last + timedelta(minutes=1):
                found += _DAY
        return found.timestamp()


@lru_cache(maxsize=24)
def order(track: Track, reading: Reading, kind: Kind, by: str) -> Indices:
    """The rows of a kind in order: indices of fixes, and ``-1 - n`` for the n-th row that could not be read."""
    unread = -1 - np.arange(len(reading.report.unreadables), dtype=np.int32)
    fixes = np.flatnonzero(_mask(track, reading, kind)).astype(np.int32)
    if kind not in ("all", "unreadable"):
        unread = unread[:0]
    rows = np.concatenate([fixes, unread])
    if by == "row":
        numbers = [one.row for one in reading.report.unreadables] if len(unread) else []
        rows = rows[np.argsort(np.concatenate([track.row[fixes], np.array(numbers, dtype=np.int64)]), kind="stable")]
    rows.flags.writeable = False
    return rows


def _mask(track: Track, reading: Reading, kind: Kind) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = np.full(len(track), kind == "all")
    if kind == "holds":
        mask = track.accepted
    elif kind in ("none", "rejected"):
        without = np.equal(track.reason, NO_POSITION)
        mask = without if kind == "none" else ~(track.accepted | without)
    elif kind == "values":
        mask = np.isin(track.row, [one.row for one in reading.report.withheld])
    return mask


# --- in words --------------------------------------------------------------------------------------------------------


def reasons(words: Words) -> dict[str, str]:
    """The reasons of ``REASONS`` in words."""
    return {
        "no position": words.say("no position"),
        "out of range": words.say("out of range"),
        "zero position": words.say("position 0, 0"),
        "duplicate": words.say("duplicate"),
        "stale position": words.say("stale position"),
        "time runs backwards": words.say("time runs backwards"),
        "implausible speed": words.say("implausible speed"),
        "implausible altitude": words.say("implausible altitude"),
        "low integrity": words.say("low integrity"),
    }


def quantities(words: Words) -> dict[str, str]:
    """The values of a fix in words."""
    return {
        "altitude_ft": words.say("altitude"),
        "geometric_altitude_ft": words.say("altitude above the ellipsoid"),
        "ground_speed_kt": words.say("ground speed"),
        "track_deg": words.say("track angle"),
        "heading_deg": words.say("heading"),
        "true_airspeed_kt": words.say("true airspeed"),
        "indicated_airspeed_kt": words.say("indicated airspeed"),
        "vertical_rate_fpm": words.say("vertical rate"),
    }


def columns(words: Words) -> list[str]:
    """The headings of the table, with units."""
    metric, imperial = words.units == "metric", words.units == "imperial"
    speed = words.say(" km/h") if metric else words.say(" mph") if imperial else words.say(" kt")
    rate = words.say(" m/s") if metric else words.say(" ft/min")
    height = words.say(" m") if metric else words.say(" ft")
    named = (
        (words.say("Altitude"), height),
        (words.say("Ground speed"), speed),
        (words.say("Track angle"), "°"),
        (words.say("Vertical rate"), rate),
    )
    return [
        words.say("Row"),
        words.say("Time (UTC)"),
        words.say("Latitude"),
        words.say("Longitude"),
        *(f"{name}{words.comma}{unit.strip()}" for name, unit in named),
        words.say("Usable"),
        words.say("Judgement"),
    ]


class Teller:
    """Says rows of one track in one language and units."""

    def __init__(self, judged: Judged, words: Words) -> None:
        self._judged, self._words = judged, words
        self._reasons, self._quantities = reasons(words), quantities(words)
        metric = words.units == "metric"
        self._height = FOOT_M if metric else 1.0
        self._speed = {"metric": KNOT_KMH, "imperial": KNOT_KMH / MILE_KM}.get(words.units, 1.0)
        self._rate = (FOOT_M / 60, 1) if metric else (1.0, 0)
        self._states = {
            "received": words.say("position"),
            "partial": words.say("other values"),
            "rejected": words.say("nothing"),
        }

    def rows(self, kind: Kind, by: str, start: int, count: int) -> list[dict[str, Any]]:
        """The rows from ``start`` on, at most ``count``."""
        chosen = order(self._judged.track, self._judged.reading, kind, by)[start : start + count]
        fixes = chosen[chosen >= 0]
        told = iter(self._fixes(fixes))
        unread = self._judged.unreadables
        return [next(told) if index >= 0 else self._unread(unread[-1 - index]) for index in chosen.tolist()]

    def _unread(self, one: Unreadable) -> dict[str, Any]:
        words = self._words
        cells = [str(one.row), *[""] * 7, self._states["rejected"], words.say("Unreadable")]
        return {"row": one.row, "t": None, "kind": "unreadable", "cells": cells, "why": [one.detail]}

    def _fixes(self, fixes: Indices) -> list[dict[str, Any]]:
        part = self._judged.track.take(fixes)
        report = self._judged.reading.report
        states = [state.value for state in fix_states(part)]
        return [
            self._fix(part, index, states[index], _of(report.rejections, row), _of(report.withheld, row))
            for index, row in enumerate(part.row.tolist())
        ]

    def _fix(
        self, part: Track, index: int, state: str, against: Sequence[Rejection], values: Sequence[Withheld]
    ) -> dict[str, Any]:
        lat, lon, time_s = float(part.lat_deg[index]), float(part.lon_deg[index]), float(part.time_s[index])
        reason = int(part.reason[index])
        struck = [2, 3] if reason not in (ACCEPTED, NO_POSITION) else []
        struck += [4] if part.altitude_reason[index] != ACCEPTED else []
        rate, digits = self._rate
        cells = [
            str(int(part.row[index])),
            self._time(time_s),
            "" if np.isnan(lat) else f"{lat:.5f}",
            "" if np.isnan(lon) else f"{lon:.5f}",
            self._number(float(part.altitude_ft[index]) * self._height),
            self._number(float(part.ground_speed_kt[index]) * self._speed),
            self._number(float(part.track_deg[index])),
            self._number(float(part.vertical_rate_fpm[index]) * rate, digits),
            self._states[state],
            self._judgement(reason, values),
        ]
        return {
            "row": int(part.row[index]),
            "t": round(time_s, 3),
            **({} if np.isnan(lat) or np.isnan(lon) else {"lat": round(lat, 6), "lon": round(lon, 6)}),
            "kind": {ACCEPTED: "holds", NO_POSITION: "none"}.get(reason, "rejected"),
            "cells": cells,
            **({"struck": struck} if struck else {}),
            "why": [*(one.detail for one in against), *(one.detail for one in values)],
        }

    def _judgement(self, reason: int, values: Sequence[Withheld]) -> str:
        words = self._words
        if reason == ACCEPTED:
            said = words.say("Position holds")
        elif reason == NO_POSITION:
            said = words.say("No position")
        else:
            said = self._reasons[REASONS[reason]]
            said = said[:1].upper() + said[1:]
        without = [self._quantities.get(one.quantity, one.quantity) for one in values]
        if not without:
            return said
        return said + words.semicolon + words.say("not believed: {values}", values=words.listed(without))

    def _time(self, time_s: float) -> str:
        moment = datetime.fromtimestamp(time_s, UTC)
        clock = moment.strftime("%H:%M:%S") + (f".{moment.microsecond // 100_000}" if self._judged.parts else "")
        return f"{self._words.short_day(moment.date())} {clock}" if self._judged.dated else clock

    def _number(self, value: float, digits: int = 0) -> str:
        if not np.isfinite(value):
            return ""
        return self._words.number(value, digits).replace("-", "\N{MINUS SIGN}")


def _of(told: Sequence[Any], row: int) -> Sequence[Any]:
    """What is told of a row, in a list in order of rows."""
    first = bisect_left(told, row, key=lambda one: one.row)
    last = first
    while last < len(told) and told[last].row == row:
        last += 1
    return told[first:last]
