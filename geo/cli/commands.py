"""What each command does; it loads what it needs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.cli import output
from geo.cli.output import AT_FAULT, DONE, print_json
from geo.errors import CaseError, PlaceAmbiguous, PlaceNotFound

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from geo.errors import Problem
    from geo.model import Case
    from geo.scene import Scene


def find(chosen: argparse.Namespace) -> int:
    """Find a place by name or code."""
    from geo.gazetteer import is_clear, open_gazetteer  # each command loads what it needs

    gazetteer = open_gazetteer(progress=output.progress)
    try:
        matches = gazetteer.search(chosen.name, country=chosen.country)
        clear = is_clear(matches)
    except (PlaceNotFound, PlaceAmbiguous) as wrong:
        matches, clear = (), False
        print(wrong, file=sys.stderr)
    if chosen.json:
        print_json({"query": chosen.name, "matches": [_match(match) for match in matches]})
    for match in () if chosen.json else matches:
        place = match.place
        codes = "/".join(code for code in (place.icao, place.iata) if code)
        people = f"{place.population:,} inhabitants" if place.population else ""
        told = [f"{place.lat:9.4f} {place.lon:9.4f}", place.kind, place.country or "", codes, people]
        print(f"{match.name}: " + " · ".join(part for part in told if part))
    if not clear and not chosen.json:
        _explain(gazetteer.find, chosen)
    return DONE if clear else AT_FAULT


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


def new(chosen: argparse.Namespace) -> int:
    """Make a case to start from."""
    from geo.start import start  # each command loads what it needs

    folder = start(Path(chosen.folder), chosen.origin, chosen.destination, Path(chosen.track) if chosen.track else None)
    if chosen.json:
        print_json({"path": str(folder)})
    else:
        print(f"{folder}\nNext: describe what happened in {folder / 'case.toml'}, then flightcase check {folder}")
    return DONE


def check(chosen: argparse.Namespace) -> int:
    """Tell all problems of a case, and on request what can be known of the flight."""
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
        print_json(answer)
    else:
        print(*told, sep="\n", end="\n" if told else "")
        print(f"{chosen.case}: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}", file=sys.stderr)
    return AT_FAULT if problems else DONE


def render(chosen: argparse.Namespace) -> int:
    """Write renderings of a case."""
    from geo.render import render  # each command loads what it needs

    outputs = [Path(name) for name in chosen.output]
    scene, *also = _scenes(chosen)
    files = []
    for file in outputs:
        rendering = render(scene, file.name, also)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(rendering)
        files.append({"path": str(file), "bytes": len(rendering), "gzip": _gzipped(rendering)})
    if chosen.json:
        print_json({"files": files})
    for told in () if chosen.json else files:
        print(f"{told['path']}: {told['bytes']:,} bytes, {told['gzip']:,} gzip")
    return DONE


def _scenes(chosen: argparse.Namespace) -> list[Scene]:
    """The scene of a rendering, then those in the other languages and units that it is to offer."""
    from geo import casefile  # each command loads what it needs
    from geo.route import trace
    from geo.scene import compose

    case = casefile.read(chosen.case)
    route = trace(case)
    languages = dict.fromkeys((chosen.language or case.languages[0], *chosen.also))
    measures = dict.fromkeys((chosen.units, *chosen.also_units))
    return [compose(case, route, language, units) for units in measures for language in languages]


def _gzipped(rendering: bytes) -> int:
    import gzip  # only this command weighs what it wrote

    return len(gzip.compress(rendering, 9))


def serve(chosen: argparse.Namespace) -> int:
    """Run the dashboard."""
    from geo.dashboard.serve import serve  # loads Streamlit

    folder, file = (Path(name) if name else None for name in (chosen.cases, chosen.config))
    said = {name: getattr(chosen, name) for name in ("address", "port", "read_only")}
    said["archive"] = Path(chosen.archive) if chosen.archive else None
    return serve(folder, browser=chosen.browser, chosen=file, **said)


def schema(_: argparse.Namespace) -> int:
    """Print the JSON Schema of a case file."""
    from geo.casefile import schema  # each command loads what it needs

    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return DONE
