"""A hundred sessions at the dashboard, each with one interaction a second.

The real server on the shipped cases; the sessions speak to its socket as the front end does, from a process beside it
on the same machine. Each opens the flagship case and then chooses another moment of it every second (the script of
what depends on the moment runs, and its answer is awaited). Memory is the resident set of the server: before the first
session, with all of them there after the first tenth of the time, and at the end. Half an hour, or as
long as ``FLIGHTCASE_CROWD_MINUTES`` says; the table tells it.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from pathlib import Path
from typing import Final

from browser import harness

from benchmarks.clients import Session

SESSIONS: Final = 100
P95_MS, SESSION_KB, DRIFT = 500, 1000, 0.05
QUERY: Final = "case=j2-8243"


async def _visit(address: str, number: int, until: float, took: list[float], errors: list[str]) -> None:
    chance = random.Random(number)  # noqa: S311  which moment, not a secret
    async with Session(address, QUERY) as session:
        await asyncio.sleep(chance.random())
        while (now := time.perf_counter()) < until:
            moment = f"2024-12-25T05:{chance.randrange(60):02}:{chance.randrange(60):02}Z"
            took.append(await session.run("viewer", {"moment": {"t": moment}}))
            await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - now)))
        errors += session.errors


def resident_kb(process: int) -> int:
    """Resident memory of a process, from Linux."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


async def _crowd(
    address: str, process: int, seconds: float, sessions: int = SESSIONS
) -> tuple[list[float], list[str], int, int]:
    took: list[float] = []
    errors: list[str] = []
    end = time.perf_counter() + seconds
    visits = asyncio.gather(*(_visit(address, number, end, took, errors) for number in range(sessions)))
    await asyncio.sleep(seconds / 10)
    early = resident_kb(process)
    await asyncio.sleep(max(0.0, end - time.perf_counter() - 1))
    late = resident_kb(process)
    await visits
    return took, errors, early, late


def measure() -> list[dict[str, object]]:
    """Milliseconds, kilobytes and errors, with the bars."""
    minutes = float(os.environ.get("FLIGHTCASE_CROWD_MINUTES", "30"))
    with harness.dashboard() as address:
        process = harness.listener(address)
        asyncio.run(_crowd(address, process, 5, sessions=2))  # everything is loaded once
        before = resident_kb(process)
        took, errors, early, late = asyncio.run(_crowd(address, process, minutes * 60))
    took.sort()
    p95 = took[int(len(took) * 0.95)] * 1000
    each = (early - before) / SESSIONS
    drift = late / early - 1
    return [
        _row("minutes", minutes, "30", holds=minutes >= 30),  # noqa: PLR2004  the bar
        _row("sessions", SESSIONS, "100", holds=True),
        _row("interactions a second", round(len(took) / minutes / 60, 1), "", holds=None),
        _row("median, ms", round(statistics.median(took) * 1000), "", holds=None),
        _row("95th percentile, ms", round(p95), f"≤ {P95_MS}", holds=p95 <= P95_MS),
        _row("longest, ms", round(took[-1] * 1000), "", holds=None),
        _row("errors", len(errors), "0", holds=not errors),
        _row("memory of a session, kB", round(each), f"≤ {SESSION_KB:,}", holds=each <= SESSION_KB),
        _row("memory from a tenth of the time to the end, %", f"{drift * 100:+.1f}", "± 5", holds=abs(drift) <= DRIFT),
    ]


def _row(what: str, measured: object, bar: str, *, holds: bool | None) -> dict[str, object]:
    return {"what": what, "measured": str(measured), "bar": bar, "holds": holds}
