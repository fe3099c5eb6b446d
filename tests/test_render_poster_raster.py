"""Drawings as PNG: sizes, fonts, determinism."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from shipped_cases import CASES, shipped
from small_scene import small_scene

from geo.errors import RenderError
from geo.render import render
from geo.render.poster.raster import foreign, png
from geo.route import trace
from geo.scene import compose

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><text x="10" y="40" font-size="30">{}</text></svg>'
)


def picture(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("ending", "size"), [(".png", (1200, 630)), ("@2x.png", (2400, 1260)), (".portrait.png", (1080, 1350))]
)
def test_posters_have_the_sizes_that_channels_ask_for(ending, size):
    made = render(small_scene(), f"poster{ending}")
    assert picture(made).size == size
    assert made == render(small_scene(), f"poster{ending}")


def test_text_is_drawn_in_our_fonts_whatever_family_is_named():
    ours = png(SVG.format("Baku").replace("<text", '<text font-family="Flightcase Sans"'))
    assert png(SVG.format("Baku").replace("<text", '<text font-family="Helvetica Neue, sans-serif"')) == ours


def test_what_no_font_has_is_a_box_and_not_nothing():
    # A private character: no font of any machine has it.
    drawn, empty = picture(png(SVG.format("\ue0a0"))), picture(png(SVG.format(" ")))
    assert empty.getbbox() is None
    left, top, right, bottom = drawn.getbbox()
    assert right - left > 8
    assert bottom - top > 12


def test_only_texts_ask_for_other_fonts():
    assert foreign(SVG.format("Grozny &amp; Баку")) == ""
    assert foreign(SVG.format("<tspan>漢</tspan>&#x10d0;")) == "ა漢"
    assert foreign("<svg><title>漢</title></svg>") == ""


def test_what_is_no_drawing_says_so():
    with pytest.raises(RenderError, match="no SVG that resvg can draw"):
        png("<svg")


@pytest.mark.parametrize("case", CASES)
def test_the_picture_that_is_shared_is_light_enough(case):
    # Channels leave out pictures of more than a megabyte.
    scene = compose(shipped(case), trace(shipped(case)), "en", "nautical")
    assert len(render(scene, ".png")) < 1_000_000
