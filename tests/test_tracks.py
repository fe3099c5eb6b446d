"""Any file: picked by content, read whole, every row accounted for; bad files answered clearly."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_formats import WRITERS, wrapped
from made_tracks import plain_csv, reports

from geo import errors, tracks
from geo.errors import TrackError, TrackUnreadable
from geo.model import ACCEPTED, NO_POSITION, REASONS, Track

BAD = Path(__file__).parent / "bad" / "tracks"
EXPECTED = tomllib.loads((BAD / "expected.toml").read_text(encoding="utf-8"))
GOOD = [(float(second), 40 + second / 500, 50.0, 1_000 + second, 400, "AHY8243") for second in range(0, 100, 10)]


def account(reading: tracks.Reading) -> None:
    """The account comes out, by its own numbers and by the reasons in the tracks."""
    report = reading.report
    assert report.read == report.accepted + report.rejected + report.unreadable
    reasons = {
        int(row): REASONS[code]
        for leg in reading.legs
        for row, code in zip(leg.track.row, leg.track.reason, strict=True)
    }
    assert len(reasons) == sum(len(leg.track) for leg in reading.legs) == report.accepted + report.rejected
    said = {one.row: one.reason for one in report.rejections}
    assert said == {row: reason for row, reason in reasons.items() if reason not in ("accepted", "no position")}
    assert not {one.row for one in report.unreadables} & reasons.keys()
    assert {one.row for one in report.withheld} <= reasons.keys()
    assert all(one.detail and one.quantity in Track.column_names() for one in report.withheld)
    assert all(one.detail for one in report.rejections)
    assert all(one.detail for one in report.unreadables)
    for leg in reading.legs:
        assert np.all(np.diff(leg.track.time_s) >= 0)
        kept = np.isin(leg.track.reason, (ACCEPTED, NO_POSITION))
        assert np.isfinite(leg.track.lat_deg[leg.track.accepted]).all()
        assert not np.isinf(leg.track.altitude_ft).any()
        assert not np.isinf(leg.track.ground_speed_kt).any()
        assert kept.sum() + len([row for row in said if row in leg.track.row]) == len(leg.track)
    json.dumps(tracks.report_json(reading), allow_nan=False)


@pytest.mark.parametrize("name", sorted(WRITERS))
@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_row_is_accounted_for_in_every_format(name, rows):
    reading = tracks.read(WRITERS[name](rows))
    assert reading.format == name
    assert reading.report.read == len(rows)
    account(reading)


@pytest.mark.parametrize("name", sorted(WRITERS))
@given(data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused_and_never_breaks_the_reader(name, data):
    content = bytearray(WRITERS[name](GOOD))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b'"', b"\n", b",", b"\r", b"{", b"9" * 400, b"\0"])
        )
    refused = ""
    try:
        account(tracks.read(bytes(content)))
    except TrackError as error:
        refused = str(error)
    assert len(refused) < 2_000


@pytest.mark.parametrize("name", sorted(set(EXPECTED)))
def test_a_bad_file_gets_the_answer_that_is_written_down_for_it(name):
    expected = EXPECTED[name]
    if "error" in expected:
        with pytest.raises(getattr(errors, expected["error"])) as caught:
            tracks.read(BAD / name)
        assert str(caught.value).startswith(f"{name}: ")
        for words in expected["says"]:
            assert words in str(caught.value)
        return
    reading = tracks.read(BAD / name)
    account(reading)
    report = reading.report
    assert [report.read, report.accepted, report.rejected, report.unreadable] == expected["rows"]
    listed = {one.row: one.detail for one in report.rejections} | {one.row: one.detail for one in report.unreadables}
    assert {str(row) for row in listed} == set(expected.get("listed", {}))
    for row, words in expected.get("listed", {}).items():
        assert words in listed[int(row)]
    values: dict[int, str] = {}
    for one in report.withheld:
        values[one.row] = values.get(one.row, "") + one.detail
    assert {str(row) for row in values} == set(expected.get("values", {}))
    for row, words in expected.get("values", {}).items():
        assert words in values[int(row)]


def test_every_bad_file_has_an_expectation():
    assert {path.name for path in BAD.iterdir()} - {"expected.toml"} == set(EXPECTED)


@pytest.mark.parametrize("path", sorted((BAD.parent / "fuzzed").iterdir()), ids=lambda path: path.name)
def test_what_the_fuzzer_found_stays_mended(path):
    refused = ""
    try:
        account(tracks.read(path))
    except TrackError as error:
        refused = str(error)
    assert len(refused) < 65_536


def test_html_in_a_callsign_stays_text():
    legs = tracks.read(BAD / "html_callsign.csv").legs
    assert [leg.callsign for leg in legs] == ["<img src=x onerror=alert(1)>", "</script><script>`${1}`"]


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_wrapped_a_file_is_read_as_it_is_bare(name):
    accounts = set()
    for content in wrapped(WRITERS[name](GOOD)).values():
        reading = tracks.read(content)
        assert reading.format == name
        accounts.add(json.dumps(tracks.report_json(reading)))
    assert len(accounts) == 1


def test_a_file_is_known_by_content_whatever_its_name(tmp_path):
    (tmp_path / "flight.txt").write_bytes(gzip.compress(plain_csv(GOOD)))
    reading = tracks.read(tmp_path / "flight.txt")
    assert (reading.format, reading.report.read) == ("csv", len(GOOD))


def test_bytes_streams_and_paths_read_alike(tmp_path):
    content = plain_csv(GOOD)
    (tmp_path / "a.csv").write_bytes(content)
    with (tmp_path / "a.csv").open("rb") as stream:
        readings = [
            tracks.read(content),
            tracks.read(io.BytesIO(content)),
            tracks.read(stream),
            tracks.read(str(tmp_path / "a.csv")),
        ]
    assert len({json.dumps(tracks.report_json(reading)) for reading in readings}) == 1


def test_the_name_given_is_the_name_in_the_message():
    with pytest.raises(TrackUnreadable, match=r"^upload 3: it is no track"):
        tracks.read(b"hello", name="upload 3")


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(TrackUnreadable, match=r"none\.csv: it cannot be opened: No such file"):
        tracks.read(tmp_path / "none.csv")


def test_formats_are_listed_with_their_titles():
    assert set(tracks.formats()) == set(WRITERS)
    assert Counter(tracks.formats().values()).most_common(1)[0][1] == 1


def test_every_format_every_rule_and_every_suffix_stands_in_the_docs():
    docs = (Path(__file__).parents[1] / "docs" / "track-formats.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]+?) \|", docs, re.MULTILINE))
    assert rows == tracks.formats()
    rules = re.findall(r"^\| ([a-z ]+) \| [^|]+ \|$", docs, re.MULTILINE)
    assert [rule for rule in rules if rule != "reason"] == [rule.reason for rule in tracks.RULES]
    assert all(f"`{suffix}`" in docs for suffix in tracks.SUFFIXES)


def test_a_line_of_ten_megabytes_is_refused_or_listed_shortly():
    with pytest.raises(TrackUnreadable) as caught:
        tracks.read(b"x" * 10_000_000)
    assert len(str(caught.value)) < 1_000
    reading = tracks.read(plain_csv(GOOD) + b"y" * 10_000_000 + b"\n")
    assert [one.row for one in reading.report.unreadables] == [len(GOOD) + 2]
    assert len(reading.report.unreadables[0].detail) < 200


def test_the_package_is_light_until_a_file_is_read():
    code = "import sys, geo.tracks; print(sorted({'pyarrow', 'pyproj', 'pandas', 'orjson'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
