"""Flights whose positions are hidden for a while, so that what is reconstructed there can be held against them.

The samples of ``traffic`` (MIT; in ``.venv/peers``) and, where they are at hand, the real tracks of the workshop
(``../shared/tracks``), read by ``geo.tracks``. Headings that our readers leave out, because the format does not say
from which north they are, are taken from the files here: ``ems`` of Flightradar24's playback where airspeed or Mach
number came with them (else they are old), ``HDG`` of its granular CSV where an indicated airspeed did, and a whole
flight of decoded Mode S messages.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo.geodesy import distance_m
from geo.measures import KNOT_M_S
from geo.model import Track
from geo.route.readings import AROUND_S, End, Readings
from geo.tracks import judge, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROOT: Final = Path(__file__).resolve().parents[1]
SHARED: Final = ROOT.parent / "shared" / "tracks"
#: From one airport to another, whatever happened on the way.
TRANSPORT: Final = (
    "collections/quickstart.json.gz",
    "collections/switzerland.json.gz",
    "fr24/2ce4f83f.json",
    "fr24/34a8254b.json",
    "fr24/372355e5.json",
    "noisy/noisy_landing.json.gz",
    "noisy/noisy_takeoff.json.gz",
    "noisy/noisy_time_issue.json.gz",
    "onground/zurich_airport.json.gz",
    "readsb/trace_full_ac671b.json",
    "rs1090/full_flight_short.jsonl",
)
TRANSPORT_SHARED: Final = (
    "fr24_csv/JL516_granular.csv",
    "gx_track/flightaware_DLH1534.kml",
    "opensky/states_a.parquet",
    "opensky/states_b.parquet",
    "readsb_trace/trace_full_34718d.json",
    "readsb_trace/trace_full_4d208a.json",
    "readsb_trace/trace_full_a11e8b.json",
    "readsb_trace/trace_full_a1388c.json",
    "readsb_trace/trace_full_a1878a.json",
    "readsb_trace/trace_full_a2228b.json",
)
#: Folders of flights that turn on purpose: measuring, drawing, watching, soaring, training, fighting fires.
ON_PURPOSE: Final = (
    "calibration",
    "featured",
    "firefighting",
    "gliders",
    "military",
    "surveillance",
    "surveys",
    "tv_relay",
)
ON_PURPOSE_TOO: Final = ("collections/savan.json.gz",)
#: A window has a true position at least this often, s, and an aircraft that flies, kt.
OFTEN_S: Final = 60.0
OFTEN_SHARE: Final = 0.1
FLYING_KT: Final = 60.0
#: Windows of one length taken from a flight, long ones, those of a flight with headings; true positions in each.
MOST_WINDOWS: Final = 2
MOST_LONG_WINDOWS: Final = 6
MOST_WINDOWS_AIR: Final = 24
MOST_TRUTHS: Final = 60
LONG_S: Final = 1_800.0
#: A position that is later than this, s, is no truth: it would be taken for an error of what is reconstructed.
LATE_S: Final = 0.75
#: Positions that make a flight.
FEWEST: Final = 6
_VELOCITY_S: Final = 20.0


class Flight(NamedTuple):
    """A flight: which it is, whether it turns on purpose, all that was received, and its accepted positions."""

    name: str
    on_purpose: bool
    readings: Readings
    time_s: Floats
    lat: Floats
    lon: Floats

    @property
    def training(self) -> bool:
        """Whether it sets the parameters: half of the flights do, by a hash of the name."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 0


class Window(NamedTuple):
    """A time with hidden positions: its ends, what was received in it, and the truth at some moments."""

    flight: Flight
    length_s: float
    start: End
    end: End
    series: Readings
    time_s: Floats
    lat: Floats
    lon: Floats
    fastest_m_s: float


def samples() -> Path | None:
    """The folder of the samples of ``traffic``, if it is installed beside us."""
    found = sorted((ROOT / ".venv" / "peers" / "lib").glob("python*/site-packages/traffic/data/samples"))
    return found[0] if found else None


@cache
def flights() -> tuple[Flight, ...]:
    """All flights, in order of their names."""
    folder = samples()
    if folder is None:
        raise SystemExit("the samples of traffic are not installed: make bench installs them into .venv/peers")
    paths = [(folder / name, name, False) for name in TRANSPORT]
    paths += [(SHARED / name, name, False) for name in TRANSPORT_SHARED if (SHARED / name).exists()]
    for name in ON_PURPOSE:
        paths += [(path, f"{name}/{path.name}", True) for path in sorted((folder / name).glob("*.json.gz"))]
    paths += [(folder / name, name, True) for name in ON_PURPOSE_TOO]
    return tuple(flight for path, name, purpose in paths for flight in _of_file(path, name, on_purpose=purpose))


def _of_file(path: Path, name: str, *, on_purpose: bool) -> Iterator[Flight]:
    if path.suffix == ".jsonl":
        tracks: Sequence[Track] = [_decoded(path)]
    else:
        tracks = [leg.track for leg in read(path).legs]
    if name.startswith("fr24/"):
        tracks = [_with_ems(track, path) for track in tracks]
    if "granular" in name:
        tracks = [_with_hdg(track, path) for track in tracks]
    for number, track in enumerate(tracks):
        held = track.accepted & ~np.isnan(track.lat_deg) & (np.nan_to_num(track.on_ground) != 1)
        if int(held.sum()) < FEWEST:
            continue
        times, first = np.unique(track.time_s[held], return_index=True)
        lat, lon = track.lat_deg[held][first], track.lon_deg[held][first]
        readings = Readings.of_track(track)
        timely = _timely(times, lat, lon, readings)
        told = f"{name} {number} {track.icao24} {track.callsign}"
        if int(timely.sum()) >= FEWEST:
            yield Flight(told, on_purpose, readings, times[timely], lat[timely], lon[timely])


def _timely(time_s: Floats, lat: Floats, lon: Floats, readings: Readings) -> NDArray[np.bool_]:
    """Positions whose time holds: one that is late makes the step before it too short and that after it too long.

    Both are measured by the ground speed. In a turn both are too short, and nothing is left out.
    """
    held = ~np.isnan(readings.ground_speed_kt)
    if not bool(held.any()) or len(time_s) < 3:  # noqa: PLR2004  nothing to compare
        return np.zeros(len(time_s), dtype=np.bool_)
    speed = np.interp(time_s, readings.time_s[held], readings.ground_speed_kt[held]) * KNOT_M_S
    flown = (speed[1:] + speed[:-1]) / 2 * np.diff(time_s)
    over = distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:]) - flown
    late_s = np.full(len(time_s), np.inf)  # of the first and the last nothing tells
    late_s[1:-1] = (over[1:] - over[:-1]) / 2 / np.maximum(speed[1:-1], FLYING_KT * KNOT_M_S)
    prompt: NDArray[np.bool_] = np.abs(late_s) <= LATE_S
    return prompt


def _with_ems(track: Track, path: Path) -> Track:
    """With the headings of enhanced Mode S. One file has those beyond 180 degrees mirrored, which its tracks show."""
    points = json.loads(path.read_bytes())["result"]["response"]["data"]["flight"]["track"]
    heading = np.full(len(track), np.nan)
    for index, row in enumerate(track.row.tolist()):
        point = points[row - 1]
        ems = point["ems"] or {}
        fresh = abs((ems.get("ts") or 0) - point["timestamp"]) <= 1 and (ems.get("ias") or ems.get("mach"))
        if fresh and ems.get("heading") is not None:
            heading[index] = ems["heading"]
    mirrored = np.where(heading >= 180, 540 - heading, heading)  # noqa: PLR2004  the sign bit of the heading
    off = [np.nanmedian(np.abs((one - track.track_deg + 180) % 360 - 180)) for one in (heading, mirrored)]
    return track.replace(heading_deg=(heading if off[0] <= off[1] else mirrored) % 360)


def _with_hdg(track: Track, path: Path) -> Track:
    """With ``HDG`` of the granular CSV, in rows that have an indicated airspeed too: the two come in one message."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found = [re.search(r",HDG:([\d.]+)", lines[row - 1]) for row in track.row.tolist()]
    heading = np.array([float(hit[1]) if hit else np.nan for hit in found])
    return track.replace(heading_deg=np.where(np.isnan(track.indicated_airspeed_kt), np.nan, heading))


def _decoded(path: Path) -> Track:
    """One flight from decoded Mode S messages, one JSON object a line."""
    messages = [json.loads(line) for line in path.read_bytes().splitlines()]
    kinds = {
        "05": {"latitude": "lat_deg", "longitude": "lon_deg", "altitude": "altitude_ft"},
        "06": {"latitude": "lat_deg", "longitude": "lon_deg"},
        "09": {"groundspeed": "ground_speed_kt", "track": "track_deg"},
        "50": {"TAS": "true_airspeed_kt"},
        "60": {"heading": "heading_deg", "IAS": "indicated_airspeed_kt"},
    }
    columns: dict[str, Any] = {
        name: np.full(len(messages), np.nan) for kind in kinds.values() for name in kind.values()
    }
    columns["on_ground"] = np.full(len(messages), np.nan)
    for index, message in enumerate(messages):
        if message.get("bds") == "06":
            columns["on_ground"][index] = 1
        for name, column in kinds.get(message.get("bds", ""), {}).items():
            if message.get(name) is not None:
                columns[column][index] = message[name]
    times = np.array([message["timestamp"] for message in messages])
    order = np.argsort(times, kind="stable")
    made = Track.of(times[order], icao24=messages[0]["icao24"], **{key: one[order] for key, one in columns.items()})
    return judge(made)[0]


def windows(flight: Flight, length_s: float) -> Iterator[Window]:
    """Windows of a length in a flight, evenly spread, two of them overlapping by no more than a half.

    The few flights with headings give more of them: theirs are not independent, and the flights are counted beside.
    """
    span = flight.time_s[-1] - flight.time_s[0]
    most = MOST_WINDOWS if length_s < LONG_S else MOST_LONG_WINDOWS
    if not bool(np.all(np.isnan(flight.readings.heading_deg))):
        most = MOST_WINDOWS_AIR
    count = min(int(2 * span // length_s) - 1, most)
    for start_s in np.linspace(flight.time_s[0], flight.time_s[-1] - length_s, max(count, 0) + 2)[1:-1]:
        window = _window(flight, float(start_s), length_s)
        if window is not None:
            yield window


def _window(flight: Flight, start_s: float, length_s: float) -> Window | None:
    first = int(np.searchsorted(flight.time_s, start_s, side="right")) - 1
    last = int(np.searchsorted(flight.time_s, flight.time_s[max(first, 0)] + length_s))
    if first < 0 or last >= len(flight.time_s) or last - first < 4:  # noqa: PLR2004  something between the ends
        return None
    if float(np.max(np.diff(flight.time_s[first : last + 1]))) > max(OFTEN_S, OFTEN_SHARE * length_s):
        return None
    inner = np.arange(first + 1, last)
    if len(inner) > MOST_TRUTHS:
        inner = inner[np.linspace(0, len(inner) - 1, MOST_TRUTHS).astype(int)]
    ends = [_end(flight, index) for index in (first, last)]
    readings = flight.readings
    inside = (readings.time_s >= ends[0].time_s) & (readings.time_s <= ends[1].time_s)
    speeds = readings.ground_speed_kt[inside]
    if not bool(np.any(~np.isnan(speeds))) or float(np.nanmedian(speeds)) < FLYING_KT:
        return None
    fastest = float(np.nanpercentile(readings.ground_speed_kt, 99.9)) * KNOT_M_S
    return Window(
        flight=flight,
        length_s=length_s,
        start=ends[0],
        end=ends[1],
        series=readings.part(ends[0].time_s - AROUND_S, ends[1].time_s + AROUND_S),
        time_s=flight.time_s[inner],
        lat=flight.lat[inner],
        lon=flight.lon[inner],
        fastest_m_s=fastest,
    )


def _end(flight: Flight, index: int) -> End:
    """A position and the velocity over ground that was received with it or just before or after."""
    readings, time_s = flight.readings, float(flight.time_s[index])
    held = ~np.isnan(readings.ground_speed_kt + readings.track_deg)
    times = readings.time_s[held]
    near = int(np.argmin(np.abs(times - time_s))) if len(times) else 0
    known = len(times) > 0 and abs(float(times[near]) - time_s) <= _VELOCITY_S
    speed_kt = float(readings.ground_speed_kt[held][near]) if known else None
    track_deg = float(readings.track_deg[held][near]) if known else None
    return End.measured(float(flight.lat[index]), float(flight.lon[index]), time_s, speed_kt, track_deg)
