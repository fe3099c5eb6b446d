"""Opening: compression, size, and what an unknown file is said to be."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from typing import TYPE_CHECKING, cast

import pytest
from made_tracks import at, plain_csv

from geo import tracks
from geo.errors import TrackUnreadable

if TYPE_CHECKING:
    from typing import BinaryIO

ROWS = plain_csv([(float(second), 40.0, 50.0, None, None, "") for second in range(2_000)])


def test_gzip_of_several_members_is_inflated_whole():
    half = ROWS.index(b"\n", len(ROWS) // 2) + 1
    assert tracks.read(gzip.compress(ROWS[:half]) + gzip.compress(ROWS[half:])).report.read == 2_000


def test_a_bomb_of_zeros_is_refused_by_its_beginning_and_takes_no_memory():
    engine = zlib.compressobj(9, wbits=31)
    bomb = b"".join(engine.compress(bytes(1 << 20)) for _ in range(1_024)) + engine.flush()
    tracemalloc.start()
    with pytest.raises(TrackUnreadable, match="no track of a known format"):
        tracks.read(bomb)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_a_bomb_that_begins_like_a_track_is_stopped_at_the_limit():
    row = f"{at(0)},40,50\n".encode()
    bomb = gzip.compress(b"time,lat,lon\n" + row * 2_000_000)
    assert len(bomb) < 200_000
    tracemalloc.start()
    with pytest.raises(TrackUnreadable, match="inflates to more than 5,000,000 bytes"):
        tracks.read(bomb, max_bytes=5_000_000)
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_a_large_file_is_not_even_read_whole():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            assert 0 < size <= 1_001
            return b"x" * size

    with pytest.raises(TrackUnreadable, match="has more than 1,000 bytes"):
        tracks.read(cast("BinaryIO", Endless()), max_bytes=1_000)


def test_a_cut_or_damaged_gzip_is_said_to_be_one():
    whole = gzip.compress(ROWS)
    with pytest.raises(TrackUnreadable, match="breaks off before the end"):
        tracks.read(whole[: len(whole) // 2])
    with pytest.raises(TrackUnreadable, match="damaged"):
        tracks.read(whole[:200] + bytes(200) + whole[400:])


def test_a_file_opened_as_text_is_said_to_be():
    with pytest.raises(TrackUnreadable, match="open it as bytes"):
        tracks.read(cast("BinaryIO", io.StringIO("time,lat,lon\n")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b" \n\n", "an empty file"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PAR1....", "a Parquet file"),
        (b"\x00\x01\x02", "binary data (first bytes 00 01 02)"),
        (b"<kml/>", "XML whose first line is '<kml/>'"),
        (b'{"a": 1}', "JSON whose first line is"),
        (b"bell\x07", "binary data"),
        ("Guten Tag,\nÄ".encode(), "text whose first line is 'Guten Tag,'"),
    ],
)
def test_an_unknown_file_is_described(content, words):
    with pytest.raises(TrackUnreadable) as caught:
        tracks.read(content)
    assert f"it looks like {words}" in str(caught.value)
