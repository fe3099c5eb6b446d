"""Numbers in a text, all at once: eight digits are one 64-bit word, and three multiplications make a number of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

    Places = NDArray[np.int64]
    Counts = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

#: Bytes before and behind a text, so that a word can be read at each of its letters.
PAD: Final = 16
WORD: Final = 8
_ZEROS: Final = np.uint64(0x3030303030303030)
#: By the number of digits, which bytes of a word that ends with them are theirs.
_THEIRS: Final = np.array([(1 << 64) - (1 << 64 - 8 * count) for count in range(WORD + 1)], dtype=np.uint64)
#: Added to a byte from 0 to 9 it leaves the highest bit clear, and to no other.
_OVER_NINE: Final = np.uint64(0x7676767676767676)
_HIGHEST: Final = np.uint64(0x8080808080808080)
#: Two, four and eight digits from one, two and four: what to multiply by, how far to shift, and what is then theirs.
_JOINED: Final = tuple(
    (np.uint64(factor), np.uint64(shift), np.uint64(kept))
    for factor, shift, kept in (
        (10 * (1 << 8) + 1, 8, 0x00FF00FF00FF00FF),
        (100 * (1 << 16) + 1, 16, 0x0000FFFF0000FFFF),
        (10_000 * (1 << 32) + 1, 32, 0x00000000FFFFFFFF),
    )
)
_TENS: Final = 10.0 ** np.arange(WORD + 1)
_MINUS, _POINT, _COMMA, _BRACE = map(ord, "-.,}")
_THREE, _EIGHT = np.uint8(3), np.uint64(8)
_LOWEST: Final = 0x0101010101010101


class OddError(ValueError):
    """Something in a text is written otherwise than expected; it is looked at with care then."""


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Letters, and the word of eight letters that begins at each of them, its first letter the lowest byte."""

    letters: NDArray[np.uint8]
    words: NDArray[np.uint64]

    @classmethod
    def of(cls, pieces: Sequence[Any]) -> Text:
        """These pieces, which are bytes, with ``PAD`` blanks before and behind."""
        blank = b" " * PAD
        joined = b"".join((blank, *pieces, blank))
        words: NDArray[np.uint64] = np.ndarray(len(joined) - WORD + 1, dtype="<u8", buffer=joined, strides=(1,))
        return cls(np.frombuffer(joined, np.uint8), words)


def word(letters: bytes) -> np.uint64:
    """The word of up to eight letters; those that are missing are 0, behind."""
    return np.uint64(int.from_bytes(letters, "little"))


def ending(letters: bytes) -> tuple[np.uint64, np.uint64]:
    """The word that ends with these letters, up to eight, and which of its bytes are theirs."""
    return np.uint64(int.from_bytes(letters.rjust(WORD, b"\0"), "little")), _THEIRS[len(letters)]


def before_first(words: NDArray[np.uint64], *letters: int) -> NDArray[np.uint64]:
    """The bits of the bytes of each word before the first that is one of these letters; all where none is."""
    found = np.zeros_like(words)
    for letter in letters:
        differs = words ^ np.uint64(letter * _LOWEST)
        # the highest bit of the first byte that is the letter, and perhaps of some behind it
        found |= (differs - np.uint64(_LOWEST)) & ~differs & _HIGHEST
    below = (found & (~found + np.uint64(1))) - np.uint64(1)
    return np.where(found == 0, below, below >> np.uint64(WORD - 1))


def numbers_from(text: Text, start: Places) -> FloatColumn:
    """The numbers that begin there, in decimals, and end before a comma or a brace.

    They are those that Python reads, to the last bit.

    Raises:
        OddError: when one is none, is written in another way, or has as many letters as a word.
    """
    letters = text.words[start]
    ours = before_first(letters, _COMMA, _BRACE)
    length = np.bitwise_count(ours) >> _THREE
    whole = np.bitwise_count(before_first(letters, _POINT) & ours) >> _THREE
    if int(length.max(initial=0)) == WORD:
        raise OddError
    minus = text.letters[start] == _MINUS
    pointed = whole < length
    decimals = length - whole - pointed
    if bool((whole <= minus).any()) or bool((pointed > decimals).any()):
        raise OddError
    letters = text.words[start + length - WORD]
    behind = _THEIRS[np.where(pointed, decimals, WORD)]
    digits = letters & behind
    # the point moves to where it is masked out
    digits |= (letters << _EIGHT) & ~behind
    values: FloatColumn = _natural(digits, length - pointed - minus) / _TENS[decimals]
    np.negative(values, out=values, where=minus)
    return values


def _natural(letters: NDArray[np.uint64], count: Counts) -> FloatColumn:
    """The numbers of the last so many letters of these words."""
    digits = letters ^ _ZEROS
    digits &= _THEIRS[count]
    if bool((((digits + _OVER_NINE) | digits) & _HIGHEST).any()):
        raise OddError
    for factor, shift, kept in _JOINED:
        digits *= factor
        digits >>= shift
        digits &= kept
    return digits.astype(np.float64)
