"""CZML as we write it: a track, whose packet ``fixes`` holds every column of every fix, or the rendering of a case.

CZML (the CZML Guide of Analytical Graphics) says how a scene of Cesium is drawn: its other packets are pictures of
the same fixes and are not read. In CZML of other programs nobody can tell what was received from what was drawn; it
is refused. Of a rendering (``geo.tracks.exported``) the samples of received lines are read, and nothing else of it.

A row is an entry of the columns, from 1, in the order of the track. ``state`` follows from the reasons and the values
and is not read, nor is ``source_row``, the row in the file before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from geo.errors import TrackUnreadable
from geo.tracks.objects import exported_czml
from geo.tracks.objects.parsed import cell, parsed
from geo.tracks.own import FIXES, FORMAT, LABELS, Fixes
from geo.tracks.text import as_utf8, shown

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NAME: Final = "czml"
TITLE: Final = "CZML (as flightcase writes it)"

#: The first packet is the document, by whatever program.
_DOCUMENT: Final = re.compile(rb"""\s{0,99}\[\s{0,99}\{[^\[{]{0,999}?"id"\s{0,99}:\s{0,99}"document\"""")
_TIME: Final = "time"


def sniff(head: bytes) -> str | None:
    """The name of the format if it is a list whose first object has the id ``document``."""
    return NAME if _DOCUMENT.match(as_utf8(head[:4096])) else None


def read(data: bytes, source: str) -> Rows:
    """The rows of the packet ``fixes``, or of the received lines of a rendering.

    Raises:
        TrackUnreadable: when it is damaged, of another program, or a rendering in which nothing was received.
    """
    packets = parsed(data, source, "CZML")
    if isinstance(packets, list) and any(map(exported_czml.is_scene, packets)):
        return exported_czml.rows(packets, source)
    said = next(filter(None, map(_said, packets)), None) if isinstance(packets, list) else None
    if said is None:
        raise TrackUnreadable(
            source,
            "it is CZML of another program, which says what to draw and not what was received; give the file it was "
            "made from, or a CSV with the columns time, lat, lon, altitude_ft",
        )
    columns: dict[str, list[Any]] = {}
    for name, packed in said.items():
        values = packed.get("array") if isinstance(packed, dict) else None
        if isinstance(values, list):
            columns[name] = values
    count = len(columns.get(_TIME, ()))
    for name, values in columns.items():
        if len(values) != count:
            raise TrackUnreadable(
                source,
                f"its column {shown(name)} has {len(values):,} values and its column time {count:,}; make it anew",
            )
    fixes = Fixes(source)
    for row, cells in enumerate(zip(*columns.values(), strict=True), start=1):
        fixes.add(row, dict(zip(columns, cells, strict=True)))
    return fixes.rows({name: cell(said.get(name)) for name in LABELS})


def _said(packet: object) -> dict[str, Any] | None:
    """The properties of a packet, if it is the one that holds our columns."""
    properties = packet.get("properties") if isinstance(packet, dict) and packet.get("id") == FIXES else None
    return properties if isinstance(properties, dict) and properties.get("format") == FORMAT else None
