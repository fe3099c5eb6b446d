"""The rows in GeoJSON: which features hold fixes, and what of them is read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.errors import TrackUnreadable
from geo.tracks import exported
from geo.tracks.objects.entries import Entries
from geo.tracks.objects.geojson_fixes import (
    LABELS_HELD,
    TRAJECTORY,
    Properties,
    line_labels,
    moment,
    placed,
    rows_of,
    sentence,
    text,
)
from geo.tracks.objects.geojson_times import Timed, lines_of, timed
from geo.tracks.objects.json_blocks import Broken, glimpse
from geo.tracks.text import shown
from geo.tracks.uncut import cuts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.tracks.rows import Rows

#: What marks a collection of ours, and in it a feature that is only drawn.
_OURS: Final = "flightcase"
#: Names of a line in its properties, the likeliest first.
_LINE: Final = (*TRAJECTORY, "id", "name")
_PREVIOUS: Final = "prev_t"
#: Where a rendering writes the times of a line, and how the ids of the lines of the flight itself begin there.
_TIMES: Final = "coordTimes"
_FLIGHT: Final = "stretch-"
#: Kinds of features that a note tells.
_FEW: Final = 8


class _Point(NamedTuple):
    """A feature that may be a fix: its number, its position as it came, its properties, the name of its time."""

    feature: int
    position: Any
    properties: Mapping[str, Any]
    time: str | None = None


class _Line(NamedTuple):
    """A feature whose positions are fixes: its number, properties, name, and its lines with their times."""

    feature: int
    properties: Mapping[str, Any]
    name: str
    lines: list[Timed]


class Found:
    """What a file holds so far: points, lines with times, what is broken, and how many features are neither."""

    def __init__(self) -> None:
        self._entries: list[_Point | _Line | Broken] = []
        self._other: Counter[str] = Counter()
        self._count = 0
        self._ours = False
        self._scene = False
        self._left_out = exported.LeftOut()
        self._ends: dict[str | None, str | None] = {}

    def take(self, value: object) -> None:
        """A collection, a list of features, a feature, or a geometry by itself."""
        if isinstance(value, dict) and "features" in value:
            self._ours = self._ours or _OURS in value
            self._scene = self._scene or value.get("format") == exported.FORMAT
            features = value["features"]
            for feature in features if isinstance(features, list) else [features]:
                self._take(feature)
        elif isinstance(value, list):
            for feature in value:
                self._take(feature)
        elif isinstance(value, dict) and value.get("type") not in ("Feature", "FeatureCollection"):
            self._take({"geometry": value, "properties": {}})
        elif not (isinstance(value, dict) and value.get("type") == "FeatureCollection"):
            self._take(value)

    def _take(self, feature: object) -> None:
        self._count += 1
        if not isinstance(feature, dict):
            detail = feature.detail if isinstance(feature, Broken) else f"it is {glimpse(feature)}, not a feature"
            self._entries.append(Broken(f"feature {self._count:,}: {detail}"))
            return
        given = feature.get("properties")
        properties = given if isinstance(given, dict) else {}
        if _OURS in properties:
            return
        geometry = feature.get("geometry")
        if why := exported.why_not(properties, ours=self._scene):
            self._left_out.add(why, sum(map(len, lines_of(geometry))) or _is_point(geometry))
            return
        feature = _uncut(feature, properties)
        properties = feature.get("properties") or properties
        shape = geometry if isinstance(geometry, dict) else {}
        kind = shape.get("type")
        if lines := timed(feature, properties):
            self._entries.append(_Line(self._count, properties, self._name(feature, properties), lines))
        elif kind == "Point":
            self._entries.append(_Point(self._count, shape.get("coordinates"), properties))
        elif geometry is None:
            self._entries.append(_Point(self._count, None, properties))
        elif _PREVIOUS in properties and len(line := next(iter(lines_of(geometry)), [])) > 1:
            self._step(line, properties)
        else:
            self._other[kind if isinstance(kind, str) else "unknown"] += 1

    def _name(self, feature: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
        if properties.get("kind") == "line" and str(feature.get("id")).startswith(_FLIGHT):
            return ""  # one of several lines of the flight itself
        names = [*(properties.get(name) for name in _LINE), feature.get("id")]
        return next((name for name in map(text, names) if name), f"feature {self._count}")

    def _step(self, line: list[Any], properties: Mapping[str, Any]) -> None:
        """A step of MovingPandas: its end, and its start if the step before did not end there."""
        whose = next((name for name in map(text, map(properties.get, TRAJECTORY)) if name), None)
        start, end = text(properties[_PREVIOUS]), text(properties.get("t"))
        if start is None or self._ends.get(whose) != start:
            self._entries.append(_Point(self._count, line[0], properties, _PREVIOUS))
        self._entries.append(_Point(self._count, line[-1], properties, "t"))
        self._ends[whose] = end

    def rows(self, source: str) -> Rows:
        """The rows of it all.

        Raises:
            TrackUnreadable: when nothing in it has a time, or it is no track.
        """
        if self._left_out and not self._entries:
            raise self._left_out.nothing(source)
        points = [entry for entry in self._entries if isinstance(entry, _Point)]
        lines = any(isinstance(entry, _Line) for entry in self._entries)
        columns = None if lines else Properties.of([point.properties for point in points])
        if len(points) == len(self._entries) and columns is None and (points or self._other):
            raise TrackUnreadable(source, self._timeless(len(points)))
        table = Entries(source, *LABELS_HELD)
        for entry in self._entries:
            if isinstance(entry, Broken):
                table.fail(entry.detail)
            elif isinstance(entry, _Line):
                _add_line(table, entry)
            elif columns is not None:
                columns.add(table, *entry)
        unread = self._other + Counter({"Point": len(points) if columns is None else 0})
        notes = (*self._left_out.notes(), *((f"not read: {_counted(unread)}",) if unread else ()))
        return rows_of(table, columns, ours=self._ours, notes=notes)

    def _timeless(self, points: int) -> str:
        lines = sum(self._other[kind] for kind in ("LineString", "MultiLineString", "MultiPoint", "GeometryCollection"))
        if not (lines or points):
            return f"it holds {_counted(self._other)}; a track is lines or points with times"
        what = " or ".join(word for word, count in (("line", lines), ("point", points)) if count)
        return (
            f"no {what} in it says when it was where, and a track without times is no flight; give each line an array "
            "coordTimes with a time for each position, or each point a property time"
        )


def _is_point(geometry: object) -> bool:
    return isinstance(geometry, dict) and geometry.get("type") == "Point"


def _uncut(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """A line that a rendering drew, without the positions at which it only was cut; another is left as it is."""
    lines = lines_of(feature.get("geometry")) if {"evidence", "basis"} <= {*properties} else []
    left_out, times = cuts(lines), properties.get(_TIMES)
    if not left_out or not isinstance(times, list) or [*map(_length, times)] != [*map(len, lines)]:
        return feature
    kept = [[at for place, at in enumerate(line) if (part, place) not in left_out] for part, line in enumerate(lines)]
    when = [[at for place, at in enumerate(some) if (part, place) not in left_out] for part, some in enumerate(times)]
    geometry = {"type": "MultiLineString", "coordinates": kept}
    return {**feature, "geometry": geometry, "properties": {**properties, _TIMES: when}}


def _length(times: object) -> int:
    return len(times) if isinstance(times, list) else -1


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{count:,} {shown(kind)[1:-1]}" for kind, count in sorted(kinds.items())[:_FEW])


def _add_line(table: Entries, line: _Line) -> None:
    """Add each position of these lines."""
    labels = line_labels(line.properties)
    labels["part"] = None if labels["icao24"] else line.name or None
    place = 0
    for positions, times in line.lines:
        unequal = f"the line has {len(positions):,} positions and {len(times):,} times"
        for index in range(len(positions) or min(len(times), 1)):
            place += 1
            try:
                if len(positions) != len(times):
                    raise ValueError(unequal)  # noqa: TRY301  said of each of its rows
                values = placed(positions[index]) | {"time_s": moment(times[index])}
            except (ValueError, OverflowError, RecursionError) as wrong:
                table.fail(f"feature {line.feature:,}, position {place:,}: {sentence(wrong)}")
            else:
                table.add(values, **labels)
