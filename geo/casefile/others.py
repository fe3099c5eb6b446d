"""Read the files that a case names: of its tracks, and of the other aircraft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.errors import Problem, TrackEmpty, TrackError
from geo.model import Heard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.casefile.problems import Locator
    from geo.model import Case, Other, Track, TrackFile
    from geo.tracks import Leg, Reading


#: So many aircraft of context stand behind a story; more nobody can tell apart, and the page would be heavy.
MOST_CONTEXT: Final = 500
_TOO_MANY: Final = (
    f"{{count:,}} aircraft would stand behind the story, and {MOST_CONTEXT} can; choose a shorter time with from and "
    "to, or leave aircraft out of the file"
)


def read_file(wanted: TrackFile, folder: Path) -> Reading:
    """The file of a track, read and judged.

    Raises:
        TrackError: when it is not in the folder, or no track.
    """
    from geo import tracks  # loads numpy, which a case without a track does not need

    file = (folder / wanted.file).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise TrackError(wanted.file, "leads out of the case folder; put the file beside case.toml")
    try:
        there = file.is_file()
    except OSError:  # no file can have that name
        there = False
    if not there:
        raise TrackError(wanted.file, "there is no such file in the case folder")
    return tracks.read(file, name=wanted.file, member=wanted.member)


def read_others(
    case: Case, read_track: Callable[[TrackFile], Reading], locate: Locator
) -> tuple[tuple[Heard, ...], list[Problem]]:
    """What came of the file of each ``other`` of a case, and the problems; a file that several name is read once."""
    readings: dict[tuple[str, str | None], Reading] = {}
    found: list[Heard] = []
    problems: list[Problem] = []
    behind = 0
    for index, wanted in enumerate(case.others):
        try:
            key = (wanted.file, wanted.member)
            if key not in readings:
                readings[key] = read_track(wanted)
            found.append(_heard(case, wanted, readings[key]))
            before, behind = behind, behind + (_count(wanted, found[-1]) if wanted.context else 0)
            if before <= MOST_CONTEXT < behind:
                problems.append(locate.problem(("other", index), _TOO_MANY.format(count=behind)))
        except TrackError as wrong:
            problems.append(locate.problem(("other", index, "file"), str(wrong)))
    return tuple(found), problems


def _count(wanted: Other, heard: Heard) -> int:
    """How many names an entry puts on the map."""
    return len({(track.icao24, track.callsign) for track in heard.tracks}) if wanted.each else 1


def accounts(case: Case) -> tuple[list[dict[str, Any]], list[str]]:
    """What ``flightcase check`` tells of the files of other aircraft: every row of them, as data and in words."""
    listed, lines = [], []
    for other, heard in zip(case.others, case.others_recorded, strict=True):
        rows = {name: getattr(heard, name) for name in ("read", "accepted", "rejected", "unreadable")}
        listed.append({"file": other.file, "tracks": len(heard.tracks), "rows": rows})
        told = ", ".join(f"{count:,} {name}" for name, count in rows.items())
        lines.append(
            f"{other.file}: {len(heard.tracks):,} {'track' if len(heard.tracks) == 1 else 'tracks'}; rows: {told}"
        )
    return listed, lines


def _heard(case: Case, wanted: Other, reading: Reading) -> Heard:
    report = reading.report
    tracks = _each(case, wanted, reading) if wanted.each else (_one(wanted, reading),)
    return Heard(tracks, report.read, report.accepted, report.rejected, report.unreadable)


def _one(wanted: Other, reading: Reading) -> Track:
    from geo import tracks

    return tracks.select(
        reading, icao24=wanted.icao24, callsign=wanted.callsign, leg=wanted.leg, start=wanted.from_, end=wanted.to
    )


def _each(case: Case, wanted: Other, reading: Reading) -> tuple[Track, ...]:
    """All aircraft of a file but that of the flight, between the times that are asked for."""
    start_s = float("-inf") if wanted.from_ is None else wanted.from_.timestamp()
    end_s = float("inf") if wanted.to is None else wanted.to.timestamp()
    found = []
    for leg in reading.legs:
        within = (leg.track.time_s >= start_s) & (leg.track.time_s <= end_s)
        if within.any() and not _is_the_flight(case, leg):
            found.append(leg.track if within.all() else leg.track.take(within))
    if not found:
        raise TrackEmpty(wanted.file, "it has no aircraft but that of the flight at the times that are asked for")
    return tuple(found)


def _is_the_flight(case: Case, leg: Leg) -> bool:
    """Whether a leg is of the aircraft of the flight: by its address, else by its callsign."""
    own = {case.flight.icao24, *(track.icao24 for track in case.recorded)} - {None}
    if leg.icao24 is not None and own:
        return leg.icao24 in own
    return leg.callsign is not None and leg.callsign.casefold() == case.flight.callsign.casefold()
