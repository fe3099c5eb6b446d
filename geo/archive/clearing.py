"""What of an archive nobody needs any more: what killed builds left, and what was replaced a while ago."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from geo.archive import whole
from geo.archive.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Where builds work, and where days lie.
BUILDING: Final = ".building"
DAYS: Final = "days"
#: In the folder in which a day is built: what the day will be, and what is needed of its chunks until it is whole.
OUT: Final = "out"
CHUNKS: Final = "chunks"
#: What of a day changes with the days beside it: files whose names begin so and go on with a hash of their content.
JOINED: Final = ("flights", "jumps")
#: What was replaced stays as long, for those who opened the archive before.
GRACE: Final = timedelta(days=1)


def clear(root: Path, now: datetime | None = None) -> None:
    """Take away what no catalogue names, unless it was replaced within ``GRACE``, and what is not whole.

    Only who holds the archive for a build may do so. What it takes away is first moved to where nobody looks, so that
    it is never half there.
    """
    catalogue = Catalogue.read_if_there(root)
    oldest = (now or datetime.now(UTC)) - GRACE
    kept = {name for name, since in catalogue.replaced.items() if datetime.fromisoformat(since) > oldest}
    kept |= catalogue.files
    for path in sorted(_unnamed(root, kept)):
        gone = whole.unfinished(root / BUILDING / "gone")
        gone.parent.mkdir(exist_ok=True)
        path.rename(gone)
    for plan in (root / BUILDING).glob("????-??-??/*"):
        if not (plan / OUT).exists():  # the day is where the catalogue names it, or it never came so far
            remove(plan)
    for day in (root / BUILDING).glob("????-??-??"):
        if not any(day.iterdir()):
            day.rmdir()
    for path in sorted((root / BUILDING).rglob(f"*{whole.PART}*"), reverse=True):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def unfinished(root: Path) -> tuple[date, ...]:
    """The days of which a build that has not ended, or was killed, has laid down some."""
    begun = (root / BUILDING).glob(f"????-??-??/*/{CHUNKS}/*")
    return tuple(sorted({date.fromisoformat(path.parents[2].name) for path in begun}))


def remove(path: Path) -> None:
    """Take a folder away at once, and then what is in it, so that a build that is killed leaves no half of it."""
    gone = whole.unfinished(path.with_name("gone"))
    path.rename(gone)
    shutil.rmtree(gone)


def _unnamed(root: Path, kept: set[str]) -> Iterator[Path]:
    for folder in (root / DAYS).glob("*/*"):
        name = folder.relative_to(root).as_posix()
        if not folder.name.isdigit():  # not of a build: whose it is may know
            continue
        if name not in kept:
            yield folder
            continue
        for kind in JOINED:
            # Jumps of the first layout had a name without a hash.
            yield from (path for path in folder.glob(f"{kind}[-.]*") if f"{name}/{path.name}" not in kept)
