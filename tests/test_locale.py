from __future__ import annotations

import re
import string
from datetime import date

import pytest
from babel.messages.pofile import read_po

from geo.resources import asset
from geo.scene import languages
from geo.scene.words import Words

FOLDERS = sorted(folder.name for folder in asset("locale").iterdir() if folder.is_dir())
#: What may read as in English: units and symbols, and words that a language writes alike.
ALIKE = {
    *("UTC", "System", "m", "ft", "mi", "km", "kt", "km/h", "mph", "ft/min", "m/s", "km²", "{minutes} min, {share}"),
    *("{size} kB", "{size} MB", "{size}, gzip {gzip}", "{count} s", "{count} min", "{count} h", "{km} km"),
    *("Format", "Track", "Name", "Position"),
}


def opened(language):
    with asset("locale", language, "flightcase.po").open("rb") as lines:
        return read_po(lines, abort_invalid=True)


def messages(language):
    return {str(message.id): str(message.string) for message in opened(language) if message.id}


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def spaces(text):
    """What stands before and after the words, no-break spaces too."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_every_folder_is_a_language_of_the_interface():
    assert tuple(FOLDERS) == languages()[1:]


@pytest.mark.parametrize("language", FOLDERS)
def test_the_header_names_the_language_of_the_folder(language):
    assert opened(language).locale_identifier == language
    assert Words(language).locale.language == language.split("-", maxsplit=1)[0]


@pytest.mark.parametrize("language", FOLDERS)
def test_a_catalogue_has_the_messages_of_the_german_one_each_once(language):
    known = messages(language)
    assert known.keys() == messages("de").keys()
    written = asset("locale", language, "flightcase.po").read_text(encoding="utf-8")
    assert len(re.findall(r"^msgid ", written, re.MULTILINE)) == len(known) + 1  # the header's


@pytest.mark.parametrize("language", FOLDERS)
def test_no_message_is_empty_or_doubtful(language):
    assert [message.id for message in opened(language) if message.id and (message.fuzzy or not message.string)] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_values_have_their_places(language):
    assert {message: text for message, text in messages(language).items() if fields(message) != fields(text)} == {}


@pytest.mark.parametrize("language", FOLDERS)
def test_spaces_around_a_message_are_kept(language):
    assert {message: text for message, text in messages(language).items() if spaces(message) != spaces(text)} == {}


@pytest.mark.parametrize("language", FOLDERS)
def test_nothing_is_left_in_english(language):
    assert {
        message for message, text in messages(language).items() if message == text and text.strip() not in ALIKE
    } == set()


@pytest.mark.parametrize("language", FOLDERS)
def test_a_date_that_ends_in_a_full_stop_ends_the_sentence(language):
    words = Words(language)
    said = [words.say("Last change: {day}.", day=words.day(date(2024, month, 25))) for month in range(1, 13)]
    assert [text for text in said if text.endswith("..")] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_a_span_of_times_has_a_space_by_which_it_is_told_from_an_instant(language):
    assert " " in Words(language).say("{early} to {late}", early="05:10", late="05:13")


def test_arabic_has_the_marks_of_its_script():
    texts = [text for language in {"ar"} & set(FOLDERS) for text in messages(language).values()]
    assert [text for text in texts if re.search(r"[,;?]", text)] == []
