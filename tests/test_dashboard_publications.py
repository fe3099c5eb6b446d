from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime

import pytest
from small_case import TEXT, TRACK, rows

from geo import casefile
from geo.dashboard.drafts import Drafts
from geo.dashboard.publications import freeze, is_kept, is_stale, page, publications, publish
from geo.dashboard.saving import is_behind, is_clean, save
from geo.errors import CaseError, CorrectionNeeded, FlightcaseError

TODAY = datetime.now(UTC).date()
REASON = {"en": "The time of take-off was an hour off.", "de": "Die Zeit des Starts war eine Stunde falsch."}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "case.toml").write_text(TEXT + TRACK.format(name="track.csv"), encoding="utf-8")
    (folder / "track.csv").write_bytes(rows(30))
    return folder


@pytest.fixture
def drafts(folder):
    return Drafts(folder.parent)


def edit(drafts, old, new, draft=None):
    """Change the case by a draft, and save it."""
    draft = draft or drafts.begin("small", "Ana")
    draft = drafts.change(draft.id, draft.text.replace(old, new), "")
    save(drafts, draft, "Ana")
    return drafts.get(draft.id)


def test_what_was_never_published_has_no_page(folder):
    assert publications(folder) == ()
    assert page(folder, "en") is None
    assert not is_kept(folder)
    assert not is_stale(folder)


def test_a_case_is_published_in_each_of_its_languages(folder):
    made = publish(folder, "Ana")
    assert publications(folder) == (made,)
    assert (made.by, dict(made.reason), list(made.pages), made.corrections) == ("Ana", {}, ["en", "de"], 0)
    for language, title in (("en", "A flight from Baku to Grozny"), ("de", "Ein Flug von Baku nach Grosny")):
        content = page(folder, language)
        assert title.encode() in content
        assert made.pages[language].bytes == len(content)
        assert made.pages[language].file == f"{language}-{hashlib.sha256(content).hexdigest()[:12]}.html"
    assert page(folder, "fr") is None
    assert not is_stale(folder)
    assert publish(folder, "Ben", reason=REASON) == made, "nothing changed, so nothing is published"
    assert publications(folder) == (made,)


def test_languages_are_chosen_and_never_left_behind(folder, drafts):
    publish(folder, "", ["de"])
    assert page(folder, "en") is None
    with pytest.raises(FlightcaseError, match="the case is not told in fr"):
        publish(folder, "", ["fr"])
    both = publish(folder, "", ["en"])
    assert list(both.pages) == ["en", "de"]
    assert dict(both.reason) == {}, "another language of the same case corrects nothing"
    edit(drafts, 'title.de = "Ein Flug von Baku nach Grosny"\n', "")
    last = publish(folder, "", reason={"en": REASON["en"]})
    assert last.pages["de"] == both.pages["de"], "a page that is embedded stays, though the language is gone"
    assert last.pages["en"] != both.pages["en"]


def test_a_published_page_changes_with_a_reason_alone(folder, drafts):
    first = publish(folder, "Ana")
    before = page(folder, "en")
    draft = edit(drafts, "03:55", "04:55")
    assert is_stale(folder)
    assert page(folder, "en") == before, "saving changes no page"
    for reason, missing in ((None, ("en", "de")), ({"en": "So."}, ("de",)), ({"en": " ", "de": "So."}, ("en",))):
        with pytest.raises(CorrectionNeeded, match="say why in") as caught:
            publish(folder, "Ana", reason=reason)
        assert caught.value.languages == missing
    assert page(folder, "en") == before
    second = publish(folder, "Ben", reason=REASON)
    assert publications(folder) == (first, second)
    assert (dict(second.reason), second.corrections) == (REASON, 1)
    assert REASON["de"].encode() in page(folder, "de")
    assert not is_stale(folder)
    (told,) = casefile.read(folder).corrections
    assert (told.on, told.text.written()) == (TODAY, REASON)
    assert len(list((folder / "published").glob("*.html"))) == 4, "the pages of before are the archive"
    # Those who are at work go on from the file with the correction, and cannot lose it.
    draft = drafts.get(draft.id)
    assert is_clean(drafts, draft)
    assert not is_behind(drafts, draft)
    save(drafts, drafts.undo(draft.id), "Ana")
    assert casefile.read(folder).corrections == (told,)


def test_a_draft_with_changes_takes_the_correction_along(folder, drafts):
    publish(folder, "Ana")
    edit(drafts, "03:55", "04:55")
    other = drafts.begin("small")
    other = drafts.change(other.id, other.text.replace("Take-off", "Took off"), "Title")
    publish(folder, "Ana", reason=REASON)
    other = drafts.get(other.id)
    assert not is_behind(drafts, other)
    assert REASON["en"] in other.text
    assert "Took off" in other.text
    save(drafts, other, "")
    assert len(casefile.read(folder).corrections) == 1


def test_a_correction_written_by_hand_tells_readers_too(folder):
    publish(folder, "Ana")
    file = folder / "case.toml"
    text = file.read_text(encoding="utf-8").replace("03:55", "04:55")
    file.write_text(text + f'[[correction]]\non = {TODAY}\ntext.en = "By hand."\n', encoding="utf-8")
    made = publish(folder, "Ana")
    assert (dict(made.reason), made.corrections) == ({}, 1)
    assert b"By hand." in page(folder, "en")
    file.write_text(file.read_text(encoding="utf-8").replace("04:55", "05:55"), encoding="utf-8")
    with pytest.raises(CorrectionNeeded):
        publish(folder, "Ana")


def test_a_comment_is_no_change_for_readers(folder):
    made = publish(folder, "Ana")
    file = folder / "case.toml"
    file.write_text("# for colleagues\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert is_stale(folder)
    again = publish(folder, "Ben")
    assert (again.by, again.at, again.pages) == (made.by, made.at, made.pages)
    assert not is_stale(folder)
    assert len(publications(folder)) == 1


def test_another_track_is_another_page(folder):
    publish(folder, "Ana")
    (folder / "track.csv").write_bytes(rows(29))
    assert is_stale(folder)
    with pytest.raises(CorrectionNeeded):
        publish(folder, "Ana")
    (folder / "track.csv").unlink()
    assert is_stale(folder)


def test_a_case_with_problems_is_not_published(folder):
    file = folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"S01"]', '"S02"]'), encoding="utf-8")
    with pytest.raises(CaseError, match="S02"):
        publish(folder, "Ana")
    assert not is_kept(folder)


def test_saving_a_case_that_is_there_keeps_what_readers_have(folder, drafts):
    before = publish(folder.parent / "small", "Ana")
    expected = page(folder, "en")
    for file in (folder / "published").iterdir():
        file.unlink()
    draft = edit(drafts, "03:55", "04:55")
    (frozen,) = publications(folder)
    assert (frozen.by, frozen.pages, frozen.case) == ("", before.pages, before.case)
    assert page(folder, "en") == expected
    assert is_stale(folder)
    edit(drafts, "04:55", "05:55", draft)
    assert publications(folder) == (frozen,)


def test_what_cannot_be_shown_has_no_page_to_keep(folder, drafts):
    file = folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"S01"]', '"S02"]'), encoding="utf-8")
    freeze(folder)
    assert (is_kept(folder), publications(folder)) == (True, ())
    edit(drafts, '"S02"]', '"S01"]')
    assert page(folder, "en") is None
    assert publish(folder, "Ana").by == "Ana"


def test_a_damaged_page_is_an_error_and_publishing_mends_it(folder, drafts):
    made = publish(folder, "Ana")
    file = folder / "published" / made.pages["en"].file
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(FlightcaseError, match=r"en-\w+\.html is not the page that was published"):
        page(folder, "en")
    file.unlink()
    with pytest.raises(FlightcaseError, match="is not the page that was published"):
        page(folder, "en")
    assert publish(folder, "Ana") == made
    assert page(folder, "en") is not None
    edit(drafts, "03:55", "04:55")
    publish(folder, "Ana", reason=REASON)
    assert REASON["en"].encode() in page(folder, "en")


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "",
        lambda _: "[]",
        lambda record: json.dumps({**record, "format": 2}),
        lambda _: json.dumps({"format": 1}),
        lambda record: json.dumps(record).replace('"file": "en-', '"file": "../en-'),
        lambda record: json.dumps(record).replace('"sha256": "', '"sha256": "x'),
        lambda record: json.dumps(record).replace(f'"{record["publications"][0]["at"]}"', '"noon"'),
        lambda record: json.dumps({**record, "publications": [{**record["publications"][0], "pages": None}]}),
    ],
)
def test_a_damaged_record_is_told_and_not_guessed_at(folder, damage):
    publish(folder, "Ana")
    file = folder / "published" / "record.json"
    file.write_text(damage(json.loads(file.read_text(encoding="utf-8"))), encoding="utf-8")
    for use in (publications, lambda of: page(of, "en"), lambda of: publish(of, "Ana")):
        with pytest.raises(FlightcaseError, match=r"published/record\.json"):
            use(folder)


def test_no_page_is_read_from_outside_the_case(folder, tmp_path):
    made = publish(folder, "Ana")
    file = folder / "published" / made.pages["en"].file
    file.rename(tmp_path / "outside.html")
    file.symlink_to(tmp_path / "outside.html")
    with pytest.raises(FlightcaseError, match="is not the page"):
        page(folder, "en")


def test_readers_have_a_whole_page_while_it_is_published(folder, drafts):
    publish(folder, "Ana")
    done, seen = threading.Event(), []

    def read():
        while not done.is_set():
            seen.append(page(folder, "en"))

    reader = threading.Thread(target=read)
    reader.start()
    draft = None
    try:
        for hour in (4, 5, 6):
            draft = edit(drafts, f"T0{hour - 1}:55", f"T0{hour}:55", draft)
            publish(folder, "Ana", reason={"en": f"Hour {hour}.", "de": f"Stunde {hour}."})
    finally:
        done.set()
        reader.join()
    pages = [made.pages["en"].sha256 for made in publications(folder)]
    assert len(pages) == 4
    assert {hashlib.sha256(content).hexdigest() for content in seen} <= set(pages)
