"""Every question of an archive, held against brute force over what it was built from."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from archive_plants import built, key

from benchmarks.archive_accept import counted
from benchmarks.archive_asked import held, questions
from geo.archive import Archive

pytest.importorskip("duckdb")
pytest.importorskip("ibis")

KEY = key()
QUESTIONS = {question.words: question for question in questions(KEY)}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return Archive.open(built(tmp_path_factory.mktemp("plants"), KEY))


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_question_finds_what_is_there_and_nothing_else(archive, words):
    found = held(QUESTIONS[words], QUESTIONS[words].key(KEY), archive)
    assert (found.false, found.missing, found.other) == ((), (), ())
    assert found.found == found.expected


def test_nearly_every_question_has_something_to_find():
    empty = [words for words, question in QUESTIONS.items() if not question.key(KEY)]
    assert len(empty) <= 4


def test_every_row_that_was_written_is_there_once_in_each_copy(archive):
    catalogue = archive.store.catalogue
    assert {day: counted(catalogue, day) for day in catalogue.days} == {
        day: (rows, rows) for day, rows in KEY.rows.items()
    }


def test_an_aircraft_is_in_one_file_of_a_day(archive):
    for day, one in archive.store.catalogue.days.items():
        held_by = [
            set(pq.read_table(archive.store.catalogue.path(day, part.file), columns=["icao24"])["icao24"].to_pylist())
            for part in one.aircraft
        ]
        assert sum(map(len, held_by)) == len(set().union(*held_by))
