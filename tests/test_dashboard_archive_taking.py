"""From an archive into a case: tracks, the traffic behind a story, where both come from."""

from __future__ import annotations

import gzip
import io
import tomllib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from made_archive import block, lay
from test_dashboard_archive import AROUND, DAY, GROZNY, NEXT, Hears, flight

from geo import tracks
from geo.archive.archive import Archive
from geo.archive.catalogue import Catalogue, changing
from geo.casefile.others import MOST_CONTEXT
from geo.dashboard import library
from geo.dashboard.archive import answering, cutting
from geo.dashboard.archive.answering import MOST
from geo.dashboard.archive.question import Circle, Question
from geo.dashboard.desk import desk, scene
from geo.dashboard.edit import intake
from geo.errors import TrackEmpty
from geo.render import render
from geo.scene.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from geo.dashboard.archive.answering import Row
    from geo.dashboard.steps import Draft

WORDS = Words("en")
CASE = """format = 1
id = "made"
title = "Made"
standfirst = "Made."
[flight]
callsign = "AHY8243"
icao24 = "600841"
[intended]
route = ["UBBB", "URMG"]
basis = "great circle"
[[event]]
id = "start"
time = 2024-12-25T04:00:00Z
title = "Start"
grade = "confirmed"
sources = ["a"]
[sources.a]
publisher = "A"
title = "A"
"""
START = DAY + timedelta(hours=4)
COUNT = 180


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day with the flight of the case and 520 others around Grozny, each of ten minutes."""
    rng = np.random.default_rng(8)
    along = np.linspace(0, 1, COUNT)
    own = block("600841", START, 41 + 3 * along, 50 - 6 * along, callsign="AHY8243", on_ground=along > 0.99)
    others = []
    for number in range(520):
        begins, way = np.array([43.388, 45.699]) + rng.uniform(-2, 2, 2), rng.uniform(-0.6, 0.6, 2)
        line = (np.linspace(start, start + by, 60) for start, by in zip(begins, way, strict=True))
        callsign = None if number % 10 == 0 else f"TST{number}"
        others.append(block(f"{0x400000 + number:06x}", START + timedelta(seconds=number), *line, callsign=callsign))
    made = lay(tmp_path_factory.mktemp("archive"), [own, *others], [flight("600841", "AHY8243", START, COUNT)])
    source = {"path": "/srv/readsb/v2024.12.25.tar", "files": 3, "bytes": 9}
    with changing(made) as days:
        (day,) = days
        object.__setattr__(days[day], "account", {"sources": [source], "mixed": [{"path": "/srv/states.csv"}]})
    return made


@pytest.fixture(scope="module")
def found(root: Path, tmp_path_factory: pytest.TempPathFactory) -> answering.Found:
    question = Question("near", DAY, NEXT, area=Circle(GROZNY, "Grozny", 400))
    return answering.answer(Archive.open(root), question, tmp_path_factory.mktemp("answer"), Hears())


@pytest.fixture
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draft:
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    return library.drafts().new("made", CASE)


def brought(draft: Draft, name: str, data: bytes, more: intake.More) -> dict[str, Any]:
    """The values of the draft after a file was taken in."""
    job = intake.begin(draft.id, [(name, io.BytesIO(data))], "Track", more)
    assert job.ended.wait(120)
    assert job.refused == []
    intake.clear(draft.id)
    return tomllib.loads(library.drafts().sure(draft.id).text)


def own(root: Path, folder: Path) -> Row:
    question = Question("near", DAY, NEXT, area=AROUND)
    rows = answering.answer(Archive.open(root), question, folder, Hears()).rows
    return next(row for row in rows if row.icao24 == "600841")


def test_a_pass_is_taken_as_the_flight_that_it_is_of(root: Path, tmp_path: Path) -> None:
    archive = Archive.open(root)
    row = own(root, tmp_path)
    known = cutting.flight_of(archive, row)
    assert known is not None
    start, end = cutting.span_of(row, known)
    assert (start, end) == (START, START + timedelta(seconds=10 * (COUNT - 1)))
    assert row.start is not None
    assert row.start > start
    name, data = cutting.track_file(archive, row, start, end)
    assert name == "AHY8243-2024-12-25.csv"
    reading = tracks.read(data, name=name)
    assert [leg.icao24 for leg in reading.legs] == ["600841"]
    track = reading.legs[0].track
    assert (len(track), int(track.accepted.sum())) == (COUNT, COUNT)
    assert track.time_s[-1] == end.timestamp()


def test_what_is_of_no_known_flight_is_taken_as_it_is(root: Path, found: answering.Found) -> None:
    row = next(row for row in found.rows if row.icao24 != "600841")
    assert cutting.flight_of(Archive.open(root), row) is None
    assert cutting.span_of(row, None) == (row.start, row.end)
    empty = answering.Row({}, "abcdef", "", DAY, DAY + timedelta(hours=1))
    with pytest.raises(TrackEmpty):
        cutting.track_file(Archive.open(root), empty, DAY, NEXT)


def test_a_track_of_the_archive_is_one_of_the_draft_and_names_its_source(
    root: Path, draft: Draft, tmp_path: Path
) -> None:
    row = own(root, tmp_path)
    start, end = cutting.span_of(row, cutting.flight_of(Archive.open(root), row))
    name, data = cutting.track_file(Archive.open(root), row, start, end)
    source = cutting.source(Catalogue.read(root), start, end, WORDS)
    values = brought(draft, name, data, intake.More("track", {}, source))
    assert values["track"] == [{"file": name, "sources": ["archive-1"]}]
    assert values["sources"]["archive-1"] == {
        "title": "ADS-B messages received on 25 December 2024",
        "note": {"en": "From an ADS-B archive of ours, built from v2024.12.25.tar and states.csv"},
    }
    # Who publishes it is asked for, and nothing is made up; the track is shown all the same.
    on_desk = desk(library.drafts().sure(draft.id), WORDS, "en")
    assert [problem.where.split(" ")[0] for problem in on_desk.salvaged.problems] == ["sources.archive-1.publisher"]
    assert on_desk.salvaged.case is not None
    assert len(on_desk.salvaged.case.recorded) == 1
    # Another one of that day has the same source.
    again = brought(draft, name, data, intake.More("track", {}, source))
    assert [entry["sources"] for entry in again["track"]] == [["archive-1"], ["archive-1"]]
    other = brought(draft, name, data, intake.More("track", {}, {"title": "Another"}))
    assert other["track"][-1]["sources"] == ["archive-2"]


def test_the_traffic_of_an_answer_stands_behind_the_story_each_named(
    root: Path, found: answering.Found, draft: Draft
) -> None:
    assert (len(found.rows), found.count) == (MOST, 521)
    name, data = cutting.traffic_file(Archive.open(root), found.rows)
    assert name.endswith(".csv.gz")
    assert cutting.traffic_file(Archive.open(root), found.rows) == (name, data)
    lines = gzip.decompress(data).decode().splitlines()
    assert lines[0] == "time,icao24,callsign,lat,lon,altitude_ft,ground_speed_kt,track_deg,on_ground"
    assert len({tuple(line.split(",")[1:3]) for line in lines[1:]}) == MOST
    values = brought(draft, name, data, intake.More("other", {"each": True, "context": True}))
    assert values["other"] == [{"file": name, "each": True, "context": True}]
    on_desk = desk(library.drafts().sure(draft.id), WORDS, "en")
    case = on_desk.salvaged.case
    assert case is not None
    assert case.others
    own_flight = any(row.icao24 == "600841" for row in found.rows)
    assert len(case.others_recorded[0].tracks) == MOST - own_flight


def test_500_flights_behind_a_story_weigh_little(
    root: Path, found: answering.Found, draft: Draft, tmp_path: Path
) -> None:
    row = own(root, tmp_path)
    archive = Archive.open(root)
    start, end = cutting.span_of(row, cutting.flight_of(archive, row))
    brought(draft, *cutting.track_file(archive, row, start, end), intake.More())
    alone = render(scene(library.drafts().sure(draft.id), "en", "nautical"), ".html")
    context = intake.More("other", {"each": True, "context": True})
    brought(draft, *cutting.traffic_file(archive, found.rows), context)
    drawn = scene(library.drafts().sure(draft.id), "en", "nautical")
    aircraft = drawn["map"]["others"]["aircraft"]
    assert len(aircraft) >= MOST - 1
    assert all(one["style"] == "traffic" and one["name"] for one in aircraft)
    # Straight lines have two points each: those of 500 flights add less than the viewer itself weighs.
    page = render(drawn, ".html")
    assert len(gzip.compress(page, 9)) - len(gzip.compress(alone, 9)) < 60_000


def test_the_limit_of_the_page_is_that_of_the_case() -> None:
    assert MOST == MOST_CONTEXT


def test_a_source_of_several_days_names_a_few_files(root: Path) -> None:
    held = Catalogue.read(root)
    (day,) = held.days
    named = {"sources": [{"path": f"/srv/{number}.tar"} for number in range(6)]}
    object.__setattr__(held.days[day], "account", named)
    told = cutting.source(held, datetime(2024, 12, 24, 23, tzinfo=UTC), datetime(2024, 12, 25, 1, tzinfo=UTC), WORDS)
    assert told["title"] == "ADS-B messages received on 24–25 Dec 2024"
    assert told["note"]["en"].endswith("built from 0.tar, 1.tar, 2.tar, and 3 more")
