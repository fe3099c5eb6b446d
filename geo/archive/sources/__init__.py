"""What an archive is built from: files are found, told apart by day and aircraft where they can be, and read.

``find`` looks at names and beginnings only; ``read_traces`` and ``read_loose`` read, in whatever process. What is taken
of each kind of file, and what is not, is said in ``docs/archive-sources.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.archive.sources import opensky, own, readsb, sniffing
from geo.archive.sources.finding import find
from geo.archive.sources.found import Broken, Found, Loose, Taken, Trace, Traces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

__all__ = ["Broken", "Found", "Loose", "Taken", "Trace", "Traces", "find", "read_loose", "read_traces"]


def read_traces(traces: Sequence[Trace], day: date) -> Taken:
    """The rows of these traces that are of this day (UTC); a file at fault is told, and costs no other.

    Args:
        traces: as ``find`` found them; memory is that of their rows, so a day is read in several calls.
        day: what they are of.

    Returns:
        Rows in the order of the files.
    """
    return readsb.traces(traces, day)


def read_loose(loose: Loose) -> Iterator[Taken]:
    """The rows of a file of any aircraft and times, in batches, in the order of the file.

    State vectors of any length are read in bounded memory; any other file is held in memory as a whole.
    """
    if loose.kind == sniffing.TRACE.word:
        yield readsb.loose(loose)
    elif loose.kind == sniffing.STATES.word:
        yield from opensky.states(loose)
    elif loose.kind == sniffing.AVRO.word:
        yield from opensky.avro_states(loose)
    elif loose.kind == sniffing.PARQUET.word:
        yield from opensky.parquet_states(loose)
    else:
        yield own.taken(loose)
