"""The command line: ``flightcase find · track · new · check · render · serve · schema``.

Every command takes ``--json`` (one object on standard output, messages on standard error) and exits 0 when it did what
was asked, 1 when the input is at fault, 2 on wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import CaseError, FlightcaseError, PlaceAmbiguous, PlaceNotFound
from geo.render import RENDERINGS  # no rendering is loaded with it

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.errors import Problem
    from geo.model import Case
    from geo.scene import Scene

_DONE: Final = 0
_AT_FAULT: Final = 1
_ENDINGS: Final = ", ".join(RENDERINGS)
_ABOUT: Final = "A flight occurrence as a map and a timeline: what is measured, inferred, unknown."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except CaseError as wrong:
        problems = [{"where": problem.where, "message": problem.message} for problem in wrong.problems]
        return _failed(chosen, {"problems": problems}, str(wrong))
    except FlightcaseError as wrong:
        return _failed(chosen, {"error": str(wrong)}, str(wrong))
    except BrokenPipeError:  # whoever reads has had enough, as head does; nothing more may be written, at exit neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _DONE
    except OSError as wrong:
        told = f"{wrong.filename or ''}: {wrong.strerror or wrong}".lstrip(": ")
        return _failed(chosen, {"error": told}, told)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return _AT_FAULT


def _failed(chosen: argparse.Namespace, answer: dict[str, Any], text: str) -> int:
    if chosen.json:
        _print_json(answer)
    print(text, file=sys.stderr)
    return _AT_FAULT


def _print_json(answer: object) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=None if not sys.stdout.isatty() else 2))


# --- the commands --------------------------------------------------------------------------------------------


def _find(chosen: argparse.Namespace) -> int:
    from geo.gazetteer import is_clear, open_gazetteer  # each command loads what it needs

    gazetteer = open_gazetteer(progress=_progress)
    try:
        matches = gazetteer.search(chosen.name, country=chosen.country)
        clear = is_clear(matches)
    except (PlaceNotFound, PlaceAmbiguous) as wrong:
        matches, clear = (), False
        print(wrong, file=sys.stderr)
    if chosen.json:
        _print_json({"query": chosen.name, "matches": [_match(match) for match in matches]})
    for match in () if chosen.json else matches:
        place = match.place
        codes = "/".join(code for code in (place.icao, place.iata) if code)
        people = f"{place.population:,} inhabitants" if place.population else ""
        told = [f"{place.lat:9.4f} {place.lon:9.4f}", place.kind, place.country or "", codes, people]
        print(f"{match.name}: " + " · ".join(part for part in told if part))
    if not clear and not chosen.json:
        _explain(gazetteer.find, chosen)
    return _DONE if clear else _AT_FAULT


def _explain(find: Callable[..., object], chosen: argparse.Namespace) -> None:
    """Say why there is no single answer, in the words that a case file would get."""
    try:
        find(chosen.name, country=chosen.country)
    except (PlaceNotFound, PlaceAmbiguous) as wrong:
        print(wrong, file=sys.stderr)


def _match(match: Any) -> dict[str, Any]:  # noqa: ANN401  a Match, typed where it is made
    place = match.place
    return {
        "name": match.name,
        "kind": place.kind,
        "lat": place.lat,
        "lon": place.lon,
        "country": place.country,
        "icao": place.icao,
        "iata": place.iata,
        "population": place.population,
        "matched": match.matched,
        "score": match.score,
    }


def _track(chosen: argparse.Namespace) -> int:
    from geo import tracks  # each command loads what it needs

    source: Any = sys.stdin.buffer if chosen.file == "-" else Path(chosen.file)
    if chosen.output and Path(chosen.output).suffix.lower() not in tracks.SUFFIXES:
        raise FlightcaseError(f"{chosen.output}: a track is written as {', '.join(tracks.SUFFIXES)}; name such a file")
    reading = tracks.read(
        source, name="standard input" if chosen.file == "-" else None, member=chosen.member, progress=_progress
    )
    answer = tracks.report_json(reading)
    if chosen.output:
        wanted = {name: getattr(chosen, name) for name in ("icao24", "callsign", "leg", "start", "end")}
        tracks.write(tracks.select(reading, **wanted), chosen.output)
    if chosen.json:
        _print_json(answer)
    else:
        _print_track(chosen.file, answer)
    return _DONE


def _print_track(file: str, answer: dict[str, Any]) -> None:
    print(f"{file}: {answer['format']}")
    print("rows: " + ", ".join(f"{count:,} {name}" for name, count in answer["rows"].items()))
    for kind in ("rejected", "values"):
        for reason, count in Counter(row["reason"] for row in answer[kind]).most_common():
            print(f"{kind}: {count:,} {reason}")
    for note in answer["notes"]:
        print(f"note: {note}")
    for number, leg in enumerate(answer["legs"], start=1):
        aircraft = leg["name"] if leg["icao24"] in (None, leg["name"]) else f"{leg['name']} ({leg['icao24']})"
        size = f"{leg['fixes']:,} fixes, {leg['distance_km']:,.0f} km"
        print(f"leg {number}: {aircraft}, {leg['from']} to {leg['to']}, {size}")
        for stretch in leg["stretches"]:
            print(f"  {stretch['from']} to {stretch['to']}  {stretch['evidence']}")
    for kind in ("rejected", "unreadable"):
        for row in answer[kind]:
            print(f"row {row['row']} {kind}: {row['reason']}: {row['detail']}")
    for value in answer["values"]:
        print(f"row {value['row']} without its {value['quantity']}: {value['reason']}: {value['detail']}")


def _moment(word: str) -> datetime:
    """A time with its zone, as argparse wants it read.

    Raises:
        argparse.ArgumentTypeError: when it is none.
    """
    from geo.tracks.times import seconds_of  # each command loads what it needs

    try:
        return datetime.fromtimestamp(seconds_of(word), UTC)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def _new(chosen: argparse.Namespace) -> int:
    from geo.start import start  # each command loads what it needs

    folder = start(Path(chosen.folder), chosen.origin, chosen.destination, Path(chosen.track) if chosen.track else None)
    if chosen.json:
        _print_json({"path": str(folder)})
    else:
        print(f"{folder}\nNext: describe what happened in {folder / 'case.toml'}, then flightcase check {folder}")
    return _DONE


def _check(chosen: argparse.Namespace) -> int:
    from geo import casefile  # each command loads what it needs

    case: Case | None = None
    problems: tuple[Problem, ...] = ()
    try:
        case = casefile.read(chosen.case)
    except CaseError as wrong:
        problems = wrong.problems
    answer: dict[str, Any] = {"problems": [{"where": each.where, "message": each.message} for each in problems]}
    told: list[str] = [] if chosen.json else [str(problem) for problem in problems]
    if case is not None and case.others:
        from geo.casefile.others import accounts  # only a case with other aircraft needs it

        answer["others"], lines = accounts(case)
        told += lines
    if (chosen.facts or chosen.at) and case is not None:
        from geo.scene.findings import findings

        found = findings(case, chosen.at, chosen.language, chosen.units)
        answer |= found.written
        told += found.lines
    if chosen.json:
        _print_json(answer)
    else:
        print(*told, sep="\n", end="\n" if told else "")
        print(f"{chosen.case}: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}", file=sys.stderr)
    return _AT_FAULT if problems else _DONE


def _render(chosen: argparse.Namespace) -> int:
    from geo.render import render  # each command loads what it needs

    outputs = [Path(name) for name in chosen.output]
    scene, *also = _scenes(chosen)
    files = []
    for output in outputs:
        rendering = render(scene, output.name, also)
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(rendering)
        files.append({"path": str(output), "bytes": len(rendering), "gzip": _gzipped(rendering)})
    if chosen.json:
        _print_json({"files": files})
    for file in () if chosen.json else files:
        print(f"{file['path']}: {file['bytes']:,} bytes, {file['gzip']:,} gzip")
    return _DONE


def _scenes(chosen: argparse.Namespace) -> list[Scene]:
    """The scene of a rendering, then those in the other languages that it is to offer."""
    from geo import casefile  # each command loads what it needs
    from geo.route import trace
    from geo.scene import compose

    case = casefile.read(chosen.case)
    route = trace(case)
    return [
        compose(case, route, language, chosen.units)
        for language in (chosen.language or case.languages[0], *chosen.also)
    ]


def _gzipped(rendering: bytes) -> int:
    import gzip  # only this command weighs what it wrote

    return len(gzip.compress(rendering, 9))


def _serve(chosen: argparse.Namespace) -> int:
    from geo.dashboard.serve import serve  # loads Streamlit

    folder, file = (Path(name) if name else None for name in (chosen.cases, chosen.config))
    said = {name: getattr(chosen, name) for name in ("address", "port", "read_only")}
    return serve(folder, browser=chosen.browser, chosen=file, **said)


def _schema(_: argparse.Namespace) -> int:
    from geo.casefile import schema  # each command loads what it needs

    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return _DONE


# --- words and progress --------------------------------------------------------------------------------------

_started: dict[str, float] = {}


def _progress(share: float, text: str) -> None:
    """Show progress on a terminal once a task has taken a second."""
    begun = _started.setdefault("at", time.monotonic())
    if not sys.stderr.isatty() or time.monotonic() - begun < 1:
        return
    end = "\n" if share >= 1 else ""
    print(f"\r{share:4.0%} {text:<60}", end=end, file=sys.stderr, flush=True)


def _worded(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", help="en, de, …; the case's first when not given")
    command.add_argument("--units", choices=("nautical", "metric", "imperial"), default="nautical")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flightcase", description=_ABOUT)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="one JSON object on standard output")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about, parents=[common])
        added.set_defaults(run=run)
        return added

    find = command("find", _find, "find a place by name or code, in any script")
    find.add_argument("name")
    find.add_argument("--country", metavar="CC", help="ISO 3166-1 code of the country")

    track = command("track", _track, "read a track, judge its fixes, report row by row")
    track.add_argument("file", help="a file in any known format, - for standard input")
    track.add_argument("-o", "--output", metavar="OUT", help="write the judged track, in the format of the suffix")
    track.add_argument("--icao24", help="the aircraft, where the file holds several")
    track.add_argument("--callsign", help="the flight, where the file holds several")
    track.add_argument("--leg", metavar="N", help="the flight by its number or name, as they are listed")
    for name, dest in (("--from", "start"), ("--to", "end")):
        track.add_argument(name, dest=dest, type=_moment, metavar="TIME", help="as 2024-12-25T05:13:31Z")
    track.add_argument("--member", metavar="NAME", help="which file of an archive, where it holds several tracks")

    new = command("new", _new, "make a case to start from")
    new.add_argument("--from", dest="origin", required=True, metavar="A", help="where the flight was meant to start")
    new.add_argument("--to", dest="destination", required=True, metavar="B", help="where it was meant to go")
    new.add_argument("--track", metavar="FILE", help="its track, copied into the case")
    new.add_argument("folder", metavar="DIR")

    check = command("check", _check, "all problems of a case")
    check.add_argument("case", metavar="CASE")
    check.add_argument("--facts", action="store_true", help="what can be known of the flight, and what it rests on")
    check.add_argument("--at", type=_moment, metavar="TIME", help="and of one moment of it, as 2024-12-25T05:13:31Z")
    _worded(check)

    render = command("render", _render, "any rendering of a case, by what the name of the file ends in")
    render.add_argument("case", metavar="CASE")
    render.add_argument("-o", "--output", action="append", required=True, metavar="OUT", help=f"a file: {_ENDINGS}")
    _worded(render)
    render.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="LANGUAGE",
        help="another language that a page offers its readers; may be given several times",
    )

    serve = command("serve", _serve, "the dashboard")
    serve.add_argument("cases", nargs="?", metavar="CASES", help="a folder of cases; the shipped ones when not given")
    serve.add_argument("--config", metavar="FILE", help="its settings; config.toml in CASES when not given")
    serve.add_argument("--address", help="where it listens; 127.0.0.1, this machine alone, when not given")
    serve.add_argument("--port", type=int, help="8501 when not given")
    serve.add_argument("--read-only", action="store_true", default=None, help="show cases and change none")
    serve.add_argument("--no-browser", dest="browser", action="store_false", help="open no browser window")

    command("schema", _schema, "JSON Schema of case.toml")
    return parser


if __name__ == "__main__":
    os.environ.setdefault("PYTHONIOENCODING", "utf-8")
    sys.exit(main())
