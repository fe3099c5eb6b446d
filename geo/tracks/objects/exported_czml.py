"""The received positions in CZML of a rendering, and how much of it is left out because it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.tracks import exported
from geo.tracks.objects.entries import Entries
from geo.tracks.objects.geojson_fixes import LABELS_HELD, moment, placed, rows_of, sentence
from geo.tracks.objects.parsed import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.tracks.rows import Rows

#: How the packets of the flight itself begin; others are those of other aircraft, and of tracks that contradict it.
_FLIGHT: Final = "stretch-"
#: Values of a sample: seconds from the epoch, longitude, latitude, height.
_SAMPLE: Final = 4


def is_scene(packet: object) -> bool:
    """Whether a packet says that its file is a rendering."""
    properties = packet.get("properties") if isinstance(packet, dict) else None
    return isinstance(properties, dict) and properties.get("format") == exported.FORMAT


def rows(packets: Sequence[object], source: str) -> Rows:
    """The samples of received lines; a row is a sample, from 1.

    Raises:
        TrackUnreadable: when nothing in it was received and measured.
    """
    table, left_out = Entries(source, *LABELS_HELD), exported.LeftOut()
    for packet in packets:
        if not isinstance(packet, dict):
            continue
        position, said = _member(packet, "position"), _member(packet, "properties")
        flat = position.get("cartographicDegrees")
        if not isinstance(flat, list):
            flat = _member(_member(packet, "polyline"), "positions").get("cartographicDegrees")
        if not isinstance(flat, list):
            continue
        timed = "epoch" in position
        if why := exported.why_not(said, ours=True):
            left_out.add(why, len(flat) // (_SAMPLE if timed else _SAMPLE - 1))
        elif timed:
            _add(table, packet, position, flat)
    if not table.count:
        raise left_out.nothing(source)
    return rows_of(table, None, ours=False, notes=left_out.notes())


def _member(value: dict[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _add(table: Entries, packet: dict[str, Any], position: dict[str, Any], flat: list[Any]) -> None:
    ident = str(packet.get("id"))
    labels = {**dict.fromkeys(LABELS_HELD), "part": None if ident.startswith(_FLIGHT) else ident}
    for place in range(0, len(flat), _SAMPLE):
        sample = flat[place : place + _SAMPLE]
        try:
            time_s = moment(position["epoch"]) + number(sample[0], "the seconds from the epoch")
            table.add(placed(sample[1:]) | {"time_s": time_s}, **labels)
        except (ValueError, OverflowError, RecursionError) as wrong:
            table.fail(f"packet {ident}, sample {place // _SAMPLE + 1:,}: {sentence(wrong)}")
