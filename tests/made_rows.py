"""Rows of archives drawn by Hypothesis: blocks of some aircraft in a day, sorted."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from geo.archive.block import NONE, NONE_8, OTHER, Block

#: 14 November 2023, midnight.
DAY_MS = 1_699_920_000_000
CALLSIGNS = ("SWR1", "DLH2", "AFR3")
#: From nothing to more than half a day, ms: steps and silences on either side of every rule.
APART_MS = (0, 40, 1_000, 10_000, 600_000, 1_800_000, 1_800_001, 4_000_000, 43_200_000, 43_200_001)


@st.composite
def blocks(draw: st.DrawFn, *, most: int = 40, placed: bool = False, day_ms: int = DAY_MS) -> Block:
    """Rows of up to three aircraft in one day, sorted; each goes on slowly, so that none of its steps is a jump."""
    parts = []
    for address in sorted(draw(st.sets(st.sampled_from([1, 2, 0xABCDEF, OTHER | 2]), max_size=3))):
        apart = draw(st.lists(st.sampled_from(APART_MS), min_size=1, max_size=most))
        time_ms = np.cumsum(apart)
        time_ms = time_ms[time_ms < 86_400_000]
        parts.append(draw(_aircraft(address, day_ms + time_ms, placed=placed)))
    return Block.joined(parts) if parts else Block.of(np.empty(0), np.empty(0))


@st.composite
def _aircraft(draw: st.DrawFn, address: int, time_ms: np.ndarray, *, placed: bool) -> Block:
    count = len(time_ms)
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    lat, lon = draw(st.integers(-89_900_000, 89_900_000)), draw(st.integers(-180_000_000, 180_000_000))
    north = np.clip(lat + np.cumsum(rng.integers(-300, 301, count)), -90_000_000, 90_000_000)
    east = (lon + np.cumsum(rng.integers(-300, 301, count)) + 180_000_000) % 360_000_000 - 180_000_000
    gone = np.zeros(count, dtype=np.bool_) if placed else rng.random(count) < draw(st.sampled_from([0.0, 0.3]))
    named = rng.random(count) < draw(st.sampled_from([0.0, 0.5, 1.0]))
    callsign = np.where(named, rng.integers(0, draw(st.integers(1, 3)), count), -1)
    columns: dict[str, Any] = {
        "altitude_ft": np.where(rng.random(count) < 0.2, NONE, rng.integers(-40, 1_600, count) * 25),
        "ground_speed_kt": np.where(rng.random(count) < 0.2, NONE, rng.integers(0, 9_000, count)),
        "track_deg": np.where(rng.random(count) < 0.2, NONE, rng.integers(0, 3_600, count)),
        "vertical_rate_fpm": rng.integers(-40, 40, count) * 64,
        "nic": np.where(rng.random(count) < 0.5, NONE_8, rng.integers(0, 12, count)),
        "on_ground": rng.choice(np.array([0, 0, 1, NONE_8], dtype=np.int8), count),
    }
    return Block.of(
        np.full(count, address),
        time_ms,
        lat=np.where(gone, NONE, north),
        lon=np.where(gone, NONE, east),
        callsign=callsign,
        callsigns=CALLSIGNS,
        begins=rng.random(count) < 0.1,
        is_stale=np.zeros(count) if placed else rng.random(count) < 0.1,
        **columns,
    )
