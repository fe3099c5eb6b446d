"""``flightcase publish``: a static site of cases."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geo.cli import output
from geo.cli.output import AT_FAULT, DONE, print_json
from geo.errors import SiteError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from geo.site import Site


def publish(chosen: argparse.Namespace) -> int:
    """Write a site, check its links, and tell what was written."""
    from geo.site import publish  # each command loads what it needs

    cases = list(_named(chosen.cases))
    if not chosen.unpublished:
        _held(cases)
    site = publish(
        cases,
        Path(chosen.output),
        url=chosen.url,
        name=chosen.name or "",
        languages=chosen.language,
        units=chosen.units,
        case_folder=chosen.case_folder,
        progress=output.progress,
    )
    if chosen.json:
        print_json(_answer(chosen.output, site))
    else:
        _tell(chosen.output, site)
    return AT_FAULT if site.broken else DONE


def _named(names: Sequence[str]) -> Iterator[Path]:
    """The cases that are named; other files, which ``cases/*`` names too, are passed over and told."""
    from geo.casefile import NAME  # each command loads what it needs

    for path in map(Path, names):
        if path.is_file() and path.name != NAME:
            print(f"{path}: passed over, since a case is a folder with a {NAME}", file=sys.stderr)
        else:
            yield path


def _held(cases: Sequence[Path]) -> None:
    """Keep back what the dashboard has not published: saving a case there is not publishing it.

    Raises:
        SiteError: when a case has a record of publications, and is not as it was published last.
    """
    held = []
    for case in cases:
        folder = case.parent if case.is_file() else case
        if not (folder / "published").is_dir():
            continue
        from geo.dashboard import publications  # only a case that the dashboard knows needs it

        if not publications.is_kept(folder):
            continue
        if not publications.publications(folder):
            held.append(f"{folder}: it was not published in the dashboard yet")
        elif publications.is_stale(folder):
            held.append(f"{folder}: changes that were saved in the dashboard are not published there")
    if held:
        told = "nothing was published; publish them in the dashboard first, or say --unpublished:"
        raise SiteError("\n".join([told, *(f"  {each}" for each in held)]))


def _answer(root: str, site: Site) -> dict[str, object]:
    return {
        "site": root,
        "files": [{"path": file.path, "bytes": file.bytes, "gzip": file.gzip} for file in site.files],
        "written": list(site.written),
        "rendered": list(site.rendered),
        "removed": list(site.removed),
        "left": list(site.left),
        "missing": site.missing,
        "broken": list(site.broken),
    }


def _tell(root: str, site: Site) -> None:
    weights = {file.path: file for file in site.files}
    for path in site.written:
        print(f"{root}/{path}: {weights[path].bytes:,} bytes, {weights[path].gzip:,} gzip")
    for path in site.removed:
        print(f"{root}/{path}: removed")
    same = len(site.files) - len(site.written)
    print(
        f"{root}: {len(site.files)} files, {len(site.written)} written, {same} unchanged, {len(site.removed)} removed"
    )
    for path in site.left:
        print(f"{root}/{path}: no longer of the site, but changed by somebody since, so it stays", file=sys.stderr)
    if site.missing:
        print(f"without --url the site has no {site.missing}", file=sys.stderr)
    for each in site.broken:
        print(f"a link leads nowhere: {each}", file=sys.stderr)
