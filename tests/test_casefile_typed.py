from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.casefile.typed import typed_when, zones_of
from geo.gazetteer import open_gazetteer
from geo.model.when import When

DAY = date(2024, 12, 25)
ZONES = {"Baku": "Asia/Baku", "Grosny": "Europe/Moscow"}


def at(*clock):
    return datetime(2024, 12, 25, *clock, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("05:12 UTC", "2024-12-25T05:12Z", "05:12 UTC"),
        ("5:12utc", "2024-12-25T05:12Z", "05:12 UTC"),
        ("0512Z", "2024-12-25T05:12Z", "05:12 UTC"),
        ("051231Z", at(5, 12, 31), "05:12:31 UTC"),
        ("08:12 Moscow", "2024-12-25T05:12Z", "08:12 Moscow = 05:12 UTC"),
        ("08:12:30 Europe/Moscow", at(5, 12, 30), "08:12:30 Europe/Moscow = 05:12:30 UTC"),
        ("8.12 grosny", "2024-12-25T05:12Z", "08:12 grosny = 05:12 UTC"),
        ("9:12 am Baku time", "2024-12-25T05:12Z", "09:12 Baku time = 05:12 UTC"),
        ("12:05 pm UTC", "2024-12-25T12:05Z", "12:05 UTC"),
        ("12:05 am UTC", "2024-12-25T00:05Z", "00:05 UTC"),
        ("08:12 +03:00", "2024-12-25T05:12Z", "08:12 +03:00 = 05:12 UTC"),
        ("08:12 UTC+3", "2024-12-25T05:12Z", "08:12 UTC+3 = 05:12 UTC"),
        ("02:12 −03:00", "2024-12-25T05:12Z", "02:12 −03:00 = 05:12 UTC"),
        ("02:12 -0300", "2024-12-25T05:12Z", "02:12 -0300 = 05:12 UTC"),
        ("08:12 MSK", "2024-12-25T05:12Z", "08:12 MSK = 05:12 UTC"),
        ("01:30 Tokyo", "2024-12-24T16:30Z", "01:30 Tokyo = 2024-12-24 16:30 UTC"),
        ("2024-12-24T23:30:00-08:00", at(7, 30, 0), "23:30:00 -08:00 = 2024-12-25 07:30:00 UTC"),
        ("2024-12-25T05:12Z", "2024-12-25T05:12Z", "05:12 UTC"),
        ("26 December 2024, 08:12 Moscow", "2024-12-26T05:12Z", "08:12 Moscow = 05:12 UTC"),
        ("26. Dezember 2024 08:12 Moscow", "2024-12-26T05:12Z", "08:12 Moscow = 05:12 UTC"),
        ("26 декабря 2024 08:12 Moscow", "2024-12-26T05:12Z", "08:12 Moscow = 05:12 UTC"),
        ("December 26, 2024 08:12 (Moscow)", "2024-12-26T05:12Z", "08:12 Moscow = 05:12 UTC"),
        ("26.12.2024 08:12 Moscow", "2024-12-26T05:12Z", "08:12 Moscow = 05:12 UTC"),
        ("about 05:21 UTC", {"about": "2024-12-25T05:21Z"}, "≈ 05:21 UTC"),
        ("etwa 05:21 UTC", {"about": "2024-12-25T05:21Z"}, "≈ 05:21 UTC"),
        ("05:21 ± 2 min UTC", {"about": "2024-12-25T05:21Z", "within": "2 min"}, "≈ 05:21 UTC ± 2 min"),
        ("ca. 08:21 Moscow within 90 seconds", {"about": "2024-12-25T05:21Z", "within": "90 s"}, None),
        ("04:50–05:11 UTC", {"from": "2024-12-25T04:50Z", "to": "2024-12-25T05:11Z"}, "04:50 UTC – 05:11 UTC"),
        ("07:50-08:11 Moscow", {"from": "2024-12-25T04:50Z", "to": "2024-12-25T05:11Z"}, None),
        ("from 07:50 Moscow to 05:11 UTC", {"from": "2024-12-25T04:50Z", "to": "2024-12-25T05:11Z"}, None),
        (
            "about 04:50 to 05:11 UTC",
            {"from": "2024-12-25T04:50Z", "to": "2024-12-25T05:11Z", "about": True},
            None,
        ),
        (
            "26 December 2024 23:50 – 27 December 2024 00:11 UTC",
            {"from": "2024-12-26T23:50Z", "to": "2024-12-27T00:11Z"},
            None,
        ),
        ("23:50–00:11 UTC", {"from": "2024-12-25T23:50Z", "to": "2024-12-26T00:11Z"}, None),
        ("4 February 2025", date(2025, 2, 4), "2025-02-04"),
        ("4.2.2025", date(2025, 2, 4), "2025-02-04"),
        ("February 2025", "2025-02", "2025-02"),
        ("2025-02", "2025-02", "2025-02"),
        ("2025", "2025", "2025"),
        ("February 2025 – April 2025", {"from": "2025-02", "to": "2025-04"}, "2025-02 – 2025-04"),
        ("\u0660\u0665:\u0661\u0662 UTC", "2024-12-25T05:12Z", "05:12 UTC"),
    ],
)
def test_what_is_typed_is_what_is_meant(text, value, said):
    typed = typed_when(text, DAY, ZONES)
    assert typed.value == value
    assert said is None or typed.said == said
    assert When.model_validate(typed.value).written() == When.model_validate(value).written()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no time was typed; write 05:12 UTC"),
        ("08:12", "'08:12' needs its zone; write 05:12 UTC, 08:12 Moscow"),
        ("noon", "'noon' is no time; write 05:12 UTC"),
        ("08:12 local time", "does not say where"),
        ("08:12 IST", "'IST' stands for several zones; write the offset"),
        ("08:12 Atlantis", "'Atlantis' is no zone that is known here"),
        ("25:12 UTC", "'25:12' is no time of day; hours end at 23"),
        ("13:12 pm UTC", "is no time of day; write 8:12 pm or 20:12"),
        ("08:12 +19:00", "more than any zone is from UTC"),
        ("30 February 2025", "'30 February 2025' is no day of the calendar"),
        ("04:50 – 05:11 – 06:00 UTC", "more than two ends"),
        ("4 February 2025 – 05:11 UTC", "one end of the interval is a day"),
        ("4 February 2025 in Baku", "'in Baku' in '4 February 2025 in Baku' is not understood"),
        ("31 March 2024 02:30 Berlin", "did not exist: clocks were put forward"),
        ("27 October 2024 02:30 Berlin", "came twice, as clocks were put back; .*: \\+02:00 or \\+01:00"),
        ("1 January 0001 00:30 Tokyo", "outside the years"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(text, told):
    with pytest.raises(ValueError, match=told):
        typed_when(text, DAY, ZONES)


def test_a_time_of_day_needs_a_day():
    with pytest.raises(ValueError, match="needs its day; write 25 December 2024 05:12 UTC"):
        typed_when("05:12 UTC", None, {})


def test_a_city_of_the_gazetteer_stands_for_its_zone():
    find = open_gazetteer().find
    assert typed_when("08:12 Kisljar", DAY, {}, find=find).value == "2024-12-25T05:12Z"
    with pytest.raises(ValueError, match="is no zone and no clear place"):
        typed_when("08:12 Xqzwv", DAY, {}, find=find)


def test_clocks_and_places_of_a_case_stand_for_their_zones():
    values = {"clocks": ["Asia/Baku", {"zone": "Europe/Moscow", "name": {"en": "Grozny", "de": "Grosny"}}]}
    zones = zones_of(values, {"Aktau": "Asia/Aqtau"})
    assert zones == {"Aktau": "Asia/Aqtau", "Grozny": "Europe/Moscow", "Grosny": "Europe/Moscow"}


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  bounds are naive
    st.sampled_from(["Asia/Baku", "Europe/Moscow", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_a_local_time_leads_back_to_its_instant(moment, zone):
    moment = moment.replace(microsecond=0)
    local = moment.astimezone(ZoneInfo(zone))
    text = f"{local:%Y-%m-%d %H:%M:%S} {zone}"
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        with pytest.raises(ValueError, match="came twice"):
            typed_when(text, None, {})
    else:
        assert typed_when(text, None, {}).value == moment


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        typed = typed_when(text, DAY, ZONES)
    except ValueError as wrong:
        told = str(wrong)
    else:
        When.model_validate(typed.value)
        return
    assert any(word in told for word in ("write", "did not exist", "outside"))
