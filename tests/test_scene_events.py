from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_cases import CASES, shipped
from test_route import at, case, point, stretch

from geo.model import When
from geo.route import trace
from geo.scene import compose, languages
from geo.scene.events import numbered
from geo.scene.times import edge, long_time
from geo.scene.words import Words, bare

SOURCES = {"S1": {"publisher": "A paper", "title": "A report"}, "S2": {"publisher": "An office", "title": "A note"}}


def event(ident, time, **more):
    return {"id": ident, "time": time, "title": ident, "grade": "confirmed", "sources": ["S1"], **more}


def timed(*times, **more):
    """An event at the first of the times, of which each is claimed by somebody."""
    claims = [{"by": "one", "says": "then", "about": "time", "time": time, "source": ["S1"]} for time in times]
    return event("e", times[0], claim=claims, **more)


def composed(*events, language="en", **more):
    made = case(stretch(0, 60, evidence="silent"), event=list(events), **{"sources": SOURCES, **more})
    return compose(made, trace(made), language)


def rows(*events, **more):
    return composed(*events, **more)["events"]


def row(made, **more):
    return rows(made, **more)[0]


# --- order -------------------------------------------------------------------------------------------------------


def test_a_year_or_month_that_holds_the_flight_stands_after_it():
    told = [
        event("year", "2024"),
        event("month", "2024-12"),
        event("flown", at(10)),
        event("next-day", "2024-12-26"),
        event("same-day", "2024-12-25"),
    ]
    assert [(one["id"], one["number"], one["aftermath"]) for one in rows(*told)] == [
        ("flown", "1", False),
        ("same-day", "a", True),
        ("month", "b", True),
        ("year", "c", True),
        ("next-day", "d", True),
    ]


def test_a_day_that_was_over_before_the_flight_stands_before_it():
    told = rows(event("flown", at(10)), event("before", "2024-12-23"), event("late", "2024-12-27"))
    assert [(one["id"], one["number"], one["aftermath"]) for one in told] == [
        ("before", "1", False),
        ("flown", "2", False),
        ("late", "a", True),
    ]
    assert (told[0]["time_text"], told[0]["local_text"], told[0]["long_time"]) == ("23 Dec", "2024", "23 December 2024")


def test_in_the_aftermath_what_has_a_minute_and_what_has_a_day_are_in_one_order():
    told = rows(event("minute", "2025-02-04T10:00Z"), event("day", "2025-01-03"), event("month", "2025-03"))
    assert [one["id"] for one in told] == ["day", "minute", "month"]


TIMES = [at(5), at(20), "2024", "2024-12", "2024-12-25", "2024-12-24", "2025-01-03", "2025-01-02T10:00Z"]


@given(st.permutations(TIMES))
@settings(deadline=None)
def test_the_order_in_the_file_changes_nothing(times):
    made = case(
        stretch(0, 60, evidence="silent"), event=[event(f"e{i}", time) for i, time in enumerate(times)], sources=SOURCES
    )
    told = numbered(made, trace(made))
    assert [(long_time(one.event.time, Words("en")), one.number) for one in told] == [
        ("24 December 2024", "1"),
        ("25 December 2024, 04:00:00 UTC", "2"),
        ("25 December 2024, 04:15:00 UTC", "3"),
        ("25 December 2024", "a"),
        ("December 2024", "b"),
        ("2024", "c"),
        ("2 January 2025, 10:00 UTC", "d"),
        ("3 January 2025", "e"),
    ]


def test_the_ends_of_the_aftermath_are_no_closer_than_they_are_known():
    after = composed(event("flown", at(10)), event("early", "2025"), event("late", "2026"))["aftermath"]
    assert (after["from_text"], after["to_text"], after["short_text"]) == ("2025", "2026", "to 2026")
    assert edge(When.model_validate("2025-03"), Words("en"), day=True) == "Mar 2025"
    assert edge(When.model_validate("2025-03-04"), Words("en"), day=True) == "4 Mar 2025"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [("2024-09-06", "2024-09-07", "6–7 Sept 2024"), ("2025", "2026", "2025–2026")],
)
def test_days_from_and_to_are_both_said(first, last, said):
    assert long_time(When.model_validate({"from": first, "to": last}), Words("en")) == said


# --- times that differ -------------------------------------------------------------------------------------------


def test_accounts_with_other_times_are_said_to_differ():
    assert row(timed(at(10), at(14)))["card"]["times"] == "times differ: 04:05:00–04:09:00"


@pytest.mark.parametrize(
    "times",
    [
        ("2024-12-25T04:05Z", "2024-12-25T04:05:31Z"),  # a minute holds its seconds
        ("2024-12-25T04:05:31Z", "2024-12-25T04:06Z"),  # and may be rounded up
        ({"about": "2024-12-25T04:05Z"}, "2024-12-25T04:07Z"),
        ({"about": "2024-12-25T04:05Z", "within": "10 min"}, "2024-12-25T04:14Z"),
        ("2024-12-25", "2024-12-26"),
        ("2024-12-25T04:05Z",),
    ],
)
def test_what_rounding_reconciles_does_not_differ(times):
    assert "times" not in row(timed(*times))["card"]


def test_what_the_row_says_already_is_not_said_again():
    told = row(timed(at(10), at(14), note="report; leak gives 04:09:00"))
    assert (told["note"], told["card"].get("times")) == ("report; leak gives 04:09:00 · not mapped", None)
    spanned = event("e", {"from": at(10), "to": at(14)}, claim=timed(at(10), at(14))["claim"])
    assert "times" not in row(spanned)["card"]


def test_times_of_statements_about_something_else_do_not_differ():
    made = timed(at(10), at(14))
    made["claim"][1]["about"] = "cause"
    assert "times" not in row(made)["card"]


def test_a_time_of_another_day_has_its_day():
    assert row(timed(at(10), "2024-12-26T04:05Z"))["card"]["times"] == "times differ: 25 Dec 04:05:00 – 26 Dec 04:05"


def test_a_grade_stays_that_of_the_case():
    assert row(timed(at(10), at(14)))["grade_text"] == "Confirmed"


def test_a_claim_s_time_is_left_out_where_its_words_say_it():
    made = timed(at(10), at(14))
    made["claim"][0]["says"] = "Take-off at 04:05"
    assert [claim["time_text"] for claim in row(made)["card"]["groups"][0]["claims"]] == [None, "04:09:00 UTC"]


# --- sources -----------------------------------------------------------------------------------------------------


def test_a_source_says_when_it_was_read_and_where_its_copy_is():
    full = {
        **SOURCES["S1"],
        "url": "https://example.org/a",
        "published": "2025-01",
        "retrieved": "2025-02-03",
        "archived": "https://archive.example.org/a",
        "note": "Relays the report.",
    }
    source, bare_one = row(event("e", at(1), sources=["S1", "S2"]), sources={**SOURCES, "S1": full})["card"]["sources"]
    assert source["before"] + source["link"] + source["after"] == (
        "A report, A paper, January 2025, retrieved 3 February 2025. Relays the report."
    )
    assert source["archived"] == {"text": "archived copy", "url": "https://archive.example.org/a"}
    assert (bare_one["after"], "archived" in bare_one) == ("", False)


# --- texts that fall back ----------------------------------------------------------------------------------------


def test_pieces_of_a_joined_text_keep_their_languages():
    scene = composed(
        event("e", at(1), note={"de": "Bericht"}, sources=["S1"]),
        title={"de": "Titel"},
        sources={**SOURCES, "S1": {**SOURCES["S1"], "note": {"de": "Gibt den Bericht wieder."}}},
        intended={"route": [point(40, 50), point(43, 45)], "basis": {"de": "Großkreis"}},
        not_depicted={"de": "Wetter."},
    )
    german = {"lang": "de"}
    note = scene["events"][0]["note"]
    assert note == [{"text": "Bericht", **german}, " · not mapped"]
    assert scene["events"][0]["card"]["sources"][0]["after"] == [". ", {"text": "Gibt den Bericht wieder.", **german}]
    assert scene["legend"]["lines"][0]["text"] == ["Intended route: ", {"text": "Großkreis", **german}]
    assert scene["footer"][0] == [
        "Not translated: texts marked DE (German). Not depicted: ",
        {"text": "Wetter", **german},
        ".",
    ]
    assert bare(scene["footer"][0]).endswith("Not depicted: Wetter.")


@pytest.mark.parametrize("language", languages())
def test_only_a_page_with_fallback_says_that_texts_are_marked(language):
    footer = bare(composed(event("e", at(1)), title={"en": "Title"}, language=language)["footer"][0])
    assert ("EN" in footer) == (language != "en")


@pytest.mark.parametrize("slug", CASES)
def test_arabic_lists_have_arabic_marks(slug):
    words = Words("ar")
    scene = compose(shipped(slug), trace(shipped(slug)), "ar")
    assert words.comma.join(["S1", "S2"]) == "S1، S2"
    for told in scene["events"]:
        for claim in (claim for group in told["card"]["groups"] for claim in group["claims"]):
            assert "," not in claim["cites"]
        assert not isinstance(told["long_time"], str) or "," not in told["long_time"]
    for cells in scene["facts_table"]["rows"]:
        assert not isinstance(cells[3], str) or ";" not in cells[3]


# --- the caption and corrections ---------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", CASES)
def test_the_caption_says_what_tokens_13_asks_for(slug):
    scene = compose(shipped(slug), trace(shipped(slug)), "en")
    text = " ".join(map(bare, scene["footer"]))
    for part in ("Not depicted: ", "Basemap: ", "Last change: "):
        assert text.count(part) == 1
    schematic = [line for line in scene["map"]["lines"] if line["basis"] == "schematic"]
    assert bool(scene["map"]["stamp"]) == bool(schematic)


def test_corrections_are_counted_and_in_the_order_of_the_case():
    fixes = [{"on": "2025-01-09", "text": "second"}, {"on": "2025-01-03", "text": "first"}]
    scene = composed(event("e", at(1)), correction=fixes)
    assert scene["corrected"] == "Corrections (2)"
    assert [each["text"] for each in scene["corrections"]] == ["second", "first"]
    assert composed(event("e", at(1)))["corrected"] is None


@pytest.mark.parametrize("slug", CASES)
def test_every_row_of_the_flight_has_its_grade_and_says_where_it_is_not_mapped(slug):
    for told in compose(shipped(slug), trace(shipped(slug)), "en")["events"]:
        assert told["grade_text"]
        if not told["aftermath"]:
            assert bare(told["note"]).endswith("not mapped") == (not told["mapped"])
