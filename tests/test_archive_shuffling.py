"""Sources of rows of any aircraft and days: sorted into runs, and built like the others."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_receivers import DAY, NEXT, lay, number, states, trace

from geo.archive import building, shuffling
from geo.archive.account import Rows
from geo.archive.block import Block
from geo.archive.catalogue import Catalogue
from geo.archive.shuffling import Shuffle
from geo.archive.sources import Loose, Taken

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def over_midnight(tmp_path_factory) -> Path:
    return states(tmp_path_factory.mktemp("states") / "states_2024-12-26-00.csv", 12, range(-600, 600, 20))


def made(sources: list[Path], root: Path, **options) -> building.Built:
    return building.build(sources, root, workers=1, chunk_rows=75, **options)


def rows_of(root: Path, day: date) -> list[dict]:
    catalogue = Catalogue.read(root)
    files = [catalogue.path(day, part.file) for part in catalogue.days[day].aircraft]
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def test_rows_come_to_their_days(over_midnight, tmp_path):
    built = made([over_midnight], tmp_path / "archive")
    assert list(built.built) == [DAY, NEXT]
    for day, account in built.built.items():
        rows = rows_of(tmp_path / "archive", day)
        assert {row["time"].date() for row in rows} == {day}
        order = [(row["icao24"], row["time"]) for row in rows]
        assert order == sorted(order)
        assert len(rows) == account.rows.written == account.rows.read == 12 * 30
        assert len(Catalogue.read(tmp_path / "archive").days[day].aircraft) > 2
    (source,) = built.mixed
    assert source.rows.is_whole
    assert source.days == {"2024-12-25": 360, "2024-12-26": 360}
    sizes = [account.bytes["sources"] for account in built.built.values()]
    assert sum(sizes) == pytest.approx(over_midnight.stat().st_size, abs=1)


def test_the_same_source_again_is_not_even_read(over_midnight, tmp_path):
    made([over_midnight], tmp_path / "archive")
    asked: list[object] = []

    def mapped(function, todo):
        asked.extend(todo)
        return map(function, todo)

    built = made([over_midnight], tmp_path / "archive", mapping=mapped)
    assert (built.there, asked) == ((DAY, NEXT), [])


def test_a_source_that_was_changed_is_another(over_midnight, tmp_path):
    path = tmp_path / "states_2024-12-26-00.csv"
    path.write_bytes(over_midnight.read_bytes())
    made([path], tmp_path / "archive")
    states(path, 12, range(600, 1200, 20))
    built = made([path], tmp_path / "archive")
    assert list(built.refused) == [NEXT]
    assert built.there == ()
    assert list(made([path], tmp_path / "archive", replace=True).built) == [NEXT]


def test_traces_and_rows_of_any_day_come_together(over_midnight, tmp_path):
    folder = lay(tmp_path / "traces", DAY, [trace(number(3), DAY, 0, 40), trace("abcd01", DAY, 0, 40)])
    built = made([over_midnight, folder], tmp_path / "archive")
    assert built.built[DAY].rows.written == 360 + 80
    rows = rows_of(tmp_path / "archive", DAY)
    order = [(row["icao24"], row["time"]) for row in rows]
    assert order == sorted(order)
    assert sum(row["icao24"] == number(3) for row in rows) == 30 + 40
    assert {source.path for source in built.built[DAY].sources} == {str(over_midnight), str(folder)}


def test_sources_may_be_named_in_any_order(over_midnight, tmp_path):
    again = states(tmp_path / "again.csv", 12, range(-600, 600, 20))  # the same times: which comes first is to be seen
    files = []
    for name, order in (("one", [over_midnight, again]), ("other", [again, over_midnight])):
        made(order, tmp_path / name)
        files.append([path.read_bytes() for path in sorted((tmp_path / name / "days").rglob("*.parquet"))])
    assert files[0] == files[1]


BLOCKS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 3), st.sampled_from(["", "A", "B", "C"])), min_size=0, max_size=60
)


@settings(max_examples=40)
@given(BLOCKS, st.lists(st.integers(0, 41), max_size=4), st.integers(1, 20), st.integers(1, 9))
def test_no_row_is_lost_and_none_changes_its_place(tmp_path_factory, rows, cuts, piece, batch):
    root = tmp_path_factory.mktemp("runs")
    names = ("A", "B", "C")
    block = Block.of(
        np.array([address for address, _, _ in rows]),
        np.array([day * 86_400_000 + place for place, (_, day, _) in enumerate(rows)]),
        altitude_ft=np.arange(len(rows)),
        callsign=np.array([names.index(name) if name else -1 for _, _, name in rows], dtype=np.int32),
        callsigns=names,
    )
    held: dict[int, list[str]] = {}
    for number_, piece_ in enumerate(shuffling.pieces([block], piece)):
        for day, part in shuffling.by_day(piece_):
            path = root / f"{day}-{number_}.run"
            shuffling.write(part, path, batch)
            held.setdefault(day.day - 1, []).append(str(path))
    edges = sorted({0, *cuts, 42})
    for day in range(4):
        wanted = [(address, place, name) for place, (address, at, name) in enumerate(rows) if at == day]
        found = []
        for first, end in pairwise(edges):
            for one in (shuffling.taken(run, first, end) for run in held.get(day, [])):
                words = [one.callsigns[code] if code >= 0 else "" for code in one.callsign.tolist()]
                found += list(zip(one.address.tolist(), one.altitude_ft.tolist(), words, strict=True))
        assert sorted(found, key=lambda row: row[1]) == wanted
        by_address = [row[:2] for row in sorted(found, key=lambda row: row[0])]
        assert by_address == sorted(by_address)


def test_a_source_is_read_once(over_midnight, tmp_path):
    task = Shuffle(Loose(str(over_midnight), "track"), "x", 1, str(tmp_path / "x"))
    done = shuffling.shuffle(task)
    assert shuffling.shuffled(task) == done
    assert done.days == (DAY, NEXT)


def test_rows_of_no_day_are_left_out_and_told(tmp_path, monkeypatch):
    block = Block.of(np.array([1, 2, 3]), np.array([0, 10**15, -(10**15)]))
    monkeypatch.setattr(shuffling.sources, "read_loose", lambda _: iter([Taken(block, 3)]))
    done = shuffling.shuffle(Shuffle(Loose("x", "track"), "x", 1, str(tmp_path / "x")))
    assert done.days == (date(1970, 1, 1),)
    assert done.said.rows == Rows(3, 1, {"a time beyond the year 9999": 2}, 0)
