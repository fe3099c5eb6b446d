"""The walk over XML: told of what is wanted, stopped by nothing but the file, and led astray by no file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TrackUnreadable
from geo.tracks.markup import walk as markup
from geo.tracks.markup.walk import Break, Walk, behind, local, root_of, utf8


class Told:
    """Keeps what a walk tells it."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.begun = []
        self.texts = []
        self.some = []

    def opened(self, name, attributes):
        self.begun.append((name, attributes, self.walk.line, self.walk.stack[-1] if self.walk.stack else None))

    def closed(self, name, text):
        self.texts.append((name, text))

    def more(self, name, text):
        self.some.append((name, text))


def over(text: str | bytes, wanted="abc", long=()) -> tuple[Told, Break | None]:
    walk = Walk(lambda tag: local(tag) if local(tag) in set(wanted) else "", "abc", long)
    told = Told(walk)
    return told, walk.over(text.encode() if isinstance(text, str) else text, "file", told)


def test_elements_are_told_with_attributes_lines_parents_and_text():
    told, cut = over("<a x='1'>\r\n<b>one</b>\r<skipped><c>two</c></skipped>\n<b/></a>")
    assert cut is None
    assert told.begun == [("a", {"x": "1"}, 1, None), ("b", {}, 2, "a"), ("c", {}, 3, ""), ("b", {}, 4, "a")]
    assert told.texts == [("b", "one"), ("c", "two"), ("b", ""), ("a", "")]


def test_text_is_whole_whatever_stands_in_it():
    told, _ = over("<a>1 &lt;b&gt; &#x41;<!-- no -->2<i>3</i><![CDATA[<4>]]>5</a>")
    assert told.texts == [("a", "1 <b> A23<4>5")]


def test_a_prefix_that_nobody_declared_is_no_fault():
    told, cut = over("<kml:a><gx:b>1</gx:b></kml:a>")
    assert (told.texts, cut) == ([("b", "1"), ("a", "")], None)


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE a [" + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9)) + "]>",
    ],
)
def test_a_document_type_is_refused_with_its_line_before_any_entity_is_read(before):
    with pytest.raises(TrackUnreadable, match=r"file: line 3: it declares a document type.*remove the declaration"):
        over(f"<?xml version='1.0'?>\n\n{before}<a>&l9;</a>")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("<a>\n<b>1</b>\n<b>2", 3, "the file breaks off here"),
        ("<a>\n<b>1</b>\n<b x='", 3, "the file breaks off here"),
        ("<a>\n<b>1</b>\n<![CDATA[", 3, "the file breaks off here"),
        ("<a>\n<b>1</b>\n</c></a>", 3, "no XML that can be read: mismatched tag"),
        ("<a>\n<b>1</b>\n&nbsp;</a>", 3, "undefined entity"),
        ("<a>\n<b>1</b>\nSmith & Sons</a>", 3, "not well-formed"),
        ("<a>\n<b>1</b></a>\n<a/>", 3, "junk after document element"),
        ("<a>\n<b>1</b>\n" + "<d>" * 1_000 + "</d>" * 1_000 + "</a>", 3, "nested more than 100 deep"),
        ("<a>\n<b>1</b>\n<d x='" + "9" * 10_000_000 + "'/></a>", 3, "a tag or comment has more than 1,048,576 bytes"),
        ("<a>\n<b>1</b>\n<!--" + "9" * 5_000_000 + "--></a>", 3, "a tag or comment has more than 1,048,576 bytes"),
        ("<a>\n<b>1</b>\n" + "".join(f"<e{n}/>" for n in range(60_000)) + "</a>", 3, "10,000 different names"),
    ],
)
def test_what_stood_before_a_fault_is_told_and_the_fault_has_its_line(text, line, words):
    told, cut = over(text)
    assert told.texts[0] == ("b", "1")
    assert cut is not None
    assert cut.line == line
    assert words in cut.detail
    assert len(cut.detail) < 200


def test_a_text_that_no_element_has_is_cut():
    told, cut = over("<a><b>" + "9" * 5_000_000 + "</b><b>1</b></a>")
    assert cut is None
    assert markup.LONGEST_TEXT <= len(told.texts[0][1]) <= markup.LONGEST_TEXT + markup.PIECE
    assert told.texts[1] == ("b", "1")


def test_a_long_element_is_told_in_parts_and_nothing_of_it_is_lost():
    text = " ".join(map(str, range(200_000)))
    told, _ = over(f"<a><b>{text}</b></a>", long="b")
    assert len(told.some) > 2
    assert "".join(part for _, part in told.some) + told.texts[0][1] == text
    assert all(len(part) <= 2 * markup.PIECE for _, part in told.some)


def test_a_nul_spoils_the_text_it_stands_in_and_no_other():
    told, cut = over(b"<a><b>1\x002</b><b>3</b></a>")
    assert (told.texts[:2], cut) == ([("b", "1?2"), ("b", "3")], None)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<a><b>Zürich</b></a>".encode(), "Zürich"),
        (b"\xef\xbb\xbf" + "<a><b>Zürich</b></a>".encode(), "Zürich"),
        ('<?xml version="1.0" encoding="UTF-16"?><a><b>Zürich</b></a>'.encode("utf-16"), "Zürich"),
        ('<?xml version="1.0" encoding="UTF-16"?><a><b>Zürich</b></a>'.encode("utf-16-be"), "Zürich"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a><b>Zürich</b></a>'.encode("latin-1"), "Zürich"),
        ("<?xml version='1.0' encoding='Shift_JIS'?><a><b>羽田</b></a>".encode("shift-jis"), "羽田"),
        ('<?xml version="1.0" encoding="UTF-16"?><a><b>Zürich</b></a>'.encode(), "Zürich"),
        ('<?xml version="1.0" encoding="zip"?><a><b>Zürich</b></a>'.encode(), "Zürich"),
        (
            '<?xml version="1.0" encoding="utf-8"?><a><b>Zürich</b></a>'.encode("latin-1"),
            "Z\N{REPLACEMENT CHARACTER}rich",
        ),
        (b"\n  <?xml version='1.0'?><a><b>1</b></a>", "1"),
    ],
)
def test_text_is_read_in_its_encoding_and_a_wrong_declaration_breaks_nothing(content, name):
    told, cut = over(utf8(content))
    assert (told.texts[0], cut) == (("b", name), None)


@pytest.mark.parametrize(
    ("head", "root"),
    [
        (b"<gpx>", "gpx"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <kml> --><kml:kml xmlns='x'>", "kml"),
        ("<?xml version='1.0'?><gpx/>".encode("utf-16"), "gpx"),
        (b"<!DOCTYPE gpx [<!ENTITY a 'b'>]><gpx>", "gpx"),
        (b"<!-- never closed <gpx>", ""),
        (b"gpx", ""),
        (b"", ""),
        (b"<", ""),
        (b"<" + b"x" * 60_000, "x" * 100),
        (b" " * 30_000 + b"<!---->" * 4_000, ""),
    ],
)
def test_the_root_is_known_from_the_beginning(head, root):
    assert root_of(head) == root


def test_tags_behind_a_break_are_found_with_their_lines():
    text = b"<a>\n<b/>\r\n<b x=''/>\r<x:b>\n<bb/><b\n/>"
    assert list(behind(text, Break(1, 0, ""), "b")) == [2, 3, 4, 5]
    assert list(behind(text, Break(3, text.index(b"<b x"), ""), "b")) == [4, 5]


@given(st.binary(max_size=300) | st.text("<>/a='\" &;!-[]?\n", max_size=200).map(str.encode))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_walked_or_refused(data):
    root_of(data)
    try:
        _, cut = over(utf8(data))
    except TrackUnreadable:
        return
    assert cut is None or cut.line >= 1
