"""What can be known of the flagship case: how long each part of it takes.

Beside the loaded modules, in one process; the best of five. The 103 areas are those of every minute of the gap.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import casefile, trace
from geo.resources import data
from geo.route.facts import facts
from geo.scene.reaches import draw

if TYPE_CHECKING:
    from collections.abc import Callable


TIMES = 5


def measure() -> list[dict[str, Any]]:
    """The rows of the table."""
    case = casefile.read(data("cases", "j2-8243"))
    (reach,) = trace(case).reaches
    minutes = np.arange(reach.start_s, reach.end_s + 1, 60.0)
    parts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("trace: stretches, lines and their doubt", lambda: trace(case)),
        ("area of the gap of 102 minutes", reach.outline),
        (f"areas of {len(minutes)} moments", lambda: reach.moments(minutes)),
        ("what a scene draws of it", lambda: draw(trace(case), 48.0)),
        ("countries, when entered and left", lambda: trace(case).countries),
        ("all facts", lambda: facts(trace(case))),
    )
    return [{"what": f"{what}, ms", "measured": round(best_ms(run), 1)} for what, run in parts]


def best_ms(run: Callable[[], object]) -> float:
    """Milliseconds, the best of several."""
    best = float("inf")
    for _ in range(TIMES):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best * 1000
