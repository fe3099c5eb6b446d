"""Coverage-guided fuzzing of every reader of tracks, by atheris: ``make fuzz`` (MINUTES=5).

Begins with a small good file of every format and the bad ones of ``tests/bad``, and asks of whatever the fuzzer makes
of them what the tests ask: it is read with every row accounted for, or refused with a ``TrackError``. What breaks that
is written to ``build/fuzz``; put it into ``tests/bad/fuzzed``, where it stays a test.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
WORK = ROOT / "build" / "fuzz"
#: Bytes of a file, megabytes of memory and seconds of time for one of them.
MOST_BYTES, MOST_MB, MOST_S = 1 << 16, 2_048, 20

with atheris.instrument_imports(include=["geo.tracks"]):
    from geo import tracks
    from geo.errors import TrackError

from made_formats import WRITERS, wrapped  # noqa: E402  the readers come first, to be instrumented
from test_tracks import GOOD, account  # noqa: E402  the same


def one(data: bytes) -> None:
    """Read one made-up file."""
    try:
        reading = tracks.read(data, name="fuzz", max_bytes=64 << 20)
    except TrackError as refused:
        if len(str(refused)) > MOST_BYTES:
            raise AssertionError("the message is longer than the file") from refused
        return
    account(reading)


def seeds(folder: Path) -> None:
    """Write the files to begin with."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        for kind, content in wrapped(write(GOOD)).items():
            (folder / f"{name}{kind}").write_bytes(content)
    for path in (ROOT / "tests" / "bad").glob("*/*"):
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            (folder / path.name).write_bytes(path.read_bytes())


if __name__ == "__main__":
    seeds(WORK / "seeds")
    limits = [f"-max_len={MOST_BYTES}", f"-rss_limit_mb={MOST_MB}", f"-timeout={MOST_S}"]
    where = [f"-artifact_prefix={WORK}/", str(WORK / "seeds")]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[1:], *where], one)
    atheris.Fuzz()
