from __future__ import annotations

import gzip
import json
import tarfile

import numpy as np
import pytest
from archive_plants import built, key

from benchmarks import archive, archive_plants, archive_tiles
from benchmarks.archive_key import Circle, Frame, Rows, between, of_tile
from benchmarks.archive_tiles import DAY, DAY_S, KEPT_CLEAR
from geo.archive import Archive

pytest.importorskip("duckdb")
pytest.importorskip("isal")

real_traces = pytest.mark.skipif(not archive_tiles.REAL.is_dir(), reason="the shared tracks are not here")
MIDNIGHT_S = 1_735_084_800


@pytest.fixture(scope="module")
def numbers():
    return archive_tiles.numbers(30_000)


def read(data):
    return json.loads(gzip.decompress(data))


@real_traces
def test_a_tile_is_written_as_it_is_reckoned(numbers):
    for number in numbers[:22]:
        tile = archive_tiles.tile(number)
        trace = json.loads(tile.text())
        rows = trace["trace"]
        lat, lon = tile.positions()
        assert trace["icao"] == tile.icao24
        assert [round(row[1] * 1e6) for row in rows] == lat.tolist()
        assert [round(row[2] * 1e6) for row in rows] == lon.tolist()
        assert [round((trace["timestamp"] + row[0]) * 1000) for row in rows] == tile.times_ms().tolist()
        sent = [row[3] if isinstance(row[3], int) and not row[6] & 8 else np.nan for row in rows]
        np.testing.assert_array_equal(sent, tile.altitudes_ft())


@real_traces
def test_a_tile_keeps_what_was_received_with_the_positions(numbers):
    for number in numbers[:11]:
        tile = archive_tiles.tile(number)
        path = sorted(archive_tiles.REAL.glob("*.json"))[tile.source]
        data = path.read_bytes()
        real = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)["trace"]
        made = json.loads(tile.text())["trace"]
        assert [row[4:8] for row in made] == [row[4:8] for row in real]
        assert [(row[8] or {}).get("nic") for row in made] == [(row[8] or {}).get("nic") for row in real]
        assert [(row[8] or {}).keys() for row in made] == [(row[8] or {}).keys() for row in real]
        again = (np.diff([row[1] for row in real]) == 0) & (np.diff([row[2] for row in real]) == 0)
        np.testing.assert_array_equal((np.diff(tile.positions()) == 0).all(axis=0), again)


@real_traces
def test_tiles_lie_within_the_day_and_on_the_earth(numbers):
    for number in numbers:
        tile = archive_tiles.tile(number)
        lat, lon = tile.positions()
        times = tile.times_ms()
        assert MIDNIGHT_S * 1000 <= times.min() <= times.max() < (MIDNIGHT_S + DAY_S) * 1000
        assert np.abs(lat).max() < 60_000_000
        assert -180_000_000 <= lon.min() <= lon.max() < 180_000_000


@real_traces
def test_no_address_is_there_twice_or_taken_by_a_plant():
    chosen = archive_tiles.numbers(400_000, taken=archive_plants.addresses())
    addresses = [archive_tiles.tile(number).icao24 for number in chosen]
    digits = {address.removeprefix("~") for address in addresses}
    assert len(digits) == len(addresses)
    assert not digits & {address.removeprefix("~") for address in archive_plants.addresses()}
    assert 0 < sum(address.startswith("~") for address in addresses) < len(addresses) / 20
    # Over the whole of the space: every sixteenth of it has its share.
    shares = np.bincount([int(address[-6], 16) for address in addresses], minlength=16)
    assert shares.min() > len(addresses) / 16 * 0.8


@real_traces
def test_no_tile_comes_low_near_an_aerodrome_of_the_questions(numbers):
    for number in numbers:
        rows = of_tile(archive_tiles.tile(number))
        low = rows.take(~(rows.altitude_ft >= 14_000))
        for lat, lon in KEPT_CLEAR / 1e6:
            near = (np.abs(low.lat - lat) < 0.8) & (np.abs((low.lon - lon + 180) % 360 - 180) < 1.8)
            assert not near.any()


@real_traces
def test_a_tar_holds_what_a_folder_does(tmp_path, numbers):
    more = archive_plants.traces(DAY)
    archive_tiles.write(tmp_path / "day.tar", numbers[:12], more, workers=1)
    archive_tiles.write(tmp_path / "day", numbers[:12], more, workers=1)
    folder = {path.relative_to(tmp_path / "day").as_posix(): path for path in (tmp_path / "day").rglob("*.*")}
    with tarfile.open(tmp_path / "day.tar") as tar:
        members = {member.name.removeprefix("./"): tar.extractfile(member).read() for member in tar}
    assert members == {name: path.read_bytes() for name, path in folder.items()}
    assert {read(data)["icao"] for name, data in members.items() if "trace_full" in name} == {
        *more,
        *(archive_tiles.tile(number).icao24 for number in numbers[:12]),
    }


def test_the_plants_pass_grozny_as_near_as_they_say():
    plants = archive_plants.plants()
    for name, km in (
        ("49.9 km", 49.9),
        ("50.1 km", 50.1),
        ("50 km less a metre", 49.999),
        ("50 km and a metre", 50.001),
    ):
        flight = plants[name]
        away = Circle(*archive_plants.GROZNY, 50).away_km(flight.lat / 1e6, flight.lon / 1e6)
        assert away.min() == pytest.approx(km, abs=1e-4)


def test_the_plants_fly_as_aircraft_do_but_for_false_positions():
    for flight in archive_plants.plants().values():
        held = flight.take(~flight.false)
        _, _, metres = archive_plants.EARTH.inv(
            held.lon[:-1] / 1e6, held.lat[:-1] / 1e6, held.lon[1:] / 1e6, held.lat[1:] / 1e6
        )
        assert (metres / np.diff(held.time_ms) * 1000 / archive_plants.KNOT).max() < 455
        assert (np.abs(np.diff(held.altitude_ft) / np.diff(held.time_ms)) * 60_000).max() < 4_000
        assert (np.diff(flight.time_ms) > 0).all()


def test_a_flight_over_midnight_is_in_both_days():
    flight = archive_plants.plants()["midnight"]
    parts = [len(flight.of(day).time_ms) for day in key().days]
    assert min(parts) > 100
    assert sum(parts) == len(flight.time_ms)


def test_the_key_counts_two_passes_where_an_aircraft_was_away_for_half_an_hour():
    known = key()
    times = np.array([0, 10, 20, 1_820, 1_830]) * 1000 + MIDNIGHT_S * 1000
    known.near = lambda *_: iter([Rows("abc123", times, np.full(5, 50.0), np.full(5, 179.999), np.full(5, np.nan))])
    found = known.passes(Frame(49, 51, 179, -179), between(25, 0, 24))
    assert [(one.first_ms, one.fixes) for one in found] == [(times[0], 3), (times[3], 2)]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return built(tmp_path_factory.mktemp("measured"), key(20_000))


@pytest.mark.parametrize("name", [question.name for question in archive.questions("60f001")])
def test_sql_by_hand_answers_as_the_archive_does(root, name):
    import duckdb

    (question,) = [one for one in archive.questions("60f001") if one.name == name]
    opened = Archive.open(root)
    asked = question.by_hand(opened.store.catalogue)
    by_hand = duckdb.sql(asked.sql).to_arrow_table()
    ours = question.ask(opened).table()
    assert archive.who(ours) == archive.who(by_hand)
    assert 0 < asked.allowed <= sum(path.stat().st_size for path in root.rglob("*.parquet"))
    assert len(ours) or name.startswith("inside")
