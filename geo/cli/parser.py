"""What may be asked of the program: commands, their arguments, and what runs them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from geo.cli import archive_ask, archive_build, commands, publishing
from geo.cli import track as track_file
from geo.cli.moments import moment
from geo.render import RENDERINGS  # no rendering is loaded with it

if TYPE_CHECKING:
    from collections.abc import Callable

_ENDINGS: Final = ", ".join(RENDERINGS)
_ABOUT: Final = "A flight occurrence as a map and a timeline: what is measured, inferred, unknown."


def _worded(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", help="en, de, …; the case's first when not given")
    command.add_argument("--units", choices=("nautical", "metric", "imperial"), default="nautical")


class Commands:
    """The commands of the program or of one of its groups, each with the arguments that all of them take."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser
        self._common = argparse.ArgumentParser(add_help=False)
        self._common.add_argument("--json", action="store_true", help="one JSON object on standard output")
        self._added = self.parser.add_subparsers(required=True, metavar="COMMAND")

    def add(self, name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        """A command of this name and what runs it, to which its arguments are to be added."""
        added = self._added.add_parser(name, help=about, description=about, parents=[self._common])
        added.set_defaults(run=run)
        return added

    def group(self, name: str, about: str) -> Commands:
        """Commands that are asked for after this word."""
        return Commands(self._added.add_parser(name, help=about, description=about))


def build() -> argparse.ArgumentParser:
    """The parser of the whole program."""
    all_ = Commands(argparse.ArgumentParser(prog="flightcase", description=_ABOUT))
    for add in (_find, _track, _new, _check, _render, _publish, _serve, _archive):
        add(all_)
    all_.add("schema", commands.schema, "JSON Schema of case.toml")
    return all_.parser


def _find(all_: Commands) -> None:
    find = all_.add("find", commands.find, "find a place by name or code, in any script")
    find.add_argument("name")
    find.add_argument("--country", metavar="CC", help="ISO 3166-1 code of the country")


def _track(all_: Commands) -> None:
    track = all_.add("track", track_file.track, "read a track, judge its fixes, report row by row")
    track.add_argument("file", help="a file in any known format, - for standard input")
    track.add_argument("-o", "--output", metavar="OUT", help="write the judged track, in the format of the suffix")
    track.add_argument("--icao24", help="the aircraft, where the file holds several")
    track.add_argument("--callsign", help="the flight, where the file holds several")
    track.add_argument("--leg", metavar="N", help="the flight by its number or name, as they are listed")
    for name, dest in (("--from", "start"), ("--to", "end")):
        track.add_argument(name, dest=dest, type=moment, metavar="TIME", help="as 2024-12-25T05:13:31Z")
    track.add_argument("--member", metavar="NAME", help="which file of an archive, where it holds several tracks")


def _new(all_: Commands) -> None:
    new = all_.add("new", commands.new, "make a case to start from")
    new.add_argument("--from", dest="origin", required=True, metavar="A", help="where the flight was meant to start")
    new.add_argument("--to", dest="destination", required=True, metavar="B", help="where it was meant to go")
    new.add_argument("--track", metavar="FILE", help="its track, copied into the case")
    new.add_argument("folder", metavar="DIR")


def _check(all_: Commands) -> None:
    check = all_.add("check", commands.check, "all problems of a case")
    check.add_argument("case", metavar="CASE")
    check.add_argument("--facts", action="store_true", help="what can be known of the flight, and what it rests on")
    check.add_argument("--at", type=moment, metavar="TIME", help="and of one moment of it, as 2024-12-25T05:13:31Z")
    _worded(check)


def _render(all_: Commands) -> None:
    render = all_.add("render", commands.render, "any rendering of a case, by what the name of the file ends in")
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
    render.add_argument(
        "--also-units",
        action="append",
        default=[],
        choices=("nautical", "metric", "imperial"),
        help="other units that a page offers its readers, in each of its languages; may be given several times",
    )


def _publish(all_: Commands) -> None:
    publish = all_.add("publish", publishing.publish, "a static site of cases: pages, posters, data, an index, a feed")
    publish.add_argument("cases", nargs="+", metavar="CASE")
    publish.add_argument("-o", "--output", required=True, metavar="SITE", help="the folder of the site")
    publish.add_argument("--url", help="where the site will stand, as https://maps.example.org/flights/")
    publish.add_argument("--name", metavar="NEWSROOM", help="who publishes; stands on the index, in feed and oEmbed")
    publish.add_argument(
        "--language",
        action="append",
        default=[],
        help="only in this language; may be given several times; all languages of each case when not given",
    )
    publish.add_argument("--units", choices=("nautical", "metric", "imperial"), default="nautical")
    publish.add_argument(
        "--no-case-folder", dest="case_folder", action="store_false", help="keep case files and tracks to yourself"
    )
    publish.add_argument(
        "--unpublished", action="store_true", help="also what was saved in the dashboard and not published there"
    )


def _serve(all_: Commands) -> None:
    serve = all_.add("serve", commands.serve, "the dashboard")
    serve.add_argument("cases", nargs="?", metavar="CASES", help="a folder of cases; the shipped ones when not given")
    serve.add_argument("--config", metavar="FILE", help="its settings; config.toml in CASES when not given")
    serve.add_argument("--address", help="where it listens; 127.0.0.1, this machine alone, when not given")
    serve.add_argument("--port", type=int, help="8501 when not given")
    serve.add_argument("--read-only", action="store_true", default=None, help="show cases and change none")
    serve.add_argument("--archive", metavar="ROOT", help="an ADS-B archive that can be asked on a page of its own")
    serve.add_argument("--no-browser", dest="browser", action="store_false", help="open no browser window")


def _archive(all_: Commands) -> None:
    archive = all_.group("archive", "archives of positions: build one, and ask it")
    archive_build.add(archive)
    archive_ask.add(archive)
