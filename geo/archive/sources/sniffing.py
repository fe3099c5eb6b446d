"""What a file is, told by its first bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.archive.sources.content import ContentError, Contents, head_inflated
from geo.archive.sources.tarred import is_tar
from geo.tracks import opensky_states, readsb_trace
from geo.tracks.times import LAST_S, LEAST_EPOCH_S

if TYPE_CHECKING:
    from geo.archive.sources.tarred import Member


class Kind(NamedTuple):
    """What reads a file; or why none does, and what to do."""

    word: str
    refusal: str = ""


TRACE: Final = Kind("readsb trace")
STATES: Final = Kind("OpenSky states, CSV")
PARQUET: Final = Kind("Parquet")
AVRO: Final = Kind("OpenSky states, Avro")
TRACK: Final = Kind("track")
TAR: Final = Kind("tar archive")
_TAR_IN_TAR: Final = Kind("", "it is a tar archive inside another; unpack it first")
_PACKED_TAR: Final = Kind(
    "",
    "it is a tar archive that is compressed as a whole, in which no file can be reached without inflating all before "
    "it; take the compression off first, with gunzip or zstd -d, and give the .tar",
)
#: How files of these formats begin.
_PARQUET: Final = b"PAR1"
_AVRO: Final = b"Obj\x01"
#: What stands before the rows of a trace has some hundred bytes.
BEGINNING: Final = 1 << 12
_TIMESTAMP: Final = re.compile(rb'"timestamp"\s*:\s*(\d+(?:\.\d+)?)')


def kind_of_file(path: str) -> Kind:
    """What a file is."""
    with Contents() as contents:
        return _kind(contents, path, None, None)


def kind_of_member(contents: Contents, member: Member) -> Kind:
    """What a file in a tar archive is."""
    kind = _kind(contents, member.path, member.offset, member.size)
    return _TAR_IN_TAR if kind == TAR else kind


def _kind(contents: Contents, path: str, offset: int | None, size: int | None) -> Kind:
    try:
        head = contents.beginning(path, offset, size)
    except ContentError as wrong:
        return Kind("", str(wrong))
    text = head_inflated(head)
    if is_tar(text):
        return TAR if text is head else _PACKED_TAR
    if readsb_trace.sniff(text) is not None:
        return TRACE
    if opensky_states.sniff(text) is not None:
        return STATES
    if text.startswith(_AVRO):
        return AVRO
    return PARQUET if head.startswith(_PARQUET) else TRACK


def timestamp_s(head: bytes) -> float | None:
    """The time from which a trace that begins so says that its rows count."""
    found = _TIMESTAMP.search(head_inflated(head[:BEGINNING], BEGINNING))
    seconds = float(found[1]) if found else 0.0
    return seconds if LEAST_EPOCH_S <= seconds <= LAST_S else None
