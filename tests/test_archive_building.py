from __future__ import annotations

import csv
import errno
import hashlib
import multiprocessing
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_receivers import DAY, NEXT, lay, number, trace, two_days
from made_sources import tarred

from geo.archive import Archive, building, clearing, joining, laying, layout, planning, running, tasks
from geo.archive.account import Rows
from geo.archive.catalogue import Catalogue
from geo.archive.sources import find
from geo.archive.tables import AIRCRAFT, AREA, FLIGHTS, JUMPS, LEGS
from geo.errors import ArchiveError

ROWS = 75


def made(sources: Path, root: Path, **options) -> building.Built:
    return building.build([sources], root, workers=1, chunk_rows=ROWS, **options)


def tree(root: Path) -> dict[str, str]:
    """Every file that the catalogue can name, by what is in it."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / "days").rglob("*"))
        if path.is_file()
    }


def stamps(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file() and path.suffix}


def rows_of(root: Path, day=DAY):
    catalogue = Catalogue.read(root)
    files = [catalogue.path(day, part.file) for part in catalogue.days[day].aircraft]
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def flights_of(root: Path, day) -> list[dict]:
    catalogue = Catalogue.read(root)
    return pq.read_table(catalogue.path(day, catalogue.days[day].flights)).to_pylist()


def jumps_of(root: Path, day) -> tuple[str, bytes]:
    """The file of the jumps of a day, by its name, and what is in it."""
    catalogue = Catalogue.read(root)
    name = catalogue.days[day].jumps
    return name, Path(catalogue.path(day, name)).read_bytes()


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    return two_days(tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def undisturbed(sources, tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("archives") / "undisturbed"
    made(sources, root)
    return root


@pytest.fixture
def archive(undisturbed, tmp_path) -> Path:
    return shutil.copytree(undisturbed, tmp_path / "archive")


def test_every_row_is_accounted_for(tmp_path):
    sources = two_days(tmp_path / "sources")
    folder = sources / "2024/12/25/traces/00"
    folder.mkdir(exist_ok=True)
    (folder / "trace_full_abc000.json").write_bytes(b"\x1f\x8b not so")
    late = trace("abcd01", DAY, 86_000, 40)  # 400 s of its day, 400 s of the next
    lay(sources, DAY, [late])
    built = made(sources, tmp_path / "archive")
    account = built.built[DAY]
    assert account.rows == Rows(read=31 * 40, written=30 * 40 + 20, left={"of another day": 20}, unreadable=0)
    assert account.rows.is_whole
    assert account.files == 32
    assert [one.name for one in account.named] == [str(folder / "trace_full_abc000.json")]
    assert account.broken == len(built.broken) == 1
    catalogue = Catalogue.read(tmp_path / "archive")
    with Path(catalogue.path(DAY, "broken.csv")).open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [account.named[0].name]
    assert len(rows_of(tmp_path / "archive")) == account.rows.written == account.tables["aircraft"]
    assert catalogue.days[DAY].account["rows"]["left"] == {"of another day": 20}
    assert built.rows.read == account.rows.read + built.built[NEXT].rows.read


def test_the_tables_lie_as_they_are_said_to(undisturbed):
    catalogue = Catalogue.read(undisturbed)
    for day, held in catalogue.days.items():
        assert len(held.aircraft) > 3
        names = [row["icao24"] for row in rows_of(undisturbed, day)]
        assert names == sorted(names)
        for part in held.aircraft:
            found = pq.read_table(catalogue.path(day, part.file))
            assert found.schema.equals(AIRCRAFT)
            assert (found["icao24"][0].as_py(), found["icao24"][-1].as_py()) == (part.first, part.last)
        positions = 0
        for hour, name in held.area.items():
            found = pq.read_table(catalogue.path(day, name))
            assert found.schema.equals(AREA)
            assert {moment.hour for moment in found["time"].to_pylist()} == {hour}
            positions += len(found)
        assert positions == held.account["tables"]["area"] == len(names)
        assert pq.read_schema(catalogue.path(day, held.flights)).equals(FLIGHTS)
        assert pq.read_schema(catalogue.path(day, held.jumps)).equals(JUMPS)
        assert held.account["bytes"]["sources"] == sum(source["bytes"] for source in held.account["sources"])


def test_flights_go_over_midnight(undisturbed):
    over = {number(index) for index in range(0, 30, 3)}
    first, second = flights_of(undisturbed, DAY), flights_of(undisturbed, NEXT)
    assert {one["icao24"] for one in first if one["last_time"].date() == NEXT} == over
    assert {one["icao24"] for one in second}.isdisjoint(over)
    assert len(first) + len(second) == 10 + 2 * 20


def test_jumps_over_midnight_are_of_the_day_in_which_they_end(undisturbed):
    pytest.importorskip("duckdb")
    pytest.importorskip("ibis")
    midnight = datetime(NEXT.year, NEXT.month, NEXT.day, tzinfo=UTC)
    # Those that fly over midnight begin the new day where they began the old one.
    over = sorted(number(index) for index in range(0, 30, 3))
    rows = Archive.open(undisturbed).jumps(None, (midnight, midnight + timedelta(hours=1))).rows()
    assert [row["icao24"] for row in rows] == over
    assert {(row["time_before"], row["time"]) for row in rows} == {(midnight - timedelta(seconds=20), midnight)}
    assert all(row["callsign"] == f"T{row['icao24'][-4:].upper()}" for row in rows)
    assert Archive.open(undisturbed).jumps(None, (midnight - timedelta(days=1), midnight)).rows() == []
    # The day by itself has none.
    assert Catalogue.read(undisturbed).days[NEXT].account["tables"]["jumps"] == 0


@pytest.mark.parametrize("order", [[DAY, NEXT], [NEXT, DAY]], ids=["forwards", "backwards"])
def test_days_may_come_in_any_order(sources, undisturbed, tmp_path, order):
    for day in order:
        made(sources / f"{day:%Y/%m/%d}", tmp_path / "archive")
    for day in order:
        assert flights_of(tmp_path / "archive", day) == flights_of(undisturbed, day)
        assert jumps_of(tmp_path / "archive", day) == jumps_of(undisturbed, day)


def test_few_legs_at_once_give_the_same_flights_and_jumps(sources, undisturbed, tmp_path, monkeypatch):
    monkeypatch.setattr(joining, "_TOGETHER", 2)
    made(sources, tmp_path / "archive")
    for day in (DAY, NEXT):
        assert flights_of(tmp_path / "archive", day) == flights_of(undisturbed, day)
        assert jumps_of(tmp_path / "archive", day) == jumps_of(undisturbed, day)


def test_a_day_keeps_its_own_jumps_whatever_becomes_of_the_one_before(tmp_path):
    apart, root = tmp_path / "apart", tmp_path / "archive"
    sources = two_days(tmp_path / "sources", aircraft=4)
    jumping = trace("abcd01", NEXT, 600, 40)
    for row in jumping["trace"][20:]:
        row[1] += 5
    lay(sources, NEXT, [jumping])
    made(sources, root)
    made(sources / "2024/12/26", apart)
    for _ in range(2):  # also once it has jumps over midnight
        lay(sources, DAY, [trace("abcd02", DAY, 0, 40)])
        made(sources / "2024/12/25", root, replace=True)
        held = Catalogue.read(root)
        rows = pq.read_table(held.path(NEXT, held.days[NEXT].jumps)).to_pylist()
        assert [row["icao24"] for row in rows] == [number(0), number(3), "abcd01"]
        assert held.days[NEXT].account["tables"]["jumps"] == 1
    assert pq.read_table(Path(apart, "days/2024-12-26/1", jumps_of(apart, NEXT)[0])).to_pylist() == rows[2:]


def test_a_day_of_an_older_layout_is_refused_and_others_go_beside_it(sources, undisturbed, tmp_path, monkeypatch):
    root = tmp_path / "archive"
    monkeypatch.setattr(planning, "LAYOUT", "1")
    made(sources / "2024/12/25", root)
    monkeypatch.undo()
    # As the first layout was: one file of jumps, and legs without the positions that they open and close with.
    catalogue = Catalogue.read(root)
    held = catalogue.days[DAY]
    folder = root / held.folder
    (folder / held.jumps).rename(folder / "jumps.parquet")
    legs = pq.read_table(folder / held.legs)
    pq.write_table(legs.select(LEGS.names[: LEGS.get_field_index("opening_time")]), folder / held.legs)
    said = (root / "archive.json").read_text()
    (root / "archive.json").write_text(said.replace(held.jumps, "jumps.parquet"))

    built = made(sources, root)
    assert list(built.built) == [NEXT]
    assert "another version of this program laid it down" in built.refused[DAY]
    assert len(flights_of(root, DAY)) + len(flights_of(root, NEXT)) == 50
    assert pq.read_table(Path(Catalogue.read(root).path(NEXT, jumps_of(root, NEXT)[0]))).num_rows == 0

    assert made(sources, root, replace=True).is_done
    for day in (DAY, NEXT):
        assert flights_of(root, day) == flights_of(undisturbed, day)
        assert jumps_of(root, day) == jumps_of(undisturbed, day)


def test_jumps_that_were_replaced_stay_for_those_who_read_them(sources, tmp_path):
    root = tmp_path / "archive"
    made(sources / "2024/12/26", root)
    opened = Catalogue.read(root)
    made(sources / "2024/12/25", root)
    assert Catalogue.read(root).days[NEXT].jumps != opened.days[NEXT].jumps
    old = Path(opened.path(NEXT, opened.days[NEXT].jumps))
    assert pq.read_table(old).num_rows == 0
    left = old.with_name("jumps-0123456789abcdef.parquet")  # by a build that was killed before the catalogue named it
    left.write_bytes(old.read_bytes())
    clearing.clear(root, datetime.now(UTC) + clearing.GRACE / 2)
    assert (old.exists(), left.exists()) == (True, False)
    clearing.clear(root, datetime.now(UTC) + clearing.GRACE + timedelta(hours=1))
    assert not old.exists()
    assert pq.read_table(Path(Catalogue.read(root).path(NEXT, jumps_of(root, NEXT)[0]))).num_rows == 10


def test_a_neighbour_keeps_its_old_flights_for_those_who_read_them(sources, tmp_path):
    root = tmp_path / "archive"
    made(sources / "2024/12/25", root)
    opened = Catalogue.read(root)
    made(sources / "2024/12/26", root)
    assert Catalogue.read(root).days[DAY].flights != opened.days[DAY].flights
    old = Path(opened.path(DAY, opened.days[DAY].flights))
    assert len(pq.read_table(old)) == 30
    clearing.clear(root, datetime.now(UTC) + clearing.GRACE / 2)
    assert old.exists()
    clearing.clear(root, datetime.now(UTC) + clearing.GRACE + timedelta(hours=1))
    assert not old.exists()
    assert len(flights_of(root, DAY)) == 30


def backwards(function, todo):
    return [function(task) for task in reversed(todo)]


@pytest.mark.parametrize("options", [{"workers": 2}, {"mapping": backwards}], ids=["two processes", "backwards"])
def test_equal_sources_give_equal_bytes(sources, undisturbed, tmp_path, options):
    building.build([sources], tmp_path / "archive", chunk_rows=ROWS, **options)
    assert tree(tmp_path / "archive") == tree(undisturbed)


def test_nothing_is_left_of_the_work(undisturbed):
    assert list((undisturbed / ".building").iterdir()) == []
    assert clearing.unfinished(undisturbed) == ()


def test_the_same_sources_again_write_nothing(sources, archive):
    before = stamps(archive)
    built = made(sources, archive)
    assert (built.there, built.built, built.is_done) == ((DAY, NEXT), {}, True)
    assert stamps(archive) == before


def test_other_sources_of_a_day_are_refused_and_other_days_go_on(tmp_path):
    sources, root = two_days(tmp_path / "sources", aircraft=4), tmp_path / "archive"
    made(sources / "2024/12/25", root)
    before = rows_of(root)
    lay(sources, DAY, [trace("abcd01", DAY, 0, 40)])
    built = made(sources, root)
    assert list(built.built) == [NEXT]
    assert list(built.refused) == [DAY]
    assert "--replace" in built.refused[DAY]
    assert not built.is_done
    assert rows_of(root) == before


def test_a_replaced_day_stays_for_those_who_opened_it(tmp_path):
    sources, root = two_days(tmp_path / "sources", aircraft=4), tmp_path / "archive"
    made(sources, root)
    opened = Catalogue.read(root)
    lay(sources, DAY, [trace("abcd01", DAY, 0, 40)])
    built = made(sources, root, replace=True)
    assert (list(built.built), built.there) == ([DAY], (NEXT,))
    assert len(rows_of(root)) == 5 * 40
    old = root / opened.days[DAY].folder
    assert pq.read_table(old / opened.days[DAY].aircraft[0].file).num_rows > 0
    made(sources, root)
    assert old.exists()
    clearing.clear(root, datetime.now(UTC) + clearing.GRACE + timedelta(hours=1))
    assert not old.exists()
    assert len(rows_of(root)) == 5 * 40


class Stopping:
    """A mapping that does so many tasks and then fails, as a machine does."""

    def __init__(self, tasks_done: int) -> None:
        self.left = tasks_done
        self.asked: list[object] = []

    def __call__(self, function, todo):
        self.asked += todo
        for task in todo:
            if self.left == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.left -= 1
            yield function(task)


def test_finished_tasks_are_kept(sources, undisturbed, tmp_path):
    root = tmp_path / "archive"
    whole = Stopping(10_000)
    made(sources, tmp_path / "other", mapping=whole)
    runs, rest_of_them = divmod(len(whole.asked) - 1, 5)
    for _ in range(runs):
        with pytest.raises(ArchiveError, match="the disk is full; what is finished is kept"):
            made(sources, root, mapping=Stopping(5))
    assert clearing.unfinished(root)
    rest = Stopping(10_000)
    made(sources, root, mapping=rest)
    assert len(rest.asked) == rest_of_them + 1
    assert tree(root) == tree(undisturbed)


def test_chunks_of_an_older_version_are_kept(sources, undisturbed, tmp_path):
    root = tmp_path / "archive"
    with pytest.raises(ArchiveError):
        made(sources, root, mapping=Stopping(5))
    held = [path for path in root.rglob("*.arrow") if path.name in (tasks.LEGS, tasks.JUMPS)]
    assert len(held) == 10
    for path in held:
        layout.write(layout.read_between(path), path.with_suffix(".parquet"))
        path.unlink()
    made(sources, root)
    assert tree(root) == tree(undisturbed)


@pytest.mark.parametrize("together", [1, 3, 1_000])
def test_the_identity_of_a_day_is_the_hash_of_its_files(sources, tmp_path, monkeypatch, together):
    monkeypatch.setattr(planning, "_TOGETHER", together)
    (tmp_path / "2024-12-25.tar").write_bytes(tarred({"trace_full_4006c1.json": b"{}", "trace_full_4006c2.json": b""}))
    days = find([sources, tmp_path / "2024-12-25.tar"]).days
    changed = planning.changes(days)
    for offer in planning.offers(days, {"b": [DAY], "a": [DAY, NEXT + timedelta(days=9)]}, changed):
        said = [(one.path, one.offset, one.size, Path(one.path).stat().st_mtime_ns) for one in offer.traces]
        hashed = hashlib.sha256(orjson.dumps([said, sorted(offer.mixed)])).hexdigest()
        assert offer.identity == hashed[:16]


def test_the_processes_are_at_rest_when_a_day_is_put_together(sources, undisturbed, tmp_path, monkeypatch):
    counts = []
    finish = laying.finish

    def counted(root, merged):
        counts.append(len(multiprocessing.active_children()))
        return finish(root, merged)

    monkeypatch.setattr(laying, "finish", counted)
    monkeypatch.setattr(building, "_AT_ONCE", 1)
    building.build([sources], tmp_path / "archive", chunk_rows=ROWS, workers=2)
    assert counts == [2, 0]  # the first day had those for the second begun meanwhile
    assert tree(tmp_path / "archive") == tree(undisturbed)


def test_processes_are_begun_ahead_where_there_is_enough_for_all_of_them():
    with running.processes(2) as mapped:
        mapped.begin(1, "json")
        assert multiprocessing.active_children() == []
        mapped.begin(2, "json")
        begun = {one.pid for one in multiprocessing.active_children()}
        assert set(mapped(_process, range(20))) <= begun
        mapped.rest()
        assert multiprocessing.active_children() == []
        assert begun.isdisjoint(mapped(_process, range(2)))
    assert multiprocessing.active_children() == []


def _process(_: int) -> int:
    return os.getpid()


def test_processes_do_without_pandas():
    with running.processes(2) as mapped:
        assert set(mapped(_converted, [[1.5], [2.5]])) == {(1.5, False), (2.5, False)}


def _converted(numbers: list[float]) -> tuple[float, bool]:
    return pa.array(np.array(numbers))[0].as_py(), "pandas" in sys.modules


def test_a_changed_source_begins_its_day_anew(tmp_path):
    sources, root = two_days(tmp_path / "sources", aircraft=12), tmp_path / "archive"
    with pytest.raises(ArchiveError):
        made(sources, root, mapping=Stopping(2))
    lay(sources, DAY, [trace(number(0), DAY, 0, 50)])
    made(sources, root)
    assert sum(row["icao24"] == number(0) for row in rows_of(root)) == 50


def test_a_second_build_is_refused(sources, tmp_path):
    root = tmp_path / "archive"
    root.mkdir()
    with running.alone(root), pytest.raises(ArchiveError, match="another build is writing there"):
        made(sources, root)
    assert made(sources, root).is_done


def test_a_process_that_is_ended_from_outside_is_told():
    with running.processes(2) as mapped, pytest.raises(ArchiveError, match="ended from outside"):
        list(mapped(os._exit, [1, 1]))


def test_an_error_of_a_task_comes_through():
    with running.processes(2) as mapped, pytest.raises(FileNotFoundError):
        list(mapped(os.listdir, ["/nowhere/at/all"] * 2))


def foreign(folder: Path) -> Path:
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    return folder


def file(path: Path) -> Path:
    path.write_text("mine")
    return path


@pytest.mark.parametrize(
    ("place", "message"),
    [
        pytest.param(lambda at: file(at / "file"), "it is a file", id="a file"),
        pytest.param(lambda at: file(at / "file") / "below", "no folder can be made there", id="below a file"),
        pytest.param(lambda at: foreign(at / "foreign"), "it holds other files and no archive", id="other files"),
        pytest.param(lambda at: at / "sources" / "archive", "in its own source", id="in a source"),
        pytest.param(lambda at: at / "sources" / "2024", "in the archive itself", id="around a source"),
    ],
)
def test_a_place_where_no_archive_can_be(tmp_path, place, message):
    two_days(tmp_path / "sources", aircraft=1)
    named = tmp_path / "sources" / "2024" / "12" if message == "in the archive itself" else tmp_path / "sources"
    root = place(tmp_path)
    before = stamps(tmp_path)
    with pytest.raises(ArchiveError, match=message):
        building.build([named], root, workers=1)
    assert stamps(tmp_path) == before


def test_no_worker_builds_nothing(sources, tmp_path):
    with pytest.raises(ArchiveError, match="one or more"):
        building.build([sources], tmp_path / "archive", workers=0)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_what_the_disk_says_is_explained(tmp_path, code):
    told = running.explained(tmp_path, OSError(code, os.strerror(code)))
    assert isinstance(told, ArchiveError)
    assert str(tmp_path) in str(told)


@pytest.mark.parametrize(
    "wrong",
    [OSError(errno.EIO, "Input/output error"), PermissionError(errno.EACCES, "Permission denied", "/a/source")],
    ids=["of the disk", "of a source"],
)
def test_other_errors_stay_what_they_are(tmp_path, wrong):
    assert running.explained(tmp_path, wrong) is None


def test_a_day_of_nothing_readable_is_not_there(tmp_path):
    folder = tmp_path / "sources" / "2024/12/25/traces/01"
    folder.mkdir(parents=True)
    (folder / "trace_full_abcd01.json").write_text("nothing")
    built = made(tmp_path / "sources", tmp_path / "archive")
    assert (built.empty, built.built, built.is_done) == ((DAY,), {}, False)
    assert len(built.broken) == 1
    assert Catalogue.read_if_there(tmp_path / "archive").days == {}
