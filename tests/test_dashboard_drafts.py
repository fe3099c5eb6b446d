from __future__ import annotations

import io
import shutil
import sqlite3
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from small_case import TEXT

from geo.dashboard import dropped, steps
from geo.dashboard.drafts import FOLDER, Drafts, slug_for
from geo.dashboard.naming import file_name
from geo.errors import CaseError, FlightcaseError, TrackError


@pytest.fixture
def library(tmp_path):
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "case.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def drafts(library):
    return Drafts(library)


class History(RuleBasedStateMachine):
    """A draft against a plain list of texts and a number."""

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.id = Drafts(self.folder).new("made", "a = 0\n").id
        self.texts, self.names, self.at = ["a = 0\n"], [""], 0

    @rule(text=st.text(st.characters(exclude_categories=["Cs"])), what=st.text("ab", max_size=3))
    def change(self, text, what):
        Drafts(self.folder).change(self.id, text, what)
        self.texts[self.at + 1 :], self.names[self.at + 1 :] = [text], [what]
        self.at += 1

    @rule()
    def undo(self):
        Drafts(self.folder).undo(self.id)
        self.at = max(0, self.at - 1)

    @rule()
    def redo(self):
        Drafts(self.folder).redo(self.id)
        self.at = min(len(self.texts) - 1, self.at + 1)

    @rule()
    def discard(self):
        drafts = Drafts(self.folder)
        drafts.discard(self.id)
        assert drafts.get(self.id) is None
        for done in (drafts.undo, drafts.redo, drafts.sure):
            with pytest.raises(FlightcaseError, match="no longer there"):
                done(self.id)
        with pytest.raises(FlightcaseError, match="no longer there"):
            drafts.change(self.id, "", "")
        self.id = drafts.new("made", "b = 1\n").id
        self.texts, self.names, self.at = ["b = 1\n"], [""], 0

    @invariant()
    def agrees(self):
        found = Drafts(self.folder).get(self.id)
        ahead = [*self.names[self.at + 1 :], ""][0]
        assert (found.text, found.step, found.last) == (self.texts[self.at], self.at, len(self.texts) - 1)
        assert (found.what, found.ahead, found.slug) == (self.names[self.at], ahead, "made")
        assert [change.what for change in Drafts(self.folder).history(self.id)] == self.names
        assert Drafts(self.folder).of() == Drafts(self.folder).of("made") == [found]

    def teardown(self):
        shutil.rmtree(self.folder)


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


def test_looking_at_a_library_writes_nothing(drafts, library):
    assert drafts.of() == []
    assert drafts.get("nothing") is None
    assert drafts.others("small", "me") == []
    drafts.seen("nothing", "me")
    assert not (library / FOLDER / "files").exists()
    assert [path.name for path in library.iterdir() if path.name != FOLDER] == ["small"]


@pytest.fixture(params=["taken", "closed"])
def unwritable(request, library):
    """A library where nothing can be written, for root too."""
    if request.param == "taken":
        (library / FOLDER).write_text("a file is where the drafts would lie", encoding="utf-8")
        return library
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has /proc")
    return Path("/proc")


def test_a_library_that_cannot_be_written_has_no_drafts_and_says_what_to_do(unwritable):
    drafts = Drafts(unwritable)
    assert drafts.of() == []
    with pytest.raises(FlightcaseError, match=r"nothing can be changed here.*flightcase serve FOLDER"):
        drafts.new("made", TEXT)


@pytest.mark.parametrize("slug", ["", ".", "..", ".flightcase", "a/b", "../small", "a\\b", "a\0b", "n" * 300])
def test_a_name_that_leads_elsewhere_is_none_of_a_case(drafts, slug):
    for begin in (drafts.begin, lambda name: drafts.new(name, TEXT)):
        with pytest.raises(FlightcaseError, match="cannot be the name of a case folder"):
            begin(slug)


@pytest.mark.parametrize(
    ("content", "wrong", "told"),
    [
        (b"a = ", CaseError, "not TOML"),
        (b'a = "\xff"', FlightcaseError, "byte 5 is no UTF-8"),
        (None, FlightcaseError, "read"),
    ],
)
def test_what_is_no_case_file_has_no_draft(drafts, library, content, wrong, told):
    (library / "other").mkdir()
    if content is not None:
        (library / "other" / "case.toml").write_bytes(content)
    with pytest.raises(wrong, match=told):
        drafts.begin("other")
    assert drafts.of() == []


def test_two_new_cases_never_have_one_name(drafts, library):
    (library / "Made-2").mkdir()
    assert [drafts.new("made", TEXT).slug for _ in range(3)] == ["made", "made-3", "made-4"]
    assert drafts.new("SMALL", TEXT).slug == "SMALL-2"
    assert {"small", "Made-2", "made", "made-3"} <= drafts.slugs()


def test_one_case_has_the_same_drafts_as_in_its_library(drafts, library):
    draft = drafts.begin("small")
    drafts.new("made", TEXT)
    alone = Drafts(library / "small")
    assert alone.get(draft.id) == draft
    assert alone.of() == [draft]
    assert alone.folder("small") == library / "small"
    with pytest.raises(FlightcaseError, match="start it on a folder of cases"):
        alone.new("made", TEXT)


def test_a_text_that_no_file_can_hold_is_refused(drafts):
    draft = drafts.begin("small")
    drafts.change(draft.id, "#" * (steps.MOST_BYTES - 1), "")
    with pytest.raises(FlightcaseError, match="would have 5,000,000 bytes"):
        drafts.change(draft.id, "é" * (steps.MOST_BYTES // 2), "")
    with pytest.raises(FlightcaseError, match="lone surrogate"):
        drafts.change(draft.id, "\ud800", "")
    assert drafts.get(draft.id).step == 1


def test_many_at_work_all_get_their_turn(library):
    made = [Drafts(library).begin("small").id for _ in range(20)]

    def work(id_):
        for number in range(10):
            Drafts(library).change(id_, f"# {id_} {number}", "")
            Drafts(library).seen(id_, id_)

    with ThreadPoolExecutor(len(made)) as threads:
        assert list(threads.map(work, made)) == [None] * 20
    assert {(draft.step, draft.text) for draft in Drafts(library).of()} == {(10, f"# {id_} 9") for id_ in made}
    assert len(Drafts(library).others("small", "")) == 20


def test_the_oldest_texts_go_when_there_are_too_many(drafts, monkeypatch):
    monkeypatch.setattr(steps, "_KEPT_BYTES", 1000)
    id_ = drafts.begin("small").id
    for number in range(70):
        drafts.change(id_, f"# {number:098}", str(number))
    found = drafts.get(id_)
    assert (found.step, found.last, found.first) == (70, 70, 55)
    for _ in range(100):
        found = drafts.undo(id_)
    assert (found.step, found.what) == (55, "54")


def test_a_base_that_is_damaged_or_newer_is_told(drafts, library):
    id_ = drafts.begin("small").id
    file = library / FOLDER / "drafts.sqlite3"
    with sqlite3.connect(file) as base:
        base.execute("pragma user_version = 99")
    base.close()
    with pytest.raises(FlightcaseError, match="newer Flightcase"):
        drafts.get(id_)
    file.write_bytes(b"no base at all, " * 100)
    with pytest.raises(FlightcaseError, match="is damaged"):
        drafts.get(id_)


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("brought", "kept"),
    [
        ("track.csv", "track.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\flights\\a b.csv", "a b.csv"),
        ("/", "track"),
        ("", "track"),
        (".", "track"),
        ("..", "track"),
        ("a\0b\n.csv", "ab.csv"),
        ("case.toml", "case-2.toml"),
        ("CASE.TOML", "CASE-2.TOML"),
        ("sources.md", "sources-2.md"),
        ("published", "published-2"),
        ("con", "track-con"),
        ("NUL.csv.gz", "track-NUL.csv.gz"),
        ("trailing. . ", "trailing"),
        (".git", "track.git"),
        ("..hidden.csv", "hidden.csv"),
        ("-rf.csv", "rf.csv"),
        ('a:b*?<>|"$(x).csv', "a-b-x.csv"),
        ("\u202evsc.kcart", "vsc.kcart"),
        ("\ud800.csv", "track.csv"),
        ("Гро\u0301зный.csv", "Гро\u0301зный.csv"),
        ("cafe\u0301.csv", "caf\u00e9.csv"),
        ("n" * 300 + ".csv.gz", "n" * 113 + ".csv.gz"),
        ("ж" * 300 + ".csv", "ж" * 58 + ".csv"),
    ],
)
def test_a_file_gets_a_name_that_every_disk_can_hold(drafts, library, brought, kept):
    draft = drafts.begin("small")
    assert drafts.add_file(draft.id, brought, b"content") == kept
    assert drafts.file("small", draft.id, kept).read_bytes() == b"content"
    assert (library / "small" / "case.toml").read_text(encoding="utf-8") == TEXT
    assert [path.name for path in drafts.files(draft.id).iterdir()] == [kept]


@given(st.text(max_size=200), st.sets(st.text(max_size=5), max_size=5))
def test_a_mended_name_is_sound(wanted, taken):
    name = file_name(wanted, taken)
    assert 0 < len(name.encode()) <= 130
    assert not set(name) & set('/\\\0:*?"<>|\n')
    assert not name.startswith((".", "-", " "))
    assert not name.endswith((".", " "))
    assert name.casefold() not in {each.casefold() for each in taken}
    assert file_name(name, ()) == name


def test_a_name_never_comes_to_mean_another_file(drafts, library):
    (library / "small" / "Track.csv").write_bytes(b"there")
    one, two, far = drafts.begin("small"), drafts.begin("small"), drafts.new("made", TEXT)
    names = [drafts.add_file(draft.id, "track.csv", io.BytesIO(b"x")) for draft in (one, two, one, far)]
    assert names == ["track-2.csv", "track-3.csv", "track-4.csv", "track.csv"]
    assert drafts.file("small", one.id, "Track.csv").read_bytes() == b"there"


def test_files_have_a_limit_and_leave_nothing_when_they_pass_it(drafts, monkeypatch):
    monkeypatch.setattr(dropped, "MOST_BYTES", 3_000_000)
    draft = drafts.begin("small")
    drafts.add_file(draft.id, "a.csv", bytes(2_000_000))
    with pytest.raises(FlightcaseError, match="more than 3,000,000 bytes"):
        drafts.add_file(draft.id, "b.csv", io.BytesIO(bytes(1_000_001)))
    drafts.add_file(draft.id, "c.csv", bytes(1_000_000))
    assert sorted(path.name for path in drafts.files(draft.id).iterdir()) == ["a.csv", "c.csv"]


@pytest.mark.parametrize("name", ["../other/secret", "/etc/passwd", "link", "a\0b", "n" * 5000])
def test_no_file_is_found_outside_the_case(drafts, library, name):
    (library / "other").mkdir()
    (library / "other" / "secret").write_bytes(b"secret")
    (library / "small" / "link").symlink_to(library / "other" / "secret")
    draft = drafts.begin("small")
    with pytest.raises(TrackError):
        drafts.file("small", draft.id, name)
    assert not drafts.file("small", draft.id, "nothing.csv").exists()


def test_discarding_takes_the_files_and_nothing_else(drafts, library):
    one, two = drafts.begin("small"), drafts.begin("small")
    for draft in (one, two):
        drafts.add_file(draft.id, "a.csv", b"x")
    drafts.seen(one.id, "me")
    drafts.discard(one.id)
    drafts.discard("../../small")
    drafts.discard("")
    assert not drafts.files(one.id).exists()
    assert drafts.files(two.id).exists()
    assert drafts.others("small", "you") == []
    assert (library / "small" / "case.toml").exists()


def test_files_of_drafts_that_are_gone_are_tidied(drafts):
    kept = drafts.begin("small")
    drafts.add_file(kept.id, "a.csv", b"x")
    drafts.files("gone").mkdir()
    drafts.begin("small")
    assert [path.name for path in drafts.files("gone").parent.iterdir()] == [kept.id]


# --- who is here -----------------------------------------------------------------------------------------------------


def test_others_are_told_while_they_are_here(drafts, library):
    one, two = drafts.begin("small", "Ana"), drafts.begin("small", "Ben")
    drafts.seen(one.id, "session-a", "Ana")
    drafts.seen(two.id, "session-b", "Ben")
    drafts.seen("gone", "session-c", "Cleo")
    assert [(id_, by) for id_, by, _ in drafts.others("small", "session-b")] == [(one.id, "Ana")]
    assert {by for _, by, _ in drafts.others("small", "")} == {"Ana", "Ben"}
    assert drafts.others("other", "") == []
    drafts.seen(one.id, "session-a", "Ana B.")
    assert {by for _, by, _ in drafts.others("small", "")} == {"Ana B.", "Ben"}
    with sqlite3.connect(library / FOLDER / "drafts.sqlite3") as base:
        base.execute("update present set seen = '2024-01-01T00:00:00.000+00:00' where by = 'Ben'")
    base.close()
    assert {by for _, by, _ in drafts.others("small", "")} == {"Ana B."}
    drafts.seen(one.id, "session-d", "Dan")
    with sqlite3.connect(library / FOLDER / "drafts.sqlite3") as base:
        assert {by for (by,) in base.execute("select by from present")} == {"Ana B.", "Dan"}
    base.close()


# --- names of cases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "day", "ends", "taken", "slug"),
    [
        ("J2-8243", date(2024, 12, 25), ("Baku", "Grozny"), (), "j2-8243"),
        ("J2-8243", date(2024, 12, 25), ("Baku", "Grozny"), ("J2-8243",), "j2-8243-2024-12-25"),
        ("J2 8243", None, ("Baku", "Grozny"), ("j2-8243",), "j2-8243-2"),
        ("", date(2024, 12, 25), ("Bak\u0131", "Грозный"), (), "baki-groznyy-2024-12-25"),
        ("", date(2024, 12, 25), ("Baku", "Grozny"), ("baku-grozny-2024-12-25",), "baku-grozny-2024-12-25-2"),
        ("", None, ("", ""), ("case",), "case-2"),
        ("con", None, (), (), "case-con"),
        ("../..", None, ("/",), (), "case"),
    ],
)
def test_a_case_folder_is_named_after_the_flight(number, day, ends, taken, slug):
    assert slug_for(number, day, ends, taken) == slug


@given(st.text(max_size=80), st.none() | st.dates(), st.lists(st.text(max_size=60), max_size=2))
def test_every_name_of_a_case_is_an_id_too(number, day, ends):
    first = slug_for(number, day, ends, ())
    second = slug_for(number, day, ends, {first.upper()})
    assert first != second
    for slug in (first, second):
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert slug.strip("-") == slug
        assert len(slug) <= 64
