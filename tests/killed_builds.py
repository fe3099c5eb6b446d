"""A program of the tests: builds that are killed as they change a file, one after the other, and what can be seen then.

``killed_builds.py SOURCE… BEFORE WORK ROWS`` builds into a copy of BEFORE in WORK and kills the build as it asks for
one of its changes, at some all over it and at all around what becomes visible; then lets another build finish it. What
``WORK/<number>.killed`` and ``.finished`` show is for the test to judge. Every build is a fork of this program, which
has loaded what builds need and begun no thread.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo.archive import aerodromes, building

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CHANGES = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "open", "shutil.rmtree"}
#: So many moments that are not around what becomes visible.
EVENLY = 4


def forked(act: Callable[[], None]) -> int:
    """Do it in a process of its own, and wait; how that ended."""
    process = os.fork()
    if process == 0:
        try:
            act()
            os._exit(0)
        finally:  # nothing of the fork may go on in the code that follows
            traceback.print_exc()
            os._exit(1)
    return os.waitpid(process, 0)[1]


def build(sources: Sequence[str], root: Path, rows: int, kill_at: int = 0, log: Path | None = None) -> None:
    """Build, and be killed at a change, or write down where all of them were."""
    changed: list[str] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        paths = [os.fspath(one) for one in arguments if isinstance(one, (str, os.PathLike))]
        if event in CHANGES and any(path.startswith(str(root)) for path in paths):
            changed.append(" ".join(path.removeprefix(str(root)) for path in paths))
            if len(changed) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    building.build(sources, root, workers=1, replace=True, chunk_rows=rows)
    if log is not None:
        log.write_text("\n".join(changed))


def main(arguments: Sequence[str]) -> None:
    """Kill and finish as many builds as there are moments."""
    *sources, given, folder, rows = arguments
    before, work = Path(given), Path(folder)
    aerodromes.aerodromes()
    pa.array(np.zeros(1))  # loads pandas, where it is
    shutil.copytree(before, work / "0.finished")
    if forked(lambda: build(sources, work / "0.finished", int(rows), log=work / "log")) != 0:
        sys.exit(1)
    changes = (work / "log").read_text().splitlines()
    visible = {at for at, paths in enumerate(changes, 1) if paths.startswith(("/days", "/.archive.json"))}
    behind = {at + 1 for at in visible}
    for at in sorted({*visible, *behind, *range(1, len(changes), len(changes) // EVENLY)}):
        killed, finished = work / f"{at}.killed", work / f"{at}.finished"
        shutil.copytree(before, killed)
        if forked(lambda: build(sources, killed, int(rows), kill_at=at)) != signal.SIGKILL:  # noqa: B023  done at once
            sys.exit(f"the build was not killed at change {at}")
        shutil.copytree(killed, finished)
        if forked(lambda: build(sources, finished, int(rows))) != 0:  # noqa: B023  as above
            sys.exit(f"the build that was killed at change {at} does not go on")


if __name__ == "__main__":
    main(sys.argv[1:])
