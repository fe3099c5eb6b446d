"""``flightcase track``: read a track, judge its fixes, report row by row, convert."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.cli import output
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    import argparse


def track(chosen: argparse.Namespace) -> int:
    """Read a track, print what was found row by row, and convert it."""
    from geo import tracks  # each command loads what it needs

    source: Any = sys.stdin.buffer if chosen.file == "-" else Path(chosen.file)
    if chosen.output and Path(chosen.output).suffix.lower() not in tracks.SUFFIXES:
        raise FlightcaseError(f"{chosen.output}: a track is written as {', '.join(tracks.SUFFIXES)}; name such a file")
    reading = tracks.read(
        source, name="standard input" if chosen.file == "-" else None, member=chosen.member, progress=output.progress
    )
    answer = tracks.report_json(reading)
    if chosen.output:
        wanted = {name: getattr(chosen, name) for name in ("icao24", "callsign", "leg", "start", "end")}
        tracks.write(tracks.select(reading, **wanted), chosen.output)
    if chosen.json:
        output.print_json(answer)
    else:
        print_report(chosen.file, answer)
    return output.DONE


def print_report(file: str, answer: dict[str, Any]) -> None:
    """Print what ``report_json`` says of a file, row by row; what is not printable in a name is told as a code."""
    from geo.tracks.names import escaped  # each command loads what it needs

    print(f"{file}: {answer['format']}")
    print("rows: " + ", ".join(f"{count:,} {name}" for name, count in answer["rows"].items()))
    for kind in ("rejected", "values"):
        for reason, count in Counter(row["reason"] for row in answer[kind]).most_common():
            print(f"{kind}: {count:,} {reason}")
    for note in answer["notes"]:
        print(f"note: {note}")
    for number, leg in enumerate(answer["legs"], start=1):
        name, icao24 = escaped(leg["name"]), escaped(leg["icao24"])
        aircraft = f"{name} ({icao24})" if icao24 not in ("", name) else name
        size = f"{leg['fixes']:,} fixes, {leg['distance_km']:,.0f} km"
        print(f"leg {number}: {aircraft}, {leg['from']} to {leg['to']}, {size}")
        for stretch in leg["stretches"]:
            print(f"  {stretch['from']} to {stretch['to']}  {stretch['evidence']}")
    for kind in ("rejected", "unreadable"):
        for row in answer[kind]:
            print(f"row {row['row']} {kind}: {row['reason']}: {row['detail']}")
    for value in answer["values"]:
        print(f"row {value['row']} without its {value['quantity']}: {value['reason']}: {value['detail']}")
