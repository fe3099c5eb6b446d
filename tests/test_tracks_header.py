"""What column titles say: quantities, units, zones; lines of units; the names of programs that document theirs."""

from __future__ import annotations

import pytest

from geo.tracks.tables.header import understood, with_units


@pytest.mark.parametrize(
    ("title", "utc", "offset_s"),
    [
        ("time", False, 0),
        ("timestamp", False, 0),
        ("Time (UTC)", True, 0),
        ("UTC Time", True, 0),
        ("time_utc", True, 0),
        ("Timestamp [GMT]", True, 0),
        ("Date/Time Z", True, 0),
        ("Time (UTC+03:00)", True, 10_800),
        ("time_utc+3", True, 10_800),
        ("Time (GMT-0330)", True, -12_600),
        ("Local time (UTC−5)", True, -18_000),  # a true minus sign
        ("Time UTC+14", True, 50_400),
    ],
)
def test_the_zone_in_the_name_of_the_time(title, utc, offset_s):
    header = understood([title, "lat", "lon"])
    assert not header.missing
    assert (header.utc, header.offset_s) == (utc, offset_s)


@pytest.mark.parametrize(
    "title", ["Time (EST)", "time_local", "Local time", "Timestamp CET", "Time (UTC+15)", "Time (UTC+3:99)"]
)
def test_a_zone_that_is_not_known_everywhere_is_no_time(title):
    header = understood([title, "lat", "lon"])
    assert header.missing == ("time",)
    assert not header.utc


def test_of_two_times_the_first_counts():
    header = understood(["time", "lat", "lon", "Time (UTC+3)"])
    assert (header.utc, header.offset_s, header.ignored) == (False, 0, ("Time (UTC+3)",))


@pytest.mark.parametrize(
    ("titles", "units", "says"),
    [
        (
            ["time", "lat", "lon", "altitude", "Ground Speed", "callsign"],
            ["s", "deg", "deg", "ft", "km/h", ""],
            ["time (s)", "lat (deg)", "lon (deg)", "altitude (ft)", "Ground Speed (kmh)", "callsign"],
        ),
        (
            ["time", "lat", "lon", "alt_m"],
            ["UTC", "[°]", "(deg)", "[m]"],
            ["time (utc)", "lat (deg)", "lon (deg)", "alt_m"],
        ),
    ],
)
def test_a_line_of_units_goes_with_the_titles(titles, units, says):
    assert with_units(titles, units) == says
    assert not understood(says).unitless


@pytest.mark.parametrize(
    "second",
    [
        ["2024-12-25T03:55:00Z", "40", "50", "1000"],
        ["", "", "", ""],
        ["s", "", "", ""],
        ["s", "deg", "deg"],
        ["s", "deg", "deg", "furlong"],
        ["", "nan", "nan", "-"],
        [],
    ],
)
def test_a_line_of_anything_else_is_none_of_units(second):
    assert with_units(["time", "lat", "lon", "altitude"], second) is None


def test_two_units_for_one_column_contradict_each_other():
    with pytest.raises(ValueError, match=r"the column 'altitude_m' says '\[ft\]' in the line under it; write one"):
        with_units(["time", "lat", "lon", "altitude_m"], ["s", "deg", "deg", "[ft]"])


def test_names_of_readsb_have_the_units_it_documents():
    header = understood(
        ["timestamp", "hex", "flight", "lat", "lon", "alt_baro", "alt_geom", "gs", "tas", "baro_rate", "sil"]
    )
    assert header.unitless == {}
    assert {name: divisor for name, (_, divisor) in header.quantities.items() if divisor != 1} == {}
    assert header.quantities.keys() >= {
        "altitude_ft",
        "geometric_altitude_ft",
        "ground_speed_kt",
        "vertical_rate_fpm",
        "sil",
    }
    (note,) = header.notes
    assert note.startswith(
        "the columns have the names that readsb writes: read alt_baro in ft, alt_geom in ft, gs in kt,"
    )
    assert note.endswith(" tas in kt, baro_rate in fpm")
    assert understood(["time", "lat", "lon", "gs"]).unitless.keys() == {"gs"}


TRAFFIC = (
    *("timestamp", "icao24", "latitude", "longitude", "groundspeed", "track", "vertical_rate", "callsign"),
    *("onground", "altitude"),
)


def test_names_of_traffic_have_the_units_it_documents_unless_names_of_opensky_stand_beside_them():
    header = understood([*TRAFFIC, "geoaltitude"])
    assert (header.unitless, header.missing) == ({}, ())
    assert "groundspeed in kt" in header.notes[0]
    assert understood([*TRAFFIC, "lastcontact"]).unitless.keys() == {"groundspeed", "vertical_rate", "altitude"}
    assert understood(TRAFFIC[:-1]).unitless.keys() == {"groundspeed", "vertical_rate"}
