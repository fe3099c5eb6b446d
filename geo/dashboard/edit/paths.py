"""The path of a stretch as lines of text: a place, a position, or a distance and direction from a place, one a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.positions import looks_like_position, read_position, write_position
from geo.dashboard.edit.movable import has_own_position

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER: Final = r"\d+(?:[.,]\d+)?"
_OFFSET: Final = re.compile(rf"(?P<place>.+?)\s*\+\s*(?P<km>{_NUMBER})\s*km\s*@?\s*(?P<bearing>{_NUMBER})\s*°?")
_WITHIN: Final = re.compile(rf"(?P<rest>.+?)\s*(?:±|\+/-|\+-)\s*(?P<km>{_NUMBER})\s*km")


def shown(point: Any) -> str:  # noqa: ANN401  a TOML value
    """A point as a line that can be typed again: ``grozny``, ``43.9, 46.4 ± 30 km``, ``grozny + 18 km @ 111.6°``."""
    if not isinstance(point, dict):
        return str(point)
    within = f" ± {_plain(point['within_km'])} km" if "within_km" in point else ""
    if "from" in point:
        said = f"{shown(point['from'])} + {_plain(point.get('km', ''))} km @ {_plain(point.get('bearing', ''))}°"
    elif "place" in point:
        said = shown(point["place"])
    elif has_own_position(point):
        said = write_position(point["lat"], point["lon"])
    else:
        said = str(point.get("find", point))
    return said + within


def read_path(text: str, before: Sequence[Any]) -> list[Any]:
    """The points of some lines; a line that stands as before is the same point, with all that its table says.

    What cannot be read as a position stays as the name of a place, and is told if there is none of that name.
    """
    known = {shown(point): point for point in before}
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [known[line] if line in known else _point(line) for line in lines if line]


def _point(line: str) -> Any:  # noqa: ANN401  a TOML value
    within = _WITHIN.fullmatch(line)
    if within:
        held = _point(within["rest"])
        km = _read(within["km"])
        return {**held, "within_km": km} if isinstance(held, dict) else {"place": held, "within_km": km}
    offset = _OFFSET.fullmatch(line)
    if offset:
        return {"from": _point(offset["place"]), "km": _read(offset["km"]), "bearing": _read(offset["bearing"])}
    if looks_like_position(line):
        try:
            point = read_position(line)
        except ValueError:
            return line
        return {"lat": point.lat, "lon": point.lon}
    return line


def _read(said: str) -> float | int:
    value = float(said.replace(",", "."))
    return int(value) if value.is_integer() else value


def _plain(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)
