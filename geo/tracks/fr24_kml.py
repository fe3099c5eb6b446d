"""The KML that Flightradar24 offers for download: a folder "Route" of fixes, a folder "Trail" of the same as lines.

A row is a placemark with a point in "Route", numbered by the line on which the placemark begins; the lines of
"Trail" repeat them and are no rows. Its time is its ``when``, with an offset; position and speed over ground (kt),
altitude (ft) and track (called heading, degrees) stand in the ``description`` as HTML, the position and the altitude
in metres in the point. The altitude is pressure altitude, as in the CSV of the same flight (the calibrated altitude of
the transponder, see the blog of Flightradar24, "Understanding Extended Mode S data"); that of the point is read where
the description has none. 0 is written on the ground and for everything below the standard level, so it is no
measurement and read as none; with walking-pace speed it says that the aircraft is on the ground.

The name of the document is ``FZ981/FDB981``, flight number and callsign: the last is the callsign.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from geo.measures import FOOT_M
from geo.tracks.fr24_ground import TAXI_KT
from geo.tracks.markup.kml_values import is_kml, is_route, position
from geo.tracks.markup.walk import Walk, behind, local, utf8
from geo.tracks.markup.xml_rows import NO_TIME, Gather, moment_s, name_of, number

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NAME: Final = "fr24-kml"
TITLE: Final = "Flightradar24 KML"

_COLUMNS: Final = ("time_s", "lat_deg", "lon_deg", "altitude_ft", "ground_speed_kt", "track_deg", "on_ground")
_WANTED: Final = frozenset(
    {"Document", "Folder", "Placemark", "name", "description", "TimeStamp", "when", "Point", "coordinates"}
)
_ROUTE: Final = "Route"
#: A quantity in the description, ``<b>Altitude:</b></span> <span>0 ft</span>``: what it is, value, unit.
_VALUE: Final = re.compile(
    r"(Altitude|Speed|Heading):\s{0,9}(?:</?[a-z]{1,9}/?>\s{0,9}){0,6}([^<&\s°]{1,30})\s{0,9}(&deg;|[^\s<&]{0,9})"
)
_UNITS: Final = {"Altitude": {"ft"}, "Speed": {"kt", "kts"}, "Heading": {"&deg;", "°", ""}}
_CALLSIGN: Final = re.compile(r"[A-Z0-9-]{2,10}")
#: The elements whose start matters.
_STARTS: Final = ("Placemark", "Folder", "Point")


def sniff(head: bytes) -> str | None:
    """The name of the format if the root element is ``kml`` and a folder "Route" with an altitude is near the top."""
    return NAME if is_kml(head) and is_route(head) else None


def _wanted(tag: str) -> str:
    name = local(tag)
    return name if name in _WANTED else ""


def described(text: str) -> dict[str, float]:
    """The quantities in a description by what they are called, in feet, knots, degrees.

    Raises:
        ValueError: when one is no number, or in another unit.
    """
    found = {}
    for what, value, unit in _VALUE.findall(text):
        found[what] = number(value.replace(",", ""), what)
        if unit not in _UNITS[what] and not math.isnan(found[what]):
            raise ValueError(f"{what} is in {unit!r}, not in {' or '.join(sorted(_UNITS[what]))}")
    return found


class _Route:
    """What a walk finds: the placemarks of the folder."""

    def __init__(self, walk: Walk, source: str) -> None:
        self.rows = Gather(_COLUMNS, source)
        self.document = ""
        self.line = 0
        self._walk, self._stack = walk, walk.stack
        self._folders: list[str] = []
        self._found: dict[str, str] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002  a visitor is told of both
        """A placemark or folder begins."""
        if name == "Placemark":
            self.line, self._found = self._walk.line, {}
        elif name == "Folder":
            self._folders.append("")
        elif name == "Point":
            self._found["Point"] = ""

    def closed(self, name: str, text: str) -> None:
        """Something of a placemark is whole, or all of it."""
        parent = self._stack[-1] if self._stack else ""
        if name == "Placemark":
            if _ROUTE in self._folders and "Point" in self._found:
                self._row()
            self.line, self._found = 0, {}
        elif name == "name" and parent == "Folder":
            self._folders[-1:] = [text.strip()]
        elif name == "name" and parent == "Document":
            self.document = self.document or name_of(text)
        elif name == "Folder":
            self._folders.pop()
        elif parent in {"Placemark", "TimeStamp", "Point"}:
            self._found[name] = text

    def more(self, name: str, text: str) -> None:
        """Nothing that is wanted of it is long."""

    def _row(self) -> None:
        found = self._found
        try:
            if "when" not in found:
                raise ValueError(NO_TIME)  # noqa: TRY301  told with the rest
            lat, lon, height_m = position(found.get("coordinates", ""))
            said = described(found.get("description", ""))
            altitude_ft = said.get("Altitude", height_m / FOOT_M)
            speed_kt = said.get("Speed", math.nan)
            ground = _on_ground(altitude_ft, speed_kt)
            altitude_ft = altitude_ft or math.nan
            values = [moment_s(found["when"]), lat, lon, altitude_ft, speed_kt, said.get("Heading", math.nan), ground]
        except ValueError as wrong:
            self.rows.lose(self.line, str(wrong))
        else:
            self.rows.keep(self.line, 0, values)


def _on_ground(altitude_ft: float, speed_kt: float) -> float:
    """1 on the ground, 0 above it, NaN if altitude and speed do not tell."""
    if altitude_ft == 0:
        return 1.0 if speed_kt <= TAXI_KT else math.nan
    return math.nan if math.isnan(altitude_ft) else 0.0


def read(data: bytes, source: str) -> Rows:
    """The fixes in the folder "Route".

    Raises:
        TrackUnreadable: when it declares a document type.
    """
    text = utf8(data)
    walk = Walk(_wanted, _STARTS)
    route = _Route(walk, source)
    cut = walk.over(text, source, route)
    if cut is not None:
        route.rows.break_off(cut, behind(text, cut, "when"), line=route.line)
    callsign = route.document.rpartition("/")[2].strip()
    known = _CALLSIGN.fullmatch(callsign) is not None
    return route.rows.rows((route.document or "Route",), callsign if known else None)
