"""A small day of real traces with the plants in it, as a source and as an archive, and the key to its questions.

The same as ``benchmarks.archive_accept`` builds at 50 million rows, at a size for every run of the tests. Where the
real traces are not here, the day has the plants alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import archive_plants as planted
from benchmarks import archive_tiles as tiles
from benchmarks.archive_asked import FIRST, SECOND
from benchmarks.archive_key import Key

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 200_000


def key(rows: int = ROWS) -> Key:
    """What both days hold: tiles of so many rows, a few of them on the second."""
    if not tiles.REAL.is_dir():
        return Key({FIRST: [], SECOND: []})
    taken = planted.addresses()
    first = tiles.numbers(rows, 0, taken)
    return Key({FIRST: first, SECOND: tiles.numbers(rows // 50, first[-1] + 1, taken)})


def sources(folder: Path, known: Key) -> list[Path]:
    """The files of both days: the first as a tar, the second as a folder."""
    paths = [folder / "v2024.12.25-planes-readsb-prod-0.tar", folder / "globe_history" / "2024" / "12" / "26"]
    for path, (day, chosen) in zip(paths, known.days.items(), strict=True):
        tiles.write(path, chosen, planted.traces(day), day, workers=1)
    return paths


def built(folder: Path, known: Key) -> Path:
    """The archive of both days, built in this process."""
    from geo.archive import build

    done = build(sources(folder, known), folder / "archive", workers=1)
    assert done.is_done, done
    return done.root
