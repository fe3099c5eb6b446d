"""What the panels of events, claims and sources stand on; how they look is tested in a browser."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_cases import CASES

from geo.casefile.citations import read_citation
from geo.casefile.editing import Document
from geo.casefile.salvage import salvage
from geo.casefile.typed import typed_when
from geo.dashboard import desk as desks
from geo.dashboard import library
from geo.dashboard.desk import desk
from geo.dashboard.edit import cited, duplicates, where
from geo.dashboard.edit.claims import add_claim
from geo.dashboard.edit.listed import claim_letters, findings, free_id, held, listed, row_names
from geo.dashboard.edit.times import shown_time
from geo.model import Where
from geo.resources import data
from geo.scene.words import Words

DAY = date(2024, 12, 25)
CASE = """format = 1
id = "x"
title.en = "X"
flight = { callsign = "AHY1" }
intended = { route = [{ lat = 40.4, lon = 50.0 }, { lat = 43.3, lon = 45.7 }], basis = "great circle" }

[[event]]  # the first one
id = "start"
time = "2024-12-25T03:55Z"
title = { en = "Take-off from Baku", de = "Start in Baku" }
grade = "confirmed"
sources = ["S01", "S02"]

[[event]]
id = "takeoff"
time = 2024-12-25T03:55:10Z
title = { en = "Takeoff from Baku" }
grade = "stated"
main = false
text.en = "From runway 16."
sources = ["S03"]

[[event.claim]]
by = "Tower"
says.en = "Airborne at 03:55"
source = "S03"

[[step]]
event = "takeoff"
title.en = "It starts"
text.en = "So it began."

[sources.S01]
publisher = "Reuters"
title = "Plane leaves Baku"
url = "https://www.reuters.com/x/"

[sources.S02]
publisher = "reuters"
title = "Plane leaves Baku."
url = "http://reuters.com/x?utm_source=a"
retrieved = 2025-01-03
note = "From the feed"

[sources.S03]
publisher = "Airport"
title = "Log"
"""


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Opens a draft of a text on a desk."""
    monkeypatch.setenv(library.FOLDER, str(tmp_path))

    def of(text, language="en"):
        draft = library.drafts().new("x", text)
        return desk(draft, Words("en"), language)

    return of


def again(on):
    """The desk as it stands after a change."""
    draft = library.drafts().get(on.draft.id)
    return desk(draft, on.words, on.language)


# --- times -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2024, 12, 25, 5, 13, 31, tzinfo=UTC), "05:13:31 UTC"),
        ("2024-12-25T05:13Z", "05:13 UTC"),
        ("2024-12-25T08:13+03:00", "05:13 UTC"),
        ("2024-12-25T08:13:31+03:00", "05:13:31 UTC"),
        ("2024-12-26T00:10Z", "2024-12-26 00:10 UTC"),
        ({"from": "2024-12-25T04:50Z", "to": "2024-12-25T05:11Z"}, "04:50–05:11 UTC"),
        ({"from": "2024-12-25T04:50Z", "to": "2024-12-25T05:11Z", "about": True}, "about 04:50–05:11 UTC"),
        ({"about": "2024-12-25T05:21Z", "within": "2 min"}, "about 05:21 UTC ± 2 min"),
        ({"about": "2024-12-25T05:21Z", "within": 90}, "about 05:21 UTC ± 90 s"),
        (date(2024, 12, 28), "2024-12-28"),
        ("2025-07", "2025-07"),
        ("2025", "2025"),
        ("quarter past", "quarter past"),
    ],
)
def test_a_time_is_shown_as_it_can_be_typed(value, shown):
    assert shown_time(value, DAY) == shown


moments = st.datetimes(datetime(1960, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001  made aware at once
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
minutes = moments.map(lambda moment: f"{moment:%Y-%m-%dT%H:%MZ}")


@given(
    moments
    | minutes
    | st.dates(date(1960, 1, 1), date(2040, 1, 1))
    | st.builds(
        lambda one, within: {"about": one, "within": within}, minutes, st.sampled_from(["2 min", "30 s", "1.5 h"])
    )
    | st.builds(
        lambda one, length: {"from": one, "to": one + timedelta(seconds=length)}, moments, st.integers(0, 3_000_000)
    ),
    st.sampled_from([None, DAY]),
)
def test_a_time_shown_and_typed_again_is_the_same(value, day):
    assert typed_when(shown_time(value, day), day, {}).value == value


# --- where -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["place", "track", "ring", "offset", "direction"])
def test_every_way_of_saying_where_is_one_that_a_case_file_has(kind):
    numbers = {"km": 18, "bearing": 90, "half_angle": 10}
    value = where.as_kind({"lat": 43.3, "lon": 45.7, "within_km": 2}, kind)
    assert where.kind_of(value) == kind
    if isinstance(value, dict):
        value = {key: numbers[key] if entry == "" else entry for key, entry in value.items()}
    read = Where.model_validate(value)
    assert read.kind == {"place": "point"}.get(kind, kind)
    assert read.within_km == (None if kind == "track" else 2)


def test_another_kind_keeps_what_both_know_and_asks_for_the_rest():
    ring = where.as_kind("grozny", "ring")
    assert ring == {"ring": "grozny", "km": ""}
    assert where.as_kind({**ring, "km": 18}, "offset") == {"from": "grozny", "km": 18, "bearing": ""}
    assert where.as_kind({**ring, "km": 18}, "place") == "grozny"
    assert where.as_kind("grozny", "none") is None
    assert where.with_centre({"ring": "grozny", "km": 18}, "baku") == {"ring": "baku", "km": 18}
    assert where.with_centre({"place": "grozny", "within_km": 5}, {"lat": 1, "lon": 2}) == {
        "lat": 1,
        "lon": 2,
        "within_km": 5,
    }


@pytest.mark.parametrize(
    ("typed", "value"),
    [("18", 18), ("1,5", 1.5), ("−3", -3), ("", None), ("far", "far"), ("nan", "nan"), ("1e400", "1e400")],
)
def test_a_number_is_read_and_anything_else_stays_to_be_mended(typed, value):
    assert where.number(typed) == value


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", CASES)
def test_numbers_and_letters_are_those_of_the_page(slug, monkeypatch):
    monkeypatch.setenv(library.FOLDER, str(data("cases")))
    text = data("cases", slug, "case.toml").read_text(encoding="utf-8")
    draft = desks.Draft("id", slug, None, "", datetime.now(UTC), text, 0, 0, "")
    on = desk(draft, Words("en"), "en")
    scene = desks.scene(draft, "en", "nautical")
    rows = {event["id"]: event["number"] or "" for event in scene["events"]}
    order = listed(on)
    assert [each.name for each in order] == list(rows)
    assert {each.name: each.number for each in order} == rows
    for each, row in zip(order, scene["events"], strict=True):
        event = on.get(("event", each.index))
        shown = [claim for group in row["card"]["groups"] for claim in group["claims"]]
        by_letter = {letter: event["claim"][index] for index, letter in claim_letters(event).items()}
        assert len(shown) == len(by_letter)
        for claim in shown:
            by = by_letter[claim["letter"]]["by"]
            said = claim["by"]["text"] if isinstance(claim["by"], dict) else claim["by"]
            assert said in (by.values() if isinstance(by, dict) else [by])
    assert duplicates.same_events(on.values) == []


def test_events_that_cannot_be_shown_stand_first_and_every_row_has_a_name(opened):
    on = opened(CASE.replace("time = 2024-12-25T03:55:10Z\n", 'time = "quarter past"\n'))
    assert [(each.index, each.number) for each in listed(on)] == [(1, ""), (0, "1")]
    assert row_names({"event": [{"id": "a"}, {"id": "a"}, {}]}) == {0: "a", 1: "#1", 2: "#2"}
    nothing = opened("format = 1\n")
    assert listed(nothing) == []


def test_what_an_event_still_wants_is_said(opened):
    on = opened(CASE)
    claim = {"by": "A", "source": "S01"}
    wanted = {"grade": "disputed", "title": {"en": "x" * 41}, "claim": [claim]}
    assert [told[:12] for told in findings(on, wanted)] == ["Disputed nee", "The title in"]
    assert findings(on, {**wanted, "title": "x", "claim": [claim, claim]}) == []
    assert findings(on, {"grade": "stated", "title": {}}) == ["No source yet: choose who says so."]


def test_an_id_comes_from_the_title_and_is_nobody_elses():
    values = {"event": [{"id": "take-off"}, {"id": "event-2"}]}
    assert free_id(values, "Take-off") == "take-off-2"
    assert free_id(values, "Взлёт из Баку") == "vzlet-iz-baku"
    assert free_id(values, "") == "event-3"
    assert free_id(values, "Take-off", "take-off") == "take-off"


def test_a_change_goes_to_no_event_that_took_the_place_of_the_one_that_was_shown(opened):
    on = opened(CASE)
    form = held(on, 0)
    on.change("another window", lambda document: document.remove(("event", 0)))
    form.change("late", lambda document: document.put(("event", 0, "grade"), "inferred"))
    assert [event["grade"] for event in again(on).get(("event",))] == ["stated"]


def test_a_change_of_the_last_event_goes_nowhere_once_it_is_gone(opened):
    on = opened(CASE)
    form = held(on, 1)
    on.change("another window", lambda document: document.remove(("event", 1)))
    form.change("late", lambda document: document.put(("event", 1, "grade"), "inferred"))
    assert [event["grade"] for event in again(on).get(("event",))] == ["confirmed"]


def test_a_change_follows_the_event_that_its_title_gave_another_id(opened):
    on = opened(CASE)
    form = held(on, 1)
    on.change("title", lambda document: document.put(("event", 1, "id"), "lift-off"))
    form.change("a moment later", lambda document: document.put(("event", 1, "grade"), "inferred"))
    assert [event["grade"] for event in again(on).get(("event",))] == ["confirmed", "inferred"]


def test_an_event_without_anything_is_told_key_by_key_and_breaks_nothing(opened):
    on = opened(CASE)
    on.change("Add event", lambda document: document.insert(("event",), {"id": "event-3"}))
    on.change("Add claim", lambda document: add_claim(document, ("event", 2)))
    now = again(on)
    told = {problem.place[2:] for problem in now.problems(("event", 2))}
    assert {("time",), ("title",), ("grade",), ("claim", 0, "by"), ("claim", 0, "says")} <= told
    assert now.salvaged.case is not None
    assert [event.id for event in now.salvaged.case.events] == ["start", "takeoff"]


# --- sources ---------------------------------------------------------------------------------------------------------


def test_a_source_gets_another_name_everywhere_and_comments_stay():
    document = Document(CASE)
    cited.rename(document, "S03", "LOG")
    assert "# the first one" in document.text
    now = tomllib.loads(document.text)
    assert "S03" not in now["sources"]
    assert now["event"][1]["sources"] == ["LOG"]
    assert now["event"][1]["claim"][0]["source"] == "LOG"
    assert cited.mentions(now)["LOG"] == [("event", 1, "sources"), ("event", 1, "claim", 0, "source")]


def test_what_is_sent_late_of_a_source_that_is_gone_does_not_bring_it_back(tmp_path, monkeypatch):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    drafts = library.drafts()
    draft = drafts.new("x", CASE)
    form = cited.kept(desk(draft, Words("en"), "en"), "S02")
    form.change("Title", lambda document: document.put(("sources", "S02", "title"), "Another"))
    assert tomllib.loads(drafts.get(draft.id).text)["sources"]["S02"]["title"] == "Another"
    form.change("Remove", lambda document: document.remove(("sources", "S02")))
    gone = drafts.get(draft.id).text
    form.change("Title", lambda document: document.put(("sources", "S02", "title"), "Late"))
    assert drafts.get(draft.id).text == gone


def test_a_pasted_address_is_put_in_once_and_takes_the_publisher_of_its_site():
    document = Document(CASE)
    known, fresh, twice = cited.add(
        document,
        [
            read_citation("https://web.archive.org/web/2025/https://reuters.com/x"),
            read_citation("https://www.reuters.com/other"),
            read_citation("Tower, “Tape”, 25 December 2024, https://example.org/tape"),
        ],
    )
    assert (known, fresh, twice) == ("S01", "S04", "S05")
    now = tomllib.loads(document.text)["sources"]
    assert now["S04"] == {"publisher": "", "title": "", "url": "https://www.reuters.com/other"}
    assert now["S05"]["published"] == DAY
    # Two names for one site are no name.
    document.put(("sources", "S02", "publisher"), "Reuters")
    (name,) = cited.add(document, [read_citation("https://reuters.com/third")])
    assert document.get(("sources", name, "publisher")) == "Reuters"


def test_two_sources_become_one_with_nothing_lost():
    values = tomllib.loads(CASE)
    assert duplicates.same_sources(values) == [("S01", "S02")]
    document = Document(CASE)
    duplicates.merge_sources(document, "S01", "S02")
    now = tomllib.loads(document.text)
    assert now["event"][0]["sources"] == ["S01"]
    assert now["sources"]["S01"]["retrieved"] == date(2025, 1, 3)
    assert now["sources"]["S01"]["note"] == "From the feed"
    assert set(now["sources"]) == {"S01", "S03"}


@pytest.mark.parametrize("slug", CASES)
def test_the_shipped_cases_have_no_source_twice(slug):
    values = tomllib.loads(data("cases", slug, "case.toml").read_text(encoding="utf-8"))
    assert duplicates.same_sources(values) == []


# --- merging events --------------------------------------------------------------------------------------------------


def test_two_events_become_one_with_nothing_lost():
    values = tomllib.loads(CASE)
    assert duplicates.same_events(values) == [(0, 1)]
    document = Document(CASE)
    duplicates.merge_events(document, 0, 1)
    assert "# the first one" in document.text
    now = tomllib.loads(document.text)
    (event,) = now["event"]
    assert event["id"] == "start"
    assert event["sources"] == ["S01", "S02", "S03"]
    assert event["claim"] == values["event"][1]["claim"]
    assert event["grade"] == "stated"
    assert "From runway 16." in event["text"]["en"]
    assert "main" not in event
    assert now["step"][0]["event"] == "start"


def test_events_that_differ_are_not_proposed():
    one = {"id": "a", "time": "2024-12-25T03:55Z", "title": {"en": "Hydraulic system 1 fails"}}
    assert duplicates.same_events({"event": [one, {**one, "title": {"en": "Hydraulic system 2 fails"}}]}) == []
    assert duplicates.same_events({"event": [one, {**one, "time": "2024-12-25T03:57Z"}]}) == []
    assert duplicates.same_events({"event": [one, {**one, "title": {"de": "Hydraulic system 1 fails"}}]}) == []
    assert duplicates.same_events({"event": [one, {**one}, {"title": "no time"}, "no table"]}) == [(0, 1)]


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_merging_any_two_events_keeps_every_source_and_claim(draw):
    slug = draw.draw(st.sampled_from(CASES))
    text = data("cases", slug, "case.toml").read_text(encoding="utf-8")
    document = Document(text)
    before = tomllib.loads(text)
    count = len(before["event"])
    keep, drop = sorted(draw.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True)))
    duplicates.merge_events(document, keep, drop)
    after = tomllib.loads(document.text)
    assert len(after["event"]) == count - 1
    merged = after["event"][keep]
    for event in (before["event"][keep], before["event"][drop]):
        assert set(event.get("sources", [])) <= set(merged.get("sources", []))
        assert all(claim in merged["claim"] for claim in event.get("claim", []))
        for text_ in event["title"].values():
            assert text_ in str(merged)


def test_a_source_that_lacks_a_key_does_not_take_the_case_with_it():
    def read_track(wanted):
        raise AssertionError(wanted)

    text = CASE.replace('title = "Log"\n', "")
    salvaged = salvage(text, read_track)
    assert salvaged.case is not None
    assert [problem.place for problem in salvaged.problems] == [("sources", "S03", "title")]
