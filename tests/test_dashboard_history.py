from __future__ import annotations

import shutil

import pytest

from geo.dashboard.cases import draft_headline, is_unsaved
from geo.dashboard.drafts import Drafts
from geo.dashboard.edit.history import told
from geo.dashboard.edit.jumping import panel_names, panel_of
from geo.resources import data
from geo.scene.words import Words

WORDS = Words("en")


@pytest.fixture
def drafts(tmp_path):
    shutil.copytree(data("cases", "jl516"), tmp_path / "jl516")
    return Drafts(tmp_path)


def test_a_draft_says_how_it_stands(drafts):
    draft = drafts.begin("jl516")
    assert told(draft, 0, WORDS) == "As saved"
    assert not is_unsaved(draft)
    changed = drafts.change(draft.id, draft.text + "# one\n", "One")
    assert told(changed, 0, WORDS) == "Not saved: 1 change"
    assert is_unsaved(changed)
    again = drafts.change(draft.id, draft.text + "# two\n", "Two")
    assert told(again, 0, WORDS) == "Not saved: 2 changes"
    assert told(again, 1, WORDS) == "Draft, 1 open finding"
    assert told(again, 3, WORDS) == "Draft, 3 open findings"
    drafts.undo(draft.id)
    assert told(drafts.undo(draft.id), 0, WORDS) == "As saved"


def test_what_was_never_saved_is_not_saved(drafts):
    draft = drafts.new("new", "format = 1\n")
    assert told(draft, 0, WORDS) == "Draft, not saved"
    assert is_unsaved(draft)


def test_a_change_taken_back_and_made_otherwise_is_not_taken_for_what_was_saved(drafts):
    draft = drafts.begin("jl516")
    saved = drafts.change(draft.id, draft.text + "# saved\n", "Saved")
    file = drafts.folder("jl516") / "case.toml"
    file.write_text(saved.text, encoding="utf-8")
    from geo.dashboard.drafts import hash_of

    drafts.settle(saved, hash_of(saved.text.encode()), "")
    drafts.undo(draft.id)
    other = drafts.change(draft.id, draft.text + "# another\n", "Another")
    assert other.step == saved.step
    assert is_unsaved(other)


def test_a_draft_is_called_by_what_is_known_of_its_flight(drafts):
    text = drafts.begin("jl516").text
    assert draft_headline(drafts.new("other", text), WORDS).startswith("JL516, ")
    assert draft_headline(drafts.new("bare", "format = 1\n"), WORDS) == "bare"


@pytest.mark.parametrize(
    ("place", "panel"),
    [
        ((), "events"),
        (("title",), "basics"),
        (("flight", "killed"), "basics"),
        (("event", 2, "time"), "events"),
        (("intended", "route", 0), "route"),
        (("track", 0, "file"), "tracks"),
    ],
)
def test_a_finding_leads_to_the_panel_that_writes_its_place(place, panel):
    assert panel_of(place) == panel
    assert panel in panel_names(WORDS)
