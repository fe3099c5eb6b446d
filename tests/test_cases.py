"""The shipped cases: they validate, every event is sourced, both languages are complete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from shipped_cases import CASES, LANGUAGES, cited, shipped

from geo import casefile
from geo.model import Grade, Text
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A row of the list holds two lines; an entry of the aftermath, as designed, three.
LONGEST = {"en": (40, 80), "de": (48, 80)}


def texts(value: Any, where: str = "") -> Iterator[tuple[str, Text]]:
    """Every text in a value of the model, with its place."""
    if isinstance(value, Text):
        yield where, value
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, f"{where}.{name}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from texts(part, f"{where}[{index}]")


@pytest.mark.parametrize("slug", CASES)
def test_every_shipped_folder_is_a_case_without_a_problem(slug: str) -> None:
    assert {folder.name for folder in data("cases").iterdir() if folder.is_dir()} == set(CASES)
    assert casefile.check(data("cases", slug)) == ()
    assert shipped(slug).id == slug
    assert data("cases", slug, "SOURCES.md").is_file()


@pytest.mark.parametrize("slug", CASES)
def test_every_event_has_a_source_and_every_source_is_cited(slug: str) -> None:
    case = shipped(slug)
    unsourced = [event.id for event in case.events if not event.sources]
    assert unsourced == []
    used = {source for event in case.events for source in cited(event)}
    used |= {*case.flight.sources, *case.intended.sources}
    used |= {source for stretch in case.stretches for source in stretch.sources}
    used |= {source for known in case.known for source in known.sources}
    used |= {source for place in case.places.values() for source in place.sources}
    used |= {source for track in case.tracks for source in track.sources}
    assert used == set(case.sources)


@pytest.mark.parametrize("slug", CASES)
def test_a_source_can_be_opened_or_says_what_it_is(slug: str) -> None:
    for name, source in shipped(slug).sources.items():
        assert source.url or source.note, name
        assert source.archived is None, f"{name}: no archived copy was made"
        assert source.sha256 is None, f"{name}: no checksum of a page was taken"


@pytest.mark.parametrize("slug", CASES)
def test_what_is_disputed_has_two_claims_or_more(slug: str) -> None:
    for event in shipped(slug).events:
        assert len(event.claims) != 1, f"{event.id}: one claim conflicts with nothing"
        if event.grade is Grade.DISPUTED:
            assert len(event.claims) >= 2, event.id


@pytest.mark.parametrize("slug", CASES)
def test_a_leak_says_so(slug: str) -> None:
    case = shipped(slug)
    leaks = {name for name, source in case.sources.items() if source.note.said("en").startswith("Leak")}
    for event in case.events:
        if set(event.sources) <= leaks:
            assert "not authenticated" in event.note.said("en"), event.id
        for claim in event.claims:
            if set(claim.sources) <= leaks:
                assert claim.leak, f"{event.id}: {claim.says.said('en')}"


@pytest.mark.parametrize("slug", CASES)
def test_titles_fit_their_lines(slug: str) -> None:
    for event in shipped(slug).events:
        for language, (flight, aftermath) in LONGEST.items():
            title = event.title.said(language)
            assert len(title) <= (aftermath if event.time.dated_only else flight), title


@pytest.mark.parametrize("slug", CASES)
def test_english_and_german_are_complete(slug: str) -> None:
    case = shipped(slug)
    found = [
        (where, text) for where, text in texts(case) if text and not re.match(r"\.(places|intended\.route)", where)
    ]
    assert len(found) > 100
    for where, text in found:
        if text.languages:
            assert set(LANGUAGES) <= set(text.languages), f"{where}: {text!r}"
        else:
            # Without a language only what reads the same in both: a time or a proper name.
            assert re.fullmatch(r"\d\d:\d\d(:\d\d)?|[A-Z][\w.&+ -]*|[a-z]+\.[a-z]+", text.said("en")), (
                f"{where}: {text!r}"
            )
    for name, place in case.places.items():
        assert set(LANGUAGES) <= set(place.name.languages), name


@pytest.mark.parametrize("slug", CASES)
def test_texts_are_whole_sentences_in_the_right_signs(slug: str) -> None:
    for where, text in texts(shipped(slug)):
        for language in text.languages:
            said = text.said(language)
            assert said == said.strip(), where
            assert "  " not in said, where
            assert '"' not in said, f"{where}: straight quotation marks"
            assert "'" not in said, f"{where}: straight apostrophe"
            if where.endswith((".text", ".unknown")) and said:
                assert said[-1] in ".”“", f"{where}: {said[-20:]}"


@pytest.mark.parametrize("slug", CASES)
def test_the_dead_are_counted_once_and_no_event_is_called_a_hit(slug: str) -> None:
    case = shipped(slug)
    for event in case.events:
        own = " ".join(text.said("en") for text in (event.title, event.note, event.text, event.label))
        assert not re.search(r"\b(died|dead|killed|deaths?|victims?)\b", own), event.id
        assert not re.search(r"\b(disappeared|went dark|shot down|shootdown)\b", own), event.id
        assert "explosion" not in event.title.said("en")
