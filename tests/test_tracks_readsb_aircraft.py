"""Snapshots of readsb and dump1090: whose position is when, what is repeated, and the forms that series have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import made_json
import made_tracks
import numpy as np
import pytest

from geo.tracks import readsb_aircraft

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NOW = 1_722_000_000.0
PLANE = {
    "hex": "3CD6E3",
    "type": "adsb_icao",
    "flight": "DLH1534 ",
    "alt_baro": 36_000,
    "alt_geom": 37_100,
    "gs": 451.2,
    "ias": 270,
    "tas": 460,
    "mach": 0.784,
    "track": 120.5,
    "mag_heading": 117.0,
    "true_heading": 121.0,
    "baro_rate": -64,
    "geom_rate": -32,
    "lat": 50.1,
    "lon": 8.5,
    "nic": 8,
    "nac_p": 9,
    "sil": 3,
    "seen_pos": 0.4,
    "seen": 0.1,
}
SILENT = {name: value for name, value in PLANE.items() if name not in ("lat", "lon", "seen_pos")}


def snapshot(*aircraft: Any, now: Any = NOW, **more: Any) -> dict[str, Any]:
    return {"now": now, "messages": 12, "aircraft": list(aircraft)} | more


def written(*snapshots: Any) -> bytes:
    return "\n".join(json.dumps(one) for one in snapshots).encode()


def read(*snapshots: Any) -> Rows:
    return readsb_aircraft.read(written(*snapshots), "aircraft")


def values(rows: Rows, index: int = 0) -> dict[str, float]:
    return {name: float(column[index]) for name, column in rows.columns.items() if not np.isnan(column[index])}


def names(rows: Rows) -> list[str | None]:
    return [rows.icao24.names[code] if code >= 0 else None for code in rows.icao24.codes]


def test_an_aircraft_is_read_in_the_units_of_a_track():
    rows = read(snapshot(PLANE))
    assert values(rows) == {
        "time_s": NOW - 0.4,
        "lat_deg": 50.1,
        "lon_deg": 8.5,
        "altitude_ft": 36_000,
        "geometric_altitude_ft": 37_100,
        "ground_speed_kt": 451.2,
        "track_deg": 120.5,
        "heading_deg": 121,
        "true_airspeed_kt": 460,
        "indicated_airspeed_kt": 270,
        "vertical_rate_fpm": -64,
        "nic": 8,
        "nacp": 9,
        "sil": 3,
        "on_ground": 0,
    }
    assert (rows.icao24.names, rows.callsign.names, rows.part) == (("3cd6e3",), ("DLH1534",), None)


def test_rows_are_numbered_through_all_snapshots():
    other = PLANE | {"hex": "abcdef"}
    rows = read(snapshot(PLANE, other), snapshot(now=NOW + 1), snapshot(other, now=NOW + 2))
    assert rows.row.tolist() == [1, 2, 3]
    assert names(rows) == ["3cd6e3", "abcdef", "abcdef"]
    assert not rows.ordered


def test_a_repeated_position_is_stale_at_the_time_of_the_last_message():
    rows = read(
        snapshot(PLANE),
        snapshot(PLANE | {"seen_pos": 1.5, "alt_baro": 36_050}, now=NOW + 1),
        snapshot(PLANE | {"seen_pos": 2.3, "alt_baro": 36_100, "seen": 0.2}, now=NOW + 2),
        snapshot(PLANE | {"seen_pos": 0.3, "lat": 50.11}, now=NOW + 3),
    )
    assert rows.columns["time_s"].tolist() == pytest.approx([NOW - 0.5, NOW + 0.9, NOW + 1.8, NOW + 2.7])
    assert list(rows.given) == [1, 2]
    assert rows.given[1] == ("stale position", "its position was last heard at 13:19:59.500, 1.4 s before")
    assert not rows.given_altitude


def test_a_position_that_is_old_but_new_to_the_file_is_of_its_own_time():
    rows = read(snapshot(PLANE | {"seen_pos": 25.0}), snapshot(PLANE | {"seen_pos": 12.0, "lat": 50.3}, now=NOW + 30))
    assert rows.columns["time_s"].tolist() == [NOW - 25, NOW + 18]
    assert not rows.given


def test_a_parked_aircraft_that_sends_its_place_again_is_not_stale():
    rows = read(snapshot(PLANE), snapshot(PLANE, now=NOW + 1), snapshot(PLANE, now=NOW + 2))
    assert not rows.given
    assert rows.columns["time_s"].tolist() == [NOW - 0.4, NOW + 0.6, NOW + 1.6]


def test_the_same_position_of_two_aircraft_is_none_of_the_other():
    assert not read(snapshot(PLANE, PLANE | {"hex": "abcdef"})).given


def test_a_row_without_position_is_of_the_time_of_the_last_message():
    last = {"lat": 50.0, "lon": 8.0, "seen_pos": 75.0}
    rows = read(snapshot(SILENT | {"seen": 2.0, "lastPosition": last, "rr_lat": 50.0, "rr_lon": 8.0}))
    assert rows.columns["time_s"].tolist() == [NOW - 2]
    assert np.isnan([rows.columns["lat_deg"][0], rows.columns["lon_deg"][0]]).all()
    assert not rows.given


def test_on_the_ground_there_is_no_altitude():
    ground = values(read(snapshot(PLANE | {"alt_baro": "ground"})))
    assert ground["on_ground"] == 1
    assert "altitude_ft" not in ground
    assert not {"on_ground", "altitude_ft"} & values(read(snapshot(PLANE | {"alt_baro": None}))).keys()


def test_the_names_of_older_programs_are_known():
    old = {"hex": "4b1234", "altitude": 12_000, "speed": 300, "vert_rate": 512, "track": 90, "lat": 1.0, "lon": 2.0}
    found = values(read(snapshot(old | {"seen_pos": 1, "seen": 0})))
    assert (found["altitude_ft"], found["ground_speed_kt"], found["vertical_rate_fpm"]) == (12_000, 300, 512)


def test_an_address_that_is_no_icao_address_names_a_part():
    rows = read(snapshot(PLANE, PLANE | {"hex": "~2b1234"}))
    assert names(rows) == ["3cd6e3", None]
    assert rows.part is not None
    assert [rows.part.names[code] if code >= 0 else None for code in rows.part.codes] == [None, "~2b1234"]


@pytest.mark.parametrize(
    "form",
    [
        lambda many: written(*many),
        lambda many: json.dumps(many).encode(),
        lambda many: json.dumps(many, indent=2).encode(),
        lambda many: b",\n".join(json.dumps(one, indent=1).encode() for one in many),
        lambda many: b"".join(json.dumps(one).encode() for one in many),
        lambda many: b"\r\n\r\n".join(json.dumps(one).encode() for one in many) + b"\r\n",
        lambda many: b"\x1e".join(json.dumps(one).encode() + b"\n" for one in many),
        lambda many: json.dumps(many).encode("utf-16"),
        lambda many: b"\xef\xbb\xbf" + written(*many),
    ],
    ids=["lines", "array", "pretty", "pretty series", "joined", "CRLF", "separators", "UTF-16", "BOM"],
)
def test_a_series_may_have_any_form(form):
    many = [snapshot(PLANE | {"lat": 50 + step / 100}, now=NOW + step) for step in range(5)]
    body = form(many)
    assert readsb_aircraft.sniff(body[:65_536]) == readsb_aircraft.NAME
    rows = readsb_aircraft.read(body, "aircraft")
    assert (len(rows), rows.unreadable) == (5, ())


def test_the_answers_of_an_interface_are_snapshots_too():
    answer = {"ac": [PLANE], "msg": "No error", "now": int(NOW * 1000), "total": 1}
    assert readsb_aircraft.sniff(written(answer)) == readsb_aircraft.NAME
    assert values(read(answer))["time_s"] == NOW - 0.4


@pytest.mark.parametrize(
    ("plane", "words"),
    [
        ("DLH1534", "it is 'DLH1534', not an aircraft"),
        (None, "it is 'None', not an aircraft"),
        ({"lat": 1.0}, "it has no address (hex)"),
        (PLANE | {"lat": "north"}, "lat is 'north', which is no number"),
        (PLANE | {"alt_baro": "high"}, "alt_baro is 'high', which is no number"),
        (PLANE | {"gs": {}}, "gs is '{}', which is no number"),
        (PLANE | {"gs": 10**400}, "a number in it is too large"),
        (PLANE | {"seen": float("inf")}, "is no count of seconds since 1970"),
        (PLANE | {"seen_pos": 1e12}, "its time of the position"),
    ],
)
def test_an_aircraft_that_cannot_be_read_costs_only_itself(plane, words):
    rows = read(snapshot(PLANE, plane, PLANE | {"hex": "abcdef"}))
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    assert words in rows.unreadable[0].detail


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (None, "its snapshot has no time (now)"),
        ("noon", "the time (now) of its snapshot is 'noon', which is no number"),
        (-62_135_596_800, "is no count of seconds since 1970"),
        (float("inf"), "the time (now) of its snapshot, inf, is no count of seconds since 1970"),
        (10**400, "the time (now) of its snapshot"),
        ([], "the time (now) of its snapshot is '[]', which is no number"),
    ],
)
def test_the_aircraft_of_a_snapshot_without_time_are_listed(now, words):
    rows = read(snapshot(PLANE, PLANE | {"hex": "abcdef"}, now=now), snapshot(PLANE))
    assert rows.row.tolist() == [3]
    assert [one.row for one in rows.unreadable] == [1, 2]
    assert words in rows.unreadable[0].detail or "too large" in rows.unreadable[0].detail


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (b'{"now": 1722000000, "aircraft": null}', "it is a snapshot whose aircraft is 'None', no list of aircraft"),
        (b'{"now": 1722000000}', "no list of aircraft"),
        (b"17", "it is '17', not a snapshot of aircraft"),
        (b'{"now": 1722000000, "aircraft": [{"hex": "3cd6e3"', "it is no JSON"),
        (b'{"now": 1722000000, "aircraft": [{"hex": \0}]}', "it is no JSON"),
        (b'{"now": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"now": ' + b'{"a":' * 100_000 + b"}" * 100_001, "nested too deeply"),
        (b'{"now": "' + b"a" * 3_000_000 + b'"}', "no list of aircraft"),
        (b'{"now": ' + b"9" * 5_000 + b"}", "a number in it is too long"),
    ],
    ids=["null", "none", "number", "cut", "NUL", "deep list", "deep object", "long text", "digits"],
)
def test_a_snapshot_that_is_none_is_one_row(broken, words):
    rows = readsb_aircraft.read(b"\n".join([written(snapshot(PLANE)), broken, written(snapshot(SILENT))]), "aircraft")
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    assert words in rows.unreadable[0].detail
    assert len(rows.unreadable[0].detail) < 250


@pytest.mark.parametrize("listed", [True, False])
def test_a_series_that_breaks_off_keeps_what_came_before(listed):
    many = [snapshot(PLANE | {"lat": 50 + step / 100}, now=NOW + step) for step in range(3)]
    body = json.dumps(many).encode() if listed else written(*many)
    last = body.rindex(b'{"now"')
    for cut in range(last + 2, len(body)):
        rows = readsb_aircraft.read(body[:cut], "aircraft")
        whole = 3 if listed and cut == len(body) - 1 else 2
        assert (len(rows), [one.row for one in rows.unreadable]) == (whole, [whole + 1])
        assert "the file breaks off" in rows.unreadable[0].detail


def test_a_series_longer_than_what_is_decoded_at_once():
    fleet = [PLANE | {"hex": f"{number:06x}", "flight": "Ä" * 8} for number in range(6_000)]
    rows = read(*[snapshot(*fleet, now=NOW + step) for step in range(3)])
    assert rows.row.tolist() == list(range(1, 18_001))
    assert len(rows.icao24.names) == 6_000
    assert rows.callsign.names == ("Ä" * 8,)


def test_many_broken_snapshots_cost_only_themselves():
    body = b'{"now": x}\n' * 20_000 + written(snapshot(PLANE))
    rows = readsb_aircraft.read(body, "aircraft")
    assert (len(rows), len(rows.unreadable)) == (1, 20_000)


def test_an_empty_series_has_no_row():
    assert len(read(snapshot())) == 0
    assert len(readsb_aircraft.read(b"[]", "aircraft")) == 0


def test_files_of_other_formats_are_not_taken():
    report = [(0.0, 40.0, 50.0, 1_000.0, 400.0, "AHY8243")]
    for name, write in (made_tracks.WRITERS | made_json.WRITERS).items():
        assert (readsb_aircraft.sniff(write(report)) is not None) == (name == readsb_aircraft.NAME)
    for head in (b"", b"{}", b"[]", b"\0" * 100, b"<html>", b'{"now": ' * 10_000):
        assert readsb_aircraft.sniff(head) is None
