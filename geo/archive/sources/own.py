"""Our own tracks, and any file that ``geo.tracks.read`` reads.

The archive holds what was received and judges when it is asked: fixes that the reading rejects are taken like the
others. Only that a position is an older one again is kept, for that is lost once rows of several files lie together.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from geo.archive.block import Block
from geo.archive.sources.blocks import NO_NUMBER, addresses, block_of, left_out
from geo.archive.sources.content import ContentError, Contents
from geo.archive.sources.found import NO_ADDRESS, UNREADABLE, Broken, Taken, partly
from geo.errors import TrackError
from geo.model import REASONS
from geo.tracks import read as read_track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.archive.sources.found import Loose
    from geo.tracks import Leg

_STALE = REASONS.index("stale position")


def nothing(broken: Broken) -> Taken:
    """No row, of a file that cannot be read."""
    return Taken(Block.of(np.empty(0), np.empty(0)), 0, (broken,))


def taken(found: Loose) -> Taken:
    """The fixes of a file; those of aircraft whose ICAO address it does not say are left out."""
    try:
        reading = read_track(_given(found), name=found.name)
    except TrackError as wrong:
        return nothing(Broken(found.name, str(wrong).removeprefix(f"{found.name}: ")))
    except ContentError as wrong:
        return nothing(Broken(found.name, str(wrong)))
    left: Counter[str] = Counter()
    blocks = []
    for leg in reading.legs:
        block, gone = left_out(*_of_leg(leg))
        blocks.append(block)
        left.update(gone)
    report = reading.report
    broken: tuple[Broken, ...] = ()
    if report.unreadable:
        left[UNREADABLE] = report.unreadable
        broken = (partly(found.name, report.unreadables, report.read),)
    return Taken(Block.joined(blocks), report.read, broken, dict(left))


def _given(found: Loose) -> str | bytes:
    """What is read: the file, or its bytes where it is in an archive."""
    if found.offset is None:
        return found.path
    with Contents() as contents:
        return contents.read(found.path, found.offset, found.size)


def _of_leg(leg: Leg) -> tuple[Block, dict[str, NDArray[np.bool_]]]:
    """The fixes of a leg, and which of them have no address: an address that is not of ICAO names the part."""
    track = leg.track
    count = len(track)
    number = addresses([leg.icao24 or leg.part or ""])[0]
    block = block_of(
        np.full(count, number, dtype=np.uint32),
        {name: getattr(track, name) for name in track.column_names()},
        np.full(count, 0 if leg.callsign else -1, dtype=np.int32),
        (leg.callsign,) if leg.callsign else (),
        is_stale=track.reason == _STALE,
    )
    return block, {NO_ADDRESS: np.full(count, number == NO_NUMBER)}
