"""Track files on their way into a draft: what is taken, what is refused and leaves nothing, what the report says."""

from __future__ import annotations

import gzip
import io
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from made_formats import zipped

from geo import tracks
from geo.dashboard import library
from geo.dashboard.desk import desk, read_track
from geo.dashboard.edit import intake, paths, report
from geo.dashboard.edit.preview import left_out, nothing_shown
from geo.dashboard.edit.stretches import _is_told
from geo.dashboard.edit.track import gaps_of_case
from geo.model import Evidence
from geo.scene.words import Words

if TYPE_CHECKING:
    from geo.dashboard.steps import Draft

BAD = Path(__file__).parent / "bad"
EXPECTED: dict[str, Any] = tomllib.loads((BAD / "tracks" / "expected.toml").read_text(encoding="utf-8"))
CASE = """format = 1
id = "made"
title = "Made"
standfirst = "Made."
[flight]
callsign = "ABC1"
[intended]
route = ["UBBB", "URMG"]
basis = "great circle"
"""
HEAD = "time,icao24,callsign,lat,lon,altitude_ft\n"


def rows(callsign: str = "ABC1", start: int = 0, count: int = 5, address: str = "600841") -> str:
    return "".join(
        f"2024-12-25T04:{start + minute:02}:00Z,{address},{callsign},{40 + minute / 10},{50 - minute / 10},9000\n"
        for minute in range(count)
    )


@pytest.fixture
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draft:
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    return library.drafts().new("made", CASE)


def taken(draft: Draft, *files: tuple[str, bytes]) -> intake.Intake:
    """Take files in, and wait until they are."""
    job = intake.begin(draft.id, [(name, io.BytesIO(content)) for name, content in files], "Track")
    assert job.ended.wait(60)
    assert intake.intake(draft.id) is job
    intake.clear(draft.id)
    assert intake.intake(draft.id) is None
    return job


def kept(draft: Draft) -> list[str]:
    """Files that lie with a draft."""
    folder = library.drafts().files(draft.id)
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def entries(draft: Draft) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(library.drafts().sure(draft.id).text).get("track", [])
    return found


def test_files_are_read_kept_and_named_in_the_case(draft: Draft) -> None:
    first, second = (HEAD + rows()).encode(), gzip.compress((HEAD + rows(start=20)).encode())
    job = taken(draft, ("one.csv", first), ("two.csv.gz", second))
    assert (job.taken, job.refused, job.share) == (["one.csv", "two.csv.gz"], [], 1.0)
    assert entries(draft) == [{"file": "one.csv"}, {"file": "two.csv.gz"}]
    assert kept(draft) == ["one.csv", "two.csv.gz"]
    assert library.drafts().sure(draft.id).step == 2


def test_a_file_of_a_name_that_is_taken_gets_another(draft: Draft) -> None:
    taken(draft, ("one.csv", (HEAD + rows()).encode()))
    again = taken(draft, ("one.csv", (HEAD + rows(start=20)).encode()))
    assert len(set(kept(draft))) == 2
    assert again.taken != ["one.csv"]
    assert [entry["file"] for entry in entries(draft)] == ["one.csv", again.taken[0]]


REFUSED = [name for name, told in EXPECTED.items() if "error" in told]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_track_is_refused_in_words_and_leaves_nothing(draft: Draft, name: str) -> None:
    job = taken(draft, (name, (BAD / "tracks" / name).read_bytes()))
    assert [refused for refused, _ in job.refused] == [name]
    for words in EXPECTED[name]["says"]:
        assert words in job.refused[0][1]
    assert (kept(draft), library.drafts().sure(draft.id).text) == ([], CASE)


def _bomb() -> bytes:
    """A gzip file of 150 kB that inflates to 150 MB."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        file.write((HEAD + rows()).encode())
        for _ in range(150):
            file.write(b"\n" * 1_000_000)
    return out.getvalue()


HOSTILE = {
    "entities.gpx": b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'
    b'<gpx version="1.1"><trk><trkseg><trkpt lat="1" lon="2"><time>&lol2;</time></trkpt></trkseg></trk></gpx>',
    "page.csv": b"<!doctype html><html><title>Sign in</title></html>",
    "climbs.zip": zipped(("../../case.toml", (HEAD + rows()).encode())),
    "office.csv": zipped(("[Content_Types].xml", b"<x/>"), ("xl/sheet.xml", b"<x/>")),
    "deep.zip": zipped(("in.zip", zipped(("in.zip", zipped(("in.csv", (HEAD + rows()).encode())))))),
    "zeros.csv": bytes(5_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_leave_nothing(draft: Draft, name: str) -> None:
    job = taken(draft, (name, HOSTILE[name]))
    assert len(job.refused) == 1
    assert job.refused[0][1], "it is refused for a reason that was foreseen"
    assert (kept(draft), library.drafts().sure(draft.id).text) == ([], CASE)


def test_a_file_that_inflates_beyond_measure_is_refused(draft: Draft) -> None:
    job = taken(draft, ("bomb.csv.gz", _bomb()))
    assert len(job.refused) == 1
    assert "more than 100 times what it holds" in job.refused[0][1]
    assert kept(draft) == []


def test_a_good_file_after_a_bad_one_is_taken(draft: Draft) -> None:
    job = taken(draft, ("bad.csv", b"x"), ("good.csv", (HEAD + rows()).encode()))
    assert ([name for name, _ in job.refused], job.taken) == (["bad.csv"], ["good.csv"])


def test_names_that_lead_elsewhere_are_mended(draft: Draft) -> None:
    taken(draft, ("../../case.toml", (HEAD + rows()).encode()))
    (name,) = kept(draft)
    assert "/" not in name
    assert name != "case.toml"
    assert not (library.folder() / "case.toml").exists()


# --- which flight of a file ------------------------------------------------------------------------------------------


def test_the_flight_of_the_case_is_chosen_among_several(draft: Draft) -> None:
    taken(draft, ("all.csv", (HEAD + rows("XYZ9", address="abc123") + rows()).encode()))
    assert entries(draft) == [{"file": "all.csv", "icao24": "600841"}]


def test_where_it_is_not_clear_which_is_meant_nothing_is_chosen(draft: Draft) -> None:
    taken(draft, ("all.csv", (HEAD + rows("XYZ9", address="abc123") + rows("UVW8")).encode()))
    assert entries(draft) == [{"file": "all.csv"}]


def test_a_leg_is_named_by_what_no_other_has() -> None:
    text = HEAD + rows("XYZ9", address="abc123") + rows() + rows("ABC1", start=20, address="abc124")
    reading = tracks.read(text.encode(), name="all.csv")
    named = [intake.choosing(reading, leg) for leg in reading.legs]
    assert [tracks.select(reading, **choice) for choice in named] == [leg.track for leg in reading.legs]


def test_an_archive_of_several_tracks_is_kept_and_asks_which_is_meant(draft: Draft) -> None:
    one, two = (HEAD + rows()).encode(), (HEAD + rows(start=20)).encode()
    archive = zipped(("one.csv", one), ("readme.txt", b"read me"), ("two.csv", two))
    assert taken(draft, ("both.zip", archive)).taken == ["both.zip"]
    path = library.drafts().file("made", draft.id, "both.zip")
    assert intake.members(path) == ["one.csv", "two.csv"]
    here = desk(library.drafts().sure(draft.id), Words("en"), "en")
    assert any("name one of them as member" in problem.message for problem in here.problems(("track", 0)))
    assert zipfile.is_zipfile(path)


# --- the report ------------------------------------------------------------------------------------------------------


def test_every_row_that_was_not_kept_is_on_one_page_once() -> None:
    text = HEAD + rows(count=9) + "x,600841,ABC1,1,2,3\n" * 30 + rows(start=30, count=20).replace(",50", ",0")
    text += "2024-12-25T05:00:00Z,600841,ABC1,91.5,20,100\n" * 30
    reading = tracks.read(text.encode(), name="made.csv")
    gaps = (report.Gap(0, 100, 1, 2, Evidence.SILENT),)
    kinds = ("unreadable", "rejected", "value", "gap")
    found, page = [], 0
    while part := report.page_of(reading.report, gaps, kinds, page):
        assert len(part) <= report.PAGE
        found += part
        page += 1
    told = reading.report
    assert [one for kind, one in found if kind == "unreadable"] == list(told.unreadables)
    assert [one for kind, one in found if kind == "rejected"] == list(told.rejections)
    assert [one for kind, one in found if kind == "value"] == list(told.withheld)
    assert [one for kind, one in found if kind == "gap"] == list(gaps)
    assert told.unreadable == 30
    assert told.read == told.accepted + told.rejected + told.unreadable


def test_lengths_are_said_in_hours_minutes_and_seconds() -> None:
    words = Words("en")
    said = [report.length_text(words, seconds) for seconds in (0, 45, 2010, 6128, 7200)]
    assert said == ["0 s", "45 s", "33 min 30 s", "1 h 42 min", "2 h"]


def test_gaps_are_told_until_a_stretch_says_something_of_them(draft: Draft) -> None:
    taken(draft, ("one.csv", (HEAD + rows() + rows(start=40)).encode()))
    here = desk(library.drafts().sure(draft.id), Words("en"), "en")
    (gap,) = [gap for gap in gaps_of_case(here) if gap.end_s - gap.start_s > 600]
    assert report.span_text(Words("en"), gap) == "04:04:00 to 04:40:00"
    assert (gap.first, gap.last) == (6, 7)
    assert report.gap_text(Words("en"), gap) == "36 min. Drawn as “no position received”."
    assert not _is_told(gap, [])
    assert _is_told(gap, [{"from": "2024-12-25T04:10Z", "to": "2024-12-25T04:20Z"}])
    assert not _is_told(gap, [{"from": "2024-12-25T03:10Z", "to": "2024-12-25T04:04Z"}, {"from": "", "to": "x"}])


def test_a_file_is_read_once_for_all_who_look_at_it(draft: Draft) -> None:
    taken(draft, ("one.csv", (HEAD + rows()).encode()))
    path = library.drafts().file("made", draft.id, "one.csv")
    before = read_track.cache_info().misses
    assert intake.read(path, "one.csv") is intake.read(path, "one.csv")
    desk(library.drafts().sure(draft.id), Words("en"), "en")
    assert read_track.cache_info().misses == before


# --- paths as text ---------------------------------------------------------------------------------------------------

NUMBER = some.integers(1, 20_000).map(lambda value: value / 10)
PLACE = some.one_of(
    some.sampled_from(["URMG", "grozny", "Mineralnye Vody"]),
    some.builds(
        lambda lat, lon: {"lat": lat / 100, "lon": lon / 100}, some.integers(-9000, 9000), some.integers(0, 99)
    ),
)
POINT = some.one_of(
    PLACE,
    some.builds(lambda place, km, to: {"from": place, "km": km, "bearing": to}, PLACE, NUMBER, some.integers(0, 360)),
    some.builds(
        lambda place, km: {**place, "within_km": km} if isinstance(place, dict) else {"place": place, "within_km": km},
        PLACE,
        NUMBER,
    ),
)


@given(some.lists(POINT, max_size=6))
def test_a_path_that_is_typed_as_it_is_shown_is_the_same_path(path: list[Any]) -> None:
    assert paths.read_path("\n".join(map(paths.shown, path)), []) == path


def test_a_line_that_stays_keeps_all_that_its_table_says() -> None:
    named = {"lat": 43.9, "lon": 46.4, "name": {"en": "Bend"}}
    assert paths.read_path("  43.9,   46.4 \nURMG\n\n", [named]) == [named, "URMG"]


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    assert paths.read_path("43.9, 246.4\nnowhere", []) == ["43.9, 246.4", "nowhere"]


# --- the preview -----------------------------------------------------------------------------------------------------


def test_the_preview_says_what_it_lacks_and_why(draft: Draft) -> None:
    text = CASE + '[[event]]\nid = "a"\ntime = "noon"\ntitle = "First"\ngrade = "confirmed"\n'
    text += '[[event]]\nid = "b"\ntime = 2024-12-25T04:00:00Z\ntitle = "Second"\ngrade = "stated"\n'
    text += "[[event.claim]]\nby = 3\nsays = 'x'\n"
    here = desk(library.drafts().change(draft.id, text, "made"), Words("en"), "en")
    assert left_out(here) == ["Not in the preview until it is mended: event 1 “First” and event 2 “Second”, claim 1."]


def test_when_nothing_can_be_shown_the_preview_says_what_is_needed(draft: Draft) -> None:
    here = desk(library.drafts().change(draft.id, "format = 1\n", "made"), Words("en"), "en")
    assert here.salvaged.case is None
    said = nothing_shown(here)
    assert said.startswith("Nothing can be shown yet.")
    assert "flight" in said or "missing" in said
