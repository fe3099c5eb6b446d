from __future__ import annotations

import io
import shutil
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dashboard.drafts import Drafts
from geo.dashboard.opening import MOST_BYTES, MOST_FILES, MOST_TEXT, Refused, brought, keep, packed
from geo.resources import data

TEXT = 'format = 1\nid = "brought"\n# a comment\n\n[[track]]\nfile = "tracks/a.csv"\n'


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            info.compress_type = compression
            archive.writestr(info, content)
    return made.getvalue()


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_a_case_file_is_taken_as_it_stands():
    case = brought("some.toml", b"\xef\xbb\xbf" + TEXT.encode())
    assert (case.name, case.text, case.files) == ("brought", TEXT, ())


def test_of_a_folder_the_files_that_the_case_names_are_taken():
    case = brought(
        "x.zip",
        zipped(
            [
                ("Fall Ä/case.toml", TEXT),
                ("Fall Ä/tracks/a.csv", "time,lat,lon\n"),
                ("Fall Ä/SOURCES.md", "how"),
                ("Fall Ä/notes.docx", "private"),
                ("__MACOSX/Fall Ä/._case.toml", "litter"),
            ]
        ),
    )
    assert case.name == "fall-a"
    assert dict(case.files) == {"tracks/a.csv": b"time,lat,lon\n", "SOURCES.md": b"how"}


HOSTILE = {
    "climbs": (zipped([("../case.toml", TEXT)]), "outside its folder"),
    "climbs within": (zipped([("case.toml", TEXT), ("a/../../b.csv", "")]), "outside its folder"),
    "absolute": (zipped([("/etc/case.toml", TEXT)]), "outside its folder"),
    "drive": (zipped([("C:case.toml", TEXT)]), "outside its folder"),
    "backslash": (zipped([("..\\case.toml", TEXT)]), "outside its folder"),
    "control": (zipped([("a\x07b.csv", ""), ("case.toml", TEXT)]), "outside its folder"),
    "link": (zipped([("case.toml", TEXT), (link("tracks/a.csv"), "/etc/passwd")]), "link"),
    "linked case": (zipped([(link("case.toml"), "/etc/passwd")]), "link"),
    "bomb": (zipped([("case.toml", TEXT), ("tracks/a.csv", bytes(64 << 20))]), "would grow"),
    "many": (zipped([("case.toml", TEXT), *((f"{n}.csv", "") for n in range(MOST_FILES))]), "files"),
    "two cases": (zipped([("a/case.toml", TEXT), ("b/case.toml", TEXT)]), "2 case files"),
    "two by case": (zipped([("case.toml", TEXT), ("CASE.toml", TEXT)]), "beside 'case.toml'"),
    "alike": (zipped([("case.toml", TEXT), ("a.csv", "1"), ("A.csv", "2")]), "beside 'a.csv'"),
    "none": (zipped([("readme.txt", "hello")]), "no case.toml"),
    "nested": (zipped([("inner.zip", zipped([("case.toml", TEXT)]))]), "no case.toml"),
    "empty": (zipped([]), "no case.toml"),
    "no zip": (b"PK\x03\x04 and nothing more", "damaged"),
    "rare": (zipped([("case.toml", TEXT)], zipfile.ZIP_BZIP2), "rare way"),
    "not UTF-8": ("id = 'é'".encode("latin-1"), "no UTF-8"),
    "no TOML": (b"<html>not a case</html>", "not TOML"),
    "another TOML": (b"[project]\nname = 'x'\n", "no case file"),
    "nothing": (b"", "no case file"),
    "deep": (b"format = 1\nx = " + b"[" * 5000 + b"]" * 5000, "not TOML"),
    "long": (b"format = 1\n#" + b"x" * MOST_TEXT, "bytes"),
    "long in a zip": (zipped([("case.toml", "format = 1\n" + "#" * 3_000_000)]), "bytes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_harms_is_refused_in_words_and_leaves_nothing(name, tmp_path):
    content, words = HOSTILE[name]
    with pytest.raises(Refused, match=words):
        keep(Drafts(tmp_path), brought("given.zip", content), ())
    assert list(tmp_path.iterdir()) == []


def test_an_encrypted_file_is_refused():
    content = bytearray(zipped([("case.toml", TEXT)]))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        content[at : at + 2] = struct.pack("<H", 1)
    with pytest.raises(Refused, match="encrypted"):
        brought("x.zip", bytes(content))


def test_stated_sizes_are_not_believed():
    content = bytearray(zipped([("case.toml", "format = 1\n" + "#" * 3_000_000)]))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 100)
    with pytest.raises(Refused):
        brought("x.zip", bytes(content))


def test_a_directory_that_states_too_much_is_refused():
    content = bytearray(zipped([("case.toml", TEXT)]))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", MOST_BYTES + 1)
    with pytest.raises(Refused, match="would grow"):
        brought("x.zip", bytes(content))


@given(st.data())
def test_a_damaged_archive_is_refused_or_read_and_nothing_else(source):
    content = bytearray(zipped([("a/case.toml", TEXT), ("a/tracks/a.csv", "time,lat,lon\n" * 40)]))
    for _ in range(source.draw(st.integers(1, 4))):
        content[source.draw(st.integers(4, len(content) - 1))] = source.draw(st.integers(0, 255))
    try:
        case = brought("x.zip", bytes(content[: source.draw(st.integers(4, len(content)))]))
    except Refused:
        return
    assert case.text


def test_a_draft_is_carried_away_and_brought_back(tmp_path):
    shutil.copytree(data("cases", "jl516"), tmp_path / "jl516")
    drafts = Drafts(tmp_path)
    draft = drafts.begin("jl516")
    carried = packed(drafts, draft)
    assert carried == packed(drafts, draft)
    back = keep(drafts, brought("jl516.zip", carried), drafts.slugs(), "Aliya")
    assert (back.slug, back.base, back.by) == ("jl516-2", None, "Aliya")
    assert back.text == draft.text
    assert drafts.file("jl516-2", back.id, "track.csv").read_bytes() == (tmp_path / "jl516" / "track.csv").read_bytes()


def test_a_file_in_a_folder_of_its_own_is_named_anew(tmp_path):
    case = brought("x.zip", zipped([("case.toml", TEXT), ("tracks/a.csv", "time,lat,lon\n")]))
    draft = keep(Drafts(tmp_path), case, ())
    assert draft.text == TEXT.replace("tracks/a.csv", "a.csv")


def test_a_file_that_leads_out_of_the_case_is_not_carried_away(tmp_path):
    (tmp_path / "secret.csv").write_text("secret", encoding="utf-8")
    drafts = Drafts(tmp_path)
    draft = drafts.new("case", 'format = 1\n[[track]]\nfile = "../secret.csv"\n')
    with zipfile.ZipFile(io.BytesIO(packed(drafts, draft))) as archive:
        assert archive.namelist() == ["case/case.toml"]
