"""A track as GPX 1.1, which the reader of GPX reads back.

Only positions that hold are track points, one segment for each interval in which they were received, so that no
program draws another as the path; each has the rest of its fix in an extension beside it. All other fixes stand in
the extensions of the file. ``ele`` is the geometric altitude in metres: above the ellipsoid, as the aircraft sends it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.measures import FOOT_M
from geo.tracks.own import FORMAT, NAMESPACE, NUMBER
from geo.tracks.write import table
from geo.tracks.write.xml_text import DECLARATION, attributes, element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo.model import Track
    from geo.model.track import IntColumn

_OPEN: Final = (
    f'<gpx version="1.1" creator="flightcase" xmlns="http://www.topografix.com/GPX/1/1" xmlns:fc="{NAMESPACE}">\n'
)
_SAID: Final = (
    "Track points are positions that were received and hold. All other fixes, rejected ones with their reason, "
    "are in the extensions at the end."
)
#: GPX 1.1 takes longitudes from -180 up to but not including 180.
_EAST: Final = "180"


def pieces(track: Track) -> Iterator[bytes]:
    """The file, each fix on its own line."""
    columns = {NUMBER: [str(number) for number in range(1, len(track) + 1)]} | table.text_columns(track)
    placed = {name: columns[name] for name in ("time", "lat", "lon")}
    rest = {name: texts for name, texts in columns.items() if name not in placed}
    stretches = table.stretches(track)
    yield "".join([DECLARATION, _OPEN, *_head(track)]).encode()
    for stretch in stretches:
        yield "".join(chain(["<trkseg>\n"], _points(track, stretch.fixes, placed, rest), ["</trkseg>\n"])).encode()
    others = np.setdiff1d(np.arange(len(track)), np.concatenate([[], *(one.fixes for one in stretches)]).astype(int))
    lines = (f"<fc:fix{said}/>\n" for said in attributes(placed | rest, others.tolist()))
    yield "".join(
        chain(["</trk>\n<extensions>\n<fc:fixes>\n"], lines, ["</fc:fixes>\n</extensions>\n</gpx>\n"])
    ).encode()


def _head(track: Track) -> Iterator[str]:
    name = element("name", table.title(track))
    labels = {key: [text] for key, text in table.labels(track).items()}
    yield f"<metadata>{name}{element('desc', _SAID)}</metadata>\n<trk>{name}"
    yield f"<extensions><fc:track{attributes({'format': [FORMAT], **labels}, [0])[0]}/></extensions>\n"


def _points(
    track: Track, fixes: IntColumn, placed: Mapping[str, Sequence[str]], rest: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    heights = table.texts(np.round(track.geometric_altitude_ft[fixes] * FOOT_M, 2))
    said = attributes(rest, fixes.tolist())
    for index, height, more in zip(fixes.tolist(), heights, said, strict=True):
        time, lat, lon = (column[index] for column in placed.values())
        east = lon == _EAST
        ele = f"<ele>{height}</ele>" if height else ""
        lon_said = f' lon="{lon}"' if east else ""
        yield (
            f'<trkpt lat="{lat}" lon="{"-" if east else ""}{lon}">{ele}<time>{time}</time>'
            f"<extensions><fc:fix{more}{lon_said}/></extensions></trkpt>\n"
        )
