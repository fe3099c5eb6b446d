"""Pull the plug: kill what saves at any instant, a hundred times, and find the draft and an intact folder."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from plug_worker import LONG, text_of
from small_case import TEXT

from geo import casefile
from geo.dashboard.atomic import UNFINISHED
from geo.dashboard.drafts import FOLDER, Drafts
from geo.dashboard.publications import is_kept, page, publications
from geo.dashboard.saving import is_clean, save

TIMES = 100
WORKER = Path(__file__).parent / "plug_worker.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def plain(text):
    """A text of the case without what saving and publishing add."""
    return re.sub(r"updated = [\d-]+", "updated", text.split("\n[[correction]]")[0])


class Log:
    """What the runs said."""

    def __init__(self, path):
        self._path = path
        self._path.touch()
        self._read = 0
        self.changed, self.changing = text_of(0, None), text_of(0, None)
        self.saved, self.saving = {"small": text_of(0, None)}, {}
        self.texts = {"0": text_of(0, None)}
        self.lines = []

    def take(self):
        """Take in what the last run said; it may have been killed between any two of its words."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        fresh, self._read = lines[self._read :], len(lines)
        self.lines += fresh
        for line in fresh:
            word, *rest = line.split(" ")
            assert word != "failed", line
            if word == "change":
                self.texts[rest[0]] = text_of(int(rest[0]), None if rest[1] == "None" else rest[1])
                self.changing = self.texts[rest[0]]
            elif word == "changed":
                self.changed = self.texts[rest[0]]
            elif word == "save":
                self.saving[rest[0]] = self.changed if rest[0] == "small" else rest[1]
            elif word == "saved" and rest[0] == "small":
                self.saved["small"] = self.saving["small"]


def look(library, id_, log):
    """What must hold whenever the plug was pulled."""
    base = sqlite3.connect(library / FOLDER / "drafts.sqlite3")
    assert base.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert base.execute("pragma foreign_key_check").fetchall() == []
    base.close()
    drafts = Drafts(library)
    draft = drafts.sure(id_)
    assert plain(draft.text) in {plain(log.changed), plain(log.changing)}
    log.changed = log.changing = next(text for text in (log.changed, log.changing) if plain(text) == plain(draft.text))
    folder = library / "small"
    text = (folder / "case.toml").read_text(encoding="utf-8")
    assert plain(text) in {plain(log.saved["small"]), plain(log.saving.get("small", log.saved["small"]))}
    log.saved["small"] = plain(text)
    assert casefile.check(folder) == ()
    for track in casefile.read(folder).tracks:
        assert (folder / track.file).read_bytes() == LONG
    for made in publications(folder)[-1:]:
        assert [page(folder, language) is None for language in made.pages] == [False, False]
    for other in library.glob("made*"):
        assert casefile.check(other) == ()
        assert is_kept(other)
    return drafts


def test_a_hundred_times_the_plug_is_pulled(tmp_path):
    (tmp_path / "library" / "small").mkdir(parents=True)
    library, log = tmp_path / "library", Log(tmp_path / "log")
    (library / "small" / "case.toml").write_text(text_of(0, None), encoding="utf-8")
    id_ = Drafts(library).begin("small").id
    chance = random.Random(8243)  # noqa: S311  repeatable, no secret
    command = [sys.executable, str(WORKER), str(library), id_, str(tmp_path / "log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        for seed in range(TIMES):
            worker.stdin.write(f"{seed}\n")
            worker.stdin.flush()
            child = int(worker.stdout.readline())
            if seed % 2 == 0:
                time.sleep(chance.uniform(0, 0.4))  # an instant like any other: there is no state to wait for
                with suppress(ProcessLookupError):  # it failed, and the log says why
                    os.kill(child, signal.SIGKILL)
            ended = worker.stdout.readline()
            log.take()
            assert ended == f"{-signal.SIGKILL}\n"
            drafts = look(library, id_, log)
        worker.stdin.close()
    done = {line.split()[0] for line in log.lines}
    assert done >= {"run", "change", "changed", "save", "saved", "publish"}, "every kind of work was under way"
    for draft in [*drafts.of(), drafts.new("last", text_of(0, None))]:
        save(drafts, draft, "")
        assert is_clean(drafts, drafts.sure(draft.id))
    assert len(list(library.glob("made*"))) == len(drafts.of()) - 2, "each new case has one folder"
    places = [library, library / "small", library / FOLDER, *library.glob("made*")]
    assert [path for place in places for path in place.iterdir() if path.name.startswith((UNFINISHED, "new-"))] == []


def test_the_text_that_the_plug_is_pulled_on_is_a_case(tmp_path):
    (tmp_path / "case.toml").write_text(TEXT, encoding="utf-8")
    assert casefile.check(tmp_path) == ()
