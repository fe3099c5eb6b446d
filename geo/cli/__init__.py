"""The command line: ``flightcase find · track · new · check · render · publish · serve · schema``.

Every command takes ``--json`` (one object on standard output, messages on standard error) and exits 0 when it did what
was asked, 1 when the input is at fault, 2 on wrong usage.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from geo.cli import parser
from geo.cli.output import AT_FAULT, DONE, print_json
from geo.errors import CaseError, FlightcaseError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    chosen = parser.build().parse_args(arguments)
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
        return DONE
    except OSError as wrong:
        told = f"{wrong.filename or ''}: {wrong.strerror or wrong}".lstrip(": ")
        return _failed(chosen, {"error": told}, told)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return AT_FAULT


def _failed(chosen: argparse.Namespace, answer: dict[str, Any], text: str) -> int:
    if chosen.json:
        print_json(answer)
    print(text, file=sys.stderr)
    return AT_FAULT
