"""A track as KML 2.2 with ``gx:Track``, which the reader of KML reads back.

One placemark with a track for each interval in which positions were received, drawn at the geometric altitude where
that is known throughout, else on the ground. Its columns stand in arrays beside. Fixes that are not ``received`` are
in two placemarks of their own, ``rejected`` and ``partial``, hidden and without geometry: all their columns, time and
position too, are in arrays, so that no program draws them, whether it minds visibility and styles or not. (A track
with an empty ``gx:coord`` is allowed; programs for web maps take it for a position that is no number, and fail.)
Names are plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.tracks.own import FORMAT, NUMBER
from geo.tracks.states import fix_codes
from geo.tracks.times import clock
from geo.tracks.write import table
from geo.tracks.write.xml_text import DECLARATION, element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo.model import Track
    from geo.model.track import IntColumn

_OPEN: Final = '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n<Document>\n'
_SAID: Final = (
    "Lines are positions that were received and hold. Rejected positions, with their reasons, and fixes without a "
    "position that holds are in the data under rejected and partial; they are not drawn."
)
#: Blue, as KML writes it: alpha, blue, green, red.
_COLOUR: Final = "ff864f0b"
_WIDTH: Final = 3
_TEXT: Final = ("time", "state", "reason", "altitude_reason")
_WHOLE: Final = (NUMBER, "source_row")


class _Part(NamedTuple):
    """A placemark: its name, the fixes in it, the columns that stand in arrays, and how its track is drawn."""

    name: str
    fixes: IntColumn
    arrays: Mapping[str, Sequence[str]]
    mode: str = ""
    coords: Sequence[str] = ()


def pieces(track: Track) -> Iterator[bytes]:
    """The document: a head, then its placemarks."""
    columns = {NUMBER: [str(number) for number in range(1, len(track) + 1)]} | table.text_columns(track)
    yield "".join([DECLARATION, _OPEN, *_head(track, list(columns))]).encode()
    for part in _parts(track, columns):
        yield "".join(_placemark(part, columns["time"])).encode()
    yield b"</Document>\n</kml>\n"


def _head(track: Track, columns: Sequence[str]) -> Iterator[str]:
    yield f"{element('name', table.title(track))}\n{element('description', _SAID)}\n"
    look = element("color", _COLOUR)
    yield (
        f'<Style id="received"><IconStyle>{look}<scale>0.6</scale></IconStyle><LabelStyle><scale>0</scale>'
        f"</LabelStyle><LineStyle>{look}<width>{_WIDTH}</width></LineStyle></Style>\n"
    )
    said = {"format": FORMAT} | {name: text for name, text in table.labels(track).items() if text}
    data = "".join(f'<Data name="{name}">{element("value", text)}</Data>' for name, text in said.items())
    yield f'<ExtendedData>{data}</ExtendedData>\n<Schema id="fix" name="fix">\n'
    for name in columns:
        kind = "string" if name in _TEXT else "int" if name in _WHOLE else "double"
        shown = element("displayName", name.replace("_", " "))
        yield f'<gx:SimpleArrayField name="{name}" type="{kind}">{shown}</gx:SimpleArrayField>\n'
    yield "</Schema>\n"


def _parts(track: Track, columns: Mapping[str, Sequence[str]]) -> Iterator[_Part]:
    """Placemarks for what was received, then for the fixes that are not drawn, of which each is in one."""
    who = table.title(track)
    beside = {name: texts for name, texts in columns.items() if name not in ("time", "lat", "lon")}
    left = np.ones(len(track), dtype=np.bool_)
    for stretch in table.stretches(track):
        left[stretch.fixes] = False
        heights = table.heights_m(track, stretch.fixes)
        mode = "clampToGround" if heights is None else "absolute"
        up = ["0"] * len(stretch.fixes) if heights is None else table.texts(heights)
        coords = [
            f"{columns['lon'][index]} {columns['lat'][index]} {height}"
            for index, height in zip(stretch.fixes.tolist(), up, strict=True)
        ]
        name = f"{who}, {clock(stretch.start_s)} to {clock(stretch.end_s)} UTC, received"
        yield _Part(name, stretch.fixes, beside, mode, coords)
    partial = fix_codes(track) == table.STATES.index("partial")
    for state, those in (("rejected", left & ~partial), ("partial", left & partial)):
        if bool(those.any()):
            yield _Part(f"{who}, {state}", np.flatnonzero(those), columns)


def _placemark(part: _Part, times: Sequence[str]) -> Iterator[str]:
    chosen = part.fixes.tolist()
    name = element("name", part.name)
    if part.mode:
        yield f"<Placemark>{name}<styleUrl>#received</styleUrl>\n"
        yield f"<gx:Track><altitudeMode>{part.mode}</altitudeMode>\n"
        yield from (f"<when>{times[index]}</when>\n" for index in chosen)
        yield from (f"<gx:coord>{coord}</gx:coord>\n" for coord in part.coords)
    else:
        yield f"<Placemark>{name}<visibility>0</visibility>\n"
    yield '<ExtendedData><SchemaData schemaUrl="#fix">\n'
    for name, texts in part.arrays.items():
        yield f'<gx:SimpleArrayData name="{name}">\n'
        yield from (f"<gx:value>{texts[index]}</gx:value>\n" for index in chosen)
        yield "</gx:SimpleArrayData>\n"
    yield "</SchemaData></ExtendedData>\n"
    yield "</gx:Track></Placemark>\n" if part.mode else "</Placemark>\n"
