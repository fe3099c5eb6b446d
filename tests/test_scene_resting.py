"""Lines, states and other aircraft name the sources that they rest on."""

from __future__ import annotations

import pytest
from shipped_cases import CASES, shipped

from geo.render.layer import sources_of
from geo.route import trace
from geo.scene import compose


@pytest.mark.parametrize("slug", CASES)
def test_every_named_source_is_in_the_scene(slug: str) -> None:
    case = shipped(slug)
    scene = compose(case, trace(case), "en", "nautical")
    known = sources_of(scene)
    for drawn in (*scene["map"]["lines"], *scene["states"]):
        assert set(drawn["sources"]) <= set(known)
        assert len(drawn["sources"]) == len(set(drawn["sources"]))
    received = [line for line in scene["map"]["lines"] if line["evidence"] == "received"]
    assert all(line["sources"] for line in received)


def test_a_stretch_cites_what_its_author_cites() -> None:
    case = shipped("j2-8243")
    scene = compose(case, trace(case), "en", "nautical")
    lines = {line["id"]: line for line in scene["map"]["lines"]}
    assert tuple(lines["stretch-1"]["sources"]) == case.stretches[0].sources
    assert tuple(lines["intended"]["sources"]) == case.intended.sources


def test_a_band_names_its_line() -> None:
    case = shipped("j2-8243")
    drawn = compose(case, trace(case), "en", "nautical")["map"]
    (band,) = drawn["bands"]
    line = next(line for line in drawn["lines"] if line["id"] == band["line"])
    assert "doubt_m" in line["path"]
