"""Times as files write them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tracks.times import FIRST_S, LAST_S, epoch_s, iso, seconds_of, times


@given(st.datetimes(datetime(1950, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001  bounds are naive there
def test_iso_and_back_to_the_millisecond(moment):
    assert abs(seconds_of(iso(moment.timestamp())) - moment.timestamp()) <= 0.000_501
    assert seconds_of(moment.isoformat()) == moment.timestamp()


@given(st.integers(200_000_000, int(LAST_S)), st.sampled_from([1, 1_000, 1_000_000, 1_000_000_000]))
def test_the_unit_of_an_epoch_follows_from_its_size(second, unit):
    assert epoch_s(np.array([float(second * unit)]))[0] == pytest.approx(second, abs=1e-3)


@pytest.mark.parametrize(
    "cell", ["0", "12.5", "99999999", "9e18", "07:55:00", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "NaN"]
)
def test_what_is_no_time_of_a_flight_is_refused(cell):
    with pytest.raises(ValueError, match="the time"):
        seconds_of(cell)


def test_the_zone_of_a_column_holds_for_what_has_none_of_its_own():
    assert seconds_of("2024-12-25 06:55:00", utc=True, offset_s=10_800) == seconds_of("2024-12-25T03:55:00Z")
    for own in ("2024-12-25T03:55:00Z", "2024-12-25T07:55:00+04:00", "1735098900"):
        assert seconds_of(own, utc=True, offset_s=10_800) == 1_735_098_900
    values, wrong = times(["2024-12-24 22:25:00", "x"], utc=True, offset_s=-19_800)
    assert (values[0], list(wrong)) == (1_735_098_900, [1])


@pytest.mark.parametrize("cell", ["+1735098900", "1735098900.", "1.7350989e9", "17350989e+2", "173509890000e-2"])
def test_a_count_of_seconds_in_any_writing(cell):
    assert seconds_of(cell) == 1_735_098_900


def test_the_bounds():
    assert seconds_of("1950-01-01T00:00:00Z") == FIRST_S
    assert seconds_of("2100-01-01T00:00:00Z") == LAST_S
    with pytest.raises(ValueError, match="not between 1950 and 2100"):
        seconds_of("2100-01-01T00:00:01Z")


def test_a_whole_second_is_written_without_fraction():
    assert iso(1_735_098_900.0) == "2024-12-25T03:55:00Z"
    assert iso(1_735_098_900.25) == "2024-12-25T03:55:00.250Z"
    assert iso(1_735_098_899.9999) == "2024-12-25T03:55:00Z"
