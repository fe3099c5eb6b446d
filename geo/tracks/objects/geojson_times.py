"""Lines in GeoJSON that say when they were where: their positions, and a time for each."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.tracks.objects.parsed import cell
from geo.tracks.times import seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Positions, and the times beside them; as many if all is well.
Timed = tuple[list[Any], list[Any]]

#: Where programs put the times of a line: togeojson (``coordTimes``, later in ``coordinateProperties``), OGC 19-045r3
#: and the extension for moving features of STAC (``datetimes``), zeitpunkt (``time``).
_NAMES: Final = ("coordTimes", "times", "timestamps", "datetimes", "time")
_NESTED: Final = "coordinateProperties"
#: The place of the time in a position of kepler.gl.
_FOURTH: Final = 3


def timed(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> list[Timed]:
    """The lines of a feature with the times of their positions; none where it is no line or has no times."""
    moving = feature.get("temporalGeometry")
    if isinstance(moving, dict):
        parts = moving.get("prisms") if isinstance(moving.get("prisms"), list) else [moving]
        return [(_list(part, "coordinates"), _list(part, "datetimes")) for part in parts or []]
    lines = lines_of(feature.get("geometry"))
    if not lines:
        return []
    times = _times(properties, lines)
    if times is None:
        return []
    if len(times) == len(lines):
        return list(zip(lines, times, strict=True))
    return [([at for line in lines for at in line], [time for some in times for time in some])]


def lines_of(geometry: object) -> list[list[Any]]:
    """The positions of each line in a geometry; several points are a line as well."""
    if not isinstance(geometry, dict):
        return []
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        members = _list(geometry, "geometries")
        return [line for one in members if isinstance(one, dict) and _is_line(one) for line in lines_of(one)]
    if not isinstance(coordinates, list):
        return []
    if kind in ("LineString", "MultiPoint"):
        return [coordinates]
    return [line for line in coordinates if isinstance(line, list)] if kind == "MultiLineString" else []


def _is_line(geometry: Mapping[str, Any]) -> bool:
    return geometry.get("type") in ("LineString", "MultiLineString")


def _list(value: object, name: str) -> list[Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _times(properties: Mapping[str, Any], lines: list[list[Any]]) -> list[list[Any]] | None:
    """The times of each line, or of all of them together; ``None`` for none."""
    nested = properties.get(_NESTED)
    places = [nested, properties] if isinstance(nested, dict) else [properties]
    found = next((times for place in places for name in _NAMES if (times := _list(place, name))), None)
    if found is None:
        return _fourths(lines)
    if all(isinstance(one, list) for one in found):
        return found
    if len(found) != sum(map(len, lines)):
        return [found]
    return [found[start:end] for start, end in pairwise(accumulate(map(len, lines), initial=0))]


def _fourths(lines: list[list[Any]]) -> list[list[Any]] | None:
    """The fourth coordinates, if the first of them is a time; it may be a measure along the line as well."""
    first = next((line[0] for line in lines if line), None)
    try:
        seconds_of(cell(first[_FOURTH]) if isinstance(first, list) else "")
    except (ValueError, IndexError):
        return None
    return [[at[_FOURTH] if isinstance(at, list) and len(at) > _FOURTH else None for at in line] for line in lines]
