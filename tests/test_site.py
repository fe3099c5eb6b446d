"""A site is written whole, says what it should, and is rewritten only where something changed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import zipfile
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from small_case import TEXT, TRACK, rows
from test_render_valid import VALIDATOR, found

from geo.cli import main
from geo.dashboard import publications
from geo.errors import CaseError, RenderError, SiteError
from geo.render import RENDERINGS
from geo.resources import data
from geo.site import check, folder, making, publish

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://maps.example.org/flights/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
CORRECTION = '\n[[correction]]\non = 2025-01-03\ntext.en = "{0}"\ntext.de = "Die Zeit <b>war</b> falsch & ist mended"\n'


def written(folder: Path, slug: str, more: str = "", text: str = TEXT) -> Path:
    """A small case in a folder of its name."""
    case = folder / slug
    case.mkdir(parents=True, exist_ok=True)
    said = text.replace('id = "small"', f'id = "{slug}"')
    (case / "case.toml").write_text(said + TRACK.format(name="track.csv") + more, encoding="utf-8")
    (case / "track.csv").write_bytes(rows(200))
    (case / "notes.txt").write_text("call the lawyer", encoding="utf-8")
    return case


@pytest.fixture
def whole():
    """Every rendering, as a site has them; pictures take their time, so other tests go without."""


@pytest.fixture(autouse=True)
def _few(request, monkeypatch):
    if "whole" not in request.fixturenames:
        few = [(ending, RENDERINGS[ending]) for ending in (".html", ".geojson")]
        monkeypatch.setattr(making, "formats", lambda: iter(few))


@pytest.fixture
def cases(tmp_path):
    more = CORRECTION.format("The time <i>was</i> wrong") + CORRECTION.format("A second one")
    return [written(tmp_path / "cases", "one", more), written(tmp_path / "cases", "two")]


def state(folder: Path) -> dict[str, tuple[int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}


@pytest.mark.usefixtures("whole")
def test_it_has_everything_that_readers_and_machines_ask_for(cases, tmp_path):
    site = publish(cases, tmp_path / "site", url=URL, name="The Example & Times")
    there = {file.path for file in site.files}
    assert there == set(state(tmp_path / "site")) - {"site.json"}
    assert {"index.html", "de/index.html", "one/index.html", "one/de/index.html"} <= there
    assert {"one/oembed.json", "one/de/oembed.xml", "one/one.zip", "embed.js", "_headers", "404.html"} <= there
    assert {"robots.txt", "sitemap.xml", "corrections.xml", "de/corrections.xml"} <= there
    made = [ending for ending, each in RENDERINGS.items() if not each.extra and not each.slow and ending != ".html"]
    stems = {ending: "poster" if RENDERINGS[ending].media.startswith("image/") else "two" for ending in made}
    assert {f"two/de/{stem}{ending}" for ending, stem in stems.items()} <= there
    assert (site.broken, site.missing, site.left) == ((), "", ())
    page = (tmp_path / "site/one/de/index.html").read_text(encoding="utf-8")
    assert f'<meta property="og:image" content="{URL}one/de/poster.png">' in page
    said = json.loads((tmp_path / "site/one/de/oembed.json").read_bytes())
    assert said["thumbnail_url"] == f"{URL}one/de/poster.png"
    listed = json.loads((tmp_path / "site" / "site.json").read_bytes())["files"]
    for path, each in listed.items():
        content = (tmp_path / "site" / path).read_bytes()
        assert (each["sha256"], each["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content)), path


def test_readers_get_the_case_and_nothing_that_lies_beside_it(cases, tmp_path):
    publish(cases, tmp_path / "site")
    archive = zipfile.ZipFile(io.BytesIO((tmp_path / "site/one/one.zip").read_bytes()))
    assert archive.namelist() == ["one/case.toml", "one/track.csv"]
    assert archive.read("one/track.csv") == (cases[0] / "track.csv").read_bytes()
    site = publish(cases, tmp_path / "site", case_folder=False)
    assert {"one/one.zip", "two/two.zip"} == set(site.removed)


def test_every_page_names_its_addresses_and_languages(cases, tmp_path):
    publish(cases, tmp_path / "site", url=URL.rstrip("/"), name="The Example & Times")
    page = (tmp_path / "site/one/de/index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{URL}one/de/">' in page
    assert f'<link rel="alternate" hreflang="en" href="{URL}one/">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{URL}one/">' in page
    assert f'href="{URL}one/de/oembed.json"' in page
    said = json.loads((tmp_path / "site/one/de/oembed.json").read_bytes())
    assert (said["version"], said["type"], said["provider_name"]) == ("1.0", "rich", "The Example & Times")
    assert f'src="{URL}one/de/"' in said["html"]
    index = (tmp_path / "site/de/index.html").read_text(encoding="utf-8")
    assert "The Example &amp; Times" in index
    assert f'<link rel="canonical" href="{URL}de/">' in index
    assert escape(f'<flight-case src="{URL}one/de/"') in index


def test_without_an_address_everything_is_relative_and_what_needs_one_is_left_out(cases, tmp_path):
    site = publish(cases, tmp_path / "site", name="The Example Times")
    assert "sitemap" in site.missing
    there = {file.path for file in site.files}
    assert not {path for path in there if re.search(r"oembed|sitemap|corrections", path)}
    for file in (tmp_path / "site").rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        assert not re.search(r'rel="canonical"|og:url|og:image|application/json\+oembed', html), file
    index = (tmp_path / "site/de/index.html").read_text(encoding="utf-8")
    assert 'href="../one/de/index.html"' in index  # a disk knows no index of a folder
    assert site.broken == ()


def test_nothing_is_written_again_where_nothing_changed(cases, tmp_path):
    first = publish(cases, tmp_path / "site", url=URL)
    before = state(tmp_path / "site")
    again = publish(cases[::-1], tmp_path / "site", url=URL)
    assert (again.written, again.rendered, again.files) == ((), (), first.files)
    assert state(tmp_path / "site") == before
    # Elsewhere the same cases give the same bytes.
    publish(cases, tmp_path / "other", url=URL)
    assert (tmp_path / "other/site.json").read_bytes() == (tmp_path / "site/site.json").read_bytes()


def test_only_what_changed_is_rewritten(cases, tmp_path):
    publish(cases, tmp_path / "site", url=URL)
    before = state(tmp_path / "site")
    written(tmp_path / "cases", "two", CORRECTION.format("Mended"))
    site = publish(cases, tmp_path / "site", url=URL)
    assert site.rendered == ("two",)
    changed = {path for path, seen in state(tmp_path / "site").items() if seen != before.get(path)}
    assert changed == {*site.written, "site.json"}
    assert {"two/index.html", "two/de/index.html", "two/two.zip", "corrections.xml"} <= changed
    assert not any(path.startswith("one/") or path in ("embed.js", "robots.txt") for path in changed)


def test_a_damaged_file_is_made_again(cases, tmp_path):
    publish(cases, tmp_path / "site", url=URL)
    whole = (tmp_path / "site/one/index.html").read_bytes()
    (tmp_path / "site/one/index.html").write_text("half a pa")
    (tmp_path / "site/two/two.geojson").unlink()
    site = publish(cases, tmp_path / "site", url=URL)
    assert set(site.written) == {"one/index.html", "two/two.geojson"}
    assert (tmp_path / "site/one/index.html").read_bytes() == whole


def test_a_case_that_left_takes_its_files_along_and_nobody_elses(cases, tmp_path):
    publish(cases, tmp_path / "site", url=URL)
    (tmp_path / "site/two/readme.txt").write_text("the newsroom's own")
    (tmp_path / "site/two/de/two.geojson").write_text("{}")
    site = publish(cases[:1], tmp_path / "site", url=URL)
    left = {path.relative_to(tmp_path / "site/two").as_posix() for path in (tmp_path / "site/two").rglob("*")}
    assert left == {"readme.txt", "de", "de/two.geojson"}
    assert site.left == ("two/de/two.geojson",)
    assert "two/index.html" in site.removed
    assert "/two/" not in (tmp_path / "site/sitemap.xml").read_text(encoding="utf-8")
    assert 'id="two"' not in (tmp_path / "site/index.html").read_text(encoding="utf-8")


def test_a_run_that_was_stopped_is_taken_up(cases, tmp_path, monkeypatch):
    real, count = folder._replace, []

    def stopping(file, content):
        count.append(file)
        if len(count) == 6:
            raise KeyboardInterrupt
        real(file, content)

    with monkeypatch.context() as stopped:
        stopped.setattr(folder, "_replace", stopping)
        with pytest.raises(KeyboardInterrupt):
            publish(cases, tmp_path / "site", url=URL)
    site = publish(cases, tmp_path / "site", url=URL)
    assert (site.broken, site.left) == ((), ())
    publish(cases, tmp_path / "other", url=URL)
    assert (tmp_path / "other/site.json").read_bytes() == (tmp_path / "site/site.json").read_bytes()


def test_problems_of_all_cases_are_told_and_nothing_is_written(cases, tmp_path):
    (cases[0] / "case.toml").write_text("format = 1\n")
    (cases[1] / "case.toml").write_text(TEXT.replace("2024-12-25T03:55:00Z", "2024-12-25T03:55:00"), encoding="utf-8")
    with pytest.raises(CaseError) as wrong:
        publish([*cases, tmp_path / "nowhere"], tmp_path / "site")
    told = str(wrong.value)
    assert "one: title" in told
    assert "two: event[1].time" in told
    assert "nowhere" in told
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("slug", "says"),
    [("de", "the index in that language"), ("index.html", "file of that name"), ("con", "no folder"), ("ONE", "disks")],
)
def test_names_that_no_folder_can_have_are_refused(cases, tmp_path, slug, says):
    other = written(tmp_path / "more", slug)
    with pytest.raises(SiteError, match=says):
        publish([*cases, other], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_two_cases_with_one_id_are_an_error(cases, tmp_path):
    twin = shutil.copytree(cases[0], tmp_path / "twin")
    with pytest.raises(SiteError, match="one: two cases have the same id"):
        publish([*cases, twin], tmp_path / "site")


def test_a_folder_of_others_is_left_alone(cases, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/.nojekyll").touch()  # hidden files of a host are no obstacle
    publish(cases[:1], tmp_path / "site", url=URL)
    (tmp_path / "site/two").mkdir()
    (tmp_path / "site/two/index.html").write_text("theirs")
    with pytest.raises(SiteError, match=r"two/index\.html in .* is not ours"):
        publish(cases, tmp_path / "site", url=URL)
    assert (tmp_path / "site/two/index.html").read_text() == "theirs"
    assert not (tmp_path / "site/two/two.geojson").exists()
    (tmp_path / "home").mkdir()
    (tmp_path / "home/diary.txt").write_text("mine")
    for place, says in (("home", "not empty"), ("home/diary.txt", "is a file")):
        with pytest.raises(SiteError, match=says):
            publish(cases, tmp_path / place)
    (tmp_path / "home/site.json").write_text('{"name": "another program"}')
    with pytest.raises(SiteError, match="damaged or not ours"):
        publish(cases, tmp_path / "home")


def test_no_path_leads_out_of_the_folder(cases, tmp_path):
    publish(cases, tmp_path / "site")
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    told = json.loads((tmp_path / "site/site.json").read_bytes())
    sha256 = hashlib.sha256(b"precious").hexdigest()
    told["files"]["../victim.txt"] = {"sha256": sha256, "bytes": 8, "gzip": 8}
    (tmp_path / "site/site.json").write_text(json.dumps(told))
    with pytest.raises(SiteError, match="leads out of the site"):
        publish(cases, tmp_path / "site")
    assert victim.read_text() == "precious"


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_in_the_folder_is_not_followed(cases, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    publish(cases[:1], tmp_path / "site")
    (tmp_path / "site/two").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SiteError, match="is not ours"):
        publish(cases, tmp_path / "site")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    "url", ["maps.example.org", "ftp://maps.example.org/", "https://", "https://x/?a=1", "https://x/#a", "https://a b/",
            "https://user:word@x/", "https://x:port/", 'https://x/"onload=']
)  # fmt: skip
def test_an_address_that_is_none_is_refused(cases, tmp_path, url):
    with pytest.raises(SiteError, match="is no address of a site"):
        publish(cases, tmp_path / "site", url=url)


def test_languages_can_be_chosen(cases, tmp_path):
    site = publish(cases, tmp_path / "site", languages=["de"])
    there = {file.path for file in site.files}
    assert "one/index.html" in there
    assert "de/index.html" not in there
    assert '<html lang="de"' in (tmp_path / "site/index.html").read_text(encoding="utf-8")
    with pytest.raises(CaseError, match="not told in ru"):
        publish(cases, tmp_path / "site", languages=["ru"])
    with pytest.raises(RenderError, match="no language"):
        publish(cases, tmp_path / "site", languages=["xx-nonsense"])


def test_the_feed_is_atom(cases, tmp_path):
    publish(cases, tmp_path / "site", url=URL, name="The Example Times")
    root = ET.parse(tmp_path / "site/corrections.xml").getroot()  # noqa: S314  ours
    assert root.tag == f"{ATOM}feed"
    # RFC 4287, 4.1.1 and 4.1.2: each of these exactly once.
    for element, names in (
        (root, "id title updated author"),
        *((e, "id title updated content") for e in root.iter(f"{ATOM}entry")),
    ):
        for name in names.split():
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{ATOM}updated"))
        assert element.findtext(f"{ATOM}id").startswith("urn:uuid:")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{URL}corrections.xml", "alternate": URL}
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 2
    assert {entry.findtext(f"{ATOM}content") for entry in entries} == {"The time <i>was</i> wrong", "A second one"}
    assert entries[0].find(f"{ATOM}link").get("href") == f"{URL}one/"
    parser = pytest.importorskip("feedparser")
    told = parser.parse((tmp_path / "site/corrections.xml").read_bytes())
    assert (told.bozo, told.version, len(told.entries)) == (False, "atom10", 2)


def test_the_ids_of_a_feed_stay_when_words_are_mended_and_the_site_moves(cases, tmp_path):
    def ids():
        root = ET.parse(tmp_path / "site/corrections.xml").getroot()  # noqa: S314  ours
        return [each.text for each in root.iter(f"{ATOM}id")]

    publish(cases, tmp_path / "site", url=URL)
    before = ids()
    written(tmp_path / "cases", "one", CORRECTION.format("The time was wrong") + CORRECTION.format("A second one"))
    publish(cases, tmp_path / "site", url="https://other.example.org/")
    assert ids() == before


def test_a_feed_without_any_date_is_none(tmp_path):
    text = TEXT.replace("updated = 2024-12-26  # by hand\n", "")
    bare = written(tmp_path / "bare", "bare", text=text)
    site = publish([bare], tmp_path / "site", url=URL)
    assert "corrections.xml" not in {file.path for file in site.files}
    assert "corrections.xml" not in (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "lastmod" not in (tmp_path / "site/sitemap.xml").read_text(encoding="utf-8")
    assert site.broken == ()


def test_the_sitemap_names_every_page_in_its_languages(cases, tmp_path):
    publish(cases, tmp_path / "site", url=URL)
    root = ET.parse(tmp_path / "site/sitemap.xml").getroot()  # noqa: S314  ours
    assert root.tag == f"{MAP}urlset"
    pages = {}
    for url in root:
        assert [child.tag.rpartition("}")[2] for child in url][:2] == ["loc", "lastmod"]
        pages[url.findtext(f"{MAP}loc")] = {link.get("hreflang"): link.get("href") for link in url.iter(f"{XHTML}link")}
    assert list(pages) == [f"{URL}{way}" for way in ("", "de/", "one/", "one/de/", "two/", "two/de/")]
    for address, others in pages.items():  # search engines want it both ways
        assert address in others.values()
        assert all(pages[other] == others for other in others.values())
    assert (tmp_path / "site/robots.txt").read_text().endswith(f"Sitemap: {URL}sitemap.xml\n")


def test_hostile_texts_stay_text(tmp_path):
    hostile = "<script>alert(1)</script>\\\"'&\\u0001"
    text = TEXT.replace('title.en = "A flight from Baku to Grozny"', f'title.en = "{hostile}"')
    case = written(tmp_path / "cases", "one", CORRECTION.format(hostile), text=text)
    site = publish([case], tmp_path / "site", url=URL, name=f"{hostile}")
    assert site.broken == ()
    for path in ("index.html", "de/index.html", "404.html", "one/index.html"):
        html = (tmp_path / "site" / path).read_text(encoding="utf-8")
        assert "<script>alert" not in html
    ET.parse(tmp_path / "site/corrections.xml")  # noqa: S314  ours
    ET.parse(tmp_path / "site/one/oembed.xml")  # noqa: S314  ours


@pytest.mark.skipif(not VALIDATOR.exists(), reason="the validator comes with npm install")
def test_a_validator_finds_no_error_in_the_lists(cases, tmp_path):
    publish(cases, tmp_path / "site", url=URL, name="The Example & Times")
    for name in ("index.html", "de/index.html", "404.html"):
        assert found(tmp_path, tmp_path / "site" / name) == {}, name


def test_the_command_tells_what_it_wrote(cases, tmp_path, capsys):
    arguments = ["publish", *map(str, cases), "-o", str(tmp_path / "site"), "--url", URL, "--name", "Times"]
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"path", "bytes", "gzip"} == set(told["files"][0])
    assert (len(told["written"]), told["broken"]) == (len(told["files"]), [])
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert f"{len(told['files'])} files, 0 written" in out
    (cases[0] / "case.toml").write_text("format = 1\n")
    assert main([*arguments, "--json"]) == 1
    assert {each["where"].partition(":")[0] for each in json.loads(capsys.readouterr().out)["problems"]} == {"one"}
    with pytest.raises(SystemExit, match="2"):
        main(["publish", str(cases[0])])


def test_what_the_dashboard_has_not_published_stays_with_the_newsroom(cases, tmp_path, capsys):
    arguments = ["publish", *map(str, cases), "-o", str(tmp_path / "site")]
    publications.start(cases[0])
    assert main(arguments) == 1
    assert "not published in the dashboard yet" in capsys.readouterr().err
    publications.publish(cases[0], "An editor")
    assert main(arguments) == 0
    case = cases[0] / "case.toml"
    case.write_text(case.read_text(encoding="utf-8").replace("Take-off", "Departure"), encoding="utf-8")
    assert main(arguments) == 1
    assert "saved in the dashboard" in capsys.readouterr().err
    assert main([*arguments, "--unpublished"]) == 0


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("slug", ["jl516", "fr4978"])
def test_a_shipped_case_is_published_whole(slug, tmp_path):
    site = publish([data("cases", slug)], tmp_path / "site", url=URL)
    assert (site.broken, check(tmp_path / "site", URL)) == ((), [])
    assert f"{slug}/{slug}.zip" in {file.path for file in site.files}
