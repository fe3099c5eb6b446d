"""The runways of aerodromes: what is stored keeps the rules of its README, and the maker leaves out what does not."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from data.aerodromes import make
from geo.basemap.aerodromes import GRID, RUNWAY, aerodromes_near, read_runways, runways_of
from geo.errors import ResourceError
from geo.geodesy import distance_m, inverse
from geo.measures import FOOT_M

FOLDER = Path(__file__).resolve().parents[1] / "data/aerodromes"
ROW = {
    "airport_ident": "ZZZA",
    "length_ft": "8202",
    "width_ft": "148",
    "surface": "Concrete",
    "closed": "0",
    "le_ident": "08",
    "le_latitude_deg": "43.3875",
    "le_longitude_deg": "45.6844",
    "le_displaced_threshold_ft": "",
    "he_ident": "26",
    "he_latitude_deg": "43.3888",
    "he_longitude_deg": "45.7153",
    "he_displaced_threshold_ft": "300",
}
AERODROME = {"latitude_deg": "43.388", "longitude_deg": "45.699"}


@pytest.fixture(scope="module")
def stored():
    return read_runways(FOLDER / "runways.npy")


def test_the_readme_is_that_of_the_file(stored):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256((FOLDER / "runways.npy").read_bytes()).hexdigest() in readme
    assert f"| {len(stored):,} | {len(set(stored['aerodrome'])):,} |" in readme


def test_the_file_is_sorted_and_holds_no_runway_twice(stored):
    keys = [row.tobytes() for row in stored]
    assert len(set(keys)) == len(keys)
    assert (np.sort(stored["aerodrome"]) == stored["aerodrome"]).all()


def test_every_runway_is_as_long_as_it_says_and_points_where_its_numbers_do(stored):
    ends = [stored[name] / GRID for name in ("lat_a", "lon_a", "lat_b", "lon_b")]
    line, length_m = inverse(*ends), stored["length_ft"] * FOOT_M
    # The stored grid moves an end by less than a metre.
    assert (np.abs(line.distance_m - length_m) <= np.maximum(length_m * 0.15, 100) + 2).all()
    number = np.array([int(text[:2]) for text in stored["number_a"]])
    assert (np.abs((line.azimuth_deg - number * 10 + 180) % 360 - 180) <= 45.5).all()
    assert (stored["width_ft"] > 0).all()


def test_numbers_are_those_of_runways(stored):
    wanted = re.compile(rb"(0[1-9]|[12]\d|3[0-6])[LCR]?")
    assert all(wanted.fullmatch(text) for name in ("number_a", "number_b") for text in stored[name])


def test_the_runway_of_grozny_has_the_ends_of_the_older_edition():
    (runway,) = runways_of("URMG")
    assert (runway.numbers, runway.length_ft, runway.width_ft) == (("08", "26"), 8202, 148)
    assert float(distance_m(runway.ends[0].lat, runway.ends[0].lon, 43.3875, 45.6844)) < 2


def test_haneda_has_four_runways_in_the_order_of_their_numbers():
    assert [runway.numbers[0] for runway in runways_of("RJTT")] == ["04", "05", "16L", "16R"]


@pytest.mark.parametrize("code", ["", "URM", "URMGX", "ГРОЗ", "zzzz"])
def test_a_code_that_is_none_has_no_runways(code):
    assert runways_of(code) == ()


def test_near_is_counted_from_the_ends():
    (runway,) = runways_of("URMG")
    at = runway.ends[1]
    assert aerodromes_near(at.lat, at.lon, 0.1) == ("URMG",)
    assert aerodromes_near(at.lat, at.lon - 0.1, 1.0) == ()
    assert aerodromes_near(-48.9, -123.4, 50.0) == ()


@pytest.mark.parametrize("content", [None, b"no array", b"\x93NUMPY\x01\x00\x0a\x00{}       \n"])
def test_a_broken_file_says_so(content, tmp_path):
    if content is not None:
        (tmp_path / "runways.npy").write_bytes(content)
    with pytest.raises(ResourceError, match=r"runways\.npy cannot be read"):
        read_runways(tmp_path / "runways.npy")


def test_a_file_of_another_form_says_so(tmp_path):
    np.save(tmp_path / "runways.npy", np.zeros(3))
    with pytest.raises(ResourceError, match="another version"):
        read_runways(tmp_path / "runways.npy")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"closed": "1"}, "closed"),
        ({"surface": "Water"}, "water"),
        ({"he_longitude_deg": ""}, "position"),
        ({"length_ft": ""}, "length"),
        ({"width_ft": "0"}, "width"),
        ({"width_ft": "8202"}, "width"),
        ({"le_ident": "E"}, "numbered"),
        ({"he_ident": "37"}, "numbered"),
        ({"length_ft": "6500"}, "as far apart"),
        ({"le_ident": "26", "he_ident": "08"}, "direction"),
        ({"le_latitude_deg": "44.3875", "he_latitude_deg": "44.3888"}, "far from"),
    ],
)
def test_a_runway_is_left_out_for_a_reason(changes, reason):
    found = make.fault({**ROW, **changes}, AERODROME)
    assert found == reason if reason is None else reason in found


def test_a_runway_of_no_aerodrome_is_left_out():
    assert make.fault(ROW, None)


def test_a_code_is_that_of_icao_else_the_identifier_else_that_of_the_gps_databases():
    def airport(ident, icao="", gps="", kind="small_airport"):
        return {"ident": ident, "icao_code": icao, "gps_code": gps, "type": kind}

    found = make.codes(
        [
            airport("URMG", "URMG", "URMG"),
            airport("00AK", "", "K0AK"),
            airport("RU-0001", "", "XRAB"),
            airport("RU-0002", "", "URMG"),
            airport("RU-0003", "", "XRAC"),
            airport("RU-0004", "", "XRAC"),
            airport("RU-0005"),
            airport("EGLW", "EGLW", kind="heliport"),
        ]
    )
    assert found == {"URMG": "URMG", "00AK": "00AK", "RU-0001": "XRAB"}


def test_only_ends_that_are_missing_come_from_the_older_edition():
    bare = {**ROW, **dict.fromkeys(make.ENDS, "")}
    moved = {**ROW, "airport_ident": "ZZZB", "le_latitude_deg": "50"}
    half = {**ROW, "airport_ident": "ZZZC", "he_latitude_deg": ""}
    rows = [dict(bare), dict(moved), dict(half)]
    older = [ROW, {**ROW, "airport_ident": "ZZZB"}, {**ROW, "airport_ident": "ZZZC"}]
    assert make.complete(rows, older) == 1
    assert rows == [ROW, moved, half]


def test_what_is_kept_is_stored_in_order_and_what_is_not_is_counted():
    airports = [
        {"ident": "ZZZA", "icao_code": "ZZZA", "gps_code": "", "type": "medium_airport", **AERODROME},
    ]
    rows = [ROW, {**ROW, "closed": "1"}, {**ROW, "airport_ident": "unheard of"}, ROW]
    stored, left = make.select(rows, airports)
    assert stored.dtype == RUNWAY
    assert stored.tolist() == [
        (b"ZZZA", b"08", b"26", 4338750, 4568440, 4338880, 4571530, 8202, 148, 0, 300, b"CONCRETE")
    ]
    assert sum(left.values()) == 2
