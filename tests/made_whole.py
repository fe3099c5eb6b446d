"""Judged tracks of any kind, for what is written to be read back."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from made_tracks import START_S

from geo.model import ACCEPTED, NO_POSITION, REASONS, Track
from geo.tracks import judge
from geo.tracks.judging.values import RANGES
from geo.tracks.rows import QUANTITIES

_LATS = st.sampled_from([90.0, -90.0, 89.9999999, 0.0, -0.0, 1e-7, 91.0, 40.00001, 1e9])
_LONS = st.sampled_from([180.0, -180.0, 179.9999999, -179.99999, 0.0, -1e-7, 181.0, 50.0, 49.99999])
_MINUTES_US = 29 * 60 * 1_000_000
names = st.text(min_size=1, max_size=8) | st.sampled_from(
    [
        "AHY8243",
        "<b>&amp;\"'</b>",
        "]]>",
        "a\nb",
        "\x00\x1b",
        "\\n \\u0041",
        "nan",
        "-",
        "\ud800",
        "=1+1",
        "a,b;c\t",
        "\u202eA",
    ]
)
#: Reasons that a file can give against a position, and against an altitude.
_AGAINST = [code for code in range(len(REASONS)) if code not in (ACCEPTED, NO_POSITION)]
_GIVEN = st.dictionaries(st.integers(0, 11), st.sampled_from(_AGAINST), max_size=8)


def _column(name: str, count: int) -> st.SearchStrategy[list[float]]:
    _, _, least, most = RANGES[name]
    numbers = st.floats(least, most) | st.integers(int(least), int(most)).map(float) | st.just(float("nan"))
    return st.lists(numbers, min_size=count, max_size=count)


@st.composite
def whole(draw: st.DrawFn) -> Track:
    """A judged track in order of time, of any positions, quantities, reasons and names."""
    count = draw(st.integers(1, 12))
    unit = draw(st.sampled_from([1, 1_000, 1_000_000]))
    micro = sorted(draw(st.lists(st.integers(0, _MINUTES_US // unit), min_size=count, max_size=count)))
    columns = {
        name: draw(_column(name, count) | st.just([float("nan")] * count))
        for name in QUANTITIES
        if name not in ("time_s", "lat_deg", "lon_deg")
    }
    near = draw(st.booleans())
    lat = st.floats(39.9, 40.1) if near else _LATS | st.just(float("nan"))
    lon = st.floats(179.9, 180.0) | st.floats(-180, -179.9) if near else _LONS | st.just(float("nan"))
    track = Track.of(
        (START_S * 1e6 + np.array(micro) * unit) / 1e6,
        draw(st.lists(lat, min_size=count, max_size=count)),
        draw(st.lists(lon, min_size=count, max_size=count)),
        icao24=draw(st.none() | st.just("600841") | names.map(_address)),
        callsign=draw(st.none() | names.map(str.strip)) or None,
        row=draw(st.permutations(range(1, count + 1))),
        **columns,
    )
    against, against_altitude = (
        {index: (REASONS[code], "the file says so") for index, code in draw(codes).items() if index < count}
        for codes in (_GIVEN, _GIVEN)
    )
    return judge(track, against, against_altitude).track


def _address(text: str) -> str | None:
    return text.strip().lower().removeprefix("0x") or None
