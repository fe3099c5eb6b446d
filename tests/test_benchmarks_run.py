"""The frame of `make bench`: what becomes of the rows that a benchmark returns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import run


def test_rows_become_a_table() -> None:
    rows = [{"what": "a | b", "ms": 1.23456, "holds": True}, {"what": "c\nd", "ms": 20000, "holds": False}]
    assert run.table(rows).splitlines() == [
        "| what | ms | holds |",
        "| --- | ---: | ---: |",
        r"| a \| b | 1.235 | yes |",
        "| c d | 20,000 | **no** |",
    ]


def test_one_mapping_is_a_table_of_two_columns() -> None:
    assert run.rows({"fixes_per_s": 2.0}) == [{"what": "fixes per s", "measured": 2.0}]
    assert run.rows([{"what": "a", "bar": "1"}]) == [{"what": "a", "bar": "1"}]


def test_rows_of_one_table_have_the_same_columns() -> None:
    with pytest.raises(ValueError, match="same columns"):
        run.table([{"what": "a"}, {"which": "b"}])


def test_the_document_says_how_and_where_it_was_made() -> None:
    text = run.document(["## One\n\n| a |"])
    assert "`make bench`" in text
    assert re.search(r"`make bench` on \d+ cores of .+, \w+, \w+ 3\.\d+\.\d+\.", text)
    assert text.endswith("## One\n\n| a |\n")


def test_every_benchmark_has_a_heading() -> None:
    assert "audit" in run.names()
    assert "run" not in run.names()
    for name in run.names():
        assert re.match(r'"""\S.+\n', (Path(run.HERE) / f"{name}.py").read_text(encoding="utf-8")), name


def test_named_sections_are_renewed_where_they_stand_and_the_others_stay() -> None:
    text = "# Measured\n\nMade somewhere.\n\n## Old\n\nold\n\n## Kept\n\nkept\n\n## Gone\n\ngone\n"
    found = run.renewed(text, ["## New\n\nnew", "## Old\n\nfresh"], ["New", "Old", "Kept"])
    assert found == ["## New\n\nnew", "## Old\n\nfresh", "## Kept\n\nkept"]


def test_each_section_of_the_file_is_that_of_a_benchmark() -> None:
    headings = [run.heading(name) for name in run.names()]
    written = re.findall(r"^## (.+)$", run.TARGET.read_text(encoding="utf-8"), re.MULTILINE)
    assert written == [title for title in headings if title in written]
