"""The quick way through a plain table gives what the slow way gives, row by row, whatever is wrong with the table."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made_tracks import START_S, at, plain_csv, reports

from geo.tracks import plain_csv as reader
from geo.tracks import text as lines
from geo.tracks.rows import QUANTITIES, Rows
from geo.tracks.text import as_utf8, gathered

HEADER = "time,lat,lon,altitude_ft,gs_kt,on_ground,icao24,callsign,reason,altitude_reason,other"

times = st.one_of(
    st.integers(0, 300).map(at),
    st.floats(0, 300).map(lambda value: at(round(value, 3))),
    st.sampled_from(
        [
            *("", "nan", "never", "2024-12-25 03:55:00", "2024-12-25T03:55:00", "2024-12-25T03:55Z", "2024-12-25T03Z"),
            *("2024-12-25t03:55:00z", "2024-12-25T03:55:00.1234567Z", "2024-12-25T07:55:00+04:00", " " + at(5) + " "),
            *("1735098900", "1735098900.5", "1735098900,5", "1735098900500", "+1735098900", "-5", "1.7350989e9", "12"),
            *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-12-25T03:55:60Z", "20241225T035500Z", "1e400"),
            *("2024-12-25T03:55:00,5Z", "2024-12-25T03:55:00-04:61", "2024-02-30T03:55:00Z", "2024-12-2503:55:00Z"),
        ]
    ),
)
numbers = st.one_of(
    st.floats(-200, 200).map(str),
    st.integers(-1_000, 50_000).map(str),
    st.sampled_from(
        [
            *(
                "",
                " ",
                "nan",
                "NaN",
                "NAN",
                "null",
                "None",
                "N/A",
                "-",
                "--",
                "n/a",
                "nan(ind)",
                "-nan",
                "inf",
                "-Infinity",
            ),
            *(
                "+5",
                "1e3",
                "1E-3",
                "1e400",
                ".5",
                "5.",
                "1_000",
                "0x10",
                "40,5",
                "1.234,5",
                "35.000",
                "1,2,3",
                "4 0",
                "forty",
            ),
            *(" 40.5 ", "\t7", "40.5\0", "٤٠", "4\N{NO-BREAK SPACE}", "ground", "GROUND", "true", "--5", "9" * 400),
        ]
    ),
)
words = st.sampled_from(
    ["", "true", "False", "1", "0", "1.0", "G", "air", "yes", "maybe", "-", "AHY8243", " x ", "Ä\0", "null", "0x8467D8"]
)
reasons = st.sampled_from(
    ["", "accepted", "no position", "duplicate", "out of range", "implausible altitude", "why", " "]
)
rows = st.tuples(times, numbers, numbers, numbers, numbers, words, words, words, reasons, reasons, numbers)
quoted = st.sampled_from(["{}"] * 12 + ['"{}"'] * 4 + ['"{}', '{}"', '"{}"x', ' "{}"', '""{}""', 'a"{}', '"{}""'])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A table with anything wrong with it that can be wrong with a table."""
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    clean = draw(st.booleans())
    whole = []
    for _ in range(draw(st.integers(0, 12))):
        cells = list(draw(rows)) if not clean or draw(st.integers(0, 5)) == 0 else [at(5), "40.5", "50.1", *[""] * 8]
        if not clean:
            cells = [draw(quoted).format(cell) if draw(st.integers(0, 9)) == 0 else cell for cell in cells]
        line = delimiter.join(cell if clean and "," not in cell else cell.replace(delimiter, "") for cell in cells)
        ragged = draw(st.integers(0, 15))
        line = {0: line[: len(line) // 2], 1: line + delimiter, 2: line + delimiter + "x", 3: "", 4: "  "}.get(
            ragged, line
        )
        whole.append(line)
    ends = st.sampled_from(["\n"] * 6 + ["\r\n", "\r", "\n\n", "\r\r\n"])
    text = HEADER.replace(",", delimiter) + "\n" + "".join(line + draw(ends) for line in whole)
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    encoding = draw(st.sampled_from(["utf-8"] * 4 + ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"]))
    return text.encode(encoding, errors="replace")


def both_ways(data: bytes) -> tuple[Rows, Rows]:
    text = as_utf8(data)
    layout, top = reader._laid_out(text, "x")  # noqa: SLF001  the two ways are one promise
    quick, slow = (gathered(reader._parts(text, layout, top, quick=way), "x") for way in (True, False))  # noqa: SLF001  the same
    return quick, slow


def named(labels) -> list[str | None]:
    return [labels.names[code] if code >= 0 else None for code in labels.codes]


def assert_same(quick: Rows, slow: Rows) -> None:
    assert quick.row.tolist() == slow.row.tolist()
    assert quick.unreadable == slow.unreadable
    for name in QUANTITIES:
        assert np.array_equal(quick.column(name), slow.column(name), equal_nan=True), name
    assert named(quick.icao24) == named(slow.icao24)
    assert named(quick.callsign) == named(slow.callsign)
    assert quick.given == slow.given
    assert quick.given_altitude == slow.given_altitude
    assert len(quick) == 0 or (quick.ignored, quick.notes) == (slow.ignored, slow.notes)


@given(data=tables(), piece=st.sampled_from([1 << 20, 1 << 20, 700, 150]))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(data=f"{HEADER}\n{at(0)},40,50{',' * 8}\n".encode(), piece=1 << 20)
def test_the_two_ways_give_the_same_rows(data, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PIECE", piece)
        assert_same(*both_ways(data))


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_the_two_ways_give_the_same_rows_of_a_clean_table(rows):
    quick, slow = both_ways(plain_csv(rows))
    assert not slow.unreadable
    assert_same(quick, slow)


def test_many_bad_rows_in_many_good_ones():
    rng = np.random.default_rng(1)
    body = [f"{at(index / 10)},40.{index % 1000:03d},50.1,30000,400,,,A{index % 3},,," for index in range(30_000)]
    damage = ["never" + body[0][20:], body[0].replace("30000", "N.A"), at(1) + ",40", '"' + body[0], "", body[0] + ",x"]
    for index in rng.choice(30_000, 300, replace=False).tolist():
        body[index] = damage[index % len(damage)]
    quick, slow = both_ways("\n".join([HEADER, *body]).encode())
    assert len(slow) + len(slow.unreadable) == 30_000 - body.count("")
    assert_same(quick, slow)


def test_nothing_but_blank_lines_and_long_lines_under_the_header():
    quick, slow = both_ways(f"{HEADER}\n\n\n{'x' * 70_000}\n\n{'y' * 3_000_000}\n\n".encode())
    assert [(one.row, one.detail[:31]) for one in quick.unreadable] == [
        (4, "it is longer than 65,536 bytes:"),
        (6, "it is longer than 65,536 bytes:"),
    ]
    assert_same(quick, slow)


@pytest.mark.parametrize(
    "first", ["1735098900", "2024-12-25T03:55:00Z", "2024-12-25 03:55:00", "1735098900,5", "1735098900.25"]
)
@pytest.mark.parametrize("title", ["time", "time_utc", "Time (UTC+05:30)"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_times_of_every_writing_in_both_ways(first, title, delimiter):
    others = ["2024-12-25T03:55:01Z", "1735098902", "2024-12-25 03:55:03", "never", "1735098904.5"]
    text = "\n".join(delimiter.join([cell, "40", "50", "x" * 9]) for cell in [first, *others] if delimiter not in cell)
    quick, slow = both_ways(delimiter.join([title, "lat", "lon", "altitude_ft"]).encode() + b"\n" + text.encode())
    assert_same(quick, slow)
    text = text.replace("x" * 9, "1000")
    quick, slow = both_ways(delimiter.join([title, "lat", "lon", "altitude_ft"]).encode() + b"\n" + text.encode())
    assert_same(quick, slow)
    assert set(quick.column("time_s").tolist()) >= {START_S + 1, START_S + 2, START_S + 4.5}


def test_reading_loads_no_pandas_and_little_files_no_arrow():
    code = (
        "import sys; from geo.tracks import plain_csv\n"
        "text = 'time,lat,lon\\n' + '2024-12-25T03:55:00Z,40,50\\n' * {count}\n"
        "plain_csv.read(text.encode(), 'x')\n"
        "print(sorted({{'pandas', 'pyarrow'}} & set(sys.modules)))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code.format(count=count)], check=True, capture_output=True, text=True
        ).stdout.strip()
        for count in (1_000, 100_000)
    ]
    assert said == ["[]", "['pyarrow']"]
