"""A track as CZML, the scenes of Cesium, which our reader of CZML reads back.

One packet for each interval in which positions were received, with its positions as samples and its path; nothing
else is drawn. The last packet, ``fixes``, holds every column of every fix as an array, null where it has none. The
height of a sample is the geometric altitude where it is known throughout the interval, else 0, on the ellipsoid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.tracks.own import FIXES, FORMAT
from geo.tracks.write import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.model import Track

#: Red, green, blue and opacity of what was received.
_COLOUR: Final = [11, 79, 134, 255]
_WIDTH: Final = 3
_DOT: Final = 8
#: A flight of two hours plays in two minutes.
_SPEED: Final = 60


def pieces(track: Track) -> Iterator[bytes]:
    """The packets, each on its own line."""
    import orjson

    packets = [_document(track), *_received(track), _fixes(track)]
    yield b"[\n" + b",\n".join(map(orjson.dumps, packets)) + b"\n]\n"


def _interval(track: Track) -> str:
    return "/".join(table.stamps([float(track.time_s[0]), float(track.time_s[-1])])) if len(track) else ""


def _document(track: Track) -> dict[str, Any]:
    said: dict[str, Any] = {"id": "document", "name": table.title(track), "version": "1.0"}
    if not len(track):
        return said
    start = table.stamps([float(track.time_s[0])])[0]
    clock = {"interval": _interval(track), "currentTime": start, "multiplier": _SPEED, "range": "LOOP_STOP"}
    return said | {"clock": clock}


def _received(track: Track) -> Iterator[dict[str, Any]]:
    """A packet for each stretch. It is available throughout the flight, for Cesium shows no path at other times."""
    for number, stretch in enumerate(table.stretches(track), start=1):
        fixes = stretch.fixes
        heights = table.heights_m(track, fixes)
        seconds = np.round(track.time_s[fixes] - track.time_s[fixes[0]], 6)
        columns = [seconds, track.lon_deg[fixes], track.lat_deg[fixes], np.zeros(len(fixes))]
        if heights is not None:
            columns[-1] = heights
        start, end = table.stamps([stretch.start_s, stretch.end_s])
        colour = {"rgba": _COLOUR}
        yield {
            "id": f"received-{number}",
            "name": f"{table.title(track)}, received",
            "availability": _interval(track),
            "position": {
                "epoch": table.stamps(track.time_s[fixes[:1]])[0],
                "interpolationAlgorithm": "LINEAR",
                "interpolationDegree": 1,
                "cartographicDegrees": np.column_stack(columns).ravel().tolist(),
            },
            "path": {"width": _WIDTH, "resolution": _SPEED, "material": {"solidColor": {"color": colour}}},
            "point": {"pixelSize": _DOT, "color": colour},
            "properties": {"evidence": table.STATES[0], "from": start, "to": end},
        }


def _fixes(track: Track) -> dict[str, Any]:
    columns = {name: {"array": values} for name, values in table.value_columns(track).items()}
    labels = {name: text for name, text in table.labels(track).items() if text}
    return {"id": FIXES, "name": f"{table.title(track)}, fixes", "properties": {"format": FORMAT, **labels, **columns}}
