"""What came of reading a file: legs, and an account of every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import TrackEmpty, TrackError
from geo.geodesy import distance_m
from geo.tracks.legs import split
from geo.tracks.progress import tell
from geo.tracks.quality import judge
from geo.tracks.states import states
from geo.tracks.times import iso

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from geo.model import Track
    from geo.tracks.rows import Rejection, Rows, Unreadable, Withheld


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One flight of one aircraft: its judged track, who it says it is, and what its part of the file is called."""

    icao24: str | None
    callsign: str | None
    track: Track
    part: str | None = None

    @property
    def name(self) -> str:
        """What people call it: the callsign, or what the file calls it, or the address."""
        return self.callsign or self.part or self.icao24 or "no callsign"

    def __str__(self) -> str:
        address = f" ({self.icao24})" if self.icao24 and self.icao24 != self.name else ""
        time_s = self.track.time_s
        return f"{self.name}{address}, {iso(time_s[0])} to {iso(time_s[-1])}, {len(time_s):,} fixes"


@dataclass(frozen=True, slots=True)
class Report:
    """The account of a file: ``read == accepted + rejected + unreadable``, and each row of the last two by its number.

    Accepted are the rows whose position holds, and those that carry none because none was sent (they are evidence,
    partial). Rejected are rows with a position that is not believed; they stay in the track with their reason, and
    their altitude and speed may stand. Unreadable are rows that could not be understood. Blank lines and the header
    are no rows. ``withheld`` lists the values other than positions that are not believed, in rows of any kind;
    ``notes`` what was taken for granted; ``ignored_columns`` the columns of a table that have no place in a track.

    Raises:
        ValueError: when the account does not come out.
    """

    read: int
    accepted: int
    rejected: int
    unreadable: int
    rejections: tuple[Rejection, ...] = ()
    unreadables: tuple[Unreadable, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    notes: tuple[str, ...] = ()
    ignored_columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.read != self.accepted + self.rejected + self.unreadable:
            raise ValueError(
                f"{self.read} rows read are not {self.accepted} accepted, {self.rejected} rejected, "
                f"{self.unreadable} unreadable"
            )
        numbers = [one.row for one in self.rejections] + [one.row for one in self.unreadables]
        if (
            len(self.rejections) != self.rejected
            or len(self.unreadables) != self.unreadable
            or len(set(numbers)) != len(numbers)
        ):
            raise ValueError("each rejected or unreadable row is listed once")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A file read and judged: the name of its format, its legs in order of time, and the account of its rows."""

    format: str
    legs: tuple[Leg, ...]
    report: Report


def judged(rows: Rows, name: str, source: str) -> Reading:
    """The rows of a file of this format, cut into legs and judged, and the account of all of them."""
    legs: list[Leg] = []
    rejections: list[Rejection] = []
    withheld: list[Withheld] = []
    raws = split(rows, source)
    for number, raw in enumerate(raws):
        tell(number, len(raws), f"judging {source}")
        track, against, against_values = judge(raw.track, raw.given, raw.given_altitude)
        legs.append(Leg(track.icao24, track.callsign, track, raw.part))
        rejections += against
        withheld += against_values
    tell(1, 1, f"judging {source}")
    report = Report(
        read=len(rows) + len(rows.unreadable),
        accepted=sum(len(leg.track) for leg in legs) - len(rejections),
        rejected=len(rejections),
        unreadable=len(rows.unreadable),
        rejections=tuple(sorted(rejections)),
        unreadables=rows.unreadable,
        withheld=tuple(sorted(withheld)),
        notes=rows.notes,
        ignored_columns=rows.ignored,
    )
    return Reading(name, tuple(legs), report)


def select(
    reading: Reading,
    *,
    icao24: str | None = None,
    callsign: str | None = None,
    leg: int | str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Track:
    """The track of the one leg of this aircraft, callsign and time, cut to ``start`` … ``end`` (aware, inclusive).

    ``leg`` is its number in the reading, from 1, or its name.

    Raises:
        TrackError: when no leg or more than one answers; the message lists what legs there are.
        TrackEmpty: when the leg has no fix between ``start`` and ``end``.
        ValueError: when ``start`` or ``end`` has no zone.
    """
    if any(moment is not None and moment.tzinfo is None for moment in (start, end)):
        raise ValueError("start and end need a zone: datetime(2024, 12, 25, 5, 13, 31, tzinfo=UTC)")
    from_s = -np.inf if start is None else start.timestamp()
    to_s = np.inf if end is None else end.timestamp()
    source = reading.legs[0].track.source if reading.legs else "track"
    asked = {
        number: one
        for number, one in enumerate(reading.legs, start=1)
        if _same(one.icao24, icao24) and _same(one.callsign, callsign) and _called(number, one, leg)
    }
    during = {
        number: one for number, one in asked.items() if one.track.time_s[0] <= to_s and one.track.time_s[-1] >= from_s
    }
    words = (("callsign", callsign), ("ICAO address", icao24), ("number or name", leg))
    who = " and ".join(f"{word} {value}" for word, value in words if value)
    if not asked:
        there = dict(enumerate(reading.legs, start=1))
        raise TrackError(source, "\n".join([f"it holds no flight with {who}; it holds:", *_listed(there)]))
    if len(during) > 1:
        those = f"{len(during)} flights{' with ' + who if who else ''}"
        head = f"it holds {those}; say which by leg, callsign, icao24, start or end:"
        raise TrackError(source, "\n".join([head, *_listed(during)]))
    track = next(iter((during or asked).values())).track
    within = (track.time_s >= from_s) & (track.time_s <= to_s)
    if not during or not bool(within.any()):
        span = f"{'' if start is None else 'from ' + iso(from_s)} {'' if end is None else 'to ' + iso(to_s)}".strip()
        raise TrackEmpty(source, "\n".join([f"it has no fix {span}; it holds:", *_listed(asked)]))
    return track if bool(within.all()) else track.take(within)


def _same(found: str | None, asked: str | None) -> bool:
    return asked is None or (found or "").casefold() == asked.strip().casefold()


def _called(number: int, leg: Leg, asked: int | str | None) -> bool:
    """Whether the leg is the one asked for by its number or its name."""
    if asked is None:
        return True
    word = str(asked).strip()
    return word == str(number) if word.isdecimal() else word.casefold() == leg.name.casefold()


def _listed(legs: Mapping[int, Leg]) -> list[str]:
    most = 20
    more = [f"  and {len(legs) - most:,} more"] if len(legs) > most else []
    return [*(f"  {number}: {leg}" for number, leg in list(legs.items())[:most]), *more]


def report_json(reading: Reading) -> dict[str, Any]:
    """The account and the legs as ``flightcase track --json`` prints them: only dicts, lists, text and numbers."""
    report = reading.report
    return {
        "format": reading.format,
        "rows": {
            "read": report.read,
            "accepted": report.accepted,
            "rejected": report.rejected,
            "unreadable": report.unreadable,
        },
        "rejected": [one._asdict() for one in report.rejections],
        "unreadable": [{"row": one.row, "reason": "unreadable", "detail": one.detail} for one in report.unreadables],
        "values": [one._asdict() for one in report.withheld],
        "notes": list(report.notes),
        "legs": [_leg_json(leg) for leg in reading.legs],
    }


def _leg_json(leg: Leg) -> dict[str, Any]:
    track = leg.track
    return {
        "icao24": leg.icao24,
        "callsign": leg.callsign,
        "name": leg.name,
        "from": iso(track.time_s[0]),
        "to": iso(track.time_s[-1]),
        "fixes": len(track),
        "distance_km": round(flown_m(track) / 1000, 1),
        "stretches": [
            {"from": iso(state.start_s), "to": iso(state.end_s), "evidence": state.evidence.value}
            for state in states(track)
        ],
    }


def flown_m(track: Track) -> float:
    """Length in metres of the geodesics from each accepted position to the next, gaps included."""
    held = track.accepted
    lat, lon = track.lat_deg[held], track.lon_deg[held]
    return float(np.sum(distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:]))) if len(lat) > 1 else 0.0
