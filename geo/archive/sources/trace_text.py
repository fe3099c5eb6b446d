"""The rows of many traces from their text, without a Python object for a value: as readsb always writes them.

A trace is a list of lists of numbers. From where its commas, points, brackets and braces stand follows where every
value does, and the values of many files are read as columns. Whatever is written otherwise than readsb does is
``OddError``, and is then read with care. What is not used (the source of a position, the roll, most of the details) is
not looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.archive.sources.digits import PAD, WORD, OddError, Text, before_first, ending, numbers, numbers_from, word
from geo.tracks.objects.trace_rows import ALTITUDE, CALLSIGN, DETAILS, LAT, LON, NAMED, ONLY_DETAILS, PLACES, WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.archive.sources.digits import Mask, Places
    from geo.model.track import FloatColumn

_COMMA, _POINT, _COLON, _OPEN, _CLOSE, _BEGIN, _END, _QUOTE, _NULL = map(ord, ',.:{}[]"n')
_BRACES: Final = re.compile(rb"(\{[^}]*\})")
_GROUND: Final = word(b'"ground"')
_NONE: Final = b"null"
#: By the number of marks of a row but for points, which they are: its beginning, the end of each value, and the comma
#: behind it. A row of the short form ends with the details.
_SHAPES: Final = {
    width + 2: np.array([_BEGIN, *[_COMMA] * (width - 1), _END, _COMMA], dtype=np.uint8)
    for width in (DETAILS + 1, WIDTH)
}
#: So many letters at the end of a name, with its quote, tell those that are used from most others.
_KEPT: Final = 5
_, _KEY = ending(b" " * _KEPT)
#: Blanks between two rows, at most: so many letters can be looked at behind any place.
_MOST_BLANKS: Final = PAD
_LAST_BLANK: Final = ord(" ")


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


class _Details(NamedTuple):
    """What stands between braces, one after the other: where each begins, and where in the whole, and its length."""

    text: Text
    starts: Places
    opens: Places
    lengths: Places

    def without(self, places: Places) -> Places:
        """Where these places of the whole are when nothing is left between braces."""
        gone = np.r_[0, np.cumsum(self.lengths - len(b"{}"))]
        found: Places = places - gone[np.searchsorted(self.opens, places)]
        return found


class _Cells(NamedTuple):
    """Values: where they begin, where their point is (their end for none), and where they end."""

    start: Places
    point: Places
    end: Places


def parsed(bodies: Sequence[bytes | memoryview]) -> Parsed:
    """The rows of these traces: of each the text from behind its first bracket to the end of its last row.

    Raises:
        OddError: when anything is written otherwise than readsb does.
    """
    pieces: list[bytes | memoryview] = [b","] * (2 * len(bodies) + 1)
    pieces[1::2] = bodies
    text, details = _apart(b"".join(pieces))
    edges, points = _rows(text)
    width = edges.shape[1] - 2
    own = {place: np.full(len(edges), np.nan) for place in PLACES}
    # degrees have more letters than a word
    for places in ((LAT, LON), [place for place in PLACES if place < width and place not in (LAT, LON)]):
        cells = _cells(edges, points, places)
        held, down = _held(text, cells, places)
        own |= dict(zip(places, numbers(text, *cells, held), strict=True))
    rows = _with_details(text, edges[:, DETAILS] + 1, edges[:, DETAILS + 1], len(details.starts))
    detailed = _detailed(details, rows, len(edges), ONLY_DETAILS if width == WIDTH else tuple(NAMED))
    starts = PAD + details.without(np.cumsum([0, *(len(body) + 1 for body in bodies)]))
    return Parsed(own, down, *detailed, np.diff(np.searchsorted(edges[:, 0], starts)))


def _apart(joined: bytes) -> tuple[Text, _Details]:
    """The text with nothing between braces, and what stands in them.

    Of braces in braces, and of one that is never closed, something is left that no row has.
    """
    pieces = _BRACES.split(joined)
    outside, inside = pieces[::2], pieces[1::2]
    lengths = np.fromiter(map(len, inside), np.int64, len(inside))
    ends = np.cumsum(lengths)
    before = np.cumsum(np.fromiter(map(len, outside[:-1]), np.int64, len(inside)))
    text = Text.of([b"{}".join(outside)])
    return text, _Details(Text.of(inside), PAD + ends - lengths, before + ends - lengths, lengths)


def _rows(text: Text) -> tuple[Places, Places]:
    """By row where it begins, each of its values ends, and the comma behind it is; and likewise the points of values.

    A value without a point has its end there.
    """
    letters = text.letters
    point = letters == _POINT
    mark = letters == _COMMA
    mark |= point
    mark |= letters == _BEGIN
    mark |= letters == _END
    place = np.flatnonzero(mark)
    point = point[place]
    edges = place[~point][1:]
    kinds = letters[edges]
    count = int(np.count_nonzero(kinds == _BEGIN))
    width = len(edges) // max(count, 1)
    if width not in _SHAPES or len(edges) != count * width:
        raise OddError
    edges, kinds = edges.reshape(count, width), kinds.reshape(count, width)
    if bool((kinds != _SHAPES[width]).any()) or bool((edges[:, -1] - edges[:, -2] != 1).any()):
        raise OddError
    _blank(text, np.r_[PAD, edges[:-1, -1]] + 1, edges[:, 0])
    points = edges.copy()
    pointed = np.flatnonzero(point)
    # the edge behind a point, but for the comma with which the text begins
    points.ravel()[pointed - np.arange(1, len(pointed) + 1)] = place[pointed]
    return edges, points


def _blank(text: Text, start: Places, end: Places) -> None:
    """Nothing, if only blanks stand there.

    Raises:
        OddError: when others do, or too many.
    """
    length = end - start
    most = int(length.max(initial=0))
    if most > _MOST_BLANKS:
        raise OddError
    for at in range(most):
        if bool(((text.letters[start + at] > _LAST_BLANK) & (length > at)).any()):
            raise OddError


def _cells(edges: Places, points: Places, places: Sequence[int]) -> _Cells:
    behind = [place + 1 for place in places]
    start = edges.T[list(places)]
    start += 1
    return _Cells(start, points.T[behind], edges.T[behind])


def _held(text: Text, cells: _Cells, places: Sequence[int]) -> tuple[Mask, Mask]:
    """Where there is a number, and which rows say that the aircraft is on the ground.

    Raises:
        OddError: when something is neither a number nor what readsb writes for none.
    """
    start, _, end = cells
    letter = text.letters[start]
    nothing, quoted = letter == _NULL, letter == _QUOTE
    _null(text, start[nothing], end[nothing])
    if ALTITUDE not in places:
        down = np.zeros(start.shape[1], dtype=np.bool_)
    else:
        altitude = places.index(ALTITUDE)
        down = quoted[altitude]
        first, last = start[altitude][down], end[altitude][down]
        if bool((text.words[first] != _GROUND).any()) or bool((last - first != WORD).any()):
            raise OddError
    if int(np.count_nonzero(quoted)) != int(np.count_nonzero(down)):
        raise OddError
    nothing |= quoted
    return ~nothing, down


def _null(text: Text, start: Places, end: Places) -> None:
    """Nothing, if ``null`` stands there.

    Raises:
        OddError: when something else does.
    """
    letters, theirs = ending(_NONE)
    if bool((end - start != len(_NONE)).any()) or bool(((text.words[end - WORD] & theirs) != letters).any()):
        raise OddError


def _with_details(text: Text, start: Places, end: Places, count: int) -> Places:
    """The rows that have details, which are so many.

    Raises:
        OddError: when one has something else in their place, or there are braces elsewhere.
    """
    detailed = text.letters[start] == _OPEN
    _null(text, start[~detailed], end[~detailed])
    rows = np.flatnonzero(detailed)
    if len(rows) != count or bool((end[rows] - start[rows] != len(b"{}")).any()):
        raise OddError
    return rows


def _detailed(
    details: _Details, rows: Places, count: int, names: Sequence[str]
) -> tuple[dict[str, FloatColumn], NDArray[np.int32], list[str]]:
    """The columns of the details of these rows, of so many, filled for these names; and the callsigns by code."""
    text = details.text
    colons = np.flatnonzero(text.letters == _COLON)
    before = text.words[colons - WORD] & _KEY
    found = [_named(text, colons, before, name) for name in (*names, CALLSIGN)]
    every = np.concatenate(found)
    whose = rows[np.searchsorted(details.starts, every) - 1]
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
