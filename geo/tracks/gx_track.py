"""KML with ``gx:Track``, as FlightAware, ForeFlight, tar1090 and many loggers write it (``Track`` in KML 2.3).

In a track stand as many ``when`` as ``gx:coord`` (longitude, latitude, altitude in metres), and the first belongs to
the first, says Google's reference of KML. A row is such a pair, numbered by the line of its ``gx:coord``; an empty
``gx:coord`` is a time without position. Where their numbers differ, those without a partner are unreadable rows: the
last ones where all times stand together, else those beside which it is missing.

Altitude counts where ``altitudeMode`` is ``absolute`` and is then above the geoid (``geometric_altitude_ft``, see
``kml_values``). Not so in FlightAware's files, known by the name of the document: theirs is pressure altitude in whole
metres (``altitude_ft``). In its file of DLH1534, 17 August 2021, all 87 altitudes are within half a metre of multiples
of 25 ft, the steps of Mode S, and the last, on the approach to Frankfurt, is 58 m below the aerodrome. An altitude
that is 0 throughout is none.

``gx:angles`` (heading, tilt, roll) give the true heading, unless it is 0 throughout. ``gx:SimpleArrayData`` are read
where the name says what they are and in which unit (``speed_kts``), and so is ForeFlight's ``course``, the GPS's in
degrees: in other programs it is in radians. They stand in the track or, with a value for each row, elsewhere
(ForeFlight).

Each placemark is a part: the tracks of a ``gx:MultiTrack`` are one flight. The callsign is what FlightAware writes in
the name of the document (``FlightAware ✈ DLH1534 17.08.2021 …``), and ForeFlight's ``tailNumber``. Points, lines and
everything else beside the tracks are no rows, nor is a track that a rendering of ours drew and nobody received
(``exported``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo.tracks.markup import own_kml
from geo.tracks.markup.drawn_kml import Drawn
from geo.tracks.markup.gx_arrays import COURSE, Beside
from geo.tracks.markup.gx_pairs import Pairs
from geo.tracks.markup.kml_values import ABSOLUTE, NOT_ABSOLUTE, is_kml, is_track
from geo.tracks.markup.walk import Walk, behind, local, utf8
from geo.tracks.markup.xml_rows import GEOMETRIC, Gather, distinct, name_of, noted

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NAME: Final = "gx-track"
TITLE: Final = "KML with gx:Track"

_COLUMNS: Final = ("time_s", "lat_deg", "lon_deg", GEOMETRIC)
_WANTED: Final = frozenset(
    {"Document", "Placemark", "MultiTrack", "Track", "name", "when", "coord", "angles", "altitudeMode"}
    | {"SimpleArrayData", "Data", "SimpleData", "value", "coordinates"}
)
_FLIGHTAWARE: Final = re.compile(r"FlightAware\b[^A-Za-z0-9]*([A-Z0-9-]{2,8})?\b")
#: The elements whose start matters.
_STARTS: Final = ("Placemark", "Track", "when", "coord", "SimpleArrayData", "Data", "SimpleData")


def sniff(head: bytes) -> str | None:
    """The name of the format if the root element is ``kml`` and a track begins near the top, or we wrote it."""
    return NAME if is_kml(head) and (is_track(head) or own_kml.is_ours(head)) else None


def _wanted(tag: str) -> str:
    name = local(tag)
    return name if name in _WANTED else ""


class _Tracks:
    """What a walk finds: tracks, their names, and what stands beside them."""

    def __init__(self, walk: Walk, source: str) -> None:
        self.rows = Gather(_COLUMNS, source)
        self.document = ""
        self.names: list[str] = []
        self.data: dict[str, str] = {}
        self.beside = Beside()
        self.notes: dict[str, None] = {}
        self.drawn = Drawn()
        self._walk, self._stack = walk, walk.stack
        self._open: Pairs | None = None
        self._mode = self._mode_of_all = ""
        self._line = 0
        self._placemark = ""
        self._part = -1
        self._key = ""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Something begins."""
        if name in {"when", "coord"}:
            self._line = self._walk.line
        elif name == "Track":
            self.end()
            if self._part < 0:
                self._part = len(self.names)
                self.names.append(self._placemark)
            self._open, self._mode = Pairs(self.rows), ""
            self.beside.within = True
        elif name == "Placemark":
            self._placemark, self._part = "", -1
            self.drawn.begin()
        elif name == "SimpleArrayData":
            self.beside.called(attributes.get("name", ""))
        elif name in {"Data", "SimpleData"}:
            self._key = attributes.get("name", "")

    def closed(self, name: str, text: str) -> None:
        """Something is whole."""
        parent = self._stack[-1] if self._stack else ""
        if parent == "Track" and self._open is not None:
            if name == "when":
                self._open.when(text, self._line)
            elif name == "coord":
                self._open.coord(text, self._line)
            elif name == "angles":
                self.beside.angles(text)
            elif name == "altitudeMode":
                self._mode = text.strip()
        elif name == "value" and parent == "SimpleArrayData":
            self.beside.value(text)
        elif name == "Track":
            self.end()
        else:
            self._named(name, parent, text)

    def more(self, name: str, text: str) -> None:
        """Positions of a line, of which only the number matters, and only if it is one of ours."""
        if name == "coordinates":
            self.drawn.coordinates(text, last=False)

    def _named(self, name: str, parent: str, text: str) -> None:
        if name == "name" and parent == "Document":
            self.document = self.document or name_of(text)
        elif name == "name" and parent == "Placemark":
            self._placemark = name_of(text)
            if self._part >= 0:
                self.names[self._part] = self._placemark
        elif name == "altitudeMode" and parent == "MultiTrack":
            self._mode_of_all = text.strip()
        elif name == "MultiTrack":
            self._mode_of_all = ""
        elif name == "coordinates":
            self.drawn.coordinates(text, last=True)
        elif name == "Placemark":
            self.drawn.end()
        elif name == "SimpleData" or (name == "value" and parent == "Data"):
            self.drawn.said(self._key, text, within="Placemark" in self._stack)
            if self._key in {"source", "tailNumber"} and name == "value":
                self.data.setdefault(self._key, name_of(text))

    def end(self, cut: str = "") -> bool:
        """Put the rows of the open track to the others; ``cut`` says why it is not whole. Whether any is alone."""
        pairs, self._open = self._open, None
        if pairs is None:
            return False
        if self.drawn.why:
            self.drawn.positions += max(pairs.counts)
            self.beside.end(len(self.rows), 0, whole=True)
            return False
        self.drawn.tracks += 1
        absolute = (self._mode or self._mode_of_all) == ABSOLUTE
        if not absolute and pairs.high:
            self.notes[NOT_ABSOLUTE] = None
        start = len(self.rows)
        whole = pairs.into_rows(self._part, with_altitude=absolute, cut=cut)
        self.beside.end(start, len(self.rows) - start, whole=whole)
        return not whole


def read(data: bytes, source: str) -> Rows:
    """The pairs of time and position in the tracks of the file.

    Raises:
        TrackUnreadable: when it declares a document type, or is a picture of a case without a received line.
    """
    text = utf8(data)
    if own_kml.is_ours(text):
        return own_kml.rows_of(text, source)
    walk = Walk(_wanted, _STARTS, long={"coordinates"})
    tracks = _Tracks(walk, source)
    cut = walk.over(text, source, tracks)
    alone = tracks.end("" if cut is None else cut.detail)
    if not len(tracks.rows) and tracks.drawn.left and cut is None:
        raise tracks.drawn.left.nothing(source)
    if cut is not None:
        tracks.rows.break_off(cut, behind(text, cut, "when"), told=alone)
    columns = tracks.beside.columns(len(tracks.rows))
    course = columns.pop(COURSE, None)
    if course is not None and tracks.data.get("source", "").startswith("ForeFlight"):
        columns.setdefault("track_deg", course)
    flightaware = _FLIGHTAWARE.match(tracks.document)
    callsign = tracks.data.get("tailNumber") if flightaware is None else flightaware[1]
    readable = tracks.rows.entries() - 1
    rows = tracks.rows.rows(
        distinct(tracks.names, "track"),
        callsign,
        extra={key: column[readable] for key, column in columns.items()},
        notes=(*tracks.notes, *tracks.beside.notes(), *tracks.drawn.left.notes()),
    )
    if flightaware is not None and GEOMETRIC in rows.columns:
        columns = dict(rows.columns)
        columns["altitude_ft"] = columns.pop(GEOMETRIC)
        rows = replace(rows, columns=columns)
    return noted(replace(rows, ignored=tuple(tracks.beside.ignored)))
