"""Runs the benchmarks and writes what they measured into ``benchmarks/README.md``.

A benchmark is a module of this folder with a function ``measure`` that returns the rows of one table, each a mapping
with the same keys, which become the columns: by convention ``what``, ``measured``, ``bar`` and ``holds``. One mapping
of names to figures is a table of two columns. The first line of the module's docstring is the table's heading, the rest
stands below it and says how it was measured. Each runs in a process of its own, so that none warms or fills another's
memory::

    python -m benchmarks.run              all of them, and write the file
    python -m benchmarks.run geodesy      those named; print and write nothing
    python -m benchmarks.run geodesy --renew    and put them into the file, where the others stay as they were
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TARGET = HERE / "README.md"
COMMAND = "make bench"
GROUPED = 1000  # from here on a figure has no decimals that matter, and commas


def names() -> list[str]:
    """The modules of this folder that measure something, in the order of their names."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\ndef measure(" in path.read_text(encoding="utf-8"))


def machine() -> str:
    """What the figures were measured on: processor, cores, memory, system, Python."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB of memory"
    return (
        f"{os.cpu_count()} cores of {model}{memory}, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )


def rows(measured: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a benchmark returned, as the rows of its table."""
    if isinstance(measured, Mapping):
        return [{"what": name.replace("_", " "), "measured": value} for name, value in measured.items()]
    return [dict(row) for row in measured]


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a Markdown table; a column of numbers is set to the right."""
    columns = list(rows[0])
    if any(list(row) != columns for row in rows):
        raise ValueError(f"the rows of one table have the same columns in the same order: {columns}")
    numeric = [all(isinstance(row[column], int | float) for row in rows) for column in columns]
    lines = [columns, ["---:" if right else "---" for right in numeric]]
    lines += [[_cell(row[column]) for column in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def section(name: str) -> str:
    """Heading, explanation and table of one benchmark, measured in a new process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", "--one", name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"benchmarks/{name}.py ended with {done.returncode}; its error stands above")
    # Whatever a benchmark prints on the way comes before its last line.
    told = json.loads(done.stdout.splitlines()[-1])
    _, _, rest = told["about"].partition("\n")
    day = f"Measured on {datetime.now(UTC):%Y-%m-%d}."
    parts = [f"## {heading(name)}", rest.strip(), table(told["rows"]), day]
    return "\n\n".join(part for part in parts if part)


def document(sections: Sequence[str]) -> str:
    """The whole file: how it was made, where and when, and the tables."""
    head = (
        "# Measured\n\n"
        f"Made by `{COMMAND}` on {machine()}. "
        "Each table is one module of this folder and was measured in a process of its own, on the day under it. "
        "The figures are of that machine in that hour; the bars are those of the design."
    )
    return "\n\n".join([head, *sections]) + "\n"


def heading(name: str) -> str:
    """The heading of a benchmark's section: the first line of its module's docstring."""
    about = ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))) or name
    return about.partition("\n")[0].rstrip(".")


def renewed(text: str, sections: Sequence[str], headings: Sequence[str]) -> list[str]:
    """The sections of a file with some of them new, in the order of their headings; those of no benchmark go."""
    found = {part.partition("\n")[0]: f"## {part.strip()}" for part in text.split("\n## ")[1:]}
    found |= {part.removeprefix("## ").partition("\n")[0]: part for part in sections}
    return [found[title] for title in headings if title in found]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if abs(value) >= GROUPED else f"{value:.4g}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def _one(name: str) -> None:
    sys.path.append(str(ROOT / "tests"))  # the browser harness is the tests'
    module = importlib.import_module(f"benchmarks.{name}")
    print(json.dumps({"about": (module.__doc__ or name).strip(), "rows": rows(module.measure())}))


def main() -> None:
    """Run all benchmarks, or those named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a module of this folder; all without any")
    parser.add_argument("--renew", action="store_true", help="write those named into the file, beside the others")
    parser.add_argument("--one", metavar="NAME", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        _one(chosen.one)
        return
    if unknown := set(chosen.names) - set(names()):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    sections = []
    for name in chosen.names or names():
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        sections.append(section(name))
        print(sections[-1], end="\n\n")
    if chosen.renew:
        sections = renewed(TARGET.read_text(encoding="utf-8"), sections, [heading(name) for name in names()])
    if chosen.renew or not chosen.names:
        TARGET.write_text(document(sections), encoding="utf-8")
        print(f"wrote {TARGET.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
