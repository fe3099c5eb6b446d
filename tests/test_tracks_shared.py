"""Every real file there is: read with its rows counted by other means, or refused for the right reason."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_tracks import SHARED
from test_tracks import account

from geo import tracks
from geo.errors import TrackError
from geo.geodesy import distance_m

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.model import Track

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")


def lines(under: int) -> Callable[[bytes], int]:
    """Lines that are not blank, less those of the header."""
    return lambda data: len([line for line in re.split(rb"\r\n|\n|\r", data) if line.strip()]) - under


def matches(pattern: bytes) -> Callable[[bytes], int]:
    return lambda data: len(re.findall(pattern, data, re.MULTILINE))


def entries(*path: str) -> Callable[[bytes], int]:
    """Length of the list at a path of keys."""

    def count(data: bytes) -> int:
        found = json.loads(data)
        for key in path:
            found = found[key]
        return len(found)

    return count


def frame(data: bytes) -> int:
    """Records of a frame that pandas wrote: a list, or columns of equal length."""
    found = json.loads(data)
    return len(found if isinstance(found, list) else next(iter(found.values())))


def parquet(data: bytes) -> int:
    import io

    from pyarrow import parquet as pq

    return pq.read_metadata(io.BytesIO(data)).num_rows


#: By folder and name: format, and how many rows there are, counted without our readers; or the words of the refusal.
EXPECTED: dict[str, tuple[str, Callable[[bytes], int]] | str] = {
    "fr24_csv/JL516.csv": ("fr24-csv", lines(1)),
    "fr24_csv/JL516_granular.csv": ("fr24-granular-csv", lines(1)),
    "fr24_csv/hand_edited_excerpt.csv": ("fr24-csv", lines(1)),
    "fr24_json/372355e5.json": ("fr24-json", entries("result", "response", "data", "flight", "track")),
    "fr24_json/JL516.json": ("fr24-json", entries("result", "response", "data", "flight", "track")),
    "fr24_kml/SkyDolly_FZ981-922b3bd.kml": ("fr24-kml", matches(rb"<Point>")),
    "fr24_kml/SkyDolly_valid-1.kml": ("fr24-kml", matches(rb"<Point>")),
    "g1000/gpsbabel_garmin_g1000.csv": ("garmin-g1000", lines(3)),
    "gpx/gpxpy_Mojstrovka.gpx": "not between 1950 and 2100",  # its clock says 1901
    "gpx/gpxpy_cerknicko-without-times.gpx": ("gpx", matches(rb"<trkpt")),  # five have one
    "gpx/gpxpy_track-with-empty-segment.gpx": ("gpx", matches(rb"<trkpt")),
    "gpx/gpxpy_unicode_with_bom.gpx": "it holds no track but places",
    "gx_track/flightaware_DLH1534.kml": ("gx-track", matches(rb"<gx:coord>")),
    **{
        f"igc/{name}.igc": ("igc", matches(rb"^(?:B|[^A-N\s])"))
        for name in (
            "aerofiles_bad-line",
            "aerofiles_skydrop-2019-04-15",
            "igc_lib_new_date_format",
            "igc_lib_new_zealand",
            "igc_lib_no_time_increment",
        )
    },
    "opensky/states_a.parquet": ("parquet", parquet),
    "opensky/states_b.parquet": ("parquet", parquet),
    **{
        f"readsb_trace/trace_full_{address}.json": ("readsb-trace", entries("trace"))
        for address in (
            *("34718d", "4d208a", "a11e8b", "a1388c", "a1878a", "a2228b"),
            *("a2fe8f", "a3c78c", "a4068e", "a57b8b", "ac671b"),
        )
    },
    "sbs/coniferconifer_2022-01-08_excerpt.sbs": ("sbs", matches(rb"^MSG,")),
    "sbs/druidblog_2016-02-05_excerpt.sbs": ("sbs", matches(rb"^MSG,")),
    "traffic_json/noisy_landing.json.gz": ("traffic-json", frame),
    "traffic_json/noisy_takeoff.json.gz": ("traffic-json", frame),
}
FILES = sorted(path for path in SHARED.glob("*/*") if path.is_file()) if SHARED.exists() else []


def test_each_file_is_expected() -> None:
    assert {f"{path.parent.name}/{path.name}" for path in FILES} == set(EXPECTED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_read_row_by_row_or_refused_for_the_right_reason(path: Path) -> None:
    expected = EXPECTED[f"{path.parent.name}/{path.name}"]
    if isinstance(expected, str):
        with pytest.raises(TrackError, match=expected):
            tracks.read(path)
        return
    name, count = expected
    data = path.read_bytes()
    reading = tracks.read(path)
    assert reading.format == name
    assert reading.report.read == count(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    account(reading)


def flight(name: str) -> Track:
    (leg,) = tracks.read(SHARED / name).legs
    return leg.track.take(leg.track.accepted)


def off_path_m(track: Track, path: Track) -> tuple[np.ndarray, np.ndarray]:
    """For each position its distance from the line through those of ``path``, and when the path passes there.

    On a plane that touches the Earth at the position: over the tens of kilometres between two fixes that is exact to
    a metre.
    """
    off, when = np.empty(len(track)), np.empty(len(track))
    for index in range(len(track)):
        lat, lon = track.lat_deg[index], track.lon_deg[index]
        north = (path.lat_deg - lat) * distance_m(lat - 0.5, lon, lat + 0.5, lon)
        east = (path.lon_deg - lon) * distance_m(lat, lon - 0.5, lat, lon + 0.5)
        step_n, step_e = np.diff(north), np.diff(east)
        long = np.maximum(step_n**2 + step_e**2, 1e-9)
        share = np.clip(-(north[:-1] * step_n + east[:-1] * step_e) / long, 0, 1)
        apart = np.hypot(north[:-1] + share * step_n, east[:-1] + share * step_e)
        nearest = int(apart.argmin())
        off[index] = apart[nearest]
        when[index] = path.time_s[nearest] + share[nearest] * np.diff(path.time_s)[nearest]
    return off, when


def test_one_flight_in_three_formats_is_one_path_at_one_time() -> None:
    table, playback, granular = map(
        flight, ("fr24_csv/JL516.csv", "fr24_json/JL516.json", "fr24_csv/JL516_granular.csv")
    )
    assert table.time_s.tolist() == playback.time_s.tolist()
    assert distance_m(table.lat_deg, table.lon_deg, playback.lat_deg, playback.lon_deg).max() < 1
    # The download samples the same messages, stamped with the whole second before their arrival.
    inside = (table.time_s >= granular.time_s[0]) & (table.time_s <= granular.time_s[-1])
    off, when = off_path_m(table.take(inside), granular)
    assert inside.sum() > 240
    assert off.max() < 200
    assert np.abs(when - table.time_s[inside]).max() < 3
    assert np.median(np.abs(when - table.time_s[inside])) < 1
