"""Plain KML with times: placemarks of points with a time each, or of a line with as many times as it has positions.

A row is a ``Point`` in a placemark that has a time: the ``when`` of its ``TimeStamp``, or the ``begin`` of its
``TimeSpan``. It is numbered by the line of the ``Point``. A point without coordinates is a time without position. In a
placemark with a ``LineString`` and several ``when`` each pair of both is a row, the first with the first, numbered by
the line of its ``when``; those without a partner are unreadable rows. Points and lines in placemarks without a time,
lines with a single time for all their positions, and areas are no rows. A file with a ``gx:Track`` is read as
``gx_track`` reads it, one with the folder of Flightradar24 as ``fr24_kml`` does, however far down they stand. What a
rendering of ours drew and nobody received is no row (``exported``).

Times have an offset, ``Z`` or hours. Altitude in metres counts where ``altitudeMode`` is ``absolute`` and is then above
the geoid (``geometric_altitude_ft``, see ``kml_values``); one that is 0 throughout is none. Each folder with rows is
a part, and each placemark with a line.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geo.errors import TrackUnreadable
from geo.measures import FOOT_M
from geo.tracks import fr24_kml, gx_track
from geo.tracks.markup.drawn_kml import Drawn
from geo.tracks.markup.gx_pairs import Pairs
from geo.tracks.markup.kml_values import ABSOLUTE, NOT_ABSOLUTE, is_kml, is_route, is_track, position
from geo.tracks.markup.walk import Walk, behind, local, utf8
from geo.tracks.markup.xml_rows import GEOMETRIC, Gather, distinct, name_of, noted

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NAME: Final = "kml"
TITLE: Final = "KML with times"

_COLUMNS: Final = ("time_s", "lat_deg", "lon_deg", GEOMETRIC)
_WANTED: Final = frozenset(
    {"Folder", "Placemark", "name", "TimeStamp", "TimeSpan", "when", "begin", "Point", "LineString", "coordinates"}
    | {"altitudeMode", "LookAt", "Camera", "Data", "SimpleData", "value"}
)
#: The viewpoint of a placemark has times of its own.
_VIEWS: Final = frozenset({"LookAt", "Camera"})
#: No position is as long, in characters.
_LONGEST: Final = 200
#: The elements whose start matters.
_STARTS: Final = ("Placemark", "Folder", "Point", "LineString", "when", "begin", "coordinates", "Data", "SimpleData")


def sniff(head: bytes) -> str | None:
    """The name of the format if the root element is ``kml``."""
    return NAME if is_kml(head) else None


def _wanted(tag: str) -> str:
    name = local(tag)
    return name if name in _WANTED else ""


class _Placemark:
    """A placemark as it is read: its times, its points, the positions of its lines."""

    def __init__(self, rows: Gather, line: int) -> None:
        self.line = line
        self.name = ""
        self.pairs = Pairs(rows)
        self.points: list[tuple[str, str, int]] = []
        self.mode = ""


class _Placemarks:
    """What a walk finds: placemarks with a time, and how many have positions and none."""

    def __init__(self, walk: Walk, source: str) -> None:
        self.rows = Gather(_COLUMNS, source)
        self.names: list[str] = []
        self.notes: dict[str, None] = {}
        self.drawn = Drawn()
        self.untimed = 0
        self.spanned = 0
        self._walk, self._stack = walk, walk.stack
        self._folders: list[tuple[str, int]] = []
        self._open: _Placemark | None = None
        self._rest = self._mode = self._key = ""
        self._line = self._point_line = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Something begins."""
        if name in {"when", "begin", "coordinates"}:
            self._line = self._walk.line
            self._rest = ""
        elif name == "Placemark":
            self._end()
            self._open = _Placemark(self.rows, self._walk.line)
        elif name == "Folder":
            self._folders.append(("", -1))
        elif name in {"Data", "SimpleData"}:
            self._key = attributes.get("name", "")
        elif name in {"Point", "LineString"}:
            self._point_line, self._rest, self._mode = self._walk.line, "", ""

    def closed(self, name: str, text: str) -> None:
        """Something is whole."""
        parent = self._stack[-1] if self._stack else ""
        if name == "name" and parent == "Folder":
            self._folder_called(name_of(text))
        elif name == "Folder":
            self._folders.pop()
        elif name == "Placemark":
            self._end()
        elif name == "SimpleData" or (name == "value" and parent == "Data"):
            self.drawn.said(self._key, text, within=self._open is not None)
        elif self._open is not None:
            self._within(self._open, name, parent, text)

    def _within(self, placemark: _Placemark, name: str, parent: str, text: str) -> None:
        if name in {"when", "begin"} and not _VIEWS.intersection(self._stack):
            placemark.pairs.when(text, self._line)
        elif name == "coordinates":
            self._coordinates(text, parent, placemark)
        elif name == "altitudeMode":
            self._mode = text.strip()
        elif name == "Point":
            placemark.points.append((self._rest, self._mode, self._point_line))
        elif name == "LineString":
            placemark.mode = self._mode
        elif name == "name" and parent == "Placemark":
            placemark.name = name_of(text)

    def more(self, name: str, text: str) -> None:
        """Some of the positions of a line or point."""
        parents = [one for one in self._stack if one not in {"", name}]
        if parents and self._open is not None:
            self._coordinates(text, parents[-1], self._open, last=False)

    def _coordinates(self, text: str, parent: str, placemark: _Placemark, *, last: bool = True) -> None:
        text = self._rest + text
        if parent != "LineString":
            self._rest = text[:_LONGEST]
            return
        found = text.split()
        self._rest = found.pop()[:_LONGEST] if found and not last and not text[-1].isspace() else ""
        for one in found:
            placemark.pairs.coord(one, self._line)

    def _folder_called(self, name: str) -> None:
        _, part = self._folders[-1]
        self._folders[-1] = (name, part)
        if part >= 0:
            self.names[part] = name

    def _part(self) -> int:
        """The number of the part that is the innermost folder, -1 outside of any."""
        if not self._folders:
            return -1
        name, part = self._folders[-1]
        if part < 0:
            part = len(self.names)
            self.names.append(name)
            self._folders[-1] = (name, part)
        return part

    def cut(self, why: str) -> tuple[int, bool]:
        """The file ends in the open placemark, if one is: its line, and whether a pair of its line lacks a partner."""
        placemark, self._open = self._open, None
        if placemark is None:
            return 0, False
        times, positions = placemark.pairs.counts
        several = times > 1 and positions > 0
        return placemark.line, several and not self._pairs(placemark, why)

    def _end(self) -> None:
        """Put the rows of the open placemark to the others."""
        placemark, self._open = self._open, None
        if placemark is None:
            return
        times, positions = placemark.pairs.counts
        self.drawn.positions, self.drawn.tracks = positions + len(placemark.points), times
        drawn = bool(self.drawn.why)
        self.drawn.end()
        if drawn:
            return
        if not times:
            self.untimed += bool(positions or placemark.points)
        elif positions and (times > 1 or positions == 1):
            self._pairs(placemark)
        else:
            self.spanned += bool(positions)
            for text, mode, line in placemark.points:
                self._point(placemark, text, mode, line)

    def _pairs(self, placemark: _Placemark, cut: str = "") -> bool:
        absolute = self._absolute(placemark.mode or self._mode, high=placemark.pairs.high)
        self.names.append(placemark.name)
        return placemark.pairs.into_rows(len(self.names) - 1, with_altitude=absolute, by_time=True, cut=cut)

    def _point(self, placemark: _Placemark, text: str, mode: str, line: int) -> None:
        try:
            lat, lon, height_m = position(text)
            time_s = placemark.pairs.first
        except ValueError as wrong:
            self.rows.lose(line, str(wrong))
            return
        absolute = self._absolute(mode, high=height_m != 0 and not math.isnan(height_m))
        self.rows.keep(line, self._part(), (time_s, lat, lon, height_m / FOOT_M if absolute else math.nan))

    def _absolute(self, mode: str, *, high: bool) -> bool:
        if mode != ABSOLUTE and high:
            self.notes[NOT_ABSOLUTE] = None
        return mode == ABSOLUTE


def read(data: bytes, source: str) -> Rows:
    """The points and lines with times.

    Raises:
        TrackUnreadable: when nothing in it has a time of its own, or it declares a document type.
    """
    text = utf8(data)
    if is_route(text):
        return fr24_kml.read(data, source)
    if is_track(text):
        return gx_track.read(data, source)
    walk = Walk(_wanted, _STARTS, long={"coordinates"})
    placemarks = _Placemarks(walk, source)
    cut = walk.over(text, source, placemarks)
    line, alone = placemarks.cut("" if cut is None else cut.detail)
    if not len(placemarks.rows) and placemarks.drawn.left and cut is None:
        raise placemarks.drawn.left.nothing(source)
    if not len(placemarks.rows) and (placemarks.untimed or placemarks.spanned):
        times = "one time for all positions of a line" if placemarks.spanned else "no times"
        raise TrackUnreadable(
            source,
            f"it has positions and {times}, and a track without times is no flight; write a TimeStamp with a when "
            "beside each Point, or a gx:Track with a when for each gx:coord",
        )
    if cut is not None:
        placemarks.rows.break_off(cut, behind(text, cut, "when"), line=line, told=alone)
    return noted(
        placemarks.rows.rows(
            distinct(placemarks.names, "part"), notes=(*placemarks.notes, *placemarks.drawn.left.notes())
        )
    )
