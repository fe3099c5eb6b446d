"""The list that every page has to pass before it is published, as far as no browser is needed for it.

The rest stands in ``browser/test_release.py`` (numbers), ``browser/test_viewer_labels.py`` (nothing overlaps) and
``test_scene.py`` (the legend lists what is drawn).
"""

from __future__ import annotations

import gzip
import re

import pytest
from shipped_cases import CASES, shipped

from geo.render.page import page
from geo.resources import asset_text
from geo.route import trace
from geo.scene import compose

LIGHT, DARK = 0, 1
TEXT, MARK = 4.5, 3.0
#: Ink and what it stands on, as the parts of the viewer use them.
WRITTEN = [
    *[("ink", ground) for ground in ("bg", "land", "sea", "selbg")],
    *[("ink2", ground) for ground in ("bg", "land", "sea", "selbg")],
    *[("ink3", ground) for ground in ("bg", "selbg")],
    *[("link", ground) for ground in ("bg", "selbg")],
    *[(line, ground) for line in ("rec", "gap") for ground in ("bg", "land", "sea")],
    *[("inf", ground) for ground in ("bg", "land", "sea")],
    ("int", "land"),
    ("lland", "land"),
    ("lsea", "sea"),
]


def tokens(scheme):
    """The colours of a scheme by name, as red, green and blue of 255."""
    found = re.findall(r"--(\w+): (?:light-dark\((.+?), ([^;]+)\)|(#\w{6}));", asset_text("viewer", "look.css"))
    return {name: numbers((light, dark)[scheme] or fixed) for name, light, dark, fixed in found}


def numbers(colour):
    """``#rrggbb`` or ``rgb(r g b / a)`` as numbers."""
    if colour.startswith("#"):
        return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return tuple(float(part) for part in re.findall(r"[\d.]+", colour))


def over(colour, ground):
    """A colour with an alpha on a ground."""
    *channels, alpha = colour
    return tuple(alpha * one + (1 - alpha) * other for one, other in zip(channels, ground, strict=True))


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    linear = [
        value / 12.92 if (value := channel / 255) <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for channel in colour
    ]
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Contrast ratio of two colours, WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(("ink", "ground"), WRITTEN)
def test_text_stands_out_from_its_ground(ink, ground, scheme):
    assert contrast(tokens(scheme)[ink], tokens(scheme)[ground]) >= TEXT


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("ground", ["land", "sea"])
def test_what_is_inferred_is_told_on_its_own_band(scheme, ground):
    colour = tokens(scheme)
    band = over(colour["bandbg"], colour[ground])
    assert contrast(colour["inf"], band) >= MARK
    assert contrast(colour["ink"], band) >= TEXT


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("line", ["rec", "inf", "gap", "int", "ink"])
@pytest.mark.parametrize("ground", ["land", "sea"])
def test_a_line_is_told_from_the_map_in_grey_too(scheme, line, ground):
    """Contrast is of luminance alone, which is what a grey print keeps."""
    assert contrast(tokens(scheme)[line], tokens(scheme)[ground]) >= MARK


def test_each_state_has_a_pattern_of_its_own_so_that_grey_tells_them_apart():
    sheet = asset_text("viewer", "map.css")
    dashes = {}
    for style in ("intended", "received", "inferred", "silent"):
        rules = re.findall(rf"\.fc-l-{style}\b[^{{]*{{([^}}]*)}}", sheet)
        dash = re.search(r"stroke-dasharray: ([^;]+);", "".join(rules))
        dashes[style] = dash.group(1) if dash else "solid"
    assert len(set(dashes.values())) == len(dashes)


@pytest.mark.parametrize("slug", CASES)
def test_each_event_has_a_source_and_what_is_disputed_two_accounts(slug):
    case = shipped(slug)
    scene = compose(case, trace(case))
    for event in scene["events"]:
        assert event["card"]["sources"], event["id"]
        if event["grade"] == "disputed":
            assert sum(len(group["claims"]) for group in event["card"]["groups"]) >= 2, event["id"]


@pytest.mark.parametrize("slug", CASES)
def test_a_page_is_light_enough_for_a_slow_line(slug):
    case = shipped(slug)
    made = page(compose(case, trace(case), case.languages[0])).encode()
    assert len(gzip.compress(made, 9)) <= 90_000
