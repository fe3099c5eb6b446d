"""Which days an archive holds: one small file that is replaced as a whole, so that a day is there or is not.

A day lies in a folder of its own, written once and never changed but for its flights and jumps, which hang on the days
beside it and change their names with their content. ``archive.json`` names the folders; readers see what it named when
they opened it, and a build that is killed leaves it as it was. Iceberg, Delta and DuckLake do this and more, and each
needs a part of Spark or DuckDB that does not come with them (``docs/decisions/0070``).
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT: Final = 1
NAME: Final = "archive.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of rows sorted by address, and the first and last address in it."""

    file: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it lies on disk: names of files within its folder, which is relative to the root.

    ``area`` is by hour of the day (UTC); hours without a position have no file. ``account`` is that of the build:
    rows read and written, what was left out and why, and the sources.
    """

    folder: str
    aircraft: tuple[Part, ...]
    area: Mapping[int, str]
    legs: str
    flights: str
    jumps: str
    account: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The days of an archive as they were when it was read.

    ``replaced`` names folders and files that it does not name any more, and since when: who opened it before reads
    them still.
    """

    root: Path
    days: Mapping[date, Day]
    replaced: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path) -> Catalogue:
        """The catalogue of the archive in this folder.

        Raises:
            ArchiveError: when there is no archive, or one of another format.
        """
        path = root / NAME
        try:
            said = json.loads(path.read_bytes())
        except FileNotFoundError as missing:
            raise ArchiveError(
                f"{root}: there is no archive; build one there: flightcase archive build SOURCE -o {root}"
            ) from missing
        except ValueError as wrong:
            raise ArchiveError(f"{path}: it is no catalogue of an archive: {wrong}") from wrong
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise ArchiveError(f"{path}: it is of a format that this version does not read; build the archive anew")
        days = {date.fromisoformat(day): _day(one) for day, one in said["days"].items()}
        return cls(root, days, said.get("replaced", {}))

    @classmethod
    def read_if_there(cls, root: Path) -> Catalogue:
        """The same; of no archive, one without days."""
        return cls.read(root) if (root / NAME).exists() else cls(root, {})

    @property
    def files(self) -> frozenset[str]:
        """The folders that it names and, since they change alone, flights and jumps in them; relative to the root."""
        return frozenset(
            name
            for day in self.days.values()
            for name in (day.folder, f"{day.folder}/{day.flights}", f"{day.folder}/{day.jumps}")
        )

    def path(self, day: date, name: str) -> str:
        """The path of a file of a day."""
        return str(self.root / self.days[day].folder / name)


def _day(said: Mapping[str, Any]) -> Day:
    return Day(
        folder=said["folder"],
        aircraft=tuple(Part(**part) for part in said["aircraft"]),
        area={int(hour): name for hour, name in said["area"].items()},
        legs=said["legs"],
        flights=said["flights"],
        jumps=said["jumps"],
        account=said["account"],
    )


@contextmanager
def changing(root: Path) -> Iterator[dict[date, Day]]:
    """The days to be changed in place; written as one when this ends without an error, by one writer at a time."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = Catalogue.read_if_there(root)
        days = dict(before.days)
        yield days
        said = {
            "format": FORMAT,
            "days": {day.isoformat(): asdict(one) for day, one in sorted(days.items())},
            "replaced": _replaced(before, Catalogue(root, days)),
        }
        part = root / f".{NAME}.part"
        with part.open("wb") as file:
            file.write(json.dumps(said, separators=(",", ":")).encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(root / NAME)


def _replaced(before: Catalogue, after: Catalogue) -> dict[str, str]:
    """What is still on disk though no catalogue names it any more, and since when."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    known = {**dict.fromkeys(sorted(before.files), now), **before.replaced}
    return {name: since for name, since in known.items() if name not in after.files and (after.root / name).exists()}
