from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_case import TEXT, TRACK, rows

from geo import casefile
from geo.dashboard import publications, saving
from geo.dashboard.drafts import FOLDER, Drafts
from geo.dashboard.saving import is_behind, is_clean, save, save_as, take_theirs
from geo.errors import CaseError, FlightcaseError, SaveConflict
from geo.resources import data

TODAY = f"updated = {datetime.now(UTC):%Y-%m-%d}  # by hand"
OTHER = TEXT.replace("what the author wrote", "what somebody else wrote")


def changed(text):
    return text.replace("Take-off", "Took off")


def today(text):
    return text.replace("updated = 2024-12-26  # by hand", TODAY)


@pytest.fixture
def library(tmp_path):
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "case.toml").write_bytes(TEXT.encode())
    return tmp_path


@pytest.fixture
def drafts(library):
    return Drafts(library)


@pytest.fixture
def file(library):
    return library / "small" / "case.toml"


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "spell",
    [str, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text],
    ids=["plain", "Windows", "marked"],
)
def test_a_saved_file_is_the_draft_and_the_day(drafts, file, spell):
    file.write_bytes(spell(TEXT).encode())
    draft = drafts.begin("small")
    assert is_clean(drafts, draft)
    draft = drafts.change(draft.id, changed(draft.text), "Title")
    assert not is_clean(drafts, draft)
    assert save(drafts, draft, "Ana") == file.parent
    assert file.read_bytes() == today(spell(changed(TEXT))).encode()
    after = drafts.get(draft.id)
    assert is_clean(drafts, after)
    assert (after.step, after.saved, after.what) == (1, 1, "Title")
    assert drafts.last_saved("small")[1] == "Ana"
    assert not is_behind(drafts, after)


def test_saving_nothing_changes_nothing(drafts, file):
    state = file.stat()
    save(drafts, drafts.begin("small"), "")
    assert (file.read_bytes(), file.stat().st_ino) == (TEXT.encode(), state.st_ino)
    assert names(file.parent) == ["case.toml"]


def test_a_file_without_the_day_gets_it_among_its_values(drafts, file):
    file.write_text(TEXT.replace("updated = 2024-12-26  # by hand\n", ""), encoding="utf-8")
    draft = drafts.begin("small")
    save(drafts, drafts.change(draft.id, changed(draft.text), ""), "")
    assert casefile.read(file).updated == datetime.now(UTC).date()


def test_undo_goes_back_behind_a_save(drafts, file):
    draft = drafts.begin("small")
    save(drafts, drafts.change(draft.id, changed(TEXT), ""), "")
    back = drafts.undo(draft.id)
    assert back.text == TEXT
    save(drafts, back, "")
    assert file.read_text(encoding="utf-8") == today(TEXT)


def test_a_draft_with_problems_is_not_saved(drafts, file):
    draft = drafts.begin("small")
    draft = drafts.change(draft.id, TEXT.replace('"S01"]', '"S02"]') + TRACK.format(name="none.csv"), "")
    found = saving.problems(drafts, draft)
    assert [problem.place[:3] for problem in found] == [("event", 0, "sources"), ("track", 0, "file")]
    with pytest.raises(CaseError, match="source 'S02' is not listed"):
        save(drafts, draft, "")
    with pytest.raises(CaseError, match="this is not TOML"):
        save(drafts, drafts.change(draft.id, "title = ", ""), "")
    assert file.read_bytes() == TEXT.encode()
    assert names(file.parent) == ["case.toml"]


def test_a_track_of_an_impossible_name_is_a_problem_and_no_failure(drafts, file):
    text = TEXT + TRACK.format(name="n" * 300)
    draft = drafts.begin("small")
    (found,) = saving.problems(drafts, drafts.change(draft.id, text, ""))
    assert "no file can have this name" in found.message
    file.write_text(text, encoding="utf-8")
    (found,) = casefile.check(file)
    assert "there is no such file" in found.message


# --- tracks ----------------------------------------------------------------------------------------------------------


def test_tracks_come_along_when_they_are_named(drafts, file):
    draft = drafts.begin("small")
    name = drafts.add_file(draft.id, "track.csv", rows(30))
    drafts.add_file(draft.id, "unused.csv", rows(20))
    draft = drafts.change(draft.id, TEXT + TRACK.format(name=name), "Track")
    assert not saving.problems(drafts, draft)
    save(drafts, draft, "")
    assert (file.parent / name).read_bytes() == rows(30)
    assert "unused.csv" not in names(file.parent)
    assert len(casefile.read(file).recorded) == 1
    save(drafts, drafts.undo(draft.id), "")
    assert (file.parent / name).read_bytes() == rows(30), "what lies in a case folder is never taken away"
    save(drafts, drafts.redo(draft.id), "")
    assert len(casefile.read(file).recorded) == 1


def test_a_file_that_somebody_put_there_is_not_overwritten(drafts, file):
    draft = drafts.begin("small")
    name = drafts.add_file(draft.id, "track.csv", rows(30))
    draft = drafts.change(draft.id, TEXT + TRACK.format(name=name), "Track")
    (file.parent / name).write_bytes(rows(25))
    with pytest.raises(FlightcaseError, match=r"track\.csv is in the case folder already"):
        save(drafts, draft, "")
    assert (file.parent / name).read_bytes() == rows(25)
    assert file.read_bytes() == TEXT.encode()
    again = drafts.add_file(draft.id, "track.csv", rows(30))
    save(drafts, drafts.change(draft.id, TEXT + TRACK.format(name=again), "Track"), "")
    assert (file.parent / again).read_bytes() == rows(30)


def test_what_a_killed_save_left_is_tidied(drafts, file):
    (file.parent / ".flightcase-0123").write_bytes(b"half")
    (file.parent / ".case-now.toml").write_bytes(b"somebody may be writing it")
    draft = drafts.begin("small")
    (drafts.store / "new-0123").mkdir()
    save(drafts, drafts.change(draft.id, changed(TEXT), ""), "")
    save(drafts, drafts.new("made", TEXT), "")
    assert ".flightcase-0123" not in names(file.parent)
    assert ".case-now.toml" in names(file.parent)
    assert not list(drafts.store.glob("new-*"))


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no second disk here")  # noqa: S108  only looked at
def test_a_case_folder_may_lie_on_another_disk(drafts, library):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as far:
        shutil.copy(library / "small" / "case.toml", far)
        (library / "far").symlink_to(far)
        draft = drafts.begin("far")
        name = drafts.add_file(draft.id, "track.csv", rows(30))
        save(drafts, drafts.change(draft.id, TEXT + TRACK.format(name=name), ""), "")
        assert len(casefile.read(far).recorded) == 1


# --- new cases -------------------------------------------------------------------------------------------------------


def test_a_new_case_is_there_at_once_and_for_nobody_yet(drafts, library):
    draft = drafts.new("made", TEXT)
    name = drafts.add_file(draft.id, "track.csv", rows(30))
    draft = drafts.change(draft.id, TEXT + TRACK.format(name=name), "")
    folder = save(drafts, draft, "Ana")
    assert folder == library / "made"
    assert names(folder) == ["case.toml", "published/record.json", "track.csv"]
    assert (publications.publications(folder), publications.is_kept(folder)) == ((), True)
    after = drafts.get(draft.id)
    assert is_clean(drafts, after)
    assert after.slug == "made"
    assert not casefile.check(folder)
    save(drafts, drafts.change(draft.id, changed(after.text), ""), "Ana")
    assert publications.publications(folder) == ()


def test_a_name_that_was_taken_meanwhile_is_left_to_its_owner(drafts, library):
    draft = drafts.new("made", TEXT.replace('"small"', '"made"'))
    (library / "made").mkdir()
    (library / "made" / "case.toml").write_text(OTHER, encoding="utf-8")
    folder = save(drafts, draft, "")
    assert folder == library / "made-2"
    assert (library / "made" / "case.toml").read_text(encoding="utf-8") == OTHER
    assert casefile.read(folder).id == "made-2"
    assert drafts.get(draft.id).slug == "made-2"
    assert is_clean(drafts, drafts.get(draft.id))


def test_a_case_is_saved_beside(drafts, library, file):
    (file.parent / "old.csv").write_bytes(rows(40))
    draft = drafts.begin("small")
    name = drafts.add_file(draft.id, "new.csv", rows(30))
    text = changed(TEXT) + TRACK.format(name="old.csv") + TRACK.format(name=name)
    folder = save_as(drafts, drafts.change(draft.id, text, ""), "beside", "Ana")
    assert folder == library / "beside"
    assert names(folder) == ["case.toml", "new.csv", "old.csv", "published/record.json"]
    assert file.read_bytes() == TEXT.encode()
    assert casefile.read(folder).id == "beside"
    assert drafts.get(draft.id).slug == "beside"
    assert drafts.of("small") == []
    assert save_as(drafts, drafts.get(draft.id), "beside") == library / "beside-2"
    with pytest.raises(FlightcaseError, match="cannot be the name"):
        save_as(drafts, drafts.get(draft.id), "../out")


# --- somebody else ---------------------------------------------------------------------------------------------------


@pytest.fixture
def behind(drafts, file):
    """A draft with a change, of a case that somebody else changed meanwhile."""
    draft = drafts.begin("small")
    draft = drafts.change(draft.id, changed(TEXT), "Title")
    file.write_text(OTHER, encoding="utf-8")
    assert is_behind(drafts, draft)
    return draft


def test_what_changed_on_disk_is_shown_and_not_overwritten(drafts, behind, file):
    with pytest.raises(SaveConflict, match="changed on disk") as caught:
        save(drafts, behind, "")
    assert (caught.value.ours, caught.value.theirs) == (changed(TEXT), OTHER)
    marked = [line for line in caught.value.diff.splitlines() if line[0] in "+-"]
    assert marked == [
        "--- on disk",
        "+++ this draft",
        "-# what somebody else wrote beside it stays",
        "+# what the author wrote beside it stays",
        '-title.en = "Take-off"   # spelt as the report has it',
        '+title.en = "Took off"   # spelt as the report has it',
    ]
    assert file.read_text(encoding="utf-8") == OTHER


def test_ours_over_theirs_keeps_theirs(drafts, behind, file):
    save(drafts, behind, "", over=True)
    assert file.read_text(encoding="utf-8") == today(changed(TEXT))
    (kept,) = (drafts.store / "kept").iterdir()
    assert kept.name.startswith("small-20")
    assert kept.read_text(encoding="utf-8") == OTHER
    assert not is_behind(drafts, drafts.get(behind.id))


def test_theirs_over_ours_can_be_undone(drafts, behind, file):
    taken = take_theirs(drafts, behind, "Theirs")
    assert (taken.text, taken.what, taken.step) == (OTHER, "Theirs", 2)
    assert is_clean(drafts, taken)
    back = drafts.undo(behind.id)
    assert (back.text, is_behind(drafts, back)) == (changed(TEXT), False)
    save(drafts, back, "")
    assert file.read_text(encoding="utf-8") == today(changed(TEXT))


def test_the_same_change_by_two_is_no_conflict(drafts, behind, file):
    file.write_text(changed(TEXT), encoding="utf-8")
    assert not is_behind(drafts, behind)
    save(drafts, behind, "")
    assert file.read_text(encoding="utf-8") == changed(TEXT)
    assert not is_behind(drafts, drafts.change(behind.id, TEXT, ""))


def test_a_case_that_was_taken_away_is_told(drafts, behind, file):
    shutil.rmtree(file.parent)
    with pytest.raises(SaveConflict) as caught:
        save(drafts, behind, "")
    assert caught.value.theirs == ""
    with pytest.raises(FlightcaseError, match="no longer there"):
        take_theirs(drafts, behind)
    save(drafts, behind, "", over=True)
    assert file.read_text(encoding="utf-8") == today(changed(TEXT))


def test_a_save_that_was_killed_is_no_conflict_afterwards(drafts, file):
    draft = drafts.begin("small")
    draft = drafts.change(draft.id, changed(TEXT), "")
    after = today(changed(TEXT))
    drafts.intend(draft, "small", after, saving.hash_of(after.encode()))
    file.write_bytes(after.encode())  # and here the server was stopped, before it noted that it had saved
    draft = drafts.get(draft.id)
    assert is_clean(drafts, draft)
    draft = drafts.change(draft.id, after.replace("Took off", "Left the ground"), "")
    assert not is_behind(drafts, draft)
    save(drafts, draft, "")
    assert "Left the ground" in file.read_text(encoding="utf-8")


SAVER = """
import sys
from pathlib import Path
from geo.dashboard.drafts import Drafts
from geo.dashboard.saving import save
from geo.errors import SaveConflict
drafts = Drafts(Path(sys.argv[1]))
draft = drafts.sure(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
try:
    save(drafts, draft, "")
    print("saved")
except SaveConflict:
    print("conflict")
"""


def test_of_two_processes_that_save_at_once_one_is_told(drafts, library, file):
    made = [drafts.begin("small"), drafts.begin("small")]
    texts = [changed(TEXT), OTHER]
    for draft, text in zip(made, texts, strict=True):
        drafts.change(draft.id, text, "")
    command = [sys.executable, "-c", SAVER, str(library)]
    running = [
        subprocess.Popen([*command, draft.id], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for draft in made
    ]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0].strip() for process in running]
    assert sorted(said) == ["conflict", "saved"]
    assert file.read_text(encoding="utf-8") == today(texts[said.index("saved")])


def test_a_case_of_the_library_keeps_every_byte_that_it_need_not_change(tmp_path):
    shutil.copytree(data("cases", "jl516"), tmp_path / "jl516")
    drafts = Drafts(tmp_path)
    draft = drafts.begin("jl516")
    before = draft.text
    save(drafts, drafts.change(draft.id, before.replace("collided on landing", "collided at Haneda"), ""), "")
    after = (tmp_path / "jl516" / "case.toml").read_bytes().decode()
    differ = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [new for _, new in differ] == [
        'outcome.en = "collided at Haneda"',
        f"updated = {datetime.now(UTC):%Y-%m-%d}",
    ]
    assert (tmp_path / FOLDER / ".gitignore").read_text(encoding="utf-8") == "*\n"
