"""A small scene made by hand: one of everything that a rendering has to carry, about a flight that never was."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START, GAP, BACK, END = 1_700_000_000, 1_700_001_200, 1_700_002_400, 1_700_003_600


def column(values: Sequence[float], quantum: float = 1e-5) -> dict[str, Any]:
    """A delta-coded column."""
    whole = [round(value / quantum) for value in values]
    return {"quantum": quantum, "deltas": [whole[0], *(b - a for a, b in itertools.pairwise(whole))]}


def path(points: Sequence[tuple[float, float]], times: Sequence[float] | None = None) -> dict[str, Any]:
    """A path through lon, lat."""
    made = {"lon": column([lon for lon, _ in points]), "lat": column([lat for _, lat in points])}
    return made if times is None else {**made, "time": column(times, 1)}


def ring(lon: float, lat: float, half: float) -> dict[str, Any]:
    """A square, clockwise, so that a rendering has to turn it."""
    return path(
        [(lon - half, lat - half), (lon - half, lat + half), (lon + half, lat + half), (lon + half, lat - half)]
    )


def _source(ident: str) -> dict[str, Any]:
    return {
        "id": ident,
        "text": "Notes of the tower, Example Aviation Office, 2023",
        "before": "",
        "link": "Notes of the tower",
        "after": ", Example Aviation Office, 2023",
        "url": "https://example.org/notes",
    }


def _event(ident: str, number: str | None, at: int, clock: str, title: Any, grade: str, **more: Any) -> dict[str, Any]:
    return {
        "id": ident,
        "number": number,
        "main": number is not None,
        "aftermath": False,
        "mapped": True,
        "start": at,
        "end": at,
        "datetime": f"2023-11-14T{clock}Z",
        "time_text": clock,
        "local_text": f"{int(clock[:2]) + 1}{clock[2:5]} Westby",
        "long_time": f"14 November 2023, {clock} UTC",
        "title": title,
        "grade": grade,
        "grade_text": grade.capitalize(),
        "note": None,
        "name": f"{clock} UTC, {title}, {grade}",
        "card": {"text": None, "unknown": None, "groups": [], "sources": [_source("S1")]},
        "closeup": None,
        **more,
    }


_CLAIMS = {
    "text": "Two accounts of the turn contradict each other.",
    "unknown": "No recording was published.",
    "groups": [
        {
            "heading": "Where? 2 accounts",
            "claims": [
                {"letter": "A", "by": "The tower", "says": "over the lake", "detail": None, "leak": False,
                 "time_text": None, "cites": "[S1]"},
                {"letter": "B", "by": "The crew", "says": {"text": "über dem Wald", "lang": "de"}, "detail": "by radio",
                 "leak": True, "time_text": "22:33", "cites": "[S1]"},
            ],
        }
    ],
    "sources": [_source("S1"), {**_source("S2"), "link": "A note", "url": None}],
}  # fmt: skip


def _map(x: float) -> dict[str, Any]:
    """The map, ``x`` degrees further east."""

    def line(ident: str, style: str, basis: str, drawn: dict[str, Any], label: str | None = None) -> dict[str, Any]:
        return {"id": ident, "style": style, "evidence": style, "basis": basis, "path": drawn, "label": label,
                "short_label": None, "crosses": []}  # fmt: skip

    return {
        "fit": [8.0 + x, 50.0, 14.0 + x, 53.0],
        "limits": [5.0 + x, 48.0, 17.0 + x, 55.0],
        "stamp": "Schematic: lines show order, not surveyed positions",
        "pill": "No position received",
        "scale_bar": [{"m": 100_000, "text": "100 km"}, {"m": 10_000, "text": "10 km"}],
        "lines": [
            line("intended", "intended", "schematic", path([(8.0 + x, 50.0), (14.0 + x, 53.0)]), "intended"),
            line("stretch-1", "received", "measured", path([(8.0 + x, 50.0), (10.0 + x, 51.0)], [START, GAP])),
            {
                **line("stretch-2", "rejected", "bridged", path([(10.0 + x, 51.0), (12.0 + x, 51.5)]), "false"),
                "crosses": [[11.0 + x, 51.25]],
            },
            line("stretch-3", "received", "measured", path([(12.0 + x, 51.5), (14.0 + x, 53.0)], [BACK, END])),
        ],
        "bands": [{"style": "inferred", "ring": ring(11.0 + x, 51.2, 0.3)}],
        "reaches": [
            {
                "from": GAP,
                "to": BACK,
                "rings": [ring(11.0 + x, 51.2, 1.0)],
                "frames": [
                    {"at": GAP, "ring": ring(10.0 + x, 51.0, 0.01)},
                    {"at": (GAP + BACK) / 2, "ring": ring(11.0 + x, 51.2, 0.6)},
                    {"at": BACK, "ring": ring(12.0 + x, 51.5, 0.01)},
                ],
            }
        ],
        "rings": [{"id": "ring-turn", "event": "turn", "at": [11.0 + x, 51.2], "ring": ring(11.0 + x, 51.2, 0.2)}],
        "places": [
            {
                "name": "Westby",
                "note": "departure",
                "short_note": None,
                "at": [8.0 + x, 50.0],
                "kind": "airport",
                "rank": 1,
            },
            {"name": "Eastby", "note": None, "short_note": None, "at": [14.0 + x, 53.0], "kind": "airport", "rank": 1},
        ],
        "markers": [
            {"event": "take-off", "at": [8.0 + x, 50.0], "ring": None, "label": None, "label_note": None},
            {"event": "turn", "at": [11.0 + x, 51.2], "ring": "ring-turn", "label": "Turn", "label_note": None},
        ],
        "names": [{"text": "Exampleland", "short": "Ex.", "at": [9.0 + x, 52.0], "kind": "country", "rank": 1}],
        "credit": "Natural Earth",
    }


def _state(start: int, end: int, style: str, text: str) -> dict[str, Any]:
    basis = "bridged" if style == "rejected" else "measured"
    return {"from": start, "to": end, "style": style, "evidence": style, "basis": basis, "text": text,
            "spoken": text.lower(), "aircraft": style == "received"}  # fmt: skip


_SCENE: dict[str, Any] = {
    "scene": 1,
    "id": "ex-1",
    "language": "en",
    "direction": "ltr",
    "units": "nautical",
    "title": "For 20 of 60 minutes, no valid position was received from flight 1",
    "standfirst": "Example flight 1 flew from Westby to Eastby on 14 November 2023.",
    "description": "A map of the flight from Westby to Eastby, with a gap in the middle.",
    "updated": "2023-12-01",
    "time": {
        "start": START, "end": END, "opens": START, "from_text": "22:13 UTC", "to_text": "23:13",
        "ticks": [{"at": START + 1000, "text": "22:30"}], "coarse_ticks": [{"at": START + 2800, "text": "23:00"}],
        "pace": 60,
    },
    "clocks": [{"name": "Westby", "zone": "Europe/Berlin", "offsets": [[START, 3600]]}],
    "states": [
        _state(START, GAP, "received", "Position received"),
        _state(GAP, BACK, "rejected", "Position false"),
        _state(BACK, END, "received", "Position received"),
    ],
    "heads": [{"from": START, "to": GAP, "style": "received", "text": "Position received"}],
    "profile": None,
    "map": _map(0.0),
    "list": {"heading": "14 November 2023, by the minute", "more": "All 3 events", "fewer": "Main events (2)"},
    "events": [
        _event("take-off", "1", START, "22:13:20", "Take-off from Westby", "confirmed"),
        _event("call", None, START + 600, "22:23:20", {"text": "Funkspruch", "lang": "de"}, "stated", mapped=False),
        _event("turn", "2", GAP, "22:33:20", "Turn", "disputed", note="place disputed", card=_CLAIMS),
    ],
    "aftermath": None,
    "legend": {
        "title": "Lines", "note": "same patterns on the time bar", "full": "Full key: lines, markers, patterns",
        "lines": [
            {"style": "intended", "text": "Intended route", "short": "intended"},
            {"style": "received", "text": "Position received", "short": "received"},
            {"style": "rejected", "text": "Signal received, position false", "short": "false"},
        ],
        "grades": [{"grade": "confirmed", "text": "Confirmed"}, {"grade": "disputed", "text": "Disputed"}],
    },
    "footer": ["“Received” means by the example receivers.", "Basemap: Natural Earth (public domain)."],
    "corrections": [{"date": "1 December 2023", "datetime": "2023-12-01", "text": "The turn was given a minute late."}],
    "table": {
        "caption": "All events",
        "columns": ["No.", "Time (UTC)", "Local time", "Event", "Grade", "Account", "Sources"],
    },
    "facts_table": {
        "caption": "What can be known",
        "columns": ["What", "When (UTC)", "Finding", "Rests on"],
        "rows": [["Area within reach", "22:33:20–22:53:20", "14,000 km²", "received positions"]],
    },
    "other_sources": [_source("S9")],
    "distances": {"from": START, "step": 600, "texts": ["300 km from Eastby"] * 7},
    "words": {
        "map": "Map", "timeline": "Timeline", "time": "Time", "play": "Play", "pause": "Pause",
        "previous": "Previous event", "next": "Next event", "zoom_in": "Zoom in", "zoom_out": "Zoom out",
        "reset": "Show the whole route", "show_table": "Show as table", "hide_table": "Hide table",
        "sources": "Sources", "corrections": "Corrections", "utc": "UTC", "close": "Close",
        "leak": "Leak, not authenticated",
    },
}  # fmt: skip


def small_scene(shift: float = 0.0) -> dict[str, Any]:
    """A new copy; ``shift`` moves the flight east by so many degrees."""
    scene = copy.deepcopy(_SCENE)
    scene["map"] = _map(shift)
    return scene


def with_every_word(scene: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The scene with every text that a case could have set changed; identifiers and styles stay."""
    fixed = {"id", "style", "evidence", "basis", "kind", "grade", "event", "ring", "language", "direction", "units",
             "datetime", "updated", "zone", "letter", "lang", "url", "number"}  # fmt: skip

    def walk(value: Any, key: str) -> Any:
        if isinstance(value, str):
            return value if key in fixed else change(value)
        if isinstance(value, list):
            return [walk(item, key) for item in value]
        if isinstance(value, dict):
            return {name: walk(item, name) for name, item in value.items()}
        return value

    changed: dict[str, Any] = walk(scene, "")
    return changed
