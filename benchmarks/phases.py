"""Phases of flight and swings of the altitude: how fast, and how far other tools agree.

Phases of the samples that the library traffic brings, and of JL516 where its files lie beside the checkout, against
those of openap (``FlightPhase``, windows of a minute, given the same altitudes that hold, ground speeds and vertical
rates; where none is received, the slope of the altitudes), for every second of which both say something. Approach and
landing count as descent, since openap has neither. Holdings of airliners against those of traffic (a neural network on
windows of six minutes, every two). Go-arounds are not compared: traffic asks a server for the runways. Swings of the
altitude have no peer; shown is how many runs of them there are in these flights. Speeds are those of one made-up flight
of a million fixes and, for openap, of the samples, on one core.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.model import Track
    from geo.route.swings import Swings

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
SHARED = ROOT.parent / "shared" / "tracks" / "fr24_csv"
BAR_S = 2.0
#: Sample folders of traffic in which airliners fly as airliners do; in the others aircraft of all kinds work.
AIRLINERS = ("collections", "featured", "fr24", "noisy", "onground", "performance", "readsb")
#: The words of openap for ours.
SAME = {
    "GND": ("ground",),
    "CL": ("climb",),
    "DE": ("descent", "approach", "landing"),
    "CR": ("cruise",),
    "LVL": ("level",),
}
#: Flight 516 of Japan Airlines, as downloaded and as its receivers heard it, is shown by name.
_FLIGHT = "JL516"
#: Fixes and seconds that a flight needs to be compared.
_NEEDED = 120
#: Of the others many circle for their living: then the two tell of turns and not of holdings.
_HELD = ("airliners", _FLIGHT)


def samples() -> Iterator[tuple[str, Track]]:
    """Group and track of every sample that can be read."""
    from geo.errors import TrackError
    from geo.tracks import read

    folders = sorted((PEERS.parents[1] / "lib").glob("python*/site-packages/traffic/data/samples"))
    files = [(path.parent.name, path) for folder in folders for path in sorted(folder.glob("*/*.json*"))]
    files += [(_FLIGHT, path) for path in sorted(SHARED.glob("JL516*.csv"))]
    for folder, path in files:
        group = folder if folder == _FLIGHT else "airliners" if folder in AIRLINERS else "other aircraft"
        try:
            legs = read(path).legs
        except TrackError:
            continue  # airspaces and raw messages lie there too
        yield from ((group, leg.track) for leg in legs)


def seconds(track: Track) -> tuple[Any, list[str], Any]:
    """Whole seconds of a track in which a phase is claimed, that phase, and whether a holding is."""
    import numpy as np

    from geo.route.phases import phases

    found = phases(track)
    at = np.arange(np.ceil(track.time_s[0]), track.time_s[-1])
    said = np.full(len(at), "", dtype=object)
    holding = np.zeros(len(at), dtype=bool)
    for phase in found:
        inside = slice(*np.searchsorted(at, [phase.start_s, phase.end_s]))
        if phase.kind == "holding":
            holding[inside] = True
        elif not phase.manoeuvre:
            said[inside] = phase.kind
    return at, said.tolist(), holding


def asked(track: Track) -> dict[str, list[float]] | None:
    """What openap and traffic are given of a track; ``None`` if that is too little."""
    import numpy as np

    from geo.route.phases import heard

    held = track.held_altitude_ft
    keep = np.flatnonzero(heard(track) & ~np.isnan(held) & track.accepted & ~np.isnan(track.ground_speed_kt))
    time_s, only = np.unique(track.time_s[keep], return_index=True)
    keep = keep[only]
    if len(keep) < _NEEDED or time_s[-1] - time_s[0] < _NEEDED:
        return None
    rate = track.vertical_rate_fpm[keep]
    slope = np.gradient(held[keep], time_s) * 60
    columns = {
        "time_s": time_s,
        "altitude": held[keep],
        "groundspeed": track.ground_speed_kt[keep],
        "vertical_rate": np.where(np.isnan(rate), slope, rate),
        "latitude": track.lat_deg[keep],
        "longitude": track.lon_deg[keep],
        "track": track.track_deg[keep],
    }
    return {name: np.nan_to_num(column).tolist() for name, column in columns.items()}


def measure() -> list[dict[str, object]]:
    """The table."""
    rows = [*_speeds()]
    if not PEERS.exists():
        return [*rows, _row("openap and traffic: not installed, see make bench", "")]
    tracks = [(group, track, columns) for group, track in samples() if (columns := asked(track)) is not None]
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "given.json")
        given.write_text(json.dumps([(of in _HELD, columns) for of, _, columns in tracks]), encoding="utf-8")
        done = subprocess.run([str(PEERS), __file__, str(given)], check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    fixes = sum(len(columns["time_s"]) for _, _, columns in tracks)
    rows.append(_row(f"openap {answer['openap']}: fixes a second", round(fixes / answer["seconds"])))
    for group in ("airliners", "other aircraft", _FLIGHT):
        own = [
            (track, *theirs) for (of, track, _), theirs in zip(tracks, answer["flights"], strict=True) if of == group
        ]
        if own:
            rows += _agreement(group, own)
    return rows


def _agreement(
    group: str, flights: list[tuple[Track, list[str], list[tuple[float, float]]]]
) -> list[dict[str, object]]:
    """The rows on one group of flights."""
    import numpy as np

    pairs: Counter[tuple[str, str]] = Counter()
    held: Counter[tuple[bool, bool]] = Counter()
    swung: Counter[bool] = Counter()
    for track, labels, theirs in flights:
        at, said, holding = seconds(track)
        index = np.searchsorted((asked(track) or {})["time_s"], at, side="right") - 1
        words = [labels[place] if place >= 0 else "NA" for place in index.tolist()]
        pairs.update(pair for pair in zip(said, words, strict=True) if pair[0] and pair[1] in SAME)
        inside = np.zeros(len(at), dtype=bool)
        for start, end in theirs:
            inside[slice(*np.searchsorted(at, [start, end]))] = True
        held.update(zip(holding.tolist(), inside.tolist(), strict=True))
        swung.update(bool(run.like_phugoid) for run in _swings(track))
    whole = sum(pairs.values())
    equal = sum(count for (kind, word), count in pairs.items() if kind in SAME[word])
    swapped = pairs["cruise", "LVL"] + pairs["level", "CR"]
    told = f"{group}: {len(flights):,} flights, {whole / 3600:,.0f} h"
    rows = [
        _row(f"{told}; seconds of equal phase, %", round(100 * equal / whole, 1)),
        _row(f"{group}: with cruise and level flight as one, %", round(100 * (equal + swapped) / whole, 1)),
    ]
    for word, kinds in SAME.items():
        ours = sum(count for (kind, _), count in pairs.items() if kind in kinds)
        both = sum(count for (kind, other), count in pairs.items() if kind in kinds and other == word)
        if ours:
            share = round(100 * both / ours, 1)
            rows.append(_row(f"{group}: {kinds[0]}, {ours / 3600:,.1f} h; openap says so too, %", share))
    if group in _HELD:
        both, only, other = (round(held[key] / 60) for key in ((True, True), (True, False), (False, True)))
        rows.append(_row(f"{group}: minutes of holding: both; here only; traffic only", f"{both}; {only}; {other}"))
    return [*rows, _row(f"{group}: runs of swings; like a phugoid", f"{swung.total()}; {swung[True]}")]


def _swings(track: Track) -> tuple[Swings, ...]:
    from geo.route.phases import heard
    from geo.route.swings import swings

    new = heard(track)
    return swings(track.time_s[new], track.held_altitude_ft[new], speed_kt=track.ground_speed_kt[new])


def _speeds() -> Iterator[dict[str, object]]:
    from benchmarks.tracks import FIXES, flight
    from geo.model import Track
    from geo.route.phases import phases
    from geo.route.swings import swings

    columns = flight(FIXES)
    track = Track.of(columns.pop("time_s"), columns.pop("lat"), columns.pop("lon"), **columns)
    for what, run in (
        ("phases", lambda: phases(track)),
        ("swings", lambda: swings(track.time_s, track.held_altitude_ft, speed_kt=track.ground_speed_kt)),
    ):
        start = time.process_time()
        run()
        taken = time.process_time() - start
        yield _row(f"{what} of {FIXES:,} fixes, s", round(taken, 2), f"≤ {BAR_S:g}", holds=taken <= BAR_S)


def _row(what: str, measured: object, bar: str = "", *, holds: bool | None = None) -> dict[str, object]:
    return {"what": what, "measured": measured, "bar": bar, "holds": "" if holds is None else holds}


def _answer(path: str) -> None:
    """In the Python of the peers: labels of openap, seconds it took, holdings of traffic."""
    warnings.simplefilter("ignore")
    numpy, pandas = importlib.import_module("numpy"), importlib.import_module("pandas")
    phase, core = importlib.import_module("openap.phase"), importlib.import_module("traffic.core")
    version = importlib.import_module("importlib.metadata").version("openap")
    taken, flights = 0.0, []
    for circles, columns in json.loads(Path(path).read_text(encoding="utf-8")):
        times = numpy.array(columns.pop("time_s"))
        start = time.process_time()
        fuzzy = phase.FlightPhase()
        fuzzy.set_trajectory(
            times, *(numpy.array(columns[name]) for name in ("altitude", "groundspeed", "vertical_rate"))
        )
        labels = fuzzy.phaselabel()
        taken += time.process_time() - start
        frame = pandas.DataFrame({"timestamp": pandas.to_datetime(times, unit="s", utc=True), **columns})
        flight = core.Flight(frame.assign(icao24="000000", callsign="NONE"))
        found = flight.holding_pattern() if circles else []
        flights.append((labels, [(one.start.timestamp(), one.stop.timestamp()) for one in found]))
    print(json.dumps({"openap": version, "seconds": taken, "flights": flights}))


if __name__ == "__main__":
    _answer(sys.argv[1])
