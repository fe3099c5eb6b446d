"""Read a case folder: the case file, its places and its tracks, with all problems at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from geo.casefile.checks import cross_check
from geo.casefile.others import read_file, read_others
from geo.casefile.problems import Locator, problems_of
from geo.errors import CaseError, PlaceError, Problem, TrackError
from geo.model import Case, Place, Track, TrackFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from geo.model import Finder
    from geo.tracks import Reading

    ReadTrack: TypeAlias = Callable[[TrackFile], Reading]

NAME: Final = "case.toml"
_MOST_BYTES: Final = 5_000_000


def read(path: str | Path, *, find: Finder | None = None) -> Case:
    """The case in a folder, or in the ``case.toml`` that is named, with its tracks read and judged.

    Args:
        path: the case folder or its ``case.toml``.
        find: finds the place that a name or code means; the gazetteer when it is not given.

    Raises:
        CaseError: with every problem of the file and of its tracks, each with its place.
    """
    case, problems = _read(_file(path), find)
    if problems or case is None:
        raise CaseError(str(path), problems)
    return case


def check(path: str | Path, *, find: Finder | None = None) -> tuple[Problem, ...]:
    """All problems of the case in a folder; empty when it is sound. Takes what ``read`` takes."""
    try:
        _, problems = _read(_file(path), find)
    except CaseError as wrong:
        return wrong.problems
    return tuple(problems)


def _file(path: str | Path) -> Path:
    file = Path(path)
    if file.is_dir():
        file /= NAME
    if not file.is_file():
        raise CaseError(
            str(path), [Problem("", f"there is no {NAME} here; name a case folder, or make one: flightcase new")]
        )
    return file


def parse(text: str, source: str) -> dict[str, Any]:
    """The document that a text is.

    Raises:
        CaseError: when it is no TOML; ``source`` is named.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise CaseError(source, [Problem("", f"this is not TOML: {wrong}")]) from wrong


def _text(file: Path) -> str:
    size = file.stat().st_size
    if size > _MOST_BYTES:
        raise CaseError(
            str(file), [Problem("", f"the file has {size:,} bytes; a case file has at most {_MOST_BYTES:,}")]
        )
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise CaseError(str(file), [Problem("", f"byte {wrong.start} is no UTF-8; save the file as UTF-8")]) from wrong


def _read(file: Path, find: Finder | None) -> tuple[Case | None, list[Problem]]:
    text = _text(file)
    return read_document(
        parse(text, str(file)), Locator(text), lambda wanted: read_file(wanted, file.parent), find=find
    )


def read_document(
    document: dict[str, Any], locate: Locator, read_track: ReadTrack, *, find: Finder | None = None
) -> tuple[Case | None, list[Problem]]:
    """The case of a document, and all its problems; a case with problems is of use to who knows what is wrong.

    Args:
        document: the values of a ``case.toml``.
        locate: names places in its text.
        read_track: reads and judges the file of a track; raises ``TrackError``.
        find: as in ``read``.
    """
    own: dict[str, Place] = {}
    context = {"find": _finder(own, find), "places": own}
    problems: list[Problem] = []
    case: Case | None = None
    try:
        case = Case.model_validate(document, context=context)
    except ValidationError as wrong:
        problems += problems_of(wrong, locate)
    tracks: tuple[Track, ...] = ()
    if case is not None:
        tracks, track_problems = _tracks(case, read_track, locate)
        case = case.model_copy(update={"recorded": tracks})
        others, other_problems = read_others(case, read_track, locate) if case.others else ((), [])
        problems += [*track_problems, *other_problems]
        case = case.model_copy(update={"others_recorded": others})
    problems += cross_check(document, case, locate)
    problems.sort(key=lambda problem: locate.order(problem.where))
    return case, problems


def _finder(own: dict[str, Place], find: Finder | None) -> Finder:
    def look(name: str) -> Place:
        if name in own:
            return own[name].model_copy(update={"asked": name})
        try:
            return (find or _gazetteer())(name)
        except PlaceError as wrong:
            raise PydanticCustomError("place", "{message}", {"message": str(wrong)}) from wrong

    return look


def _gazetteer() -> Finder:
    from geo.gazetteer import open_gazetteer  # a case that gives its own positions needs none

    return open_gazetteer().find


def _tracks(case: Case, read_track: ReadTrack, locate: Locator) -> tuple[tuple[Track, ...], list[Problem]]:
    tracks: list[Track] = []
    problems: list[Problem] = []
    for index, wanted in enumerate(case.tracks):
        where = ("track", index, "file")
        try:
            tracks.append(_track(wanted, read_track, case.flight.icao24))
        except TrackError as wrong:
            problems.append(locate.problem(where, str(wrong)))
    return tuple(tracks), problems


def _track(wanted: TrackFile, read_track: ReadTrack, icao24: str | None) -> Track:
    from geo import tracks  # loads numpy, which a case without a track does not need

    reading = read_track(wanted)
    _same_aircraft(wanted.file, [leg.icao24 for leg in reading.legs], icao24, wanted.icao24)
    return tracks.select(
        reading,
        icao24=wanted.icao24,
        callsign=wanted.callsign,
        leg=wanted.leg,
        start=wanted.from_,
        end=wanted.to,
    )


def _same_aircraft(file: str, found: Sequence[str | None], flight: str | None, wanted: str | None) -> None:
    addresses = {address.lower() for address in found if address}
    meant = (wanted or flight or "").lower()
    if meant and addresses and meant not in addresses:
        raise TrackError(
            file,
            f"this is a track of another aircraft: ICAO address {', '.join(sorted(addresses))}, the case says {meant}; "
            "use the right file, or correct flight.icao24",
        )
