"""The poster on paper, read back by a reader of PDF that is not the one that wrote it."""

from __future__ import annotations

import builtins
import io
import re

import pypdf
import pytest
from small_scene import small_scene, with_every_word

from geo.errors import RenderError
from geo.render import render
from geo.render.poster.pdf import pdf

HOSTILE = '#panic("x") <b>&amp;</b> $x$ \\ "quoted" */ \x07'


@pytest.fixture(scope="module")
def document():
    return pypdf.PdfReader(io.BytesIO(render(small_scene(), ".pdf")))


def text_of(document):
    return "\n".join(page.extract_text() for page in document.pages)


def test_it_is_an_a4_page_with_the_poster_and_more_behind_it(document):
    width, height = document.pages[0].mediabox[2:]
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 210)
    assert len(document.pages) > 1


def test_its_text_can_be_searched(document):
    assert "Schematic: lines show order, not surveyed positions" in document.pages[0].extract_text()
    behind = text_of(document)
    for said in ("Take-off from Westby", "Confirmed", "Notes of the tower", "1 December 2023", "14,000 km²"):
        assert said in behind


def test_only_our_fonts_are_in_it_and_they_are_embedded(document):
    fonts = {}
    for page in document.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[inner["/BaseFont"].split("+")[-1]] = "/FontFile2" in inner["/FontDescriptor"].get_object()
    assert fonts
    assert all(fonts.values())
    assert all(name.startswith("FlightcaseSans") for name in fonts)


def test_it_says_what_it_is_and_when_it_was_changed(document):
    scene = small_scene()
    assert document.metadata.title == scene["title"]
    assert document.metadata.subject == scene["description"]
    assert document.metadata.creation_date.date().isoformat() == scene["updated"]
    assert document.root_object["/Lang"] == "en"
    assert "/StructTreeRoot" in document.root_object


def test_equal_scenes_give_equal_bytes():
    assert render(small_scene(), ".pdf") == render(small_scene(), ".pdf")


def test_an_arabic_one_says_so():
    scene = {**small_scene(), "language": "ar", "direction": "rtl", "title": "لم يُستقبل أي موقع"}
    made = pypdf.PdfReader(io.BytesIO(render(scene, ".pdf")))
    assert made.root_object["/Lang"] == "ar"
    assert made.metadata.title == scene["title"]


def test_nothing_in_a_case_becomes_markup():
    scene = with_every_word(small_scene(), lambda text: f"{text} {HOSTILE}")
    made = pypdf.PdfReader(io.BytesIO(render(scene, ".pdf")))
    assert '#panic("x")' in re.sub(r"\s+", " ", text_of(made))


def test_a_drawing_that_is_none_is_told():
    with pytest.raises(RenderError, match="cannot be set as PDF"):
        pdf(small_scene(), "<svg")


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def lacking(name, *more):
        if name == "typst":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(RenderError, match=re.escape("pip install 'flightcase[pdf]'")):
        render(small_scene(), ".pdf")
