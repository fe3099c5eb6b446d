"""Every message as Flightradar24 publishes them after an accident."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from made_tracks import SHARED

from geo import tracks
from geo.model import REASONS

HEADER = (
    "network_time,receiver_time,hex,callsign,latitude,longitude,no_position,altitude,squawk,speed,track,vspeed,"
    "on_ground,flags,position_class,,,,\r\n"
)


def read(*rows: str) -> tracks.Reading:
    return tracks.read((HEADER + "\r\n".join(rows)).encode())


def second(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


GOOD = (
    "2024-01-02 07:41:03Z.515,2024-01-02 07:41:02Z.997,0x8467D8,JAL516,41.57648,141.66208,P,26650,416,401,192,1728,"
    "A,4,ADS-B,P:8,GPSA:26075,TAS:446,IAS:306,MACH:0.756,HDG:211,OAT:-44 (C),"
)


def test_a_row_is_read_at_the_time_of_the_receiver_with_its_keyed_cells():
    leg = read(GOOD).legs[0]
    track = leg.track
    assert (leg.icao24, leg.callsign) == ("8467d8", "JAL516")
    assert track.time_s[0] == second("2024-01-02 07:41:02.997")
    values = [
        track.altitude_ft[0],
        track.geometric_altitude_ft[0],
        track.true_airspeed_kt[0],
        track.indicated_airspeed_kt[0],
    ]
    assert values == [26_650, 26_075, 446, 306]
    assert [track.ground_speed_kt[0], track.track_deg[0], track.vertical_rate_fpm[0], track.on_ground[0]] == [
        401,
        192,
        1_728,
        0,
    ]
    assert np.isnan(track.heading_deg[0])


@pytest.mark.parametrize(
    "clock", ["1970-01-01 00:00:00Z.000", "2024-01-09 07:41:03Z.000", "2024-01-02 07:40:00Z.000", "never"]
)
def test_a_receiver_with_a_wrong_clock_is_not_believed(clock):
    track = read(GOOD.replace("2024-01-02 07:41:02Z.997", clock)).legs[0].track
    assert track.time_s[0] == second("2024-01-02 07:41:03.515")


def test_rows_in_the_order_of_the_network_are_sorted_and_none_is_blamed():
    rows = [
        GOOD.replace("41:02Z.997", f"41:02Z.{part}").replace("41.57648", f"41.5{part}")
        for part in ("997", "900", "950")
    ]
    track = read(*rows).legs[0].track
    assert track.row.tolist() == [3, 4, 2]
    assert "time runs backwards" not in {REASONS[code] for code in track.reason}


def test_a_row_without_position_has_none_and_keeps_the_rest():
    track = (
        read("2024-01-02 07:41:04Z.884,2024-01-02 07:41:04Z.211,0x8467d8,,0,0,N,26675,0,401,192,1728,N,2,ADS-B,P:8")
        .legs[0]
        .track
    )
    assert np.isnan([track.lat_deg[0], track.lon_deg[0]]).all()
    assert (REASONS[track.reason[0]], track.altitude_ft[0], track.ground_speed_kt[0]) == ("no position", 26_675, 401)


def test_a_position_in_a_row_marked_as_without_is_kept_and_rejected():
    reading = read(GOOD.replace(",P,", ",N,"))
    assert REASONS[reading.legs[0].track.reason[0]] == "stale position"
    assert reading.legs[0].track.lat_deg[0] == 41.57648
    assert "marks the row as without position" in reading.report.rejections[0].detail


def test_zeros_that_stand_for_nothing_are_nothing():
    track = read("2024-01-02 07:41:04Z.884,2024-01-02 07:41:04Z.211,0x8467d8,,0,0,N,0,0,0,0,0,N,2,ADS-B").legs[0].track
    for name in ("altitude_ft", "ground_speed_kt", "track_deg", "vertical_rate_fpm"):
        assert np.isnan(getattr(track, name)[0])


def test_a_short_row_and_a_keyed_cell_that_is_no_number_are_listed():
    report = read(GOOD, "2024-01-02 07:41:05Z.000,2024-01", GOOD.replace("TAS:446", "TAS:fast")).report
    assert [(one.row, one.detail.partition(":")[0]) for one in report.unreadables] == [
        (3, "it has 2 cells where the header has 15"),
        (4, "TAS is 'fast', which is no number"),
    ]


def test_a_line_without_end_costs_one_row():
    report = read(GOOD, GOOD + "TAS:1," * 1_000_000, GOOD.replace("41:0", "41:1")).report
    assert (report.read, [(one.row, one.detail[:30]) for one in report.unreadables]) == (
        3,
        [(3, "it is longer than 65,536 bytes")],
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_the_real_file():
    reading = tracks.read(SHARED / "fr24_csv" / "JL516_granular.csv")
    (leg,) = reading.legs
    assert reading.report.read == len(leg.track) == 17_521
    assert np.sum(np.isnan(leg.track.lat_deg)) == 5_137
    assert np.nanmax(leg.track.held_altitude_ft) < 41_000
    span = [second("2024-01-02 07:40:00"), second("2024-01-02 08:49:00")]
    assert span[0] < leg.track.time_s[0] < leg.track.time_s[-1] < span[1]
