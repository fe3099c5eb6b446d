from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import latitudes, longitudes

from geo.model import REASONS, Place, Position, Text, Track, When, Where

INSTANT = datetime(2024, 12, 25, 5, 13, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "start", "end", "precision"),
    [
        (INSTANT, INSTANT, INSTANT, "second"),
        ("2024-12-25T05:13:31Z", INSTANT, INSTANT, "second"),
        (INSTANT.astimezone(timezone(timedelta(hours=4))), INSTANT, INSTANT, "second"),
        ("2024-12-25T08:13+03:00", datetime(2024, 12, 25, 5, 13, tzinfo=UTC), None, "minute"),
        (date(2024, 12, 25), datetime(2024, 12, 25, tzinfo=UTC), datetime(2024, 12, 26, tzinfo=UTC), "day"),
        ("2024-12", datetime(2024, 12, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), "month"),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), "year"),
    ],
)
def test_times_keep_the_precision_they_are_written_in(written, start, end, precision):
    when = When.model_validate(written)
    assert (when.start, when.end, when.precision) == (start, end or start, precision)


@given(
    st.one_of(
        st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC)),  # noqa: DTZ001  aware in the next step
        st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    ),
    st.sampled_from(["instant", "interval", "about"]),
)
def test_a_time_reads_back_as_it_is_written(moment, form):
    forms = {
        "instant": moment,
        "interval": {"from": moment, "to": moment},
        "about": {"about": moment, "within": "2 min"},
    }
    when = When.model_validate(forms[form])
    assert When.model_validate(when.model_dump()) == when


@pytest.mark.parametrize("within", ["2 min", "120 s", 120, "0.0333333333333333333333 h"])
def test_about_says_within_what(within):
    when = When.model_validate({"about": "2024-12-25T05:13Z", "within": within})
    assert when.about
    assert when.within_s == pytest.approx(120, rel=1e-3)


@pytest.mark.parametrize("wrong", ["2024-12-25T05:13:31", datetime(2024, 12, 25), 5, "", "2024-13", {"from": INSTANT}])  # noqa: DTZ001  the point
def test_a_time_without_a_zone_or_form_is_an_error(wrong):
    with pytest.raises(ValidationError):
        When.model_validate(wrong)


@given(latitudes, longitudes)
def test_positions_on_earth_are_kept(lat, lon):
    assert (Position(lat=lat, lon=lon).lat, Position(lat=lat, lon=lon).lon) == (lat, lon)


@given(st.floats(90.0001, 180), st.floats(-90, 90))
def test_a_latitude_beyond_the_pole_asks_whether_the_two_are_swapped(lat, lon):
    with pytest.raises(ValidationError, match="are they swapped"):
        Position(lat=lat, lon=lon)


def test_a_text_falls_back_and_says_to_what():
    text = Text({"en": "Grozny", "de": "Grosny"})
    assert text.worded("de") == ("Grosny", "de")
    assert text.worded("ru") == ("Grozny", "en")
    assert Text("Baku").worded("az") == ("Baku", "az")
    assert Text({"ru": "Баку"}).worded("en") == ("Баку", "ru")
    assert not Text()


def test_values_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        Position(lat=1, lon=2).lat = 3


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("track", "track"),
        ({"lat": 1, "lon": 2}, "point"),
        ({"lat": 1, "lon": 2, "within_km": 3}, "point"),
        ({"ring": {"lat": 1, "lon": 2}, "km": 18}, "ring"),
        ({"from": {"lat": 1, "lon": 2}, "km": 18, "bearing": 90}, "offset"),
        ({"from": {"lat": 1, "lon": 2}, "bearing": 90, "half_angle": 30}, "direction"),
    ],
)
def test_the_ways_to_say_where(written, kind):
    where = Where.model_validate(written)
    assert where.kind == kind
    assert Where.model_validate(where.model_dump()) == where


def test_a_name_is_looked_up_and_may_be_overridden():
    def find(name: str) -> Place:
        return Place(name=Text({"en": name}), lat=1, lon=2, kind="airport", icao="AAAA", asked=name)

    found = Place.model_validate({"find": "AAAA", "name": {"de": "Ort"}, "lat": 5}, context={"find": find})
    assert (found.lat, found.lon, found.icao, found.name.said("de"), found.name.said("en")) == (
        5,
        2,
        "AAAA",
        "Ort",
        "AAAA",
    )
    with pytest.raises(ValidationError, match="no gazetteer"):
        Place.model_validate("AAAA")


def test_a_track_is_columns_of_one_length_that_nobody_changes():
    track = Track.of([0, 1], [40, 41], [50, 51], altitude_ft=[np.nan, 1000])
    assert [fix.altitude_ft for fix in track] == [None, 1000]
    assert REASONS[track.reason[0]] == "accepted"
    with pytest.raises(ValueError, match="read-only"):
        track.lat_deg[0] = 3
    with pytest.raises(ValueError, match="one length"):
        Track.of([0, 1], [40], [50, 51])
    with pytest.raises(TypeError, match="no column speed"):
        Track.of([0], [40], [50], speed=[1])
    assert len(track.take(np.array([False, True]))) == 1
