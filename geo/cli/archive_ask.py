"""``flightcase archive flights``, ``near``, ``inside``, ``jumps`` and so on: ask an archive of positions."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from geo.cli import archive_tell, archive_where, clusters, output
from geo.cli.moments import moment
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from geo.archive import Answer, Archive
    from geo.cli.parser import Commands

#: What a screen shows of an answer; files and ``--json`` have all columns.
_SHOWN: Final = {
    "flights": "icao24 callsign first_time origin last_time destination fixes distance_km highest_ft silent_s",
    "near": "icao24 callsign first_time last_time nearest_km nearest_time lowest_ft highest_ft fixes",
    "inside": "icao24 callsign first_time last_time lowest_ft highest_ft fixes",
    "jump": "time icao24 callsign lat_before lon_before lat lon distance_km implied_kt",
    "hour": "hour cell_lat cell_lon jumps aircraft away into median_km greatest_km",
    "strayed": "icao24 callsign first_time last_time stray_km stray_time stray_lat stray_lon beyond_s",
    "diverted": "icao24 callsign first_time last_time origin destination ending ended_km usual",
    "positions": "time icao24 callsign lat lon altitude_ft ground_speed_kt track_deg on_ground",
}
_ICAO24: Final = "ICAO 24-bit address of an aircraft, as 4006c1"
_PLACE: Final = 'a name or code, as Grozny or URMG, or latitude and longitude, as "43.39,45.70"'
_TIME: Final = "as 2024-12-25T05:13:31Z"
_ENDINGS: Final = ".csv, .parquet, .geojson, .json, .jsonl"
_AERODROME: Final = "an aerodrome by its code, or by its name or that of its city"


def add(archive: Commands) -> None:
    """Add these commands to ``flightcase archive``."""
    _flights(archive)
    near = _question(archive, "near", near_, "who passed near a place: a row for each aircraft and pass")
    near.add_argument("--of", required=True, metavar="PLACE", help=_PLACE)
    near.add_argument("--km", required=True, type=archive_where.number, help="how near, kilometres")
    _takes_negative(near)
    inside = _question(archive, "inside", inside_, "who was in an area: a row for each aircraft and pass")
    _area(inside.add_mutually_exclusive_group(required=True), inside)
    jumps = _question(archive, "jumps", jumps_, "whose position jumped impossibly, as jammed ones do")
    where = jumps.add_mutually_exclusive_group()
    where.add_argument("--of", metavar="PLACE", help=f"with an end near this place, with --km: {_PLACE}")
    _area(where, jumps)
    jumps.add_argument("--km", type=archive_where.number, help="how near, kilometres")
    jumps.set_defaults(wrong=jumps.error)
    jumps.add_argument("--by", choices=("jump", "hour"), default="jump", help="each, or how many by hour and 1° cell")
    _between_two(archive)
    positions = _question(archive, "positions", positions_, "every row that was received from an aircraft")
    positions.add_argument("--icao24", action="append", required=True, help=f"{_ICAO24}; may be given several times")
    track = _question(archive, "track", track_, "the flights of one aircraft, judged, with an account of every row")
    track.add_argument("--icao24", required=True, help=_ICAO24)
    track.add_argument("--callsign", help="the flight to write, where there are several")
    track.add_argument("--leg", metavar="N", help="the flight to write by its number or name, as they are listed")


def _question(
    archive: Commands, name: str, run: Callable[[argparse.Namespace], int], about: str
) -> argparse.ArgumentParser:
    """A question about a time; all of them end in rows, but for a track."""
    asked = archive.add(name, run, about)
    asked.add_argument("root", metavar="ROOT", help="the folder of the archive")
    for option, dest, words in (("--from", "start", "from then on"), ("--to", "end", "up to then, and without it")):
        asked.add_argument(option, dest=dest, type=moment, required=True, metavar="TIME", help=f"{words}: {_TIME}")
    clusters.add(asked, "ask")
    if name == "track":
        asked.add_argument("-o", "--output", metavar="OUT", help="write the judged track, in the format of the suffix")
        return asked
    asked.add_argument("-o", "--output", metavar="OUT", help=f"write all rows into a file: {_ENDINGS}")
    asked.add_argument("--limit", type=_rows, metavar="N", help=f"so many rows; on a screen {archive_tell.LIMIT:,}")
    return asked


def _rows(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is no number of rows; write 1 or more")
    return int(word)


def _area(group: Any, command: argparse.ArgumentParser) -> None:  # noqa: ANN401  a group of argparse, whose type is private
    group.add_argument("--area", metavar="FILE", help="a file of GeoJSON with the area as a polygon")
    group.add_argument(
        "--box", type=archive_where.box, metavar="S,W,N,E", help="degrees; west of the antimeridian to east of it too"
    )
    _takes_negative(command)


def _takes_negative(command: argparse.ArgumentParser) -> None:
    """Let ``--box -34,18,-33,19`` be a value: argparse takes it for an option, since it is not one number alone."""
    command._negative_number_matcher = re.compile(r"-[\d.]")  # noqa: SLF001  argparse has no other way


def _flights(archive: Commands) -> None:
    flights = _question(archive, "flights", flights_, "which flights there were")
    flights.add_argument("--icao24", action="append", help=f"{_ICAO24}; may be given several times")
    flights.add_argument("--callsign", action="append", help="a callsign in full; may be given several times")
    flights.add_argument("--origin", metavar="PLACE", help=f"where they began: {_AERODROME}")
    flights.add_argument("--destination", metavar="PLACE", help=f"where they ended: {_AERODROME}")


def _between_two(archive: Commands) -> None:
    strayed = _question(archive, "strayed", strayed_, "flights that left the line between two aerodromes")
    strayed.add_argument("--km", required=True, type=archive_where.number, help="by more than so many kilometres")
    diverted = _question(
        archive, "diverted", diverted_, "flights that were meant for one aerodrome and ended elsewhere"
    )
    diverted.add_argument(
        "--callsign",
        action="append",
        help="a callsign of flights meant for there; may be given several times; all that usually fly it if not given",
    )
    diverted.add_argument("--also-lost", action="store_true", help="also flights that were not seen to land")
    for command in (strayed, diverted):
        command.add_argument("--origin", required=True, metavar="PLACE", help=f"from: {_AERODROME}")
        command.add_argument("--destination", required=True, metavar="PLACE", help=f"to: {_AERODROME}")


def _opened(chosen: argparse.Namespace) -> Archive:
    from geo.archive import Archive  # each command loads what it needs

    return Archive.open(chosen.root, clusters.engine(chosen))


def _between(chosen: argparse.Namespace) -> tuple[datetime, datetime]:
    return chosen.start, chosen.end


def _told(chosen: argparse.Namespace, answer: Answer, shown: str) -> int:
    """Tell an answer as it is asked for, and what the archive does not hold."""
    from geo.archive.span import Span  # each command loads what it needs

    if chosen.output:
        count = archive_tell.save(answer, chosen.output, as_json=chosen.json)
    else:
        columns: Sequence[str] = _SHOWN[shown].split()
        count = archive_tell.tell(answer, columns, chosen.limit, as_json=chosen.json)
    if not count:
        print("nothing was found", file=sys.stderr)
    archive_tell.tell_missing(answer.missing_days)
    # Nothing found on days of which nothing is known is no answer.
    unknown = len(answer.missing_days) == len(Span.of(_between(chosen)).days)
    return output.AT_FAULT if unknown and not count else output.DONE


def _aerodrome(word: str | None) -> Any:  # noqa: ANN401  a place, or none
    return None if word is None else archive_where.aerodrome(word)


def flights_(chosen: argparse.Namespace) -> int:
    """List flights."""
    found = _opened(chosen).flights(
        _between(chosen),
        icao24=chosen.icao24,
        callsign=chosen.callsign,
        origin=_aerodrome(chosen.origin),
        destination=_aerodrome(chosen.destination),
    )
    return _told(chosen, found, "flights")


def near_(chosen: argparse.Namespace) -> int:
    """List who passed near a place."""
    archive = _opened(chosen)
    return _told(chosen, archive.near(archive_where.point(chosen.of), chosen.km, _between(chosen)), "near")


def inside_(chosen: argparse.Namespace) -> int:
    """List who was in an area."""
    return _told(chosen, _opened(chosen).inside(_outline(chosen), _between(chosen)), "inside")


def _outline(chosen: argparse.Namespace) -> Any:  # noqa: ANN401  corners, or GeoJSON
    return archive_where.area_of(chosen.area) if chosen.area else chosen.box


def jumps_(chosen: argparse.Namespace) -> int:
    """List jumps, or count them by hour and area."""
    if (chosen.of is None) != (chosen.km is None):
        chosen.wrong("--of and --km go together: --of Grozny --km 200")
    archive = _opened(chosen)
    area = _outline(chosen) if chosen.of is None else (archive_where.point(chosen.of), chosen.km)
    return _told(chosen, archive.jumps(area, _between(chosen), by=chosen.by), chosen.by)


def strayed_(chosen: argparse.Namespace) -> int:
    """List flights that strayed."""
    archive = _opened(chosen)
    ends = _aerodrome(chosen.origin), _aerodrome(chosen.destination)
    return _told(chosen, archive.strayed(*ends, _between(chosen), chosen.km), "strayed")


def diverted_(chosen: argparse.Namespace) -> int:
    """List flights that were diverted."""
    archive = _opened(chosen)
    ends = _aerodrome(chosen.origin), _aerodrome(chosen.destination)
    found = archive.diverted(*ends, _between(chosen), callsigns=chosen.callsign, also_lost=chosen.also_lost)
    return _told(chosen, found, "diverted")


def positions_(chosen: argparse.Namespace) -> int:
    """List every row of aircraft."""
    return _told(chosen, _opened(chosen).positions(chosen.icao24, _between(chosen)), "positions")


def track_(chosen: argparse.Namespace) -> int:
    """Judge what was received of an aircraft, print what was found row by row, and write a flight of it."""
    from pathlib import Path  # each command loads what it needs

    from geo import tracks
    from geo.archive.span import Span
    from geo.cli.track import print_report

    if chosen.output and Path(chosen.output).suffix.lower() not in tracks.SUFFIXES:
        raise ArchiveError(f"{chosen.output}: a track is written as {', '.join(tracks.SUFFIXES)}; name such a file")
    archive = _opened(chosen)
    reading = archive.reading(chosen.icao24, _between(chosen))
    missing = archive.store.missing(Span.of(_between(chosen)))
    answer = tracks.report_json(reading)
    if chosen.output:
        tracks.write(tracks.select(reading, callsign=chosen.callsign, leg=chosen.leg), chosen.output)
    if chosen.json:
        output.print_json({**answer, "missing_days": [day.isoformat() for day in missing]})
    else:
        print_report(f"{chosen.root}, {chosen.icao24}", answer)
    archive_tell.tell_missing(missing)
    return output.DONE
