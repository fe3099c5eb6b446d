"""What the panels of the flight, its places and its route stand on; how they look is tested in a browser."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.casefile.editing import Document
from geo.casefile.typed import typed_when
from geo.dashboard import library, steps
from geo.dashboard.cases import plain
from geo.dashboard.desk import desk
from geo.dashboard.edit.clocks import offset, zone_of
from geo.dashboard.edit.place import say_instead
from geo.dashboard.edit.placed import look_up, placed, positions, where
from geo.dashboard.edit.texts import case_languages, day_of, on_day, put_text, read_number
from geo.resources import data
from geo.scene.words import Words, own_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.dashboard.desk import Desk
    from geo.dashboard.drafts import Drafts

DAY = date(2024, 12, 25)
CASE = """\
format = 1
id = "x"
title.en = "X"
title.de = "X"

[flight]
callsign = "AHY1"

[places.grozny]
find = "URMG"
lat = 43.4
lon = 45.7
name.de = "Grosny"

[places.site]
lat = 43.8825
lon = 51.01

[places.nowhere]
find = "Springfield"

[places]
short = "UATE"

[intended]
route = ["UBBB", "grozny", { lat = 43.0, lon = 47.0 }]

[[event]]
id = "a"
place = { ring = "grozny", km = 18 }

[[event]]
id = "b"
place = "Makhachkala"

[[event]]
id = "c"
place = "Victoria"
"""


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Desk]:
    """Opens a draft of a text on a desk."""
    monkeypatch.setenv(library.FOLDER, str(tmp_path))

    def of(text: str, language: str = "en") -> Desk:
        return desk(library.drafts().new("x", text), Words("en"), language)

    return of


# --- places ----------------------------------------------------------------------------------------------------------


def test_places_are_listed_with_what_led_there_and_what_names_them(opened: Callable[..., Desk]) -> None:
    text = CASE.replace('[places]\nshort = "UATE"\n', "")
    listed = {place.key: place for place in placed(opened(text))}
    assert list(listed) == ["grozny", "site", "nowhere", "UBBB", "Makhachkala", "Victoria"]
    grozny = listed["grozny"]
    assert (grozny.name, grozny.asked, grozny.at, grozny.own) == ("Grosny", "URMG", (43.4, 45.7), True)
    assert grozny.found is not None
    assert grozny.found.lat == 43.3881
    assert grozny.uses == (("intended", "route", 1), ("event", 0, "place", "ring"))
    assert (listed["site"].name, listed["site"].at, listed["site"].uses) == ("site", (43.8825, 51.01), ())
    assert listed["nowhere"].at is None
    assert "may mean" in listed["nowhere"].wrong
    assert not listed["UBBB"].own
    assert listed["Makhachkala"].uses == (("event", 1, "place"),)
    assert listed["Victoria"].at is None
    assert len(positions(list(listed.values()))) == 4


def test_a_place_that_is_written_as_a_name_alone_is_a_place_of_the_case(opened: Callable[..., Desk]) -> None:
    short = opened('places = { short = "UATE" }\nintended = { route = ["short", "Baku"] }')
    first, second = placed(short)
    assert (first.key, first.own, first.asked, first.uses) == ("short", True, "UATE", (("intended", "route", 0),))
    assert (second.key, second.own) == ("Baku", False)
    assert where(short, "short") == (first.name, first.at)


@pytest.mark.parametrize("text", ["places = 3", 'places = "x"', "places = { a = 3 }", "intended = { route = [3] }", ""])
def test_what_is_no_case_yet_has_places_nowhere(opened: Callable[..., Desk], text: str) -> None:
    assert [place.at for place in placed(opened(text))] in ([], [None])


@pytest.mark.parametrize("lat", ["91.0", '"43"', "true", "nan"])
def test_a_position_that_is_none_is_not_taken_for_one(opened: Callable[..., Desk], lat: str) -> None:
    (place,) = placed(opened(f"[places.a]\nlat = {lat}\nlon = 45.0"))
    assert place.at is None


def test_a_route_names_places_in_three_ways(opened: Callable[..., Desk]) -> None:
    on = opened(CASE.replace('[places]\nshort = "UATE"\n', ""), "de")
    assert where(on, "grozny") == ("Grosny", (43.4, 45.7))
    assert where(on, "UBBB")[0] == "Heydar Aliyev International Airport"
    assert where(on, {"lat": 43.0, "lon": 47.0}) == ("43, 47", (43.0, 47.0))
    assert where(on, "Springfield") == ("Springfield", None)
    assert where(on, 3) == ("3", None)


def test_a_name_is_looked_up_once() -> None:
    assert look_up("URMG") is look_up("URMG")
    assert isinstance(look_up("Springfield"), str)


def test_what_is_only_named_gets_an_entry_or_another_place_everywhere(opened: Callable[..., Desk]) -> None:
    text = """
intended = { route = ["Victoria", { find = "Victoria" }] }
[[event]]
place = { ring = "Victoria", km = 18 }
[[event]]
place = { find = "Victoria", within_km = 2 }
"""
    (named,) = placed(opened(text))
    for write in ("CYYJ", {"lat": 48.6, "lon": -123.4}):
        document = Document(text)
        for way in named.uses:
            say_instead(document, way, write)
        after = tomllib.loads(document.text)
        table = {"find": write} if isinstance(write, str) else write
        assert after["intended"]["route"] == [write, table]
        assert [event["place"] for event in after["event"]] == [{"ring": write, "km": 18}, {**table, "within_km": 2}]


# --- clocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Baku", "Asia/Baku"),
        ("America/New York", "America/New_York"),
        ("Tokyo", "Asia/Tokyo"),
        ("URMG", "Europe/Moscow"),
        ("Баку", "Asia/Baku"),
        ("Springfield", None),
        ("xyzzyq", None),
        ("", None),
        ("../../etc/passwd", None),
        ("\0", None),
    ],
)
def test_a_zone_is_typed_by_its_name_or_by_a_place_in_it(typed: str, zone: str | None) -> None:
    assert zone_of(typed) == zone


@pytest.mark.parametrize(
    ("zone", "day", "said"),
    [
        ("Asia/Baku", date(2024, 12, 25), "UTC+4"),
        ("Asia/Kolkata", date(2024, 12, 25), "UTC+5:30"),
        ("America/New_York", date(2024, 7, 1), "UTC\N{MINUS SIGN}4"),
        ("America/New_York", date(2024, 12, 1), "UTC\N{MINUS SIGN}5"),
        ("Nowhere/Land", date(2024, 12, 1), ""),
    ],
)
def test_offsets_are_those_of_the_day(zone: str, day: date, said: str) -> None:
    assert offset(zone, day) == said


# --- texts, numbers, days --------------------------------------------------------------------------------------------


def test_the_languages_of_a_case_are_those_of_its_texts_and_of_no_other_key() -> None:
    text = (data("cases", "j2-8243") / "case.toml").read_text(encoding="utf-8")
    assert case_languages(tomllib.loads(text)) == ["en", "de", "ru", "az", "kk"]
    assert case_languages({"title": "bare"}) == ["en"]
    assert case_languages({"title": {"de": "X"}, "event": [{"id": "x"}, {"note": {"fr": "y"}}]}) == ["de", "fr"]
    assert case_languages({"sources": {"S1": {"url": "https://example.org"}}}) == ["en"]


def test_a_language_has_its_own_name_or_its_tag() -> None:
    assert own_name("de") == "Deutsch"
    assert own_name("xx-nonsense") == "xx-nonsense"


def test_a_bare_text_becomes_that_of_the_first_language_beside_another() -> None:
    document = Document('title = "Bare"\n')
    put_text(document, ("title",), "en", "en", "Bare still")
    assert document.get(("title",)) == "Bare still"
    put_text(document, ("title",), "en", "de", "Deutsch")
    assert document.get(("title",)) == {"en": "Bare still", "de": "Deutsch"}
    put_text(document, ("title",), "en", "de", "")
    assert document.get(("title",)) == {"en": "Bare still"}


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("67", 67),
        (" 1 000 ", 1000),
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("\N{MINUS SIGN}3", -3),
        ("", None),
        ("sixty", "sixty"),
        ("1.2.3", "1.2.3"),
        ("1e400", "1e400"),
        ("\u0661\u0662", 12),
    ],
)
def test_what_is_no_number_stays_as_it_was_typed(said: str, value: object) -> None:
    assert read_number(said) == value


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({"intended": {"departs": date(2024, 12, 25)}}, date(2024, 12, 25)),
        ({"intended": {"departs": "2024-12-25T03:55Z"}, "event": [{"time": date(2020, 1, 1)}]}, date(2024, 12, 25)),
        (
            {"event": [{"time": "2024-12-26T00:10Z"}, {"time": date(2024, 12, 25)}, {"time": "soon"}]},
            date(2024, 12, 25),
        ),
        ({"stretch": [{"from": datetime(2024, 12, 25, 3, tzinfo=UTC)}], "event": "x"}, date(2024, 12, 25)),
        ({"intended": 3, "event": [3]}, None),
        ({}, None),
    ],
)
def test_the_day_of_the_flight(values: dict[str, object], day: date | None) -> None:
    assert day_of(values) == day


@pytest.mark.parametrize(
    ("value", "moved"),
    [
        (None, date(2025, 1, 2)),
        (date(2024, 12, 25), date(2025, 1, 2)),
        ("2024-12-25T03:55Z", "2025-01-02T03:55Z"),
        (datetime(2024, 12, 25, 3, 55, 1, tzinfo=UTC), datetime(2025, 1, 2, 3, 55, 1, tzinfo=UTC)),
        ({"about": "2024-12-25T03:55Z", "within": "2 min"}, {"about": "2025-01-02T03:55Z", "within": "2 min"}),
        ("soon", date(2025, 1, 2)),
    ],
)
def test_a_time_on_another_day_keeps_its_time_of_day(value: object, moved: object) -> None:
    assert on_day(value, date(2025, 1, 2)) == moved


# --- the panels themselves -------------------------------------------------------------------------------------------


def panels() -> None:
    """The three panels, as Edit draws them; run by Streamlit, so it brings its own imports."""
    import streamlit as st

    from geo.dashboard import library
    from geo.dashboard.desk import desk
    from geo.dashboard.edit.basics import basics
    from geo.dashboard.edit.places import places
    from geo.dashboard.edit.route import route
    from geo.dashboard.edit.texts import language_of
    from geo.scene.words import Words

    draft = library.drafts().of()[0]
    here = desk(draft, Words("en"), language_of(draft, "en"))
    st.session_state.setdefault(f"place-{draft.id}", "crash_site")
    basics(here)
    places(here)
    route(here)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[AppTest, Drafts]:
    """The panels on a draft of the flagship case, and the drafts."""
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    drafts = library.drafts()
    drafts.new("j2-8243", (data("cases", "j2-8243") / "case.toml").read_text(encoding="utf-8"))
    made = AppTest.from_function(panels, default_timeout=60)
    made.run()
    assert not made.exception
    return made, drafts


def test_a_draft_and_a_place_may_have_two_underscores_in_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One name of a draft in some 270 has two in a row by chance; Streamlit takes no such key for a component.
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    monkeypatch.setattr(steps, "token_urlsafe", lambda _: "a__b___c")
    text = (data("cases", "j2-8243") / "case.toml").read_text(encoding="utf-8")
    library.drafts().new("j2-8243", text.replace("crash_site", "crash__site"))
    app = AppTest.from_function(panels, default_timeout=60)
    app.session_state["place-a__b___c"] = "crash__site"
    app.run()
    assert not app.exception


def typed(app: AppTest, label: str, text: str) -> AppTest:
    """Type into the field of that label and leave it."""
    field = next(each for each in [*app.text_input, *app.text_area] if each.label == label)
    field.set_value(text).run()
    assert not app.exception
    return app


def values(drafts: Drafts) -> dict[str, Any]:
    return tomllib.loads(drafts.of()[0].text)


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown).replace("\\", "")


def test_fields_write_the_draft_and_nothing_else(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    before = values(drafts)
    typed(page, "Registration", "4K-XX")
    typed(page, "People aboard", "68")
    typed(page, "Outcome · English", "crashed")
    typed(page, "Longest time between fixes", "90")
    after = values(drafts)
    assert after["flight"] == {**before["flight"], "registration": "4K-XX", "aboard": 68}
    assert after["outcome"] == {"en": "crashed", "de": "bei Aktau abgestürzt"}
    assert after["gap"] == "90 s"
    changed = {"flight", "outcome", "gap"}
    assert {name: value for name, value in after.items() if name not in changed} == {
        name: value for name, value in before.items() if name not in changed
    }
    assert "# What was received, as far as published." in drafts.of()[0].text


def test_every_field_says_its_value_in_every_run(app: tuple[AppTest, Drafts]) -> None:
    # A run that a quick act cuts short may never reach the browser; the next one must not show empty fields, whose
    # emptiness would be written with the next act.
    page, _ = app
    page.run()
    fields = [*page.text_input, *page.text_area]
    assert len(fields) > 30
    assert {each.label: each.proto.default for each in fields} == {each.label: each.value or "" for each in fields}
    assert [each.proto.default for each in page.selectbox] == [each.index for each in page.selectbox]


def test_a_number_typed_wrong_stays_and_is_told(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    typed(page, "People killed", "many")
    assert values(drafts)["flight"]["killed"] == "many"
    assert "found 'many'; write a whole number" in said(page)
    typed(page, "People killed", "68")
    assert "68 killed of 67 aboard" in said(page)


def test_another_language_is_written_beside_the_first(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    page.selectbox(key=f"text-language-field-{drafts.of()[0].id}").set_value("ru").run()
    field = next(each for each in page.text_input if each.label == "Headline · Русский")
    assert (field.value, field.placeholder) == ("", values(drafts)["title"]["en"])
    typed(page, "Headline · Русский", "Заголовок")
    assert values(drafts)["title"]["ru"] == "Заголовок"


def test_a_position_is_typed_in_any_notation_and_a_wrong_one_stays_in_the_field(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    typed(page, "Position", "N43 52.95 E051 00.6")
    site = values(drafts)["places"]["crash_site"]
    assert (site["lat"], site["lon"]) == (43.8825, 51.01)
    typed(page, "Position", "151, 43")
    assert "are the two swapped? write 43.0, 151.0" in said(page)
    assert next(each for each in page.text_input if each.label == "Position").value == "151, 43"
    assert values(drafts)["places"]["crash_site"] == site
    typed(page, "Position", "43.9, 51")
    assert values(drafts)["places"]["crash_site"]["lat"] == 43.9
    assert "swapped" not in said(page)


def test_another_short_name_is_followed_and_a_taken_one_refused(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    typed(page, "Short name", "baku")
    assert '"baku" names another place of this case' in said(page)
    typed(page, "Short name", "the_site")
    after = values(drafts)
    assert "crash_site" not in after["places"]
    assert drafts.of()[0].text.count("the_site") == 1 + len(
        next(place for place in placed(desk(drafts.of()[0], Words("en"), "en")) if place.key == "the_site").uses
    )
    assert next(each for each in page.text_input if each.label == "Short name").value == "the_site"


def test_a_place_that_is_used_is_not_removed(app: tuple[AppTest, Drafts]) -> None:
    page, _ = app
    remove = next(each for each in page.button if each.label == "Remove this place")
    assert remove.disabled
    assert any(each.value.startswith("Used by\\: ") for each in page.caption)


def test_a_place_that_nothing_names_is_removed(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    page.session_state[f"place-{drafts.of()[0].id}"] = "mineralnye_vody"
    page.run()
    next(each for each in page.button if each.label == "Remove this place").click().run()
    assert "mineralnye_vody" not in values(drafts)["places"]


def test_the_position_of_the_gazetteer_can_be_had_back(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    page.session_state[f"place-{drafts.of()[0].id}"] = "baku"
    page.run()
    typed(page, "Position", "41, 51")
    assert any("from where the gazetteer has UBBB" in each.value for each in page.caption)
    next(each for each in page.button if each.label == "Use the position of the gazetteer").click().run()
    assert not {"lat", "lon"} & set(values(drafts)["places"]["baku"])


def test_the_route_is_reordered_and_keeps_two_places(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    page.session_state[f"waypoint-{drafts.of()[0].id}"] = 1
    page.run()
    assert next(each for each in page.button if each.label == "Take out of the route").disabled
    next(each for each in page.button if each.label == "Earlier").click().run()
    assert values(drafts)["intended"]["route"] == ["grozny", "baku"]


def test_the_day_of_the_flight_is_meant_where_none_is_typed(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    assert page.date_input[0].value == date(2024, 12, 25)
    typed(page, "Departs", "07:55 Baku")
    assert values(drafts)["intended"]["departs"] == typed_when("03:55 UTC", date(2024, 12, 25), {}).value
    page.date_input[0].set_value(date(2024, 12, 26)).run()
    assert values(drafts)["intended"]["departs"] == "2024-12-26T03:55Z"


def test_clocks_are_typed_by_city_and_keep_their_names(app: tuple[AppTest, Drafts]) -> None:
    page, drafts = app
    clocks = next(each for each in page.multiselect if each.label == "Clocks beside UTC")
    clocks.set_value(["Asia/Aqtau", "Asia/Baku"]).run()
    assert [clock["name"]["kk"] for clock in values(drafts)["clocks"]] == ["Ақтау", "Баку"]
    typed(page, "Name of Asia/Baku · English", "Baku time")
    assert values(drafts)["clocks"][1]["name"]["en"] == "Baku time"


HOSTILE = ["<script>alert(1)</script>", "](javascript:alert(1))", "$x^2$ :red[x] **b**", "\u202eabc", "'\"`\\", "a\tb"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_kept_as_texts(app: tuple[AppTest, Drafts], text: str) -> None:
    page, drafts = app
    for label in (
        "Headline · English",
        "Operator · English",
        "Aircraft",
        "Name · English",
        "What the route is based on · English",
    ):
        typed(page, label, text)
    assert values(drafts)["title"]["en"] == text
    assert values(drafts)["flight"]["aircraft"] == text
    assert plain(text) in page.expander[0].label
