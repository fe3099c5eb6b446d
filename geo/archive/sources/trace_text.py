"""The rows of many traces from their text, without a Python object for a value: as readsb always writes them.

A trace is a list of lists of numbers, but for a few words, and for details between braces. Details are taken out, words
made numbers, letter by letter, and a parser of JSON that gives arrays reads what is left. Of the details, values are
found by the colons before them, those of many files as columns. Whatever is written otherwise than readsb does is
``OddError``, and is then read with care. What is not used (the roll, most of the details) is not looked at.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo.archive.sources.digits import PAD, WORD, OddError, Text, before_first, ending, numbers_from, word
from geo.tracks.objects.trace_rows import (
    ALTITUDE,
    CALLSIGN,
    DETAILS,
    NAMED,
    OFFSET,
    ONLY_DETAILS,
    PLACES,
    SOURCE,
    SOURCES,
    WIDTH,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.archive.sources.digits import Mask, Places
    from geo.model.track import FloatColumn

_simdjson: Any
try:
    import simdjson

    _simdjson = simdjson
except ModuleNotFoundError:  # it comes with the extra; without it all is read with care, which takes many times longer
    _simdjson = None

_COMMA, _COLON, _BEGIN, _END, _CLOSE, _QUOTE = map(ord, ',:[]}"')
_BRACES: Final = re.compile(rb"(\{[^}]*\})")
#: What letters become. ``null`` is then 1e99, and ``"ground"`` and the sources of positions are numbers, too; so would
#: be other words, for which their quotes are counted. The bracket before a row is the sign of its first value.
_AS_NUMBERS: Final = bytes.maketrans(b'[]"nulabcdfghikmorst_', b"- 11e9010011111111110")
#: What stands in the place of details.
_TAKEN_OUT: Final = b"8e97"
#: No value of a trace is as large.
_MOST: Final = 1e90
#: A row of the short form ends with the details.
_WIDTHS: Final = (DETAILS + 1, WIDTH)
#: So many letters at the end of a name, with its quote, tell those that are used from most others.
_KEPT: Final = 5
_, _KEY = ending(b" " * _KEPT)


def _as_number(said: str) -> float:
    return float(said.encode().translate(_AS_NUMBERS))


_DETAILED: Final = float(_TAKEN_OUT)
_NOTHING: Final = _as_number("null")
_GROUND: Final = _as_number('"ground"')
_SOURCES: Final = np.unique([_as_number(f'"{name}"') for name in SOURCES])


class Parsed(NamedTuple):
    """Rows of several traces: values by place, where on the ground, the columns of the details, callsigns by code.

    ``counts`` says how many rows each trace has.
    """

    own: dict[int, FloatColumn]
    ground: Mask
    details: dict[str, FloatColumn]
    callsign: NDArray[np.int32]
    callsigns: list[str]
    counts: Places


def parsed(bodies: Sequence[bytes]) -> Parsed:
    """The rows of these traces: of each the text from behind its first bracket to the end of its last row.

    Raises:
        OddError: when anything is written otherwise than readsb does, or there is no such parser.
    """
    if _simdjson is None:
        raise OddError
    details: list[bytes] = []
    outside = []
    for body in bodies:
        # Of braces in braces, and of one that is never closed, something is left that is no number.
        pieces = _BRACES.split(body)
        outside.append(_TAKEN_OUT.join(pieces[::2]))
        details += pieces[1::2]
    counts = np.array([rows.count(b"[") for rows in outside])
    text = b",".join(outside)
    values = _values(text, int(counts.sum()))
    own, down = _own(values)
    _in_place(np.frombuffer(text, np.uint8), values, int(np.count_nonzero(down)))
    column = values[:, DETAILS]
    detailed = np.flatnonzero(column == _DETAILED)
    nothing = int(np.count_nonzero(column == _NOTHING))
    if len(detailed) != len(details) or nothing + len(details) != len(values):
        raise OddError
    names = ONLY_DETAILS if values.shape[1] == WIDTH else tuple(NAMED)
    return Parsed(own, down, *_detailed(details, detailed, len(values), names), counts)


def _values(text: bytes, count: int) -> FloatColumn:
    """The values of so many rows, each by its place; that at ``OFFSET`` has the sign of the bracket before it."""
    flat = b"".join((b"[", text.translate(_AS_NUMBERS), b"]"))
    try:
        values = np.frombuffer(_simdjson.Parser().parse(flat).as_buffer(of_type="d"))
    except (ValueError, TypeError) as wrong:
        raise OddError from wrong
    width = len(values) // max(count, 1)
    if width not in _WIDTHS or len(values) != count * width:
        raise OddError
    return values.reshape(count, width)


def _own(values: FloatColumn) -> tuple[dict[int, FloatColumn], Mask]:
    """The columns of numbers by their place, NaN for none, and the rows that say that the aircraft is on the ground."""
    places = [place for place in PLACES if place < values.shape[1]]
    columns = values.T[places]
    own = dict(zip(places, columns, strict=True))
    np.negative(own[OFFSET], out=own[OFFSET])
    columns[columns == _NOTHING] = np.nan
    down = own[ALTITUDE] == _GROUND
    own[ALTITUDE][down] = np.nan
    if bool((np.abs(columns) > _MOST).any()):
        raise OddError
    return own | {place: np.full(len(values), np.nan) for place in PLACES if place not in places}, down


def _in_place(letters: NDArray[np.uint8], values: FloatColumn, down: int) -> None:
    """Nothing, if every row begins where one should, and has no word but its source and, so often, for the ground.

    Raises:
        OddError: when one does not.
    """
    count, width = values.shape
    sources = values[:, SOURCE] if width == WIDTH else np.empty(0)
    known = int(np.count_nonzero(np.isin(sources, _SOURCES)))
    if (
        known != np.count_nonzero(sources != _NOTHING)
        or np.count_nonzero(letters == _QUOTE) != 2 * (known + down)
        or np.count_nonzero(letters == _END) != count
        or not np.signbit(values[:, OFFSET]).all()
    ):
        raise OddError
    if known < count:  # with a source in each row, none can have a value too few, and another one too many
        begins = np.flatnonzero(letters == _BEGIN)
        commas = np.add.reduceat((letters == _COMMA).view(np.uint8), begins, dtype=np.int64)
        commas[-1] += 1
        if not bool((commas == width).all()):
            raise OddError


def _detailed(
    details: Sequence[bytes], rows: Places, count: int, names: Sequence[str]
) -> tuple[dict[str, FloatColumn], NDArray[np.int32], list[str]]:
    """The columns of the details of these rows, of so many, filled for these names; and the callsigns by code."""
    text = Text.of(details)
    starts = PAD + np.array([0, *accumulate(map(len, details))])
    colons = np.flatnonzero(text.letters == _COLON)
    before = text.words[colons - WORD] & _KEY
    found = [_named(text, colons, before, name) for name in (*names, CALLSIGN)]
    every = np.concatenate(found)
    whose = rows[np.searchsorted(starts, every) - 1]
    called = len(every) - len(found[-1])
    values = numbers_from(text, every[:called] + 1)
    columns = {column: np.full(count, np.nan) for column in NAMED.values()}
    at = 0
    for name, some in zip(names, found, strict=False):
        until = at + len(some)
        columns[NAMED[name]][whose[at:until]] = values[at:until]
        at = until
    codes, callsigns = _callsigns(text, every[called:])
    callsign = np.full(count, -1, dtype=np.int32)
    callsign[whose[called:]] = codes
    return columns, callsign, callsigns


def _named(text: Text, colons: Places, before: NDArray[np.uint64], name: str) -> Places:
    """Those of the colons that stand behind this name, ``before`` being the ``_KEY`` of what stands before each."""
    quoted = f'"{name}"'.encode()
    letters, _ = ending(quoted[-_KEPT:])
    found: Places = colons[before == letters]
    if len(quoted) > _KEPT:
        start = quoted[:WORD]
        found = found[(text.words[found - len(quoted)] & word(b"\xff" * len(start))) == word(start)]
    return found


def _callsigns(text: Text, colon: Places) -> tuple[NDArray[np.int32], list[str]]:
    """The callsigns behind these colons: by code, -1 for a blank one, and what they are."""
    if len(colon) == 0:
        return np.empty(0, dtype=np.int32), []
    letters = text.words[colon + 2]
    ours = before_first(letters, _QUOTE)
    length = np.bitwise_count(ours) // np.uint8(WORD)
    end = colon + 2 + length
    behind = text.letters[end + 1]
    if (
        bool((text.letters[colon + 1] != _QUOTE).any())
        or bool((text.letters[end] != _QUOTE).any())
        or not bool(((behind == _COMMA) | (behind == _CLOSE)).all())
    ):
        raise OddError
    known, codes = np.unique(letters & ours, return_inverse=True)
    names = [int(one).to_bytes(WORD, "little").rstrip(b"\0").decode().strip() for one in known]
    taken: dict[str, int] = {}
    table = [taken.setdefault(name, len(taken)) if name else -1 for name in names]
    return np.array(table, dtype=np.int32)[codes], list(taken)
