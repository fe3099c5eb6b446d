"""The poster: whole, legible and honest in every case, language and form."""

from __future__ import annotations

import copy
import gzip
import io
import itertools
import re
import unicodedata
from functools import cache
from typing import Any

import pytest
from drawn_svg import SVG, meet, read, texts
from PIL import Image
from shipped_cases import CASES, shipped
from small_scene import path, small_scene

from geo.errors import RenderError
from geo.render import render
from geo.render.page import page
from geo.render.poster import page_poster, poster
from geo.render.poster.chart import fitted
from geo.render.poster.drawing import element
from geo.render.poster.forms import FORMS, PADDING
from geo.render.poster.key import listed, swatch
from geo.render.poster.lines import styles_drawn, within_reach
from geo.render.poster.look import LINES, patterns
from geo.render.poster.raster import png
from geo.route import trace
from geo.scene import compose

LANGUAGES = ("en", "de", "ru", "az", "kk", "ar")
BOTH = ("landscape", "portrait")


@cache
def _scene(slug: str, language: str) -> dict[str, Any]:
    case = shipped(slug)
    return compose(case, trace(case), language, "nautical")


@cache
def _svg(slug: str, language: str, form: str) -> str:
    return poster(_scene(slug, language), form)


def _said(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) != "Cf").replace("\u00a0", " ")


@pytest.mark.parametrize("form", BOTH)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", CASES)
def test_every_text_is_on_the_sheet_large_enough_and_covers_no_other(slug, language, form):
    shape = FORMS[form]
    found = list(texts(read(_svg(slug, language, form))))
    outside = [
        each.text
        for each in found
        if not (
            each.box[0] >= -0.5 and each.box[2] <= shape.width + 0.5 and 0 <= each.box[1] <= each.box[3] <= shape.height
        )
    ]
    assert not outside
    # Runways and grades have nothing smaller than 12 px of 1200.
    assert min(each.size * shape.zoom for each in found) >= 12
    # Labels of the map have rules and tests of their own; none of the sheet's may touch another.
    ours = [each for each in found if not each.on_map]
    covering = [(a.text, b.text) for a, b in itertools.combinations(ours, 2) if meet(a.box, b.box, 0.6)]
    assert not covering


@pytest.mark.parametrize("slug", CASES)
def test_the_figures_are_those_of_the_scene(slug):
    scene = _scene(slug, "en")
    root = read(_svg(slug, "en", "landscape"))
    marks = [node for node in root.iter(f"{SVG}g") if "data-event" in node.attrib]
    events = {event["id"]: event for event in scene["events"]}
    for mark in marks:
        event = events[mark.attrib["data-event"]]
        assert mark.attrib["data-grade"] == event["grade"]
        assert "".join(mark.find(f"{SVG}text").itertext()) == event["number"]
        assert mark.find(f"{SVG}title").text == event["name"]
    drawn = [mark.attrib["data-event"] for mark in marks]
    main = {event["id"] for event in scene["events"] if event["main"]}
    mapped = {marker["event"] for marker in scene["map"]["markers"]} & main
    assert sorted(drawn) == sorted([*main, *mapped])


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("slug", CASES)
def test_headline_standfirst_and_footer_are_whole(slug, language):
    scene = _scene(slug, language)
    for form in BOTH:
        every = " ".join(_said(each.text) for each in texts(read(_svg(slug, language, form))))
        assert "…" not in every
        for name in ("title", "standfirst"):
            said = scene[name]["text"] if isinstance(scene[name], dict) else scene[name]
            assert said in every
        parts = [part if isinstance(part, list) else [part] for part in scene["footer"]]
        own = " ".join(part for part in itertools.chain.from_iterable(parts) if isinstance(part, str))
        assert set(re.findall(r"\w+", own)) <= set(re.findall(r"\w+", every))


@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("form", BOTH)
def test_the_key_lists_what_is_drawn_and_no_more(slug, form):
    scene = _scene(slug, "en")
    root = read(_svg(slug, "en", form))
    on_map = next(node for node in root.iter(f"{SVG}g") if "clip-path" in node.attrib)
    reached = any(node.get("data-style") == "reach" for node in on_map.iter())
    in_key = {style for style, _ in listed(scene, reached=reached)}
    on_bar = {state["style"] for state in scene["states"]}
    hatched = {"reach"} if "silent" in in_key else set()
    assert in_key | hatched == (styles_drawn(scene, reached=reached) | on_bar) | hatched
    # What is listed is drawn, in the key itself and beside it.
    drawn = {node.attrib["data-style"] for node in root.iter() if "data-style" in node.attrib}
    assert in_key <= drawn
    text = dict(listed(scene, reached=reached)).get("silent", "")
    assert ("reach" in text) == (reached and "silent" in in_key)


def test_a_reach_that_holds_the_whole_map_is_not_hatched():
    for slug, expected in (("j2-8243", False), ("af1-2001", True), ("kal007", True), ("fr4978", False)):
        scene = _scene(slug, "en")
        assert within_reach(scene, fitted(scene, (740, 440), PADDING)) == expected


@pytest.mark.parametrize("form", ["landscape", "page"])
@pytest.mark.parametrize("slug", CASES)
def test_state_evidence_and_basis_are_in_the_file(slug, form):
    root = read(_svg(slug, "en", form))
    said = {
        (node.get("data-style"), node.get("data-evidence"), node.get("data-basis"))
        for node in root.iter()
        if "data-style" in node.attrib
    }
    lines = {(line["style"], line.get("evidence"), line.get("basis")) for line in _scene(slug, "en")["map"]["lines"]}
    assert lines <= said
    for line in root.iter(f"{SVG}g"):
        if line.get("data-style") == "received" and line.get("data-basis"):
            continue
        # A stretch without positions is never a plain solid line.
        if (
            line.get("data-style") in ("silent", "rejected", "partial", "inferred", "intended")
            and "data-basis" in line.attrib
        ):
            shown = [path for path in line.iter(f"{SVG}path") if (path.get("stroke") or "").startswith("#")]
            assert all("stroke-dasharray" in path.attrib or path.get("stroke") == "#ffffff" for path in shown)


def test_states_are_told_apart_without_colour():
    dashes = {style: LINES[style].get("stroke_dasharray") for style in ("intended", "received", "silent", "inferred")}
    assert len(set(dashes.values())) == 4
    grey = {}
    for style in ("intended", "received", "silent", "rejected", "inferred", "ring"):
        body = patterns(("silent", "partial", "rejected")) + element("rect", width=36, height=14, fill="#ffffff")
        svg = element("svg", body + swatch(style), xmlns="http://www.w3.org/2000/svg", width=36, height=14)
        pixels = Image.open(io.BytesIO(png(svg, 144))).convert("L").point(lambda level: 0 if level < 160 else 255)
        grey[style] = pixels.tobytes()
    for one, other in itertools.combinations(grey, 2):
        different = sum(a != b for a, b in zip(grey[one], grey[other], strict=True))
        assert different > 0.04 * len(grey[one]), (one, other)


@pytest.mark.parametrize("form", [*BOTH, "page"])
def test_a_drawing_needs_no_style_sheet_and_asks_nobody(form):
    for slug in CASES:
        svg = _svg(slug, "en", form)
        root = read(svg)
        assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
            "svg", "title", "desc", "defs", "pattern", "clipPath", "rect", "g", "path", "circle", "line", "text",
            "tspan",
        }  # fmt: skip
        names = {name for node in root.iter() for name in node.attrib}
        assert not {name for name in names if name == "style" or name.startswith("on") or "href" in name}
        assert set(re.findall(r"url\((.)", svg)) <= {"#"}
        used, made = set(re.findall(r"url\(#([^)]+)\)", svg)), set(re.findall(r'id="([^"]+)"', svg))
        assert used == made
        assert poster(copy.deepcopy(_scene(slug, "en")), form) == svg


@pytest.mark.parametrize("form", [*BOTH, "page"])
def test_hostile_text_gets_no_further(form):
    scene = small_scene()
    bad = '</text><script>alert(1)</script>\x00\x08\ufffe "&\u202e'
    scene["title"] = scene["standfirst"] = {"text": bad, "lang": 'de" onload="alert(1)'}
    scene["description"] = scene["map"]["stamp"] = bad
    scene["events"][0]["name"] = scene["footer"][0] = bad
    svg = poster(scene, form)
    root = read(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert not [node for node in root.iter() if "onload" in node.attrib]
    assert "\u202e" not in "".join(each.text for each in texts(root))
    assert png(svg)


def test_the_antimeridian_changes_nothing_but_the_ground():
    def lines(shift: float) -> list[float]:
        root = read(poster(small_scene(shift)))
        blue = LINES["received"]["stroke"]
        found = [node.get("d", "") for node in root.iter(f"{SVG}path") if node.get("stroke") == blue]
        return [float(value) for d in found for value in re.findall(r"-?[\d.]+", d)]

    # The view stands on whole px, wherever it is.
    assert lines(0.0) == pytest.approx(lines(170.0), abs=1.1)
    assert lines(0.0) == pytest.approx(lines(-190.0), abs=1.1)


@pytest.mark.parametrize("form", BOTH)
def test_long_and_empty_texts(form):
    long, bare = small_scene(), small_scene()
    long["title"] = "A title that says the same again and again. " * 30
    long["standfirst"] = "And a standfirst that does not end either. " * 60
    long["footer"] = ["Nor does what is said of the sources. " * 80, "Last change: today. " * 60]
    bare["footer"], bare["standfirst"], bare["title"], bare["heads"] = [], "", "", []
    bare["legend"]["grades"] = []
    for scene in (long, bare):
        shape = FORMS[form]
        found = list(texts(read(poster(scene, form))))
        assert all(each.box[2] <= shape.width and each.box[3] <= shape.height for each in found)
        ours = [each for each in found if not each.on_map]
        assert not [(a.text, b.text) for a, b in itertools.combinations(ours, 2) if meet(a.box, b.box, 0.6)]
    cut = [each.text for each in texts(read(poster(long, form))) if "…" in each.text]
    assert cut
    # An ellipsis stands behind a whole word.
    whole = set(re.split(r"\W+", long["title"] + long["standfirst"] + " ".join(long["footer"])))
    assert all(_said(text).rstrip("…").split()[-1].strip(".") in whole for text in cut)


@pytest.mark.parametrize(("form", "size"), [("landscape", (1200, 630)), ("portrait", (1080, 1350))])
def test_resvg_draws_it_to_the_px(form, size):
    assert Image.open(io.BytesIO(png(_svg("j2-8243", "ar", form)))).size == size


def test_languages_written_from_the_right_are_mirrored():
    left, right = (read(_svg("jl516", language, "landscape")) for language in ("en", "ar"))
    place = {}
    for name, root in (("en", left), ("ar", right)):
        box = next(node for node in root if any("clip-path" in inner.attrib for inner in node.iter()))
        place[name] = float(re.findall(r"[\d.]+", box.attrib["transform"])[0])
    assert place["en"] > 400
    assert place["ar"] == 30
    assert right.get("lang") == "ar"
    # A headline that is there in English only says so, and is told so.
    title = next(each for each in texts(right) if each.size == max(one.size for one in texts(right)))
    assert title.lang == "en"
    assert any(_said(each.text).endswith(" EN") for each in texts(right))


def test_page_form_is_light_and_named():
    scene = _scene("j2-8243", "en")
    svg = page_poster(scene)
    root = read(svg)
    assert root.get("class") == "fc-poster"
    assert root.get("role") == "img"
    assert (root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text) == (scene["title"], scene["description"])
    assert "width" not in root.attrib

    def packed(text: str) -> int:
        return len(gzip.compress(text.encode(), 9, mtime=0))

    whole = page(scene)
    assert svg in whole
    assert packed(whole) - packed(whole.replace(svg, "")) <= 2050


def test_other_aircraft_are_thin_lines_with_their_names():
    scene = small_scene()
    way = path([(8.5, 52.4), (12.5, 52.6)], [1_700_000_000, 1_700_003_600])
    scene["map"]["others"] = {
        "text": "Other aircraft",
        "aircraft": [
            {"name": "Tanker 4", "style": "other", "within_m": 10, "fixes": 2, "paths": [way]},
            {"name": "Unnamed", "style": "traffic", "within_m": 10, "fixes": 2, "paths": [way]},
        ],
    }
    root = read(poster(scene))
    assert {"other", "traffic"} <= {node.get("data-style") for node in root.iter()}
    said = {each.text for each in texts(root)}
    assert "Tanker 4" in said
    assert "Unnamed" not in said
    assert styles_drawn(scene, reached=False) >= {"other", "traffic"}


def test_forms_and_endings():
    with pytest.raises(RenderError, match="no form 'square'; write one of landscape, portrait, page"):
        poster(small_scene(), "square")
    assert render(small_scene(), "a.svg").decode() == poster(small_scene())
    assert render(small_scene(), "a.portrait.svg").decode() == poster(small_scene(), "portrait")
