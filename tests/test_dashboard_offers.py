from __future__ import annotations

import io
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from geo import tracks
from geo.casefile.folder import zipped
from geo.dashboard import library, offers
from geo.errors import FlightcaseError
from geo.render import RENDERINGS, Format
from geo.resources import data
from geo.scene.words import Words

WORDS = Words("en")


@pytest.fixture
def entry(tmp_path, monkeypatch):
    shutil.copytree(data("cases", "jl516"), tmp_path / "jl516")
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    return library.entry("jl516")


def offered(entry, language="en"):
    return {offer.id: offer for offer in offers.offers(entry, language, WORDS)}


def test_every_rendering_the_snippet_the_track_and_the_folder_are_offered(entry):
    found = offered(entry)
    quick = {suffix for suffix, made in RENDERINGS.items() if not made.slow}
    assert quick <= set(found)
    assert not {".mp4", ".webm"} & set(found)
    assert list(found)[:2] == [".html", offers.EMBED]
    assert {name: offer.file for name, offer in found.items()} == {
        **{suffix: f"jl516.en{suffix}" for suffix in quick},
        offers.EMBED: "jl516.en.embed.html",
        "1.csv": "jl516-track.csv",
        "1.parquet": "jl516-track.parquet",
        "case": "jl516.zip",
    }
    assert found["1.csv"].media == "text/csv"
    assert found[".geojson"].media == "application/geo+json"
    assert found["1.parquet"].packed
    assert not found[".html"].packed


def test_a_rendering_that_comes_later_is_listed_by_itself(entry, monkeypatch):
    new = Format(lambda scene, also: f"{scene['id']} {len(also)}", "text/x-notes")
    made = {**RENDERINGS, ".notes": new}
    monkeypatch.setattr(offers, "RENDERINGS", made)
    monkeypatch.setattr("geo.render.RENDERINGS", made)
    notes = offered(entry)[".notes"]
    assert (notes.name, notes.file, notes.media) == ("NOTES", "jl516.en.notes", "text/x-notes")
    assert offers.made(entry, notes, "en", "nautical").data == b"jl516 0"


def test_each_file_is_what_it_says(entry, tmp_path):
    found = offered(entry, "de")
    html = offers.made(entry, found[".html"], "de", "metric")
    assert html.data.startswith(b"<!doctype html>")
    assert b'lang="de"' in html.data
    assert 0 < html.gzip < len(html.data)
    assert offers.made(entry, found[offers.EMBED], "de", "metric", "<iframe></iframe>").data == b"<iframe></iframe>\n"
    for name in ("1.csv", "1.parquet"):
        file = tmp_path / found[name].file
        file.write_bytes(offers.made(entry, found[name], "de", "metric").data)
        read, recorded = tracks.read(file).legs[0].track, entry.case.recorded[0]
        for column in ("time_s", "lat_deg", "lon_deg"):
            np.testing.assert_array_equal(getattr(read, column), getattr(recorded, column))


def test_a_file_is_made_once(entry):
    offer = offered(entry)[".geojson"]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: offers.made(entry, offer, "en", "nautical"), range(16)))
    assert len({id(each) for each in made}) == 1


def test_a_changed_case_makes_other_files(entry):
    before = offers.page(entry, "en", "nautical").data
    file = entry.folder / "case.toml"
    file.write_text(file.read_text().replace('title.en = "', 'title.en = "Other: ', 1))
    after = offers.page(library.entry("jl516"), "en", "nautical").data
    assert b"Other: " in after
    assert b"Other: " not in before


def test_the_folder_is_packed_whole_and_the_same_each_time(entry, tmp_path):
    (entry.folder / ".hidden").write_text("x")
    (entry.folder / "leads-out.txt").symlink_to(tmp_path.parent)
    (entry.folder / "link.csv").symlink_to(entry.folder / "track.csv")
    case = offered(entry)["case"]
    data_ = offers.made(entry, case, "en", "nautical").data
    packed = zipfile.ZipFile(io.BytesIO(data_))
    assert packed.namelist() == [f"jl516/{name}" for name in ("case.toml", "SOURCES.md", "make_track.py", "track.csv")]
    assert packed.read("jl516/case.toml") == (entry.folder / "case.toml").read_bytes()
    (entry.folder / "SOURCES.md").touch()
    again = library.entry("jl516")
    assert again.stamp != entry.stamp
    assert offers.made(again, case, "de", "metric").data == data_


def test_equal_files_give_equal_archives():
    files = {"a.txt": b"one", "b/ü.txt": b"two" * 1000}
    assert zipped(files) == zipped(dict(files))
    packed = zipfile.ZipFile(io.BytesIO(zipped(files)))
    assert {name: packed.read(name) for name in packed.namelist()} == files
    assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", ["2.csv", "0.csv", "1.exe", "-1.csv", "x.csv"])
def test_a_file_that_the_case_has_not_is_refused(entry, name):
    with pytest.raises(FlightcaseError, match="no file"):
        offers.made(entry, replace(offered(entry)["1.csv"], id=name), "en", "nautical")


def test_the_policy_of_a_page_is_its_own(entry):
    html = offers.page(entry, "en", "nautical").data
    assert offers.policy(html).startswith("default-src 'none'; script-src 'sha256-")
    assert offers.policy(b"<html></html>") == "default-src 'none'"
