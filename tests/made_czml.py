"""The text of CZML files as we write them, with every report as one row, whatever it holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from made_tracks import at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from made_tracks import Report


def czml(rows: Sequence[Report]) -> bytes:
    columns = {
        "time": [at(row[0]) for row in rows],
        "lat": [row[1] for row in rows],
        "lon": [row[2] for row in rows],
        "altitude_ft": [row[3] for row in rows],
        "ground_speed_kt": [row[4] for row in rows],
    }
    properties = {"format": "flightcase track 1"} | {name: {"array": values} for name, values in columns.items()}
    return json.dumps(
        [{"id": "document", "version": "1.0"}, {"id": "fixes", "properties": properties | {"callsign": rows[0][5]}}]
    ).encode()


WRITERS = {"czml": czml}
