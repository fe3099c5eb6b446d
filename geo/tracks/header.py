"""Which quantity a column of a plain table holds, by its name, and in which unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Units by their names, each with what one of ours (foot, knot, foot a minute) is in it.
_FEET: Final = {"ft": 1.0, "feet": 1.0, "foot": 1.0, **dict.fromkeys(("m", "metres", "meters"), 0.3048)}
_KNOTS: Final = {
    **dict.fromkeys(("kt", "kts", "kn", "knots"), 1.0),
    **dict.fromkeys(("kmh", "kph", "km_h"), 1.852),
    **dict.fromkeys(("ms", "mps", "m_s"), 1.852 / 3.6),
    "mph": 1.852 / 1.609344,
}
_FEET_A_MINUTE: Final = {
    **dict.fromkeys(("fpm", "ft_min", "ftmin"), 1.0),
    **dict.fromkeys(("ms", "mps", "m_s"), 0.3048 / 60),
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
        "vertical_rate vertrate vert_rate vertical_speed vspeed vs rate_of_climb roc",
        _FEET_A_MINUTE,
    ),
    ("nic", "nic", _NONE),
    ("nacp", "nacp nac_p", _NONE),
    ("on_ground", "on_ground onground ground", _NONE),
)
_TIMES: Final = "time timestamp utc datetime date_time epoch unix unix_time posix_time"
_TIME_UNITS: Final = ("", "utc", "s", "ms", "us", "ns", "epoch", "epoch_s", "epoch_ms", "z", "gmt", "unix", "iso")
_SAYS_UTC: Final = re.compile(r"(^|_)(utc|gmt|z)$")
_LABELS: Final = {
    **dict.fromkeys(("icao24", "hex", "icao", "icao_address", "icao24_address", "mode_s"), "icao24"),
    **dict.fromkeys(("callsign", "flight", "ident", "flight_id", "cs"), "callsign"),
    "reason": "reason",
}


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
    for name in _TIMES.split():
        for unit in _TIME_UNITS:
            full[f"{name}_{unit}" if unit else name] = ("time_s", 1.0)
    return full, lacking


_FULL, _LACKING = _known()


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a plain table: for each quantity its index and divisor, for each label its index.

    ``utc`` says that the name of the time column names the zone. ``unitless`` gives for each column that lacks its
    unit the names it could have.
    """

    width: int
    quantities: dict[str, tuple[int, float]]
    labels: dict[str, int]
    titles: tuple[str, ...]
    ignored: tuple[str, ...]
    unitless: dict[str, tuple[str, ...]]
    utc: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of time, latitude and longitude it has not."""
        words = {"time_s": "time", "lat_deg": "lat", "lon_deg": "lon"}
        return tuple(word for name, word in words.items() if name not in self.quantities)


def understood(titles: Sequence[str]) -> Header:
    """What these column titles say; of two columns for one quantity the first counts, the other is ignored."""
    quantities: dict[str, tuple[int, float]] = {}
    labels: dict[str, int] = {}
    ignored: list[str] = []
    unitless: dict[str, tuple[str, ...]] = {}
    utc = False
    for index, title in enumerate(titles):
        name = _simple(title)
        if name in _LABELS and _LABELS[name] not in labels:
            labels[_LABELS[name]] = index
        elif name in _FULL and _FULL[name][0] not in quantities:
            quantity, divisor = _FULL[name]
            quantities[quantity] = (index, divisor)
            utc = utc or (quantity == "time_s" and bool(_SAYS_UTC.search(name)))
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
    )
