"""A day of readsb's ``globe_history`` of any size, made of eleven real traces.

Each tile is one real trace under an address and callsigns of its own, turned about the Earth's axis, moved a little to
the north or south and up or down, and begun at another time, so that it lies within the day. Rows, their details,
flags, silences and oddities stay as they were received; each position is moved by up to a fifth of a metre, so that no
two tiles have the same numbers to pack. What is written is what readsb writes: JSON, gzip, one file an aircraft, in
folders by the last two digits of the address, as a tar or as a folder. What tile ``n`` is follows from ``n`` alone.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

#: Where the real traces are; they have no licence to be in the tree.
REAL: Final = Path(__file__).resolve().parents[2] / "shared" / "tracks" / "readsb_trace"
DAY: Final = date(2024, 12, 25)
DAY_S: Final = 86_400.0
_SEED: Final = 8_243
#: Odd, so that the addresses of 2**24 tiles are all different; near the golden section, so that few are spread too.
_STRIDE: Final = 0x9E3779
#: Every so many tiles one has an address that is not of ICAO.
_OTHERS: Final = 53
_NORTHERLY: Final = 1_500_000
_NOISE: Final = 2
#: Whole degrees would lay tile over tile.
_TURN: Final = 360_000_000
#: Feet that the altitudes of a tile are moved by, where they are not those of an approach.
_LIFTS: Final = (-400, -200, 0, 200, 400)
_LOW_FT: Final = 15_000
#: Tiles come no lower than that within so many millionths of a degree of the aerodromes that questions name.
_CLEAR: Final = (1_000_000, 2_000_000)
#: LTAC, OIIE, UBBB, URMG, UATE, EFRO, BIKF: see ``archive_plants``.
KEPT_CLEAR: Final = np.rint(
    np.array(
        [(40.128, 32.995), (35.416, 51.152), (40.468, 50.047), (43.388, 45.699), (43.860, 51.092), (66.565, 25.830),
         (63.985, -22.606)]
    )
    * 1e6
).astype(np.int64)  # fmt: skip
_COMPRESSION: Final = 1
#: What the folder of a day also has, and is no trace.
BESIDE: Final = {
    "README.txt": b"globe_history of readsb\n",
    "acas/acas.csv.gz": gzip.compress(b"hex,utc\n", mtime=0),
    "heatmap/00.bin.ttf": gzip.compress(bytes(64), mtime=0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Real:
    """A real trace, in pieces: what tiles change, and the text between."""

    head: Mapping[str, Any]
    offset_s: NDArray[np.float64]
    lat: NDArray[np.int64]
    lon: NDArray[np.int64]
    altitude_ft: NDArray[np.float64]
    #: Where the altitude that is written is geometric (flag 8) and not of pressure.
    geometric: NDArray[np.bool_]
    #: By row the number of its position: a row that repeats that before has the same.
    place: NDArray[np.int64]
    #: By row, whether readsb calls a position stale that is that of the row before.
    stale: NDArray[np.bool_]
    low: NDArray[np.int64]
    before: pa.Array
    after: tuple[pa.Array, ...]
    callsigns: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lat)


@dataclass(frozen=True, slots=True)
class Tile:
    """What is done to a real trace: ``start_s`` since 1970, moves in millionths of a degree."""

    number: int
    source: int
    icao24: str
    start_s: float
    north: int
    east: int
    lift: int

    @property
    def real(self) -> Real:
        """The trace that it is made of."""
        return reals()[self.source]

    @property
    def callsigns(self) -> dict[str, str]:
        """The real callsigns, and those of the tile."""
        return {
            real: f"T{chr(65 + index)}{chr(65 + self.number // 10_000 % 26)}{self.number % 10_000:04}"
            for index, real in enumerate(self.real.callsigns)
        }

    def positions(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Latitudes and longitudes in millionths of a degree."""
        real = self.real
        dice = np.random.default_rng([_SEED, self.number, 1])
        noise = dice.integers(-_NOISE, _NOISE, (2, int(real.place[-1]) + 1), endpoint=True)[:, real.place]
        lon = real.lon + self.east + noise[1]
        return real.lat + self.north + noise[0], (lon + _TURN // 2) % _TURN - _TURN // 2

    def altitudes_ft(self) -> NDArray[np.float64]:
        """Pressure altitudes, NaN on the ground and where none was sent."""
        written = lifted(self.real.altitude_ft, _LIFTS[self.lift])
        return np.where(self.real.geometric, np.nan, written)

    def times_ms(self) -> NDArray[np.int64]:
        """Times since 1970, to the millisecond nearest."""
        return np.rint((self.start_s + self.real.offset_s) * 1000).astype(np.int64)

    def text(self) -> bytes:
        """The trace as readsb writes it, before it is packed."""
        real = self.real
        head = {**real.head, "icao": self.icao24, "r": f"N{self.number}", "timestamp": self.start_s}
        lat, lon = (_decimals(column) for column in self.positions())
        rows = pc.binary_join_element_wise(real.before, lat, lon, real.after[self.lift], ",")
        body: bytes = rows.buffers()[2].to_pybytes()
        for old, new in self.callsigns.items():
            body = body.replace(f'"flight":"{old:<8}"'.encode(), f'"flight":"{new:<8}"'.encode())
        return json.dumps(head, separators=(",", ":"))[:-1].encode() + b',"trace":[' + body.removesuffix(b",") + b"]}"


def lifted(altitude_ft: NDArray[np.float64], lift_ft: int) -> NDArray[np.float64]:
    """Altitudes moved, but for those of approaches."""
    return np.where(altitude_ft >= _LOW_FT, altitude_ft + lift_ft, altitude_ft)


def _decimals(column: NDArray[np.int64]) -> pa.Array:
    numbers = pa.py_buffer(np.ascontiguousarray(column, dtype=np.int32))
    return pa.Array.from_buffers(pa.decimal32(9, 6), len(column), [None, numbers]).cast(pa.string())


@cache
def reals() -> tuple[Real, ...]:
    """The real traces, in the order of their names.

    Raises:
        SystemExit: when they are not here.
    """
    paths = sorted(REAL.glob("trace_full_*.json"))
    if not paths:
        raise SystemExit(f"there are no real traces in {REAL}: they are not part of the tree, put them there")
    return tuple(_real(path) for path in paths)


def _real(path: Path) -> Real:
    data = path.read_bytes()
    head = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    rows = head.pop("trace")
    lat, lon = (np.rint(np.array([row[place] for row in rows]) * 1e6).astype(np.int64) for place in (1, 2))
    ground = np.array([row[3] == "ground" for row in rows])
    altitude = np.array([row[3] if isinstance(row[3], int | float) else np.nan for row in rows], dtype=np.float64)
    moved = np.r_[True, (np.diff(lat) != 0) | (np.diff(lon) != 0)]
    low = ground | ~(altitude >= _LOW_FT)
    flights = {row[8]["flight"].strip() for row in rows if row[8] and "flight" in row[8]}
    first = rows[0][0]
    return Real(
        head=head,
        offset_s=np.array([round(row[0] - first, 3) for row in rows]),
        lat=lat,
        lon=lon,
        altitude_ft=altitude,
        geometric=np.array([row[6] & 8 > 0 for row in rows]),
        place=np.cumsum(moved) - 1,
        stale=np.array([row[6] & 1 > 0 for row in rows]) & ~moved & ~ground,
        low=np.unique(np.stack([lat[low], lon[low]]) // 100_000 * 100_000, axis=1),
        before=pa.array([f"[{round(row[0] - first, 3)}" for row in rows], pa.string()),
        after=tuple(pa.array([_rest(row, lift) for row in rows], pa.string()) for lift in _LIFTS),
        callsigns=tuple(sorted(flights)),
    )


def _rest(row: list[Any], lift_ft: int) -> str:
    """The text of a row from its altitude on, with the comma behind it."""
    rest = list(row[3:])
    if isinstance(rest[0], int | float) and rest[0] >= _LOW_FT:
        rest[0] += lift_ft
        if len(rest) > 7 and rest[7] is not None:  # noqa: PLR2004  the place of the geometric altitude
            rest[7] += lift_ft
        if rest[5] and "alt_geom" in rest[5]:
            rest[5] = {**rest[5], "alt_geom": rest[5]["alt_geom"] + lift_ft}
    return json.dumps(rest, separators=(",", ":"))[1:] + ","


def tile(number: int, day: date = DAY) -> Tile:
    """The tile of this number on a day."""
    source = number % len(reals())
    real = reals()[source]
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    dice = np.random.default_rng([_SEED, number])
    latest = DAY_S - float(real.offset_s[-1]) - 1
    start, north, lift = dice.uniform(0, latest), dice.integers(-_NORTHERLY, _NORTHERLY), dice.integers(len(_LIFTS))
    east = int(dice.integers(_TURN))
    while not _clear(real.low, int(north), east):
        east = int(dice.integers(_TURN))
    address = number * _STRIDE % 2**24
    icao24 = f"{'~' if number % _OTHERS == _OTHERS - 1 else ''}{address:06x}"
    return Tile(number, source, icao24, midnight + round(float(start), 2), int(north), east, int(lift))


def _clear(low: NDArray[np.int64], north: int, east: int) -> bool:
    """Whether the tile is high where it is near one of the aerodromes of the questions."""
    lat = np.abs(low[0][:, None] + north - KEPT_CLEAR[:, 0])
    lon = np.abs((low[1][:, None] + east - KEPT_CLEAR[:, 1] + _TURN // 2) % _TURN - _TURN // 2)
    return not bool(np.any((lat < _CLEAR[0]) & (lon < _CLEAR[1])))


def numbers(rows: int, first: int = 0, taken: Iterable[str] = ()) -> list[int]:
    """The numbers of as many tiles, from ``first`` on, as have this many rows; none has an address that is taken."""
    # 000000 and ffffff are no addresses.
    held = {0, 2**24 - 1, *(int(one.removeprefix("~"), 16) for one in taken)}
    lengths = [len(real) for real in reals()]
    found = []
    while rows > 0:
        if first * _STRIDE % 2**24 not in held:
            found.append(first)
            rows -= lengths[first % len(lengths)]
        first += 1
    return found


def packed(text: bytes) -> bytes:
    """Text as readsb packs it."""
    from isal import isal_zlib  # of the extra ``archive``: several times as quick as zlib

    return bytes(isal_zlib.compress(text, _COMPRESSION, 31))


def name(icao24: str) -> str:
    """The name of the file of an aircraft within the folder of a day."""
    return f"traces/{icao24[-2:]}/trace_full_{icao24}.json"


def _files(day: date, chunk: Sequence[int], *, as_tar: bool) -> list[tuple[str, bytes]]:
    """Of each of these tiles its name, and its bytes as a file or as a member of a tar."""
    found = []
    for number in chunk:
        one = tile(number, day)
        data = packed(one.text())
        found.append((name(one.icao24), member(name(one.icao24), data) if as_tar else data))
    return [("", b"".join(data for _, data in found))] if as_tar else found


def member(path: str, data: bytes) -> bytes:
    """A file as a tar has it."""
    info = tarfile.TarInfo(f"./{path}")
    info.size = len(data)
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % tarfile.BLOCKSIZE)


def write(target: Path, chosen: Sequence[int], more: Mapping[str, bytes], day: date = DAY, *, workers: int = 2) -> None:
    """These tiles of a day, and the traces of ``more`` by address: a tar where the name says so, else a folder."""
    as_tar = target.suffix == ".tar"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") if as_tar else io.BytesIO() as file:

        def put(path: str, data: bytes, *, done: bool = False) -> None:
            if as_tar:
                file.write(data if done else member(path, data))
                return
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(data)

        for path, data in BESIDE.items():
            put(path, data)
        for path, data in _mapped(day, sorted(chosen, key=_folder), workers, as_tar=as_tar):
            put(path, data, done=True)
        for icao24, text in more.items():
            put(name(icao24), packed(text))
        if as_tar:
            file.write(bytes(2 * tarfile.BLOCKSIZE))


def _folder(number: int) -> tuple[int, int]:
    return number * _STRIDE % 256, number


def _mapped(day: date, chosen: Sequence[int], workers: int, *, as_tar: bool) -> Iterator[tuple[str, bytes]]:
    """The files of these tiles, made by ``workers`` processes; no more than a few chunks are held."""
    chunks = [chosen[start : start + 200] for start in range(0, len(chosen), 200)]
    if workers == 1 or len(chunks) == 1:
        for chunk in chunks:
            yield from _files(day, chunk, as_tar=as_tar)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[Future[list[tuple[str, bytes]]]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(_files, day, chunk, as_tar=as_tar))
            if len(waiting) > 2 * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
