"""GPX 1.0 and 1.1, also without a namespace: the tracks in it, point by point.

A row is a ``trkpt``. Waypoints (``wpt``) and points of routes (``rtept``) are places, not fixes, and are no rows, nor
is a track without points. ``time`` is UTC, says the schema (https://www.topografix.com/GPX/1/1/), and so is one
without a zone. ``lat`` and ``lon`` are degrees in WGS 84.

``ele`` is metres (``geometric_altitude_ft``). The schema does not say above what; that it has ``geoidheight`` beside
it, the height of the geoid above the ellipsoid as in NMEA's GGA, makes it a height above sea level. Where
``geoidheight`` is given it is added, which makes it one above the ellipsoid; elsewhere the difference, up to some
100 m, is not corrected. Programs with a barometer write its altitude there too, and nothing tells.

``speed`` is m/s over ground and ``course`` degrees true: of GPX 1.0, of Garmin's TrackPointExtension (version 2), and
``speed`` under the names that GPXDATA, OsmAnd and Bad Elf give it. Other extensions, magvar, satellites and dilutions
have no place in a track.

Tracks and routes that a rendering of ours drew, and that were not received, are no rows (``exported``); they are known
by our elements in their extensions, or, where a program has dropped these, by a ``type`` that is a style of ours.

Each ``trk`` is a part, called by its name or number; its segments (``trkseg``) are one flight. A file of ours
is read as ``own_gpx`` says, with all that we wrote.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geo.errors import TrackUnreadable
from geo.measures import FOOT_M, KNOT_M_S
from geo.tracks.exported import DRAWN, NAMESPACE, SAID, LeftOut, why_not
from geo.tracks.markup import own_gpx
from geo.tracks.markup.walk import Walk, behind, local, root_of, utf8
from geo.tracks.markup.xml_rows import NO_TIME, Gather, distinct, moment_s, name_of, noted, number

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NAME: Final = "gpx"
TITLE: Final = "GPX"

_COLUMNS: Final = ("time_s", "lat_deg", "lon_deg", "geometric_altitude_ft", "ground_speed_kt", "track_deg")
_WANTED: Final = frozenset(
    {"trk", "trkpt", "wpt", "rte", "rtept", "name", "number", "type", "time", "ele", "geoidheight", "speed", "course"}
)
#: Garmin's element around its speed and course.
_GARMIN: Final = "TrackPointExtension"
#: Elements of extensions that are a speed in m/s, by the prefix that their programs write.
_SPEEDS: Final = frozenset({"gpxdata:speed", "osmand:speed", "badelf:speed"})
_NOTHING: Final = (math.nan, math.nan, math.nan)
#: The elements whose start matters.
_STARTS: Final = ("trk", "trkpt", "wpt", "rte", "rtept")
#: Elements of extensions in which a rendering of ours says what it drew.
_SAID: Final = {name: f"said {name}" for name in SAID}
#: So much is looked at to see whether a rendering of ours wrote the file.
_HEAD: Final = 1 << 12


def sniff(head: bytes) -> str | None:
    """The name of the format if the root element is ``gpx``."""
    return NAME if root_of(head) == "gpx" else None


def _wanted(tag: str) -> str:
    if tag in _SPEEDS:
        return "m/s"
    name = local(tag)
    if name in _SAID and name != tag:
        return _SAID[name]
    return name if name in _WANTED or name == _GARMIN else ""


class _Points:
    """What a walk finds: the points, and what tracks are called."""

    def __init__(self, walk: Walk, source: str, *, ours: bool) -> None:
        self.rows = Gather(_COLUMNS, source)
        self.names: list[str] = []
        self.left = LeftOut()
        self.timed = self.from_geoid = False
        self.places = 0
        self._stack = walk.stack
        self._walk = walk
        self._line = 0
        self._position: dict[str, str] | None = None
        self._found: dict[str, str] = {}
        self._ours = ours
        self._said: dict[str, str] = {}
        self._head = True
        self._drawn = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """A point or a track begins."""
        if name == "trkpt":
            if self._position is not None:
                self._point()
            self._position, self._found = attributes, {}
            self._line, self._head = self._walk.line, False
        elif name in {"trk", "rte"}:
            self._said, self._drawn, self._head = {}, 0, True
            if name == "trk":
                self.names.append("")
        else:
            self.places += 1
            self._drawn += name == "rtept"
            self._head = False

    def closed(self, name: str, text: str) -> None:
        """A point is whole, or something of it."""
        parent = self._stack[-1] if self._stack else ""
        if parent == "trkpt":
            self._found[name] = text
        elif name == "trkpt":
            self._point()
        elif parent == _GARMIN or name == "m/s":
            self._found.setdefault("speed" if name == "m/s" else name, text)
        elif name.startswith("said "):  # GPSBabel moves extensions of the file into the last point
            if self._head:
                self._said[name.removeprefix("said ")] = text.strip()
        elif name in {"trk", "rte"}:
            if self._drawn and (why := self._why()):
                self.left.add(why, self._drawn)
        elif name == "type" and parent in {"trk", "rte"}:
            self._said.setdefault("style", text.strip())
        elif parent == "trk" and (name == "name" or (name == "number" and not self.names[-1])):
            self.names[-1] = name_of(text if name == "name" else f"track {text}")

    def _why(self) -> str:
        """Why the points of the open track or route are no fixes, "" if they are."""
        return why_not(self._said, ours=self._ours or self._said.get("style") in DRAWN) if self._said else ""

    def more(self, name: str, text: str) -> None:
        """Nothing in GPX is long."""

    def broke(self) -> int:
        """The line of a point that is not whole, 0 if none is."""
        return self._line if self._position is not None else 0

    def _point(self) -> None:
        position, found = self._position or {}, self._found
        self._position, self._found = None, {}
        if self._why():
            self._drawn += 1
            return
        time = found.pop("time", "")
        if not time or time.isspace():
            self.rows.lose(self._line, NO_TIME)
            return
        self.timed = True
        self.from_geoid |= "ele" in found and "geoidheight" not in found
        try:
            measured = _measured(found) if found else _NOTHING
            time_s = moment_s(time, utc=True)
            lat, lon = number(position.get("lat", ""), "lat"), number(position.get("lon", ""), "lon")
        except ValueError as wrong:
            self.rows.lose(self._line, str(wrong))
        else:
            self.rows.keep(self._line, len(self.names) - 1, (time_s, lat, lon, *measured))


def _measured(found: dict[str, str]) -> tuple[float, float, float]:
    """Altitude in feet, speed in knots and track of a point, NaN for what it has not."""
    height_m = number(found.get("ele", ""), "ele")
    if len(found) == 1 and "ele" in found:
        return height_m / FOOT_M, math.nan, math.nan
    geoid_m = number(found.get("geoidheight", ""), "geoidheight")
    speed_m_s, course = number(found.get("speed", ""), "speed"), number(found.get("course", ""), "course")
    return (height_m if math.isnan(geoid_m) else height_m + geoid_m) / FOOT_M, speed_m_s / KNOT_M_S, course


def read(data: bytes, source: str) -> Rows:
    """The track points of the file; rows are numbered by the lines on which they begin.

    Raises:
        TrackUnreadable: when it holds only places, or no point has a time, or it declares a document type.
    """
    text = utf8(data)
    if own_gpx.is_ours(text):
        return own_gpx.rows_of(text, source)
    walk = Walk(_wanted, _STARTS)
    points = _Points(walk, source, ours=NAMESPACE.encode() in text[:_HEAD])
    cut = walk.over(text, source, points)
    if len(points.rows) and not points.timed:
        raise TrackUnreadable(
            source,
            f"none of its {len(points.rows):,} track points has a time, and a track without times is no flight; "
            "export it with times, as <time>2024-12-25T05:13:31Z</time> in each trkpt",
        )
    if cut is not None:
        points.rows.break_off(cut, behind(text, cut, "trkpt"), line=points.broke())
    elif not len(points.rows) and points.left:
        raise points.left.nothing(source)
    elif not len(points.rows) and points.places:
        raise TrackUnreadable(
            source,
            f"it holds no track but places (waypoints and points of routes: {points.places:,}); a flight is a track "
            "(trk) whose points (trkpt) have times",
        )
    rows = points.rows.rows(distinct(points.names, "track"), notes=points.left.notes())
    return noted(rows) if points.from_geoid else rows
