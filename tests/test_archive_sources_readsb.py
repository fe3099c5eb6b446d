"""The rows of traces for an archive: many files at once, and the same as the reader of one track has."""

from __future__ import annotations

import gzip
import json
import math
from typing import TYPE_CHECKING, Any

import made_sources
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sources import DETAILS, MIDNIGHT, trace
from made_tracks import SHARED

from geo.archive.block import NONE, NONE_8, fixed, number_of
from geo.archive.sources import Loose, Taken, readsb, sniffing, trace_text
from geo.archive.sources.digits import PAD, OddError, Text, numbers_from
from geo.tracks import readsb_trace
from geo.tracks.objects.trace_rows import ALTITUDE, LAT, LON, OFFSET, SOURCES, SPEED

if TYPE_CHECKING:
    from pathlib import Path

    from geo.archive.block import Block
    from geo.tracks.rows import Rows

REAL = sorted((SHARED / "readsb_trace").glob("*.json")) if (SHARED / "readsb_trace").is_dir() else []
NAMES = (
    *("altitude_ft", "geometric_altitude_ft", "ground_speed_kt", "track_deg", "heading_deg", "true_airspeed_kt"),
    *("indicated_airspeed_kt", "vertical_rate_fpm"),
)


def plain(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def quick(*texts: bytes) -> Block:
    """The rows of these traces, together and not with care."""
    files = [readsb.File(str(index), None, text) for index, text in enumerate(texts)]
    return readsb.at_once([readsb.body_of(file) for file in files])


def careful(*texts: bytes) -> Taken:
    account = readsb.Account(None)
    for index, text in enumerate(texts):
        readsb.carefully(readsb.File(str(index), None, text), account)
    return account.taken()


def assert_same(block: Block, rows: Rows) -> None:
    """The values of a block are those of the reader of tracks."""
    assert len(block) == len(rows)
    assert block.time_ms.tolist() == np.rint(rows.columns["time_s"] * 1000).tolist()
    for ours, theirs in (("lat", "lat_deg"), ("lon", "lon_deg"), *zip(NAMES, NAMES, strict=True)):
        assert getattr(block, ours).tolist() == fixed(ours, rows.columns[theirs]).tolist(), ours
    for name in ("nic", "nacp", "sil", "on_ground"):
        known = [None if np.isnan(value) else round(value) for value in rows.columns[name].tolist()]
        assert [None if value == NONE_8 else value for value in getattr(block, name).tolist()] == known, name
    assert np.flatnonzero(block.is_stale).tolist() == sorted(rows.given)
    assert rows.begins is not None
    assert block.begins.tolist() == rows.begins.tolist()
    named = [block.callsigns[code] if code >= 0 else None for code in block.callsign.tolist()]
    assert named == [rows.callsign.names[code] if code >= 0 else None for code in rows.callsign.codes.tolist()]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_trace_is_read_as_the_reader_of_tracks_reads_it(path):
    text = plain(path)
    rows = readsb_trace.read(text, path.name)
    block = quick(text)
    assert_same(block, rows)
    assert set(block.address.tolist()) == {number_of(path.stem.removeprefix("trace_full_"))}
    assert careful(text).block.table().equals(block.table())
    loose = readsb.loose(Loose(str(path), sniffing.TRACE.word, None, path.stat().st_size))
    assert loose.block.table().equals(block.table())


@pytest.mark.skipif(not REAL, reason="the shared folder of real tracks is not there")
def test_many_real_traces_together_are_what_each_is_alone():
    texts = [plain(path) for path in REAL]
    assert quick(*texts).table().equals(careful(*texts).block.table())


SHAPES = {
    "long": made_sources.rows(),
    "short": [row[:9] for row in made_sources.rows()],
    "short with details": [[*row[:8], DETAILS | {"ias": 250, "alt_geom": -25}] for row in made_sources.rows()],
    "on the ground": [[*row[:3], "ground", 3.1, 120.9, *row[6:]] for row in made_sources.rows()],
    "nothing known": [
        [*row[:3], None, None, None, 0, None, None, None, None, None, None, None] for row in made_sources.rows()
    ],
    "no details": [[*row[:8], None, *row[9:]] for row in made_sources.rows()],
    "west and south": [[row[0], -33.5, -0.25, -75, *row[4:7], -1_216, *row[8:]] for row in made_sources.rows()],
    "flags": [
        [*row[:6], flags, *row[7:]]
        for flags, row in zip([0, 1, 2, 3, 8, 12, 15, 255], made_sources.rows(), strict=True)
    ],
    "stale": [[*made_sources.rows()[0][:6], 1, *row[7:]] for row in made_sources.rows()],
    "no position": [[row[0], None, None, *row[3:]] for row in made_sources.rows()],
    "callsigns": [
        [*row[:8], None if name is None else DETAILS | {"flight": name}, *row[9:]]
        for name, row in zip(
            [None, "A", None, "AB CD", "        ", "N12345  ", "ABCDEFGH", None], made_sources.rows(), strict=True
        )
    ],
    "silence": [[row[0] + 4_000 * (index > 4), *row[1:]] for index, row in enumerate(made_sources.rows())],
    "many decimals": [[row[0] + 0.125, 43.12345678, -116.7897781, *row[3:]] for row in made_sources.rows()],
    "whole numbers": [[int(row[0]), 43, 45, 30_000, 400, 90, *row[6:]] for row in made_sources.rows()],
}


@pytest.mark.parametrize("of", SHAPES.values(), ids=SHAPES)
def test_what_readsb_writes_is_read_at_once_and_right(of):
    text = trace("4006c1", of)
    assert_same(quick(text), readsb_trace.read(text, "trace"))
    other = trace("4006c2", made_sources.rows(3), timestamp=MIDNIGHT + 500)
    if len(of[0]) == 14:
        assert quick(other, text, other).table().equals(careful(other, text, other).block.table())


def changed(place: int, value: Any) -> list[list[Any]]:
    rows = made_sources.rows(4)
    rows[2][place] = value
    return rows


def shifted() -> list[list[Any]]:
    """Rows in the south, of which one has a value too few and the next one too many; none says its source."""
    rows = [[row[0], -33.5, *row[2:8], None, None, None, *row[11:]] for row in made_sources.rows(4)]
    return [rows[0], rows[1][:13], [*rows[2], 7], rows[3]]


#: Unlike readsb writes it, but numbers all the same.
UNUSUAL = {
    "a number with an exponent": trace("4006c1", changed(4, 1e-7)),
    "a large number": trace("4006c1", changed(4, 0)).replace(b",0,90.5,", b",1E2,90.5,"),
    "a number of many digits": trace("4006c1", changed(3, 123_456_789_012)),
    "blanks without end": trace("4006c1").replace(b",\n[", b",\n" + b" " * 99 + b"[", 1),
    "no source": trace("4006c1", changed(9, None)),
    "another source": trace("4006c1", changed(9, "tisb_trackfile")),
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_numbers_that_are_written_otherwise_are_right_too(text):
    assert quick(text).table().equals(careful(text).block.table())


def test_every_source_is_a_number_of_its_own_kind():
    row = '[0.5,1,2,3,4,5,0,7,null,"{}",10,11,12,13]'
    for source in SOURCES:
        assert trace_text.parsed([row.format(source).encode()]).counts.tolist() == [1]
    with pytest.raises(OddError):
        trace_text.parsed([row.format("nobody").encode()])


def test_without_the_parser_all_is_read_with_care(monkeypatch):
    text = trace("4006c1")
    monkeypatch.setattr(trace_text, "_simdjson", None)
    account = readsb.Account(None)
    readsb.take([readsb.File("a", None, text)] * 3, account)
    assert account.taken().block.table().equals(careful(text, text, text).block.table())


ODD = {
    "a value too few and one too many": trace("4006c1", shifted()),
    "the same of rows that say their source": trace(
        "4006c1", [*made_sources.rows(2), made_sources.rows(3)[2][:13], [*made_sources.rows(4)[3], 7]]
    ),
    "a whole number in quotes": trace("4006c1", changed(3, "30000")),
    "a source that nobody knows": trace("4006c1", changed(9, "unknown")),
    "a number for a source": trace("4006c1", changed(9, 7)),
    "a negative offset": trace("4006c1", changed(0, -5.5)),
    "two pairs of braces": trace("4006c1", changed(8, None)).replace(b",null,", b",{}{},", 1),
    "a number at braces": trace("4006c1", changed(8, {})).replace(b"{}", b"5{}", 1),
    "a number in quotes": trace("4006c1", changed(1, "43.25")),
    "true": trace("4006c1", changed(3, "true")).replace(b'"true"', b"true"),
    "not a number": trace("4006c1", changed(4, float("nan"))),
    "another word": trace("4006c1", changed(3, "high")),
    "a word elsewhere": trace("4006c1", changed(4, "ground")),
    "a list": trace("4006c1", changed(1, [43.25])),
    "details in details": trace("4006c1", changed(8, DETAILS | {"nic": {"a": 1}})),
    "no number in details": trace("4006c1", changed(8, DETAILS | {"nic": None, "sil": "3"})),
    "braces in a callsign": trace("4006c1", changed(8, DETAILS | {"flight": "A},{B"})),
    "a long callsign": trace("4006c1", changed(8, DETAILS | {"flight": "ABCDEFGHIJ"})),
    "a callsign of a number": trace("4006c1", changed(8, DETAILS | {"flight": 77})),
    "escaped": trace("4006c1", changed(8, DETAILS | {"flight": 'A"B'})),
    "not of ASCII": trace("4006c1", desc="x").replace(b'"desc":"x"', '"desc":"Ä"'.encode()),
    "blanks": json.dumps(json.loads(trace("4006c1"))).encode(),
    "rows of two forms": trace("4006c1", [*made_sources.rows(3), made_sources.rows(4)[3][:9]]),
    "something behind": trace("4006c1").replace(b" ]\n}", b' ],"more":[[1]]}'),
    "the timestamp behind": b'{"icao":"4006c1","trace":[[1,2,3,4,5,6,7,8,null]],"timestamp":1735084800}',
    "no time": trace("4006c1", changed(0, None)),
    "a time of no flight": trace("4006c1", timestamp=17),
    "a row that is none": trace("4006c1", [*made_sources.rows(2), {"a": 1}]),
    "one number missing": trace("4006c1").replace(b",43.25,", b",,", 1),
    "words between rows": trace("4006c1").replace(b",\n[", b",\nx[", 1),
    "words behind a row": trace("4006c1").replace(b"],\n", b"]x,\n", 1),
    "a bracket missing": trace("4006c1").replace(b"],\n", b",\n", 1),
    "breaking off": trace("4006c1")[:-40],
    "another trace behind": trace("4006c1") * 2,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_what_is_written_otherwise_is_read_with_care(text):
    with pytest.raises(OddError):
        quick(text)
    good = trace("4006c2")
    account = readsb.Account(None)
    readsb.take([readsb.File("a", None, good), readsb.File("b", None, text), readsb.File("c", None, good)], account)
    taken, alone = account.taken(), careful(good, text, good)
    assert (taken.read, taken.left, len(taken.broken)) == (alone.read, alone.left, len(alone.broken))
    assert taken.block.table().equals(alone.block.table())
    assert len(taken.block) >= 16


def test_an_address_that_is_not_of_icao_keeps_its_mark():
    block = quick(trace("~2B1234"))
    assert set(block.address.tolist()) == {number_of("~2b1234")}
    assert careful(trace("~2b1234").replace(b",\n[", b", [")).block.table().equals(block.table())


def test_a_trace_without_address_is_left_out_and_counted():
    taken = careful(trace(" "))
    assert (taken.read, len(taken.block), taken.left) == (8, 0, {"no ICAO address": 8})


def test_a_position_of_which_half_is_missing_is_none():
    block = quick(trace("4006c1", changed(2, None)))
    assert (block.lat[2], block.lon[2], block.altitude_ft[2]) == (NONE, NONE, 30_050)


decimals = st.integers(0, 5).flatmap(
    lambda places: st.integers(-(10**5) + 1, 10**6 - 1).map(lambda number: f"{number / 10**places:.{places}f}")
)


offsets = st.integers(0, 10**8).map(lambda number: f"{number / 100:.2f}")
degrees = st.integers(-(10**10), 10**10).flatmap(
    lambda number: st.integers(0, 9).map(lambda places: f"{number / 10**9:.{places}f}")
)
altitudes = st.integers(-2_000, 60_000).map(str) | st.sampled_from(["null", '"ground"'])


@given(st.lists(decimals, min_size=1, max_size=20))
def test_numbers_are_those_that_python_reads(written):
    written = [one[:7].removesuffix(".") for one in written]
    text = Text.of([",".join(written).encode(), b","])
    start = PAD + np.cumsum([0, *(len(one) + 1 for one in written[:-1])])
    assert numbers_from(text, start).tolist() == [float(one) for one in written]


@given(st.lists(st.tuples(offsets, degrees, degrees, altitudes), min_size=1, max_size=20), st.sampled_from(SOURCES))
def test_values_are_those_that_python_reads(written, source):
    rows = ",\n".join(f'[{",".join(row)},null,90,0,-64,null,"{source}",null,null,null,1.5]' for row in written)
    found = trace_text.parsed([rows.encode()])
    for place, column in zip((OFFSET, LAT, LON), list(zip(*written, strict=True))[:3], strict=True):
        assert found.own[place].tolist() == [float(one) for one in column]
    assert found.ground.tolist() == [row[3] == '"ground"' for row in written]
    known = [None if math.isnan(one) else one for one in found.own[ALTITUDE].tolist()]
    assert known == [None if not one[-1].isdigit() else float(one) for *_, one in written]
    assert np.isnan(found.own[SPEED]).all()


@given(st.binary(max_size=60))
def test_no_text_of_rows_ends_the_program(middle):
    body = trace("4006c1").replace(b"43.25", middle, 1)
    account = readsb.Account(None)
    readsb.take([readsb.File("a", None, body)], account)
    taken = account.taken()
    assert taken.read == len(taken.block) + sum(taken.left.values())


def test_blanks_before_the_last_and_shortest_row():
    for blanks in range(40):
        body = b" " * blanks + b"[" + b"," * 8 + b"]"
        with pytest.raises(OddError):
            trace_text.parsed([body])


@given(st.binary(max_size=200))
def test_no_rows_of_other_text_are_made(body):
    try:
        found = trace_text.parsed([body])
    except OddError:
        return
    assert found.counts.sum() == body.count(b"[")
