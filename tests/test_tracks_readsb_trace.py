"""Traces of readsb: offsets, flags, the ground, the details, and a file too long to be parsed at once."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import made_json
import made_tracks
import numpy as np
import pytest
from made_tracks import SHARED

from geo.errors import TrackUnreadable
from geo.tracks import readsb_trace

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

BASE = 1_693_353_600.0
DETAILS = {
    "type": "adsb_icao",
    "flight": "IBE2621 ",
    "alt_geom": 41_675,
    "ias": 250,
    "tas": 470,
    "mach": 0.8,
    "mag_heading": 211.0,
    "true_heading": 224.2,
    "nav_modes": ["autopilot", "vnav"],
    "nic": 8,
    "nac_p": 9,
    "sil": 3,
}
GOOD = [10.5, 43.25, -116.75, 39_975, 404.5, 225.0, 0, -64, None, "adsb_icao", 41_700, -32, 251, 0.5]
SHORT = GOOD[:9]


def written(*rows: Any, **header: Any) -> bytes:
    head = json.dumps({"icao": "34718d", "r": "EC-NRG", "timestamp": BASE} | header).removesuffix("}")
    return (head + ',"trace":[' + ",\n".join(json.dumps(row) for row in rows) + "]}").encode()


def read(*rows: Any, **header: Any) -> Rows:
    return readsb_trace.read(written(*rows, **header), "trace")


def with_(row: list[Any], **changed: Any) -> list[Any]:
    places = {"offset": 0, "lat": 1, "lon": 2, "alt": 3, "gs": 4, "track": 5, "flags": 6, "rate": 7, "details": 8}
    row = list(row)
    for name, value in changed.items():
        row[places[name]] = value
    return row


def values(rows: Rows, index: int = 0) -> dict[str, float]:
    return {name: float(column[index]) for name, column in rows.columns.items() if not np.isnan(column[index])}


def names(rows: Rows) -> list[str | None]:
    return [rows.callsign.names[code] if code >= 0 else None for code in rows.callsign.codes]


def test_a_row_is_read_in_the_units_of_a_track():
    rows = read(with_(GOOD, details=DETAILS))
    assert values(rows) == {
        "time_s": BASE + 10.5,
        "lat_deg": 43.25,
        "lon_deg": -116.75,
        "altitude_ft": 39_975,
        "geometric_altitude_ft": 41_700,
        "ground_speed_kt": 404.5,
        "track_deg": 225,
        "heading_deg": 224.2,
        "true_airspeed_kt": 470,
        "indicated_airspeed_kt": 251,
        "vertical_rate_fpm": -64,
        "nic": 8,
        "nacp": 9,
        "sil": 3,
        "on_ground": 0,
    }
    assert (rows.icao24.names, rows.callsign.names, rows.row.tolist(), rows.part) == (
        ("34718d",),
        ("IBE2621",),
        [1],
        None,
    )


def test_a_row_of_nine_values_has_the_rest_in_its_details():
    rows = read(with_(SHORT, details=DETAILS), SHORT, GOOD)
    assert rows.columns["geometric_altitude_ft"].tolist()[::2] == [41_675, 41_700]
    assert rows.columns["indicated_airspeed_kt"].tolist()[::2] == [250, 251]
    assert np.isnan(rows.columns["geometric_altitude_ft"][1])


def test_on_the_ground_the_direction_is_the_heading():
    on_ground = values(read(with_(GOOD, alt="ground", gs=3.1, track=120.9)))
    assert (on_ground["on_ground"], on_ground["heading_deg"]) == (1, 120.9)
    assert not {"track_deg", "altitude_ft"} & on_ground.keys()


def test_with_no_altitude_nobody_knows_whether_it_flies():
    assert not {"altitude_ft", "on_ground"} & values(read(with_(GOOD, alt=None))).keys()


def test_an_altitude_flagged_as_geometric_is_no_pressure_altitude():
    geometric = values(read(with_(GOOD, flags=8)))
    assert geometric["geometric_altitude_ft"] == 39_975
    assert "altitude_ft" not in geometric
    assert geometric["on_ground"] == 0
    on_ground = values(read(with_(GOOD, flags=12, alt="ground")))
    assert on_ground["geometric_altitude_ft"] == 41_700


def test_a_geometric_vertical_rate_is_kept():
    assert values(read(with_(GOOD, flags=4)))["vertical_rate_fpm"] == -64


def test_a_position_that_readsb_calls_stale_and_that_is_the_one_before_is_held_against_it():
    rows = read(GOOD, with_(GOOD, offset=40, flags=1), with_(GOOD, offset=60))
    assert dict(rows.given) == {1: ("stale position", "readsb calls it stale, and it is the position of row 1 again")}
    assert np.isfinite(rows.columns["altitude_ft"]).all()


def test_a_position_that_readsb_calls_stale_is_one_just_received():
    rows = read(GOOD, with_(GOOD, offset=200, lat=43.5, flags=1))
    assert not rows.given
    assert not rows.given_altitude


def test_where_readsb_says_a_new_leg_begins():
    rows = read(GOOD, with_(GOOD, offset=20, flags=3), with_(GOOD, offset=30))
    assert rows.begins is not None
    assert rows.begins.tolist() == [False, True, False]


@pytest.mark.parametrize("flags", [None, -1, 1e300, 256])
def test_flags_that_are_none_say_nothing(flags):
    rows = read(with_(GOOD, flags=flags))
    assert rows.begins is not None
    assert not rows.begins[0]
    assert values(rows)["altitude_ft"] == 39_975


def test_details_hold_for_their_row_and_the_callsign_for_its_leg():
    other = DETAILS | {"flight": "IBE2622 "}
    rows = read(
        GOOD,
        with_(GOOD, offset=20, details=DETAILS),
        with_(GOOD, offset=30),
        with_(GOOD, offset=40, flags=2),
        with_(GOOD, offset=50, details=other),
        with_(GOOD, offset=60, details={"nic": 7}),
    )
    assert names(rows) == ["IBE2621"] * 3 + ["IBE2622"] * 3
    assert rows.columns["nic"][[1, 4, 5]].tolist() == [8, 8, 7]
    assert np.isnan(rows.columns["nic"][[0, 2, 3]]).all()


def test_a_callsign_is_not_carried_over_a_long_silence():
    other = DETAILS | {"flight": "IBE2622 "}
    rows = read(
        with_(GOOD, details=DETAILS),
        with_(GOOD, offset=10_000),
        with_(GOOD, offset=10_010, details=other),
        with_(GOOD, offset=20_000),
    )
    assert names(rows) == ["IBE2621", "IBE2622", "IBE2622", None]


def test_html_in_a_callsign_stays_text():
    html = "<img src=x onerror=alert(1)>"
    assert names(read(with_(GOOD, details={"flight": html}))) == [html]


def test_an_address_that_is_no_icao_address_names_a_part():
    rows = read(GOOD, icao="~2b1234")
    assert rows.icao24.codes.tolist() == [-1]
    assert rows.part is not None
    assert rows.part.names == ("~2b1234",)


def test_an_address_is_written_in_lower_case():
    assert read(GOOD, icao="34718D").icao24.names == ("34718d",)


def test_a_row_without_position_is_read():
    assert {"time_s", "altitude_ft"} <= values(read(with_(GOOD, lat=None, lon=None))).keys()


def test_the_timestamp_may_stand_behind_the_trace():
    body = json.dumps({"icao": "34718d", "trace": [GOOD], "timestamp": BASE, "extra": [[1], [2]]}).encode()
    assert readsb_trace.read(body, "trace").columns["time_s"].tolist() == [BASE + 10.5]


def test_of_a_key_written_twice_the_last_counts():
    body = written(GOOD).replace(b'"timestamp"', b'"timestamp": 7, "timestamp"')
    assert readsb_trace.read(body, "trace").columns["time_s"].tolist() == [BASE + 10.5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_does_not_matter(encoding):
    body = written(GOOD, GOOD).decode().encode(encoding)
    assert readsb_trace.sniff(body) == readsb_trace.NAME
    assert len(readsb_trace.read(body, "trace")) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([1, 2, 3], "it has 3 values where a row of a trace has 7 or more: '[1, 2, 3]'"),
        ([], "it has 0 values"),
        ("text", "it is 'text', not a row of a trace"),
        (None, "it is 'None', not a row of a trace"),
        (with_(GOOD, offset=None), "it has no time"),
        (with_(GOOD, offset="soon"), "the seconds after the timestamp is 'soon', which is no number"),
        (with_(GOOD, offset=1e12), "its time, 1.001693354e+12, is no count of seconds since 1970"),
        (with_(GOOD, offset=-BASE), "its time, 0, is no count of seconds since 1970"),
        (with_(GOOD, offset=float("inf")), "its time, inf, is no count of seconds since 1970"),
        (with_(GOOD, lat="forty"), "the latitude is 'forty', which is no number"),
        (with_(GOOD, lat=[43.25]), "the latitude is '[43.25]', which is no number"),
        (with_(GOOD, lat=10**400), "a number in it is too large"),
        (with_(GOOD, alt="high"), "the altitude is 'high', which is no number"),
        (with_(GOOD, flags={}), "the flags is '{}', which is no number"),
        (with_(GOOD, details="A"), "its details are 'A', not names and values"),
        (with_(GOOD, details={"nic": []}), "nic is '[]', which is no number"),
    ],
)
def test_a_row_that_cannot_be_read_costs_only_itself(row, words):
    rows = read(GOOD, row, GOOD)
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    assert words in rows.unreadable[0].detail


def test_numbers_written_as_text_and_numbers_that_are_none():
    rows = read(
        with_(GOOD, lat="43.25", alt="39975", details={"nic": "8", "flight": 7}),
        with_(GOOD, lat=float("nan"), lon=float("inf"), alt=True),
    )
    assert (values(rows)["lat_deg"], values(rows)["altitude_ft"], values(rows)["nic"]) == (43.25, 39_975, 8)
    assert names(rows)[0] == "7"
    assert np.isnan(rows.columns["lat_deg"][1])
    assert np.isinf(rows.columns["lon_deg"][1])


@pytest.mark.parametrize(
    "broken",
    [
        '[11,43.2,-116.7,39975,404.5,225.0,0,-64,{"flight":"IBE2621 }]',  # a quote is missing
        "[11,43.2,-116.7,39975,404.5,225.0,0,-64,null",  # its bracket is missing
        "[11,43.2,-116.7,39975,404.5,225.0,0,-64,{]",
        "[11,43.2,-116.7,,404.5,225.0,0,-64,null]",
        "[11,43.2\0,-116.7,39975,404.5,225.0,0,-64,null]",
        "[11,43.2,-116.7,39975,404.5,225.0,0," + "9" * 5_000 + ",null]",
        "[11,43.2,-116.7,39975,404.5,225.0,0,-64," + "[" * 100_000 + "]" * 100_000 + "]",
        "[11,43.2,-116.7,39975,404.5,225.0,0,-64," + '{"a":' * 100_000 + "1" + "}" * 100_000 + "]",
        '[11,"' + "a" * 1_000_000 + '"]',
        "[" * 100_000 + "]" * 100_000,
    ],
    ids=["quote", "bracket", "brace", "comma", "NUL", "digits", "deep list", "deep object", "long text", "brackets"],
)
def test_a_row_that_is_no_json_costs_only_itself(broken):
    good = json.dumps(GOOD)
    detailed = json.dumps(with_(GOOD, details=DETAILS))
    head = written().removesuffix(b"]}").decode()
    rows = readsb_trace.read(f"{head}{good},\n{broken},\n{good},\n{detailed}]}}".encode(), "trace")
    assert rows.row.tolist() == [1, 3, 4]
    assert [one.row for one in rows.unreadable] == [2]
    assert "no JSON" in rows.unreadable[0].detail
    assert len(rows.unreadable[0].detail) < 200


def test_a_file_that_breaks_off_keeps_what_came_before():
    body = written(*[with_(GOOD, offset=float(second), details=DETAILS) for second in range(5)])
    start = body.index(b"[[") + 1
    ends = [place + 1 for place in range(len(body)) if body[place : place + 3] in (b"],\n", b"]]}")]
    for cut in range(start, body.rindex(b"]]}") + 2):
        rows = readsb_trace.read(body[:cut], "trace")
        whole = sum(end <= cut for end in ends)
        assert (len(rows), len(rows.unreadable)) == (whole, 1), body[:cut]
        assert "the file breaks off" in rows.unreadable[0].detail
        assert rows.unreadable[0].row == whole + 1


def test_a_long_trace_is_read_in_blocks_like_a_short_one():
    rows = [
        with_(
            GOOD if index % 3 else SHORT, offset=index / 4, lat=index / 1e4, alt="ground" if index % 50 == 7 else index
        )
        for index in range(20_000)
    ]
    for index in range(0, len(rows), 4):
        rows[index][8] = DETAILS | {"flight": f"F{index // 400} ],[", "nic": index % 9}
    found = read(*rows)
    assert not found.unreadable
    assert found.row.tolist() == list(range(1, 20_001))
    assert found.columns["time_s"].tolist() == [BASE + row[0] for row in rows]
    assert found.columns["lat_deg"].tolist() == [row[1] for row in rows]
    assert np.isnan(found.columns["altitude_ft"]).sum() == sum(row[3] == "ground" for row in rows)
    assert found.columns["nic"][::4].tolist() == [row[8]["nic"] for row in rows[::4]]
    assert Counter(names(found)) == Counter(f"F{index // 400} ],[" for index in range(20_000))


def test_a_broken_row_in_a_long_trace_costs_only_itself():
    good = [json.dumps(with_(GOOD, offset=index, details=DETAILS)) for index in range(3_000)]
    good[1_234] = '[1234, "'
    good[2_000] = "{}"
    body = written().removesuffix(b"]}").decode() + ",".join(good) + "]}"
    rows = readsb_trace.read(body.encode(), "trace")
    assert [one.row for one in rows.unreadable] == [1_235, 2_001]
    assert len(rows) == 2_998


def test_ten_megabytes_on_one_line():
    line = json.dumps(GOOD)
    body = written().removesuffix(b"]}").decode() + ",".join([line] * 100_000)
    assert len(body) > 9_000_000
    rows = readsb_trace.read(body.encode() + b"]}", "trace")
    assert (len(rows), len(rows.unreadable)) == (100_000, 0)
    cut = readsb_trace.read(body.encode()[:-5], "trace")
    assert (len(cut), len(cut.unreadable)) == (99_999, 1)


def test_blanks_without_end_between_two_rows():
    body = written(GOOD, GOOD).replace(b",\n", b"," + b" " * 1_000_000)
    assert len(readsb_trace.read(body, "trace")) == 2


def test_bytes_that_are_no_utf_8_in_a_callsign():
    rows = readsb_trace.read(written(with_(GOOD, details={"flight": "ABX"})).replace(b"ABX", b"A\xffB"), "trace")
    assert names(rows) == ["A\N{REPLACEMENT CHARACTER}B"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"icao": "a", "timestamp": 1, "trace": null}', "\"trace\" in it is no list of rows: 'null}'"),
        (b'{"icao": "a", "timestamp": 1, "trace": {"a": []}}', "no list of rows"),
        (b'{"icao": "a", "timestamp": 1', "holds no rows"),
        (written(GOOD, timestamp=None), "it has no timestamp"),
        (written(GOOD, timestamp=float("nan")), "it has no timestamp"),
        (written(GOOD, timestamp="noon"), "its timestamp is 'noon', which is no number"),
        (written(GOOD, timestamp=10**400), "too large"),
        (written(GOOD) + b"\n" + written(GOOD), "give each track as a file of its own"),
        (written(GOOD).replace(b"]}", b'], "trace": []}'), "give each track as a file of its own"),
    ],
)
def test_a_file_without_rows_or_times_is_refused(body, words):
    with pytest.raises(TrackUnreadable, match=r"^trace: ") as caught:
        readsb_trace.read(body, "trace")
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("timestamp", [-62_135_596_800, 253_402_300_799, 0, True])
def test_no_row_of_the_year_1_or_9999_is_read(timestamp):
    rows = read(GOOD, timestamp=timestamp)
    assert (len(rows), len(rows.unreadable)) == (0, 1)
    assert "is no count of seconds since 1970" in rows.unreadable[0].detail


def test_an_empty_trace_has_no_row():
    assert (len(read()), read().unreadable) == (0, ())


def test_files_of_other_formats_are_not_taken():
    report = [(0.0, 40.0, 50.0, 1_000.0, 400.0, "AHY8243")]
    for name, write in (made_tracks.WRITERS | made_json.WRITERS).items():
        assert (readsb_trace.sniff(write(report)) is not None) == (name == readsb_trace.NAME)
    for head in (b"", b"{}", b"[]", b"\0" * 100, b"<html>", b'{"icao": ' * 10_000):
        assert readsb_trace.sniff(head) is None


FILES = sorted((SHARED / "readsb_trace").glob("*.json"))
COUNTS = {
    "34718d": (236, 15),
    "4d208a": (91, 8),
    "a11e8b": (167, 8),
    "a1388c": (96, 12),
    "a1878a": (97, 2),
    "a2228b": (182, 10),
    "a2fe8f": (3, 1),
    "a3c78c": (464, 18),
    "a4068e": (282, 7),
    "a57b8b": (9, 2),
    "ac671b": (2_500, 75),
}


def inflated(content: bytes) -> bytes:
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_of_the_real_files_is_read(path):
    body = inflated(path.read_bytes())
    assert readsb_trace.sniff(body[:65_536]) == readsb_trace.NAME
    rows = readsb_trace.read(body, path.name)
    found = json.loads(body)
    trace = found["trace"]
    assert (len(trace), sum(row[6] & 1 for row in trace)) == COUNTS[found["icao"]]
    assert rows.row.tolist() == list(range(1, len(trace) + 1))
    assert not rows.unreadable
    assert not rows.given
    assert rows.columns["time_s"] == pytest.approx([found["timestamp"] + row[0] for row in trace], abs=1e-6)
    assert rows.columns["lat_deg"].tolist() == [row[1] for row in trace]
    assert rows.columns["lon_deg"].tolist() == [row[2] for row in trace]
    assert np.sum(rows.columns["on_ground"] == 1) == sum(row[3] == "ground" for row in trace)
    geometric = sum(isinstance(row[3], int) and bool(row[6] & 8) for row in trace)
    pressure = sum(isinstance(row[3], int) for row in trace) - geometric
    assert np.sum(~np.isnan(rows.columns["altitude_ft"])) == pressure
    assert np.sum(~np.isnan(rows.columns["nic"])) == sum(bool(row[8]) and "nic" in row[8] for row in trace)
    assert rows.begins is not None
    assert np.flatnonzero(rows.begins).tolist() == [index for index, row in enumerate(trace) if row[6] & 2]
    callsigns = {row[8]["flight"].strip() for row in trace if row[8] and "flight" in row[8]}
    assert set(rows.callsign.names) == callsigns


@pytest.mark.skipif(not FILES, reason="the shared real files are not here")
def test_rows_of_a_real_file_by_hand():
    rows = readsb_trace.read(inflated((SHARED / "readsb_trace" / "trace_full_34718d.json").read_bytes()), "34718d")
    assert values(rows, 0) == {
        "time_s": 1_693_353_866.8,
        "lat_deg": 43.391647,
        "lon_deg": -116.789778,
        "altitude_ft": 39_975,
        "nic": 8,
        "nacp": 8,
        "sil": 2,
        "on_ground": 0,
    }
    assert values(rows, 1) == {
        "time_s": 1_693_353_886.36,
        "lat_deg": 43.365692,
        "lon_deg": -116.825228,
        "altitude_ft": 40_000,
        "geometric_altitude_ft": 41_675,
        "ground_speed_kt": 404.5,
        "track_deg": 225.0,
        "vertical_rate_fpm": 0,
        "on_ground": 0,
    }
    assert names(rows)[0] == "IBE2621"
