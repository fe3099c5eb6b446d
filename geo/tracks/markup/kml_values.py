"""What the readers of KML share: positions, altitude modes, and which KML a file holds.

KML writes a position as longitude, latitude, altitude in metres. The altitude counts where ``altitudeMode`` is
``absolute``, and then from the geoid EGM96 (OGC 07-147r2); by default (``clampToGround``) it means nothing, and
``relativeToGround`` is a height above terrain, which has no place in a track. From the geoid to the ellipsoid of
``geometric_altitude_ft`` it is up to some 100 m, and that is not corrected.
"""

from __future__ import annotations

import math
import re
from typing import Final

from geo.tracks.markup.walk import root_of
from geo.tracks.markup.xml_rows import number
from geo.tracks.text import as_utf8, shown

#: The mode in which an altitude is one.
ABSOLUTE: Final = "absolute"
#: What is noted where altitudes are left out.
NOT_ABSOLUTE: Final = "altitudes are not read where altitudeMode is not absolute: KML gives them no meaning there"
#: The start of a ``gx:Track`` (KML 2.2 with Google's extensions) or ``Track`` (KML 2.3), whatever its prefix.
_TRACK: Final = re.compile(rb"<(?:[\w.-]{1,50}:)?Track[\s>]")
#: The folder in which Flightradar24 puts the fixes.
_ROUTE: Final = re.compile(rb"<Folder[^>]{0,200}>\s{0,200}<name>\s{0,9}Route\s{0,9}</name>")
_ALTITUDE: Final = b"Altitude:"


def is_kml(head: bytes) -> bool:
    """Whether a file that begins so is KML."""
    return root_of(head) == "kml"


def is_route(head: bytes) -> bool:
    """Whether Flightradar24's folder of fixes begins in this, and one of them."""
    text = as_utf8(head)
    found = _ROUTE.search(text)
    return found is not None and text.find(_ALTITUDE, found.end()) >= 0


def is_track(head: bytes) -> bool:
    """Whether a ``gx:Track`` begins in this."""
    return _TRACK.search(as_utf8(head)) is not None


def position(text: str) -> tuple[float, float, float]:
    """Latitude, longitude and altitude in metres of a position, NaN for what it has not.

    Raises:
        ValueError: a sentence that says what it is instead.
    """
    values = text.replace(",", " ").split()
    if not values:
        return math.nan, math.nan, math.nan
    if not 1 < len(values) < 4:  # noqa: PLR2004  longitude, latitude, and perhaps altitude
        raise ValueError(f"the position {shown(text.strip())} is not longitude, latitude and altitude")
    lon, lat = number(values[0], "the longitude"), number(values[1], "the latitude")
    return lat, lon, number(values[2], "the altitude") if len(values) > 2 else math.nan  # noqa: PLR2004  as above
