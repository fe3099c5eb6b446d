"""What files there are, of which day and aircraft, and that every row of them is accounted for."""

from __future__ import annotations

import gzip
import json
import pickle
import tarfile
from datetime import date
from functools import partial
from pathlib import Path

import made_sources
import made_tracks
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sources import MIDNIGHT, history, packed, tarred, trace

from geo.archive import sources
from geo.archive.block import OTHER, Block, address_of
from geo.archive.sources import Taken, Trace, Traces, content, find, read_loose, read_traces, readsb
from geo.errors import ArchiveError

DAY = date(2024, 12, 25)
TWO = {"4006c1": trace("4006c1"), "~2b1234": trace("~2b1234")}


def conserved(taken: Taken) -> bool:
    return taken.read == len(taken.block) + sum(taken.left.values())


def words(taken: Taken) -> list[str]:
    return [str(one) for one in taken.broken]


def test_a_folder_of_the_history_is_found_by_day_and_address(tmp_path):
    history(tmp_path, TWO)
    history(tmp_path, {"4006c1": trace("4006c1", timestamp=MIDNIGHT + 86_400)}, "2024/12/26")
    found = find([tmp_path])
    assert list(found.days) == [DAY, date(2024, 12, 26)]
    assert [one.address for one in found.days[DAY]] == [0x4006C1, 0x2B1234 | OTHER]
    assert (found.loose, found.broken) == ((), ())
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  our own
    taken = read_traces(found.days[DAY], DAY)
    assert (taken.read, len(taken.block), taken.left, taken.broken) == (16, 16, {}, ())
    assert sorted({address_of(int(one)) for one in taken.block.address}) == ["4006c1", "~2b1234"]


@pytest.mark.parametrize(
    "folder",
    ["2024/12/25/traces", "globe_history/2024-12-25", "2024.12.25", "adsb_20241225", "2023-01-01 copied/2024/12/25"],
)
def test_the_day_is_the_last_that_the_path_names(tmp_path, folder):
    path = tmp_path / folder / "trace_full_4006c1.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(trace("4006c1"))
    assert list(find([tmp_path]).days) == [DAY]
    assert list(find([path]).days) == [DAY]


def test_a_day_in_the_path_that_its_traces_contradict_is_none(tmp_path):
    found = find([history(tmp_path, TWO, "2025/01/03")])
    assert list(found.days) == [DAY]


def test_without_a_day_in_the_path_it_is_that_from_whose_midnight_all_count(tmp_path):
    for name, text in TWO.items():
        (tmp_path / f"trace_full_{name}.json").write_bytes(gzip.compress(text))
    assert [len(some) for some in find([tmp_path]).days.values()] == [2]
    (tmp_path / "trace_full_4006c2.json").write_bytes(trace("4006c2", timestamp=MIDNIGHT + 0.5))
    found = find([tmp_path])
    assert not found.days
    assert [Path(one.path).name for one in found.loose] == [
        "trace_full_4006c1.json",
        "trace_full_4006c2.json",
        "trace_full_~2b1234.json",
    ]
    (taken,) = read_loose(found.loose[1])
    assert taken.block.time_ms[0] == (MIDNIGHT + 3_600.5) * 1000


def test_rows_of_another_day_are_left_out_and_counted(tmp_path):
    rows = [*made_sources.rows(2, start_s=-5), *made_sources.rows(2, start_s=86_395), *made_sources.rows(3)]
    found = find([history(tmp_path, {"4006c1": trace("4006c1", rows)})])
    taken = read_traces(found.days[DAY], DAY)
    assert (taken.read, len(taken.block), taken.left) == (7, 5, {"of another day": 2})


def test_a_release_in_a_tar_archive_is_read_in_place(tmp_path):
    path = tmp_path / "v2024.12.25-planes-readsb-prod-0.tar"
    path.write_bytes(
        tarred(packed(TWO) | {"./heatmap/00.bin.ttf": b"\0" * 999, "./acas/acas.csv.gz": b"no", "LICENSE": b"ODbL"})
    )
    found = find([path])
    assert (list(found.days), found.loose, found.broken) == ([DAY], (), ())
    whole = read_traces(find([history(tmp_path / "folder", TWO)]).days[DAY], DAY)
    assert same(read_traces(found.days[DAY], DAY).block, whole.block)


@pytest.mark.parametrize("cut", [700, 1024, 1500, 2100])
def test_an_archive_in_parts_is_read_across_them(tmp_path, cut):
    data = tarred(packed(TWO))
    names = ["v2024.12.25.tar.aa", "v2024.12.25.tar.ab", "v2024.12.25.tar.ac"]
    for name, piece in zip(names, (data[:cut], data[cut : cut + 300], data[cut + 300 :]), strict=True):
        (tmp_path / name).write_bytes(piece)
    found = find([tmp_path / name for name in reversed(names)])
    assert not found.broken
    taken = read_traces(found.days[DAY], DAY)
    assert (len(taken.block), taken.broken) == (16, ())
    (tmp_path / names[1]).unlink()
    lacking = find([tmp_path])
    assert "v2024.12.25.tar.ab is missing" in str(lacking.broken)
    (tmp_path / names[0]).unlink()
    assert "its first part is missing" in str(find([tmp_path]).broken)


@pytest.mark.parametrize(
    "name", ["../../etc/trace_full_4006c1.json", "/trace_full_4006c1.json", "a\\..\\..\\trace_full_4006c1.json"]
)
def test_a_member_whose_name_leads_out_of_the_archive_is_told_and_not_read(tmp_path, name):
    (tmp_path / "2024-12-25.tar").write_bytes(tarred({name: trace("4006c1")} | packed(TWO)))
    found = find([tmp_path])
    assert [len(some) for some in found.days.values()] == [2]
    assert "leads out of the archive" in str(found.broken[0])


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_an_archive_are_told_and_not_read(tmp_path, kind):
    info = tarfile.TarInfo("traces/c1/trace_full_4006c1.json")
    info.type, info.linkname = kind, "/etc/passwd"
    (tmp_path / "2024-12-25.tar").write_bytes(tarred({}, info))
    found = find([tmp_path])
    assert (dict(found.days), found.loose, len(found.broken)) == ({}, (), 1)


def test_links_in_a_folder_are_not_followed(tmp_path):
    history(tmp_path / "there", TWO)
    (tmp_path / "here").mkdir()
    (tmp_path / "here/link").symlink_to(tmp_path / "there")
    (tmp_path / "here/trace_full_4006c1.json").symlink_to(
        tmp_path / "there/2024/12/25/traces/c1/trace_full_4006c1.json"
    )
    found = find([tmp_path / "here"])
    assert (dict(found.days), found.loose) == ({}, ())
    assert all("a link, which is not followed" in one.reason for one in found.broken)
    assert list(find([tmp_path / "here/link"]).days) == [DAY]


def test_an_archive_that_breaks_off_keeps_what_is_whole(tmp_path):
    data = tarred(packed(TWO))
    path = tmp_path / "2024-12-25.tar"
    path.write_bytes(data[:700])
    found = find([path])
    assert "breaks off" in str(found.broken)
    assert not found.days
    path.write_bytes(data[:1024])
    found = find([path])
    assert [one.address for one in found.days[DAY]] == [0x4006C1]
    assert "it ends without the mark of its end" in str(found.broken)
    path.write_bytes(data[:1024] + b"x" * 512 + data[1536:])
    assert "has no header" in str(find([path]).broken)


def test_an_archive_compressed_as_a_whole_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "2024-12-25.tar.gz").write_bytes(gzip.compress(tarred(packed(TWO))))
    (broken,) = find([tmp_path]).broken
    assert "take the compression off first" in broken.reason


def test_a_source_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ArchiveError, match="there is no such file or folder"):
        find([tmp_path / "none"])


def test_a_file_found_twice_is_read_once(tmp_path):
    history(tmp_path, TWO)
    (tmp_path / "track.csv").write_bytes(b"time,lat,lon,icao24\n2024-12-25T05:00:00Z,43,45,4006c1\n")
    found = find([tmp_path, tmp_path / "2024", tmp_path / "track.csv"])
    assert ([len(some) for some in found.days.values()], len(found.loose)) == ([2], 1)


def test_the_recent_trace_beside_a_full_one_is_told_and_not_read(tmp_path):
    history(tmp_path, TWO)
    folder = tmp_path / "2024/12/25/traces/c1"
    (folder / "trace_recent_4006c1.json").write_bytes(trace("4006c1"))
    found = find([tmp_path])
    assert len(found.days[DAY]) == 2
    assert "stand in the full trace" in str(found.broken)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(trace("4006c1"))[:-20], "gzip compression breaks off"),
        (gzip.compress(trace("4006c1"))[:40] + b"\0" * 40, "gzip compression is damaged"),
        (b"", "it is no trace"),
        (b"{", "it is no trace"),
        (b"<html>404</html>", "it is no trace"),
        (json.dumps({"icao": "4006c1", "timestamp": MIDNIGHT, "trace": None}).encode(), "is no list of rows"),
        (trace("4006c1", timestamp=None), "it has no timestamp"),
        (trace("4006c1", []), "its trace is empty"),
        (trace("4006c2"), "it says that it is of 4006c2"),
        (trace("zzz"), "it says that it is of zzz"),
    ],
    ids=["truncated", "damaged", "nothing", "brace", "page", "no list", "no timestamp", "empty", "other", "no address"],
)
def test_a_file_at_fault_is_told_and_costs_no_other(tmp_path, data, why):
    history(tmp_path, TWO | {"4006bf": trace("4006bf")})
    (tmp_path / "2024/12/25/traces/c1/trace_full_4006c1.json").write_bytes(data)
    taken = read_traces(find([tmp_path]).days[DAY], DAY)
    assert (taken.read, len(taken.block)) == (16, 16)
    assert len(taken.broken) == 1
    assert "trace_full_4006c1.json" in taken.broken[0].name
    assert why in taken.broken[0].reason


def test_a_trace_that_inflates_without_end_is_told(tmp_path, monkeypatch):
    bomb = gzip.compress(b'{"icao":"4006c1","trace":[' + b" " * 4_000_000)
    history(tmp_path, TWO)
    (tmp_path / "2024/12/25/traces/c1/trace_full_4006c1.json").write_bytes(bomb)
    monkeypatch.setattr(readsb, "inflated", partial(content.inflated, most=3_000_000))
    taken = read_traces(find([tmp_path]).days[DAY], DAY)
    assert len(taken.block) == 8
    assert "it has more than 3,000,000 bytes, which no trace has" in taken.broken[0].reason


@pytest.mark.parametrize("members", [1, 3])
def test_no_more_is_inflated_than_allowed(members):
    data = gzip.compress(b"0" * 1_000) * members
    assert content.inflated(data, 1_000 * members) == b"0" * 1_000 * members
    assert content.inflated(data) == b"0" * 1_000 * members
    for most in (10, 1_000 * members - 1):
        with pytest.raises(content.ContentError, match="which no trace has"):
            content.inflated(data, most)
    with pytest.raises(content.ContentError, match="which no trace has"):
        content.inflated(b"0" * 1_000, 999)


def test_a_file_gone_since_it_was_found_is_told(tmp_path):
    found = find([history(tmp_path, TWO)])
    (tmp_path / "2024/12/25/traces/c1/trace_full_4006c1.json").unlink()
    taken = read_traces(found.days[DAY], DAY)
    assert len(taken.block) == 8
    assert "cannot be opened" in taken.broken[0].reason


def test_rows_that_cannot_be_read_are_counted_with_the_first_of_them(tmp_path):
    rows = made_sources.rows(5)
    rows[2][1] = "forty"
    rows[3] = ["no"]
    rows[4][1] = 95.0
    taken = read_traces(find([history(tmp_path, TWO | {"4006c1": trace("4006c1", rows)})]).days[DAY], DAY)
    assert (taken.read, len(taken.block)) == (13, 10)
    assert taken.left == {"cannot be read": 2, "a position outside the Earth": 1}
    assert "2 of its 5 rows cannot be read, the first is row 3: the latitude is 'forty'" in taken.broken[0].reason


def test_every_format_of_tracks_is_read_or_told(tmp_path):
    report = [(float(second), 43.0 + second / 1000, 45.0, 10_000.0, 400.0, "AHY8243") for second in range(0, 600, 10)]
    for name, write in made_tracks.WRITERS.items():
        (tmp_path / name).write_bytes(write(report))
    found = find([tmp_path])
    assert len(found.loose) == len(made_tracks.WRITERS)
    for one in found.loose:
        taken = list(read_loose(one))
        assert all(map(conserved, taken))
        assert sum(some.read for some in taken) >= 60, one
        assert all(reason == "no ICAO address" for some in taken for reason in some.left), one


def test_what_is_no_track_is_told_in_the_words_of_the_tracks(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing of the kind")
    (tmp_path / "README.md").write_text("# no data")
    (one,) = find([tmp_path]).loose
    (taken,) = read_loose(one)
    assert taken.read == 0
    assert "it is no track of a known format" in taken.broken[0].reason


def test_no_account_that_does_not_come_out():
    with pytest.raises(ValueError, match="3 rows read are not 0 taken and 1 left out"):
        Taken(Block.of(np.empty(0), np.empty(0)), 3, (), {"of another day": 1})


def same(one: Block, other: Block) -> bool:
    return one.table().equals(other.table())


@given(
    st.lists(
        st.lists(
            st.builds(Trace, st.sampled_from([1, 2, OTHER | 1]), st.sampled_from("ab/é"), st.just(None), st.just(5))
            | st.builds(Trace, st.integers(0, 9), st.sampled_from(["t.tar", "t.aa"]), st.integers(0, 3), st.just(7)),
            max_size=20,
        ),
        max_size=3,
    )
)
def test_traces_as_columns_are_those_that_they_are_made_of(parts):
    columns = [listed(part) for part in parts]
    assert [list(part) for part in columns] == parts
    whole = Traces.ordered(columns)
    assert list(whole) == sorted({one for part in parts for one in part}, key=order)
    assert Traces.ordered([whole]) == whole
    assert pickle.loads(pickle.dumps(whole)) == whole  # noqa: S301  our own
    some = whole[1:4]
    assert list(some) == list(whole)[1:4]
    assert set(some.paths) == {one.path for one in some}
    assert [whole[index] for index in range(len(whole))] == list(whole)
    counts, sizes = whole.by_path()
    assert (sum(counts), sum(sizes)) == (len(whole), sum(one.size for one in whole))


def listed(traces: list[Trace]) -> Traces:
    paths = tuple(dict.fromkeys(one.path for one in traces))
    columns = ([one.address for one in traces], [paths.index(one.path) for one in traces])
    places = ([-1 if one.offset is None else one.offset for one in traces], [one.size for one in traces])
    return Traces(
        np.array(columns[0], np.uint32),
        np.array(columns[1], np.int32),
        *(np.array(one, np.int64) for one in places),
        paths,
    )


def order(one: Trace) -> tuple[int, str, int]:
    return one.address, one.path, one.offset or 0


def test_the_order_depends_on_names_alone(tmp_path):
    history(tmp_path, dict.fromkeys(("4006c1", "000001", "ffffff", "~000001"), TWO["4006c1"]))
    addresses = [one.address for one in find([tmp_path]).days[DAY]]
    assert addresses == sorted(addresses)
    assert sources.find([tmp_path]) == sources.find([tmp_path])
