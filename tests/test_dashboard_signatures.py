from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.dashboard import library, signatures
from geo.dashboard.signatures import SECOND, entries, same, sign, signed, take_back, version
from geo.errors import FlightcaseError
from geo.resources import data


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(data("cases", "fr4978"), tmp_path / "fr4978")
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    return tmp_path / "fr4978"


def test_who_signs_is_kept_with_time_version_and_note(folder):
    made = sign(folder, "rights", "  Ada   Example ", "cleared with the agency\n")
    assert (made.by, made.note, made.case, made.withdrawn) == (
        "Ada Example",
        "cleared with the agency",
        version(folder),
        False,
    )
    assert made.time.utcoffset().total_seconds() == 0
    assert signed(folder) == {"rights": made}
    assert [file.name for file in (folder / "published").iterdir()] == ["signatures.json"]


def test_taking_back_is_an_entry_too(folder):
    first = sign(folder, "wording", "Ada")
    back = take_back(folder, "wording", "Ben", "one verb is stronger than its source")
    assert signed(folder) == {}
    assert entries(folder) == [first, back]
    again = sign(folder, "wording", "Ben")
    assert signed(folder) == {"wording": again}
    assert len(entries(folder)) == 3


def test_a_signature_is_for_the_version_that_was_there(folder):
    made = sign(folder, "dignity", "Ada")
    file = folder / "case.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('title.en = "', 'title.en = "Other: ', 1), encoding="utf-8")
    assert signed(folder)["dignity"].case == made.case != version(folder)
    file.write_text(text, encoding="utf-8")
    assert version(folder) == made.case


def test_a_correction_and_its_day_make_no_other_version(folder):
    before = version(folder)
    file = folder / "case.toml"
    text = file.read_text(encoding="utf-8")
    assert "\nupdated = " in text
    lines = ["updated = 2031-01-01" if line.startswith("updated = ") else line for line in text.splitlines()]
    more = ["# a comment", "[[correction]]", "on = 2031-01-01", 'text.en = "The time was wrong."', ""]
    file.write_text("\n".join([*lines, *more]), encoding="utf-8")
    assert version(folder) == before


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200e", "...", "\n"])
def test_a_signature_needs_a_name(folder, name):
    with pytest.raises(FlightcaseError, match="needs a name"):
        sign(folder, "rights", name)
    assert entries(folder) == []


def test_a_name_of_a_page_is_none(folder):
    with pytest.raises(FlightcaseError, match="201 characters"):
        sign(folder, "rights", "x" * 201)


@pytest.mark.parametrize("name", ["Ada Example", "  ada  EXAMPLE", "Ada\u200b Example", "\uff21da Example"])
def test_nobody_is_the_second_reader_of_their_own_case(folder, name):
    with pytest.raises(FlightcaseError, match="saved this case last"):
        sign(folder, SECOND, name, writer="Ada Example")
    assert sign(folder, SECOND, "Ben Example", writer="Ada Example").by == "Ben Example"
    assert sign(folder, "rights", name, writer="Ada Example").check == "rights"


def test_names_are_told_apart():
    assert same("Ada Example", "ada example")
    assert not same("Ada Example", "Ada Examples")


def test_a_name_that_turns_the_line_around_loses_the_sign_that_does_it(folder):
    assert sign(folder, "rights", "Ada \u202etxt.exe").by == "Ada txt.exe"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"format": 1, "signatures": [{"check": "rights"}]}',
        '{"format": 1, "signatures": [{"check": "a", "by": "b", "at": "noon", "case": ""}]}',
        '{"format": 1, "signatures": 3}',
        '{"format": 2, "signatures": []}',
    ],
)
def test_a_damaged_file_is_told_and_left(folder, text):
    file = folder / "published" / "signatures.json"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    for attempt in (lambda: signed(folder), lambda: sign(folder, "rights", "Ada")):
        with pytest.raises(FlightcaseError, match=r"signatures\.json"):
            attempt()
    assert file.read_text(encoding="utf-8") == text


def test_nobody_is_lost_when_many_sign_at_once(folder):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: sign(folder, "rights", f"Reader {number}"), range(24)))
    assert {entry.by for entry in entries(folder)} == {f"Reader {number}" for number in range(24)}
    kept = json.loads((folder / "published" / "signatures.json").read_text(encoding="utf-8"))
    assert (kept["format"], len(kept["signatures"])) == (1, 24)


def test_signing_does_not_publish_and_changes_no_stamp(folder):
    before = library.stamp(folder)
    sign(folder, "rights", "Ada")
    assert library.stamp(folder) == before
    assert not (folder / "published" / "record.json").exists()


def test_a_file_where_the_folder_should_be_is_told(folder):
    (folder / "published").write_text("", encoding="utf-8")
    with pytest.raises(FlightcaseError, match=signatures.NAME):
        sign(folder, "rights", "Ada")
