"""Widths of the poster's texts, held against what Chromium measures in the same fonts."""

from __future__ import annotations

import base64

import pytest

from geo.render.poster.text import width
from geo.resources import data

TEXTS = [
    "For 102 of 153 minutes, AVATAR To 11:17",
    "Azərbaycan Hava, Größe, Қазақстан Әуе Ұшу",
    "Самолёт «Грозный», № 8243",
    "لم يُستقبل أي موقع",
    "الطائرة لا إلى بلا الأحداث",
]

MEASURE = """async (texts) => {
  const found = [];
  const context = document.createElement("canvas").getContext("2d");
  for (const face of ["400", "700", "italic 400"]) {
    await document.fonts.load(`${face} 1000px ours`, "Baku");
    // Large: some builds round every letter to whole px.
    context.font = `${face} 1000px ours`;
    found.push(texts.map((text) => context.measureText(text).width / 10));
  }
  return found;
}"""


def test_widths_are_those_of_chromium(open_page):
    faces = "".join(
        f"@font-face{{font-family:ours;font-weight:{weight};font-style:{style};"
        f"src:url(data:font/ttf;base64,{base64.b64encode(data('fonts', name).read_bytes()).decode()})}}"
        for name, weight, style in (
            ("regular.ttf", 400, "normal"),
            ("bold.ttf", 700, "normal"),
            ("italic.ttf", 400, "italic"),
        )
    )
    page = open_page()
    page.set_content(f"<!doctype html><html lang=en><title>Fonts</title><style>{faces}</style><p>Fonts</p></html>")
    measured = page.evaluate(MEASURE, TEXTS)
    for (weight, italic), row in zip(((400, False), (700, False), (400, True)), measured, strict=True):
        assert [width(text, 100, weight, italic) for text in TEXTS] == pytest.approx(row, rel=0.006)
