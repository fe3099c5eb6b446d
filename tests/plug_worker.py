"""The process whose plug ``test_plug.py`` pulls: it changes, saves and publishes cases until it is killed.

It has loaded everything once and forks for each run, so a hundred runs cost a hundred forks. What a run is about to do
and what it has done stand in a log, one write each, which the system keeps when the process is killed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from small_case import TEXT, TRACK, rows

from geo.dashboard.drafts import Drafts
from geo.dashboard.publications import publish
from geo.dashboard.saving import save

if TYPE_CHECKING:
    from geo.dashboard.drafts import Draft

LONG = rows(60_000)
#: What the system is asked for that changes files, as Python's audit hooks name it.
_TOUCHES = frozenset({"open", "os.mkdir", "os.remove", "os.rename", "os.chmod", "os.rmdir", "sqlite3.connect"})
_COUNTED = 120


def text_of(number: int, track: str | None) -> str:
    """The text of the case in one of its versions."""
    text = TEXT.replace("A flight from Baku to Grozny", f"Version {number}")
    return text + TRACK.format(name=track) if track else text


class Run:
    """One life of the process."""

    def __init__(self, library: Path, id_: str, log: Path, random_: random.Random) -> None:
        self.drafts = Drafts(library)
        self.id = id_
        self.random = random_
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def say(self, *words: object) -> None:
        os.write(self._log, (" ".join(map(str, words)) + "\n").encode())

    def go(self) -> None:
        """Take up what was left, then work for good."""
        for draft in self.drafts.of():
            self.save(draft, "again")
        number = int(self.drafts.sure(self.id).text.split("Version ")[1].split('"')[0]) if self.started else 0
        while True:
            number += 1
            self.random.choice([self.plain, self.track, self.page, self.page, self.new])(number)

    @property
    def started(self) -> bool:
        return "Version " in self.drafts.sure(self.id).text

    def change(self, number: int, track: str | None) -> Draft:
        self.say("change", number, track)
        draft = self.drafts.change(self.id, text_of(number, track) + self.corrections, f"change {number}")
        self.say("changed", number)
        return draft

    @property
    def corrections(self) -> str:
        text = self.drafts.sure(self.id).text
        return text[text.index("\n[[correction]]") :] if "[[correction]]" in text else ""

    def save(self, draft: Draft, number: object) -> None:
        self.say("save", draft.slug, number)
        save(self.drafts, draft, "")
        self.say("saved", draft.slug, number)

    def plain(self, number: int) -> None:
        self.save(self.change(number, None), number)

    def track(self, number: int) -> None:
        name = self.drafts.add_file(self.id, "long.csv", LONG)
        self.save(self.change(number, name), number)

    def page(self, number: int) -> None:
        self.save(self.change(number, None), number)
        self.say("publish", number)
        publish(self.drafts.folder("small"), "", reason={"en": f"Reason {number}.", "de": f"Grund {number}."})
        self.say("published", number)

    def new(self, number: int) -> None:
        draft = self.drafts.new("made", text_of(number, None))
        self.drafts.add_file(draft.id, "brief.csv", rows(30))
        self.save(self.drafts.change(draft.id, text_of(number, "brief.csv"), ""), number)


def die_at(touch: int) -> None:
    """Have this process killed when it touches the file system for the so-and-so-many-th time."""
    left = touch

    def hook(event: str, _: object) -> None:
        nonlocal left
        if event in _TOUCHES:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def warm() -> None:
    """Load what the work loads when it is first done: a run is to be killed at its work, not at that."""
    with tempfile.TemporaryDirectory() as folder:
        drafts = Drafts(Path(folder))
        draft = drafts.new("warm", text_of(0, None))
        name = drafts.add_file(draft.id, "brief.csv", rows(30))
        publish(save(drafts, drafts.change(draft.id, text_of(0, name), ""), ""), "")


def main() -> None:
    library, id_, log = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    warm()
    for line in sys.stdin:
        seed = int(line)
        child = os.fork()
        if not child:
            chance = random.Random(seed)  # noqa: S311  repeatable, no secret
            run = Run(library, id_, log, chance)
            run.say("run", seed)
            if seed % 2:
                die_at(chance.randrange(_COUNTED))
            try:
                run.go()
            except BaseException:  # noqa: BLE001  whatever it is, the test has to hear of it
                run.say("failed", traceback.format_exc().replace("\n", " | "))
            os._exit(1)
        print(child, flush=True)  # noqa: T201  the test reads it
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  the test reads it


if __name__ == "__main__":
    main()
