"""The quick way through the headers of an archive finds what ``tarfile`` does, and says the same of what is damaged."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_sources import tarred as archived

from geo.archive.sources import tarred

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 512
PLAIN = "./traces/c1/trace_full_4006c1.json"
NAMES = st.sampled_from(
    [
        *(PLAIN, "a", "a/", "./a/", "dir/b.json", "ü.json", "x" * 99, "x" * 100, "x" * 101, f"{'d' * 90}/{'n' * 90}"),
        *("/etc/passwd", "../a", "a/../b", "a..b", "a\\..\\b", "\\a", "a\nb", "a b", "", f"{'ß' * 60}/{'n' * 200}"),
    ]
)
TYPES = st.sampled_from(
    [tarfile.REGTYPE] * 6
    + [
        *(tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE),
        *(tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE, b"9", b"V"),
    ]
)
FORMATS = st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])


@st.composite
def members(draw) -> bytes:
    """A member: its header, or headers, and what is in it."""
    info = tarfile.TarInfo(draw(NAMES))
    info.type = draw(TYPES)
    info.mode, info.uid = draw(st.sampled_from([(0o644, 0), (0o755, 1000), (0, 8**7 + 1)]))
    info.mtime = draw(st.sampled_from([0, 1_735_084_800, 1_735_084_800.5, 8**11 + 1, -5]))
    info.uname = draw(st.sampled_from(["", "root", "ünï"]))
    data = b"d" * draw(st.sampled_from([0, 0, 1, 511, 512, 513, 2_000]))
    info.size = len(data)
    if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        info.linkname = draw(st.sampled_from(["there", "l" * 120]))
    if draw(st.integers(0, 9)) == 0:
        info.pax_headers = {"comment": "ä", "path": "told.json"}
    try:
        header = info.tobuf(draw(FORMATS), "utf-8", "surrogateescape")
    except ValueError:  # this format cannot hold it
        header = info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
    if draw(st.integers(0, 19)) == 0:
        header = tarfile.TarInfo.create_pax_global_header({"path": "everywhere.json"}) + header
    return header + data + b"\0" * (-len(data) % BLOCK)


@st.composite
def archives(draw) -> bytes:
    """An archive, in which a field may be written otherwise, that may break off, and have junk behind it."""
    data = bytearray(b"".join(draw(st.lists(members(), max_size=6))))
    data += b"\0" * draw(st.sampled_from([2 * BLOCK, BLOCK, 0, 20 * BLOCK]))
    for _ in range(draw(st.integers(0, 2))):
        if len(data) >= BLOCK:
            block = BLOCK * draw(st.integers(0, len(data) // BLOCK - 1))
            at = draw(st.sampled_from([0, 5, 99, 100, 106, 124, 134, 135, 136, 148, 154, 155, 156, 257, 300, 329, 345]))
            data[block + at] = draw(st.sampled_from(b"\0 07/_x\xff\x80"))
            if draw(st.booleans()):
                header = data[block : block + BLOCK]
                header[148:156] = b" " * 8
                data[block + 148 : block + 156] = b"%06o\0 " % sum(header)
    data += draw(st.sampled_from([b"", b"", b"junk", b"x" * BLOCK]))
    return bytes(data[: draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))])


def walked(parts: list[Path]) -> tuple[list[tarred.Member], list[str]]:
    broken: list[tarred.Broken] = []
    found = list(tarred.members([str(part) for part in parts], "it.tar", broken))
    return found, [str(one) for one in broken]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("archives")


@given(archives(), st.lists(st.integers(0, 6_000), max_size=2))
@example(archived({PLAIN: b"d" * 600, "b": b"", "c": b"x"}), [BLOCK, 3 * BLOCK])
def test_the_quick_way_finds_what_tarfile_does(folder, data, cuts):
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    parts = [folder / f"it.tar.a{letter}" for letter in "abc"[: len(edges) - 1]]
    for part, begin, end in zip(parts, edges, edges[1:], strict=False):
        part.write_bytes(data[begin:end])
    quickly = walked(parts)
    with mock.patch.object(tarred, "_file", return_value=None):
        assert quickly == walked(parts)


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_ordinary_files_are_found_without_tarfile(tmp_path, kind):
    path, made = tmp_path / "it.tar", io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=kind) as archive:
        for number in range(200):
            info = tarfile.TarInfo(f"./traces/{number % 7:02x}/trace_full_{number:06x}.json")
            info.size = number * 31
            archive.addfile(info, io.BytesIO(b"d" * info.size))
    path.write_bytes(made.getvalue())
    with mock.patch.object(tarfile.TarInfo, "frombuf", wraps=tarfile.TarInfo.frombuf) as slowly:
        found, broken = walked([path])
    assert (len(found), broken) == (200, [])
    assert slowly.call_count == 2  # the first, and the end


@pytest.mark.parametrize(
    ("at", "byte", "told"),
    [
        (148, b"7", "at byte 1,024 it has no header"),
        (5, b"x", "at byte 1,024 it has no header"),
        (124, b"x", "at byte 1,024 it has no header"),
        (156, b"2", "at byte 1,024 it has no header"),
    ],
    ids=["sum", "name", "size", "kind"],
)
def test_a_damaged_header_is_told(tmp_path, at, byte, told):
    data = bytearray(archived({"a": b"d", "b": b"d", "c": b"d"}))
    data[1024 + at : 1024 + at + 1] = byte
    (tmp_path / "it.tar").write_bytes(data)
    found, broken = walked([tmp_path / "it.tar"])
    assert [one.name for one in found] == ["a"]
    assert broken == [f"it.tar: it is a tar archive that breaks off or is damaged: {told}"]


def test_a_header_that_leads_back_is_told_once(tmp_path):
    back = tarfile.TarInfo("back")
    back.size = -1024
    data = archived({"a": b"d", "b": b"d", "c": b"d"})[: 3 * 1024] + back.tobuf(tarfile.GNU_FORMAT)
    (tmp_path / "it.tar").write_bytes(data)
    found, broken = walked([tmp_path / "it.tar"])
    assert [one.name for one in found] == ["a", "b", "c"]
    assert broken == ["it.tar: it is a tar archive that breaks off or is damaged: a header in it leads back"]
