from __future__ import annotations

import gzip
import json

import pytest
from shipped_cases import CASES

from geo import casefile
from geo.dashboard.weights import PARTS, _pieces, aim, gzipped, page_weights, positions, size
from geo.render import render
from geo.render.inline import leaflet_script, leaflet_style, viewer_script, viewer_style
from geo.resources import data
from geo.route import trace
from geo.scene import compose
from geo.scene.words import Words


@pytest.fixture(scope="module", params=CASES)
def page(request):
    case = casefile.read(data("cases", request.param))
    return render(compose(case, trace(case), "en", "nautical"), ".html")


def test_the_parts_are_the_whole(page):
    weights = page_weights(page)
    assert [weight.part for weight in weights] == list(PARTS)
    assert sum(weight.bytes for weight in weights) == len(page)
    assert sum(weight.gzip for weight in weights) == gzipped(page) == len(gzip.compress(page, 9))
    assert all(0 < weight.gzip < weight.bytes for weight in weights)


def test_each_part_holds_what_it_is_called(page):
    pieces = {}
    for part, text in _pieces(page.decode()):
        pieces[part] = pieces.get(part, "") + text
    assert viewer_script() in pieces["code"]
    assert leaflet_script(whole=False) in pieces["code"]
    assert pieces["style"].startswith(leaflet_style(whole=False) + viewer_style())
    land = json.loads("{" + pieces["basemap"].removeprefix(",") + "}")
    assert list(land) == ["basemap"]
    assert "land" in land["basemap"]
    assert '"sources"' in pieces["case"]
    assert "<article>" in pieces["case"]


def test_text_that_looks_like_a_part_is_of_the_case(page):
    html = page.decode().replace("</article>", '&lt;style&gt;,"basemap":{}</article>', 1)
    before, after = page_weights(page), page_weights(html.encode())
    for old, new in zip(before, after, strict=True):
        assert (new.bytes > old.bytes) == (old.part == "case")


def test_a_page_may_weigh_more_with_more_positions():
    assert [aim(0), aim(1_000), aim(21_000)] == [90_000, 90_000, 170_000]


def test_positions_are_those_that_the_page_carries():
    case = casefile.read(data("cases", "jl516"))
    scene = compose(case, trace(case), "en", "nautical")
    assert len(case.recorded[0]) <= positions(scene) < 2 * len(case.recorded[0])


@pytest.mark.parametrize(
    ("count", "language", "said"),
    [
        (0, "en", "0 kB"),
        (387, "en", "0.4 kB"),
        (9_949, "en", "9.9 kB"),
        (86_149, "en", "86 kB"),
        (999_499, "en", "999 kB"),
        (999_500, "en", "1 MB"),
        (1_234_567, "de", "1,2 MB"),
    ],
)
def test_sizes_are_said(count, language, said):
    assert size(count, Words(language)) == said
