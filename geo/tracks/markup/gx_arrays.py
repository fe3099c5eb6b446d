"""Arrays of values that stand beside the times and positions of a ``gx:Track``."""

from __future__ import annotations

import math
import re
from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.measures import KNOT_KMH, KNOT_M_S, MILE_KM
from geo.tracks.markup.xml_rows import name_of, number

if TYPE_CHECKING:
    from geo.model.track import FloatColumn

_KMH: Final = 1 / KNOT_KMH
_MPH: Final = MILE_KM / KNOT_KMH
#: Arrays whose names say what they hold: our column, and the factor from their unit to ours.
_ARRAYS: Final = {
    **dict.fromkeys(("speed_kts", "speed_kt", "ground_speed_kt", "groundspeed_kt", "gs_kt"), ("ground_speed_kt", 1.0)),
    **dict.fromkeys(("speed_mps", "speed_m_s", "ground_speed_m_s"), ("ground_speed_kt", 1 / KNOT_M_S)),
    **dict.fromkeys(("speed_kmh", "speed_km_h", "speed_kph"), ("ground_speed_kt", _KMH)),
    "speed_mph": ("ground_speed_kt", _MPH),
    **dict.fromkeys(("track_deg", "course_deg"), ("track_deg", 1.0)),
    "heading_deg": ("heading_deg", 1.0),
    **dict.fromkeys(("true_airspeed_kt", "tas_kt"), ("true_airspeed_kt", 1.0)),
    **dict.fromkeys(("indicated_airspeed_kt", "ias_kt"), ("indicated_airspeed_kt", 1.0)),
    **dict.fromkeys(("vertical_rate_fpm", "vertical_speed_fpm"), ("vertical_rate_fpm", 1.0)),
    "pressure_altitude_ft": ("altitude_ft", 1.0),
}
#: The array that is in degrees in files of ForeFlight, and in radians in others.
COURSE: Final = "course"
_HEADING: Final = "heading_deg"
#: So many names of arrays that are not read are told.
_MOST_IGNORED: Final = 20


class Beside:
    """The arrays that stand beside times and positions: of the open track, and of all."""

    def __init__(self) -> None:
        self.within = False
        self.ignored: dict[str, None] = {}
        self.wrong: dict[str, None] = {}
        self.unfit: dict[str, None] = {}
        self._here: dict[str, array[float]] = {}
        self._elsewhere: dict[str, array[float]] = {}
        self._spans: list[tuple[int, dict[str, array[float]]]] = []
        self._array: array[float] | None = None
        self._key, self._factor = "", 1.0
        self._whole = True

    def called(self, name: str) -> None:
        """An array of this name begins."""
        key = re.sub(r"[^a-z0-9]+", "_", name[:80].lower()).strip("_")
        self._array = None
        if key == COURSE or key in _ARRAYS:
            self._key, self._factor = _ARRAYS.get(key, (COURSE, 1.0))
            self._array = (self._here if self.within else self._elsewhere).setdefault(self._key, array("d"))
        elif len(self.ignored) < _MOST_IGNORED:
            self.ignored[name_of(name)] = None

    def value(self, text: str) -> None:
        """The next value of the array."""
        if self._array is not None:
            self._array.append(self._number(text, self._key) * self._factor)

    def angles(self, text: str) -> None:
        """Heading, tilt and roll; only the first is read."""
        heading = text.split(maxsplit=1)[:1]
        self._here.setdefault(_HEADING, array("d")).append(self._number("".join(heading), "gx:angles"))

    def _number(self, text: str, key: str) -> float:
        try:
            return number(text.strip(), key)
        except ValueError:
            self.wrong[key] = None
            return math.nan

    def end(self, start: int, count: int, *, whole: bool) -> None:
        """The track is whole: so many rows from ``start`` on, each a pair if ``whole``."""
        fit = {key: values for key, values in self._here.items() if whole and len(values) == count}
        self.unfit.update(dict.fromkeys(self._here.keys() - fit.keys()))
        if fit and count:
            self._spans.append((start, fit))
        self._here, self._array, self.within = {}, None, False
        self._whole &= whole

    def columns(self, total: int) -> dict[str, FloatColumn]:
        """The columns of all ``total`` rows, those that cannot be read too; none that is without a value."""
        fit = {key: values for key, values in self._elsewhere.items() if self._whole and len(values) == total}
        self.unfit.update(dict.fromkeys(self._elsewhere.keys() - fit.keys()))
        found: dict[str, FloatColumn] = {}
        for start, arrays in [(0, fit), *self._spans]:
            for key, values in arrays.items():
                column = found.setdefault(key, np.full(total, np.nan))
                column[start : start + len(values)] = values
        empty = [key for key, column in found.items() if np.isnan(column).all()]
        if _HEADING in found and not np.any(np.nan_to_num(found[_HEADING])):
            empty.append(_HEADING)
        return {key: column for key, column in found.items() if key not in empty}

    def notes(self) -> tuple[str, ...]:
        """What was left out."""
        return (
            *(f"{key} is left out of a track in which it has not one value for each time" for key in self.unfit),
            *(f"values of {key} that are no numbers are left out" for key in self.wrong),
        )
