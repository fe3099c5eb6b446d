from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shipped_cases import CASES

from geo import casefile
from geo.casefile.editing import Document
from geo.casefile.others import read_file
from geo.casefile.salvage import STAND_INS, salvage
from geo.errors import CaseError, TrackError
from geo.resources import data

WRONG = [0, "", "what was typed", {"lat": 91.0, "lon": 0.0}, {"unknown": 1}, [], ["S99"]]


def of(name):
    folder = data("cases", name)
    return (folder / "case.toml").read_text(encoding="utf-8"), lambda wanted: read_file(wanted, folder)


def no_track(wanted):
    raise TrackError(wanted.file, "there is no such file in the case folder")


@pytest.mark.parametrize("name", CASES)
def test_a_sound_case_is_read_whole(name):
    text, tracks = of(name)
    salvaged = salvage(text, tracks)
    assert salvaged.problems == salvaged.left_out == ()
    assert salvaged.case == casefile.read(data("cases", name)).model_copy(
        update={"recorded": salvaged.case.recorded, "others_recorded": salvaged.case.others_recorded}
    )


@pytest.mark.parametrize(
    ("place", "value", "left_out"),
    [
        (("event", 3, "time"), "08:12 Moscow", (("event", 3),)),
        (("event", 3, "grade"), "sure", (("event", 3),)),
        (("event", 3, "place"), {"lat": 91.0, "lon": 0.0}, (("event", 3, "place"),)),
        (("event", 3, "sources"), ["S99"], (("event", 3, "sources", 0),)),
        (("event", 0, "claim", 1, "source"), [], (("event", 0, "claim", 1),)),
        (("stretch", 1, "to"), "noon", (("stretch", 1),)),
        (("flight", "icao24"), "xyz", (("flight", "icao24"),)),
        (("flight", "callsign"), 7, (("flight", "callsign"),)),
        (("intended", "corridor_km"), -1, (("intended", "corridor_km"),)),
        (("opens",), "noon", (("opens",),)),
        (("clocks", 1), "Asia/Atlantis", (("clocks", 1),)),
        (("nonsense",), 1, (("nonsense",),)),
    ],
)
def test_only_what_is_wrong_is_left_out(place, value, left_out):
    text, tracks = of("j2-8243")
    document = Document(text)
    document.put(place, value)
    salvaged = salvage(document.text, tracks)
    # A step of the story that tells of an event goes with it.
    assert tuple(part for part in salvaged.left_out if part[0] != "step") == left_out
    assert {problem.place[: len(place)] for problem in salvaged.problems if problem.place[0] != "step"} == {place}
    whole = casefile.read(data("cases", "j2-8243"))
    lost = sum(len(part) == 2 and part[0] == "event" for part in left_out)
    assert len(salvaged.case.events) == len(whole.events) - lost


def test_indexes_are_those_of_the_text():
    text, tracks = of("j2-8243")
    document = Document(text)
    for at in (1, 2, 5):
        document.put(("event", at, "time"), "soon")
    document.put(("event", 6, "place"), "nowhere at all")
    left_out = salvage(document.text, tracks).left_out
    assert [part for part in left_out if part[0] == "event"] == [
        ("event", 1),
        ("event", 2),
        ("event", 5),
        ("event", 6, "place"),
    ]


def test_a_place_that_is_gone_takes_what_rests_on_it():
    text, tracks = of("jl516")
    document = Document(text)
    document.put(("places", "collision_site", "lat"), "north")
    salvaged = salvage(document.text, tracks)
    assert ("places", "collision_site") in salvaged.left_out
    assert salvaged.case is not None


def test_a_track_that_is_missing_is_left_out():
    text, _ = of("jl516")
    salvaged = salvage(text, no_track)
    assert [problem.place for problem in salvaged.problems] == [("track", 0, "file")]
    assert salvaged.case.recorded == ()
    assert salvaged.left_out == (("track", 0),)


def test_without_a_route_nothing_can_be_shown():
    text, tracks = of("jl516")
    document = Document(text)
    document.put(("intended", "route"), ["new_chitose"])
    assert salvage(document.text, tracks).case is None


def test_what_is_no_toml_is_said():
    with pytest.raises(CaseError, match="this is not TOML"):
        salvage("a = [", no_track)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CASES), st.data())
def test_whatever_is_wrong_the_rest_is_shown_and_sound(name, chosen):
    text, tracks = of(name)
    document = Document(text)
    for _ in range(chosen.draw(st.integers(1, 4))):
        kind = chosen.draw(st.sampled_from(["event", "stretch", "track", "places", "sources", "flight"]))
        here = document.get((kind,))
        if not here:
            continue
        place = (kind,) if kind == "flight" else (kind, chosen.draw(st.sampled_from(_keys(here))))
        keys = sorted(document.get(place))
        document.put((*place, chosen.draw(st.sampled_from(keys))), chosen.draw(st.sampled_from(WRONG)))
    try:
        text = document.text
    except CaseError:
        assume(False)  # noqa: FBT003  nonsense that cannot be written in place of blocks
    salvaged = salvage(text, tracks)
    if salvaged.case is not None:
        again = salvage(_only(document, salvaged.left_out), tracks)
        assert [problem for problem in again.problems if problem.place] == []
        assert again.case == salvaged.case or again.case.model_dump() == salvaged.case.model_dump()


def _keys(here):
    return list(range(len(here))) if isinstance(here, list) else sorted(here)


def _only(document, left_out):
    """The text without the parts that were left out, taken from the end."""
    for place in reversed(left_out):
        if place in STAND_INS:
            document.put(place, STAND_INS[place])
        else:
            document.remove(place)
    return document.text


def test_the_reader_of_a_file_stays_in_its_folder(tmp_path):
    text, _ = of("jl516")
    (tmp_path / "case").mkdir()
    document = Document(text)
    document.put(("track", 0, "file"), "../outside.csv")
    Path(tmp_path / "outside.csv").write_text("x")
    salvaged = salvage(document.text, lambda wanted: read_file(wanted, tmp_path / "case"))
    assert "leads out of the case folder" in salvaged.problems[0].message
