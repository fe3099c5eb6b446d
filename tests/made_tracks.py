"""Made-up tracks, and the text of files that hold them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from geo.model import Track

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARED = Path(__file__).resolve().parents[2] / "shared" / "tracks"
START_S = datetime(2024, 12, 25, 3, 55, tzinfo=UTC).timestamp()


def straight(count: int, step_s: float = 10.0, **columns: Any) -> Track:
    """A flight northward at 400 kt from 40 N 50 E."""
    seconds = START_S + step_s * np.arange(count)
    lat = 40 + np.arange(count) * step_s * 400 * 1852 / 3600 / 111_100
    return Track.of(seconds, lat, np.full(count, 50.0), **({"ground_speed_kt": np.full(count, 400.0)} | columns))


def at(second: float) -> str:
    """ISO time so many seconds after the start."""
    return datetime.fromtimestamp(START_S + second, UTC).isoformat().replace("+00:00", "Z")


#: One report: second, latitude, longitude, altitude, ground speed, callsign; anything may be missing or wrong.
numbers = st.one_of(
    st.none(),
    st.integers(-200, 200),
    st.floats(-100, 100).map(lambda value: round(value, 5)),
    st.sampled_from([0, 0.0, 91, -181, 1e9, -1e9]),
)
reports = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 300), st.integers(-10, 40_000), st.floats(0, 300).map(lambda value: round(value, 3))),
        st.one_of(st.floats(39.9, 40.1).map(lambda value: round(value, 4)), numbers),
        st.one_of(st.floats(49.9, 50.1).map(lambda value: round(value, 4)), numbers),
        st.one_of(st.none(), st.integers(-3_000, 140_000)),
        st.one_of(st.none(), st.integers(-5, 2_500)),
        st.sampled_from(["", "AHY8243", "AHY8243", "JAL516", "<b>"]),
    ),
    min_size=1,
    max_size=30,
)
Report = tuple[float, float | None, float | None, float | None, float | None, str]


def _cell(value: float | None) -> str:
    return "" if value is None else str(value)


def plain_csv(rows: Sequence[Report]) -> bytes:
    body = [",".join([at(t), _cell(lat), _cell(lon), _cell(alt), _cell(gs), who]) for t, lat, lon, alt, gs, who in rows]
    return "\n".join(["time,lat,lon,altitude_ft,ground_speed_kt,callsign", *body, ""]).encode()


def fr24_csv(rows: Sequence[Report]) -> bytes:
    body = [
        f'{int(START_S + t)},{at(int(t))},{who},"{_cell(lat)},{_cell(lon)}",{_cell(alt)},{_cell(gs)},90'
        for t, lat, lon, alt, gs, who in rows
    ]
    return "\n".join(["Timestamp,UTC,Callsign,Position,Altitude,Speed,Direction", *body, ""]).encode()


def granular_csv(rows: Sequence[Report]) -> bytes:
    head = "network_time,receiver_time,hex,callsign,latitude,longitude,no_position,altitude,squawk,speed,track,vspeed"
    body = []
    for t, lat, lon, alt, gs, who in rows:
        stamp = at(t).replace("T", " ").removesuffix("Z")
        whole, _, part = stamp.partition(".")
        stamp = f"{whole}Z.{part or '000'}"
        flag = "N" if lat is None or lon is None else "P"
        values = [who, lat or 0, lon or 0, flag, alt or 0, 0, gs or 0, 90, 0]
        body.append(",".join(map(str, [stamp, stamp, "0x8467d8", *values, "A,0,ADS-B,P:8,GPSA:100,"])))
    return "\r\n".join([f"{head},on_ground,flags,position_class,,,", *body, ""]).encode()


def traffic_json(rows: Sequence[Report]) -> bytes:
    return json.dumps(
        [
            {
                "timestamp": round((START_S + t) * 1000),
                "latitude": lat,
                "longitude": lon,
                "altitude": alt,
                "groundspeed": gs,
                "callsign": who or None,
                "icao24": "600841",
            }
            for t, lat, lon, alt, gs, who in rows
        ]
    ).encode()


WRITERS = {"csv": plain_csv, "fr24-csv": fr24_csv, "fr24-granular-csv": granular_csv, "traffic-json": traffic_json}
