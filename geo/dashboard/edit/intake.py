"""Track files on their way into a draft: read and judged in a thread of their own, while the page shows how far it is.

Reading goes on when the page is used, reloaded or closed meanwhile; what was read is in the draft then. A file that
cannot be read leaves nothing behind. A thread is enough: Numpy and Arrow let go of the interpreter while they work, and
beside one that read a million fixes no other thread waited for more than 60 ms.
"""

from __future__ import annotations

import logging
import zipfile
from dataclasses import dataclass, field
from threading import Event, Lock, Semaphore, Thread
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.editing import Document
from geo.dashboard import desk, library
from geo.errors import FlightcaseError, TrackError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from geo.tracks import Leg, Reading

_LOG: Final = logging.getLogger(__name__)
#: Files that are read at the same time, in the whole server: each may take some hundred megabytes.
_AT_ONCE: Final = Semaphore(2)
#: Members of an archive that are tried for a track, and the size from which one is not, bytes.
_TRIED: Final = 24
_LARGE: Final = 50_000_000


@dataclass
class Intake:
    """Files being taken into a draft: how far they are, and what came of each.

    ``refused`` has the name of each that was not taken and why; no reason where reading failed unforeseen.
    """

    names: tuple[str, ...]
    share: float = 0.0
    at: str = ""
    ended: Event = field(default_factory=Event)
    taken: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """Whether all of them have been read."""
        return self.ended.is_set()


@dataclass(frozen=True, slots=True)
class More:
    """What the entry of a file says besides the file, and where the file comes from.

    ``source`` becomes an entry of ``[sources]`` that the file names; what it does not say is asked for there.
    """

    table: str = "track"
    entry: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)


_running: dict[str, Intake] = {}
_lock: Final = Lock()


def intake(draft: str) -> Intake | None:
    """What is being taken into a draft, or was and has not been cleared."""
    return _running.get(draft)


def clear(draft: str) -> None:
    """Forget what was taken in."""
    with _lock:
        if draft in _running and _running[draft].done:
            del _running[draft]


def begin(draft: str, files: Sequence[tuple[str, BinaryIO]], what: str, more: More | None = None) -> Intake:
    """Take files into a draft, one after the other.

    Args:
        draft: its id.
        files: each with the name that it had where it came from.
        what: names the change.
        more: what their entries say; those of tracks of the flight without it.
    """
    job = Intake(tuple(name for name, _ in files))
    with _lock:
        running = _running.get(draft)
        if running and not running.done:
            return running
        _running[draft] = job
    Thread(target=_run, args=(job, draft, list(files), what, more or More()), daemon=True).start()
    return job


def _run(job: Intake, draft: str, files: list[tuple[str, BinaryIO]], what: str, more: More) -> None:
    count = len(files)
    try:
        while files:
            name, file = files.pop(0)
            done = count - len(files) - 1
            job.at = name
            with _AT_ONCE:
                _take(job, draft, name, file, (what, more), (done, count))
            del file  # its bytes go before the next is read
    finally:
        job.share = 1.0
        job.ended.set()


def _take(job: Intake, draft: str, name: str, file: BinaryIO, change: tuple[str, More], part: tuple[int, int]) -> None:
    what, more = change

    def heard(share: float, _: str) -> None:
        # A format may tell its own way from 0 to 1 more than once; the bar never goes back.
        job.share = max(job.share, (part[0] + share) / part[1])

    path: Path | None = None
    kept = False
    hears = desk.listening.set(heard)
    try:
        drafts = library.drafts()
        stored = drafts.add_file(draft, name, file)
        path = drafts.file(drafts.sure(draft).slug, draft, stored)
        entry = _entry(draft, path, stored, more)
        text = drafts.sure(draft).text
        document = Document(text)
        if more.source:
            entry["sources"] = [_source(document, more.source)]
        document.insert((more.table,), entry)
        drafts.change(draft, document.text, f"{what} {stored}")
        kept = True
        job.taken.append(stored)
    except FlightcaseError as wrong:
        job.refused.append((name, str(wrong)))
    except Exception:  # noqa: BLE001  a reader that fails in a way nobody foresaw must not leave the page waiting
        _LOG.exception("reading a track that was dropped")
        job.refused.append((name, ""))
    finally:
        desk.listening.reset(hears)
        if path is not None and not kept:
            path.unlink(missing_ok=True)


def _source(document: Document, said: Mapping[str, Any]) -> str:
    """The key of a source in ``[sources]``: of one that says the same already, else of a new one."""
    listed = document.get(("sources",), {})
    known = listed if isinstance(listed, dict) else {}
    for key, entry in known.items():
        if isinstance(entry, dict) and {name: entry.get(name) for name in said} == dict(said):
            return str(key)
    key = next(key for number in range(1, len(known) + 2) if (key := f"archive-{number}") not in known)
    document.put(("sources", key), dict(said))
    return key


def _entry(draft: str, path: Path, stored: str, more: More) -> dict[str, Any]:
    """The entry for a file.

    Raises:
        TrackError: when it is no track.
    """
    values = desk.values(library.drafts().sure(draft).text)
    flight = values.get("flight", {})
    try:
        reading = read(path, stored)
    except TrackError:
        if len(members(path)) > 1:
            return {"file": stored, **more.entry}  # which of them is meant is asked for beside the problem
        raise
    return {"file": stored, **({} if more.entry else meant(reading, flight)), **more.entry}


def read(path: Path, name: str, member: str | None = None) -> Reading:
    """A file of a draft, read and judged; read again when it changed.

    Raises:
        TrackError: when it is no track.
    """
    if not path.is_file():
        raise TrackError(name, "there is no such file in the case folder")
    state = path.stat()
    return desk.read_track(path, state.st_mtime_ns, state.st_size, name, member)


def members(path: Path) -> list[str]:
    """The tracks in an archive, if it is one that holds several."""
    from geo import tracks

    if not zipfile.is_zipfile(path):
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and info.file_size < _LARGE][:_TRIED]
    except (zipfile.BadZipFile, OSError, ValueError):
        return []
    found = []
    for info in infos:
        try:
            tracks.read(path, member=info.filename, max_bytes=_LARGE)
        except TrackError:
            continue
        found.append(info.filename)
    return found


def meant(reading: Reading, flight: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry needs to say so that the leg of a flight is meant; nothing where it is the only one, or unclear."""
    if len(reading.legs) < 2:  # noqa: PLR2004  there is nothing to choose
        return {}
    for key in ("icao24", "callsign"):
        own = str(flight.get(key) or "").casefold()
        same = [leg for leg in reading.legs if own and (getattr(leg, key) or "").casefold() == own]
        if len(same) == 1:
            return choosing(reading, same[0])
    return {}


def choosing(reading: Reading, leg: Leg) -> dict[str, Any]:
    """What names one leg of a reading: its address or its callsign where no other has it, else its number."""
    for key in ("icao24", "callsign"):
        own = getattr(leg, key)
        if own and sum(getattr(other, key) == own for other in reading.legs) == 1:
            return {key: own}
    return {"leg": reading.legs.index(leg) + 1}
