"""The version of a case: one for all its words, another for any other content."""

from __future__ import annotations

import numpy as np
import pytest
from shipped_cases import CASES, shipped

from geo.route import trace
from geo.scene import compose
from geo.scene.version import version


@pytest.mark.parametrize("slug", CASES)
def test_it_is_the_same_in_every_language_and_all_units_and_stands_in_the_footer(slug: str) -> None:
    case = shipped(slug)
    route = trace(case)
    scenes = [compose(case, route, "en"), compose(case, route, "ar", "metric")]
    assert {scene["version"] for scene in scenes} == {version(case)}
    assert f"Version {version(case)}." in str(scenes[0]["footer"][1])


def test_it_changes_with_a_word_and_with_a_single_fix() -> None:
    case = shipped("af1-2001")
    other = case.model_copy(update={"events": case.events[:-1]})
    track = case.recorded[0]
    moved = case.model_copy(update={"recorded": (track.take(np.arange(len(track.time_s) - 1)), *case.recorded[1:])})
    assert len({version(case), version(other), version(moved)}) == 3
    assert version(case.model_copy()) == version(case)
