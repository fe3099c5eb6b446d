"""Which quantity a column of a plain table holds, by its name, and in which unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.measures import FOOT_M, KNOT_KMH, KNOT_M_S, MILE_KM
from geo.tracks.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Units by their names, each with what one of ours (foot, knot, foot a minute) is in it.
_FEET: Final = {
    **dict.fromkeys(("ft", "feet", "foot"), 1.0),
    **dict.fromkeys(("m", "metres", "meters", "metre", "meter"), FOOT_M),
    "km": 0.0003048,
}
_KNOTS: Final = {
    **dict.fromkeys(("kt", "kts", "kn", "knots", "knot"), 1.0),
    **dict.fromkeys(("kmh", "kph", "km_h"), KNOT_KMH),
    **dict.fromkeys(("ms", "mps", "m_s"), KNOT_M_S),
    "mph": KNOT_KMH / MILE_KM,
}
_FEET_A_MINUTE: Final = {
    **dict.fromkeys(("fpm", "ft_min", "ftmin"), 1.0),
    **dict.fromkeys(("ms", "mps", "m_s"), FOOT_M / 60),
}
_DEGREES: Final = {"": 1.0, "deg": 1.0, "degrees": 1.0}
_NONE: Final = {"": 1.0}

_QUANTITIES: Final[tuple[tuple[str, str, dict[str, float]], ...]] = (
    ("lat_deg", "lat latitude", _DEGREES),
    ("lon_deg", "lon lng long longitude", _DEGREES),
    ("altitude_ft", "altitude alt baro_altitude baro_alt alt_baro pressure_altitude baroaltitude", _FEET),
    (
        "geometric_altitude_ft",
        "geometric_altitude geo_altitude geoaltitude gps_altitude gnss_altitude alt_geom gps_alt geo_alt",
        _FEET,
    ),
    ("ground_speed_kt", "ground_speed groundspeed gs speed velocity", _KNOTS),
    ("track_deg", "track course direction cog track_angle", _DEGREES),
    ("heading_deg", "heading hdg true_heading", _DEGREES),
    ("true_airspeed_kt", "true_airspeed tas", _KNOTS),
    ("indicated_airspeed_kt", "indicated_airspeed ias", _KNOTS),
    (
        "vertical_rate_fpm",
        "vertical_rate vertrate vert_rate vertical_speed vspeed vs rate_of_climb roc baro_rate geom_rate",
        _FEET_A_MINUTE,
    ),
    ("nic", "nic", _NONE),
    ("nacp", "nacp nac_p", _NONE),
    ("sil", "sil", _NONE),
    ("on_ground", "on_ground onground ground", _NONE),
)
_TIMES: Final = (
    *("time", "timestamp", "utc", "gmt", "datetime", "date_time", "epoch", "unix", "unix_time", "posix_time"),
    *("utc_time", "utc_datetime", "utc_timestamp", "gmt_time"),
)
_TIME_UNITS: Final = ("", "utc", "s", "ms", "us", "ns", "epoch", "epoch_s", "epoch_ms", "z", "gmt", "unix", "iso")
_SAYS_UTC: Final = re.compile(r"(^|_)(utc|gmt|z)(_|$)")
#: ``UTC+03:00`` in the name of a column.
_OFFSET: Final = re.compile(r"(?<![a-z])(utc|gmt)\s*([+\-−])\s*(1[0-4]|0?\d)(?::?([0-5]\d))?(?!\d)", re.IGNORECASE)
#: A time with the name of a zone: ``time_est``, ``timestamp_local``.
_ZONED: Final = re.compile(
    r"(?:local_)?(?:time|timestamp|datetime|date_time)_(?:[a-z]{2,4}|local)|local_(?:time|datetime)"
)
_LABELS: Final = {
    **dict.fromkeys(("icao24", "hex", "icao", "icao_address", "icao24_address", "mode_s"), "icao24"),
    **dict.fromkeys(("callsign", "flight", "ident", "flight_id", "cs"), "callsign"),
    "reason": "reason",
    "altitude_reason": "altitude_reason",
}


class _Tool(NamedTuple):
    """A program that writes tables without units: the names by which it is known, and the units it documents."""

    title: str
    known_by: frozenset[str]
    not_by: frozenset[str]
    units: dict[str, str]


#: Programs whose documentation gives one unit for each of their names, and whose names no other program uses.
_TOOLS: Final = (
    # README-json.md of readsb, of which ADS-B Exchange, adsb.lol and airplanes.live take the names
    *(
        _Tool(
            "readsb",
            frozenset({name}),
            frozenset(),
            {
                **dict.fromkeys(("alt_baro", "alt_geom"), "ft"),
                **dict.fromkeys(("gs", "tas", "ias"), "kt"),
                **dict.fromkeys(("baro_rate", "geom_rate"), "fpm"),
            },
        )
        for name in ("alt_baro", "alt_geom", "baro_rate")
    ),
    # Flight of traffic: altitude in feet, speeds in knots, vertical rate in feet a minute. OpenSky's own names beside
    # them say that the table comes from elsewhere, perhaps in metres.
    _Tool(
        "traffic",
        frozenset(
            ("timestamp", "icao24", "latitude", "longitude", "altitude", "groundspeed", "track", "vertical_rate")
        ),
        frozenset(("lastposupdate", "lastcontact", "velocity", "vertrate", "baroaltitude")),
        {
            **dict.fromkeys(("altitude", "geoaltitude"), "ft"),
            **dict.fromkeys(("groundspeed", "tas", "ias"), "kt"),
            "vertical_rate": "fpm",
        },
    ),
)


def _simple(title: str) -> str:
    """``Altitude (ft)`` as ``altitude_ft``."""
    return re.sub(
        r"[^a-z0-9]+", "_", title.lower().replace("°", "deg").replace("km/h", "kmh").replace("m/s", "ms")
    ).strip("_")


def _known() -> tuple[dict[str, tuple[str, float]], dict[str, dict[str, float]]]:
    """Quantity and divisor of every full name, and the units that a name without one lacks."""
    full: dict[str, tuple[str, float]] = {}
    lacking: dict[str, dict[str, float]] = {}
    for quantity, names, units in _QUANTITIES:
        for name in names.split():
            for unit, divisor in units.items():
                full[f"{name}_{unit}" if unit else name] = (quantity, divisor)
            if "" not in units:
                lacking[name] = units
    for name in _TIMES:
        for unit in _TIME_UNITS:
            full[f"{name}_{unit}" if unit else name] = ("time_s", 1.0)
    return full, lacking


_FULL, _LACKING = _known()
_UNITS: Final = {quantity: units for quantity, _, units in _QUANTITIES}
#: What may stand in a line of units.
_WORDS: Final = frozenset(
    {unit for units in _UNITS.values() for unit in units}
    | set(_TIME_UNITS)
    | {"sec", "seconds", "deg_true", "iso8601", "iso_8601", "hex", "text", "none", "n_a", "bool", "yyyy_mm_dd"}
)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a plain table: for each quantity its index and divisor, for each label its index.

    ``utc`` says that the name of the time column names the zone, ``offset_s`` by how many seconds that is ahead of
    UTC. ``unitless`` gives for each column that lacks its unit the names it could have, ``zoned`` the columns of
    times in a zone that is not known. ``notes`` says what was taken for granted.
    """

    width: int
    quantities: dict[str, tuple[int, float]]
    labels: dict[str, int]
    titles: tuple[str, ...]
    ignored: tuple[str, ...]
    unitless: dict[str, tuple[str, ...]]
    utc: bool
    offset_s: float = 0.0
    zoned: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of time, latitude and longitude it has not."""
        words = {"time_s": "time", "lat_deg": "lat", "lon_deg": "lon"}
        return tuple(word for name, word in words.items() if name not in self.quantities)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a plain table is written: its columns, what parts its cells, whether a comma is its decimal sign."""

    header: Header
    delimiter: str
    decimal_comma: bool = False


def understood(titles: Sequence[str]) -> Header:
    """What these column titles say; of two columns for one quantity the first counts, the other is ignored."""
    quantities: dict[str, tuple[int, float]] = {}
    labels: dict[str, int] = {}
    ignored: list[str] = []
    unitless: dict[str, tuple[str, ...]] = {}
    utc, offset_s = False, 0.0
    names = [_simple(title) for title in titles]
    tool = next((tool for tool in _TOOLS if tool.known_by <= set(names) and not tool.not_by & set(names)), None)
    taken: list[str] = []
    for index, title in enumerate(titles):
        name, ahead_s = _placed(title)
        if tool and name in tool.units:
            taken.append(f"{title} in {tool.units[name]}")
            name = f"{name}_{tool.units[name]}"
        if name in _LABELS and _LABELS[name] not in labels:
            labels[_LABELS[name]] = index
        elif name in _FULL and _FULL[name][0] not in quantities:
            quantity, divisor = _FULL[name]
            quantities[quantity] = (index, divisor)
            if quantity == "time_s":
                utc, offset_s = bool(_SAYS_UTC.search(name)), ahead_s
        elif name in _LACKING:
            first, *others = dict.fromkeys(f"{name}_{unit}" for unit in _LACKING[name])
            unitless[title] = (first, *others)
        else:
            ignored.append(title)
    return Header(
        width=len(titles),
        quantities=quantities,
        labels=labels,
        titles=tuple(titles),
        ignored=tuple(ignored),
        unitless=unitless,
        utc=utc,
        offset_s=offset_s,
        zoned=tuple(title for title, name in zip(titles, names, strict=True) if _ZONED.fullmatch(name)),
        notes=(f"the columns have the names that {tool.title} writes: read {', '.join(taken)}",)
        if tool and taken
        else (),
    )


def _placed(title: str) -> tuple[str, float]:
    """The simple name of a column, and the seconds by which the zone in it is ahead of UTC."""
    found = _OFFSET.search(title)
    if found is None:
        return _simple(title), 0.0
    ahead_s = 3600.0 * int(found[3]) + 60.0 * int(found[4] or 0)
    name = _simple(title.replace(found[0], found[1])).removeprefix("local_")
    return name, ahead_s if found[2] == "+" else -ahead_s


def with_units(titles: Sequence[str], second: Sequence[str]) -> list[str] | None:
    """The titles with the units of the second line of a table, or ``None`` if that line is no line of units.

    It is one if every cell is blank or the name of a unit, and more than one is not blank.

    Raises:
        ValueError: a sentence on a column whose title says one unit and whose second line another.
    """
    units = [_simple(cell) for cell in second]
    if len(second) != len(titles) or sum(map(bool, units)) <= 1 or not all(unit in _WORDS for unit in units):
        return None
    return [_with_unit(title, cell, unit) for title, cell, unit in zip(titles, second, units, strict=True)]


def _with_unit(title: str, cell: str, unit: str) -> str:
    name = _simple(title)
    if unit and f"{name}_{unit}" in _FULL:
        return f"{title} ({unit})"
    quantity, divisor = _FULL.get(name, ("", 1.0))
    if _UNITS.get(quantity, {}).get(unit, divisor) != divisor:
        raise ValueError(f"the column {shown(title)} says {shown(cell)} in the line under it; write one of the two")
    return title
