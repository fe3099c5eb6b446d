"""What commands say: JSON, progress, exit statuses."""

from __future__ import annotations

import json
import sys
import time
from typing import Final

DONE: Final = 0
AT_FAULT: Final = 1

_started: dict[str, float] = {}


def print_json(answer: object) -> None:
    """Print one JSON object, in lines for a person."""
    print(json.dumps(answer, ensure_ascii=False, indent=None if not sys.stdout.isatty() else 2))


def progress(share: float, text: str) -> None:
    """Show progress on a terminal once a task has taken a second."""
    begun = _started.setdefault("at", time.monotonic())
    if not sys.stderr.isatty() or time.monotonic() - begun < 1:
        return
    end = "\n" if share >= 1 else ""
    print(f"\r{share:4.0%} {text:<60}", end=end, file=sys.stderr, flush=True)
