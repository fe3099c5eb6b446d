"""Scenes whose gaps and lines are drawn by lot, and scenes over the antimeridian."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from small_scene import path, small_scene

#: Style, evidence and basis of a state, whether an aircraft is drawn in it, and whether its line has times.
KINDS = (
    ("received", "received", "measured", True, True),
    ("received", "received", "schematic", True, True),
    ("inferred", "partial", "reconstructed", True, True),
    ("silent", "silent", "bridged", False, True),
    ("silent", "silent", "none", False, False),
    ("rejected", "rejected", "bridged", False, False),
    ("partial", "partial", "bridged", False, False),
)
START = 1_700_000_000


@st.composite
def flown(draw: st.DrawFn) -> dict[str, Any]:
    """A flight in stretches of any kind, which may go over the antimeridian in any of them."""
    scene = small_scene()
    time, lon, lat = START, draw(st.sampled_from([10.0, 178.5, -179.2])), 50.0
    lines, states = [scene["map"]["lines"][0]], []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        style, evidence, basis, aircraft, timed = draw(st.sampled_from(KINDS))
        steps = draw(st.lists(st.integers(1, 600), min_size=0 if evidence == "received" else 1, max_size=8))
        at, when, start = [(lon, lat)], [time], time
        for step in steps:
            time, lon, lat = time + step, lon + step / 500, lat + 0.01
            at.append((lon, lat))
            when.append(time)
        said = {"style": style, "evidence": evidence, "basis": basis}
        drawn = path(at, when if timed else None)
        line = {"id": f"stretch-{number}", "from": start, "to": time, "path": drawn, "label": None, "crosses": []}
        lines.append({**scene["map"]["lines"][1], **line, **said, "sources": ["S9"]})
        if time > start:
            states.append({**scene["states"][0], "from": start, "to": time, "aircraft": aircraft, **said})
        gap = draw(st.sampled_from([0, 0, 300]))
        if gap:
            silent = {"style": "silent", "evidence": "silent", "basis": "none", "aircraft": False}
            states.append({**scene["states"][0], "from": time, "to": time + gap, **silent})
        time += gap
    scene["map"]["lines"], scene["states"] = lines, states
    scene["time"] = {**scene["time"], "start": START, "end": time, "opens": START}
    return scene


def received(scene: dict[str, Any]) -> list[tuple[float, float, float]]:
    """Time, lon within ±180 and lat of all that was received and measured."""
    from geo.render.antimeridian import column, wrap

    return [
        (round(time, 3), round(wrap(lon), 6), round(lat, 6))
        for line in scene["map"]["lines"]
        if (line["evidence"], line["basis"]) == ("received", "measured")
        for time, lon, lat in zip(*(column(line["path"][name]) for name in ("time", "lon", "lat")), strict=True)
    ]
