"""The runways of aerodromes, from OurAirports: ``data/aerodromes/README.md`` says as of when and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo import resources
from geo.errors import ResourceError
from geo.geodesy import distance_m
from geo.model import Position

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: Steps of the stored grid in a degree: a little more than a metre.
GRID: Final = 100_000
#: The month and year of the newer of the two editions.
EDITION: Final = (2026, 2)
#: One runway as it is stored, sorted by aerodrome; ``a`` is the end with the lower number.
RUNWAY: Final = np.dtype(
    [
        ("aerodrome", "S4"),
        ("number_a", "S3"),
        ("number_b", "S3"),
        ("lat_a", "<i4"),
        ("lon_a", "<i4"),
        ("lat_b", "<i4"),
        ("lon_b", "<i4"),
        ("length_ft", "<u2"),
        ("width_ft", "<u2"),
        ("displaced_a_ft", "<u2"),
        ("displaced_b_ft", "<u2"),
        ("surface", "S12"),
    ]
)
#: Narrows the search before distances are measured; a degree of latitude is at least 110.5 km.
_DEGREE_KM: Final = 110.5


@dataclass(frozen=True)
class Runway:
    """A runway: its numbers and ends in the same order; ``surface`` is in the words of the source."""

    aerodrome: str
    numbers: tuple[str, str]
    ends: tuple[Position, Position]
    length_ft: int
    width_ft: int
    displaced_ft: tuple[int, int]
    surface: str


def runways_of(code: str) -> tuple[Runway, ...]:
    """The runways of the aerodrome with a code, in the order of their numbers; empty where none are known."""
    stored = _stored()
    wanted = code.encode("ascii", "ignore")
    first, last = (int(np.searchsorted(stored["aerodrome"], wanted, side)) for side in ("left", "right"))
    return tuple(_runway(row) for row in stored[first:last])


def aerodromes_near(lat: float, lon: float, km: float) -> tuple[str, ...]:
    """Codes of the aerodromes with an end of a runway within ``km`` of a position, in alphabetical order."""
    stored = _stored()
    found: set[str] = set()
    for end in ("a", "b"):
        lats, lons = stored[f"lat_{end}"] / GRID, stored[f"lon_{end}"] / GRID
        near = np.flatnonzero(np.abs(lats - lat) * _DEGREE_KM <= km)
        near = near[distance_m(lat, lon, lats[near], lons[near]) <= km * 1000]
        found.update(code.decode() for code in stored["aerodrome"][near])
    return tuple(sorted(found))


def _runway(row: Any) -> Runway:  # noqa: ANN401  numpy has no type for a row
    a, b = (Position(lat=int(row[f"lat_{end}"]) / GRID, lon=int(row[f"lon_{end}"]) / GRID) for end in ("a", "b"))
    return Runway(
        aerodrome=row["aerodrome"].decode(),
        numbers=(row["number_a"].decode(), row["number_b"].decode()),
        ends=(a, b),
        length_ft=int(row["length_ft"]),
        width_ft=int(row["width_ft"]),
        displaced_ft=(int(row["displaced_a_ft"]), int(row["displaced_b_ft"])),
        surface=row["surface"].decode(),
    )


def read_runways(path: Path) -> NDArray[np.void]:
    """All runways of a file, sorted by aerodrome.

    Raises:
        ResourceError: it is missing, or is no such file.
    """
    try:
        stored: NDArray[np.void] = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as wrong:
        raise ResourceError(f"data/aerodromes/{path.name} cannot be read: {wrong}; install flightcase again") from wrong
    if stored.dtype != RUNWAY:
        raise ResourceError(f"data/aerodromes/{path.name} is of another version; install flightcase again")
    return stored


@cache
def _stored() -> NDArray[np.void]:
    return read_runways(resources.data("aerodromes", "runways.npy"))
