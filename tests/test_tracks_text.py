"""Lines, cells and numbers of a table of text."""

from __future__ import annotations

import math
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TrackUnreadable
from geo.tracks import text as module
from geo.tracks.rows import Rows, Unreadable
from geo.tracks.text import (
    as_utf8,
    block_of,
    blocks,
    cells_of,
    cut_line,
    gathered,
    header_of,
    lines,
    numbered,
    numbers,
    pieces,
    shown,
    top_of,
)

ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(
    whole=st.lists(st.tuples(st.text(alphabet='ab,"ä', max_size=9), ENDS), max_size=30),
    last=st.text(alphabet="ab", max_size=5),
    piece=st.integers(1, 60),
)
@settings(max_examples=200, deadline=None)
def test_lines_are_those_an_editor_shows_however_the_text_is_cut(whole, last, piece):
    text = "".join(line + end for line, end in whole) + last
    # of what Python counts as the end of a line, these are the three that occur here
    expected = text.splitlines()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", piece)
        assert list(lines(text.encode())) == expected
        found = [one for first, part in pieces(text.encode()) for one in numbered(part, first)]
        assert [number for number, _ in found] == list(range(1, len(expected) + 1))


def test_a_file_that_ends_inside_a_line_is_known():
    for text, cut in ((b"a\nb", 2), (b"a\nb\n", 0), (b"a\rb\r", 0), (b"a", 1)):
        assert [cut_line(piece, first) for first, piece in pieces(text)] == [cut]


def test_a_line_longer_than_any_row_is_told_by_its_beginning_and_takes_no_memory():
    data = b"a,b\n1,2\n" + b"x" * 20_000_000 + b"\r\n3,4\n" + b"y" * 70_000 + b"\n5,6"
    tracemalloc.start()
    (block, *more) = blocks(data, ",", 2)
    assert tracemalloc.get_traced_memory()[1] < 6_000_000
    tracemalloc.stop()
    found = [block, *more]
    assert [row for one in found for row in one.row] == [2, 4, 6]
    broken = [row for one in found for row in one.unreadable]
    assert [(row.row, row.detail[:40]) for row in broken] == [
        (3, "it is longer than 65,536 bytes: 'xxxxxxx"),
        (5, "it is longer than 65,536 bytes: 'yyyyyyy"),
    ]
    assert max(len(row.detail) for row in broken) < 110
    assert max(map(len, lines(data))) == 65_536


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "content", ["time;lat\n1;2\n", "Zeit,lat,ä,名\r\n1,2,3,\U0001f6e9\r\n", "a\0b" + ",c" * 9, "a"]
)
def test_encodings_are_told_by_their_marks_or_their_nuls(encoding, content):
    mark = b"\xfe\xff" if encoding == "utf-16-be" and content == "a" else b""
    mark = b"\xff\xfe" if encoding == "utf-16-le" and content == "a" else mark
    assert as_utf8(mark + content.encode(encoding)).decode() == content


def test_a_long_text_in_utf_16_is_decoded_piece_by_piece(monkeypatch):
    monkeypatch.setattr(module, "PIECE", 7)
    content = "time,latitude,longitude,altitude_ft,ground_speed_kt\n" * 6 + "Ä\U0001f6e9名x" * 99
    assert as_utf8(content.encode("utf-16")).decode() == content
    assert as_utf8(content.encode("utf-16-le")[:-1]).decode() == content[:-1] + "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("head", "cells", "delimiter"),
    [
        (b"a,b\n", ["a", "b"], ","),
        (b"\n \r\na;b;c,d\n", ["a", "b", "c,d"], ";"),
        (b'"a,x"\tb', ["a,x", "b"], "\t"),
        (b'a,"b\n', [], ","),
        (b"", [], ","),
        (b"x," * 40_000, [], ","),
        (b"\n" * 70_000 + b"a,b\n", [], ","),
        (b"\n" * 65_000 + b"a,b\n", ["a", "b"], ","),
    ],
)
def test_the_header_is_the_first_line_that_is_not_blank_and_not_too_long(head, cells, delimiter):
    assert header_of(head) == (cells, delimiter)


def test_the_top_is_where_the_rows_begin():
    text = b"\r\n\r\na,b\r\n\r\n1,2\r\n"
    top = top_of(text)
    assert (top.number, text[top.end :]) == (3, b"\r\n1,2\r\n")
    second = top_of(text, top.end, top.number + 1, top.delimiter)
    assert (second.cells, second.number) == (["1", "2"], 5)


def test_blocks_count_lines_and_leave_out_blank_ones():
    (block,) = blocks(b'\na,b\n1,2\n\n3\n"4,5\n6,7,\n8,9,x\n10,"11', ",", 2)
    assert (block.row, block.cells) == ([3, 7], [["1", "2"], ["6", "7", ""]])
    assert [(one.row, one.detail) for one in block.unreadable] == [
        (5, "it has 1 cells where the header has 2: '3'"),
        (6, "the quotes in it do not close: '\"4,5'"),
        (8, "it has 3 cells where the header has 2: '8,9,x'"),
        (9, "the file ends inside this row; the quotes in it do not close: '10,\"11'"),
    ]
    (ragged,) = blocks(b"a,b\n1,2,3\n", ",", 2, ragged=True)
    assert ragged.cells == [["1", "2", "3"]]
    assert list(blocks(b"a,b\n\n\n", ",", 2)) == []


def test_a_block_without_some_rows_lists_them_in_order():
    block = block_of([(2, b"1,2"), (3, b"x"), (4, b"3,4")], ",", 2).without({1: "bad"})
    assert [one.row for one in block.unreadable] == [3, 4]
    assert block.row == [2]


def test_cells_lose_quotes_and_blanks():
    assert cells_of(' a , " b ""c"" ",', ",") == ["a", 'b "c"', ""]
    with pytest.raises(ValueError, match="do not close"):
        cells_of('a,"b', ",")


def test_numbers_with_a_point():
    values, wrong = numbers(["1", " ", "NaN", "-", "1e3", "1,5", "1_0", "inf"], "lat")
    assert values[[0, 4, 7]].tolist() == [1, 1_000, math.inf]
    assert wrong == {1: "lat is ' ', which is no number"} | {
        index: f"lat is {cell!r}, which is no number" for index, cell in ((5, "1,5"), (6, "1_0"))
    }


def test_numbers_with_a_comma():
    values, wrong = numbers(["1,5", "2", "35.000", "1.234,5", "x.y"], "altitude", decimal_comma=True)
    assert values[:2].tolist() == [1.5, 2]
    assert wrong == {
        2: "altitude is '35.000', which is no number where a comma is the decimal sign",
        3: "altitude is '1.234,5', which is no number",
        4: "altitude is 'x.y', which is no number",
    }


def test_a_file_of_hardly_anything_readable_is_given_up(monkeypatch):
    monkeypatch.setattr("geo.tracks.rows.MOST_UNREADABLE", 3)
    nothing = Rows.joined([])
    few = [Rows(**{**fields_of(nothing), "unreadable": (Unreadable(row, "bad"),)}) for row in range(2, 6)]
    assert len(gathered(few[:3], "x").unreadable) == 3
    with pytest.raises(TrackUnreadable, match="more than 3 of its rows cannot be read; row 2: bad"):
        gathered(few, "x")


def fields_of(rows: Rows) -> dict:
    return {name: getattr(rows, name) for name in Rows.__slots__}


def test_what_is_shown_is_short_and_printable():
    assert shown("a\0b\x1b[31m" + "x" * 99) == repr("a�b�[31m" + "x" * 52 + "…")
