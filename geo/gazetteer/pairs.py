"""Find misspelt names: candidates by the pairs of letters they share with the query, then by the number of typos.

Every folded name is a string over a-z and 0-9. With a mark before and after it, a name of n letters has n + 1 pairs of
neighbours. One typo (a letter wrong, missing, too many, or two swapped) changes at most three pairs, so a name with at
most d typos shares all but 3 d of the query's pairs. The index keeps for each pair the names that hold it; a query
reads the few lists of its own pairs, counts, and measures what shares enough: it goes through no list of all names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

#: Lengths of folded names that can be found by typos.
KEY_LENGTHS: Final = range(3, 49)
_LETTERS: Final = b"\0abcdefghijklmnopqrstuvwxyz0123456789"
_BASE: Final = len(_LETTERS)
#: Names that are measured letter by letter, at most.
_MEASURED: Final = 5_000


class Near(NamedTuple):
    """A folded name near the query, its typos (optimal string alignment) and ``rapidfuzz.fuzz.ratio``."""

    key: str
    typos: int
    ratio: float


def typos_allowed(length: int) -> int:
    """How many typos a query of so many letters may have and still be taken for a name."""
    return 0 if length < 4 else 1 if length < 8 else 2 if length < 12 else 3  # noqa: PLR2004  the table itself


def typos_measured(length: int) -> int:
    """How many typos a name near a query of so many letters may have and still be offered."""
    return min(3, typos_allowed(length) + 1)


def _numbers(text: bytes) -> NDArray[np.int32]:
    """The number of each pair of neighbours in ``text``, names being set apart by a NUL."""
    place = np.zeros(256, dtype=np.int32)
    place[np.frombuffer(_LETTERS, dtype=np.uint8)] = np.arange(_BASE)
    letters = place[np.frombuffer(text, dtype=np.uint8)]
    return letters[:-1] * _BASE + letters[1:]


def postings(keys: Sequence[str]) -> Iterator[tuple[int, bytes]]:
    """For each pair of letters the positions in ``keys`` of its names, ascending, as little-endian uint32."""
    pairs = _numbers(("\0" + "\0".join(keys) + "\0").encode("ascii"))
    owners = np.repeat(np.arange(len(keys), dtype=np.uint32), [len(key) + 1 for key in keys])
    order = np.argsort(pairs, kind="stable")
    pairs, owners = pairs[order], owners[order]
    fresh = np.ones(len(pairs), dtype=bool)
    fresh[1:] = (pairs[1:] != pairs[:-1]) | (owners[1:] != owners[:-1])
    pairs, owners = pairs[fresh], owners[fresh]
    numbers, starts = np.unique(pairs, return_index=True)
    for number, block in zip(numbers.tolist(), np.split(owners, starts[1:]), strict=True):
        yield number, block.astype("<u4").tobytes()


class Vocabulary:
    """All folded names of the index in memory (about 25 MB), shortest first, and their pairs on disk."""

    def __init__(self, base: sqlite3.Connection) -> None:
        data = dict(base.execute("SELECT what, data FROM vocabulary"))
        self._base = base
        self._keys: str = data["keys"].decode("ascii")
        ends = np.frombuffer(data["ends"], dtype="<u4").astype(np.int64)
        self._bounds = np.concatenate([np.zeros(1, dtype=np.int64), ends])
        self._weights = np.frombuffer(data["weights"], dtype="<u4")
        lengths = np.diff(self._bounds)
        self._from_length = np.searchsorted(lengths, np.arange(KEY_LENGTHS.stop + 1))

    def near(self, key: str, typos: int, limit: int) -> list[Near]:
        """The names with at most ``typos`` typos against ``key`` (a folded name), the likeliest ``limit`` first.

        Likelier is what has fewer typos or more inhabitants: one typo more weighs as much as a hundredfold town.
        """
        from rapidfuzz import fuzz
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        if len(key) not in KEY_LENGTHS or not key.isascii():
            return []
        found = self._sharing(key, typos)
        starts, ends = self._bounds[found].tolist(), self._bounds[found + 1].tolist()
        names = [self._keys[start:end] for start, end in zip(starts, ends, strict=True)]
        if not names:
            return []
        distances = cdist([key], names, scorer=OSA.distance, score_cutoff=typos, dtype=np.int32)[0]
        within = np.flatnonzero(distances <= typos)
        value = np.log10(np.maximum(self._weights[found[within]], 1)) - 2.0 * distances[within]
        best = within[np.argsort(-value, kind="stable")][:limit]
        return [Near(names[row], int(distances[row]), fuzz.ratio(key, names[row])) for row in best.tolist()]

    def _sharing(self, key: str, typos: int) -> NDArray[np.int64]:
        """Positions of the names that share enough pairs with ``key`` and are about as long."""
        shortest, longest = max(0, len(key) - typos), min(KEY_LENGTHS.stop, len(key) + typos + 1)
        first, last = int(self._from_length[shortest]), int(self._from_length[longest])
        pairs = np.unique(_numbers(f"\0{key}\0".encode("ascii"))).tolist()
        shared = np.zeros(last - first, dtype=np.uint8)
        for pair in pairs:
            block = self._base.execute("SELECT keys FROM pair WHERE pair = ?", (pair,)).fetchone()
            holders = np.frombuffer(block[0] if block else b"", dtype="<u4")
            since, until = np.searchsorted(holders, (first, last))
            shared[holders[since:until] - first] += 1
        found = np.flatnonzero(shared >= max(1, len(pairs) - 3 * typos))
        if len(found) > _MEASURED:
            found = found[np.argpartition(shared[found], len(found) - _MEASURED)[-_MEASURED:]]
        return found + first
