from __future__ import annotations

import copy
import tomllib
from datetime import UTC, date, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from shipped_cases import CASES

from geo.casefile.editing import Document, is_text
from geo.errors import CaseError
from geo.resources import data

WRITTEN = """\
# Written by hand.
format = 1
id = "x"          # stays
title.en = "A flight"
title.de = "Ein Flug"

[flight]
callsign = "ABC1"

# The first event
[[event]]
id = "a"
time = 2024-12-25T05:13:31Z
title = { en = "One" }
place = { ring = "URMG", km = 18 }
sources = ["S1", "S2"]

[[event.claim]]
by = "somebody"

# The second event
[[event]]
id = "b"

[sources.S1]
title = "T"
"""


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_what_is_not_changed_keeps_every_byte():
    for text in (WRITTEN, WRITTEN.replace("\n", "\r\n")):
        assert Document(text).text == text
        document = Document(text)
        document.put(("event", 0, "title", "en"), "One")
        assert document.text == text


@pytest.mark.parametrize(
    ("edit", "went", "came"),
    [
        (lambda d: d.put(("flight", "callsign"), "ABC2"), ['callsign = "ABC1"'], ['callsign = "ABC2"']),
        (lambda d: d.put(("flight", "number"), "A1"), [], ['number = "A1"']),
        (lambda d: d.put_text(("title",), "de", "Flug"), ['title.de = "Ein Flug"'], ['title.de = "Flug"']),
        (lambda d: d.put_text(("title",), "ru", "Рейс"), [], ['title.ru = "Рейс"']),
        (lambda d: d.put_text(("title",), "de", ""), ['title.de = "Ein Flug"'], []),
        (lambda d: d.put_text(("standfirst",), "en", "A"), [], ['standfirst.en = "A"']),
        (lambda d: d.put_text(("event", 0, "claim", 0, "by"), "en", "B"), ['by = "somebody"'], ['by = "B"']),
        (
            lambda d: d.put(("event", 0, "place", "km"), 20),
            ['place = { ring = "URMG", km = 18 }'],
            ['place = { ring = "URMG", km = 20 }'],
        ),
        (
            lambda d: d.put(("event", 1, "place"), {"lat": 1.5, "lon": 2.5}),
            [],
            ["place = {lat = 1.5, lon = 2.5}"],
        ),
        (lambda d: d.remove(("event", 0, "claim", 0)), ["[[event.claim]]", 'by = "somebody"'], []),
        (lambda d: d.remove(("event", 0, "nothing")), [], []),
        (
            lambda d: d.insert(("event", 0, "sources"), "S3"),
            ['sources = ["S1", "S2"]'],
            ['sources = ["S1", "S2", "S3"]'],
        ),
        (lambda d: d.insert(("event", 1, "sources"), "S3"), [], ['sources = ["S3"]']),
        (
            lambda d: d.insert(("correction",), {"on": date(2025, 1, 3), "text": {"en": "B"}}),
            [],
            ["[[correction]]", "on = 2025-01-03", 'text.en = "B"'],
        ),
        (
            lambda d: d.put(("sources", "S2"), {"publisher": "P", "title": "T"}),
            [],
            ["[sources.S2]", 'publisher = "P"'],
        ),
        (lambda d: d.rename(("sources", "S1"), "S9"), ["[sources.S1]"], ["[sources.S9]"]),
    ],
)
def test_a_change_touches_its_own_lines(edit, went, came):
    document = Document(WRITTEN)
    edit(document)
    assert changed(WRITTEN, document.text) == (went, came)


def test_a_new_table_stands_apart():
    document = Document(WRITTEN)
    at = document.insert(
        ("event",),
        {
            "id": "c",
            "claim": [{"by": {"en": "A very long name of somebody who says it"}}],
            "title": {"en": "A title of more than thirty letters in all"},
            "time": datetime(2024, 12, 25, 5, tzinfo=UTC),
        },
        1,
    )
    assert at == 1
    new = """\
[[event]]
id = "c"
title.en = "A title of more than thirty letters in all"
time = 2024-12-25T05:00:00Z

[[event.claim]]
by.en = "A very long name of somebody who says it"

# The second event
[[event]]
id = "b"
"""
    assert new in document.text
    assert document.size(("event",)) == 3
    assert document.size(("event", 0, "nothing")) == 0


def test_entries_move():
    document = Document(WRITTEN)
    document.move(("event", 0), 1)
    assert [event["id"] for event in tomllib.loads(document.text)["event"]] == ["b", "a"]
    with pytest.raises(TypeError, match="no entry of a list"):
        document.move(("flight", "callsign"), 1)


def test_values_are_read():
    document = Document(WRITTEN)
    assert document.get(("event", 0, "place", "km")) == 18
    assert document.get(("event", 7, "id"), "none") == "none"
    assert document.said(("title",), "de") == "Ein Flug"
    assert document.said(("title",), "ru") == ""
    assert document.said(("event", 0, "claim", 0, "by"), "ru") == "somebody"
    assert is_text({"en": "A"})
    assert not is_text({"lat": "A"}) or not is_text({"publisher": "A"})


def test_what_is_no_toml_is_refused():
    with pytest.raises(CaseError, match="this is not TOML"):
        Document("a = [")


def test_past_the_end_is_refused():
    document = Document(WRITTEN)
    with pytest.raises(LookupError, match="past the end of the list; insert it"):
        document.put(("event", 0, "sources", 2), "S3")


TEXTS = st.text(max_size=40)
WORDS = st.sampled_from(["a", 'A text of more than thirty letters, with “quotes” and \\ and "', "", "two\nlines", "ق"])
PLACES = st.sampled_from(
    ["URMG", {"lat": 43.1, "lon": 45.2}, {"ring": "URMG", "km": 18}, {"from": "URMG", "km": 3.5, "bearing": 7}]
)
TIMES = st.sampled_from(
    [
        datetime(2024, 12, 25, 5, 13, 31, tzinfo=UTC),
        date(2025, 1, 1),
        "2024-12-25T05:13Z",
        {"from": "2024-12-25T05:13Z", "to": "2024-12-25T05:14Z", "about": True},
        "what was typed",
    ]
)


class Editing(RuleBasedStateMachine):
    """Any run of changes to a shipped case leaves text that holds just what plain values would hold."""

    @initialize(name=st.sampled_from(CASES))
    def begin(self, name):
        self.text = data("cases", name, "case.toml").read_text(encoding="utf-8")
        self.document = Document(self.text)
        self.plain = tomllib.loads(self.text)
        self.comments = sorted(line for line in self.text.splitlines() if line.startswith("#"))

    def event(self, pick):
        return pick % len(self.plain["event"])

    @rule(pick=st.integers(0, 99), language=st.sampled_from(["en", "fr"]), text=WORDS)
    def say(self, pick, language, text):
        at = self.event(pick)
        self.document.put_text(("event", at, "title"), language, text)
        title = self.plain["event"][at].get("title", {})
        if isinstance(title, str):
            title = text
        elif text:
            title = {**title, language: text}
        else:
            title = {key: value for key, value in title.items() if key != language}
        if title:
            self.plain["event"][at]["title"] = title
        else:
            self.plain["event"][at].pop("title", None)

    @rule(pick=st.integers(0, 99), key=st.sampled_from(["time", "opens"]), value=TIMES)
    def put_time(self, pick, key, value):
        at = self.event(pick)
        self.document.put(("event", at, key), value)
        self.plain["event"][at][key] = value

    @rule(pick=st.integers(0, 99), value=PLACES)
    def put_place(self, pick, value):
        at = self.event(pick)
        self.document.put(("event", at, "place"), value)
        self.plain["event"][at]["place"] = copy.deepcopy(value)

    @rule(pick=st.integers(0, 99), title=WORDS, claims=st.integers(0, 2))
    def add_event(self, pick, title, claims):
        entry = {"id": "new", "title": {"en": title}, "place": {"ring": "URMG", "km": 18}}
        if claims:
            entry["claim"] = [{"by": {"en": title}, "place": {"lat": 1.0, "lon": 2.0}}] * claims
        at = self.event(pick)
        self.document.insert(("event",), entry, at)
        self.plain["event"].insert(at, copy.deepcopy(entry))

    @rule(pick=st.integers(0, 99), by=WORDS)
    def add_claim(self, pick, by):
        at = self.event(pick)
        self.document.insert(("event", at, "claim"), {"by": {"en": by}, "source": "S01"})
        self.plain["event"][at].setdefault("claim", []).append({"by": {"en": by}, "source": "S01"})

    @rule(pick=st.integers(0, 99))
    def drop_claim(self, pick):
        at = self.event(pick)
        if self.plain["event"][at].get("claim"):
            self.document.remove(("event", at, "claim", 0))
            del self.plain["event"][at]["claim"][0]
            if not self.plain["event"][at]["claim"]:
                del self.plain["event"][at]["claim"]

    @rule(pick=st.integers(0, 99))
    def drop_event(self, pick):
        at = self.event(pick)
        if len(self.plain["event"]) > 1 and self.plain["event"][at]["id"] == "new":
            self.document.remove(("event", at))
            del self.plain["event"][at]

    @rule(pick=st.integers(0, 99), to=st.integers(0, 99))
    def move_event(self, pick, to):
        at, to = self.event(pick), self.event(to)
        self.document.move(("event", at), to)
        self.plain["event"].insert(to, self.plain["event"].pop(at))

    @rule(key=st.sampled_from(["S01", "S77"]), title=WORDS)
    def put_source(self, key, title):
        self.document.put(("sources", key), {"publisher": "P", "title": title})
        self.plain["sources"][key] = {"publisher": "P", "title": title}

    @rule()
    def reopen(self):
        self.document = Document(self.document.text)

    def teardown(self):
        if not hasattr(self, "document"):
            return
        text = self.document.text

        assert tomllib.loads(text) == self.plain
        assert sorted(line for line in text.splitlines() if line.startswith("#")) == self.comments


Editing.TestCase.settings = settings(max_examples=25, stateful_step_count=8, deadline=None)
TestEditing = Editing.TestCase
