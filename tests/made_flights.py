"""A case whose track has rows of every kind, made from the shipped flight JL516."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from geo.resources import data

if TYPE_CHECKING:
    from pathlib import Path

#: What stands in a row that cannot be read, and in a column that no track has.
HOSTILE = "<img src=x onerror=alert(1)>"
#: Rows of each kind in the file that ``mixed`` writes.
KINDS = {"holds": 243, "rejected": 26, "none": 41, "unreadable": 3}


def mixed(folder: Path) -> Path:
    """The case folder ``mixed``: 20 repeated positions, five copies, one at 0, 0; 41 without; three unreadable."""
    case = folder / "mixed"
    shutil.copytree(data("cases", "jl516"), case)
    file = case / "track.csv"
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    names = head.split(",")
    made = []
    for number, line in enumerate(lines):
        cells = dict(zip(names, line.split(","), strict=True))
        if 60 <= number <= 100:
            cells |= {"lat": "", "lon": ""}
        if 140 <= number < 160:
            cells |= {"lat": "38.2", "lon": "137.1"}
        if number == 170:
            cells |= {"lat": "0", "lon": "0"}
        if number == 200:
            cells["altitude_ft"] = "99000"
        written = ",".join([*cells.values(), HOSTILE])
        made += [written] * (2 if 180 <= number < 185 else 1)
        if number in (20, 120, 250):
            made.append(HOSTILE)
    file.write_text("\n".join([f"{head},{HOSTILE}", *made, ""]), encoding="utf-8")
    text = (case / "case.toml").read_text(encoding="utf-8").replace('id = "jl516"', 'id = "mixed"', 1)
    (case / "case.toml").write_text(text, encoding="utf-8")
    return case
