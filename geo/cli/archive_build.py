"""``flightcase archive build`` and ``days``: lay an archive down, and say what it holds."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.cli import clusters, output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.archive.account import Built
    from geo.archive.sources import Broken
    from geo.cli.parser import Commands

#: So many broken files are told on a terminal; ``--json`` has all of them.
_TOLD: Final = 20


def add(archive: Commands) -> None:
    """Add these commands to ``flightcase archive``."""
    made = archive.add("build", build, "build an archive, or more days of one, from files of receivers")
    made.add_argument("sources", nargs="+", metavar="SOURCE", help="files, tar archives and folders of positions")
    made.add_argument("-o", "--output", required=True, metavar="ROOT", help="the folder of the archive")
    made.add_argument("--workers", type=_count, metavar="N", help="processes at once; one a core when not given")
    made.add_argument(
        "--replace", action="store_true", help="build days anew that are there from other sources, from these alone"
    )
    clusters.add(made, "build")
    days = archive.add("days", days_of, "which days an archive holds, and what became of every row and file")
    days.add_argument("root", metavar="ROOT", help="the folder of the archive")


def _count(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is no number of processes; write 1 or more")
    return int(word)


def build(chosen: argparse.Namespace) -> int:
    """Build, and tell what became of every day, row and broken file."""
    from geo.archive import building  # each command loads what it needs

    with clusters.mapping(chosen) as mapping:
        built = building.build(
            chosen.sources,
            chosen.output,
            workers=chosen.workers,
            replace=chosen.replace,
            progress=lambda done, whole, words: output.progress(done / whole if whole else 1.0, words),
            mapping=mapping,
        )
    if chosen.json:
        output.print_json(_answer(built))
    else:
        _tell(built)
    return output.DONE if built.is_done else output.AT_FAULT


def _answer(built: Built) -> dict[str, Any]:
    return {
        "archive": str(built.root),
        "built": {day.isoformat(): account.said() for day, account in built.built.items()},
        "there": [day.isoformat() for day in built.there],
        "refused": {day.isoformat(): reason for day, reason in built.refused.items()},
        "empty": [day.isoformat() for day in built.empty],
        "rows": asdict(built.rows),
        "mixed": [asdict(one) for one in built.mixed],
        "broken": [asdict(one) for one in built.broken],
        "seconds": built.seconds,
    }


def _tell(built: Built) -> None:
    for day, account in built.built.items():
        print(f"{day}: {_rows(asdict(account.rows))}; {_counted(account.files, 'file')}, {account.broken:,} broken")
    for day in built.there:
        print(f"{day}: already there, from the same sources")
    for one in built.mixed:
        if one.rows.left or one.rows.unreadable:
            print(f"{one.path}: {_rows(asdict(one.rows))}")
    _complain(built)
    counts = [
        f"{_counted(len(built.built), 'day')} built",
        f"{len(built.there)} already there",
        f"{len(built.refused)} left as they are",
    ]
    print(f"{built.root}: {', '.join(counts)}; {built.rows.written:,} rows in {built.seconds:,.1f} s")


def _complain(built: Built) -> None:
    """Tell what was not done, on standard error."""
    for reason in built.refused.values():
        print(reason, file=sys.stderr)
    for day in built.empty:
        print(f"{day}: no row of it could be written, so it is not in the archive", file=sys.stderr)
    _list(built.broken)
    if not (built.built or built.there or built.refused or built.empty):
        print("nothing in these sources could be read as positions of aircraft", file=sys.stderr)


def _list(broken: Sequence[Broken]) -> None:
    for one in broken[:_TOLD]:
        print(f"broken: {one}", file=sys.stderr)
    if len(broken) > _TOLD:
        rest = len(broken) - _TOLD
        print(f"broken: {rest:,} more; --json lists all, as broken.csv in the folder of a day does", file=sys.stderr)


def _rows(rows: Mapping[str, Any]) -> str:
    said = [f"{rows['read']:,} rows read", f"{rows['written']:,} written"]
    said += [f"{count:,} left out ({reason})" for reason, count in rows["left"].items()]
    return ", ".join([*said, f"{rows['unreadable']:,} unreadable"])


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def days_of(chosen: argparse.Namespace) -> int:
    """List the days of an archive, and those that a build has begun and not finished."""
    from geo.archive.catalogue import Catalogue  # each command loads what it needs
    from geo.archive.clearing import unfinished

    root = Path(chosen.root)
    days = Catalogue.read(root).days
    begun = unfinished(root)
    if chosen.json:
        held = {day.isoformat(): dict(days[day].account) for day in sorted(days)}
        output.print_json({"archive": str(root), "days": held, "unfinished": [day.isoformat() for day in begun]})
        return output.DONE
    for day in sorted(days):
        _print_day(day.isoformat(), days[day].account)
    for day in begun:
        print(f"{day}: a build has begun it and not finished; the same build again goes on with it")
    return output.DONE


def _print_day(day: str, account: Mapping[str, Any]) -> None:
    sizes = account["bytes"]
    stored = sum(size for name, size in sizes.items() if name != "sources")
    files = f"{_counted(account['files'], 'file')}, {account['broken']:,} broken"
    print(f"{day}: {_rows(account['rows'])}; {files}; {_size(stored)}")
    for source in account["sources"]:
        print(f"  {source['path']}: {_counted(source['files'], 'file')}, {_size(source['bytes'])}")
    for broken in account["named"][:_TOLD]:
        print(f"  broken: {broken['name']}: {broken['reason']}")
    if account["broken"] > _TOLD:
        print(f"  broken: {account['broken'] - _TOLD:,} more")


def _size(count: int) -> str:
    """Bytes in a unit that leaves few digits."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:  # noqa: PLR2004  decimal units, as disks are sold
            return f"{size:,.0f} B" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
