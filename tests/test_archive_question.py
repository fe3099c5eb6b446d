"""Both parts of a question are one, and the second is written as SQL once."""

from __future__ import annotations

import ibis
import pytest

from geo.archive import engines
from geo.archive.answer import Answer
from geo.archive.question import Question


@pytest.fixture
def connection():
    return engines.local()


def numbers(connection):
    return connection.sql("SELECT range AS number FROM range(10)", schema={"number": "int64"})


def doubled(rows):
    return rows.select(twice=rows.number * 2).order_by("twice")


def both_ends(rows):
    low, high = rows.filter(rows.number < 3), rows.filter(rows.number > 3)
    return low.union(high).order_by("number")


def with_a_table(rows):
    counted = rows.group_by(odd=rows.number % 2).agg(size=rows.count(), most=rows.number.max())
    return counted.join(counted.view(), [("size", "size")]).select("odd", "most").order_by("odd", "most")


@pytest.mark.parametrize("then", [None, doubled, both_ends, with_a_table])
def test_in_two_parts_it_says_what_it_says_as_a_whole(connection, then):
    table = numbers(connection)
    for least in (2, 4):
        asked = Question(table.filter(table.number >= least), then)
        whole = Answer.of(asked.expression, connection).table()
        order = [(name, "ascending") for name in whole.column_names]
        found = Answer.of(asked, connection).table()
        assert found.sort_by(order).equals(whole.sort_by(order))
        assert asked.schema == asked.expression.schema()


def test_what_is_made_of_rows_is_written_once_for_their_columns(connection, monkeypatch):
    written = []
    compiled = connection.compile
    monkeypatch.setattr(connection, "compile", lambda table: written.append(table) or compiled(table))
    table = numbers(connection)
    for least in (2, 4):
        Question(table.filter(table.number >= least), doubled).sql(connection)
    assert len(written) == 3
    Question(table.select(number=table.number.cast("float64")), doubled).sql(connection)
    assert len(written) == 5
    Question(table, doubled).sql(engines.local())
    Question(table, both_ends).sql(connection)
    assert len(written) == 7


def test_rows_that_name_tables_themselves_are_asked(connection):
    table = numbers(connection)
    few = table.filter(table.number < 5)
    rows = few.filter(few.number > 1).union(few.filter(few.number < 1))
    for then in (doubled, both_ends, with_a_table):
        asked = Question(rows, then)
        assert len(Answer.of(asked, connection).table()) == len(Answer.of(asked.expression, connection).table())


def test_options_of_ibis_are_left_as_they_were(connection):
    table = numbers(connection)
    Question(table, doubled).sql(connection)
    assert ibis.options.sql.fuse_selects is True
