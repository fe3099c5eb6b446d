from __future__ import annotations

from datetime import date

import pytest

from geo import casefile
from geo.dashboard.checklist import TITLE, checks, named, sentences, well_formed
from geo.errors import Problem
from geo.model import Grade
from geo.model.case import Correction
from geo.model.value import Text
from geo.resources import data
from geo.route import trace
from geo.scene import compose
from geo.scene.words import Words

TODAY = date(2026, 11, 26)
BY_HAND = {"second-reader", "wording", "dignity", "rights", "position-file"}


@pytest.fixture(scope="module")
def case():
    return casefile.read(data("cases", "fr4978"))


@pytest.fixture(scope="module")
def scene(case):
    return compose(case, trace(case), "en", "nautical")


def listed(case, scene, problems=()):
    return {check.id: check for check in checks(case, scene, Words("en"), TODAY, problems)}


def test_what_is_so_is_ok_and_what_only_people_know_is_left_to_them(case, scene):
    found = listed(case, scene)
    assert {name for name, check in found.items() if check.state == "by_hand"} == BY_HAND
    assert {name for name, check in found.items() if check.state == "open"} == {"titles", "retrieved", "archived"}
    assert found["sources"].sentence == "19 of 19 events have a source"
    assert found["clocks"].sentence == "Named time zones: UTC, Minsk, Vilnius"
    assert found["description"].sentence == "Alt text written (3 sentences)"
    assert found["languages"].sentence == "Every text is there in English and German"
    assert all(check.where for check in found.values() if check.state == "open")
    assert not any(check.where for check in found.values() if check.state != "open")


def changed(case, **update):
    return case.model_copy(update=update)


def event(case, number, **update):
    """The case with another event at a place, counted from 1 as a case file is."""
    events = list(case.events)
    events[number - 1] = events[number - 1].model_copy(update=update)
    return changed(case, events=tuple(events))


def source(case, **update):
    name = next(iter(case.sources))
    return changed(case, sources={**case.sources, name: case.sources[name].model_copy(update=update)}), name


@pytest.mark.parametrize(
    ("name", "update", "where"),
    [
        ("description", {"standfirst": Text({"en": "One only.", "de": "Eins. Und zwei."})}, ("standfirst.en",)),
        ("description", {"standfirst": Text()}, ("standfirst.en", "standfirst.de")),
        ("sources", {"events": ()}, ("event",)),
        ("caption", {"not_depicted": Text()}, ("not_depicted",)),
        ("opens", {"opens": None}, ("opens",)),
        ("languages", {"remarks": Text({"en": "Only here."})}, ("remarks.de",)),
        ("corrections", {"corrections": (Correction(on=TODAY, text=Text()),)}, ("correction[1]",)),
        ("corrections", {"corrections": (Correction(on=date(2026, 11, 27), text="x"),)}, ("correction[1].on",)),
    ],
)
def test_what_is_missing_is_open_and_says_where(case, scene, name, update, where):
    found = listed(changed(case, **update), scene)[name]
    assert (found.state, found.where) == ("open", where)


def test_an_event_without_a_source_is_named(case, scene):
    found = listed(event(case, 3, sources=(), claims=()), scene)["sources"]
    assert (found.state, found.sentence, found.where) == ("open", "18 of 19 events have a source", ("event[3]",))


def test_a_disputed_event_with_one_claim_is_named(case, scene):
    claims = next(each.claims for each in case.events if each.claims)[:1]
    assert listed(event(case, 2, grade=Grade.DISPUTED, claims=claims), scene)["disputed"].where == ("event[2]",)
    assert listed(event(case, 2, grade=Grade.DISPUTED, claims=claims * 2), scene)["disputed"].state == "ok"


def test_a_title_is_as_long_as_two_lines_in_each_language(case, scene):
    fits = event(changed(case, events=case.events[:1]), 1, title=Text({"en": "x" * TITLE, "de": "y" * TITLE}))
    assert listed(fits, scene)["titles"].state == "ok"
    long = event(fits, 1, title=Text({"en": "x" * TITLE, "de": "y" * (TITLE + 1)}))
    found = listed(long, scene)["titles"]
    assert found.where == ("event[1].title.de",)
    assert found.sentence == "1 title of an event has more than 40 characters"


def test_links_are_counted_by_what_they_say(case, scene):
    before = listed(case, scene)
    other, name = source(case, url="https://example.org./news", archived="https://web.archive.org/web/2024/x")
    found = listed(other, scene)
    assert (found["links"].state, found["links"].where) == ("open", (f"sources.{name}.url",))
    assert len(found["archived"].where) == len(before["archived"].where) - 1
    nowhere, name = source(case, url=None, archived=None)
    assert f"sources.{name}.archived" not in listed(nowhere, scene)["archived"].where


@pytest.mark.parametrize(
    "part",
    [
        {"legend": {"lines": [], "grades": []}},
        {"events": []},
    ],
)
def test_a_legend_that_differs_from_what_is_drawn_is_told(case, scene, part):
    assert listed(case, scene | part)["legend"].state == "open"


def test_an_entry_for_what_is_not_drawn_is_told(case, scene):
    bare = scene | {"states": [], "map": scene["map"] | {"lines": []}}
    assert listed(case, bare)["legend"].where == tuple(sorted(line["style"] for line in scene["legend"]["lines"]))


def test_a_marker_without_its_event_and_a_number_given_twice_are_told(case, scene):
    first, second, *rest = scene["events"]
    twice = [first, {**second, "number": first["number"]}, *rest]
    assert listed(case, scene | {"events": twice})["numbers"].where == (first["number"],)
    marked = scene["map"]["markers"][0]["event"]
    without = [each for each in scene["events"] if each["id"] != marked]
    assert marked in listed(case, scene | {"events": without})["numbers"].where


def test_clocks_that_nobody_named_are_told(case, scene):
    assert listed(case, scene | {"clocks": []})["clocks"].state == "open"


def test_problems_of_the_case_file_come_first(case, scene):
    found = checks(case, scene, Words("en"), TODAY, [Problem("event[2].time", "is missing"), Problem("", "broken")])
    assert (found[0].id, found[0].state) == ("problems", "open")
    assert found[0].sentence == "2 problems in the case file"
    assert found[0].where == ("event[2].time", "case.toml")


def test_a_case_with_a_track_needs_no_position_file():
    with_track = casefile.read(data("cases", "jl516"))
    assert "position-file" not in listed(with_track, compose(with_track, trace(with_track), "en", "nautical"))


def test_corrections_are_counted(case, scene):
    one = Correction(on=date(2026, 11, 20), text="The time was wrong.")
    assert listed(changed(case, corrections=(one,)), scene)["corrections"].sentence == "1 correction, dated and shown"
    two = listed(changed(case, corrections=(one, one)), scene)["corrections"]
    assert (two.state, two.sentence) == ("ok", "2 corrections, dated and shown")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Baku to Grozny", 0),
        ("It left at 03:55. It crashed near Aktau.", 2),
        ("Er startete am 25. Dezember 2024 in Baku. Er stürzte ab.", 2),
        ("Flug J2-8243 stürzte bei Aktau ab. Von 67 Menschen starben 38.", 2),
        ("The U.S. Air Force flew St. Louis to Dr. Example's base.", 1),
        ("It ended in 2024. Nobody knows why!", 2),
        ("“It fell.” He said so…", 2),
        ("سقطت الطائرة؟ نعم. انتهى", 2),
        ("Approx. 3.5 km away.", 1),
    ],
)
def test_sentences_are_counted(text, count):
    assert sentences(text) == count


@pytest.mark.parametrize(
    "url",
    ["https://example.org", "http://пример.рф/a?b=c#d", "https://a-b.example.org:8443/x", "https://192.0.2.1/x"],
)
def test_an_address_leads_somewhere(url):
    assert well_formed(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "ftp://example.org/x",
        "https://localhost/x",
        "https://riamo.ru./news",
        "https://user:secret@example.org/",
        "https://exa mple.org/",
        "https://-example.org/",
        "https://example..org/",
        "https://example.org:port/",
        "https://[::1/",
        "javascript:alert(1)",
    ],
)
def test_an_address_leads_nowhere(url):
    assert not well_formed(url)


def test_languages_are_named_in_that_of_the_interface():
    assert [named(each, Words("de")) for each in ("en", "de", "xx")] == ["Englisch", "Deutsch", "xx"]
