from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import jsonschema
import pytest

from geo import casefile
from geo.errors import CaseError
from geo.model import Correction, Text
from geo.resources import data

BAD = Path(__file__).parent / "bad" / "cases"
SHIPPED = sorted(path.parent for path in data("cases").glob("*/case.toml"))


def expected(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / "case.toml").read_text(encoding="utf-8").splitlines()
    told = [line.removeprefix("# expects: ") for line in lines if line.startswith("# expects: ")]
    return [tuple(line.split(" | ", 1)) for line in told]


@pytest.mark.parametrize("folder", sorted(path.parent for path in BAD.glob("*/case.toml")), ids=lambda path: path.name)
def test_a_bad_case_says_what_is_wrong_where_and_what_to_write(folder, gazetteer):
    problems = casefile.check(folder, find=gazetteer.find)
    wanted = expected(folder)
    assert len(problems) == len(wanted), [str(problem) for problem in problems]
    for problem, (where, message) in zip(problems, wanted, strict=True):
        assert problem.where == where
        assert message in problem.message
    with pytest.raises(CaseError) as caught:
        casefile.read(folder, find=gazetteer.find)
    assert caught.value.problems == problems


def test_a_folder_without_a_case_says_so():
    with pytest.raises(CaseError, match=r"there is no case\.toml here"):
        casefile.read(BAD / "no_case_file")


def test_a_file_of_megabytes_is_not_read(tmp_path):
    (tmp_path / "case.toml").write_bytes(b"#" * 6_000_000)
    with pytest.raises(CaseError, match="at most 5,000,000"):
        casefile.read(tmp_path)


def test_a_file_that_is_no_utf_8_is_refused(tmp_path):
    (tmp_path / "case.toml").write_bytes('title = "Grüße"'.encode("latin-1"))
    with pytest.raises(CaseError, match="no UTF-8"):
        casefile.read(tmp_path)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_writing_what_was_read_changes_no_byte(folder, tmp_path, gazetteer):
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    before = (copy / "case.toml").read_bytes()
    casefile.write(casefile.read(copy, find=gazetteer.find), copy, find=gazetteer.find)
    assert (copy / "case.toml").read_bytes() == before


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_a_case_written_anew_reads_as_the_same(folder, tmp_path, gazetteer):
    case = casefile.read(folder, find=gazetteer.find)
    for track in case.tracks:
        (tmp_path / "new").mkdir(exist_ok=True)
        shutil.copyfile(folder / track.file, tmp_path / "new" / track.file)
    casefile.write(case, tmp_path / "new", find=gazetteer.find)
    again = casefile.read(tmp_path / "new", find=gazetteer.find)
    assert again.model_dump() == case.model_dump()


def test_one_change_leaves_every_other_line(tmp_path, gazetteer):
    folder = tmp_path / "case"
    shutil.copytree(data("cases", "j2-8243"), folder)
    before = (folder / "case.toml").read_text(encoding="utf-8")
    case = casefile.read(folder, find=gazetteer.find)
    events = list(case.events)
    events[3] = events[3].model_copy(update={"title": Text({"en": "Changed", "de": "Anders"})})
    casefile.write(case.model_copy(update={"events": tuple(events)}), folder, find=gazetteer.find)
    after = (folder / "case.toml").read_text(encoding="utf-8")
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [new for _, new in changed] == ['title.en = "Changed"', 'title.de = "Anders"']


def test_an_entry_is_added_and_taken_away(tmp_path, gazetteer):
    folder = tmp_path / "case"
    shutil.copytree(data("cases", "j2-8243"), folder)
    case = casefile.read(folder, find=gazetteer.find)
    correction = Correction.model_validate({"on": "2025-01-03", "text": "An hour was wrong"})
    fewer = case.model_copy(update={"events": case.events[:-1], "corrections": (correction,)})
    casefile.write(fewer, folder, find=gazetteer.find)
    again = casefile.read(folder, find=gazetteer.find)
    assert again.events == fewer.events
    assert again.corrections == (correction,)


def test_a_failed_write_leaves_the_old_file(tmp_path, gazetteer, monkeypatch):
    folder = tmp_path / "case"
    shutil.copytree(data("cases", "j2-8243"), folder)
    before = (folder / "case.toml").read_bytes()
    case = casefile.read(folder, find=gazetteer.find)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(OSError, match="No space"):
        casefile.write(case.model_copy(update={"id": "other"}), folder, find=gazetteer.find)
    monkeypatch.undo()
    assert (folder / "case.toml").read_bytes() == before
    assert {path.name for path in folder.iterdir()} == {path.name for path in data("cases", "j2-8243").iterdir()}


def as_json(value):
    """The document as an editor with the schema sees it: times are strings."""
    if isinstance(value, dict):
        return {key: as_json(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [as_json(entry) for entry in value]
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_shipped_cases_fit_the_schema(folder):
    document = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(casefile.schema())
    jsonschema.validate(as_json(document), casefile.schema())


@pytest.mark.parametrize(
    "name",
    [
        "unknown_key",
        "unknown_grade",
        "no_time_at_all",
        "ring_without_km",
        "text_of_no_language",
        "step_with_a_view_that_is_none",
        "step_with_two_views",
    ],
)
def test_the_schema_refuses_what_reading_refuses(name):
    document = tomllib.loads((BAD / name / "case.toml").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(document), casefile.schema())
