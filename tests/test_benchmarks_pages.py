"""The points that every page of the comparison gets."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import pages
from geo import casefile
from geo.resources import data


@pytest.mark.parametrize(("case", "count"), [("jl516", 305), ("j2-8243", 155)])
def test_points_are_those_that_ours_draws(case: str, count: int) -> None:
    found = pages.points(casefile.read(data("cases", case)))
    assert {len(column) for column in found.values()} == {count}
    assert (np.diff(found["time_s"]) >= 0).all()


def test_the_points_of_a_track_are_its_accepted_fixes() -> None:
    case = casefile.read(data("cases", "jl516"))
    found, track = pages.points(case), case.recorded[0]
    assert found["lat"] == track.lat_deg[track.accepted].tolist()
    assert found["time_s"] == track.time_s[track.accepted].tolist()
