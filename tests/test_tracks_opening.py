"""Opening: whatever a track is wrapped in, how large it may be, and what an unknown file is said to be."""

from __future__ import annotations

import gzip
import io
import os
import struct
import threading
import tracemalloc
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_formats import zipped
from made_tracks import at, plain_csv

from geo import tracks
from geo.errors import TrackUnreadable
from geo.tracks.opening import HEAD, opened
from geo.tracks.zipped import MOST_MEMBERS

if TYPE_CHECKING:
    from typing import BinaryIO

ROWS = plain_csv([(float(second), 40.0, 50.0, None, None, "") for second in range(2_000)])
FEW = plain_csv([(float(second), 40.0, 50.0, None, None, "") for second in range(5)])


def zst(data: bytes) -> bytes:
    return pa.Codec("zstd").compress(data, asbytes=True)


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return held.getvalue()


@contextmanager
def peak_below(most: int):
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


class Measured(io.BytesIO):
    """A file that counts what is read of it."""

    taken = 0

    def read(self, size=-1, /):
        piece = super().read(size)
        self.taken += len(piece)
        return piece


class Pipe(io.RawIOBase):
    """A stream that cannot be sought in, and gives a little at a time."""

    def __init__(self, content: bytes) -> None:
        self.rest = io.BytesIO(content)

    def readable(self):
        return True

    def read(self, size=-1, /):
        assert size > 0
        return self.rest.read(min(size, 1_000))


WRAPPED = {
    "plain": ROWS,
    "gzip": gzip.compress(ROWS),
    "gzip of several members": gzip.compress(ROWS[:30_000]) + gzip.compress(ROWS[30_000:]),
    "Zstandard": zst(ROWS),
    "Zstandard of several frames": zst(ROWS[:30_000]) + zst(ROWS[30_000:]),
    "Zstandard of several threads": b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + zst(ROWS),
    "zip": archive({"a.csv": ROWS}),
    "zip, stored": archive({"a/b/ä.csv": ROWS}, zipfile.ZIP_STORED),
    "zip with other files": archive({"a.txt": b"Dear desk,", "b.csv": ROWS, "c.png": b"\x89PNG" * 99, "d/": b""}),
    "zip with litter": archive({"a.csv": ROWS, "__MACOSX/._a.csv": ROWS, ".DS_Store": b"x", "x/Thumbs.db": b"y"}),
    "gzip in zip": archive({"a.csv.gz": gzip.compress(ROWS), "b.txt": b"Dear desk,"}),
    "Zstandard in zip": archive({"a.csv.zst": zst(ROWS)}),
    "KMZ": archive({"files/b.kml": FEW, "doc.kml": ROWS}),
}


@pytest.mark.parametrize("way", sorted(WRAPPED))
def test_what_is_wrapped_is_read_from_bytes_files_and_pipes(way, tmp_path):
    content = WRAPPED[way]
    path = tmp_path / "track"
    path.write_bytes(content)
    with path.open("rb") as stream, path.open("rb", buffering=0) as raw:
        for given_so in (content, bytearray(content), memoryview(content), path, stream, raw, io.BytesIO(content)):
            assert tracks.read(given_so).report.read == 2_000
    assert tracks.read(cast("BinaryIO", Pipe(content))).report.read == 2_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(WRAPPED["gzip"],))
    writer.start()
    assert tracks.read(tmp_path / "pipe").report.read == 2_000
    writer.join()


def test_a_file_is_read_from_where_it_stands():
    stream = io.BytesIO(b"before" + ROWS)
    stream.seek(6)
    assert tracks.read(stream).report.read == 2_000


@pytest.mark.parametrize("most", [len(ROWS) - 1, 1_000, HEAD])
@pytest.mark.parametrize("way", ["plain", "gzip", "Zstandard", "zip", "gzip in zip"])
def test_more_than_allowed_is_refused_however_it_is_wrapped(way, most):
    for given_so in (WRAPPED[way], cast("BinaryIO", Pipe(WRAPPED[way]))):
        with pytest.raises(TrackUnreadable, match=rf"(inflates to|has) more than {most:,} bytes"):
            tracks.read(given_so, max_bytes=most)
    assert tracks.read(WRAPPED[way], max_bytes=len(ROWS)).report.read == 2_000


@pytest.mark.parametrize("pack", [gzip.compress, zst, lambda data: archive({"a.csv": data})])
def test_a_bomb_of_zeros_is_refused_by_its_beginning_and_takes_no_memory(pack):
    bomb = pack(bytes(1 << 28))
    with peak_below(20_000_000), pytest.raises(TrackUnreadable, match="no track of a known format"):
        tracks.read(bomb)


@pytest.mark.parametrize("pack", [gzip.compress, zst, lambda data: archive({"a.csv": data})])
def test_a_bomb_that_begins_like_a_track_is_stopped_at_the_limit(pack):
    bomb = pack(b"time,lat,lon\n" + f"{at(0)},40,50\n".encode() * 2_000_000)
    assert len(bomb) < 500_000
    with peak_below(30_000_000), pytest.raises(TrackUnreadable, match="inflates to more than 5,000,000 bytes"):
        tracks.read(bomb, max_bytes=5_000_000)


def test_a_bomb_in_two_layers_is_stopped_in_the_outer_one():
    nothing = gzip.compress(b"")
    bomb = archive({"a.gz": nothing * 1_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(TrackUnreadable, match="inflates to more than 1,000,000 bytes"):
        tracks.read(bomb, max_bytes=1_000_000)


def test_of_a_file_that_is_no_track_only_the_beginning_is_read():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1, /):
            self.taken += size
            assert self.taken <= HEAD
            return b"x" * size

    with pytest.raises(TrackUnreadable, match="text whose first line is longer than 65,536 bytes 'xxx"):
        tracks.read(cast("BinaryIO", Endless()))
    large = Measured(b"Dear desk,\n" * 1_000_000)
    with pytest.raises(TrackUnreadable, match="no track of a known format"):
        tracks.read(large)
    assert large.taken == HEAD


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    large = Measured(ROWS * 100)
    with pytest.raises(TrackUnreadable, match="has more than 100,000 bytes"):
        tracks.read(large, max_bytes=100_000)
    assert large.taken == HEAD


def test_a_header_without_end_is_no_header():
    with pytest.raises(TrackUnreadable, match="first line is longer than 65,536 bytes 'time,lat,lon,x"):
        tracks.read(b"time,lat,lon," + b"x" * 10_000_000)


@pytest.mark.parametrize(("way", "name"), [("gzip", "gzip compression"), ("Zstandard", "Zstandard compression")])
def test_cut_or_damaged_compression_is_said_to_be(way, name):
    whole = WRAPPED[way]
    with pytest.raises(TrackUnreadable, match=f"{name} breaks off before the end; fetch the file again"):
        tracks.read(whole[: len(whole) // 2])
    middle = len(whole) // 2
    with pytest.raises(TrackUnreadable, match=f"{name} (is damaged|breaks off)"):
        tracks.read(whole[:middle] + bytes(99) + whole[middle + 99 :])


def test_a_cut_or_damaged_archive_is_said_to_be():
    whole = archive({"a.csv": os.urandom(1_000) + ROWS, "b.csv": ROWS})
    with pytest.raises(TrackUnreadable, match=r"a ZIP archive that breaks off or is damaged: .*; fetch the file again"):
        tracks.read(whole[:-40])
    with pytest.raises(TrackUnreadable, match=r"its file 'b\.csv' is damaged"):
        tracks.read(archive({"b.csv": ROWS}, zipfile.ZIP_STORED).replace(b"40.0", b"41.0", 1))
    with pytest.raises(TrackUnreadable, match=r"its gzip compression breaks off before the end"):
        tracks.read(archive({"a.gz": gzip.compress(ROWS)[:-100]}))


def test_several_tracks_in_an_archive_are_listed_and_chosen_by_name():
    content = archive({"b.csv": ROWS, "notes.txt": b"Dear desk,", "x/a.csv.gz": gzip.compress(FEW)})
    with pytest.raises(TrackUnreadable, match=r"holds 2 tracks; name one of them as member: 'b\.csv', 'x/a\.csv\.gz'$"):
        tracks.read(content)
    assert tracks.read(content, member="b.csv").report.read == 2_000
    assert tracks.read(content, member="x/a.csv.gz").report.read == 5
    with pytest.raises(TrackUnreadable, match=r"holds no 'c\.csv'; it holds 'b\.csv', 'notes\.txt', 'x/a\.csv\.gz'"):
        tracks.read(content, member="c.csv")
    with pytest.raises(TrackUnreadable, match=r"no track of a known format.*'Dear desk,'"):
        tracks.read(content, member="notes.txt")
    with pytest.raises(TrackUnreadable, match=r"no ZIP archive and holds no 'b\.csv'"):
        tracks.read(ROWS, member="b.csv")


def test_of_many_tracks_in_an_archive_ten_are_named():
    content = archive({f"{number:03d}.csv": FEW for number in range(500)})
    with pytest.raises(TrackUnreadable, match=r"holds more than 10 tracks; .*'009\.csv', …$"):
        tracks.read(content)


def test_of_a_kmz_archive_the_root_is_read():
    content = archive({"a.kml": FEW, "doc.kml": ROWS, "images/a.png": b"\x89PNG"})
    assert tracks.read(content).report.read == 2_000
    first = archive({"b.kml": FEW, "a.kml": ROWS})
    assert tracks.read(first, name="flight.KMZ").report.read == 5
    for ambiguous in (first, archive({"doc.kml": FEW, "a.csv": ROWS})):
        with pytest.raises(TrackUnreadable, match="holds 2 tracks"):
            tracks.read(ambiguous)


def test_an_archive_without_a_track_says_what_it_holds():
    with pytest.raises(TrackUnreadable, match=r"none of its 2 files is a track of a known format: 'a\.txt', 'b\.zip'"):
        tracks.read(archive({"a.txt": b"Dear desk,", "b.zip": archive({"c.csv": ROWS})}))
    with pytest.raises(TrackUnreadable, match="looks like a ZIP archive inside another file; unpack it first"):
        tracks.read(archive({"b.zip": archive({"c.csv": ROWS})}))
    with pytest.raises(TrackUnreadable, match="a ZIP archive without files"):
        tracks.read(archive({}))
    with pytest.raises(TrackUnreadable, match="a document of an office program; save its table as CSV"):
        tracks.read(archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}))


@pytest.mark.parametrize(
    "name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:/a.csv", "c:a.csv", "..\\a.csv", "x\\a.csv", "..", "x/.."]
)
def test_an_archive_whose_names_climb_out_is_refused_whatever_is_asked_for(name):
    content = archive({"good.csv": ROWS, name: FEW})
    for member in (None, "good.csv"):
        with pytest.raises(
            TrackUnreadable, match="which would be unpacked outside its folder; it is not read"
        ) as caught:
            tracks.read(content, member=member)
        assert repr(name) in str(caught.value)


def test_an_encrypted_member_is_refused_unless_another_is_asked_for():
    content = bytearray(archive({"a.csv": ROWS, "b.csv": FEW}))
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    with pytest.raises(TrackUnreadable, match=r"its file 'a\.csv' is encrypted; unpack it first"):
        tracks.read(bytes(content))
    assert tracks.read(bytes(content), member="b.csv").report.read == 5


def test_a_member_compressed_in_a_rare_way_is_refused():
    with pytest.raises(TrackUnreadable, match=r"its file 'a\.csv' is compressed in a rare way; unpack it first"):
        tracks.read(archive({"a.csv": ROWS}, zipfile.ZIP_LZMA))


def test_of_two_members_of_one_name_the_later_stands():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr("a.csv", FEW)
        made.writestr("a.csv", ROWS)
    assert tracks.read(held.getvalue()).report.read == 2_000


def test_an_archive_that_lies_about_a_size_is_held_to_what_it_holds():
    content = archive({"a.csv": ROWS})
    entry = content.index(b"PK\x01\x02")
    less, more = (content[: entry + 24] + struct.pack("<I", lie) + content[entry + 28 :] for lie in (10, 1 << 31))
    with pytest.raises(TrackUnreadable, match=r"its file 'a\.csv' is damaged: Bad CRC-32"):
        tracks.read(less)
    assert tracks.read(more, max_bytes=len(ROWS)).report.read == 2_000


def test_an_archive_of_too_many_files_or_too_large_a_directory_is_refused():
    names = map(str, range(MOST_MEMBERS + 1))
    content = archive(dict.fromkeys(names, FEW), zipfile.ZIP_STORED)
    with pytest.raises(TrackUnreadable, match="a ZIP archive of more than 1,000 files; name the track in it as member"):
        tracks.read(content)
    assert tracks.read(content, member="7").report.read == 5
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *[0] * 16) + b""
    directory = entry * 200_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 30, 0)
    with peak_below(30_000_000), pytest.raises(TrackUnreadable, match="damaged: its directory is too large"):
        tracks.read(b"PK\x03\x04" + bytes(26) + directory + end)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_damage_to_what_is_wrapped_is_refused_or_read_and_breaks_nothing(data):
    content = bytearray(WRAPPED[data.draw(st.sampled_from(sorted(WRAPPED)))])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(
            st.one_of(st.integers(0, len(content)), st.integers(max(0, len(content) - 150), len(content)))
        )
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = data.draw(st.binary(max_size=12))
    try:
        found = opened(bytes(content), "x", 1_000_000, lambda head: head.startswith(b"time,"))
    except TrackUnreadable as error:
        assert len(str(error)) < 1_000  # noqa: PT017  it need not be refused
    else:
        assert len(found) <= 1_000_000


def test_a_file_opened_as_text_is_said_to_be():
    with pytest.raises(TrackUnreadable, match="open it as bytes"):
        tracks.read(cast("BinaryIO", io.StringIO("time,lat,lon\n")))


def test_a_folder_is_said_to_be_one(tmp_path):
    with pytest.raises(TrackUnreadable, match="it cannot be opened: Is a directory"):
        tracks.read(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b" \n\n", "an empty file"),
        (b"%PDF-1.7", "a PDF document"),
        (b"BZh91AY", "a bzip2 file; unpack it first"),
        (b"\xfd7zXZ\0", "an xz file; unpack it first"),
        (b"7z\xbc\xaf\x27\x1c\0", "a 7z archive; unpack it first"),
        (gzip.compress(bytes(257) + b"ustar" + bytes(250), mtime=0), "a tar archive; unpack it first"),
        (gzip.compress(gzip.compress(ROWS, mtime=0), mtime=0), "a gzip file inside another; unpack it first"),
        (b"\x00\x01\x02", "binary data (first bytes 00 01 02)"),
        (b"<note/>", "XML whose first line is '<note/>'"),
        (b'{"a": 1}', "JSON whose first line is"),
        (b"bell\x07", "binary data"),
        ("Guten Tag,\nÄ".encode(), "text whose first line is 'Guten Tag,'"),
        ("Guten Tag,\nÄ".encode("utf-16-be"), "text whose first line is 'Guten Tag,'"),
        (("x" * 4_095 + "Ä").encode(), "text whose first line is 'xxx"),
    ],
)
def test_an_unknown_file_is_described(content, words):
    with pytest.raises(TrackUnreadable) as caught:
        tracks.read(content)
    assert f"it looks like {words}" in str(caught.value)


def test_crc_of_a_wrapped_track_is_checked():
    whole = bytearray(gzip.compress(FEW))
    whole[-8:-4] = struct.pack("<I", zlib.crc32(FEW) ^ 1)
    with pytest.raises(TrackUnreadable, match="gzip compression is damaged: CRC check failed"):
        tracks.read(bytes(whole))


def test_a_bomb_is_given_up_long_before_the_most_that_is_read(monkeypatch):
    monkeypatch.setattr("geo.tracks.wrapping.FREE_BYTES", 1 << 20)
    row = b"2024-12-25T03:55:00Z,40,50\n"
    bomb = b"time,lat,lon\n" + row * 300_000
    for packed in (gzip.compress(bomb), zipped(("t.csv", bomb)), pa.compress(bomb, codec="zstd", asbytes=True)):
        assert len(bomb) > 100 * len(packed)
        with pytest.raises(TrackUnreadable, match="gives more than 100 times what it holds"):
            tracks.read(packed)


def test_what_is_packed_well_and_is_no_bomb_is_read(monkeypatch):
    monkeypatch.setattr("geo.tracks.wrapping.FREE_BYTES", 1 << 10)
    rows = [f"2024-12-25T03:{minute:02d}:{second:02d}Z,40,50" for minute in range(60) for second in range(60)]
    text = "\n".join(["time,lat,lon", *rows]).encode()
    assert tracks.read(gzip.compress(text)).report.read == 3_600


def test_xml_with_a_document_type_of_another_name_is_refused_for_it():
    with pytest.raises(TrackUnreadable, match=r"it looks like XML with a document type \(DOCTYPE\), which is not read"):
        tracks.read(b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><gpx>&lol;</gpx>')
