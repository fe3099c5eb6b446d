"""Rows of many aircraft in memory: columns of whole numbers, as they will lie on disk."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa

from geo.archive.tables import AIRCRAFT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn

#: What is not known, in a column of 32 and of 8 bits.
NONE: Final = np.int32(-(2**31))
NONE_8: Final = np.int8(-128)
#: Set in an address that is not of ICAO; so it sorts behind all that are, as its text does.
OTHER: Final = 1 << 24
#: How many of the unit in a column make one of the unit in its name.
_PARTS: Final = {"lat": 1_000_000, "lon": 1_000_000, **dict.fromkeys(
    ("ground_speed_kt", "track_deg", "heading_deg", "true_airspeed_kt", "indicated_airspeed_kt"), 10
)}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows of any aircraft and times, one element of each column a row.

    ``address`` is the ICAO 24-bit address as a number, with ``OTHER`` set where it is none of ICAO; ``time_ms`` counts
    from 1970 UTC; ``lat`` and ``lon`` are millionths of a degree; the columns of ``_PARTS`` with 10 are tenths; what a
    row does not carry is ``NONE`` (``NONE_8``); ``on_ground`` is 1, 0 or ``NONE_8``. ``callsign`` is an index into
    ``callsigns``, or -1. The other columns are those of ``tables.AIRCRAFT``.
    """

    address: NDArray[np.uint32]
    time_ms: NDArray[np.int64]
    lat: NDArray[np.int32]
    lon: NDArray[np.int32]
    altitude_ft: NDArray[np.int32]
    geometric_altitude_ft: NDArray[np.int32]
    ground_speed_kt: NDArray[np.int32]
    track_deg: NDArray[np.int32]
    heading_deg: NDArray[np.int32]
    true_airspeed_kt: NDArray[np.int32]
    indicated_airspeed_kt: NDArray[np.int32]
    vertical_rate_fpm: NDArray[np.int32]
    nic: NDArray[np.int8]
    nacp: NDArray[np.int8]
    sil: NDArray[np.int8]
    on_ground: NDArray[np.int8]
    callsign: NDArray[np.int32]
    is_stale: NDArray[np.bool_]
    begins: NDArray[np.bool_]
    callsigns: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.address)

    @classmethod
    def of(cls, address: NDArray[Any], time_ms: NDArray[Any], **columns: Any) -> Self:  # noqa: ANN401  arrays, and callsigns
        """A block with these columns as they are; what is not given no row carries.

        Raises:
            TypeError: for a column that there is not.
        """
        unknown = columns.keys() - {one.name for one in fields(cls)}
        if unknown:
            raise TypeError(f"a block has no column {', '.join(sorted(unknown))}")
        count = len(address)
        filled: dict[str, Any] = {"address": address.astype(np.uint32), "time_ms": time_ms.astype(np.int64)}
        for name, kind, missing in _KINDS:
            filled[name] = columns[name].astype(kind) if name in columns else np.full(count, missing, dtype=kind)
        return cls(**filled, callsigns=tuple(columns.get("callsigns", ())))

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """These one after the other."""
        if len(blocks) == 1:
            return blocks[0]
        known: dict[str, int] = {}
        codes = []
        for block in blocks:
            table = [known.setdefault(name, len(known)) for name in block.callsigns]
            codes.append(np.array([*table, -1], dtype=np.int32)[block.callsign])
        columns = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in _COLUMNS}
        columns["callsign"] = np.concatenate(codes)
        return cls(**columns, callsigns=tuple(known))

    def take(self, rows: Any) -> Self:  # noqa: ANN401  indices, a mask or a slice
        """The rows at these indices, where this mask is true, or of this slice, in that order."""
        return type(self)(**{name: getattr(self, name)[rows] for name in _COLUMNS}, callsigns=self.callsigns)

    def sorted(self) -> Self:
        """By address and time; rows of one aircraft and time stay in their order."""
        since = self.time_ms - self.time_ms.min(initial=2**62)
        if since.max(initial=0) >= _LONG_MS:
            return self.take(np.lexsort((self.time_ms, self.address)))
        key = self.address.astype(np.int64) << _BITS | since
        # Most sources give aircraft after aircraft in order of time, or nearly so: that is soon sorted.
        return self if bool(np.all(key[1:] >= key[:-1])) else self.take(np.argsort(key, kind="stable"))

    def table(self) -> pa.Table:
        """The rows as ``tables.AIRCRAFT``."""
        numbers = {name: column(name, getattr(self, name)) for name in _COLUMNS if name not in _OTHERWISE}
        columns = {
            **numbers,
            "icao24": icao24s(self.address).dictionary_decode(),
            "time": pa.array(self.time_ms, pa.int64()).view(AIRCRAFT.field("time").type),
            "on_ground": pa.array(self.on_ground == 1, mask=self.on_ground == NONE_8),
            "callsign": words(self.callsign, pa.array(self.callsigns, pa.string())).dictionary_decode(),
            "is_stale": pa.array(self.is_stale),
            "begins": pa.array(self.begins),
        }
        return pa.table([columns[name] for name in AIRCRAFT.names], schema=AIRCRAFT)


#: Bits that a time takes behind an address while rows are sorted, and the time that is too long for them.
_BITS: Final = 38
_LONG_MS: Final = 1 << _BITS
_OTHERWISE: Final = ("address", "time_ms", "on_ground", "callsign", "is_stale", "begins")
_BYTES: Final = ("nic", "nacp", "sil", "on_ground")
_COLUMNS: Final = tuple(one.name for one in fields(Block) if one.name != "callsigns")
#: Of every column but the first two its type, and what stands where a row has nothing.
_KINDS: Final[tuple[tuple[str, Any, Any], ...]] = tuple(
    (name, np.bool_, False)
    if name in ("is_stale", "begins")
    else (name, np.int8, NONE_8)
    if name in _BYTES
    else (name, np.int32, -1 if name == "callsign" else NONE)
    for name in _COLUMNS[2:]
)


def fixed(name: str, values: FloatColumn) -> NDArray[np.int32]:
    """Values of a column in the unit of its name, NaN where there is none, as the whole numbers of a block.

    What no aircraft can say, and does not fit the column, counts as not said.
    """
    parts = _PARTS.get(name, 1)
    most = 99_999 if parts == 10 else 2**31 - 1  # noqa: PLR2004  five digits, as ``tables.TENTHS`` has
    scaled = np.rint(values * parts)
    held = np.abs(scaled) <= most
    return np.where(held, np.where(held, scaled, 0), NONE).astype(np.int32)


def column(name: str, numbers: NDArray[Any]) -> pa.Array:
    """A column of numbers of this name as Arrow has it; decimals without a copy."""
    kind = AIRCRAFT.field(name).type
    missing = numbers == (NONE_8 if name in _BYTES else NONE)
    if not pa.types.is_decimal(kind):
        return pa.array(numbers, kind, mask=missing)
    some = bool(missing.any())
    valid = pa.py_buffer(np.packbits(~missing, bitorder="little")) if some else None
    return pa.Array.from_buffers(kind, len(numbers), [valid, pa.py_buffer(np.ascontiguousarray(numbers))])


def number_of(icao24: str) -> int:
    """The number of an address, ``OTHER`` set where it begins with ``~``.

    Raises:
        ValueError: when it is no address: six hexadecimal digits.
    """
    word = icao24.strip().lower()
    digits = word.removeprefix("~")
    if len(digits) != 6 or any(letter not in "0123456789abcdef" for letter in digits):  # noqa: PLR2004  as many as an address has
        raise ValueError(f"{icao24!r} is no ICAO 24-bit address; write six hexadecimal digits, as 4006c1")
    return int(digits, 16) | (OTHER if word.startswith("~") else 0)


def address_of(number: int) -> str:
    """The text of the number of an address."""
    return f"{'~' if number & OTHER else ''}{number & (OTHER - 1):06x}"


def icao24s(address: NDArray[np.uint32]) -> pa.DictionaryArray:
    """The texts of these addresses, each spelt once."""
    coded = pa.array(address).dictionary_encode()
    texts = pa.array([address_of(one) for one in coded.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(coded.indices, texts)


def spoken(codes: NDArray[np.int32], callsigns: Sequence[str]) -> tuple[NDArray[np.int32], list[str]]:
    """The callsigns that these are the numbers of, no others, and their numbers among those; -1 stays."""
    used = np.zeros(len(callsigns) + 1, dtype=np.bool_)
    used[codes] = True  # -1, none, is the last
    used[-1] = False
    renumbered = np.append(np.cumsum(used[:-1]) - 1, -1).astype(np.int32)
    return renumbered[codes], [callsigns[index] for index in np.flatnonzero(used).tolist()]


def words(codes: NDArray[np.int32], callsigns: pa.Array) -> pa.DictionaryArray:
    """The callsigns that these are the numbers of, only those, each once; null for -1."""
    coded = pa.array(codes, mask=codes < 0).dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, callsigns.take(coded.dictionary))
