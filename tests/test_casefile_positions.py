"""Positions as people type them: every usual notation leads to the same point, and what is none says what to write."""

from __future__ import annotations

import math
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.casefile.positions import looks_like_position, read_position, write_position

GROZNY = (43.388056, 45.698889)
lats = st.floats(-90, 90).map(lambda value: round(value, 6))
lons = st.floats(-180, 180).map(lambda value: round(value, 6))


def parts(value: float) -> tuple[int, int, float]:
    """Degrees, minutes and seconds of an angle without its sign."""
    total = round(abs(value) * 3600, 2)
    degrees, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    return int(degrees), int(minutes), round(seconds, 2) % 60


@pytest.mark.parametrize(
    "text",
    [
        "43.388056, 45.698889",
        "43.388056 45.698889",
        "43.388056; 45.698889",
        "43,388056; 45,698889",
        "43,388056 45,698889",
        "(43.388056, 45.698889)",
        "43.388056° 45.698889°",
        "43°23'17\"N 45°41'56\"E",
        "43°23\u203217\u2033 N, 45°41\u203256\u2033 E",
        "43° 23’ 17” N / 45° 41’ 56” E",
        "N43°23'17\" E45°41'56\"",
        "43 23 17 45 41 56",
        "43 23 17 N 45 41 56 E",
        "43-23-17N 045-41-56E",
        "45°41'56\"E 43°23'17\"N",
        "N43 23.2833 E045 41.9333",
        "432317N0454156E",
        "lat = 43.388056, lon = 45.698889",
        "lat: 43.388056 lng: 45.698889",
        "{ lat = 43.388056, lon = 45.698889 }",
        "lon=45.698889 lat=43.388056",
        "Latitude 43.388056 Longitude 45.698889",
        "45.698889E 43.388056N",
    ],
)
def test_usual_notations_are_one_point(text: str) -> None:
    assert looks_like_position(text)
    point = read_position(text)
    assert point == pytest.approx(GROZNY, abs=2e-6)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("33.9S 151.2E", -33.9, 151.2),
        ("-33.9, -151.2", -33.9, -151.2),
        ("\N{MINUS SIGN}33.9, 151.2", -33.9, 151.2),
        ("S33 54 W151 12", -33.9, -151.2),
        ("4323N04542E", 43 + 23 / 60, 45.7),
        ("0 0", 0.0, 0.0),
        ("-0°30', -0°15'", -0.5, -0.25),
        ("90, -180", 90.0, -180.0),
    ],
)
def test_signs_and_letters(text: str, lat: float, lon: float) -> None:
    assert read_position(text) == pytest.approx((lat, lon))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no position was typed"),
        ("Grozny", "is no position"),
        ("43.388", "is no position"),
        ("43.388, 45.699, 12", "is no position"),
        ("43 60 0, 45 0 0", "is no position"),
        ("43.5 30, 45.1 20", "is no position"),
        ("-43N, 45E", "is no position"),
        ("4363N04542E", "60 or more minutes"),
        ("43.388N, 45.699N", "no longitude"),
        ("43.388E, 45.699W", "no latitude"),
        ("91, 10.5", "are the two swapped? write 10.5, 91.0"),
        ("145.7, 43.4", "are the two swapped? write 43.4, 145.7"),
        ("91, 200", "latitude 91"),
        ("43, 181", "longitude 181"),
        ("38T LN 12345 67890", "grid reference"),
    ],
)
def test_what_is_no_position_says_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        read_position(text)


@given(lats, lons)
def test_what_is_written_is_read_again(lat: float, lon: float) -> None:
    assert read_position(write_position(lat, lon)) == (lat, lon)


@given(lats, lons, st.sampled_from(["{d}°{m}'{s:.2f}\"", "{d} {m:02} {s:05.2f}", "{d:03}°{m:02}\u2032{s:05.2f}\u2033"]))
def test_degrees_minutes_and_seconds_round_trip(lat: float, lon: float, form: str) -> None:
    said = []
    for value, letters in ((lat, "NS"), (lon, "EW")):
        degrees, minutes, seconds = parts(value)
        said.append(form.format(d=degrees, m=minutes, s=seconds) + letters[math.copysign(1, value) < 0])
    for text in (" ".join(said), ", ".join(said), " ".join(reversed(said))):
        assert read_position(text) == pytest.approx((lat, lon), abs=1e-5)


@given(st.text(max_size=60))
def test_any_text_is_a_possible_position_or_an_error(text: str) -> None:
    with suppress(ValueError):
        lat, lon = read_position(text)
        assert abs(lat) <= 90
        assert abs(lon) <= 180


@pytest.mark.parametrize("text", ["Grozny", "UBBB", "Mineralnye Vody", "Area 51", "Route 66 Airport 2"])
def test_names_do_not_look_like_positions(text: str) -> None:
    assert not looks_like_position(text)
