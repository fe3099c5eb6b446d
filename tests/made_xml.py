"""Made-up tracks as the text of XML files."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from hypothesis import strategies as st
from made_tracks import at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from made_tracks import Report

_KML = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"{}>\n<Document>\n'
_GX = ' xmlns:gx="http://www.google.com/kml/ext/2.2"'


def damaged(data: st.DataObject, content: bytes, pieces: Sequence[bytes]) -> bytes:
    """The file with some places overwritten: by a few bytes, by what XML gives a meaning, or by one of ``pieces``."""
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(broken)))
        broken[start : start + data.draw(st.integers(0, 30))] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"<", b">", b"&", b"\0", *pieces])
        )
    return bytes(broken)


def _element(name: str, value: float | None) -> str:
    return "" if value is None else f"<{name}>{value}</{name}>"


def _flights(rows: Sequence[Report]) -> Iterator[tuple[str, list[Report]]]:
    """The reports with the callsign that each run of them has, escaped."""
    return ((escape(who), list(run)) for who, run in groupby(rows, key=lambda row: row[5]))


def _position(report: Report, between: str) -> str:
    _, lat, lon, alt, _, _ = report
    if lat is None or lon is None:
        return ""
    return between.join(str(value) for value in (lon, lat, alt) if value is not None)


def gpx(rows: Sequence[Report]) -> bytes:
    """A track for each run of one callsign; a missing coordinate is a missing attribute."""
    text = ['<?xml version="1.0" encoding="UTF-8"?>', '<gpx version="1.0" xmlns="http://www.topografix.com/GPX/1/0">']
    for who, run in _flights(rows):
        text += ["<trk>", f"<name>{who}</name>", "<trkseg>"]
        for second, lat, lon, alt, speed, _ in run:
            held = "".join(f' {name}="{value}"' for name, value in (("lat", lat), ("lon", lon)) if value is not None)
            inside = f"{_element('ele', alt)}<time>{at(second)}</time>{_element('speed', speed)}"
            text.append(f"<trkpt{held}>{inside}</trkpt>")
        text += ["</trkseg>", "</trk>"]
    return "\n".join([*text, "</gpx>", ""]).encode()


def gx_track(rows: Sequence[Report]) -> bytes:
    """A placemark with a track for each run of one callsign; without a coordinate the position is empty."""
    text = [_KML.format(_GX)]
    for who, run in _flights(rows):
        text += ["<Placemark>", f"<name>{who}</name>", "<gx:Track>", "<altitudeMode>absolute</altitudeMode>"]
        text += [f"<when>{at(report[0])}</when>" for report in run]
        text += [f"<gx:coord>{_position(report, ' ')}</gx:coord>" for report in run]
        text += ["</gx:Track>", "</Placemark>"]
    return "\n".join([*text, "</Document>", "</kml>", ""]).encode()


def fr24_kml(rows: Sequence[Report]) -> bytes:
    """The fixes in "Route", and the lines between them in "Trail"."""
    text = [_KML.format(""), f"<name>AB123/{escape(rows[0][5])}</name>", "<Folder>", "<name>Route</name>"]
    for report in rows:
        second, _, _, alt, speed, _ = report
        said = [
            ("Altitude", "" if alt is None else f"{alt} ft"),
            ("Speed", "" if speed is None else f"{speed} kt"),
            ("Heading", "16&deg;"),
        ]
        html = "\n".join(f"<div><span><b>{what}:</b></span> <span>{value}</span></div>" for what, value in said)
        text += ["<Placemark>", f"<description><![CDATA[<div>{html}</div>]]></description>"]
        text += [f"<TimeStamp><when>{at(second)}</when></TimeStamp>"]
        text += [f"<Point><coordinates>{_position(report, ',')}</coordinates></Point>", "</Placemark>"]
    text += ["</Folder>", "<Folder>", "<name>Trail</name>"]
    for first, second in pairwise(rows):
        line = f"{_position(first, ',')} {_position(second, ',')}"
        text.append(f"<Placemark><LineString><coordinates>{line}</coordinates></LineString></Placemark>")
    return "\n".join([*text, "</Folder>", "</Document>", "</kml>", ""]).encode()


def kml(rows: Sequence[Report]) -> bytes:
    """A folder of points for each run of one callsign; without a coordinate the point has none."""
    text = [_KML.format("")]
    for who, run in _flights(rows):
        text += ["<Folder>", f"<name>{who}</name>"]
        for report in run:
            when = f"<TimeStamp><when>{at(report[0])}</when></TimeStamp>"
            inside = f"<altitudeMode>absolute</altitudeMode><coordinates>{_position(report, ',')}</coordinates>"
            text.append(f"<Placemark>{when}<Point>{inside}</Point></Placemark>")
        text.append("</Folder>")
    return "\n".join([*text, "</Document>", "</kml>", ""]).encode()


WRITERS = {"gpx": gpx, "gx-track": gx_track, "fr24-kml": fr24_kml, "kml": kml}
