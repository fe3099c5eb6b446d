"""A writer of each format that is read, and what a file can be wrapped in."""

from __future__ import annotations

import gzip
import io
import zipfile

import made_czml
import made_json
import made_lines
import made_tables
import made_tracks
import made_xml
import pyarrow as pa

WRITERS = {
    name: write
    for made in (made_tracks, made_lines, made_json, made_tables, made_xml, made_czml)
    for name, write in made.WRITERS.items()
}


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A ZIP archive of these."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def wrapped(content: bytes) -> dict[str, bytes]:
    """The same bytes bare and in each wrapping, by suffix."""
    return {
        "": content,
        ".gz": gzip.compress(content, mtime=0),
        ".zst": pa.compress(content, codec="zstd", asbytes=True),
        ".zip": zipped(("track", content)),
    }
