from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from asgi import ask
from starlette.applications import Starlette

from geo.dashboard import library, publications, signatures
from geo.dashboard.checklist import Check
from geo.dashboard.publishing import _state
from geo.dashboard.routes import preview_address, routes
from geo.dashboard.signing import _row, open_checks, told
from geo.resources import data
from geo.scene.words import Words

WORDS = Words("en")
WHEN = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
BY_HAND = Check("rights", "by_hand", "Rights cleared")


@pytest.fixture
def entry(tmp_path, monkeypatch):
    shutil.copytree(data("cases", "fr4978"), tmp_path / "fr4978")
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    return library.entry("fr4978")


@pytest.fixture(scope="module")
def app():
    return Starlette(routes=routes())


# --- the preview -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_preview_is_the_page_with_its_own_policy(app, entry, language):
    answer = ask(app, preview_address(entry, language, "metric"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert answer.headers["cache-control"] == "private, no-store"
    assert f'<html lang="{language}"'.encode() in answer.body


@pytest.mark.parametrize(
    ("before", "after"),
    [("/en/", "/ru/"), ("/en/", "/%2e%2e/"), ("metric", "yards"), ("fr4978", "none"), ("fr4978", "..%2ffr4978")],
)
def test_no_other_page_is_previewed(app, entry, before, after):
    assert ask(app, preview_address(entry, "en", "metric").replace(before, after)).status == 404


def test_a_preview_of_what_has_changed_since_is_gone(app, entry):
    address = preview_address(entry, "en", "nautical")
    file = entry.folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    answer = ask(app, address)
    assert answer.status == 404
    assert b"reload" in answer.body


# --- what is published -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "stale", "said"),
    [
        ("Ada", False, "**Published 26 November 2026, 14:03 UTC by Ada**"),
        (
            "Ben *",
            True,
            "**Published 26 November 2026, 14:03 UTC by Ben \\***  \nSaved changes are not published yet.",
        ),
        (
            "",
            False,
            "**Readers see the case as it stood before it was first saved here, 26 November 2026, 14:03 UTC**",
        ),
    ],
)
def test_the_state_says_who_and_when(entry, by, stale, said):
    first = publications.publish(entry.folder, "Somebody")
    assert _state(entry, [first, replace(first, by=by, at=WHEN)], WORDS, stale=stale) == said


def test_a_case_that_was_never_published_says_what_its_address_shows(entry):
    assert _state(entry, (), WORDS, stale=False) == (
        "**Not published yet**  \nUntil it is, its address shows the case as it is saved."
    )
    publications.start(entry.folder)
    assert _state(entry, (), WORDS, stale=False) == "**Not published yet**"


# --- the list --------------------------------------------------------------------------------------------------------


def test_a_check_by_hand_is_open_until_somebody_signs_for_this_version(entry):
    listed = [Check("opens", "ok", "Opening moment"), Check("titles", "open", "Titles", ("event[1]",)), BY_HAND]
    assert [check.id for check in open_checks(entry, listed)] == ["titles", "rights"]
    signatures.sign(entry.folder, "rights", "Ada")
    assert [check.id for check in open_checks(entry, listed)] == ["titles"]
    file = entry.folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('title.en = "', 'title.en = "Other: ', 1))
    assert [check.id for check in open_checks(entry, listed)] == ["titles", "rights"]


def test_a_damaged_record_of_signatures_leaves_the_checks_open(entry):
    (entry.folder / "published").mkdir()
    (entry.folder / "published" / "signatures.json").write_text("{", encoding="utf-8")
    assert open_checks(entry, [BY_HAND]) == [BY_HAND]


@pytest.mark.usefixtures("entry")
def test_a_row_says_who_signed_and_what_can_be_done():
    before = _row(BY_HAND, None, "x", WORDS)
    assert (before["state"], before["notes"], [act["id"] for act in before["acts"]]) == ("open", [], ["sign"])
    assert before["acts"][0]["name"] == "Sign: Rights cleared"
    made = signatures.Signature("rights", "Ada", WHEN.isoformat(), "x", "cleared")
    row = _row(BY_HAND, made, "x", WORDS)
    assert (row["state"], [act["id"] for act in row["acts"]]) == ("ok", ["take-back"])
    assert row["notes"] == ["Signed by Ada, 26 November 2026, 14:03 UTC", "cleared"]
    row = _row(BY_HAND, made, "y", WORDS)
    assert (row["state"], [act["id"] for act in row["acts"]]) == ("open", ["sign", "take-back"])
    assert row["notes"][0].endswith("for an earlier version")


@pytest.mark.usefixtures("entry")
def test_what_is_worked_out_is_not_signed():
    made = signatures.Signature("titles", "Ada", WHEN.isoformat(), "x")
    row = _row(Check("titles", "open", "Titles", ("event[1]", "event[2]")), made, "x", WORDS)
    assert (row["state"], row["notes"], row["acts"], row["places"]) == ("open", [], [], "2 places")


def test_open_checks_are_counted():
    assert [told(count, WORDS) for count in (0, 1, 2)] == ["No check open", "1 check open", "2 checks open"]
