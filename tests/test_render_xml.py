"""Text as XML: what a parser reads back is what was written, but for what XML forbids."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from geo.render.xml import allowed, around, element, quoted, unparsed


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  our own


HOSTILE = "<b onclick='x'>]]>&amp;\x00\x0b\ufffe\r\n\t\"</b>"


@given(st.text())
def test_an_element_and_an_attribute_read_back_as_what_was_written(text: str) -> None:
    written = f'<a b="{quoted(text)}">{element("c", text) or "<c/>"}</a>'
    read = parsed(written)
    assert read.get("b") == allowed(text)
    assert (read[0].text or "") == allowed(text)


@given(st.text().filter(lambda text: "\r" not in text))
def test_markup_that_is_not_parsed_reads_back_as_what_was_written(text: str) -> None:
    written = unparsed("a", text) or "<a/>"
    assert (parsed(written).text or "") == allowed(text)


def test_what_xml_forbids_is_seen_to_be_missing() -> None:
    assert allowed("a\x00b\x1f\ud800\ufffe\uffff\tc") == "a\ufffdb\ufffd\ufffd\ufffd\ufffd\tc"
    read = parsed(element("a", HOSTILE, b=HOSTILE))
    assert read.text == HOSTILE.replace("\x00", "\ufffd").replace("\x0b", "\ufffd").replace("\ufffe", "\ufffd")
    assert read.get("b") == read.text
    assert len(read) == 0


def test_nothing_makes_no_element() -> None:
    assert element("a", "") == element("a", None) == unparsed("a", "") == around("a", ["", ""]) == ""
