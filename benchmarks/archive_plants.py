"""Flights made by hand for an archive, of which every answer is known beforehand.

None of them was flown: callsigns ``PLT…`` and addresses are invented. They climb, cruise, descend and taxi as airliners
do, on geodesics of WGS 84, a fix every ten seconds, and are written as readsb writes a trace. Each is there for one
question, or to be no answer to one: a flight on its way to ``URMG`` that lands at ``UATE``, and those that fly as usual
under its callsign; positions that jump by 300 km near Grozny, and back; passes of Grozny at 49.9 and 50.1 km, and at
50 km less and more a metre; a flight over 180°, one over the pole, one over midnight, and one that jumps by 300 km from
the last position of a day to the first of the next; on the way from ``EFRO`` to ``BIKF`` one that strays by 120 km, one
by 40 km, one that strays the other way about, and one of which two positions are false by 300 km.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EARTH: Final = Geod(ellps="WGS84")
STEP_S: Final = 10
KNOT: Final = 0.514444
#: Latitude, longitude, elevation in feet.
AERODROMES: Final = {
    "UBBB": (40.4675, 50.0467, 10),
    "URMG": (43.3883, 45.6986, 548),
    "UATE": (43.8601, 51.0920, 75),
    "LTAC": (40.1281, 32.9951, 3125),
    "OIIE": (35.4161, 51.1522, 3305),
    "EFRO": (66.5648, 25.8304, 642),
    "BIKF": (63.9850, -22.6056, 171),
}
#: The point that passes are counted from, and where positions jump.
GROZNY: Final = AERODROMES["URMG"][:2]
JUMP: Final = (43.3, 45.8)
_CRUISE_FT, _CRUISE_KT, _CLIMBED_FT = 34_000, 450.0, 25_000
_TAXI_M, _ROLL_M, _STOP_M = 800.0, 2_300.0, 1_500.0
_TAXI_KT, _LIFT_OFF_KT = 15.0, 145.0
_CLIMB_FT_M, _DESCENT_FT_M = 0.20, 0.17
_FALSE_FIXES: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """A flight: times in milliseconds since 1970, positions in millionths of a degree."""

    icao24: str
    callsign: str
    time_ms: NDArray[np.int64]
    lat: NDArray[np.int64]
    lon: NDArray[np.int64]
    altitude_ft: NDArray[np.int64]
    on_ground: NDArray[np.bool_]
    speed_kt: Floats
    #: Positions that it was not at.
    false: NDArray[np.bool_]
    origin: str | None = None
    destination: str | None = None

    def of(self, day: date) -> Flown:
        """The part of it on a day."""
        midnight = round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
        held = (self.time_ms >= midnight) & (self.time_ms < midnight + 86_400_000)
        return self.take(held)

    def take(self, rows: Any) -> Flown:  # noqa: ANN401  a mask, indices or a slice
        """These rows of it."""
        names = ("time_ms", "lat", "lon", "altitude_ft", "on_ground", "speed_kt", "false")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def track_deg(self) -> Floats:
        """Azimuths from fix to fix."""
        lat, lon = self.lat / 1e6, self.lon / 1e6
        azimuth, _, _ = EARTH.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
        found: Floats = np.round(np.r_[azimuth, azimuth[-1:]] % 360, 1) % 360
        return found


def flown(
    who: tuple[str, str], start: datetime, ends: tuple[str, str], via: Sequence[tuple[float, float]] = ()
) -> Flown:
    """A flight from one aerodrome to another, by way of these points."""
    points = [AERODROMES[ends[0]][:2], *via, AERODROMES[ends[1]][:2]]
    low, high = (AERODROMES[end][2] for end in ends)
    azimuth, length = _legs(points)
    total = float(length.sum())
    along = np.linspace(0, total, round(total / 100) + 1)
    left = total - along
    climbed = np.maximum(np.minimum((along - _ROLL_M) * _CLIMB_FT_M, (left - _STOP_M) * _DESCENT_FT_M), 0)
    altitude = np.fmin(_CRUISE_FT, np.where(along < total / 2, low, high) + climbed)
    air = _LIFT_OFF_KT + (_CRUISE_KT - _LIFT_OFF_KT) * np.minimum(climbed / _CLIMBED_FT, 1)
    roll = np.interp(along, [_TAXI_M, _ROLL_M], [_TAXI_KT**2, _LIFT_OFF_KT**2]) ** 0.5
    stop = np.interp(left, [0, _STOP_M], [_TAXI_KT**2, _LIFT_OFF_KT**2]) ** 0.5
    speed = np.where(along < _ROLL_M, roll, np.where(left < _STOP_M, stop, air))
    times = np.r_[0, np.cumsum(100 / (KNOT * (speed[1:] + speed[:-1]) / 2))]
    moments = np.arange(0, times[-1], STEP_S)
    reached = np.interp(moments, times, along)
    ground = (reached < _ROLL_M) | (reached > total - _STOP_M)
    leg = np.minimum(np.searchsorted(np.cumsum(length), reached, side="right"), len(length) - 1)
    begin = np.r_[0, np.cumsum(length)][leg]
    lat, lon = (np.array([point[axis] for point in points])[leg] for axis in (0, 1))
    east, north, _ = EARTH.fwd(lon, lat, azimuth[leg], reached - begin)
    found = _made(who, start, (north, east), np.interp(moments, times, altitude), np.interp(moments, times, speed))
    return replace(found, on_ground=ground, origin=ends[0], destination=ends[1])


def straight(who: tuple[str, str], at: datetime, through: tuple[float, float], azimuth: float, fixes: int) -> Flown:
    """Straight on at cruising height through a point, where there is a fix at this time, and ``fixes`` either side."""
    step = np.arange(-fixes, fixes + 1)
    metres = step * STEP_S * KNOT * _CRUISE_KT
    count = len(step)
    lon, lat, _ = EARTH.fwd(np.full(count, through[1]), np.full(count, through[0]), np.full(count, azimuth), metres)
    start = at - timedelta(seconds=fixes * STEP_S)
    return _made(who, start, (lat, lon), np.full(count, _CRUISE_FT), np.full(count, _CRUISE_KT))


def passing(who: tuple[str, str], at: datetime, km: float, azimuth: float) -> Flown:
    """A pass of Grozny: the fix of this time is so far from it, in this direction, and none is nearer."""
    lon, lat, back = EARTH.fwd(GROZNY[1], GROZNY[0], azimuth, km * 1000)
    return straight(who, at, (lat, lon), back + 90, 150)


def moved(flight: Flown, rows: slice, km: float, azimuth: float) -> Flown:
    """The flight with these positions put elsewhere."""
    lat, lon = flight.lat.copy(), flight.lon.copy()
    count = len(lat[rows])
    east, north, _ = EARTH.fwd(
        lon[rows] / 1e6, lat[rows] / 1e6, np.full(count, azimuth), np.full(count, km * 1000)
    )  # fmt: skip
    lat[rows], lon[rows] = _millionths(north), _millionths(east)
    false = flight.false.copy()
    false[rows] = True
    return replace(flight, lat=lat, lon=lon, false=false)


def beside(ends: tuple[str, str], km: float) -> tuple[float, float]:
    """The point so far to the right of the middle of the way from one aerodrome to the other."""
    (lat, lon, _), (to_lat, to_lon, _) = (AERODROMES[end] for end in ends)
    azimuth, _, length = EARTH.inv(lon, lat, to_lon, to_lat)
    east, north, back = EARTH.fwd(lon, lat, azimuth, length / 2)
    east, north, _ = EARTH.fwd(east, north, back + 180 + 90, km * 1000)
    return float(north), float(east)


def _legs(points: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    lat, lon = (np.array([point[axis] for point in points]) for axis in (0, 1))
    azimuth, _, length = EARTH.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.asarray(azimuth), np.asarray(length)


def _millionths(degrees: Any) -> NDArray[np.int64]:  # noqa: ANN401  pyproj has no types for arrays
    found: NDArray[np.int64] = np.rint(np.asarray(degrees) * 1e6).astype(np.int64)
    return found


def _made(who: tuple[str, str], start: datetime, place: tuple[Any, Any], altitude: Floats, speed: Floats) -> Flown:
    count = len(altitude)
    return Flown(
        icao24=who[0],
        callsign=who[1],
        time_ms=round(start.timestamp() * 1000) + 1000 * STEP_S * np.arange(count),
        lat=_millionths(place[0]),
        lon=_millionths(place[1]),
        altitude_ft=np.rint(altitude / 25).astype(np.int64) * 25,
        on_ground=np.zeros(count, dtype=np.bool_),
        speed_kt=np.round(speed, 1),
        false=np.zeros(count, dtype=np.bool_),
    )


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2024, 12, day, hour, minute, 0, 370_000, tzinfo=UTC)


@cache
def plants() -> dict[str, Flown]:
    """All of them, by what they are there for."""
    usual, stray, back = ("UBBB", "URMG"), ("EFRO", "BIKF"), ("BIKF", "EFRO")
    over = flown(("3c5005", "PLT110"), _at(25, 3, 40), ("UATE", "LTAC"), [JUMP])
    lat, lon = JUMP
    _, _, away = EARTH.inv(over.lon / 1e6, over.lat / 1e6, np.full(len(over.lon), lon), np.full(len(over.lon), lat))
    jump = int(np.argmin(np.hypot(over.lat / 1e6 - lat, over.lon / 1e6 - lon)))
    assert away[jump] < 3_000  # noqa: S101, PLR2004  a fix lies within one step of the point
    late = straight(("0a1b30", "PLT250"), _at(26, 0, 5), (-42.0, 78.0), 60, 180)
    after = int(np.argmax(late.time_ms >= round(datetime(2024, 12, 26, tzinfo=UTC).timestamp() * 1000)))
    direct = flown(("46c022", "PLT300"), _at(25, 10, 0), stray)
    half = len(direct.lat) // 2
    return {
        "diverted": flown(("60f001", "PLT701"), _at(25, 4, 0), ("UBBB", "UATE"), [(43.2, 46.1), (43.0, 47.0)]),
        "usual": flown(("60f002", "PLT701"), _at(25, 15, 0), usual),
        "usual, next day": flown(("60f003", "PLT701"), _at(26, 4, 0), usual),
        "back": flown(("60f002", "PLT702"), _at(25, 18, 0), ("URMG", "UBBB")),
        "elsewhere": flown(("60f004", "PLT900"), _at(25, 9, 0), ("UBBB", "UATE")),
        "elsewhere, next day": flown(("60f004", "PLT900"), _at(26, 9, 0), ("UBBB", "UATE")),
        "jump": moved(over, slice(jump + 1, jump + 1 + _FALSE_FIXES), 300, 20),
        "49.9 km": passing(("a8000a", "PLT499"), _at(25, 5, 10), 49.9, 90),
        "50.1 km": passing(("a8000b", "PLT501"), _at(25, 5, 12), 50.1, 90),
        "50 km less a metre": passing(("~a8000c", "PLT500"), _at(25, 5, 20), 49.999, 0),
        "50 km and a metre": passing(("~a8000d", "PLT502"), _at(25, 5, 22), 50.001, 0),
        "antimeridian": straight(("7e2010", "PLT180"), _at(25, 10, 0), (51.5, -179.99), 85, 180),
        "pole": straight(("15e011", "PLT090"), _at(25, 13, 0), (89.93, 40.0), 110, 240),
        "midnight": flown(("d1f012", "PLT240"), _at(25, 22, 40), ("OIIE", "LTAC")),
        "jump over midnight": moved(late, slice(after, after + _FALSE_FIXES), 300, 150),
        "strayed": flown(("46c020", "PLT120"), _at(25, 8, 0), stray, [beside(stray, 120)]),
        "strayed by 40 km": flown(("46c021", "PLT040"), _at(25, 9, 0), stray, [beside(stray, 40)]),
        "strayed on the way back": flown(("46c023", "PLT121"), _at(25, 13, 0), back, [beside(back, 120)]),
        "false position": moved(direct, slice(half, half + 2), 300, 350),
    }


def addresses() -> frozenset[str]:
    """The addresses of all of them."""
    return frozenset(one.icao24 for one in plants().values())


def traces(day: date) -> dict[str, bytes]:
    """The traces of a day as readsb writes them, by address."""
    held: dict[str, list[Flown]] = {}
    for one in plants().values():
        part = one.of(day)
        if len(part.time_ms):
            held.setdefault(part.icao24, []).append(part)
    return {icao24: _text(sorted(parts, key=lambda part: int(part.time_ms[0]))) for icao24, parts in held.items()}


def _text(parts: Iterable[Flown]) -> bytes:
    rows: list[Any] = []
    start_ms = None
    for part in parts:
        start_ms = int(part.time_ms[0]) if start_ms is None else start_ms
        columns = zip(
            ((part.time_ms - start_ms) / 1000).tolist(),
            (part.lat / 1e6).tolist(),
            (part.lon / 1e6).tolist(),
            part.altitude_ft.tolist(),
            part.on_ground.tolist(),
            part.speed_kt.tolist(),
            part.track_deg().tolist(),
            strict=True,
        )
        detail = {"type": "adsb_icao", "flight": f"{part.callsign:<8}", "nic": 8, "nac_p": 9, "sil": 3}
        for index, (offset, lat, lon, altitude, ground, speed, track) in enumerate(columns):
            flags = 2 if index == 0 and rows else 0
            told = detail if index % 4 == 0 else None
            height = "ground" if ground else altitude
            rows.append([offset, lat, lon, height, speed, track, flags, 0, told, "adsb_icao", None, None, None, None])
    head = {"icao": next(iter(parts)).icao24, "timestamp": (start_ms or 0) / 1000}
    return json.dumps({**head, "trace": rows}, separators=(",", ":")).encode()
