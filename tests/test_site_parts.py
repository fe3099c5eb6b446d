"""Parts of a site on their own: addresses, the map of all cases, the check of links, what is searched."""

from __future__ import annotations

import itertools
import math
import posixpath
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shipped_cases import CASES, shipped

from geo.resources import asset_text
from geo.route import trace
from geo.scene import compose
from geo.site import check
from geo.site.addresses import INDEX, Addresses, is_safe
from geo.site.card import Card, Drawn, card, fold
from geo.site.links import Checker
from geo.site.world import PHONE, world

URL = "https://maps.example.org/flights/"
SLUGS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)


def made(slug="one", lon=(30.0, 40.0), lat=(50.0, 51.0)) -> Card:
    """A card with one line."""
    line = Drawn("received", tuple(lon), tuple(lat))
    return Card(
        slug=slug, languages=("en", "de"), title={"en": slug, "de": slug}, standfirst="", flight="X1", aircraft="",
        began="2024-01-02", updated="", described={}, search=slug, lines=(line,), mark=(lon[-1], lat[-1]),
        corrections=(),
    )  # fmt: skip


# --- addresses -------------------------------------------------------------------------------------------------------


@given(SLUGS, st.sampled_from(["", "de/", "one/", "one/de/"]), st.sampled_from(["", URL]))
def test_a_relative_way_leads_where_the_absolute_address_does(slug, from_, base):
    addresses = Addresses(base, "en")
    for path in (f"{slug}/{INDEX}", f"{slug}/de/{INDEX}", INDEX, f"de/{INDEX}", f"{slug}/poster@2x.png"):
        way = addresses.relative(path, from_)
        target = posixpath.normpath(posixpath.join(from_, way)).removesuffix("/") if way != "./" else from_ or "."
        wanted = posixpath.dirname(path) or "." if base and path.endswith(INDEX) else path
        assert target == posixpath.normpath(wanted) or posixpath.normpath(target) == posixpath.normpath(wanted)
        if base:
            assert addresses.absolute(path) == URL + path.removesuffix(INDEX)


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", "a/../b", "a/./b", "C:/x", "a\\b", ".git/config", "", "a/"])
def test_a_path_that_leads_out_is_not_safe(path):
    assert not is_safe(path)


# --- the map ---------------------------------------------------------------------------------------------------------

POINTS = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.lists(POINTS, min_size=2, max_size=4), min_size=1, max_size=12))
def test_every_mark_can_be_hit_and_stands_on_the_map(paths):
    cards = []
    for number, path in enumerate(paths):
        lons = [path[0][0]]
        for lon, _ in path[1:]:  # unwrapped, as in a scene
            lons.append(lons[-1] + (lon - lons[-1] + 180) % 360 - 180)
        cards.append(made(f"case-{number}", lons, [lat for _, lat in path]))
    drawn = world(cards, "Map")
    assert [mark.number for mark in drawn.marks] == list(range(1, len(cards) + 1))
    for which, width in (("wide", drawn.width), ("phone", PHONE)):
        height = width * drawn.height / drawn.width
        places = [(x * width, y * height) for x, y in (getattr(mark, which) for mark in drawn.marks)]
        assert all(12 <= x <= width - 12 and 12 <= y <= height - 12 for x, y in places)
        if len(cards) <= 6:  # more than fit into one corner may stand closer
            assert all(math.dist(one, other) > 23.5 for one, other in itertools.combinations(places, 2))
    ET.fromstring(drawn.svg)  # noqa: S314  made above


def test_the_map_is_cut_where_it_is_empty():
    # Across the antimeridian, and beside it on the other side: 40 degrees in all, not 360.
    drawn = world([made("a", (170.0, 190.0)), made("b", (-165.0, -150.0))], "Map")
    starts = [float(x) for x in re.findall(r'class="line received" d="M([-\d.]+)', drawn.svg)]
    assert starts == sorted(starts)
    assert [0.4 < mark.wide[0] < 0.6 for mark in drawn.marks] == [True, False]
    assert drawn.marks[1].wide[0] > 0.9


def test_a_mark_stands_where_the_line_ends_and_a_leader_leads_to_one_that_moved():
    lone = world([made("a")], "Map")
    end = re.search(r'class="line received" d="M.*L([\d.]+) ([\d.]+)"', lone.svg)
    (mark,) = lone.marks
    assert mark.wide == pytest.approx((float(end[1]) / lone.width, float(end[2]) / lone.height), abs=1e-3)
    assert "leader" not in lone.svg
    assert world([made("a"), made("b"), made("c")], "Map").svg.count("leader wide") >= 2


def test_a_case_without_a_line_is_in_the_list_alone():
    bare = made("bare")
    bare = Card(**{name: getattr(bare, name) for name in bare.__slots__} | {"lines": (), "mark": None})
    assert world([bare], "Map") is None
    assert [mark.number for mark in world([bare, made("a")], "Map").marks] == [2]


@pytest.mark.parametrize("slug", CASES)
def test_a_stretch_without_positions_is_no_solid_line(slug):
    case = shipped(slug)
    scene = compose(case, trace(case), "en")
    told = card(case, {"en": scene})
    assert told.lines[0].style == "intended"
    assert sorted(line.style for line in told.lines) == sorted(line["style"] for line in scene["map"]["lines"])
    assert Card.read(told.written()) == told
    style = asset_text("site", "site.css")
    for name in {line.style for line in told.lines} - {"received"}:
        rule = re.search(rf"\.line\.{name} {{(.*?)}}", style, re.DOTALL)
        dashes = re.search(r"stroke-dasharray: (.*);", rule[1]) if rule else None
        base = re.search(r"\n\.line {(.*?)}", style, re.DOTALL)
        assert (dashes or re.search(r"stroke-dasharray: (.*);", base[1]))[1] != "none"


# --- search ----------------------------------------------------------------------------------------------------------


def test_a_case_is_found_by_everything_that_it_is_known_by():
    case = shipped("j2-8243")
    told = card(case, {language: compose(case, trace(case), language) for language in case.languages})
    words = f" {told.search}"
    for sought in ("8243", "J2-8243", "AHY8243", "4K-AZ65", "600841", "Embraer", "E190", "Grosny", "Grozny", "URMG",
                   "25", "December", "Dezember", "2024-12-25", "25.12.2024", "Aktau"):  # fmt: skip
        assert f" {fold(sought)}" in words or fold(sought) in words.split(), sought
    assert len(told.search.split()) == len(set(told.search.split()))


def test_accents_do_not_matter():
    assert fold("Şəki, Gəncə, Köln, İstanbul, Ёлка") == "səki, gəncə, koln, istanbul, елка"


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "index.html").write_text('<a href="one/">x</a><p id="here">', encoding="utf-8")
    (tmp_path / "one/index.html").write_text('<a href="../#here">x</a>', encoding="utf-8")
    (tmp_path / "robots.txt").write_text("User-agent: *\n")
    return tmp_path


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        ('<a href="two/">', "no such file"),
        ('<a href="one">', "without a slash"),
        ('<a href="#nowhere">', "nothing there is called nowhere"),
        ('<a href="one/#nowhere">', "nothing there is called nowhere"),
        ('<img src="poster.png">', "no such file"),
        ('<img srcset="one/ 1x, poster@2x.png 2x">', "no such file"),
        ('<meta property="og:image" content="https://maps.example.org/flights/poster.png">', "no such file"),
        ('<link rel="canonical" href="https://maps.example.org/flights/three/">', "no such file"),
        ('<script type="application/ld+json">{"a": ["https://maps.example.org/flights/x.csv"]}</script>', "no such"),
        ('<a href="../../etc">', "out of the site"),
        ('<svg><a xlink:href="two.svg">', "no such file"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(site, markup, says):
    assert check(site, URL) == []
    (site / "index.html").write_text(f'<p id="here">{markup}', encoding="utf-8")
    (problem,) = check(site, URL)
    assert problem.startswith("index.html: ")
    assert says in problem


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://elsewhere.example/">',
        '<a href="mailto:a@b.example">',
        '<a href="one/?lang=de#t=2024-12-25T05:13:31Z&amp;event=x">',
        '<a href="https://maps.example.org/flights/one/">',
        '<a href="#here">',
        '<img src="data:image/png;base64,AAAA">',
        '<a href="javascript:void 0">',
    ],
)
def test_a_link_that_leads_somewhere_is_fine(site, markup):
    (site / "index.html").write_text(f'<p id="here">{markup}', encoding="utf-8")
    assert check(site, URL) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sitemap.xml", '<urlset xmlns="s"><url><loc>https://maps.example.org/flights/two/</loc></url></urlset>'),
        ("feed.xml", '<feed xmlns="a"><link href="https://maps.example.org/flights/two/"/></feed>'),
        ("robots.txt", "Sitemap: https://maps.example.org/flights/sitemap.xml\n"),
        ("site.json", '{"files": {"two/index.html": {}}}'),
        ("oembed.json", '{"html": "<iframe src=\\"https://maps.example.org/flights/two/\\">"}'),
        ("oembed.json", '{"html": "", "thumbnail_url": "https://maps.example.org/flights/two.png"}'),
        ("sitemap.xml", "<urlset"),
        ("oembed.json", "{"),
    ],
)
def test_other_files_are_read_too(site, name, text):
    (site / name).write_text(text, encoding="utf-8")
    assert len(Checker(site, URL).problems([name])) == 1
