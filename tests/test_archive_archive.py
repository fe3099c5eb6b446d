"""The archive: how it is opened, what it holds, and where aircraft were."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import ibis
import pyarrow as pa
import pytest
from ibis.expr import operations
from made_archive import block, lay

from geo.archive import Archive, Tables
from geo.archive.positions import MOST
from geo.archive.tables import AIRCRAFT, AREA
from geo.errors import ArchiveError

START = datetime(2024, 12, 25, 5, tzinfo=UTC)
DAY = (datetime(2024, 12, 25, tzinfo=UTC), datetime(2024, 12, 26, tzinfo=UTC))
SQUARE = [(43.0, 45.0), (43.0, 46.0), (44.0, 46.0), (44.0, 45.0)]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    flights = [
        block("4006c1", START, [43.4, 43.5], [45.7, 45.8], callsign="AHY8243", altitude_ft=[900, 1_200]),
        block("4006c2", START + timedelta(days=2), [43.4], [45.7]),
        block("~4006c1", START, [43.4], [45.7]),
    ]
    return lay(tmp_path_factory.mktemp("archive"), flights)


def tables_of(archive, *names, zone=None, floats=False):
    """The rows of an archive as tables of another connection, where only that one sees them."""
    con = ibis.duckdb.connect()
    found = {}
    for name in names:
        file = "*/05.parquet" if name == "area" else "*/aircraft.parquet"
        files = sorted(map(str, (archive.store.catalogue.root / "days").glob(file)))
        kinds = ibis.Schema.from_pyarrow(AREA if name == "area" else AIRCRAFT)
        con.con.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet({files})")  # noqa: S608  names of our own
        table = operations.DatabaseTable(name, kinds, con).to_expr()
        if floats:
            table = table.mutate(lat=table.lat.cast("float64"), lon=table.lon.cast("float64"))
        found[name] = table.mutate(time=table.time.cast(f"timestamp('{zone}', 3)")) if zone else table
    return found


def test_it_knows_its_days(root):
    archive = Archive.open(root)
    assert archive.days == (date(2024, 12, 25), date(2024, 12, 27))
    assert archive.positions("4006c1", (DAY[0], DAY[0] + timedelta(days=3))).missing_days == (date(2024, 12, 26),)
    assert archive.positions("4006c1", DAY).missing_days == ()
    assert Archive.open(str(root)).days == archive.days


def test_positions_are_by_aircraft_and_time(root):
    archive = Archive.open(root)
    rows = archive.positions(["4006C2", "~4006c1", "4006c1", "4006c1"], (DAY[0], DAY[0] + timedelta(days=3))).rows()
    assert [(row["icao24"], row["time"]) for row in rows] == [
        ("4006c1", START),
        ("4006c1", START + timedelta(seconds=10)),
        ("4006c2", START + timedelta(days=2)),
        ("~4006c1", START),
    ]
    assert list(rows[0]) == AIRCRAFT.names
    assert len(archive.positions("4006c1", (START, START + timedelta(seconds=10))).rows()) == 1


def test_rows_of_one_time_are_in_order_of_their_values(tmp_path):
    lats = [43.3, 43.1, 43.2]
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, [lat], [45.0]) for lat in lats]))
    assert [row["lat"] for row in archive.positions("4006c1", DAY).rows()] == sorted(lats)


@pytest.mark.parametrize(
    ("icao24", "said"),
    [
        ("AHY8243", "'AHY8243' is no ICAO 24-bit address; write six hexadecimal digits"),
        (["4006c1", "x"], "'x' is no ICAO 24-bit address"),
        ([], "no aircraft is named"),
        ([f"{number:06x}" for number in range(MOST + 1)], "too many for one question; ask for up to 20,000"),
    ],
    ids=["callsign", "one of two", "none", "too many"],
)
def test_what_is_no_address_is_said(root, icao24, said):
    with pytest.raises(ArchiveError, match=said):
        Archive.open(root).positions(icao24, DAY)


def test_a_time_needs_a_zone(root):
    archive = Archive.open(root)
    with pytest.raises(ArchiveError, match="needs a zone"):
        archive.positions("4006c1", (datetime(2024, 12, 25), DAY[1]))  # noqa: DTZ001  that it is refused
    with pytest.raises(ArchiveError, match="before it begins"):
        archive.near((43.4, 45.7), 5, DAY[::-1])


def test_where_there_is_no_archive_it_says_how_to_make_one(tmp_path):
    with pytest.raises(ArchiveError, match=r"there is no archive; build one there: flightcase archive build"):
        Archive.open(tmp_path)


@pytest.mark.parametrize("floats", [False, True], ids=["decimals", "floats"])
@pytest.mark.parametrize("names", [("positions",), ("positions", "area")], ids="-".join)
def test_tables_of_a_connection_answer_alike(root, names, floats):
    archive = Archive.open(root)
    given = Archive.open(Tables.of(**tables_of(archive, *names, floats=floats)))
    assert given.days == ()
    assert given.positions("4006c1", DAY).missing_days == ()
    for ask in (
        lambda one: one.positions("4006c1", DAY),
        lambda one: one.near((43.4, 45.7), 50, DAY),
        lambda one: one.inside(SQUARE, DAY),
        lambda one: one.inside([*SQUARE, *((44 - step / 100, 45.0) for step in range(1, 100))], DAY),
    ):
        assert ask(given).rows() == ask(archive).rows() != []


def test_a_table_alone_is_one_of_positions(root):
    archive = Archive.open(root)
    given = Archive.open(tables_of(archive, "positions")["positions"])
    assert given.track("4006c1", DAY).callsign == "AHY8243"


def test_tables_that_miss_something_are_refused(root):
    archive = Archive.open(root)
    held = tables_of(archive, "positions", "area")
    given = Archive.open(Tables.of(area=held["area"]))
    assert len(given.near((43.4, 45.7), 50, DAY).rows()) == 2
    with pytest.raises(ArchiveError, match="have no positions, which positions and track"):
        given.positions("4006c1", DAY)
    with pytest.raises(ArchiveError, match="needs a table"):
        Tables.of()
    with pytest.raises(ArchiveError, match="the table of positions lacks callsign, begins"):
        Tables.of(held["positions"].drop("callsign", "begins"))
    with pytest.raises(ArchiveError, match="of one connection"):
        Tables.of(held["positions"], area=tables_of(archive, "area")["area"])
    with pytest.raises(ArchiveError, match="UTC and have no zone; time of the table of positions has one"):
        Tables.of(**tables_of(archive, "positions", zone="UTC"))


def test_another_connection_of_duckdb_reads_the_folder(root, tmp_path):
    con = ibis.duckdb.connect(tmp_path / "other.duckdb")
    assert (
        Archive.open(root, con).near((43.4, 45.7), 50, DAY).rows()
        == Archive.open(root).near((43.4, 45.7), 50, DAY).rows()
    )


def test_a_folder_of_an_odd_name_is_read(tmp_path):
    root = lay(tmp_path / "it's [an] archive*", [block("4006c1", START, [43.4], [45.7])])
    assert len(Archive.open(root).positions("4006c1", DAY).rows()) == 1


def test_the_schema_of_an_answer_says_what_tables_say(root):
    schema = Archive.open(root).positions("4006c1", DAY).schema
    assert schema.names == AIRCRAFT.names
    assert {schema.field(one.name).type for one in AIRCRAFT if pa.types.is_decimal(one.type)} == {pa.float64()}


def test_what_is_not_installed_is_said():
    code = (
        "import sys; sys.modules['ibis'] = None\n"
        "import geo.archive\n"
        "from geo.errors import ArchiveError\n"
        "try:\n    geo.archive.Archive\n"
        "except ArchiveError as wrong:\n    print(wrong)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ibis, which is not installed: pip install 'flightcase[archive]'" in done.stdout
